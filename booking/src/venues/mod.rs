//! Venues: places where events happen, their time zones, and their seating plans.
//!
//! A layout is never changed in place: a change is a new version, so that sold seats keep their identity.

mod routes;
pub mod rules;
mod store;

pub use rules::{Plan, Row, Seat, Section, SectionSpec};
pub use store::{LayoutOf, Place, by_name, find_or_create, layout, place};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::list_venues, routes::create_venue))
        .routes(routes!(routes::create_layout))
        .routes(routes!(routes::get_layout))
}
