//! Whose turn is next among the lanes of a room. Pure integer arithmetic, the same in every store.
//!
//! Turns go to lanes in proportion to their weights, evenly spread, and a lane in which nobody waits gives its share
//! away: start-time fair queueing (Goyal, Vin and Cheng, "Start-time Fair Queuing: A Scheduling Algorithm for Integrated
//! Services Packet Switching Networks", 1996) with turns as packets of one size, which is stride scheduling (Waldspurger
//! and Weihl, 1995) with a floor for those who come back. Each turn costs a lane [`STRIDE`] divided by its weight; the
//! lane that owes least is next. Debts are kept relative to the lane served last, so they stay bounded, and a lane that
//! was empty comes back with no debt and no credit.

use serde::{Deserialize, Serialize};

use super::ranks::Ranks;

/// Most lanes of a room.
pub const LANES_MAX: usize = 8;
/// Highest weight of a lane.
pub const WEIGHT_MAX: u32 = 1000;
/// What a turn costs a lane of weight 1. Cutting the quotient off costs a lane less than one turn in a million.
const STRIDE: u64 = 1_000_000_000;

/// What each lane owes for the turns it had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Debts([u64; LANES_MAX]);

impl Debts {
    /// The lane that gets the next turn, among those in which somebody waits; of equals the first. It now owes for it.
    pub fn take_turn(&mut self, weights: &[u32], waits: impl Fn(usize) -> bool) -> Option<usize> {
        let eligible = (0..weights.len().min(LANES_MAX)).filter(|lane| waits(*lane));
        let lane = eligible.min_by_key(|lane| self.0[*lane])?;
        let least = self.0[lane];
        self.0.iter_mut().for_each(|debt| *debt = debt.saturating_sub(least));
        self.0[lane] = STRIDE / u64::from(weights[lane].max(1));
        Some(lane)
    }
}

/// How many turns are given before that of a visitor with `ahead` people before her in `lane`: her own lane's, and
/// of each other lane its share of the same time, as long as people wait in it. Who joins other lanes later is not in it.
pub fn turns_before(ahead: u64, lane: usize, weights: &[u32], waiting: &[Ranks]) -> u64 {
    let own = u64::from(weights.get(lane).copied().unwrap_or(1).max(1));
    let meanwhile = |other: usize| {
        let share = (ahead + 1).saturating_mul(weights[other].into()) / own;
        waiting.get(other).map_or(0, Ranks::waiting).min(share)
    };
    ahead + (0..weights.len()).filter(|other| *other != lane).map(meanwhile).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn turns(debts: &mut Debts, weights: &[u32], count: usize) -> Vec<usize> {
        (0..count).filter_map(|_| debts.take_turn(weights, |_| true)).collect()
    }

    #[test]
    fn turns_are_spread_evenly() {
        assert_eq!(turns(&mut Debts::default(), &[3, 1], 8), [0, 1, 0, 0, 0, 1, 0, 0]);
        assert_eq!(turns(&mut Debts::default(), &[1, 1, 2], 8), [0, 1, 2, 2, 0, 1, 2, 2]);
    }

    #[test]
    fn an_empty_lane_gives_its_share_away_and_saves_nothing_up() {
        let (mut debts, weights) = (Debts::default(), [1, 9]);
        assert!((0..1000).all(|_| debts.take_turn(&weights, |lane| lane == 0) == Some(0)));
        let after = turns(&mut debts, &weights, 20);
        let heavy = after.iter().filter(|lane| **lane == 1).count();
        assert!((18..=19).contains(&heavy), "{after:?}");
        assert_eq!(debts.take_turn(&weights, |_| false), None);
    }

    #[test]
    fn a_visitor_waits_for_her_lanes_share_only() {
        let line = |count: u64| Ranks::of(1..=count);
        // One in ten turns is hers; the other lane is long, then short.
        assert_eq!(turns_before(9, 0, &[1, 9], &[line(10), line(1000)]), 9 + 90);
        assert_eq!(turns_before(9, 0, &[1, 9], &[line(10), line(5)]), 9 + 5);
        assert_eq!(turns_before(9, 1, &[1, 9], &[line(10), line(5)]), 9 + 1);
        assert_eq!(turns_before(9, 0, &[1], &[line(10)]), 9);
    }

    proptest! {
        /// In any stretch of time in which people wait in two lanes, each gets its share, to a turn (the bound of
        /// the paper), whatever the other lanes do.
        #[test]
        fn shares_hold_in_every_stretch_of_time(
            weights in prop::collection::vec(1u32..20, 2..LANES_MAX),
            comings in prop::collection::vec(any::<u8>(), 1..40),
        ) {
            let mut debts = Debts::default();
            // Lanes 0 and 1 always have somebody; the others come and go.
            let mut served: Vec<Vec<u64>> = vec![vec![0; weights.len()]];
            for coming in comings {
                for _ in 0..10 {
                    let waits = |lane: usize| lane < 2 || coming >> lane & 1 == 1;
                    let lane = debts.take_turn(&weights, waits);
                    prop_assert!(lane.is_some_and(waits));
                    let mut so_far = served[served.len() - 1].clone();
                    so_far[lane.unwrap_or(0)] += 1;
                    served.push(so_far);
                }
            }
            let (first, second) = (f64::from(weights[0]), f64::from(weights[1]));
            for (n, from) in served.iter().enumerate().step_by(7) {
                for to in &served[n..] {
                    let [a, b] = [0, 1].map(|lane| (to[lane] - from[lane]) as f64);
                    let gap = (a / first - b / second).abs();
                    prop_assert!(gap <= 1.0 / first + 1.0 / second + 1e-5, "{a} and {b} turns of {weights:?}");
                }
            }
        }
    }
}
