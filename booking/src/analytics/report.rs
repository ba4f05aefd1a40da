//! HTTP of reports that organisers put together.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use serde::Serialize;
use shared::json::Json;
use shared::problem::ProblemDocument;
use utoipa::ToSchema;

use super::export::{attached, push_fields};
use super::figures::{self, Asked, Row};
use super::rules::{self, By, Measure};
use crate::app::App;
use crate::error::Result;
use crate::events;
use crate::extract::{CurrentUser, Organizer, Params};
use crate::money;

/// Rows of one report at most.
const ROWS_MAX: usize = 1000;
const PARAMETERS: [&str; 5] = ["measure", "by", "event_id", "from", "to"];

/// Figures by group.
#[derive(Serialize, ToSchema)]
pub struct SalesReport {
    /// What the rows stand for.
    by: &'static str,
    /// Times as they went by, anything else by what was kept of the money, the most first.
    rows: Vec<SalesReportRow>,
    /// Whether there is more than fits an answer; the oldest times are left out, or what brought least.
    is_cut: bool,
}

/// A group in one currency, with the figures that were asked for.
#[derive(Serialize, ToSchema)]
pub struct SalesReportRow {
    /// The id of an event, session or venue; otherwise the name again.
    key: String,
    /// A day (`2026-06-01`), the Monday of a week, a month (`2026-06`), or what the group is called.
    name: String,
    /// Of the amounts; sales in two currencies are two rows.
    currency: String,
    /// What was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    revenue_minor: Option<i64>,
    /// What of it goes back, whenever it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    refunds_minor: Option<i64>,
    /// What is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    net_minor: Option<i64>,
    /// Bookings that were paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    bookings: Option<i64>,
    /// Those that were cancelled afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled: Option<i64>,
    /// Tickets that were not given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    tickets: Option<i64>,
    /// Of the places sold, those whose ticket opened the door.
    #[serde(skip_serializing_if = "Option::is_none")]
    check_ins: Option<i64>,
    /// Places there are to sell, sold or not, whatever the days.
    #[serde(skip_serializing_if = "Option::is_none")]
    places: Option<i64>,
}

/// A report that was put together and read.
struct Drawn {
    by: By,
    measures: Vec<Measure>,
    rows: Vec<Row>,
    is_cut: bool,
}

/// A report of one's events, of everybody's for admins: figures of the sales of some days, added up by the database.
///
/// Every figure is of the sales of those days, whatever became of them later: what is paid back next week is a refund of today's
/// sale. Days are of UTC.
#[utoipa::path(get, path = "/api/v1/reports", tag = "organise", params(
        ("measure" = String, Query, description = "One or several of revenue, refunds, net, bookings, cancelled, tickets, check_ins \
            and places, with commas between them. Bookings are not known by ticket_type, places not by day, week, month or status."),
        ("by" = String, Query, description = "What the rows stand for: day, week, month, event, session, ticket_type, category, \
            venue, status (of the booking) or currency."),
        ("event_id" = Option<i64>, Query, description = "One event alone."),
        ("from" = Option<String>, Query, description = "The first day (UTC) of the sales, such as 2026-06-01."),
        ("to" = Option<String>, Query, description = "The last day of them."),
    ),
    responses((status = 200, body = SalesReport), (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn read_report(
    State(app): State<App>,
    Organizer(user): Organizer,
    uri: Uri,
) -> Result<Json<SalesReport>> {
    let Drawn { by, measures, rows, is_cut } = draw(&app, user, &uri).await?;
    let rows = rows.into_iter().map(|row| SalesReportRow::of(row, &measures)).collect();
    Ok(Json(SalesReport { by: by.name(), rows, is_cut }))
}

/// The same report as CSV (RFC 4180, UTF-8), amounts in major units.
#[utoipa::path(get, path = "/api/v1/reports.csv", tag = "organise", params(
        ("measure" = String, Query, description = "As of the report in JSON."),
        ("by" = String, Query, description = "As of the report in JSON."),
        ("event_id" = Option<i64>, Query),
        ("from" = Option<String>, Query),
        ("to" = Option<String>, Query),
    ),
    responses((status = 200, content_type = "text/csv", body = String), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn export_report(State(app): State<App>, Organizer(user): Organizer, uri: Uri) -> Result<Response> {
    let Drawn { by, measures, rows, .. } = draw(&app, user, &uri).await?;
    let heads = [by.name(), "key", "currency"].into_iter().chain(measures.iter().map(|one| one.name()));
    let mut csv = heads.collect::<Vec<_>>().join(",") + "\r\n";
    for row in rows {
        let figures = measures.iter().map(|measure| match measure.of(&row) {
            minor if measure.is_money() => money::plain(minor, &row.currency),
            count => count.to_string(),
        });
        let figures: Vec<String> = figures.collect();
        push_fields(&mut csv, [row.name, row.key, row.currency].into_iter().chain(figures));
    }
    Ok(attached(csv, &format!("report-by-{}", by.name())))
}

/// Reads what is asked, and the figures of it.
async fn draw(app: &App, user: CurrentUser, uri: &Uri) -> Result<Drawn> {
    let params = Params::of(uri, &PARAMETERS)?;
    let by = rules::by(params.get("by"))?;
    let measures = rules::measures(params.get("measure"), by)?;
    let event = params.number("event_id", 1, i64::MAX)?;
    let day = |name: &str| params.get(name).map(|text| events::day(&format!("/{name}"), text)).transpose();
    let (from, to) = rules::span(day("from")?, day("to")?)?;
    if let Some(event) = event {
        events::own(app, event, user).await?;
    }
    let asked = Asked {
        by: by.name(),
        owner: user.owner_filter(),
        event,
        from,
        to,
        places: measures.contains(&Measure::Places),
        limit: ROWS_MAX as i64 + 1,
    };
    let mut rows = figures::report(app.db.ex(), &asked).await?;
    let is_cut = rows.len() > ROWS_MAX;
    rows.truncate(ROWS_MAX);
    rules::sort(&mut rows, by);
    Ok(Drawn { by, measures, rows, is_cut })
}

impl SalesReportRow {
    fn of(row: Row, measures: &[Measure]) -> Self {
        let figure = |measure: Measure| measures.contains(&measure).then(|| measure.of(&row));
        Self {
            revenue_minor: figure(Measure::Revenue),
            refunds_minor: figure(Measure::Refunds),
            net_minor: figure(Measure::Net),
            bookings: figure(Measure::Bookings),
            cancelled: figure(Measure::Cancelled),
            tickets: figure(Measure::Tickets),
            check_ins: figure(Measure::CheckIns),
            places: figure(Measure::Places),
            key: row.key,
            name: row.name,
            currency: row.currency,
        }
    }
}
