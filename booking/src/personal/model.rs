//! What a person takes along. Ids of others and secrets are not among it.

use serde::Serialize;
use shared::access::Role;
use shared::clock::Ts;
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::rsvp::Intent;
use crate::tickets::TicketStatus;
use crate::users::phone::Language;
use crate::webhooks::EndpointState;

/// Everything kept of a person. Each list is the oldest first, and has 10,000 entries at most.
#[derive(Serialize, ToSchema)]
pub struct PersonalData {
    /// The account.
    pub id: Uuid,
    /// As she gave it.
    pub name: String,
    /// As she gave it.
    pub email: String,
    /// When she proved that it is hers.
    pub email_verified_at: Option<Ts>,
    /// What she may do.
    pub user_type: Role,
    /// When the account was made.
    pub created_at: Ts,
    /// Her phone, if she gave one.
    pub phone: Option<OwnPhone>,
    /// Since when logins need a second factor; null: they do not.
    pub second_factor_since: Option<Ts>,
    /// Accounts elsewhere that open this one.
    pub accounts_elsewhere: Vec<AccountElsewhere>,
    /// Her request to organise, if she made one.
    pub organiser_request: Option<OwnOrganiserRequest>,
    /// Logins, each on one device.
    pub logins: Vec<OwnLogin>,
    /// Bookings.
    pub bookings: Vec<OwnBooking>,
    /// Tickets she has or had.
    pub tickets: Vec<OwnTicket>,
    /// Tickets she offered to others.
    pub transfers: Vec<OwnTransfer>,
    /// Waiting lists she joined.
    pub waiting_list: Vec<OwnWaiting>,
    /// What she said of events.
    pub feedback: Vec<OwnFeedback>,
    /// Endpoints of hers that are told what happens.
    pub webhooks: Vec<OwnWebhook>,
}

/// A phone.
#[derive(Serialize, ToSchema, sqlx::FromRow)]
pub struct OwnPhone {
    /// As it is dialled.
    pub number: String,
    /// What texts to it are written in.
    pub language: Language,
    /// When she proved that she reads it.
    pub verified_at: Option<Ts>,
    /// Whether she wants to be told by text.
    pub texts: bool,
}

/// An account at an OpenID provider.
#[derive(Serialize, ToSchema, sqlx::FromRow)]
pub struct AccountElsewhere {
    /// The provider.
    pub issuer: String,
    /// Its name for the person.
    pub subject: String,
    /// When it was linked.
    pub linked_at: Ts,
    /// When it opened the account last.
    pub used_at: Ts,
}

/// A request to organise.
#[derive(Serialize, ToSchema, sqlx::FromRow)]
pub struct OwnOrganiserRequest {
    /// In her words.
    pub text: String,
    /// `waiting`, `approved` or `declined`.
    pub status: String,
    /// What was said to it.
    pub answer: String,
    /// When she asked.
    pub asked_at: Ts,
    /// When it was decided.
    pub decided_at: Option<Ts>,
}

/// A login. Devices are not recorded.
#[derive(Serialize, ToSchema, sqlx::FromRow)]
pub struct OwnLogin {
    /// When it was begun.
    pub begun_at: Ts,
    /// When it was renewed last.
    pub renewed_at: Option<Ts>,
    /// When it ends if it is not renewed.
    pub expires_at: Option<Ts>,
    /// When it was ended.
    pub ended_at: Option<Ts>,
}

/// A booking.
#[derive(Serialize, ToSchema, sqlx::FromRow)]
pub struct OwnBooking {
    /// Its number.
    pub reference: String,
    /// Name of the event.
    pub event: String,
    /// Start of the session.
    pub starts_at: Ts,
    /// Of the booking.
    pub status: String,
    /// Tickets.
    pub quantity: i64,
    /// What they cost.
    pub total_minor: i64,
    /// What was paid back.
    pub refund_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// When it was booked.
    pub created_at: Ts,
}

/// A ticket.
#[derive(Serialize, ToSchema, sqlx::FromRow)]
pub struct OwnTicket {
    /// Its code.
    pub code: String,
    /// Name of the event.
    pub event: String,
    /// Start of the session.
    pub starts_at: Ts,
    /// Section of the seat; null in general admission, like row and seat.
    pub section: Option<String>,
    /// Row of the seat.
    pub row: Option<String>,
    /// The seat.
    pub seat: Option<String>,
    /// The name on it.
    pub holder_name: String,
    /// Of the ticket.
    pub status: TicketStatus,
    /// When it was issued.
    pub issued_at: Ts,
    /// Whether she means to come, if she said so.
    pub rsvp: Option<Intent>,
    /// When somebody was let in with it.
    pub checked_in_at: Option<Ts>,
}

/// A ticket offered to somebody.
#[derive(Serialize, ToSchema, sqlx::FromRow)]
pub struct OwnTransfer {
    /// Code of the ticket.
    pub code: String,
    /// To whom.
    pub to_email: String,
    /// `offered`, `accepted`, `withdrawn` or `expired`.
    pub status: String,
    /// When it was offered.
    pub created_at: Ts,
    /// When it was accepted.
    pub accepted_at: Option<Ts>,
}

/// An entry in a waiting list.
#[derive(Serialize, ToSchema, sqlx::FromRow)]
pub struct OwnWaiting {
    /// Name of the event.
    pub event: String,
    /// Start of the session.
    pub starts_at: Ts,
    /// Tickets wanted.
    pub quantity: i64,
    /// `waiting`, `offered`, `taken`, `lapsed` or `left`.
    pub state: String,
    /// When it was made.
    pub joined_at: Ts,
}

/// What somebody said of an event.
#[derive(Serialize, ToSchema, sqlx::FromRow)]
pub struct OwnFeedback {
    /// Name of the event.
    pub event: String,
    /// 1 (bad) to 5 (great).
    pub rating: i64,
    /// Plain text.
    pub text: String,
    /// When.
    pub at: Ts,
}

/// An endpoint.
#[derive(Serialize, ToSchema, sqlx::FromRow)]
pub struct OwnWebhook {
    /// Where messages go.
    pub url: String,
    /// In its owner's words.
    pub description: String,
    /// What it is told of.
    #[schema(value_type = Vec<String>)]
    pub kinds: Json<Vec<String>>,
    /// Whether messages go there.
    pub state: EndpointState,
    /// When it was made.
    pub created_at: Ts,
}
