//! SQL of moving a session to another layout.

use shared::clock::Ts;

use crate::db::Tx;
use crate::error::Result;
use crate::q;

/// Moves the session, if it still has the layout that was seen. Rows touched.
pub async fn set_layout(tx: &mut Tx, session: i64, from: i64, to: i64, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE sessions SET layout_id = $3, planned_at = $4 WHERE id = $1 AND layout_id = $2",
        session,
        from,
        to,
        now
    )?)
}

/// Ticket types of a session that would have no seat left.
pub async fn empty_types(tx: &mut Tx, session: i64) -> Result<Vec<String>> {
    Ok(q!(
        tx.ex(),
        vals String,
        "SELECT t.name FROM ticket_types t WHERE t.session_id = $1
           AND NOT EXISTS (SELECT 1 FROM seats s WHERE s.ticket_type_id = t.id AND s.session_id = $1)",
        session
    )?)
}

/// Lets each ticket type announce as many places as it has.
pub async fn recount(tx: &mut Tx, session: i64) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE ticket_types SET total = (SELECT count(*) FROM seats s WHERE s.ticket_type_id = ticket_types.id)
         WHERE session_id = $1",
        session
    )?;
    Ok(())
}
