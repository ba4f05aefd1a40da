//! HTTP of calendars: what happens on which day of a month, and the same dates as iCalendar.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use serde::Serialize;
use shared::clock::Ts;
use shared::problem::{Problem, ProblemDocument};
use sqlx::QueryBuilder;
use time::macros::format_description;
use time::{Date, Duration};
use time_tz::OffsetDateTimeExt;
use utoipa::ToSchema;

use super::documents::Page;
use super::model::Status;
use super::routes::{self, PUBLIC, respond};
use super::search::{self, Search, push_filter};
use super::times;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Params, Path, Tags};
use crate::ical::{self, Entry};
use crate::{money, on};

/// Filters of a month.
const OF_MONTH: [&str; 7] = ["month", "q", "category", "min_price", "max_price", "ticket_type", "available"];
/// Filters of the feed.
const OF_FEED: [&str; 8] =
    ["q", "category", "from", "to", "min_price", "max_price", "ticket_type", "available"];
/// Sessions in one answer at most.
const SESSIONS_MAX: usize = 1000;
/// No local day begins or ends further from UTC's.
const OFFSET_MAX: Duration = Duration::hours(14);

/// A month of sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarMonth {
    /// `2027-05`
    month: String,
    /// The month before.
    previous: String,
    /// The month after.
    next: String,
    /// Whether everything is listed: at most 1,000 sessions are.
    is_complete: bool,
    /// Days on which something happens.
    days: Vec<CalendarDay>,
}

/// A day of a [`CalendarMonth`].
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarDay {
    /// `2027-05-04`, at the venue.
    date: String,
    /// By start.
    sessions: Vec<CalendarSession>,
}

/// A session and its event in brief.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarSession {
    /// The event.
    event_id: i64,
    /// The session.
    session_id: i64,
    /// Name of the event.
    name: String,
    /// Name of the venue.
    venue: String,
    /// Hall or room inside the venue.
    room_name: Option<String>,
    /// Such as concert.
    category: String,
    /// Path of a picture on this site.
    image: Option<String>,
    /// Start.
    starts_at: Ts,
    /// End.
    ends_at: Ts,
    /// IANA zone of the venue.
    time_zone: String,
    /// `20:00`, at the venue.
    local_time: String,
    /// The event's lowest price in major units.
    ticket_price: f64,
    /// The same in minor units.
    ticket_price_minor: i64,
    /// ISO 4217.
    currency: String,
}

/// A session with its event and venue.
#[derive(Debug, Clone, sqlx::FromRow)]
struct SessionRow {
    session_id: i64,
    event_id: i64,
    starts_at: Ts,
    ends_at: Ts,
    room_name: Option<String>,
    revision: i64,
    name: String,
    description: String,
    category: String,
    image: Option<String>,
    currency: String,
    status: Status,
    price_from_minor: i64,
    updated_at: Ts,
    venue: String,
    venue_address: String,
    time_zone: String,
}

/// What happens in a month, day by day, each in its venue's own time. Without `month` the current one.
#[utoipa::path(get, path = "/api/v1/events/calendar", tag = "events", params(
        ("month" = Option<String>, Query, description = "Such as 2027-05."),
        ("q" = Option<String>, Query), ("category" = Option<String>, Query), ("min_price" = Option<f64>, Query),
        ("max_price" = Option<f64>, Query), ("ticket_type" = Option<String>, Query), ("available" = Option<bool>, Query),
    ),
    responses((status = 200, body = CalendarMonth), (status = 422, body = ProblemDocument)))]
pub async fn get_calendar(State(app): State<App>, uri: Uri, has: Tags) -> Result<Response> {
    let params = Params::of(&uri, &OF_MONTH)?;
    let now = app.now();
    let first = match params.get("month") {
        Some(text) => times::month("/month", text)?,
        None => times::months_later(now.datetime().date(), 0),
    };
    let key = format!("calendar {first} {}", params.canonical());
    let make = async {
        let next = times::months_later(first, 1);
        let span = Span {
            from: Some(midnight(first) - OFFSET_MAX),
            to: Some(midnight(next) + OFFSET_MAX),
            ends_after: None,
        };
        let rows = sessions(&app, &params, span, now).await?;
        Page::new(&month(first, rows), "", None)
    };
    let page = app.event_pages.answers.get::<Error>(&key, now, make).await?;
    Ok(respond(&page, &params, &has, PUBLIC))
}

/// The dates of all public events as one calendar to subscribe to. Without `from`: those that are not over.
#[utoipa::path(get, path = "/api/v1/events/calendar.ics", tag = "events", params(
        ("q" = Option<String>, Query), ("category" = Option<String>, Query), ("from" = Option<String>, Query),
        ("to" = Option<String>, Query), ("min_price" = Option<f64>, Query), ("max_price" = Option<f64>, Query),
        ("ticket_type" = Option<String>, Query), ("available" = Option<bool>, Query),
    ),
    responses((status = 200, content_type = "text/calendar", body = String), (status = 422, body = ProblemDocument)))]
pub async fn calendar_feed(State(app): State<App>, uri: Uri, has: Tags) -> Result<Response> {
    let params = Params::of(&uri, &OF_FEED)?;
    let now = app.now();
    let make = async {
        let span = Span { from: None, to: None, ends_after: params.get("from").is_none().then_some(now) };
        let mut rows = sessions(&app, &params, span, now).await?;
        rows.truncate(SESSIONS_MAX);
        let entries: Vec<Entry> = rows.into_iter().map(entry).collect();
        Ok(Page::calendar(ical::document(&entries, Some("Rushline"), &app.settings.public_url())))
    };
    let page =
        app.event_pages.answers.get::<Error>(&format!("feed {}", params.canonical()), now, make).await?;
    Ok(respond(&page, &params, &has, PUBLIC))
}

/// The dates of an event for calendars.
#[utoipa::path(get, path = "/api/v1/events/{id}/calendar.ics", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, content_type = "text/calendar", body = String), (status = 404, body = ProblemDocument)))]
pub async fn event_calendar(State(app): State<App>, Path(id): Path<i64>, has: Tags) -> Result<Response> {
    dates(&app, Which::Event(id), &has).await
}

/// One session for calendars.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/calendar.ics", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, content_type = "text/calendar", body = String), (status = 404, body = ProblemDocument)))]
pub async fn session_calendar(State(app): State<App>, Path(id): Path<i64>, has: Tags) -> Result<Response> {
    dates(&app, Which::Session(id), &has).await
}

/// Whose dates are asked for.
#[derive(Debug, Clone, Copy)]
enum Which {
    Event(i64),
    Session(i64),
}

async fn dates(app: &App, which: Which, has: &Tags) -> Result<Response> {
    let make = async {
        let rows = sessions_of(app, which).await?;
        let event = rows.first().ok_or_else(Problem::not_found)?.event_id;
        routes::visible(search::event(app, event).await?, None)?;
        let entries: Vec<Entry> = rows.into_iter().map(entry).collect();
        Ok(Page::calendar(ical::document(&entries, None, &app.settings.public_url())))
    };
    let page = app.event_pages.answers.get::<Error>(&format!("dates {which:?}"), app.now(), make).await?;
    Ok(respond(&page, &Params::default(), has, PUBLIC))
}

/// Which sessions of the events found are listed.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: Option<Ts>,
    to: Option<Ts>,
    ends_after: Option<Ts>,
}

const SELECT: &str = "SELECT s.id AS session_id, s.event_id, s.starts_at, s.ends_at, s.room_name, s.revision, e.name,
    e.description, e.category, e.image, e.currency, e.status, e.price_from_minor, e.updated_at, v.name AS venue,
    v.address AS venue_address, v.time_zone
    FROM sessions s JOIN events e ON e.id = s.event_id JOIN venues v ON v.id = e.venue_id WHERE ";

/// Sessions of public events that the filters find, by start: one more than an answer has, if there are more.
async fn sessions(app: &App, params: &Params, span: Span, now: Ts) -> Result<Vec<SessionRow>> {
    // No cursors are written here, so nothing signs them.
    let search = Search::read(params, &app.settings.booking.currency, b"")?;
    let (from, to) = (span.from.or(search.from), span.to.or(search.to));
    Ok(on!(app.db.ex(), c => {
        let mut b = QueryBuilder::new(SELECT);
        b.push("e.status = 'published'");
        push_filter!(b, &search, now);
        if let Some(from) = from { b.push(" AND s.starts_at >= ").push_bind(from); }
        if let Some(to) = to { b.push(" AND s.starts_at < ").push_bind(to); }
        if let Some(at) = span.ends_after { b.push(" AND s.ends_at > ").push_bind(at); }
        b.push(" ORDER BY s.starts_at, s.id LIMIT ").push_bind(SESSIONS_MAX as i64 + 1);
        b.build_query_as::<SessionRow>().fetch_all(c).await
    })?)
}

async fn sessions_of(app: &App, which: Which) -> Result<Vec<SessionRow>> {
    Ok(on!(app.db.ex(), c => {
        let mut b = QueryBuilder::new(SELECT);
        match which {
            Which::Event(id) => b.push("e.id = ").push_bind(id),
            Which::Session(id) => b.push("s.id = ").push_bind(id),
        };
        b.push(" ORDER BY s.starts_at, s.id");
        b.build_query_as::<SessionRow>().fetch_all(c).await
    })?)
}

fn midnight(day: Date) -> Ts {
    day.midnight().assume_utc().into()
}

/// Sorts sessions into the days of the month that begins with `first`, each by its venue's clock.
fn month(first: Date, mut rows: Vec<SessionRow>) -> CalendarMonth {
    let is_complete = rows.len() <= SESSIONS_MAX;
    rows.truncate(SESSIONS_MAX);
    let mut days: BTreeMap<Date, Vec<CalendarSession>> = BTreeMap::new();
    for row in rows {
        let zone = time_tz::timezones::get_by_name(&row.time_zone).unwrap_or(time_tz::timezones::db::UTC);
        let local = row.starts_at.datetime().to_timezone(zone);
        let date = local.date();
        if (date.year(), date.month()) == (first.year(), first.month()) {
            let time = local.time();
            days.entry(date).or_default().push(card(row, format!("{:02}:{:02}", time.hour(), time.minute())));
        }
    }
    let days = days.into_iter().map(|(date, sessions)| CalendarDay { date: date.to_string(), sessions });
    CalendarMonth {
        month: month_name(first),
        previous: month_name(times::months_later(first, -1)),
        next: month_name(times::months_later(first, 1)),
        is_complete,
        days: days.collect(),
    }
}

fn month_name(first: Date) -> String {
    first.format(format_description!("[year]-[month]")).unwrap_or_default()
}

fn card(row: SessionRow, local_time: String) -> CalendarSession {
    CalendarSession {
        event_id: row.event_id,
        session_id: row.session_id,
        ticket_price: money::major(row.price_from_minor, &row.currency),
        ticket_price_minor: row.price_from_minor,
        name: row.name,
        venue: row.venue,
        room_name: row.room_name,
        category: row.category,
        image: row.image,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        time_zone: row.time_zone,
        local_time,
        currency: row.currency,
    }
}

fn entry(row: SessionRow) -> Entry {
    Entry {
        uid: format!("session-{}", row.session_id),
        sequence: row.revision,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        time_zone: row.time_zone,
        summary: row.name,
        place: [Some(row.venue), Some(row.venue_address), row.room_name].into_iter().flatten().collect(),
        description: row.description,
        path: format!("/events/{}", row.event_id),
        is_cancelled: row.status == Status::Cancelled,
        stamped_at: row.updated_at,
    }
}
