//! The keys of a room, what this node has seen of it, and the calls of its scripts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use redis::Value;
use shared::clock::Ts;
use time::Duration;
use uuid::Uuid;

use super::answers::{claimed, deferred, joined, renewed};
use super::knowledge::{Knowledge, Seen};
use super::link::{Failure, Link};
use super::rebuild::{rebuild, run};
use super::scripts::{Loaded, Scripts};
use super::wire::{self, Reply};
use super::witness::{self, Record, Witness};
use crate::queue::codes::{CODES_MAX, Code, CodeKey};
use crate::queue::{BrowserKey, Claim, Claimed, Deferred, Join, Joined, Place, Renew, Renewed, StoreError};
use crate::rooms::rules::{Mode, Room, RoomId};

/// The set of all rooms' ids. A key of its own: no script touches it.
pub const ROOMS: &str = "rushline:rooms";
/// The keys of a room, in the order of the prelude.
const KEYS: [&str; 18] = [
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
    "lanes",
    "codes",
    "offers",
    "log",
    "accounts",
];

/// Codes read at a time.
const CODES_READ: usize = 1000;

/// All rooms as this node reaches them.
pub struct Rooms {
    /// The connection.
    pub link: Arc<Link>,
    /// The scripts.
    pub scripts: Scripts,
    /// How long nobody is called after a loss.
    pub rebuild_window: Duration,
    /// Held while this node makes a line anew, so that it does so once.
    pub rebuilding: tokio::sync::Mutex<()>,
    /// Where what is known is kept on this node's disk; without, only its memory helps after a loss.
    witness: Option<Arc<Witness>>,
    known: Mutex<BTreeMap<RoomId, Knowledge>>,
}

/// Arguments of a script.
#[derive(Clone, Default)]
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

impl Args {
    /// Adds bytes as they are.
    pub fn bytes(mut self, bytes: Vec<u8>) -> Self {
        self.0.push(bytes);
        self
    }

    /// Adds the settings of a room, as `set_room` of the prelude reads them.
    pub fn settings(self, room: &Room) -> Self {
        let instant = |at: Option<Ts>| at.map(|at| at.micros().to_string()).unwrap_or_default();
        let json = serde_json::to_vec(room).unwrap_or_default();
        self.bytes(json)
            .text(mode(room.mode))
            .text(instant(room.lobby_at))
            .text(instant(room.opens_at))
            .text(instant(room.closes_at))
            .text(room.cap)
            .text(room.rate_per_minute)
            .text(room.claim_window().whole_microseconds())
            .text(room.session_length().whole_microseconds())
            .text(listed(room.lanes.iter().map(|lane| &lane.name)))
            .text(more(room))
            .text(
                room.steering
                    .map(|steering| serde_json::to_string(&steering).unwrap_or_default())
                    .unwrap_or_default(),
            )
    }
}

/// What `more` of the prelude reads: nothing in a room that leaves all of it alone.
fn more(room: &Room) -> String {
    let coded: u32 = room.lanes.iter().enumerate().map(|(n, lane)| u32::from(lane.needs_code) << n).sum();
    let grace = room.turn_length() - room.claim_window();
    let times = [room.deferral(), grace].map(|time| time.whole_microseconds());
    let is_plain = coded == 0 && times == [0, 0] && room.idle_percent == 0;
    let is_plain = is_plain && !room.one_per_account && room.lanes.len() == 1 && room.renewals_max == 0;
    if is_plain {
        return String::new();
    }
    let accounts = u8::from(room.one_per_account);
    let (idle, weights) = (room.idle_percent, listed(room.weights()));
    let visits = format!("{},{}", room.renewals_max, room.renewal().whole_microseconds());
    format!("{coded},{},{},{idle},{accounts},{weights};{visits}", times[0], times[1])
}

/// Values as the prelude splits them.
fn listed<T: ToString>(values: impl IntoIterator<Item = T>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    values.join(",")
}

/// The mode as the prelude knows it.
fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Schedule => "schedule",
        Mode::Open => "open",
        Mode::Paused => "paused",
        Mode::Draining => "draining",
        Mode::Closed => "closed",
        Mode::Bypass => "bypass",
        Mode::QueueAll => "queue-all",
    }
}

impl Rooms {
    /// The rooms behind `link`.
    pub fn new(link: Arc<Link>, scripts: Scripts, rebuild_window: Duration) -> Self {
        Self {
            link,
            scripts,
            rebuild_window,
            rebuilding: tokio::sync::Mutex::default(),
            witness: None,
            known: Mutex::default(),
        }
    }

    /// The same, keeping what is known in `data_dir`, and knowing what time it is.
    pub fn with_witness(mut self, data_dir: &Path, now: Ts) -> anyhow::Result<Self> {
        let (witness, mut known) = Witness::open(data_dir)?;
        known.values_mut().for_each(|known| known.clock_micros = known.clock_micros.max(now.micros()));
        self.witness = Some(Arc::new(witness));
        self.known = Mutex::new(known);
        Ok(self)
    }

    /// Takes to this node's disk how places stand that are known already ([`Knowledge::note`]).
    pub async fn keep(self: &Arc<Self>, room: &RoomId, places: &[Place]) -> Result<(), StoreError> {
        let Some(witness) = &self.witness else { return Ok(()) };
        let record = self.know(room, |known| Record::of(room, known, places));
        let Some(record) = record else { return Ok(()) };
        witness.keep(record).await?;
        let this = self.clone();
        let image = move || {
            let known = this.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.iter().map(|(room, known)| Record::image(room, known)).collect()
        };
        witness.compact(image).await
    }

    /// Takes all that is known of a room to this node's disk.
    pub async fn keep_all(&self, room: &RoomId) -> Result<(), StoreError> {
        let Some(witness) = &self.witness else { return Ok(()) };
        witness.keep(self.know(room, |known| Record::image(room, known))).await
    }

    /// Adds codes; see [`crate::queue::QueueStore::put_codes`].
    pub async fn put_codes(
        self: &Arc<Self>,
        room: &RoomId,
        mut codes: Vec<Code>,
        now: Ts,
    ) -> Result<Option<usize>, StoreError> {
        let args = Args::default().text(CODES_MAX);
        let args = codes.iter().fold(args, |args, code| args.id(code.key.0).bytes(wire::packed_code(code)));
        let added = wire::int(run(self, &self.scripts.codes, room, now, args).await?.rest.next())?;
        let Ok(added) = usize::try_from(added) else { return Ok(None) };
        self.know(room, |known| codes.iter_mut().for_each(|code| known.note_code(code)));
        self.keep_codes(room, codes).await?;
        Ok(Some(added))
    }

    /// All codes, by key.
    pub async fn codes(&self, room: &RoomId) -> Result<Vec<Code>, StoreError> {
        let (mut codes, mut cursor) = (BTreeMap::new(), 0);
        loop {
            let mut scan = redis::cmd("HSCAN");
            scan.arg(key(room, "codes")).arg(cursor).arg("COUNT").arg(CODES_READ);
            let Value::Array(reply) = self.link.ask(&scan).await? else {
                return Err(wire::garbled("no scan"));
            };
            let mut reply = reply.into_iter();
            cursor = wire::int(reply.next())?;
            let Some(Value::Array(page)) = reply.next() else { return Err(wire::garbled("no page")) };
            let mut page = page.into_iter();
            while let Some(key) = page.next() {
                let key = Uuid::from_slice(&wire::bytes(Some(key))?).map_err(|_| wire::garbled("a code"))?;
                codes.insert(key, wire::code(CodeKey(key), &wire::bytes(page.next())?)?);
            }
            if cursor == 0 {
                return Ok(codes.into_values().collect());
            }
        }
    }

    /// Takes codes to this node's disk: should Redis lose them, this node tells it.
    async fn keep_codes(&self, room: &RoomId, codes: Vec<Code>) -> Result<(), StoreError> {
        let Some(witness) = &self.witness else { return Ok(()) };
        witness.keep(self.know(room, |known| Record::codes(room, known, codes))).await
    }

    /// Takes to this node's disk that `number` may have been given, before anybody hears of it.
    async fn keep_number(&self, room: &RoomId, number: u64) -> Result<(), StoreError> {
        let Some(witness) = &self.witness else { return Ok(()) };
        let record = self.know(room, |known| {
            (!known.reserve(number, witness::BLOCK)).then(|| Record::figures(room, known))
        });
        match record {
            Some(record) => witness.keep(record).await,
            None => Ok(()),
        }
    }

    /// Calls a script of one room, just so; see [`run`] for the way that notices a loss.
    pub async fn ask(&self, script: &Loaded, room: &RoomId, now: Ts, args: Args) -> Result<Reply, Failure> {
        let seen = self.seen(room);
        let version = format!("{} {}", seen.version, seen.made_at);
        let head = [now.micros().to_string(), seen.epoch.to_string(), version];
        let args: Vec<Vec<u8>> = head.into_iter().map(String::into_bytes).chain(args.0).collect();
        Reply::read(self.link.script(script, &keys(room), &args).await?)
            .map_err(|error| Failure::Unavailable(error.to_string()))
    }

    /// The newest that this node has seen of a room.
    pub fn seen(&self, room: &RoomId) -> Seen {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(room).map(|known| known.seen).unwrap_or_default()
    }

    /// The generation that this node has told what it knows.
    pub fn told_epoch(&self, room: &RoomId) -> i64 {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(room).map(|known| known.told_epoch).unwrap_or_default()
    }

    /// What `change` makes of what this node knows of a room.
    pub fn know<T>(&self, room: &RoomId, change: impl FnOnce(&mut Knowledge) -> T) -> T {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        change(known.entry(room.clone()).or_default())
    }

    /// Joins; see [`crate::queue::QueueStore::join`].
    pub async fn join(
        self: &Arc<Self>,
        room: &RoomId,
        joins: &[Join],
        now: Ts,
    ) -> Result<Vec<Joined>, StoreError> {
        let args = joins.iter().fold(Args::default(), |args, join| {
            let code = join.code.map(|code| code.0.as_bytes().to_vec()).unwrap_or_default();
            let account = join.account.map(|account| account.0.as_bytes().to_vec()).unwrap_or_default();
            args.id(join.place).browser(join.browser).text(join.lane).bytes(code).bytes(account)
        });
        let reply = run(self, &self.scripts.join, room, now, args).await?;
        let answers = reply.rest.map(|value| joined(&wire::bytes(Some(value))?));
        let (answers, codes): (Vec<Joined>, Vec<Option<Code>>) =
            answers.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        let mut used: Vec<Code> = joins
            .iter()
            .zip(codes)
            .filter_map(|(join, code)| Some(Code { key: join.code?, ..code? }))
            .collect();
        if !used.is_empty() {
            self.know(room, |known| used.iter_mut().for_each(|code| known.note_code(code)));
            self.keep_codes(room, used).await?;
        }
        let new = answers.iter().filter_map(|answer| match answer {
            Joined::New(place) => Some(place.number),
            Joined::Known(_) | Joined::Refused(_) | Joined::NoEntry(_) | Joined::NoAccount(_) => None,
        });
        if let Some(highest) = new.max() {
            self.keep_number(room, highest).await?;
        }
        Ok(answers)
    }

    /// Finds; see [`crate::queue::QueueStore::find`].
    pub async fn find(
        self: &Arc<Self>,
        room: &RoomId,
        ids: &[Uuid],
        now: Ts,
    ) -> Result<Vec<Option<Place>>, StoreError> {
        let args = ids.iter().fold(Args::default(), |args, id| args.id(*id));
        let reply = run(self, &self.scripts.find, room, now, args).await?;
        let now = now.max(reply.clock);
        let found = ids.iter().zip(reply.rest).map(|(id, value)| match value {
            Value::Nil => Ok(None),
            packed => Ok(Some(wire::unpacked(*id, &wire::bytes(Some(packed))?)?.at(now))),
        });
        found.collect()
    }

    /// Claims; see [`crate::queue::QueueStore::claim`].
    pub async fn claim(
        self: &Arc<Self>,
        room: &RoomId,
        claims: &[Claim],
        now: Ts,
    ) -> Result<Vec<Claimed>, StoreError> {
        let args = claims.iter().fold(Args::default(), |args, claim| args.id(claim.place).id(claim.jti));
        let reply = run(self, &self.scripts.claim, room, now, args).await?;
        let answers = reply.rest.map(|value| claimed(&wire::bytes(Some(value))?));
        let answers: Vec<Claimed> = answers.collect::<Result<_, _>>()?;
        let admitted = answers.iter().filter_map(|answer| match answer {
            Claimed::Admitted(place) => Some(place.clone()),
            _ => None,
        });
        let news: Vec<Place> = self.know(room, |known| admitted.filter(|place| known.note(place)).collect());
        self.keep(room, &news).await?;
        Ok(answers)
    }

    /// Puts a turn off; see [`crate::queue::QueueStore::defer`].
    pub async fn defer(
        self: &Arc<Self>,
        room: &RoomId,
        place: Uuid,
        now: Ts,
    ) -> Result<Deferred, StoreError> {
        let reply = &mut run(self, &self.scripts.defer, room, now, Args::default().id(place)).await?;
        deferred(&reply.bytes()?)
    }

    /// Lengthens a visit; see [`crate::queue::QueueStore::renew`].
    pub async fn renew(self: &Arc<Self>, room: &RoomId, wish: Renew, now: Ts) -> Result<Renewed, StoreError> {
        let args = Args::default().id(wish.place).text(wish.until.seconds());
        let reply = &mut run(self, &self.scripts.renew, room, now, args).await?;
        let renewed = renewed(&reply.bytes()?)?;
        if let Renewed::Until(place) = &renewed
            && self.know(room, |known| known.note(place))
        {
            // On this node's disk before anybody hears of it: a lost line must not end the visit early.
            self.keep(room, std::slice::from_ref(place)).await?;
        }
        Ok(renewed)
    }

    /// The settings of a room.
    pub async fn settings(self: &Arc<Self>, room: &RoomId, now: Ts) -> Result<Room, StoreError> {
        let kept = self.kept_settings(room).await?;
        let kept = match kept {
            None if self.seen(room) != Seen::default() => {
                rebuild(self, room, self.told_epoch(room), now).await?;
                self.kept_settings(room).await?
            }
            kept => kept,
        };
        let settings = kept.ok_or(StoreError::NoRoom)?;
        self.know(room, |known| known.room = Some(settings.clone()));
        Ok(settings)
    }

    async fn kept_settings(&self, room: &RoomId) -> Result<Option<Room>, StoreError> {
        let mut command = redis::cmd("HMGET");
        command.arg(&keys(room)[0]).arg("settings").arg("drawn_at");
        let Value::Array(fields) = self.link.ask(&command).await? else {
            return Err(wire::garbled("no list"));
        };
        let mut fields = fields.into_iter();
        let settings = match fields.next() {
            None | Some(Value::Nil) => return Ok(None),
            settings => wire::bytes(settings)?,
        };
        let room: Room = serde_json::from_slice(&settings).map_err(|_| wire::garbled("a room's settings"))?;
        let drawn_at = match fields.next() {
            None | Some(Value::Nil) => 0,
            at => wire::int(at)?,
        };
        Ok(Some(Room { drawn_at: (drawn_at > 0).then(|| Ts::from_micros(drawn_at)), ..room }))
    }

    /// The ids of all rooms, those included that Redis has lost and this node knows.
    pub async fn ids(&self) -> Result<Vec<RoomId>, StoreError> {
        let mut command = redis::cmd("SMEMBERS");
        command.arg(ROOMS);
        let Value::Array(ids) = self.link.ask(&command).await? else { return Err(wire::garbled("no set")) };
        let id =
            |value| String::from_utf8(wire::bytes(Some(value)).ok()?).ok().and_then(|id| RoomId::parse(&id));
        let mut ids: BTreeSet<RoomId> = ids.into_iter().filter_map(id).collect();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        ids.extend(known.iter().filter(|(_, known)| known.seen != Seen::default()).map(|(id, _)| id.clone()));
        Ok(ids.into_iter().collect())
    }

    /// Adds a room's id to the set of all.
    pub async fn register(&self, room: &RoomId) -> Result<(), Failure> {
        let mut command = redis::cmd("SADD");
        command.arg(ROOMS).arg(room.as_str());
        self.link.ask(&command).await.map(drop)
    }
}

/// The keys of a room.
pub fn keys(room: &RoomId) -> Vec<String> {
    KEYS.iter().map(|name| key(room, name)).collect()
}

/// One key of a room, by its name in the prelude. The braces make Redis Cluster keep them together.
pub fn key(room: &RoomId, name: &str) -> String {
    format!("rushline:{{{room}}}:{name}")
}
