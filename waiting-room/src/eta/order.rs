//! How far the order of calls is from that of the line: Kendall's distance, counted call by call. Pure.
//!
//! Two who stood in the same lane are out of order when the one with the higher number was called first. By the rules that happens
//! to nobody but those who came back late after a loss of the store, so the count says in public whether the rules were kept.
//! Of each call it takes how many were called before, and how many of those had a higher number: the rank of a bit.

use serde::{Deserialize, Serialize};

use crate::queue::lanes::LANES_MAX;
use crate::queue::ranks::Ranks;
use crate::queue::{Change, Standing};

/// Who was called so far, by lane.
#[derive(Debug, Clone)]
pub struct Order(Vec<Ranks>);

/// What was counted of the order of calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ordered {
    /// Calls.
    pub called: u64,
    /// Pairs of calls of one lane.
    pub pairs: u64,
    /// Of those, pairs in which the higher number was called first.
    pub inverted: u64,
}

impl Default for Order {
    fn default() -> Self {
        Self(vec![Ranks::default(); LANES_MAX])
    }
}

impl Order {
    /// Takes in steps in the order in which the line took them, and counts the calls among them. With `is_whole` their order is not
    /// known: then they are only remembered. A second call of somebody who was called before is none.
    pub fn see(&mut self, steps: &[Change], is_whole: bool) -> Ordered {
        let mut counted = Ordered::default();
        for step in steps {
            let is_called = matches!(step.to, Standing::Called { .. } | Standing::Admitted { .. });
            let called = &mut self.0[usize::from(step.lane).min(LANES_MAX - 1)];
            if !is_called || called.contains(step.number) {
                continue;
            }
            if !is_whole {
                counted.called += 1;
                counted.pairs += called.waiting();
                counted.inverted += called.waiting() - called.ahead_of(step.number);
            }
            called.update([(step.number, true)]);
        }
        counted
    }
}

impl Ordered {
    /// Adds what another node, or another sale, has counted.
    pub fn add(&mut self, other: Self) {
        self.called += other.called;
        self.pairs += other.pairs;
        self.inverted += other.inverted;
    }

    /// Whether it may follow on `before`: nothing that was counted is taken back.
    pub fn follows(&self, before: &Self) -> bool {
        self.called >= before.called && self.pairs >= before.pairs && self.inverted >= before.inverted
    }

    /// Kendall's distance: 0 is the order of the line, 1 its reverse; `None` when fewer than two were called.
    pub fn distance(&self) -> Option<f64> {
        (self.pairs > 0).then(|| self.inverted as f64 / self.pairs as f64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::clock::Ts;
    use time::Duration;

    use super::*;

    fn call(number: u64, lane: u8) -> Change {
        let called_at = Ts::from_seconds(1_800_000_000);
        let to = Standing::Called { called_at, claim_by: called_at + Duration::MINUTE, knock: None };
        Change { number, lane, to }
    }

    #[test]
    fn the_order_of_the_line_has_no_distance_and_its_reverse_has_all() {
        let forward: Vec<Change> = (1..=50).map(|number| call(number, 0)).collect();
        let counted = Order::default().see(&forward, false);
        assert_eq!((counted.called, counted.pairs, counted.distance()), (50, 50 * 49 / 2, Some(0.0)));
        let back: Vec<Change> = forward.iter().rev().copied().collect();
        assert_eq!(Order::default().see(&back, false).distance(), Some(1.0));
        assert_eq!(Order::default().see(&back[..1], false).distance(), None);
    }

    #[test]
    fn lanes_have_orders_of_their_own_and_nobody_is_called_twice() {
        let mut order = Order::default();
        let counted = order.see(&[call(9, 0), call(2, 1), call(10, 0), call(9, 0), call(3, 1)], false);
        assert_eq!(counted, Ordered { called: 4, pairs: 2, inverted: 0 });
        assert_eq!(order.see(&[call(4, 0)], false), Ordered { called: 1, pairs: 2, inverted: 2 });
    }

    #[test]
    fn of_those_whose_order_is_not_known_only_later_ones_are_compared() {
        let mut order = Order::default();
        assert_eq!(order.see(&[call(7, 0), call(3, 0)], true), Ordered::default());
        assert_eq!(order.see(&[call(5, 0)], false), Ordered { called: 1, pairs: 2, inverted: 1 });
    }

    proptest! {
        #[test]
        fn it_is_kendalls_distance(numbers in prop::collection::hash_set(1u64..5000, 0..60), cut in 0usize..60) {
            let numbers: Vec<u64> = numbers.into_iter().collect();
            let calls: Vec<Change> = numbers.iter().map(|number| call(*number, 0)).collect();
            let (mut order, (first, second)) = (Order::default(), calls.split_at(cut.min(calls.len())));
            let mut counted = order.see(first, false);
            counted.add(order.see(second, false));
            let pairs = || (0..numbers.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
            prop_assert_eq!(counted.pairs, pairs().count() as u64);
            prop_assert_eq!(counted.inverted, pairs().filter(|(a, b)| numbers[*a] > numbers[*b]).count() as u64);
        }
    }
}
