//! What becomes of each seat of a session when its layout changes.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::seats::replace::Labelled;
use crate::venues::diff::by_key;
use crate::venues::{Plan, Row, Seat, Section};

/// What is to be done.
#[derive(Debug, Default, Clone)]
pub struct Replan {
    /// Seats that go.
    pub removed: Vec<i64>,
    /// Seats that stay, as `[id, section, row, label, x, y]`.
    pub placed: Vec<Value>,
    /// Of these, how many are called otherwise.
    pub renamed: i64,
    /// Of these, how many only stand elsewhere on the plan.
    pub moved: i64,
    /// New seats by ticket type, as `[section, row, label, x, y]`.
    pub added: HashMap<i64, Vec<Value>>,
    /// New seats that no ticket type sells.
    pub unsold: i64,
}

impl Replan {
    /// New seats of all ticket types.
    pub fn added_count(&self) -> i64 {
        self.added.values().map(|seats| seats.len() as i64).sum()
    }
}

type Place<'p> = (&'p Section, &'p Row, &'p Seat);

/// Compares what a session has with what the new plan has. A new seat is sold by whoever sells the other seats of its
/// category, else of its section; where several do, by the one that sells most of them.
pub fn replan(old: &Plan, new: &Plan, seats: &[Labelled]) -> Replan {
    let mut keys: HashMap<(&str, &str, &str), String> = HashMap::new();
    let before = by_key(old);
    for (key, (section, row, seat)) in &before {
        keys.insert((&section.name, &row.label, &seat.label), key.clone());
    }
    let after = by_key(new);
    let mut replan = Replan::default();
    let mut kept = HashSet::new();
    let mut sellers = Sellers::default();
    for seat in seats {
        let key = keys.get(&(seat.section.as_str(), seat.row_label.as_str(), seat.label.as_str()));
        let Some((key, place)) = key.and_then(|key| Some((key, *after.get(key)?))) else {
            replan.removed.push(seat.id);
            continue;
        };
        kept.insert(key.as_str());
        sellers.note(place, seat.ticket_type_id);
        let was = before.get(key).map(|(_, _, seat)| (seat.x, seat.y));
        replan.keep(seat, place, was);
    }
    for (section, row, seat) in new.every_seat() {
        let key = crate::venues::diff::key(section, row, seat);
        // A seat that the old version had and the session does not sell is not sold now either.
        if kept.contains(key.as_str()) || before.contains_key(&key) {
            continue;
        }
        match sellers.of((section, row, seat)) {
            Some(ticket_type) => {
                let seat = json!([section.name, row.label, seat.label, seat.x, seat.y]);
                replan.added.entry(ticket_type).or_default().push(seat);
            }
            None => replan.unsold += 1,
        }
    }
    replan
}

impl Replan {
    fn keep(&mut self, seat: &Labelled, (section, row, to): Place<'_>, was: Option<(i64, i64)>) {
        let is_same_name =
            (&seat.section, &seat.row_label, &seat.label) == (&section.name, &row.label, &to.label);
        let is_same_place = was == Some((to.x, to.y));
        if is_same_name && is_same_place {
            return;
        }
        *(if is_same_name { &mut self.moved } else { &mut self.renamed }) += 1;
        self.placed.push(json!([seat.id, section.name, row.label, to.label, to.x, to.y]));
    }
}

/// Which ticket types sell the seats of a category or section, and how many.
#[derive(Default)]
struct Sellers<'p> {
    by_category: HashMap<u16, HashMap<i64, u32>>,
    by_section: HashMap<&'p str, HashMap<i64, u32>>,
}

impl<'p> Sellers<'p> {
    fn note(&mut self, (section, _, seat): Place<'p>, ticket_type: i64) {
        if let Some(category) = seat.category {
            *self.by_category.entry(category).or_default().entry(ticket_type).or_default() += 1;
        }
        *self.by_section.entry(&section.name).or_default().entry(ticket_type).or_default() += 1;
    }

    fn of(&self, (section, _, seat): Place<'_>) -> Option<i64> {
        let most = |sellers: &HashMap<i64, u32>| {
            sellers.iter().max_by_key(|(id, seats)| (**seats, std::cmp::Reverse(**id))).map(|(id, _)| *id)
        };
        let by_category = seat.category.and_then(|category| self.by_category.get(&category));
        by_category.or_else(|| self.by_section.get(section.name.as_str())).and_then(most)
    }
}
