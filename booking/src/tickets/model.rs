//! Tickets as the program and the API know them.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use sqlx::FromRow;
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::charges::{Line, Sums, Terms};
use crate::seats::holds::HeldSeat;

/// Life of a ticket: valid → used (and back when a check-in is undone), cancelled or transferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
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

impl TicketStatus {
    /// Whether there is anything to show at the door.
    pub fn is_live(self) -> bool {
        matches!(self, TicketStatus::Valid | TicketStatus::Used)
    }
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

impl SeatName {
    /// From the columns of a seat; general admission has no label.
    pub fn of(section: &Option<String>, row: &Option<String>, label: &Option<String>) -> Option<Self> {
        label.clone().map(|label| Self { label, section: section.clone(), row: row.clone() })
    }
}

impl std::fmt::Display for SeatName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(section) = &self.section {
            write!(f, "{section}, ")?;
        }
        if let Some(row) = &self.row {
            write!(f, "row {row}, ")?;
        }
        write!(f, "seat {}", self.label)
    }
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

impl TicketCard {
    /// From the columns of a ticket and its seat.
    pub fn new(
        code: String,
        status: TicketStatus,
        section: &Option<String>,
        row: &Option<String>,
        label: &Option<String>,
    ) -> Self {
        let pdf_url = format!("/api/v1/tickets/{code}.pdf");
        Self { ticket_code: code.clone(), code, status, seat: SeatName::of(section, row, label), pdf_url }
    }

    /// Of a ticket for a seat of a booking.
    pub fn of_seat(code: &str, status: TicketStatus, seat: Option<&HeldSeat>) -> Self {
        let (section, row, label) = match seat {
            Some(seat) => (&seat.section, &seat.row, &seat.label),
            None => (&None, &None, &None),
        };
        Self::new(code.to_owned(), status, section, row, label)
    }
}

/// A ticket with everything that is printed on it.
#[derive(Debug, Clone, FromRow)]
pub struct TicketFacts {
    /// The ticket.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Its booking.
    pub booking_id: Uuid,
    /// What people quote.
    pub reference: String,
    /// Its owner.
    pub user_id: Uuid,
    /// The name printed on it.
    pub holder_name: String,
    /// Opaque id of the holder, inside the QR code.
    pub holder: Uuid,
    /// Counts the transfers of the seat, from 1.
    pub generation: i64,
    /// Whether it opens the door.
    pub status: TicketStatus,
    /// What was paid.
    pub price_minor: i64,
    /// The fee in it.
    pub fee_minor: i64,
    /// The tax in it.
    pub tax_minor: i64,
    /// What the price was reckoned by; `None`: there is neither fee nor tax in it.
    pub terms: Option<Json<Terms>>,
    /// ISO 4217.
    pub currency: String,
    /// Issued.
    pub issued_at: Ts,
    /// The event.
    pub event_id: i64,
    /// Its name.
    pub event_name: String,
    /// Its category.
    pub event_category: String,
    /// Path of its picture.
    pub event_image: Option<String>,
    /// Who runs it.
    pub organiser: Option<Uuid>,
    /// Where.
    pub venue_name: String,
    /// Where exactly; may be empty.
    pub venue_address: String,
    /// IANA name.
    pub time_zone: String,
    /// The performance.
    pub session_id: i64,
    /// Hall inside the venue.
    pub room_name: Option<String>,
    /// Entry from.
    pub doors_at: Ts,
    /// Start.
    pub starts_at: Ts,
    /// End.
    pub ends_at: Ts,
    /// How often the session was moved.
    pub revision: i64,
    /// Name of the ticket type.
    pub ticket_type: String,
    /// The seat.
    pub seat_id: i64,
    /// Section, row and label of the seat; no label in general admission.
    pub section: Option<String>,
    /// See `section`.
    pub row_label: Option<String>,
    /// See `section`.
    pub label: Option<String>,
}

impl TicketFacts {
    /// The numbered seat, if it is one.
    pub fn seat(&self) -> Option<SeatName> {
        SeatName::of(&self.section, &self.row_label, &self.label)
    }

    /// Where its holder sits or stands, in words.
    pub fn place(&self) -> String {
        match self.seat() {
            Some(seat) => format!("{} ({})", seat, self.ticket_type),
            None => self.ticket_type.clone(),
        }
    }

    /// The parts of its price.
    pub fn sums(&self) -> Sums {
        sums_of(std::slice::from_ref(self))
    }

    /// What booking documents show.
    pub fn card(&self) -> TicketCard {
        TicketCard::new(self.code.clone(), self.status, &self.section, &self.row_label, &self.label)
    }
}

/// The parts of what tickets of one booking cost together.
pub fn sums_of(tickets: &[TicketFacts]) -> Sums {
    let terms = tickets.iter().find_map(|ticket| ticket.terms.clone()).unwrap_or_default();
    terms.sums(tickets.iter().map(|ticket| Line::of(ticket.price_minor, ticket.fee_minor, ticket.tax_minor)))
}

/// The event of a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketEvent {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// `concert`, `sports`, …; with id and name it decides the poster that pages draw without a picture.
    pub category: String,
    /// Path of a picture on this site.
    pub image: Option<String>,
    /// Name of the venue.
    pub venue: String,
    /// Address of the venue.
    pub venue_address: String,
}

/// The session of a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketSession {
    /// Its id.
    pub id: i64,
    /// Start.
    pub starts_at: Ts,
    /// Entry from.
    pub doors_at: Ts,
    /// Zone of the venue, IANA name.
    pub time_zone: String,
    /// Hall inside the venue.
    pub room_name: Option<String>,
}

/// A ticket as its page shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketDocument {
    /// Code, status, seat, PDF.
    #[serde(flatten)]
    pub card: TicketCard,
    /// The event.
    pub event: TicketEvent,
    /// The performance.
    pub session: TicketSession,
    /// Name of the ticket type.
    pub ticket_type: String,
    /// The name printed on it.
    pub holder_name: String,
    /// What was paid, in minor units: the sum of its parts.
    pub price_minor: i64,
    /// The parts of the price.
    #[serde(flatten)]
    pub sums: Sums,
    /// ISO 4217.
    pub currency: String,
    /// The QR code as an SVG image; `null` when the ticket is dead, and in lists.
    pub qr_svg: Option<String>,
    /// Path of the calendar entry.
    pub ics_url: String,
    /// Its booking.
    pub booking_id: Uuid,
    /// The booking's reference.
    pub reference: String,
}

impl TicketDocument {
    /// The document of a ticket.
    pub fn new(ticket: TicketFacts, qr_svg: Option<String>) -> Self {
        Self {
            card: ticket.card(),
            sums: ticket.sums(),
            event: TicketEvent {
                id: ticket.event_id,
                name: ticket.event_name,
                category: ticket.event_category,
                image: ticket.event_image,
                venue: ticket.venue_name,
                venue_address: ticket.venue_address,
            },
            session: TicketSession {
                id: ticket.session_id,
                starts_at: ticket.starts_at,
                doors_at: ticket.doors_at,
                time_zone: ticket.time_zone,
                room_name: ticket.room_name,
            },
            ticket_type: ticket.ticket_type,
            holder_name: ticket.holder_name,
            price_minor: ticket.price_minor,
            currency: ticket.currency,
            qr_svg,
            ics_url: format!("/api/v1/bookings/{}/calendar.ics", ticket.booking_id),
            booking_id: ticket.booking_id,
            reference: ticket.reference,
        }
    }
}
