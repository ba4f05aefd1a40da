//! What this node knows of the lines, on its own disk: so that a restart of every node at once together with the loss of
//! Redis still admits nobody twice and gives no number twice.
//!
//! An admission is on the disk before it is answered, and so is a block of numbers before the first of it is given;
//! endings and admissions by other nodes follow with the changes this node reads. The file is the journal of the
//! embedded store with other records, and is replaced by an image of what is known once it has grown well beyond it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::knowledge::{Knowledge, Seen};
use crate::queue::codes::Code;
use crate::queue::memory::journal::Journal;
use crate::queue::memory::writer::lock;
use crate::queue::{Draw, Place, Standing, StoreError, Totals};
use crate::rooms::rules::{Room, RoomId};

/// The file is not replaced below this size.
const COMPACT_MIN: u64 = if cfg!(test) { 4 * 1024 } else { 4 * 1024 * 1024 };
/// Numbers reserved at a time.
pub const BLOCK: u64 = 10_000;

/// The open file.
pub struct Witness {
    file: Mutex<Kept>,
    _lock: File,
}

struct Kept {
    journal: Journal,
    /// Length after the file was last opened or replaced.
    compacted_len: u64,
}

/// One piece of news about one room, one JSON value a line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    room: RoomId,
    /// Settings and figures; with every piece, so that the newest one has the newest.
    figures: Figures,
    /// Places that were admitted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    admitted: Vec<Place>,
    /// Numbers that are over: runs of first and count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    over: Vec<(u64, u64)>,
    /// Access codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    codes: Vec<Code>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Figures {
    settings: Option<Room>,
    #[serde(default)]
    draw: Draw,
    epoch: i64,
    version: u64,
    #[serde(default)]
    made_at: i64,
    clock_micros: i64,
    next_number: u64,
    serving: u64,
    totals: Totals,
}

impl Record {
    /// What is to be kept after `places` have moved on. `None` when none of them matters.
    pub fn of(room: &RoomId, known: &Knowledge, places: &[Place]) -> Option<Self> {
        let admitted = places.iter().filter(|place| matches!(place.standing, Standing::Admitted { .. }));
        let over = places.iter().filter(|place| place.standing.is_over()).map(|place| (place.number, 1));
        let (admitted, over): (Vec<_>, Vec<_>) = (admitted.cloned().collect(), over.collect());
        let matters = !admitted.is_empty() || !over.is_empty();
        matters.then(|| Self { admitted, over, ..Self::figures(room, known) })
    }

    /// Settings and figures alone.
    pub fn figures(room: &RoomId, known: &Knowledge) -> Self {
        let figures = Figures {
            settings: known.room.clone(),
            draw: known.draw.clone(),
            epoch: known.seen.epoch,
            version: known.seen.version,
            made_at: known.seen.made_at,
            clock_micros: known.clock_micros,
            next_number: known.reserved.max(known.next_number),
            serving: known.serving,
            totals: known.totals,
        };
        Self { room: room.clone(), figures, admitted: Vec::new(), over: Vec::new(), codes: Vec::new() }
    }

    /// Codes that were made or used.
    pub fn codes(room: &RoomId, known: &Knowledge, codes: Vec<Code>) -> Self {
        Self { codes, ..Self::figures(room, known) }
    }

    /// All that is known of a room.
    pub fn image(room: &RoomId, known: &Knowledge) -> Self {
        let is_in = |place: &&Place| matches!(place.standing, Standing::Admitted { .. });
        let admitted = known.inside.values().filter(is_in).cloned().collect();
        let codes = known.codes.values().cloned().collect();
        Self { admitted, over: known.over_runs(), codes, ..Self::figures(room, known) }
    }

    fn replay(self, into: &mut BTreeMap<RoomId, Knowledge>) {
        let known = into.entry(self.room).or_default();
        let Figures { settings, draw, epoch, version, made_at, clock_micros, next_number, serving, totals } =
            self.figures;
        known.room = settings.or(known.room.take());
        known.draw = draw;
        known.seen.advance(Seen { epoch, version, made_at });
        known.told_epoch = known.seen.epoch;
        known.clock_micros = known.clock_micros.max(clock_micros);
        known.next_number = known.next_number.max(next_number);
        known.serving = known.serving.max(serving);
        known.totals = totals;
        self.over.iter().for_each(|(first, count)| known.end(*first, *count));
        self.codes.into_iter().for_each(|mut code| known.note_code(&mut code));
        self.admitted.iter().for_each(|place| {
            known.note(place);
        });
    }
}

impl Witness {
    /// Opens or creates the file in `data_dir`, and what it says.
    ///
    /// # Errors
    /// When another process uses the folder, or the file is damaged; the message says what to do.
    pub fn open(data_dir: &Path) -> anyhow::Result<(Self, BTreeMap<RoomId, Knowledge>)> {
        std::fs::create_dir_all(data_dir)?;
        let lock = lock(data_dir)?;
        let mut known = BTreeMap::new();
        let journal = Journal::open(&data_dir.join("witness.journal"), |payload| {
            for line in payload.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                serde_json::from_slice::<Record>(line)?.replay(&mut known);
            }
            Ok(())
        })?;
        let file = Mutex::new(Kept { compacted_len: journal.len(), journal });
        Ok((Self { file, _lock: lock }, known))
    }

    /// Writes a record; it is on the disk once this returns.
    pub async fn keep(self: &Arc<Self>, record: Record) -> Result<(), StoreError> {
        let this = self.clone();
        let written = tokio::task::spawn_blocking(move || {
            let payload = encode(&record)?;
            this.file.lock().unwrap_or_else(PoisonError::into_inner).journal.append(&payload)
        });
        written.await.map_err(|error| failed(&error))?.map_err(|error: std::io::Error| failed(&error))
    }

    /// Replaces the file by what `image` says, once it has grown well beyond what was last written so.
    pub async fn compact(
        self: &Arc<Self>,
        image: impl FnOnce() -> Vec<Record> + Send + 'static,
    ) -> Result<(), StoreError> {
        let this = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut file = this.file.lock().unwrap_or_else(PoisonError::into_inner);
            if file.journal.len() <= COMPACT_MIN.max(file.compacted_len * 2) {
                return Ok(());
            }
            // With the file locked: whatever was kept before has been noted before, and is in the image.
            let image = image();
            file.journal.rewrite(|new| image.iter().try_for_each(|record| new.append(&encode(record)?)))?;
            file.compacted_len = file.journal.len();
            Ok(())
        });
        done.await.map_err(|error| failed(&error))?.map_err(|error: std::io::Error| failed(&error))
    }
}

fn failed(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("this node's witness.journal cannot be written: {error}"))
}

fn encode(record: &Record) -> std::io::Result<Vec<u8>> {
    let mut payload = serde_json::to_vec(record)?;
    payload.push(b'\n');
    Ok(payload)
}
