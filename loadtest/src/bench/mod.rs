//! The benchmark of the embedded default: each figure beside its ceiling, measured in the same run.
//!
//! The server is the real binary in a process of its own; clients, on the same machine, keep one connection each and
//! never pause. Rounds are interleaved, so that a disturbance hits figure and ceiling alike.

mod bare;
mod browsing;
mod ceiling;
mod client;
pub mod cut;
mod footprint;
pub mod noop;
mod postgres;
mod report;
mod work;

use std::path::PathBuf;
use std::time::Duration;

use shared::testing::Redis;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::api::Api;
use crate::server::{self, Server};
use crate::stage::{Pace, Show, Stage};
use ceiling::Bare;
use client::{Connection, Round};
use noop::Noop;
use report::{Report, name};
use work::{Depth, Post, Shopper};

/// Longest wait for mails and tickets between two measurements; what is left then goes on beside the next one.
const SETTLE_MAX: Duration = Duration::from_secs(10);
/// How long new shows rest before they are sold: for the first seconds all their seats are news to every node, and are read
/// as such again and again. No sale opens the moment its seats are made.
const REST: Duration = Duration::from_secs(10);
/// A server that takes less than this share of a core is idle.
const IDLE_CORES: f64 = 0.05;
/// Tickets of the event that one round sells from: more than any round can sell, within the limit per person.
const STOCK: u32 = 60_000;

/// How the benchmark is run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Rounds of each measurement.
    #[arg(long, default_value_t = 5)]
    pub rounds: u32,
    /// Seconds of each.
    #[arg(long, default_value_t = 2.0)]
    pub seconds: f64,
    /// Clients, each with one kept-alive connection.
    #[arg(long, default_value_t = 64)]
    pub clients: usize,
    /// Only these parts; all when none is named.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<Part>,
    /// The binary; default: `RUSHLINE_BIN`, or `rushline` beside this program.
    #[arg(long)]
    pub binary: Option<PathBuf>,
}

/// A private Redis, if so many servers need one.
///
/// # Errors
/// When it is not installed.
pub fn a_redis(servers: usize) -> anyhow::Result<Option<Redis>> {
    if servers < 2 {
        return Ok(None);
    }
    Redis::start().map(Some).ok_or_else(|| anyhow::anyhow!("Redis is not installed"))
}

/// A part of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// The list of events and one event.
    Browsing,
    /// The waiting room of the embedded default.
    Joins,
    /// Holds and bookings on SQLite.
    Sqlite,
    /// Holds and bookings on PostgreSQL.
    Postgres,
    /// Of those, only the bookings.
    Bookings,
    /// Start, memory, PDFs.
    Footprint,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}

/// Everything a run on the embedded default needs.
struct Bench {
    options: Options,
    server: Server,
    noop: Noop,
    stage: Stage,
    tokens: Vec<String>,
    dir: TempDir,
    authority: String,
}

/// Runs the benchmark and prints its report: a table, and one line for machines.
///
/// # Errors
/// When anything fails: a figure with failures in it says nothing.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let mut report = Report::begin(&options);
    if options.wants(Part::Footprint) {
        let binary = options.binary.clone().map_or_else(server::binary, Ok)?;
        for _ in 0..options.rounds {
            footprint::run(&binary, &mut report).await?;
        }
    }
    if options.wants(Part::Browsing) {
        browsing::run(&options, &mut report).await?;
    }
    if options.wants(Part::Joins) || options.wants(Part::Sqlite) {
        embedded(&options, &mut report).await?;
    }
    if options.wants(Part::Postgres) || options.wants(Part::Bookings) {
        postgres::run(&options, &mut report).await?;
    }
    report.print(&mut std::io::stdout())
}

/// The rounds on the embedded default.
async fn embedded(options: &Options, report: &mut Report) -> anyhow::Result<()> {
    let bench = Bench::start(options.clone()).await?;
    for round in 1..=options.rounds {
        eprintln!("embedded default, round {round} of {}", options.rounds);
        if options.wants(Part::Joins) {
            bench.joins(round, report).await?;
        }
        if options.wants(Part::Sqlite) {
            bench.purchases(round, report).await?;
        }
    }
    Ok(())
}

impl Bench {
    async fn start(options: Options) -> anyhow::Result<Self> {
        let binary = options.binary.clone().map_or_else(server::binary, Ok)?;
        let dir = tempfile::tempdir()?;
        let server = Server::start(&binary, &dir.path().join("data")).await?;
        let api = Api::new(&server.url)?;
        let stage = Stage::open(api.clone()).await?;
        let mut tokens = Vec::new();
        for shopper in 0..options.clients {
            tokens.push(stage.shopper(&format!("bench-{shopper}")).await?);
        }
        let noop = Noop::start().await?;
        Ok(Self { options, server, noop, stage, tokens, dir, authority: api.authority() })
    }

    fn length(&self) -> Duration {
        Duration::from_secs_f64(self.options.seconds)
    }

    async fn joins(&self, round: u32, report: &mut Report) -> anyhow::Result<()> {
        let show = self.stage.general_admission(&format!("Line {round}"), 10, None).await?;
        let room = format!("bench-{round}");
        // A full shop: the line only grows, and calling people in disturbs nobody.
        self.stage.room(&room, show, Pace { cap: 1, rate_per_minute: 1 }).await?;
        self.settle().await?;
        let ceiling = self.post(&self.noop.authority, noop::PATH, || self.noop.usage()).await?;
        report.add(name::NOOP, "requests/s", ceiling);
        let before = self.journal_len()?;
        let path = format!("/api/v1/rooms/{room}/places");
        let joins = self.post(&self.authority, &path, || self.server.usage()).await?;
        report.add(name::JOINS, "joins/s", joins);
        let entry_len = (self.journal_len()? - before) as f64 / (joins.per_s * self.options.seconds);
        let entry_len = (entry_len as usize).clamp(32, 4096);
        self.settle().await?;
        for (name, batch) in [(name::JOURNAL_ONE, 1), (name::JOURNAL_BATCH, self.options.clients)] {
            let per_s = ceiling::journal(self.dir.path(), entry_len, batch, self.length() / 2)?;
            report.add_bare(name, "joins/s", per_s);
        }
        Ok(())
    }

    async fn post(
        &self,
        authority: &str,
        path: &str,
        server: impl Fn() -> crate::process::Usage,
    ) -> anyhow::Result<Round> {
        let mut clients = Vec::new();
        for _ in 0..self.options.clients {
            clients
                .push(Post { connection: Connection::open(authority, None).await?, path: path.to_owned() });
        }
        client::run(clients, self.length(), server).await
    }

    async fn purchases(&self, round: u32, report: &mut Report) -> anyhow::Result<()> {
        let depths = [
            (name::HOLDS, "holds/s", Depth::Hold),
            (name::BOOKINGS, "bookings/s", Depth::Booking),
            (name::KEYED, "bookings/s", Depth::KeyedBooking),
        ];
        let mut shows = Vec::new();
        for (name, ..) in depths {
            shows.push(self.stage.general_admission(&format!("{name} {round}"), STOCK, None).await?);
        }
        sleep(REST).await;
        for ((name, unit, depth), show) in depths.into_iter().zip(shows) {
            self.settle().await?;
            report.add(name, unit, self.shop(show, depth, round).await?);
            let caught_up = self.settle().await?;
            if depth == Depth::Booking {
                report.add_bare(name::CATCH_UP, "s", caught_up.as_secs_f64());
            }
        }
        let show = self.stage.general_admission(&format!("Ceiling {round}"), STOCK, None).await?;
        let ceilings = [
            (name::LITE_HOLDS, name::LITE_BOOKINGS, 1),
            (name::LITE_HOLDS_BATCH, name::LITE_BOOKINGS_BATCH, self.options.clients),
        ];
        let database = self.dir.path().join("data/booking.db");
        for (holds, bookings, batch) in ceilings {
            let mut bare = Bare::copy(&database, self.dir.path(), show).await?;
            report.add_bare(holds, "holds/s", bare.holds(batch, self.length()).await?);
            report.add_bare(bookings, "bookings/s", bare.bookings(batch, self.length()).await?);
            bare.remove().await?;
        }
        Ok(())
    }

    async fn shop(&self, show: Show, depth: Depth, round: u32) -> anyhow::Result<Round> {
        let mut clients = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let connection = Connection::open(&self.authority, Some(token)).await?;
            let name = format!("{depth:?}-{round}-{at}");
            clients.push(Shopper { connection, show, depth, name, count: 0 });
        }
        client::run(clients, self.length(), || self.server.usage()).await
    }

    /// Waits until the server has nothing left to do, or [`SETTLE_MAX`]; how long that took.
    async fn settle(&self) -> anyhow::Result<Duration> {
        let began = Instant::now();
        let look = Duration::from_millis(500);
        loop {
            let before = self.server.usage().cpu_s;
            sleep(look).await;
            let is_idle = self.server.usage().cpu_s - before < IDLE_CORES * look.as_secs_f64();
            if is_idle || began.elapsed() >= SETTLE_MAX {
                return Ok(began.elapsed() - look);
            }
        }
    }

    fn journal_len(&self) -> anyhow::Result<u64> {
        Ok(std::fs::metadata(self.dir.path().join("data/queue.journal"))?.len())
    }
}
