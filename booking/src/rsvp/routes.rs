//! HTTP of RSVPs.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;

use super::store::{self, SessionRsvps};
use crate::app::App;
use crate::error::Result;
use crate::events;
use crate::extract::{CurrentUser, Organizer, Path};
use crate::tickets::{self, TicketFacts};

/// What a ticket's holder means to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Intent {
    /// Comes.
    Attending,
    /// Does not know yet.
    Maybe,
    /// Does not come.
    NotAttending,
}

/// Body of `PUT /tickets/{code}/rsvp`.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRsvp {
    /// What you mean to do.
    answer: Intent,
}

/// An answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Rsvp {
    /// The ticket.
    code: String,
    /// Null: not answered.
    answer: Option<Intent>,
    /// When.
    answered_at: Option<Ts>,
}

/// The answers of an event's ticket holders, in tickets.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventRsvps {
    /// Tickets whose holder comes.
    attending: i64,
    /// Tickets whose holder does not know yet.
    maybe: i64,
    /// Tickets whose holder does not come.
    not_attending: i64,
    /// Tickets whose holder has not answered.
    unanswered: i64,
    /// The same for each session, by start.
    sessions: Vec<SessionRsvps>,
}

/// Say whether you come, until the session starts; again to change your mind.
#[utoipa::path(put, path = "/api/v1/tickets/{code}/rsvp", tag = "tickets", request_body = NewRsvp,
    params(("code" = String, Path)),
    responses((status = 200, body = Rsvp), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn answer_rsvp(
    State(app): State<App>,
    user: CurrentUser,
    Path(code): Path<String>,
    Json(body): Json<NewRsvp>,
) -> Result<Json<Rsvp>> {
    let ticket = mine(&app, &user, &code).await?;
    let now = app.now();
    if now >= ticket.starts_at {
        return Err(Problem::new(StatusCode::CONFLICT, "too-late", "The session has begun")
            .detail("Answers are counted until the session starts.")
            .into());
    }
    let written = app
        .db
        .write("answer_rsvp", move |tx| {
            Box::pin(async move { store::answer(tx, ticket.id, user.id, body.answer, now).await })
        })
        .await?;
    if written == 0 {
        // It was cancelled or passed on at this very moment.
        return Err(Problem::not_found().into());
    }
    Ok(Json(Rsvp { code: ticket.code, answer: Some(body.answer), answered_at: Some(now) }))
}

/// What you have answered for a ticket.
#[utoipa::path(get, path = "/api/v1/tickets/{code}/rsvp", tag = "tickets", params(("code" = String, Path)),
    responses((status = 200, body = Rsvp), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn get_rsvp(
    State(app): State<App>,
    user: CurrentUser,
    Path(code): Path<String>,
) -> Result<Json<Rsvp>> {
    let ticket = mine(&app, &user, &code).await?;
    let (answer, answered_at) = store::of_ticket(&app, ticket.id).await?.unzip();
    Ok(Json(Rsvp { code: ticket.code, answer, answered_at }))
}

/// How many ticket holders come.
#[utoipa::path(get, path = "/api/v1/events/{id}/rsvp", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, body = EventRsvps), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn count_rsvps(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
) -> Result<Json<EventRsvps>> {
    events::own(&app, id, user).await?;
    let sessions = store::counts(&app, id).await?;
    let sum = |count: fn(&SessionRsvps) -> i64| sessions.iter().map(count).sum();
    Ok(Json(EventRsvps {
        attending: sum(|s| s.attending),
        maybe: sum(|s| s.maybe),
        not_attending: sum(|s| s.not_attending),
        unanswered: sum(|s| s.unanswered),
        sessions,
    }))
}

/// A live ticket that the caller holds.
async fn mine(app: &App, user: &CurrentUser, code: &str) -> Result<TicketFacts> {
    let ticket = tickets::by_code(&app.db, &code.to_ascii_uppercase()).await?;
    let held = ticket.filter(|ticket| ticket.user_id == user.id && ticket.status.is_live());
    Ok(held.ok_or_else(Problem::not_found)?)
}
