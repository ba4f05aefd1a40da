//! Taking and returning money: the gateway port, the simulated gateway, and our record of payments.

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
