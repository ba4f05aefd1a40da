//! How wide intervals must be: learnt from what came of earlier ones. Pure.
//!
//! The model of [`super`] says how long a wait is and how far it strays; how many of these spreads an interval has to reach to
//! either side follows what happens (adaptive conformal inference: Gibbs and Candès, "Adaptive Conformal Inference Under
//! Distribution Shift", 2021). Whenever an interval ends too early its upper reach grows by nine steps, and shrinks by one when
//! it did not; so in the long run one in ten waits is longer, whatever the model is wrong about. The lower reach likewise.
//!
//! Nobody has to be watched for it. Of every depth of the line a [`Probe`] is taken every now and then: the number that
//! stands there, and the interval its visitor is shown. It is settled when the line reaches that number. What is
//! near is settled soon; what is learnt there holds, in part, for the depths from which nothing has come back yet.
//!
//! How much there is to learn from: probes that are under way at the same time wait out the same minutes, so of a depth there are as many
//! independent outcomes as waits of that length fit into the sale, however many probes are taken. A line of a million
//! has ten thousand of them with a hundred people ahead, and one with all of them ahead. Where there are tens, the share that is
//! right is right within this very sale; where there are a few, it is right over many sales, and as good as the
//! model's own spread in each. No rule can do better without assuming something (Barber, Candès, Ramdas and Tibshirani, "The Limits of
//! Distribution-Free Conditional Predictive Inference", 2021).
//!
//! A knot stands for half a decade of depths: over those the share is held, not at each of them. Where waits stray in waves, those
//! that last a whole wave stray less than those that last half of one, and share one reach.

use shared::clock::Ts;
use time::Duration;

use super::Eta;

/// Depths that are learnt apart: 1, 3, 10, 32, 100 … people up to and including oneself.
const KNOTS: usize = 13;
/// Reaches before anything is known, in spreads.
const PRIOR: f64 = 1.2816;
/// Bounds of a reach.
const REACH: std::ops::RangeInclusive<f64> = -1.5..=5.0;
/// The share of the waits that may end on either side of an interval.
const MISSED: f64 = 0.1;
/// Depths with so many probes a second learn slowly …
const STEP_NEAR: f64 = 0.03;
/// … and those from which little comes back faster.
const STEP_FAR: f64 = 0.06;
/// The first of those, on the scale of the knots.
const NEAR: f64 = 2.5;
/// What is learnt at a knot holds by so much for the next one …
const POOLED: f64 = 0.5;
/// … and by half of that once so many probes were settled there.
const OWN: f64 = 4.0;
/// Probes that begin at a knot while one of them is under way.
const PROBES_A_WAIT: f64 = 16.0;
/// Probes that are under way at one knot.
const PROBES_MAX: usize = 64;

/// How far an interval reaches to either side of the wait that is expected, in spreads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// Towards shorter waits.
    pub low: f64,
    /// Towards longer ones.
    pub high: f64,
}

/// What has been learnt of one line.
#[derive(Debug, Clone)]
pub struct Calibration {
    knots: [Knot; KNOTS],
    probes: u64,
}

#[derive(Debug, Clone)]
struct Knot {
    reach: Reach,
    /// How many probes were settled here.
    settled: f64,
    under_way: Vec<Probe>,
    next_at: Option<Ts>,
}

/// An interval shown to whoever stands at one depth.
#[derive(Debug, Clone, Copy)]
struct Probe {
    number: u64,
    depth: f64,
    at: Ts,
    eta: Eta,
}

impl Default for Calibration {
    fn default() -> Self {
        let (low, high) = (PRIOR, PRIOR);
        let knot = Knot { reach: Reach { low, high }, settled: 0.0, under_way: Vec::new(), next_at: None };
        Self { knots: std::array::from_fn(|_| knot.clone()), probes: 0 }
    }
}

/// Where a depth lies on the scale of the knots.
fn depth(ahead: u64) -> f64 {
    (2.0 * (ahead as f64 + 1.0).log10()).min(KNOTS as f64 - 1.0)
}

impl Calibration {
    /// How far the interval of somebody with so many people ahead has to reach.
    pub fn reach(&self, ahead: u64) -> Reach {
        let (knot, part) = between(depth(ahead));
        let (near, far) = (self.knots[knot].reach, self.knots[(knot + 1).min(KNOTS - 1)].reach);
        let mix = |near: f64, far: f64| near + (far - near) * part;
        Reach { low: mix(near.low, far.low), high: mix(near.high, far.high) }
    }

    /// Takes probes where they are due. `number_at` says which number has so many people ahead, if there are as many, and
    /// `shown` what its visitor is shown.
    pub fn probe(
        &mut self,
        now: Ts,
        number_at: impl Fn(u64) -> Option<u64>,
        shown: impl Fn(&Self, u64) -> Option<Eta>,
    ) {
        for knot in 0..KNOTS {
            if self.knots[knot].next_at.is_some_and(|at| now < at) {
                continue;
            }
            // Spread over the depths around the knot by the golden ratio.
            let part = (self.probes as f64 * 0.618_033_988_75).fract() - 0.5;
            let ahead = (10f64.powf((knot as f64 + part) / 2.0) - 1.0).max(0.0).round() as u64;
            let Some(number) = number_at(ahead) else { return };
            let Some(eta) = shown(self, ahead) else { return };
            self.probes += 1;
            let every_s = (eta.low_s + eta.high_s) as f64 / 2.0 / PROBES_A_WAIT;
            let knot = &mut self.knots[knot];
            knot.next_at = Some(now + Duration::seconds_f64(every_s.max(1.0)));
            if knot.under_way.len() < PROBES_MAX {
                knot.under_way.push(Probe { number, depth: depth(ahead), at: now, eta });
            }
        }
    }

    /// The line has reached `serving`.
    pub fn settle(&mut self, serving: u64, now: Ts) {
        for knot in 0..KNOTS {
            let over = self.knots[knot].under_way.extract_if(.., |probe| probe.number <= serving);
            for probe in over.collect::<Vec<_>>() {
                self.learn(probe, now);
            }
        }
    }

    fn learn(&mut self, Probe { depth, at, eta, .. }: Probe, now: Ts) {
        let waited = now - at;
        let step = if depth < NEAR { STEP_NEAR } else { STEP_FAR };
        let missed = |is: bool| step * (f64::from(u8::from(is)) - MISSED);
        let low = missed(waited < Duration::seconds(eta.low_s as i64));
        let high = missed(waited > Duration::seconds(eta.high_s as i64));
        let (at, part) = between(depth);
        for (n, knot) in self.knots.iter_mut().enumerate().skip(at) {
            let weight = match n - at {
                0 => 1.0 - part,
                1 => part,
                further => POOLED.powi(further as i32) / (1.0 + knot.settled / OWN),
            };
            if n - at < 2 {
                knot.settled += weight;
            }
            let reach = &mut knot.reach;
            reach.low = (reach.low + low * weight).clamp(*REACH.start(), *REACH.end());
            reach.high = (reach.high + high * weight).clamp(*REACH.start(), *REACH.end());
            // An interval never turns inside out.
            let lacking = (0.2 - reach.low - reach.high).max(0.0) / 2.0;
            reach.low += lacking;
            reach.high += lacking;
        }
    }

    /// Something has happened that nobody could know: what is under way says nothing about the intervals.
    pub fn forget_probes(&mut self) {
        self.knots.iter_mut().for_each(|knot| knot.under_way.clear());
    }
}

/// The knot before a depth, and how far beyond it, 0 to 1.
fn between(depth: f64) -> (usize, f64) {
    (depth as usize, depth.fract())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::entropy::Entropy;

    use super::*;

    fn at(seconds: u64) -> Ts {
        Ts::from_seconds(1_800_000_000 + seconds as i64)
    }

    /// A line that moves on by one a second, `noise` people more or less, while the model takes `slow` times as long; of the intervals
    /// shown in its second half at some depths around a hundred people, the shares that were right.
    fn right_shares(slow: f64, noise: impl Fn(u64) -> i64) -> Vec<f64> {
        const DEPTHS: [u64; 6] = [56, 71, 89, 112, 141, 178];
        let mut learnt = Calibration::default();
        let shown = |learnt: &Calibration, ahead: u64| {
            let Reach { low, high } = learnt.reach(ahead);
            let end = |reach: f64| ((ahead as f64 * slow + 1.0) * (reach * 0.2).exp()).round() as u64;
            Some(Eta { low_s: end(-low), high_s: end(high) })
        };
        let (mut counts, mut kept) = ([(0, 0); DEPTHS.len()], Vec::new());
        for second in 0..40_000u64 {
            let serving = second.saturating_add_signed(noise(second));
            learnt.settle(serving, at(second));
            learnt.probe(at(second), |ahead| (ahead < 3000).then_some(serving + 1 + ahead), shown);
            if second > 20_000 && second % 37 == 0 {
                let fresh = DEPTHS.map(|ahead| (ahead, serving + 1 + ahead, second, shown(&learnt, ahead)));
                kept.extend(fresh);
            }
            for (ahead, _, shown_at, eta) in kept.extract_if(.., |(_, number, ..)| *number <= serving) {
                let (right, all) = &mut counts[DEPTHS.iter().position(|depth| *depth == ahead).unwrap()];
                let waited = second - shown_at;
                *all += 1;
                *right += u32::from(eta.is_some_and(|eta| (eta.low_s..=eta.high_s).contains(&waited)));
            }
        }
        counts.iter().map(|(right, all)| f64::from(*right) / f64::from(*all)).collect()
    }

    /// A line that lags and catches up without a rhythm, by some twenty people.
    fn wander() -> impl Fn(u64) -> i64 {
        let (chance, mut fast, mut slow) = (Entropy::seeded(1), 0.0, 0.0);
        let part = |scale: f64| (f64::from(chance.below(1 << 20)) / f64::from(1 << 20) - 0.5) * scale;
        let lags: Vec<i64> = (0..40_000)
            .map(|_| {
                fast = fast * 0.97 + part(8.0);
                slow = slow * 0.998 + part(2.0);
                (fast + slow) as i64
            })
            .collect();
        move |second| lags[second as usize]
    }

    #[test]
    fn four_in_five_are_right_at_every_depth_also_by_a_model_that_is_wrong() {
        let wander = wander();
        for slow in [1.0, 1.4, 0.7] {
            let shares = right_shares(slow, &wander);
            assert!(shares.iter().all(|share| (0.74..=0.86).contains(share)), "{slow}: {shares:.2?}");
        }
    }

    #[test]
    fn in_waves_four_in_five_are_right_over_the_depths_of_a_knot() {
        // Waves of a minute and of an hour, some twenty people high: a wait of 63 s hardly strays, one of 95 s the most.
        let waves =
            |second: u64| ((second as f64 / 10.0).sin() * 12.0 + (second as f64 / 570.0).sin() * 12.0) as i64;
        for slow in [1.0, 1.4, 0.7] {
            let shares = right_shares(slow, waves);
            let mean = shares.iter().sum::<f64>() / shares.len() as f64;
            assert!((0.75..=0.85).contains(&mean), "{slow}: {shares:.2?}");
        }
    }

    #[test]
    fn what_is_under_way_when_an_operator_acts_teaches_nothing() {
        let mut learnt = Calibration::default();
        let before = learnt.reach(50);
        learnt.probe(at(0), |ahead| Some(ahead + 1), |_, _| Some(Eta { low_s: 1, high_s: 2 }));
        learnt.forget_probes();
        learnt.settle(u64::MAX, at(5000));
        assert_eq!(learnt.reach(50), before);
        learnt.probe(at(6000), |ahead| Some(ahead + 1), |_, _| Some(Eta { low_s: 1, high_s: 2 }));
        learnt.settle(u64::MAX, at(9000));
        assert!(learnt.reach(50).high > before.high && learnt.reach(50).low < before.low);
    }

    proptest! {
        #[test]
        fn memory_and_reaches_are_bounded(waits in prop::collection::vec(0u64..100_000, 1..200)) {
            let (mut learnt, mut now) = (Calibration::default(), 0);
            for wait in waits {
                learnt.probe(at(now), |ahead| Some(now + ahead + 1), |_, _| Some(Eta { low_s: 0, high_s: 1 }));
                now += wait;
                learnt.settle(now / 2, at(now));
                for ahead in [0, 7, 1000, 10_000_000] {
                    let Reach { low, high } = learnt.reach(ahead);
                    prop_assert!(low + high >= 0.1 && REACH.contains(&low) && high <= *REACH.end() + 1.0);
                }
            }
            prop_assert!(learnt.knots.iter().all(|knot| knot.under_way.len() <= PROBES_MAX));
        }
    }
}
