//! Which share of the called comes, as soon as it can be told. Pure.
//!
//! Whoever does not come is known to be gone only when her claim window is over, while those who come do so within seconds: to
//! count the two as they happen takes the line for better than it is for a whole window. Here everybody who was called counts at
//! once, and whoever is still awaited counts as coming with the probability that is left after so long: comings are
//! taken to be exponentially late, and share and mean lateness are estimated together, round after round, by expectation and
//! maximisation (Dempster, Laird and Rubin, "Maximum Likelihood from Incomplete Data via the EM Algorithm", 1977).
//!
//! Both come from the same people with the same weights. Lateness that was remembered of fewer people than are awaited would be
//! outweighed by them: the later those who never come are taken to be, the longer they are waited for, until nobody is gone.

use std::collections::VecDeque;

use shared::clock::Ts;

/// Before anything is known so large a share comes …
const PRIOR_SHARE: f64 = 0.9;
/// … which weighs as so many turns …
const PRIOR_TURNS: f64 = 8.0;
/// … and so late, seconds.
const PRIOR_DELAY_S: f64 = 6.0;
/// What is long over is halved once it rests on so many turns: as the pace of calls has it.
const TURNS_MAX: f64 = 512.0;
/// A turn weighs half as much as one that was given so many turns later: those who come next are most like those who came last …
const HALF_LIFE: f64 = 384.0;
/// … of those who were called longer ago than so many times the mean lateness: of later ones nobody can tell ghosts from the late.
const SETTLED: f64 = 5.0;
/// After so many times the mean lateness, and not before so many seconds, the pace of calls waits for nobody.
const PATIENCE: f64 = 3.0;
const PATIENCE_MIN_S: f64 = 5.0;
/// Shares beyond these are not believed: of one who always comes nobody would ever be given up.
const SHARES: std::ops::RangeInclusive<f64> = 0.02..=0.98;
/// Seconds whose calls are kept apart. Whoever is still awaited after them is taken for gone.
const SECONDS_MAX: usize = 600;

/// What became of those who were called.
#[derive(Debug, Clone)]
pub struct Turns {
    /// By the second of the call, oldest first.
    recent: VecDeque<Called>,
    /// Older ones, all together.
    before: Called,
    share: f64,
    delay_s: f64,
    awaited: f64,
    known: f64,
    given: f64,
}

/// Those who were called within one second.
#[derive(Debug, Clone, Copy, Default)]
struct Called {
    second: i64,
    all: f64,
    came: f64,
    gone: f64,
    /// Sum of the lateness of those who came, seconds.
    late_s: f64,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            recent: VecDeque::new(),
            before: Called::default(),
            share: PRIOR_SHARE,
            delay_s: PRIOR_DELAY_S,
            awaited: 0.0,
            known: PRIOR_TURNS,
            given: 0.0,
        }
    }
}

impl Turns {
    /// Somebody was called.
    pub fn called(&mut self, at: Ts) {
        self.given += 1.0;
        match self.recent.back_mut() {
            Some(last) if last.second >= at.seconds() => last.all += 1.0,
            _ => self.recent.push_back(Called { second: at.seconds(), all: 1.0, ..Called::default() }),
        }
    }

    /// Somebody who was called at `called_at` came.
    pub fn came(&mut self, called_at: Ts, now: Ts) {
        if let Some(called) = self.find(called_at) {
            called.came += 1.0;
            called.late_s += (now - called_at).as_seconds_f64().max(0.0);
        }
    }

    /// Somebody who was called at `called_at` did not come.
    pub fn gone(&mut self, called_at: Ts) {
        if let Some(called) = self.find(called_at) {
            called.gone += 1.0;
        }
    }

    fn find(&mut self, called_at: Ts) -> Option<&mut Called> {
        let second = called_at.seconds();
        let at = self.recent.partition_point(|called| called.second < second);
        self.recent.get_mut(at)
    }

    /// Estimates anew.
    pub fn reckon(&mut self, now: Ts) {
        self.put_away(now.seconds());
        let patience_s = (PATIENCE * self.delay_s).max(PATIENCE_MIN_S);
        let (mut all, mut came, mut late_s) = (PRIOR_TURNS, PRIOR_TURNS * PRIOR_SHARE, 0.0);
        let (mut known, mut awaited, mut weight) = (PRIOR_TURNS, 0.0, 1.0);
        for called in self.recent.iter().rev() {
            let age_s = (now.seconds() - called.second).max(0) as f64;
            let late = (-age_s / self.delay_s).exp();
            let still = self.share * late;
            let comes = still / (still + 1.0 - self.share).max(1e-9);
            let absent = (called.all - called.came - called.gone).max(0.0);
            let expected = absent * comes;
            awaited += absent * (1.0 - age_s / patience_s).max(0.0).powi(2);
            all += called.all * weight;
            came += (called.came + expected) * weight;
            late_s += (called.late_s + expected * (age_s + self.delay_s)) * weight;
            known += (called.came + called.gone) * weight;
            if age_s > SETTLED * self.delay_s {
                weight *= 0.5f64.powf(called.all / HALF_LIFE);
            }
        }
        all += self.before.all * weight;
        came += self.before.came * weight;
        late_s += self.before.late_s * weight;
        (self.awaited, self.known) = (awaited, known + self.before.all * weight);
        self.share = (came / all).clamp(*SHARES.start(), *SHARES.end());
        let prior_s = PRIOR_TURNS * PRIOR_DELAY_S;
        self.delay_s = ((late_s + prior_s) / (came + PRIOR_TURNS * (1.0 - PRIOR_SHARE))).max(0.5);
    }

    /// What is long over counts together, and less and less.
    fn put_away(&mut self, now: i64) {
        let is_over = |called: &mut Called| {
            called.all <= called.came + called.gone || now - called.second > SECONDS_MAX as i64
        };
        let before = &mut self.before;
        while let Some(called) = self.recent.pop_front_if(is_over) {
            before.all += called.all;
            before.came += called.came;
            before.late_s += called.late_s;
        }
        while before.all >= TURNS_MAX {
            before.all /= 2.0;
            before.came /= 2.0;
            before.late_s /= 2.0;
        }
    }

    /// The share of the called who come.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// How many of those who were called the pace of calls waits for, were all to come: each less the longer she is late.
    pub fn awaited(&self) -> f64 {
        self.awaited
    }

    /// Turns that were given in all.
    pub fn given(&self) -> f64 {
        self.given
    }

    /// Turns that this rests on.
    pub fn known(&self) -> f64 {
        self.known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Ts {
        Ts::from_seconds(1_800_000_000 + seconds)
    }

    /// Ten are called a second, of whom so many come, each after between one and nine seconds; the estimate after so long.
    fn after(seconds: i64, come: i64, window_s: i64) -> Turns {
        let mut turns = Turns::default();
        for second in 0..seconds {
            for n in 0..10 {
                turns.called(at(second));
                let late_s = 1 + (n * 7) % 9;
                if n < come && second >= late_s {
                    turns.came(at(second - late_s), at(second));
                }
                if n >= come && second >= window_s {
                    turns.gone(at(second - window_s));
                }
            }
            turns.reckon(at(second));
        }
        turns
    }

    #[test]
    fn the_share_is_known_long_before_anybodys_turn_is_over() {
        for come in [3, 5, 8] {
            let turns = after(45, come, 120);
            let share = come as f64 / 10.0;
            assert!((turns.share() - share).abs() < 0.12, "{come}: {}", turns.share());
        }
        assert!(after(30, 10, 120).share() > 0.9);
    }

    #[test]
    fn in_a_fast_line_those_who_never_come_are_not_taken_for_late() {
        let mut turns = Turns::default();
        let (mut shares, come_after_s) = (Vec::new(), |n: i64| 1 + (n * 7) % 11);
        for second in 0..200 {
            // All come at first, then three of four.
            let comes = |called: i64, n: i64| called < 60 || n % 4 > 0;
            for n in 0..120 {
                turns.called(at(second));
                let came = second - come_after_s(n);
                if came >= 0 && comes(came, n) {
                    turns.came(at(came), at(second));
                }
                if second >= 60 && !comes(second - 60, n) {
                    turns.gone(at(second - 60));
                }
            }
            turns.reckon(at(second));
            shares.push(turns.share());
        }
        assert!(shares[20..60].iter().all(|share| *share > 0.93), "{:.2?}", &shares[20..60]);
        assert!(shares[110..].iter().all(|share| (0.70..0.82).contains(share)), "{:.2?}", &shares[60..]);
    }

    #[test]
    fn what_it_remembers_is_bounded_and_follows_the_line() {
        let turns = after(3000, 5, 60);
        assert!((turns.share() - 0.5).abs() < 0.05, "{}", turns.share());
        assert!(turns.recent.len() <= SECONDS_MAX + 2 && turns.known() < 3.0 * TURNS_MAX);
        assert!(turns.awaited() < 150.0, "{}", turns.awaited());
    }
}
