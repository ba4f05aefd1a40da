//! The seats of a new session: one row for every sellable unit.

use serde_json::json;
use shared::clock::Ts;
use shared::problem::Problem;
use sqlx::types::Json;

use crate::db::{Tx, expect_rows, violates};
use crate::error::Result;
use crate::q;
use crate::venues::Plan;

/// Rows written by one statement: large enough to be fast, small enough to keep the statement under a few megabytes.
const CHUNK: usize = 10_000;

/// The seats one ticket type sells.
pub struct TypeSeats {
    /// The ticket type.
    pub ticket_type: i64,
    /// Places without labels; 0 for a seated type.
    pub quantity: i64,
    /// Sections of the plan whose seats it sells.
    pub sections: Vec<String>,
    /// Price categories of the plan whose seats it sells.
    pub categories: Vec<String>,
}

/// Writes the seats of `session`, all free: the labelled ones of `plan`'s sections and the unlabelled ones of general
/// admission. 100,000 take about a second.
pub async fn create_for_session(
    tx: &mut Tx,
    session: i64,
    types: &[TypeSeats],
    plan: Option<&Plan>,
    now: Ts,
) -> Result<()> {
    for seats in types {
        if seats.quantity > 0 {
            add_unlabelled(tx, session, seats.ticket_type, seats.quantity, now).await?;
        }
        let chosen = plan.iter().flat_map(|plan| plan.seats(&seats.sections, &seats.categories));
        let rows: Vec<serde_json::Value> = chosen
            .map(|(section, row, seat)| json!([section.name, row.label, seat.label, seat.x, seat.y]))
            .collect();
        for chunk in rows.chunks(CHUNK) {
            insert_labelled(tx, session, seats.ticket_type, chunk, now).await?;
        }
    }
    Ok(())
}

/// Adds `quantity` free places of general admission to a ticket type.
pub async fn add_unlabelled(
    tx: &mut Tx,
    session: i64,
    ticket_type: i64,
    quantity: i64,
    now: Ts,
) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $4)
         INSERT INTO seats (session_id, ticket_type_id, x, y, state, changed_at)
         SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), 0, 0, 'free', $3 FROM n",
        session,
        ticket_type,
        now,
        quantity
    )?;
    expect_rows("create seats", quantity as u64, rows)
}

/// Writes free seats; `chunk` holds `[section, row, label, x, y]` of each seat: one parameter for thousands of rows.
pub async fn insert_labelled(
    tx: &mut Tx,
    session: i64,
    ticket_type: i64,
    chunk: &[serde_json::Value],
    now: Ts,
) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        pg "INSERT INTO seats (session_id, ticket_type_id, section, row_label, label, x, y, state, changed_at)
            SELECT $1, $2, s->>0, s->>1, s->>2, CAST(s->>3 AS BIGINT), CAST(s->>4 AS BIGINT), 'free', $3
            FROM jsonb_array_elements($4) AS s"
        lite "INSERT INTO seats (session_id, ticket_type_id, section, row_label, label, x, y, state, changed_at)
            SELECT $1, $2, s.value->>0, s.value->>1, s.value->>2, s.value->>3, s.value->>4, 'free', $3
            FROM json_each($4) AS s",
        session,
        ticket_type,
        now,
        Json(chunk)
    );
    match rows {
        Err(error) if violates(&error, "seats_label", "seats.label") => Err(sold_already().into()),
        rows => expect_rows("create seats", chunk.len() as u64, rows?),
    }
}

/// 422 for seats that another ticket type of the session sells.
fn sold_already() -> Problem {
    let detail = "Some of these seats are already sold by another ticket type of the session. Name other sections or \
                  categories.";
    Problem::invalid("/section", "duplicate-section", detail)
}

/// Gives `to_session` the seats that another session's ticket type has, free again; blocked ones stay blocked.
pub async fn copy_to_session(
    tx: &mut Tx,
    from_type: i64,
    to_session: i64,
    to_type: i64,
    now: Ts,
) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "INSERT INTO seats (session_id, ticket_type_id, section, row_label, label, access, x, y, state, changed_at)
         SELECT CAST($2 AS BIGINT), CAST($3 AS BIGINT), section, row_label, label, access, x, y,
                CASE WHEN state = 'blocked' THEN 'blocked' ELSE 'free' END, $4
         FROM seats WHERE ticket_type_id = $1 ORDER BY id",
        from_type,
        to_session,
        to_type,
        now
    )?;
    Ok(())
}

/// Takes the free places of a ticket type off sale; how many. Holds and tickets stay.
pub async fn block_free(tx: &mut Tx, session: i64, ticket_type: i64, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE seats SET state = 'blocked', hold_id = NULL, held_until = NULL, changed_at = $3
         WHERE session_id = $1 AND ticket_type_id = $2
           AND (state = 'free' OR (state = 'held' AND held_until <= $3))",
        session,
        ticket_type,
        now
    )?)
}

/// Puts the blocked places of a ticket type back on sale.
pub async fn unblock(tx: &mut Tx, session: i64, ticket_type: i64, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE seats SET state = 'free', changed_at = $3
         WHERE session_id = $1 AND ticket_type_id = $2 AND state = 'blocked'",
        session,
        ticket_type,
        now
    )?;
    Ok(())
}

/// Takes `quantity` free places of general admission away from a ticket type, the newest first; fewer when fewer are
/// free. Returns how many went.
pub async fn remove_unlabelled(tx: &mut Tx, ticket_type: i64, quantity: i64) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "DELETE FROM seats WHERE state = 'free' AND id IN (
            SELECT id FROM seats WHERE ticket_type_id = $1 AND state = 'free' AND label IS NULL
              AND id NOT IN (SELECT seat_id FROM hold_seats)
            ORDER BY id DESC LIMIT $2)",
        ticket_type,
        quantity
    )?)
}
