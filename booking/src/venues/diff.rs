//! What one version of a layout has that another has not. Seats are known by their keys.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::imports::assemble::key_of;
use super::rules::{Plan, Row, Seat, Section};

/// Changes that are listed; all are counted.
const LISTED_MAX: usize = 1_000;

/// How two versions of a layout differ.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Diff {
    /// The earlier version.
    pub from: i64,
    /// The later one.
    pub to: i64,
    /// Seats of the earlier one.
    pub seats_before: i64,
    /// Seats of the later one.
    pub seats_after: i64,
    /// Seats that only the later one has.
    pub added: i64,
    /// Seats that only the earlier one has.
    pub removed: i64,
    /// Seats that stand elsewhere, seen from the stage.
    pub moved: i64,
    /// Seats with another section, row or number; they may stand elsewhere too.
    pub renamed: i64,
    /// Seats that are only in another category.
    pub recategorised: i64,
    /// The first 1,000 changes.
    pub changes: Vec<Change>,
}

/// What became of a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands elsewhere.
    Moved,
    /// It is called otherwise.
    Renamed,
    /// It is in another category.
    Recategorised,
}

/// A seat that differs.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Change {
    /// What became of it.
    pub kind: Kind,
    /// What it is known by in both versions.
    pub key: String,
    /// In the earlier version.
    pub before: Option<Placed>,
    /// In the later version.
    pub after: Option<Placed>,
}

/// A seat where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Placed {
    /// Its section.
    pub section: String,
    /// Its row.
    pub row: String,
    /// Its number.
    pub label: String,
    /// To the right of the stage's middle.
    pub x: i64,
    /// Away from the stage's middle.
    pub y: i64,
    /// Its price category.
    pub category: Option<String>,
}

/// The seats of a plan by their keys.
pub fn by_key(plan: &Plan) -> HashMap<String, (&Section, &Row, &Seat)> {
    plan.every_seat().map(|(section, row, seat)| (key(section, row, seat), (section, row, seat))).collect()
}

/// What a seat is known by in all versions.
pub fn key(section: &Section, row: &Row, seat: &Seat) -> String {
    seat.key.clone().unwrap_or_else(|| key_of(&section.name, &row.label, &seat.label))
}

fn placed(plan: &Plan, (section, row, seat): (&Section, &Row, &Seat)) -> Placed {
    let category = seat.category.and_then(|at| plan.categories.get(usize::from(at)));
    Placed {
        section: section.name.clone(),
        row: row.label.clone(),
        label: seat.label.clone(),
        x: seat.x - (plan.stage.x + plan.stage.w / 2),
        y: seat.y - (plan.stage.y + plan.stage.h / 2),
        category: category.map(|category| category.name.clone()),
    }
}

/// Compares two plans, the earlier first.
pub fn diff(old: &Plan, new: &Plan) -> Diff {
    let (before, after) = (by_key(old), by_key(new));
    let mut diff = Diff { seats_before: old.capacity(), seats_after: new.capacity(), ..Diff::default() };
    for found in old.every_seat() {
        let key = key(found.0, found.1, found.2);
        let was = placed(old, found);
        let is = after.get(&key).map(|found| placed(new, *found));
        let kind = match &is {
            None => Kind::Removed,
            Some(is) if (&is.section, &is.row, &is.label) != (&was.section, &was.row, &was.label) => {
                Kind::Renamed
            }
            Some(is) if (is.x, is.y) != (was.x, was.y) => Kind::Moved,
            Some(is) if is.category != was.category => Kind::Recategorised,
            Some(_) => continue,
        };
        diff.note(Change { kind, key, before: Some(was), after: is });
    }
    for found in new.every_seat() {
        let key = key(found.0, found.1, found.2);
        if !before.contains_key(&key) {
            diff.note(Change { kind: Kind::Added, key, before: None, after: Some(placed(new, found)) });
        }
    }
    diff
}

impl Diff {
    fn note(&mut self, change: Change) {
        let count = match change.kind {
            Kind::Added => &mut self.added,
            Kind::Removed => &mut self.removed,
            Kind::Moved => &mut self.moved,
            Kind::Renamed => &mut self.renamed,
            Kind::Recategorised => &mut self.recategorised,
        };
        *count += 1;
        if self.changes.len() < LISTED_MAX {
            self.changes.push(change);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venues::plan::plan;
    use crate::venues::rules::SectionSpec;

    fn hall(rows: u32, columns: u32) -> Plan {
        let spec: SectionSpec =
            serde_json::from_value(serde_json::json!({ "name": "A", "rows": rows, "columns": columns }))
                .unwrap();
        plan(&[spec])
    }

    #[test]
    fn a_longer_row_adds_seats_and_leaves_the_others_what_they_are() {
        let diff = diff(&hall(2, 4), &hall(2, 6));
        assert_eq!((diff.added, diff.removed, diff.renamed), (4, 0, 0));
        assert_eq!(diff.changes.iter().filter(|change| change.kind == Kind::Added).count(), 4);
        let none = super::diff(&hall(2, 4), &hall(2, 4));
        assert!(none.changes.is_empty() && none.seats_before == 8);
    }

    #[test]
    fn a_key_outlives_a_name_and_a_place() {
        let mut old = hall(1, 3);
        old.sections[0].rows[0]
            .seats
            .iter_mut()
            .enumerate()
            .for_each(|(i, seat)| seat.key = Some(format!("k{i}")));
        let mut new = old.clone();
        new.sections[0].rows[0].seats[0].label = "1a".to_owned();
        new.sections[0].rows[0].seats[1].x += 3;
        new.sections[0].rows[0].seats.pop();
        let diff = diff(&old, &new);
        let kinds: Vec<_> = diff.changes.iter().map(|change| (change.kind, change.key.as_str())).collect();
        assert_eq!(kinds, [(Kind::Renamed, "k0"), (Kind::Moved, "k1"), (Kind::Removed, "k2")]);
    }
}
