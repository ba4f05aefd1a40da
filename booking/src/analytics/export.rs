//! HTTP of what leaves the house: attendees as a spreadsheet, and what is kept of a person.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::attendees::{self, Attendee};
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::extract::{CurrentUser, Organizer, Path};
use crate::{events, users};

/// Rows of one spreadsheet at most.
const ROWS_MAX: i64 = 100_000;
/// Rows read at once.
const CHUNK: i64 = 500;

/// One's attendees as CSV (RFC 4180, UTF-8), in the order they booked.
#[utoipa::path(get, path = "/api/v1/events/{id}/attendees.csv", tag = "organise", params(("id" = i64, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn export_attendees(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
) -> Result<Response> {
    let event = events::own(&app, id, user).await?;
    let mut csv = String::from("reference,name,email,seats,tickets,status,checked_in,created_at\r\n");
    let (mut after, mut rows) = (None, 0);
    loop {
        let page = store::attendees(app.db.ex(), event.id, "%", after, CHUNK).await?;
        let full = page.len() as i64 == CHUNK;
        rows += page.len() as i64;
        after = page.last().map(|row| row.id);
        for attendee in attendees::with_tickets(&app, page).await? {
            push_row(&mut csv, &attendee);
        }
        if !full || rows >= ROWS_MAX {
            break;
        }
    }
    let name = format!("attachment; filename=\"attendees-{id}.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, csv).into_response())
}

fn push_row(csv: &mut String, attendee: &Attendee) {
    let fields = [
        attendee.reference.clone(),
        attendee.holder_name.clone(),
        attendee.email.clone(),
        attendee.seats.join("; "),
        attendee.tickets.to_string(),
        attendee.status.clone(),
        attendee.checked_in.to_string(),
        attendee.created_at.to_string(),
    ];
    csv.push_str(&fields.map(|field| quoted(&field)).join(","));
    csv.push_str("\r\n");
}

/// A field in quotes; what a spreadsheet would take for a formula is led by an apostrophe (OWASP ASVS 1.2.10).
fn quoted(field: &str) -> String {
    let lead = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{lead}{}\"", field.replace('"', "\"\""))
}

/// Everything kept of a person.
#[derive(Serialize, ToSchema)]
pub struct PersonalData {
    /// The account.
    id: Uuid,
    name: String,
    email: String,
    email_verified_at: Option<Ts>,
    created_at: Ts,
    /// Bookings, oldest first.
    bookings: Vec<OwnBooking>,
    /// Logins that were begun, oldest first.
    logins: Vec<Ts>,
}

/// A booking in one's data.
#[derive(Serialize, ToSchema, sqlx::FromRow)]
pub struct OwnBooking {
    /// Its number.
    pub reference: String,
    /// Name of the event.
    pub event: String,
    /// Start of the session.
    pub starts_at: Ts,
    /// Of the booking.
    pub status: String,
    /// Tickets.
    pub quantity: i64,
    /// What they cost.
    pub total_minor: i64,
    /// What was paid back.
    pub refund_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// When it was booked.
    pub created_at: Ts,
}

/// All that is kept of one, to take along.
#[utoipa::path(get, path = "/api/v1/users/me/export", tag = "users",
    responses((status = 200, body = PersonalData), (status = 401, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn export_me(State(app): State<App>, user: CurrentUser) -> Result<Json<PersonalData>> {
    let account = users::by_id(app.db.ex(), user.id).await?.ok_or_else(Problem::unauthorized)?;
    Ok(Json(PersonalData {
        bookings: store::bookings_of(app.db.ex(), user.id).await?,
        logins: store::logins_of(app.db.ex(), user.id).await?,
        id: account.id,
        name: account.name,
        email: account.email,
        email_verified_at: account.email_verified_at,
        created_at: account.created_at,
    }))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn formulas_are_disarmed_and_quotes_doubled() {
        assert_eq!(quoted("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        for trick in ["+1", "-1", "@a", "\tx"] {
            assert_eq!(quoted(trick), format!("\"'{trick}\""));
        }
        assert_eq!(quoted("O'Brien, Zoë"), "\"O'Brien, Zoë\"");
    }
}
