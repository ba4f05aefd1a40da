//! The job table before admins' eyes.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Kind, store, without_secret};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::extract::Admin;

/// Jobs on one page at most.
const PAGE_MAX: i64 = 200;
/// Jobs on a page when nothing is said.
const PAGE: i64 = 50;

/// Which jobs to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// `ready`, `running`, `done` or `dead`.
    #[param(inline)]
    status: Option<JobStatus>,
    /// `mail`, `departure`, `capture-payment` or `refund-payment`.
    kind: Option<String>,
    /// The last id of the page before.
    before: Option<Uuid>,
    /// Jobs on the page, at most 200.
    limit: Option<i64>,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobStatus {
    /// Waits for its time or a worker.
    Ready,
    /// Is being done.
    Running,
    /// Is done.
    Done,
    /// Was given up.
    Dead,
}

impl JobStatus {
    fn name(self) -> &'static str {
        match self {
            JobStatus::Ready => "ready",
            JobStatus::Running => "running",
            JobStatus::Done => "done",
            JobStatus::Dead => "dead",
        }
    }
}

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
#[utoipa::path(get, path = "/api/v1/admin/jobs", tag = "admin", params(Which),
    responses((status = 200, body = Vec<JobDocument>), (status = 403, body = ProblemDocument)))]
pub async fn list(
    State(app): State<App>,
    _: Admin,
    Query(which): Query<Which>,
) -> Result<(HeaderMap, Json<Vec<JobDocument>>)> {
    let limit = which.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let kind = which.kind.as_deref();
    if kind.is_some_and(|kind| Kind::ALL.iter().all(|known| known.name() != kind)) {
        return Err(Problem::invalid("/kind", "validation", "There are no jobs of this kind.").into());
    }
    let status = which.status.map(JobStatus::name);
    let rows = store::list(&app.db, status, kind, which.before, limit).await?;
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
              (status = 409, description = "`not-dead`", body = ProblemDocument)))]
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
