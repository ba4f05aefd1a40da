//! Rooms: what an operator sets, what everybody may know of them.

pub mod entry;
pub mod lanes;
mod revocations;
pub mod routes;
pub mod rules;
mod settings;
pub mod steering;
pub mod theme;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

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
