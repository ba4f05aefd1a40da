//! Who may use an admission, and what the others are told.

use axum::http::StatusCode;
use shared::admission::AdmissionClaims;
use shared::clock::Ts;
use shared::keys::TokenError;
use shared::problem::Problem;
use uuid::Uuid;

use super::Guarded;
use super::store::BookingSession;

/// Where the line of `room` is, as a path of the public address.
fn queue_path(room: &str) -> String {
    format!("/queue/{room}")
}

/// 403 for a request without a token.
pub fn queue_required(room: &str, public_url: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "queue-required", "Please join the queue")
        .detail(
            "Tickets for this event are sold through its waiting room. Join it; your turn opens the sale.",
        )
        .with("room", room)
        .with("queue_url", format!("{public_url}{}", queue_path(room)))
}

/// 401 for a token that does not verify.
pub fn invalid_token() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "invalid-token", "The token is not valid")
        .detail("The admission token is altered or not meant for this shop. Join the queue again.")
}

/// 401 for a token that verifies not, or no longer.
pub fn refused(error: TokenError, room: &str) -> Problem {
    match error {
        TokenError::Expired => expired(room),
        TokenError::Invalid | TokenError::NotYet => invalid_token(),
    }
}

fn expired(room: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "admission-expired", "Your turn is over")
        .detail("The time of this admission is over. Join the queue again.")
        .with("room", room)
        .with("queue_url", queue_path(room))
}

/// 401 for an admission that the waiting room has taken back.
pub fn revoked(room: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "admission-revoked", "This admission was taken back")
        .detail("The organiser has ended this admission. Join the queue again.")
        .with("room", room)
        .with("queue_url", queue_path(room))
}

fn not_yours() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "admission-not-yours", "This admission is somebody else's")
        .detail("An admission works in the browser and account that it was given to, for its own event. Join the queue in this browser.")
}

/// 409 for an admission that has done its work.
pub fn used() -> Problem {
    Problem::new(StatusCode::CONFLICT, "admission-used", "This admission is used up")
        .detail("An admission ends with its booking. Join the queue again to buy more.")
}

/// The hash of the browser that the token was given to, if it is the one that sent it and the sale is the token's.
pub fn holder(
    claims: &AdmissionClaims,
    sale: Guarded<'_>,
    browser: Option<String>,
) -> Result<String, Problem> {
    let is_its_sale = claims.event == sale.event.to_string() && claims.room == sale.room;
    match browser {
        Some(browser) if is_its_sale && browser == claims.cnf => Ok(browser),
        _ => Err(not_yours()),
    }
}

/// Whether `user` in `browser` may shop in this session now.
pub fn usable(
    session: &BookingSession,
    user: Uuid,
    browser: &str,
    room: &str,
    now: Ts,
) -> Result<(), Problem> {
    if session.user_id != user || session.browser != browser {
        Err(not_yours())
    } else if session.revoked {
        Err(revoked(room))
    } else if session.status == "finished" {
        Err(used())
    } else if session.status != "open" || session.expires_at <= now {
        Err(expired(room))
    } else {
        Ok(())
    }
}
