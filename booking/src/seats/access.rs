//! Places for people in wheelchairs, and seats beside them for those who come along.
//!
//! An organiser says which seats of a session these are. The shop gives them away only to who asks for them, and a companion's
//! seat only together with a wheelchair's place; whoever just wants the best seats gets others.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use sqlx::types::Json as Column;
use utoipa::ToSchema;

use super::plan::Plan;
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::Result;
use crate::events;
use crate::extract::{Organizer, Path};
use crate::q;

/// Companions of one person in a wheelchair at most.
const COMPANIONS_MAX: usize = 3;
/// Seats named in one request at most.
const NAMED_MAX: usize = 2_000;

/// Whom a place is kept for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Access {
    /// Somebody in a wheelchair.
    Wheelchair,
    /// Somebody who comes along with her.
    Companion,
}

/// Whether a party may have these seats of the plan by name. `accessible`: whether somebody in it sits in a wheelchair.
///
/// # Errors
/// 422 `wheelchair-space` for a place that the party does not need, `companion-alone` for more companions' seats than go with
/// the wheelchairs' places.
pub fn check(plan: &Plan, seats: &[i64], accessible: bool) -> Result<(), Problem> {
    let kept: Vec<Access> =
        seats.iter().filter_map(|seat| plan.index_of(*seat)).filter_map(|i| plan.seats[i].access).collect();
    let wheelchairs = kept.iter().filter(|access| **access == Access::Wheelchair).count();
    if wheelchairs > 0 && !accessible {
        let detail = "Some of these places are kept for people in wheelchairs. If one of you sits in one, send “accessible”: true; \
                      otherwise choose other seats.";
        return Err(Problem::invalid("/seats", "wheelchair-space", detail));
    }
    if kept.len() - wheelchairs > wheelchairs * COMPANIONS_MAX {
        let detail = format!(
            "Some of these seats are for those who come with somebody in a wheelchair, {COMPANIONS_MAX} with each: \
             choose them together with a wheelchair's place."
        );
        return Err(Problem::invalid("/seats", "companion-alone", detail));
    }
    Ok(())
}

/// Which places of a session are kept, by the ids of its seat map; all others are everybody's.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptPlaces {
    /// For people in wheelchairs.
    wheelchair: Vec<i64>,
    /// For those who come along.
    companion: Vec<i64>,
}

/// Says which numbered seats of a session are places for wheelchairs and for those who come along, in place of what was said
/// before. Who holds or has bought one keeps it.
#[utoipa::path(put, path = "/api/v1/sessions/{id}/accessible-seats", tag = "events", request_body = KeptPlaces,
    params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument),
        (status = 422, description = "`unknown-seat`, `duplicate-seat`, `too-many-seats`", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn keep_accessible_seats(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(session): Path<i64>,
    Json(body): Json<KeptPlaces>,
) -> Result<StatusCode> {
    let sale = events::sale_of(&app, session).await?;
    let event = events::own(&app, sale.event_id, user).await?;
    let mut all: Vec<i64> = body.wheelchair.iter().chain(&body.companion).copied().collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    if all.len() < count {
        return Err(Problem::invalid("", "duplicate-seat", "A seat is named twice.").into());
    }
    if count > NAMED_MAX {
        let detail = format!("Name at most {NAMED_MAX} seats.");
        return Err(Problem::invalid("", "too-many-seats", detail).into());
    }
    let now = app.now();
    app.db
        .write("keep_accessible_seats", move |tx| {
            let (wheelchair, companion) = (body.wheelchair.clone(), body.companion.clone());
            Box::pin(async move {
                free_all(tx, session, now).await?;
                for (access, seats) in [(Access::Wheelchair, &wheelchair), (Access::Companion, &companion)] {
                    if keep(tx, session, access, seats, now).await? != seats.len() as u64 {
                        let detail = "Name numbered seats of this session by the ids of its map.";
                        return Err(Problem::invalid("", "unknown-seat", detail).into());
                    }
                }
                let detail = json!({ "session": session, "wheelchair": wheelchair.len(), "companion": companion.len() });
                audit::append(tx, Some(user.id), "session.accessible-seats", format!("event:{}", event.id), detail, now)
                    .await
            })
        })
        .await?;
    app.plan_has_changed(session);
    Ok(StatusCode::NO_CONTENT)
}

async fn free_all(tx: &mut Tx, session: i64, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE seats SET access = NULL, changed_at = $2 WHERE session_id = $1 AND access IS NOT NULL",
        session,
        now
    )?;
    Ok(())
}

/// Keeps these seats; rows touched, fewer than seats when some are not numbered seats of the session.
async fn keep(tx: &mut Tx, session: i64, access: Access, seats: &[i64], now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        pg "UPDATE seats SET access = $3, changed_at = $4
            WHERE session_id = $1 AND label IS NOT NULL AND id IN (SELECT CAST(w AS BIGINT) FROM jsonb_array_elements_text($2) w)"
        lite "UPDATE seats SET access = $3, changed_at = $4
              WHERE session_id = $1 AND label IS NOT NULL AND id IN (SELECT value FROM json_each($2))",
        session,
        Column(seats),
        access,
        now
    )?)
}
