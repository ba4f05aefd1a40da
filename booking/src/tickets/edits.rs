//! SQL of changing tickets that their buyer still holds: the name printed on them, and the seat.

use shared::clock::Ts;
use uuid::Uuid;

use super::new_code;
use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// Prints another name on a valid ticket of a booking that its buyer holds. Rows touched.
pub async fn rename(tx: &mut Tx, booking: Uuid, buyer: Uuid, code: &str, name: &str) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE tickets SET holder_name = $4
         WHERE booking_id = $1 AND user_id = $2 AND code = $3 AND status = 'valid'",
        booking,
        buyer,
        code,
        name
    )?)
}

/// A ticket that a seat was sold with.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Exchanged {
    /// Its price.
    pub price_minor: i64,
    fee_minor: i64,
    tax_minor: i64,
    holder_name: String,
}

/// Kills the valid ticket of a seat that its buyer gives back; `None` when it is used, passed on or on offer.
pub async fn take_back(tx: &mut Tx, booking: Uuid, buyer: Uuid, seat: i64) -> Result<Option<Exchanged>> {
    Ok(q!(
        tx.ex(),
        opt Exchanged,
        "UPDATE tickets SET status = 'cancelled'
         WHERE booking_id = $1 AND user_id = $2 AND seat_id = $3 AND status = 'valid' AND generation = 1
           AND NOT EXISTS (SELECT 1 FROM transfers o WHERE o.ticket_id = tickets.id AND o.status = 'offered')
         RETURNING price_minor, fee_minor, tax_minor, holder_name",
        booking,
        buyer,
        seat
    )?)
}

/// Issues the ticket of the seat that was taken instead, in the same name, with a code of its own.
pub async fn reissue(
    tx: &mut Tx,
    app: &App,
    booking: Uuid,
    seat: i64,
    ticket_type: i64,
    old: &Exchanged,
    now: Ts,
) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO tickets (id, code, booking_id, event_id, session_id, seat_id, ticket_type_id, user_id,
                              holder_name, holder, generation, status, price_minor, issued_at, fee_minor, tax_minor)
         SELECT $1, $2, b.id, b.event_id, b.session_id, $4, $5, b.user_id, $6, $7, 1, 'valid', $8, $9, $10, $11
         FROM bookings b WHERE b.id = $3",
        app.entropy.uuid_v7(now),
        new_code(app),
        booking,
        seat,
        ticket_type,
        &old.holder_name,
        app.entropy.uuid_v7(now),
        old.price_minor,
        now,
        old.fee_minor,
        old.tax_minor
    )?;
    expect_rows("issue the ticket of another seat", 1, rows)
}
