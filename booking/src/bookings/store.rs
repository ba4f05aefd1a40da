//! SQL of bookings.

use shared::clock::Ts;
use uuid::Uuid;

use super::rules::Status;
use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// A booking's row, with its hold's deadlines and its owner's name.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct BookingRow {
    pub id: Uuid,
    pub reference: String,
    pub user_id: Uuid,
    pub event_id: i64,
    pub session_id: i64,
    pub hold_id: Uuid,
    pub status: Status,
    pub quantity: i64,
    pub total_minor: i64,
    pub refund_minor: i64,
    pub currency: String,
    pub created_at: Ts,
    pub confirmed_at: Option<Ts>,
    pub cancelled_at: Option<Ts>,
    /// The terms its prices were reckoned by.
    pub charges_id: Option<i64>,
    pub expires_at: Ts,
    pub kept_until: Ts,
    pub booking_session_id: Option<Uuid>,
    pub holder_name: String,
}

/// A booking; of `owner` only, when given.
pub async fn find(app: &App, booking: Uuid, owner: Option<Uuid>) -> Result<Option<BookingRow>> {
    Ok(q!(
        app.db.ex(),
        opt BookingRow,
        "SELECT b.id, b.reference, b.user_id, b.event_id, b.session_id, b.hold_id, b.status, b.quantity, b.total_minor,
                b.refund_minor, b.currency, b.created_at, b.confirmed_at, b.cancelled_at, h.charges_id, h.expires_at, h.kept_until,
                h.booking_session_id, u.name AS holder_name
         FROM bookings b JOIN holds h ON h.id = b.hold_id JOIN users u ON u.id = b.user_id
         WHERE b.id = $1 AND (CAST($2 AS UUID) IS NULL OR b.user_id = $2)",
        booking,
        owner
    )?)
}

/// The bookings of a user, newest first, behind `after`.
pub async fn list(app: &App, user: Uuid, after: Option<Uuid>, most: i64) -> Result<Vec<BookingRow>> {
    Ok(q!(
        app.db.ex(),
        all BookingRow,
        "SELECT b.id, b.reference, b.user_id, b.event_id, b.session_id, b.hold_id, b.status, b.quantity, b.total_minor,
                b.refund_minor, b.currency, b.created_at, b.confirmed_at, b.cancelled_at, h.charges_id, h.expires_at, h.kept_until,
                h.booking_session_id, u.name AS holder_name
         FROM bookings b JOIN holds h ON h.id = b.hold_id JOIN users u ON u.id = b.user_id
         WHERE b.user_id = $1 AND (CAST($2 AS UUID) IS NULL OR b.id < $2) ORDER BY b.id DESC LIMIT $3",
        user,
        after,
        most
    )?)
}

/// What of a booking changes when tickets are given back.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Standing {
    status: Status,
    quantity: i64,
    refund_minor: i64,
}

impl BookingRow {
    /// Takes in how the booking stands now.
    pub fn stand_as(&mut self, standing: Standing) {
        (self.status, self.quantity, self.refund_minor) =
            (standing.status, standing.quantity, standing.refund_minor);
    }

    /// The booking as it stands once it was cancelled.
    pub fn end(&mut self, refund_minor: i64, now: Ts) {
        self.status = Status::Cancelled;
        self.refund_minor = refund_minor;
        self.cancelled_at = Some(now);
    }
}

/// Locks a booking until the end of the transaction; how it stands.
pub async fn standing(tx: &mut Tx, booking: Uuid) -> Result<Standing> {
    Ok(q!(
        tx.ex(),
        one Standing,
        pg "SELECT status, quantity, refund_minor FROM bookings WHERE id = $1 FOR UPDATE"
        lite "SELECT status, quantity, refund_minor FROM bookings WHERE id = $1",
        booking
    )?)
}

/// Leaves a confirmed booking with fewer tickets.
pub async fn reduce(tx: &mut Tx, booking: Uuid, tickets: i64, refund_minor: i64) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE bookings SET quantity = quantity - $2, refund_minor = refund_minor + $3
         WHERE id = $1 AND status = 'confirmed'",
        booking,
        tickets,
        refund_minor
    )?;
    expect_rows("reduce booking", 1, rows)
}

/// Locks a booking until the end of the transaction; its status.
pub async fn lock(tx: &mut Tx, booking: Uuid) -> Result<Status> {
    Ok(q!(
        tx.ex(),
        val Status,
        pg "SELECT status FROM bookings WHERE id = $1 FOR UPDATE"
        lite "SELECT status FROM bookings WHERE id = $1",
        booking
    )?)
}

/// Writes a pending booking.
pub async fn insert(tx: &mut Tx, booking: &BookingRow) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO bookings (id, reference, user_id, event_id, session_id, hold_id, status, quantity, total_minor,
                               currency, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9, $10)",
        booking.id,
        &booking.reference,
        booking.user_id,
        booking.event_id,
        booking.session_id,
        booking.hold_id,
        booking.quantity,
        booking.total_minor,
        &booking.currency,
        booking.created_at
    )?;
    expect_rows("insert booking", 1, rows)
}

/// The name printed on a user's tickets.
pub async fn holder_name(app: &App, user: Uuid) -> Result<String> {
    Ok(q!(app.db.ex(), val String, "SELECT name FROM users WHERE id = $1", user)?)
}

/// Cancels a booking that stands at `from`.
pub async fn cancel(tx: &mut Tx, booking: Uuid, from: Status, refund_minor: i64, now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE bookings SET status = 'cancelled', refund_minor = $3, cancelled_at = $4 WHERE id = $1 AND status = $2",
        booking,
        from,
        refund_minor,
        now
    )?;
    expect_rows("cancel booking", 1, rows)
}

/// Lets a pending booking rest on another hold than the one it was made of.
pub async fn rest_on(tx: &mut Tx, booking: Uuid, hold: Uuid) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE bookings SET hold_id = $2 WHERE id = $1 AND status = 'pending'",
        booking,
        hold
    )?;
    expect_rows("rest on another hold", 1, rows)
}

/// Expires a pending booking whose seats are kept no longer and whose payment is not under way; false when it is not that.
pub async fn expire(tx: &mut Tx, booking: Uuid, now: Ts) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE bookings SET status = 'expired' WHERE id = $1 AND status = 'pending'
         AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.id = bookings.hold_id AND h.status = 'active' AND h.kept_until > $2)
         AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.booking_id = bookings.id AND p.status = 'started')",
        booking,
        now
    )?;
    Ok(rows == 1)
}

/// Pending bookings whose seats are kept no longer. One whose payment has no outcome waits for it: a yes may find seats yet.
pub async fn late(app: &App, now: Ts, most: i64) -> Result<Vec<Uuid>> {
    Ok(q!(
        app.db.ex(),
        vals Uuid,
        "SELECT b.id FROM bookings b JOIN holds h ON h.id = b.hold_id
         WHERE b.status = 'pending' AND h.kept_until <= $1
           AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.booking_id = b.id AND p.status = 'started')
         ORDER BY b.created_at LIMIT $2",
        now,
        most
    )?)
}

/// Confirmed bookings of events that were called off, by event: in the order of bookings alone the planner would look through all
/// bookings for those of the few such events.
pub async fn called_off(app: &App, most: i64) -> Result<Vec<Uuid>> {
    Ok(q!(
        app.db.ex(),
        vals Uuid,
        "SELECT b.id FROM events e JOIN bookings b ON b.event_id = e.id AND b.status = 'confirmed'
         WHERE e.status = 'cancelled' ORDER BY e.id, b.id LIMIT $1",
        most
    )?)
}

/// Ends confirmed bookings whose session is over; how many.
pub async fn complete(tx: &mut Tx, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE bookings SET status = 'completed' WHERE status = 'confirmed'
         AND session_id IN (SELECT s.id FROM sessions s JOIN events e ON e.id = s.event_id
                            WHERE s.ends_at <= $1 AND e.status <> 'cancelled')",
        now
    )?)
}

/// Ends cancelled bookings whose money is back; how many.
pub async fn note_refunds(tx: &mut Tx) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE bookings SET status = 'refunded' WHERE status = 'cancelled' AND refund_minor > 0
         AND NOT EXISTS (SELECT 1 FROM returns r WHERE r.booking_id = bookings.id AND r.status = 'owed')
         AND EXISTS (SELECT 1 FROM payments p WHERE p.booking_id = bookings.id AND p.transaction_id IS NOT NULL
                       AND (p.status IN ('refunded', 'voided')
                            OR (p.status = 'captured' AND p.refunded_minor = bookings.refund_minor)))"
    )?)
}

/// The next session of an event that has not begun, else its first.
pub async fn next_session(app: &App, event: i64, now: Ts) -> Result<Option<i64>> {
    Ok(q!(
        app.db.ex(),
        optval i64,
        "SELECT s.id FROM sessions s WHERE s.event_id = $1 ORDER BY (s.starts_at <= $2), s.starts_at LIMIT 1",
        event,
        now
    )?)
}
