//! Lowering the prices of a hold, and raising them again. What is written into the hold is what is charged and printed, so
//! nothing behind it has to know of discounts.

use shared::clock::Ts;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// Writes the prices of some seats of an active hold (`[seat, price]`), and the hold's new total.
pub async fn reprice(tx: &mut Tx, hold: Uuid, prices: &[(i64, i64)]) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        pg "UPDATE hold_seats SET price_minor = CAST(p->>1 AS BIGINT) FROM jsonb_array_elements($2) p
            WHERE hold_id = $1 AND seat_id = CAST(p->>0 AS BIGINT)"
        lite "UPDATE hold_seats SET price_minor = p.value->>1 FROM json_each($2) p
              WHERE hold_id = $1 AND seat_id = p.value->>0",
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

/// A seat of a hold with the price it has without a discount.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Listed {
    /// The seat.
    pub seat_id: i64,
    /// Its ticket type.
    pub ticket_type_id: i64,
    /// What it costs now.
    pub price_minor: i64,
    /// What its ticket type costs: that cannot change while somebody holds a place of it.
    pub full_minor: i64,
}

/// The seats of a hold, in id order.
pub async fn listed(tx: &mut Tx, hold: Uuid) -> Result<Vec<Listed>> {
    Ok(q!(
        tx.ex(),
        all Listed,
        "SELECT x.seat_id, x.ticket_type_id, x.price_minor, t.price_minor AS full_minor
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
