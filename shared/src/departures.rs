//! Departures: the second thread between the services (design §1).
//!
//! Booking tells the waiting room which admissions have ended, so that their places in the shop are refilled
//! at once. It is idempotent and may be lost: expiry frees the place too, only later.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Ts;
use crate::keys::Claims;
use crate::skew::BORNE_S;

/// `aud` of a service token.
pub const AUDIENCE: &str = "waiting-room";
/// Most departures in one call.
pub const BATCH_MAX: usize = 500;

/// Path of the call for one room.
pub fn path(room: &str) -> String {
    format!("/internal/v1/rooms/{room}/departures")
}

/// Body of the call.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Departures {
    /// At most [`BATCH_MAX`].
    pub departures: Vec<Departure>,
}

/// One admission that has ended.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Departure {
    /// The place, from the admission token's `sub`.
    pub place: Uuid,
    /// The admission, from its `jti`; an older admission of the same place ends nothing.
    pub jti: Uuid,
    /// How it ended.
    pub reason: Reason,
}

/// How a booking session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// With a booking.
    Finished,
    /// Without one.
    Abandoned,
}

/// Answer of the call.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Departed {
    /// How many admissions this call ended; fewer than sent when some had ended before.
    pub departed: usize,
}

/// Proof that a call comes from the other service: booking signs it with its session key, the waiting room with its
/// admission key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ServiceClaims {
    /// The service that is called: [`AUDIENCE`] or [`crate::admission::AUDIENCE`].
    pub aud: String,
    /// Valid from, seconds.
    pub nbf: i64,
    /// Dead from, seconds.
    pub exp: i64,
}

impl ServiceClaims {
    /// For a call to `audience`, valid for a minute from `now`.
    pub fn new(audience: &str, now: Ts) -> Self {
        Self { aud: audience.to_owned(), nbf: now.seconds() - BORNE_S, exp: now.seconds() + 60 }
    }
}

impl Claims for ServiceClaims {
    const TYP: &'static str = "service+jwt";
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
