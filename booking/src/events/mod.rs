//! What is on sale, when and where: events, their sessions and ticket types.

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
