//! What a fan means to do, and which seats a person would pick. Pure.

use std::time::Duration;

use serde::Deserialize;
use shared::entropy::Entropy;

use super::Options;

/// Cards of the simulated gateway that fail, whatever the amount.
const BAD_CARDS: [&str; 4] = ["4000000000000002", "4000000000009995", "4000000000000119", "4000000000000069"];
/// The card that always works.
pub const GOOD_CARD: &str = "4242424242424242";
/// The card whose callback comes twice.
const TWICE_CARD: &str = "4000000000000259";

/// What a fan came for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Closes the tab in the line and never comes back.
    Ghost,
    /// Leaves the line politely.
    Leaver,
    /// Looks around in the shop and goes.
    Looker,
    /// Buys, if there is something left.
    Buyer,
}

/// A fan's plan, drawn before anything happens, so that a seed repeats who does what.
#[derive(Debug, Clone)]
pub struct Plan {
    /// When the fan arrives, from the start.
    pub arrives_after: Duration,
    /// What for.
    pub wish: Wish,
    /// How long a ghost or leaver stays in the line.
    pub patience: Duration,
    /// Tickets wanted.
    pub tickets: usize,
    /// The first card tried; a failing one is followed by [`GOOD_CARD`].
    pub card: &'static str,
}

impl Plan {
    /// Draws a plan.
    pub fn draw(options: &Options, dice: &Entropy) -> Self {
        let share = |wanted: f64| f64::from(dice.below(10_000)) < wanted * 10_000.0;
        let wish = match () {
            () if share(options.ghosts) => Wish::Ghost,
            () if share(options.leavers) => Wish::Leaver,
            () if share(options.buyers) => Wish::Buyer,
            () => Wish::Looker,
        };
        let arrives_ms = if share(options.rush) { 3000.0 } else { options.arrive_s * 1000.0 };
        let card = match dice.below(100) {
            at @ 0..12 => BAD_CARDS[at as usize % BAD_CARDS.len()],
            12..15 => TWICE_CARD,
            _ => GOOD_CARD,
        };
        Self {
            arrives_after: Duration::from_millis(dice.below(arrives_ms as u32 + 1).into()),
            wish,
            patience: Duration::from_millis(dice.below(90_000).into()).mul_f64(options.think),
            tickets: [1, 2, 2, 2, 2, 3, 4, 4][dice.below(8) as usize],
            card,
        }
    }
}

/// A person's pause between `low_s` and `high_s`, scaled by `--think`.
pub fn pause(options: &Options, dice: &Entropy, low_s: f64, high_s: f64) -> Duration {
    let share = f64::from(dice.below(1001)) / 1000.0;
    Duration::from_secs_f64((low_s + (high_s - low_s) * share) * options.think)
}

/// Seats of a session, as columns of equal length.
#[derive(Debug, Deserialize)]
pub struct Seats {
    /// Ids.
    pub ids: Vec<i64>,
    /// Row labels.
    pub rows: Vec<serde_json::Value>,
    /// Sections.
    pub section: Vec<serde_json::Value>,
    /// One letter a seat: `f` is free.
    pub state: String,
}

/// Picks `wanted` free neighbours of one row, rather near the front; fewer, then any single ones, when no row has
/// so many. Empty when everything is gone.
pub fn pick(seats: &Seats, wanted: usize, dice: &Entropy) -> Vec<i64> {
    let states = seats.state.as_bytes();
    let known = states.len().min(seats.ids.len()).min(seats.rows.len()).min(seats.section.len());
    for size in (1..=wanted).rev() {
        let together = |start: &usize| {
            let end = start + size;
            let same = |at: usize| {
                seats.rows[at] == seats.rows[*start] && seats.section[at] == seats.section[*start]
            };
            end <= known && (*start..end).all(|at| states[at] == b'f' && same(at))
        };
        let starts: Vec<usize> = (0..known).filter(together).collect();
        if !starts.is_empty() {
            // The lower of two draws: people prefer the front, and not all the very same seat.
            let draw = || dice.below(starts.len() as u32) as usize;
            let start = starts[draw().min(draw())];
            return seats.ids[start..start + size].to_vec();
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seats(state: &str) -> Seats {
        let n = state.len();
        Seats {
            ids: (1..=n as i64).collect(),
            rows: (0..n).map(|at| (at / 4).into()).collect(),
            section: vec!["A".into(); n],
            state: state.to_owned(),
        }
    }

    #[test]
    fn neighbours_share_a_row_and_are_free() {
        let dice = Entropy::seeded(1);
        for _ in 0..200 {
            let picked = pick(&seats("fhffffsf"), 2, &dice);
            assert!([vec![3, 4], vec![5, 6]].contains(&picked), "{picked:?}");
        }
    }

    #[test]
    fn a_group_takes_fewer_rather_than_nothing() {
        let dice = Entropy::seeded(1);
        assert_eq!(pick(&seats("hhhfssss"), 4, &dice), [4]);
        assert!(pick(&seats("hhhhssss"), 1, &dice).is_empty());
    }

    #[test]
    fn the_shares_are_kept() {
        let options =
            Options { ghosts: 0.2, buyers: 0.5, leavers: 0.0, ..Options::for_test("http://x", "r", 0) };
        let dice = Entropy::seeded(7);
        let plans: Vec<Plan> = (0..4000).map(|_| Plan::draw(&options, &dice)).collect();
        let count = |wish| plans.iter().filter(|p| p.wish == wish).count();
        assert!((700..900).contains(&count(Wish::Ghost)), "{}", count(Wish::Ghost));
        assert!((1450..1750).contains(&count(Wish::Buyer)), "{}", count(Wish::Buyer));
        assert_eq!(count(Wish::Leaver), 0);
    }
}
