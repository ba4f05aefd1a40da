//! Every sentence about a line has a violation that is planted here and must be named by it.

use super::*;
use crate::queue::index::Index;
use crate::queue::line::Line;
use crate::queue::{Changes, Claim, Depart, Ending, Join};
use crate::rooms::rules::tests::open_room;

/// What is shown of a line: its places, in the order of their numbers, and what is kept beside them.
struct Shown {
    places: Vec<Place>,
    kept: Kept,
}

fn at(second: i64) -> Ts {
    Ts::from_seconds(1_800_000_000 + second)
}

fn id(n: u64) -> Uuid {
    Uuid::from_u128(n.into())
}

impl Shown {
    /// Numbers 1 to 3 are in the shop, 4 has departed, 9 has left, the others wait or are called.
    fn sound() -> Self {
        let room = Room { cap: 4, rate_per_minute: 600, ..open_room() };
        let mut line = Line::new(room.clone());
        for n in 1..=9 {
            let browser = BrowserKey::of_hash(&n.to_string());
            let join = Join { place: id(n), browser, lane: 0, code: None, account: None };
            line.join(join, at(0));
        }
        for n in 1..=4 {
            let second = at(n as i64);
            line.call(1, second);
            line.claim(Claim { place: id(n), jti: id(100 + n) }, second);
        }
        line.depart(Depart { place: id(4), jti: id(104), how: Ending::Finished }, at(5));
        line.leave(id(9), Ending::Left, at(5));
        line.call(1, at(6));
        let Changes::Steps { steps, .. } = line.changes_since(0) else { panic!("a short line") };
        let mut places: Vec<Place> = line.places().cloned().collect();
        places.sort_unstable_by_key(|place| place.number);
        let census = line.census(at(7));
        Self { places, kept: Kept { room, room_since: at(-1), now: at(7), census, steps } }
    }

    fn looked_into(&self) -> Vec<Checked> {
        let mut inspection = Inspection::new(self.kept.now);
        self.places.iter().for_each(|place| inspection.see(place));
        inspection.finish(&self.kept)
    }
}

/// What is planted, and the invariant and words that must be read.
type Planted = (fn(&mut Shown), &'static str, &'static str);

const PLANTED: [Planted; 16] = [
    (|line| line.places[7].number = 6, "I14", "number 6 twice"),
    (|line| line.places[7].number = 77, "I14", "number 77, and the next is 10"),
    (|line| line.places[7].browser = line.places[6].browser, "I14", "at most one live place"),
    (
        |line| line.places[6..8].iter_mut().for_each(|place| place.account = Some(AccountKey(id(1)))),
        "I14",
        "An account has at most one",
    ),
    (|line| line.places[1].standing = line.places[0].standing, "I10", "An admission is one place's"),
    (|line| line.kept.census.waiting += 1, "I15", "waiting: the census says"),
    (|line| line.kept.census.admitted = 0, "I15", "admitted: the census says 0"),
    (|line| line.kept.census.serving = 1, "I15", "serving: the census says 1"),
    (|line| line.places.retain(|place| place.number != 8), "I15", "Whoever joined is there"),
    (|line| line.kept.census.totals.joined += 1, "I15", "Whoever joined is there"),
    (|line| line.kept.room.cap = 2, "I13", "than the room's cap"),
    (|line| line.kept.room.rate_per_minute = 3, "I13", "than the room's rate"),
    (
        |line| line.kept.steps.iter_mut().filter(|step| step.number == 4).for_each(|step| step.number = 7),
        "I14",
        "number 7 was called while",
    ),
    (
        |line| line.kept.steps.push(Change { number: 9, lane: 0, to: Standing::Waiting }),
        "I25",
        "an end is final",
    ),
    (
        |line| line.kept.steps.retain(|step| !matches!(step.to, Standing::Called { .. })),
        "I25",
        "in this order",
    ),
    (|line| line.places[0].joined_at = at(60), "I25", "The instants of a place"),
];

#[test]
fn a_sound_line_breaks_no_sentence_and_each_has_looked_at_something() {
    for checked in Shown::sound().looked_into() {
        assert_eq!(checked.broken, 0, "{checked}");
        assert!(checked.looked_at > 0, "{checked}");
    }
}

#[test]
fn each_violation_is_named() {
    let mut unseen: Vec<&str> = Shown::sound().looked_into().iter().map(|checked| checked.sentence).collect();
    for (plant, invariant, words) in PLANTED {
        let mut line = Shown::sound();
        plant(&mut line);
        let said = line.looked_into();
        let named = said.iter().find(|checked| {
            checked.invariant == invariant && checked.broken > 0 && checked.to_string().contains(words)
        });
        let named = named.unwrap_or_else(|| panic!("{invariant} “{words}” is not named: {said:#?}"));
        unseen.retain(|sentence| *sentence != named.sentence);
    }
    assert!(unseen.is_empty(), "nothing is planted against {unseen:#?}");
}

#[test]
fn an_index_that_does_not_agree_with_its_places_is_named() {
    let line = Shown::sound();
    let mut index = Index::default();
    index.issue(line.places.iter().map(|place| place.number));
    line.places.iter().for_each(|place| index.add(place));
    assert_eq!(index.compare(line.places.iter()).broken, 0);
    let without_one = index.compare(line.places.iter().skip(5)).to_string();
    assert!(
        without_one.contains("I15  BROKEN") && without_one.contains("index “by browser”"),
        "{without_one}"
    );
    let mut another = line.places[7].clone();
    (another.number, another.id) = (77, id(77));
    let free = index.compare(line.places.iter().chain([&another])).to_string();
    assert!(free.contains("number 77 of place"), "{free}");
}
