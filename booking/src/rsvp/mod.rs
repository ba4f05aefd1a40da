//! RSVP: whether the holder of a ticket means to come. It promises nothing and frees nothing; organisers count it.

mod routes;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use routes::Intent;
pub use store::forget;

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::answer_rsvp, routes::get_rsvp))
        .routes(routes!(routes::count_rsvps))
}
