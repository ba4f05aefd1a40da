//! The thread that owns all changes.

use std::collections::btree_map::Entry;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use shared::clock::Ts;
use tokio::sync::{mpsc, watch};

use super::crowd::Crowd;
use super::durable::{Durable, News};
use super::journal::Journal;
use super::lines::{Act, Lines, Record, Tampering, encode, recover};
use crate::queue::StoreError;
use crate::queue::line::Line;
use crate::rooms::rules::{Room, RoomId};

/// Verbs that share one frame and one fdatasync.
const BATCH_MAX: usize = 1024;
/// The journal is not compacted below this size; tests do it all the time.
pub(super) const COMPACT_MIN: u64 = if cfg!(test) { 4 * 1024 } else { 64 * 1024 * 1024 };

/// File in the data folder.
pub(super) const JOURNAL: &str = "queue.journal";

/// One verb: applies itself, and is later told whether that is durable.
pub(super) type Job = Box<dyn FnOnce(&mut Batch<'_>) -> Told + Send>;
/// Hears whether a verb is durable.
pub(super) type Told = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// Verbs that share one frame.
pub(super) struct Batch<'a> {
    pub(super) lines: &'a mut Lines,
    pub(super) records: Vec<Record>,
    /// Whether a room was made, changed or drawn.
    pub(super) has_changed_rooms: bool,
}

impl Batch<'_> {
    /// Applies a verb to a line and keeps it for the journal if it changed something, with the time it took
    /// place at by the line's own clock: a step that is not kept may have moved that clock.
    pub(super) fn act<T>(
        &mut self,
        room: &RoomId,
        act: Act,
        apply: impl FnOnce(&mut Line) -> T,
    ) -> Result<T, StoreError> {
        let line = self.lines.by_room.get_mut(room).ok_or(StoreError::NoRoom)?;
        let before = line.version();
        let outcome = apply(line);
        let (after, time) = (line.version(), line.time());
        if after != before {
            self.lines.had_version(room, before);
            self.records.push(Record::Step { room: room.clone(), now: time, act });
        }
        Ok(outcome)
    }
}

impl Batch<'_> {
    /// Appends to a room's public journal, if it ends where the writer thinks.
    pub(super) fn append_log(
        &mut self,
        room: &RoomId,
        from: u64,
        entries: &[String],
    ) -> Result<bool, StoreError> {
        #[cfg(test)]
        let is_sabotaged = self.lines.tampering.guard == Some(crate::queue::guard::Guard::LogEnd);
        let Some(log) = self.lines.log(room)? else {
            return Err(StoreError::Unavailable("the queue's journal is closed".into()));
        };
        let is_next = log.len() == from;
        #[cfg(test)]
        let is_next = is_next || is_sabotaged;
        if is_next {
            log.append(entries)?;
        }
        Ok(is_next)
    }

    /// Creates a room or changes its settings.
    pub(super) fn put_room(&mut self, room: Room) -> Result<(), StoreError> {
        let before = self.lines.by_room.get(&room.id).map_or(0, Line::version);
        self.lines.had_version(&room.id, before);
        self.has_changed_rooms = true;
        self.lines.replay(Record::Room(room.clone()))?;
        self.records.push(Record::Room(room));
        Ok(())
    }

    /// Keeps a part of a draw's list, unless it is kept already.
    pub(super) fn keep_part(&mut self, room: RoomId, name: String, bytes: Vec<u8>) {
        if let Entry::Vacant(free) = self.lines.parts.entry((room.clone(), name.clone())) {
            self.records.push(Record::Part { room, name, bytes: HEXLOWER.encode(&bytes) });
            free.insert(bytes);
        }
    }
}

/// How far the disk has come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Settled {
    /// The last batch that it has taken or refused; they count from 1.
    pub(super) last: u64,
    /// The last one that it has refused.
    pub(super) refused: u64,
}

/// The thread that owns all changes.
pub(super) struct Writer {
    path: PathBuf,
    pub(super) lines: Arc<RwLock<Lines>>,
    pub(super) durable: Arc<Durable>,
    /// The last batch.
    batch: u64,
    settled: watch::Sender<Settled>,
    /// Whether the last batch was refused.
    is_failing: bool,
    /// Absent while the disk refuses to give the journal back.
    journal: Option<Journal>,
    /// Length of the journal after it was last opened or compacted.
    compacted_len: u64,
    _lock: File,
}

impl Writer {
    /// Opens or creates the journal in `data_dir`.
    pub(super) fn open(
        data_dir: &Path,
        now: Ts,
        tampering: Tampering,
    ) -> anyhow::Result<(Self, watch::Receiver<Settled>)> {
        let lock = lock(data_dir)?;
        let path = data_dir.join(JOURNAL);
        let (mut lines, mut journal) = recover(&path, tampering)?;
        if lines.epoch == 0 {
            lines.epoch = now.micros().max(1);
            journal.append(&encode(&[Record::Epoch(lines.epoch)])?)?;
        }
        let durable = Arc::new(Durable::of(&lines));
        let lines = Arc::new(RwLock::new(lines));
        let compacted_len = journal.len();
        let (settled, hears) = watch::channel(Settled::default());
        let writer = Self {
            path,
            lines,
            durable,
            batch: 0,
            settled,
            is_failing: false,
            journal: Some(journal),
            compacted_len,
            _lock: lock,
        };
        Ok((writer, hears))
    }

    /// Works until every sender is gone.
    pub(super) fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        let mut crowd = Crowd::default();
        while let Some(first) = jobs.blocking_recv() {
            batch.push(first);
            if let Some(gathering) = crowd.gathering() {
                std::thread::sleep(gathering);
            }
            while batch.len() < BATCH_MAX
                && let Ok(next) = jobs.try_recv()
            {
                batch.push(next);
            }
            let verbs = batch.len();
            let synced_in = self.commit(batch.drain(..));
            crowd.shared_a_frame(verbs, synced_in);
        }
    }

    /// Runs verbs as one batch and answers them; how long the disk took for it.
    fn commit(&mut self, jobs: impl Iterator<Item = Job>) -> Duration {
        let ready = self.ready();
        self.batch += 1;
        let mut lines = self.lines.write().unwrap_or_else(PoisonError::into_inner);
        let mut batch = Batch { lines: &mut lines, records: Vec::new(), has_changed_rooms: false };
        // Without a journal the verbs are still taken, applied to nothing, and told so.
        let mut nothing = Lines::default();
        if ready.is_err() {
            batch.lines = &mut nothing;
        }
        batch.lines.batch = self.batch;
        batch.lines.versions_before.clear();
        let told: Vec<Told> = jobs.map(|job| job(&mut batch)).collect();
        let (records, has_changed_rooms) = (batch.records, batch.has_changed_rooms);
        let news = News::of(&lines, has_changed_rooms);
        drop(lines);
        let began = Instant::now();
        let durable = ready.and_then(|()| self.write(&records));
        let synced_in = began.elapsed();
        self.settle(&durable);
        if durable.is_ok() {
            self.durable.take_in(news);
        }
        let answer = durable.map_err(|error| StoreError::Unavailable(error.to_string()));
        told.into_iter().for_each(|tell| tell(answer.clone()));
        self.compact_if_large();
        synced_in
    }

    /// Lets reads know of the batch, whose refusal is taken back first.
    fn settle(&mut self, durable: &anyhow::Result<()>) {
        let batch = self.batch;
        if let Err(error) = durable {
            // Said once: on a full disk every verb fails, dozens of times a second.
            if !self.is_failing {
                tracing::error!(%error, "the queue's journal cannot be written; joins and admissions wait until it can");
            }
            if let Err(error) = self.ready() {
                tracing::debug!(%error, "the queue's journal cannot be read back yet");
            }
        }
        self.is_failing = durable.is_err();
        self.settled.send_modify(|settled| {
            settled.last = batch;
            if self.is_failing {
                settled.refused = batch;
            }
        });
    }

    /// Opens the journal again after a failure and takes the lines back to what it holds.
    fn ready(&mut self) -> anyhow::Result<()> {
        if self.journal.is_none() {
            let mut lines = self.lines.write().unwrap_or_else(PoisonError::into_inner);
            let (fresh, journal) = recover(&self.path, lines.tampering.clone())?;
            *lines = fresh;
            self.durable.read_again(&lines);
            self.journal = Some(journal);
        }
        Ok(())
    }

    fn write(&mut self, records: &[Record]) -> anyhow::Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let Some(journal) = self.journal.as_mut() else { anyhow::bail!("the journal is closed") };
        let written = encode(records).and_then(|payload| journal.append(&payload));
        if written.is_err() {
            self.journal = None;
        }
        Ok(written?)
    }

    fn compact_if_large(&mut self) {
        let Some(journal) = self.journal.as_mut() else { return };
        if journal.len() < COMPACT_MIN.max(self.compacted_len.saturating_mul(2)) {
            return;
        }
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = journal.rewrite(|new| lines.image(new)) {
            tracing::warn!(%error, "the queue's journal could not be compacted; it goes on growing");
        }
        self.compacted_len = journal.len();
    }
}

/// One process per data folder: two would write one journal.
pub fn lock(data_dir: &Path) -> anyhow::Result<File> {
    let path = data_dir.join("queue.lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => anyhow::bail!(
            "another Rushline process uses {}. Stop it, or choose another --data-dir.",
            data_dir.display()
        ),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
