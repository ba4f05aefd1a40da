//! HTTP of moving a session to another layout.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;

use super::rules::{Replan, replan};
use super::store;
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::Result;
use crate::events::model::Status;
use crate::events::rules::{self, TICKETS_MAX};
use crate::events::{change, organise, store as events, told, types};
use crate::extract::{Organizer, Path};
use crate::seats::{layout, replace};
use crate::venues::{self, LayoutOf};

/// Seats written by one statement.
const CHUNK: usize = 10_000;

/// Where a session goes.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LayoutChange {
    /// A layout of the same venue, mostly a newer version of the session's own.
    layout_id: i64,
    /// Only look: nothing is written.
    #[serde(default)]
    dry_run: bool,
}

/// What became of a session's seats.
#[derive(Debug, Serialize, ToSchema)]
pub struct Replanned {
    /// The session.
    pub session: i64,
    /// Its layout now.
    pub layout_id: i64,
    /// Seats that are new.
    pub added: i64,
    /// Seats that are gone.
    pub removed: i64,
    /// Seats that only stand elsewhere.
    pub moved: i64,
    /// Seats that are called otherwise.
    pub renamed: i64,
    /// Seats of the new plan that no ticket type of the session sells.
    pub unsold: i64,
}

/// Moves a session to another version of its seating plan. Seats that are sold or held stay what they are, by their
/// keys; a version without one of them is refused.
#[utoipa::path(put, path = "/api/v1/sessions/{id}/layout", tag = "events", request_body = LayoutChange,
    params(("id" = i64, Path)),
    responses((status = 200, body = Replanned), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn move_session_to_layout(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(session): Path<i64>,
    Json(body): Json<LayoutChange>,
) -> Result<Json<Replanned>> {
    let sale = events::event_for_sale(app.db.ex(), session).await?.ok_or_else(Problem::not_found)?;
    let event = organise::own_row(&app, sale.event_id, user).await?;
    if !matches!(event.status, Status::Draft | Status::Published) {
        return Err(rules::wrong_state(event.status, "seated otherwise").into());
    }
    let plans = Arc::new(plans(&app, sale.layout_id, body.layout_id).await?);
    let now = app.now();
    let (from, to) = &*plans;
    let seats = replace::labelled(app.db.ex(), session).await?;
    let seen = replan(&from.plan, &to.plan, &seats);
    if body.dry_run {
        let going: HashSet<i64> = seen.removed.iter().copied().collect();
        let taken = seats.iter().filter(|seat| going.contains(&seat.id) && seat.is_taken(now)).count();
        if taken > 0 {
            return Err(rules::has_bookings(taken as i64, "seat").into());
        }
        return Ok(Json(replanned(session, to.id, &seen)));
    }
    let inner = (app.clone(), plans.clone());
    let done = app
        .db
        .write("replan_session", move |tx| {
            let (app, plans) = inner.clone();
            Box::pin(async move {
                types::lock_event(tx, event.id, now).await?;
                let (from, to) = &*plans;
                let replan = replan(&from.plan, &to.plan, &replace::labelled(tx.ex(), session).await?);
                if store::set_layout(tx, session, from.id, to.id, now).await? == 0 {
                    return Err(change::changed_meanwhile(StatusCode::CONFLICT).into());
                }
                write(tx, session, &replan, now).await?;
                if types::places(tx, event.id).await? > TICKETS_MAX {
                    let detail = format!("An event has at most {TICKETS_MAX} tickets in all its sessions.");
                    return Err(Problem::invalid("/layout_id", "out-of-range", detail).into());
                }
                let done = replanned(session, to.id, &replan);
                told::changed(tx, &app, event.id, "session.replanned", now).await?;
                let detail =
                    json!({ "from": from.id, "to": to.id, "added": done.added, "removed": done.removed });
                audit::append(
                    tx,
                    Some(user.id),
                    "session.replanned",
                    format!("session:{session}"),
                    detail,
                    now,
                )
                .await?;
                Ok(done)
            })
        })
        .await?;
    app.wake_jobs();
    app.plan_has_changed(session);
    Ok(Json(done))
}

fn replanned(session: i64, layout_id: i64, replan: &Replan) -> Replanned {
    Replanned {
        session,
        layout_id,
        added: replan.added_count(),
        removed: replan.removed.len() as i64,
        moved: replan.moved,
        renamed: replan.renamed,
        unsold: replan.unsold,
    }
}

/// The layouts that a session has and gets; they must be of one venue.
async fn plans(app: &App, from: Option<i64>, to: i64) -> Result<(LayoutOf, LayoutOf)> {
    let unknown = |detail: &str| Problem::invalid("/layout_id", "unknown-layout", detail);
    let from =
        from.ok_or_else(|| unknown("The session has no seating plan; make another session with one."))?;
    let from = venues::layout(app.db.ex(), from).await?.ok_or_else(Problem::not_found)?;
    let to = venues::layout(app.db.ex(), to).await?.filter(|to| to.venue_id == from.venue_id);
    let to = to.ok_or_else(|| unknown("The session's venue has no such layout. See GET /api/v1/venues."))?;
    Ok((from, to))
}

async fn write(tx: &mut Tx, session: i64, replan: &Replan, now: Ts) -> Result<()> {
    let gone = replace::remove(tx, session, &replan.removed, now).await? as usize;
    if gone < replan.removed.len() {
        return Err(rules::has_bookings((replan.removed.len() - gone) as i64, "seat").into());
    }
    for chunk in replan.placed.chunks(CHUNK) {
        replace::take_names(tx, session, chunk).await?;
    }
    for chunk in replan.placed.chunks(CHUNK) {
        replace::place(tx, session, chunk, now).await?;
    }
    for (ticket_type, seats) in &replan.added {
        for chunk in seats.chunks(CHUNK) {
            layout::insert_labelled(tx, session, *ticket_type, chunk, now).await?;
        }
    }
    if let Some(name) = store::empty_types(tx, session).await?.first() {
        let detail = format!(
            "The ticket type “{name}” would have no seat left. Delete it first, or choose another layout."
        );
        return Err(Problem::invalid("/layout_id", "no-seats", detail).into());
    }
    store::recount(tx, session).await
}
