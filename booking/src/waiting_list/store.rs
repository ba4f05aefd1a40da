//! SQL of waiting lists. The row of the session is locked first, by everything that changes its list: so entries get
//! their ids in the order in which they become visible.

use shared::clock::Ts;
use shared::problem::Problem;
use sqlx::{PgExecutor, SqliteExecutor};
use uuid::Uuid;

use super::rules::{Free, Waiting};
use crate::app::App;
use crate::db::{Db, Dual, Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// Free places of a ticket type that are counted at most: more than anybody may wait for.
const FREE_MAX: i64 = 1000;
/// Entries looked at for one offer at most.
const LINE_MAX: i64 = 500;
/// Sessions that one run looks after at most.
const SESSIONS_MAX: i64 = 200;

/// A person's entry.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Entry {
    pub id: i64,
    pub state: String,
    pub quantity: i64,
    pub ticket_type_id: Option<i64>,
    pub hold_id: Option<Uuid>,
    pub joined_at: Ts,
    /// Until when the offer's hold is kept, as long as it is.
    pub kept_until: Option<Ts>,
    /// People who wait before this one.
    pub ahead: i64,
    /// People who wait in all.
    pub waiting: i64,
}

/// The newest entry of a person in a session.
pub async fn entry<'e, P, L>(ex: Dual<P, L>, session: i64, user: Uuid) -> Result<Option<Entry>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        opt Entry,
        "SELECT w.id, w.state, w.quantity, w.ticket_type_id, w.hold_id, w.joined_at, h.kept_until,
                (SELECT count(*) FROM waiting_list o
                 WHERE o.session_id = w.session_id AND o.state = 'waiting' AND o.id < w.id) AS ahead,
                (SELECT count(*) FROM waiting_list o WHERE o.session_id = w.session_id AND o.state = 'waiting') AS waiting
         FROM waiting_list w LEFT JOIN holds h ON h.id = w.hold_id AND h.status = 'active'
         WHERE w.session_id = $1 AND w.user_id = $2 ORDER BY w.id DESC LIMIT 1",
        session,
        user
    )?)
}

/// Sessions in whose lists somebody waits or is offered seats.
pub async fn open_sessions(tx: &mut Tx, user: Uuid) -> Result<Vec<i64>> {
    Ok(q!(
        tx.ex(),
        vals i64,
        "SELECT session_id FROM waiting_list WHERE user_id = $1 AND state IN ('waiting', 'offered') ORDER BY session_id",
        user
    )?)
}

/// Locks a session's list until the end of the transaction, and writes whether anybody waits in it.
pub async fn lock(tx: &mut Tx, session: i64, waits: bool) -> Result<()> {
    let rows = q!(tx.ex(), exec, "UPDATE sessions SET has_waiting = $2 WHERE id = $1", session, waits)?;
    expect_rows("lock waiting list", 1, rows)
}

/// Writes whether anybody waits.
pub async fn note_waiting(tx: &mut Tx, session: i64) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE sessions SET has_waiting =
             EXISTS (SELECT 1 FROM waiting_list WHERE session_id = $1 AND state = 'waiting') WHERE id = $1",
        session
    )?;
    expect_rows("note waiting", 1, rows)
}

/// Locks a session's list until the end of the transaction; whether anybody waits in it. 404 for an unknown session.
pub async fn has_waiting(tx: &mut Tx, session: i64) -> Result<bool> {
    let found = q!(
        tx.ex(),
        optval bool,
        pg "SELECT has_waiting FROM sessions WHERE id = $1 FOR NO KEY UPDATE"
        lite "SELECT has_waiting FROM sessions WHERE id = $1",
        session
    )?;
    Ok(found.ok_or_else(Problem::not_found)?)
}

/// People who wait for a session.
pub async fn count(tx: &mut Tx, session: i64) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "SELECT count(*) FROM waiting_list WHERE session_id = $1 AND state = 'waiting'",
        session
    )?)
}

/// Puts somebody at the end.
pub async fn insert(
    tx: &mut Tx,
    session: i64,
    user: Uuid,
    quantity: i64,
    ticket_type: Option<i64>,
    now: Ts,
) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO waiting_list (session_id, user_id, ticket_type_id, quantity, state, joined_at)
         VALUES ($1, $2, $3, $4, 'waiting', $5)",
        session,
        user,
        ticket_type,
        quantity,
        now
    )?;
    expect_rows("join waiting list", 1, rows)
}

/// Moves an entry from one state to another, with the hold it is offered; false when it is not in the first any more.
pub async fn set_state(
    tx: &mut Tx,
    entry: i64,
    from: &str,
    to: &str,
    hold: Option<Uuid>,
    now: Ts,
) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE waiting_list SET state = $3, hold_id = COALESCE($4, hold_id), changed_at = $5 WHERE id = $1 AND state = $2",
        entry,
        from,
        to,
        hold,
        now
    )?;
    Ok(rows == 1)
}

/// The same without asking whether it is still in that state: what a careless program would do.
#[cfg(feature = "testing")]
pub async fn set_state_unguarded(tx: &mut Tx, entry: i64, hold: Uuid) -> Result<()> {
    q!(tx.ex(), exec, "UPDATE waiting_list SET state = 'offered', hold_id = $2 WHERE id = $1", entry, hold)?;
    Ok(())
}

/// Ends every entry of a session that is sold no more.
pub async fn end_all(tx: &mut Tx, session: i64, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE waiting_list SET state = 'lapsed', changed_at = $2 WHERE session_id = $1 AND state = 'waiting'",
        session,
        now
    )?;
    Ok(())
}

/// Ends the offers whose hold has ended: taken when it was booked, else lapsed.
pub async fn settle(tx: &mut Tx, session: i64, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE waiting_list SET changed_at = $2, state = CASE
             WHEN (SELECT h.status FROM holds h WHERE h.id = waiting_list.hold_id) = 'booked' THEN 'taken' ELSE 'lapsed' END
         WHERE session_id = $1 AND state = 'offered'
           AND EXISTS (SELECT 1 FROM holds h WHERE h.id = waiting_list.hold_id AND h.status <> 'active')",
        session,
        now
    )?;
    Ok(())
}

/// The head of a session's line.
pub async fn line<'e, P, L>(ex: Dual<P, L>, session: i64) -> Result<Vec<Waiting>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all Waiting,
        "SELECT id, quantity, ticket_type_id FROM waiting_list WHERE session_id = $1 AND state = 'waiting'
         ORDER BY id LIMIT $2",
        session,
        LINE_MAX
    )?)
}

/// Whose entry it is.
pub async fn owner(tx: &mut Tx, entry: i64) -> Result<Uuid> {
    Ok(q!(tx.ex(), val Uuid, "SELECT user_id FROM waiting_list WHERE id = $1", entry)?)
}

/// What is free of each ticket type of a session, the cheapest first.
pub async fn free<'e, P, L>(ex: Dual<P, L>, session: i64) -> Result<Vec<Free>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all Free,
        "SELECT t.id AS ticket_type_id,
                (SELECT count(*) FROM (SELECT 1 FROM seats x WHERE x.session_id = $1 AND x.ticket_type_id = t.id
                                         AND x.state = 'free' LIMIT $2) AS places) AS free
         FROM ticket_types t WHERE t.session_id = $1 AND NOT t.hidden ORDER BY t.price_minor, t.id",
        session,
        FREE_MAX
    )?)
}

/// Sessions that somebody waits for or was offered seats of.
pub async fn sessions(app: &App) -> Result<Vec<i64>> {
    Ok(q!(
        app.db.ex(),
        vals i64,
        "SELECT DISTINCT session_id FROM waiting_list WHERE state IN ('waiting', 'offered') LIMIT $1",
        SESSIONS_MAX
    )?)
}

/// Whether an offer of the session has ended and was not noted.
pub async fn has_ended_offers(app: &App, session: i64) -> Result<bool> {
    Ok(q!(
        app.db.ex(),
        val bool,
        "SELECT EXISTS (SELECT 1 FROM waiting_list w JOIN holds h ON h.id = w.hold_id
                        WHERE w.session_id = $1 AND w.state = 'offered' AND h.status <> 'active')",
        session
    )?)
}

/// Those who wait for an event, by session and ticket type.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Demand {
    pub session_id: i64,
    pub ticket_type_id: Option<i64>,
    pub people: i64,
    pub tickets: i64,
    pub offered: i64,
}

/// How many wait for the sessions of an event, and how many have an offer.
pub async fn demand(app: &App, event: i64) -> Result<Vec<Demand>> {
    Ok(q!(
        app.db.ex(),
        all Demand,
        "SELECT w.session_id, w.ticket_type_id,
                CAST(sum(CASE WHEN w.state = 'waiting' THEN 1 ELSE 0 END) AS BIGINT) AS people,
                CAST(sum(CASE WHEN w.state = 'waiting' THEN w.quantity ELSE 0 END) AS BIGINT) AS tickets,
                CAST(sum(CASE WHEN w.state = 'offered' THEN 1 ELSE 0 END) AS BIGINT) AS offered
         FROM waiting_list w JOIN sessions s ON s.id = w.session_id
         WHERE s.event_id = $1 AND w.state IN ('waiting', 'offered')
         GROUP BY w.session_id, w.ticket_type_id ORDER BY w.session_id, w.ticket_type_id",
        event
    )?)
}

/// An offer as its mail tells of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Offer {
    /// Whom it is made to.
    pub user_id: Uuid,
    /// The hold that keeps the seats.
    pub hold_id: Uuid,
    /// Until when.
    pub kept_until: Ts,
    /// How many.
    pub quantity: i64,
    /// The event.
    pub event_name: String,
    /// Start.
    pub starts_at: Ts,
    /// The venue.
    pub venue_name: String,
    /// IANA name of its zone.
    pub time_zone: String,
}

/// An offer that still stands and was not booked yet.
pub async fn offer(db: &Db, entry: i64) -> Result<Option<Offer>> {
    Ok(q!(
        db.ex(),
        opt Offer,
        "SELECT w.user_id, h.id AS hold_id, h.kept_until, w.quantity, e.name AS event_name, s.starts_at,
                v.name AS venue_name, v.time_zone
         FROM waiting_list w JOIN holds h ON h.id = w.hold_id JOIN sessions s ON s.id = w.session_id
         JOIN events e ON e.id = s.event_id JOIN venues v ON v.id = e.venue_id
         WHERE w.id = $1 AND w.state = 'offered' AND h.status = 'active'",
        entry
    )?)
}
