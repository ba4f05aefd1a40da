//! One node's view of one line: enough to tell each visitor her exact position without asking the store.

use std::collections::HashMap;

use shared::clock::Ts;

use crate::eta::{self, Eta, Flow};
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
    version: u64,
    waiting: Ranks,
    next_number: u64,
    inside: HashMap<u64, Standing>,
    flow: Flow,
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
            version: 0,
            waiting: Ranks::default(),
            next_number: 1,
            inside: HashMap::new(),
            flow: Flow::default(),
        }
    }

    /// Which version of the line this is.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Takes the settings as they are now. Whether anything visitors see has changed.
    pub fn set_room(&mut self, room: Room, now: Ts) -> bool {
        let state = room.state(now);
        let changed = state != self.state || room.message != self.room.message;
        (self.room, self.state) = (room, state);
        changed
    }

    /// Takes in what has happened to the line. The steps that visitors should hear of at once.
    pub fn apply(&mut self, changes: Changes, now: Ts) -> Vec<Change> {
        self.restoring = None;
        self.is_read = true;
        match changes {
            Changes::Restoring { floor } => {
                self.restoring = Some(floor);
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
                steps.into_iter().filter(|step| step.to != Standing::Waiting).collect()
            }
            Changes::Whole(whole) => {
                self.version = whole.version;
                self.waiting = whole.waiting;
                (self.serving, self.next_number) = (whole.serving, whole.next_number);
                let news = whole.inside.iter().map(|&(number, to)| Change { number, to }).collect();
                self.inside = whole.inside.into_iter().collect();
                let in_shop = |standing: &&Standing| matches!(standing, Standing::Admitted { .. });
                let admitted = self.inside.values().filter(in_shop).count();
                self.flow = Flow::begin(admitted as u64);
                self.flow.watch(now);
                news
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
                (None, Standing::Called { .. }) => self.serving = self.serving.max(step.number),
                (Some(Standing::Called { .. }), Standing::Admitted { .. }) => self.flow.entered(),
                (Some(Standing::Called { .. }), Standing::Ended { .. }) => self.flow.missed(),
                (Some(Standing::Admitted { .. }), Standing::Ended { .. }) => self.flow.left_shop(),
                _ => {}
            }
        }
        self.waiting.update(steps.iter().map(|step| (step.number, step.to == Standing::Waiting)));
    }

    /// Where the place with this number stands, as far as this view knows; `None` when it is over or unheard of.
    pub fn standing_of(&self, number: u64) -> Option<Standing> {
        let waits = self.waiting.contains(number).then_some(Standing::Waiting);
        waits.or_else(|| self.inside.get(&number).copied())
    }

    /// How many wait.
    pub fn waiting(&self) -> u64 {
        self.waiting.waiting()
    }

    /// How many wait before `number`. Numbers this view has not heard of yet count as waiting, so that a
    /// newcomer's position can only shrink when the news arrives.
    pub fn ahead_of(&self, number: u64) -> u64 {
        let unheard = number.saturating_sub(self.restoring.unwrap_or(self.next_number).max(self.next_number));
        self.waiting.ahead_of(number) + unheard
    }

    /// How many wait behind `number`.
    pub fn behind(&self, number: u64) -> u64 {
        self.waiting() - self.waiting.ahead_of(number + 1)
    }

    /// The wait with `ahead` people before one; `None` while nobody is called.
    pub fn eta(&self, ahead: u64, now: Ts) -> Option<Eta> {
        match (self.state, self.room.opens_at) {
            _ if self.restoring.is_some() => None,
            (RoomState::Lobby | RoomState::Scheduled, Some(opens_at)) => {
                eta::eta_in_lobby(ahead, &self.flow, &self.room, opens_at - now)
            }
            (RoomState::Open | RoomState::Draining, _) => eta::eta(ahead, &self.flow, &self.room),
            (RoomState::Bypass, _) => Some(Eta { low_s: 0, high_s: 1 }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::entropy::Entropy;
    use uuid::Uuid;

    use super::*;
    use crate::queue::line::Line;
    use crate::queue::{BrowserKey, Claim, Ending, Join, Joined};
    use crate::rooms::rules::tests::open_room;

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
            let mut line = Line::new(open_room());
            let mut view = View::new(open_room(), now);
            let mut shown: Vec<(Uuid, u64, u64)> = Vec::new();
            for step in steps {
                match step {
                    Step::Join => {
                        let browser = BrowserKey::of_hash(&entropy.code(12));
                        let join = Join { place: entropy.uuid_v7(now), browser };
                        let Joined::New(place) = line.join(join, now) else { unreachable!("a new browser") };
                        shown.push((place.id, place.number, view.ahead_of(place.number)));
                    }
                    Step::Leave(n) if n < shown.len() => drop(line.leave(shown[n].0, Ending::Left, now)),
                    Step::Claim(n) if n < shown.len() => {
                        let _ = line.claim(Claim { place: shown[n].0, jti: shown[n].0 }, now);
                    }
                    Step::Call(limit) => drop(line.call(limit, now)),
                    Step::Wait(seconds) => now = now + time::Duration::seconds(seconds),
                    Step::Look => {
                        view.apply(line.changes_since(view.version()), now);
                        let waiting = |p: &&crate::queue::Place| p.standing == Standing::Waiting;
                        let numbers: Vec<u64> = line.places().filter(waiting).map(|p| p.number).collect();
                        for &(_, number, _) in &shown {
                            let exact = numbers.iter().filter(|n| **n < number).count() as u64;
                            prop_assert_eq!(view.ahead_of(number), exact);
                        }
                    }
                    Step::Leave(_) | Step::Claim(_) => {}
                }
                for (_, number, before) in &mut shown {
                    let ahead = view.ahead_of(*number);
                    prop_assert!(ahead <= *before, "number {} went from {} to {}", number, before, ahead);
                    *before = ahead;
                }
            }
        }

        /// A view built from the whole line and one built step by step show the same.
        #[test]
        fn a_late_view_equals_one_that_watched_all_along(joins in 1usize..300, calls in 0u32..80) {
            let entropy = Entropy::seeded(2);
            let now = Ts::from_seconds(1000);
            let mut line = Line::new(open_room());
            let mut watched = View::new(open_room(), now);
            for _ in 0..joins {
                let browser = BrowserKey::of_hash(&entropy.code(12));
                line.join(Join { place: entropy.uuid_v7(now), browser }, now);
                watched.apply(line.changes_since(watched.version()), now);
            }
            line.call(calls, now);
            watched.apply(line.changes_since(watched.version()), now);
            let mut late = View::new(open_room(), now);
            late.apply(Line::load(open_room(), line.core().clone(), line.places().cloned().collect()).changes_since(0), now);
            prop_assert_eq!(late.waiting(), watched.waiting());
            prop_assert_eq!(late.serving, watched.serving);
            for number in 0..=joins as u64 + 1 {
                prop_assert_eq!(late.ahead_of(number), watched.ahead_of(number));
            }
        }
    }

    /// A whole sale in virtual time: rate-bound at first, then bound by a small shop that people leave after a
    /// minute or so, with a third of the called gone. The waits shown on the way, compared with the real ones.
    #[test]
    fn about_four_in_five_waits_end_within_the_interval_shown() {
        let room = Room { cap: 40, rate_per_minute: 240, session_length_s: 300, ..open_room() };
        let start = Ts::from_seconds(1_800_000_000);
        let (entropy, mut line, mut view) =
            (Entropy::seeded(7), Line::new(room.clone()), View::new(room, start));
        for n in 0..1200u128 {
            let browser = BrowserKey::of_hash(&n.to_string());
            line.join(Join { place: Uuid::from_u128(n), browser }, start);
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
                    shown.extend(view.eta(view.ahead_of(number), now).map(|eta| (number, second, eta)));
                }
            }
        }
        let waits = shown.iter().filter_map(|(number, at, eta)| Some((called_at.get(number)? - at, eta)));
        let (mut right, mut all) = (0, 0);
        for (wait_s, eta) in waits {
            all += 1;
            right += usize::from((eta.low_s as i64..=eta.high_s as i64).contains(&wait_s));
        }
        let coverage = right as f64 / all as f64;
        assert!(all > 200 && (0.75..=0.95).contains(&coverage), "{right} of {all} ({coverage:.2})");
    }
}
