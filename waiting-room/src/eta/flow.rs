//! What the line has shown of its visitors' habits. Pure.

use shared::clock::Ts;

use super::turns::Turns;
use super::visits::{Length, Visits};

/// The pace of calls takes everybody who is called to come, before anything is known: this many times.
const PRIOR_TURNS: f64 = 8.0;
/// … and what was learnt of turns is halved once it rests on so many.
const TURNS_MAX: f64 = 512.0;

/// What the line has shown of its visitors' habits.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    /// In the shop.
    inside: u64,
    visits: Visits,
    turns_taken: f64,
    turns_missed: f64,
    turns: Turns,
    /// Came, and stand at the door.
    at_door: f64,
}

impl Flow {
    /// Nothing learnt yet, with some inside who went in at these instants.
    pub fn begin(inside: impl IntoIterator<Item = Ts>, now: Ts) -> Self {
        let mut flow = Self::default();
        for at in inside {
            flow.visits.entered(at);
            flow.inside += 1;
        }
        flow.visits.watch(now);
        flow
    }

    /// Time has passed.
    pub fn watch(&mut self, now: Ts) {
        self.visits.watch(now);
    }

    /// Everything that has happened until now has been told.
    pub fn reckon(&mut self, now: Ts) {
        self.turns.reckon(now);
        self.visits.reckon();
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
        self.visits.entered(now);
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

    /// Somebody who went in at `entered_at` has left the shop.
    pub fn left_shop(&mut self, entered_at: Ts, now: Ts) {
        self.inside = self.inside.saturating_sub(1);
        self.visits.left(entered_at, now);
    }

    fn fade(&mut self) {
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

    /// Turns that were given in all.
    pub fn turns_given(&self) -> f64 {
        self.turns.given()
    }

    /// How long a visit is, where a full one takes so many seconds.
    pub fn visit(&self, session_length_s: f64) -> Length {
        self.visits.length(session_length_s)
    }
}
