//! Admission: calling people, turning a called place into a signed token, and hearing that a visit is over.
//!
//! Who may go in is decided by the queue's store in one atomic step; here is the ticker that asks for it
//! ([`jobs`]) and the HTTP around it ([`routes`]).

pub mod jobs;
mod renewals;
pub mod routes;

use axum::Router;
use axum::routing::any;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The gates that proxies ask with any method and any path behind the room; the API document does not list them.
pub fn gates() -> Router<App> {
    Router::new()
        .route("/api/v1/admission/gate/{room}", any(routes::gate))
        .route("/api/v1/admission/gate/{room}/{*path}", any(routes::gate))
}

/// The routes of admission.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::claim_admission))
        .routes(routes!(routes::defer_turn))
        .routes(routes!(routes::renew_admission))
        .routes(routes!(routes::admission_keys))
        .routes(routes!(routes::check_admission))
        .routes(routes!(routes::report_departures))
}
