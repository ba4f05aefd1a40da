//! What is kept of each watched place, thousands of times and for hours: as little as it takes.

use std::collections::HashMap;
use std::slice;
use std::sync::Arc;

use shared::clock::Ts;
use uuid::Uuid;

use super::mailbox::Watcher;
use crate::queue::{AccountKey, BrowserKey, Place, Standing};

/// A [`Place`] in less than half its size as long as it waits.
pub(super) struct Kept {
    id: Uuid,
    /// Its number.
    pub number: u64,
    browser: BrowserKey,
    joined_at: Ts,
    /// In few rooms there is one.
    account: Option<Box<AccountKey>>,
    /// Nothing while it waits.
    standing: Option<Box<Standing>>,
    lane: u8,
    is_deferred: bool,
}

impl From<Place> for Kept {
    fn from(place: Place) -> Self {
        let Place { id, number, lane, is_deferred, account, browser, joined_at, standing } = place;
        let account = account.map(Box::new);
        Self { id, number, browser, joined_at, account, standing: boxed(standing), lane, is_deferred }
    }
}

impl Kept {
    /// The place as it is known now.
    pub fn place(&self) -> Place {
        Place {
            id: self.id,
            number: self.number,
            lane: self.lane,
            is_deferred: self.is_deferred,
            account: self.account.as_deref().copied(),
            browser: self.browser,
            joined_at: self.joined_at,
            standing: self.standing(),
        }
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        self.standing.as_deref().copied().unwrap_or(Standing::Waiting)
    }

    /// Takes the standing; the place's id when that was known before.
    pub fn set_standing(&mut self, standing: Standing) -> Option<Uuid> {
        let is_known = self.standing() == standing;
        self.standing = boxed(standing);
        is_known.then_some(self.id)
    }
}

fn boxed(standing: Standing) -> Option<Box<Standing>> {
    (standing != Standing::Waiting).then(|| Box::new(standing))
}

/// The watchers of a room by the numbers of their places, those of one place in the order in which they came.
#[derive(Default)]
pub(super) struct ByNumber(HashMap<u64, Same>);

/// Those of one place: one, hardly ever more.
enum Same {
    One(Arc<Watcher>),
    More(Box<[Arc<Watcher>]>),
}

impl Same {
    fn all(&self) -> &[Arc<Watcher>] {
        match self {
            Self::One(one) => slice::from_ref(one),
            Self::More(all) => all,
        }
    }
}

impl ByNumber {
    /// One more.
    pub fn add(&mut self, number: u64, watcher: Arc<Watcher>) {
        self.change(number, |same| same.push(watcher));
    }

    /// One less.
    pub fn forget(&mut self, number: u64, watcher: &Arc<Watcher>) {
        self.change(number, |same| same.retain(|other| !Arc::ptr_eq(other, watcher)));
    }

    /// So many at most are left of those of one place; the oldest that are not.
    pub fn keep(&mut self, number: u64, most: usize) -> Vec<Arc<Watcher>> {
        let more = self.of(number).len().saturating_sub(most);
        let mut oldest = Vec::new();
        if more > 0 {
            self.change(number, |same| oldest.extend(same.drain(..more)));
        }
        oldest
    }

    /// Those of one place.
    pub fn of(&self, number: u64) -> &[Arc<Watcher>] {
        self.0.get(&number).map(Same::all).unwrap_or_default()
    }

    /// Everybody, place by place.
    pub fn places(&self) -> impl Iterator<Item = &[Arc<Watcher>]> {
        self.0.values().map(Same::all)
    }

    fn change(&mut self, number: u64, change: impl FnOnce(&mut Vec<Arc<Watcher>>)) {
        let mut same = match self.0.remove(&number) {
            None => Vec::new(),
            Some(Same::One(one)) => vec![one],
            Some(Same::More(all)) => all.into_vec(),
        };
        change(&mut same);
        let same = match same.len() {
            0 => return,
            1 => same.pop().map(Same::One),
            _ => Some(Same::More(same.into_boxed_slice())),
        };
        self.0.extend(same.map(|same| (number, same)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::hub::tests::{now, place};
    use crate::queue::Ending;

    #[test]
    fn what_is_kept_is_the_place_and_small() {
        let called = Standing::Called { called_at: now(), claim_by: now(), knock: Some(Uuid::max()) };
        let ended = Standing::Ended { how: Ending::Left, at: now() };
        for standing in [Standing::Waiting, called, ended] {
            let account = Some(AccountKey(Uuid::from_u128(7)));
            let place = Place { standing, account, lane: 3, is_deferred: true, ..place(5) };
            let mut kept = Kept::from(place.clone());
            assert_eq!(kept.place(), place);
            assert_eq!(kept.set_standing(standing), Some(place.id), "known before");
            assert_eq!(kept.set_standing(Standing::Waiting).is_some(), standing == Standing::Waiting);
            assert_eq!(kept.standing(), Standing::Waiting);
        }
        assert!(size_of::<Kept>() <= 80 && size_of::<Same>() <= 16);
    }
}
