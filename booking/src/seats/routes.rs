//! HTTP of live seat maps. Public: what is free is no secret.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::Stream;
use serde::Serialize;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use shared::stop::until_farewell;
use shared::streams;
use tokio::sync::broadcast::error::RecvError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::live::{self, Watched};
use crate::app::App;
use crate::error::Result;
use crate::events::{Status, sale_of};
use crate::extract::{Params, Path};

/// Between two signs of life on a quiet stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Routes of live seat maps.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(seats)).routes(routes!(stream)).routes(routes!(availability))
}

/// The query of a seat map.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)]
struct Since {
    /// A version seen before: the answer is what changed since, or everything when that is shorter.
    since: Option<i64>,
}

/// The version that the asker has seen.
fn since(uri: &Uri) -> Result<Option<i64>, Problem> {
    Params::of(uri, &["since"])?.number("since", 0, i64::MAX)
}

async fn map_of(app: &App, session: i64) -> Result<Arc<Watched>> {
    if sale_of(app, session).await?.status == Status::Draft {
        return Err(Problem::not_found().into());
    }
    Ok(live::watch(app, session).await?.ok_or_else(Problem::not_found)?)
}

/// Every seat of a session with its state, as columns of equal length.
#[utoipa::path(get, path = "/api/v1/sessions/{session}/seats", tag = "browse", params(("session" = i64, Path), Since),
    responses((status = 200, description = "Snapshot, or delta with `since`", content_type = "application/json"),
        (status = 304), (status = 404, body = ProblemDocument)))]
async fn seats(
    State(app): State<App>,
    Path(session): Path<i64>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response> {
    let since = since(&uri)?;
    let map = map_of(&app, session).await?;
    let delta = map
        .look(&app, |map| {
            let version = since?;
            map.overtake(version, app.now());
            map.since(version).map(|delta| map.render(&delta))
        })
        .await?;
    if let Some(delta) = delta {
        return Ok(json_text(Bytes::from(delta)).into_response());
    }
    let (tag, body) = map.look(&app, |map| (map.tag(), map.snapshot())).await?;
    let tag_is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| names(known, &tag));
    let mut response =
        if tag_is_known { StatusCode::NOT_MODIFIED.into_response() } else { json_text(body).into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\"")));
    Ok(response)
}

/// Whether an `If-None-Match` names the tag; weak tags match too, because compression weakens ours.
fn names(known: &HeaderValue, tag: &str) -> bool {
    let known = known.to_str().unwrap_or_default();
    known.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*")
}

fn json_text(body: Bytes) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], body)
}

/// Changes as they happen: `event: seats`, the same shape as a delta. The first event brings the current version.
#[utoipa::path(get, path = "/api/v1/sessions/{session}/seats/stream", tag = "browse", params(("session" = i64, Path), Since),
    responses((status = 200, description = "Events named `seats`", content_type = "text/event-stream"),
        (status = 404, body = ProblemDocument), (status = 429, description = "`too-many-streams`", body = ProblemDocument),
        (status = 503, description = "`restarting`", body = ProblemDocument)))]
async fn stream(
    State(app): State<App>,
    client: Client,
    Path(session): Path<i64>,
    OriginalUri(uri): OriginalUri,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    app.stop.admit_stream()?;
    let counted = app.streams.enter(client)?;
    let since = since(&uri)?;
    let map = map_of(&app, session).await?;
    // Subscribed before the first look, so that nothing falls between.
    let deltas = map.subscribe();
    let start = map
        .look(&app, |map| {
            map.overtake(since.unwrap_or(0), app.now());
            since.unwrap_or_else(|| map.version())
        })
        .await?;
    let watcher =
        Watcher { app: app.clone(), map, deltas, seen: start, has_started: false, _counted: counted };
    let deltas = futures_util::stream::unfold(watcher, |mut watcher| async move {
        let text = watcher.next().await?;
        Some((Event::default().event("seats").data(text), watcher))
    });
    let events = until_farewell(deltas, app.stop.clone(), app.settings.drain(), app.entropy.clone());
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

struct Watcher {
    app: App,
    map: Arc<Watched>,
    deltas: tokio::sync::broadcast::Receiver<Arc<live::News>>,
    seen: i64,
    has_started: bool,
    /// The network holds this stream open as long as somebody watches.
    _counted: streams::Stream,
}

impl Watcher {
    /// The next event; `None` when the map is no longer fed, so that the browser connects anew.
    async fn next(&mut self) -> Option<String> {
        if !self.has_started {
            self.has_started = true;
            return Some(self.catch_up());
        }
        loop {
            match tokio::time::timeout(KEEP_ALIVE, self.deltas.recv()).await {
                Ok(Ok(news)) => {
                    self.seen = news.version;
                    return Some(news.text.clone());
                }
                Ok(Err(RecvError::Lagged(_))) => return Some(self.catch_up()),
                Err(_quiet) if self.app.seat_maps.keeps(&self.map) => {}
                Ok(Err(RecvError::Closed)) | Err(_) => return None,
            }
        }
    }

    /// What changed since the last event, or everything when that is shorter.
    fn catch_up(&mut self) -> String {
        let seen = self.seen;
        let (version, text) = self.map.glance(&self.app, |map| {
            let text = match map.since(seen) {
                Some(delta) => map.render(&delta),
                None => String::from_utf8_lossy(&map.snapshot()).into_owned(),
            };
            (map.version(), text)
        });
        self.seen = version;
        text
    }
}

/// How many tickets are left.
#[derive(Serialize, utoipa::ToSchema)]
struct Availability {
    /// The session.
    session: i64,
    /// Instant of the newest change in microseconds.
    version: i64,
    /// Free seats of all types.
    remaining: i64,
    /// Free seats of each type.
    ticket_types: Vec<TypeAvailability>,
}

/// Free seats of one ticket type.
#[derive(Serialize, utoipa::ToSchema)]
struct TypeAvailability {
    /// The ticket type.
    id: i64,
    /// Its free seats.
    remaining: i64,
}

/// How many tickets are left, by ticket type.
#[utoipa::path(get, path = "/api/v1/sessions/{session}/availability", tag = "browse", params(("session" = i64, Path)),
    responses((status = 200, body = Availability), (status = 404, body = ProblemDocument)))]
async fn availability(State(app): State<App>, Path(session): Path<i64>) -> Result<Json<Availability>> {
    let map = map_of(&app, session).await?;
    let (version, remaining): (i64, BTreeMap<i64, i64>) =
        map.look(&app, |map| (map.version(), map.remaining())).await?;
    Ok(Json(Availability {
        session,
        version,
        remaining: remaining.values().sum(),
        ticket_types: remaining
            .into_iter()
            .map(|(id, remaining)| TypeAvailability { id, remaining })
            .collect(),
    }))
}
