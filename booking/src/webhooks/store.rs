//! SQL of webhooks.

use serde::Serialize;
use shared::clock::Ts;
use sqlx::FromRow;
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{self, EndpointState, EventKind};
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::q;

/// Whose secret it is, as the vault knows it.
pub fn sealed_for(endpoint: Uuid) -> String {
    format!("webhook:{endpoint}")
}

/// An endpoint as its owner sees it.
#[derive(Debug, Clone, Serialize, ToSchema, FromRow)]
pub struct Endpoint {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    #[sqlx(rename = "owner_id")]
    pub owner: Uuid,
    /// Where messages go.
    pub url: String,
    /// In its owner's words; may be empty.
    pub description: String,
    /// What it is told of.
    #[schema(value_type = Vec<EventKind>)]
    pub kinds: Json<Vec<String>>,
    /// Whether messages go there.
    pub state: EndpointState,
    /// Since the first failure after the last success; null while all is well.
    pub failing_since: Option<Ts>,
    /// Until when messages are signed with the secret before, too.
    #[sqlx(rename = "overlap_until")]
    pub secret_overlap_until: Option<Ts>,
    /// When it was made.
    pub created_at: Ts,
}

/// An endpoint to be made.
#[derive(Debug, Clone)]
pub struct NewEndpoint {
    pub id: Uuid,
    pub owner: Uuid,
    pub url: String,
    pub description: String,
    pub kinds: Vec<&'static str>,
    pub sealed: Vec<u8>,
}

/// The kinds that endpoints want to hear of, those that are paused too.
pub async fn wanted(db: &Db) -> Result<Vec<Json<Vec<String>>>> {
    Ok(q!(db.ex(), vals Json<Vec<String>>, "SELECT DISTINCT kinds FROM webhook_endpoints")?)
}

/// Endpoints in the order they were made; of `owner` only, when given.
pub async fn list(db: &Db, owner: Option<Uuid>) -> Result<Vec<Endpoint>> {
    Ok(q!(
        db.ex(),
        all Endpoint,
        "SELECT id, owner_id, url, description, kinds, state, failing_since, overlap_until, created_at
         FROM webhook_endpoints WHERE owner_id = $1 OR CAST($1 AS UUID) IS NULL ORDER BY id LIMIT 1000",
        owner
    )?)
}

/// An endpoint; of `owner` only, when given.
pub async fn find(db: &Db, id: Uuid, owner: Option<Uuid>) -> Result<Option<Endpoint>> {
    Ok(q!(
        db.ex(),
        opt Endpoint,
        "SELECT id, owner_id, url, description, kinds, state, failing_since, overlap_until, created_at
         FROM webhook_endpoints WHERE id = $1 AND (owner_id = $2 OR CAST($2 AS UUID) IS NULL)",
        id,
        owner
    )?)
}

/// Writes an endpoint, unless its owner has as many as one may have; whether it did. The owner's row is locked meanwhile, so
/// that two at once are counted one after the other.
pub async fn insert(tx: &mut Tx, new: &NewEndpoint, now: Ts) -> Result<bool> {
    q!(
        tx.ex(),
        optval Uuid,
        pg "SELECT id FROM users WHERE id = $1 FOR UPDATE" lite "SELECT id FROM users WHERE id = $1",
        new.owner
    )?;
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO webhook_endpoints (id, owner_id, url, description, kinds, state, secret, created_at)
         SELECT $1, $2, $3, $4, $5, 'enabled', $6, $7
         WHERE (SELECT count(*) FROM webhook_endpoints WHERE owner_id = $2) < $8",
        new.id,
        new.owner,
        &new.url,
        &new.description,
        Json(&new.kinds),
        &new.sealed,
        now,
        rules::ENDPOINTS_MAX
    )?;
    Ok(rows == 1)
}

/// Changes what is given of an endpoint. Rows touched.
pub async fn change(
    tx: &mut Tx,
    id: Uuid,
    url: Option<&str>,
    description: Option<&str>,
    kinds: Option<&[&'static str]>,
) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE webhook_endpoints SET url = COALESCE($2, url), description = COALESCE($3, description),
                kinds = COALESCE($4, kinds) WHERE id = $1",
        id,
        url,
        description,
        kinds.map(Json)
    )?)
}

/// Pauses an endpoint, or brings it back with a clean slate. Rows touched.
pub async fn pause(tx: &mut Tx, id: Uuid, paused: bool) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE webhook_endpoints SET state = $2, failing_since = NULL, not_before = NULL WHERE id = $1",
        id,
        if paused { EndpointState::Paused } else { EndpointState::Enabled }
    )?)
}

/// Deletes all endpoints of an account with their deliveries.
pub async fn delete_all(tx: &mut Tx, owner: Uuid) -> Result<()> {
    q!(tx.ex(), exec, "DELETE FROM webhook_endpoints WHERE owner_id = $1", owner)?;
    Ok(())
}

/// Deletes an endpoint with all its deliveries. Rows touched.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<u64> {
    Ok(q!(tx.ex(), exec, "DELETE FROM webhook_endpoints WHERE id = $1", id)?)
}

/// Replaces the secret; the one before signs too until `overlap_until`. Rows touched.
pub async fn rotate(tx: &mut Tx, id: Uuid, sealed: &[u8], overlap_until: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE webhook_endpoints SET previous_secret = secret, secret = $2, overlap_until = $3 WHERE id = $1",
        id,
        sealed,
        overlap_until
    )?)
}

/// The event of a booking.
pub async fn event_of(tx: &mut Tx, booking: Uuid) -> Result<Option<i64>> {
    Ok(q!(tx.ex(), optval i64, "SELECT event_id FROM bookings WHERE id = $1", booking)?)
}

/// Endpoints that a fact about an event concerns, with their states: those of its organiser, and those of admins. Of an
/// event that is gone, `owner` says whose it was.
pub async fn concerned(
    tx: &mut Tx,
    kind: &str,
    event: Option<i64>,
    owner: Option<Uuid>,
) -> Result<Vec<(Uuid, EndpointState)>> {
    Ok(q!(
        tx.ex(),
        all(Uuid, EndpointState),
        pg "SELECT w.id, w.state FROM webhook_endpoints w JOIN users u ON u.id = w.owner_id
            WHERE EXISTS (SELECT 1 FROM jsonb_array_elements_text(w.kinds) k WHERE k = $1)
              AND (u.role = 'admin' OR (u.role = 'organizer'
                   AND u.id = COALESCE($3, (SELECT e.created_by FROM events e WHERE e.id = $2)))) ORDER BY w.id"
        lite "SELECT w.id, w.state FROM webhook_endpoints w JOIN users u ON u.id = w.owner_id
              WHERE EXISTS (SELECT 1 FROM json_each(w.kinds) k WHERE k.value = $1)
                AND (u.role = 'admin' OR (u.role = 'organizer'
                     AND u.id = COALESCE($3, (SELECT e.created_by FROM events e WHERE e.id = $2)))) ORDER BY w.id",
        kind,
        event,
        owner
    )?)
}

/// Notes that an endpoint works.
pub async fn succeeded(tx: &mut Tx, endpoint: Uuid) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE webhook_endpoints SET failing_since = NULL, not_before = NULL WHERE id = $1 AND failing_since IS NOT NULL",
        endpoint
    )?;
    Ok(())
}

/// Notes that an endpoint fails, and until when it is left alone. Nothing happens when it was deleted meanwhile.
pub async fn rest(tx: &mut Tx, endpoint: Uuid, since: Ts, until: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE webhook_endpoints SET failing_since = COALESCE(failing_since, $2), not_before = $3 WHERE id = $1",
        endpoint,
        since,
        until
    )?;
    Ok(())
}

/// Disables an endpoint; whether this call did.
pub async fn disable(tx: &mut Tx, endpoint: Uuid) -> Result<bool> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE webhook_endpoints SET state = 'disabled' WHERE id = $1 AND state = 'enabled'",
        endpoint
    )? == 1)
}
