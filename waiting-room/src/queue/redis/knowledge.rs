//! What this node knows of a line besides what Redis keeps: enough to tell a Redis that lost the line who is inside
//! and who must not come back.
//!
//! It is fed by the same changes as the views, and by the answers to this node's own claims. Those who merely wait
//! are not in it: they return with their place tokens, and the places that browsers watch are put back by the
//! node that serves them.

use std::collections::{BTreeMap, HashMap};

use shared::clock::Ts;

use super::wire::{self, Reply};
use crate::queue::codes::{Code, CodeKey};
use crate::queue::pace::RATE_WINDOW;
use crate::queue::{Draw, Place, Standing, Totals};
use crate::rooms::rules::Room;

/// The newest that this node has seen of a room. Redis must never be behind it, nor have something else instead.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Generation.
    pub epoch: i64,
    /// Version of the line in this generation.
    pub version: u64,
    /// When that version was made, microseconds by the clock of the node that made it; 0 when this node does not know.
    pub made_at: i64,
}

impl Seen {
    /// Takes in what was seen later, or earlier. Of two that are the same but for when they were made the first counts: the next call
    /// then tells Redis of it.
    pub fn advance(&mut self, other: Self) {
        if (other.epoch, other.version) > (self.epoch, self.version) {
            *self = other;
        }
    }
}

/// Bitmaps of a whole line: numbers that are taken and do not wait are over, unless somebody is inside with them.
pub struct Gone<'a> {
    /// Numbers that are taken.
    pub issued: &'a [u8],
    /// Numbers that wait.
    pub waiting: &'a [u8],
    /// Nothing is learnt of lower ones: places that were drawn have left them for others.
    pub from: u64,
}

/// What this node knows of one line.
#[derive(Debug, Default)]
pub struct Knowledge {
    /// The newest seen.
    pub seen: Seen,
    /// The generation that has been told all this, or that all this was learnt from.
    pub told_epoch: i64,
    /// The line's clock at the newest seen.
    pub clock_micros: i64,
    /// The settings.
    pub room: Option<Room>,
    /// How far the draw has come.
    pub draw: Draw,
    /// No number at or above this one has been seen.
    pub next_number: u64,
    /// Numbers below this one may have been given without being on this node's disk one by one.
    pub reserved: u64,
    /// Highest number called so far.
    pub serving: u64,
    /// What had happened when the changes were last read; how many joined follows from who is there.
    pub totals: Totals,
    /// Those called and admitted, by number.
    pub inside: HashMap<u64, Place>,
    /// Numbers that are over, one bit each; the first byte's highest bit is number 0.
    pub over: Vec<u8>,
    /// Access codes that were made or used through this node.
    pub codes: HashMap<CodeKey, Code>,
    /// Instant of the last admission of each second of the last minute, and how many there were in it.
    pub minute: BTreeMap<i64, (Ts, u64)>,
    /// Up to which version the changes are in.
    version: u64,
}

impl Knowledge {
    /// Takes in what every reply begins with. Whether another node has made the line anew, and this one has not told
    /// it yet what it knows.
    pub fn see(&mut self, reply: &Reply) -> bool {
        if self.seen.epoch == 0 {
            self.told_epoch = reply.epoch;
        }
        let Reply { epoch, version, made_at, .. } = *reply;
        self.seen.advance(Seen { epoch, version, made_at });
        self.clock_micros = self.clock_micros.max(reply.clock.micros());
        self.told_epoch < self.seen.epoch
    }

    /// Whether changes since `since` follow on what is known.
    pub fn follows(&self, since: u64) -> bool {
        since <= self.version
    }

    /// Whether a number may be given without telling the disk before: it is below what was reserved. If not, a block
    /// from it on is reserved now.
    pub fn reserve(&mut self, number: u64, block: u64) -> bool {
        let is_reserved = number < self.reserved;
        if !is_reserved {
            self.reserved = number + block;
        }
        is_reserved
    }

    /// Takes in changes since version `since`, which [`follows`](Self::follows).
    pub fn learn(&mut self, since: u64, changes: &[Place]) {
        let known = self.version.saturating_sub(since) as usize;
        changes.iter().skip(known).for_each(|place| {
            self.note(place);
        });
        self.version = self.version.max(since + changes.len() as u64);
    }

    /// Takes in a whole line that was read at `version`: the numbers taken, those waiting, those inside.
    pub fn learn_whole(&mut self, version: u64, gone: &Gone<'_>, inside: &[Place]) {
        inside.iter().for_each(|place| {
            self.note(place);
        });
        let mut over = gone.issued.to_vec();
        over.iter_mut().zip(gone.waiting).for_each(|(over, waits)| *over &= !waits);
        (0..gone.from).for_each(|number| put(&mut over, number, false));
        inside.iter().for_each(|place| put(&mut over, place.number, false));
        if self.over.len() < over.len() {
            self.over.resize(over.len(), 0);
        }
        self.over.iter_mut().zip(over).for_each(|(known, told)| *known |= told);
        self.inside.retain(|number, _| !is_set(&self.over, *number));
        self.version = self.version.max(version);
    }

    /// Takes in how one place stands; whether that is news. A place only moves on, so it does not matter in which order
    /// it is heard.
    pub fn note(&mut self, place: &Place) -> bool {
        self.next_number = self.next_number.max(place.number + 1);
        if is_set(&self.over, place.number) {
            return false;
        }
        let before = self.inside.get(&place.number).map(|place| place.standing);
        let known = before.map_or(0, rank);
        // A visit that was lengthened stands where it stood, and ends later.
        let is_longer = before.is_some_and(|before| before.renewals() < place.standing.renewals());
        match place.standing {
            Standing::Waiting => {}
            Standing::Ended { .. } => self.end(place.number, 1),
            Standing::Called { .. } | Standing::Admitted { .. } => {
                self.serving = self.serving.max(place.number);
                let is_shorter = before.is_some_and(|before| before.renewals() > place.standing.renewals());
                if rank(place.standing) >= known && !is_shorter {
                    self.inside.insert(place.number, place.clone());
                }
                if let Standing::Admitted { at, .. } = place.standing
                    && known < rank(place.standing)
                {
                    self.count_admission(at);
                }
            }
        }
        known < rank(place.standing) || is_longer
    }

    /// Takes in what is told of a code, and completes it by what was known.
    pub fn note_code(&mut self, told: &mut Code) {
        let known = self.codes.entry(told.key).or_insert_with(|| told.clone());
        known.merge(told);
        told.clone_from(known);
    }

    /// So many numbers are over.
    pub fn end(&mut self, first: u64, count: u64) {
        for number in first..first + count {
            put(&mut self.over, number, true);
            self.inside.remove(&number);
        }
    }

    /// The numbers that are over, as runs of first and count.
    pub fn over_runs(&self) -> Vec<(u64, u64)> {
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for number in (0..self.over.len() as u64 * 8).filter(|number| is_set(&self.over, *number)) {
            match runs.last_mut() {
                Some((first, count)) if *first + *count == number => *count += 1,
                _ => runs.push((number, 1)),
            }
        }
        runs
    }

    fn count_admission(&mut self, at: Ts) {
        let (last, count) = self.minute.entry(at.seconds()).or_insert((at, 0));
        (*last, *count) = (at.max(*last), *count + 1);
        let old = (at - RATE_WINDOW).seconds();
        self.minute = self.minute.split_off(&old);
    }

    /// Those inside, as the scripts write them.
    pub fn packed_inside(&self) -> Vec<Vec<u8>> {
        self.inside.values().map(wire::packed).collect()
    }
}

/// The order in which a place moves on.
fn rank(standing: Standing) -> u8 {
    match standing {
        Standing::Waiting => 1,
        Standing::Called { knock: None, .. } => 2,
        Standing::Called { knock: Some(_), .. } => 3,
        Standing::Admitted { .. } => 4,
        Standing::Ended { .. } => 5,
    }
}

fn is_set(bits: &[u8], number: u64) -> bool {
    bits.get((number / 8) as usize).is_some_and(|byte| byte & (0x80 >> (number % 8)) != 0)
}

fn put(bits: &mut Vec<u8>, number: u64, value: bool) {
    let at = (number / 8) as usize;
    if bits.len() <= at {
        bits.resize(at + 1, 0);
    }
    let mask = 0x80 >> (number % 8);
    if value { bits[at] |= mask } else { bits[at] &= !mask }
}
