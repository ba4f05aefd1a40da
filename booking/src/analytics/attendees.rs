//! HTTP of an event's attendees.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::ProblemDocument;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, AttendeeRow, TicketRow};
use crate::app::App;
use crate::error::Result;
use crate::events;
use crate::extract::{Organizer, Params, Path};
use crate::text;

/// Bookings on one page at most, and when nobody says.
const LIMIT_MAX: i64 = 500;
const LIMIT: i64 = 200;

/// A paid booking and who comes with it.
#[derive(Serialize, ToSchema)]
pub struct Attendee {
    /// The booking.
    pub booking_id: Uuid,
    /// Its number, for people.
    pub reference: String,
    /// Who booked.
    pub holder_name: String,
    /// Where mail goes.
    pub email: String,
    /// Such as `Stalls C 12`; empty in general admission.
    pub seats: Vec<String>,
    /// Tickets that were not given back.
    pub tickets: i64,
    /// What was paid, in minor units.
    pub total_minor: i64,
    /// What went back of it.
    pub refund_minor: i64,
    /// Of the booking.
    pub status: String,
    /// Tickets that opened the door.
    pub checked_in: i64,
    /// When it was booked.
    pub created_at: Ts,
}

/// Lists who has booked one's event, in the order they booked. The next page is in the `Link` header.
#[utoipa::path(get, path = "/api/v1/events/{id}/attendees", tag = "organise", params(
        ("id" = i64, Path),
        ("q" = Option<String>, Query, description = "Part of the name, address or reference."),
        ("cursor" = Option<Uuid>, Query, description = "From the Link header."),
        ("limit" = Option<i64>, Query, description = "1 to 500."),
    ),
    responses((status = 200, body = [Attendee]), (status = 404, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn list_attendees(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
    uri: Uri,
) -> Result<Response> {
    let event = events::own(&app, id, user).await?;
    let params = Params::of(&uri, &["q", "cursor", "limit"])?;
    let limit = params.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT);
    let pattern = text::like(&params.get("q").unwrap_or_default().to_lowercase());
    let after = params.cursor::<Uuid>("cursor")?;
    let mut rows = store::attendees(app.db.ex(), event.id, &pattern, after, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let mut headers = HeaderMap::new();
    if let Some(last) = rows.last().filter(|_| more) {
        let query = params.with("cursor", &last.id.to_string());
        let link = format!("</api/v1/events/{id}/attendees?{query}>; rel=\"next\"");
        headers.extend(HeaderValue::from_str(&link).map(|link| (header::LINK, link)));
    }
    Ok((headers, Json(with_tickets(&app, rows).await?)).into_response())
}

/// These bookings with their seats and entries.
pub async fn with_tickets(app: &App, rows: Vec<AttendeeRow>) -> Result<Vec<Attendee>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let tickets = store::tickets(app, &ids).await?;
    Ok(rows.into_iter().map(|row| attendee(row, &tickets)).collect())
}

fn attendee(row: AttendeeRow, tickets: &[TicketRow]) -> Attendee {
    let own = || tickets.iter().filter(|t| t.booking_id == row.id);
    Attendee {
        seats: own().filter_map(seat_name).collect(),
        checked_in: own().map(|t| t.checked_in).sum(),
        booking_id: row.id,
        reference: row.reference,
        holder_name: row.name,
        email: row.email,
        tickets: row.quantity,
        total_minor: row.total_minor,
        refund_minor: row.refund_minor,
        status: row.status,
        created_at: row.created_at,
    }
}

fn seat_name(ticket: &TicketRow) -> Option<String> {
    let label = ticket.label.as_deref()?;
    let parts = [
        ticket.section.as_deref().unwrap_or_default(),
        ticket.row_label.as_deref().unwrap_or_default(),
        label,
    ];
    Some(parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" "))
}
