//! The store for several nodes: lines in Redis (or Valkey), each verb one Lua script.
//!
//! The scripts in `scripts/` are the rules of `line.rs` on sorted sets, hashes and bitmaps; a random-history test
//! compares the two. All keys of a room carry its hash tag, so Redis Cluster keeps them together. Time is an
//! argument, deadlines are data, no key expires by itself, and each call does a bounded amount of work.
//!
//! Calls that arrive together are gathered into one script call ([`gather`]); a Redis that does not answer is
//! noticed within a quarter of a second, and calls then fail at once until a probe gets through ([`link`]).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration as StdDuration;

use shared::clock::Ts;
use shared::health::Report;
use shared::verify::Checked;
use time::Duration;
use uuid::Uuid;

use self::gather::Gatherer;
use self::knowledge::Seen;
use self::link::Link;
use self::rebuild::run;
use self::rooms::{Args, Rooms};
use self::scripts::Scripts;
use super::codes::Code;
#[cfg(test)]
use super::guard::Guard;
use super::handover::OFFERS_KEPT;
use super::line::REMEMBERED;
use super::{
    Answer, Census, Changes, Claim, Claimed, Deferred, Depart, Draw, DrawStep, Ending, Epoch, HandedOver,
    Handover, Join, Joined, Lobbyist, Place, QueueStore, Renew, Renewed, Restore, Seating, StoreError,
    Totals,
};
use crate::rooms::rules::{Room, RoomId};
use crate::rooms::steering::Pace;

mod answers;
mod gather;
mod inspect;
mod knowledge;
mod link;
mod lobby;
mod log;
mod rebuild;
mod rooms;
mod scripts;
mod steering;

pub use rooms::keys;
#[cfg(test)]
mod tests;
mod whole;
mod wire;
mod witness;

/// Places in one script call, of verbs that take several.
const BATCH_MAX: usize = 128;
/// Called in one script call.
const CALLS_MAX: u32 = 500;
/// Ended places forgotten in one script call.
const FORGET_MAX: u64 = 1000;
/// Passed deadlines that a census reckons with; a tick takes most of them long before.
const CENSUS_DUE_MAX: u64 = 5000;

/// How long nobody is called after a loss, unless the settings say otherwise.
const REBUILD_WINDOW: Duration = Duration::seconds(20);

/// How long a call may take, unless the settings say otherwise. Tests run on machines that do much else.
const ANSWER_TIMEOUT: StdDuration = StdDuration::from_millis(if cfg!(test) { 3000 } else { 250 });

/// What a node that serves is told.
pub struct Node<'a> {
    /// Its folder, which no other process may use.
    pub data_dir: &'a Path,
    /// A call that takes longer has failed, and all others fail at once until Redis answers again.
    pub answer_timeout: StdDuration,
    /// Should Redis lose a line, nobody is called so long while people come back.
    pub rebuild_window: Duration,
    /// Now: should a line be lost already, the window begins here, whatever time the witness was last written.
    pub now: Ts,
}

/// The store behind a Redis.
pub struct RedisStore {
    rooms: Arc<Rooms>,
    joins: Gatherer<Join, Joined>,
    finds: Gatherer<Uuid, Option<Place>>,
    claims: Gatherer<Claim, Claimed>,
    restores: Gatherer<Restore, Place>,
    settings: Gatherer<(), Room>,
}

impl RedisStore {
    /// Connects to the Redis at `url` (`redis://`, `rediss://`, `redis+unix://`).
    ///
    /// # Errors
    /// When the address is not one, or nothing answers there; the message says what to do.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        let link = Link::open(url, ANSWER_TIMEOUT).await?;
        Ok(Self::on(Rooms::new(link, Scripts::new(), REBUILD_WINDOW)))
    }

    /// The store of a node that serves: it keeps what matters after a loss in its data folder too.
    ///
    /// # Errors
    /// Also when another process uses the data folder, or `witness.journal` in it is damaged.
    pub async fn open_as_node(url: &str, node: &Node<'_>) -> anyhow::Result<Self> {
        let link = Link::open(url, node.answer_timeout).await?;
        let rooms = Rooms::new(link, Scripts::new(), node.rebuild_window);
        Ok(Self::on(rooms.with_witness(node.data_dir, node.now)?))
    }

    /// The same with one guard switched off. For tests that must then fail.
    #[cfg(test)]
    pub async fn sabotaged(url: &str, guard: Guard) -> anyhow::Result<Self> {
        Ok(Self::on(Rooms::new(
            Link::open(url, ANSWER_TIMEOUT).await?,
            Scripts::sabotaged(guard),
            REBUILD_WINDOW,
        )))
    }

    /// The same with another line in its scripts. For tests that must then fail.
    #[cfg(test)]
    async fn tampered(url: &str, marked: &str, instead: &str) -> anyhow::Result<Self> {
        let scripts = Scripts::without(marked, instead);
        Ok(Self::on(Rooms::new(Link::open(url, ANSWER_TIMEOUT).await?, scripts, REBUILD_WINDOW)))
    }

    fn on(rooms: Rooms) -> Self {
        let rooms = Arc::new(rooms);
        let (to_join, to_find, to_claim) = (rooms.clone(), rooms.clone(), rooms.clone());
        let (to_restore, to_read) = (rooms.clone(), rooms.clone());
        Self {
            rooms,
            joins: Gatherer::new(Arc::new(move |room, joins, now| {
                let rooms = to_join.clone();
                Box::pin(async move { rooms.join(&room, &joins, now).await })
            })),
            finds: Gatherer::new(Arc::new(move |room, ids, now| {
                let rooms = to_find.clone();
                Box::pin(async move { rooms.find(&room, &ids, now).await })
            })),
            claims: Gatherer::new(Arc::new(move |room, claims, now| {
                let rooms = to_claim.clone();
                Box::pin(async move { rooms.claim(&room, &claims, now).await })
            })),
            restores: Gatherer::new(Arc::new(move |room, places, now| {
                let rooms = to_restore.clone();
                Box::pin(async move { rebuild::restore(&rooms, &room, &places, now).await })
            })),
            settings: Gatherer::new(Arc::new(move |room, asked: Vec<()>, now| {
                let rooms = to_read.clone();
                Box::pin(async move { Ok(vec![rooms.settings(&room, now).await?; asked.len()]) })
            })),
        }
    }

    async fn call_all(&self, room: &RoomId, limit: u32, now: Ts) -> Result<u32, StoreError> {
        let mut called = 0;
        loop {
            let most = (limit - called).min(CALLS_MAX);
            let args = Args::default().text(most);
            let count = run(&self.rooms, &self.rooms.scripts.call, room, now, args).await?.number()? as u32;
            called += count;
            if count < CALLS_MAX || called >= limit {
                return Ok(called);
            }
        }
    }

    async fn put(&self, room: Room, now: Ts) -> Result<(), StoreError> {
        // First the name, then the room: a name without a room is passed over by all who read.
        self.rooms.register(&room.id).await?;
        let args = Args::default().settings(&room);
        run(&self.rooms, &self.rooms.scripts.put, &room.id, now, args).await?;
        self.rooms.know(&room.id.clone(), |known| known.room = Some(room));
        Ok(())
    }

    async fn all_rooms(&self) -> Result<Vec<Room>, StoreError> {
        let ids = self.rooms.ids().await?;
        let settings = ids.iter().map(|id| self.rooms.settings(id, Ts::from_micros(0)));
        let settings = futures_util::future::join_all(settings).await;
        settings.into_iter().filter(|room| *room != Err(StoreError::NoRoom)).collect()
    }

    async fn depart_all(&self, room: &RoomId, departures: Vec<Depart>, now: Ts) -> Result<usize, StoreError> {
        let mut ended = 0;
        for batch in departures.chunks(BATCH_MAX) {
            let args = batch.iter().fold(Args::default(), |args, depart| {
                args.id(depart.place).id(depart.jti).text(wire::letter(depart.how))
            });
            ended += run(&self.rooms, &self.rooms.scripts.depart, room, now, args).await?.number()? as usize;
        }
        Ok(ended)
    }

    async fn count(&self, room: &RoomId, now: Ts) -> Result<Census, StoreError> {
        let args = Args::default().text(CENSUS_DUE_MAX);
        let mut reply = run(&self.rooms, &self.rooms.scripts.census, room, now, args).await?;
        let mut next = || reply.number();
        let census = Census {
            waiting: next()?,
            called: next()?,
            at_door: next()?,
            admitted: next()?,
            serving: next()?,
            next_number: next()?,
            totals: Totals {
                joined: next()?,
                called: next()?,
                admitted: next()?,
                missed: next()?,
                left: next()?,
                departed: next()?,
            },
            pace: Pace { rate_per_minute: next()? as u32, cap: next()? as u32 },
        };
        self.rooms.know(room, |known| {
            known.next_number = known.next_number.max(census.next_number);
        });
        Ok(census)
    }
}

impl QueueStore for RedisStore {
    fn put_room(&self, room: Room, now: Ts) -> Answer<'_, ()> {
        Box::pin(self.put(room, now))
    }

    fn rooms(&self) -> Answer<'_, Vec<Room>> {
        Box::pin(self.all_rooms())
    }

    fn room(&self, id: &RoomId) -> Answer<'_, Room> {
        let id = id.clone();
        Box::pin(async move { self.settings.ask(&id, (), Ts::from_micros(0)).await })
    }

    fn join(&self, room: &RoomId, joins: Vec<Join>, now: Ts) -> Answer<'_, Vec<Joined>> {
        let room = room.clone();
        Box::pin(async move {
            if let [one] = joins[..] {
                return Ok(vec![self.joins.ask(&room, one, now).await?]);
            }
            let mut answers = Vec::with_capacity(joins.len());
            for batch in joins.chunks(BATCH_MAX) {
                answers.extend(self.rooms.join(&room, batch, now).await?);
            }
            Ok(answers)
        })
    }

    fn put_codes(&self, room: &RoomId, codes: Vec<Code>, now: Ts) -> Answer<'_, Option<usize>> {
        let room = room.clone();
        Box::pin(async move { self.rooms.put_codes(&room, codes, now).await })
    }

    fn codes(&self, room: &RoomId) -> Answer<'_, Vec<Code>> {
        let room = room.clone();
        Box::pin(async move { self.rooms.codes(&room).await })
    }

    fn restore(&self, room: &RoomId, places: Vec<Restore>, now: Ts) -> Answer<'_, Vec<Place>> {
        let room = room.clone();
        Box::pin(async move {
            if let [one] = places[..] {
                return Ok(vec![self.restores.ask(&room, one, now).await?]);
            }
            let mut answers = Vec::with_capacity(places.len());
            for batch in places.chunks(BATCH_MAX) {
                answers.extend(rebuild::restore(&self.rooms, &room, batch, now).await?);
            }
            Ok(answers)
        })
    }

    fn find(&self, room: &RoomId, places: Vec<Uuid>, now: Ts) -> Answer<'_, Vec<Option<Place>>> {
        let room = room.clone();
        Box::pin(async move {
            if let [one] = places[..] {
                return Ok(vec![self.finds.ask(&room, one, now).await?]);
            }
            let mut answers = Vec::with_capacity(places.len());
            for batch in places.chunks(BATCH_MAX) {
                answers.extend(self.rooms.find(&room, batch, now).await?);
            }
            Ok(answers)
        })
    }

    fn call(&self, room: &RoomId, limit: u32, now: Ts) -> Answer<'_, u32> {
        let room = room.clone();
        Box::pin(async move { self.call_all(&room, limit, now).await })
    }

    fn claim(&self, room: &RoomId, claims: Vec<Claim>, now: Ts) -> Answer<'_, Vec<Claimed>> {
        let room = room.clone();
        Box::pin(async move {
            if let [one] = claims[..] {
                return Ok(vec![self.claims.ask(&room, one, now).await?]);
            }
            let mut answers = Vec::with_capacity(claims.len());
            for batch in claims.chunks(BATCH_MAX) {
                answers.extend(self.rooms.claim(&room, batch, now).await?);
            }
            Ok(answers)
        })
    }

    fn defer(&self, room: &RoomId, place: Uuid, now: Ts) -> Answer<'_, Deferred> {
        let room = room.clone();
        Box::pin(async move { self.rooms.defer(&room, place, now).await })
    }

    fn renew(&self, room: &RoomId, wish: Renew, now: Ts) -> Answer<'_, Renewed> {
        let room = room.clone();
        Box::pin(async move { self.rooms.renew(&room, wish, now).await })
    }

    fn depart(&self, room: &RoomId, departures: Vec<Depart>, now: Ts) -> Answer<'_, usize> {
        let room = room.clone();
        Box::pin(async move { self.depart_all(&room, departures, now).await })
    }

    fn hear(&self, room: &RoomId, report: Report, now: Ts) -> Answer<'_, Pace> {
        let room = room.clone();
        Box::pin(async move { steering::hear(&self.rooms, &room, &report, now).await })
    }

    fn hand_over(&self, room: &RoomId, wish: Handover, now: Ts) -> Answer<'_, HandedOver> {
        let room = room.clone();
        Box::pin(async move {
            let args = Args::default().id(wish.offer).text((wish.until + OFFERS_KEPT).micros());
            let args = args.id(wish.place).browser(wish.from).browser(wish.to);
            let mut reply = run(&self.rooms, &self.rooms.scripts.hand_over, &room, now, args).await?;
            wire::handed_over(&reply.bytes()?)
        })
    }

    fn leave(&self, room: &RoomId, place: Uuid, how: Ending, now: Ts) -> Answer<'_, Option<Place>> {
        let room = room.clone();
        Box::pin(async move {
            let args = Args::default().id(place).text(wire::letter(how));
            let reply = run(&self.rooms, &self.rooms.scripts.leave, &room, now, args).await?;
            Ok(reply.places()?.pop())
        })
    }

    fn sweep(&self, room: &RoomId, now: Ts) -> Answer<'_, ()> {
        let room = room.clone();
        Box::pin(async move {
            let args = Args::default().text(REMEMBERED.whole_microseconds()).text(FORGET_MAX);
            run(&self.rooms, &self.rooms.scripts.sweep, &room, now, args).await?;
            Ok(())
        })
    }

    fn census(&self, room: &RoomId, now: Ts) -> Answer<'_, Census> {
        let room = room.clone();
        Box::pin(async move { self.count(&room, now).await })
    }

    fn changes_since(&self, room: &RoomId, version: u64) -> Answer<'_, Changes> {
        let room = room.clone();
        Box::pin(async move { whole::changes_since(&self.rooms, &room, version).await })
    }

    fn inspect(&self, room: &RoomId, now: Ts) -> Answer<'_, Vec<Checked>> {
        let room = room.clone();
        Box::pin(async move { inspect::inspect(self, &room, now).await })
    }

    fn draw(&self, room: &RoomId) -> Answer<'_, Draw> {
        let room = room.clone();
        Box::pin(async move { lobby::draw(&self.rooms, &room).await })
    }

    fn advance_draw(&self, room: &RoomId, step: DrawStep, note: String, now: Ts) -> Answer<'_, Draw> {
        let room = room.clone();
        Box::pin(async move { lobby::advance(&self.rooms, &room, step, &note, now).await })
    }

    fn lobby(&self, room: &RoomId) -> Answer<'_, Vec<Lobbyist>> {
        let room = room.clone();
        Box::pin(async move { lobby::lobby(&self.rooms, &room).await })
    }

    fn seat_drawn(&self, room: &RoomId, seats: Vec<Seating>, now: Ts) -> Answer<'_, ()> {
        let room = room.clone();
        Box::pin(async move { lobby::seat(&self.rooms, &room, &seats, now).await })
    }

    fn keep_part(&self, room: &RoomId, name: String, bytes: Vec<u8>) -> Answer<'_, ()> {
        let room = room.clone();
        Box::pin(async move { lobby::keep_part(&self.rooms.link, &room, &name, &bytes).await })
    }

    fn part(&self, room: &RoomId, name: String) -> Answer<'_, Option<Vec<u8>>> {
        let room = room.clone();
        Box::pin(async move { lobby::part(&self.rooms.link, &room, &name).await })
    }

    fn append_log(&self, room: &RoomId, from: u64, entries: Vec<String>) -> Answer<'_, bool> {
        let room = room.clone();
        Box::pin(async move { log::append(&self.rooms, &room, from, entries).await })
    }

    fn log_entries(&self, room: &RoomId, from: u64, limit: usize) -> Answer<'_, Vec<String>> {
        let room = room.clone();
        Box::pin(async move { log::entries(&self.rooms, &room, from, limit).await })
    }

    fn log_len(&self, room: &RoomId) -> Answer<'_, u64> {
        let room = room.clone();
        Box::pin(async move { log::len(&self.rooms, &room).await })
    }

    fn epoch(&self, room: &RoomId) -> Answer<'_, Epoch> {
        let room = room.clone();
        Box::pin(async move {
            if self.rooms.seen(&room) == Seen::default() {
                self.count(&room, Ts::from_micros(0)).await?;
            }
            Ok(self.rooms.seen(&room).epoch)
        })
    }

    fn has_begun(&self, room: &RoomId, epoch: Epoch) -> Answer<'_, bool> {
        let room = room.clone();
        Box::pin(async move {
            if self.rooms.seen(&room).epoch < epoch {
                self.count(&room, Ts::from_micros(0)).await?;
            }
            Ok(epoch <= self.rooms.seen(&room).epoch)
        })
    }

    fn server_clock(&self) -> Answer<'_, Option<Ts>> {
        Box::pin(async move {
            let told = self.rooms.link.ask(&::redis::cmd("TIME")).await?;
            // Seconds and microseconds, as two texts.
            let (seconds, micros): (i64, i64) = ::redis::from_redis_value(told)
                .map_err(|error| StoreError::Unavailable(format!("Redis's clock cannot be read: {error}")))?;
            Ok(Some(Ts::from_micros(seconds * 1_000_000 + micros)))
        })
    }
}
