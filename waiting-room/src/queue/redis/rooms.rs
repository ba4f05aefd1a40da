//! The keys of a room, what this node has seen of it, and the calls of its scripts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use redis::Value;
use shared::clock::Ts;
use uuid::Uuid;

use super::link::{Failure, Link};
use super::scripts::{Loaded, Scripts};
use super::wire::{self, Reply};
use crate::queue::{BrowserKey, Claim, Claimed, Join, Joined, Place, StoreError};
use crate::rooms::rules::{Room, RoomId, RoomState};

/// The set of all rooms' ids. A key of its own: no script touches it.
pub const ROOMS: &str = "rushline:rooms";
/// The keys of a room, in the order of the prelude.
const KEYS: [&str; 13] = [
    "core",
    "places",
    "browsers",
    "waiting",
    "door",
    "deadlines",
    "ended",
    "calls",
    "minute",
    "changes",
    "issued",
    "line",
    "over",
];

/// All rooms as this node reaches them.
pub struct Rooms {
    /// The connection.
    pub link: Arc<Link>,
    /// The scripts.
    pub scripts: Scripts,
    seen: Mutex<HashMap<RoomId, Seen>>,
}

/// The newest that this node has seen of a room. Redis must never be behind it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Generation.
    pub epoch: i64,
    /// Version of the line in this generation.
    pub version: u64,
}

/// Arguments of a script.
#[derive(Default)]
pub struct Args(Vec<Vec<u8>>);

impl Args {
    /// Adds an id.
    pub fn id(mut self, id: Uuid) -> Self {
        self.0.push(id.as_bytes().to_vec());
        self
    }

    /// Adds a browser.
    pub fn browser(self, browser: BrowserKey) -> Self {
        self.id(browser.0)
    }

    /// Adds something as text.
    pub fn text(mut self, text: impl ToString) -> Self {
        self.0.push(text.to_string().into_bytes());
        self
    }
}

impl Rooms {
    /// The rooms behind `link`.
    pub fn new(link: Arc<Link>, scripts: Scripts) -> Self {
        Self { link, scripts, seen: Mutex::default() }
    }

    /// Calls a script of one room.
    pub async fn run(
        &self,
        script: &Loaded,
        room: &RoomId,
        now: Ts,
        args: Args,
    ) -> Result<Reply, StoreError> {
        let seen = self.seen(room);
        let head = [now.micros().to_string(), seen.epoch.to_string(), seen.version.to_string()];
        let args: Vec<Vec<u8>> = head.into_iter().map(String::into_bytes).chain(args.0).collect();
        let reply = Reply::read(self.link.script(script, &keys(room), &args).await?)?;
        self.see(room, Seen { epoch: reply.epoch, version: reply.version });
        Ok(reply)
    }

    /// The newest that this node has seen of a room.
    pub fn seen(&self, room: &RoomId) -> Seen {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(room).copied().unwrap_or_default()
    }

    fn see(&self, room: &RoomId, fresh: Seen) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = seen.entry(room.clone()).or_default();
        if (fresh.epoch, fresh.version) > (known.epoch, known.version) {
            *known = fresh;
        }
    }

    /// Joins; see [`crate::queue::QueueStore::join`].
    pub async fn join(&self, room: &RoomId, joins: &[Join], now: Ts) -> Result<Vec<Joined>, StoreError> {
        let args = joins.iter().fold(Args::default(), |args, join| args.id(join.place).browser(join.browser));
        let reply = self.run(&self.scripts.join, room, now, args).await?;
        reply.rest.map(|value| joined(&wire::bytes(Some(value))?)).collect()
    }

    /// Finds; see [`crate::queue::QueueStore::find`].
    pub async fn find(&self, room: &RoomId, ids: &[Uuid], now: Ts) -> Result<Vec<Option<Place>>, StoreError> {
        let args = ids.iter().fold(Args::default(), |args, id| args.id(*id));
        let reply = self.run(&self.scripts.find, room, now, args).await?;
        let now = now.max(reply.clock);
        let found = ids.iter().zip(reply.rest).map(|(id, value)| match value {
            Value::Nil => Ok(None),
            packed => Ok(Some(wire::unpacked(*id, &wire::bytes(Some(packed))?)?.at(now))),
        });
        found.collect()
    }

    /// Claims; see [`crate::queue::QueueStore::claim`].
    pub async fn claim(&self, room: &RoomId, claims: &[Claim], now: Ts) -> Result<Vec<Claimed>, StoreError> {
        let args = claims.iter().fold(Args::default(), |args, claim| args.id(claim.place).id(claim.jti));
        let reply = self.run(&self.scripts.claim, room, now, args).await?;
        reply.rest.map(|value| claimed(&wire::bytes(Some(value))?)).collect()
    }

    /// The settings of a room.
    pub async fn settings(&self, room: &RoomId) -> Result<Room, StoreError> {
        let mut command = redis::cmd("HGET");
        command.arg(&keys(room)[0]).arg("settings");
        match self.link.ask(&command).await? {
            Value::Nil => Err(StoreError::NoRoom),
            settings => serde_json::from_slice(&wire::bytes(Some(settings))?)
                .map_err(|_| wire::garbled("a room's settings")),
        }
    }

    /// The ids of all rooms.
    pub async fn ids(&self) -> Result<Vec<RoomId>, StoreError> {
        let mut command = redis::cmd("SMEMBERS");
        command.arg(ROOMS);
        let Value::Array(ids) = self.link.ask(&command).await? else { return Err(wire::garbled("no set")) };
        let id =
            |value| String::from_utf8(wire::bytes(Some(value)).ok()?).ok().and_then(|id| RoomId::parse(&id));
        let mut ids: Vec<RoomId> = ids.into_iter().filter_map(id).collect();
        ids.sort();
        Ok(ids)
    }

    /// Adds a room's id to the set of all.
    pub async fn register(&self, room: &RoomId) -> Result<(), Failure> {
        let mut command = redis::cmd("SADD");
        command.arg(ROOMS).arg(room.as_str());
        self.link.ask(&command).await.map(drop)
    }
}

/// The keys of a room.
fn keys(room: &RoomId) -> Vec<String> {
    KEYS.iter().map(|name| key(room, name)).collect()
}

/// One key of a room, by its name in the prelude. The braces make Redis Cluster keep them together.
pub fn key(room: &RoomId, name: &str) -> String {
    format!("rushline:{{{room}}}:{name}")
}

fn joined(answer: &[u8]) -> Result<Joined, StoreError> {
    match answer.split_first() {
        Some((b'N', new)) => Ok(Joined::New(wire::place(new)?)),
        Some((b'K', known)) => Ok(Joined::Known(wire::place(known)?)),
        Some((b'R', state)) => Ok(Joined::Refused(state_named(state)?)),
        _ => Err(wire::garbled("an answer to a join")),
    }
}

fn claimed(answer: &[u8]) -> Result<Claimed, StoreError> {
    let (kind, place) = answer.split_first().ok_or_else(|| wire::garbled("an answer to a claim"))?;
    Ok(match kind {
        b'A' => Claimed::Admitted(wire::place(place)?),
        b'D' => Claimed::AtDoor(wire::place(place)?),
        b'W' => Claimed::Waiting(wire::place(place)?),
        b'O' => Claimed::Over(wire::place(place)?),
        b'C' => Claimed::Closed(wire::place(place)?),
        b'U' => Claimed::Unknown,
        _ => return Err(wire::garbled("an answer to a claim")),
    })
}

fn state_named(name: &[u8]) -> Result<RoomState, StoreError> {
    let name = serde_json::Value::from(String::from_utf8_lossy(name));
    serde_json::from_value(name).map_err(|_| wire::garbled("a room's state"))
}
