//! Tickets: one per seat, shown as page, PDF and QR code, transferred and voided.

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
