//! HTTP of the journal.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument, Result};

use super::Log;
use super::head::Head;
use crate::app::App;
use crate::draw::document::Hex;
use crate::merkle::Hash;
use crate::queue::StoreError;
use crate::rooms::rules::RoomId;

/// Entries in one answer.
const PAGE: usize = 1000;

/// A proof, and the head it is of.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LogProof {
    /// The head.
    pub head: Head,
    /// Hashes, as RFC 9162 §2.1 orders them.
    pub path: Vec<Hex>,
}

/// Which head is meant.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// That of the journal's first `size` entries; without it the newest.
    size: Option<u64>,
}

/// The newest head of a room's journal, or an older one, signed now.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/journal", tag = "journal", params(("room" = String, Path), Wanted),
    responses((status = 200, body = Head),
        (status = 404, description = "`not-found`, also when it is not so long", body = ProblemDocument)))]
pub async fn journal_head(
    State(app): State<App>,
    Path(room): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Head>> {
    let room = known(&app, &room).await?;
    let log = app.logs.of(&room)?;
    let log = log.lock().await;
    head_at(&app, &room, &log, wanted.size.unwrap_or(log.tree().len())).map(Json)
}

/// The head of a journal as this node has read it, signed now.
pub fn head_of(app: &App, room: &RoomId, log: &Log) -> Result<Head> {
    sign(app, room, log.tree().len(), log.tree().root())
}

/// Entries of the journal, one JSON value a line, 1000 at most.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/journal/entries/{from}", tag = "journal",
    params(("room" = String, Path), ("from" = u64, Path, description = "Number of the first")),
    responses((status = 200, description = "Perhaps none", content_type = "application/x-ndjson", body = String),
        (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn journal_entries(
    State(app): State<App>,
    Path((room, from)): Path<(String, String)>,
) -> Result<Response> {
    let (room, from) = (known(&app, &room).await?, number(&from)?);
    let lines = app.store.log_entries(&room, from, PAGE).await?;
    let text: String = lines.into_iter().map(|line| line + "\n").collect();
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"))], text).into_response())
}

/// The proof that an entry is in the journal.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/journal/inclusion/{index}", tag = "journal",
    params(("room" = String, Path), ("index" = u64, Path), Wanted),
    responses((status = 200, body = LogProof), (status = 404, description = "`not-found`: there is no such entry", body = ProblemDocument)))]
pub async fn journal_inclusion(
    State(app): State<App>,
    Path((room, index)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<LogProof>> {
    let (room, index) = (known(&app, &room).await?, number(&index)?);
    let log = app.logs.of(&room)?;
    let log = log.lock().await;
    let size = wanted.size.unwrap_or(log.tree().len());
    let path = log.tree().inclusion(index, size).map_err(StoreError::from)?;
    proof(&app, &room, &log, size, path)
}

/// The proof that the journal goes on from its first `from` entries.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/journal/consistency/{from}", tag = "journal",
    params(("room" = String, Path), ("from" = u64, Path, description = "Size of an earlier head"), Wanted),
    responses((status = 200, body = LogProof), (status = 404, description = "`not-found`: it was never so long", body = ProblemDocument)))]
pub async fn journal_consistency(
    State(app): State<App>,
    Path((room, from)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<LogProof>> {
    let (room, from) = (known(&app, &room).await?, number(&from)?);
    let log = app.logs.of(&room)?;
    let log = log.lock().await;
    let size = wanted.size.unwrap_or(log.tree().len());
    let path = log.tree().consistency(from, size).map_err(StoreError::from)?;
    proof(&app, &room, &log, size, path)
}

fn proof(app: &App, room: &RoomId, log: &Log, size: u64, path: Option<Vec<Hash>>) -> Result<Json<LogProof>> {
    let path = path.ok_or_else(Problem::not_found)?;
    let head = head_at(app, room, log, size)?;
    Ok(Json(LogProof { head, path: path.into_iter().map(Hex).collect() }))
}

fn head_at(app: &App, room: &RoomId, log: &Log, size: u64) -> Result<Head> {
    let root = log.tree().root_of(size).map_err(StoreError::from)?;
    sign(app, room, size, root.ok_or_else(Problem::not_found)?)
}

fn sign(app: &App, room: &RoomId, size: u64, root: Hash) -> Result<Head> {
    Head::sign(room, size, root, app.now(), &app.journal_keys).map_err(|error| Problem::internal(&error))
}

async fn known(app: &App, room: &str) -> Result<RoomId> {
    let id = RoomId::parse(room).ok_or_else(Problem::not_found)?;
    Ok(app.store.room(&id).await?.id)
}

fn number(text: &str) -> Result<u64> {
    text.parse().map_err(|_| Problem::not_found())
}
