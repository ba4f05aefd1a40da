//! Counts of shown waits that were right, and of waits. They are added up over nodes, and kept in the room's journal.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::Eta;
use super::order::Ordered;

/// Depths that are told apart, by the decimal digits of the people ahead; the last has no end.
pub const BANDS: usize = 5;

/// What came of the waits that were shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Of waits shown with 0–9 people ahead, 10–99, 100–999, 1000–9999 and more.
    pub bands: [Counts; BANDS],
    /// How long people waited.
    pub waits: Waits,
    /// In which order they were called; nodes of an older version do not count it.
    #[serde(default)]
    pub order: Ordered,
}

/// Of the waits shown at one depth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Called within the interval.
    pub right: u64,
    /// Called before it.
    pub sooner: u64,
    /// Called after it.
    pub later: u64,
    /// Sum of the lengths of these intervals, seconds.
    pub widths_s: u64,
    /// Sum of these waits, seconds.
    pub waits_s: u64,
    /// Others, during which an operator paused, resumed or changed what decides how fast people are called.
    pub disturbed: u64,
    /// Of those, within the interval.
    pub disturbed_right: u64,
}

/// How long people waited: counts by length.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// Seconds, exactly.
    pub longest_s: u64,
    /// How many waited so long: the `n`-th, from 0, stands for 2^(n/4) − 1 seconds up to that of the next. Some 70 at most,
    /// for two days.
    pub lengths: Vec<u64>,
}

/// The index of the depth with so many people ahead.
pub fn band_of(ahead: u64) -> usize {
    (ahead.max(1).ilog10() as usize).min(BANDS - 1)
}

/// Fewest and most people ahead at a depth; the last has no most.
pub fn bounds_of(band: usize) -> (u64, Option<u64>) {
    let from = if band == 0 { 0 } else { 10u64.pow(band as u32) };
    (from, (band + 1 < BANDS).then(|| 10u64.pow(band as u32 + 1) - 1))
}

impl Tally {
    /// Counts a wait that was shown at a depth.
    pub fn count(&mut self, band: usize, eta: Eta, waited: Duration, is_disturbed: bool) {
        let waited = waited.max(Duration::ZERO);
        let is_sooner = waited < Duration::seconds(eta.low_s as i64);
        let is_later = waited > Duration::seconds(eta.high_s as i64);
        let counts = &mut self.bands[band.min(BANDS - 1)];
        if is_disturbed {
            counts.disturbed += 1;
            counts.disturbed_right += u64::from(!is_sooner && !is_later);
            return;
        }
        counts.sooner += u64::from(is_sooner);
        counts.later += u64::from(is_later);
        counts.right += u64::from(!is_sooner && !is_later);
        counts.widths_s += eta.high_s - eta.low_s;
        counts.waits_s += waited.whole_seconds() as u64;
    }

    /// Adds what another node, or another sale, has counted.
    pub fn add(&mut self, other: &Self) {
        for (to, from) in self.bands.iter_mut().zip(&other.bands) {
            to.right += from.right;
            to.sooner += from.sooner;
            to.later += from.later;
            to.widths_s += from.widths_s;
            to.waits_s += from.waits_s;
            to.disturbed += from.disturbed;
            to.disturbed_right += from.disturbed_right;
        }
        self.order.add(other.order);
        self.waits.longest_s = self.waits.longest_s.max(other.waits.longest_s);
        let longest = self.waits.lengths.len().max(other.waits.lengths.len());
        self.waits.lengths.resize(longest, 0);
        self.waits.lengths.iter_mut().zip(&other.waits.lengths).for_each(|(to, from)| *to += from);
    }

    /// Whether it may follow on `before`: nothing that was counted is taken back.
    pub fn follows(&self, before: &Self) -> bool {
        let grew = |(now, before): (&Counts, &Counts)| {
            now.right >= before.right
                && now.sooner >= before.sooner
                && now.later >= before.later
                && now.disturbed >= before.disturbed
        };
        self.bands.iter().zip(&before.bands).all(grew)
            && self.waits.followed() >= before.waits.followed()
            && self.order.follows(&before.order)
    }
}

impl Counts {
    /// How many were compared, those that were disturbed left out.
    pub fn compared(&self) -> u64 {
        self.right + self.sooner + self.later
    }

    /// The share of those that was right; `None` when there were none.
    pub fn right_share(&self) -> Option<f64> {
        share(self.right, self.compared())
    }

    /// How long the intervals were, as a share of the waits.
    pub fn width(&self) -> Option<f64> {
        share(self.widths_s, self.waits_s)
    }
}

impl Waits {
    /// Counts a wait.
    pub fn count(&mut self, waited: Duration) {
        let seconds = waited.whole_seconds().max(0) as u64;
        self.longest_s = self.longest_s.max(seconds);
        let length = ((seconds + 1) as f64).log2().mul_add(4.0, 1e-9) as usize;
        self.lengths.resize(self.lengths.len().max(length + 1), 0);
        self.lengths[length] += 1;
    }

    /// How many were counted.
    pub fn followed(&self) -> u64 {
        self.lengths.iter().sum()
    }

    /// The length that a share of the waits does not exceed, seconds, up to a fifth too much.
    pub fn quantile_s(&self, share: f64) -> Option<u64> {
        let wanted = (self.followed() as f64 * share).ceil() as u64;
        let mut passed = 0;
        let length = self.lengths.iter().position(|count| {
            passed += count;
            passed >= wanted
        })?;
        Some((((length as f64 + 1.0) / 4.0).exp2().ceil() as u64 - 1).min(self.longest_s))
    }
}

/// One number over another; `None` over nothing.
fn share(of: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| of as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depths_are_told_apart_by_their_digits() {
        let bands = [0, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 1_000_000].map(band_of);
        assert_eq!(bands, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
        assert_eq!([0, 3, 4].map(bounds_of), [(0, Some(9)), (1000, Some(9999)), (10_000, None)]);
    }

    #[test]
    fn quantiles_are_those_of_the_waits_but_for_a_fifth() {
        let mut waits = Waits::default();
        assert_eq!(waits.quantile_s(0.5), None);
        (0..1000).for_each(|seconds| waits.count(Duration::seconds(seconds)));
        assert_eq!((waits.longest_s, waits.followed()), (999, 1000));
        for (share, exact) in [(0.1, 99.0), (0.5, 499.0), (0.9, 899.0), (1.0, 999.0)] {
            let told = waits.quantile_s(share).unwrap() as f64;
            assert!((exact..=exact * 1.2).contains(&told), "{share}: {told}");
        }
        assert!(waits.lengths.len() < 45, "{:?}", waits.lengths);
    }

    #[test]
    fn sums_hold_what_was_counted_and_nothing_is_taken_back() {
        let mut one = Tally::default();
        one.count(0, Eta { low_s: 1, high_s: 3 }, Duration::seconds(2), false);
        one.count(9, Eta { low_s: 1, high_s: 3 }, Duration::seconds(9), true);
        one.waits.count(Duration::seconds(5));
        let mut both = one.clone();
        both.add(&one);
        assert_eq!((both.bands[0].right, both.bands[4].disturbed, both.waits.followed()), (2, 2, 2));
        assert!(both.follows(&one) && one.follows(&one) && !one.follows(&both));
        assert_eq!((one.bands[0].right_share(), one.bands[0].width()), (Some(1.0), Some(1.0)));
    }
}
