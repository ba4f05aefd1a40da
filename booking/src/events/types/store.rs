//! SQL of changing ticket types.

use shared::clock::Ts;
use uuid::Uuid;

use super::rules::Changed;
use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// A ticket type of an event that somebody may change.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs)]
pub struct OwnType {
    pub id: i64,
    pub session_id: i64,
    pub event_id: i64,
    pub name: String,
    pub face_minor: i64,
    pub colour: String,
    pub premium: bool,
    pub seated: bool,
    pub total: i64,
    pub withdrawn: bool,
    pub hidden: bool,
}

/// A ticket type of an event of `owner`'s (`None`: anybody's).
pub async fn own(app: &App, id: i64, owner: Option<Uuid>) -> Result<Option<OwnType>> {
    Ok(q!(
        app.db.ex(),
        opt OwnType,
        "SELECT t.id, t.session_id, s.event_id, t.name, t.face_minor, t.colour, t.premium, t.seated, t.total, t.withdrawn,
                t.hidden
         FROM ticket_types t JOIN sessions s ON s.id = t.session_id JOIN events e ON e.id = s.event_id
         WHERE t.id = $1 AND (e.created_by = $2 OR $2 IS NULL)",
        id,
        owner
    )?)
}

/// Locks an event until the end of the transaction, and notes that it changed: those who change its ticket types come
/// one after another.
pub async fn lock_event(tx: &mut Tx, event: i64, now: Ts) -> Result<()> {
    let rows = q!(tx.ex(), exec, "UPDATE events SET updated_at = $2 WHERE id = $1", event, now)?;
    expect_rows("lock event", 1, rows)
}

/// Places of all sessions of an event.
pub async fn places(tx: &mut Tx, event: i64) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "SELECT CAST(COALESCE(sum(t.total), 0) AS BIGINT) FROM ticket_types t JOIN sessions s ON s.id = t.session_id
         WHERE s.event_id = $1",
        event
    )?)
}

/// Names of the ticket types of a session.
pub async fn names(tx: &mut Tx, session: i64) -> Result<Vec<String>> {
    Ok(q!(tx.ex(), vals String, "SELECT name FROM ticket_types WHERE session_id = $1", session)?)
}

/// Sections of a session whose seats some ticket type sells.
pub async fn sections(tx: &mut Tx, session: i64) -> Result<Vec<String>> {
    Ok(q!(
        tx.ex(),
        vals String,
        "SELECT DISTINCT section FROM seats WHERE session_id = $1 AND section IS NOT NULL",
        session
    )?)
}

/// Places of a ticket type that are sold or held.
pub async fn taken(tx: &mut Tx, ticket_type: &OwnType, now: Ts) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "SELECT count(*) FROM seats WHERE session_id = $1 AND ticket_type_id = $2
           AND (state = 'sold' OR (state = 'held' AND held_until > $3))",
        ticket_type.session_id,
        ticket_type.id,
        now
    )?)
}

/// Rewrites a ticket type if it still is what was seen. Rows touched.
pub async fn update(tx: &mut Tx, old: &OwnType, to: &Changed) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE ticket_types SET name = $2, face_minor = $3, colour = $4, premium = $5, total = $6, withdrawn = $7, hidden = $12
         WHERE id = $1 AND name = $8 AND face_minor = $9 AND total = $10 AND withdrawn = $11 AND hidden = $13",
        old.id,
        &to.name,
        to.face_minor,
        &to.colour,
        to.premium,
        to.total,
        to.withdrawn,
        &old.name,
        old.face_minor,
        old.total,
        old.withdrawn,
        to.hidden,
        old.hidden
    )?)
}

/// Deletes a ticket type with its seats. Rows touched; an error when holds or tickets refer to one of them.
pub async fn delete(tx: &mut Tx, id: i64) -> sqlx::Result<u64> {
    q!(tx.ex(), exec, "DELETE FROM ticket_types WHERE id = $1", id)
}

/// Withdrawn ticket types of sessions that are not over: session and type.
pub async fn withdrawn(app: &App, now: Ts) -> Result<Vec<(i64, i64)>> {
    Ok(q!(
        app.db.ex(),
        all(i64, i64),
        "SELECT t.session_id, t.id FROM ticket_types t JOIN sessions s ON s.id = t.session_id
         WHERE t.withdrawn AND s.ends_at > $1",
        now
    )?)
}
