//! The gate over HTTP.

use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::doors;
use super::entry::{Outcome, Shown, enter};
use super::exits;
use super::rules::{already_undone, already_used, invalid, runs};
use super::store::{self, Conflict, GateCount};
use crate::app::App;
use crate::audit;
use crate::error::Result;
use crate::extract::GateStaff;
use crate::tickets::{TicketDocument, TicketStatus};

/// Conflicts shown at most.
const CONFLICTS_MAX: i64 = 100;

/// Somebody was let in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Admitted {
    /// `admitted`, or `returned` after an exit.
    result: &'static str,
    /// The entry, for taking it back.
    id: Uuid,
    /// When.
    admitted_at: Ts,
    /// Where.
    gate: String,
    /// What was shown.
    ticket: TicketDocument,
}

/// Checks a ticket in, once; and once more each time its holder was let out.
#[utoipa::path(post, path = "/api/v1/checkins", tag = "gate", request_body = Shown,
    responses((status = 200, body = Admitted), (status = 403, body = ProblemDocument),
              (status = 409, description = "`already-used` with `first_used_at` and `gate`; `already-undone`", body = ProblemDocument),
              (status = 422, description = "`ticket-invalid` with `reason`", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn check_in(
    State(app): State<App>,
    GateStaff(staff): GateStaff,
    Json(shown): Json<Shown>,
) -> Result<Json<Admitted>> {
    let (ticket, outcome) = enter(&app, &staff, &shown, app.now()).await?;
    let (entry, result) = match outcome {
        Outcome::Admitted(entry) => (entry, "admitted"),
        Outcome::Returned(entry) => (entry, "returned"),
        Outcome::Inside(_, first) => return Err(already_used(first.at, &first.gate).into()),
        Outcome::Undone => return Err(already_undone().into()),
        Outcome::Refused(reason) => return Err(invalid(reason).into()),
    };
    let mut ticket = ticket.ok_or_else(Problem::not_found)?;
    ticket.status = TicketStatus::Used;
    let ticket = TicketDocument::new(ticket, None);
    Ok(Json(Admitted { result, id: entry.id, admitted_at: entry.at, gate: entry.gate, ticket }))
}

/// An entry that was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct Undone {
    /// `undone`.
    result: &'static str,
    /// The entry.
    id: Uuid,
}

/// Takes an entry back, so that the ticket opens the door again.
#[utoipa::path(post, path = "/api/v1/checkins/{id}/undo", tag = "gate", params(("id" = Uuid, Path)),
    responses((status = 200, body = Undone), (status = 404, body = ProblemDocument),
              (status = 409, description = "`already-undone`", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn undo(
    State(app): State<App>,
    GateStaff(staff): GateStaff,
    Path(id): Path<Uuid>,
) -> Result<Json<Undone>> {
    let now = app.now();
    app.db
        .write("undo_check_in", move |tx| {
            Box::pin(async move {
                let entry =
                    store::entry(tx, id).await?.filter(|entry| runs(&staff, entry.organiser, entry.event_id));
                let entry = entry.ok_or_else(Problem::not_found)?;
                store::lock_live(tx, entry.ticket_id).await?;
                if store::undo(tx, id, now).await? == 0 {
                    return Err(already_undone().into());
                }
                // Who is outside when the entry is taken back was never in.
                exits::come_back(tx, entry.ticket_id, "", now).await?;
                store::mark_valid(tx, entry.ticket_id).await?;
                let subject = format!("ticket:{}", entry.ticket_id);
                audit::append(tx, Some(staff.id), "check-in.undone", subject, json!({ "check_in": id }), now)
                    .await
            })
        })
        .await?;
    Ok(Json(Undone { result: "undone", id }))
}

/// How full a performance is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// The performance.
    session: i64,
    /// Live tickets.
    tickets: i64,
    /// Of them, let in.
    checked_in: i64,
    /// Of these, outside for a while.
    outside: i64,
    /// The same by gate.
    gates: Vec<GateCount>,
    /// Entries made without a network by somebody who came second, the newest first, at most 100.
    conflicts: Vec<Conflict>,
}

/// How many have come in, by gate.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/checkins", tag = "gate", params(("id" = i64, Path)),
    responses((status = 200, body = Counts), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn counts(
    State(app): State<App>,
    GateStaff(staff): GateStaff,
    Path(session): Path<i64>,
) -> Result<Json<Counts>> {
    doors::require(&app, &staff, session).await?;
    let tickets = store::live_tickets(&app.db, session).await?;
    let gates = store::by_gate(&app.db, session).await?;
    let checked_in = gates.iter().map(|gate| gate.checked_in).sum();
    let conflicts = store::conflicts(&app.db, session, CONFLICTS_MAX).await?;
    let outside = exits::outside(&app.db, session).await?.len() as i64;
    Ok(Json(Counts { session, tickets, checked_in, outside, gates, conflicts }))
}
