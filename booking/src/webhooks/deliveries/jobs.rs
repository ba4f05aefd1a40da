//! From a fact to its messages, and a message's way to an endpoint. Both may run any number of times.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::clock::Ts;
use shared::problem::Problem;
use time::Duration;
use uuid::Uuid;

use super::store::{self, Attempt, Outgoing};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::jobs::{Kind, NewJob, enqueue};
use crate::notifications::{self, Message};
use crate::webhooks::rules::{DeliveryState, EndpointState};
use crate::webhooks::wire::{Answered, Sent};
use crate::webhooks::{About, Fact, rules, store as endpoints};

/// How long messages and their deliveries are kept for those who look, and who want them again.
const KEPT: Duration = Duration::days(30);
/// Until a delivery looks again for a free place of its endpoint.
const BUSY_PAUSE: Duration = Duration::seconds(10);

/// Payload of [`Kind::DeliverWebhook`].
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Delivering {
    /// The delivery.
    pub delivery: Uuid,
}

impl Delivering {
    /// The job that makes a delivery.
    pub fn job(delivery: Uuid, now: Ts) -> NewJob {
        NewJob::now(Kind::DeliverWebhook, &Self { delivery }, now)
    }
}

/// Writes the message of a fact down under the id of the job that asks for it, with a delivery for each endpoint it concerns.
///
/// # Errors
/// Those of the database.
pub async fn fan_out(app: &App, message: Uuid, fact: Fact) -> Result<()> {
    let inner = app.clone();
    app.db
        .write("write_webhook_message", move |tx| {
            let (app, mut fact) = (inner.clone(), fact.clone());
            Box::pin(async move {
                let (event, owner) = match fact.about {
                    About::Event(event) => (Some(event), None),
                    About::Deleted { event, owner } => (Some(event), owner),
                    About::Booking(booking) => (endpoints::event_of(tx, booking).await?, None),
                };
                if let (Some(event), Value::Object(data)) = (event, &mut fact.data) {
                    data.insert("event".into(), event.into());
                }
                let concerned = endpoints::concerned(tx, fact.kind.name(), event, owner).await?;
                let body = body(fact.kind.name(), fact.at, &fact.data);
                // The job's id is the message's: run again, it finds its work done.
                let is_new = !concerned.is_empty()
                    && store::insert_message(tx, message, fact.kind.name(), &body, app.now()).await?;
                if !is_new {
                    return Ok(());
                }
                for (endpoint, state) in concerned {
                    address(tx, &app, message, endpoint, state == EndpointState::Enabled).await?;
                }
                Ok(())
            })
        })
        .await?;
    app.wake_jobs();
    Ok(())
}

/// Writes a test message for one endpoint; the delivery.
pub async fn ping(tx: &mut Tx, app: &App, endpoint: Uuid, now: Ts) -> Result<Uuid> {
    let message = app.entropy.uuid_v7(now);
    let body = body(rules::PING, now, &json!({ "endpoint": endpoint }));
    store::insert_message(tx, message, rules::PING, &body, now).await?;
    address(tx, app, message, endpoint, true).await
}

/// Addresses a message to an endpoint, and queues its delivery unless nothing is sent there now.
async fn address(tx: &mut Tx, app: &App, message: Uuid, endpoint: Uuid, is_open: bool) -> Result<Uuid> {
    let now = app.now();
    let delivery = app.entropy.uuid_v7(now);
    store::insert_delivery(tx, delivery, message, endpoint, is_open, now).await?;
    if is_open {
        enqueue(tx, Delivering::job(delivery, now), &app.entropy, now).await?;
    }
    Ok(delivery)
}

/// The bytes that are signed and sent: thin, as Standard Webhooks advises.
fn body(kind: &str, at: Ts, data: &Value) -> String {
    json!({ "type": kind, "timestamp": at, "data": data }).to_string()
}

/// Makes one attempt at a delivery, and says when the next one is due.
pub async fn deliver(app: &App, Delivering { delivery }: Delivering) -> Result<()> {
    let Some(out) = store::outgoing(&app.db, delivery).await? else { return Ok(()) };
    let now = app.now();
    if matches!(out.state, DeliveryState::Delivered | DeliveryState::Skipped) {
        return Ok(());
    }
    if !out.is_open() {
        let skip = app
            .db
            .write("skip_delivery", move |tx| Box::pin(async move { store::skip(tx, delivery, now).await }));
        return skip.await;
    }
    // An endpoint that fails is left alone for a while, by all deliveries to it; a test is somebody's wish.
    if let Some(until) = out.not_before.filter(|until| *until > now && !out.is_ping()) {
        let jitter = Duration::milliseconds(app.entropy.below(5_000).into());
        return Err(Error::NotYet(until - now + jitter));
    }
    let Some(_place) = app.webhooks.enter(out.endpoint_id) else { return Err(Error::NotYet(BUSY_PAUSE)) };
    let answered = send(app, &out, now).await?;
    let end = if answered.error.is_none() { "delivered" } else { "failed" };
    metrics::counter!("webhook_attempts_total", "end" => end).increment(1);
    note(app, out, answered).await
}

async fn send(app: &App, out: &Outgoing, now: Ts) -> Result<Answered> {
    let owner = endpoints::sealed_for(out.endpoint_id);
    let mut secrets = vec![app.vault.unseal(&owner, &out.secret)?];
    if let Some(previous) =
        out.previous_secret.as_ref().filter(|_| out.overlap_until.is_some_and(|until| until > now))
    {
        secrets.push(app.vault.unseal(&owner, previous)?);
    }
    let id = rules::message_name(out.message_id);
    let signature = rules::signatures(&secrets, &id, now, &out.body);
    let message =
        Sent { url: &out.url, id: &id, timestamp: now.seconds(), signature: &signature, body: &out.body };
    app.webhooks.wire.post(&message).await
}

/// Writes down what came of an attempt, in one transaction with all that follows from it.
async fn note(app: &App, out: Outgoing, answered: Answered) -> Result<()> {
    let (now, inner) = (app.now(), app.clone());
    let (random, is_ping) = (app.entropy.below(100), out.is_ping());
    let next = app
        .db
        .write("note_webhook_attempt", move |tx| {
            let (app, out, answered) = (inner.clone(), out.clone(), answered.clone());
            Box::pin(async move {
                let attempt = Attempt {
                    delivery: out.id,
                    at: now,
                    status: answered.status.map(i64::from),
                    duration_ms: answered.duration_ms,
                    error: answered.error.clone(),
                    answer: answered.answer,
                };
                store::insert_attempt(tx, &attempt).await?;
                if attempt.error.is_none() {
                    store::delivered(tx, &attempt).await?;
                    endpoints::succeeded(tx, out.endpoint_id).await?;
                    return Ok(None);
                }
                let is_gone = answered.status == Some(StatusCode::GONE.as_u16());
                failing(tx, &app, &out, is_gone, now).await?;
                let next = rules::next_attempt(out.attempts + 1, answered.retry_after, random, now);
                // Who says that it is gone is not asked again.
                let next = next.filter(|_| !is_gone && !out.is_ping());
                store::failed(tx, &attempt, next).await?;
                Ok(Some(next))
            })
        })
        .await?;
    app.wake_jobs();
    match next {
        None => Ok(()),
        // A test that fails has done its work: its owner reads how.
        Some(None) if is_ping => Ok(()),
        Some(None) => Err(given_up().into()),
        Some(Some(next)) => Err(Error::NotYet(next - now)),
    }
}

/// Notes a failure at the endpoint, and disables it when it has failed for too long or says that it is gone.
async fn failing(tx: &mut Tx, app: &App, out: &Outgoing, is_gone: bool, now: Ts) -> Result<()> {
    if out.is_ping() {
        return Ok(());
    }
    let since = out.failing_since.unwrap_or(now);
    endpoints::rest(tx, out.endpoint_id, since, rules::rest_until(since, now)).await?;
    if (is_gone || rules::is_given_up(since, now)) && endpoints::disable(tx, out.endpoint_id).await? {
        let detail = json!({ "failing_since": since, "gone": is_gone });
        let subject = format!("webhook:{}", out.endpoint_id);
        audit::append(tx, None, "webhook.disabled", subject, detail, now).await?;
        notifications::enqueue(tx, app, &Message::WebhookDisabled { endpoint: out.endpoint_id }, now).await?;
    }
    Ok(())
}

fn given_up() -> Problem {
    Problem::new(StatusCode::BAD_GATEWAY, "webhook-undelivered", "The endpoint did not take the message")
        .detail("Its log says why. When the endpoint is mended, send it again: POST …/webhook-deliveries/{id}/replay.")
}

/// Forgets messages that are old and on their way nowhere.
pub async fn forget_old(app: &App) -> Result<()> {
    let before = app.now() - KEPT;
    app.db
        .write("forget_webhook_messages", move |tx| Box::pin(async move { store::forget(tx, before).await }))
        .await
}
