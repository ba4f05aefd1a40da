//! Refusals as pages to read: a browser without JavaScript shows whatever its form was answered with.

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use shared::problem::TYPE_PREFIX;

use super::small::Small;
use crate::app::App;
use crate::rooms::rules::{Room, RoomId};
use crate::words::Words;

/// No problem document of ours is longer, bytes.
const DOCUMENT_MAX: usize = 16 * 1024;

/// Turns a refusal into a page in the reader's language, for whoever asks for pages. Status and headers stay.
pub async fn as_page(State(app): State<App>, request: Request, next: Next) -> Response {
    if !wants_pages(request.headers()) {
        return next.run(request).await;
    }
    let words = Words::asked(request.headers());
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if !is_bare_refusal(&response) {
        return response;
    }
    let id = path.split('/').nth(2).and_then(RoomId::parse);
    let room = match &id {
        Some(id) => app.store.room(id).await.ok().or_else(|| app.hub.look(id, |view| view.room.clone())),
        None => None,
    };
    let (mut about, body) = response.into_parts();
    let document = to_bytes(body, DOCUMENT_MAX).await.unwrap_or_default();
    let document: serde_json::Value = serde_json::from_slice(&document).unwrap_or_default();
    let slug = document["type"].as_str().and_then(|kind| kind.strip_prefix(TYPE_PREFIX)).unwrap_or_default();
    let (title, sentence) = said(words, about.status, slug);
    let main = main(words, room.as_ref(), title, sentence);
    let page = Small { room: room.as_ref(), words, title, main: &main, is_scripted: false }.response();
    about.headers.remove(header::CONTENT_LENGTH);
    about.headers.extend(page.headers().clone());
    (about.status, about.headers, page.into_body()).into_response()
}

/// Browsers say so when they send a form or follow a link; scripts do not.
fn wants_pages(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accepted| {
        accepted.as_bytes().windows(b"text/html".len()).any(|part| part == b"text/html")
    })
}

/// A refusal that is not a page yet: a problem document, or what the framework says of a form that it cannot read.
fn is_bare_refusal(response: &Response) -> bool {
    let is_refused = response.status().is_client_error() || response.status().is_server_error();
    let kind = response.headers().get(header::CONTENT_TYPE);
    is_refused && kind.is_none_or(|kind| !kind.as_bytes().starts_with(b"text/html"))
}

/// Title and sentence of a refusal: in the queue page's words where it has some.
fn said<'w>(words: &'w Words, status: StatusCode, slug: &str) -> (&'w str, &'w str) {
    let Words { queue, refusal, .. } = words;
    match (slug, status) {
        ("not-found", _) => (&queue.unknown, &queue.unknown_text),
        ("sale-ended", _) => (&queue.closed, &queue.closed_text),
        ("not-open-yet", _) => (&queue.scheduled, &refusal.text),
        ("account-needed", _) => (&queue.account, &queue.account_text),
        ("account-has-place", _) => (&queue.taken, &queue.taken_text),
        ("place-moved", _) => (&queue.moved, &queue.moved_text),
        ("place-not-yours", _) => (&queue.foreign, &queue.foreign_text),
        (_, StatusCode::TOO_MANY_REQUESTS) => (&refusal.slow, &refusal.slow_text),
        // The only field that a form holds besides the code, which is asked for again.
        (_, StatusCode::UNPROCESSABLE_ENTITY) => (&refusal.title, &queue.mail_bad),
        (_, status) if status.is_server_error() => (&queue.error, &refusal.failed_text),
        _ => (&refusal.title, &refusal.text),
    }
}

fn main(words: &Words, room: Option<&Room>, title: &str, sentence: &str) -> String {
    let back = room.map_or_else(String::new, |room| {
        format!("<p><a href=\"/queue/{}\">{}</a></p>", room.id, words.refusal.back)
    });
    format!("<h1>{title}</h1><p>{sentence}</p>{back}")
}
