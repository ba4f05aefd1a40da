//! Seats that follow their session to another version of its layout: taken away, called otherwise, put elsewhere.

use serde_json::Value;
use shared::clock::Ts;
use sqlx::types::Json;
use sqlx::{PgExecutor, SqliteExecutor};

use crate::db::{Dual, Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// A seat with a label.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Labelled {
    /// Its id.
    pub id: i64,
    /// Who sells it.
    pub ticket_type_id: i64,
    /// Its section.
    pub section: String,
    /// Its row.
    pub row_label: String,
    /// Its number.
    pub label: String,
    state: String,
    held_until: Option<Ts>,
}

impl Labelled {
    /// Whether somebody has bought or holds it.
    pub fn is_taken(&self, now: Ts) -> bool {
        self.state == "sold" || self.held_until.is_some_and(|until| until > now)
    }
}

/// The seats of a session that have labels.
pub async fn labelled<'e, P, L>(ex: Dual<P, L>, session: i64) -> Result<Vec<Labelled>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all Labelled,
        "SELECT id, ticket_type_id, section, row_label, label, state, held_until FROM seats
         WHERE session_id = $1 AND label IS NOT NULL AND section IS NOT NULL AND row_label IS NOT NULL ORDER BY id",
        session
    )?)
}

/// Takes seats away that nobody has; how many, which must be all, or the transaction must not be committed. One
/// conditional UPDATE: a shopper who holds one of them at this moment keeps it. Seats that somebody once held stay as
/// blocked rows without a label, for the holds and bookings that tell of them.
pub async fn remove(tx: &mut Tx, session: i64, ids: &[i64], now: Ts) -> Result<u64> {
    let gone = q!(
        tx.ex(),
        exec,
        pg "UPDATE seats SET state = 'blocked', label = NULL, hold_id = NULL, held_until = NULL, changed_at = $3
            WHERE session_id = $1 AND id IN (SELECT CAST(i AS BIGINT) FROM jsonb_array_elements_text($2) AS i)
              AND (state IN ('free', 'blocked') OR (state = 'held' AND held_until <= $3))"
        lite "UPDATE seats SET state = 'blocked', label = NULL, hold_id = NULL, held_until = NULL, changed_at = $3
            WHERE session_id = $1 AND id IN (SELECT value FROM json_each($2))
              AND (state IN ('free', 'blocked') OR (state = 'held' AND held_until <= $3))",
        session,
        Json(ids),
        now
    )?;
    q!(
        tx.ex(),
        exec,
        pg "DELETE FROM seats WHERE session_id = $1
              AND id IN (SELECT CAST(i AS BIGINT) FROM jsonb_array_elements_text($2) AS i)
              AND state = 'blocked' AND id NOT IN (SELECT seat_id FROM hold_seats)
              AND id NOT IN (SELECT seat_id FROM tickets WHERE session_id = $1)"
        lite "DELETE FROM seats WHERE session_id = $1 AND id IN (SELECT value FROM json_each($2))
              AND state = 'blocked' AND id NOT IN (SELECT seat_id FROM hold_seats)
              AND id NOT IN (SELECT seat_id FROM tickets WHERE session_id = $1)",
        session,
        Json(ids)
    )?;
    Ok(gone)
}

/// Takes the names of seats off, so that two may change theirs; [`place`] must follow in the transaction.
pub async fn take_names(tx: &mut Tx, session: i64, seats: &[Value]) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        pg "UPDATE seats SET label = NULL FROM jsonb_array_elements($2) AS s
            WHERE session_id = $1 AND id = CAST(s->>0 AS BIGINT)"
        lite "UPDATE seats SET label = NULL FROM json_each($2) AS s WHERE session_id = $1 AND seats.id = s.value->>0",
        session,
        Json(seats)
    )?;
    Ok(())
}

/// Gives seats other names and places; `seats` holds `[id, section, row, label, x, y]` of each.
pub async fn place(tx: &mut Tx, session: i64, seats: &[Value], now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        pg "UPDATE seats SET section = s->>1, row_label = s->>2, label = s->>3, x = CAST(s->>4 AS BIGINT),
                   y = CAST(s->>5 AS BIGINT), changed_at = $3
            FROM jsonb_array_elements($2) AS s WHERE session_id = $1 AND id = CAST(s->>0 AS BIGINT)"
        lite "UPDATE seats SET section = s.value->>1, row_label = s.value->>2, label = s.value->>3, x = s.value->>4,
                   y = s.value->>5, changed_at = $3
            FROM json_each($2) AS s WHERE session_id = $1 AND seats.id = s.value->>0",
        session,
        Json(seats),
        now
    )?;
    expect_rows("place seats", seats.len() as u64, rows)
}
