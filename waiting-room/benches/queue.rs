//! The queue's stores beside their ceilings, and their cost as the line grows: `scripts/bench queue`.
//!
//! Joins: 64 clients through [`RedisStore`], beside `redis-benchmark` with 64 unpipelined clients running the same
//! script on the same private Redis (no persistence on either side), in interleaved rounds. Growth: the time of one
//! join, and of one turn (call, claim, departure), with ever more people waiting. Ranks: the positions of everybody.
#![allow(missing_docs, clippy::print_stdout)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Parser;
use serde_json::{Value, json};
use shared::clock::{Clock, Ts};
use shared::testing::Redis;
use uuid::Uuid;
use waiting_room::queue::memory::MemoryStore;
use waiting_room::queue::ranks::Ranks;
use waiting_room::queue::redis::RedisStore;
use waiting_room::queue::{BrowserKey, Claim, Claimed, Depart, Ending, Join, Joined, QueueStore};
use waiting_room::rooms::rules::{Mode, Room, RoomId, one_lane};

/// Clients at once, here and in `redis-benchmark`.
const CLIENTS: usize = 64;
/// Joins in one call while a line is filled.
const FILL: u64 = 128;
/// Single joins and turns that are timed at each length of the line.
const SAMPLES: usize = 2000;
/// The line whose positions are all computed.
const RANKED: u64 = 1_000_000;

#[derive(Parser)]
struct Options {
    /// Rounds of each measurement.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of each round of joins.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Lengths of the line. 10 million take about ten minutes and 4 GB.
    #[arg(long, value_delimiter = ',', default_value = "10000,100000,1000000")]
    sizes: Vec<u64>,
    /// What `cargo bench` says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let joins = joins(&options).await?;
    let growth = growth(&options).await?;
    let ranks = ranks(&options);
    println!("BENCH {}", json!({ "joins": joins, "growth": growth, "ranks": ranks }));
    Ok(())
}

/// A room that lets everybody in who asks, so that nothing but the store is measured.
fn room(id: &str) -> anyhow::Result<Room> {
    Ok(Room {
        id: RoomId::parse(id).context("a slug")?,
        name: "Bench".into(),
        event: "1".into(),
        lobby_at: None,
        opens_at: None,
        closes_at: None,
        rate_per_minute: 60_000_000,
        cap: u32::MAX,
        claim_window_s: 60,
        session_length_s: 600,
        booking_url: "/events/1".into(),
        message: None,
        theme: Default::default(),
        entry: Default::default(),
        mode: Mode::Open,
        deferral_s: 0,
        grace_s: 0,
        idle_percent: 0,
        renewals_max: 0,
        renewal_s: 0,
        steering: None,
        one_per_account: false,
        lanes: one_lane(),
        draw: false,
        owner: None,
        drawn_at: None,
    })
}

fn visitor(n: u64) -> Join {
    Join {
        place: Uuid::from_u128(u128::from(n)),
        browser: BrowserKey::of_hash(&n.to_string()),
        lane: 0,
        code: None,
        account: None,
    }
}

/// Joins a second: both stores and the bare script, in interleaved rounds.
async fn joins(options: &Options) -> anyhow::Result<Value> {
    let server = Redis::start().context("redis-server is missing: apt-get install redis-server")?;
    let store: Arc<dyn QueueStore> = Arc::new(RedisStore::open(&server.database()).await?);
    let dir = tempfile::tempdir()?;
    let memory: Arc<dyn QueueStore> = Arc::new(MemoryStore::open(dir.path(), now())?);
    let (mut ours, mut bare, mut embedded) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..options.rounds {
        ours.push(join_storm(&store, &room(&format!("joins-{round}"))?, options.seconds).await?);
        bare.push(
            bare_script(&server, &store, &room(&format!("bare-{round}"))?, ours[round] * options.seconds)
                .await?,
        );
        embedded.push(join_storm(&memory, &room(&format!("joins-{round}"))?, options.seconds).await?);
    }
    println!("{:<66} {:>12}  lowest … highest of {}", "joins a second", "median", options.rounds);
    row("Redis store, 64 clients", &ours);
    row("redis-benchmark, the same script, 64 clients unpipelined", &bare);
    row("embedded store with its journal (one sync a batch), 64 clients", &embedded);
    let ratio = median(&ours) / median(&bare);
    println!("Redis store / the bare script: {ratio:.2} × (goal 1.2)\n");
    Ok(
        json!({ "redis_per_s": median(&ours), "bare_per_s": median(&bare), "ratio": ratio, "embedded_per_s": median(&embedded) }),
    )
}

async fn join_storm(store: &Arc<dyn QueueStore>, room: &Room, seconds: f64) -> anyhow::Result<f64> {
    store.put_room(room.clone(), now()).await?;
    let next = Arc::new(AtomicU64::new(1));
    let began = Instant::now();
    let clients = (0..CLIENTS).map(|_| {
        let (store, room, next) = (store.clone(), room.id.clone(), next.clone());
        tokio::spawn(async move {
            while began.elapsed().as_secs_f64() < seconds {
                let n = next.fetch_add(1, Ordering::Relaxed);
                let joined = store.join(&room, vec![visitor(n)], now()).await?.pop();
                ensure!(matches!(joined, Some(Joined::New(_))), "{n} did not join: {joined:?}");
            }
            Ok(())
        })
    });
    for client in futures_util::future::join_all(clients.collect::<Vec<_>>()).await {
        client??;
    }
    Ok((next.load(Ordering::Relaxed) - 1) as f64 / began.elapsed().as_secs_f64())
}

/// The join script as `redis-benchmark` runs it, about `count` times. Only database 0 can be asked by it.
async fn bare_script(
    server: &Redis,
    store: &Arc<dyn QueueStore>,
    room: &Room,
    count: f64,
) -> anyhow::Result<f64> {
    // The store knows how a room is made; the script is then found by its hash.
    store.put_room(room.clone(), now()).await?;
    let script = concat!(
        include_str!("../src/queue/redis/scripts/prelude.lua"),
        "\n",
        include_str!("../src/queue/redis/scripts/turns.lua"),
        "\n",
        include_str!("../src/queue/redis/scripts/join.lua")
    );
    let hash = server.cli(&["SCRIPT", "LOAD", script]);
    let keys = waiting_room::queue::redis::keys(&room.id);
    let (count, now) = ((count as u64).max(1000).to_string(), now().micros().to_string());
    let (clients, key_count) = (CLIENTS.to_string(), keys.len().to_string());
    let mut words =
        vec!["-c", &clients, "-n", &count, "-r", "1000000000", "--csv", "EVALSHA", &hash, &key_count];
    words.extend(keys.iter().map(String::as_str));
    // Twelve random digits each: place and browser of 16 bytes; the first lane, no code.
    words.extend([&now, "0", "0", "0000__rand_int__", "0000__rand_int__", "0", ""]);
    let said = server.benchmark(&words);
    let per_s =
        said.lines().last().and_then(|line| line.split("\",\"").nth(1)).and_then(|text| text.parse().ok());
    let per_s = per_s.with_context(|| format!("redis-benchmark said: {said}"))?;
    let joined = server.cli(&["HLEN", &keys[1]]).parse::<u64>().unwrap_or(0);
    ensure!(joined > 0, "the bare script did nothing");
    Ok(per_s)
}

/// One join and one turn at each length of the line.
async fn growth(options: &Options) -> anyhow::Result<Value> {
    println!(
        "{:<14} {:>14} {:>10} {:>14} {:>10} {:>16}",
        "waiting", "join p50 µs", "×", "turn p50 µs", "×", "bytes a place"
    );
    let mut first: Option<(f64, f64)> = None;
    let mut rows = Vec::new();
    for &size in &options.sizes {
        let server = Redis::start().context("redis-server is missing: apt-get install redis-server")?;
        let store = RedisStore::open(&server.database()).await?;
        let room = room("growth")?;
        store.put_room(room.clone(), now()).await?;
        let empty = used(&server);
        fill(&store, &room, size).await?;
        let bytes = (used(&server) - empty) / size as f64;
        let (mut joins, mut turns) = (Vec::new(), Vec::new());
        for n in 0..SAMPLES as u64 {
            let began = Instant::now();
            store.join(&room.id, vec![visitor(size + 1 + n)], now()).await?;
            joins.push(micros(began));
            let began = Instant::now();
            turn(&store, &room, n + 1).await?;
            turns.push(micros(began));
        }
        let (join, turn) = (median(&joins), median(&turns));
        let (join_1, turn_1) = *first.get_or_insert((join, turn));
        println!(
            "{size:<14} {join:>14.1} {:>10.2} {turn:>14.1} {:>10.2} {bytes:>16.0}",
            join / join_1,
            turn / turn_1
        );
        rows.push(
            json!({ "waiting": size, "join_p50_us": join, "turn_p50_us": turn, "bytes_a_place": bytes }),
        );
    }
    println!();
    Ok(Value::Array(rows))
}

async fn fill(store: &RedisStore, room: &Room, size: u64) -> anyhow::Result<()> {
    for from in (1..=size).step_by(FILL as usize) {
        let joins = (from..=size.min(from + FILL - 1)).map(visitor).collect();
        store.join(&room.id, joins, now()).await?;
    }
    Ok(())
}

/// Place `n` is called, claims and goes home: three verbs.
async fn turn(store: &RedisStore, room: &Room, n: u64) -> anyhow::Result<()> {
    let place = visitor(n).place;
    store.call(&room.id, 1, now()).await?;
    let claimed = store.claim(&room.id, vec![Claim { place, jti: place }], now()).await?.pop();
    ensure!(matches!(claimed, Some(Claimed::Admitted(_))), "{n} did not get in: {claimed:?}");
    let depart = Depart { place, jti: place, how: Ending::Finished };
    ensure!(store.depart(&room.id, vec![depart], now()).await? == 1, "{n} did not leave");
    Ok(())
}

/// Positions of a million, after a pass in which a thousand left: milliseconds.
fn ranks(options: &Options) -> Value {
    let mut ranks = Ranks::of(1..=RANKED);
    let mut passes = Vec::new();
    for pass in 0..options.rounds.max(5) as u64 {
        let began = Instant::now();
        ranks.update((1..=1000).map(|n| (pass + n * 900, false)));
        let sum: u64 = (1..=RANKED).map(|number| ranks.ahead_of(number)).sum();
        std::hint::black_box(sum);
        passes.push(micros(began) / 1000.0);
    }
    println!("positions of {RANKED} after 1,000 changes: {:.1} ms a pass (goal 15)", median(&passes));
    json!({ "waiting": RANKED, "pass_ms": median(&passes) })
}

fn row(name: &str, values: &[f64]) {
    let (low, high) = values.iter().fold((f64::MAX, 0f64), |(low, high), v| (low.min(*v), high.max(*v)));
    println!("{name:<66} {:>12.0}  {low:.0} … {high:.0}", median(values));
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

fn used(server: &Redis) -> f64 {
    let info = server.cli(&["INFO", "memory"]);
    let used = info.lines().find_map(|line| line.trim().strip_prefix("used_memory:"));
    used.and_then(|text| text.parse().ok()).unwrap_or(0.0)
}

fn micros(since: Instant) -> f64 {
    since.elapsed().max(Duration::from_nanos(1)).as_secs_f64() * 1e6
}

fn now() -> Ts {
    Clock::system().now()
}
