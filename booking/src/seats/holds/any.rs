//! SQL that holds any so many seats of a ticket type: general admission, where one seat is as good as another.

use shared::clock::Ts;
use sqlx::{PgConnection, SqliteConnection};

use super::claims::{Claimed, Wish, in_order};
use crate::db::{Dual, Tx};
use crate::error::Result;
use crate::q;

/// Holds any so many seats of a ticket type, all of them or `None`; else as [`hold_seats`](super::claims::hold_seats). Rows
/// that others are claiming are passed over, so one hot type does not serialise its buyers.
pub async fn hold_any(
    tx: &mut Tx,
    wish: &Wish,
    ticket_type: i64,
    quantity: i64,
    now: Ts,
) -> Result<Option<Vec<Claimed>>> {
    let claimed = match tx.ex() {
        Dual::Pg(pg) => in_one(pg, wish, ticket_type, quantity, now).await?,
        Dual::Lite(lite) => in_steps(lite, wish, ticket_type, quantity, now).await?,
    };
    Ok(in_order(claimed))
}

/// PostgreSQL: one statement, which does nothing when the shopper's row has changed since it began.
async fn in_one(
    pg: &mut PgConnection,
    wish: &Wish,
    ticket_type: i64,
    quantity: i64,
    now: Ts,
) -> Result<Vec<Claimed>> {
    Ok(q!(
        pg pg,
        all Claimed,
        "WITH shopper AS (
             INSERT INTO shoppers AS s (user_id, event_id, touched_at) VALUES ($1, $2, $3)
             ON CONFLICT (user_id, event_id) DO UPDATE SET touched_at = excluded.touched_at
             WHERE s.xmin = (SELECT k.xmin FROM shoppers k WHERE k.user_id = $1 AND k.event_id = $2)
             RETURNING user_id),
         have AS (
             SELECT CAST(
                 COALESCE((SELECT sum(quantity) FROM holds
                           WHERE user_id = $1 AND event_id = $2 AND (status = 'active' AND kept_until > $3) IS TRUE), 0)
               + COALESCE((SELECT sum(quantity) FROM bookings
                           WHERE user_id = $1 AND event_id = $2 AND (status IN ('confirmed', 'completed')) IS TRUE), 0)
               AS BIGINT) AS n),
         wanted AS (
             SELECT s.id FROM seats s
             WHERE EXISTS (SELECT 1 FROM shopper) AND (SELECT n FROM have) + $4 <= $5
               AND EXISTS (SELECT 1 FROM events e JOIN sessions x ON x.event_id = e.id
                           WHERE x.id = $7 AND e.id = $2 AND e.status = 'published' AND COALESCE(e.sales_open_at, $3) <= $3
                             AND COALESCE(e.sales_close_at, x.starts_at) > $3 AND x.ends_at > $3 AND NOT x.has_waiting)
               AND s.session_id = $7 AND s.ticket_type_id = $6 AND s.state IN ('free', 'held')
               AND (s.held_until IS NULL OR s.held_until <= $3) AND s.access IS NULL
               AND EXISTS (SELECT 1 FROM ticket_types k WHERE k.id = $6 AND (NOT k.hidden OR $12))
             LIMIT $4 FOR UPDATE OF s SKIP LOCKED),
         claimed AS (
             UPDATE seats SET state = 'held', hold_id = $8, held_until = $9, changed_at = $3
             FROM ticket_types t WHERE t.id = seats.ticket_type_id
               AND seats.id IN (SELECT id FROM wanted) AND (SELECT count(*) FROM wanted) = $4
             RETURNING seats.id, seats.section, seats.row_label, seats.label, seats.ticket_type_id, seats.hold_id AS hold,
                       t.name AS ticket_type, t.price_minor, t.fee_minor, t.tax_minor, t.charges_id),
         held AS (
             INSERT INTO holds (id, session_id, event_id, user_id, booking_session_id, status, quantity, total_minor,
                                currency, charges_id, expires_at, kept_until, extended, created_at)
             SELECT $8, $7, $2, $1, CAST($10 AS UUID), 'active', $4, CAST(sum(price_minor) AS BIGINT), $11,
                    max(charges_id), $9, $9, FALSE, $3
             FROM claimed HAVING count(*) = $4),
         listed AS (
             INSERT INTO hold_seats (hold_id, seat_id, ticket_type_id, price_minor, fee_minor, tax_minor)
             SELECT $8, id, ticket_type_id, price_minor, fee_minor, tax_minor FROM claimed)
         SELECT * FROM claimed",
        wish.user,
        wish.event,
        now,
        quantity,
        wish.limit,
        ticket_type,
        wish.session,
        wish.hold,
        wish.until,
        wish.booking_session,
        &wish.currency,
        wish.unlocked.contains(&ticket_type)
    )?)
}

/// SQLite: steps that follow one another, each on the condition that the one before succeeded.
async fn in_steps(
    lite: &mut SqliteConnection,
    wish: &Wish,
    ticket_type: i64,
    quantity: i64,
    now: Ts,
) -> Result<Vec<Claimed>> {
    Ok(q!(
        lite lite,
        all Claimed,
        "INSERT INTO shoppers (user_id, event_id, touched_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, event_id) DO UPDATE SET touched_at = excluded.touched_at;
         WITH wanted AS MATERIALIZED (
             SELECT s.id FROM seats s
             WHERE s.session_id = $7 AND s.ticket_type_id = $6 AND s.state IN ('free', 'held')
               AND (s.held_until IS NULL OR s.held_until <= $3) AND s.access IS NULL
               AND EXISTS (SELECT 1 FROM ticket_types k WHERE k.id = $6 AND (NOT k.hidden OR $12))
             LIMIT $4)
         UPDATE seats SET state = 'held', hold_id = $8, held_until = $9, changed_at = $3
         WHERE id IN (SELECT id FROM wanted) AND (SELECT count(*) FROM wanted) = $4
           AND $4 + COALESCE((SELECT sum(quantity) FROM holds
                              WHERE user_id = $1 AND event_id = $2 AND status = 'active' AND kept_until > $3), 0)
                  + COALESCE((SELECT sum(quantity) FROM bookings
                              WHERE user_id = $1 AND event_id = $2 AND status IN ('confirmed', 'completed')), 0) <= $5
           AND EXISTS (SELECT 1 FROM events e JOIN sessions x ON x.event_id = e.id
                       WHERE x.id = $7 AND e.id = $2 AND e.status = 'published' AND COALESCE(e.sales_open_at, $3) <= $3
                         AND COALESCE(e.sales_close_at, x.starts_at) > $3 AND x.ends_at > $3 AND NOT x.has_waiting);
         INSERT INTO holds (id, session_id, event_id, user_id, booking_session_id, status, quantity, total_minor,
                            currency, charges_id, expires_at, kept_until, extended, created_at)
         SELECT $8, $7, $2, $1, $10, 'active', $4, sum(t.price_minor), $11, max(t.charges_id), $9, $9, FALSE, $3
         FROM seats s JOIN ticket_types t ON t.id = s.ticket_type_id WHERE s.hold_id = $8 HAVING count(*) = $4;
         INSERT INTO hold_seats (hold_id, seat_id, ticket_type_id, price_minor, fee_minor, tax_minor)
         SELECT $8, s.id, s.ticket_type_id, t.price_minor, t.fee_minor, t.tax_minor
         FROM seats s JOIN ticket_types t ON t.id = s.ticket_type_id WHERE s.hold_id = $8;
         SELECT s.id, s.section, s.row_label, s.label, s.ticket_type_id, s.hold_id AS hold, t.name AS ticket_type,
                t.price_minor, t.fee_minor, t.tax_minor, t.charges_id
         FROM seats s JOIN ticket_types t ON t.id = s.ticket_type_id WHERE s.hold_id = $8",
        wish.user,
        wish.event,
        now,
        quantity,
        wish.limit,
        ticket_type,
        wish.session,
        wish.hold,
        wish.until,
        wish.booking_session,
        &wish.currency,
        wish.unlocked.contains(&ticket_type)
    )?)
}
