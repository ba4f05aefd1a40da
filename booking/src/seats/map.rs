//! A session's seats in memory: what a snapshot, a delta and the choice of the best seats are made of.
//!
//! Versions are instants in microseconds: that of the newest change the map has seen, or of its first look, so there is
//! no counter row that every sale would have to lock. A change may become visible later than its instant says: its
//! transaction was still open, so [`OVERLAP_US`] are read again each time; and the clock of the node that made it may be
//! behind, so now and then a read, and always a delta, reaches back by [`SKEW_US`].
//! Deltas carry states, not differences: a change that is told twice does no harm. The ETag is a hash of the states, so
//! equal content has an equal tag on every node.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;
use shared::clock::Ts;

use super::access::Access;
use super::plan::Plan;
use super::store::{SeatChange, SeatRow, TypeRow};
use crate::venues::Frame;

/// How far back from the last read changes are read again, in microseconds: longer than a transaction waits for its locks.
pub const OVERLAP_US: i64 = 2_000_000;
/// How far the clocks of two nodes may be apart, with the overlap, in microseconds: five seconds each way.
pub const SKEW_US: i64 = 12_000_000;
/// A delta that would name more seats than this is answered with the whole snapshot.
const DELTA_MAX: usize = 5_000;

/// The seats of one session, as this node last saw them.
pub struct SeatMap {
    plan: Arc<Plan>,
    states: Vec<u8>,
    held_until: Vec<i64>,
    changed: Vec<i64>,
    deadlines: BTreeSet<(i64, u32)>,
    free: Vec<i64>,
    version: i64,
    /// Since when the session has these seats, in microseconds, if it had others before.
    planned_at: Option<i64>,
    tag: u64,
    snapshot: Option<Bytes>,
    /// What this node has committed and taken in since the newest read of the table began, by seat: the read may not have
    /// seen it.
    ahead: HashMap<i64, SeatChange>,
    /// Seats taken in of which watchers were not told yet, by their indexes in the plan.
    untold: BTreeSet<u32>,
}

/// States that changed since a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    /// The version they lead to.
    pub version: i64,
    /// Seat and state; general admission has no seats to name.
    pub changes: Vec<(i64, char)>,
    /// Whether anything changed, general admission included.
    pub is_news: bool,
}

impl SeatMap {
    /// Builds the map from every seat of the session, in id order, and what its layout draws besides.
    pub fn new(session: i64, types: Vec<TypeRow>, rows: &[SeatRow], frame: Option<Frame>, now: Ts) -> Self {
        let plan = Arc::new(Plan::new(session, types, rows, frame));
        let mut map = Self {
            states: vec![b'b'; rows.len()],
            held_until: vec![0; rows.len()],
            changed: vec![0; rows.len()],
            deadlines: BTreeSet::new(),
            free: vec![0; plan.types.len()],
            version: 0,
            planned_at: None,
            tag: 0,
            snapshot: None,
            ahead: HashMap::new(),
            untold: BTreeSet::new(),
            plan,
        };
        for (index, row) in rows.iter().enumerate() {
            map.tag ^= mark(map.plan.seats[index].id, b'b');
            map.tag ^= match row.access {
                Some(Access::Wheelchair) => mark(row.id, b'W'),
                Some(Access::Companion) => mark(row.id, b'C'),
                None => 0,
            };
            map.set(index, &row.change(), now);
            map.changed[index] = row.changed_at.micros();
        }
        let newest = rows.iter().map(|row| row.changed_at.micros()).max().unwrap_or(0);
        map.version = newest.max(now.micros());
        map
    }

    /// Notes since when the session has these seats.
    pub fn planned_at(mut self, at: Option<Ts>) -> Self {
        self.planned_at = at.map(Ts::micros);
        self
    }

    /// What does not change.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The version of what the map shows.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// A read of the table begins: what is [taken in](Self::take_in) from now on, it may not see.
    pub fn begin_read(&mut self) {
        self.ahead.clear();
    }

    /// Takes in rows that were read and have changed. `None` when one of them is not on the plan, which must then be read
    /// anew.
    pub fn apply(&mut self, rows: &[SeatChange], now: Ts) -> Option<Delta> {
        let mut changes = Vec::new();
        for row in rows {
            let index = self.plan.index_of(row.id)?;
            if !self.ahead.contains_key(&row.id) && self.set(index, row, now) {
                changes.push(index);
            }
        }
        Some(self.delta(changes))
    }

    /// Takes in what this node has just committed, so that the table need not be asked for it. Watchers are told by
    /// [`told`](Self::told). The newest read, and each read to come, has the last word: a seat that is not on the plan, or
    /// that has gone on to somebody else, is put right by it.
    pub fn take_in(&mut self, rows: Vec<SeatChange>, now: Ts) {
        for row in rows {
            let Some(index) = self.plan.index_of(row.id) else { continue };
            if self.set(index, &row, now) {
                self.untold.insert(index as u32);
            }
            self.ahead.insert(row.id, row);
        }
    }

    /// What was taken in and not told.
    pub fn told(&mut self) -> Delta {
        let untold = std::mem::take(&mut self.untold);
        self.delta(untold.into_iter().map(|index| index as usize).collect())
    }

    /// Frees holds whose deadline has come.
    pub fn expire(&mut self, now: Ts) -> Delta {
        let now = now.micros();
        let mut changes = Vec::new();
        while let Some((deadline, index)) = self.deadlines.first().copied().filter(|(at, _)| *at <= now) {
            self.deadlines.remove(&(deadline, index));
            self.show(index as usize, b'f', deadline);
            changes.push(index as usize);
        }
        self.delta(changes)
    }

    fn delta(&self, indexes: Vec<usize>) -> Delta {
        let is_news = !indexes.is_empty();
        let told = |index: usize| self.plan.seats[index].row.is_some();
        let changes =
            indexes.into_iter().filter(|i| told(*i)).map(|i| (self.plan.seats[i].id, self.shown(i)));
        Delta { version: self.version, changes: changes.collect(), is_news }
    }

    /// The state of a seat as the public is told it: one of a hidden ticket type is not to be had.
    fn shown(&self, index: usize) -> char {
        let kind = usize::from(self.plan.seats[index].kind);
        if self.plan.types.get(kind).is_some_and(|kind| kind.hidden) {
            'b'
        } else {
            self.states[index] as char
        }
    }

    /// Goes on from `old`, an earlier map of the same session: versions never go back, what differs is a change, and what
    /// the old one took in since this one began to be read stands.
    pub fn follow(&mut self, old: &SeatMap, now: Ts) -> Delta {
        self.take_in(old.ahead.values().cloned().collect(), now);
        self.untold = BTreeSet::new();
        self.version = self.version.max(old.version);
        self.planned_at = self.planned_at.max(old.planned_at);
        if !self.plan.has_the_seats_of(&old.plan) {
            self.version += 1;
            self.planned_at = self.planned_at.max(Some(self.version));
        }
        let mut changes = Vec::new();
        for index in 0..self.states.len() {
            let before = old.plan.index_of(self.plan.seats[index].id);
            match before {
                Some(before) if old.states[before] == self.states[index] => {
                    self.changed[index] = self.changed[index].max(old.changed[before]);
                }
                _ => {
                    self.version += 1;
                    self.changed[index] = self.version;
                    changes.push(index);
                }
            }
        }
        self.snapshot = None;
        self.delta(changes)
    }

    /// Whether the shown state changed.
    fn set(&mut self, index: usize, row: &SeatChange, now: Ts) -> bool {
        let deadline = row.held_until.map_or(0, Ts::micros);
        let is_held = row.state == "held" && deadline > now.micros();
        let state = match row.state.as_str() {
            "held" if is_held => b'h',
            "held" | "free" => b'f',
            "sold" => b's',
            _ => b'b',
        };
        let changed_at = row.changed_at.micros();
        if self.held_until[index] != 0 {
            self.deadlines.remove(&(self.held_until[index], index as u32));
        }
        self.held_until[index] = if is_held { deadline } else { 0 };
        if is_held {
            self.deadlines.insert((deadline, index as u32));
        }
        if self.states[index] == state {
            return false;
        }
        self.show(index, state, changed_at);
        true
    }

    fn show(&mut self, index: usize, state: u8, at: i64) {
        let spot = self.plan.seats[index];
        let free = &mut self.free[usize::from(spot.kind)];
        *free += i64::from(state == b'f') - i64::from(self.states[index] == b'f');
        self.tag ^= mark(spot.id, self.states[index]) ^ mark(spot.id, state);
        self.states[index] = state;
        if state == b'f' {
            self.held_until[index] = 0;
        }
        // A change that comes late still makes a new version.
        self.version = (self.version + 1).max(at);
        self.changed[index] = self.version;
        self.snapshot = None;
    }

    /// Goes beyond a version that an asker has seen on another node, so that what this node tells next is news to it.
    /// A version that no clock of ours can have made is not believed.
    pub fn overtake(&mut self, version: i64, now: Ts) {
        if version > self.version && version <= now.micros() + SKEW_US {
            self.version = version + 1;
            self.snapshot = None;
        }
    }

    /// A hash of all states: the ETag's value.
    pub fn tag(&self) -> String {
        format!("\"{:016x}\"", self.tag)
    }

    /// Whether a seat is free, by its index in the plan.
    pub fn is_free(&self, index: usize) -> bool {
        self.states.get(index) == Some(&b'f')
    }

    /// Free seats of the ticket type at `index` in the plan.
    pub fn free(&self, index: usize) -> i64 {
        self.free.get(index).copied().unwrap_or(0)
    }

    /// Free seats of the ticket type at `index` in the plan that have labels, by id.
    pub fn free_seats(&self, index: usize) -> Vec<i64> {
        let spots = self.plan.seats.iter().enumerate();
        let own = spots
            .filter(|(i, spot)| usize::from(spot.kind) == index && spot.row.is_some() && self.is_free(*i));
        own.map(|(_, spot)| spot.id).collect()
    }

    /// Free seats of every ticket type that everybody may buy, by its id.
    pub fn remaining(&self) -> BTreeMap<i64, i64> {
        self.listed_types().map(|(kind, free)| (kind.id, free)).collect()
    }

    /// Ticket types that everybody may see, with their free seats.
    fn listed_types(&self) -> impl Iterator<Item = (&TypeRow, i64)> {
        self.plan.types.iter().zip(self.free.iter().copied()).filter(|(kind, _)| !kind.hidden)
    }

    /// The snapshot as JSON, rendered once a version.
    pub fn snapshot(&mut self) -> Bytes {
        if let Some(bytes) = &self.snapshot {
            return bytes.clone();
        }
        let kinds: Vec<_> = self.listed_types().map(|(kind, free)| kind.document(free)).collect();
        let listed = (0..self.states.len()).filter(|i| self.plan.seats[*i].row.is_some());
        let states: String = listed.map(|i| self.shown(i)).collect();
        let plan = &self.plan;
        let text = format!(
            "{{\"session\":{},\"version\":{},{},\"ticket_types\":{},{}{states}\"}}}}",
            plan.session,
            self.version,
            plan.layout,
            json!(kinds),
            plan.columns,
        );
        let bytes = Bytes::from(text);
        self.snapshot = Some(bytes.clone());
        bytes
    }

    /// What changed since `version`; `None` when that is so much that the whole snapshot is shorter, or when who saw that
    /// version may know other seats.
    pub fn since(&self, version: i64) -> Option<Delta> {
        if self.planned_at.is_some_and(|at| version < at + SKEW_US) {
            return None;
        }
        let from = version.saturating_sub(SKEW_US);
        let listed = self.plan.seats.iter().enumerate().filter(|(_, spot)| spot.row.is_some());
        let mut changes = Vec::new();
        for (index, spot) in listed.filter(|(index, _)| self.changed[*index] > from) {
            if changes.len() == DELTA_MAX {
                return None;
            }
            changes.push((spot.id, self.shown(index)));
        }
        Some(Delta { version: self.version, is_news: !changes.is_empty(), changes })
    }

    /// A delta as the API tells it.
    pub fn render(&self, delta: &Delta) -> String {
        let changes: Vec<_> =
            delta.changes.iter().map(|(seat, state)| json!([seat, state.to_string()])).collect();
        json!({
            "session": self.plan.session,
            "version": delta.version,
            "changes": changes,
            "remaining": self.remaining(),
        })
        .to_string()
    }
}

/// A seat in a state as 64 well-mixed bits (the finaliser of SplitMix64, Steele et al. 2014); the XOR over all seats
/// is the tag.
fn mark(seat: i64, state: u8) -> u64 {
    let mut z =
        (seat as u64).wrapping_mul(256).wrapping_add(u64::from(state)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
