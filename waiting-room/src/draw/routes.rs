//! HTTP of the draw: what everybody may download, and each visitor's own proof.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde::Serialize;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument, Result};
use uuid::Uuid;

use super::document::{DrawDocument, Hex, Note};
use super::rules::Entry;
use super::{jobs, list, rules};
use crate::app::App;
use crate::places::visitor::Visitor;
use crate::queue::DrawStep;
use crate::rooms::rules::{Room, RoomId};

/// Lines of the list that are written at a time.
const LINES: usize = 1024;

/// A draw as far as it has come.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DrawAnswer {
    /// What `rushline verify-draw` reads.
    #[serde(flatten)]
    pub document: DrawDocument,
    /// What makes this draw weaker than it could be, in plain sentences.
    pub weaker: Vec<String>,
}

/// What proves one place's rank, together with the draw and its list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProofAnswer {
    /// The place.
    pub place: Uuid,
    /// Its salt in hexadecimal: with the place it gives the hash in the list.
    pub salt: String,
    /// The number in the lobby.
    pub number: u64,
    /// Index in the list, from 0.
    pub index: u64,
    /// Hash of the place.
    pub hash: Hex,
    /// Hashes from the leaf's neighbour up to the root.
    pub path: Vec<Hex>,
    /// The drawn number.
    pub rank: u32,
}

/// The draw of a room: commitment, then list, then outcome. It answers from the commitment on.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/draw", tag = "draw", params(("room" = String, Path)),
    responses((status = 200, body = DrawAnswer), (status = 404, description = "`not-found`: this room has no draw", body = ProblemDocument)))]
pub async fn draw_document(State(app): State<App>, Path(room): Path<String>) -> Result<Response> {
    let (_, note) = published(&app, &room).await?;
    let answer = DrawAnswer { weaker: note.document.weaker(), document: note.document };
    Ok((public(1), Json(answer)).into_response())
}

/// The list of the lobby, one JSON value a line: `n` is the number in the lobby, `h` the salted hash of the place.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/draw/list", tag = "draw", params(("room" = String, Path)),
    responses((status = 200, description = "By number in the lobby", content_type = "application/x-ndjson", body = String),
        (status = 404, description = "`not-found`: there is no list yet", body = ProblemDocument)))]
pub async fn draw_list(State(app): State<App>, Path(room): Path<String>) -> Result<Response> {
    let (room, note) = published(&app, &room).await?;
    note.document.list.as_ref().ok_or_else(Problem::not_found)?;
    let lobby = match app.draws.of(&room.id).filter(|drawn| drawn.note.document.list == note.document.list) {
        Some(drawn) => drawn.lobby.clone(),
        None => jobs::lobby_of(&app, &room, &note).await.map_err(|error| Problem::internal(&error))?,
    };
    let salt = note.salt.0;
    let lines = stream::unfold((lobby, 0), move |(lobby, from)| async move {
        let page = lobby.get(from..(from + LINES).min(lobby.len())).filter(|page| !page.is_empty())?;
        let text: String = list::entries(page, &salt).iter().map(line).collect();
        Some((Ok::<_, std::io::Error>(Bytes::from(text)), (lobby, from + LINES)))
    });
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"))];
    // Compression asks once more after the end.
    Ok((public(3600), kind, Body::from_stream(lines.fuse())).into_response())
}

/// The proof of the caller's own rank.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/draw/proof", tag = "draw", params(("room" = String, Path)),
    responses((status = 200, body = ProofAnswer),
        (status = 401, description = "`place-invalid`", body = ProblemDocument),
        (status = 404, description = "`not-found`: not drawn yet, or this place came after the lobby", body = ProblemDocument)))]
pub async fn draw_proof(
    State(app): State<App>,
    Path(room): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let visitor = Visitor::of(&app, &room, &headers, None).await?;
    let drawn = app.draws.of(&visitor.room).ok_or_else(Problem::not_found)?;
    let place = visitor.place.id;
    let salt = rules::place_salt(&drawn.note.salt.0, place);
    let proof = tokio::task::spawn_blocking(move || drawn.proof(place)).await;
    let proof = proof.map_err(|error| Problem::internal(&error))?.ok_or_else(Problem::not_found)?;
    let answer = ProofAnswer {
        place,
        salt: data_encoding::HEXLOWER.encode(&salt),
        number: proof.entry.number,
        index: proof.index,
        hash: Hex(proof.entry.hash),
        path: proof.path.into_iter().map(Hex).collect(),
        rank: proof.rank,
    };
    let private = [(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"))];
    Ok((private, Json(answer)).into_response())
}

/// The public keys that verify draws and journals of all rooms.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/keys", tag = "draw", params(("room" = String, Path)),
    responses((status = 200, description = "RFC 7517 key set", body = Object)))]
pub async fn journal_keys(State(app): State<App>, Path(room): Path<String>) -> Result<Response> {
    let room = RoomId::parse(&room).ok_or_else(Problem::not_found)?;
    app.store.room(&room).await?;
    Ok((public(60), Json(app.journal_keys.public().jwks())).into_response())
}

/// A line of the list, as it is published.
pub fn line(entry: &Entry) -> String {
    format!("{{\"n\":{},\"h\":\"{}\"}}\n", entry.number, Hex(entry.hash))
}

/// What is published of a room's draw, and what the nodes keep beside it.
async fn published(app: &App, room: &str) -> Result<(Room, Note)> {
    let id = RoomId::parse(room).ok_or_else(Problem::not_found)?;
    let room = app.store.room(&id).await?;
    let draw = app.store.draw(&id).await?;
    if draw.step < DrawStep::Committed {
        return Err(Problem::not_found());
    }
    let note = jobs::note(&draw).map_err(|error| Problem::internal(&error))?;
    Ok((room, note))
}

fn public(seconds: u32) -> [(header::HeaderName, HeaderValue); 1] {
    let keep = HeaderValue::from_str(&format!("public, max-age={seconds}"));
    [(header::CACHE_CONTROL, keep.unwrap_or(HeaderValue::from_static("no-cache")))]
}
