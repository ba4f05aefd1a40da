//! SQL of check-ins.

use serde::Serialize;
use shared::clock::Ts;
use sqlx::FromRow;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::q;
use crate::tickets::TicketStatus;

/// An entry to be made.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// The entry.
    pub id: Uuid,
    /// The ticket.
    pub ticket: Uuid,
    /// Where.
    pub gate: String,
    /// Who let them in.
    pub staff: Uuid,
    /// When.
    pub at: Ts,
}

/// Writes an entry; rows touched. 0: `checkins_once` says that the ticket is inside.
pub async fn enter(tx: &mut Tx, entry: &NewEntry) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "INSERT INTO checkins (id, ticket_id, gate, staff, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        entry.id,
        entry.ticket,
        &entry.gate,
        entry.staff,
        entry.at
    )?)
}

/// Marks a live ticket as used; rows touched (0: it was cancelled or passed on a moment ago).
pub async fn mark_used(tx: &mut Tx, ticket: Uuid) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE tickets SET status = 'used' WHERE id = $1 AND status IN ('valid', 'used')",
        ticket
    )?)
}

/// The entry that keeps a ticket from being used again.
#[derive(Debug, FromRow)]
pub struct FirstEntry {
    /// The entry.
    pub id: Uuid,
    /// When.
    pub at: Ts,
    /// Where.
    pub gate: String,
}

/// The standing entry of a ticket.
pub async fn first_entry(tx: &mut Tx, ticket: Uuid) -> Result<Option<FirstEntry>> {
    Ok(q!(
        tx.ex(),
        opt FirstEntry,
        "SELECT id, at, gate FROM checkins WHERE ticket_id = $1 AND undone_at IS NULL ORDER BY at LIMIT 1",
        ticket
    )?)
}

/// An entry, and whose event it is at.
#[derive(Debug, FromRow)]
pub struct Entry {
    /// The ticket.
    pub ticket_id: Uuid,
    /// Who runs the event.
    pub organiser: Option<Uuid>,
}

/// An entry.
pub async fn entry(tx: &mut Tx, id: Uuid) -> Result<Option<Entry>> {
    Ok(q!(
        tx.ex(),
        opt Entry,
        "SELECT c.ticket_id, e.created_by AS organiser FROM checkins c JOIN tickets t ON t.id = c.ticket_id
         JOIN events e ON e.id = t.event_id WHERE c.id = $1",
        id
    )?)
}

/// Takes an entry back; rows touched (0: it was taken back before).
pub async fn undo(tx: &mut Tx, id: Uuid, now: Ts) -> Result<u64> {
    Ok(q!(tx.ex(), exec, "UPDATE checkins SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL", id, now)?)
}

/// Lets a used ticket open the door again.
pub async fn mark_valid(tx: &mut Tx, ticket: Uuid) -> Result<u64> {
    Ok(q!(tx.ex(), exec, "UPDATE tickets SET status = 'valid' WHERE id = $1 AND status = 'used'", ticket)?)
}

/// Whose event a session belongs to; outer `None`: there is no such session.
pub async fn organiser_of(db: &Db, session: i64) -> Result<Option<Option<Uuid>>> {
    Ok(q!(
        db.ex(),
        optval Option<Uuid>,
        "SELECT e.created_by FROM sessions s JOIN events e ON e.id = s.event_id WHERE s.id = $1",
        session
    )?)
}

/// How many tickets of a session are live.
pub async fn live_tickets(db: &Db, session: i64) -> Result<i64> {
    Ok(q!(
        db.ex(),
        val i64,
        "SELECT count(*) FROM tickets WHERE session_id = $1 AND status IN ('valid', 'used')",
        session
    )?)
}

/// Entries through one gate.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct GateCount {
    /// The gate.
    pub gate: String,
    /// Entries that stand.
    pub checked_in: i64,
}

/// Entries of a session by gate.
pub async fn by_gate(db: &Db, session: i64) -> Result<Vec<GateCount>> {
    Ok(q!(
        db.ex(),
        all GateCount,
        "SELECT c.gate, count(*) AS checked_in FROM checkins c JOIN tickets t ON t.id = c.ticket_id
         WHERE t.session_id = $1 AND c.undone_at IS NULL GROUP BY c.gate ORDER BY c.gate",
        session
    )?)
}

/// Keeps an entry that came second; once, however often it is reported.
pub async fn keep_conflict(tx: &mut Tx, entry: &NewEntry, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "INSERT INTO checkin_conflicts (id, ticket_id, gate, staff, at, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO NOTHING",
        entry.id,
        entry.ticket,
        &entry.gate,
        entry.staff,
        entry.at,
        now
    )?;
    Ok(())
}

/// An entry that came second.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct Conflict {
    /// The ticket.
    pub ticket_code: String,
    /// Where the second came in.
    pub gate: String,
    /// When.
    pub at: Ts,
}

/// Entries of a session that came second, the newest first.
pub async fn conflicts(db: &Db, session: i64, limit: i64) -> Result<Vec<Conflict>> {
    Ok(q!(
        db.ex(),
        all Conflict,
        "SELECT t.code AS ticket_code, c.gate, c.at FROM checkin_conflicts c JOIN tickets t ON t.id = c.ticket_id
         WHERE t.session_id = $1 ORDER BY c.recorded_at DESC, c.id DESC LIMIT $2",
        session,
        limit
    )?)
}

/// A ticket that does not admit (any more).
#[derive(Debug, FromRow)]
pub struct NotValid {
    /// The ticket.
    pub id: Uuid,
    /// Why.
    pub status: TicketStatus,
}

/// Tickets of a session that do not admit.
pub async fn not_valid(db: &Db, session: i64) -> Result<Vec<NotValid>> {
    Ok(q!(
        db.ex(),
        all NotValid,
        "SELECT id, status FROM tickets WHERE session_id = $1 AND status <> 'valid' ORDER BY id",
        session
    )?)
}
