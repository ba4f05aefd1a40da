//! Webhooks out: organisers and admins are told of what happens, by signed POSTs to addresses of theirs (Standard Webhooks
//! 1.0).
//!
//! A fact that somebody wants to hear of is queued as a job in its own transaction ([`tell`], [`news_of`]); when nobody
//! does, it costs one look at a number in memory. The job writes the message down once, with a delivery for each endpoint
//! it concerns: those of the event's organiser, and those of admins. Each delivery is a job of its own, tried for three
//! days with growing pauses, then a dead letter; every attempt is in the delivery's log, and what was missed can be sent
//! again (decision 66). Endpoints are strangers: what may be called is in `target`, and how in `wire`.
//!
//! Messages hold ids and figures, no names and no addresses: who may know more asks the API.

mod deliveries;
mod routes;
mod rules;
mod store;
mod target;
mod wire;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::clock::Ts;
use shared::config::Settings;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::jobs::{Kind, NewJob, enqueue};

pub use deliveries::{deliver, fan_out, forget_old};
pub use rules::{EndpointState, EventKind};
pub use store::delete_all as forget_owner;
pub use wire::Wire;

/// Deliveries to one endpoint under way at a time on one node: one that hangs leaves the others room.
const AT_ONCE_MAX: usize = 4;

/// What this node knows of webhooks, and how it makes the calls.
pub struct Webhooks {
    /// A bit for each kind that some endpoint wants to hear of.
    wanted: AtomicU32,
    /// Deliveries under way, by endpoint.
    under_way: Mutex<HashMap<Uuid, usize>>,
    /// Makes the calls.
    pub wire: Wire,
}

impl Webhooks {
    /// Reads what is wanted.
    pub async fn open(db: &Db, settings: &Settings) -> Result<Self> {
        let wire = Wire::new(settings);
        let this = Self { wanted: AtomicU32::new(0), under_way: Mutex::default(), wire };
        this.look(db).await?;
        Ok(this)
    }

    /// Whether somebody wants to hear of facts of this kind.
    pub fn wants(&self, kind: EventKind) -> bool {
        self.wanted.load(Ordering::Relaxed) & kind.bit() != 0
    }

    /// Reads again what is wanted, after somebody may have changed it.
    async fn look(&self, db: &Db) -> Result<()> {
        let wanted = store::wanted(db).await?;
        let names = wanted.iter().flat_map(|kinds| &kinds.0);
        let bits = names.filter_map(|name| EventKind::of(name)).fold(0, |bits, kind| bits | kind.bit());
        self.wanted.store(bits, Ordering::Relaxed);
        Ok(())
    }

    /// Takes one of the endpoint's places until the answer is dropped; `None` when all are taken.
    fn enter(&self, endpoint: Uuid) -> Option<Place<'_>> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = under_way.entry(endpoint).or_default();
        if *taken >= AT_ONCE_MAX {
            return None;
        }
        *taken += 1;
        Some(Place { webhooks: self, endpoint })
    }
}

/// A delivery under way to an endpoint.
struct Place<'w> {
    webhooks: &'w Webhooks,
    endpoint: Uuid,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut under_way = self.webhooks.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = under_way.get_mut(&self.endpoint) {
            *taken -= 1;
            if *taken == 0 {
                under_way.remove(&self.endpoint);
            }
        }
    }
}

/// The event that a fact is about: its organiser is told.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// The event itself.
    Event(i64),
    /// An event that is gone.
    Deleted {
        /// The event.
        event: i64,
        /// Whose it was.
        owner: Option<Uuid>,
    },
    /// The event of this booking.
    Booking(Uuid),
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fact {
    /// What.
    pub kind: EventKind,
    /// To what.
    pub about: About,
    /// Ids and figures; the event's id is added.
    pub data: Value,
    /// When.
    pub at: Ts,
}

/// The job that tells of a fact, for statements that queue it themselves; `None` when nobody wants to hear of it.
pub fn news_of(
    app: &App,
    kind: EventKind,
    about: About,
    data: impl FnOnce() -> Value,
    now: Ts,
) -> Option<NewJob> {
    let fact = || Fact { kind, about, data: data(), at: now };
    app.webhooks.wants(kind).then(|| NewJob::now(Kind::TellWebhooks, &fact(), now))
}

/// Queues the telling of a fact in its own transaction, if somebody wants to hear of it; call [`App::wake_jobs`] after
/// the commit.
pub async fn tell(tx: &mut Tx, app: &App, kind: EventKind, about: About, data: Value, now: Ts) -> Result<()> {
    match news_of(app, kind, about, || data, now) {
        Some(job) => enqueue(tx, job, &app.entropy, now).await,
        None => Ok(()),
    }
}

/// Notices endpoints that other nodes have made or changed. Each node does this every second: so long an endpoint made
/// elsewhere may miss what happens here.
pub async fn look(app: &App) -> Result<()> {
    app.webhooks.look(&app.db).await
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::list_webhooks, routes::create_webhook))
        .routes(routes!(routes::get_webhook, routes::update_webhook, routes::delete_webhook))
        .routes(routes!(routes::rotate_webhook_secret))
        .merge(deliveries::router())
}
