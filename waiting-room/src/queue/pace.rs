//! How many to call: cap, rate and the ghosts among the called. Pure integer arithmetic, so that a replayed
//! journal comes to the same decisions.
//!
//! The hard limits are kept where a turn is *claimed* ([`Window`] and the cap); calling only has to keep the
//! shop full. It calls `(free - expected) / share` people, where `share` of the called show up ([`ShowRate`],
//! learnt from the turns that were claimed or missed) and `expected` is how many of those already called are
//! still likely to come: each counts `share`, fading to nothing over a few typical claim delays.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use time::Duration;

/// Parts in a whole: shares are counted in millionths.
pub const WHOLE: i64 = 1_000_000;
/// The rate limit holds in any window of this length.
pub const RATE_WINDOW: Duration = Duration::MINUTE;
/// The pace of calls may catch up this much after a pause between ticks.
const CATCH_UP: Duration = Duration::SECOND;
/// Turns counted as claimed before any was: nobody is taken for a ghost without evidence.
const PRIOR_SHOWN: i64 = 8;
/// Evidence is halved at this weight, so that the estimate follows the line.
const EVIDENCE_MAX: i64 = 512;
/// At least one in twelve is always expected to come, which bounds over-calling.
const SHARE_MIN: i64 = WHOLE / 12;
/// After this many mean claim delays a called visitor is no longer expected.
const PATIENCE: i64 = 3;
/// … but never sooner than this.
const PATIENCE_MIN: Duration = Duration::seconds(5);

/// Instants of the admissions of the last minute, run-length encoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    runs: VecDeque<(Ts, u32)>,
    total: u64,
}

impl Window {
    /// How many of the half-open minute that ends at `now` there are.
    pub fn count(&mut self, now: Ts) -> u64 {
        while let Some(&(at, count)) = self.runs.front()
            && at + RATE_WINDOW <= now
        {
            self.runs.pop_front();
            self.total -= u64::from(count);
        }
        self.total
    }

    /// Records one at `now`, which is not before the last one.
    pub fn add(&mut self, now: Ts) {
        match self.runs.back_mut() {
            Some((at, count)) if *at == now => *count += 1,
            _ => self.runs.push_back((now, 1)),
        }
        self.total += 1;
    }
}

/// Which share of the called show up, and after how long.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowRate {
    shown: i64,
    missed: i64,
    delay_sum_micros: i64,
}

impl ShowRate {
    /// A turn was claimed `delay` after the call.
    pub fn show(&mut self, delay: Duration) {
        self.shown += 1;
        self.delay_sum_micros += delay.whole_microseconds().clamp(0, i64::MAX as i128 / 1024) as i64;
        self.fade();
    }

    /// A turn was missed.
    pub fn miss(&mut self) {
        self.missed += 1;
        self.fade();
    }

    /// The share that shows up, in millionths.
    pub fn share(&self) -> i64 {
        let known = self.shown + self.missed + PRIOR_SHOWN;
        ((self.shown + PRIOR_SHOWN) * WHOLE / known).clamp(SHARE_MIN, WHOLE)
    }

    /// After how long a called visitor is no longer expected; `window` until enough have shown up.
    fn patience(&self, window: Duration) -> Duration {
        if self.shown < PRIOR_SHOWN {
            return window;
        }
        let mean = Duration::microseconds(self.delay_sum_micros / self.shown * PATIENCE);
        mean.clamp(PATIENCE_MIN.min(window), window)
    }

    fn fade(&mut self) {
        if self.shown + self.missed >= EVIDENCE_MAX {
            self.shown /= 2;
            self.missed /= 2;
            self.delay_sum_micros /= 2;
        }
    }
}

/// The called who have not come yet, counted by the instant of their call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outstanding(BTreeMap<Ts, u32>);

impl Outstanding {
    /// One more called at `at`.
    pub fn add(&mut self, at: Ts) {
        *self.0.entry(at).or_default() += 1;
    }

    /// One of those called at `at` came, left or missed the turn.
    pub fn remove(&mut self, at: Ts) {
        if let Some(count) = self.0.get_mut(&at) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(&at);
            }
        }
    }

    /// How many of them are still likely to come, in millionths of a person.
    fn expected(&self, now: Ts, show: &ShowRate, window: Duration) -> i64 {
        let patience = show.patience(window);
        let horizon = patience.whole_microseconds().max(1);
        // Turns that were put off are in the future, and nobody expects them yet.
        let recent = self.0.range(now - patience..=now);
        let weights = recent.map(|(&at, &count)| {
            let left = (horizon - (now - at).whole_microseconds()).clamp(0, horizon);
            // Squared: most who come do so soon, so silence tells a lot early on.
            let still_coming = i128::from(show.share()) * left / horizon * left / horizon;
            i128::from(count) * still_coming
        });
        weights.sum::<i128>().min(i64::MAX.into()) as i64
    }
}

/// What a decision to call is based on.
pub struct Situation<'a> {
    /// Now.
    pub now: Ts,
    /// Sessions that could begin this instant; may be negative after the cap was lowered.
    pub free: i64,
    /// Visitors at the door, who go first.
    pub at_door: i64,
    /// Admissions a minute.
    pub rate_per_minute: u32,
    /// The claim window.
    pub window: Duration,
    /// Those called and not here yet.
    pub outstanding: &'a Outstanding,
    /// What is known of ghosts.
    pub show: &'a ShowRate,
}

/// Spreads calls evenly over time: the generic cell rate algorithm (ITU-T I.371) with one second of tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pacer {
    /// When the next call is due by the pace alone, microseconds.
    due_micros: i64,
}

impl Pacer {
    /// How many to call now; [`Pacer::called`] must then be told.
    pub fn allows(self, at: &Situation<'_>) -> u64 {
        let share = at.show.share();
        let expected = at.outstanding.expected(at.now, at.show, at.window);
        let by_cap = ((at.free - at.at_door).saturating_mul(WHOLE).saturating_sub(expected)) / share;
        let step = step_micros(at.rate_per_minute, share);
        let now = at.now.micros();
        let lead = now + CATCH_UP.whole_microseconds() as i64 - self.due_micros.max(now);
        let by_rate = if lead < 0 { 0 } else { lead / step + 1 } - at.at_door;
        by_cap.min(by_rate).max(0) as u64
    }

    /// `count` were called at `now`.
    pub fn called(&mut self, count: u64, rate_per_minute: u32, share: i64, now: Ts) {
        let spent = (count as i64).saturating_mul(step_micros(rate_per_minute, share));
        self.due_micros = self.due_micros.max(now.micros()).saturating_add(spent);
    }
}

/// Time between two calls so that admissions come at the rate although only `share` of the called show up.
fn step_micros(rate_per_minute: u32, share: i64) -> i64 {
    (60 * share / i64::from(rate_per_minute.max(1))).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(micros: i64) -> Ts {
        Ts::from_micros(micros)
    }

    #[test]
    fn the_window_is_half_open() {
        let mut window = Window::default();
        window.add(at(0));
        window.add(at(0));
        window.add(at(30_000_000));
        assert_eq!([59_999_999, 60_000_000, 90_000_000].map(|now| window.count(at(now))), [3, 1, 0]);
    }

    #[test]
    fn nobody_is_a_ghost_without_evidence_and_evidence_counts() {
        let mut show = ShowRate::default();
        assert_eq!(show.share(), WHOLE);
        (0..200).for_each(|n| if n % 5 < 2 { show.show(Duration::SECOND) } else { show.miss() });
        assert!((380_000..440_000).contains(&show.share()), "{}", show.share());
        (0..5000).for_each(|_| show.miss());
        assert_eq!(show.share(), SHARE_MIN);
    }

    proptest! {
        /// Ticking however irregularly, calls never run ahead of the rate by more than the tolerance.
        #[test]
        fn calls_keep_the_pace(gaps in prop::collection::vec(0i64..3_000_000, 1..300), rate in 1u32..2000) {
            let (outstanding, show, mut pacer) = (Outstanding::default(), ShowRate::default(), Pacer::default());
            let (mut now, mut called) = (1_000_000_000i64, 0u64);
            for gap in gaps {
                now += gap;
                let situation = Situation {
                    now: at(now), free: i64::MAX / WHOLE, at_door: 0, rate_per_minute: rate,
                    window: Duration::MINUTE, outstanding: &outstanding, show: &show,
                };
                let count = pacer.allows(&situation);
                pacer.called(count, rate, WHOLE, at(now));
                called += count;
                let elapsed = (now - 1_000_000_000) as u64;
                prop_assert!(called <= (elapsed + 1_000_000) * u64::from(rate) / 60_000_000 + 2);
            }
        }
    }
}
