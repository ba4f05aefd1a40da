//! Who did what: every critical act, written in the act's own transaction.

use serde::Serialize;
use shared::clock::Ts;
use sqlx::types::Json;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// Appends an entry. `action` is a past-tense verb with its noun (`event.published`), `subject` what it was done to
/// (`event:12`); `detail` holds ids and figures, no personal data.
pub async fn append(
    tx: &mut Tx,
    actor: Option<Uuid>,
    action: &'static str,
    subject: String,
    detail: impl Serialize + Send,
    now: Ts,
) -> Result<()> {
    let detail = serde_json::to_value(detail).map_err(|e| crate::error::Error::Internal(e.to_string()))?;
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO audit_entries (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)",
        now,
        actor,
        action,
        &subject,
        Json(&detail)
    )?;
    expect_rows("append audit entry", 1, rows)
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
