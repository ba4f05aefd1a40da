//! Work that follows a fact: a row written in the fact's own transaction, done later, retried, never lost.
//!
//! A job is safe to run twice: a worker can die after the deed and before the note of it.

mod store;

use serde::Serialize;
use shared::clock::Ts;
use shared::entropy::Entropy;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;

/// Kinds of jobs; the name is what the table and the console show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Send one mail; payload [`crate::notifications`].
    Mail,
    /// Tell the waiting room that a booking session has ended; payload `{room, place, jti, reason}`.
    Departure,
    /// Capture an authorised payment; payload `{payment}`.
    CapturePayment,
    /// Pay money back; payload `{payment, amount_minor}`.
    RefundPayment,
}

impl Kind {
    /// Name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Mail => "mail",
            Kind::Departure => "departure",
            Kind::CapturePayment => "capture-payment",
            Kind::RefundPayment => "refund-payment",
        }
    }
}

/// A job to be queued.
pub struct NewJob {
    /// What is to be done.
    pub kind: Kind,
    /// What it is done with; no more personal data than the deed needs. A secret stands in the member `token`, which
    /// is removed when the job is done and never shown.
    pub payload: serde_json::Value,
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

/// Queues a job in the transaction of the fact it follows from. Workers are woken by [`App::wake_jobs`] after the
/// commit, or find it at their next look.
pub async fn enqueue(tx: &mut Tx, job: NewJob, entropy: &Entropy, now: Ts) -> Result<()> {
    enqueue_all(tx, &[job], entropy, now).await
}

/// Queues several jobs (not none) with one statement; see [`enqueue`].
pub async fn enqueue_all(tx: &mut Tx, jobs: &[NewJob], entropy: &Entropy, now: Ts) -> Result<()> {
    store::insert(tx, jobs, entropy, now).await
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
