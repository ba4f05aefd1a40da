//! What looking around costs: the list of events and one event, beside a bare handler that answers with the same bytes.

use std::path::Path;
use std::time::Duration;

use reqwest::Method;
use tempfile::TempDir;

use super::client::{self, Connection, Round};
use super::noop::Noop;
use super::report::{Report, name};
use super::work::Get;
use super::{Options, REST};
use crate::api::Api;
use crate::process::Usage;
use crate::server::{self, Server};
use crate::stage::Stage;

/// Events on sale; the list shows a page of them.
const EVENTS: usize = 40;
/// Rows and columns of the one with seats.
const SEATS: (u32, u32) = (40, 50);

/// A shop to look around in, and the bare handler beside it.
struct Browsing {
    options: Options,
    server: Server,
    noop: Noop,
    authority: String,
    /// Asked of the shop, in the order of the bare handler's answers.
    paths: Vec<String>,
    _dir: TempDir,
}

/// Measures both in turns.
///
/// # Errors
/// When anything fails.
pub async fn run(options: &Options, report: &mut Report) -> anyhow::Result<()> {
    let browsing = Browsing::start(options).await?;
    tokio::time::sleep(REST).await;
    let names = [(name::EVENTS, name::EVENTS_BARE), (name::EVENT, name::EVENT_BARE)];
    for round in 1..=options.rounds {
        eprintln!("browsing, round {round} of {}", options.rounds);
        for (at, (ours, bare)) in names.into_iter().enumerate() {
            report.add(bare, "requests/s", browsing.bare(at).await?);
            report.add(ours, "requests/s", browsing.shop(at).await?);
        }
    }
    Ok(())
}

impl Browsing {
    async fn start(options: &Options) -> anyhow::Result<Self> {
        let binary = options.binary.clone().map_or_else(server::binary, Ok)?;
        let dir = tempfile::tempdir()?;
        let server = Server::start(&binary, &dir.path().join("data")).await?;
        let api = Api::new(&server.url)?;
        let stage = Stage::open(api.clone()).await?;
        for number in 1..EVENTS {
            stage.general_admission(&format!("Evening {number}"), 200, None).await?;
        }
        let seated = stage.seated("Opera", SEATS.0, SEATS.1, None).await?;
        let paths = vec!["/api/v1/events".to_owned(), format!("/api/v1/events/{}", seated.event)];
        let answers = answers(&api, &paths, dir.path()).await?;
        let noop = Noop::answering(&answers).await?;
        Ok(Self { options: options.clone(), server, noop, authority: api.authority(), paths, _dir: dir })
    }

    async fn bare(&self, at: usize) -> anyhow::Result<Round> {
        self.get(&self.noop.authority, &Noop::path(at), || self.noop.usage()).await
    }

    async fn shop(&self, at: usize) -> anyhow::Result<Round> {
        self.get(&self.authority, &self.paths[at], || self.server.usage()).await
    }

    async fn get(&self, authority: &str, path: &str, server: impl Fn() -> Usage) -> anyhow::Result<Round> {
        let mut clients = Vec::new();
        for _ in 0..self.options.clients {
            clients.push(Get { connection: Connection::open(authority, None).await?, path: path.to_owned() });
        }
        client::run(clients, Duration::from_secs_f64(self.options.seconds), server).await
    }
}

/// What the shop answers, as files for the bare handler.
async fn answers(api: &Api, paths: &[String], dir: &Path) -> anyhow::Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        let answer = api.send(api.request(Method::GET, path)).await?;
        anyhow::ensure!(answer.is_success(), "{path} was answered {}", answer.status);
        let file = dir.join(format!("answer-{at}.json"));
        std::fs::write(&file, &answer.bytes)?;
        files.push(file);
    }
    Ok(files)
}
