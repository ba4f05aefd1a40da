//! SQL of RSVPs.

use serde::Serialize;
use shared::clock::Ts;
use utoipa::ToSchema;
use uuid::Uuid;

use super::routes::Intent;
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::q;

/// Writes what the holder of a live ticket means to do. Rows touched.
pub async fn answer(tx: &mut Tx, ticket: Uuid, holder: Uuid, intent: Intent, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "INSERT INTO rsvps (ticket_id, user_id, answer, answered_at)
         SELECT t.id, t.user_id, $3, $4 FROM tickets t
         WHERE t.id = $1 AND t.user_id = $2 AND t.status IN ('valid', 'used')
         ON CONFLICT (ticket_id) DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at",
        ticket,
        holder,
        intent,
        now
    )?)
}

/// What was answered for a ticket.
pub async fn of_ticket(app: &App, ticket: Uuid) -> Result<Option<(Intent, Ts)>> {
    Ok(q!(
        app.db.ex(),
        opt(Intent, Ts),
        "SELECT answer, answered_at FROM rsvps WHERE ticket_id = $1",
        ticket
    )?)
}

/// The answers of a session's ticket holders.
#[derive(Debug, Clone, Serialize, ToSchema, sqlx::FromRow)]
pub struct SessionRsvps {
    /// The session.
    pub session: i64,
    /// Its start.
    pub starts_at: Ts,
    /// Tickets whose holder comes.
    pub attending: i64,
    /// Tickets whose holder does not know yet.
    pub maybe: i64,
    /// Tickets whose holder does not come.
    pub not_attending: i64,
    /// Tickets whose holder has not answered.
    pub unanswered: i64,
}

/// The answers for each session of an event, by start. Tickets that are void do not count.
pub async fn counts(app: &App, event: i64) -> Result<Vec<SessionRsvps>> {
    Ok(q!(
        app.db.ex(),
        all SessionRsvps,
        "SELECT s.id AS session, s.starts_at,
                CAST(sum(CASE WHEN r.answer = 'attending' THEN 1 ELSE 0 END) AS BIGINT) AS attending,
                CAST(sum(CASE WHEN r.answer = 'maybe' THEN 1 ELSE 0 END) AS BIGINT) AS maybe,
                CAST(sum(CASE WHEN r.answer = 'not_attending' THEN 1 ELSE 0 END) AS BIGINT) AS not_attending,
                CAST(sum(CASE WHEN t.id IS NOT NULL AND r.answer IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS unanswered
         FROM sessions s LEFT JOIN tickets t ON t.session_id = s.id AND t.status IN ('valid', 'used')
         LEFT JOIN rsvps r ON r.ticket_id = t.id
         WHERE s.event_id = $1 GROUP BY s.id, s.starts_at ORDER BY s.starts_at, s.id",
        event
    )?)
}

/// Forgets what somebody meant to do.
pub async fn forget(tx: &mut Tx, user: Uuid) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "DELETE FROM rsvps WHERE ticket_id IN (SELECT id FROM tickets WHERE user_id = $1)",
        user
    )?;
    Ok(())
}
