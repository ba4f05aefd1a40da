//! HTTP of browsing: open to everybody.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use shared::problem::{Problem, ProblemDocument};

use super::documents::{self, Eyes, Page};
use super::model::{EventCard, EventDetail, SessionPage, Status};
use super::search::{self, EventRow, PARAMETERS, Scope, Search};
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::extract::{CurrentUser, Params, Path, Tags};

/// What a shared cache in front of us may do: as much as our own.
pub(super) const PUBLIC: &str = "public, max-age=1";
/// What an owner sees is nobody else's.
const PRIVATE: &str = "private, no-cache";
/// Headers of a page, with those that every answer gets.
const HEADERS: usize = 16;

/// Lists published events; with `mine=true` one's own in every status. The next page is in the `Link` header.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(
        ("q" = Option<String>, Query, description = "Words of name, venue, category or description."),
        ("category" = Option<String>, Query),
        ("from" = Option<String>, Query, description = "A session starts at this instant or day, or later."),
        ("to" = Option<String>, Query, description = "A session starts before this instant or day."),
        ("min_price" = Option<f64>, Query, description = "A ticket costs at least this, in major units."),
        ("max_price" = Option<f64>, Query),
        ("ticket_type" = Option<String>, Query, description = "Part of a ticket type's name."),
        ("available" = Option<bool>, Query, description = "Only what still has places."),
        ("sort" = Option<String>, Query, description = "date, -date, price, -price or name."),
        ("cursor" = Option<String>, Query, description = "From the Link header."),
        ("limit" = Option<i64>, Query, description = "1 to 100."),
        ("mine" = Option<bool>, Query, description = "One's own events; all of them for admins."),
    ),
    responses((status = 200, body = [EventCard]), (status = 400, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security((), ("bearer" = [])))]
pub async fn list_events(
    State(app): State<App>,
    user: Option<CurrentUser>,
    uri: Uri,
    has: Tags,
) -> Result<Response> {
    let params = Params::of(&uri, &PARAMETERS)?;
    let now = app.now();
    if params.get("mine") == Some("true") {
        let user = user.ok_or_else(Problem::unauthorized)?;
        let scope = user.owner_filter().map_or(Scope::Everything, Scope::Of);
        let page = list(&app, &params, scope).await?;
        return Ok(respond(&page, &params, &has, PRIVATE));
    }
    let (key, kept) = (params.canonical(), &app.event_pages.answers);
    let page = match kept.fresh(&key, now) {
        Some(page) => page,
        // Set aside: what it takes to make a page is not carried along by all who find it made.
        None => Box::pin(kept.get(&key, now, list(&app, &params, Scope::Public))).await?,
    };
    Ok(respond(&page, &params, &has, PUBLIC))
}

async fn list(app: &App, params: &Params, scope: Scope) -> Result<Page> {
    let secret = app.session_keys.derived_secret("event cursors");
    let search = Search::read(params, &app.settings.booking.currency, &secret)?;
    let now = app.now();
    let (events, more) = search.page(app, scope, now).await?;
    let next = events.last().filter(|_| more).map(|last| search.cursor_after(last, &secret));
    Page::new(&documents::cards(app, events, now).await?, "", next)
}

/// An event with its sessions, ticket types and what is left of them. Drafts are seen by their owner only.
#[utoipa::path(get, path = "/api/v1/events/{id}", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, body = EventDetail), (status = 404, body = ProblemDocument)),
    security((), ("bearer" = [])))]
pub async fn get_event(
    State(app): State<App>,
    user: Option<CurrentUser>,
    Path(id): Path<i64>,
    has: Tags,
) -> Result<Response> {
    let (now, key, kept) = (app.now(), format!("event {id}"), &app.event_pages.answers);
    if let Some(page) = kept.fresh(&key, now) {
        return Ok(respond(&page, &Params::default(), &has, PUBLIC));
    }
    // Set aside, as all that makes a page: it is not carried along by those who find it made.
    match Box::pin(kept.get(&key, now, event_page(&app, id, None))).await {
        Ok(page) => Ok(respond(&page, &Params::default(), &has, PUBLIC)),
        Err(refusal) if user.is_none() => Err(refusal),
        Err(_) => {
            let page = Box::pin(event_page(&app, id, user)).await?;
            Ok(respond(&page, &Params::default(), &has, PRIVATE))
        }
    }
}

/// The page of an event as `user` sees it.
async fn event_page(app: &App, id: i64, user: Option<CurrentUser>) -> Result<Page> {
    let event = visible(search::event(app, id).await?, user)?;
    let detail = documents::detail(app, &event, eyes(&event, user), app.now()).await?;
    Page::new(&detail, &documents::version(&event), None)
}

/// One session with its event.
#[utoipa::path(get, path = "/api/v1/sessions/{id}", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, body = SessionPage), (status = 404, body = ProblemDocument)),
    security((), ("bearer" = [])))]
pub async fn get_session(
    State(app): State<App>,
    user: Option<CurrentUser>,
    Path(id): Path<i64>,
    has: Tags,
) -> Result<Response> {
    let (now, key, kept) = (app.now(), format!("session {id}"), &app.event_pages.answers);
    if let Some(page) = kept.fresh(&key, now) {
        return Ok(respond(&page, &Params::default(), &has, PUBLIC));
    }
    match Box::pin(kept.get(&key, now, session_page(&app, id, None))).await {
        Ok(page) => Ok(respond(&page, &Params::default(), &has, PUBLIC)),
        Err(refusal) if user.is_none() => Err(refusal),
        Err(_) => {
            let page = Box::pin(session_page(&app, id, user)).await?;
            Ok(respond(&page, &Params::default(), &has, PRIVATE))
        }
    }
}

/// The page of a session as `user` sees it.
async fn session_page(app: &App, id: i64, user: Option<CurrentUser>) -> Result<Page> {
    let session = store::event_for_sale(app.db.ex(), id).await?.ok_or_else(Problem::not_found)?;
    let event = visible(search::event(app, session.event_id).await?, user)?;
    let detail = documents::detail(app, &event, eyes(&event, user), app.now()).await?;
    let page = documents::session_page(detail, id).ok_or_else(Problem::not_found)?;
    Page::new(&page, &documents::version(&event), None)
}

/// The event, if it may be shown to `user`: a draft to its owner only.
pub(super) fn visible(event: Option<EventRow>, user: Option<CurrentUser>) -> Result<EventRow, Problem> {
    let is_shown = |event: &EventRow| event.status != Status::Draft || eyes(event, user) == Eyes::Owner;
    event.filter(is_shown).ok_or_else(Problem::not_found)
}

fn eyes(event: &EventRow, user: Option<CurrentUser>) -> Eyes {
    let owns = user.is_some_and(|user| user.is_admin() || event.created_by == Some(user.id));
    if owns { Eyes::Owner } else { Eyes::Public }
}

/// Sends a kept answer, or 304 to whom has it.
pub(super) fn respond(page: &Page, params: &Params, has: &Tags, cache_control: &'static str) -> Response {
    let known = has.name(&page.etag);
    let mut response = Response::new(if known { Body::empty() } else { Body::from(page.body.clone()) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(page.media_type));
    headers.insert(header::ETAG, page.etag.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
    headers.insert(header::VARY, HeaderValue::from_static("authorization"));
    if let Some(cursor) = &page.next {
        let link = format!("</api/v1/events?{}>; rel=\"next\"", params.with("cursor", cursor));
        if let Ok(link) = HeaderValue::try_from(link) {
            headers.insert(header::LINK, link);
        }
    }
    response
}
