//! The sellable units of a session: live seat maps, and holds that lock seats for one shopper.

pub mod layout;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
