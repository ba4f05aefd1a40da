//! SQL of events, sessions and ticket types.

use shared::clock::Ts;
use sqlx::types::Json;
use sqlx::{PgExecutor, SqliteExecutor};
use time::Duration;
use uuid::Uuid;

use super::model::{RefundPolicy, Status};
use super::rules::{Draft, SessionDraft, TypeDraft};
use crate::charges::Terms;
use crate::db::{Dual, Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// What the sale of a session must know about its event.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs)]
pub struct SaleEvent {
    pub event_id: i64,
    pub event_name: String,
    pub category: String,
    pub image: Option<String>,
    pub status: Status,
    pub currency: String,
    /// The waiting room that guards the sale.
    pub room: Option<String>,
    pub per_person_limit: i64,
    /// Sales are open from here; `None`: since it was published.
    pub sales_open_at: Option<Ts>,
    /// Sales are closed from here; `None`: from the start of the session.
    pub sales_close_at: Option<Ts>,
    pub full_refund_h: i64,
    pub half_refund_h: i64,
    pub created_by: Option<Uuid>,
    pub session_id: i64,
    pub starts_at: Ts,
    pub ends_at: Ts,
    pub doors_at: Ts,
    pub room_name: Option<String>,
    pub layout_id: Option<i64>,
    /// When it was postponed last.
    pub postponed_at: Option<Ts>,
    /// Until when those who had booked by then are paid back in full.
    pub refund_until: Option<Ts>,
    /// Whether somebody waits for what comes back.
    pub has_waiting: bool,
    /// What comes onto the face prices now; `None`: nothing.
    pub charges_id: Option<i64>,
    pub charges: Option<Json<Terms>>,
    pub venue_name: String,
    pub venue_address: String,
    /// IANA name of the venue's zone.
    pub time_zone: String,
}

impl SaleEvent {
    /// Whether tickets of this session may be sold now.
    pub fn is_on_sale(&self, now: Ts) -> bool {
        self.status == Status::Published
            && self.sales_open_at.is_none_or(|open| open <= now)
            && now < self.sales_close_at.unwrap_or(self.starts_at).min(self.ends_at)
    }

    /// What comes onto the face prices now.
    pub fn terms(&self) -> Terms {
        self.charges.as_ref().map(|terms| terms.0.clone()).unwrap_or_default()
    }

    /// What a cancelled booking is paid back.
    pub fn refund_policy(&self) -> RefundPolicy {
        RefundPolicy { full_until_h: self.full_refund_h, half_until_h: self.half_refund_h }
    }
}

/// A ticket type.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs)]
pub struct TicketType {
    pub id: i64,
    pub session_id: i64,
    pub name: String,
    /// What a buyer pays, with fee and tax in it.
    pub price_minor: i64,
    /// What the organiser asks for.
    pub face_minor: i64,
    pub fee_minor: i64,
    pub tax_minor: i64,
    pub colour: String,
    pub premium: bool,
    /// Whether its places have labels to choose from.
    pub seated: bool,
    pub total: i64,
    /// Taken off sale by its organiser.
    pub withdrawn: bool,
    /// For whoever has a code that unlocks it.
    pub hidden: bool,
}

/// A session.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct SessionRow {
    pub id: i64,
    pub starts_at: Ts,
    pub ends_at: Ts,
    pub doors_at: Ts,
    pub room_name: Option<String>,
    pub layout_id: Option<i64>,
    /// Where its newest postponement found it.
    pub postponed_from: Option<Ts>,
    /// Until when those who had booked by then are paid back in full.
    pub refund_until: Option<Ts>,
    /// Whether somebody waits for what comes back.
    pub has_waiting: bool,
}

/// The one ticket type of an event that has one session and one type, of general admission.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(super) struct SimpleType {
    pub id: i64,
    pub session_id: i64,
    pub face_minor: i64,
    pub total: i64,
}

/// What an event's row becomes.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub name: String,
    pub description: String,
    pub category: String,
    pub room: Option<String>,
    pub image: Option<String>,
    pub per_person_limit: i64,
    pub sales_open_at: Option<Ts>,
    pub sales_close_at: Option<Ts>,
    pub refund: RefundPolicy,
    pub starts_at: Ts,
    pub search_text: String,
}

/// Free places of a ticket type.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Free {
    pub ticket_type_id: i64,
    pub free: i64,
}

/// The session with what its sale must know; whatever the event's status.
pub async fn event_for_sale<'e, P, L>(ex: Dual<P, L>, session: i64) -> Result<Option<SaleEvent>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        opt SaleEvent,
        "SELECT e.id AS event_id, e.name AS event_name, e.category, e.image, e.status, e.currency, e.room,
                e.per_person_limit, e.sales_open_at, e.sales_close_at, e.full_refund_h, e.half_refund_h, e.created_by,
                s.id AS session_id, s.starts_at, s.ends_at, s.doors_at, s.room_name, s.layout_id, s.postponed_at,
                s.refund_until, s.has_waiting, e.charges_id, c.terms AS charges, v.name AS venue_name,
                v.address AS venue_address, v.time_zone
         FROM sessions s JOIN events e ON e.id = s.event_id JOIN venues v ON v.id = e.venue_id
         LEFT JOIN charges c ON c.id = e.charges_id WHERE s.id = $1",
        session
    )?)
}

/// Holds the event's row until the transaction ends, so that what an event may have only so many of is counted by one after the other.
/// On SQLite whoever writes is alone anyhow.
pub async fn hold_row(tx: &mut Tx, id: i64) -> Result<()> {
    q!(
        tx.ex(),
        optval i64,
        pg "SELECT id FROM events WHERE id = $1 FOR UPDATE" lite "SELECT id FROM events WHERE id = $1",
        id
    )?;
    Ok(())
}

/// The ticket types of a session, in the order their organiser gave them.
pub async fn ticket_types<'e, P, L>(ex: Dual<P, L>, session: i64) -> Result<Vec<TicketType>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all TicketType,
        "SELECT id, session_id, name, price_minor, face_minor, fee_minor, tax_minor, colour, premium, seated, total, withdrawn,
                hidden
         FROM ticket_types WHERE session_id = $1 ORDER BY sort, id",
        session
    )?)
}

/// The oldest event of this owner and name.
pub async fn named<'e, P, L>(ex: Dual<P, L>, owner: Uuid, name: &str) -> Result<Option<i64>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(
        q!(ex, optval i64, "SELECT id FROM events WHERE created_by = $1 AND name = $2 ORDER BY id LIMIT 1", owner, name)?,
    )
}

/// The sessions of an event, by start.
pub(super) async fn sessions<'e, P, L>(ex: Dual<P, L>, event: i64) -> Result<Vec<SessionRow>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all SessionRow,
        "SELECT id, starts_at, ends_at, doors_at, room_name, layout_id, postponed_from, refund_until, has_waiting
         FROM sessions
         WHERE event_id = $1
         ORDER BY starts_at, id",
        event
    )?)
}

/// The ticket types of all sessions of an event.
pub(super) async fn ticket_types_of_event<'e, P, L>(ex: Dual<P, L>, event: i64) -> Result<Vec<TicketType>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all TicketType,
        "SELECT t.id, t.session_id, t.name, t.price_minor, t.face_minor, t.fee_minor, t.tax_minor, t.colour, t.premium, t.seated,
                t.total, t.withdrawn, t.hidden
         FROM ticket_types t JOIN sessions s ON s.id = t.session_id WHERE s.event_id = $1 ORDER BY t.sort, t.id",
        event
    )?)
}

/// Free places of an event by ticket type; types without any are missing. Free and expired ones are counted apart,
/// because the first, which are many, then need nothing but the index.
pub(super) async fn free_places<'e, P, L>(ex: Dual<P, L>, event: i64, now: Ts) -> Result<Vec<Free>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all Free,
        "SELECT ticket_type_id, CAST(sum(n) AS BIGINT) AS free FROM (
             SELECT x.ticket_type_id, count(*) AS n FROM seats x JOIN sessions s ON s.id = x.session_id
             WHERE s.event_id = $1 AND x.state = 'free' GROUP BY x.ticket_type_id
             UNION ALL
             SELECT x.ticket_type_id, count(*) AS n FROM seats x JOIN sessions s ON s.id = x.session_id
             WHERE s.event_id = $1 AND x.state = 'held' AND x.held_until <= $2 GROUP BY x.ticket_type_id) AS places
         GROUP BY ticket_type_id",
        event,
        now
    )?)
}

/// Writes an event without its sessions and returns its id; its lowest price is [reckoned](super::prices::reckon) then.
pub(super) async fn insert_event(
    tx: &mut Tx,
    draft: &Draft,
    venue: i64,
    search_text: &str,
    by: Option<Uuid>,
    now: Ts,
) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "INSERT INTO events (name, description, category, venue_id, status, currency, room, image, per_person_limit,
                             sales_open_at, sales_close_at, full_refund_h, half_refund_h, starts_at, price_from_minor,
                             search_text, created_by, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, $16, $17, $17) RETURNING id",
        &draft.name,
        &draft.description,
        &draft.category,
        venue,
        draft.status,
        &draft.currency,
        &draft.room,
        &draft.image,
        draft.per_person_limit,
        draft.sales_open_at,
        draft.sales_close_at,
        draft.refund.full_until_h,
        draft.refund.half_until_h,
        draft.starts_at(),
        search_text,
        by,
        now
    )?)
}

/// Writes a session and returns its id.
pub(super) async fn insert_session(tx: &mut Tx, event: i64, draft: &SessionDraft) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "INSERT INTO sessions (event_id, starts_at, ends_at, doors_at, room_name, layout_id)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        event,
        draft.starts_at,
        draft.ends_at,
        draft.doors_at,
        &draft.room_name,
        draft.layout_id
    )?)
}

/// Writes a ticket type and returns its id; `sort` is its place among its siblings. What a buyer pays is
/// [reckoned](super::prices::reckon) then.
pub(super) async fn insert_ticket_type(
    tx: &mut Tx,
    session: i64,
    draft: &TypeDraft,
    sort: i64,
) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "INSERT INTO ticket_types (session_id, name, price_minor, face_minor, colour, premium, hidden, seated, total, sort)
         VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        session,
        &draft.name,
        draft.face_minor,
        &draft.colour,
        draft.premium,
        draft.hidden,
        draft.seated,
        draft.total,
        sort
    )?)
}

/// Sets the status of an event that `owner` may change (`None`: anybody's) and whose status is one of two.
/// Rows touched.
pub(super) async fn set_status(
    tx: &mut Tx,
    event: i64,
    owner: Option<Uuid>,
    from: [Status; 2],
    to: Status,
    now: Ts,
) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE events SET status = $5, updated_at = $6
         WHERE id = $1 AND (created_by = $2 OR $2 IS NULL) AND status IN ($3, $4)",
        event,
        owner,
        from[0],
        from[1],
        to,
        now
    )?)
}

/// Ends published events whose last session is over; which.
pub(super) async fn complete(tx: &mut Tx, now: Ts) -> Result<Vec<i64>> {
    Ok(q!(
        tx.ex(),
        vals i64,
        "UPDATE events SET status = 'completed', updated_at = $1
         WHERE status = 'published' AND starts_at <= $1
           AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.event_id = events.id AND s.ends_at > $1) RETURNING id",
        now
    )?)
}

/// The one general-admission ticket type of an event without others.
pub(super) async fn simple_type<'e, P, L>(ex: Dual<P, L>, event: i64) -> Result<Option<SimpleType>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        opt SimpleType,
        "SELECT t.id, t.session_id, t.face_minor, t.total FROM ticket_types t JOIN sessions s ON s.id = t.session_id
         WHERE s.event_id = $1 AND NOT t.seated
           AND (SELECT count(*) FROM ticket_types u JOIN sessions r ON r.id = u.session_id WHERE r.event_id = $1) = 1",
        event
    )?)
}

/// End of the last session.
pub(super) async fn last_end<'e, P, L>(ex: Dual<P, L>, event: i64) -> Result<Option<Ts>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(ex, val Option<Ts>, "SELECT max(ends_at) FROM sessions WHERE event_id = $1", event)?)
}

/// Places of an event that are sold or held.
pub(super) async fn taken_places(tx: &mut Tx, event: i64, now: Ts) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "SELECT count(*) FROM seats x JOIN sessions s ON s.id = x.session_id
         WHERE s.event_id = $1 AND (x.state = 'sold' OR (x.state = 'held' AND x.held_until > $2))",
        event,
        now
    )?)
}

/// Rewrites an event's row if it still is what was `seen`. Rows touched.
pub(super) async fn update_event(tx: &mut Tx, event: i64, seen: Ts, to: &Changed, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE events SET name = $3, description = $4, category = $5, room = $6, image = $7, per_person_limit = $8,
                sales_open_at = $9, sales_close_at = $10, full_refund_h = $11, half_refund_h = $12, starts_at = $13,
                search_text = $14, updated_at = $15
         WHERE id = $1 AND updated_at = $2",
        event,
        seen,
        &to.name,
        &to.description,
        &to.category,
        &to.room,
        &to.image,
        to.per_person_limit,
        to.sales_open_at,
        to.sales_close_at,
        to.refund.full_until_h,
        to.refund.half_until_h,
        to.starts_at,
        &to.search_text,
        now
    )?)
}

/// Moves a session in time.
pub(super) async fn move_session(tx: &mut Tx, session: &SessionRow, by: Duration) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE sessions SET starts_at = $2, ends_at = $3, doors_at = $4, revision = revision + 1 WHERE id = $1",
        session.id,
        session.starts_at + by,
        session.ends_at + by,
        session.doors_at + by
    )?;
    expect_rows("move session", 1, rows)
}

/// Gives a ticket type another face price and number of places; what a buyer pays is
/// [reckoned](super::prices::reckon) then.
pub(super) async fn update_ticket_type(tx: &mut Tx, id: i64, face_minor: i64, total: i64) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE ticket_types SET face_minor = $2, total = $3 WHERE id = $1",
        id,
        face_minor,
        total
    )?;
    expect_rows("update ticket type", 1, rows)
}

/// Deletes an event of `owner`'s (`None`: anybody's) with its sessions and seats. Whose it was, `None` when
/// there is no such event; an error when holds or bookings refer to it.
pub(super) async fn delete_event(
    tx: &mut Tx,
    event: i64,
    owner: Option<Uuid>,
) -> sqlx::Result<Option<Option<Uuid>>> {
    q!(
        tx.ex(),
        optval Option<Uuid>,
        "DELETE FROM events WHERE id = $1 AND (created_by = $2 OR $2 IS NULL) RETURNING created_by",
        event,
        owner
    )
}
