//! From a hold to a booking: pending, confirmed, cancelled.
//!
//! Money and seats agree by this order: the payment is started (own transaction, seats kept for
//! [`rules::PAYMENT_GRACE_S`]) → the gateway authorises → **one transaction** sells the seats, issues the tickets,
//! confirms the booking and queues capture, mails and departure → a job captures. After a crash between any two steps
//! [`reconcile`] asks the gateway how the payment stands and goes on from there: to tickets while the seats are kept. Money
//! that comes later finds the same seats, equal ones, or its way back ([`rescue`]).

mod at_once;
mod callbacks;
mod cancel;
mod change;
mod checkout;
mod confirmations;
mod documents;
mod form;
mod giving_back;
mod keyed;
mod orders;
pub mod reconcile;
mod rescue;
mod resume;
mod routes;
mod rules;
mod settle;
mod steps;
mod store;
pub mod straight;
mod told;
pub mod upkeep;
mod whole;

use utoipa_axum::router::OpenApiRouter;

use crate::app::App;

pub use documents::BookingDocument;
pub use steps::Steps;

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    routes::router().merge(orders::router())
}
