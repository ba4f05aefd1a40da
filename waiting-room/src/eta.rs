//! How long a visitor will wait: an interval that is right as often as it says. Pure.
//!
//! The line moves by calls. Their rate is estimated from the calls of the last minutes, with the configured
//! rate as a prior that counts as much as a few calls. With `n` calls to go at rate `r` the wait
//! is gamma distributed, with a relative variance of `1/n`; not knowing `r` better than from `k` calls adds
//! `1/k`, and that rates drift adds a constant. The interval is the central 80 % of the log-normal distribution
//! with that spread.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use time::Duration;

/// Calls older than this say nothing about the pace of now.
const MEMORY: Duration = Duration::minutes(2);
/// The configured rate counts as much as this many watched calls.
const PRIOR_CALLS: f64 = 4.0;
/// Relative variance of a rate that drifts while one waits.
const DRIFT: f64 = 0.01;
/// 80 % of a normal distribution lie within this many standard deviations.
const Z_80: f64 = 1.2816;
/// Longer waits are not predicted.
const LONGEST_S: f64 = 48.0 * 3600.0;

/// Seconds until the turn comes: in four of five cases between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Eta {
    /// One in ten waits less.
    pub low_s: u64,
    /// One in ten waits longer.
    pub high_s: u64,
}

/// The calls of the last minutes, counted while the room was calling.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    since: Option<Ts>,
    calls: VecDeque<(Ts, u64)>,
    total: u64,
}

impl Flow {
    /// The room calls from `now` on (again): what was seen before a pause says little.
    pub fn begin(&mut self, now: Ts) {
        *self = Self { since: Some(now), ..Self::default() };
    }

    /// Nobody is called for now.
    pub fn stop(&mut self) {
        *self = Self::default();
    }

    /// Whether calls are being watched.
    pub fn is_running(&self) -> bool {
        self.since.is_some()
    }

    /// `count` were called at `now`.
    pub fn called(&mut self, count: u64, now: Ts) {
        self.total += count;
        self.calls.push_back((now, count));
        while let Some(&(at, count)) = self.calls.front()
            && at + MEMORY <= now
        {
            self.calls.pop_front();
            self.total -= count;
        }
    }

    /// Calls a second, and how many calls (watched or presumed) that estimate rests on.
    fn rate(&self, rate_per_minute: u32, now: Ts) -> Option<(f64, f64)> {
        let watched_s = (now - self.since?).min(MEMORY).as_seconds_f64();
        let calls = self.total as f64 + PRIOR_CALLS;
        Some((calls / (watched_s + PRIOR_CALLS / per_second(rate_per_minute)), calls))
    }
}

/// The wait of somebody with `ahead` people before her; `None` while nobody is called or nothing can be said.
pub fn eta(ahead: u64, flow: &Flow, rate_per_minute: u32, now: Ts) -> Option<Eta> {
    let (rate, evidence) = flow.rate(rate_per_minute, now)?;
    interval(ahead, rate, evidence)
}

/// The wait of somebody with `ahead` people before her in a lobby that opens in `opens_in`.
pub fn eta_in_lobby(ahead: u64, rate_per_minute: u32, opens_in: Duration) -> Option<Eta> {
    let opens_in_s = opens_in.whole_seconds().max(0) as u64;
    let then = interval(ahead, per_second(rate_per_minute), PRIOR_CALLS)?;
    Some(Eta { low_s: opens_in_s + then.low_s, high_s: opens_in_s + then.high_s })
}

fn per_second(rate_per_minute: u32) -> f64 {
    f64::from(rate_per_minute.max(1)) / 60.0
}

fn interval(ahead: u64, rate: f64, evidence: f64) -> Option<Eta> {
    let calls_to_go = ahead as f64 + 1.0;
    let mean_s = calls_to_go / rate;
    if !mean_s.is_finite() || mean_s > LONGEST_S {
        return None;
    }
    let spread = (1.0 / calls_to_go + 1.0 / evidence.max(1.0) + DRIFT).sqrt();
    let low_s = (mean_s * (-Z_80 * spread).exp()).floor() as u64;
    let high_s = (mean_s * (Z_80 * spread).exp()).ceil() as u64;
    Some(Eta { low_s, high_s })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Ts {
        Ts::from_seconds(seconds)
    }

    /// A line that moves `per_second` people each second for `seconds`.
    fn steady(per_second: u64, seconds: i64) -> Flow {
        let mut flow = Flow::default();
        flow.begin(at(0));
        (1..=seconds).for_each(|s| flow.called(per_second, at(s)));
        flow
    }

    #[test]
    fn nothing_is_promised_while_nobody_is_called() {
        let mut flow = steady(10, 60);
        flow.stop();
        assert_eq!(eta(100, &flow, 600, at(61)), None);
    }

    #[test]
    fn a_steady_line_is_predicted_and_the_interval_holds_the_truth() {
        let flow = steady(10, 120);
        let Eta { low_s, high_s } = eta(5999, &flow, 600, at(120)).unwrap();
        assert!((450..600).contains(&low_s) && (600..750).contains(&high_s), "{low_s}..{high_s}");
    }

    #[test]
    fn the_line_itself_outweighs_the_settings() {
        let flow = steady(1, 120);
        let Eta { low_s, .. } = eta(600, &flow, 6000, at(120)).unwrap();
        assert!(low_s > 60, "{low_s}");
    }

    #[test]
    fn the_lobby_adds_the_time_to_the_opening() {
        let Eta { low_s, high_s } = eta_in_lobby(0, 600, Duration::seconds(300)).unwrap();
        assert!(low_s >= 300 && high_s < 310);
    }

    proptest! {
        #[test]
        fn more_people_ahead_never_mean_a_shorter_wait(ahead in 0u64..1_000_000, per_second in 1u64..100) {
            let flow = steady(per_second, 30);
            let (near, far) = (eta(ahead, &flow, 600, at(30)), eta(ahead + 1, &flow, 600, at(30)));
            if let (Some(near), Some(far)) = (near, far) {
                prop_assert!(near.low_s <= near.high_s && near.low_s <= far.low_s && near.high_s <= far.high_s);
            }
        }
    }
}
