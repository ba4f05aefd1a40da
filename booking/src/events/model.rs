//! Events as the API takes and gives them.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::charges::{Charges, Line, NewCharges};
use crate::money::Decimal;

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[schema(as = EventStatus)]
pub enum Status {
    /// Seen by its owner only.
    Draft,
    /// Seen and sold.
    Published,
    /// Called off; its tickets are void.
    Cancelled,
    /// Over.
    Completed,
}

impl Status {
    /// Name in JSON and in the table.
    pub fn name(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Published => "published",
            Status::Cancelled => "cancelled",
            Status::Completed => "completed",
        }
    }
}

/// Until how many hours before the start a cancelled booking is paid back in full, and by half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundPolicy {
    /// In full until so many hours before the start.
    pub full_until_h: i64,
    /// By half until so many hours before the start.
    pub half_until_h: i64,
}

impl Default for RefundPolicy {
    fn default() -> Self {
        Self { full_until_h: 168, half_until_h: 24 }
    }
}

/// An event to be made: one date, price and number of tickets, or `sessions`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEvent {
    /// At most 255 characters.
    pub name: String,
    /// At most 10,000 characters; plain text.
    #[serde(default)]
    pub description: String,
    /// Name of the venue, which is made when there is none of this name.
    pub venue: Option<String>,
    /// Or the venue's id.
    pub venue_id: Option<i64>,
    /// Start: an instant, or the venue's local time without an offset.
    pub event_date: Option<String>,
    /// Face price in major units.
    pub ticket_price: Option<Decimal>,
    /// Places of general admission, 1 to 100,000.
    pub total_tickets: Option<i64>,
    /// Such as concert, sports, theatre.
    pub category: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// IANA name; for a venue that is made with the event.
    pub time_zone: Option<String>,
    /// Several performances, or several ticket types.
    pub sessions: Option<Vec<NewSession>>,
    /// The waiting room that guards the sale.
    pub room: Option<String>,
    /// Path of a picture on this site.
    pub image: Option<String>,
    /// Tickets one account may have.
    pub per_person_limit: Option<i64>,
    /// When sales open; absent: when published.
    pub sales_open_at: Option<String>,
    /// When sales close; absent: when the session starts.
    pub sales_close_at: Option<String>,
    /// What a cancelled booking is paid back.
    pub refund_policy: Option<RefundPolicy>,
    /// What comes onto the face prices; absent: nothing.
    pub charges: Option<NewCharges>,
    /// `draft` or `published` (default).
    pub status: Option<Status>,
}

/// A performance to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSession {
    /// An instant, or the venue's local time without an offset.
    pub starts_at: String,
    /// Default: three hours later.
    pub ends_at: Option<String>,
    /// Default: at the start.
    pub doors_at: Option<String>,
    /// Hall or room inside the venue.
    pub room_name: Option<String>,
    /// Seating plan; needed by seated ticket types.
    pub layout_id: Option<i64>,
    /// What is sold.
    pub ticket_types: Vec<NewTicketType>,
}

/// A ticket type to be made: with sections or categories it sells their seats, with a quantity general admission.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicketType {
    /// Unique in the session.
    pub name: String,
    /// Face price in minor units: what the organiser asks for, before fee and taxes that come on top.
    pub price_minor: Option<i64>,
    /// Or in major units.
    pub price: Option<Decimal>,
    /// Places of general admission.
    pub quantity: Option<i64>,
    /// Section of the layout.
    pub section: Option<String>,
    /// Several sections at one price.
    #[serde(default)]
    pub sections: Vec<String>,
    /// Price categories of the layout, beside or instead of sections.
    #[serde(default)]
    pub categories: Vec<String>,
    /// `#rrggbb`.
    pub colour: Option<String>,
    /// Shown distinctly on the seat map.
    #[serde(default)]
    pub premium: bool,
    /// Neither listed nor sold to whoever has no code that unlocks it.
    #[serde(default)]
    pub hidden: bool,
}

/// An event in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventCard {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Plain text.
    pub description: String,
    /// Name of the venue.
    pub venue: String,
    /// Start of the first session.
    pub event_date: Ts,
    /// The venue's IANA zone, in which its local times are told.
    pub time_zone: String,
    /// Lowest price in major units, with fee and taxes in it.
    pub ticket_price: f64,
    /// Lowest price in minor units, with fee and taxes in it.
    pub ticket_price_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Places still to be had in all sessions; up to two seconds old.
    pub remaining_tickets: i64,
    /// Places of all sessions.
    pub total_tickets: i64,
    /// Where it stands.
    pub status: Status,
    /// Such as concert.
    pub category: String,
    /// The waiting room that guards the sale.
    pub room: Option<String>,
    /// Path of a picture on this site.
    pub image: Option<String>,
    /// When sales open; null: they are open.
    pub sales_open_at: Option<Ts>,
    /// When sales close; null: at the start of each session.
    pub sales_close_at: Option<Ts>,
    /// Number of sessions.
    pub sessions_count: i64,
}

/// An event with all that a buyer wants to know.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventDetail {
    /// What lists show.
    #[serde(flatten)]
    pub card: EventCard,
    /// Where it happens.
    pub venue_details: VenueDetails,
    /// The owner's account.
    pub created_by: Option<Uuid>,
    /// The owner's name.
    pub organiser: Option<String>,
    /// Tickets one account may have.
    pub per_person_limit: i64,
    /// What a cancelled booking is paid back.
    pub refund_policy: RefundTerms,
    /// What the prices have in them besides the face price; null: nothing.
    pub charges: Option<Charges>,
    /// By start.
    pub sessions: Vec<SessionDetail>,
}

/// The refund policy, also in words.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RefundTerms {
    /// In full until so many hours before the start.
    pub full_until_h: i64,
    /// By half until so many hours before the start.
    pub half_until_h: i64,
    /// For people.
    pub text: String,
}

/// A deadline in hours before the start, in words.
fn before_the_start(hours: i64) -> String {
    match hours {
        0 => "the start".to_owned(),
        24 => "the day before".to_owned(),
        hours if hours % 24 == 0 => format!("{} days before the start", hours / 24),
        hours => format!("{hours} hours before the start"),
    }
}

impl From<RefundPolicy> for RefundTerms {
    fn from(policy: RefundPolicy) -> Self {
        let RefundPolicy { full_until_h: full, half_until_h: half } = policy;
        let (whole, part) = (before_the_start(full), before_the_start(half));
        let text = match half {
            _ if full == half => format!("Refunded in full until {whole}, then not."),
            0 => format!("Refunded in full until {whole}, then by half until the start."),
            _ => format!("Refunded in full until {whole}, by half until {part}, then not."),
        };
        Self { full_until_h: full, half_until_h: half, text }
    }
}

/// The venue of an event.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VenueDetails {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Street and city; empty when unknown.
    pub address: String,
    /// IANA name.
    pub time_zone: String,
}

/// One performance.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionDetail {
    /// Its id.
    pub id: i64,
    /// Start.
    pub starts_at: Ts,
    /// End.
    pub ends_at: Ts,
    /// When one may come in.
    pub doors_at: Ts,
    /// Zone of the venue.
    pub time_zone: String,
    /// Hall or room inside the venue.
    pub room_name: Option<String>,
    /// Where its newest postponement found it.
    pub postponed_from: Option<Ts>,
    /// Until when those who had booked before the postponement are paid back in full.
    pub refund_until: Option<Ts>,
    /// Whether people wait for what comes back: nobody else can buy.
    pub waiting_list: bool,
    /// Whether some of its places have labels to choose from.
    pub seated: bool,
    /// The seating plan whose seats it sells.
    pub layout_id: Option<i64>,
    /// Places still to be had; up to two seconds old.
    pub remaining_tickets: i64,
    /// Places.
    pub total_tickets: i64,
    /// What is sold.
    pub ticket_types: Vec<TicketTypeDetail>,
}

/// What is sold in a session.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketTypeDetail {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What a buyer pays for one, in major units.
    pub price: f64,
    /// What a buyer pays for one, in minor units: the sum of its parts.
    pub price_minor: i64,
    /// What the organiser asks for, in minor units.
    pub face_minor: i64,
    /// The parts of the price.
    #[serde(flatten)]
    pub parts: Line,
    /// Places still to be had; up to two seconds old.
    pub remaining: i64,
    /// Places.
    pub total: i64,
    /// `#rrggbb`.
    pub colour: String,
    /// Whether its places have labels.
    pub seated: bool,
    /// Shown distinctly on the seat map.
    pub premium: bool,
    /// Taken off sale by its organiser; nothing of it remains.
    pub withdrawn: bool,
    /// Sold to whoever has a code that unlocks it only; the public does not see it.
    pub hidden: bool,
}

/// One performance and its event, for a page reached by a link.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionPage {
    /// The performance.
    #[serde(flatten)]
    pub session: SessionDetail,
    /// Its event.
    pub event: SessionEvent,
}

/// The event of a [`SessionPage`].
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionEvent {
    /// What lists show.
    #[serde(flatten)]
    pub card: EventCard,
    /// Tickets one account may have.
    pub per_person_limit: i64,
}
