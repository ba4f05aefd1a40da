//! The line of one room as a deterministic state machine.
//!
//! No clock, no randomness, no I/O: the same calls with the same arguments lead to the same line, which is what
//! makes the journal of [`super::memory`] and the model tests possible.
//!
//! Order is the number, given out one by one. Turns go to lanes by their weights ([`super::lanes`]), and in each lane to
//! the lowest waiting number. The cap and the rate are enforced where a turn is claimed, so they hold whatever was called; how many to call is
//! decided in [`super::pace`]. Whoever claims while the shop is momentarily full stands *at the door* and goes
//! in first. Deadlines take effect at the first step at or after them ([`Line::expire`]); nothing waits for a
//! sweeper.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::health::Report;
use shared::verify::Checked;
use time::Duration;
use uuid::Uuid;

use super::codes::{Code, CodeKey};
use super::guard::Guard;
use super::index::Index;
use super::inspect::{Inspection, Kept};
use super::lanes::{Debts, LANES_MAX};
use super::pace::{Pacer, ShowRate, Situation, Window};
use super::ranks::Ranks;
use super::{BrowserKey, Census, Change, Changes, Draw, Ending, Place, Standing, StoreError, Totals, Whole};
use crate::rooms::rules::{Room, RoomState};
use crate::rooms::steering::{Pace, Steered};

/// How long an ended place is remembered; place tokens live no longer, so no token outlives the memory of its
/// end and comes back to life.
pub const REMEMBERED: Duration = Duration::days(7);
/// Changes kept for views that fall behind; an older view takes the whole line.
pub const CHANGES_MAX: usize = 32_768;

/// The line of one room.
#[derive(Debug, Clone)]
pub struct Line {
    pub(super) room: Room,
    pub(super) core: Core,
    pub(super) places: HashMap<Uuid, Place>,
    /// Derived from the places.
    pub(super) index: Index,
    pub(super) codes: BTreeMap<CodeKey, Code>,
    changes: VecDeque<Change>,
    sabotage: Option<Guard>,
}

/// What a line remembers besides its places.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Core {
    pub(super) next_number: u64,
    serving: u64,
    version: u64,
    clock_micros: i64,
    window: Window,
    pub(super) show: ShowRate,
    pacer: Pacer,
    totals: Totals,
    /// What lanes owe for their turns; untouched while there is one lane.
    #[serde(default)]
    debts: Debts,
    /// Highest number called so far, lane by lane.
    #[serde(default)]
    lane_serving: [u64; LANES_MAX],
    /// When the settings were last replaced, by the line's clock.
    #[serde(default)]
    room_since_micros: i64,
    /// What the shop's reports have come to.
    #[serde(default)]
    steered: Option<Steered>,
    /// Used offers and when they can be forgotten.
    #[serde(default)]
    pub(super) offers: BTreeMap<Uuid, Ts>,
    /// How far the draw has come.
    #[serde(default)]
    pub(super) draw: Draw,
}

impl Line {
    /// An empty line whose first number is 1.
    pub fn new(room: Room) -> Self {
        Self::load(room, Core { next_number: 1, ..Core::default() }, Vec::new())
    }

    /// A line from what [`Line::room`], [`Line::core`] and [`Line::places`] said; its codes are put in afterwards.
    pub fn load(room: Room, core: Core, places: Vec<Place>) -> Self {
        let mut index = Index::default();
        index.issue(places.iter().map(|place| place.number));
        places.iter().for_each(|place| index.add(place));
        let places = places.into_iter().map(|place| (place.id, place)).collect();
        let mut core = core;
        // Written before there were lanes.
        core.lane_serving[0] = core.lane_serving[0].max(if room.lanes.len() == 1 { core.serving } else { 0 });
        Self { room, core, places, index, codes: BTreeMap::new(), changes: VecDeque::new(), sabotage: None }
    }

    /// Switches one guard off. For tests that must then fail.
    #[cfg(test)]
    pub fn sabotage(&mut self, guard: Option<Guard>) {
        self.sabotage = guard;
    }

    pub(super) fn guarded(&self, guard: Guard) -> bool {
        self.sabotage != Some(guard)
    }

    /// The settings.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// What has to be kept besides room and places.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// All places remembered, in no order.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    /// Counts the changes to places; a step that does not move it has changed nothing worth keeping.
    pub fn version(&self) -> u64 {
        self.core.version
    }

    /// The line's clock: when its last step took place.
    pub fn time(&self) -> Ts {
        Ts::from_micros(self.core.clock_micros)
    }

    /// Replaces the settings.
    ///
    /// # Errors
    /// [`StoreError::Owner`] when the room is another one's, [`StoreError::Lanes`] when a lane of it is not at its index any more.
    pub fn set_room(&mut self, room: Room) -> Result<(), StoreError> {
        if room.owner != self.room.owner && self.guarded(Guard::Owner) {
            return Err(StoreError::Owner);
        }
        if !room.keeps_lanes_of(&self.room) && self.guarded(Guard::Lanes) {
            return Err(StoreError::Lanes);
        }
        if (room.rate_per_minute, room.steering) != (self.room.rate_per_minute, self.room.steering) {
            self.core.steered = None;
        }
        self.room = Room { drawn_at: self.room.drawn_at, ..room };
        self.core.room_since_micros = self.core.clock_micros;
        Ok(())
    }

    /// A place as it is at `now`.
    pub fn find(&self, place: Uuid, now: Ts) -> Option<Place> {
        self.places.get(&place).map(|place| place.clone().at(self.clock(now)))
    }

    /// See [`super::QueueStore::call`].
    pub fn call(&mut self, limit: u32, now: Ts) -> u32 {
        let now = self.begin(now);
        self.open_door(now);
        let count = self.to_call(now).min(limit.into()).min(self.index.waiting());
        self.summon(count, now);
        count as u32
    }

    /// Calls so many, lane by lane.
    pub(super) fn summon(&mut self, count: u64, now: Ts) {
        for _ in 0..count {
            let Some((lane, number, id)) = self.next_in_line() else { break };
            let claim_by = now + self.room.turn_length();
            self.core.serving = self.core.serving.max(number);
            self.core.lane_serving[lane] = self.core.lane_serving[lane].max(number);
            self.core.totals.called += 1;
            self.stand(id, Standing::Called { called_at: now, claim_by, knock: None });
        }
        if count > 0 {
            let (share, rate) = (self.core.show.share(), self.pace(now).rate_per_minute);
            self.core.pacer.called(count, rate, share, now);
        }
    }

    /// Whether somebody who joins now, and is the only one in the line, is called at once.
    pub(super) fn is_idle(&self, now: Ts) -> bool {
        let used = (self.index.admitted + self.index.called) * 100;
        let is_open = self.room.state(now) == RoomState::Open;
        is_open
            && self.index.waiting() == 1
            && used < u64::from(self.pace(now).cap) * u64::from(self.room.idle_percent)
    }

    /// See [`super::QueueStore::leave`].
    pub fn leave(&mut self, place: Uuid, how: Ending, now: Ts) -> Option<Place> {
        let now = self.begin(now);
        let known = self.places.get(&place).cloned()?;
        if !known.standing.is_over() {
            self.end(known, how, now);
        }
        self.places.get(&place).cloned()
    }

    /// See [`super::QueueStore::sweep`].
    pub fn sweep(&mut self, now: Ts) {
        let now = self.begin(now);
        self.open_door(now);
        while let Some(&(at, id)) = self.index.ended.first()
            && at + REMEMBERED <= now
        {
            self.index.ended.pop_first();
            self.places.remove(&id);
        }
    }

    /// See [`super::QueueStore::census`].
    pub fn census(&self, now: Ts) -> Census {
        let now = self.clock(now);
        let (mut called, mut at_door, mut admitted) =
            (self.index.called, self.index.door.len() as u64, self.index.admitted);
        for (_, id) in self.index.deadlines.range(..=(now, Uuid::max())) {
            match self.places.get(id).map(|place| place.standing) {
                Some(Standing::Called { knock, .. }) => {
                    called -= 1;
                    at_door -= u64::from(knock.is_some());
                }
                _ => admitted -= 1,
            }
        }
        Census {
            waiting: self.index.waiting(),
            called,
            at_door,
            admitted,
            serving: self.core.serving,
            next_number: self.core.next_number,
            totals: self.core.totals,
            pace: self.pace(now),
        }
    }

    /// See [`super::QueueStore::hear`]: what the reports have come to, if the room is steered.
    pub fn hear(&mut self, report: &Report, now: Ts) -> Option<Steered> {
        let steered = self.room.steered(self.core.steered, report, self.clock(now));
        self.steer(steered);
        steered
    }

    /// Takes in what reports have come to.
    pub fn steer(&mut self, steered: Option<Steered>) {
        self.core.steered = steered;
    }

    /// Rate and cap in force.
    pub fn pace(&self, now: Ts) -> Pace {
        self.room.pace(self.core.steered, self.clock(now))
    }

    /// See [`super::QueueStore::changes_since`].
    pub fn changes_since(&self, version: u64) -> Changes {
        let oldest = self.core.version - self.changes.len() as u64;
        if version >= oldest && version <= self.core.version {
            let steps = self.changes.iter().skip((version - oldest) as usize).copied().collect();
            return Changes::Steps { since: version, version: self.core.version, steps };
        }
        let inside = |place: &Place| match place.standing {
            Standing::Called { .. } | Standing::Admitted { .. } => Some(Change::of(place)),
            _ => None,
        };
        let deadlines = self.index.deadlines.iter().filter_map(|(_, id)| self.places.get(id));
        Changes::Whole(Whole {
            version: self.core.version,
            waiting: self.index.waiting.iter().map(|lane| Ranks::of(lane.keys().copied())).collect(),
            inside: deadlines.filter_map(inside).collect(),
            serving: self.core.serving,
            lane_serving: self.core.lane_serving,
            next_number: self.core.next_number,
        })
    }

    /// See [`super::QueueStore::inspect`].
    pub fn inspect(&self, now: Ts) -> Vec<Checked> {
        let now = self.clock(now);
        let mut inspection = Inspection::new(now);
        self.places.values().for_each(|place| inspection.see(place));
        let mut checked = inspection.finish(&Kept {
            room: self.room.clone(),
            room_since: Ts::from_micros(self.core.room_since_micros),
            now,
            census: self.census(now),
            steps: self.changes.iter().copied().collect(),
        });
        checked.push(self.index.compare(self.places.values()));
        checked
    }

    /// When everybody had the drawn number; people are called from then on.
    pub(super) fn open_after_draw(&mut self, at: Ts) {
        self.room.drawn_at = Some(at);
    }

    /// The line is another one than views know: they take the whole of it.
    pub(super) fn forget_changes(&mut self) {
        self.core.version += 1;
        self.changes.clear();
    }

    /// The line's clock never goes back, however skewed the nodes that call it.
    fn clock(&self, now: Ts) -> Ts {
        now.max(self.time())
    }

    /// Every step begins here: time moves on, and what is due takes effect.
    pub(super) fn begin(&mut self, now: Ts) -> Ts {
        let now = self.clock(now);
        self.core.clock_micros = now.micros();
        self.expire(now);
        now
    }

    /// Ends what has reached its deadline.
    fn expire(&mut self, now: Ts) {
        while let Some(&(deadline, id)) = self.index.deadlines.first()
            && deadline <= now
            && self.guarded(Guard::ClaimWindow)
        {
            let due = self.places.get(&id).cloned();
            let Some((place, (_, how))) = due.and_then(|p| p.standing.deadline().map(|d| (p, d))) else {
                self.index.deadlines.pop_first();
                continue;
            };
            self.end(place, how, deadline);
        }
    }

    /// Lets in those at the door, lowest number first, as far as cap and rate allow.
    pub(super) fn open_door(&mut self, now: Ts) {
        while let Some((_, &id)) = self.index.door.first_key_value()
            && self.room_for_one(now)
        {
            let Some(Standing::Called { knock: Some(jti), .. }) = self.places.get(&id).map(|p| p.standing)
            else {
                self.index.door.pop_first();
                continue;
            };
            self.core.window.add(now);
            self.core.totals.admitted += 1;
            let until = now + self.room.session_length();
            self.stand(id, Standing::Admitted { jti, at: now, until, renewals: 0 });
        }
    }

    /// Whether one more session may begin at `now`. The only place that decides it.
    fn room_for_one(&mut self, now: Ts) -> bool {
        let state = self.room.state(now);
        let Pace { rate_per_minute, cap } = self.pace(now);
        let below_cap = self.index.admitted < cap.into() || !self.guarded(Guard::Cap);
        let below_rate = self.core.window.count(now) < rate_per_minute.into() || !self.guarded(Guard::Rate);
        match state {
            state if !state.admits() => false,
            RoomState::Bypass => true,
            _ => below_cap && below_rate,
        }
    }

    /// How many to call at `now`.
    fn to_call(&self, now: Ts) -> u64 {
        let Pace { rate_per_minute, cap } = self.pace(now);
        match self.room.state(now) {
            RoomState::Bypass => u64::MAX,
            state if !state.calls() => 0,
            _ if !self.guarded(Guard::Ghosts) => {
                u64::from(cap).saturating_sub(self.index.admitted + self.index.called)
            }
            _ => self.core.pacer.allows(&Situation {
                now,
                free: i64::from(cap) - self.index.admitted as i64,
                at_door: self.index.door.len() as i64,
                rate_per_minute,
                window: self.room.claim_window(),
                outstanding: &self.index.outstanding,
                show: &self.core.show,
            }),
        }
    }

    /// Whose turn is next: lane, number and place.
    fn next_in_line(&mut self) -> Option<(usize, u64, Uuid)> {
        let waiting = &self.index.waiting;
        let waits = |lane: usize| !waiting[lane].is_empty();
        let lane = match self.room.lanes.len() {
            1 => 0,
            lanes if !self.guarded(Guard::Shares) => (0..lanes).find(|lane| waits(*lane))?,
            _ => self.core.debts.take_turn(&self.room.weights(), waits)?,
        };
        let mut order = self.index.waiting[lane].iter();
        let next = if self.guarded(Guard::Order) { order.next() } else { order.next_back() };
        next.map(|(number, id)| (lane, *number, *id))
    }

    pub(super) fn live_place_of(&self, browser: BrowserKey) -> Option<Place> {
        self.places.get(self.index.by_browser.get(&browser)?).cloned()
    }

    /// Adds a place that waits.
    pub(super) fn seat(&mut self, place: Place) -> Place {
        self.core.next_number = self.core.next_number.max(place.number + 1);
        self.core.totals.joined += 1;
        self.index.issue([place.number]);
        self.index.add(&place);
        self.places.insert(place.id, place.clone());
        self.log(Change::of(&place));
        place
    }

    pub(super) fn end(&mut self, place: Place, how: Ending, at: Ts) {
        match (place.standing, how) {
            (Standing::Admitted { .. }, _) => self.core.totals.departed += 1,
            (standing, Ending::Missed) => {
                self.core.totals.missed += 1;
                if matches!(standing, Standing::Called { knock: None, .. }) {
                    self.core.show.miss();
                }
            }
            _ => self.core.totals.left += 1,
        }
        self.stand(place.id, Standing::Ended { how, at });
    }

    /// The one place where a known place changes its standing.
    pub(super) fn stand(&mut self, id: Uuid, to: Standing) {
        let Some(mut place) = self.places.get(&id).cloned() else { return };
        self.index.remove(&place);
        place.standing = to;
        self.index.add(&place);
        self.log(Change::of(&place));
        self.places.insert(id, place);
    }

    pub(super) fn log(&mut self, change: Change) {
        self.core.version += 1;
        if self.changes.len() == CHANGES_MAX {
            self.changes.pop_front();
        }
        self.changes.push_back(change);
    }
}
