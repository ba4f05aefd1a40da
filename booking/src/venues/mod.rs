//! Places where events happen, and their seating layouts.

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
