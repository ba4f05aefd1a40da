//! Rooms: what an operator sets, what everybody may know of them.

pub mod entry;
pub mod lanes;
mod revocations;
pub mod routes;
pub mod rules;
mod settings;
pub mod steering;
pub mod theme;

use axum::http::StatusCode;
use shared::problem::{Problem, Result};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::rules::{Room, RoomId};
use crate::app::App;
use crate::extract::Operator;

/// The room that an operator is about to look into or to change.
///
/// # Errors
/// `not-found`, or `not-allowed` when it is another organiser's.
pub async fn operated(app: &App, operator: Operator, room: &str) -> Result<Room> {
    let id = RoomId::parse(room).ok_or_else(Problem::not_found)?;
    let room = app.store.room(&id).await?;
    if operator.may(&room) { Ok(room) } else { Err(not_yours()) }
}

/// 403: the room is another organiser's.
pub fn not_yours() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "not-allowed", "Not allowed").detail(
        "This room is another organiser's. Ask her or an administrator, or choose another name for yours.",
    )
}

/// The routes of rooms.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::room_document))
        .routes(routes!(routes::list_rooms))
        .routes(routes!(routes::room_settings, routes::put_room))
        .routes(routes!(routes::open_room))
        .routes(routes!(routes::pause_room))
        .routes(routes!(routes::resume_room))
        .routes(routes!(routes::drain_room))
        .routes(routes!(routes::close_room))
        .routes(routes!(routes::bypass_room))
        .routes(routes!(routes::queue_all))
        .routes(routes!(routes::room_report))
        .routes(routes!(routes::revoke_place))
        .routes(routes!(routes::report_health))
}
