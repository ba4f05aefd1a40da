//! Seats of a confirmed booking that are given back: free again, and what went back for each. The booking's row is locked.

use serde::Serialize;
use shared::clock::Ts;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// A seat that was given back.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Returned {
    /// The seat.
    pub seat: i64,
    /// What goes back for it.
    pub refund_minor: i64,
}

/// Frees these seats of a booking; how many were its own.
pub async fn free(tx: &mut Tx, booking: Uuid, seats: &[i64], now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        pg "UPDATE seats SET state = 'free', hold_id = NULL, booking_id = NULL, changed_at = $3
            WHERE id IN (SELECT CAST(w AS BIGINT) FROM jsonb_array_elements_text($2) w) AND booking_id = $1 AND state = 'sold'"
        lite "UPDATE seats SET state = 'free', hold_id = NULL, booking_id = NULL, changed_at = $3
              WHERE id IN (SELECT value FROM json_each($2)) AND booking_id = $1 AND state = 'sold'",
        booking,
        Json(seats),
        now
    )?)
}

/// Writes into the hold what goes back for its seats; `part`: the return they are of, where others of the booking live on.
pub async fn note(tx: &mut Tx, hold: Uuid, returned: &[Returned], part: Option<Uuid>) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        pg "UPDATE hold_seats SET refund_minor = n.refund_minor, return_id = $3
            FROM jsonb_to_recordset($2) AS n (seat BIGINT, refund_minor BIGINT) WHERE hold_id = $1 AND seat_id = n.seat"
        lite "UPDATE hold_seats SET refund_minor = n.value ->> 'refund_minor', return_id = $3
              FROM json_each($2) n WHERE hold_id = $1 AND seat_id = n.value ->> 'seat'",
        hold,
        Json(returned),
        part
    )?;
    expect_rows("note what goes back", returned.len() as u64, rows)
}
