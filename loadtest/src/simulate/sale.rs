//! The sale, round by round of calling people in.

use std::collections::{BTreeMap, HashMap, HashSet};

use shared::clock::Ts;
use shared::entropy::Entropy;
use time::Duration;
use uuid::Uuid;
use waiting_room::draw::{list, rules};
use waiting_room::eta::outcomes::Outcomes;
use waiting_room::live::view::View;
use waiting_room::queue::line::Line;
use waiting_room::queue::{
    BrowserKey, Changes, Claim, Claimed, Depart, DrawStep, Ending, Join, Joined, Seating, Standing,
};
use waiting_room::rooms::rules::{Mode, Room, RoomId, one_lane};

use super::Options;
use super::people::{LOBBY_S, Visitor, people};
use super::report::Figures;

/// When the lobby opens.
const BEGIN: i64 = 1_800_000_000;
/// Rounds a second: those of a server (`waiting_room.tick_ms`). Instants here are counted in them.
const ROUNDS: u32 = 4;
/// The round in which the sale opens.
const OPENING: u32 = LOBBY_S * ROUNDS;
/// Somebody at the door knocks again after so many.
const KNOCK: u32 = ROUNDS;
/// A sale that is not over by then has stalled.
const LONGEST: u32 = 7 * 24 * 3600 * ROUNDS;

/// What is to happen to somebody.
enum Due {
    Claim(u32),
    Depart(u32, Uuid),
    GiveUp(u32),
}

/// An act of the operator.
enum Act {
    Pause,
    Resume,
    Rate(u32),
}

/// A sale under way.
pub struct Sale {
    people: Vec<Visitor>,
    draw: bool,
    line: Line,
    view: View,
    due: BTreeMap<u32, Vec<Due>>,
    acts: BTreeMap<u32, Act>,
    /// Who has which number.
    by_number: HashMap<u64, u32>,
    /// The numbers in the order of the calls, each once.
    called: Vec<u64>,
    called_once: HashSet<u64>,
    /// Whoever may be among those whose shown waits are compared.
    screens: Vec<u32>,
    outcomes: Outcomes,
    chance: Entropy,
}

impl Sale {
    /// A sale that begins.
    pub fn new(options: &Options) -> Self {
        let chance = Entropy::seeded(options.seed);
        let people = people(options, &chance);
        let room = room(options);
        let (line, view) = (Line::new(room.clone()), View::new(room, at(0)));
        let acts = if options.undisturbed { BTreeMap::new() } else { acts(options, &chance) };
        Self {
            people,
            draw: options.draw,
            line,
            view,
            due: BTreeMap::new(),
            acts,
            by_number: HashMap::new(),
            called: Vec::new(),
            called_once: HashSet::new(),
            screens: Vec::new(),
            outcomes: Outcomes::default(),
            chance,
        }
    }

    /// Runs it to its end.
    pub fn run(mut self) -> Figures {
        let (mut joined, mut round) = (0u32, 0u32);
        loop {
            let now = at(round);
            while let Some(visitor) =
                self.people.get(joined as usize).filter(|visitor| rounds(visitor.comes_s) < round)
            {
                if let Some(after_s) = visitor.gives_up_after_s {
                    self.due.entry(round + rounds(after_s)).or_default().push(Due::GiveUp(joined));
                }
                self.join(joined, now);
                joined += 1;
            }
            self.operate(round, now);
            if self.draw && round == OPENING {
                self.draw(now);
            }
            self.carry_out(round, now);
            self.line.call(u32::MAX, now);
            self.look(round, now);
            let is_over = joined as usize == self.people.len() && self.view.waiting() == 0;
            if is_over || round > LONGEST {
                return self.figures();
            }
            round += 1;
        }
    }

    fn join(&mut self, who: u32, now: Ts) {
        let browser = BrowserKey::of_hash(&who.to_string());
        let join = Join { place: place(who), browser, lane: 0, code: None, account: None };
        if let Joined::New(place) = self.line.join(join, now) {
            self.by_number.insert(place.number, who);
            self.screens.push(who);
        }
    }

    fn operate(&mut self, round: u32, now: Ts) {
        let Some(act) = self.acts.remove(&round) else { return };
        let room = self.line.room().clone();
        let room = match act {
            Act::Pause => Room { mode: Mode::Paused, ..room },
            Act::Resume => Room { mode: Mode::Open, ..room },
            Act::Rate(rate_per_minute) => Room { rate_per_minute, ..room },
        };
        self.outcomes.disturb(now);
        // It has the lanes it had, which is all that could be refused.
        let _ = self.line.set_room(room.clone());
        self.view.set_room(room, now);
    }

    /// The draw, as the server's nodes take it step by step.
    fn draw(&mut self, now: Ts) {
        for step in [DrawStep::Committed, DrawStep::Frozen, DrawStep::Listed, DrawStep::Drawn] {
            self.line.advance_draw(step, String::new(), now);
        }
        let lobby = self.line.lobby();
        let (seed, salt) = (self.chance.bytes(), self.chance.bytes());
        let list = list::entries(&lobby, &salt);
        let key = rules::order_key(&seed, None, &rules::tree(&list).root());
        let first = self.line.draw().lobby_end;
        let order = rules::order(&key, &self.line.room().id, &list);
        let seats: Vec<Seating> = (first..)
            .zip(&order)
            .map(|(number, index)| Seating { place: lobby[*index as usize].place, number })
            .collect();
        for (number, index) in (first..).zip(order) {
            if let Some(who) = self.by_number.remove(&lobby[index as usize].number) {
                self.by_number.insert(number, who);
            }
        }
        self.line.seat_drawn(&seats, now);
        self.line.advance_draw(DrawStep::Seated, String::new(), now);
        self.view.set_room(self.line.room().clone(), now);
        self.view.take_order(first, now);
    }

    fn carry_out(&mut self, round: u32, now: Ts) {
        for due in self.due.remove(&round).unwrap_or_default() {
            match due {
                Due::Claim(who) => match self.line.claim(Claim { place: place(who), jti: place(who) }, now) {
                    Claimed::Admitted(admitted) => {
                        if let Standing::Admitted { jti, .. } = admitted.standing {
                            let leaves = round + rounds(self.people[who as usize].stays_s);
                            self.due.entry(leaves).or_default().push(Due::Depart(who, jti));
                        }
                    }
                    // The page knocks again as long as the shop is full.
                    Claimed::AtDoor(_) => self.due.entry(round + KNOCK).or_default().push(Due::Claim(who)),
                    _ => {}
                },
                Due::Depart(who, jti) => {
                    self.line.depart(Depart { place: place(who), jti, how: Ending::Finished }, now);
                }
                Due::GiveUp(who) => {
                    let waits =
                        self.line.find(place(who), now).is_some_and(|p| p.standing == Standing::Waiting);
                    if waits {
                        self.line.leave(place(who), Ending::Left, now);
                    }
                }
            }
        }
    }

    /// The node looks at the line: who was called, and what waits are shown.
    fn look(&mut self, round: u32, now: Ts) {
        self.view.set_room(self.line.room().clone(), now);
        let changes = self.line.changes_since(self.view.version());
        let is_whole = matches!(changes, Changes::Whole(_));
        let mut news = self.view.apply(changes, now);
        self.outcomes.see(&news, is_whole, Some(at(OPENING)));
        // A view that takes the whole line is told who was called, and not in which order.
        news.sort_unstable_by_key(|step| step.number);
        for step in news {
            let Standing::Called { knock: None, .. } = step.to else { continue };
            if !self.called_once.insert(step.number) {
                continue;
            }
            self.called.push(step.number);
            if let Some(&who) = self.by_number.get(&step.number) {
                let visitor = &self.people[who as usize];
                if !visitor.is_ghost {
                    self.due.entry(round + rounds(visitor.claims_after_s)).or_default().push(Due::Claim(who));
                }
            }
        }
        if round >= OPENING && round.is_multiple_of(ROUNDS) && !self.view.is_undrawn() {
            self.show_waits(now);
        }
    }

    /// Shows everybody who is followed how long she will wait, and keeps it to be compared.
    fn show_waits(&mut self, now: Ts) {
        let Self { screens, outcomes, line, view, .. } = self;
        screens.retain(|who| {
            let place = outcomes.follows(place(*who)).then(|| line.find(place(*who), now)).flatten();
            let Some(place) = place.filter(|place| place.standing == Standing::Waiting) else { return false };
            let ahead = view.ahead_of(0, place.number);
            if let Some(eta) = view.eta(0, ahead, now) {
                outcomes.show(&place, ahead, eta, now);
            }
            true
        });
    }

    fn figures(self) -> Figures {
        let arrivals: Vec<u32> =
            self.called.iter().filter_map(|number| self.by_number.get(number).copied()).collect();
        Figures::new(&self.people, &self.called, &arrivals, self.outcomes.tally().clone())
    }
}

fn room(options: &Options) -> Room {
    Room {
        id: RoomId::parse("simulated").unwrap_or_else(|| unreachable!("a slug")),
        name: "Simulated".into(),
        event: "1".into(),
        lobby_at: Some(at(0)),
        opens_at: Some(at(OPENING)),
        closes_at: None,
        rate_per_minute: options.rate,
        cap: options.cap,
        claim_window_s: 60,
        session_length_s: 600,
        booking_url: "/".into(),
        message: None,
        mode: Mode::Schedule,
        deferral_s: 0,
        grace_s: 0,
        idle_percent: 0,
        renewals_max: 0,
        renewal_s: 0,
        steering: None,
        one_per_account: false,
        lanes: one_lane(),
        theme: Default::default(),
        entry: Default::default(),
        draw: options.draw,
        owner: None,
        drawn_at: None,
    }
}

/// A pause of some minutes and two changes of rate, somewhere in the first half of the sale.
fn acts(options: &Options, chance: &Entropy) -> BTreeMap<u32, Act> {
    let length_s = (f64::from(options.visitors) * 60.0 / f64::from(options.rate.max(1))) as u32;
    let some = |from: u32, to: u32| OPENING + (from + chance.below((to - from).max(1))) * ROUNDS;
    let pause = some(length_s / 8, length_s / 4);
    BTreeMap::from([
        (pause, Act::Pause),
        (pause + (120 + chance.below(180)) * ROUNDS, Act::Resume),
        (some(length_s * 3 / 10, length_s * 4 / 10), Act::Rate(options.rate * 3 / 4)),
        (some(length_s * 4 / 10, length_s / 2), Act::Rate(options.rate * 5 / 4)),
    ])
}

fn at(round: u32) -> Ts {
    Ts::from_seconds(BEGIN) + Duration::SECOND * f64::from(round) / f64::from(ROUNDS)
}

/// So many seconds as rounds.
fn rounds(seconds: f64) -> u32 {
    (seconds * f64::from(ROUNDS)) as u32
}

fn place(who: u32) -> Uuid {
    Uuid::from_u128(u128::from(who) + 1)
}
