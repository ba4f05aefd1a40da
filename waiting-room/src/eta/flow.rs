//! What the line has shown of its visitors' habits. Pure.

use shared::clock::Ts;

use super::turns::Turns;

/// The pace of calls takes everybody who is called to come, before anything is known: this many times.
const PRIOR_TURNS: f64 = 8.0;
/// … and a visit to take this share of its full length: once, and for everybody inside as long as hardly anybody has left.
const PRIOR_VISIT_SHARE: f64 = 0.3;
const PRIOR_VISITS: f64 = 1.0;
/// What was learnt of visits is halved once it rests on this many, so that the estimate follows the line.
const VISITS_MAX: f64 = 128.0;
/// The same of turns that the pace of calls goes by.
const TURNS_MAX: f64 = 512.0;
/// Relative variance of the prior: nobody knows yet how long visits to this shop are.
const PRIOR_VARIANCE: f64 = 0.15;

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
    turns: Turns,
    /// Came, and stand at the door.
    at_door: f64,
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
        self.watched_until = Some(now);
    }

    /// Everything that has happened until now has been told.
    pub fn reckon(&mut self, now: Ts) {
        self.turns.reckon(now);
    }

    /// Somebody was called.
    pub fn called(&mut self, at: Ts) {
        self.turns.called(at);
    }

    /// Somebody who was called at `called_at` came, and finds the shop full.
    pub fn came(&mut self, called_at: Ts, now: Ts) {
        self.turns.came(called_at, now);
        self.at_door += 1.0;
    }

    /// Somebody who was called at `called_at` went in, perhaps from the door.
    pub fn entered(&mut self, called_at: Ts, was_at_door: bool, now: Ts) {
        if was_at_door {
            self.at_door = (self.at_door - 1.0).max(0.0);
        } else {
            self.turns.came(called_at, now);
        }
        self.inside += 1;
        self.turns_taken += 1.0;
        self.fade();
    }

    /// Somebody who was called at `called_at` did not come, or left the door.
    pub fn missed(&mut self, called_at: Ts, was_at_door: bool) {
        if was_at_door {
            self.at_door = (self.at_door - 1.0).max(0.0);
        } else {
            self.turns.gone(called_at);
        }
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

    /// Those of the called for whom the pace of calls keeps a place: who may still come, and who stands at the door.
    pub fn expected(&self) -> f64 {
        self.turns.awaited() * self.share_paced() + self.at_door
    }

    /// The share of the called who come.
    pub fn share(&self) -> f64 {
        self.turns.share()
    }

    /// The share that the pace of calls goes by: it learns that somebody is gone when the turn is over.
    pub fn share_paced(&self) -> f64 {
        (self.turns_taken + PRIOR_TURNS) / (self.turns_taken + self.turns_missed + PRIOR_TURNS)
    }

    /// The share's relative variance: a binomial's.
    pub fn share_variance(&self) -> f64 {
        let share = self.share();
        (1.0 - share) / share / self.turns.known()
    }

    /// Turns that the share rests on.
    pub fn turns_known(&self) -> f64 {
        self.turns.known()
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
