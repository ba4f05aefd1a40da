//! A private installation: real nodes as processes, their stores, and a proxy on every way between them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::ValueEnum;
use shared::entropy::Entropy;
use shared::testing::{Postgres, Redis};
use tempfile::TempDir;

use super::disk::Disk;
use super::proxy::{Proxy, Target};
use crate::api::Api;
use crate::server::{Launch, Server, free_address};

/// Longest a client waits for an answer before it calls the outcome unknown.
const PATIENCE: Duration = Duration::from_secs(4);
/// Name of a node that is both services.
const LONE: &str = "all";
/// The database of the nodes.
pub const DATABASE: &str = "rushline";

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Layout {
    /// One `rushline all` on its embedded default: SQLite and the queue's journal.
    Embedded,
    /// One `rushline all` on PostgreSQL.
    Postgres,
    /// Two nodes of the waiting room on Redis, two of booking on PostgreSQL.
    Cluster,
}

/// One process, and the proxies around it.
pub struct Node {
    /// Its name in reports.
    pub name: &'static str,
    /// The verb it runs.
    role: &'static str,
    /// The process.
    pub server: Server,
    /// Between clients and it.
    pub front: Proxy,
    /// Between it and PostgreSQL.
    pub database: Option<Proxy>,
    /// Between it and Redis.
    pub redis: Option<Proxy>,
    /// Speaks to it through the proxy, as clients do.
    api: Api,
}

impl Node {
    /// Whether it plays the role of booking.
    pub fn sells(&self) -> bool {
        self.role != "waiting-room"
    }
}

/// Where clients find the nodes.
#[derive(Default)]
pub struct Fronts {
    /// Those of the waiting room.
    pub rooms: Vec<Api>,
    /// Those of booking.
    pub shop: Vec<Api>,
}

/// Everything of one run; stopped and deleted when dropped.
pub struct Cluster {
    /// What runs.
    pub nodes: Vec<Node>,
    /// The database server, where there is one.
    pub postgres: Option<Postgres>,
    /// The lines' server, where there is one.
    pub redis: Option<Redis>,
    /// The disk of the embedded default's data folder, where the machine lets us have one.
    pub disk: Option<Disk>,
    /// Where the stores are, as variables of the binary.
    stores: Vec<(String, String)>,
    binary: PathBuf,
    dir: TempDir,
}

/// A node before it runs.
struct Plan {
    name: &'static str,
    role: &'static str,
    listen: String,
    front: Proxy,
}

impl Cluster {
    /// Starts one. What it starts ends with the thread that calls this.
    ///
    /// # Errors
    /// When something is not installed or does not start.
    pub async fn start(binary: &Path, layout: Layout, dice: &Entropy) -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new().prefix("rushline-faults").tempdir()?;
        let (postgres, redis) = tokio::task::block_in_place(|| stores(layout))?;
        let stores = addresses(postgres.as_ref(), redis.as_ref());
        let binary = binary.to_owned();
        let disk = (layout == Layout::Embedded).then(|| Disk::at(&dir.path().join("data"))).flatten();
        let mut cluster = Self { nodes: Vec::new(), postgres, redis, disk, stores, binary, dir };
        let roles: &[(&'static str, &'static str)] = match layout {
            Layout::Embedded | Layout::Postgres => &[(LONE, "all")],
            Layout::Cluster => &[
                ("booking-1", "booking"),
                ("booking-2", "booking"),
                ("waiting-room-1", "waiting-room"),
                ("waiting-room-2", "waiting-room"),
            ],
        };
        let mut plans = Vec::new();
        for (name, role) in roles {
            let listen = free_address()?;
            let front = Proxy::start(Target::Tcp(listen.parse::<SocketAddr>()?), dice.clone()).await?;
            plans.push(Plan { name, role, listen, front });
        }
        let peers = Peers::of(&plans);
        for plan in plans {
            cluster.add(plan, &peers, dice).await?;
        }
        Ok(cluster)
    }

    /// Where clients find the nodes.
    pub fn fronts(&self) -> Fronts {
        let with = |other: &str| {
            let nodes = self.nodes.iter().filter(|node| node.role != other);
            nodes.map(|node| node.api.clone()).collect()
        };
        Fronts { rooms: with("booking"), shop: with("waiting-room") }
    }

    /// The folder of a lone node, and of the keys that all share.
    pub fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// The folder of a node: two waiting rooms would write one journal.
    fn folder(&self, name: &str) -> PathBuf {
        if name == LONE { self.data_dir() } else { self.dir.path().join(name) }
    }

    /// Runs `rushline verify` over database, lines and log; what it says when a promise is broken.
    ///
    /// # Errors
    /// When it cannot be run.
    pub fn verify(&self) -> anyhow::Result<Option<String>> {
        let mut command = Command::new(&self.binary);
        command.arg("verify").arg("--data-dir").arg(self.data_dir()).envs(self.stores.iter().cloned());
        let said = tokio::task::block_in_place(|| command.stdin(Stdio::null()).output())?;
        if said.status.success() {
            return Ok(None);
        }
        // What holds is not told again after every fault.
        let text = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
        let wrong: Vec<&str> = text.lines().filter(|line| !line.contains(" holds ")).collect();
        Ok(Some(wrong.join(" | ")))
    }

    async fn add(&mut self, plan: Plan, peers: &Peers, dice: &Entropy) -> anyhow::Result<()> {
        let Plan { name, role, listen, front } = plan;
        let mut variables = peers.variables();
        variables.push(("RUSHLINE_KEYS_DIR".to_owned(), self.data_dir().join("keys").display().to_string()));
        let (mut database, mut redis) = (None, None);
        if let Some(server) = self.postgres.as_ref().filter(|_| role != "waiting-room") {
            let proxy = Proxy::start(Target::Unix(server.socket()), dice.clone()).await?;
            let url = format!("postgres://postgres@{}/{DATABASE}?sslmode=disable", proxy.address);
            variables.push(("RUSHLINE_DATABASE_URL".to_owned(), url));
            database = Some(proxy);
        }
        if let Some(server) = self.redis.as_ref().filter(|_| role != "booking") {
            let proxy = Proxy::start(Target::Unix(server.socket()), dice.clone()).await?;
            variables.push(("RUSHLINE_REDIS_URL".to_owned(), format!("redis://{}", proxy.address)));
            redis = Some(proxy);
        }
        let api = Api::with_timeout(&format!("http://{}", front.address), PATIENCE)?;
        let launch = Launch { role, public_url: Some(peers.public_url.clone()), variables, niceness: 0 };
        let server = Server::launch(&self.binary, &self.folder(name), &listen, launch).await?;
        self.nodes.push(Node { name, role, server, front, database, redis, api });
        Ok(())
    }
}

/// What nodes are told of each other. They meet through the proxies too.
struct Peers {
    public_url: String,
    waiting_room_url: String,
    booking_url: String,
}

impl Peers {
    fn of(plans: &[Plan]) -> Self {
        let first = |other: &str| {
            let plan = plans.iter().find(|plan| plan.role != other);
            plan.map(|plan| format!("http://{}", plan.front.address)).unwrap_or_default()
        };
        let booking_url = first("waiting-room");
        Self { public_url: booking_url.clone(), waiting_room_url: first("booking"), booking_url }
    }

    fn variables(&self) -> Vec<(String, String)> {
        let pairs = [
            // People are called soon after there is room: a round is short.
            ("RUSHLINE_WAITING_ROOM_TICK_MS", "50"),
            ("RUSHLINE_WAITING_ROOM_BOOKING_URL", &self.booking_url),
            ("RUSHLINE_BOOKING_WAITING_ROOM_URL", &self.waiting_room_url),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }
}

/// The stores themselves, without a proxy.
fn addresses(postgres: Option<&Postgres>, redis: Option<&Redis>) -> Vec<(String, String)> {
    let mut addresses = Vec::new();
    if let Some(folder) = postgres.and_then(|server| Some(server.socket().parent()?.display().to_string())) {
        let url = format!("postgres://postgres@localhost/{DATABASE}?host={folder}");
        addresses.push(("RUSHLINE_DATABASE_URL".to_owned(), url));
    }
    if let Some(server) = redis {
        let url = format!("redis+unix://{}", server.socket().display());
        addresses.push(("RUSHLINE_REDIS_URL".to_owned(), url));
    }
    addresses
}

fn stores(layout: Layout) -> anyhow::Result<(Option<Postgres>, Option<Redis>)> {
    if layout == Layout::Embedded {
        return Ok((None, None));
    }
    let postgres = Postgres::start()?;
    postgres.database(DATABASE);
    if layout == Layout::Postgres {
        return Ok((Some(postgres), None));
    }
    let redis = Redis::start_durable().ok_or_else(|| anyhow::anyhow!("Redis is not installed"))?;
    Ok((Some(postgres), Some(redis)))
}
