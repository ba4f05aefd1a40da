//! The waiting list of a session that is sold out: who asks first is offered first what comes back.
//!
//! An offer is a hold, kept for its person for `waiting_list_offer_minutes`; it becomes a booking like any other hold, with
//! or without a waiting room. When it lapses, its seats go to the next. While somebody waits, nobody else may hold seats
//! of the session ([`seats::check_open`](crate::seats::check_open)), or what comes back would go to whoever looks at the
//! right moment. The order is strict: nobody is passed over for wanting more than has come back so far (decision 50).
//!
//! Offers are made by [`offer_returned`], which every node runs every second: one transaction an offer, behind the row lock
//! of the session, which holds the seats and turns the entry that still waits.

mod documents;
mod offers;
mod routes;
mod rules;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use offers::offer_returned;
pub use routes::leave_all;
pub use store::{Offer, offer};

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::join_waiting_list, routes::get_waiting_list, routes::leave_waiting_list))
        .routes(routes!(routes::get_waiting_lists))
}
