//! Coming into a line: anew, or back with a place that was lost. Pure, like all of [`Line`].

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use uuid::Uuid;

use super::codes::{CodeKey, CodeRefusal};
use super::guard::Guard;
use super::line::Line;
use super::{AccountKey, BrowserKey, Ending, Place, Standing, is_zero};
use crate::rooms::rules::RoomState;

/// A restored number may be at most this far beyond the line's end.
const RESTORE_SPAN_MAX: u64 = 1 << 27;

/// A wish to join.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Join {
    /// Id of the place if it becomes a new one.
    pub place: Uuid,
    /// Who joins.
    pub browser: BrowserKey,
    /// In which lane, unless the code opens another.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lane: u8,
    /// With which access code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeKey>,
    /// With which account of the shop; looked at in rooms with one place an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountKey>,
}

/// Answer to a [`Join`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joined {
    /// A new place at the end of the line.
    New(Place),
    /// The place this browser already had.
    Known(Place),
    /// The room takes nobody new in this state.
    Refused(RoomState),
    /// Not without a code that is good.
    NoEntry(CodeRefusal),
    /// Not with this account, or without one.
    NoAccount(AccountRefusal),
}

/// Why a join brought no place in a room with one place an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountRefusal {
    /// No account was shown.
    Needed,
    /// The account has a place in another browser.
    Taken,
}

/// A place that its holder can prove and the store does not know.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Restore {
    /// Its id.
    pub place: Uuid,
    /// Whose it is.
    pub browser: BrowserKey,
    /// The number it had.
    pub number: u64,
    /// Its lane.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lane: u8,
    /// The account it was tied to; dropped when that has another place by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountKey>,
    /// Since when it stood in the line.
    pub joined_at: Ts,
}

impl Line {
    /// See [`super::QueueStore::join`].
    pub fn join(&mut self, join: Join, now: Ts) -> Joined {
        let now = self.begin(now);
        if let Some(known) = self.live_place_of(join.browser)
            && self.guarded(Guard::OnePlace)
        {
            return Joined::Known(known);
        }
        let state = self.room.state(now);
        if !state.takes_joins() {
            return Joined::Refused(state);
        }
        let account = match self.account_for(&join) {
            Ok(account) => account,
            Err(refusal) => return Joined::NoAccount(refusal),
        };
        let lane = match self.admit_to_lane(join.lane, join.code, now) {
            Ok(lane) => lane,
            Err(refusal) => return Joined::NoEntry(refusal),
        };
        let Join { place: id, browser, .. } = join;
        let number = self.core.next_number;
        let place = Place {
            id,
            number,
            lane,
            is_deferred: false,
            account,
            browser,
            joined_at: now,
            standing: Standing::Waiting,
        };
        let place = self.seat(place);
        if self.is_idle(now) {
            self.summon(1, now);
        }
        Joined::New(self.places.get(&id).cloned().unwrap_or(place))
    }

    /// The account that a new place is tied to.
    fn account_for(&self, join: &Join) -> Result<Option<AccountKey>, AccountRefusal> {
        if !self.room.one_per_account {
            return Ok(None);
        }
        let account = join.account.ok_or(AccountRefusal::Needed)?;
        if self.index.by_account.contains_key(&account) && self.guarded(Guard::OneAccount) {
            return Err(AccountRefusal::Taken);
        }
        Ok(Some(account))
    }

    /// See [`super::QueueStore::restore`].
    pub fn restore(&mut self, restore: Restore, now: Ts) -> Place {
        let now = self.begin(now);
        if let Some(known) = self.places.get(&restore.place)
            && (!known.standing.is_over() || self.guarded(Guard::Ended))
        {
            return known.clone();
        }
        let limit = self.core.next_number.saturating_add(RESTORE_SPAN_MAX);
        let mut number = restore.number.clamp(1, limit);
        if let Some(live) = self.live_place_of(restore.browser) {
            if live.standing != Standing::Waiting || live.number < number {
                return live;
            }
            self.end(live, Ending::Left, now);
        }
        while self.index.is_issued(number) {
            number += 1;
        }
        let Restore { place: id, browser, lane, joined_at, account, .. } = restore;
        let account = account.filter(|account| !self.index.by_account.contains_key(account));
        let standing = Standing::Waiting;
        self.seat(Place { id, number, lane, is_deferred: false, account, browser, joined_at, standing })
    }
}
