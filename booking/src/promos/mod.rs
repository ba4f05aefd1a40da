//! Promo codes: so many percent, or so much, off each ticket; or the key to ticket types that are not listed.
//!
//! A code is applied to a hold, as it is placed or later, and lowers the prices written there; booking, payment, tickets and refunds go by those, so
//! the sale itself knows nothing of codes and is as fast without them. How often a code was used is counted behind its row
//! lock, over holds that are booked or still alive: parallel carts get it no more often than allowed, and a cart that
//! lapses gives its use back (decision 57).

mod apply;
mod routes;
mod rules;
mod store;
mod unlock;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use apply::{place, unlocked};

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::apply_promo, routes::get_promo, routes::remove_promo))
        .routes(routes!(routes::create_promo_code, routes::list_promo_codes))
        .routes(routes!(routes::withdraw_promo_code))
        .routes(routes!(unlock::unlock_ticket_types))
}
