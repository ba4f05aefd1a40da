//! Revocations: what the waiting room tells booking when an operator takes an admission away.
//!
//! Booking verifies admission tokens offline, so a token would work until its expiry. The waiting room tells it which
//! places are revoked; booking writes that down before it answers, so it holds on all of its nodes from then on and
//! through restarts. The call may be repeated.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most places in one call.
pub const BATCH_MAX: usize = 500;
/// Path of the call.
pub const PATH: &str = "/internal/v1/revocations";

/// Body of the call.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revocations {
    /// Places whose admissions open nothing any more: the `sub` of their tokens. At most [`BATCH_MAX`].
    pub places: Vec<Uuid>,
}

/// Answer of the call.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Revoked {
    /// How many places were not revoked before.
    pub revoked: usize,
}
