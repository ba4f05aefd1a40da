//! The queue: who stands where in the line of a room, and who may go in.
//!
//! [`QueueStore`] is the port. Its verbs are decisions ("admit whom you can"), never storage commands, so that
//! an implementation can take each in one atomic step. [`memory`] keeps the lines in this process and a journal
//! on disk, [`redis`] in a Redis that several nodes share. The rules of a line are the pure state machine in
//! [`line`], which is also the model that the other implementation is compared with; the contract suite in
//! `contract/` holds for both.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::health::Report;
use shared::verify::Checked;
use uuid::Uuid;

use crate::queue::codes::Code;
use crate::queue::lanes::LANES_MAX;
use crate::queue::ranks::Ranks;
use crate::rooms::rules::{Room, RoomId};
use crate::rooms::steering::Pace;

pub mod codes;
#[cfg(test)]
mod contract;
pub mod guard;
mod handover;
mod index;
pub mod inspect;
mod joins;
pub mod lanes;
pub mod line;
mod lobby;
pub mod memory;
#[cfg(test)]
mod model;
mod pace;
pub mod ranks;
pub mod redis;
mod turns;

pub use handover::{HandedOver, Handover};
pub use joins::{AccountRefusal, Join, Joined, Restore};
pub use lobby::{Draw, DrawStep, Lobbyist, Seating};
pub use turns::{Claim, Claimed, Deferred, Depart, Renew, Renewed};

/// Generation of a line. A line that was lost comes back with a higher one, and place tokens of older generations
/// are then restored at their own numbers. Microseconds of its creation.
pub type Epoch = i64;

/// What the queue knows of a browser: 128 bits of the hash of its secret, enough to tell browsers apart and
/// useless for pretending to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BrowserKey(Uuid);

impl BrowserKey {
    /// The key of the browser with this hash ([`shared::browser::Browser::hash`]).
    pub fn of_hash(hash: &str) -> Self {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(hash.as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        Self(Uuid::from_bytes(half))
    }
}

/// 128 bits that stand for an account of the shop in one room ([`crate::pseudonym`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountKey(pub Uuid);

/// How a place ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The visitor left the line.
    Left,
    /// An operator took the place away.
    Revoked,
    /// Called, and the claim window passed.
    Missed,
    /// The booking session ended with a booking.
    Finished,
    /// The booking session ended without one.
    Abandoned,
    /// The booking session reached its full length.
    RanOut,
}

/// Where a place stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In the line.
    Waiting,
    /// It is this place's turn.
    Called {
        /// When it was called; in the future while the turn is put off.
        called_at: Ts,
        /// The turn is lost from this instant on, the grace for sleepers included.
        claim_by: Ts,
        /// Id of the admission to come, when the visitor has claimed and stands at the door: more came than
        /// expected, and she goes in as soon as cap and rate allow, lowest number first.
        knock: Option<Uuid>,
    },
    /// In the shop.
    Admitted {
        /// Id of the admission.
        jti: Uuid,
        /// Since when.
        at: Ts,
        /// The booking session is over from this instant on.
        until: Ts,
        /// How often it was lengthened.
        #[serde(default, skip_serializing_if = "is_zero")]
        renewals: u8,
    },
    /// Over; this place is never called or admitted again.
    Ended {
        /// How.
        how: Ending,
        /// Since when.
        at: Ts,
    },
}

/// One visitor's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its id.
    pub id: Uuid,
    /// Its number: the order of its lane.
    pub number: u64,
    /// Its lane: the index in [`Room::lanes`]. It never changes.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lane: u8,
    /// Whether its turn was put off, which is possible once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_deferred: bool,
    /// The account it is tied to, in a room with one place an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountKey>,
    /// Whose it is.
    pub browser: BrowserKey,
    /// Since when.
    pub joined_at: Ts,
    /// Where it stands.
    pub standing: Standing,
}

impl Place {
    /// The place as it is at `now`: a deadline that has passed has taken effect, swept or not.
    pub fn at(mut self, now: Ts) -> Self {
        if let Some((deadline, how)) = self.standing.deadline()
            && now >= deadline
        {
            self.standing = Standing::Ended { how, at: deadline };
        }
        self
    }
}

impl Standing {
    /// When this standing ends by itself, and how.
    pub fn deadline(self) -> Option<(Ts, Ending)> {
        match self {
            Standing::Called { claim_by, .. } => Some((claim_by, Ending::Missed)),
            Standing::Admitted { until, .. } => Some((until, Ending::RanOut)),
            Standing::Waiting | Standing::Ended { .. } => None,
        }
    }

    /// How often the visit was lengthened.
    pub fn renewals(self) -> u8 {
        match self {
            Standing::Admitted { renewals, .. } => renewals,
            _ => 0,
        }
    }

    /// Whether the place is over.
    pub fn is_over(self) -> bool {
        matches!(self, Standing::Ended { .. })
    }
}

/// What most places do not have is not written.
fn is_zero(count: &u8) -> bool {
    *count == 0
}

/// Counts of one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// In the line.
    pub waiting: u64,
    /// Called and not in yet, those at the door included.
    pub called: u64,
    /// Of those, at the door.
    pub at_door: u64,
    /// In the shop.
    pub admitted: u64,
    /// Highest number called so far.
    pub serving: u64,
    /// The number the next visitor gets.
    pub next_number: u64,
    /// Since the line began.
    pub totals: Totals,
    /// Rate and cap in force.
    pub pace: Pace,
}

/// What has happened since the line began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Places given.
    pub joined: u64,
    /// Places called.
    pub called: u64,
    /// Turns claimed.
    pub admitted: u64,
    /// Turns missed.
    pub missed: u64,
    /// Places left.
    pub left: u64,
    /// Admissions ended, in whatever way.
    pub departed: u64,
}

/// One step in the life of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The place's number.
    pub number: u64,
    /// Its lane.
    pub lane: u8,
    /// Where it stands from now on.
    pub to: Standing,
}

impl Change {
    /// The step that led a place to where it stands.
    pub fn of(place: &Place) -> Self {
        Self { number: place.number, lane: place.lane, to: place.standing }
    }
}

/// What a node has to do to its view of a line.
#[derive(Debug, Clone)]
pub enum Changes {
    /// Apply these in order to a view at version `since`; it is then at `version`.
    Steps {
        /// Version of the line before the first step.
        since: u64,
        /// Version of the line after the last step.
        version: u64,
        /// The steps.
        steps: Vec<Change>,
    },
    /// The view is too old: take this instead of it.
    Whole(Whole),
    /// The store lost the line and it is being made anew: keep the view as it is, people are coming back.
    Restoring {
        /// Whoever is new to the line has a number from this one on.
        floor: u64,
    },
}

/// A whole line, as far as a view needs it.
#[derive(Debug, Clone)]
pub struct Whole {
    /// Version of the line.
    pub version: u64,
    /// Who waits, lane by lane; lanes at the end in which nobody waits may be left out.
    pub waiting: Vec<Ranks>,
    /// Numbers, lanes and standings of those called and admitted.
    pub inside: Vec<Change>,
    /// Highest number called so far.
    pub serving: u64,
    /// The same of each lane.
    pub lane_serving: [u64; LANES_MAX],
    /// The number the next visitor gets.
    pub next_number: u64,
}

/// What a process that keeps the lines itself knows of a room, as exact as any other answer.
#[derive(Debug, Clone)]
pub struct AtHand {
    /// The settings.
    pub room: Arc<Room>,
    /// The generation of its line.
    pub epoch: Epoch,
    /// Up to which version [`QueueStore::changes_since`] tells now.
    pub version: u64,
}

/// Why a verb was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Permanent: there is no such room.
    #[error("there is no such room")]
    NoRoom,
    /// Permanent: a room's lanes can be added to, and their weights changed; people stand in them.
    #[error("lanes cannot be taken out, renamed or reordered")]
    Lanes,
    /// Permanent: a room stays whose it was made.
    #[error("the room is somebody else's")]
    Owner,
    /// Transient: nothing of the batch took effect, or its effect is unknown; every verb may be repeated.
    #[error("the queue is not available right now: {0}")]
    Unavailable(String),
}

/// What a verb returns.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// The lines of all rooms.
///
/// **Atomic.** Each verb is one step: no other verb of the same room is seen half done by it. A batch is
/// applied in order, answered in order, and may be one step or several.
/// **Durable.** What was answered survives a crash of this process; what was not answered may or may not.
/// **Idempotent.** Every verb may be repeated with the same arguments: `join` and `restore` by browser and
/// place, `claim` by place (the first `jti` stays), `renew` by the end it names, `depart` by `jti`, `hand_over` by taker, the others by nature.
/// **Time** is an argument. A line's own clock never goes back: an older `now` counts as the newest seen.
/// **Errors.** [`StoreError::Unavailable`] is transient, repeat later; the others are not.
/// **Cancelling** the returned future does not undo the verb.
pub trait QueueStore: Send + Sync {
    /// Creates a room or replaces its settings. The line, if there is one, stays as it is; [`StoreError::Owner`] when it is not whose it was, [`StoreError::Lanes`] when a
    /// lane that the room has is not at its index any more.
    fn put_room(&self, room: Room, now: Ts) -> Answer<'_, ()>;

    /// All rooms, by id.
    fn rooms(&self) -> Answer<'_, Vec<Room>>;

    /// One room.
    fn room(&self, id: &RoomId) -> Answer<'_, Room>;

    /// Gives each browser a place at the end of its lane, or the one it has. A code is used up by one with the new
    /// place it gives, in the same step, and never by the place a browser already had. With the room idle
    /// (`idle_percent`) the new place is called in the same step.
    fn join(&self, room: &RoomId, joins: Vec<Join>, now: Ts) -> Answer<'_, Vec<Joined>>;

    /// Adds access codes, at most [`codes::ADDED_MAX`], and takes in what is told of those the room has ([`Code::merge`]).
    /// How many are new; `None`, and nothing has changed, when the room would have more than [`codes::CODES_MAX`].
    fn put_codes(&self, room: &RoomId, codes: Vec<Code>, now: Ts) -> Answer<'_, Option<usize>>;

    /// All access codes of a room, by key.
    fn codes(&self, room: &RoomId) -> Answer<'_, Vec<Code>>;

    /// Puts places the store does not know back at their own numbers (the next free one, should a number be
    /// taken); answers a known place as it stands, over or not. A browser that has a live place keeps one:
    /// a waiting one with a higher number makes way, any other stands and is the answer.
    fn restore(&self, room: &RoomId, places: Vec<Restore>, now: Ts) -> Answer<'_, Vec<Place>>;

    /// Places by id, as they are at `now`.
    fn find(&self, room: &RoomId, places: Vec<Uuid>, now: Ts) -> Answer<'_, Vec<Option<Place>>>;

    /// Lets in whom the door holds and calls as many as cap, rate and expected no-shows allow, at most
    /// `limit`: lanes in proportion to their weights ([`lanes`]), in each the lowest number first. Any node may do
    /// this at any time. The count of the called.
    fn call(&self, room: &RoomId, limit: u32, now: Ts) -> Answer<'_, u32>;

    /// Turns a called place into an admission, if cap and rate allow at this very step.
    fn claim(&self, room: &RoomId, claims: Vec<Claim>, now: Ts) -> Answer<'_, Vec<Claimed>>;

    /// Puts a called place's turn off by the room's `deferral_s`, once. The place keeps its number, and nobody waits for it
    /// meanwhile; the turn may be claimed earlier all the same.
    fn defer(&self, room: &RoomId, place: Uuid, now: Ts) -> Answer<'_, Deferred>;

    /// Lengthens a visit by the room's `renewal_s`, at most `renewals_max` times. A wish that names an end before the present
    /// one was granted before and changes nothing.
    fn renew(&self, room: &RoomId, wish: Renew, now: Ts) -> Answer<'_, Renewed>;

    /// Ends admissions. The count of those that this call ended.
    fn depart(&self, room: &RoomId, departures: Vec<Depart>, now: Ts) -> Answer<'_, usize>;

    /// Takes a report of the shop in: rate and cap in force from now on, which all verbs go by. They are the operator's in a
    /// room that is not steered.
    fn hear(&self, room: &RoomId, report: Report, now: Ts) -> Answer<'_, Pace>;

    /// Moves a place that waits or is called to another browser. The taker's own place, if it waits further back, makes
    /// way: one place per browser. An offer works once.
    fn hand_over(&self, room: &RoomId, handover: Handover, now: Ts) -> Answer<'_, HandedOver>;

    /// Ends a place, wherever it stands ([`Ending::Left`] or [`Ending::Revoked`]); the place, if known.
    fn leave(&self, room: &RoomId, place: Uuid, how: Ending, now: Ts) -> Answer<'_, Option<Place>>;

    /// Makes passed deadlines visible to views and forgets places that ended more than
    /// [`line::REMEMBERED`] ago. Correctness never depends on it.
    fn sweep(&self, room: &RoomId, now: Ts) -> Answer<'_, ()>;

    /// Counts, as they are at `now`.
    fn census(&self, room: &RoomId, now: Ts) -> Answer<'_, Census>;

    /// What happened to a line since `version` (0: from the beginning).
    fn changes_since(&self, room: &RoomId, version: u64) -> Answer<'_, Changes>;

    /// Looks into everything that must be true of a line at `now` ([`inspect`]), the store's own indexes included. It
    /// reads every place and changes none; only `rushline verify` and tests ask.
    fn inspect(&self, room: &RoomId, now: Ts) -> Answer<'_, Vec<Checked>>;

    /// How far the draw of a room has come.
    fn draw(&self, room: &RoomId) -> Answer<'_, Draw>;

    /// Takes the draw one step further, if it stands just before `step`, and keeps `note` with it: of any number of
    /// nodes one takes each step. [`DrawStep::Frozen`] is taken only while the room is being drawn and nobody is called or
    /// inside; it closes the lobby and sets the numbers aside that will be drawn. The draw as it stands afterwards, whoever brought it there.
    fn advance_draw(&self, room: &RoomId, step: DrawStep, note: String, now: Ts) -> Answer<'_, Draw>;

    /// Who was in the lobby when it closed, by number; the same whenever it is asked, until places are seated. It is
    /// read in bounded pieces.
    fn lobby(&self, room: &RoomId) -> Answer<'_, Vec<Lobbyist>>;

    /// Gives places their drawn numbers, if the order is settled ([`DrawStep::Drawn`]). Whoever has left meanwhile, is
    /// unknown or has her number already is passed over.
    fn seat_drawn(&self, room: &RoomId, seats: Vec<Seating>, now: Ts) -> Answer<'_, ()>;

    /// Keeps a part of the draw's list for all nodes, under a name that follows from what is in it; it is written once.
    fn keep_part(&self, room: &RoomId, name: String, bytes: Vec<u8>) -> Answer<'_, ()>;

    /// The part of this name, if it is kept.
    fn part(&self, room: &RoomId, name: String) -> Answer<'_, Option<Vec<u8>>>;

    /// Appends entries to the room's journal if it has exactly `from` of them; whether it did. One writer gets through.
    fn append_log(&self, room: &RoomId, from: u64, entries: Vec<String>) -> Answer<'_, bool>;

    /// Entries of the journal from number `from` on, at most `limit`.
    fn log_entries(&self, room: &RoomId, from: u64, limit: usize) -> Answer<'_, Vec<String>>;

    /// How many entries the journal has.
    fn log_len(&self, room: &RoomId) -> Answer<'_, u64>;

    /// The generation of a room's line.
    fn epoch(&self, room: &RoomId) -> Answer<'_, Epoch>;

    /// Whether the line is of this generation, or of a later one. A line that one node has made anew is heard of at another by the
    /// tokens given since, so a node that knows only of an older generation asks the store.
    fn has_begun(&self, room: &RoomId, epoch: Epoch) -> Answer<'_, bool>;

    /// What this process knows of a room without asking or waiting for anybody, if it keeps the lines itself.
    fn at_hand(&self, _room: &RoomId) -> Option<Result<AtHand, StoreError>> {
        None
    }

    /// What the clock shows of a server that keeps the lines of several nodes; `None` where this process keeps them.
    fn server_clock(&self) -> Answer<'_, Option<Ts>> {
        Box::pin(async { Ok(None) })
    }
}

impl dyn QueueStore {
    /// The settings of one room, not copied where they are at hand.
    ///
    /// # Errors
    /// As [`QueueStore::room`].
    pub async fn settings(&self, room: &RoomId) -> Result<Arc<Room>, StoreError> {
        match self.at_hand(room) {
            Some(known) => Ok(known?.room),
            None => self.room(room).await.map(Arc::new),
        }
    }
}
