//! The three steps of a purchase after the hold, one statement each: the hot path of a sale.
//!
//! These statements cross features on purpose (decision 27). Each does its whole step or nothing, whatever happens
//! beside it, so PostgreSQL may commit it by itself; on SQLite its parts follow one another in the writer's transaction
//! and cost one hand-over instead of ten. When a step cannot be done, they change nothing, and the caller finds out why.

use serde_json::Value;
use shared::clock::Ts;
use sqlx::types::Json;
use uuid::Uuid;

use super::store::BookingRow;
use crate::db::Tx;
use crate::error::Result;
use crate::q;
use crate::seats::holds::HeldSeat;
use crate::tickets::TicketRow;

/// A booking with its seats.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Booked {
    #[sqlx(flatten)]
    pub row: BookingRow,
    seats: Json<Vec<HeldSeat>>,
}

impl Booked {
    /// The row, and the seats in id order.
    pub fn parts(self) -> (BookingRow, Vec<HeldSeat>) {
        let mut seats = self.seats.0;
        seats.sort_unstable_by_key(|seat| seat.id);
        (self.row, seats)
    }
}

/// A booking that is to be made of a hold.
#[derive(Debug, Clone)]
pub struct NewBooking {
    pub id: Uuid,
    pub reference: String,
    pub hold: Uuid,
    pub user: Uuid,
}

/// Makes a pending booking of an active hold of this user; `None` when it is not that, or has a booking.
pub async fn book(tx: &mut Tx, new: &NewBooking, now: Ts) -> Result<Option<Booked>> {
    Ok(q!(
        tx.ex(),
        opt Booked,
        pg "WITH made AS (
                INSERT INTO bookings (id, reference, user_id, event_id, session_id, hold_id, status, quantity, total_minor,
                                      currency, created_at)
                SELECT CAST($1 AS UUID), CAST($2 AS TEXT), h.user_id, h.event_id, h.session_id, h.id, 'pending',
                       h.quantity, h.total_minor, h.currency, CAST($5 AS TIMESTAMPTZ)
                FROM holds h WHERE h.id = $3 AND h.user_id = $4 AND h.status = 'active' AND h.expires_at > $5
                FOR UPDATE OF h
                ON CONFLICT (hold_id) DO NOTHING RETURNING *)
            SELECT b.id, b.reference, b.user_id, b.event_id, b.session_id, b.hold_id, b.status, b.quantity, b.total_minor,
                   b.refund_minor, b.currency, b.created_at, b.confirmed_at, b.cancelled_at, h.expires_at, h.kept_until,
                   h.booking_session_id, u.name AS holder_name,
                   (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'label', s.label, 'section', s.section,
                           'row', s.row_label, 'price_minor', hs.price_minor, 'ticket_type', t.name,
                           'ticket_type_id', t.id))
                    FROM hold_seats hs JOIN seats s ON s.id = hs.seat_id JOIN ticket_types t ON t.id = hs.ticket_type_id
                    WHERE hs.hold_id = b.hold_id) AS seats
            FROM made b JOIN holds h ON h.id = b.hold_id JOIN users u ON u.id = b.user_id"
        lite "INSERT INTO bookings (id, reference, user_id, event_id, session_id, hold_id, status, quantity, total_minor,
                                    currency, created_at)
              SELECT $1, $2, h.user_id, h.event_id, h.session_id, h.id, 'pending', h.quantity, h.total_minor, h.currency, $5
              FROM holds h WHERE h.id = $3 AND h.user_id = $4 AND h.status = 'active' AND h.expires_at > $5
              ON CONFLICT (hold_id) DO NOTHING;
              SELECT b.id, b.reference, b.user_id, b.event_id, b.session_id, b.hold_id, b.status, b.quantity, b.total_minor,
                     b.refund_minor, b.currency, b.created_at, b.confirmed_at, b.cancelled_at, h.expires_at, h.kept_until,
                     h.booking_session_id, u.name AS holder_name,
                     (SELECT json_group_array(json_object('id', s.id, 'label', s.label, 'section', s.section,
                             'row', s.row_label, 'price_minor', hs.price_minor, 'ticket_type', t.name,
                             'ticket_type_id', t.id))
                      FROM hold_seats hs JOIN seats s ON s.id = hs.seat_id JOIN ticket_types t ON t.id = hs.ticket_type_id
                      WHERE hs.hold_id = b.hold_id) AS seats
              FROM bookings b JOIN holds h ON h.id = b.hold_id JOIN users u ON u.id = b.user_id WHERE b.id = $1",
        new.id,
        &new.reference,
        new.hold,
        new.user,
        now
    )?)
}

/// A payment that is to be started.
#[derive(Debug, Clone, Copy)]
pub struct NewPayment {
    pub id: Uuid,
    pub booking: Uuid,
    /// Whose booking it must be.
    pub user: Uuid,
    /// The seats must be kept at least until then.
    pub kept_until: Ts,
}

/// Starts the payment of a pending booking whose hold is live and whose seats are kept long enough; `None` when it is
/// not that, or is being paid.
pub async fn start(tx: &mut Tx, new: &NewPayment, now: Ts) -> Result<Option<Booked>> {
    Ok(q!(
        tx.ex(),
        opt Booked,
        pg "WITH started AS (
                INSERT INTO payments (id, booking_id, status, amount_minor, currency, created_at, updated_at)
                SELECT CAST($1 AS UUID), b.id, 'started', b.total_minor, b.currency, CAST($5 AS TIMESTAMPTZ),
                       CAST($5 AS TIMESTAMPTZ)
                FROM bookings b JOIN holds h ON h.id = b.hold_id
                WHERE b.id = $2 AND b.user_id = $3 AND b.status = 'pending'
                  AND h.status = 'active' AND h.expires_at > $5 AND h.kept_until >= $4
                FOR UPDATE OF b, h
                ON CONFLICT (booking_id) WHERE status IN ('started', 'authorised', 'captured', 'refund_owed', 'refunded')
                DO NOTHING RETURNING booking_id)
            SELECT b.id, b.reference, b.user_id, b.event_id, b.session_id, b.hold_id, b.status, b.quantity, b.total_minor,
                   b.refund_minor, b.currency, b.created_at, b.confirmed_at, b.cancelled_at, h.expires_at, h.kept_until,
                   h.booking_session_id, u.name AS holder_name,
                   (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'label', s.label, 'section', s.section,
                           'row', s.row_label, 'price_minor', hs.price_minor, 'ticket_type', t.name,
                           'ticket_type_id', t.id))
                    FROM hold_seats hs JOIN seats s ON s.id = hs.seat_id JOIN ticket_types t ON t.id = hs.ticket_type_id
                    WHERE hs.hold_id = b.hold_id) AS seats
            FROM started p JOIN bookings b ON b.id = p.booking_id JOIN holds h ON h.id = b.hold_id
            JOIN users u ON u.id = b.user_id"
        lite "INSERT INTO payments (id, booking_id, status, amount_minor, currency, created_at, updated_at)
              SELECT $1, b.id, 'started', b.total_minor, b.currency, $5, $5
              FROM bookings b JOIN holds h ON h.id = b.hold_id
              WHERE b.id = $2 AND b.user_id = $3 AND b.status = 'pending'
                AND h.status = 'active' AND h.expires_at > $5 AND h.kept_until >= $4
              ON CONFLICT (booking_id) WHERE status IN ('started', 'authorised', 'captured', 'refund_owed', 'refunded')
              DO NOTHING;
              SELECT b.id, b.reference, b.user_id, b.event_id, b.session_id, b.hold_id, b.status, b.quantity, b.total_minor,
                     b.refund_minor, b.currency, b.created_at, b.confirmed_at, b.cancelled_at, h.expires_at, h.kept_until,
                     h.booking_session_id, u.name AS holder_name,
                     (SELECT json_group_array(json_object('id', s.id, 'label', s.label, 'section', s.section,
                             'row', s.row_label, 'price_minor', hs.price_minor, 'ticket_type', t.name,
                             'ticket_type_id', t.id))
                      FROM hold_seats hs JOIN seats s ON s.id = hs.seat_id JOIN ticket_types t ON t.id = hs.ticket_type_id
                      WHERE hs.hold_id = b.hold_id) AS seats
              FROM payments p JOIN bookings b ON b.id = p.booking_id JOIN holds h ON h.id = b.hold_id
              JOIN users u ON u.id = b.user_id WHERE p.id = $1",
        new.id,
        new.booking,
        new.user,
        new.kept_until,
        now
    )?)
}

/// What a confirmation writes.
#[derive(Debug)]
pub struct Confirmation<'r> {
    pub booking: &'r BookingRow,
    pub payment: Uuid,
    pub transaction_id: &'r str,
    /// What the payment becomes.
    pub paid_as: &'static str,
    /// One for each seat.
    pub tickets: &'r [TicketRow],
    /// What follows.
    pub jobs: Value,
    /// For the audit log.
    pub detail: Value,
}

/// Sells the seats of a pending booking whose payment is `started`, confirms it, issues its tickets, queues what follows
/// and notes it in the audit log; false when booking, hold or payment do not stand so any more.
///
/// # Errors
/// A seat that the hold has lost makes a ticket without a seat, which the table refuses
/// ([`lacks_value`](crate::db::lacks_value)): then nothing has happened either.
pub async fn confirm(tx: &mut Tx, it: &Confirmation<'_>, now: Ts) -> Result<bool> {
    let row = it.booking;
    let touched = q!(
        tx.ex(),
        exec,
        pg "WITH ready AS (
                SELECT b.id FROM bookings b JOIN holds h ON h.id = b.hold_id JOIN payments p ON p.booking_id = b.id
                WHERE b.id = $1 AND b.status = 'pending' AND h.id = $3 AND h.status = 'active'
                  AND p.id = $2 AND p.status = 'started'
                FOR UPDATE OF b, h, p),
            paid AS (
                UPDATE payments SET status = $5, transaction_id = $4, updated_at = $6
                FROM ready WHERE payments.id = $2),
            booked AS (UPDATE holds SET status = 'booked' FROM ready WHERE holds.id = $3),
            sold AS (
                UPDATE seats SET state = 'sold', booking_id = $1, held_until = NULL, changed_at = $6
                FROM ready WHERE hold_id = $3 AND state = 'held' AND held_until > $6 RETURNING seats.id),
            confirmed AS (
                UPDATE bookings SET status = 'confirmed', confirmed_at = $6
                FROM ready WHERE bookings.id = ready.id RETURNING bookings.id),
            issued AS (
                INSERT INTO tickets (id, code, booking_id, event_id, session_id, seat_id, ticket_type_id, user_id,
                                     holder_name, holder, generation, status, price_minor, issued_at)
                SELECT n.id, n.code, $1, CAST($8 AS BIGINT), CAST($9 AS BIGINT), sold.id, n.ticket_type_id,
                       CAST($10 AS UUID), CAST($11 AS TEXT), n.holder, 1, 'valid', n.price_minor, $6
                FROM ready CROSS JOIN jsonb_to_recordset($7) AS n (id UUID, code TEXT, seat_id BIGINT,
                                                                   ticket_type_id BIGINT, holder UUID, price_minor BIGINT)
                LEFT JOIN sold ON sold.id = n.seat_id),
            noted AS (
                INSERT INTO audit_entries (at, actor, action, subject, detail)
                SELECT $6, CAST($10 AS UUID), 'booking.confirmed', CAST($13 AS TEXT), CAST($14 AS JSONB) FROM ready),
            queued AS (
                INSERT INTO jobs (id, kind, payload, status, dedupe_key, run_at, created_at)
                SELECT n.id, n.kind, n.payload, 'ready', n.dedupe_key, n.run_at, $6
                FROM ready CROSS JOIN jsonb_to_recordset($12) AS n (id UUID, kind TEXT, payload JSONB, dedupe_key TEXT,
                                                                    run_at TIMESTAMPTZ)
                ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING)
            SELECT id FROM confirmed"
        lite "UPDATE payments SET status = $5, transaction_id = $4, updated_at = $6
              WHERE id = $2 AND booking_id = $1 AND status = 'started'
                AND EXISTS (SELECT 1 FROM bookings b JOIN holds h ON h.id = b.hold_id
                            WHERE b.id = $1 AND b.status = 'pending' AND h.id = $3 AND h.status = 'active');
              UPDATE holds SET status = 'booked' WHERE id = $3 AND changes() = 1;
              UPDATE bookings SET status = 'confirmed', confirmed_at = $6 WHERE id = $1 AND changes() = 1;
              INSERT INTO audit_entries (at, actor, action, subject, detail)
              SELECT $6, $10, 'booking.confirmed', $13, $14 WHERE changes() = 1;
              UPDATE seats SET state = 'sold', booking_id = $1, held_until = NULL, changed_at = $6
              WHERE hold_id = $3 AND state = 'held' AND held_until > $6 AND changes() = 1;
              INSERT INTO tickets (id, code, booking_id, event_id, session_id, seat_id, ticket_type_id, user_id,
                                   holder_name, holder, generation, status, price_minor, issued_at)
              SELECT unhex(n.value ->> 'id', '-'), n.value ->> 'code', $1, $8, $9, s.id, n.value ->> 'ticket_type_id', $10,
                     $11, unhex(n.value ->> 'holder', '-'), 1, 'valid', n.value ->> 'price_minor', $6
              FROM json_each($7) n LEFT JOIN seats s ON s.id = n.value ->> 'seat_id' AND s.booking_id = $1
              WHERE EXISTS (SELECT 1 FROM payments WHERE id = $2 AND status = $5 AND transaction_id = $4)
                AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.booking_id = $1);
              INSERT INTO jobs (id, kind, payload, status, dedupe_key, run_at, created_at)
              SELECT unhex(n.value ->> 'id', '-'), n.value ->> 'kind', n.value -> 'payload', 'ready', n.value ->> 'dedupe_key',
                     n.value ->> 'run_at_us', $6
              FROM json_each($12) n WHERE changes() > 0
              ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING",
        row.id,
        it.payment,
        row.hold_id,
        it.transaction_id,
        it.paid_as,
        now,
        Json(it.tickets),
        row.event_id,
        row.session_id,
        row.user_id,
        &row.holder_name,
        Json(&it.jobs),
        format!("booking:{}", row.id),
        Json(&it.detail)
    )?;
    Ok(touched > 0)
}

/// What a shop would do that looks first and settles then.
#[cfg(feature = "testing")]
pub async fn issue_unguarded(tx: &mut Tx, it: &Confirmation<'_>, now: Ts) -> Result<()> {
    let row = it.booking;
    q!(
        tx.ex(),
        exec,
        pg "INSERT INTO tickets (id, code, booking_id, event_id, session_id, seat_id, ticket_type_id, user_id,
                                 holder_name, holder, generation, status, price_minor, issued_at)
            SELECT n.id, n.code, CAST($1 AS UUID), CAST($3 AS BIGINT), CAST($4 AS BIGINT), n.seat_id, n.ticket_type_id,
                   CAST($5 AS UUID), CAST($6 AS TEXT), n.holder, 1, 'valid', n.price_minor, CAST($7 AS TIMESTAMPTZ)
            FROM jsonb_to_recordset($2) AS n (id UUID, code TEXT, seat_id BIGINT, ticket_type_id BIGINT, holder UUID,
                                              price_minor BIGINT)"
        lite "INSERT INTO tickets (id, code, booking_id, event_id, session_id, seat_id, ticket_type_id, user_id,
                                   holder_name, holder, generation, status, price_minor, issued_at)
              SELECT unhex(n.value ->> 'id', '-'), n.value ->> 'code', $1, $3, $4, n.value ->> 'seat_id',
                     n.value ->> 'ticket_type_id', $5, $6, unhex(n.value ->> 'holder', '-'), 1, 'valid',
                     n.value ->> 'price_minor', $7
              FROM json_each($2) n",
        row.id,
        Json(it.tickets),
        row.event_id,
        row.session_id,
        row.user_id,
        &row.holder_name,
        now
    )?;
    Ok(())
}
