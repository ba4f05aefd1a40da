//! Tickets over HTTP: for their owners, and for staff.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use uuid::Uuid;

use super::{TicketDocument, TicketFacts, calendar, store};
use crate::app::App;
use crate::error::Result;
use crate::extract::CurrentUser;

/// Tickets in a list at most.
const LIST_MAX: i64 = 200;
/// How long after its end a session's tickets stay in the list.
const LINGER: time::Duration = time::Duration::days(1);

/// The tickets I hold for what is to come, the next first: those I bought and those I was given.
#[utoipa::path(get, path = "/api/v1/tickets", operation_id = "list_tickets", tag = "tickets",
    responses((status = 200, body = Vec<TicketDocument>), (status = 401, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn list(State(app): State<App>, user: CurrentUser) -> Result<Json<Vec<TicketDocument>>> {
    let tickets = store::live_of_user(&app.db, user.id, None, app.now() - LINGER, LIST_MAX).await?;
    Ok(Json(tickets.into_iter().map(|ticket| TicketDocument::new(ticket, None)).collect()))
}

/// The public keys that verify QR codes, for scanners that work without a network.
#[utoipa::path(get, path = "/api/v1/tickets/jwks.json", tag = "tickets",
    responses((status = 200, description = "A JWK set (RFC 7517)", body = serde_json::Value)))]
pub async fn jwks(State(app): State<App>) -> Response {
    ([(header::CACHE_CONTROL, "public, max-age=300")], axum::Json(app.ticket_keys.public().jwks()))
        .into_response()
}

/// A ticket: as JSON, with `.pdf` behind the code as PDF, with `.png` or `.svg` its QR code as picture.
#[utoipa::path(get, path = "/api/v1/tickets/{code}", tag = "tickets",
    params(("code" = String, Path, description = "`TCK-…`, or the same with `.pdf`, `.png` or `.svg`")),
    responses((status = 200, body = TicketDocument), (status = 404, body = ProblemDocument),
              (status = 409, description = "`ticket-dead`: it has no PDF and no QR code", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn show(State(app): State<App>, user: CurrentUser, Path(name): Path<String>) -> Result<Response> {
    let (code, form) = name.split_once('.').unwrap_or((&name, ""));
    let ticket = super::by_code(&app.db, &code.to_ascii_uppercase()).await?;
    let ticket = ticket.filter(|ticket| may_see(ticket, &user)).ok_or_else(Problem::not_found)?;
    if form.is_empty() {
        let qr = if ticket.status.is_live() { Some(super::svg(&app, &ticket)?) } else { None };
        return Ok(private(Json(TicketDocument::new(ticket, qr))));
    }
    if !ticket.status.is_live() {
        return Err(dead(&ticket).into());
    }
    match form {
        "pdf" => {
            let name = format!("inline; filename=\"{}.pdf\"", ticket.code);
            let pdf = super::pdf(&app, vec![ticket]).await?;
            Ok(private((
                [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)],
                pdf,
            )))
        }
        "png" => Ok(private(([(header::CONTENT_TYPE, "image/png")], super::png(&app, &ticket)?))),
        "svg" => Ok(private(([(header::CONTENT_TYPE, "image/svg+xml")], super::svg(&app, &ticket)?))),
        _ => Err(Problem::not_found().into()),
    }
}

/// All my tickets of a booking as one PDF, a page each.
#[utoipa::path(get, path = "/api/v1/bookings/{id}/tickets.pdf", tag = "tickets", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn booking_pdf(
    State(app): State<App>,
    user: CurrentUser,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let tickets = mine_of_booking(&app, &user, id).await?;
    let name = format!("inline; filename=\"tickets-{}.pdf\"", tickets[0].reference);
    let headers = [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok(private((headers, super::pdf(&app, tickets).await?)))
}

/// The date of a booking for calendars, for whoever holds a ticket of it.
#[utoipa::path(get, path = "/api/v1/bookings/{id}/calendar.ics", tag = "tickets", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "text/calendar", body = String), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn booking_calendar(
    State(app): State<App>,
    user: CurrentUser,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let tickets = mine_of_booking(&app, &user, id).await?;
    let file = calendar::of_tickets(&tickets, &app.settings.public_url(), app.now());
    let name = format!("attachment; filename=\"{}.ics\"", tickets[0].reference);
    let headers =
        [(header::CONTENT_TYPE, calendar::MEDIA_TYPE.to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok(private((headers, file)))
}

/// The tickets of a booking that the caller holds; 404 when there are none.
async fn mine_of_booking(app: &App, user: &CurrentUser, booking: Uuid) -> Result<Vec<TicketFacts>> {
    let tickets = store::live_of_user(&app.db, user.id, Some(booking), Ts::from_seconds(0), LIST_MAX).await?;
    if tickets.is_empty() { Err(Problem::not_found().into()) } else { Ok(tickets) }
}

/// The holder, whoever runs the event, and admins.
fn may_see(ticket: &TicketFacts, user: &CurrentUser) -> bool {
    ticket.user_id == user.id || ticket.organiser == Some(user.id) || user.is_admin()
}

fn dead(ticket: &TicketFacts) -> Problem {
    let why = if ticket.status == super::TicketStatus::Transferred { "passed on" } else { "cancelled" };
    Problem::new(StatusCode::CONFLICT, "ticket-dead", "This ticket no longer opens the door")
        .detail(format!("The ticket was {why}: it has no PDF and no QR code any more."))
}

/// Nobody but its reader may keep it.
fn private(body: impl IntoResponse) -> Response {
    ([(header::CACHE_CONTROL, "private, no-store")], body).into_response()
}
