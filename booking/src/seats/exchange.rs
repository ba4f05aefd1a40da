//! Giving a sold seat back for another one of the same price, in one transaction.

use shared::clock::Ts;
use uuid::Uuid;

use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// One seat for another, of a confirmed booking whose row is locked.
#[derive(Debug, Clone, Copy)]
pub struct Exchange {
    /// The session of both.
    pub session: i64,
    /// The hold that the booking was made of.
    pub hold: Uuid,
    /// The booking.
    pub booking: Uuid,
    /// The seat that goes back.
    pub from: i64,
    /// The seat that is wanted.
    pub to: i64,
    /// What was paid for the first.
    pub price_minor: i64,
}

/// Sells the wanted seat to the booking if it is free, costs the same, is kept for the same people and was not the booking's before; its ticket type, or `None`, and nothing
/// happened. One conditional UPDATE, so that two who want it get it once.
pub async fn claim(tx: &mut Tx, x: &Exchange, now: Ts) -> Result<Option<i64>> {
    Ok(q!(
        tx.ex(),
        optval i64,
        "UPDATE seats SET state = 'sold', booking_id = $3, hold_id = $2, held_until = NULL, changed_at = $6
         WHERE id = $4 AND session_id = $1 AND (state = 'free' OR (state = 'held' AND held_until <= $6))
           AND ticket_type_id IN (SELECT t.id FROM ticket_types t
                                  WHERE t.session_id = $1 AND t.price_minor = $5 AND NOT t.hidden)
           AND NOT EXISTS (SELECT 1 FROM hold_seats y WHERE y.hold_id = $2 AND y.seat_id = $4)
           AND COALESCE(access, '') = (SELECT COALESCE(f.access, '') FROM seats f WHERE f.id = $7)
         RETURNING ticket_type_id",
        x.session,
        x.hold,
        x.booking,
        x.to,
        x.price_minor,
        now,
        x.from
    )?)
}

/// Frees the seat that goes back, and writes the other one into the hold in its place.
pub async fn give_back(tx: &mut Tx, x: &Exchange, ticket_type: i64, now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE seats SET state = 'free', hold_id = NULL, booking_id = NULL, changed_at = $3
         WHERE id = $1 AND booking_id = $2 AND state = 'sold'",
        x.from,
        x.booking,
        now
    )?;
    expect_rows("give a seat back", 1, rows)?;
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE hold_seats SET seat_id = $3, ticket_type_id = $4 WHERE hold_id = $1 AND seat_id = $2 AND price_minor = $5",
        x.hold,
        x.from,
        x.to,
        ticket_type,
        x.price_minor
    )?;
    expect_rows("exchange a seat in its hold", 1, rows)
}
