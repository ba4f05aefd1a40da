//! SQL of feedback.

use serde::Serialize;
use shared::clock::Ts;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// What somebody said.
#[derive(Debug, Clone, Serialize, ToSchema, sqlx::FromRow)]
pub struct Feedback {
    /// 1 (bad) to 5 (great).
    pub rating: i64,
    /// Plain text; may be empty.
    pub text: String,
    /// When.
    pub at: Ts,
}

/// Ends of the sessions that somebody holds tickets of.
pub async fn ends(app: &App, event: i64, user: Uuid) -> Result<Vec<Ts>> {
    Ok(q!(
        app.db.ex(),
        vals Ts,
        "SELECT DISTINCT s.ends_at FROM tickets t JOIN sessions s ON s.id = t.session_id
         WHERE t.event_id = $1 AND t.user_id = $2 AND t.status IN ('valid', 'used')",
        event,
        user
    )?)
}

/// Writes what somebody says of an event, in place of what they said before.
pub async fn write(tx: &mut Tx, event: i64, user: Uuid, said: &Feedback) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO feedback (event_id, user_id, rating, text, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (event_id, user_id) DO UPDATE SET rating = excluded.rating, text = excluded.text, at = excluded.at",
        event,
        user,
        said.rating,
        &said.text,
        said.at
    )?;
    expect_rows("write feedback", 1, rows)
}

/// What somebody said of an event.
pub async fn of_user(app: &App, event: i64, user: Uuid) -> Result<Option<Feedback>> {
    Ok(q!(
        app.db.ex(),
        opt Feedback,
        "SELECT rating, text, at FROM feedback WHERE event_id = $1 AND user_id = $2",
        event,
        user
    )?)
}

/// The newest that was said of an event.
pub async fn newest(app: &App, event: i64, most: i64) -> Result<Vec<Feedback>> {
    Ok(q!(
        app.db.ex(),
        all Feedback,
        "SELECT rating, text, at FROM feedback WHERE event_id = $1 ORDER BY at DESC, user_id LIMIT $2",
        event,
        most
    )?)
}

/// How often each rating was given; those never given are missing.
pub async fn ratings(app: &App, event: i64) -> Result<Vec<(i64, i64)>> {
    Ok(q!(
        app.db.ex(),
        all(i64, i64),
        "SELECT rating, count(*) FROM feedback WHERE event_id = $1 GROUP BY rating",
        event
    )?)
}

/// Forgets what somebody said; it was said by who has or had tickets.
pub async fn forget(tx: &mut Tx, user: Uuid) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "DELETE FROM feedback
         WHERE user_id = $1 AND event_id IN (SELECT t.event_id FROM tickets t WHERE t.user_id = $1)",
        user
    )?;
    Ok(())
}
