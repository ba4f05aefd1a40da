//! SQL of postponing.

use shared::clock::Ts;
use uuid::Uuid;

use super::rules::Move;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// Moves a session, if it still is where it was seen. Rows touched.
pub async fn move_session(tx: &mut Tx, to: &Move, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE sessions SET starts_at = $3, ends_at = $4, doors_at = $5, revision = revision + 1, postponed_from = $2,
                postponed_at = $6, refund_until = $7 WHERE id = $1 AND starts_at = $2",
        to.session,
        to.from,
        to.starts_at,
        to.ends_at,
        to.doors_at,
        now,
        to.refund_until
    )?)
}

/// Writes the start of the first session into a published event, which lists sort by, and notes that it changed. Rows
/// touched.
pub async fn note_first_start(tx: &mut Tx, event: i64, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE events SET updated_at = $2, starts_at = (SELECT min(starts_at) FROM sessions WHERE event_id = $1)
         WHERE id = $1 AND status = 'published'",
        event,
        now
    )?)
}

/// Writes down why; mails quote it.
pub async fn insert(tx: &mut Tx, id: Uuid, event: i64, reason: &str, now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO postponements (id, event_id, reason, made_at) VALUES ($1, $2, $3, $4)",
        id,
        event,
        reason,
        now
    )?;
    expect_rows("insert postponement", 1, rows)
}
