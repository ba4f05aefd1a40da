//! What the shop's books say: figures of one event, its attendees, reports, and the whole house at a
//! glance. Reads any table and
//! writes none.

mod attendees;
mod dashboard;
mod export;
mod figures;
mod gauges;
mod report;
mod rules;
mod stats;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use gauges::update as update_gauges;
pub use store::{rooms_on_sale, unsold};

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(stats::event_stats))
        .routes(routes!(attendees::list_attendees))
        .routes(routes!(export::export_attendees))
        .routes(routes!(report::read_report))
        .routes(routes!(report::export_report))
        .routes(routes!(dashboard::get_dashboard))
}
