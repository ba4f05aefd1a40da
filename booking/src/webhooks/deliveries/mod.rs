//! Messages on their way to endpoints: queued, tried, logged, and sent again.

mod jobs;
mod routes;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use jobs::{deliver, fan_out, forget_old};

/// Routes of this part.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::ping_webhook))
        .routes(routes!(routes::list_webhook_deliveries))
        .routes(routes!(routes::replay_webhook))
        .routes(routes!(routes::get_webhook_delivery))
        .routes(routes!(routes::replay_webhook_delivery))
}
