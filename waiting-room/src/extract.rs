//! Who is asking, where it is not a visitor: operators and booking.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use shared::access::{self, AccessClaims, Role};
use shared::departures::{self, ServiceClaims};
use shared::problem::Problem;
use uuid::Uuid;

use crate::app::App;
use crate::rooms::rules::Room;

/// An organiser or admin, by the access token of booking's login.
#[derive(Debug, Clone, Copy)]
pub struct Operator {
    /// Her account.
    pub user: Uuid,
    /// Whether every room is hers to operate.
    pub is_admin: bool,
}

impl Operator {
    /// Whose a room is that she makes: an organiser's is hers, an admin's is every organiser's.
    pub fn as_owner(self) -> Option<Uuid> {
        (!self.is_admin).then_some(self.user)
    }

    /// Whether she may operate it.
    pub fn may(self, room: &Room) -> bool {
        self.is_admin || room.owner.is_none_or(|owner| owner == self.user)
    }
}

/// Booking itself, by its service token.
#[derive(Debug, Clone, Copy)]
pub struct BookingService;

impl FromRequestParts<App> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = access::bearer(&parts.headers).ok_or_else(Problem::unauthorized)?;
        let now = app.now();
        let keys = app.booking_keys.for_token(token, now).await;
        let claims: AccessClaims =
            keys.verify(token, access::AUDIENCE, now).map_err(|_| access::invalid_token())?;
        match claims.role {
            Role::Organizer => Ok(Self { user: claims.sub, is_admin: false }),
            Role::Admin => Ok(Self { user: claims.sub, is_admin: true }),
            Role::Guest | Role::Gate => Err(Problem::forbidden()),
        }
    }
}

impl FromRequestParts<App> for BookingService {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = access::bearer(&parts.headers).ok_or_else(access::invalid_token)?;
        let now = app.now();
        let keys = app.booking_keys.for_token(token, now).await;
        keys.verify::<ServiceClaims>(token, departures::AUDIENCE, now)
            .map_err(|_| access::invalid_token())?;
        Ok(Self)
    }
}
