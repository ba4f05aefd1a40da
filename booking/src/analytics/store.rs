//! SQL of the figures.

use shared::clock::Ts;
use sqlx::{PgExecutor, QueryBuilder, SqliteExecutor};
use uuid::Uuid;

use crate::app::App;
use crate::db::{Db, Dual};
use crate::error::Result;
use crate::{on, q};

/// Places of a ticket type, by what became of them.
#[derive(Debug, sqlx::FromRow)]
pub struct TypeRow {
    pub id: i64,
    pub session_id: i64,
    pub name: String,
    pub price_minor: i64,
    pub capacity: i64,
    pub sold: i64,
    pub held: i64,
    pub free: i64,
    pub revenue_minor: i64,
}

/// Free and all places of a ticket type.
#[derive(Debug, sqlx::FromRow)]
pub struct StockRow {
    pub event_id: i64,
    pub session_id: i64,
    pub name: String,
    pub free: i64,
    pub total: i64,
}

/// Bookings of an event.
#[derive(Debug, sqlx::FromRow)]
pub struct BookingsRow {
    pub bookings: i64,
    pub cancelled: i64,
    pub revenue_minor: i64,
}

/// What tickets were sold for.
#[derive(Debug, sqlx::FromRow)]
pub struct SoldFor {
    pub price_minor: i64,
    pub fee_minor: i64,
    pub tax_minor: i64,
}

/// What was sold within an hour.
#[derive(Debug, sqlx::FromRow)]
pub struct SalesRow {
    pub at: Ts,
    pub bookings: i64,
    pub tickets: i64,
    pub revenue_minor: i64,
}

/// A name with a number.
#[derive(Debug, sqlx::FromRow)]
pub struct Count {
    pub name: String,
    pub n: i64,
}

/// Money by currency.
#[derive(Debug, sqlx::FromRow)]
pub struct Money {
    pub currency: String,
    pub revenue_minor: i64,
    pub tickets: i64,
}

/// A booking of an attendee.
#[derive(Debug, sqlx::FromRow)]
pub struct AttendeeRow {
    pub id: Uuid,
    pub reference: String,
    pub status: String,
    pub name: String,
    pub email: String,
    pub quantity: i64,
    pub total_minor: i64,
    pub refund_minor: i64,
    pub created_at: Ts,
}

/// A ticket of a booking.
#[derive(Debug, sqlx::FromRow)]
pub struct TicketRow {
    pub booking_id: Uuid,
    pub section: Option<String>,
    pub row_label: Option<String>,
    pub label: Option<String>,
    pub checked_in: i64,
}

/// Ticket types of an event with their places. Revenue is what live tickets were sold for.
pub async fn ticket_types<'e, P, L>(ex: Dual<P, L>, event: i64, now: Ts) -> Result<Vec<TypeRow>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all TypeRow,
        "SELECT t.id, t.session_id, t.name, t.price_minor, count(x.id) AS capacity,
                count(CASE WHEN x.state = 'sold' THEN 1 END) AS sold,
                count(CASE WHEN x.state = 'held' AND x.held_until > $2 THEN 1 END) AS held,
                count(CASE WHEN x.state = 'free' OR (x.state = 'held' AND x.held_until <= $2) THEN 1 END) AS free,
                (SELECT CAST(coalesce(sum(k.price_minor), 0) AS BIGINT) FROM tickets k
                 WHERE k.ticket_type_id = t.id AND k.event_id = $1 AND k.status IN ('valid', 'used')) AS revenue_minor
         FROM ticket_types t JOIN sessions s ON s.id = t.session_id LEFT JOIN seats x ON x.ticket_type_id = t.id
         WHERE s.event_id = $1 GROUP BY t.id, t.session_id, t.name, t.price_minor, t.sort ORDER BY t.session_id, t.sort",
        event,
        now
    )?)
}

/// Bookings of an event that were paid, and what was kept of the money.
pub async fn bookings<'e, P, L>(ex: Dual<P, L>, event: i64) -> Result<BookingsRow>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        one BookingsRow,
        "SELECT count(*) AS bookings,
                count(CASE WHEN status IN ('cancelled', 'refunded') THEN 1 END) AS cancelled,
                CAST(coalesce(sum(total_minor - refund_minor), 0) AS BIGINT) AS revenue_minor
         FROM bookings WHERE event_id = $1 AND confirmed_at IS NOT NULL",
        event
    )?)
}

/// What the tickets of an event that live were sold for.
pub async fn sold_for<'e, P, L>(ex: Dual<P, L>, event: i64) -> Result<SoldFor>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        one SoldFor,
        "SELECT CAST(coalesce(sum(price_minor), 0) AS BIGINT) AS price_minor,
                CAST(coalesce(sum(fee_minor), 0) AS BIGINT) AS fee_minor,
                CAST(coalesce(sum(tax_minor), 0) AS BIGINT) AS tax_minor
         FROM tickets WHERE event_id = $1 AND status IN ('valid', 'used')",
        event
    )?)
}

/// Sales of an event by hour (UTC), the last `limit` hours in which something was sold.
pub async fn sales<'e, P, L>(ex: Dual<P, L>, event: i64, limit: i64) -> Result<Vec<SalesRow>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all SalesRow,
        pg "SELECT date_bin('1 hour', confirmed_at, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS at, count(*) AS bookings,
                   CAST(sum(quantity) AS BIGINT) AS tickets, CAST(sum(total_minor) AS BIGINT) AS revenue_minor
            FROM bookings WHERE event_id = $1 AND confirmed_at IS NOT NULL GROUP BY 1 ORDER BY 1 DESC LIMIT $2"
        lite "SELECT confirmed_at - confirmed_at % 3600000000 AS at, count(*) AS bookings, sum(quantity) AS tickets,
                     sum(total_minor) AS revenue_minor
            FROM bookings WHERE event_id = $1 AND confirmed_at IS NOT NULL GROUP BY 1 ORDER BY 1 DESC LIMIT $2",
        event,
        limit
    )?)
}

/// Tickets of an event that opened the door.
pub async fn checked_in<'e, P, L>(ex: Dual<P, L>, event: i64) -> Result<i64>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        val i64,
        "SELECT count(*) FROM checkins c JOIN tickets t ON t.id = c.ticket_id
         WHERE t.event_id = $1 AND c.undone_at IS NULL",
        event
    )?)
}

/// Paid bookings of an event behind `after`, whose person or reference matches.
pub async fn attendees<'e, P, L>(
    ex: Dual<P, L>,
    event: i64,
    pattern: &str,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<AttendeeRow>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all AttendeeRow,
        "SELECT b.id, b.reference, b.status, u.name, u.email, b.quantity, b.total_minor, b.refund_minor, b.created_at
         FROM bookings b JOIN users u ON u.id = b.user_id
         WHERE b.event_id = $1 AND b.confirmed_at IS NOT NULL AND (b.id > $3 OR $3 IS NULL)
           AND (lower(u.name) LIKE $2 ESCAPE '!' OR u.email_key LIKE $2 ESCAPE '!' OR lower(b.reference) LIKE $2 ESCAPE '!')
         ORDER BY b.id LIMIT $4",
        event,
        pattern,
        after,
        limit
    )?)
}

/// The tickets of these bookings that were not passed on, by seat.
pub async fn tickets(app: &App, bookings: &[Uuid]) -> Result<Vec<TicketRow>> {
    if bookings.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(app.db.ex(), c => {
        let mut b = QueryBuilder::new(
            "SELECT t.booking_id, x.section, x.row_label, x.label,
                    (SELECT count(*) FROM checkins k WHERE k.ticket_id = t.id AND k.undone_at IS NULL) AS checked_in
             FROM tickets t JOIN seats x ON x.id = t.seat_id JOIN bookings b ON b.id = t.booking_id
             WHERE t.status <> 'transferred' AND (t.status <> 'cancelled' OR b.status IN ('cancelled', 'refunded'))
               AND t.booking_id IN (",
        );
        let mut list = b.separated(", ");
        for id in bookings { list.push_bind(*id); }
        b.push(") ORDER BY t.seat_id");
        b.build_query_as::<TicketRow>().fetch_all(c).await
    })?)
}

/// Accounts by role.
pub async fn users_by_role<'e, P, L>(ex: Dual<P, L>) -> Result<Vec<Count>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(ex, all Count, "SELECT role AS name, count(*) AS n FROM users GROUP BY role ORDER BY role")?)
}

/// Events by status.
pub async fn events_by_status<'e, P, L>(ex: Dual<P, L>) -> Result<Vec<Count>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(ex, all Count, "SELECT status AS name, count(*) AS n FROM events GROUP BY status ORDER BY status")?)
}

/// Bookings by status.
pub async fn bookings_by_status<'e, P, L>(ex: Dual<P, L>) -> Result<Vec<Count>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(
        q!(ex, all Count, "SELECT status AS name, count(*) AS n FROM bookings GROUP BY status ORDER BY status")?,
    )
}

/// Jobs by status.
pub async fn jobs_by_status<'e, P, L>(ex: Dual<P, L>) -> Result<Vec<Count>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(ex, all Count, "SELECT status AS name, count(*) AS n FROM jobs GROUP BY status ORDER BY status")?)
}

/// Money kept and tickets sold, by currency.
pub async fn revenue<'e, P, L>(ex: Dual<P, L>) -> Result<Vec<Money>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all Money,
        "SELECT currency, CAST(sum(total_minor - refund_minor) AS BIGINT) AS revenue_minor,
                CAST(coalesce(sum(CASE WHEN status IN ('confirmed', 'completed') THEN quantity END), 0) AS BIGINT) AS tickets
         FROM bookings WHERE confirmed_at IS NOT NULL GROUP BY currency ORDER BY currency"
    )?)
}

/// Bookings confirmed by day (UTC), the last `limit` days on which there were any.
pub async fn registrations<'e, P, L>(ex: Dual<P, L>, limit: i64) -> Result<Vec<SalesRow>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all SalesRow,
        pg "SELECT date_bin('1 day', confirmed_at, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS at, count(*) AS bookings,
                   CAST(sum(quantity) AS BIGINT) AS tickets, CAST(sum(total_minor) AS BIGINT) AS revenue_minor
            FROM bookings WHERE confirmed_at IS NOT NULL GROUP BY 1 ORDER BY 1 DESC LIMIT $1"
        lite "SELECT confirmed_at - confirmed_at % 86400000000 AS at, count(*) AS bookings, sum(quantity) AS tickets,
                     sum(total_minor) AS revenue_minor
            FROM bookings WHERE confirmed_at IS NOT NULL GROUP BY 1 ORDER BY 1 DESC LIMIT $1",
        limit
    )?)
}

/// Stock of up to `limit` ticket types on sale, those of the next sessions first.
pub async fn stock(db: &Db, now: Ts, limit: i64) -> Result<Vec<StockRow>> {
    Ok(q!(
        db.ex(),
        all StockRow,
        "SELECT s.event_id, s.id AS session_id, t.name, t.total,
                (SELECT count(*) FROM seats f
                 WHERE f.session_id = t.session_id AND f.ticket_type_id = t.id AND f.state = 'free') AS free
         FROM events e
         JOIN sessions s ON s.event_id = e.id
         JOIN ticket_types t ON t.session_id = s.id
         WHERE e.status = 'published' AND s.starts_at > $1 AND (e.sales_open_at IS NULL OR e.sales_open_at <= $1)
         ORDER BY s.starts_at, t.id LIMIT $2",
        now,
        limit
    )?)
}

/// Seats behind a room that are not sold.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Unsold {
    /// Somebody could hold them now.
    pub free: i64,
    /// Somebody holds them.
    pub held: i64,
}

/// Rooms before sales of sessions that are not over, the next ones first.
pub async fn rooms_on_sale(db: &Db, now: Ts, limit: i64) -> Result<Vec<String>> {
    Ok(q!(
        db.ex(),
        vals String,
        "SELECT e.room FROM events e JOIN sessions s ON s.event_id = e.id
         WHERE e.status = 'published' AND e.room IS NOT NULL AND s.ends_at > $1
         GROUP BY e.room ORDER BY min(s.starts_at), e.room LIMIT $2",
        now,
        limit
    )?)
}

/// What is left to sell behind a room. Holds that have run out can be taken, swept or not.
pub async fn unsold(db: &Db, room: &str, now: Ts) -> Result<Unsold> {
    Ok(q!(
        db.ex(),
        one Unsold,
        "SELECT count(CASE WHEN x.state = 'free' OR (x.state = 'held' AND x.held_until <= $2) THEN 1 END) AS free,
                count(CASE WHEN x.state = 'held' AND x.held_until > $2 THEN 1 END) AS held
         FROM events e JOIN sessions s ON s.event_id = e.id JOIN seats x ON x.session_id = s.id
         WHERE e.room = $1 AND e.status = 'published' AND s.ends_at > $2",
        room,
        now
    )?)
}

/// Holds that lock seats.
pub async fn active_holds(db: &Db, now: Ts) -> Result<i64> {
    Ok(q!(
        db.ex(),
        val i64,
        "SELECT count(*) FROM holds WHERE status = 'active' AND kept_until > $1",
        now
    )?)
}
