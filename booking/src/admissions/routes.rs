//! HTTP between the services: the waiting room takes admissions back, and makes visits longer.

use axum::extract::State;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use shared::renewals::{Renewal, Renewed};
use shared::revocations::{BATCH_MAX, Revocations, Revoked};

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::extract::WaitingRoom;

/// Take admissions back: from this answer on they open nothing and hold no seats, on any node.
///
/// Only the waiting room may call, with a service token.
#[utoipa::path(post, path = "/internal/v1/revocations", tag = "services", request_body = Revocations,
    responses((status = 200, body = Revoked), (status = 401, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn revoke_admissions(
    State(app): State<App>,
    _caller: WaitingRoom,
    Json(body): Json<Revocations>,
) -> Result<Json<Revoked>> {
    if body.places.len() > BATCH_MAX {
        let detail = format!("Send at most {BATCH_MAX} places at a time.");
        return Err(Problem::invalid("/places", "too-many", detail).into());
    }
    let revoked = store::revoke(&app, body.places, app.now()).await?;
    app.wake_jobs();
    Ok(Json(Revoked { revoked }))
}

/// Make a visit longer: from this answer on its booking session ends at the new instant, on any node.
///
/// Only the waiting room may call, with a service token.
#[utoipa::path(post, path = "/internal/v1/renewals", tag = "services", request_body = Renewal,
    responses((status = 200, body = Renewed), (status = 401, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn renew_admission_session(
    State(app): State<App>,
    _caller: WaitingRoom,
    Json(body): Json<Renewal>,
) -> Result<Json<Renewed>> {
    Ok(Json(Renewed { renewed: store::lengthen(&app, body.jti, body.until).await? }))
}
