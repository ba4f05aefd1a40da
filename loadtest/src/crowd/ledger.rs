//! What the crowd saw: counts, latencies, and the promises that were broken.
//!
//! Each promise is checked against what the server itself said, never against the crowd's own timing, so a slow
//! machine breaks none.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::clock::Ts;

use crate::histogram::Histogram;

/// Sentences kept about broken promises; further ones are counted.
const SENTENCES_MAX: usize = 20;
/// Facts of one kind remembered; a crowd that runs for days checks its first million fans.
const FACTS_MAX: usize = 1_000_000;
/// Kinds of refusals and failures told apart.
const KINDS_MAX: usize = 100;
/// The sliding minute of the rate, seconds. Admissions are known to the second, rounded down, so two that show a
/// difference of 59 s lie within one minute for certain.
const MINUTE_S: i64 = 59;

/// Where a fan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// In the line.
    Waiting,
    /// Called, or claiming.
    Called,
    /// In the shop.
    Shopping,
    /// Home with tickets.
    Bought,
    /// Home without, by choice or because nothing was left.
    Left,
    /// A tab was closed silently.
    Vanished,
    /// Home because the server or the time failed her.
    Failed,
}

/// What is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Step {
    Join,
    Claim,
    Look,
    Hold,
    Book,
    Pay,
    Leave,
    Account,
}

impl Step {
    /// All steps in the order of a visit.
    pub const ALL: [Step; 8] =
        [Step::Join, Step::Claim, Step::Look, Step::Hold, Step::Book, Step::Pay, Step::Leave, Step::Account];
}

/// A fan in the shop. To be dropped before the server is told of her going, so that those counted as inside are
/// never more than those who are.
pub struct Presence<'l>(&'l AtomicI64);

impl Drop for Presence<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Everything the crowd saw. Shared by all fans.
#[derive(Default)]
pub struct Ledger {
    /// Fans that have arrived.
    pub arrived: AtomicU64,
    /// Place documents received.
    pub frames: AtomicU64,
    /// Connections opened again after they were lost.
    pub reconnects: AtomicU64,
    /// Tickets bought.
    pub tickets: AtomicU64,
    stages: [AtomicI64; 7],
    steps: [Histogram; 8],
    inside: AtomicI64,
    inside_max: AtomicI64,
    facts: Mutex<Facts>,
}

#[derive(Default)]
struct Facts {
    /// Number of a place → whose.
    numbers: HashMap<u64, u64>,
    /// Seat → whose.
    seats: HashMap<i64, u64>,
    /// Number → deadline of the turn, as first told, and in which of the line's lives; it grows with the instant of the call within
    /// one.
    calls: BTreeMap<u64, (u32, Ts)>,
    /// How often the line was lost, or was about to be.
    lives: u32,
    /// Ends of the booking sessions, seconds; they grow with the instants of admission.
    session_ends: Vec<i64>,
    /// Refusals and failures by kind.
    refusals: BTreeMap<String, u64>,
    violations: Vec<String>,
    violation_count: u64,
}

impl Ledger {
    /// Moves a fan from one stage to another.
    pub fn moved(&self, from: Option<Stage>, to: Stage) {
        if let Some(from) = from {
            self.stages[from as usize].fetch_sub(1, Ordering::Relaxed);
        }
        self.stages[to as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Fans in a stage.
    pub fn at(&self, stage: Stage) -> i64 {
        self.stages[stage as usize].load(Ordering::Relaxed)
    }

    /// Latencies of a step.
    pub fn step(&self, step: Step) -> &Histogram {
        &self.steps[step as usize]
    }

    /// A request of `step` was answered.
    pub fn answered(&self, step: Step, took: Duration) {
        self.steps[step as usize].record(took);
    }

    /// A request was refused (or not answered) for a reason that is no broken promise.
    pub fn refused(&self, step: Step, why: &str) {
        let mut facts = self.facts();
        let kind = format!("{step:?}: {why}").to_lowercase();
        if facts.refusals.len() < KINDS_MAX || facts.refusals.contains_key(&kind) {
            *facts.refusals.entry(kind).or_default() += 1;
        }
    }

    /// A promise was broken.
    pub fn violated(&self, sentence: String) {
        self.facts().violated(sentence);
    }

    /// `fan` was given the place `number`.
    pub fn placed(&self, fan: u64, number: u64) {
        let mut facts = self.facts();
        if facts.numbers.len() >= FACTS_MAX {
            return;
        }
        if let Some(other) = facts.numbers.insert(number, fan).filter(|other| *other != fan) {
            facts.violated(format!("number {number} was given to fan {other} and to fan {fan}"));
        }
    }

    /// The place `number` was called and may be claimed until `claim_by`.
    pub fn called(&self, number: u64, claim_by: Ts) {
        let mut facts = self.facts();
        if facts.calls.len() < FACTS_MAX {
            let life = facts.lives;
            facts.calls.entry(number).or_insert((life, claim_by));
        }
    }

    /// The line is about to be lost, or is back: turns that were given before have longer deadlines now, by which they cannot be compared
    /// with those that were first heard of earlier.
    pub fn line_begins_anew(&self) {
        self.facts().lives += 1;
    }

    /// A fan went in; the booking session ends at `until`. She counts as inside while the presence lives.
    pub fn admitted(&self, until: Ts) -> Presence<'_> {
        let mut facts = self.facts();
        if facts.session_ends.len() < FACTS_MAX {
            facts.session_ends.push(until.seconds());
        }
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.inside_max.fetch_max(inside, Ordering::SeqCst);
        Presence(&self.inside)
    }

    /// `fan` was told that `seats` are bought.
    pub fn bought(&self, fan: u64, seats: &[i64]) {
        self.tickets.fetch_add(seats.len() as u64, Ordering::Relaxed);
        let mut facts = self.facts();
        for seat in seats {
            if let Some(other) = facts.seats.insert(*seat, fan) {
                facts.violated(format!("seat {seat} was sold to fan {other} and to fan {fan}"));
            }
        }
    }

    /// Checks what can only be judged at the end, against the rate and cap that the room had all along.
    pub fn close(&self, rate_per_minute: usize, cap: i64) {
        let mut facts = self.facts();
        for sentence in facts.calls_out_of_order() {
            facts.violated(sentence);
        }
        facts.session_ends.sort_unstable();
        if let Some(most) = busiest_minute(&facts.session_ends).filter(|most| *most > rate_per_minute) {
            facts.violated(format!("{most} fans were admitted within a minute: more than the room's rate"));
        }
        let inside = self.inside_max.load(Ordering::SeqCst);
        if inside > cap {
            facts.violated(format!("{inside} fans were in the shop at once: more than the room's cap"));
        }
    }

    /// Fans that were admitted, and the most that were in the shop at once.
    pub fn admissions(&self) -> (usize, i64) {
        (self.facts().session_ends.len(), self.inside_max.load(Ordering::SeqCst))
    }

    /// Broken promises: how many, and the first sentences about them.
    pub fn violations(&self) -> (u64, Vec<String>) {
        let facts = self.facts();
        (facts.violation_count, facts.violations.clone())
    }

    /// Refusals and failures by kind.
    pub fn refusals(&self) -> BTreeMap<String, u64> {
        self.facts().refusals.clone()
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Facts {
    fn violated(&mut self, sentence: String) {
        self.violation_count += 1;
        if self.violations.len() < SENTENCES_MAX {
            self.violations.push(sentence);
        }
    }

    /// A turn that came later than that of a higher number.
    fn calls_out_of_order(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for life in 0..=self.lives {
            let of_it = || self.calls.iter().filter(|(_, (told_in, _))| *told_in == life);
            let pairs = of_it().zip(of_it().skip(1));
            let late = pairs.filter(|((_, (_, earlier)), (_, (_, later)))| earlier > later);
            wrong.extend(late.map(|((n, _), (m, _))| format!("number {m} was called before number {n}")));
        }
        wrong
    }
}

/// Most instants (seconds, sorted) within one minute.
fn busiest_minute(instants_s: &[i64]) -> Option<usize> {
    let mut first = 0;
    let within = instants_s.iter().enumerate().map(|(last, at)| {
        while at - instants_s[first] > MINUTE_S {
            first += 1;
        }
        last - first + 1
    });
    within.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_honest_line_does_breaks_no_promise() {
        let ledger = Ledger::default();
        for fan in 1..=3 {
            ledger.placed(fan, fan);
            ledger.called(fan, Ts::from_seconds(100 + fan as i64 / 2));
            drop(ledger.admitted(Ts::from_seconds(200)));
            ledger.bought(fan, &[fan as i64]);
        }
        ledger.close(3, 1);
        assert_eq!(ledger.violations(), (0, Vec::new()));
    }

    #[test]
    fn each_broken_promise_is_seen() {
        let ledger = Ledger::default();
        ledger.placed(1, 7);
        ledger.placed(2, 7);
        ledger.called(7, Ts::from_seconds(101));
        ledger.called(8, Ts::from_seconds(100));
        let _inside = (ledger.admitted(Ts::from_seconds(200)), ledger.admitted(Ts::from_seconds(259)));
        ledger.bought(1, &[5]);
        ledger.bought(2, &[5]);
        ledger.close(1, 1);
        assert_eq!(ledger.violations().0, 5, "{:#?}", ledger.violations());
    }

    #[test]
    fn turns_are_compared_with_those_heard_of_in_the_same_life_of_the_line() {
        let ledger = Ledger::default();
        ledger.called(8, Ts::from_seconds(100));
        ledger.line_begins_anew();
        ledger.called(7, Ts::from_seconds(180));
        assert_eq!(ledger.facts().calls_out_of_order(), Vec::<String>::new());
        ledger.called(9, Ts::from_seconds(170));
        assert_eq!(ledger.facts().calls_out_of_order(), ["number 9 was called before number 7"]);
    }

    #[test]
    fn a_minute_is_sixty_seconds() {
        assert_eq!(busiest_minute(&[0, 59, 60, 119]), Some(2));
        assert_eq!(busiest_minute(&[]), None);
    }
}
