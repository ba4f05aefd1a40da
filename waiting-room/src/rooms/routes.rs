//! HTTP of rooms: the public document, and the operator's controls.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::health::{Heard, Report};
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument, Result};
use uuid::Uuid;

use super::rules::{Mode, Room, RoomId, RoomState};
use super::settings::RoomSettings;
use super::steering::Pace;
use super::{not_yours, operated, revocations};
use crate::app::App;
use crate::draw;
use crate::extract::{BookingService, Operator};
use crate::live;
use crate::log;
use crate::queue::{Census, StoreError};

/// Seconds after which the public document is worth asking for again.
const PUBLIC_RETRY_S: u64 = 5;

/// What everybody may know of a room.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RoomDocument {
    /// Its id.
    pub id: String,
    /// What is set.
    #[serde(flatten)]
    pub settings: RoomSettings,
    /// What it is doing.
    pub state: RoomState,
    /// People in the line.
    pub waiting: u64,
    /// Highest number called so far.
    pub serving: u64,
    /// People in the shop.
    pub admitted: u64,
    /// Whether nobody joins without an access code.
    pub invite_only: bool,
    /// The server's clock.
    pub server_time: Ts,
    /// When it is worth asking again, seconds.
    pub retry_after_s: u64,
}

/// A room with its figures, for operators.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RoomReport {
    /// The room.
    #[serde(flatten)]
    pub room: RoomDocument,
    /// The account of the organiser whose room it is; null: every organiser may operate it.
    pub owner: Option<Uuid>,
    /// Rate and cap in force now: those that are set, unless the room is steered.
    pub pace: Pace,
    /// People called who have not claimed their turn yet.
    pub called: u64,
    /// Of those, people who have claimed and go in next.
    pub at_door: u64,
    /// Since the line began.
    pub totals: ReportTotals,
    /// Sockets and streams open on this node.
    pub watchers: usize,
}

/// What has happened since the line began.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportTotals {
    /// Places given.
    pub joined: u64,
    /// Places called.
    pub called: u64,
    /// Turns claimed.
    pub admitted: u64,
    /// Turns missed.
    pub missed: u64,
    /// Places given up before being admitted.
    pub left: u64,
    /// Admissions ended, in whatever way.
    pub departed: u64,
}

/// The place an operator takes away.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Id of the place, from the admission token's `sub`.
    pub place: Uuid,
}

/// A room as everybody sees it.
#[utoipa::path(get, path = "/api/v1/rooms/{room}", tag = "rooms", params(("room" = String, Path)),
    responses((status = 200, body = RoomDocument), (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn room_document(State(app): State<App>, Path(room): Path<String>) -> Result<Response> {
    let mut room = known(&app, &room).await?;
    room.theme = room.theme.without_data();
    let census = app.store.census(&room.id, app.now()).await?;
    let about = [
        (header::RETRY_AFTER, HeaderValue::from(PUBLIC_RETRY_S)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=1")),
    ];
    Ok((about, Json(document(&app, room, &census, app.now()))).into_response())
}

/// The rooms that the caller may operate: an admin all, an organiser those she made and those that are nobody's in particular.
#[utoipa::path(get, path = "/api/v1/admin/rooms", tag = "rooms admin", security(("bearer" = [])),
    responses((status = 200, body = Vec<RoomReport>), (status = 403, description = "`not-allowed`", body = ProblemDocument)))]
pub async fn list_rooms(State(app): State<App>, operator: Operator) -> Result<Json<Vec<RoomReport>>> {
    let mut reports = Vec::new();
    for room in app.store.rooms().await?.into_iter().filter(|room| operator.may(room)) {
        reports.push(report(&app, room).await?);
    }
    Ok(Json(reports))
}

/// One room.
#[utoipa::path(get, path = "/api/v1/admin/rooms/{room}", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = RoomReport), (status = 403, description = "`not-allowed`", body = ProblemDocument), (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn room_settings(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
) -> Result<Json<RoomReport>> {
    Ok(Json(report(&app, operated(&app, operator, &room).await?).await?))
}

/// The figures of one room.
#[utoipa::path(get, path = "/api/v1/admin/rooms/{room}/report", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = RoomReport), (status = 403, description = "`not-allowed`", body = ProblemDocument), (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn room_report(
    state: State<App>,
    operator: Operator,
    room: Path<String>,
) -> Result<Json<RoomReport>> {
    room_settings(state, operator, room).await
}

/// Creates a room or replaces its settings. Takes effect at once; the line stays.
#[utoipa::path(put, path = "/api/v1/admin/rooms/{room}", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    request_body = RoomSettings,
    responses(
        (status = 200, description = "Replaced", body = RoomReport),
        (status = 201, description = "Created", body = RoomReport),
        (status = 403, description = "`not-allowed`", body = ProblemDocument),
        (status = 409, description = "`lanes-in-use`", body = ProblemDocument),
        (status = 422, description = "Names the setting", body = ProblemDocument)))]
pub async fn put_room(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
    Json(settings): Json<RoomSettings>,
) -> Result<Response> {
    let id = RoomId::parse(&room).ok_or_else(|| {
        Problem::invalid("", "bad-id", "A room's id has 1 to 64 characters: a-z, 0-9 and “-”.")
    })?;
    let before = match app.store.room(&id).await {
        Ok(room) => Some(room),
        Err(StoreError::NoRoom) => None,
        Err(error) => return Err(error.into()),
    };
    if before.as_ref().is_some_and(|room| !operator.may(room)) {
        return Err(not_yours());
    }
    let fresh = settings.into_room(id, before.as_ref(), operator.as_owner());
    fresh
        .check()
        .map_err(|wrong| Problem::invalid(&format!("/{}", wrong.field), wrong.code, wrong.detail))?;
    if fresh.entry.captcha && app.captcha.is_none() {
        let detail = "No CAPTCHA service is set: fill in waiting_room.captcha_verify_url first, or leave `entry.captcha` out.";
        return Err(Problem::invalid("/entry/captcha", "captcha-off", detail));
    }
    settled_in_time(before.as_ref(), &fresh, app.now())?;
    let status = if before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    let report = save(&app, operator, fresh, "set").await?;
    Ok((status, Json(report)).into_response())
}

/// Opens a room now, whatever its schedule says.
#[utoipa::path(post, path = "/api/v1/admin/rooms/{room}/open", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = RoomReport), (status = 403, description = "`not-allowed`", body = ProblemDocument), (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn open_room(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
) -> Result<Json<RoomReport>> {
    switch(&app, operator, &room, Mode::Open, "open").await
}

/// Stops calling people. Everybody keeps the place; whoever is called or in the shop goes on.
#[utoipa::path(post, path = "/api/v1/admin/rooms/{room}/pause", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = RoomReport), (status = 403, description = "`not-allowed`", body = ProblemDocument), (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn pause_room(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
) -> Result<Json<RoomReport>> {
    switch(&app, operator, &room, Mode::Paused, "pause").await
}

/// Ends a pause: back to the schedule if the opening is still to come, else open.
#[utoipa::path(post, path = "/api/v1/admin/rooms/{room}/resume", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = RoomReport), (status = 403, description = "`not-allowed`", body = ProblemDocument), (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn resume_room(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
) -> Result<Json<RoomReport>> {
    let early = operated(&app, operator, &room).await?.opens_at.is_some_and(|at| app.now() < at);
    switch(&app, operator, &room, if early { Mode::Schedule } else { Mode::Open }, "resume").await
}

/// Takes nobody new; those in the line are served.
#[utoipa::path(post, path = "/api/v1/admin/rooms/{room}/drain", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = RoomReport), (status = 403, description = "`not-allowed`", body = ProblemDocument), (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn drain_room(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
) -> Result<Json<RoomReport>> {
    switch(&app, operator, &room, Mode::Draining, "drain").await
}

/// Ends the sale: nobody joins, is called or goes in. Visits under way go on to their end.
#[utoipa::path(post, path = "/api/v1/admin/rooms/{room}/close", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = RoomReport), (status = 403, description = "`not-allowed`", body = ProblemDocument), (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn close_room(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
) -> Result<Json<RoomReport>> {
    switch(&app, operator, &room, Mode::Closed, "close").await
}

/// Switches the queue off: whoever comes is called at once, without rate or cap.
#[utoipa::path(post, path = "/api/v1/admin/rooms/{room}/bypass", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = RoomReport), (status = 403, description = "`not-allowed`", body = ProblemDocument), (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn bypass_room(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
) -> Result<Json<RoomReport>> {
    switch(&app, operator, &room, Mode::Bypass, "bypass").await
}

/// Lets everybody wait: people join, nobody is called and nobody goes in, also of those called already. `resume` ends it.
#[utoipa::path(post, path = "/api/v1/admin/rooms/{room}/queue-all", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    responses((status = 200, body = RoomReport), (status = 403, description = "`not-allowed`", body = ProblemDocument), (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn queue_all(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
) -> Result<Json<RoomReport>> {
    switch(&app, operator, &room, Mode::QueueAll, "queue-all").await
}

/// Takes a place away, wherever it stands. An admission ends with it: the check endpoint and the shop refuse it at once.
#[utoipa::path(post, path = "/api/v1/admin/rooms/{room}/revoke", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    request_body = Revocation,
    responses((status = 204, description = "Taken away; also when it was over before"),
        (status = 403, description = "`not-allowed`", body = ProblemDocument),
        (status = 404, description = "`not-found`", body = ProblemDocument),
        (status = 503, description = "`shop-not-told`: repeat it", body = ProblemDocument)))]
pub async fn revoke_place(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
    Json(body): Json<Revocation>,
) -> Result<StatusCode> {
    let (room, user) = (operated(&app, operator, &room).await?, operator.user);
    log::act(&app, &room.id, "revoke", user).await?;
    revocations::revoke(&app, &room.id, body.place).await?;
    tracing::info!(room = %room.id, %user, place = %body.place, "an operator revoked a place");
    Ok(StatusCode::NO_CONTENT)
}

/// Booking reports how it does, and what is left to sell: a room that is steered follows.
#[utoipa::path(post, path = "/internal/v1/rooms/{room}/health", tag = "services",
    params(("room" = String, Path)), request_body = Report,
    responses(
        (status = 200, description = "The pace in force", body = Heard),
        (status = 401, description = "`invalid-token`", body = ProblemDocument),
        (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn report_health(
    State(app): State<App>,
    _booking: BookingService,
    Path(room): Path<String>,
    Json(report): Json<Report>,
) -> Result<Json<Heard>> {
    let room = known(&app, &room).await?;
    let Pace { rate_per_minute, cap } = app.store.hear(&room.id, report, app.now()).await?;
    let wants_stock = room.steering.is_some_and(|steering| steering.stock_percent > 0);
    Ok(Json(Heard { rate_per_minute, cap, wants_stock }))
}

async fn known(app: &App, room: &str) -> Result<Room> {
    let id = RoomId::parse(room).ok_or_else(Problem::not_found)?;
    Ok(app.store.room(&id).await?)
}

async fn switch(
    app: &App,
    operator: Operator,
    room: &str,
    mode: Mode,
    act: &str,
) -> Result<Json<RoomReport>> {
    let room = Room { mode, ..operated(app, operator, room).await? };
    Ok(Json(save(app, operator, room, act).await?))
}

/// Whether there is a draw is settled before anybody joins: the commitment has to come first, and nobody is to gather for a
/// draw that is then called off.
fn settled_in_time(before: Option<&Room>, fresh: &Room, now: Ts) -> Result<()> {
    let had_draw = before.is_some_and(|room| room.draw);
    let lobby_before = before.and_then(|room| room.lobby_at);
    let changes = had_draw != fresh.draw || (fresh.draw && lobby_before != fresh.lobby_at);
    let is_open = |at: Option<Ts>| at.is_some_and(|at| now >= at);
    if changes && (is_open(fresh.lobby_at) || (had_draw && is_open(lobby_before))) {
        let detail = "The draw is settled before the lobby opens: choose a later `lobby_at`, or leave `draw` and `lobby_at` as they are.";
        return Err(Problem::invalid("/draw", "too-late", detail));
    }
    Ok(())
}

/// Stores the settings, says who did it, and lets this node's watchers see it at once.
async fn save(app: &App, operator: Operator, room: Room, act: &str) -> Result<RoomReport> {
    let user = operator.user;
    let is_there = match app.store.room(&room.id).await {
        Ok(_) => true,
        Err(StoreError::NoRoom) => false,
        Err(error) => return Err(error.into()),
    };
    if is_there {
        log::act(app, &room.id, act, user).await?;
    }
    app.store.put_room(room.clone(), app.now()).await?;
    if !is_there {
        // Its journal is made with the room.
        log::act(app, &room.id, "create", user).await?;
    }
    if room.draw {
        // The commitment is public before anybody can join.
        draw::jobs::ensure_committed(app, &room).await.map_err(|error| Problem::internal(&error))?;
    }
    tracing::info!(room = %room.id, %user, act, "an operator changed a room");
    live::refresh(app, room.clone()).await?;
    report(app, room).await
}

async fn report(app: &App, room: Room) -> Result<RoomReport> {
    let now = app.now();
    let census = app.store.census(&room.id, now).await?;
    let totals = census.totals;
    Ok(RoomReport {
        owner: room.owner,
        pace: census.pace,
        called: census.called,
        at_door: census.at_door,
        totals: ReportTotals {
            joined: totals.joined,
            called: totals.called,
            admitted: totals.admitted,
            missed: totals.missed,
            left: totals.left,
            departed: totals.departed,
        },
        watchers: app.hub.watchers_of(&room.id),
        room: document(app, room, &census, now),
    })
}

fn document(app: &App, room: Room, census: &Census, now: Ts) -> RoomDocument {
    let serving = app.hub.look(&room.id, |view| view.shown(census.serving));
    RoomDocument {
        id: room.id.to_string(),
        state: room.state(now),
        waiting: census.waiting,
        serving: serving.unwrap_or(census.serving),
        admitted: census.admitted,
        invite_only: room.is_invite_only(),
        server_time: now,
        retry_after_s: PUBLIC_RETRY_S,
        settings: RoomSettings::of(room),
    }
}
