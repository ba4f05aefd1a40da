//! The faults: what is done to which part, and how it is mended.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use clap::ValueEnum;
use shared::entropy::Entropy;
use shared::testing::{Postgres, Redis};
use tokio::time::sleep;

use super::cluster::{Cluster, DATABASE, Node};
use super::disk::Disk;
use super::hog::Hog;
use super::proxy::{Proxy, Weather};
use crate::process;

/// Points between two steps of a payment at which a node dies; known to binaries built with `--features testing`.
const CRASH_POINTS: [&str; 3] = ["started", "authorised", "confirmed"];
/// Longest until a node has died at one of them: fans pay all the time.
const CRASH_MAX: Duration = Duration::from_secs(30);

/// How much longer than the others the long freeze is: with the length that is usual, thirty seconds.
const LONG_FREEZE: u32 = 20;
/// How far a node's clock is turned, either way, in milliseconds.
const SKEW_MS: i64 = 5000;
/// Where Redis keeps what it appends.
const APPENDED: &str = "appendonlydir";

/// One kind of fault. Each is mended in the same round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Fault {
    /// SIGKILL of a node, and its start.
    KillNode,
    /// SIGSTOP of a node, and SIGCONT.
    FreezeNode,
    /// The same for twenty times the length: it wakes up long after its deadlines.
    FreezeNodeLong,
    /// A node runs with a clock that is five seconds ahead or behind.
    SkewClock,
    /// SIGTERM of a node, its end, and its start: a deploy.
    RestartNode,
    /// A node dies between two steps of a payment: before or after the gateway said yes, or before its answer.
    CrashInPayment,
    /// Clients' connections are reset at once.
    CutClients,
    /// Clients vanish: their connections end at random bytes of requests and answers.
    VanishingClients,
    /// Clients' connections stay open and nothing passes.
    SilentClients,
    /// Clients' bytes come in small pieces, late or slowly.
    ThinClients,
    /// The disk of the data folder is full.
    FillDisk,
    /// SIGSTOP of PostgreSQL with all its sessions, and SIGCONT.
    FreezePostgres,
    /// All of PostgreSQL's connections are taken by others.
    HogConnections,
    /// SIGKILL of PostgreSQL, and its start.
    KillPostgres,
    /// Sessions of the database are ended (`pg_terminate_backend`).
    EndBackends,
    /// SIGSTOP of a session of the database in the middle of a transaction.
    FreezeBackend,
    /// Connections to the database end at random bytes.
    CutDatabase,
    /// Connections to the database stay open and nothing passes.
    SilentDatabase,
    /// SIGKILL of Redis, and the start of an empty one: its lines are lost.
    KillRedis,
    /// SIGKILL of Redis, and its start with what it had appended to its file.
    RestartRedis,
    /// SIGKILL of Redis, and its start with what its file was some time before.
    RewindRedis,
    /// FLUSHALL.
    WipeRedis,
    /// SIGSTOP of Redis, and SIGCONT.
    FreezeRedis,
    /// Writes to Redis wait (`CLIENT PAUSE … WRITE`).
    PauseRedis,
    /// Connections to Redis end at random bytes.
    CutRedis,
    /// Connections to Redis stay open and nothing passes.
    SilentRedis,
}

/// What a fault needs to be possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Nothing,
    Postgres,
    Redis,
    /// A disk that can be filled.
    Disk,
    /// A binary that was built with `--features testing`.
    TestingBuild,
}

impl Fault {
    /// Faults that can happen to `cluster`, `only` these if any are named.
    pub fn possible(cluster: &Cluster, testing_build: bool, only: &[Fault]) -> Vec<Fault> {
        let can = |fault: &Fault| match fault.need() {
            Need::Nothing => true,
            Need::Postgres => cluster.postgres.is_some(),
            Need::Redis => cluster.redis.is_some(),
            Need::Disk => cluster.disk.is_some(),
            Need::TestingBuild => testing_build,
        };
        let wanted = |fault: &Fault| only.is_empty() || only.contains(fault);
        Self::value_variants().iter().copied().filter(can).filter(wanted).collect()
    }

    /// Whether lines may be lost by it, and are made anew then.
    pub fn loses_lines(self) -> bool {
        matches!(self, Fault::KillRedis | Fault::RestartRedis | Fault::RewindRedis | Fault::WipeRedis)
    }

    fn need(self) -> Need {
        match self {
            Fault::CrashInPayment | Fault::SkewClock => Need::TestingBuild,
            Fault::FillDisk => Need::Disk,
            Fault::KillPostgres
            | Fault::FreezePostgres
            | Fault::HogConnections
            | Fault::EndBackends
            | Fault::FreezeBackend
            | Fault::CutDatabase
            | Fault::SilentDatabase => Need::Postgres,
            Fault::KillRedis
            | Fault::RestartRedis
            | Fault::RewindRedis
            | Fault::WipeRedis
            | Fault::FreezeRedis
            | Fault::PauseRedis
            | Fault::CutRedis
            | Fault::SilentRedis => Need::Redis,
            _ => Need::Nothing,
        }
    }

    /// Does it, keeps it up for at most `length` where it has a length, and mends it.
    ///
    /// # Errors
    /// When a part does not come back.
    pub async fn happen(self, cluster: &mut Cluster, dice: &Entropy, length: Duration) -> anyhow::Result<()> {
        let length = length.mul_f64(f64::from(dice.below(100) + 1) / 100.0);
        let Cluster { nodes, postgres, redis, disk, .. } = cluster;
        if let (Need::Disk, Some(disk)) = (self.need(), disk) {
            return fill(disk, length).await;
        }
        match (self.need(), postgres, redis) {
            (Need::Postgres, Some(postgres), _) => {
                let ways: Vec<&Proxy> = nodes.iter().filter_map(|node| node.database.as_ref()).collect();
                self.happen_to_postgres(postgres, &ways, dice, length).await
            }
            (Need::Redis, _, Some(redis)) => {
                let ways: Vec<&Proxy> = nodes.iter().filter_map(|node| node.redis.as_ref()).collect();
                self.happen_to_redis(redis, &ways, dice, length).await
            }
            _ if self == Fault::CrashInPayment => {
                let mut paying: Vec<&mut Node> = nodes.iter_mut().filter(|node| node.sells()).collect();
                let at = dice.below(paying.len() as u32) as usize;
                crash_in_payment(paying[at], dice).await
            }
            _ => {
                let at = dice.below(nodes.len() as u32) as usize;
                self.happen_to_node(&mut nodes[at], dice, length).await
            }
        }
    }

    async fn happen_to_node(self, node: &mut Node, dice: &Entropy, length: Duration) -> anyhow::Result<()> {
        let front = &node.front;
        match self {
            Fault::KillNode => node.server.kill_and_restart().await?,
            Fault::FreezeNode => freeze(node, length).await?,
            Fault::FreezeNodeLong => freeze(node, length * LONG_FREEZE).await?,
            Fault::SkewClock => skew_clock(node, dice, length).await?,
            Fault::RestartNode => restart(node, &[]).await?,
            Fault::CutClients => front.cut(),
            Fault::VanishingClients => during(front, cutting(dice), length).await,
            Fault::SilentClients => during(front, Weather::Silent, length).await,
            _ => during(front, thin(dice), length).await,
        }
        Ok(())
    }

    async fn happen_to_postgres(
        self,
        postgres: &mut Postgres,
        ways: &[&Proxy],
        dice: &Entropy,
        length: Duration,
    ) -> anyhow::Result<()> {
        let way = ways[dice.below(ways.len() as u32) as usize];
        match self {
            Fault::KillPostgres => kill_postgres(postgres, length).await?,
            Fault::FreezePostgres => {
                postgres.freeze();
                sleep(length).await;
                postgres.thaw();
            }
            Fault::HogConnections => {
                let hog = tokio::task::block_in_place(|| Hog::take_all(postgres, DATABASE));
                sleep(length).await;
                drop(hog);
            }
            Fault::EndBackends => end_backends(postgres, dice.below(100) + 1),
            Fault::FreezeBackend => freeze_backend(postgres, length).await?,
            Fault::CutDatabase => during(way, cutting(dice), length).await,
            _ => during(way, Weather::Silent, length).await,
        }
        Ok(())
    }

    async fn happen_to_redis(
        self,
        redis: &mut Redis,
        ways: &[&Proxy],
        dice: &Entropy,
        length: Duration,
    ) -> anyhow::Result<()> {
        let way = ways[dice.below(ways.len() as u32) as usize];
        match self {
            Fault::KillRedis => tokio::task::block_in_place(|| redis.restart(forget)),
            Fault::RestartRedis => tokio::task::block_in_place(|| redis.restart(|_| {})),
            Fault::RewindRedis => rewind_redis(redis, length).await?,
            Fault::WipeRedis => drop(redis.cli(&["FLUSHALL"])),
            Fault::FreezeRedis => {
                redis.freeze();
                sleep(length).await;
                redis.thaw();
            }
            Fault::PauseRedis => {
                drop(redis.cli(&["CLIENT", "PAUSE", &length.as_millis().to_string(), "WRITE"]));
                sleep(length).await;
            }
            Fault::CutRedis => during(way, cutting(dice), length).await,
            _ => during(way, Weather::Silent, length).await,
        }
        Ok(())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.pad(value.as_ref().map_or("", |value| value.get_name()))
    }
}

fn cutting(dice: &Entropy) -> Weather {
    Weather::Cutting(1 + dice.below(4000))
}

async fn during(proxy: &Proxy, weather: Weather, length: Duration) {
    proxy.set(weather);
    sleep(length).await;
    proxy.set(Weather::Fair);
}

fn thin(dice: &Entropy) -> Weather {
    match dice.below(3) {
        0 => Weather::Late(Duration::from_millis(u64::from(dice.below(300)) + 1)),
        1 => Weather::Sliced(dice.below(7) as usize + 1),
        _ => Weather::Thin(2000 + dice.below(20_000)),
    }
}

async fn restart(node: &mut Node, variables: &[(String, String)]) -> anyhow::Result<()> {
    node.server.signal("TERM")?;
    if !node.server.ended(Duration::from_secs(30)).await? {
        anyhow::bail!("{} did not end within 30 s of SIGTERM", node.name);
    }
    node.server.start_again(variables).await
}

async fn fill(disk: &Disk, length: Duration) -> anyhow::Result<()> {
    tokio::task::block_in_place(|| disk.fill())?;
    sleep(length).await;
    disk.free()
}

async fn freeze(node: &Node, length: Duration) -> anyhow::Result<()> {
    node.server.signal("STOP")?;
    sleep(length).await;
    node.server.signal("CONT")
}

/// Lets a node run for a while with a clock that is ahead or behind.
async fn skew_clock(node: &mut Node, dice: &Entropy, length: Duration) -> anyhow::Result<()> {
    let skew_ms = if dice.below(2) == 0 { SKEW_MS } else { -SKEW_MS };
    restart(node, &[("CLOCK_OFFSET_MS".to_owned(), skew_ms.to_string())]).await?;
    sleep(length).await;
    restart(node, &[]).await
}

/// Removes what Redis would read at its start.
fn forget(dir: &Path) {
    // Nothing was appended yet: then there is nothing to forget.
    let _ = std::fs::remove_dir_all(dir.join(APPENDED));
}

/// Puts Redis back to where it was `length` ago.
async fn rewind_redis(redis: &mut Redis, length: Duration) -> anyhow::Result<()> {
    let (now, before) = (redis.dir().join(APPENDED), redis.dir().join("before"));
    copy(&now, &before)?;
    sleep(length).await;
    let mut put_back = Ok(());
    tokio::task::block_in_place(|| {
        redis.restart(|dir| {
            forget(dir);
            put_back = std::fs::rename(&before, &now);
        });
    });
    Ok(put_back?)
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        std::fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Starts a node so that it dies at a crash point, waits until fans have driven it there, and starts it again.
async fn crash_in_payment(node: &mut Node, dice: &Entropy) -> anyhow::Result<()> {
    let point = CRASH_POINTS[dice.below(CRASH_POINTS.len() as u32) as usize];
    let nth = dice.below(5) + 1;
    let variable = ("BOOKING_CRASH_POINT".to_owned(), format!("{point}:{nth}"));
    restart(node, &[variable]).await?;
    let died = node.server.ended(CRASH_MAX).await?;
    anyhow::ensure!(died, "the node did not die at {point}: was it built with --features testing?");
    node.server.start_again(&[]).await
}

async fn kill_postgres(postgres: &mut Postgres, length: Duration) -> anyhow::Result<()> {
    postgres.kill()?;
    sleep(length / 4).await;
    tokio::task::block_in_place(|| postgres.start_again())
}

fn end_backends(postgres: &Postgres, percent: u32) {
    let sql = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = 'rushline' AND pid <> pg_backend_pid() AND random() * 100 < {percent}"
    );
    tokio::task::block_in_place(|| postgres.query(&sql));
}

/// Freezes the session whose transaction is the oldest, so that it likely holds rows.
async fn freeze_backend(postgres: &Postgres, length: Duration) -> anyhow::Result<()> {
    let sql = "SELECT pid FROM pg_stat_activity WHERE datname = 'rushline' AND pid <> pg_backend_pid()
               ORDER BY xact_start NULLS LAST LIMIT 1";
    let pid = tokio::task::block_in_place(|| postgres.query(sql)).and_then(|said| said.trim().parse().ok());
    let Some(pid) = pid else { return Ok(()) };
    process::signal(pid, "STOP")?;
    sleep(length).await;
    process::signal(pid, "CONT")
}
