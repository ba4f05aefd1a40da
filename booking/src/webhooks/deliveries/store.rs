//! SQL of deliveries and their log.

use serde::{Serialize, Serializer};
use shared::clock::Ts;
use sqlx::FromRow;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::{Db, Tx, expect_rows};
use crate::error::Result;
use crate::q;
use crate::webhooks::rules::{self, DeliveryState, EndpointState};

/// Writes a message; false when it is there.
pub async fn insert_message(tx: &mut Tx, id: Uuid, kind: &str, body: &str, now: Ts) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO webhook_messages (id, kind, body, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING",
        id,
        kind,
        body,
        now
    )?;
    Ok(rows == 1)
}

/// Writes a delivery: pending, or skipped when nothing is sent to the endpoint now.
pub async fn insert_delivery(
    tx: &mut Tx,
    id: Uuid,
    message: Uuid,
    endpoint: Uuid,
    is_open: bool,
    now: Ts,
) -> Result<()> {
    let (state, next, ended) = if is_open {
        (DeliveryState::Pending, Some(now), None)
    } else {
        (DeliveryState::Skipped, None, Some(now))
    };
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO webhook_deliveries (id, message_id, endpoint_id, state, attempts, next_attempt_at, created_at, ended_at)
         VALUES ($1, $2, $3, $4, 0, $5, $6, $7)",
        id,
        message,
        endpoint,
        state,
        next,
        now,
        ended
    )?;
    expect_rows("insert webhook delivery", 1, rows)
}

/// A delivery with all that sending it takes.
#[derive(Debug, Clone, FromRow)]
pub struct Outgoing {
    pub id: Uuid,
    pub state: DeliveryState,
    pub attempts: i64,
    pub message_id: Uuid,
    pub kind: String,
    pub body: String,
    pub endpoint_id: Uuid,
    pub url: String,
    pub endpoint_state: EndpointState,
    pub secret: Vec<u8>,
    pub previous_secret: Option<Vec<u8>>,
    pub overlap_until: Option<Ts>,
    pub failing_since: Option<Ts>,
    pub not_before: Option<Ts>,
    /// Whether its owner still is an organiser or admin.
    pub owner_may: bool,
}

impl Outgoing {
    /// Whether it is a test.
    pub fn is_ping(&self) -> bool {
        self.kind == rules::PING
    }

    /// Whether it may be sent: a test may always.
    pub fn is_open(&self) -> bool {
        self.owner_may && (self.endpoint_state == EndpointState::Enabled || self.is_ping())
    }
}

/// A delivery, for sending it.
pub async fn outgoing(db: &Db, delivery: Uuid) -> Result<Option<Outgoing>> {
    Ok(q!(
        db.ex(),
        opt Outgoing,
        "SELECT d.id, d.state, d.attempts, d.message_id, m.kind, m.body, d.endpoint_id, w.url, w.state AS endpoint_state,
                w.secret, w.previous_secret, w.overlap_until, w.failing_since, w.not_before,
                u.role IN ('admin', 'organizer') AS owner_may
         FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message_id
         JOIN webhook_endpoints w ON w.id = d.endpoint_id JOIN users u ON u.id = w.owner_id WHERE d.id = $1",
        delivery
    )?)
}

/// Ends a delivery whose endpoint takes nothing now.
pub async fn skip(tx: &mut Tx, delivery: Uuid, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE webhook_deliveries SET state = 'skipped', next_attempt_at = NULL, ended_at = $2
         WHERE id = $1 AND state = 'pending'",
        delivery,
        now
    )?;
    Ok(())
}

/// What came of an attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub delivery: Uuid,
    pub at: Ts,
    pub status: Option<i64>,
    pub duration_ms: i64,
    pub error: Option<String>,
    pub answer: String,
}

/// Keeps an attempt in the log.
pub async fn insert_attempt(tx: &mut Tx, attempt: &Attempt) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO webhook_attempts (delivery_id, at, status, duration_ms, error, answer) VALUES ($1, $2, $3, $4, $5, $6)",
        attempt.delivery,
        attempt.at,
        attempt.status,
        attempt.duration_ms,
        &attempt.error,
        &attempt.answer
    )?;
    expect_rows("insert webhook attempt", 1, rows)
}

/// Ends a delivery that was taken.
pub async fn delivered(tx: &mut Tx, attempt: &Attempt) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE webhook_deliveries SET state = 'delivered', attempts = attempts + 1, last_status = $2, last_error = NULL,
                next_attempt_at = NULL, ended_at = $3 WHERE id = $1",
        attempt.delivery,
        attempt.status,
        attempt.at
    )?;
    expect_rows("end webhook delivery", 1, rows)
}

/// Notes a failed attempt: the next one is due at `next`, or the delivery has failed.
pub async fn failed(tx: &mut Tx, attempt: &Attempt, next: Option<Ts>) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE webhook_deliveries SET state = $5, attempts = attempts + 1, last_status = $2, last_error = $3,
                next_attempt_at = $4, ended_at = $6 WHERE id = $1",
        attempt.delivery,
        attempt.status,
        &attempt.error,
        next,
        if next.is_some() { DeliveryState::Pending } else { DeliveryState::Failed },
        next.is_none().then_some(attempt.at)
    )?;
    expect_rows("note webhook failure", 1, rows)
}

/// A delivery as the log shows it.
#[derive(Debug, Clone, Serialize, ToSchema, FromRow)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// The message, as `webhook-id` names it.
    #[sqlx(rename = "message_id")]
    #[serde(serialize_with = "message_name")]
    #[schema(value_type = String)]
    pub message: Uuid,
    /// What it tells of.
    pub kind: String,
    /// What became of it.
    pub state: DeliveryState,
    /// Attempts since it was queued or replayed.
    pub attempts: i64,
    /// Status of the last answer.
    #[sqlx(rename = "last_status")]
    pub status: Option<i64>,
    /// Why the last attempt failed.
    #[sqlx(rename = "last_error")]
    pub error: Option<String>,
    /// When it is tried next.
    pub next_attempt_at: Option<Ts>,
    /// When it was queued first.
    pub created_at: Ts,
    /// When it ended.
    pub ended_at: Option<Ts>,
}

fn message_name<S: Serializer>(message: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rules::message_name(*message))
}

/// Deliveries to an endpoint before `before`, the newest first; in `state` only, when given.
pub async fn deliveries(
    db: &Db,
    endpoint: Uuid,
    state: Option<DeliveryState>,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Delivery>> {
    Ok(q!(
        db.ex(),
        all Delivery,
        "SELECT d.id, d.message_id, m.kind, d.state, d.attempts, d.last_status, d.last_error, d.next_attempt_at, d.created_at,
                d.ended_at
         FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message_id
         WHERE d.endpoint_id = $1 AND (d.state = $2 OR CAST($2 AS TEXT) IS NULL)
           AND (d.id < $3 OR CAST($3 AS UUID) IS NULL) ORDER BY d.id DESC LIMIT $4",
        endpoint,
        state,
        before,
        limit
    )?)
}

/// A delivery with what it carries.
#[derive(Debug, Clone, Serialize, ToSchema, FromRow)]
pub struct DeliveryFacts {
    /// How it stands.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub delivery: Delivery,
    /// The endpoint.
    #[sqlx(rename = "endpoint_id")]
    pub endpoint: Uuid,
    /// What is signed and sent.
    pub body: String,
}

/// A delivery; to an endpoint of `owner` only, when given.
pub async fn delivery(db: &Db, id: Uuid, owner: Option<Uuid>) -> Result<Option<DeliveryFacts>> {
    Ok(q!(
        db.ex(),
        opt DeliveryFacts,
        "SELECT d.id, d.message_id, m.kind, d.state, d.attempts, d.last_status, d.last_error, d.next_attempt_at, d.created_at,
                d.ended_at, d.endpoint_id, m.body
         FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message_id
         JOIN webhook_endpoints w ON w.id = d.endpoint_id
         WHERE d.id = $1 AND (w.owner_id = $2 OR CAST($2 AS UUID) IS NULL)",
        id,
        owner
    )?)
}

/// An attempt as the log shows it.
#[derive(Debug, Clone, Serialize, ToSchema, FromRow)]
pub struct AttemptRow {
    /// When.
    pub at: Ts,
    /// Status of the answer; null when there was none.
    pub status: Option<i64>,
    /// How long it took.
    pub duration_ms: i64,
    /// Why it counts as failed.
    pub error: Option<String>,
    /// The first 512 characters of the answer.
    pub answer: String,
}

/// The newest 100 attempts at a delivery, the oldest of them first.
pub async fn attempts(db: &Db, delivery: Uuid) -> Result<Vec<AttemptRow>> {
    let mut rows = q!(
        db.ex(),
        all AttemptRow,
        "SELECT at, status, duration_ms, error, answer FROM webhook_attempts WHERE delivery_id = $1
         ORDER BY id DESC LIMIT 100",
        delivery
    )?;
    rows.reverse();
    Ok(rows)
}

/// Sends a delivery again that has ended, from its first attempt; whether this call did, so that two at once queue one job.
pub async fn replay(tx: &mut Tx, delivery: Uuid, now: Ts) -> Result<bool> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_attempt_at = $2, ended_at = NULL
         WHERE id = $1 AND state <> 'pending'",
        delivery,
        now
    )? == 1)
}

/// Sends again what an endpoint did not take of what was queued since `since` and before `until`, the oldest first; which.
pub async fn replay_since(
    tx: &mut Tx,
    endpoint: Uuid,
    since: Ts,
    until: Ts,
    most: i64,
    now: Ts,
) -> Result<Vec<Uuid>> {
    Ok(q!(
        tx.ex(),
        vals Uuid,
        "UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_attempt_at = $5, ended_at = NULL
         WHERE state IN ('failed', 'skipped') AND id IN (
             SELECT id FROM webhook_deliveries WHERE endpoint_id = $1 AND state IN ('failed', 'skipped')
                AND created_at >= $2 AND created_at < $3 ORDER BY id LIMIT $4)
         RETURNING id",
        endpoint,
        since,
        until,
        most,
        now
    )?)
}

/// Deletes messages written before `before` that are on their way nowhere, with their deliveries.
pub async fn forget(tx: &mut Tx, before: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "DELETE FROM webhook_messages WHERE created_at < $1 AND NOT EXISTS (
             SELECT 1 FROM webhook_deliveries d WHERE d.message_id = webhook_messages.id AND d.state = 'pending')",
        before
    )?;
    Ok(())
}
