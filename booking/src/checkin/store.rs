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
#[derive(Debug, Clone, Serialize)]
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

/// Whether a ticket admits by its status. Its row is then locked until the transaction ends: whoever writes one of its
/// entries does that first, so that two who do cannot block each other.
pub async fn lock_live(tx: &mut Tx, ticket: Uuid) -> Result<bool> {
    let live = q!(
        tx.ex(),
        optval Uuid,
        pg "SELECT id FROM tickets WHERE id = $1 AND status IN ('valid', 'used') FOR UPDATE"
        lite "SELECT id FROM tickets WHERE id = $1 AND status IN ('valid', 'used')",
        ticket
    )?;
    Ok(live.is_some())
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

/// Marks a live ticket as used; rows touched (0: it is cancelled or passed on).
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
    /// The event.
    pub event_id: i64,
}

/// An entry.
pub async fn entry(tx: &mut Tx, id: Uuid) -> Result<Option<Entry>> {
    Ok(q!(
        tx.ex(),
        opt Entry,
        "SELECT c.ticket_id, e.created_by AS organiser, e.id AS event_id FROM checkins c JOIN tickets t ON t.id = c.ticket_id
         JOIN events e ON e.id = t.event_id WHERE c.id = $1",
        id
    )?)
}

/// Takes an entry back; rows touched (0: it was taken back before).
pub async fn undo(tx: &mut Tx, id: Uuid, now: Ts) -> Result<u64> {
    Ok(q!(tx.ex(), exec, "UPDATE checkins SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL", id, now)?)
}

/// Whether this very entry was made and taken back.
pub async fn is_undone(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let undone =
        q!(tx.ex(), val i64, "SELECT count(*) FROM checkins WHERE id = $1 AND undone_at IS NOT NULL", id)?;
    Ok(undone > 0)
}

/// Lets a used ticket open the door again.
pub async fn mark_valid(tx: &mut Tx, ticket: Uuid) -> Result<u64> {
    Ok(q!(tx.ex(), exec, "UPDATE tickets SET status = 'valid' WHERE id = $1 AND status = 'used'", ticket)?)
}

/// Whose event a session belongs to, and which; `None`: there is no such session.
pub async fn event_of(db: &Db, session: i64) -> Result<Option<(Option<Uuid>, i64)>> {
    Ok(q!(
        db.ex(),
        opt(Option<Uuid>, i64),
        "SELECT e.created_by, e.id FROM sessions s JOIN events e ON e.id = s.event_id WHERE s.id = $1",
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
    /// Where the first came in; `null` when that entry was taken back.
    pub first_gate: Option<String>,
    /// When the first came in.
    pub first_used_at: Option<Ts>,
}

/// Entries of a session that came second, the newest first.
pub async fn conflicts(db: &Db, session: i64, limit: i64) -> Result<Vec<Conflict>> {
    Ok(q!(
        db.ex(),
        all Conflict,
        "SELECT t.code AS ticket_code, c.gate, c.at, f.gate AS first_gate, f.at AS first_used_at
         FROM checkin_conflicts c JOIN tickets t ON t.id = c.ticket_id
         LEFT JOIN checkins f ON f.ticket_id = c.ticket_id AND f.undone_at IS NULL
         WHERE t.session_id = $1 ORDER BY c.recorded_at DESC, c.id DESC LIMIT $2",
        session,
        limit
    )?)
}

/// A ticket that no longer admits, though its QR code is genuine.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct DeadTicket {
    /// The ticket.
    pub ticket: Uuid,
    /// Why: `cancelled` or `transferred`.
    pub reason: TicketStatus,
}

/// Dead tickets of a session.
pub async fn dead_tickets(db: &Db, session: i64) -> Result<Vec<DeadTicket>> {
    Ok(q!(
        db.ex(),
        all DeadTicket,
        "SELECT id AS ticket, status AS reason FROM tickets
         WHERE session_id = $1 AND status IN ('cancelled', 'transferred') ORDER BY id",
        session
    )?)
}

/// A ticket whose holder is inside.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct UsedTicket {
    /// The ticket.
    pub ticket: Uuid,
    /// When its holder came in.
    pub at: Ts,
    /// Where.
    pub gate: String,
}

/// Used tickets of a session.
pub async fn used_tickets(db: &Db, session: i64) -> Result<Vec<UsedTicket>> {
    Ok(q!(
        db.ex(),
        all UsedTicket,
        "SELECT c.ticket_id AS ticket, c.at, c.gate FROM checkins c JOIN tickets t ON t.id = c.ticket_id
         WHERE t.session_id = $1 AND c.undone_at IS NULL ORDER BY c.ticket_id",
        session
    )?)
}

/// Tickets of a session ever issued.
pub async fn issued(db: &Db, session: i64) -> Result<i64> {
    Ok(q!(db.ex(), val i64, "SELECT count(*) FROM tickets WHERE session_id = $1", session)?)
}

/// A ticket as a scanner lists it.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct ListedTicket {
    /// The ticket, as its QR code names it.
    pub id: Uuid,
    /// `TCK-…`.
    pub code: String,
    /// The booking's reference.
    pub reference: String,
    /// The name printed on it.
    pub holder_name: String,
    /// Name of its ticket type.
    pub ticket_type: String,
    /// Section of the venue.
    pub section: Option<String>,
    /// Row of the section.
    pub row: Option<String>,
    /// Seat in its row; `null` in general admission.
    pub label: Option<String>,
}

/// Tickets of a session, live and dead, in the order they were issued, behind the ticket `after`.
pub async fn tickets(db: &Db, session: i64, after: Uuid, limit: i64) -> Result<Vec<ListedTicket>> {
    Ok(q!(
        db.ex(),
        all ListedTicket,
        "SELECT t.id, t.code, b.reference, t.holder_name, y.name AS ticket_type, s.section, s.row_label AS \"row\", s.label
         FROM tickets t JOIN bookings b ON b.id = t.booking_id JOIN ticket_types y ON y.id = t.ticket_type_id
         JOIN seats s ON s.id = t.seat_id WHERE t.session_id = $1 AND t.id > $2 ORDER BY t.id LIMIT $3",
        session,
        after,
        limit
    )?)
}

/// A performance and where it is.
#[derive(Debug, FromRow)]
pub struct DoorRow {
    /// The performance.
    pub session: i64,
    /// Its event.
    pub event: i64,
    /// Name of the event.
    pub event_name: String,
    /// Name of the venue.
    pub venue: String,
    /// Hall inside the venue.
    pub room_name: Option<String>,
    /// IANA name.
    pub time_zone: String,
    /// Entry from.
    pub doors_at: Ts,
    /// Start.
    pub starts_at: Ts,
    /// End.
    pub ends_at: Ts,
}

/// Performances of events on sale that end after `since`, the next first; with `organiser` that person's only, with
/// `event` of that one only.
pub async fn doors(
    db: &Db,
    since: Ts,
    organiser: Option<Uuid>,
    event: Option<i64>,
    limit: i64,
) -> Result<Vec<DoorRow>> {
    Ok(q!(
        db.ex(),
        all DoorRow,
        "SELECT s.id AS session, e.id AS event, e.name AS event_name, v.name AS venue, s.room_name, v.time_zone,
                s.doors_at, s.starts_at, s.ends_at
         FROM sessions s JOIN events e ON e.id = s.event_id JOIN venues v ON v.id = e.venue_id
         WHERE s.ends_at > $1 AND e.status IN ('published', 'completed') AND (e.created_by = $2 OR $2 IS NULL)
           AND (e.id = $4 OR $4 IS NULL)
         ORDER BY s.starts_at, s.id LIMIT $3",
        since,
        organiser,
        limit,
        event
    )?)
}
