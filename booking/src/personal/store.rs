//! SQL of what is kept of a person.

use shared::clock::Ts;
use uuid::Uuid;

use super::model::{
    AccountElsewhere, OwnBooking, OwnFeedback, OwnLogin, OwnOrganiserRequest, OwnPhone, OwnTicket,
    OwnTransfer, OwnWaiting, OwnWebhook,
};
use crate::db::Db;
use crate::error::Result;
use crate::q;

/// Phone.
pub async fn phone(db: &Db, user: Uuid) -> Result<Option<OwnPhone>> {
    Ok(q!(
        db.ex(),
        opt OwnPhone,
        "SELECT number, language, verified_at, texts FROM phones WHERE user_id = $1",
        user
    )?)
}

/// Since when a second factor is asked for.
pub async fn second_factor_since(db: &Db, user: Uuid) -> Result<Option<Ts>> {
    Ok(q!(
        db.ex(),
        optval Ts,
        "SELECT confirmed_at FROM totp WHERE user_id = $1 AND confirmed_at IS NOT NULL",
        user
    )?)
}

/// Accounts elsewhere that open this one.
pub async fn accounts_elsewhere(db: &Db, user: Uuid) -> Result<Vec<AccountElsewhere>> {
    Ok(q!(
        db.ex(),
        all AccountElsewhere,
        "SELECT issuer, subject, created_at AS linked_at, used_at FROM identities
         WHERE user_id = $1 ORDER BY created_at, issuer, subject LIMIT 10000",
        user
    )?)
}

/// Request to organise.
pub async fn organiser_request(db: &Db, user: Uuid) -> Result<Option<OwnOrganiserRequest>> {
    Ok(q!(
        db.ex(),
        opt OwnOrganiserRequest,
        "SELECT text, status, answer, asked_at, decided_at FROM organiser_requests WHERE user_id = $1",
        user
    )?)
}

/// Logins with their refresh tokens' times.
pub async fn logins(db: &Db, user: Uuid) -> Result<Vec<OwnLogin>> {
    Ok(q!(
        db.ex(),
        all OwnLogin,
        "SELECT l.created_at AS begun_at,
                (SELECT max(r.replaced_at) FROM refresh_tokens r WHERE r.login_id = l.id) AS renewed_at,
                (SELECT max(r.expires_at) FROM refresh_tokens r WHERE r.login_id = l.id) AS expires_at, l.ended_at
         FROM logins l WHERE l.user_id = $1 ORDER BY l.id LIMIT 10000",
        user
    )?)
}

/// Bookings.
pub async fn bookings(db: &Db, user: Uuid) -> Result<Vec<OwnBooking>> {
    Ok(q!(
        db.ex(),
        all OwnBooking,
        "SELECT b.reference, e.name AS event, s.starts_at, b.status, b.quantity, b.total_minor, b.refund_minor, b.currency,
                b.created_at
         FROM bookings b JOIN events e ON e.id = b.event_id JOIN sessions s ON s.id = b.session_id
         WHERE b.user_id = $1 ORDER BY b.id LIMIT 10000",
        user
    )?)
}

/// Tickets, with what was said of coming.
pub async fn tickets(db: &Db, user: Uuid) -> Result<Vec<OwnTicket>> {
    Ok(q!(
        db.ex(),
        all OwnTicket,
        "SELECT t.code, e.name AS event, s.starts_at, f.section, f.row_label AS row, f.label AS seat, t.holder_name, t.status,
                t.issued_at, r.answer AS rsvp,
                (SELECT min(c.at) FROM checkins c WHERE c.ticket_id = t.id AND c.undone_at IS NULL) AS checked_in_at
         FROM tickets t JOIN events e ON e.id = t.event_id JOIN sessions s ON s.id = t.session_id
         JOIN seats f ON f.id = t.seat_id LEFT JOIN rsvps r ON r.ticket_id = t.id
         WHERE t.user_id = $1 ORDER BY t.id LIMIT 10000",
        user
    )?)
}

/// Tickets offered to others.
pub async fn transfers(db: &Db, user: Uuid) -> Result<Vec<OwnTransfer>> {
    Ok(q!(
        db.ex(),
        all OwnTransfer,
        "SELECT t.code, o.to_email, o.status, o.created_at, o.accepted_at
         FROM transfers o JOIN tickets t ON t.id = o.ticket_id WHERE o.from_user = $1 ORDER BY o.id LIMIT 10000",
        user
    )?)
}

/// Entries in waiting lists.
pub async fn waiting_list(db: &Db, user: Uuid) -> Result<Vec<OwnWaiting>> {
    Ok(q!(
        db.ex(),
        all OwnWaiting,
        "SELECT e.name AS event, s.starts_at, w.quantity, w.state, w.joined_at
         FROM waiting_list w JOIN sessions s ON s.id = w.session_id JOIN events e ON e.id = s.event_id
         WHERE w.user_id = $1 ORDER BY w.id LIMIT 10000",
        user
    )?)
}

/// What was said of events whose tickets the person has or had.
pub async fn feedback(db: &Db, user: Uuid) -> Result<Vec<OwnFeedback>> {
    Ok(q!(
        db.ex(),
        all OwnFeedback,
        "SELECT e.name AS event, f.rating, f.text, f.at FROM feedback f JOIN events e ON e.id = f.event_id
         WHERE f.user_id = $1 AND f.event_id IN (SELECT t.event_id FROM tickets t WHERE t.user_id = $1)
         ORDER BY f.at, f.event_id LIMIT 10000",
        user
    )?)
}

/// Endpoints.
pub async fn webhooks(db: &Db, user: Uuid) -> Result<Vec<OwnWebhook>> {
    Ok(q!(
        db.ex(),
        all OwnWebhook,
        "SELECT url, description, kinds, state, created_at FROM webhook_endpoints WHERE owner_id = $1 ORDER BY id LIMIT 10000",
        user
    )?)
}
