//! Holds: seats locked for one shopper until a deadline.
//!
//! A seat is claimed by one conditional UPDATE whose row count must equal the request: all of the wanted seats or none.
//! A hold that has expired is claimable in place, so no sweeper is needed for correctness. The deadline is exclusive:
//! the hold lives while `now < expires_at`, and its seats are free for everybody from that instant on.

mod again;
mod any;
mod at_once;
mod choice;
mod claims;
mod keyed;
mod place;
mod routes;
mod rules;
mod store;

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use super::sale::{EventBrief, SessionBrief};
use crate::app::App;
use crate::charges::{Line, Sums};

pub use again::{Lost, equal_seats, hold_again};
pub use any::hold_any;
pub use at_once::{Ordered, order_at_once, place_at_once, place_keyed};
pub use claims::{Claim, Claimed, NewOrder, Wish, hold_seats};
pub use keyed::{KeyedClaim, KeyedHold, KeyedHolds, start_keyed};
pub use place::{Placed, Request, place};
pub use rules::{expired, limit_reached, wrong_state};
pub(crate) use store::held_seats;
pub use store::{HoldRow, count_of, find, keep, lock, lock_of_booking, release, seats_of, sweep};

/// Body of `POST /sessions/{id}/holds`: either `seats` or `quantity`.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// Ids of the wanted seats.
    pub seats: Option<Vec<i64>>,
    /// How many of the best seats.
    pub quantity: Option<i64>,
    /// Of this ticket type; without it, of the cheapest that has enough.
    pub ticket_type: Option<i64>,
    /// Says that the shop chooses; the default when `quantity` is given.
    pub best_available: Option<bool>,
    /// Whether somebody in the party sits in a wheelchair: places that are kept for that may be named, and the best seats are
    /// one of them and seats beside it.
    pub accessible: Option<bool>,
    /// A code that unlocks a hidden ticket type, lowers the prices, or both.
    pub promo_code: Option<String>,
}

/// A seat in a hold or booking.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HeldSeat {
    /// Id.
    pub id: i64,
    /// Label within the row; null in general admission.
    pub label: Option<String>,
    /// Section; null in general admission.
    pub section: Option<String>,
    /// Row; null in general admission.
    pub row: Option<String>,
    /// The price that was accepted: the sum of its parts.
    pub price_minor: i64,
    /// The parts of the price.
    #[serde(flatten)]
    pub parts: Line,
    /// What went back for it; null while its ticket lives.
    #[serde(default)]
    pub refund_minor: Option<i64>,
    /// Name of the ticket type.
    pub ticket_type: String,
    /// Id of the ticket type.
    pub ticket_type_id: i64,
}

impl HeldSeat {
    /// The parts of what went back for it; `None` while its ticket lives.
    pub fn refunded(&self) -> Option<Line> {
        self.refund_minor.map(|minor| self.parts.share(minor))
    }
}

/// A hold as its shopper sees it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct HoldDocument {
    /// Id.
    pub id: Uuid,
    /// `active`, `released`, `booked` or `expired`.
    pub status: String,
    /// The event.
    pub event: EventBrief,
    /// The session.
    pub session: SessionBrief,
    /// Until when the seats are kept, exclusively.
    pub expires_at: Ts,
    /// The seats.
    pub seats: Vec<HeldSeat>,
    /// Sum of the seats' prices: what will be charged.
    pub total_minor: i64,
    /// The parts of the total.
    #[serde(flatten)]
    pub sums: Sums,
    /// ISO 4217.
    pub currency: String,
    /// Whether the one extension is left.
    pub extendable: bool,
    /// The booking made of it, if any.
    pub booking_id: Option<Uuid>,
    /// The server's clock, for countdowns.
    pub server_time: Ts,
}

/// Routes of holds.
pub fn router() -> OpenApiRouter<App> {
    routes::router()
}
