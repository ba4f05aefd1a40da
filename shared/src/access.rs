//! Access tokens: who a request comes from. Booking signs them; both services verify them.

use axum::http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Ts;
use crate::keys::Claims;
use crate::problem::Problem;
use crate::skew::BORNE_S;

/// `aud` of every access token.
pub const AUDIENCE: &str = "rushline";
/// Where booking publishes the keys that verify access and service tokens.
pub const JWKS_PATH: &str = "/api/v1/users/jwks.json";

/// What a person may do. Granted by an admin, never by the registration body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(type_name = "text", rename_all = "lowercase"))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Buys tickets.
    Guest,
    /// Runs own events.
    Organizer,
    /// Runs everything.
    Admin,
    /// Checks tickets at the door.
    Gate,
}

/// Claims of an access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Issuer: booking's public address.
    pub iss: String,
    /// [`AUDIENCE`].
    pub aud: String,
    /// The user.
    pub sub: Uuid,
    /// Family of the login this token belongs to; ending it ends the token's refresh.
    pub sid: Uuid,
    /// What the user may do, as of `iat`.
    pub role: Role,
    /// Issued, seconds.
    pub iat: i64,
    /// Valid from, seconds.
    pub nbf: i64,
    /// Dead from, seconds.
    pub exp: i64,
}

impl Claims for AccessClaims {
    const TYP: &'static str = "access+jwt";
    fn audience(&self) -> &str {
        &self.aud
    }
    fn not_before(&self) -> i64 {
        self.nbf
    }
    fn expires(&self) -> i64 {
        self.exp
    }
}

impl AccessClaims {
    /// Claims valid from `now` for `lifetime_s` seconds.
    pub fn new(iss: &str, user: Uuid, sid: Uuid, role: Role, now: Ts, lifetime_s: i64) -> Self {
        let iat = now.seconds();
        Self {
            iss: iss.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user,
            sid,
            role,
            iat,
            nbf: iat - BORNE_S,
            exp: iat + lifetime_s,
        }
    }
}

/// The token of `Authorization: Bearer …`, if there is one.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// 401 for a bearer token that does not verify.
pub fn invalid_token() -> Problem {
    Problem::new(axum::http::StatusCode::UNAUTHORIZED, "invalid-token", "The token is not valid")
        .detail("The access token is altered, expired or not meant for this service. Log in again.")
}
