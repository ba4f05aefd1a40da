//! Whether a session is on sale, and how holds and bookings name it.

use axum::http::StatusCode;
use serde::Serialize;
use shared::clock::Ts;
use shared::problem::Problem;

use crate::events::{SaleEvent, Status};

/// The event as holds and bookings show it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct EventBrief {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Name of the venue.
    pub venue: String,
    /// Category.
    pub category: String,
    /// Path of its picture.
    pub image: Option<String>,
}

/// The session as holds and bookings show it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct SessionBrief {
    /// Id.
    pub id: i64,
    /// Start.
    pub starts_at: Ts,
    /// IANA name of the venue's time zone.
    pub time_zone: String,
}

impl From<&SaleEvent> for EventBrief {
    fn from(sale: &SaleEvent) -> Self {
        Self {
            id: sale.event_id,
            name: sale.event_name.clone(),
            venue: sale.venue_name.clone(),
            category: sale.category.clone(),
            image: sale.image.clone(),
        }
    }
}

impl From<&SaleEvent> for SessionBrief {
    fn from(sale: &SaleEvent) -> Self {
        Self { id: sale.session_id, starts_at: sale.starts_at, time_zone: sale.time_zone.clone() }
    }
}

/// Refuses what cannot be bought at `now` by whoever asks: what is not on sale, and 409 `waiting-list` where somebody
/// waits for what comes back.
pub fn check_open(sale: &SaleEvent, now: Ts) -> Result<(), Problem> {
    check_on_sale(sale, now)?;
    check_nobody_waits(sale)
}

/// Refuses with 409 `waiting-list` what is due to those who wait for it.
pub fn check_nobody_waits(sale: &SaleEvent) -> Result<(), Problem> {
    if sale.has_waiting {
        return Err(Problem::new(StatusCode::CONFLICT, "waiting-list", "Sold out, and people wait")
            .detail("What comes back is offered to those on the waiting list, in their order. Join it: POST …/waiting-list.")
            .with("session", sale.session_id));
    }
    Ok(())
}

/// Refuses what is not on sale at `now`: 404 for a draft, 410 `event-cancelled` or `sale-ended`, 409 `sale-not-open`.
pub fn check_on_sale(sale: &SaleEvent, now: Ts) -> Result<(), Problem> {
    match sale.status {
        Status::Draft => Err(Problem::not_found()),
        Status::Cancelled => Err(Problem::new(StatusCode::GONE, "event-cancelled", "The event is cancelled")
            .detail("This event does not take place. Choose another one.")),
        Status::Published if sale.is_on_sale(now) => Ok(()),
        Status::Published => match sale.sales_open_at {
            Some(opens_at) if now < opens_at => {
                Err(Problem::new(StatusCode::CONFLICT, "sale-not-open", "Not on sale yet")
                    .detail(format!("The sale opens at {opens_at}. Come back then."))
                    .with("opens_at", opens_at.to_string()))
            }
            _ => Err(ended()),
        },
        Status::Completed => Err(ended()),
    }
}

fn ended() -> Problem {
    Problem::new(StatusCode::GONE, "sale-ended", "The sale has ended")
        .detail("Tickets for this session are no longer sold. Choose another session or event.")
}
