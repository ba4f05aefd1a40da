//! SQL of reports: one statement of aggregation, whatever is asked.

use shared::clock::Ts;
use sqlx::{PgExecutor, SqliteExecutor};
use uuid::Uuid;

use crate::db::Dual;
use crate::error::Result;
use crate::q;

/// A group of sales in one currency.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    /// What the group is known by: an id, or its name.
    pub key: String,
    /// What people call it.
    pub name: String,
    pub currency: String,
    pub revenue_minor: i64,
    pub refunds_minor: i64,
    pub bookings: i64,
    pub cancelled: i64,
    pub tickets: i64,
    pub check_ins: i64,
    pub places: i64,
}

/// Of what a report is.
#[derive(Debug)]
pub struct Asked<'a> {
    /// [`By::name`](super::rules::By::name).
    pub by: &'a str,
    /// Whose events; `None` for everybody's.
    pub owner: Option<Uuid>,
    /// One event alone.
    pub event: Option<i64>,
    /// Sales not before.
    pub from: Option<Ts>,
    /// Sales before.
    pub to: Option<Ts>,
    /// Whether the places there are to sell are counted too, so that what sold nothing has its row.
    pub places: bool,
    /// Groups at most.
    pub limit: i64,
}

/// The statement, with how an engine writes the day, the Monday and the month of a sale, and the start of a session.
///
/// A line is a place that was sold, with what was paid and what goes back for it, which sum to those of its booking
/// (invariants I3 and I20). Places there are to sell are lines of no money. Both are narrowed to the owner's events.
macro_rules! report {
    ($day:literal, $monday:literal, $month:literal, $start:literal) => {
        concat!(
            "WITH facts AS (
                SELECT b.event_id, b.session_id, x.ticket_type_id, b.currency, b.status, b.confirmed_at AS sold_at,
                       b.id AS booking_id, x.price_minor, coalesce(x.refund_minor, 0) AS refund_minor,
                       CASE WHEN x.refund_minor IS NULL AND b.status IN ('confirmed', 'completed') THEN 1 ELSE 0 END AS ticket,
                       CASE WHEN EXISTS (SELECT 1 FROM tickets k JOIN checkins c ON c.ticket_id = k.id
                                         WHERE k.booking_id = b.id AND k.seat_id = x.seat_id AND c.undone_at IS NULL)
                            THEN 1 ELSE 0 END AS check_in,
                       0 AS places
                FROM events o JOIN bookings b ON b.event_id = o.id JOIN hold_seats x ON x.hold_id = b.hold_id
                WHERE (o.created_by = $2 OR $2 IS NULL) AND (o.id = $3 OR $3 IS NULL) AND b.confirmed_at IS NOT NULL
                  AND (b.confirmed_at >= $4 OR $4 IS NULL) AND (b.confirmed_at < $5 OR $5 IS NULL)
                UNION ALL
                SELECT o.id, s.id, t.id, o.currency, NULL, NULL, NULL, 0, 0, 0, 0,
                       (SELECT count(*) FROM seats p WHERE p.session_id = s.id AND p.ticket_type_id = t.id)
                FROM events o JOIN sessions s ON s.event_id = o.id JOIN ticket_types t ON t.session_id = s.id
                WHERE $6 AND (o.created_by = $2 OR $2 IS NULL) AND (o.id = $3 OR $3 IS NULL)),
             named AS (
                SELECT f.*,
                       CASE $1 WHEN 'day' THEN ", $day, " WHEN 'week' THEN ", $monday, " WHEN 'month' THEN ", $month, "
                               WHEN 'event' THEN CAST(e.id AS TEXT) WHEN 'session' THEN CAST(s.id AS TEXT)
                               WHEN 'ticket_type' THEN t.name WHEN 'category' THEN e.category
                               WHEN 'venue' THEN CAST(v.id AS TEXT) WHEN 'status' THEN f.status ELSE f.currency END AS key,
                       CASE $1 WHEN 'event' THEN e.name WHEN 'session' THEN e.name || ', ' || ", $start, " || ' UTC'
                               WHEN 'venue' THEN v.name END AS name
                FROM facts f JOIN events e ON e.id = f.event_id JOIN venues v ON v.id = e.venue_id
                JOIN sessions s ON s.id = f.session_id LEFT JOIN ticket_types t ON t.id = f.ticket_type_id)
             SELECT coalesce(key, '') AS key, coalesce(min(name), key, '') AS name, currency,
                    CAST(sum(price_minor) AS BIGINT) AS revenue_minor, CAST(sum(refund_minor) AS BIGINT) AS refunds_minor,
                    count(DISTINCT booking_id) AS bookings,
                    count(DISTINCT CASE WHEN status IN ('cancelled', 'refunded') THEN booking_id END) AS cancelled,
                    CAST(sum(ticket) AS BIGINT) AS tickets, CAST(sum(check_in) AS BIGINT) AS check_ins,
                    CAST(sum(places) AS BIGINT) AS places
             FROM named GROUP BY key, currency
             ORDER BY CASE WHEN $1 IN ('day', 'week', 'month') THEN key END DESC, sum(price_minor - refund_minor) DESC, 2, 1, 3
             LIMIT $7"
        )
    };
}

/// Figures by group and currency. Beyond the limit the oldest times are left out, or those that brought least.
pub async fn report<'e, P, L>(ex: Dual<P, L>, asked: &Asked<'_>) -> Result<Vec<Row>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    let Asked { by, owner, event, from, to, places, limit } = *asked;
    Ok(match ex {
        Dual::Pg(c) => q!(
            pg c,
            all Row,
            report!(
                "to_char(f.sold_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
                "to_char(date_trunc('week', f.sold_at AT TIME ZONE 'UTC'), 'YYYY-MM-DD')",
                "to_char(f.sold_at AT TIME ZONE 'UTC', 'YYYY-MM')",
                "to_char(s.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"
            ),
            by,
            owner,
            event,
            from,
            to,
            places,
            limit
        ),
        Dual::Lite(c) => q!(
            lite c,
            all Row,
            report!(
                "date(f.sold_at / 1000000, 'unixepoch')",
                "date(f.sold_at / 1000000, 'unixepoch', 'weekday 0', '-6 days')",
                "strftime('%Y-%m', f.sold_at / 1000000, 'unixepoch')",
                "strftime('%Y-%m-%d %H:%M', s.starts_at / 1000000, 'unixepoch')"
            ),
            by,
            owner,
            event,
            from,
            to,
            places,
            limit
        ),
    }?)
}
