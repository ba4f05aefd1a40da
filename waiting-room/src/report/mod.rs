//! The public report of a room: what became of those who came, how long they waited, and how often the waits they were
//! shown were right. As a document, and as a page to read.
//!
//! Counts of shown waits come from the room's journal ([`crate::log`]), so every node tells the same, and whoever keeps a
//! head of the journal can tell whether they were changed afterwards.

pub mod page;
pub mod routes;
pub mod rules;

use axum::Router;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The documented route.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(routes::public_report))
}

/// The page.
pub fn pages() -> Router<App> {
    Router::new().route("/queue/{room}/report", get(routes::report_page))
}
