//! How long a visitor will wait: an interval that is right as often as it says. Pure.
//!
//! Two things hold the line up. The *rate*: so many admissions a minute, and as only a share of the called
//! come, correspondingly more calls. And the *cap*: once the shop is full, a call needs somebody to leave; with
//! `cap` visitors who each leave at the hazard `h`, that is `cap * h` a second. Share and hazard are learnt from
//! the line itself (visits ended per visitor-second spent inside, which does not mistake short visits for
//! typical ones just because the long ones are still going on), with the settings as a weak prior. The slower of the two decides.
//!
//! With `n` departures to go the wait is gamma distributed with a relative variance of `1/n`; knowing the hazard from
//! `k` visits adds `1/k`, and that habits drift adds a constant. The interval is the central 80 % of the
//! log-normal distribution with that spread.
//!
//! Whether that is so is measured: [`outcomes`] compares what people are shown with what follows, in a running server and
//! in `rushline simulate` alike.

pub mod outcomes;
pub mod tally;

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use time::Duration;

use crate::rooms::rules::Room;

/// Before anything is known, everybody who is called is taken to come: this many times.
const PRIOR_TURNS: f64 = 4.0;
/// … and a visit to take half of its full length: once. The first real visits soon outweigh it.
const PRIOR_VISITS: f64 = 1.0;
const PRIOR_VISIT_SHARE: f64 = 0.5;
/// What was learnt is halved once it rests on this many visits, so that the estimate follows the line.
const EVIDENCE_MAX: f64 = 128.0;
/// Relative variance while the shop fills for the first time: only the shortest visits have been seen to end.
const FIRST_VISITS: f64 = 0.1;
/// Relative variance of habits that drift while one waits.
const DRIFT: f64 = 0.003;
/// Seconds after which somebody who was called is expected by a third only: the patience of the pace of calls.
const PATIENCE_S: f64 = 5.0;
/// How many of the expected come is known no better than a binomial's spread; so many standard deviations of it are
/// allowed for. This and the two variances above were fitted with `rushline simulate`.
const STRAY: f64 = 0.5;
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

/// What the line has shown of its visitors' habits.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    /// In the shop.
    inside: u64,
    watched_until: Option<Ts>,
    inside_s: f64,
    visits_ended: f64,
    visits_ever: f64,
    turns_taken: f64,
    turns_missed: f64,
    /// Called and still expected: each counts less the longer she has not come.
    expected: f64,
}

impl Flow {
    /// Nothing learnt yet, with so many inside.
    pub fn begin(inside: u64) -> Self {
        Self { inside, ..Self::default() }
    }

    /// Time has passed.
    pub fn watch(&mut self, now: Ts) {
        let seconds = self.watched_until.map_or(0.0, |since| (now - since).as_seconds_f64().max(0.0));
        self.inside_s += self.inside as f64 * seconds;
        self.expected *= (-seconds / PATIENCE_S).exp();
        self.watched_until = Some(now);
    }

    /// Somebody was called.
    pub fn called(&mut self) {
        self.expected += 1.0;
    }

    /// Somebody who was called went in, so long after the call.
    pub fn entered(&mut self, after: Duration) {
        let weight = (-after.as_seconds_f64().max(0.0) / PATIENCE_S).exp();
        self.expected = (self.expected - weight).max(0.0);
        self.inside += 1;
        self.turns_taken += 1.0;
        self.fade();
    }

    /// Somebody who was called did not come.
    pub fn missed(&mut self) {
        self.turns_missed += 1.0;
        self.fade();
    }

    /// Somebody left the shop.
    pub fn left_shop(&mut self) {
        self.inside = self.inside.saturating_sub(1);
        self.visits_ended += 1.0;
        self.visits_ever += 1.0;
        self.fade();
    }

    fn fade(&mut self) {
        if self.visits_ended >= EVIDENCE_MAX {
            self.visits_ended /= 2.0;
            self.inside_s /= 2.0;
        }
        if self.turns_taken + self.turns_missed >= EVIDENCE_MAX {
            self.turns_taken /= 2.0;
            self.turns_missed /= 2.0;
        }
    }

    /// The share of the called who come.
    fn share(&self) -> f64 {
        (self.turns_taken + PRIOR_TURNS) / (self.turns_taken + self.turns_missed + PRIOR_TURNS)
    }

    /// Relative variance of the hazard: few visits seen, or none but the first.
    fn doubt(&self) -> f64 {
        let turnovers = self.visits_ever / (self.inside as f64).max(1.0);
        1.0 / (self.visits_ended + PRIOR_VISITS) + FIRST_VISITS / (1.0 + turnovers * turnovers)
    }

    /// The chance per second that a visitor leaves the shop.
    fn hazard(&self, session_length_s: f64) -> f64 {
        (self.visits_ended + PRIOR_VISITS)
            / (self.inside_s + PRIOR_VISITS * PRIOR_VISIT_SHARE * session_length_s)
    }
}

/// The wait of somebody with `ahead` people before her while people are being called.
pub fn eta(ahead: u64, flow: &Flow, room: &Room) -> Option<Eta> {
    let share = flow.share();
    let calls = ahead as f64 + 1.0;
    // Whoever was called a moment ago has taken what is free; that is how the pace calls.
    let free = (f64::from(room.cap) - flow.inside as f64) / share - flow.expected;
    let by_rate_s = calls * 60.0 * share / f64::from(room.rate_per_minute.max(1));
    let leaving = f64::from(room.cap.max(1)) * flow.hazard(f64::from(room.session_length_s));
    let by_cap_s = (calls - free).max(0.0) * share / leaving;
    // What the rate alone decides is paced, and does not depend on what visitors do.
    let unsure = if by_cap_s > by_rate_s { flow.doubt() } else { 0.0 };
    let stray = STRAY * (flow.expected.max(1.0) * (1.0 - share) / share).sqrt();
    let at_worst_s = (calls - free + stray).max(0.0) * share / leaving;
    let spread = (1.0 / (calls * share) + unsure + DRIFT).sqrt();
    interval(by_rate_s.max(by_cap_s), by_rate_s.max(at_worst_s), spread)
}

/// The wait of somebody with `ahead` people before her in a lobby that opens in `opens_in`.
pub fn eta_in_lobby(ahead: u64, flow: &Flow, room: &Room, opens_in: Duration) -> Option<Eta> {
    let opens_in_s = opens_in.whole_seconds().max(0) as u64;
    let then = eta(ahead, flow, room)?;
    Some(Eta { low_s: opens_in_s + then.low_s, high_s: opens_in_s + then.high_s })
}

/// The wait of anybody in a lobby of `waiting` whose order will be drawn: four in five draw neither of the outer tenths.
pub fn eta_before_draw(waiting: u64, flow: &Flow, room: &Room, opens_in: Duration) -> Option<Eta> {
    let first = eta_in_lobby(waiting / 10, flow, room, opens_in)?;
    let last = eta_in_lobby(waiting - waiting / 10, flow, room, opens_in)?;
    Some(Eta { low_s: first.low_s, high_s: last.high_s })
}

/// From the mean wait and that of a bad start; calls are made once a second.
fn interval(mean_s: f64, at_worst_s: f64, spread: f64) -> Option<Eta> {
    if !at_worst_s.is_finite() || mean_s > LONGEST_S {
        return None;
    }
    let low_s = (mean_s * (-Z_80 * spread).exp()).floor() as u64;
    let high_s = (at_worst_s * (Z_80 * spread).exp()).ceil() as u64 + 1;
    Some(Eta { low_s, high_s })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rooms::rules::tests::open_room;

    fn at(seconds: i64) -> Ts {
        Ts::from_seconds(seconds)
    }

    /// A full shop of `inside` visitors that one leaves and one enters each second, watched for `seconds`.
    fn steady(inside: u64, seconds: i64) -> Flow {
        let mut flow = Flow::begin(inside);
        flow.watch(at(0));
        for second in 1..=seconds {
            flow.watch(at(second));
            flow.left_shop();
            flow.called();
            flow.entered(Duration::ZERO);
        }
        flow
    }

    #[test]
    fn a_full_shop_is_predicted_by_how_fast_people_leave() {
        let room = Room { cap: 100, rate_per_minute: 6000, ..open_room() };
        let Eta { low_s, high_s } = eta(599, &steady(100, 900), &room).unwrap();
        assert!((450..600).contains(&low_s) && (600..850).contains(&high_s), "{low_s}..{high_s}");
    }

    #[test]
    fn an_empty_shop_is_predicted_by_the_rate_until_it_is_full() {
        let room = Room { cap: 1000, rate_per_minute: 600, ..open_room() };
        let Eta { low_s, high_s } = eta(299, &Flow::default(), &room).unwrap();
        assert!(low_s <= 30 && (30..45).contains(&high_s), "{low_s}..{high_s}");
        let small = Room { cap: 10, session_length_s: 600, ..room };
        let Eta { low_s, .. } = eta(299, &Flow::default(), &small).unwrap();
        assert!(low_s > 2000, "thirty shops full of people take longer than the rate says: {low_s}");
    }

    #[test]
    fn ghosts_make_the_line_move_faster() {
        let room = Room { cap: 1000, rate_per_minute: 60, ..open_room() };
        let mut flow = Flow::default();
        for _ in 0..50 {
            flow.entered(Duration::ZERO);
            flow.missed();
        }
        let Eta { high_s, .. } = eta(599, &flow, &room).unwrap();
        assert!(high_s < 450, "600 people at one a second, half of whom are gone: {high_s}");
    }

    #[test]
    fn the_lobby_adds_the_time_to_the_opening() {
        let Eta { low_s, high_s } =
            eta_in_lobby(0, &Flow::default(), &open_room(), Duration::seconds(300)).unwrap();
        assert!(low_s >= 300 && high_s < 310);
    }

    proptest! {
        #[test]
        fn more_people_ahead_never_mean_a_shorter_wait(ahead in 0u64..1_000_000, inside in 1u64..100) {
            let flow = steady(inside, 30);
            let (near, far) = (eta(ahead, &flow, &open_room()), eta(ahead + 1, &flow, &open_room()));
            if let (Some(near), Some(far)) = (near, far) {
                prop_assert!(near.low_s <= near.high_s && near.low_s <= far.low_s && near.high_s <= far.high_s);
            }
        }
    }
}
