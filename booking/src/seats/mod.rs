//! The sellable units of a session: live seat maps, and holds that lock seats for one shopper.

pub mod access;
pub mod discount;
pub mod exchange;
pub mod holds;
pub mod layout;
mod live;
mod map;
mod pick;
mod plan;
pub mod replace;
pub mod returns;
mod routes;
mod sale;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use live::{SeatMaps, free_by_type, free_of};
pub use sale::{EventBrief, SessionBrief, check_nobody_waits, check_on_sale, check_open};
pub use store::SeatChange;

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    routes::router().merge(holds::router()).routes(routes!(access::keep_accessible_seats))
}
