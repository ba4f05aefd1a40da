//! The embedded store: lines in this process, a journal on disk.
//!
//! One thread owns all changes. It takes whatever verbs have queued up, applies them, writes one journal frame
//! and waits for one fdatasync, then answers them all: the more come at once, the less each costs. A verb that
//! changed nothing writes nothing. When the disk refuses a frame, the lines are read back from the journal and the
//! verbs of the batch answer [`StoreError::Unavailable`].
//!
//! Reads look at the lines directly and answer when the disk has what they saw: else a visitor could be told of a
//! turn that a crash, or a full disk, then takes back. Two do not wait: settings of rooms, and what has happened to a line, are told as
//! far as the disk has them ([`durable`]).
//!
//! The journal holds the verbs with their `now`; replaying them leads to the same lines. Once it has grown well
//! beyond the lines' own size it is replaced by an image of them.

use std::future::ready;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;

use shared::clock::Ts;
use shared::health::Report;
use shared::verify::Checked;
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use self::durable::Durable;
use self::lines::{Act, Lines, Record, Tampering};

use self::writer::{Batch, Job, Settled, Writer};
use super::codes::Code;
#[cfg(test)]
use super::guard::Guard;
use super::line::Line;
use super::{
    Answer, AtHand, Census, Changes, Claim, Claimed, Deferred, Depart, Draw, DrawStep, Ending, Epoch,
    HandedOver, Handover, Join, Joined, Lobbyist, Place, QueueStore, Renew, Renewed, Restore, Seating,
    StoreError,
};
use crate::rooms::rules::{Room, RoomId};
use crate::rooms::steering::Pace;

mod crowd;
mod durable;
pub(in crate::queue) mod journal;
mod lines;
#[cfg(test)]
mod tests;

pub(in crate::queue) mod writer;

/// Verbs that may wait for the writer; further callers wait before they are queued.
const QUEUED_MAX: usize = 4096;
/// Times that a read looks at lines which the disk then refuses.
const LOOKS: usize = 3;
/// Places that one record of the journal seats.
const SEATS_MAX: usize = 4096;

/// The embedded store. Dropping it finishes what was queued and closes the journal.
pub struct MemoryStore {
    lines: Arc<RwLock<Lines>>,
    durable: Arc<Durable>,
    settled: watch::Receiver<Settled>,
    work: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
}

impl MemoryStore {
    /// Opens the store in `data_dir`, creating it when there is none; `now` names its generation then.
    ///
    /// # Errors
    /// When another process uses the folder, or the journal cannot be read or is damaged; the message says
    /// what to do.
    pub fn open(data_dir: &Path, now: Ts) -> anyhow::Result<Self> {
        Self::open_with(data_dir, now, Tampering::default())
    }

    /// The same with one guard switched off. For tests that must then fail.
    #[cfg(test)]
    pub fn sabotaged(data_dir: &Path, now: Ts, guard: Guard) -> anyhow::Result<Self> {
        Self::open_with(data_dir, now, Tampering { guard: Some(guard), ..Tampering::default() })
    }

    fn open_with(data_dir: &Path, now: Ts, tampering: Tampering) -> anyhow::Result<Self> {
        shared::folder::ensure_writable(data_dir)?;
        let (writer, settled) = Writer::open(data_dir, now, tampering)?;
        let (lines, durable) = (writer.lines.clone(), writer.durable.clone());
        let (work, jobs) = mpsc::channel(QUEUED_MAX);
        let thread = std::thread::Builder::new().name("queue-writer".into());
        let writer = thread.spawn(move || writer.run(jobs))?;
        Ok(Self { lines, durable, settled, work: Some(work), writer: Some(writer) })
    }

    /// The lines as the journal in `data_dir` tells them, only to be looked at: nothing is locked or written, so it may
    /// be read beside the process that keeps it. What that process has answered is in it; a step that it is just
    /// writing may be missing. Verbs that would change a line answer [`StoreError::Unavailable`].
    ///
    /// # Errors
    /// When there is no journal, or it is damaged; the message says what to do.
    pub fn open_to_read(data_dir: &Path) -> anyhow::Result<Self> {
        let lines = lines::read(&data_dir.join(writer::JOURNAL))?;
        let (_, settled) = watch::channel(Settled::default());
        let durable = Arc::new(Durable::of(&lines));
        Ok(Self { lines: Arc::new(RwLock::new(lines)), durable, settled, work: None, writer: None })
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
        let stopped = || StoreError::Unavailable("the queue has been stopped, or opened only to look".into());
        self.work.as_ref().ok_or_else(stopped)?.send(job).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    /// What `look` sees, once the disk has it too; it looks again when that was taken back.
    async fn look<T: Send>(&self, look: impl Fn(&Lines) -> T + Send) -> Result<T, StoreError> {
        for _ in 0..LOOKS {
            let (seen, batch) = {
                let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
                (look(&lines), lines.batch)
            };
            let known = *self.settled.borrow();
            let settled = if known.last >= batch {
                known
            } else {
                match self.settled.clone().wait_for(|settled| settled.last >= batch).await {
                    Ok(settled) => *settled,
                    // The writer has stopped: it has settled everything.
                    Err(_) => return Ok(seen),
                }
            };
            if settled.refused < batch || batch == 0 {
                return Ok(seen);
            }
        }
        Err(StoreError::Unavailable("the disk does not take what happens in the line".into()))
    }

    /// The same in one room's line.
    async fn read<T: Send>(
        &self,
        room: &RoomId,
        look: impl Fn(&Line) -> T + Send + Sync,
    ) -> Result<T, StoreError> {
        self.look(|lines| lines.by_room.get(room).map(&look)).await?.ok_or(StoreError::NoRoom)
    }

    /// What has happened to a line as far as the disk has it, which is all that anybody was told: nothing of the batch that the
    /// disk is being given. `None` where the two cannot be told apart.
    fn durable_changes(&self, room: &RoomId, version: u64) -> Option<Changes> {
        let lines = self.lines.read().unwrap_or_else(PoisonError::into_inner);
        let changes = lines.by_room.get(room)?.changes_since(version);
        let settled = *self.settled.borrow();
        if lines.batch == 0 || (settled.last >= lines.batch && settled.refused < lines.batch) {
            return Some(changes);
        }
        let durable = *lines.versions_before.get(room)?;
        match changes {
            // There is one step to a version.
            Changes::Steps { since, mut steps, .. } if since <= durable => {
                steps.truncate((durable - since) as usize);
                Some(Changes::Steps { since, version: durable, steps })
            }
            _ => None,
        }
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
        Box::pin(self.step(move |batch| batch.put_room(room)))
    }

    fn rooms(&self) -> Answer<'_, Vec<Room>> {
        Box::pin(ready(Ok(self.durable.rooms())))
    }

    fn room(&self, id: &RoomId) -> Answer<'_, Room> {
        Box::pin(ready(self.durable.room(id).map(|known| Room::clone(&known.room))))
    }

    fn at_hand(&self, room: &RoomId) -> Option<Result<AtHand, StoreError>> {
        Some(self.durable.room(room))
    }

    fn join(&self, room: &RoomId, joins: Vec<Join>, now: Ts) -> Answer<'_, Vec<Joined>> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            joins.into_iter().map(|j| batch.act(&room, Act::Join(j), |line| line.join(j, now))).collect()
        }))
    }

    fn put_codes(&self, room: &RoomId, codes: Vec<Code>, _now: Ts) -> Answer<'_, Option<usize>> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            let line = batch.lines.by_room.get_mut(&room).ok_or(StoreError::NoRoom)?;
            let added = line.put_codes(codes.clone());
            if added.is_some() {
                batch.records.push(Record::Codes { room, codes });
            }
            Ok(added)
        }))
    }

    fn codes(&self, room: &RoomId) -> Answer<'_, Vec<Code>> {
        let room = room.clone();
        Box::pin(async move { self.read(&room, |line| line.codes().cloned().collect()).await })
    }

    fn restore(&self, room: &RoomId, places: Vec<Restore>, now: Ts) -> Answer<'_, Vec<Place>> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            let mut one = |r| batch.act(&room, Act::Restore(r), |line| line.restore(r, now));
            places.into_iter().map(&mut one).collect()
        }))
    }

    fn find(&self, room: &RoomId, places: Vec<Uuid>, now: Ts) -> Answer<'_, Vec<Option<Place>>> {
        let room = room.clone();
        Box::pin(async move {
            self.read(&room, |line| places.iter().map(|id| line.find(*id, now)).collect()).await
        })
    }

    fn call(&self, room: &RoomId, limit: u32, now: Ts) -> Answer<'_, u32> {
        let room = room.clone();
        Box::pin(self.step(move |batch| batch.act(&room, Act::Call { limit }, |line| line.call(limit, now))))
    }

    fn claim(&self, room: &RoomId, claims: Vec<Claim>, now: Ts) -> Answer<'_, Vec<Claimed>> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            let mut one = |c| batch.act(&room, Act::Claim(c), |line| line.claim(c, now));
            claims.into_iter().map(&mut one).collect()
        }))
    }

    fn defer(&self, room: &RoomId, place: Uuid, now: Ts) -> Answer<'_, Deferred> {
        let room = room.clone();
        Box::pin(self.step(move |batch| batch.act(&room, Act::Defer(place), |line| line.defer(place, now))))
    }

    fn renew(&self, room: &RoomId, wish: Renew, now: Ts) -> Answer<'_, Renewed> {
        let room = room.clone();
        Box::pin(self.step(move |batch| batch.act(&room, Act::Renew(wish), |line| line.renew(wish, now))))
    }

    fn depart(&self, room: &RoomId, departures: Vec<Depart>, now: Ts) -> Answer<'_, usize> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            let mut one = |d| batch.act(&room, Act::Depart(d), |line| line.depart(d, now));
            let ended: Vec<bool> = departures.into_iter().map(&mut one).collect::<Result<_, _>>()?;
            Ok(ended.into_iter().filter(|ended| *ended).count())
        }))
    }

    fn hear(&self, room: &RoomId, report: Report, now: Ts) -> Answer<'_, Pace> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            let line = batch.lines.by_room.get_mut(&room).ok_or(StoreError::NoRoom)?;
            // No place moves, and still calls that follow must be replayed at the same pace.
            if let Some(steered) = line.hear(&report, now) {
                let act = Act::Steer(Some(steered));
                batch.records.push(Record::Step { room: room.clone(), now: line.time(), act });
            }
            Ok(line.pace(now))
        }))
    }

    fn hand_over(&self, room: &RoomId, wish: Handover, now: Ts) -> Answer<'_, HandedOver> {
        let room = room.clone();
        Box::pin(
            self.step(move |batch| batch.act(&room, Act::HandOver(wish), |line| line.hand_over(wish, now))),
        )
    }

    fn leave(&self, room: &RoomId, place: Uuid, how: Ending, now: Ts) -> Answer<'_, Option<Place>> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            batch.act(&room, Act::Leave { place, how }, |line| line.leave(place, how, now))
        }))
    }

    fn sweep(&self, room: &RoomId, now: Ts) -> Answer<'_, ()> {
        let room = room.clone();
        Box::pin(self.step(move |batch| batch.act(&room, Act::Sweep, |line| line.sweep(now))))
    }

    fn census(&self, room: &RoomId, now: Ts) -> Answer<'_, Census> {
        let room = room.clone();
        Box::pin(async move { self.read(&room, |line| line.census(now)).await })
    }

    fn changes_since(&self, room: &RoomId, version: u64) -> Answer<'_, Changes> {
        if let Some(changes) = self.durable_changes(room, version) {
            return Box::pin(ready(Ok(changes)));
        }
        let room = room.clone();
        Box::pin(async move { self.read(&room, |line| line.changes_since(version)).await })
    }

    fn inspect(&self, room: &RoomId, now: Ts) -> Answer<'_, Vec<Checked>> {
        let room = room.clone();
        Box::pin(async move { self.read(&room, |line| line.inspect(now)).await })
    }

    fn draw(&self, room: &RoomId) -> Answer<'_, Draw> {
        let room = room.clone();
        Box::pin(async move { self.read(&room, Line::draw).await })
    }

    fn advance_draw(&self, room: &RoomId, step: DrawStep, note: String, now: Ts) -> Answer<'_, Draw> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            let act = Act::AdvanceDraw { step, note: note.clone() };
            // Whether a room is drawn stands among its settings.
            batch.has_changed_rooms = true;
            batch.act(&room, act, |line| line.advance_draw(step, note, now))
        }))
    }

    fn lobby(&self, room: &RoomId) -> Answer<'_, Vec<Lobbyist>> {
        let room = room.clone();
        Box::pin(async move { self.read(&room, Line::lobby).await })
    }

    fn seat_drawn(&self, room: &RoomId, seats: Vec<Seating>, now: Ts) -> Answer<'_, ()> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            for seats in seats.chunks(SEATS_MAX) {
                batch.act(&room, Act::SeatDrawn(seats.to_vec()), |line| line.seat_drawn(seats, now))?;
            }
            Ok(())
        }))
    }

    fn keep_part(&self, room: &RoomId, name: String, bytes: Vec<u8>) -> Answer<'_, ()> {
        let room = room.clone();
        Box::pin(self.step(move |batch| {
            batch.keep_part(room, name, bytes);
            Ok(())
        }))
    }

    fn part(&self, room: &RoomId, name: String) -> Answer<'_, Option<Vec<u8>>> {
        let part = (room.clone(), name);
        Box::pin(self.look(move |lines| lines.parts.get(&part).cloned()))
    }

    fn append_log(&self, room: &RoomId, from: u64, entries: Vec<String>) -> Answer<'_, bool> {
        let room = room.clone();
        Box::pin(self.step(move |batch| batch.append_log(&room, from, &entries)))
    }

    fn log_entries(&self, room: &RoomId, from: u64, limit: usize) -> Answer<'_, Vec<String>> {
        let mut lines = self.lines.write().unwrap_or_else(PoisonError::into_inner);
        let page = lines.log(room).and_then(|log| log.map_or(Ok(Vec::new()), |log| log.read(from, limit)));
        Box::pin(ready(page.map_err(StoreError::from)))
    }

    fn log_len(&self, room: &RoomId) -> Answer<'_, u64> {
        let mut lines = self.lines.write().unwrap_or_else(PoisonError::into_inner);
        let len = lines.log(room).map(|log| log.map_or(0, |log| log.len()));
        Box::pin(ready(len.map_err(StoreError::from)))
    }

    fn epoch(&self, room: &RoomId) -> Answer<'_, Epoch> {
        Box::pin(ready(self.durable.room(room).map(|known| known.epoch)))
    }

    fn has_begun(&self, room: &RoomId, epoch: Epoch) -> Answer<'_, bool> {
        Box::pin(ready(self.durable.room(room).map(|known| epoch <= known.epoch)))
    }
}
