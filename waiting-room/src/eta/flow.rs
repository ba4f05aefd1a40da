//! What the line has shown of its visitors' habits. Pure.

use shared::clock::Ts;
use time::Duration;

/// Before anything is known, everybody who is called is taken to come: this many times.
const PRIOR_TURNS: f64 = 8.0;
/// … and a visit to take this share of its full length: once, and for everybody inside as long as hardly anybody has left.
const PRIOR_VISIT_SHARE: f64 = 0.3;
const PRIOR_VISITS: f64 = 1.0;
/// What was learnt of visits is halved once it rests on this many, so that the estimate follows the line.
const VISITS_MAX: f64 = 128.0;
/// The same of turns: as the pace of calls has it.
const TURNS_MAX: f64 = 512.0;
/// Relative variance of the prior: nobody knows yet how long visits to this shop are.
const PRIOR_VARIANCE: f64 = 0.5;
/// Seconds after which somebody who was called is expected by a third only: the patience of the pace of calls.
const PATIENCE_S: f64 = 5.0;

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
        if self.visits_ended >= VISITS_MAX {
            self.visits_ended /= 2.0;
            self.inside_s /= 2.0;
        }
        if self.turns_taken + self.turns_missed >= TURNS_MAX {
            self.turns_taken /= 2.0;
            self.turns_missed /= 2.0;
        }
    }

    /// How many are in the shop.
    pub fn inside(&self) -> u64 {
        self.inside
    }

    /// How many of the called are still expected.
    pub fn expected(&self) -> f64 {
        self.expected
    }

    /// The share of the called who come.
    pub fn share(&self) -> f64 {
        (self.turns_taken + PRIOR_TURNS) / self.turns_known()
    }

    /// Its relative variance: a binomial's.
    pub fn share_variance(&self) -> f64 {
        let share = self.share();
        (1.0 - share) / share / self.turns_known()
    }

    fn turns_known(&self) -> f64 {
        self.turns_taken + self.turns_missed + PRIOR_TURNS
    }

    /// How often the shop has been left by as many as are in it.
    fn turnovers(&self) -> f64 {
        self.visits_ever / (self.inside as f64).max(1.0)
    }

    /// Visits that the prior counts for. While the shop fills for the first time hardly anybody has had the time to leave,
    /// which says nothing about how long visits are: it then weighs as much as those inside.
    fn prior_visits(&self) -> f64 {
        PRIOR_VISITS + self.inside as f64 * (-self.turnovers()).exp()
    }

    /// The chance per second that a visitor leaves the shop.
    pub fn hazard(&self, session_length_s: f64) -> f64 {
        let prior = self.prior_visits();
        (self.visits_ended + prior) / (self.inside_s + prior * PRIOR_VISIT_SHARE * session_length_s)
    }

    /// Its relative variance: few visits seen, and those that the prior stands for.
    pub fn hazard_variance(&self) -> f64 {
        let prior = self.prior_visits();
        let guessed = prior / (prior + self.visits_ended);
        1.0 / (self.visits_ended + prior) + PRIOR_VARIANCE * guessed * guessed
    }
}
