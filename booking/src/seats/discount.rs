//! Lowering the prices of a hold, and raising them again. What is written into the hold is what is charged and printed, so
//! nothing behind it has to know of discounts.

use serde::Serialize;
use shared::clock::Ts;
use sqlx::types::Json;
use uuid::Uuid;

use crate::charges::Line;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// What a seat of a hold is to cost.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Repriced {
    /// The seat.
    pub seat: i64,
    price_minor: i64,
    fee_minor: i64,
    tax_minor: i64,
}

impl Repriced {
    /// The seat at this price.
    pub fn of(seat: i64, line: Line) -> Self {
        let Line { fee_minor, tax_minor, .. } = line;
        Self { seat, price_minor: line.price_minor(), fee_minor, tax_minor }
    }

    /// The parts of its price.
    pub fn line(&self) -> Line {
        Line::of(self.price_minor, self.fee_minor, self.tax_minor)
    }
}

/// Writes the prices of some seats of an active hold, and the hold's new total.
pub async fn reprice(tx: &mut Tx, hold: Uuid, prices: &[Repriced]) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        pg "UPDATE hold_seats SET price_minor = n.price_minor, fee_minor = n.fee_minor, tax_minor = n.tax_minor
            FROM jsonb_to_recordset($2) AS n (seat BIGINT, price_minor BIGINT, fee_minor BIGINT, tax_minor BIGINT)
            WHERE hold_id = $1 AND seat_id = n.seat"
        lite "UPDATE hold_seats SET price_minor = n.value ->> 'price_minor', fee_minor = n.value ->> 'fee_minor',
                     tax_minor = n.value ->> 'tax_minor'
              FROM json_each($2) n WHERE hold_id = $1 AND seat_id = n.value ->> 'seat'",
        hold,
        Json(prices)
    )?;
    expect_rows("reprice seats", prices.len() as u64, rows)?;
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE holds SET total_minor =
             (SELECT CAST(sum(x.price_minor) AS BIGINT) FROM hold_seats x WHERE x.hold_id = $1)
         WHERE id = $1 AND status = 'active'",
        hold
    )?;
    expect_rows("sum up a hold", 1, rows)
}

/// A seat of a hold with what its ticket type asks for.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Listed {
    /// The seat.
    pub seat_id: i64,
    /// Its ticket type.
    pub ticket_type_id: i64,
    /// What the organiser asks for it: that cannot change while somebody holds a place of its type.
    pub face_minor: i64,
    /// Whether only a code opens its ticket type.
    pub hidden: bool,
}

/// The seats of a hold, in id order.
pub async fn listed(tx: &mut Tx, hold: Uuid) -> Result<Vec<Listed>> {
    Ok(q!(
        tx.ex(),
        all Listed,
        "SELECT x.seat_id, x.ticket_type_id, t.face_minor, t.hidden
         FROM hold_seats x JOIN ticket_types t ON t.id = x.ticket_type_id WHERE x.hold_id = $1 ORDER BY x.seat_id",
        hold
    )?)
}

/// Whether a hold may change its prices: it is active, not over, and no booking was made of it.
pub async fn is_open(tx: &mut Tx, hold: Uuid, now: Ts) -> Result<bool> {
    Ok(q!(
        tx.ex(),
        val bool,
        "SELECT EXISTS (SELECT 1 FROM holds h WHERE h.id = $1 AND h.status = 'active' AND h.expires_at > $2
                          AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.hold_id = h.id))",
        hold,
        now
    )?)
}
