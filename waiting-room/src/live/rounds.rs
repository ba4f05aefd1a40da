//! When which slot is served: a function of the time alone, so that a late pass delays no other.
//!
//! Passes are numbered from the server's start, a hundredth of a second apart; a pass serves one slot, and a round of them every slot
//! once. Whoever has time takes the next pass that is due, so those that are late are made up for at once, by several tasks if need be.
//! More than a round is never made up for: overload sheds the oldest, whose watchers get fresher news from a later pass.
//!
//! When everybody has news at once, each pass of the next half round serves the slot half a round ahead too, instead of that slot's next
//! turn: so all have had theirs within half a round, and nobody is told more often than once a round by news of the line.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// Slots a round is divided into.
pub const SLOTS: usize = 100;
/// How long a round takes, in seconds: what waits of a watcher are counted in.
const ROUND_S: u64 = 1;
/// Passes that serve all slots between them when each serves two.
const HALF: u64 = SLOTS as u64 / 2;

/// A second of the server's life as watchers count it, in four bytes even where there may be none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Round(NonZeroU32);

impl Round {
    /// The one in which the server starts.
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    /// The round so many seconds later.
    #[must_use]
    pub fn after_s(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(u32::try_from(seconds / ROUND_S).unwrap_or(u32::MAX)))
    }

    /// Seconds since an `earlier` round; none if that is later.
    pub fn seconds_since(self, earlier: Self) -> u64 {
        u64::from(self.0.get().saturating_sub(earlier.0.get())) * ROUND_S
    }
}

/// The turn of one slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pass(u64);

impl Pass {
    /// Which slot is served.
    pub fn slot(self) -> usize {
        (self.0 % SLOTS as u64) as usize
    }

    /// In which round.
    pub fn round(self) -> Round {
        Round::FIRST.after_s(self.0 / SLOTS as u64 * ROUND_S)
    }

    /// When it is due, from the server's start on.
    pub fn due_after(self) -> Duration {
        Duration::from_millis(self.0 * ROUND_S * 1000 / SLOTS as u64)
    }

    /// The last one that is due when the server is so old.
    fn last_after(age: Duration) -> Self {
        Self((age.as_millis() * SLOTS as u128 / (u128::from(ROUND_S) * 1000)) as u64)
    }
}

/// The passes that are still to come. Tasks share it.
#[derive(Debug, Default)]
pub struct Passes {
    next: AtomicU64,
    /// The first one that serves its own slot only, since everybody last had news.
    calm_from: AtomicU64,
    /// Tasks that wait for one of them.
    waiting: AtomicUsize,
}

/// A task that waits for a pass, as long as it is held.
#[derive(Debug)]
pub struct Waiting<'p> {
    passes: &'p Passes,
    pass: Pass,
}

impl Waiting<'_> {
    /// When it should look again, from the server's start on.
    pub fn until(&self) -> Duration {
        self.pass.due_after()
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.passes.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Passes {
    /// Takes the next pass if it is due when the server is so old; each is taken once.
    pub fn take(&self, age: Duration) -> Option<Pass> {
        let last = Pass::last_after(age);
        let after = |next| due(next, last).map(|pass| pass.0 + 1);
        self.next
            .try_update(Ordering::Relaxed, Ordering::Relaxed, after)
            .ok()
            .and_then(|next| due(next, last))
    }

    /// Everybody has news: whoever is served from now on hears of them, and all are within half a round.
    pub fn hasten(&self) {
        self.calm_from.fetch_max(self.next().0 + HALF, Ordering::Relaxed);
    }

    /// What is served with a pass that was taken: it, and while there is haste the one half a round later, which has nothing to say any
    /// more when it comes itself.
    pub fn served_with(&self, pass: Pass) -> impl Iterator<Item = Pass> + use<> {
        let is_calm = pass.0 >= self.calm_from.load(Ordering::Relaxed);
        [pass, Pass(pass.0 + HALF)].into_iter().take(if is_calm { 1 } else { 2 })
    }

    /// Waits for a pass: the next but for those that other tasks wait for already, so that on many cores not all of them
    /// wake up for each.
    pub fn wait(&self) -> Waiting<'_> {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed) as u64;
        Waiting { passes: self, pass: Pass(self.next().0 + before) }
    }

    /// The round of the next pass: the present, as far as passes keep up.
    pub fn round(&self) -> Round {
        self.next().round()
    }

    fn next(&self) -> Pass {
        Pass(self.next.load(Ordering::Relaxed))
    }
}

/// The pass to be served when `next` is the first that was not yet and `last` the last that is due: a whole round is made up for at
/// most, for older passes would serve the same watchers again.
fn due(next: u64, last: Pass) -> Option<Pass> {
    (next <= last.0).then(|| Pass(next.max((last.0 + 1).saturating_sub(SLOTS as u64))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn taken(passes: &Passes, age_ms: u64) -> Vec<Pass> {
        std::iter::from_fn(|| passes.take(Duration::from_millis(age_ms))).collect()
    }

    #[test]
    fn passes_are_due_by_the_time_and_taken_once() {
        let passes = Passes::default();
        assert_eq!(taken(&passes, 0), [Pass(0)]);
        assert_eq!(passes.wait().until(), Duration::from_millis(10));
        assert_eq!(taken(&passes, 9), []);
        assert_eq!(taken(&passes, 10), [Pass(1)]);
        assert_eq!(taken(&passes, 49), [Pass(2), Pass(3), Pass(4)], "what was missed is made up for at once");
        assert_eq!(passes.wait().until(), Duration::from_millis(50), "and delays nothing");
    }

    #[test]
    fn tasks_wait_for_a_pass_each() {
        let passes = Passes::default();
        let (one, other) = (passes.wait(), passes.wait());
        assert_eq!([one.until(), other.until()], [Duration::ZERO, Duration::from_millis(10)]);
        drop(one);
        assert_eq!(taken(&passes, 0).len(), 1);
        assert_eq!(passes.wait().until(), Duration::from_millis(20), "the other waits for the one before");
        drop(other);
        assert_eq!(passes.wait().until(), Duration::from_millis(10));
    }

    #[test]
    fn a_round_is_made_up_for_at_most() {
        let passes = Passes::default();
        assert_eq!(taken(&passes, 5).len(), 1);
        let late = taken(&passes, 60_004);
        assert_eq!(late.len(), SLOTS);
        assert_eq!(late.last().map(|pass| pass.0), Some(6000));
        let mut slots: Vec<_> = late.iter().map(|pass| pass.slot()).collect();
        slots.sort_unstable();
        assert!(slots.into_iter().eq(0..SLOTS), "every slot once");
    }

    #[test]
    fn news_for_everybody_reach_every_slot_within_half_a_round() {
        for first in 0..2 * SLOTS as u64 {
            let passes = Passes::default();
            passes.next.store(first, Ordering::Relaxed);
            assert_eq!(
                passes.served_with(Pass(first)).count(),
                1,
                "without news each slot waits for its turn"
            );
            passes.hasten();
            let until = Pass(first + HALF).due_after() - Duration::from_millis(1);
            let hasty: Vec<_> = taken(&passes, until.as_millis() as u64);
            let mut slots: Vec<_> =
                hasty.iter().flat_map(|pass| passes.served_with(*pass)).map(Pass::slot).collect();
            slots.sort_unstable();
            assert!(slots.into_iter().eq(0..SLOTS), "every slot once");
            assert_eq!(
                passes.served_with(Pass(first + HALF)).count(),
                1,
                "and then there is no haste any more"
            );
        }
    }

    #[test]
    fn whoever_is_served_ahead_is_so_instead_of_at_her_turn() {
        let passes = Passes::default();
        passes.hasten();
        for pass in taken(&passes, 490) {
            let ahead = passes.served_with(pass).nth(1).unwrap();
            assert_eq!(ahead.due_after() - pass.due_after(), Duration::from_millis(500));
            assert_eq!((ahead.slot() + SLOTS - pass.slot()) % SLOTS, SLOTS / 2);
        }
    }

    #[test]
    fn rounds_are_seconds_of_the_server() {
        let round_of = |pass: u64| Pass(pass).round();
        assert_eq!(round_of(99), Round::FIRST);
        assert_eq!(round_of(100), Round::FIRST.after_s(1));
        assert_eq!(round_of(1_000_050).seconds_since(round_of(50)), 10_000);
        assert_eq!(Round::FIRST.seconds_since(round_of(100)), 0);
        assert_eq!(size_of::<Option<Round>>(), 4);
    }

    proptest! {
        /// Whenever tasks find the time to look, each slot's passes are in order, at most one a round, and never early.
        #[test]
        fn no_pass_is_early_or_twice_and_none_is_lost_but_to_overload(waits_ms in prop::collection::vec(0u64..2500, 1..60)) {
            let (passes, mut age_ms, mut before) = (Passes::default(), 0, None::<u64>);
            for wait_ms in waits_ms {
                age_ms += wait_ms;
                let some = taken(&passes, age_ms);
                for pass in &some {
                    prop_assert!(pass.due_after().as_millis() as u64 <= age_ms);
                    let next = before.map_or(0, |before| before + 1);
                    prop_assert!(pass.0 == next || (pass.0 > next && some.len() == SLOTS), "{pass:?} after {before:?}");
                    before = Some(pass.0);
                }
                prop_assert!(passes.wait().until().as_millis() as u64 > age_ms);
            }
        }
    }

    /// Each pass is taken once, whoever takes it.
    #[test]
    fn tasks_share_the_passes_without_overlap() {
        let passes = Passes::default();
        let share = || taken(&passes, 990);
        let mut all: Vec<u64> = std::thread::scope(|scope| {
            let shares: Vec<_> = (0..4).map(|_| scope.spawn(share)).collect();
            shares.into_iter().flat_map(|share| share.join().unwrap()).map(|pass| pass.0).collect()
        });
        all.sort_unstable();
        assert!(all.into_iter().eq(0..100));
    }
}
