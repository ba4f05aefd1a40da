//! A crowd of simulated fans: thousands of honest clients of the public API in one process.
//!
//! Each fan is one task with her own cookies and one small WebSocket; HTTP goes through a shared pool. The crowd
//! prints what happens and *asserts* what an honest fan was promised ([`ledger`]): order, positions that never
//! grow, cap and rate, turns that are kept, seats sold once, no server error.

pub mod accounts;
pub mod fan;
pub mod ledger;
pub mod live;
mod report;
pub mod rules;
pub mod shop;

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use shared::clock::Clock;
use shared::entropy::Entropy;
use shared::stop::Stop;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::api::{Answer, Api};
use crate::push::{self, Program};
use accounts::Accounts;
use fan::Fan;
use ledger::{Ledger, Step};
use rules::Plan;

/// Attempts at one request when the server cannot be reached or asks to slow down.
const ATTEMPTS: u32 = 8;
/// Longest pause that `Retry-After` is obeyed for, seconds.
const RETRY_MAX_S: u64 = 30;
/// Time given to fans to leave the line when the crowd is stopped.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// What comes after `rushline crowd`.
#[derive(Debug, Clone, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Call {
    #[command(flatten)]
    fans: Option<Options>,
    #[command(subcommand)]
    measure: Option<push::Verb>,
}

impl Call {
    /// Does it. `redis_url` is where several measured servers keep their lines.
    ///
    /// # Errors
    /// As [`run`] and [`push::play`].
    pub async fn play(self, redis_url: Option<String>) -> anyhow::Result<()> {
        match (self.measure, self.fans) {
            (Some(verb), _) => {
                let lines = || redis_url.clone();
                push::play(verb, &Program { words: &["crowd"], lines: &lines }).await
            }
            (None, Some(options)) => run(options).await,
            (None, None) => anyhow::bail!("which room? Name it with --room"),
        }
    }
}

/// What the crowd does.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Where the server answers.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    pub url: String,
    /// The room to queue for.
    #[arg(long)]
    pub room: String,
    /// How many fans come.
    #[arg(long, default_value_t = 3000)]
    pub fans: u32,
    /// Seconds over which they arrive.
    #[arg(long, default_value_t = 60.0)]
    pub arrive_s: f64,
    /// Share of the fans who arrive in the first three seconds.
    #[arg(long, default_value_t = 0.3)]
    pub rush: f64,
    /// Share of the fans who close the tab in the line without a word.
    #[arg(long, default_value_t = 0.15)]
    pub ghosts: f64,
    /// Share of the others who leave the line politely.
    #[arg(long, default_value_t = 0.05)]
    pub leavers: f64,
    /// Share of those who get in that buy; the rest look around.
    #[arg(long, default_value_t = 0.6)]
    pub buyers: f64,
    /// Shopper accounts the crowd may open, each obeying the limit per person.
    #[arg(long, default_value_t = 20)]
    pub accounts: usize,
    /// Scales every pause a person makes; 0 for machines.
    #[arg(long, default_value_t = 1.0)]
    pub think: f64,
    /// Whoever goes home comes back as somebody new, until Ctrl-C.
    #[arg(long)]
    pub endless: bool,
    /// Seed of who does what.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

impl Options {
    /// A crowd for a test: everybody at once, nobody pauses, everybody buys.
    pub fn for_test(url: &str, room: &str, fans: u32) -> Self {
        Self {
            url: url.to_owned(),
            room: room.to_owned(),
            fans,
            arrive_s: 0.0,
            rush: 0.0,
            ghosts: 0.0,
            leavers: 0.0,
            buyers: 1.0,
            accounts: 20,
            think: 0.0,
            endless: false,
            seed: 1,
        }
    }
}

/// What a fan knows of the room.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Room {
    /// Name shown to fans.
    pub name: String,
    /// The event whose sale stands behind it.
    pub event: String,
    /// Most admissions in any sliding minute.
    pub rate_per_minute: u32,
    /// Most booking sessions at once.
    pub cap: u32,
    /// Seconds a turn stands.
    pub claim_window_s: u32,
    /// Seconds a booking session lasts.
    pub session_length_s: u32,
}

/// Everything fans share.
pub struct Crowd {
    /// What the crowd does.
    pub options: Options,
    /// The server.
    pub api: Api,
    /// The room as it was at the start.
    pub room: Room,
    /// Who does what; a seed repeats it.
    pub dice: Entropy,
    /// Idempotency keys, which no two crowds may share.
    pub keys: Entropy,
    /// Time.
    pub clock: Clock,
    /// What was seen.
    pub ledger: Ledger,
    /// Accounts to buy with.
    pub accounts: Accounts,
    /// Sends everybody home.
    pub stop: CancellationToken,
}

/// Runs a crowd until everybody is home or Ctrl-C, and prints what happens.
///
/// # Errors
/// When the room cannot be read, when a promise to the fans was broken, and when one fan in ten or more got nowhere.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let outcome =
        simulate(options, Stop::on_signals(Duration::ZERO)?.ending(), &mut std::io::stdout()).await?;
    anyhow::ensure!(
        outcome.violations == 0,
        "{} promise(s) to the fans were broken, see above",
        outcome.violations
    );
    Ok(())
}

/// What a crowd has to show.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Promises that were broken.
    pub violations: u64,
    /// Fans who came.
    pub arrived: u64,
    /// Fans who went home with tickets.
    pub bought: u64,
    /// Fans who went home because the server or the time failed them.
    pub failed: u64,
    /// Tickets they have.
    pub tickets: u64,
    /// Fans who were admitted.
    pub admitted: usize,
}

/// Runs a crowd until everybody is home or `stop`, and writes what happens to `out`.
///
/// # Errors
/// When the room cannot be read or `out` cannot be written.
pub async fn simulate(
    options: Options,
    stop: CancellationToken,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<Outcome> {
    let api = Api::new(&options.url)?;
    let room = room(&api, &options.room).await?;
    let crowd = Arc::new(Crowd {
        room,
        api,
        dice: Entropy::seeded(options.seed),
        keys: Entropy::system(),
        clock: Clock::system(),
        ledger: Ledger::default(),
        accounts: Accounts::new(options.accounts),
        stop,
        options,
    });
    let mut report = report::Report::begin(&crowd, out)?;
    let mut fans = JoinSet::new();
    for id in 0..u64::from(crowd.options.fans) {
        let plan = Plan::draw(&crowd.options, &crowd.dice);
        fans.spawn(one_after_another(crowd.clone(), id, plan));
    }
    let all_home = async { while fans.join_next().await.is_some() {} };
    tokio::pin!(all_home);
    loop {
        tokio::select! {
            () = &mut all_home => break,
            () = sleep(report::EVERY) => report.status().await?,
            () = crowd.stop.cancelled() => {
                // Leaving is polite, not owed: who cannot be heard in time just goes.
                let _ = tokio::time::timeout(STOP_GRACE, &mut all_home).await;
                break;
            }
        }
    }
    report.finish().await
}

/// Reads the room.
async fn room(api: &Api, room: &str) -> anyhow::Result<Room> {
    let answer = api.send(api.request(Method::GET, &format!("/api/v1/rooms/{room}"))).await?;
    let status = answer.status;
    answer
        .read()
        .ok_or_else(|| anyhow::anyhow!("room {room} cannot be read (status {status}); is --room right?"))
}

/// One fan; in an endless crowd one after the other, each under a new id.
async fn one_after_another(crowd: Arc<Crowd>, first_id: u64, first_plan: Plan) {
    let (mut id, mut plan) = (first_id, first_plan);
    loop {
        tokio::select! {
            () = sleep(plan.arrives_after) => {}
            () = crowd.stop.cancelled() => return,
        }
        Fan::new(&crowd, id, &plan).live().await;
        if !crowd.options.endless || crowd.stop.is_cancelled() {
            return;
        }
        id += u64::from(crowd.options.fans);
        plan = Plan::draw(&crowd.options, &crowd.dice);
    }
}

impl Crowd {
    /// Sends one request of `step`: times it, notes what goes wrong, comes back when asked to slow down or when the
    /// server cannot be reached. `None` once given up; a server error is a broken promise.
    pub async fn call(&self, step: Step, request: RequestBuilder) -> Option<Answer> {
        for attempt in 1..=ATTEMPTS {
            let began = Instant::now();
            let wait = match self.api.send(request.try_clone()?).await {
                Ok(answer) if answer.status == 429 => {
                    self.ledger.refused(step, "told to slow down");
                    Duration::from_secs(answer.retry_after_s.unwrap_or(1).clamp(1, RETRY_MAX_S))
                }
                Ok(answer) if answer.status >= 500 => {
                    self.ledger.violated(format!(
                        "{step:?} was answered {} {}",
                        answer.status,
                        answer.slug()
                    ));
                    return None;
                }
                Ok(answer) => {
                    self.ledger.answered(step, began.elapsed());
                    if !answer.is_success() {
                        self.ledger.refused(step, &answer.slug());
                    }
                    return Some(answer);
                }
                Err(error) => {
                    self.ledger
                        .refused(step, if error.is_connect() { "cannot connect" } else { "connection lost" });
                    Duration::from_millis(u64::from(500 * attempt + self.dice.below(500)))
                }
            };
            sleep(wait).await;
        }
        self.ledger.refused(step, "given up");
        None
    }
}
