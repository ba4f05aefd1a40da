//! Tickets: one per seat, shown as page, PDF and QR code, transferred and voided.

mod store;

use std::collections::HashMap;

use serde::Serialize;
use shared::clock::Ts;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::app::App;
use crate::db::{Db, Tx};
use crate::error::Result;

/// Letters of a ticket code behind its prefix: 27^10 possibilities, so that no code is found by trying.
const CODE_LETTERS: usize = 10;

/// A seat that a ticket is to be issued for.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// The seat.
    pub seat_id: i64,
    /// Its ticket type.
    pub ticket_type_id: i64,
    /// What was paid for it.
    pub price_minor: i64,
}

/// Whom and what new tickets are for.
#[derive(Debug, Clone)]
pub struct IssueFor {
    /// The booking they belong to.
    pub booking: Uuid,
    /// Its event.
    pub event: i64,
    /// Its session.
    pub session: i64,
    /// The buyer, who owns them.
    pub user: Uuid,
    /// The name printed on them.
    pub holder_name: String,
}

/// A ticket just issued.
#[derive(Debug, Clone)]
pub struct IssuedTicket {
    /// The ticket.
    pub id: Uuid,
    /// Its code, `TCK-…`.
    pub code: String,
    /// Its seat.
    pub seat_id: i64,
}

/// A ticket as booking documents show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketCard {
    /// The code to show at the gate.
    pub code: String,
    /// The same, by the name older clients know.
    pub ticket_code: String,
    /// Whether it opens the door.
    pub status: TicketStatus,
    /// Where to sit; `null` in general admission.
    pub seat: Option<SeatName>,
    /// Path of the PDF.
    pub pdf_url: String,
}

/// The name of a numbered seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeatName {
    /// Seat in its row.
    pub label: String,
    /// Section of the venue.
    pub section: Option<String>,
    /// Row of the section.
    pub row: Option<String>,
}

/// Life of a ticket: valid → used (and back when a check-in is undone), cancelled or transferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum TicketStatus {
    /// Opens the door once.
    Valid,
    /// Its holder is inside.
    Used,
    /// Its booking was cancelled.
    Cancelled,
    /// Another ticket has taken its place.
    Transferred,
}

/// Issues one ticket per seat, in the transaction that sells the seats, with one statement. `seats` are those of one
/// booking, and not none.
///
/// # Errors
/// When one of the seats has a live ticket (`tickets_one_live_per_seat`): the transaction must not commit.
pub async fn issue(
    tx: &mut Tx,
    app: &App,
    whom: &IssueFor,
    seats: &[NewTicket],
    now: Ts,
) -> Result<Vec<IssuedTicket>> {
    let issued: Vec<IssuedTicket> = seats
        .iter()
        .map(|seat| IssuedTicket { id: app.entropy.uuid_v7(now), code: new_code(app), seat_id: seat.seat_id })
        .collect();
    store::insert(tx, app, whom, seats, &issued, now).await?;
    Ok(issued)
}

/// Kills the booking's tickets that are still valid, whoever holds them, and withdraws their transfer offers. Returns
/// how many were killed; those already used stay used.
pub async fn void(tx: &mut Tx, booking: Uuid) -> Result<u64> {
    store::withdraw_offers(tx, booking).await?;
    store::cancel(tx, booking).await
}

/// Whether the buyer could give everything back: no ticket of the booking was used or passed on.
pub async fn are_returnable(tx: &mut Tx, booking: Uuid) -> Result<bool> {
    Ok(store::count_gone(tx, booking).await? == 0)
}

/// The tickets of bookings as their buyers may see them: of a ticket passed on, the dead one that was theirs.
pub async fn of_bookings(db: &Db, bookings: &[Uuid]) -> Result<HashMap<Uuid, Vec<TicketCard>>> {
    let mut cards: HashMap<Uuid, Vec<TicketCard>> = HashMap::with_capacity(bookings.len());
    for (booking, card) in store::cards(db, bookings).await? {
        cards.entry(booking).or_default().push(card);
    }
    Ok(cards)
}

fn new_code(app: &App) -> String {
    format!("TCK-{}", app.entropy.code(CODE_LETTERS))
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
