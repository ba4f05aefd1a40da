//! The mail when a turn comes: what the waiting room and booking say to each other about it.
//!
//! The waiting room keeps no address: it hands the wish to booking, which sends mails and keeps personal data anyway.
//! Booking asks after the place, as its visitor would, until it is its turn or over.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Ts;

/// Path at booking: somebody wants a mail when her turn comes, or no more.
pub const PATH: &str = "/internal/v1/turn-mails";

/// Path at the waiting room: whether a place's turn has come.
pub fn path(room: &str) -> String {
    format!("/internal/v1/rooms/{room}/turns")
}

/// Body of the call to booking.
#[derive(Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// The room.
    pub room: String,
    /// The place.
    pub place: Uuid,
    /// Where the mail goes; `None` takes the wish back.
    pub email: Option<String>,
}

/// Answer of booking.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Noted {
    /// Whether a mail will be sent. Not when it was sent before: there is one a place.
    pub is_kept: bool,
}

/// Body of the call to the waiting room.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The place.
    pub place: Uuid,
}

/// Answer of the waiting room.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Turn {
    /// Where the place stands.
    pub standing: TurnStanding,
    /// While it waits: when it is worth asking again, seconds.
    pub look_again_s: u32,
    /// When it is called: the turn is lost from this instant on.
    pub claim_by: Option<Ts>,
    /// Name of the room.
    pub name: String,
    /// Address of its page.
    pub page: String,
}

/// Where a place stands, as far as a mail asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TurnStanding {
    /// Not its turn yet.
    Waiting,
    /// Its turn, now.
    Called,
    /// In the shop, or over.
    Over,
}
