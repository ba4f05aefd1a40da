//! SQL that claims seats: one conditional UPDATE each, all of the wanted seats or none.

use serde::Serialize;
use shared::clock::Ts;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::Result;
use crate::q;

/// A seat that was claimed, with the price that is accepted by claiming it.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Claimed {
    /// Seat.
    pub id: i64,
    /// Section; `None` in general admission.
    pub section: Option<String>,
    /// Row; `None` in general admission.
    pub row_label: Option<String>,
    /// Label; `None` in general admission.
    pub label: Option<String>,
    /// Ticket type.
    pub ticket_type_id: i64,
    /// Its name.
    pub ticket_type: String,
    /// Its price.
    pub price_minor: i64,
}

/// Claims these seats for `hold`: all of them, or none and an empty answer. Another's claim in flight counts as taken.
pub async fn claim_seats(
    tx: &mut Tx,
    session: i64,
    seats: &[i64],
    hold: Uuid,
    until: Ts,
    now: Ts,
) -> Result<Vec<Claimed>> {
    let mut claimed = q!(
        tx.ex(),
        all Claimed,
        pg "WITH wanted AS (
                SELECT s.id FROM seats s
                WHERE s.id IN (SELECT CAST(w AS BIGINT) FROM jsonb_array_elements_text($1) w) AND s.session_id = $2
                  AND (s.state = 'free' OR (s.state = 'held' AND s.held_until <= $3))
                ORDER BY s.id FOR UPDATE OF s SKIP LOCKED)
            UPDATE seats SET state = 'held', hold_id = $4, held_until = $5, changed_at = $3
            FROM ticket_types t
            WHERE seats.id IN (SELECT id FROM wanted) AND (SELECT count(*) FROM wanted) = $6
              AND t.id = seats.ticket_type_id
            RETURNING seats.id, seats.section, seats.row_label, seats.label, seats.ticket_type_id,
                      t.name AS ticket_type, t.price_minor"
        lite "UPDATE seats SET state = 'held', hold_id = $4, held_until = $5, changed_at = $3
              WHERE id IN (SELECT value FROM json_each($1)) AND session_id = $2
                AND (state = 'free' OR (state = 'held' AND held_until <= $3))
                AND $6 = (SELECT count(*) FROM seats s
                          WHERE s.id IN (SELECT value FROM json_each($1)) AND s.session_id = $2
                            AND (s.state = 'free' OR (s.state = 'held' AND s.held_until <= $3)))
              RETURNING id, section, row_label, label, ticket_type_id,
                        (SELECT name FROM ticket_types t WHERE t.id = ticket_type_id) AS ticket_type,
                        (SELECT price_minor FROM ticket_types t WHERE t.id = ticket_type_id) AS price_minor",
        Json(seats),
        session,
        now,
        hold,
        until,
        seats.len() as i64
    )?;
    claimed.sort_unstable_by_key(|seat| seat.id);
    Ok(claimed)
}

/// Claims any so many seats of a ticket type: all or none. Rows that others are claiming are passed over, so one hot
/// type does not serialise its buyers.
pub async fn claim_any(
    tx: &mut Tx,
    session: i64,
    ticket_type: i64,
    quantity: i64,
    hold: Uuid,
    until: Ts,
    now: Ts,
) -> Result<Vec<Claimed>> {
    let mut claimed = q!(
        tx.ex(),
        all Claimed,
        pg "WITH wanted AS (
                SELECT s.id FROM seats s
                WHERE s.session_id = $1 AND s.ticket_type_id = $2 AND s.state IN ('free', 'held')
                  AND (s.held_until IS NULL OR s.held_until <= $3)
                LIMIT $6 FOR UPDATE OF s SKIP LOCKED)
            UPDATE seats SET state = 'held', hold_id = $4, held_until = $5, changed_at = $3
            FROM ticket_types t
            WHERE seats.id IN (SELECT id FROM wanted) AND (SELECT count(*) FROM wanted) = $6
              AND t.id = seats.ticket_type_id
            RETURNING seats.id, seats.section, seats.row_label, seats.label, seats.ticket_type_id,
                      t.name AS ticket_type, t.price_minor"
        lite "WITH wanted AS MATERIALIZED (
                  SELECT s.id FROM seats s
                  WHERE s.session_id = $1 AND s.ticket_type_id = $2 AND s.state IN ('free', 'held')
                    AND (s.held_until IS NULL OR s.held_until <= $3)
                  LIMIT $6)
              UPDATE seats SET state = 'held', hold_id = $4, held_until = $5, changed_at = $3
              WHERE id IN (SELECT id FROM wanted) AND (SELECT count(*) FROM wanted) = $6
              RETURNING id, section, row_label, label, ticket_type_id,
                        (SELECT name FROM ticket_types t WHERE t.id = ticket_type_id) AS ticket_type,
                        (SELECT price_minor FROM ticket_types t WHERE t.id = ticket_type_id) AS price_minor",
        session,
        ticket_type,
        now,
        hold,
        until,
        quantity
    )?;
    claimed.sort_unstable_by_key(|seat| seat.id);
    Ok(claimed)
}

/// What a shop would do that looks first and writes then.
#[cfg(feature = "testing")]
pub async fn claim_seats_unguarded(
    tx: &mut Tx,
    session: i64,
    seats: &[i64],
    hold: Uuid,
    until: Ts,
    now: Ts,
) -> Result<Vec<Claimed>> {
    Ok(q!(
        tx.ex(),
        all Claimed,
        pg "UPDATE seats SET state = 'held', hold_id = $4, held_until = $5, changed_at = $3, booking_id = NULL
            WHERE id IN (SELECT CAST(w AS BIGINT) FROM jsonb_array_elements_text($1) w) AND session_id = $2
            RETURNING id, section, row_label, label, ticket_type_id, '' AS ticket_type, CAST(0 AS BIGINT) AS price_minor"
        lite "UPDATE seats SET state = 'held', hold_id = $4, held_until = $5, changed_at = $3, booking_id = NULL
              WHERE id IN (SELECT value FROM json_each($1)) AND session_id = $2
              RETURNING id, section, row_label, label, ticket_type_id, '' AS ticket_type, 0 AS price_minor",
        Json(seats),
        session,
        now,
        hold,
        until
    )?)
}

/// Of these ids: which are free at `now`, and which are somebody's. The rest is not for sale in this session.
pub async fn standing(tx: &mut Tx, session: i64, seats: &[i64], now: Ts) -> Result<Vec<(i64, bool)>> {
    Ok(q!(
        tx.ex(),
        all (i64, bool),
        pg "SELECT id, (state = 'free' OR (state = 'held' AND held_until <= $3)) FROM seats
            WHERE id IN (SELECT CAST(w AS BIGINT) FROM jsonb_array_elements_text($1) w) AND session_id = $2
              AND state <> 'blocked' ORDER BY id"
        lite "SELECT id, (state = 'free' OR (state = 'held' AND held_until <= $3)) FROM seats
              WHERE id IN (SELECT value FROM json_each($1)) AND session_id = $2
                AND state <> 'blocked' ORDER BY id",
        Json(seats),
        session,
        now
    )?)
}

/// How many seats of a type are free at `now`, claims in flight included.
pub async fn count_free(tx: &mut Tx, session: i64, ticket_type: i64, now: Ts) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "SELECT count(*) FROM seats WHERE session_id = $1 AND ticket_type_id = $2 AND state IN ('free', 'held')
         AND (held_until IS NULL OR held_until <= $3)",
        session,
        ticket_type,
        now
    )?)
}
