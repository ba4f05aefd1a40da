//! The fault suite: a cluster of real processes is broken again and again while people buy, and nothing that anybody was
//! told may be lost.
//!
//! Each round draws a fault ([`kinds`]) and lets it happen to a private installation ([`cluster`]) that is reached
//! through proxies ([`proxy`]). People ([`buyer`]) keep every answer of 2xx and repeat what has no outcome under the
//! same key ([`client`]); afterwards everything is looked for ([`history`]). What is drawn follows from the printed
//! seed; what the machine makes of it does not, so a seed repeats the faults and not the interleaving.

pub mod buyer;
pub mod client;
pub mod cluster;
mod disk;
pub mod history;
mod hog;
pub mod kinds;
pub mod liar;
pub mod proxy;
mod report;
mod search;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use shared::entropy::Entropy;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::crowd::ledger::Ledger;
use crate::server;
use crate::stage::{Pace, Stage};
use buyer::{Buyer, Memories, Rooms, Scene};
use client::Client;
use cluster::{Cluster, Fronts, Layout};
use kinds::Fault;
use report::{Report, Round};
use search::Search;

/// Rounds after which a new event is sold, in new rooms.
const ROUNDS_A_SCENE: u32 = 20;
/// People who buy at the same time.
const BUYERS: usize = 8;
/// How the room lets people in: both limits are met all the time.
const PACE: Pace = Pace { cap: 3, rate_per_minute: 600 };
/// Rows and columns of the numbered seats of a scene.
const SEATS: (u32, u32) = (20, 100);
/// Most answers that a round waits for before its fault, and after it.
const ANSWERS_BEFORE: u32 = 20;
const ANSWERS_AFTER: u64 = 12;
/// Longest until people are answered again after everything was mended.
const RECOVERY_MAX: Duration = Duration::from_secs(60);

/// How the suite is run.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Faults to live through.
    #[arg(long, default_value_t = 100)]
    pub rounds: u32,
    /// What is drawn follows from it; default: another one each time.
    #[arg(long)]
    pub seed: Option<u64>,
    /// What is run.
    #[arg(long, value_enum, default_value_t = Layout::Embedded)]
    pub layout: Layout,
    /// Only these faults.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub only: Vec<Fault>,
    /// Milliseconds that a freeze, a silence or a storm lasts at most.
    #[arg(long, default_value_t = 1500)]
    pub length_ms: u64,
    /// The binary was built with `--features testing`: let it die between the steps of a payment and turn its clock, too.
    #[arg(long)]
    pub crash_points: bool,
    /// For the suite's own test: answers are made up, and the run must end with losses.
    #[arg(long, value_enum, hide = true)]
    pub sabotage: Option<Sabotage>,
    /// The binary; default: `RUSHLINE_BIN`, or `rushline` beside this program.
    #[arg(long)]
    pub binary: Option<PathBuf>,
}

/// What a [`liar`] between clients and nodes answers by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Sabotage {
    /// Now and then somebody is told of a place that nobody wrote down.
    FakeJoins,
    /// Now and then somebody is told of a hold that nobody wrote down.
    FakeHolds,
    /// Now and then somebody is told of tickets that nobody wrote down.
    FakePayments,
}

/// How a run ended.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Faults lived through.
    pub rounds: u32,
    /// Requests to do something that were answered with 2xx.
    pub acknowledged: u64,
    /// Promises found kept.
    pub found: u64,
    /// Promises that were broken, and the first sentences about them.
    pub losses: u64,
    /// The first sentences about them.
    pub sentences: Vec<String>,
}

/// Runs the suite and prints a line a round.
///
/// # Errors
/// When something was lost, or the cluster could not be run.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let outcome = break_things(options, &mut std::io::stdout()).await?;
    anyhow::ensure!(outcome.losses == 0, "{} promises were broken; they are named above", outcome.losses);
    Ok(())
}

/// Runs the suite and writes its report to `out`.
///
/// # Errors
/// When the cluster could not be run.
pub async fn break_things(options: Options, out: &mut (impl Write + Send)) -> anyhow::Result<Outcome> {
    let seed = options.seed.unwrap_or_else(|| u64::from(u32::from_le_bytes(Entropy::system().bytes())));
    let binary = options.binary.clone().map_or_else(server::binary, Ok)?;
    let mut report = Report::begin(seed, options.layout, out)?;
    let dice = Entropy::seeded(seed);
    let mut cluster = Cluster::start(&binary, options.layout, &dice).await?;
    let possible = Fault::possible(&cluster, options.crash_points, &options.only);
    anyhow::ensure!(!possible.is_empty(), "none of these faults can happen to this layout");
    let length = Duration::from_millis(options.length_ms);
    for first in (1..=options.rounds).step_by(ROUNDS_A_SCENE as usize) {
        let (fronts, _liars) = match options.sabotage {
            None => (cluster.fronts(), Vec::new()),
            Some(sabotage) => liar::before(&cluster, sabotage).await?,
        };
        let scene = Arc::new(set_scene(&cluster, fronts, first).await?);
        let mut search = Search::new(scene.clone());
        for number in first..=options.rounds.min(first + ROUNDS_A_SCENE - 1) {
            let fault = possible[dice.below(possible.len() as u32) as usize];
            let round = live_through(&scene, &mut search, &mut cluster, fault, &dice, length).await?;
            report.round(number, &round, out)?;
        }
        report.scene(&search.close().await, &scene.client, out)?;
    }
    report.end(out)
}

/// One round: people buy, the fault happens and is mended, people buy again, and everything is looked for.
async fn live_through(
    scene: &Arc<Scene>,
    search: &mut Search,
    cluster: &mut Cluster,
    fault: Fault,
    dice: &Entropy,
    length: Duration,
) -> anyhow::Result<Round> {
    let began = Instant::now();
    let answered = scene.client.acknowledged();
    scene.stop.store(false, Ordering::SeqCst);
    let mut people = JoinSet::new();
    for at in 0..BUYERS {
        people.spawn(Buyer::new(scene.clone(), at).live());
    }
    let goal = answered + 1 + u64::from(dice.below(ANSWERS_BEFORE));
    let sold_before = wait_for(&scene.client, goal).await;
    if fault.loses_lines() {
        scene.ledger.line_begins_anew();
    }
    fault.happen(cluster, dice, length).await?;
    if fault.loses_lines() {
        scene.ledger.line_begins_anew();
    }
    let sold_after = wait_for(&scene.client, scene.client.acknowledged() + ANSWERS_AFTER).await;
    scene.stop.store(true, Ordering::SeqCst);
    let mut memories: Vec<Memories> = people.join_all().await;
    if !(sold_before && sold_after) {
        memories[0].losses.add(format!("{RECOVERY_MAX:?} went by with hardly an answer"));
    }
    let acknowledged = scene.client.acknowledged() - answered;
    let (found, mut losses) = search.look(memories).await;
    if let Some(said) = cluster.verify()? {
        losses.add(format!("rushline verify: {said}"));
    }
    Ok(Round { fault, acknowledged, found, losses, took: began.elapsed() })
}

/// Waits until so many requests were answered; false when that takes too long.
async fn wait_for(client: &Client, answers: u64) -> bool {
    let began = Instant::now();
    while client.acknowledged() < answers {
        if began.elapsed() > RECOVERY_MAX {
            return false;
        }
        sleep(Duration::from_millis(5)).await;
    }
    true
}

/// Puts new events on sale, with new rooms.
async fn set_scene(cluster: &Cluster, fronts: Fronts, number: u32) -> anyhow::Result<Scene> {
    let truth = cluster.fronts();
    let stage = Stage::open(truth.shop[0].clone()).await?.with_rooms_at(truth.rooms[0].clone());
    let names = Rooms { sale: format!("sale-{number}"), paused: format!("paused-{number}") };
    let queued = stage.general_admission(&format!("Queued {number}"), 5000, Some(&names.sale)).await?;
    let seated = stage.seated(&format!("Seated {number}"), SEATS.0, SEATS.1, None).await?;
    stage.room(&names.sale, queued, PACE).await?;
    stage.room(&names.paused, queued, PACE).await?;
    stage.post::<Value>(&format!("/api/v1/admin/rooms/{}/pause", names.paused), &json!({})).await?;
    let map: Value = stage.get(&format!("/api/v1/sessions/{}/seats", seated.session)).await?;
    let seats: Vec<i64> = serde_json::from_value(map["seats"]["ids"].clone())?;
    let mut tokens = Vec::new();
    for buyer in 0..BUYERS {
        tokens.push(stage.shopper(&format!("buyer-{number}-{buyer}")).await?);
    }
    // What people do is not drawn from the faults' seed: their number of draws depends on the machine.
    let client = Client::new(fronts, Entropy::system());
    Ok(Scene {
        client,
        queued,
        seated,
        seats,
        sold: AtomicUsize::new(0),
        tokens,
        gate: stage.token().to_owned(),
        ledger: Ledger::default(),
        stop: AtomicBool::new(false),
        rooms: names,
    })
}
