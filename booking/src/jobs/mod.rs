//! Work that follows a fact: a row written in the fact's own transaction, done later, retried, never lost.
//!
//! A worker leases due jobs, runs them and notes the outcome. Failures come back with growing pauses; what fails too
//! often becomes a dead letter, which an admin sees and can redrive. A job is safe to run twice: a worker can die after
//! the deed and before the note of it.

pub mod departures;
mod dispatch;
mod done;
mod periodic;
mod routes;
mod rules;
mod store;
mod worker;

use serde::Serialize;
use serde_json::{Value, json};
use shared::clock::Ts;
use shared::entropy::Entropy;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;

pub use done::{DoneJobs, start_done};
pub use periodic::Periodic;
pub use rules::ATTEMPTS_MAX;
pub use store::{cancel, is_done};
pub use worker::{claim, run_due, settle, spawn_workers};

/// Kinds of jobs; the name is what the table and the console show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Send one mail; payload [`crate::notifications::Message`].
    Mail,
    /// Tell the waiting room that a booking session has ended; payload [`departures::Ended`].
    Departure,
    /// Send one text message; payload [`crate::notifications::texts::Text`].
    Text,
    /// Send a mail once a visitor's turn comes; payload [`crate::notifications::turns::TurnMail`].
    TurnMail,
    /// Capture an authorised payment; payload `{payment}`.
    CapturePayment,
    /// Pay money back; payload `{payment, amount_minor}`.
    RefundPayment,
    /// Take a name off tickets after their session; payload [`crate::tickets::Forgetting`].
    ForgetNames,
    /// Queue the mails that tell of a postponement; payload [`crate::notifications::Telling`].
    TellPostponed,
    /// The simulated gateway calls back; payload [`crate::bookings::reconcile::Callback`].
    GatewayCallback,
    /// Write the messages of a fact for those who want to hear of it; payload [`crate::webhooks::Fact`].
    TellWebhooks,
    /// Send a message to an endpoint; payload `{delivery}`.
    DeliverWebhook,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 11] = [
        Kind::Mail,
        Kind::Departure,
        Kind::Text,
        Kind::TurnMail,
        Kind::CapturePayment,
        Kind::RefundPayment,
        Kind::GatewayCallback,
        Kind::ForgetNames,
        Kind::TellPostponed,
        Kind::TellWebhooks,
        Kind::DeliverWebhook,
    ];

    /// Name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Mail => "mail",
            Kind::Departure => "departure",
            Kind::Text => "text",
            Kind::TurnMail => "turn-mail",
            Kind::CapturePayment => "capture-payment",
            Kind::RefundPayment => "refund-payment",
            Kind::GatewayCallback => "gateway-callback",
            Kind::ForgetNames => "forget-names",
            Kind::TellPostponed => "tell-postponed",
            Kind::TellWebhooks => "tell-webhooks",
            Kind::DeliverWebhook => "deliver-webhook",
        }
    }

    /// How many of this kind run at the same time on one node. Each kind waits for another part of the world, and has
    /// its own places: a mail server that hangs delays no refund.
    fn places(self) -> usize {
        match self {
            Kind::Mail
            | Kind::Departure
            | Kind::Text
            | Kind::TurnMail
            | Kind::RefundPayment
            | Kind::GatewayCallback => 8,
            Kind::ForgetNames | Kind::TellPostponed => 1,
            Kind::TellWebhooks => 4,
            // Endpoints may hang, each in a few places only.
            Kind::DeliverWebhook => 16,
            // One follows every booking, and a gateway takes its time: with 300 ms each, a hundred a second.
            Kind::CapturePayment => 32,
        }
    }

    /// Whether nobody waits for it: a mail is minutes on its way, and an authorised payment stays so for days.
    fn is_patient(self) -> bool {
        matches!(
            self,
            Kind::Mail | Kind::CapturePayment | Kind::ForgetNames | Kind::TellWebhooks | Kind::DeliverWebhook
        )
    }
}

/// A job to be queued.
pub struct NewJob {
    /// What is to be done.
    pub kind: Kind,
    /// What it is done with; no more personal data than the deed needs. A secret stands in the member `token`, which
    /// is removed when the job is done and never shown.
    pub payload: Value,
    /// Not before.
    pub run_at: Ts,
    /// Queued once for this key, however often it is enqueued.
    pub dedupe_key: Option<String>,
}

impl NewJob {
    /// A job to be done at once.
    ///
    /// # Panics
    /// When `payload` cannot be written as JSON, which a derived `Serialize` of plain data always can.
    pub fn now(kind: Kind, payload: &impl Serialize, now: Ts) -> Self {
        let payload = serde_json::to_value(payload).expect("plain data is JSON");
        Self { kind, payload, run_at: now, dedupe_key: None }
    }

    /// The same job, not before `at`.
    pub fn at(mut self, at: Ts) -> Self {
        self.run_at = at;
        self
    }

    /// The same job, queued at most once under `key`.
    pub fn once(mut self, key: String) -> Self {
        self.dedupe_key = Some(key);
        self
    }
}

/// A job leased to this worker.
#[derive(Debug, Clone)]
pub struct Job {
    /// The job; stable over all its attempts.
    pub id: Uuid,
    /// What is to be done.
    pub kind: Kind,
    /// What it is done with.
    pub payload: Value,
    /// Attempts, this one included.
    pub attempts: i64,
    lease: Uuid,
}

/// Queues a job in the transaction of the fact it follows from. Workers are woken by [`App::wake_jobs`] after the
/// commit, or find it at their next look.
pub async fn enqueue(tx: &mut Tx, job: NewJob, entropy: &Entropy, now: Ts) -> Result<()> {
    enqueue_all(tx, &[job], entropy, now).await
}

/// Queues several jobs (not none) with one statement; see [`enqueue`].
pub async fn enqueue_all(tx: &mut Tx, jobs: &[NewJob], entropy: &Entropy, now: Ts) -> Result<()> {
    store::insert(tx, jobs, entropy, now).await
}

/// The rows of jobs as JSON, for statements that queue them together with their fact.
pub fn rows(jobs: &[NewJob], entropy: &Entropy, now: Ts) -> Value {
    let row = |job: &NewJob| {
        json!({
            "id": entropy.uuid_v7(now), "kind": job.kind.name(), "payload": job.payload, "dedupe_key": job.dedupe_key,
            "run_at": job.run_at, "run_at_us": job.run_at.micros(),
        })
    };
    jobs.iter().map(row).collect()
}

/// The payload without the secret it may hold.
fn without_secret(mut payload: Value) -> Value {
    if let Some(members) = payload.as_object_mut() {
        members.remove("token");
    }
    payload
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(routes::list)).routes(routes!(routes::redrive))
}
