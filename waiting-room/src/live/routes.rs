//! HTTP of live positions.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use futures_util::stream;
use shared::connection::Trickle;
use shared::limits::Client;
use shared::problem::{ProblemDocument, Result};
use shared::stop::until_farewell;

use super::document::{PlaceDocument, RETRY_MAX_S};
use super::handshake::Handshake;
use super::mailbox::Letter;
use super::socket;
use crate::app::App;
use crate::places::origin::same_site;
use crate::places::visitor::Visitor;

/// The subprotocol; a second value offered with it is the place token.
const PROTOCOL: &str = "rushline.v1";
/// Positions by WebSocket: place documents as JSON text frames.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/live", tag = "places",
    params(("room" = String, Path)),
    responses(
        (status = 101, description = "Place documents follow as text frames, subprotocol `rushline.v1`"),
        (status = 401, description = "`place-invalid`", body = ProblemDocument),
        (status = 403, description = "`origin-refused`, `place-not-yours`", body = ProblemDocument),
        (status = 426, description = "`upgrade-required`", body = ProblemDocument),
        (status = 429, description = "`too-many-streams`", body = ProblemDocument),
        (status = 503, description = "`restarting`", body = ProblemDocument)))]
pub async fn watch_place(
    State(app): State<App>,
    client: Client,
    Path(room): Path<String>,
    headers: HeaderMap,
    trickle: Option<Extension<Trickle>>,
    handshake: Handshake,
) -> Result<Response> {
    same_site(&headers, &app.settings)?;
    app.stop.admit_stream()?;
    let counted = app.streams.enter(client)?;
    let visitor = Visitor::of(&app, &room, &headers, offered_token(&headers)).await?;
    let subscription = visitor.subscribe(&app).await?;
    if app.stop.is_draining() {
        // Those who were there before have been told, or are being told.
        subscription.restart();
    }
    begin(trickle);
    let is_offered = offered(&headers).any(|value| value == PROTOCOL);
    let (answer, upgrade) = handshake.answer(is_offered.then_some(PROTOCOL));
    tokio::spawn(socket::serve(upgrade, subscription, counted));
    Ok(answer)
}

/// Positions by server-sent events: `event: place`, data as JSON.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/stream", tag = "places",
    params(("room" = String, Path)),
    responses(
        (status = 200, description = "Events named `place`", content_type = "text/event-stream", body = PlaceDocument),
        (status = 401, description = "`place-invalid`", body = ProblemDocument),
        (status = 429, description = "`too-many-streams`", body = ProblemDocument),
        (status = 503, description = "`restarting`", body = ProblemDocument)))]
pub async fn stream_place(
    State(app): State<App>,
    client: Client,
    Path(room): Path<String>,
    headers: HeaderMap,
    trickle: Option<Extension<Trickle>>,
) -> Result<Response> {
    app.stop.admit_stream()?;
    let counted = app.streams.enter(client)?;
    let visitor = Visitor::of(&app, &room, &headers, None).await?;
    let subscription = visitor.subscribe(&app).await?;
    let trickle = begin(trickle);
    let documents = stream::unfold((subscription, counted, trickle), async |watching| {
        // Until she has taken what was sent, newer documents replace each other in the mailbox.
        watching.2.taken().await;
        match watching.0.next().await {
            Letter::Document(text) => Some((Event::default().event("place").data(text), watching)),
            Letter::Evicted => None,
        }
    });
    let events = until_farewell(documents, app.stop.clone(), app.settings.drain(), app.entropy.clone());
    let alive = KeepAlive::new().interval(Duration::from_secs(RETRY_MAX_S));
    let mut response = Sse::new(events).keep_alive(alive).into_response();
    // Proxies such as nginx would hold the events back.
    response.headers_mut().insert("x-accel-buffering", header::HeaderValue::from_static("no"));
    Ok(response)
}

/// Keeps little for whoever does not read. A request that came through no socket has no switch, and gets one that nobody looks at.
fn begin(trickle: Option<Extension<Trickle>>) -> Trickle {
    let Extension(trickle) = trickle.unwrap_or_default();
    trickle.begin();
    trickle
}

/// The place token among the offered subprotocols: the only header a script may set on a WebSocket.
fn offered_token(headers: &HeaderMap) -> Option<&str> {
    offered(headers).find(|value| *value != PROTOCOL)
}

/// The subprotocols that are offered.
fn offered(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let offered = headers.get(header::SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    offered.unwrap_or_default().split(',').map(str::trim).filter(|value| !value.is_empty())
}
