//! A line's places by what they are looked up by. Derived: whatever is here follows from the places.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shared::clock::Ts;
use shared::verify::Checked;
use uuid::Uuid;

use super::lanes::LANES_MAX;
use super::pace::Outstanding;
use super::ranks::Ranks;
use super::{AccountKey, BrowserKey, Place, Standing};

/// The index. Every place is in it exactly once, under its current standing.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// The live place of each browser.
    pub by_browser: HashMap<BrowserKey, Uuid>,
    /// The live place of each account.
    pub by_account: HashMap<AccountKey, Uuid>,
    /// Who waits, by lane and number.
    pub waiting: [BTreeMap<u64, Uuid>; LANES_MAX],
    /// Who stands at the door, by number.
    pub door: BTreeMap<u64, Uuid>,
    /// When the called were called who have not come yet.
    pub outstanding: Outstanding,
    /// When turns and sessions end by themselves.
    pub deadlines: BTreeSet<(Ts, Uuid)>,
    /// When places ended.
    pub ended: BTreeSet<(Ts, Uuid)>,
    /// How many are called, those at the door included.
    pub called: u64,
    /// How many are in the shop.
    pub admitted: u64,
    issued: Ranks,
}

impl Index {
    /// These numbers are taken.
    pub fn issue(&mut self, numbers: impl IntoIterator<Item = u64>) {
        self.issued.update(numbers.into_iter().map(|number| (number, true)));
    }

    /// Whether a number is taken, by a live place or an ended one.
    pub fn is_issued(&self, number: u64) -> bool {
        self.issued.contains(number)
    }

    /// Whether this is the index of exactly these places. A number stays taken when its place is forgotten.
    pub fn compare<'a>(&self, places: impl Iterator<Item = &'a Place>) -> Checked {
        let mut checked = Checked::new("I15", "Every index of the line agrees with its places.", 0);
        let mut fresh = Self::default();
        for place in places {
            checked.looked_at += 1;
            fresh.add(place);
            if !self.is_issued(place.number) {
                checked.offend(|| format!("number {} of place {} counts as free", place.number, place.id));
            }
        }
        for (name, agrees) in [
            ("by browser", self.by_browser == fresh.by_browser),
            ("by account", self.by_account == fresh.by_account),
            ("waiting", self.waiting == fresh.waiting),
            ("door", self.door == fresh.door),
            ("outstanding", self.outstanding == fresh.outstanding),
            ("deadlines", self.deadlines == fresh.deadlines),
            ("ended", self.ended == fresh.ended),
            ("counts", (self.called, self.admitted) == (fresh.called, fresh.admitted)),
        ] {
            if !agrees {
                checked.offend(|| format!("index “{name}”"));
            }
        }
        checked
    }

    /// How many wait.
    pub fn waiting(&self) -> u64 {
        self.waiting.iter().map(|lane| lane.len() as u64).sum()
    }

    fn lane_of(&mut self, place: &Place) -> &mut BTreeMap<u64, Uuid> {
        &mut self.waiting[usize::from(place.lane).min(LANES_MAX - 1)]
    }

    /// Takes a place in, under its standing.
    pub fn add(&mut self, place: &Place) {
        if !place.standing.is_over() {
            self.by_browser.insert(place.browser, place.id);
            self.by_account.extend(place.account.map(|account| (account, place.id)));
        }
        match place.standing {
            Standing::Waiting => {
                self.lane_of(place).insert(place.number, place.id);
            }
            Standing::Called { called_at, claim_by, knock } => {
                self.called += 1;
                self.deadlines.insert((claim_by, place.id));
                if knock.is_some() {
                    self.door.insert(place.number, place.id);
                } else {
                    self.outstanding.add(called_at);
                }
            }
            Standing::Admitted { until, .. } => {
                self.admitted += 1;
                self.deadlines.insert((until, place.id));
            }
            Standing::Ended { at, .. } => {
                self.ended.insert((at, place.id));
            }
        }
    }

    /// Takes a place out; its standing must be the one it was taken in with.
    pub fn remove(&mut self, place: &Place) {
        if self.by_browser.get(&place.browser) == Some(&place.id) {
            self.by_browser.remove(&place.browser);
        }
        if let Some(account) = &place.account
            && self.by_account.get(account) == Some(&place.id)
        {
            self.by_account.remove(account);
        }
        match place.standing {
            Standing::Waiting => {
                self.lane_of(place).remove(&place.number);
            }
            Standing::Called { called_at, claim_by, knock } => {
                self.called -= 1;
                self.deadlines.remove(&(claim_by, place.id));
                if knock.is_some() {
                    self.door.remove(&place.number);
                } else {
                    self.outstanding.remove(called_at);
                }
            }
            Standing::Admitted { until, .. } => {
                self.admitted -= 1;
                self.deadlines.remove(&(until, place.id));
            }
            Standing::Ended { at, .. } => {
                self.ended.remove(&(at, place.id));
            }
        }
    }
}
