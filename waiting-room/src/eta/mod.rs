//! How long a visitor will wait: an interval that is right as often as it says. Pure.
//!
//! Two things hold the line up. The *rate*: so many admissions a minute, and as only a share of the called
//! come, correspondingly more calls. And the *cap*: once the shop is full, a call needs somebody to leave. While it fills, the
//! shop is a bath with the tap and the drain open: `i' = rate - i / visit`, full when `i` reaches the cap, which takes
//! `visit * ln((rate * visit - i) / (rate * visit - cap))`, or never. From then on `cap / visit` visitors make room a second.
//! The share ([`turns`]) and the length of a visit ([`visits`]) are learnt from the line itself, with the settings as a weak prior.
//!
//! What the rate alone decides is paced, and is as uncertain as the share is. With `n` departures to go the wait is
//! about gamma distributed with a relative variance of `1/n`; knowing how long visits are from `k` of them adds `1/k`; that habits
//! drift adds a constant. The interval is the central 80 % of the log-normal distribution with that spread.
//!
//! Those who stand far behind anybody who was ever called may be of another kind, the more so the fewer were called as yet, and
//! nothing that was seen says which. It is not symmetric: the eager come first, and whoever waits longer is more likely gone, so
//! waits get shorter by it; longer they get only as far as some of those called now do not come.
//!
//! Whether the intervals are right is measured: [`outcomes`] compares what people are shown with what follows, in a running server and
//! in `rushline simulate` alike. The constants below were fitted to simulated sales of different rates, caps, lengths and
//! shares of ghosts, and are checked on others (`docs/fairness.md`).

pub mod calibration;
pub mod flow;
pub mod order;
pub mod outcomes;
pub mod tally;
pub mod turns;
pub mod visits;

pub use calibration::{Calibration, Reach};
pub use flow::Flow;
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::rooms::rules::Room;

/// The rate holds in every sliding minute, and turns are not taken evenly: of a rate of `r` a minute some `1/(2 √r)` is
/// never used.
const SLIP: f64 = 0.5;
/// Seconds from the moment when one could be called until the next round of calls.
const ROUND_S: f64 = 0.2;
/// The rounds themselves stray by this variance, square seconds.
const ROUND_VARIANCE: f64 = 0.1;
/// Variance of the share's estimate, as a multiple of a binomial's.
const SHARE_VARIANCE: f64 = 0.7;
/// Variance of so many departures, as a multiple of a Poisson process's: visits have a least length.
const DEPARTURES_VARIANCE: f64 = 0.9;
/// Relative variance of habits that drift while one waits.
const DRIFT: f64 = 0.002;
/// Relative variance of far waits because fewer of those behind may come …
const FEWER_BEHIND: f64 = 0.02;
/// … and because more of them may.
const MORE_BEHIND: f64 = 0.005;
/// So many turns say something of everybody, however many wait.
const FIRST_TURNS: f64 = 50.0;
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

/// How the line moves on, as far as can be told now.
struct Outlook {
    share: f64,
    /// Calls a second that the rate allows: now …
    pace_now: f64,
    /// … and once it is known who of those called now is gone.
    pace: f64,
    /// Seconds until then.
    window_s: f64,
    /// Calls that the rate alone decides, until the shop is full; less than none if more are in or expected than it holds.
    by_rate: f64,
    /// Calls a second once it is full …
    refill: f64,
    /// … and the relative variance of that.
    refill_variance: f64,
}

/// A wait: the part that the rate decides, then the part for which somebody must leave, seconds; and for how many.
struct Wait {
    by_rate_s: f64,
    by_cap_s: f64,
    departures: f64,
}

impl Outlook {
    fn of(flow: &Flow, room: &Room) -> Self {
        let share = flow.share();
        let per_minute = f64::from(room.rate_per_minute.max(1));
        let rate = per_minute / 60.0 / (1.0 + SLIP / per_minute.sqrt());
        let visit = flow.visit(f64::from(room.session_length_s));
        let cap = f64::from(room.cap.max(1));
        // Whoever was called a moment ago has taken what is free; that is how the pace calls.
        let inside = flow.inside() as f64 + flow.expected();
        let by_rate = if inside >= cap {
            (cap - inside) / share
        } else if rate * visit.mean_s <= cap {
            f64::INFINITY
        } else {
            let level = rate * visit.mean_s;
            ((level - inside) / (level - cap)).ln() * level / share
        };
        Self {
            share,
            pace_now: rate / flow.share_paced(),
            pace: rate / share,
            window_s: f64::from(room.claim_window_s.max(1)),
            by_rate,
            refill: cap / visit.mean_s / share,
            refill_variance: visit.variance,
        }
    }

    /// Seconds that so many calls take at the rate: the pace changes evenly over a claim window.
    fn paced_s(&self, calls: f64) -> f64 {
        let change = (self.pace - self.pace_now) / self.window_s;
        let in_window = (self.pace_now + self.pace) / 2.0 * self.window_s;
        if calls >= in_window {
            return self.window_s + (calls - in_window) / self.pace;
        }
        // pace_now * t + change * t² / 2 = calls, in the form that bears a change of nothing.
        let root = (self.pace_now * self.pace_now + 2.0 * change * calls).max(0.0).sqrt();
        2.0 * calls / (self.pace_now + root)
    }

    fn wait(&self, calls: f64) -> Wait {
        let departures = (calls - self.by_rate).max(0.0);
        let by_cap_s = departures / self.refill;
        let by_rate_s = self.paced_s(calls.min(self.by_rate).max(0.0));
        // Even a full shop that empties fast is refilled at the rate only.
        let by_rate_s = by_rate_s.max(self.paced_s(calls) - by_cap_s);
        Wait { by_rate_s, by_cap_s, departures: departures.max(1.0) * self.share }
    }
}

/// The wait of somebody with `ahead` people before her while people are being called.
pub fn eta(ahead: u64, flow: &Flow, room: &Room, learnt: &Calibration) -> Option<Eta> {
    let (mean_s, spread) = forecast(ahead, flow, room);
    interval(mean_s, spread, learnt.reach(ahead))
}

/// The wait that is expected, seconds, and how far it strays to either side, as a standard deviation of its logarithm.
fn forecast(ahead: u64, flow: &Flow, room: &Room) -> (f64, Reach) {
    let outlook = Outlook::of(flow, room);
    let Wait { by_rate_s, by_cap_s, departures } = outlook.wait(ahead as f64 + 1.0);
    let paced = SHARE_VARIANCE * flow.share_variance() + DRIFT;
    let refilled = DEPARTURES_VARIANCE / departures + outlook.refill_variance + DRIFT;
    let mean_s = by_rate_s + by_cap_s;
    let strays = (by_rate_s * by_rate_s * paced + by_cap_s * by_cap_s * refilled + ROUND_VARIANCE)
        / mean_s.max(ROUND_S).powi(2);
    let unlike = (ahead as f64 / (ahead as f64 + flow.turns_given() + FIRST_TURNS)).powi(2);
    let absent = (outlook.share.recip() - 1.0).min(1.0).powi(2);
    let low = (strays + FEWER_BEHIND * unlike).sqrt();
    let high = (strays + MORE_BEHIND * absent * unlike).sqrt();
    (mean_s + ROUND_S, Reach { low, high })
}

/// The wait of somebody with `ahead` people before her in a lobby that opens in `opens_in`.
pub fn eta_in_lobby(
    ahead: u64,
    flow: &Flow,
    room: &Room,
    learnt: &Calibration,
    opens_in: Duration,
) -> Option<Eta> {
    let opens_in_s = opens_in.whole_seconds().max(0) as u64;
    let then = eta(ahead, flow, room, learnt)?;
    Some(Eta { low_s: opens_in_s + then.low_s, high_s: opens_in_s + then.high_s })
}

/// The wait of anybody in a lobby of `waiting` whose order will be drawn: four in five draw neither of the outer tenths.
pub fn eta_before_draw(
    waiting: u64,
    flow: &Flow,
    room: &Room,
    learnt: &Calibration,
    opens_in: Duration,
) -> Option<Eta> {
    let first = eta_in_lobby(waiting / 10, flow, room, learnt, opens_in)?;
    let last = eta_in_lobby(waiting - waiting / 10, flow, room, learnt, opens_in)?;
    Some(Eta { low_s: first.low_s, high_s: last.high_s })
}

/// The central 80 %, to the nearest seconds: rounded outwards, it would be right too often.
fn interval(mean_s: f64, spread: Reach, reach: Reach) -> Option<Eta> {
    if !mean_s.is_finite() || mean_s > LONGEST_S {
        return None;
    }
    let low_s = (mean_s * (-reach.low * spread.low).exp()).round() as u64;
    let high_s = (mean_s * (reach.high * spread.high).exp()).round() as u64;
    Some(Eta { low_s, high_s: high_s.max(low_s).max(1) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use shared::clock::Ts;

    use super::*;
    use crate::rooms::rules::tests::open_room;

    fn at(seconds: i64) -> Ts {
        Ts::from_seconds(seconds)
    }

    /// A full shop of `inside` visitors that one leaves and one enters each second, watched for `seconds`.
    fn steady(inside: i64, seconds: i64) -> Flow {
        let mut flow = Flow::begin((1 - inside..=0).map(at), at(0));
        for second in 1..=seconds {
            flow.watch(at(second));
            flow.left_shop(at(second - inside), at(second));
            flow.called(at(second));
            flow.entered(at(second), false, at(second));
        }
        flow.reckon(at(seconds));
        flow
    }

    #[test]
    fn a_full_shop_is_predicted_by_how_fast_people_leave() {
        let room = Room { cap: 100, rate_per_minute: 6000, ..open_room() };
        let Eta { low_s, high_s } = eta(599, &steady(100, 900), &room, &Calibration::default()).unwrap();
        assert!((450..600).contains(&low_s) && (600..850).contains(&high_s), "{low_s}..{high_s}");
    }

    #[test]
    fn an_empty_shop_is_predicted_by_the_rate_until_it_is_full() {
        let room = Room { cap: 1000, rate_per_minute: 600, ..open_room() };
        let Eta { low_s, high_s } = eta(299, &Flow::default(), &room, &Calibration::default()).unwrap();
        assert!(low_s <= 30 && (30..45).contains(&high_s), "{low_s}..{high_s}");
        let small = Room { cap: 10, session_length_s: 600, ..room };
        let Eta { low_s, .. } = eta(299, &Flow::default(), &small, &Calibration::default()).unwrap();
        assert!(low_s > 1500, "thirty shops full of people take longer than the rate says: {low_s}");
    }

    #[test]
    fn ghosts_make_the_line_move_faster() {
        let room = Room { cap: 1000, rate_per_minute: 60, ..open_room() };
        let mut flow = Flow::default();
        for _ in 0..50 {
            flow.called(at(0));
            flow.entered(at(0), false, at(0));
            flow.called(at(0));
            flow.missed(at(0), false);
        }
        flow.reckon(at(0));
        let Eta { high_s, .. } = eta(599, &flow, &room, &Calibration::default()).unwrap();
        assert!(high_s < 450, "600 people at one a second, half of whom are gone: {high_s}");
    }

    #[test]
    fn the_lobby_adds_the_time_to_the_opening() {
        let Eta { low_s, high_s } =
            eta_in_lobby(0, &Flow::default(), &open_room(), &Calibration::default(), Duration::seconds(300))
                .unwrap();
        assert!(low_s >= 300 && high_s < 310);
    }

    proptest! {
        #[test]
        fn more_people_ahead_never_mean_a_shorter_wait(ahead in 0u64..1_000_000, inside in 1i64..100) {
            let flow = steady(inside, 30);
            let (near, far) = (eta(ahead, &flow, &open_room(), &Calibration::default()), eta(ahead + 1, &flow, &open_room(), &Calibration::default()));
            if let (Some(near), Some(far)) = (near, far) {
                prop_assert!(near.low_s <= near.high_s && near.low_s <= far.low_s && near.high_s <= far.high_s);
            }
        }
    }
}
