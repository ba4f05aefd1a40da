//! Postponement: sessions of a published event move to a later date, also when places of them are sold.
//!
//! It is an act of its own, for it breaks a promise: it is audited with both dates, every holder of a ticket is told by
//! mail, and who had booked by then may cancel with everything paid back until `refund_until` (decision 49).

mod routes;
mod rules;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// Routes of this part.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(routes::postpone_event))
}
