//! The job table before admins' eyes.

use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Kind, store, without_secret};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::extract::{Admin, Params, Path};

/// Jobs on one page at most.
const PAGE_MAX: i64 = 200;
/// Jobs on a page when nothing is said.
const PAGE: i64 = 50;

/// Where a job may stand: waits for its time or a worker, is being done, is done, was given up.
const STATUSES: [&str; 4] = ["ready", "running", "done", "dead"];

/// A job.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobDocument {
    /// The job.
    id: Uuid,
    /// What is to be done.
    kind: String,
    /// `ready`, `running`, `done` or `dead`.
    status: String,
    /// What it is done with, without secrets.
    payload: Value,
    /// Not before.
    run_at: Ts,
    /// Attempts so far.
    attempts: i64,
    /// Why the last attempt failed.
    last_error: Option<String>,
    /// Queued.
    created_at: Ts,
    /// Done.
    done_at: Option<Ts>,
}

impl From<store::JobRow> for JobDocument {
    fn from(row: store::JobRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            status: row.status,
            payload: without_secret(row.payload.0),
            run_at: row.run_at,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: row.created_at,
            done_at: row.done_at,
        }
    }
}

/// Jobs, the newest first; `Link` leads to the next page.
#[utoipa::path(get, path = "/api/v1/admin/jobs", tag = "admin", operation_id = "list_jobs", params(
        ("status" = Option<String>, Query, description = "`ready`, `running`, `done` or `dead`."),
        ("kind" = Option<String>, Query, description = "Such as `mail`."),
        ("before" = Option<Uuid>, Query, description = "From the Link header."),
        ("limit" = Option<i64>, Query, description = "1 to 200."),
    ),
    responses((status = 200, body = Vec<JobDocument>)), security(("bearer" = [])))]
pub async fn list(
    State(app): State<App>,
    _: Admin,
    OriginalUri(uri): OriginalUri,
) -> Result<(HeaderMap, Json<Vec<JobDocument>>)> {
    let params = Params::of(&uri, &["status", "kind", "before", "limit"])?;
    let limit = params.number("limit", 1, PAGE_MAX)?.unwrap_or(PAGE);
    let kind = params.get("kind");
    if kind.is_some_and(|kind| Kind::ALL.iter().all(|known| known.name() != kind)) {
        return Err(Problem::invalid("/kind", "validation", "There are no jobs of this kind.").into());
    }
    let status = params.get("status");
    if status.is_some_and(|status| !STATUSES.contains(&status)) {
        let detail = format!("A job is {}.", STATUSES.join(", "));
        return Err(Problem::invalid("/status", "validation", detail).into());
    }
    let rows = store::list(&app.db, status, kind, params.cursor("before")?, limit).await?;
    let mut headers = HeaderMap::new();
    if let (true, Some(last)) = (rows.len() as i64 == limit, rows.last()) {
        let mut next = format!("/api/v1/admin/jobs?limit={limit}&before={}", last.id);
        for (name, value) in [("status", status), ("kind", kind)] {
            next += &value.map(|value| format!("&{name}={value}")).unwrap_or_default();
        }
        let link = HeaderValue::try_from(format!("<{next}>; rel=\"next\""))
            .map_err(|error| Error::Internal(error.to_string()))?;
        headers.insert(header::LINK, link);
    }
    Ok((headers, Json(rows.into_iter().map(JobDocument::from).collect())))
}

/// Lets a dead job run again, from its first attempt.
#[utoipa::path(post, path = "/api/v1/admin/jobs/{id}/redrive", tag = "admin", params(("id" = Uuid, Path)),
    responses((status = 200, body = JobDocument), (status = 404, body = ProblemDocument),
              (status = 409, description = "`not-dead`", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn redrive(
    State(app): State<App>,
    Admin(admin): Admin,
    Path(id): Path<Uuid>,
) -> Result<Json<JobDocument>> {
    let now = app.now();
    let job = app
        .db
        .write("redrive_job", move |tx| {
            Box::pin(async move {
                let redriven = store::redrive(tx, id, now).await?;
                let job = store::find(tx, id).await?.ok_or_else(Problem::not_found)?;
                if redriven == 0 {
                    return Err(not_dead(&job.status).into());
                }
                let detail = json!({ "kind": job.kind });
                audit::append(tx, Some(admin.id), "job.redriven", format!("job:{id}"), detail, now).await?;
                Ok(job)
            })
        })
        .await?;
    app.wake_jobs();
    Ok(Json(job.into()))
}

fn not_dead(status: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "not-dead", "Only dead jobs can be redriven")
        .detail(format!("This job is {status}. Only jobs that were given up can be run again."))
}
