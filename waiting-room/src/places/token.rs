//! The place token: the sealed proof of a place that the browser keeps. Only the waiting room's nodes read it.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::keys::Claims;
use shared::skew::BORNE_S;
use uuid::Uuid;

use crate::queue::line::REMEMBERED;
use crate::queue::{AccountKey, BrowserKey, Epoch, Place, Restore, Standing};
use crate::rooms::rules::{Room, RoomId};

/// `aud` of every place token.
pub const AUDIENCE: &str = "waiting-room";

/// Claims of a place token: all that is needed to put the place back where it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceClaims {
    /// [`AUDIENCE`].
    pub aud: String,
    /// The room.
    pub room: RoomId,
    /// The store's generation that gave the number.
    pub epoch: Epoch,
    /// Id of the place.
    pub sub: Uuid,
    /// The number.
    pub number: u64,
    /// Name of the lane.
    pub lane: String,
    /// The account it is tied to, in a room with one place an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountKey>,
    /// Joined, microseconds.
    pub joined: i64,
    /// Issued, seconds.
    pub iat: i64,
    /// Valid from, seconds.
    pub nbf: i64,
    /// Dead from, seconds. Not before the store may have forgotten the place ([`REMEMBERED`]).
    pub exp: i64,
    /// Hash of the browser's secret.
    pub cnf: String,
}

impl PlaceClaims {
    /// Claims for `place`, whose lane has the name `lane`, issued now.
    pub fn new(room: &RoomId, lane: &str, epoch: Epoch, place: &Place, browser_hash: &str, now: Ts) -> Self {
        Self {
            aud: AUDIENCE.to_owned(),
            room: room.clone(),
            epoch,
            sub: place.id,
            number: place.number,
            lane: lane.to_owned(),
            account: place.account,
            joined: place.joined_at.micros(),
            iat: now.seconds(),
            nbf: now.seconds() - BORNE_S,
            exp: (now + REMEMBERED).seconds(),
            cnf: browser_hash.to_owned(),
        }
    }

    /// The place, standing as somebody else says.
    pub fn place(&self, room: &Room, standing: Standing) -> Place {
        let Restore { place: id, browser, number, lane, account, joined_at } = self.restore(room);
        Place { id, number, lane, is_deferred: false, account, browser, joined_at, standing }
    }

    /// The place as it is to be put back.
    pub fn restore(&self, room: &Room) -> Restore {
        Restore {
            lane: room.lane_named(&self.lane).unwrap_or_default(),
            account: self.account,
            place: self.sub,
            browser: BrowserKey::of_hash(&self.cnf),
            number: self.number,
            joined_at: Ts::from_micros(self.joined),
        }
    }
}

impl Claims for PlaceClaims {
    const TYP: &'static str = "place+jwt";
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

/// Name of the cookie that keeps the token of one room.
pub fn cookie_name(room: &RoomId) -> String {
    format!("rushline_place_{room}")
}

#[cfg(test)]
mod tests {
    use shared::entropy::Entropy;
    use shared::keys::{KeyRing, Purpose};

    use super::*;

    #[test]
    fn mutated_tokens_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let keys = KeyRing::open(dir.path(), Purpose::Place, &Entropy::seeded(1)).unwrap();
        let now = Ts::from_seconds(1_800_000_000);
        let claims = PlaceClaims {
            aud: AUDIENCE.to_owned(),
            room: RoomId::parse("rock-night").unwrap(),
            epoch: 1,
            sub: Uuid::nil(),
            number: 7,
            lane: "general".to_owned(),
            account: None,
            joined: now.micros(),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.seconds() + 60,
            cnf: "hash".to_owned(),
        };
        let good = [keys.seal(&claims).unwrap(), keys.sign(&claims).unwrap()];
        shared::testing::mutations::feed_text(&[&good[0], &good[1]], |token| {
            let is_accepted = keys.unseal::<PlaceClaims>(token, AUDIENCE, now).is_ok();
            assert!(!is_accepted || good.iter().any(|good| token == good), "accepted: {token}");
        });
    }
}
