//! What nodes on one PostgreSQL tell one another, so that a seat sold here turns grey there at once.
//!
//! News are hints and never facts: whoever hears one looks into the tables. So news may be lost, late or doubled, and
//! everything they speed up also looks by itself: seat maps twice a second, kept pages after one second, workers every
//! `job_poll_ms`. A node gathers its news for a moment and sends them with one NOTIFY **after** the commits they tell of.
//! Inside the facts' own transactions they would be as quick and never lost, but PostgreSQL lets only one transaction
//! with a NOTIFY commit at a time, and a hot sale would queue there (decision 17).
//!
//! On SQLite there is one process and nobody to tell.

mod relay;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use tokio::sync::Notify;

use crate::app::App;

pub use relay::spawn;

/// Sessions named in one message; beyond it the message says “any”. Keeps it under PostgreSQL's 8000 bytes.
const SESSIONS_MAX: usize = 100;
/// The same of sessions that are sold otherwise than before.
const PLANS_MAX: usize = 20;

/// What has happened here and was not yet told. Bounded: it names some sessions, or all.
#[derive(Default)]
pub struct News {
    untold: Mutex<Hints>,
    something: Notify,
}

/// What may be looked at anew.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Hints {
    /// Sessions whose seats changed, and the instant in microseconds since when, by the sender's clock.
    seats: BTreeMap<i64, i64>,
    /// The seats of any session may have changed: there were too many to name.
    any_seats: bool,
    /// Sessions whose ticket types or seats are others than before. One that is not named is read again within a minute.
    #[serde(default)]
    plans: BTreeSet<i64>,
    /// Events changed.
    events: bool,
    /// Jobs wait, and the sender has no worker free.
    jobs: bool,
}

impl News {
    /// Seats of `session` changed at `at` or a little earlier.
    pub fn seats(&self, session: i64, at: Ts) {
        self.add(|hints| hints.add_seats(session, at.micros()));
    }

    /// `session` has other ticket types or seats than before.
    pub fn plan(&self, session: i64) {
        self.add(|hints| {
            if hints.plans.len() < PLANS_MAX {
                hints.plans.insert(session);
            }
        });
    }

    /// Events changed.
    pub fn events(&self) {
        self.add(|hints| hints.events = true);
    }

    /// More jobs are due than this node has workers for.
    pub fn jobs(&self) {
        self.add(|hints| hints.jobs = true);
    }

    fn add(&self, what: impl FnOnce(&mut Hints)) {
        what(&mut self.untold.lock().unwrap_or_else(PoisonError::into_inner));
        self.something.notify_one();
    }

    fn take(&self) -> Hints {
        std::mem::take(&mut *self.untold.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Hints {
    fn add_seats(&mut self, session: i64, at_us: i64) {
        if self.seats.len() >= SESSIONS_MAX && !self.seats.contains_key(&session) {
            self.seats.clear();
            self.any_seats = true;
        }
        if !self.any_seats {
            self.seats.entry(session).and_modify(|since| *since = at_us.min(*since)).or_insert(at_us);
        }
    }

    /// Everything that a node may have missed while nobody told it anything.
    fn everything() -> Self {
        Self { seats: BTreeMap::new(), any_seats: true, plans: BTreeSet::new(), events: true, jobs: true }
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Lets this node look at what another has changed.
    fn follow(&self, app: &App) {
        for (session, since) in &self.seats {
            app.seat_maps.mark_stale(*session, Ts::from_micros(*since));
        }
        if self.any_seats {
            app.seat_maps.mark_all_stale();
        }
        for session in &self.plans {
            app.seat_maps.mark_replanned(*session);
        }
        if self.events {
            app.event_pages.clear();
        }
        if self.jobs {
            app.jobs_waiting.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_are_gathered_with_the_earliest_instant_and_told_once() {
        let news = News::default();
        for at in [30, 10, 20] {
            news.seats(7, Ts::from_micros(at));
        }
        news.events();
        let told = news.take();
        assert_eq!((told.seats, told.events, told.jobs), (BTreeMap::from([(7, 10)]), true, false));
        assert!(news.take().is_empty());
    }

    #[test]
    fn too_many_sessions_become_any_and_a_message_stays_short() {
        let news = News::default();
        for session in 0..SESSIONS_MAX as i64 {
            news.seats(i64::MAX - session, Ts::from_micros(i64::MAX));
            news.plan(i64::MAX - session);
        }
        let longest = serde_json::to_string(&*news.untold.lock().unwrap()).unwrap();
        assert!(longest.len() < 7000, "{}", longest.len());
        news.seats(1, Ts::from_micros(1));
        let told = news.take();
        assert!(told.any_seats && told.seats.is_empty());
    }
}
