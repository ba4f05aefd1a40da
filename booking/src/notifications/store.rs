//! SQL of notifications: who is written to, and about what. Reads only.

use shared::clock::Ts;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::q;

/// A person to write to.
#[derive(Debug, Clone, FromRow)]
pub struct Reader {
    /// How to greet them; unknown of those who have no account.
    pub name: Option<String>,
    /// Where to.
    pub email: String,
}

impl Reader {
    /// What follows “Hello”.
    pub fn greeting(&self) -> &str {
        self.name.as_deref().unwrap_or("there")
    }
}

/// An account; `None` when it was deleted meanwhile.
pub async fn reader(db: &Db, user: Uuid) -> Result<Option<Reader>> {
    Ok(q!(db.ex(), opt Reader, "SELECT name, email FROM users WHERE id = $1", user)?)
}

/// A booking as mails tell of it.
#[derive(Debug, Clone, FromRow)]
pub struct BookingFacts {
    /// What people quote.
    pub reference: String,
    /// Where it stands.
    pub status: String,
    /// What was paid.
    pub total_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// The buyer's account.
    pub user_id: Uuid,
    /// The buyer.
    pub user_name: String,
    /// The buyer's address.
    pub user_email: String,
    /// The event.
    pub event_name: String,
    /// Where.
    pub venue_name: String,
    /// Where exactly; may be empty.
    pub venue_address: String,
    /// IANA name.
    pub time_zone: String,
    /// Hall inside the venue.
    pub room_name: Option<String>,
    /// Entry from.
    pub doors_at: Ts,
    /// Start.
    pub starts_at: Ts,
}

impl BookingFacts {
    /// Whether its tickets open the door.
    pub fn stands(&self) -> bool {
        matches!(self.status.as_str(), "confirmed" | "completed")
    }
}

/// A booking with its event and buyer.
pub async fn booking(db: &Db, id: Uuid) -> Result<Option<BookingFacts>> {
    Ok(q!(
        db.ex(),
        opt BookingFacts,
        "SELECT b.reference, b.status, b.total_minor, b.currency, b.user_id, u.name AS user_name, u.email AS user_email,
                e.name AS event_name, v.name AS venue_name, v.address AS venue_address, v.time_zone,
                s.room_name, s.doors_at, s.starts_at
         FROM bookings b JOIN users u ON u.id = b.user_id JOIN events e ON e.id = b.event_id
         JOIN venues v ON v.id = e.venue_id JOIN sessions s ON s.id = b.session_id WHERE b.id = $1",
        id
    )?)
}

/// A transfer as mails tell of it.
#[derive(Debug, Clone, FromRow)]
pub struct OfferFacts {
    /// The ticket offered.
    pub ticket_id: Uuid,
    /// Who offers.
    pub from_name: String,
    /// To whom.
    pub to_email: String,
    /// `offered`, `accepted`, `withdrawn` or `expired`.
    pub status: String,
}

/// An offer.
pub async fn offer(db: &Db, id: Uuid) -> Result<Option<OfferFacts>> {
    Ok(q!(
        db.ex(),
        opt OfferFacts,
        "SELECT t.ticket_id, u.name AS from_name, t.to_email, t.status
         FROM transfers t JOIN users u ON u.id = t.from_user WHERE t.id = $1",
        id
    )?)
}

/// An endpoint that takes no more webhooks, as mails tell of it.
#[derive(Debug, Clone, FromRow)]
pub struct WebhookFacts {
    /// Whose it is.
    pub owner_id: Uuid,
    /// Where messages went.
    pub url: String,
    /// In its owner's words; may be empty.
    pub description: String,
}

/// An endpoint that is disabled.
pub async fn disabled_webhook(db: &Db, endpoint: Uuid) -> Result<Option<WebhookFacts>> {
    Ok(q!(
        db.ex(),
        opt WebhookFacts,
        "SELECT owner_id, url, description FROM webhook_endpoints WHERE id = $1 AND state = 'disabled'",
        endpoint
    )?)
}

/// A postponement as mails tell of it.
#[derive(Debug, Clone, FromRow)]
pub struct MovedFacts {
    /// Why; may be empty.
    pub reason: String,
    /// Where it found the session.
    pub from: Ts,
    /// Until when everything is paid back.
    pub refund_until: Ts,
}

/// What a postponement did to the session of a booking; `None` when a newer one has moved it again.
pub async fn moved(db: &Db, postponement: Uuid, booking: Uuid) -> Result<Option<MovedFacts>> {
    Ok(q!(
        db.ex(),
        opt MovedFacts,
        "SELECT p.reason, s.postponed_from AS \"from\", s.refund_until
         FROM bookings b JOIN sessions s ON s.id = b.session_id
         JOIN postponements p ON p.event_id = s.event_id AND p.made_at = s.postponed_at
         WHERE p.id = $1 AND b.id = $2",
        postponement,
        booking
    )?)
}

/// Who holds valid tickets of a postponed session, with the booking each is of: of the next `most` bookings behind
/// `after`.
pub async fn holders(
    db: &Db,
    postponement: Uuid,
    after: Option<Uuid>,
    most: i64,
) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(q!(
        db.ex(),
        all(Uuid, Uuid),
        "SELECT DISTINCT t.booking_id, t.user_id FROM tickets t
         WHERE t.status = 'valid' AND t.booking_id IN (
             SELECT b.id FROM bookings b JOIN sessions s ON s.id = b.session_id
             JOIN postponements p ON p.event_id = s.event_id AND p.made_at = s.postponed_at
             WHERE p.id = $1 AND b.status = 'confirmed' AND (CAST($2 AS UUID) IS NULL OR b.id > $2)
             ORDER BY b.id LIMIT $3)
         ORDER BY t.booking_id, t.user_id",
        postponement,
        after,
        most
    )?)
}

/// What an admin has decided of somebody's request to organise: whether it was approved, and what was said to it.
pub async fn organiser_decision(db: &Db, user: Uuid) -> Result<Option<(bool, String)>> {
    Ok(q!(
        db.ex(),
        opt(bool, String),
        "SELECT status = 'approved', answer FROM organiser_requests WHERE user_id = $1 AND status <> 'waiting'",
        user
    )?)
}
