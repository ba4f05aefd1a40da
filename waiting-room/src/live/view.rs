//! One node's view of one line: enough to tell each visitor her exact position without asking the store.

use std::collections::HashMap;

use shared::clock::Ts;
use time::Duration;

use crate::eta::outcomes::disturbs;
use crate::eta::{self, Calibration, Eta, Flow};
use crate::queue::lanes::{self, LANES_MAX};
use crate::queue::ranks::Ranks;
use crate::queue::{Change, Changes, Standing};
use crate::rooms::rules::{Room, RoomState};

/// The line as this node last saw it.
#[derive(Debug, Clone)]
pub struct View {
    /// The settings.
    pub room: Room,
    /// The state of the room at the last look.
    pub state: RoomState,
    /// Highest number called so far.
    pub serving: u64,
    /// The store lost the line and people are coming back: what is shown is the line from before, and newcomers have
    /// numbers from this one on.
    pub restoring: Option<u64>,
    /// Whether this node has read the line yet.
    pub is_read: bool,
    /// Once this node knows the drawn order: numbers that are shown count from the one after this, for drawn numbers begin
    /// behind those of the lobby.
    shown_from: Option<u64>,
    version: u64,
    /// Who waits, lane by lane.
    waiting: Vec<Ranks>,
    lane_serving: [u64; LANES_MAX],
    next_number: u64,
    inside: HashMap<u64, Standing>,
    flow: Flow,
    /// What came of the waits that were shown, lane by lane.
    learnt: Vec<Calibration>,
}

impl View {
    /// A view that has seen nothing of the line yet.
    pub fn new(room: Room, now: Ts) -> Self {
        let state = room.state(now);
        Self {
            room,
            state,
            serving: 0,
            restoring: None,
            is_read: false,
            shown_from: None,
            version: 0,
            waiting: vec![Ranks::default(); LANES_MAX],
            lane_serving: [0; LANES_MAX],
            next_number: 1,
            inside: HashMap::new(),
            flow: Flow::default(),
            learnt: vec![Calibration::default(); LANES_MAX],
        }
    }

    /// Which version of the line this is.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Takes the settings as they are now. Whether visitors are to hear of it soon: of whatever an operator or the time has changed,
    /// but not of a steered pace, which changes all the time.
    pub fn set_room(&mut self, room: Room, now: Ts) -> bool {
        let state = self.state_of(&room, now);
        let changed = state != self.state
            || match room.steering {
                None => room != self.room,
                Some(_) => room.clone().at(self.room.own_pace()) != self.room,
            };
        if disturbs(&self.room, &room) || state != self.state {
            self.learnt.iter_mut().for_each(Calibration::forget_probes);
        }
        (self.room, self.state) = (room, state);
        changed
    }

    /// Takes in what has happened to the line. The steps it took.
    pub fn apply(&mut self, changes: Changes, now: Ts) -> Vec<Change> {
        self.restoring = None;
        self.is_read = true;
        match changes {
            Changes::Restoring { floor } => {
                self.restoring = Some(floor);
                self.learnt.iter_mut().for_each(Calibration::forget_probes);
                Vec::new()
            }
            // Another task was faster: what it applied holds, and there is one step to a version.
            Changes::Steps { since, version, .. } if since > self.version || version <= self.version => {
                Vec::new()
            }
            Changes::Whole(whole) if whole.version < self.version => Vec::new(),
            Changes::Steps { since, version, mut steps } => {
                steps.drain(..((self.version - since) as usize).min(steps.len()));
                self.version = version;
                self.step(&steps, now);
                self.learn(now);
                steps
            }
            Changes::Whole(whole) => {
                self.version = whole.version;
                self.waiting = whole.waiting;
                self.waiting.resize(LANES_MAX, Ranks::default());
                (self.serving, self.next_number) = (whole.serving, whole.next_number);
                self.lane_serving = whole.lane_serving;
                self.inside = whole.inside.iter().map(|step| (step.number, step.to)).collect();
                let entered = |standing: &Standing| match standing {
                    Standing::Admitted { at, .. } => Some(*at),
                    _ => None,
                };
                self.flow = Flow::begin(self.inside.values().filter_map(entered), now);
                self.learnt.iter_mut().for_each(Calibration::forget_probes);
                whole.inside
            }
        }
    }

    fn step(&mut self, steps: &[Change], now: Ts) {
        self.flow.watch(now);
        for step in steps {
            self.next_number = self.next_number.max(step.number + 1);
            let before = match step.to {
                Standing::Called { .. } | Standing::Admitted { .. } => {
                    self.inside.insert(step.number, step.to)
                }
                Standing::Waiting | Standing::Ended { .. } => self.inside.remove(&step.number),
            };
            match (before, step.to) {
                (None, Standing::Called { called_at, .. }) => {
                    let reached = &mut self.lane_serving[lane(step.lane)];
                    *reached = step.number.max(*reached);
                    self.serving = self.serving.max(step.number);
                    self.flow.called(called_at);
                }
                (
                    Some(Standing::Called { called_at, knock: None, .. }),
                    Standing::Called { knock: Some(_), .. },
                ) => {
                    self.flow.came(called_at, now);
                }
                (Some(Standing::Called { called_at, knock, .. }), Standing::Admitted { at, .. }) => {
                    self.flow.entered(called_at, knock.is_some(), at);
                }
                (Some(Standing::Called { called_at, knock, .. }), Standing::Ended { .. }) => {
                    self.flow.missed(called_at, knock.is_some());
                }
                (Some(Standing::Admitted { at, .. }), Standing::Ended { .. }) => self.flow.left_shop(at, now),
                _ => {}
            }
        }
        self.flow.reckon(now);
        let highest = steps.iter().map(|step| lane(step.lane)).max().unwrap_or(0);
        for (at, waiting) in self.waiting.iter_mut().enumerate().take(highest + 1) {
            let own = steps.iter().filter(|step| lane(step.lane) == at);
            waiting.update(own.map(|step| (step.number, step.to == Standing::Waiting)));
        }
    }

    /// Compares waits that were shown with what came of them, while people are called.
    fn learn(&mut self, now: Ts) {
        if !matches!(self.state, RoomState::Open | RoomState::Draining) || self.is_undrawn() {
            return;
        }
        for lane in 0..self.room.lanes.len().min(LANES_MAX) {
            let mut learnt = std::mem::take(&mut self.learnt[lane]);
            learnt.settle(self.lane_serving[lane], now);
            learnt.probe(
                now,
                |ahead| self.waiting[lane].nth(ahead),
                |learnt, ahead| eta::eta(self.turns_before(lane, ahead), &self.flow, &self.room, learnt),
            );
            self.learnt[lane] = learnt;
        }
    }

    /// Turns that are given before that of somebody with `ahead` people before her in her lane.
    fn turns_before(&self, lane: usize, ahead: u64) -> u64 {
        match self.room.lanes.len() {
            1 => ahead,
            _ => lanes::turns_before(ahead, lane, &self.room.weights(), &self.waiting),
        }
    }

    /// Where the place with this number stands, as far as this view knows; `None` when it is over or unheard of.
    pub fn standing_of(&self, lane: u8, number: u64) -> Option<Standing> {
        let waits = self.lane(lane).contains(number).then_some(Standing::Waiting);
        waits.or_else(|| self.inside.get(&number).copied())
    }

    /// A number as people see it.
    pub fn shown(&self, number: u64) -> u64 {
        let from = self.shown_from.unwrap_or(0);
        if number > from { number - from } else { number }
    }

    /// The order was drawn, and its numbers begin at `first`.
    pub fn take_order(&mut self, first: u64, now: Ts) {
        self.shown_from = Some(first.saturating_sub(1));
        self.set_room(self.room.clone(), now);
    }

    /// The state as this node may show it: until it knows the drawn order, people's numbers are not theirs yet.
    fn state_of(&self, room: &Room, now: Ts) -> RoomState {
        match room.state(now) {
            RoomState::Open | RoomState::Draining if room.draw && self.shown_from.is_none() => {
                RoomState::Drawing
            }
            state => state,
        }
    }

    /// Whether the order of the line is still to be drawn: nobody has a position.
    pub fn is_undrawn(&self) -> bool {
        let is_drawn = self.shown_from.is_some() && !self.room.is_undrawn();
        self.room.draw && !is_drawn && !matches!(self.state, RoomState::Bypass | RoomState::Closed)
    }

    /// How many wait, in all lanes.
    pub fn waiting(&self) -> u64 {
        self.waiting.iter().map(Ranks::waiting).sum()
    }

    /// Highest number called so far in a lane.
    pub fn serving_of(&self, of: u8) -> u64 {
        self.lane_serving[lane(of)]
    }

    fn lane(&self, of: u8) -> &Ranks {
        &self.waiting[lane(of)]
    }

    /// How many wait before `number` in its lane. Numbers this view has not heard of yet count as waiting there, so that
    /// a newcomer's position can only shrink when the news arrives.
    pub fn ahead_of(&self, lane: u8, number: u64) -> u64 {
        let unheard = number.saturating_sub(self.restoring.unwrap_or(self.next_number).max(self.next_number));
        self.lane(lane).ahead_of(number) + unheard
    }

    /// How many wait behind `number` in its lane.
    pub fn behind(&self, lane: u8, number: u64) -> u64 {
        self.lane(lane).waiting() - self.lane(lane).ahead_of(number + 1)
    }

    /// The wait with `ahead` people before one in a lane; `None` while nobody is called.
    pub fn eta(&self, of: u8, ahead: u64, now: Ts) -> Option<Eta> {
        let ahead = self.turns_before(lane(of), ahead);
        let learnt = &self.learnt[lane(of)];
        match (self.state, self.room.opens_at) {
            _ if self.restoring.is_some() => None,
            (RoomState::Lobby | RoomState::Scheduled | RoomState::Drawing, opens_at) if self.is_undrawn() => {
                let opens_in = opens_at.map_or(Duration::ZERO, |at| (at - now).max(Duration::ZERO));
                opens_at.and_then(|_| {
                    eta::eta_before_draw(self.waiting(), &self.flow, &self.room, learnt, opens_in)
                })
            }
            (RoomState::Lobby | RoomState::Scheduled, Some(opens_at)) => {
                eta::eta_in_lobby(ahead, &self.flow, &self.room, learnt, opens_at - now)
            }
            (RoomState::Open | RoomState::Draining, _) => eta::eta(ahead, &self.flow, &self.room, learnt),
            (RoomState::Bypass, _) => Some(Eta { low_s: 0, high_s: 1 }),
            _ => None,
        }
    }
}

/// The index of a lane here; whatever has no lane of its own is in the last.
fn lane(lane: u8) -> usize {
    usize::from(lane).min(LANES_MAX - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::entropy::Entropy;
    use uuid::Uuid;

    use super::*;
    use crate::queue::line::Line;
    use crate::queue::{BrowserKey, Claim, Ending, Join, Joined, Place};
    use crate::rooms::rules::tests::{lanes, open_room};

    #[derive(Debug, Clone)]
    enum Step {
        Join,
        Leave(usize),
        Call(u32),
        Claim(usize),
        Look,
        Wait(i64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => Just(Step::Join),
            1 => (0usize..200).prop_map(Step::Leave),
            1 => (1u32..5).prop_map(Step::Call),
            1 => (0usize..200).prop_map(Step::Claim),
            2 => Just(Step::Look),
            1 => (1i64..90).prop_map(Step::Wait),
        ];
        prop::collection::vec(step, 1..200)
    }

    proptest! {
        /// However seldom a node looks, a position it shows never grows, and right after a look it is exact.
        #[test]
        fn positions_never_grow_and_are_exact_after_a_look(steps in steps()) {
            let entropy = Entropy::seeded(1);
            let mut now = Ts::from_seconds(1000);
            let room = Room { lanes: lanes(&[3, 1, 2]), ..open_room() };
            let mut line = Line::new(room.clone());
            let mut view = View::new(room, now);
            let mut shown: Vec<(Place, u64)> = Vec::new();
            for step in steps {
                match step {
                    Step::Join => {
                        let browser = BrowserKey::of_hash(&entropy.code(12));
                        let join = Join { place: entropy.uuid_v7(now), browser, lane: entropy.below(3) as u8, code: None, account: None };
                        let Joined::New(place) = line.join(join, now) else { unreachable!("a new browser") };
                        let ahead = view.ahead_of(place.lane, place.number);
                        shown.push((place, ahead));
                    }
                    Step::Leave(n) if n < shown.len() => drop(line.leave(shown[n].0.id, Ending::Left, now)),
                    Step::Claim(n) if n < shown.len() => {
                        let _ = line.claim(Claim { place: shown[n].0.id, jti: shown[n].0.id }, now);
                    }
                    Step::Call(limit) => drop(line.call(limit, now)),
                    Step::Wait(seconds) => now = now + time::Duration::seconds(seconds),
                    Step::Look => {
                        view.apply(line.changes_since(view.version()), now);
                        let waiting = |p: &&Place| p.standing == Standing::Waiting;
                        let all: Vec<(u8, u64)> =
                            line.places().filter(waiting).map(|p| (p.lane, p.number)).collect();
                        for (place, _) in &shown {
                            let before = |(lane, n): &&(u8, u64)| *lane == place.lane && *n < place.number;
                            let exact = all.iter().filter(before).count() as u64;
                            prop_assert_eq!(view.ahead_of(place.lane, place.number), exact);
                        }
                    }
                    Step::Leave(_) | Step::Claim(_) => {}
                }
                for (place, before) in &mut shown {
                    let ahead = view.ahead_of(place.lane, place.number);
                    prop_assert!(ahead <= *before, "{:?} went from {} to {}", place, before, ahead);
                    *before = ahead;
                }
            }
        }

        /// A view built from the whole line and one built step by step show the same.
        #[test]
        fn a_late_view_equals_one_that_watched_all_along(joins in 1usize..300, calls in 0u32..80) {
            let entropy = Entropy::seeded(2);
            let now = Ts::from_seconds(1000);
            let room = Room { lanes: lanes(&[2, 1]), ..open_room() };
            let mut line = Line::new(room.clone());
            let mut watched = View::new(room.clone(), now);
            for _ in 0..joins {
                let browser = BrowserKey::of_hash(&entropy.code(12));
                let lane = entropy.below(2) as u8;
                line.join(Join { place: entropy.uuid_v7(now), browser, lane, code: None, account: None }, now);
                watched.apply(line.changes_since(watched.version()), now);
            }
            line.call(calls, now);
            watched.apply(line.changes_since(watched.version()), now);
            let mut late = View::new(room.clone(), now);
            late.apply(Line::load(room, line.core().clone(), line.places().cloned().collect()).changes_since(0), now);
            prop_assert_eq!(late.waiting(), watched.waiting());
            prop_assert_eq!(late.serving, watched.serving);
            for lane in 0..2 {
                prop_assert_eq!(late.serving_of(lane), watched.serving_of(lane));
                for number in 0..=joins as u64 + 1 {
                    prop_assert_eq!(late.ahead_of(lane, number), watched.ahead_of(lane, number));
                }
            }
        }
    }

    /// A whole sale in virtual time: rate-bound at first, then bound by a small shop that people leave after a
    /// minute or so, with a third of the called gone. The waits shown on the way, compared with the real ones.
    /// How many were right of how many.
    fn right_in_sale(seed: u64) -> (usize, usize) {
        let room = Room { cap: 40, rate_per_minute: 240, session_length_s: 300, ..open_room() };
        let start = Ts::from_seconds(1_800_000_000);
        let (entropy, mut line, mut view) =
            (Entropy::seeded(seed), Line::new(room.clone()), View::new(room, start));
        for n in 0..1200u128 {
            let browser = BrowserKey::of_hash(&n.to_string());
            line.join(Join { place: Uuid::from_u128(n), browser, lane: 0, code: None, account: None }, start);
        }
        let mut shown: Vec<(u64, i64, Eta)> = Vec::new();
        let mut called_at = HashMap::new();
        let mut leaving: Vec<(i64, Uuid, Uuid)> = Vec::new();
        for second in 0..1800 {
            let now = start + time::Duration::seconds(second);
            for (_, place, jti) in leaving.extract_if(.., |(at, ..)| *at <= second) {
                line.depart(crate::queue::Depart { place, jti, how: Ending::Finished }, now);
            }
            line.call(1000, now);
            for step in view.apply(line.changes_since(view.version()), now) {
                if let Standing::Called { knock: None, .. } = step.to
                    && called_at.insert(step.number, second).is_none()
                    && entropy.below(3) > 0
                {
                    let id = Uuid::from_u128(u128::from(step.number - 1));
                    line.claim(Claim { place: id, jti: id }, now);
                    leaving.push((second + 20 + i64::from(entropy.below(100)), id, id));
                }
            }
            if second % 20 == 5 {
                for number in (view.serving + 10..1200).step_by(60) {
                    shown.extend(view.eta(0, view.ahead_of(0, number), now).map(|eta| (number, second, eta)));
                }
            }
        }
        let waits = shown.iter().filter_map(|(number, at, eta)| Some((called_at.get(number)? - at, eta)));
        let (mut right, mut all) = (0, 0);
        for (wait_s, eta) in waits {
            all += 1;
            right += usize::from((eta.low_s as i64..=eta.high_s as i64).contains(&wait_s));
        }
        (right, all)
    }

    /// In one sale all waits far back share the same few slow or fast minutes, so it takes several to tell.
    #[test]
    fn about_four_in_five_waits_end_within_the_interval_shown() {
        let sales: Vec<(usize, usize)> = (7..13).map(right_in_sale).collect();
        let (right, all): (Vec<_>, Vec<_>) = sales.iter().copied().unzip();
        let coverage = right.iter().sum::<usize>() as f64 / all.iter().sum::<usize>() as f64;
        assert!((0.7..=0.9).contains(&coverage), "{sales:?} ({coverage:.2})");
    }
}
