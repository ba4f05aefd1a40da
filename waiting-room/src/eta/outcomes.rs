//! How often shown waits are right: what some people were shown, compared with when they were called. Pure; a running
//! server and the simulator count by the same rules.
//!
//! Of everybody a bounded share is followed, chosen by a hash of the place's id, so that all nodes follow the same people.
//! Of all the waits such a person is shown while she stands at one depth, one is kept, each as likely as any other
//! (reservoir sampling: Vitter, "Random Sampling with a Reservoir", 1985), and compared once she is called. Who leaves
//! the line is not counted, for nobody knows how long she would have waited.

use std::collections::HashMap;

use shared::clock::Ts;
use uuid::Uuid;

use super::Eta;
use super::order::Order;
use super::tally::{BANDS, Tally, band_of};
use crate::queue::{Change, Place, Standing};
use crate::rooms::rules::Room;

/// People followed at a time; beyond it every second of them is let go.
const FOLLOWED_MAX: usize = 4096;

/// What the people who are followed were shown, and what came of it.
#[derive(Debug, Clone, Default)]
pub struct Outcomes {
    /// Those are followed whose lot ends in so many zero bits.
    sparsity: u32,
    /// By the numbers of their places.
    followed: HashMap<u64, Followed>,
    /// Who was called so far.
    order: Order,
    /// When an operator last did what nobody could know before.
    disturbed_at: Option<Ts>,
    tally: Tally,
}

/// One who is followed.
#[derive(Debug, Clone)]
struct Followed {
    lot: u64,
    /// When she joined.
    since: Ts,
    /// How many waits she was shown at each depth …
    screens: [u32; BANDS],
    /// … and the one of them that is compared.
    kept: [Option<Shown>; BANDS],
}

/// A wait on somebody's screen.
#[derive(Debug, Clone, Copy)]
struct Shown {
    at: Ts,
    eta: Eta,
}

impl Outcomes {
    /// Whether the place is among those that are followed.
    pub fn follows(&self, place: Uuid) -> bool {
        lot(place).trailing_zeros() >= self.sparsity
    }

    /// A waiting visitor is shown `eta`, with `ahead` people before her, while people are called.
    pub fn show(&mut self, place: &Place, ahead: u64, eta: Eta, now: Ts) {
        if !self.follows(place.id) {
            return;
        }
        let lot = lot(place.id);
        let since = place.joined_at;
        let fresh = || Followed { lot, since, screens: [0; BANDS], kept: [None; BANDS] };
        let followed = self.followed.entry(place.number).or_insert_with(fresh);
        let band = band_of(ahead);
        followed.screens[band] = followed.screens[band].saturating_add(1);
        let count = followed.screens[band];
        // The first is kept; the n-th takes its place with a chance of one in n.
        if mixed(lot ^ (u64::from(count) << 8) ^ band as u64).is_multiple_of(count.into()) {
            followed.kept[band] = Some(Shown { at: now, eta });
        }
        if self.followed.len() > FOLLOWED_MAX {
            self.sparsity += 1;
            let sparsity = self.sparsity;
            self.followed.retain(|_, followed| followed.lot.trailing_zeros() >= sparsity);
        }
    }

    /// Steps of the line: whoever was called is compared with what she was shown, whoever left is forgotten. With `is_whole` they
    /// are all that is known of it, not how it came there: what was shown before cannot be compared any more.
    pub fn see(&mut self, steps: &[Change], is_whole: bool, opened_at: Option<Ts>) {
        self.tally.order.add(self.order.see(steps, is_whole));
        for step in steps {
            match step.to {
                Standing::Waiting => {}
                Standing::Called { called_at, .. } => self.settle(step.number, called_at, opened_at),
                Standing::Admitted { .. } | Standing::Ended { .. } => {
                    self.followed.remove(&step.number);
                }
            }
        }
        if is_whole {
            self.followed.clear();
        }
    }

    /// An operator has done what nobody could know before: waits that are under way are counted apart.
    pub fn disturb(&mut self, now: Ts) {
        self.disturbed_at = self.disturbed_at.max(Some(now));
    }

    /// What has come of it so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    fn settle(&mut self, number: u64, called_at: Ts, opened_at: Option<Ts>) {
        let Some(followed) = self.followed.remove(&number) else { return };
        for (band, shown) in followed.kept.into_iter().enumerate() {
            let Some(Shown { at, eta }) = shown else { continue };
            let is_disturbed = self.disturbed_at.is_some_and(|disturbed| at <= disturbed);
            self.tally.count(band, eta, called_at - at, is_disturbed);
        }
        // An operator may open a room before its time.
        let opened_at = opened_at.filter(|opened| *opened <= called_at);
        let since = opened_at.map_or(followed.since, |opened| followed.since.max(opened));
        self.tally.waits.count(called_at - since);
    }
}

/// Whether going from one setting to another changes the waits of those in the line, and nobody could know.
pub fn disturbs(before: &Room, after: &Room) -> bool {
    before.mode != after.mode
        || before.rate_per_minute != after.rate_per_minute
        || before.cap != after.cap
        || before.session_length_s != after.session_length_s
        || before.weights() != after.weights()
}

/// A number that stands for a place: places with neighbouring ids have unlike ones.
fn lot(place: Uuid) -> u64 {
    let (high, low) = place.as_u64_pair();
    mixed(high ^ mixed(low))
}

/// The finishing step of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
fn mixed(bits: u64) -> u64 {
    let bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;
    use crate::queue::{BrowserKey, Ending};
    use crate::rooms::rules::Mode;
    use crate::rooms::rules::tests::open_room;

    fn at(seconds: i64) -> Ts {
        Ts::from_seconds(1_800_000_000 + seconds)
    }

    fn place(number: u64) -> Place {
        Place {
            id: Uuid::from_u128(number.into()),
            number,
            lane: 0,
            is_deferred: false,
            account: None,
            browser: BrowserKey::of_hash(&number.to_string()),
            joined_at: at(-100),
            standing: Standing::Waiting,
        }
    }

    fn called(number: u64, seconds: i64) -> Change {
        let called_at = at(seconds);
        let to = Standing::Called { called_at, claim_by: called_at + Duration::MINUTE, knock: None };
        Change { number, lane: 0, to }
    }

    const TEN_TO_TWENTY: Eta = Eta { low_s: 10, high_s: 20 };

    #[test]
    fn a_call_settles_what_was_shown_at_each_depth() {
        let mut outcomes = Outcomes::default();
        for (number, seconds) in [(1, 9), (2, 10), (3, 20), (4, 21)] {
            outcomes.show(&place(number), 5, TEN_TO_TWENTY, at(0));
            outcomes.see(&[called(number, seconds), called(number, seconds + 1)], false, None);
        }
        let near = outcomes.tally().bands[0];
        assert_eq!((near.right, near.sooner, near.later, near.disturbed), (2, 1, 1, 0));
        outcomes.show(&place(5), 12, Eta { low_s: 0, high_s: 5 }, at(0));
        outcomes.show(&place(5), 3, TEN_TO_TWENTY, at(30));
        outcomes.see(&[called(5, 45)], false, None);
        let [near, far, ..] = outcomes.tally().bands;
        assert_eq!((near.right, far.later), (3, 1));
        assert_eq!(outcomes.tally().waits.followed(), 5);
    }

    #[test]
    fn who_leaves_is_not_counted_and_neither_is_what_was_lost_sight_of() {
        let mut outcomes = Outcomes::default();
        outcomes.show(&place(1), 5, TEN_TO_TWENTY, at(0));
        outcomes.see(
            &[Change { number: 1, lane: 0, to: Standing::Ended { how: Ending::Left, at: at(3) } }],
            false,
            None,
        );
        outcomes.show(&place(2), 5, TEN_TO_TWENTY, at(0));
        outcomes.see(&[], true, None);
        outcomes.see(&[called(1, 15), called(2, 15)], false, None);
        assert_eq!(outcomes.tally().waits.followed(), 0);
        assert!(outcomes.tally().bands.iter().all(|counts| counts.compared() + counts.disturbed == 0));
    }

    #[test]
    fn waits_that_an_operator_disturbed_are_counted_apart() {
        let mut outcomes = Outcomes::default();
        outcomes.show(&place(1), 5, TEN_TO_TWENTY, at(0));
        outcomes.disturb(at(1));
        outcomes.show(&place(2), 5, TEN_TO_TWENTY, at(2));
        outcomes.see(&[called(1, 15), called(2, 15)], false, None);
        let near = outcomes.tally().bands[0];
        assert_eq!((near.right, near.disturbed, near.disturbed_right), (1, 1, 1));
        let room = open_room();
        assert!(disturbs(&room, &Room { mode: Mode::Paused, ..room.clone() }));
        assert!(!disturbs(&room, &Room { message: Some("Hello".into()), ..room.clone() }));
    }

    #[test]
    fn nobody_has_waited_before_the_opening() {
        let mut outcomes = Outcomes::default();
        outcomes.show(&place(1), 5, TEN_TO_TWENTY, at(0));
        outcomes.see(&[called(1, 64)], false, Some(at(0)));
        assert_eq!(outcomes.tally().waits.longest_s, 64);
    }

    #[test]
    fn a_million_are_followed_in_bounded_memory_and_every_screen_is_as_likely() {
        let mut outcomes = Outcomes::default();
        (0..100_000).for_each(|number| outcomes.show(&place(number), number, TEN_TO_TWENTY, at(0)));
        assert!((FOLLOWED_MAX / 2..=FOLLOWED_MAX).contains(&outcomes.followed.len()));
        let mut kept = [0u32; 4];
        for number in 0..4000 {
            let mut outcomes = Outcomes::default();
            (0..4).for_each(|second| outcomes.show(&place(number), 5, TEN_TO_TWENTY, at(second)));
            let one =
                outcomes.followed[&number].kept[0].map_or(0, |shown| (shown.at - at(0)).whole_seconds());
            kept[one as usize] += 1;
        }
        assert!(kept.iter().all(|count| (850..1150).contains(count)), "{kept:?}");
    }
}
