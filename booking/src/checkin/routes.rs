//! The gate over HTTP.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{Question, Reason, admits, already_used, invalid, runs};
use super::store::{self, GateCount, NewEntry};
use crate::app::App;
use crate::error::Result;
use crate::extract::GateStaff;
use crate::tickets::qr::Statement;
use crate::tickets::{self, TicketDocument, TicketFacts};
use crate::{audit, text};

/// Longest name of a gate.
const GATE_CHARS: usize = 64;
/// What a gate without a name is called.
const GATE: &str = "main";

/// What was shown at the gate: a code, or the text of a QR code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// `TCK-…`, as typed.
    code: Option<String>,
    /// `RL1.…`, as scanned.
    qr: Option<String>,
    /// Where; `main` when absent.
    gate: Option<String>,
    /// The performance that this gate lets into; absent: any.
    session: Option<i64>,
}

/// Somebody was let in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Admitted {
    /// `admitted`.
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

/// Checks a ticket in, once.
#[utoipa::path(post, path = "/api/v1/checkins", tag = "gate", request_body = Shown,
    responses((status = 200, body = Admitted), (status = 403, body = ProblemDocument),
              (status = 409, description = "`already-used` with `first_used_at` and `gate`", body = ProblemDocument),
              (status = 422, description = "`ticket-invalid` with `reason`", body = ProblemDocument)))]
pub async fn check_in(
    State(app): State<App>,
    GateStaff(staff): GateStaff,
    Json(shown): Json<Shown>,
) -> Result<Json<Admitted>> {
    let gate = match &shown.gate {
        Some(gate) => text::line("/gate", gate, GATE_CHARS)?,
        None => GATE.to_owned(),
    };
    let (mut ticket, statement) = find(&app, &shown).await?;
    let question = Question { staff: &staff, session: shown.session, statement: statement.as_ref() };
    admits(&ticket, &question).map_err(invalid)?;
    let now = app.now();
    let entry =
        NewEntry { id: app.entropy.uuid_v7(now), ticket: ticket.id, gate: gate.clone(), staff: staff.id };
    let id = entry.id;
    app.db
        .write("check_in", move |tx| {
            let entry = entry.clone();
            Box::pin(async move {
                if store::enter(tx, &entry, now).await? == 0 {
                    // None: it was taken back this moment, and the next try succeeds.
                    let first =
                        store::first_entry(tx, entry.ticket).await?.ok_or_else(|| Problem::unavailable(1))?;
                    return Err(already_used(first.at, &first.gate).into());
                }
                if store::mark_used(tx, entry.ticket).await? == 0 {
                    return Err(invalid(Reason::Cancelled).into());
                }
                Ok(())
            })
        })
        .await?;
    ticket.status = tickets::TicketStatus::Used;
    let ticket = TicketDocument::new(ticket, None);
    Ok(Json(Admitted { result: "admitted", id, admitted_at: now, gate, ticket }))
}

/// The ticket that was shown, and what its QR code said.
async fn find(app: &App, shown: &Shown) -> Result<(TicketFacts, Option<Statement>)> {
    match (&shown.code, &shown.qr) {
        (Some(code), None) => {
            let ticket = tickets::by_code(&app.db, &code.trim().to_ascii_uppercase()).await?;
            Ok((ticket.ok_or_else(|| invalid(Reason::Unknown))?, None))
        }
        (None, Some(qr)) => {
            let statement =
                Statement::verify(qr.trim(), &app.ticket_keys).ok_or_else(|| invalid(Reason::Forged))?;
            let ticket = tickets::find(&app.db, statement.ticket).await?;
            Ok((ticket.ok_or_else(|| invalid(Reason::Unknown))?, Some(statement)))
        }
        _ => Err(Problem::invalid("", "validation", "Send either “code” or “qr”.").into()),
    }
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
              (status = 409, description = "`already-undone`", body = ProblemDocument)))]
pub async fn undo(
    State(app): State<App>,
    GateStaff(staff): GateStaff,
    Path(id): Path<Uuid>,
) -> Result<Json<Undone>> {
    let now = app.now();
    app.db
        .write("undo_check_in", move |tx| {
            Box::pin(async move {
                let entry = store::entry(tx, id).await?.filter(|entry| runs(&staff, entry.organiser));
                let entry = entry.ok_or_else(Problem::not_found)?;
                if store::undo(tx, id, now).await? == 0 {
                    return Err(already_undone().into());
                }
                store::mark_valid(tx, entry.ticket_id).await?;
                let subject = format!("ticket:{}", entry.ticket_id);
                audit::append(tx, Some(staff.id), "check-in.undone", subject, json!({ "check_in": id }), now)
                    .await
            })
        })
        .await?;
    Ok(Json(Undone { result: "undone", id }))
}

fn already_undone() -> Problem {
    Problem::new(StatusCode::CONFLICT, "already-undone", "This entry was taken back before")
        .detail("The ticket opens the door already.")
}

/// How full a performance is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// The performance.
    session: i64,
    /// Live tickets.
    tickets: i64,
    /// Of them, inside.
    checked_in: i64,
    /// The same by gate.
    gates: Vec<GateCount>,
}

/// How many have come in, by gate.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/checkins", tag = "gate", params(("id" = i64, Path)),
    responses((status = 200, body = Counts), (status = 404, body = ProblemDocument)))]
pub async fn counts(
    State(app): State<App>,
    GateStaff(staff): GateStaff,
    Path(session): Path<i64>,
) -> Result<Json<Counts>> {
    let organiser = store::organiser_of(&app.db, session).await?;
    if !organiser.is_some_and(|organiser| runs(&staff, organiser)) {
        return Err(Problem::not_found().into());
    }
    let tickets = store::live_tickets(&app.db, session).await?;
    let gates = store::by_gate(&app.db, session).await?;
    let checked_in = gates.iter().map(|gate| gate.checked_in).sum();
    Ok(Json(Counts { session, tickets, checked_in, gates }))
}
