//! How long visits to the shop are, from those that have ended and those that go on. Pure.
//!
//! While the shop fills, everybody in it has only just come: how many have left by then says little about how long visits are.
//! What tells is at which *age* visits end. So the time spent in the shop and the visits ended are counted by age. From the
//! youngest age on the share of visits that last longer is followed (Kaplan and Meier, "Nonparametric Estimation from Incomplete
//! Observations", 1958) until a tenth have ended; beyond, visits are taken to end at one rate, that of all ages seen there. This
//! is the exponential distribution with a least length (Epstein and Sobel, "Some Theorems Relevant to Life Testing from an Exponential
//! Distribution", 1954), with a least length that one hasty visitor does not decide.

use std::collections::VecDeque;

use shared::clock::Ts;

/// Ages that are told apart, each an eleventh longer than the one before it; the last is half a day.
const AGES: usize = 128;
/// Before anything is known a visit takes this share of its full length …
const PRIOR_SHARE: f64 = 0.3;
/// … which weighs as so many visits …
const PRIOR_VISITS: f64 = 2.0;
/// … and has this relative variance: nobody knows yet how long visits to this shop are.
const PRIOR_VARIANCE: f64 = 0.2;
/// From here on, once so large a share of the visits has ended, they end at one rate.
const HEAD: f64 = 0.1;
/// Relative variance of what visits that outlast every age seen will yet take.
const BEYOND: f64 = 0.1;
/// Variance of the estimate, as a multiple of that of as many visits of exponential length.
const VARIANCE: f64 = 0.55;
/// What was learnt is halved once it rests on so many visits, so that the estimate follows the line.
const VISITS_MAX: f64 = 512.0;

/// What became of those who went in.
#[derive(Debug, Clone)]
pub struct Visits {
    /// Who is inside, by the second of going in, oldest first.
    inside: VecDeque<(i64, f64)>,
    watched_until: Option<Ts>,
    /// Seconds spent inside, and visits ended, by age.
    spent_s: [f64; AGES],
    ended: [f64; AGES],
    ended_in_all: f64,
    /// What this comes to.
    curve: Curve,
}

/// The visits by their lengths.
#[derive(Debug, Clone, Copy, Default)]
struct Curve {
    /// Mean seconds that a visit spends in the head.
    head_s: f64,
    /// The share that outlasts it.
    rest: f64,
    /// Seconds spent beyond it, and visits ended there.
    spent_s: f64,
    ended: f64,
    /// The share that outlasts every age seen.
    beyond: f64,
}

/// How long a visit is.
#[derive(Debug, Clone, Copy)]
pub struct Length {
    /// Its mean, seconds.
    pub mean_s: f64,
    /// Relative variance of that estimate.
    pub variance: f64,
}

impl Default for Visits {
    fn default() -> Self {
        let curve = Curve { rest: 1.0, beyond: 1.0, ..Curve::default() };
        let (spent_s, ended) = ([0.0; AGES], [0.0; AGES]);
        Self { inside: VecDeque::new(), watched_until: None, spent_s, ended, ended_in_all: 0.0, curve }
    }
}

/// The index of an age.
fn index_of(age_s: f64) -> usize {
    (((1.0 + age_s.max(0.0)).log2() * 8.0) as usize).min(AGES - 1)
}

/// Where an age begins, seconds.
fn begin_of(age: usize) -> f64 {
    (age as f64 / 8.0).exp2() - 1.0
}

impl Visits {
    /// Time has passed: everybody inside is older.
    pub fn watch(&mut self, now: Ts) {
        let since = self.watched_until.replace(now).unwrap_or(now);
        let passed_s = (now - since).as_seconds_f64();
        if passed_s <= 0.0 {
            return;
        }
        for (second, inside) in &self.inside {
            let age_s = (now - Ts::from_seconds(*second)).as_seconds_f64() - passed_s / 2.0;
            self.spent_s[index_of(age_s)] += inside * passed_s;
        }
    }

    /// Somebody went in.
    pub fn entered(&mut self, at: Ts) {
        let second = at.seconds();
        let place = self.inside.partition_point(|(other, _)| *other < second);
        match self.inside.get_mut(place) {
            Some((same, inside)) if *same == second => *inside += 1.0,
            _ => self.inside.insert(place, (second, 1.0)),
        }
    }

    /// Somebody who went in at `at` has left.
    pub fn left(&mut self, at: Ts, now: Ts) {
        let second = at.seconds();
        let place = self.inside.partition_point(|(other, _)| *other < second);
        let Some((_, inside)) = self.inside.get_mut(place).filter(|(same, _)| *same == second) else {
            return;
        };
        *inside -= 1.0;
        if *inside <= 0.0 {
            self.inside.remove(place);
        }
        self.ended[index_of((now - at).as_seconds_f64())] += 1.0;
        self.ended_in_all += 1.0;
        if self.ended_in_all >= VISITS_MAX {
            self.ended_in_all /= 2.0;
            self.spent_s.iter_mut().chain(&mut self.ended).for_each(|count| *count /= 2.0);
        }
    }

    /// Estimates anew.
    pub fn reckon(&mut self) {
        let mut curve = Curve { rest: 1.0, beyond: 1.0, ..Curve::default() };
        let ages = self.spent_s.iter().rposition(|spent_s| *spent_s > 0.0).map_or(0, |oldest| oldest + 1);
        for age in 0..ages {
            let (spent_s, ended) = (self.spent_s[age], self.ended[age]);
            let length_s = begin_of(age + 1) - begin_of(age);
            // Ages shorter than the time between two looks may have been passed over.
            let stay = if spent_s > 0.0 { (-ended / spent_s * length_s).exp() } else { 1.0 };
            if curve.rest > 1.0 - HEAD {
                curve.head_s += curve.rest * length_s * (1.0 + stay) / 2.0;
                curve.rest *= stay;
            } else {
                curve.spent_s += spent_s;
                curve.ended += ended;
            }
            curve.beyond *= stay;
        }
        self.curve = curve;
    }

    /// How long a visit is, where a full one takes so long.
    pub fn length(&self, full_s: f64) -> Length {
        let Curve { head_s, rest, spent_s, ended, beyond } = self.curve;
        let prior_s = PRIOR_SHARE * full_s;
        let tail_s = (spent_s + PRIOR_VISITS * prior_s) / (ended + PRIOR_VISITS);
        let mean_s = head_s + rest * tail_s;
        let guessed = PRIOR_VISITS / (PRIOR_VISITS + ended);
        let counted = VARIANCE * ended / (ended + PRIOR_VISITS).powi(2);
        let doubt = counted + PRIOR_VARIANCE * guessed * guessed + BEYOND * beyond * beyond;
        let mean_s = mean_s.max(1.0);
        Length { mean_s, variance: doubt * (rest * tail_s / mean_s).powi(2) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Ts {
        Ts::from_seconds(1_800_000_000 + seconds)
    }

    /// Five go in each second and stay between `least_s` and `most_s`, evenly spread; what is known after so long.
    fn after(seconds: i64, least_s: i64, most_s: i64) -> Length {
        let mut visits = Visits::default();
        let stays_s = |n: i64| least_s + (n * 37) % (most_s - least_s + 1);
        for second in 0..seconds {
            visits.watch(at(second));
            for n in (0..second * 5).filter(|n| n / 5 + stays_s(*n) == second) {
                visits.left(at(n / 5), at(second));
            }
            (0..5).for_each(|_| visits.entered(at(second)));
        }
        visits.reckon();
        visits.length(600.0)
    }

    #[test]
    fn the_length_of_visits_is_known_soon_after_the_first_have_ended() {
        for (least_s, most_s) in [(20, 100), (60, 180), (100, 300)] {
            let length = after(most_s * 3 / 4, least_s, most_s);
            let (mean_s, known) = ((least_s + most_s) as f64 / 2.0, length.mean_s);
            assert!((0.75..=1.35).contains(&(known / mean_s)), "{least_s} to {most_s}: {known}");
            let length = after(most_s * 3, least_s, most_s);
            assert!((length.mean_s / mean_s - 1.0).abs() < 0.06, "{least_s} to {most_s}: {length:?}");
            assert!(length.variance < 0.01, "{length:?}");
        }
    }

    #[test]
    fn as_long_as_nobody_has_left_the_settings_say_how_long_visits_are() {
        let fresh = Visits::default().length(600.0);
        assert_eq!((fresh.mean_s, fresh.variance > 0.2), (180.0, true));
        let young = after(10, 100, 300);
        assert!((170.0..=200.0).contains(&young.mean_s) && young.variance > 0.2, "{young:?}");
    }

    #[test]
    fn who_was_never_seen_going_in_leaves_unnoticed_and_memory_is_bounded() {
        let mut visits = Visits::default();
        visits.left(at(0), at(5));
        assert_eq!((visits.ended_in_all, visits.inside.len()), (0.0, 0));
        (0..2000).for_each(|n| visits.entered(at(n % 50)));
        assert_eq!(visits.inside.len(), 50);
        (0..2000).for_each(|n| visits.left(at(n % 50), at(100)));
        assert!(visits.inside.is_empty() && visits.ended_in_all < VISITS_MAX);
    }
}
