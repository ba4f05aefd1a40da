//! HTTP of the audit log.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, EntryRow, Filter};
use crate::app::App;
use crate::error::Result;
use crate::extract::{Admin, Params};

/// Entries on one page at most, and when nobody says.
const LIMIT_MAX: i64 = 500;
const LIMIT: i64 = 100;

/// One critical act.
#[derive(Serialize, ToSchema)]
pub struct AuditEntry {
    /// Counts up.
    id: i64,
    /// When.
    timestamp: Ts,
    /// Who; null: the server itself.
    user_id: Option<Uuid>,
    /// What the person is called.
    user_name: Option<String>,
    /// Such as `event.published`.
    action: String,
    /// Such as `event:12`.
    subject: String,
    /// Ids and figures.
    #[schema(value_type = Option<Object>)]
    detail: serde_json::Value,
}

impl From<EntryRow> for AuditEntry {
    fn from(row: EntryRow) -> Self {
        Self {
            id: row.id,
            timestamp: row.at,
            user_id: row.actor,
            user_name: row.actor_name,
            action: row.action,
            subject: row.subject,
            detail: row.detail.0,
        }
    }
}

/// Lists critical acts, the newest first. The next page is in the `Link` header.
#[utoipa::path(get, path = "/api/v1/admin/audit", tag = "admin", params(
        ("subject" = Option<String>, Query, description = "Such as event:12."),
        ("action" = Option<String>, Query, description = "Such as event.published."),
        ("user_id" = Option<Uuid>, Query),
        ("cursor" = Option<i64>, Query, description = "From the Link header."),
        ("limit" = Option<i64>, Query, description = "1 to 500."),
    ),
    responses((status = 200, body = [AuditEntry]), (status = 403, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn list_audit(State(app): State<App>, _admin: Admin, uri: Uri) -> Result<Response> {
    let params = Params::of(&uri, &["subject", "action", "user_id", "cursor", "limit"])?;
    let limit = params.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT);
    let actor = params.get("user_id").map(|id| {
        id.parse().map_err(|_| Problem::invalid("/user_id", "validation", "Give the id of a user."))
    });
    let filter = Filter {
        subject: params.get("subject"),
        action: params.get("action"),
        actor: actor.transpose()?,
        before: params.cursor::<i64>("cursor")?,
        limit: limit + 1,
    };
    let mut rows = store::list(app.db.ex(), &filter).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let mut headers = HeaderMap::new();
    if let Some(last) = rows.last().filter(|_| more) {
        let link =
            format!("</api/v1/admin/audit?{}>; rel=\"next\"", params.with("cursor", &last.id.to_string()));
        headers.extend(HeaderValue::from_str(&link).map(|link| (header::LINK, link)));
    }
    let entries: Vec<AuditEntry> = rows.into_iter().map(AuditEntry::from).collect();
    Ok((headers, Json(entries)).into_response())
}
