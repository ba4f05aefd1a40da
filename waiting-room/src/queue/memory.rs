//! The embedded store: lines in this process, a journal on disk.
//!
//! One thread owns all changes. It takes whatever verbs have queued up, applies them, writes one journal frame
//! and waits for one fdatasync, then answers them all: the more come at once, the less each costs. A verb that
//! changed nothing writes nothing. Reads look at the lines directly and may be one such moment ahead of the
//! disk. When the disk refuses a frame, the lines are read back from the journal, so that memory is never ahead
//! of it for longer than that, and the verbs of the batch answer [`StoreError::Unavailable`].
//!
//! The journal holds the verbs with their `now`; replaying them leads to the same lines. Once it has grown well
//! beyond the lines' own size it is replaced by an image of them.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::journal::{Journal, Rewrite};
use super::line::{Core, Guard, Line};
use super::{
    Answer, Census, Changes, Claim, Claimed, Depart, Ending, Epoch, Join, Joined, Place, QueueStore, Restore,
    StoreError,
};
use crate::rooms::rules::{Room, RoomId};

/// Verbs that may wait for the writer; further callers wait before they are queued.
const QUEUED_MAX: usize = 4096;
/// Verbs that share one frame and one fdatasync.
const BATCH_MAX: usize = 1024;
/// The journal is not compacted below this size.
const COMPACT_MIN: u64 = 64 * 1024 * 1024;
/// Places in one frame of an image.
const PLACES_PER_FRAME: usize = 1000;

/// The embedded store. Dropping it finishes what was queued and closes the journal.
pub struct MemoryStore {
    lines: Arc<RwLock<Lines>>,
    work: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
}

/// What the journal holds, one JSON value a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Record {
    /// The store's generation; first in the file.
    Epoch(Epoch),
    /// A room was created or changed.
    Room(Room),
    /// Places of an image, to be completed by its `Core`.
    Places { room: RoomId, places: Vec<Place> },
    /// Ends the image of a line.
    Core { room: RoomId, core: Core },
    /// A verb that changed a line.
    Step { room: RoomId, now: Ts, act: Act },
}

/// A verb with its arguments.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Join(Join),
    Restore(Restore),
    Call { limit: u32 },
    Claim(Claim),
    Depart(Depart),
    Leave { place: Uuid, how: Ending },
    Sweep,
}

#[derive(Default)]
struct Lines {
    epoch: Epoch,
    by_room: BTreeMap<RoomId, Line>,
    /// Places of images that are still being read.
    pending: BTreeMap<RoomId, Vec<Place>>,
    sabotage: Option<Guard>,
}

/// One verb: applies itself, and is later told whether that is durable.
type Job = Box<dyn FnOnce(&mut Batch<'_>) -> Told + Send>;
type Told = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

struct Batch<'a> {
    lines: &'a mut Lines,
    records: Vec<Record>,
}

impl MemoryStore {
    /// Opens the store in `data_dir`, creating it when there is none; `now` names its generation then.
    ///
    /// # Errors
    /// When another process uses the folder, or the journal cannot be read or is damaged; the message says
    /// what to do.
    pub fn open(data_dir: &Path, now: Ts) -> anyhow::Result<Self> {
        Self::open_with(data_dir, now, None)
    }

    /// The same with one guard switched off. For tests that must then fail.
    #[cfg(test)]
    pub fn sabotaged(data_dir: &Path, now: Ts, guard: Guard) -> anyhow::Result<Self> {
        Self::open_with(data_dir, now, Some(guard))
    }

    fn open_with(data_dir: &Path, now: Ts, sabotage: Option<Guard>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(data_dir)?;
        let lock = lock(data_dir)?;
        let path = data_dir.join("queue.journal");
        let (mut lines, mut journal) = recover(&path, sabotage)?;
        if lines.epoch == 0 {
            lines.epoch = now.micros().max(1);
            journal.append(&encode(&[Record::Epoch(lines.epoch)])?)?;
        }
        let lines = Arc::new(RwLock::new(lines));
        let (work, jobs) = mpsc::channel(QUEUED_MAX);
        let compacted_len = journal.len();
        let writer =
            Writer { path, lines: lines.clone(), journal: Some(journal), compacted_len, _lock: lock };
        let writer =
            std::thread::Builder::new().name("queue-writer".into()).spawn(move || writer.run(jobs))?;
        Ok(Self { lines, work: Some(work), writer: Some(writer) })
    }

    /// Runs `apply` on the writer and answers once its effect is durable.
    async fn step<T: Send + 'static>(
        &self,
        apply: impl FnOnce(&mut Batch<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |batch| {
            let outcome = apply(batch);
            Box::new(move |durable| drop(answer.send(durable.and(outcome))))
        });
        let stopped = || StoreError::Unavailable("the queue has been stopped".into());
        self.work.as_ref().ok_or_else(stopped)?.send(job).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    fn read<T>(&self, room: &RoomId, look: impl FnOnce(&Line) -> T) -> Result<T, StoreError> {
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        lines.by_room.get(room).map(look).ok_or(StoreError::NoRoom)
    }
}

impl Drop for MemoryStore {
    fn drop(&mut self) {
        self.work.take();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl QueueStore for MemoryStore {
    fn put_room(&self, room: Room, _now: Ts) -> Answer<'_, ()> {
        Box::pin(self.step(move |batch| {
            batch.lines.replay(Record::Room(room.clone()))?;
            batch.records.push(Record::Room(room));
            Ok(())
        }))
    }

    fn rooms(&self) -> Answer<'_, Vec<Room>> {
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        let rooms = lines.by_room.values().map(|line| line.room().clone()).collect();
        Box::pin(std::future::ready(Ok(rooms)))
    }

    fn room(&self, id: &RoomId) -> Answer<'_, Room> {
        Box::pin(std::future::ready(self.read(id, |line| line.room().clone())))
    }

    fn join(&self, room: &RoomId, joins: Vec<Join>, now: Ts) -> Answer<'_, Vec<Joined>> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            joins.into_iter().map(|j| batch.act(&room, now, Act::Join(j), |line| line.join(j, now))).collect()
        }))
    }

    fn restore(&self, room: &RoomId, places: Vec<Restore>, now: Ts) -> Answer<'_, Vec<Place>> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            let mut one = |r| batch.act(&room, now, Act::Restore(r), |line| line.restore(r, now));
            places.into_iter().map(&mut one).collect()
        }))
    }

    fn find(&self, room: &RoomId, places: Vec<Uuid>, now: Ts) -> Answer<'_, Vec<Option<Place>>> {
        let found = self.read(room, |line| places.into_iter().map(|id| line.find(id, now)).collect());
        Box::pin(std::future::ready(found))
    }

    fn call(&self, room: &RoomId, limit: u32, now: Ts) -> Answer<'_, u32> {
        let room = room.clone();
        Box::pin(
            self.step(move |batch| batch.act(&room, now, Act::Call { limit }, |line| line.call(limit, now))),
        )
    }

    fn claim(&self, room: &RoomId, claims: Vec<Claim>, now: Ts) -> Answer<'_, Vec<Claimed>> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            let mut one = |c| batch.act(&room, now, Act::Claim(c), |line| line.claim(c, now));
            claims.into_iter().map(&mut one).collect()
        }))
    }

    fn depart(&self, room: &RoomId, departures: Vec<Depart>, now: Ts) -> Answer<'_, usize> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            let mut one = |d| batch.act(&room, now, Act::Depart(d), |line| line.depart(d, now));
            let ended: Vec<bool> = departures.into_iter().map(&mut one).collect::<Result<_, _>>()?;
            Ok(ended.into_iter().filter(|ended| *ended).count())
        }))
    }

    fn leave(&self, room: &RoomId, place: Uuid, how: Ending, now: Ts) -> Answer<'_, Option<Place>> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            batch.act(&room, now, Act::Leave { place, how }, |line| line.leave(place, how, now))
        }))
    }

    fn sweep(&self, room: &RoomId, now: Ts) -> Answer<'_, ()> {
        let room = room.clone();
        Box::pin(self.step(move |batch| batch.act(&room, now, Act::Sweep, |line| line.sweep(now))))
    }

    fn census(&self, room: &RoomId, now: Ts) -> Answer<'_, Census> {
        Box::pin(std::future::ready(self.read(room, |line| line.census(now))))
    }

    fn changes_since(&self, room: &RoomId, version: u64) -> Answer<'_, Changes> {
        Box::pin(std::future::ready(self.read(room, |line| line.changes_since(version))))
    }

    fn epoch(&self) -> Answer<'_, Epoch> {
        let epoch = self.lines.read().unwrap_or_else(PoisonError::into_inner).epoch;
        Box::pin(std::future::ready(Ok(epoch)))
    }
}

impl Batch<'_> {
    /// Applies a verb to a line and keeps it for the journal if it changed something.
    fn act<T>(
        &mut self,
        room: &RoomId,
        now: Ts,
        act: Act,
        apply: impl FnOnce(&mut Line) -> T,
    ) -> Result<T, StoreError> {
        let line = self.lines.by_room.get_mut(room).ok_or(StoreError::NoRoom)?;
        let before = line.version();
        let outcome = apply(line);
        if line.version() != before {
            self.records.push(Record::Step { room: room.clone(), now, act });
        }
        Ok(outcome)
    }
}

impl Lines {
    /// Takes one record of the journal in.
    fn replay(&mut self, record: Record) -> Result<(), StoreError> {
        match record {
            Record::Epoch(epoch) => self.epoch = epoch,
            Record::Room(room) => match self.by_room.get_mut(&room.id) {
                Some(line) => line.set_room(room),
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
            Record::Step { room, now, act } => {
                let line = self.by_room.get_mut(&room).ok_or(StoreError::NoRoom)?;
                match act {
                    Act::Join(join) => drop(line.join(join, now)),
                    Act::Restore(restore) => drop(line.restore(restore, now)),
                    Act::Call { limit } => drop(line.call(limit, now)),
                    Act::Claim(claim) => drop(line.claim(claim, now)),
                    Act::Depart(depart) => drop(line.depart(depart, now)),
                    Act::Leave { place, how } => drop(line.leave(place, how, now)),
                    Act::Sweep => line.sweep(now),
                }
            }
        }
        Ok(())
    }

    #[cfg(test)]
    fn prepared(&self, mut line: Line) -> Line {
        line.sabotage(self.sabotage);
        line
    }

    #[cfg(not(test))]
    fn prepared(&self, line: Line) -> Line {
        line
    }

    /// Writes everything, as records that lead back to it.
    fn image(&self, into: &mut Rewrite) -> io::Result<()> {
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
        }
        Ok(())
    }
}

/// The thread that owns all changes.
struct Writer {
    path: PathBuf,
    lines: Arc<RwLock<Lines>>,
    /// Absent while the disk refuses to give the journal back.
    journal: Option<Journal>,
    /// Length of the journal after it was last opened or compacted.
    compacted_len: u64,
    _lock: File,
}

impl Writer {
    fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        while let Some(first) = jobs.blocking_recv() {
            batch.push(first);
            while batch.len() < BATCH_MAX
                && let Ok(next) = jobs.try_recv()
            {
                batch.push(next);
            }
            self.commit(batch.drain(..));
        }
    }

    fn commit(&mut self, jobs: impl Iterator<Item = Job>) {
        let ready = self.ready();
        let mut lines = self.lines.write().unwrap_or_else(PoisonError::into_inner);
        let mut batch = Batch { lines: &mut lines, records: Vec::new() };
        // Without a journal the verbs are still taken, applied to nothing, and told so.
        let mut nothing = Lines::default();
        if ready.is_err() {
            batch.lines = &mut nothing;
        }
        let told: Vec<Told> = jobs.map(|job| job(&mut batch)).collect();
        let records = batch.records;
        drop(lines);
        let durable = ready.and_then(|()| self.write(&records));
        if let Err(error) = &durable {
            tracing::error!(%error, "the queue's journal cannot be written; joins and admissions wait until it can");
        }
        let answer = durable.map_err(|error| StoreError::Unavailable(error.to_string()));
        told.into_iter().for_each(|tell| tell(answer.clone()));
        self.compact_if_large();
    }

    /// Opens the journal again after a failure and takes the lines back to what it holds.
    fn ready(&mut self) -> anyhow::Result<()> {
        if self.journal.is_none() {
            let mut lines = self.lines.write().unwrap_or_else(PoisonError::into_inner);
            let (fresh, journal) = recover(&self.path, lines.sabotage)?;
            *lines = fresh;
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

/// Reads lines and journal from disk.
fn recover(path: &Path, sabotage: Option<Guard>) -> anyhow::Result<(Lines, Journal)> {
    let mut lines = Lines { sabotage, ..Lines::default() };
    let journal = Journal::open(path, |payload| {
        for line in payload.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            lines.replay(serde_json::from_slice(line)?)?;
        }
        Ok(())
    })?;
    Ok((lines, journal))
}

fn encode(records: &[Record]) -> io::Result<Vec<u8>> {
    let mut payload = Vec::with_capacity(records.len() * 192);
    for record in records {
        serde_json::to_writer(&mut payload, record)?;
        payload.push(b'\n');
    }
    Ok(payload)
}

/// One process per data folder: two would both give out the next number.
fn lock(data_dir: &Path) -> anyhow::Result<File> {
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
