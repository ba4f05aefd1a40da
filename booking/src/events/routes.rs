//! HTTP of browsing: open to everybody.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use shared::problem::{Problem, ProblemDocument};

use super::documents::{self, Eyes, Page};
use super::model::{EventCard, EventDetail, SessionPage, Status};
use super::search::{self, EventRow, PARAMETERS, Scope, Search};
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::extract::{CurrentUser, Params, Path};

/// What a shared cache in front of us may do: as much as our own.
pub(super) const PUBLIC: &str = "public, max-age=1";
/// What an owner sees is nobody else's.
const PRIVATE: &str = "private, no-cache";

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
    headers: HeaderMap,
) -> Result<Response> {
    let params = Params::of(&uri, &PARAMETERS)?;
    let now = app.now();
    if params.get("mine") == Some("true") {
        let user = user.ok_or_else(Problem::unauthorized)?;
        let scope = user.owner_filter().map_or(Scope::Everything, Scope::Of);
        let page = list(&app, &params, scope).await?;
        return Ok(respond(&page, &params, &headers, PRIVATE));
    }
    let page =
        app.event_pages.answers.get(&params.canonical(), now, list(&app, &params, Scope::Public)).await?;
    Ok(respond(&page, &params, &headers, PUBLIC))
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
    headers: HeaderMap,
) -> Result<Response> {
    let now = app.now();
    let make = async {
        let event = visible(search::event(&app, id).await?, None)?;
        Page::new(
            &documents::detail(&app, &event, Eyes::Public, now).await?,
            &documents::version(&event),
            None,
        )
    };
    match app.event_pages.answers.get(&format!("event {id}"), now, make).await {
        Ok(page) => Ok(respond(&page, &Params::default(), &headers, PUBLIC)),
        Err(refusal) if user.is_none() => Err(refusal),
        Err(_) => {
            let event = visible(search::event(&app, id).await?, user)?;
            let detail = documents::detail(&app, &event, eyes(&event, user), now).await?;
            let page = Page::new(&detail, &documents::version(&event), None)?;
            Ok(respond(&page, &Params::default(), &headers, PRIVATE))
        }
    }
}

/// One session with its event.
#[utoipa::path(get, path = "/api/v1/sessions/{id}", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, body = SessionPage), (status = 404, body = ProblemDocument)),
    security((), ("bearer" = [])))]
pub async fn get_session(
    State(app): State<App>,
    user: Option<CurrentUser>,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<Response> {
    let now = app.now();
    let make = |user: Option<CurrentUser>| {
        let app = app.clone();
        async move {
            let session = store::event_for_sale(app.db.ex(), id).await?.ok_or_else(Problem::not_found)?;
            let event = visible(search::event(&app, session.event_id).await?, user)?;
            let detail = documents::detail(&app, &event, eyes(&event, user), now).await?;
            let page = documents::session_page(detail, id).ok_or_else(Problem::not_found)?;
            Page::new(&page, &documents::version(&event), None)
        }
    };
    match app.event_pages.answers.get(&format!("session {id}"), now, make(None)).await {
        Ok(page) => Ok(respond(&page, &Params::default(), &headers, PUBLIC)),
        Err(refusal) if user.is_none() => Err(refusal),
        Err(_) => Ok(respond(&make(user).await?, &Params::default(), &headers, PRIVATE)),
    }
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
pub(super) fn respond(
    page: &Page,
    params: &Params,
    headers: &HeaderMap,
    cache_control: &'static str,
) -> Response {
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == page.etag));
    let mut response = Response::new(if known { Body::empty() } else { Body::from(page.body.clone()) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, page.media_type);
    set(header::ETAG, &page.etag);
    set(header::CACHE_CONTROL, cache_control);
    set(header::VARY, "authorization");
    if let Some(cursor) = &page.next {
        set(header::LINK, &format!("</api/v1/events?{}>; rel=\"next\"", params.with("cursor", cursor)));
    }
    response
}
