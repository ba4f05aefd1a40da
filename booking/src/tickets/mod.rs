//! Tickets: one per seat, shown as page, PDF and QR code, transferred and voided.
//!
//! A ticket is a code that people read and a signed [QR code](qr) that scanners check offline. A transfer kills it and
//! issues another for the same seat: codes and QR codes never change hands.

pub mod calendar;
pub mod edits;
pub mod model;
mod names;
mod pdf;
pub mod qr;
mod returns;
mod routes;
mod store;
mod transfers;

use std::collections::HashMap;

use serde::Serialize;
use shared::clock::Ts;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::picture::Picture;
use crate::seats::holds::HeldSeat;

pub use model::{SeatName, TicketCard, TicketDocument, TicketFacts, TicketStatus, sums_of};
pub use names::{Forgetting, forget, forget_later};
pub use returns::{Living, kill, living};
pub use store::{by_code, find, live_of_booking};

/// Letters of a ticket code behind its prefix: 27^10 possibilities, so that no code is found by trying.
const CODE_LETTERS: usize = 10;
/// Tickets of one booking that are read at most.
const TICKETS_MAX: i64 = 1000;

/// A seat that a ticket is to be issued for.
#[derive(Debug, Clone, Serialize)]
pub struct TicketRow {
    /// The ticket.
    pub id: Uuid,
    /// Its code, `TCK-…`.
    pub code: String,
    /// Its seat.
    pub seat_id: i64,
    /// The seat's ticket type.
    pub ticket_type_id: i64,
    /// Opaque id of the holder, for the QR code.
    pub holder: Uuid,
    /// What was paid for it, in minor units.
    pub price_minor: i64,
    /// The fee in its price.
    pub fee_minor: i64,
    /// The tax in its price.
    pub tax_minor: i64,
}

/// A ticket for each seat, for the statement that sells the seats (`bookings::at_once`). The index
/// `tickets_one_live_per_seat` has the last word there.
pub fn planned(app: &App, seats: &[HeldSeat], now: Ts) -> Vec<TicketRow> {
    let row = |seat: &HeldSeat| TicketRow {
        id: app.entropy.uuid_v7(now),
        code: new_code(app),
        seat_id: seat.id,
        ticket_type_id: seat.ticket_type_id,
        holder: app.entropy.uuid_v7(now),
        price_minor: seat.price_minor,
        fee_minor: seat.parts.fee_minor,
        tax_minor: seat.parts.tax_minor,
    };
    seats.iter().map(row).collect()
}

/// The tickets of bookings as their buyers may see them: of a ticket passed on, the dead one that was theirs.
pub async fn of_bookings(db: &Db, bookings: &[Uuid]) -> Result<HashMap<Uuid, Vec<TicketCard>>> {
    let mut cards: HashMap<Uuid, Vec<TicketCard>> = HashMap::with_capacity(bookings.len());
    for (booking, card) in store::cards(db, bookings).await? {
        cards.entry(booking).or_default().push(card);
    }
    Ok(cards)
}

/// The live tickets of a booking that `user` holds.
pub async fn held_by(db: &Db, user: Uuid, booking: Uuid) -> Result<Vec<TicketFacts>> {
    store::live_of_user(db, user, Some(booking), Ts::from_seconds(0), TICKETS_MAX).await
}

/// One PDF with a page for each ticket. Drawn off the async threads, for it is milliseconds of work, and one at a time,
/// so that a rush of tickets leaves the other cores to those who buy.
pub async fn pdf(app: &App, tickets: Vec<TicketFacts>) -> Result<Vec<u8>> {
    drawn(app, tickets, |pages| Ok(pdf::draw(pages))).await
}

/// What goes with a mail.
pub struct Enclosed {
    /// One PDF with a page for each ticket.
    pub pdf: Vec<u8>,
    /// The QR code of each ticket as PNG.
    pub codes: Vec<Vec<u8>>,
}

/// The PDF and the QR codes of tickets, each code reckoned once; the same.
pub async fn enclosed(app: &App, tickets: Vec<TicketFacts>) -> Result<Enclosed> {
    drawn(app, tickets, |pages| {
        let codes = pages.iter().map(|(_, code)| code.png()).collect::<std::io::Result<_>>();
        let codes = codes.map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Enclosed { pdf: pdf::draw(pages), codes })
    })
    .await
}

async fn drawn<T: Send + 'static>(
    app: &App,
    tickets: Vec<TicketFacts>,
    draw: fn(&[(&TicketFacts, Picture)]) -> Result<T>,
) -> Result<T> {
    let _turn = app.drawing.lock().await;
    let app = app.clone();
    let drawn = tokio::task::spawn_blocking(move || {
        let pages =
            tickets.iter().map(|ticket| Ok((ticket, picture(&app, ticket)?))).collect::<Result<Vec<_>>>()?;
        draw(&pages)
    });
    drawn.await.map_err(|broken| Error::Internal(format!("the PDF broke off: {broken}")))?
}

/// The QR code of a ticket as PNG.
pub fn png(app: &App, ticket: &TicketFacts) -> Result<Vec<u8>> {
    picture(app, ticket)?.png().map_err(|error| Error::Internal(error.to_string()))
}

/// The QR code of a ticket as SVG.
pub fn svg(app: &App, ticket: &TicketFacts) -> Result<String> {
    Ok(picture(app, ticket)?.svg())
}

fn picture(app: &App, ticket: &TicketFacts) -> Result<Picture> {
    Ok(Picture::of(&qr::Statement::of(ticket)?.sign(&app.ticket_keys)?)?)
}

fn new_code(app: &App) -> String {
    format!("TCK-{}", app.entropy.code(CODE_LETTERS))
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::list))
        .routes(routes!(routes::jwks))
        .routes(routes!(routes::show))
        .routes(routes!(routes::booking_calendar))
        .routes(routes!(routes::booking_pdf))
        .routes(routes!(transfers::offer, transfers::withdraw))
        .routes(routes!(transfers::look))
        .routes(routes!(transfers::accept))
}
