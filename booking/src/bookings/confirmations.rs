//! The last step of a purchase, one statement: the seats are sold, the booking is confirmed, its tickets are issued. As
//! [`at_once`](super::at_once) says, it does all of that or nothing, and passes over what others have locked.

use serde::Serialize;
use serde_json::Value;
use shared::clock::Ts;
use sqlx::types::Json;
use sqlx::{PgConnection, SqliteConnection};
use uuid::Uuid;

use super::at_once::{each, outcomes};
use crate::db::{Dual, Tx, Work};
use crate::error::Result;
use crate::idempotency::KeptAnswer;
use crate::q;
use crate::tickets::TicketRow;

/// What a confirmation writes.
#[derive(Debug, Clone, Serialize)]
pub struct Confirmation {
    pub booking: Uuid,
    pub hold: Uuid,
    pub event: i64,
    pub session: i64,
    pub user: Uuid,
    pub holder_name: String,
    pub payment: Uuid,
    pub transaction_id: String,
    /// What the payment becomes.
    pub paid_as: &'static str,
    /// One for each seat.
    pub tickets: Vec<TicketRow>,
    /// What follows.
    pub jobs: Value,
    /// For the audit log.
    pub subject: String,
    /// For the audit log.
    pub detail: Value,
    /// The booking session that ends with it; on PostgreSQL only.
    pub booking_session: Option<Uuid>,
    /// The id of the job that tells the waiting room of that.
    pub departure: Uuid,
    /// The answer that is kept for the request's key; on PostgreSQL only.
    #[serde(flatten)]
    pub kept: Option<KeptAnswer>,
}

/// Sells the seats of each pending booking whose payment is `started`, confirms it, issues its tickets, queues what follows
/// and notes it in the audit log; `None` when booking, hold or payment do not stand so any more, or are being seen to by
/// somebody else.
///
/// # Errors
/// A seat that a hold has lost makes a ticket without a seat, which the table refuses
/// ([`lacks_value`](crate::db::lacks_value)): then nothing has happened to any of them.
pub fn confirm<'t>(tx: &'t mut Tx, new: &'t [Confirmation], now: Ts) -> Work<'t, Vec<Option<()>>> {
    Box::pin(async move {
        let confirmed = match tx.ex() {
            Dual::Pg(pg) => confirm_together(pg, new, now).await?,
            Dual::Lite(lite) => each!(new, one => confirm_alone(lite, one, now)),
        };
        let is_its = |one: &Confirmation, confirmed: &Uuid| *confirmed == one.booking;
        let outcomes = outcomes(new, confirmed, is_its);
        Ok(outcomes.into_iter().map(|confirmed| confirmed.map(|_| ())).collect())
    })
}

async fn confirm_together(pg: &mut PgConnection, new: &[Confirmation], now: Ts) -> Result<Vec<Uuid>> {
    Ok(q!(
        pg pg,
        vals Uuid,
        "WITH new AS MATERIALIZED (
             SELECT * FROM jsonb_to_recordset($1) AS n (booking UUID, hold UUID, event BIGINT, session BIGINT, \"user\" UUID,
                 holder_name TEXT, payment UUID, transaction_id TEXT, paid_as TEXT, tickets JSONB, jobs JSONB, subject TEXT,
                 detail JSONB, booking_session UUID, departure UUID, scope TEXT, key TEXT, answer_status BIGINT,
                 content_type TEXT, body TEXT)),
         visit AS MATERIALIZED (
             SELECT s.id FROM new n JOIN booking_sessions s ON s.id = n.booking_session FOR UPDATE OF s SKIP LOCKED),
         ready AS (
             SELECT n.* FROM new n JOIN bookings b ON b.id = n.booking JOIN holds h ON h.id = b.hold_id
             JOIN payments p ON p.id = n.payment
             WHERE (b.status = 'pending') IS TRUE AND h.id = n.hold AND (h.status = 'active') IS TRUE
               AND p.booking_id = b.id AND (p.status = 'started') IS TRUE
               AND (n.booking_session IS NULL OR n.booking_session IN (SELECT id FROM visit))
             FOR UPDATE OF b, h, p SKIP LOCKED),
         finished AS (
             UPDATE booking_sessions s SET status = 'finished', ended_at = $2
             FROM ready WHERE s.id = ready.booking_session AND s.status = 'open'
             RETURNING ready.departure, s.room, s.place_id, s.jti),
         departed AS (
             INSERT INTO jobs (id, kind, payload, status, dedupe_key, run_at, created_at)
             SELECT departure, 'departure', jsonb_build_object('room', room, 'place', place_id, 'jti', jti, 'reason', 'finished'),
                    'ready', 'departure:' || jti, $2, $2
             FROM finished ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING),
         kept AS (
             UPDATE idempotency_keys k SET locked_until = NULL, status = ready.answer_status,
                    content_type = ready.content_type, body = convert_to(ready.body, 'UTF8')
             FROM ready WHERE k.scope = ready.scope AND k.key = ready.key AND k.status IS NULL),
         paid AS (
             UPDATE payments SET status = ready.paid_as, transaction_id = ready.transaction_id, updated_at = $2
             FROM ready WHERE payments.id = ready.payment),
         booked AS (UPDATE holds SET status = 'booked' FROM ready WHERE holds.id = ready.hold),
         sold AS (
             UPDATE seats SET state = 'sold', booking_id = ready.booking, held_until = NULL, changed_at = $2
             FROM ready WHERE hold_id = ready.hold AND state = 'held' AND held_until > $2
             RETURNING seats.id, ready.booking),
         confirmed AS (
             UPDATE bookings SET status = 'confirmed', confirmed_at = $2
             FROM ready WHERE bookings.id = ready.booking RETURNING bookings.id),
         issued AS (
             INSERT INTO tickets (id, code, booking_id, event_id, session_id, seat_id, ticket_type_id, user_id,
                                  holder_name, holder, generation, status, price_minor, fee_minor, tax_minor, issued_at)
             SELECT t.id, t.code, ready.booking, ready.event, ready.session, sold.id, t.ticket_type_id, ready.\"user\",
                    ready.holder_name, t.holder, 1, 'valid', t.price_minor, t.fee_minor, t.tax_minor, $2
             FROM ready CROSS JOIN LATERAL jsonb_to_recordset(ready.tickets) AS t (id UUID, code TEXT, seat_id BIGINT,
                 ticket_type_id BIGINT, holder UUID, price_minor BIGINT, fee_minor BIGINT, tax_minor BIGINT)
             LEFT JOIN sold ON sold.id = t.seat_id AND sold.booking = ready.booking),
         noted AS (
             INSERT INTO audit_entries (at, actor, action, subject, detail)
             SELECT $2, \"user\", 'booking.confirmed', subject, detail FROM ready),
         queued AS (
             INSERT INTO jobs (id, kind, payload, status, dedupe_key, run_at, created_at)
             SELECT j.id, j.kind, j.payload, 'ready', j.dedupe_key, j.run_at, $2
             FROM ready CROSS JOIN LATERAL jsonb_to_recordset(ready.jobs) AS j (id UUID, kind TEXT, payload JSONB,
                 dedupe_key TEXT, run_at TIMESTAMPTZ)
             ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING)
         SELECT id FROM confirmed",
        Json(new),
        now
    )?)
}

async fn confirm_alone(lite: &mut SqliteConnection, new: &Confirmation, now: Ts) -> Result<Option<Uuid>> {
    let touched = q!(
        lite lite,
        exec,
        "UPDATE payments SET status = $5, transaction_id = $4, updated_at = $6
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
                              holder_name, holder, generation, status, price_minor, fee_minor, tax_minor, issued_at)
         SELECT unhex(n.value ->> 'id', '-'), n.value ->> 'code', $1, $8, $9, s.id, n.value ->> 'ticket_type_id', $10,
                $11, unhex(n.value ->> 'holder', '-'), 1, 'valid', n.value ->> 'price_minor', n.value ->> 'fee_minor',
                n.value ->> 'tax_minor', $6
         FROM json_each($7) n LEFT JOIN seats s ON s.id = n.value ->> 'seat_id' AND s.booking_id = $1
         WHERE EXISTS (SELECT 1 FROM payments WHERE id = $2 AND status = $5 AND transaction_id = $4)
           AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.booking_id = $1);
         INSERT INTO jobs (id, kind, payload, status, dedupe_key, run_at, created_at)
         SELECT unhex(n.value ->> 'id', '-'), n.value ->> 'kind', n.value -> 'payload', 'ready', n.value ->> 'dedupe_key',
                n.value ->> 'run_at_us', $6
         FROM json_each($12) n WHERE changes() > 0
         ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING",
        new.booking,
        new.payment,
        new.hold,
        &new.transaction_id,
        new.paid_as,
        now,
        Json(&new.tickets),
        new.event,
        new.session,
        new.user,
        &new.holder_name,
        Json(&new.jobs),
        &new.subject,
        Json(&new.detail)
    )?;
    Ok((touched > 0).then_some(new.booking))
}

/// Waits for whoever is at a booking, its hold and its payment, which nobody else touches then until the transaction ends:
/// [`confirm`] passes over what others have locked.
pub async fn lock(tx: &mut Tx, booking: Uuid, payment: Uuid) -> Result<()> {
    if let Dual::Pg(pg) = tx.ex() {
        q!(
            pg pg,
            exec,
            "SELECT b.id FROM bookings b JOIN holds h ON h.id = b.hold_id JOIN payments p ON p.booking_id = b.id
             WHERE b.id = $1 AND p.id = $2 FOR UPDATE OF b, h, p",
            booking,
            payment
        )?;
    }
    Ok(())
}

/// What a shop would do that looks first and settles then.
#[cfg(feature = "testing")]
pub async fn issue_unguarded(tx: &mut Tx, it: &Confirmation, now: Ts) -> Result<()> {
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
        it.booking,
        Json(&it.tickets),
        it.event,
        it.session,
        it.user,
        &it.holder_name,
        now
    )?;
    Ok(())
}
