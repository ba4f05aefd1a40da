//! HTTP of the report.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument, Result};

use super::page;
use super::rules::{PublicReport, report};
use crate::app::App;
use crate::log;
use crate::rooms::rules::{Room, RoomId};
use crate::words::{self, Chosen};

/// Everybody may keep it so long.
const KEPT: (HeaderName, HeaderValue) =
    (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=5"));

/// What became of those who came, how long they waited, and how often the waits they were shown were right.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/report", tag = "rooms", params(("room" = String, Path)),
    responses((status = 200, body = PublicReport), (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn public_report(State(app): State<App>, Path(room): Path<String>) -> Result<Response> {
    let (_, report) = made(&app, &room).await?;
    Ok(([KEPT], Json(report)).into_response())
}

/// The same to read.
pub async fn report_page(
    State(app): State<App>,
    Path(room): Path<String>,
    address: std::result::Result<Query<Chosen>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response> {
    let (room, report) = made(&app, &room).await?;
    let words = words::chosen(address, &headers);
    Ok(([KEPT, words::VARY], page::page(words, &room, &report)).into_response())
}

async fn made(app: &App, room: &str) -> Result<(Room, PublicReport)> {
    let id = RoomId::parse(room).ok_or_else(Problem::not_found)?;
    let (room, now) = (app.store.room(&id).await?, app.now());
    let totals = app.store.census(&id, now).await?.totals;
    let log = app.logs.of(&id)?;
    let (tally, head) = {
        let log = log.lock().await;
        (log.waits(), log::routes::head_of(app, &id, &log)?)
    };
    let report = report(&room, &totals, &tally, head, now);
    Ok((room, report))
}
