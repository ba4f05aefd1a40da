//! Letting ticket holders in, once.
//!
//! The row in `checkins` is the entry, and the unique index `checkins_once` its guard: of two scanners at the same
//! moment one inserts the row and the other reads it. What a ticket's status says is for showing.
//!
//! Whoever is scanned out may come back with the same ticket ([`exits`]); the entry stands meanwhile.
//!
//! A scanner without a network checks signatures by itself, against the list of dead and used tickets that it fetched
//! before, and reports its entries later. Those people are inside: an entry that comes second is kept as a conflict.

mod at_once;
mod devices;
mod doors;
mod entry;
mod exits;
mod offline;
mod routes;
mod rules;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use at_once::{Entries, start};
pub use devices::{PREFIX as DEVICE_PREFIX, at_work, forget};

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::check_in))
        .routes(routes!(exits::let_out))
        .routes(routes!(routes::undo))
        .routes(routes!(routes::counts))
        .routes(routes!(offline::report))
        .routes(routes!(offline::list))
        .routes(routes!(offline::tickets))
        .routes(routes!(doors::doors))
        .routes(routes!(devices::make_device, devices::list_devices))
        .routes(routes!(devices::revoke_device))
        .routes(routes!(devices::provision_device))
}
