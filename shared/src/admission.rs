//! The admission token: the first of the two threads between the services (design §4).
//!
//! The waiting room signs it when a visitor claims her turn; booking verifies it offline against the waiting
//! room's JWK set, and consumes its `jti` in the transaction that opens the booking session.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Ts;
use crate::keys::Claims;

/// Request header that carries the token to booking.
pub const HEADER: &str = "admission-token";
/// `aud` of every admission token.
pub const AUDIENCE: &str = "booking";
/// Seconds that an admission lasts at most.
pub const LENGTH_MAX_S: u32 = 86_400;
/// Where the waiting room publishes the keys that verify admission tokens.
pub const JWKS_PATH: &str = "/.well-known/jwks.json";

/// Name of the cookie in which the waiting room leaves the token of one room, for sites behind it on the same host.
pub fn cookie_name(room: &str) -> String {
    format!("rushline_admission_{room}")
}

/// Claims of an admission token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdmissionClaims {
    /// Issuer: the waiting room's public address.
    pub iss: String,
    /// [`AUDIENCE`].
    pub aud: String,
    /// Id of the place that was admitted.
    pub sub: Uuid,
    /// Id of this admission; opens one booking session.
    pub jti: Uuid,
    /// Id of the room the place stood in.
    pub room: String,
    /// The event (booking's id as text) whose sale is opened.
    pub event: String,
    /// Priority class the place stood in.
    pub lane: String,
    /// Issued, seconds.
    pub iat: i64,
    /// Valid from, seconds.
    pub nbf: i64,
    /// End of the booking session, seconds.
    pub exp: i64,
    /// Hash of the browser's secret ([`crate::browser::Browser::hash`]): a copied token is useless elsewhere.
    pub cnf: String,
}

impl Claims for AdmissionClaims {
    const TYP: &'static str = "admission+jwt";
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

impl AdmissionClaims {
    /// When the booking session ends.
    pub fn expires_at(&self) -> Ts {
        Ts::from_seconds(self.exp)
    }
}
