//! The lanes of a room as an operator sets them. Pure; whose turn is next among them is in [`crate::queue::lanes`].

use serde::{Deserialize, Serialize};

use super::rules::{Room, Wrong, is_slug};
use crate::queue::lanes::{LANES_MAX, WEIGHT_MAX};

/// Longest name of a lane.
const LANE_NAME_LEN_MAX: usize = 32;

/// A priority class. Its index in [`Room::lanes`] is what a place remembers of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    /// Its name, a slug: 1 to 32 of `a-z`, `0-9` and `-`.
    pub name: String,
    /// Its share of the turns, as long as people wait in it: 1 to 1000.
    pub weight: u32,
    /// Whether nobody joins it without an access code that opens it. With this in all lanes the room is by invitation.
    #[serde(default)]
    pub needs_code: bool,
}

/// The lanes of a room that names none.
pub fn one_lane() -> Vec<Lane> {
    vec![Lane { name: "general".to_owned(), weight: 1, needs_code: false }]
}

impl Room {
    /// The weights of its lanes.
    pub fn weights(&self) -> Vec<u32> {
        self.lanes.iter().map(|lane| lane.weight).collect()
    }

    /// Whether nobody joins without an access code.
    pub fn is_invite_only(&self) -> bool {
        self.lanes.iter().all(|lane| lane.needs_code)
    }

    /// The index of a lane.
    pub fn lane_named(&self, name: &str) -> Option<u8> {
        self.lanes.iter().position(|lane| lane.name == name).and_then(|lane| lane.try_into().ok())
    }

    /// The name of the lane with this index; of one that is not there, of the first.
    pub fn lane_name(&self, lane: u8) -> &str {
        let lane = self.lanes.get(usize::from(lane)).or(self.lanes.first());
        lane.map_or("general", |lane| &lane.name)
    }

    /// Whether every lane of `before` is where it was.
    pub fn keeps_lanes_of(&self, before: &Room) -> bool {
        let names = self.lanes.iter().map(|lane| &lane.name).take(before.lanes.len());
        names.eq(before.lanes.iter().map(|lane| &lane.name))
    }

    /// The first thing wrong with its lanes, if any.
    pub(super) fn check_lanes(&self) -> Result<(), Wrong> {
        let wrong = |code, detail: String| Err(Wrong { field: "lanes", code, detail });
        if !(1..=LANES_MAX).contains(&self.lanes.len()) {
            return wrong("out-of-range", format!("A room has 1 to {LANES_MAX} lanes."));
        }
        for (n, lane) in self.lanes.iter().enumerate() {
            if !is_slug(&lane.name, LANE_NAME_LEN_MAX) {
                let detail =
                    format!("A lane's name has 1 to {LANE_NAME_LEN_MAX} characters: a-z, 0-9 and “-”.");
                return wrong("bad-text", detail);
            }
            if self.lanes[..n].iter().any(|other| other.name == lane.name) {
                return wrong(
                    "duplicate-lane",
                    format!("There is one lane of a name; “{}” is there twice.", lane.name),
                );
            }
            if !(1..=WEIGHT_MAX).contains(&lane.weight) {
                return wrong(
                    "out-of-range",
                    format!(
                        "A lane's weight is between 1 and {WEIGHT_MAX}, and that of “{}” is {}.",
                        lane.name, lane.weight
                    ),
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::rooms::rules::tests::open_room;

    /// Lanes of these weights, called `general`, `lane-1`, `lane-2` …
    pub(crate) fn lanes(weights: &[u32]) -> Vec<Lane> {
        let name = |n: usize| if n == 0 { "general".to_owned() } else { format!("lane-{n}") };
        let lane = |(n, weight): (usize, &u32)| Lane { name: name(n), weight: *weight, needs_code: false };
        weights.iter().enumerate().map(lane).collect()
    }

    #[test]
    fn lanes_are_added_to_and_reweighted_and_nothing_else() {
        let room = |weights: &[u32]| Room { lanes: lanes(weights), ..open_room() };
        assert!(room(&[2, 1]).keeps_lanes_of(&room(&[1])) && room(&[5, 5]).keeps_lanes_of(&room(&[1, 9])));
        assert!(!room(&[1]).keeps_lanes_of(&room(&[1, 1])));
        let mut swapped = room(&[1, 1]);
        swapped.lanes.swap(0, 1);
        assert!(!swapped.keeps_lanes_of(&room(&[1, 1])));
        assert_eq!((swapped.lane_named("general"), swapped.lane_name(0)), (Some(1), "lane-1"));
    }

    #[test]
    fn bad_lanes_are_named() {
        let bad = [vec![], lanes(&[1; LANES_MAX + 1]), lanes(&[1, 0]), [one_lane(), one_lane()].concat()];
        for lanes in bad {
            assert_eq!(Room { lanes, ..open_room() }.check().unwrap_err().field, "lanes");
        }
    }
}
