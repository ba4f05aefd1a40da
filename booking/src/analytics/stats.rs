//! HTTP of one event's figures.

use axum::extract::State;
use serde::Serialize;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::ProblemDocument;
use utoipa::ToSchema;

use super::store;
use crate::app::App;
use crate::charges::Line;
use crate::error::Result;
use crate::events;
use crate::extract::{Organizer, Path};

/// Hours of sales in one answer at most: a month.
const HOURS_MAX: i64 = 744;

/// Figures of an event.
#[derive(Serialize, ToSchema)]
pub struct EventStats {
    /// Places sold.
    sold: i64,
    /// Places held right now.
    held: i64,
    /// Places to be had.
    free: i64,
    /// Places that can be sold.
    capacity: i64,
    /// Sold of capacity, 0 to 1.
    occupancy: f64,
    /// What was taken less what was paid back.
    revenue_minor: i64,
    /// What the tickets that live were sold for, in parts.
    revenue: RevenueParts,
    /// Of the prices.
    currency: String,
    /// Bookings that were paid ("registrations").
    bookings: i64,
    /// Those that were cancelled afterwards.
    cancelled: i64,
    /// Cancelled of bookings, 0 to 1.
    cancellation_rate: f64,
    /// Tickets that opened the door.
    checked_in: i64,
    /// By hour, oldest first; hours without sales are left out.
    sales: Vec<Sales>,
    /// By session and ticket type.
    ticket_types: Vec<TypeStats>,
}

/// Money in parts.
#[derive(Serialize, ToSchema)]
pub struct RevenueParts {
    /// The sum.
    total_minor: i64,
    /// Its parts.
    #[serde(flatten)]
    parts: Line,
}

/// What was sold in a stretch of time.
#[derive(Serialize, ToSchema)]
pub struct Sales {
    /// When it begins.
    pub at: Ts,
    /// Bookings confirmed.
    pub bookings: i64,
    /// Tickets in them.
    pub tickets: i64,
    /// What they cost.
    pub revenue_minor: i64,
}

impl From<store::SalesRow> for Sales {
    fn from(row: store::SalesRow) -> Self {
        Self { at: row.at, bookings: row.bookings, tickets: row.tickets, revenue_minor: row.revenue_minor }
    }
}

/// Figures of a ticket type.
#[derive(Serialize, ToSchema)]
pub struct TypeStats {
    id: i64,
    session: i64,
    name: String,
    price_minor: i64,
    capacity: i64,
    sold: i64,
    held: i64,
    free: i64,
    /// What live tickets were sold for.
    revenue_minor: i64,
}

/// Figures of one's event.
#[utoipa::path(get, path = "/api/v1/events/{id}/stats", tag = "organise", params(("id" = i64, Path)),
    responses((status = 200, body = EventStats), (status = 404, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn event_stats(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
) -> Result<Json<EventStats>> {
    let event = events::own(&app, id, user).await?;
    let types = store::ticket_types(app.db.ex(), id, app.now()).await?;
    let booked = store::bookings(app.db.ex(), id).await?;
    let sold_for = store::sold_for(app.db.ex(), id).await?;
    let parts = Line::of(sold_for.price_minor, sold_for.fee_minor, sold_for.tax_minor);
    let mut sales: Vec<Sales> =
        store::sales(app.db.ex(), id, HOURS_MAX).await?.into_iter().map(Sales::from).collect();
    sales.reverse();
    let sum = |of: fn(&store::TypeRow) -> i64| types.iter().map(of).sum::<i64>();
    let (sold, capacity) = (sum(|t| t.sold), sum(|t| t.capacity));
    Ok(Json(EventStats {
        sold,
        held: sum(|t| t.held),
        free: sum(|t| t.free),
        capacity,
        occupancy: share(sold, capacity),
        revenue_minor: booked.revenue_minor,
        revenue: RevenueParts { total_minor: parts.price_minor(), parts },
        currency: event.currency,
        bookings: booked.bookings,
        cancelled: booked.cancelled,
        cancellation_rate: share(booked.cancelled, booked.bookings),
        checked_in: store::checked_in(app.db.ex(), id).await?,
        sales,
        ticket_types: types.into_iter().map(TypeStats::from).collect(),
    }))
}

impl From<store::TypeRow> for TypeStats {
    fn from(row: store::TypeRow) -> Self {
        Self {
            id: row.id,
            session: row.session_id,
            name: row.name,
            price_minor: row.price_minor,
            capacity: row.capacity,
            sold: row.sold,
            held: row.held,
            free: row.free,
            revenue_minor: row.revenue_minor,
        }
    }
}

/// `part` of `whole`, 0 when there is nothing to be part of; four decimals, as nobody reads more.
pub fn share(part: i64, whole: i64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0 }
}
