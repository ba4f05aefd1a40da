//! A private installation: real nodes as processes, their stores, and a proxy on every way between them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use shared::entropy::Entropy;
use shared::testing::Postgres;
use tempfile::TempDir;

use super::proxy::{Proxy, Target};
use crate::api::Api;
use crate::server::{Launch, Server, free_address};

/// Longest a client waits for an answer before it calls the outcome unknown.
const PATIENCE: Duration = Duration::from_secs(4);

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Layout {
    /// One `rushline all` on its embedded default: SQLite and the queue's journal.
    Embedded,
    /// One `rushline all` on PostgreSQL.
    Postgres,
}

/// One process, and the proxies around it.
pub struct Node {
    /// Its name in reports.
    pub name: String,
    /// The process.
    pub server: Server,
    /// Between clients and it.
    pub front: Proxy,
    /// Between it and its database.
    pub database: Option<Proxy>,
    /// Speaks to it through the proxy, as clients do.
    pub api: Api,
}

/// Everything of one run; stopped and deleted when dropped.
pub struct Cluster {
    /// What runs.
    pub nodes: Vec<Node>,
    /// The database server, where there is one.
    pub postgres: Option<Postgres>,
    binary: PathBuf,
    dir: TempDir,
}

impl Cluster {
    /// Starts one. What it starts ends with the thread that calls this.
    ///
    /// # Errors
    /// When something is not installed or does not start.
    pub async fn start(binary: &Path, layout: Layout, dice: &Entropy) -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new().prefix("rushline-faults").tempdir()?;
        let mut cluster =
            Self { nodes: Vec::new(), postgres: None, binary: binary.to_owned(), dir };
        if layout == Layout::Postgres {
            cluster.postgres = Some(tokio::task::block_in_place(Postgres::start)?);
        }
        cluster.add("all", "all", dice).await?;
        Ok(cluster)
    }

    /// Where clients find the nodes of the waiting room, and those of booking.
    pub fn fronts(&self) -> (Vec<Api>, Vec<Api>) {
        let all: Vec<Api> = self.nodes.iter().map(|node| node.api.clone()).collect();
        (all.clone(), all)
    }

    /// The folder of a node's own data.
    pub fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Address of the database for those that go to it directly, `None` on SQLite.
    pub fn database_url(&self) -> Option<String> {
        let socket = self.postgres.as_ref()?.socket();
        Some(format!("postgres://postgres@localhost/rushline?host={}", socket.parent()?.display()))
    }

    async fn add(&mut self, name: &str, role: &'static str, dice: &Entropy) -> anyhow::Result<()> {
        let listen = free_address()?;
        let front = Proxy::start(Target::Tcp(listen.parse::<SocketAddr>()?), dice.clone()).await?;
        let public_url = format!("http://{}", front.address);
        // Fans are called within one such round; each look of a fan is a request less to cut otherwise.
        let mut variables = vec![("RUSHLINE_WAITING_ROOM_TICK_MS".to_owned(), "50".to_owned())];
        let mut database = None;
        if let Some(postgres) = &self.postgres {
            tokio::task::block_in_place(|| postgres.database("rushline"));
            let proxy = Proxy::start(Target::Unix(postgres.socket()), dice.clone()).await?;
            let url = format!("postgres://postgres@{}/rushline?sslmode=disable", proxy.address);
            variables.push(("RUSHLINE_DATABASE_URL".to_owned(), url));
            database = Some(proxy);
        }
        let launch = Launch { role, public_url: Some(public_url.clone()), variables };
        let server = Server::launch(&self.binary, &self.data_dir(), &listen, launch).await?;
        let api = Api::with_timeout(&public_url, PATIENCE)?;
        self.nodes.push(Node { name: name.to_owned(), server, front, database, api });
        Ok(())
    }
}
