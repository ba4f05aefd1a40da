//! Everybody's connection is cut at once, and nobody loses the place: tens of thousands of sockets, reset, and then again with all
//! servers killed and started anew, with the Redis wiped that several servers share, and with both.
//!
//! The line stands still meanwhile (the room is paused), so number, order and position of every place must be exactly what they were.

pub mod crowd;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use shared::testing::Redis;
use tokio::time::Instant;

use super::a_redis;
use crate::api::Api;
use crate::farm::{self, Client};
use crate::process::load_average;
use crate::server::{self, Server};
use crate::stage::{Pace, Stage};
use crowd::{Return, Stand};

/// The room whose line is cut.
pub const ROOM: &str = "cut";

/// From the last return until a lost line is restored for sure: the rebuild window of the default settings, and a little.
const RESTORED: Duration = Duration::from_secs(25);

/// How it is run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Sockets in all.
    #[arg(long, default_value_t = 10_000)]
    pub sockets: usize,
    /// Sockets that one client process opens; with the server's own limit of open files in mind.
    #[arg(long, default_value_t = 17_000)]
    pub sockets_per_client: usize,
    /// Server processes; more than one share a private Redis.
    #[arg(long, default_value_t = 1)]
    pub servers: usize,
    /// Seconds within which everybody comes back.
    #[arg(long, default_value_t = 15)]
    pub jitter_s: u64,
    /// The binary; default: `RUSHLINE_BIN`, or `rushline` beside this program.
    #[arg(long)]
    pub binary: Option<PathBuf>,
}

/// What came of one cut.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Came back.
    pub back: usize,
    /// Did not.
    pub lost: usize,
    /// Came back to another number, position or state.
    pub changed: usize,
    /// Pairs of neighbours whose order is another one, or who share a number.
    pub disordered: usize,
    /// Attempts beyond the first.
    pub retries: u32,
    /// Of the slowest, from her first attempt to her first frame, milliseconds.
    pub slowest_ms: u64,
}

impl Outcome {
    /// What became of everybody, all processes together.
    pub fn of(returns: &[Return]) -> Self {
        let mut order: Vec<(&Stand, &Stand)> =
            returns.iter().filter_map(|one| Some((&one.before, one.after.as_ref()?))).collect();
        order.sort_by_key(|(before, _)| before.number);
        let is_behind = |pair: &&[(&Stand, &Stand)]| {
            pair[1].1.number <= pair[0].1.number || pair[1].1.position <= pair[0].1.position
        };
        Self {
            back: order.len(),
            lost: returns.len() - order.len(),
            changed: order.iter().filter(|(before, after)| before != after).count(),
            disordered: order.windows(2).filter(is_behind).count(),
            retries: returns.iter().map(|one| one.tries - 1).sum(),
            slowest_ms: returns.iter().map(|one| one.took_ms).max().unwrap_or(0),
        }
    }

    /// Whether all of so many have their places.
    pub fn is_whole(&self, sockets: usize) -> bool {
        (self.back, self.lost, self.changed, self.disordered) == (sockets, 0, 0, 0)
    }
}

/// A server with a line that stands still, and the operator's hand on it.
///
/// # Errors
/// When the server refuses.
pub async fn still_line(server: &Server) -> anyhow::Result<Stage> {
    let stage = Stage::open(Api::new(&server.url)?).await?;
    let show = stage.general_admission("Everybody", 10, None).await?;
    stage.room(ROOM, show, Pace { cap: 1, rate_per_minute: 1 }).await?;
    stage.post::<Value>(&format!("/api/v1/admin/rooms/{ROOM}/pause"), &json!({})).await?;
    Ok(stage)
}

/// Opens, cuts, kills, compares and prints.
///
/// # Errors
/// When something cannot be started, and when anybody has lost anything.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let binary = options.binary.clone().map_or_else(server::binary, Ok)?;
    let (dir, load, began) = (tempfile::tempdir()?, load_average(), Instant::now());
    let redis = a_redis(options.servers)?;
    let lines = redis.as_ref().map(Redis::database);
    let mut servers = farm::servers(options.servers, &binary, &dir, lines.as_deref()).await?;
    still_line(&servers[0]).await?;
    let urls: Vec<String> = servers.iter().map(|server| server.url.clone()).collect();
    let mut clients = Vec::new();
    let mut left = options.sockets;
    while left > 0 {
        let count = left.min(options.sockets_per_client.max(1));
        clients.push(Client::start(&["cut-crowd"], clients.len(), &urls, ROOM, count)?);
        left -= count;
    }
    hear_all(&mut clients, "open")?;
    let rss_mb: f64 = servers.iter().map(|server| server.usage().rss_mb).sum();
    let out = &mut std::io::stdout();
    writeln!(
        out,
        "{} sockets on {} server processes, opened in {:.0} s, load average {load:.1} at the start, {rss_mb:.0} MB of server memory\n",
        options.sockets,
        servers.len(),
        began.elapsed().as_secs_f64()
    )?;
    writeln!(
        out,
        "| what | back | lost | changed | out of order | retries | slowest ms | all back after s |\n|---|---|---|---|---|---|---|---|"
    )?;
    let mut is_whole = cut(&options, &mut clients, "every connection reset", async || Ok(())).await?;
    is_whole &= cut(&options, &mut clients, "all servers killed (SIGKILL) and started again", async || {
        kill_all(&mut servers).await
    })
    .await?;
    if let Some(redis) = &redis {
        is_whole &= lose(&options, &mut clients, "Redis wiped (FLUSHALL)", async || {
            redis.cli(&["FLUSHALL"]);
            Ok(())
        })
        .await?;
        is_whole &=
            lose(&options, &mut clients, "Redis wiped, all servers killed and started again", async || {
                redis.cli(&["FLUSHALL"]);
                kill_all(&mut servers).await
            })
            .await?;
    }
    let stage = Stage::open(Api::new(&servers[0].url)?).await?;
    let report: Value = stage.get(&format!("/api/v1/admin/rooms/{ROOM}")).await?;
    writeln!(out, "\nthe room says: {} waiting, {} joined", report["waiting"], report["totals"]["joined"])?;
    anyhow::ensure!(is_whole && report["waiting"] == options.sockets, "places were lost, see above");
    Ok(())
}

async fn kill_all(servers: &mut [Server]) -> anyhow::Result<()> {
    for server in &mut *servers {
        server.kill()?;
    }
    for server in servers {
        server.start_again(&[]).await?;
    }
    Ok(())
}

/// One cut in which the store loses everything. While the line is being restored, what is shown of it may miss those who are not back
/// yet; so everybody is cut once more afterwards, and it is the second return that is judged.
async fn lose(
    options: &Options,
    clients: &mut [Client],
    name: &str,
    meanwhile: impl AsyncFnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<bool> {
    cut(options, clients, &format!("{name}: on the way back"), meanwhile).await?;
    tokio::time::sleep(RESTORED).await;
    cut(options, clients, &format!("{name}: restored"), async || Ok(())).await
}

/// One cut, what happens while nobody is connected, and the return: whether it was whole.
async fn cut(
    options: &Options,
    clients: &mut [Client],
    name: &str,
    meanwhile: impl AsyncFnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<bool> {
    for client in &mut *clients {
        client.tell("cut")?;
    }
    hear_all(clients, "cut")?;
    meanwhile().await?;
    let began = Instant::now();
    for client in &mut *clients {
        client.tell(&Duration::from_secs(options.jitter_s).as_millis().to_string())?;
    }
    let mut returns: Vec<Return> = Vec::new();
    for client in &mut *clients {
        returns.extend(serde_json::from_str::<Vec<Return>>(&client.hears()?)?);
    }
    let (outcome, took_s) = (Outcome::of(&returns), began.elapsed().as_secs_f64());
    let Outcome { back, lost, changed, disordered, retries, slowest_ms } = outcome;
    writeln!(
        std::io::stdout(),
        "| {name} | {back} | {lost} | {changed} | {disordered} | {retries} | {slowest_ms} | {took_s:.1} |"
    )?;
    Ok(outcome.is_whole(options.sockets))
}

fn hear_all(clients: &mut [Client], word: &str) -> anyhow::Result<()> {
    for client in clients {
        let heard = client.hears()?;
        anyhow::ensure!(heard == word, "a client said {heard:.200}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(before: u64, after: Option<(u64, u64)>) -> Return {
        let stand = |(number, position)| Stand { number, position, state: "waiting".into() };
        Return { before: stand((before, before)), after: after.map(stand), tries: 2, took_ms: before }
    }

    #[test]
    fn whatever_is_not_as_it_was_is_counted() {
        let whole: Vec<Return> = (1..5).map(|n| one(n, Some((n, n)))).collect();
        let outcome = Outcome::of(&whole);
        assert_eq!((outcome.back, outcome.retries, outcome.slowest_ms), (4, 4, 4));
        assert!(outcome.is_whole(4) && !outcome.is_whole(5));
        let gone = Outcome::of(&[one(1, Some((1, 1))), one(2, None)]);
        assert_eq!((gone.back, gone.lost, gone.is_whole(2)), (1, 1, false));
        let swapped = Outcome::of(&[one(1, Some((2, 2))), one(2, Some((1, 1))), one(3, Some((3, 3)))]);
        assert_eq!((swapped.changed, swapped.disordered, swapped.is_whole(3)), (2, 1, false));
    }
}
