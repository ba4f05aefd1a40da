//! What the journal says: one JSON value a line, in the order of what happened.
//!
//! Visitors appear only as salted hashes of their numbers: the first 16 bytes of HMAC-SHA256 under the room's secret salt
//! over the number (8 bytes, big-endian), in hexadecimal. Whoever was told her own can find herself; nobody else can.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use shared::clock::Ts;
use uuid::Uuid;

use crate::draw::document::Hex;
use crate::eta::tally::Tally;
use crate::merkle::{Hash, sha256};
use crate::queue::{Change, DrawStep, Ending, Standing};
use crate::rooms::entry::Entry as Price;
use crate::rooms::lanes::Lane;
use crate::rooms::rules::{Mode, Room, RoomState};
use crate::rooms::steering::{Pace, Steering};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts up from 0.
    pub seq: u64,
    /// When it was written.
    pub at: Ts,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// The journal begins, at this version of the line.
    Begun {
        /// Generation of the line.
        epoch: i64,
        /// Its version.
        version: u64,
    },
    /// An operator pressed a button.
    Act {
        /// Which.
        act: String,
        /// Salted hash of her account.
        operator: String,
    },
    /// The settings that decide who gets in, whoever changed them.
    Settings(Limits),
    /// Rate and cap in force are others, because the shop reported something or fell silent.
    Pace(Pace),
    /// The room does something else.
    State {
        /// What.
        state: RoomState,
    },
    /// The draw took a step.
    Draw {
        /// Which.
        step: DrawStep,
        /// SHA-256 of what the nodes keep of it, published and secret.
        digest: Hex,
    },
    /// The line moved on.
    Moved(Moved),
    /// How often the waits that a node has shown were right.
    Waits(Shown),
    /// The line moved on further than is known step by step: it was lost and restored, or nobody wrote for long.
    Gap {
        /// From this version …
        since: u64,
        /// … to this one.
        version: u64,
        /// Generation of the line.
        epoch: i64,
    },
    /// Something that a newer node has written: kept as it is, and never written here.
    #[serde(other)]
    Unknown,
}

impl What {
    /// The settings, if it tells them.
    pub fn limits(&self) -> Option<&Limits> {
        match self {
            What::Settings(limits) => Some(limits),
            _ => None,
        }
    }
}

/// What came of the waits that one node has shown, from its start until now: a later entry of the node takes the place of
/// an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Which node: an id that it has from its start to its end.
    pub node: String,
    /// What it has counted.
    #[serde(flatten)]
    pub tally: Tally,
}

/// The settings that decide who gets in, and what the line is told. What has its usual value is left out, as in entries of older
/// servers that did not know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Admissions a minute.
    pub rate_per_minute: u32,
    /// Visits at the same time.
    pub cap: u32,
    /// How rate and visits follow the shop, if they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steering: Option<Steering>,
    /// Seconds to claim a turn.
    pub claim_window_s: u32,
    /// Seconds after the claim window in which a sleeper still goes in next.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grace_s: u32,
    /// Seconds for which a turn may be put off.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deferral_s: u32,
    /// Below which share of the cap, percent, newcomers are called as they join.
    #[serde(default, skip_serializing_if = "is_default")]
    pub idle_percent: u32,
    /// Seconds of a visit.
    pub session_length_s: u32,
    /// How often a visit may be lengthened.
    #[serde(default, skip_serializing_if = "is_default")]
    pub renewals_max: u32,
    /// Seconds that each renewal adds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub renewal_s: u32,
    /// When the lobby opens.
    pub lobby_at: Option<Ts>,
    /// When the first is called.
    pub opens_at: Option<Ts>,
    /// When it is over.
    pub closes_at: Option<Ts>,
    /// Whether an account has at most one place.
    #[serde(default, skip_serializing_if = "is_default")]
    pub one_per_account: bool,
    /// What a join costs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub entry: Price,
    /// The operator's word to the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Its lanes with their weights; absent where there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lanes: Vec<Lane>,
    /// Whether the order is drawn.
    pub draw: bool,
    /// What the operator last asked for.
    pub mode: Mode,
}

impl Limits {
    /// Those of a room.
    pub fn of(room: &Room) -> Self {
        Self {
            rate_per_minute: room.rate_per_minute,
            cap: room.cap,
            steering: room.steering,
            claim_window_s: room.claim_window_s,
            grace_s: room.grace_s,
            deferral_s: room.deferral_s,
            idle_percent: room.idle_percent,
            session_length_s: room.session_length_s,
            renewals_max: room.renewals_max,
            renewal_s: if room.renewals_max == 0 { 0 } else { room.renewal().whole_seconds() as u32 },
            lobby_at: room.lobby_at,
            opens_at: room.opens_at,
            closes_at: room.closes_at,
            one_per_account: room.one_per_account,
            entry: room.entry,
            message: room.message.clone(),
            lanes: if room.lanes.len() > 1 { room.lanes.clone() } else { Vec::new() },
            draw: room.draw,
            mode: room.mode,
        }
    }
}

impl Limits {
    /// Whether the shop's reports may lead to this pace.
    pub fn allow(&self, pace: Pace) -> bool {
        let (floor, ceiling) =
            self.steering.map_or((self.rate_per_minute, self.rate_per_minute), |steering| {
                (steering.rate_floor, steering.rate_ceiling)
            });
        (floor..=ceiling).contains(&pace.rate_per_minute) && pace.cap <= self.cap
    }
}

/// Steps of the line from one version to another; joins are not among them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Version before.
    pub since: u64,
    /// Version after.
    pub version: u64,
    /// Lowest number called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// Highest number called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u64>,
    /// Who was called, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called: Vec<String>,
    /// In which lane each of them stood: a digit a call, the lane's index in the settings. Absent where all stood in the
    /// first, and in entries of older servers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lanes: String,
    /// Who went in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub admitted: Vec<String>,
    /// Who missed the turn and was skipped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<String>,
    /// Whose place an operator took away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<String>,
    /// Who lengthened the visit, once for each time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renewed: Vec<String>,
    /// How many left the line or the shop by themselves.
    #[serde(default, skip_serializing_if = "is_default")]
    pub left: u64,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Moved {
    /// What steps from version `since` to `version` mean. `salt` hides the visitors.
    pub fn of(since: u64, version: u64, steps: &[Change], salt: &Hash) -> Self {
        let mut moved = Self { since, version, ..Self::default() };
        for Change { number, lane, to } in steps {
            match to {
                Standing::Called { knock: None, .. } => {
                    moved.from = Some(moved.from.map_or(*number, |from| from.min(*number)));
                    moved.to = Some(moved.to.map_or(*number, |to| to.max(*number)));
                    moved.called.push(visitor(salt, *number));
                    moved.lanes.push(lane_digit(*lane));
                }
                Standing::Admitted { renewals: 0, .. } => moved.admitted.push(visitor(salt, *number)),
                Standing::Admitted { .. } => moved.renewed.push(visitor(salt, *number)),
                Standing::Ended { how: Ending::Missed, .. } => moved.missed.push(visitor(salt, *number)),
                Standing::Ended { how: Ending::Revoked, .. } => moved.revoked.push(visitor(salt, *number)),
                Standing::Ended { .. } => moved.left += 1,
                Standing::Waiting | Standing::Called { .. } => {}
            }
        }
        if moved.lanes.bytes().all(|lane| lane == b'0') {
            moved.lanes.clear();
        }
        moved
    }

    /// Whether each call has a lane, of which there are so many; `true` where none is named.
    pub fn names_lanes(&self, lanes: usize) -> bool {
        let is_one = |lane: char| lane.to_digit(10).is_some_and(|lane| (lane as usize) < lanes);
        self.lanes.is_empty() || (self.lanes.len() == self.called.len() && self.lanes.chars().all(is_one))
    }

    /// Whether it says more than that time has passed.
    pub fn says_something(&self) -> bool {
        let lists = [&self.called, &self.admitted, &self.missed, &self.revoked, &self.renewed];
        self.left > 0 || lists.iter().any(|list| !list.is_empty())
    }
}

/// The index of a lane; there are at most eight.
fn lane_digit(lane: u8) -> char {
    char::from(b'0' + lane.min(9))
}

/// A visitor as the journal names her.
pub fn visitor(salt: &Hash, number: u64) -> String {
    let Ok(mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(salt) else { return String::new() };
    let mac: Hash = mac.chain_update(number.to_be_bytes()).finalize().into_bytes().into();
    HEXLOWER.encode(&mac[..16])
}

/// An operator as the journal names her.
pub fn operator(salt: &Hash, user: Uuid) -> String {
    HEXLOWER.encode(&sha256(&[b"rushline operator 1\n", salt, user.as_bytes()])[..16])
}
