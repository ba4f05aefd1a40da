//! A session moves to another version of its layout.
//!
//! Seats keep their rows in the table by their keys, so whoever holds or has bought one keeps it, whatever it is called
//! now and wherever it stands. A seat that the new version has not goes only if nobody has it.

mod routes;
mod rules;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Routes of this part.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(routes::move_session_to_layout))
}
