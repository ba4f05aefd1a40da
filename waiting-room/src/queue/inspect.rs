//! What must be true of a line, looked for in its places and its latest steps: the part of `rushline verify` that is
//! the same for every store.
//!
//! A store shows each remembered place once ([`Inspection::see`]) and hands over what it keeps beside them
//! ([`Kept`]). It costs some 40 bytes a place and no reading of the store's own counters is believed: they are
//! what is compared.

use std::collections::{BTreeSet, HashMap, VecDeque};

use shared::clock::Ts;
use shared::verify::Checked;
use uuid::Uuid;

use super::pace::RATE_WINDOW;
use super::{AccountKey, BrowserKey, Census, Change, Place, Standing};
use crate::rooms::rules::{Room, RoomState};

#[cfg(test)]
mod tests;

/// What a store keeps of a line besides its places.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The settings.
    pub room: Room,
    /// Since when they are in force, by the line's clock: limits bind what happened after it.
    pub room_since: Ts,
    /// The line's own clock, or the instant it is looked at if that is later.
    pub now: Ts,
    /// The store's counts at `now`.
    pub census: Census,
    /// The latest steps, oldest first; as many as the store remembers.
    pub steps: Vec<Change>,
}

/// A line that is being looked into.
#[derive(Debug)]
pub struct Inspection {
    now: Ts,
    /// Numbers of all places.
    numbers: Vec<u64>,
    /// Browsers of the live ones.
    browsers: Vec<(BrowserKey, Uuid)>,
    /// Accounts of the live ones that are tied to one.
    accounts: Vec<(AccountKey, Uuid)>,
    /// Who is in the shop: since when, and by which admission.
    inside: Vec<(Ts, Uuid)>,
    /// Lanes and numbers of those who wait.
    waiting: BTreeSet<(u8, u64)>,
    called: u64,
    at_door: u64,
    highest_called: u64,
    /// Places whose turn or visit was live when its deadline had not been noticed yet, as the totals count them.
    unnoticed: u64,
    instants: Checked,
}

impl Inspection {
    /// Begins to look at a line as it stands at `now`.
    pub fn new(now: Ts) -> Self {
        Self {
            now,
            numbers: Vec::new(),
            browsers: Vec::new(),
            accounts: Vec::new(),
            inside: Vec::new(),
            waiting: BTreeSet::new(),
            called: 0,
            at_door: 0,
            highest_called: 0,
            unnoticed: 0,
            instants: Checked::new(
                "I25",
                "The instants of a place are in order: joined, called, admitted, over.",
                0,
            ),
        }
    }

    /// Takes a place in, as it is stored.
    pub fn see(&mut self, place: &Place) {
        self.numbers.push(place.number);
        self.instants.looked_at += 1;
        if !in_order(place) {
            self.instants.offend(|| format!("place {}", place.id));
        }
        let standing = place.clone().at(self.now).standing;
        if standing.is_over() {
            self.unnoticed += u64::from(!place.standing.is_over());
            return;
        }
        self.browsers.push((place.browser, place.id));
        self.accounts.extend(place.account.map(|account| (account, place.id)));
        match standing {
            Standing::Waiting => {
                self.waiting.insert((place.lane, place.number));
            }
            Standing::Called { knock, .. } => {
                self.called += 1;
                self.at_door += u64::from(knock.is_some());
                self.highest_called = self.highest_called.max(place.number);
            }
            Standing::Admitted { jti, at, .. } => {
                self.inside.push((at, jti));
                self.highest_called = self.highest_called.max(place.number);
            }
            Standing::Ended { .. } => {}
        }
    }

    /// Every sentence, with what was found.
    pub fn finish(mut self, kept: &Kept) -> Vec<Checked> {
        self.numbers.sort_unstable();
        self.browsers.sort_unstable();
        self.accounts.sort_unstable();
        self.inside.sort_unstable();
        vec![
            self.numbers_once(kept),
            self.one_place(),
            self.one_account(),
            self.one_admission(),
            self.counts(kept),
            self.totals(kept),
            self.cap(kept),
            self.rate(kept),
            order_of_calls(&self.waiting, &kept.steps),
            transitions(&kept.steps),
            self.instants,
        ]
    }

    fn numbers_once(&self, kept: &Kept) -> Checked {
        let sentence = "A number of the line was given once, below the next one to be given.";
        let mut checked = Checked::new("I14", sentence, self.numbers.len() as u64);
        for pair in self.numbers.windows(2).filter(|pair| pair[0] == pair[1]) {
            checked.offend(|| format!("number {} twice", pair[0]));
        }
        let next = kept.census.next_number;
        for number in self.numbers.iter().filter(|number| !(1..next).contains(*number)) {
            checked.offend(|| format!("number {number}, and the next is {next}"));
        }
        checked
    }

    fn one_place(&self) -> Checked {
        let mut checked =
            Checked::new("I14", "A browser has at most one live place.", self.browsers.len() as u64);
        for pair in self.browsers.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            checked.offend(|| format!("places {} and {}", pair[0].1, pair[1].1));
        }
        checked
    }

    fn one_account(&self) -> Checked {
        let mut checked =
            Checked::new("I14", "An account has at most one live place.", self.browsers.len() as u64);
        for pair in self.accounts.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            checked.offend(|| format!("places {} and {}", pair[0].1, pair[1].1));
        }
        checked
    }

    fn one_admission(&self) -> Checked {
        let mut checked = Checked::new("I10", "An admission is one place's.", self.inside.len() as u64);
        let mut admissions: Vec<Uuid> = self.inside.iter().map(|(_, jti)| *jti).collect();
        admissions.sort_unstable();
        for pair in admissions.windows(2).filter(|pair| pair[0] == pair[1]) {
            checked.offend(|| format!("admission {}", pair[0]));
        }
        checked
    }

    fn counts(&self, kept: &Kept) -> Checked {
        let mut checked = Checked::new(
            "I15",
            "The census counts the places there are, and the serving number has passed everybody called.",
            self.numbers.len() as u64,
        );
        let census = &kept.census;
        for (name, said, counted) in [
            ("waiting", census.waiting, self.waiting.len() as u64),
            ("called", census.called, self.called),
            ("at the door", census.at_door, self.at_door),
            ("admitted", census.admitted, self.inside.len() as u64),
            ("serving", census.serving, census.serving.max(self.highest_called)),
        ] {
            if said != counted {
                checked.offend(|| format!("{name}: the census says {said}, the places {counted}"));
            }
        }
        checked
    }

    fn totals(&self, kept: &Kept) -> Checked {
        let totals = &kept.census.totals;
        let mut checked =
            Checked::new("I15", "Whoever joined is there or has come to an end, once.", totals.joined);
        let live = self.browsers.len() as u64 + self.unnoticed;
        let ended = totals.missed + totals.left + totals.departed;
        if totals.joined != live + ended {
            checked.offend(|| format!("{} joined, {live} are there, {ended} ended", totals.joined));
        }
        checked
    }

    /// A cap that was lowered lets those inside finish; nobody comes in above it afterwards.
    fn cap(&self, kept: &Kept) -> Checked {
        let mut checked = Checked::new(
            "I13",
            "No more are in the shop than the room's cap, unless it was lowered since.",
            self.inside.len() as u64,
        );
        let cap = kept.room.cap as usize;
        let is_bound = kept.room.state(kept.now) != RoomState::Bypass;
        for (at, jti) in self.inside.iter().skip(cap).filter(|(at, _)| is_bound && *at > kept.room_since) {
            checked.offend(|| format!("admission {jti} at {at}, with {cap} or more inside"));
        }
        checked
    }

    fn rate(&self, kept: &Kept) -> Checked {
        let mut known: Vec<(Ts, Uuid)> =
            admissions_of(&kept.steps).chain(self.inside.iter().copied()).collect();
        known.sort_unstable();
        known.dedup();
        let mut checked = Checked::new(
            "I13",
            "In no minute were more let in than the room's rate, as far back as the line remembers.",
            known.len() as u64,
        );
        let rate = kept.room.rate_max() as usize;
        let is_bound = kept.room.state(kept.now) != RoomState::Bypass;
        let mut minute = VecDeque::new();
        for (at, jti) in known.into_iter().filter(|(at, _)| is_bound && *at > kept.room_since) {
            while minute.front().is_some_and(|first: &Ts| *first + RATE_WINDOW <= at) {
                minute.pop_front();
            }
            minute.push_back(at);
            if minute.len() > rate {
                checked.offend(|| format!("admission {jti} at {at} is the {}th in its minute", minute.len()));
            }
        }
        checked
    }
}

fn in_order(place: &Place) -> bool {
    match place.standing {
        Standing::Waiting => true,
        Standing::Called { called_at, claim_by, .. } => place.joined_at <= called_at && called_at < claim_by,
        Standing::Admitted { at, until, .. } => place.joined_at <= at && at < until,
        Standing::Ended { at, .. } => place.joined_at <= at,
    }
}

/// Admissions among the steps.
fn admissions_of(steps: &[Change]) -> impl Iterator<Item = (Ts, Uuid)> + '_ {
    steps.iter().filter_map(|step| match step.to {
        Standing::Admitted { jti, at, .. } => Some((at, jti)),
        _ => None,
    })
}

/// Goes through the steps with everybody who waited meanwhile: whoever waits now and is not in the steps did so all
/// the time.
fn order_of_calls(waiting_now: &BTreeSet<(u8, u64)>, steps: &[Change]) -> Checked {
    let mut checked = Checked::new("I14", "In each lane the lowest waiting number was called first.", 0);
    let moved: BTreeSet<(u8, u64)> = steps.iter().map(|step| (step.lane, step.number)).collect();
    let mut waiting: BTreeSet<(u8, u64)> = waiting_now.difference(&moved).copied().collect();
    let mut called: BTreeSet<u64> = BTreeSet::new();
    for Change { number, lane, to } in steps {
        let place = (*lane, *number);
        match to {
            Standing::Waiting => {
                waiting.insert(place);
            }
            // A second step to “called” is a knock.
            Standing::Called { knock: None, .. } if called.insert(*number) => {
                checked.looked_at += 1;
                waiting.remove(&place);
                if let Some((_, first)) = waiting.range((*lane, 0)..place).next() {
                    checked.offend(|| format!("number {number} was called while {first} waited"));
                }
            }
            _ => {
                waiting.remove(&place);
            }
        }
    }
    checked
}

/// The steps a place may take; nothing follows an end.
fn transitions(steps: &[Change]) -> Checked {
    let mut checked = Checked::new(
        "I25",
        "A place waits, is called, admitted, over, in this order; an end is final.",
        steps.len() as u64,
    );
    let mut standing: HashMap<u64, Standing> = HashMap::new();
    for Change { number, to, .. } in steps {
        let is_legal = match (standing.insert(*number, *to), to) {
            (None, _) => true,
            // Waiting is said again when the place moves to another browser.
            (Some(Standing::Waiting), Standing::Waiting) => true,
            (Some(Standing::Waiting), Standing::Called { knock: None, .. } | Standing::Ended { .. }) => true,
            (Some(Standing::Called { .. }), to) => *to != Standing::Waiting,
            (Some(Standing::Admitted { .. }), Standing::Ended { .. }) => true,
            // A visit that is lengthened.
            (
                Some(Standing::Admitted { jti, renewals, .. }),
                Standing::Admitted { jti: same, renewals: more, .. },
            ) => jti == *same && renewals < *more,
            (Some(_), _) => false,
        };
        if !is_legal {
            checked.offend(|| format!("number {number}"));
        }
    }
    checked
}
