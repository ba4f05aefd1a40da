//! The lines of all rooms, and the records that lead to them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use uuid::Uuid;

use super::journal::{self, Journal, Rewrite};
use crate::queue::codes::Code;
#[cfg(test)]
use crate::queue::guard::Guard;
use crate::queue::line::{Core, Line};
use crate::queue::{
    Claim, Depart, DrawStep, Ending, Epoch, Handover, Join, Place, Renew, Restore, Seating, StoreError,
};
use crate::rooms::rules::{Room, RoomId};
use crate::rooms::steering::Steered;
use crate::scroll::Scroll;

/// Places, or codes, in one frame of an image.
const PLACES_PER_FRAME: usize = 1000;

/// What the journal holds, one JSON value a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    /// The store's generation; first in the file.
    Epoch(Epoch),
    /// A room was created or changed.
    Room(Room),
    /// Places of an image, to be completed by its `Core`.
    Places { room: RoomId, places: Vec<Place> },
    /// Ends the image of a line.
    Core { room: RoomId, core: Core },
    /// Access codes of a room; what is there already is brought up to date.
    Codes { room: RoomId, codes: Vec<Code> },
    /// A verb that changed a line.
    Step { room: RoomId, now: Ts, act: Act },
    /// A part of a draw's list, in hexadecimal.
    Part { room: RoomId, name: String, bytes: String },
    /// Entries of a room's public journal, of servers before those had files of their own.
    Log { room: RoomId, entries: Vec<String> },
}

/// A verb with its arguments.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Act {
    Join(Join),
    Restore(Restore),
    Call { limit: u32 },
    Claim(Claim),
    Defer(Uuid),
    Renew(Renew),
    Steer(Option<Steered>),
    Depart(Depart),
    HandOver(Handover),
    Leave { place: Uuid, how: Ending },
    AdvanceDraw { step: DrawStep, note: String },
    SeatDrawn(Vec<Seating>),
    Sweep,
}

/// Everything the store knows.
#[derive(Default)]
pub(super) struct Lines {
    /// The batch that was applied last; 0 when the disk has all there is.
    pub(super) batch: u64,
    /// The versions that lines had before this batch changed them.
    pub(super) versions_before: BTreeMap<RoomId, u64>,
    pub(super) epoch: Epoch,
    pub(super) by_room: BTreeMap<RoomId, Line>,
    /// Places of images that are still being read.
    pending: BTreeMap<RoomId, Vec<Place>>,
    /// The parts of the draws' lists.
    pub(super) parts: BTreeMap<(RoomId, String), Vec<u8>>,
    /// The rooms' public journals, each in a file of this folder; `None` where nothing may be written.
    journals: Option<PathBuf>,
    logs: BTreeMap<RoomId, Scroll>,
    /// How many of their entries the records so far held.
    replayed: BTreeMap<RoomId, u64>,
    pub(super) tampering: Tampering,
}

/// What a test may do to a store. Nothing, in production.
#[derive(Clone, Default)]
pub(super) struct Tampering {
    /// A guard of the line that is off.
    #[cfg(test)]
    pub(super) guard: Option<Guard>,
    /// A disk that fails on request.
    #[cfg(test)]
    pub(super) disk: super::journal::tests::Disk,
}

impl Lines {
    /// Takes the records of one frame in.
    fn replay_all(&mut self, payload: &[u8]) -> anyhow::Result<()> {
        for line in payload.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            self.replay(serde_json::from_slice(line)?)?;
        }
        Ok(())
    }

    /// Takes one record of the journal in.
    pub(super) fn replay(&mut self, record: Record) -> Result<(), StoreError> {
        match record {
            Record::Epoch(epoch) => self.epoch = epoch,
            Record::Room(room) => match self.by_room.get_mut(&room.id) {
                Some(line) => line.set_room(room)?,
                None => {
                    let line = self.prepared(Line::new(room));
                    self.by_room.insert(line.room().id.clone(), line);
                }
            },
            Record::Places { room, places } => self.pending.entry(room).or_default().extend(places),
            Record::Core { room, core } => {
                let settings = self.by_room.get(&room).ok_or(StoreError::NoRoom)?.room().clone();
                let places = self.pending.remove(&room).unwrap_or_default();
                let line = self.prepared(Line::load(settings, core, places));
                self.by_room.insert(room, line);
            }
            Record::Codes { room, codes } => {
                self.by_room.get_mut(&room).ok_or(StoreError::NoRoom)?.put_codes(codes);
            }
            Record::Step { room, now, act } => {
                let line = self.by_room.get_mut(&room).ok_or(StoreError::NoRoom)?;
                match act {
                    Act::Join(join) => drop(line.join(join, now)),
                    Act::Restore(restore) => drop(line.restore(restore, now)),
                    Act::Call { limit } => drop(line.call(limit, now)),
                    Act::Claim(claim) => drop(line.claim(claim, now)),
                    Act::Defer(place) => drop(line.defer(place, now)),
                    Act::Renew(wish) => drop(line.renew(wish, now)),
                    Act::Steer(steered) => line.steer(steered),
                    Act::Depart(depart) => drop(line.depart(depart, now)),
                    Act::HandOver(wish) => drop(line.hand_over(wish, now)),
                    Act::Leave { place, how } => drop(line.leave(place, how, now)),
                    Act::AdvanceDraw { step, note } => drop(line.advance_draw(step, note, now)),
                    Act::SeatDrawn(seats) => line.seat_drawn(&seats, now),
                    Act::Sweep => line.sweep(now),
                }
            }
            Record::Log { room, entries } => self.adopt(&room, &entries)?,
            Record::Part { room, name, bytes } => {
                let bytes = HEXLOWER.decode(bytes.as_bytes());
                let bytes = bytes.map_err(|error| StoreError::Unavailable(error.to_string()))?;
                self.parts.entry((room, name)).or_insert(bytes);
            }
        }
        Ok(())
    }

    /// Remembers which version a line had before this batch changed it.
    pub(super) fn had_version(&mut self, room: &RoomId, before: u64) {
        if !self.versions_before.contains_key(room) {
            self.versions_before.insert(room.clone(), before);
        }
    }

    /// A room's public journal; `None` where there is no folder for it.
    pub(super) fn log(&mut self, room: &RoomId) -> io::Result<Option<&mut Scroll>> {
        let Some(folder) = &self.journals else { return Ok(None) };
        Ok(Some(match self.logs.entry(room.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(Scroll::open(&folder.join(format!("{room}.entries")))?),
        }))
    }

    /// Takes entries over that stand among the records, unless the file has them already.
    fn adopt(&mut self, room: &RoomId, entries: &[String]) -> Result<(), StoreError> {
        let from = *self.replayed.get(room).unwrap_or(&0);
        self.replayed.insert(room.clone(), from + entries.len() as u64);
        if let Some(log) = self.log(room)? {
            let known = log.len().saturating_sub(from) as usize;
            log.append(entries.get(known..).unwrap_or_default())?;
        }
        Ok(())
    }

    #[cfg(test)]
    fn prepared(&self, mut line: Line) -> Line {
        line.sabotage(self.tampering.guard);
        line
    }

    #[cfg(not(test))]
    fn prepared(&self, line: Line) -> Line {
        line
    }

    /// Writes everything, as records that lead back to it.
    pub(super) fn image(&self, into: &mut Rewrite) -> io::Result<()> {
        into.append(&encode(&[Record::Epoch(self.epoch)])?)?;
        for (id, line) in &self.by_room {
            into.append(&encode(&[Record::Room(line.room().clone())])?)?;
            let mut places: Vec<&Place> = line.places().collect();
            places.sort_by_key(|place| place.number);
            for chunk in places.chunks(PLACES_PER_FRAME) {
                let places = chunk.iter().map(|place| (*place).clone()).collect();
                into.append(&encode(&[Record::Places { room: id.clone(), places }])?)?;
            }
            into.append(&encode(&[Record::Core { room: id.clone(), core: line.core().clone() }])?)?;
            let codes: Vec<&Code> = line.codes().collect();
            for chunk in codes.chunks(PLACES_PER_FRAME) {
                let codes = chunk.iter().map(|code| (*code).clone()).collect();
                into.append(&encode(&[Record::Codes { room: id.clone(), codes }])?)?;
            }
        }
        for ((room, name), bytes) in &self.parts {
            let bytes = HEXLOWER.encode(bytes);
            into.append(&encode(&[Record::Part { room: room.clone(), name: name.clone(), bytes }])?)?;
        }
        Ok(())
    }
}

/// Reads lines and journal from disk.
pub(super) fn recover(path: &Path, tampering: Tampering) -> anyhow::Result<(Lines, Journal)> {
    let journals = path.parent().map(|folder| folder.join("journals"));
    let mut lines = Lines { tampering, journals, ..Lines::default() };
    #[cfg_attr(not(test), allow(unused_mut))]
    let mut journal = Journal::open(path, |payload| lines.replay_all(payload))?;
    #[cfg(test)]
    {
        journal.disk = lines.tampering.disk.clone();
    }
    Ok((lines, journal))
}

/// Reads lines from a journal that another process may be writing.
pub(super) fn read(path: &Path) -> anyhow::Result<Lines> {
    let mut lines = Lines::default();
    journal::read(path, |payload| lines.replay_all(payload))?;
    Ok(lines)
}

/// The records as one frame's payload.
pub(super) fn encode(records: &[Record]) -> io::Result<Vec<u8>> {
    let mut payload = Vec::with_capacity(records.len() * 192);
    for record in records {
        serde_json::to_writer(&mut payload, record)?;
        payload.push(b'\n');
    }
    Ok(payload)
}
