//! Feedback: what those who had a ticket say afterwards, once each. Organisers see figures and texts, and no names.

mod routes;
mod rules;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use store::forget;

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::give_feedback, routes::get_feedback))
        .routes(routes!(routes::get_my_feedback))
}
