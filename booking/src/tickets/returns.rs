//! SQL of tickets that are given back.

use sqlx::types::Json;
use sqlx::{PgExecutor, SqliteExecutor};
use uuid::Uuid;

use super::TicketStatus;
use crate::charges::Line;
use crate::db::{Dual, Tx};
use crate::error::Result;
use crate::q;

/// A ticket that is valid or used.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Living {
    /// Its code.
    pub code: String,
    /// Its seat.
    pub seat_id: i64,
    /// Whose it is.
    pub user_id: Uuid,
    /// `valid` or `used`.
    pub status: TicketStatus,
    /// What was paid for it.
    pub price_minor: i64,
    /// The fee in it.
    pub fee_minor: i64,
    /// The tax in it.
    pub tax_minor: i64,
}

impl Living {
    /// The parts of its price.
    pub fn line(&self) -> Line {
        Line::of(self.price_minor, self.fee_minor, self.tax_minor)
    }
}

/// The living tickets of a booking, by seat, whoever holds them.
pub async fn living<'e, P, L>(ex: Dual<P, L>, booking: Uuid) -> Result<Vec<Living>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all Living,
        "SELECT code, seat_id, user_id, status, price_minor, fee_minor, tax_minor FROM tickets
         WHERE booking_id = $1 AND status IN ('valid', 'used') ORDER BY seat_id",
        booking
    )?)
}

/// Kills the valid tickets of these seats of a booking and withdraws their transfer offers; how many. Those used stay used.
pub async fn kill(tx: &mut Tx, booking: Uuid, seats: &[i64]) -> Result<u64> {
    q!(
        tx.ex(),
        exec,
        pg "UPDATE transfers SET status = 'withdrawn' WHERE status = 'offered' AND ticket_id IN (
                SELECT t.id FROM tickets t JOIN jsonb_array_elements_text($2) w ON t.seat_id = CAST(w AS BIGINT)
                WHERE t.booking_id = $1)"
        lite "UPDATE transfers SET status = 'withdrawn' WHERE status = 'offered' AND ticket_id IN (
                  SELECT t.id FROM tickets t WHERE t.booking_id = $1 AND t.seat_id IN (SELECT value FROM json_each($2)))",
        booking,
        Json(seats)
    )?;
    Ok(q!(
        tx.ex(),
        exec,
        pg "UPDATE tickets SET status = 'cancelled' WHERE booking_id = $1 AND status = 'valid'
              AND seat_id IN (SELECT CAST(w AS BIGINT) FROM jsonb_array_elements_text($2) w)"
        lite "UPDATE tickets SET status = 'cancelled' WHERE booking_id = $1 AND status = 'valid'
                AND seat_id IN (SELECT value FROM json_each($2))",
        booking,
        Json(seats)
    )?)
}
