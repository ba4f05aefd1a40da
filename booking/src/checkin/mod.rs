//! Letting ticket holders in, once.

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
