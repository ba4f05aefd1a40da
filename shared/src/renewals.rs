//! Renewals: what the waiting room tells booking when a visitor has lengthened her visit.
//!
//! The renewed admission token says it too, and booking believes any token that is shown to it; but the visitor may look
//! at a seat map until after the first end, and the booking session must not have been swept by then. The call may be
//! repeated and come late: an end only moves on.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Ts;

/// Path of the call.
pub const PATH: &str = "/internal/v1/renewals";

/// Body of the call.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Renewal {
    /// The admission: the `jti` of its tokens.
    pub jti: Uuid,
    /// The new end of the visit, the `exp` of the token that says so.
    pub until: Ts,
}

/// Answer of the call.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Renewed {
    /// Whether a booking session is open that ends later now. None is while the admission has not been used.
    pub renewed: bool,
}
