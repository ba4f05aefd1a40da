//! HTTP of attendees as a spreadsheet, and how spreadsheets are written.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use shared::problem::ProblemDocument;

use super::attendees::{self, Attendee};
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::events;
use crate::extract::{Organizer, Path};

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
    Ok(attached(csv, &format!("attendees-{id}")))
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
    push_fields(csv, fields);
}

/// CSV as a file called `name`, without its end; a name of our own, which needs no escaping.
pub fn attached(csv: String, name: &str) -> Response {
    let name = format!("attachment; filename=\"{name}.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, csv).into_response()
}

/// Writes a line.
pub fn push_fields(csv: &mut String, fields: impl IntoIterator<Item = String>) {
    let fields: Vec<String> = fields.into_iter().map(|field| quoted(&field)).collect();
    csv.push_str(&fields.join(","));
    csv.push_str("\r\n");
}

/// A field in quotes; what a spreadsheet would take for a formula is led by an apostrophe (OWASP ASVS 1.2.10).
fn quoted(field: &str) -> String {
    let lead = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{lead}{}\"", field.replace('"', "\"\""))
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
