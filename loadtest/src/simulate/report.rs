//! The figures of a simulated sale.

use std::fmt;

use waiting_room::eta::tally::{Counts, Tally, bounds_of};

use super::people::{Group, Visitor};

/// What came of a sale, or of several.
#[derive(Debug, Clone)]
pub struct Figures {
    /// How many sales; what is not a count is the mean of them.
    sales: usize,
    /// Kendall's distance between the order of the numbers and that of the calls: 0 is the same, 1 the reverse.
    pub disorder: f64,
    /// The same between the order of arriving and that of the calls; one half is chance.
    pub arrival_distance: f64,
    /// Called.
    called: usize,
    /// Of each group, its share of all who were called and of the first tenth.
    shares: Vec<(&'static str, f64, f64)>,
    /// How often shown waits were right, and how long people waited.
    pub tally: Tally,
}

impl Figures {
    /// Figures from who was called (numbers, and people in the order of their arrival) and what came of the waits shown.
    pub fn new(people: &[Visitor], called: &[u64], arrivals: &[u32], tally: Tally) -> Self {
        let early = &arrivals[..arrivals.len().div_ceil(10)];
        let share = |group: Group, of: &[u32]| {
            let count = of.iter().filter(|who| people[**who as usize].group == group).count();
            count as f64 / of.len().max(1) as f64
        };
        Self {
            sales: 1,
            disorder: distance(called),
            arrival_distance: distance(&arrivals.iter().map(|who| u64::from(*who)).collect::<Vec<_>>()),
            called: called.len(),
            shares: Group::ALL
                .iter()
                .map(|&(group, name)| (name, share(group, arrivals), share(group, early)))
                .collect(),
            tally,
        }
    }

    /// Those of this sale, or sales, and another one.
    pub fn and(mut self, other: Self) -> Self {
        let weight = 1.0 / (self.sales as f64 + 1.0);
        let mean = |mean: &mut f64, new: f64| *mean += (new - *mean) * weight;
        mean(&mut self.disorder, other.disorder);
        mean(&mut self.arrival_distance, other.arrival_distance);
        for ((_, all, early), (_, new_all, new_early)) in self.shares.iter_mut().zip(other.shares) {
            mean(all, new_all);
            mean(early, new_early);
        }
        self.sales += 1;
        self.called += other.called;
        self.tally.add(&other.tally);
        self
    }

    /// A group's share of the first tenth of the calls.
    pub fn early_share(&self, name: &str) -> f64 {
        self.shares.iter().find(|(group, ..)| *group == name).map_or(0.0, |(_, _, early)| *early)
    }

    /// Of the undisturbed waits that were shown at each depth with enough of them, the share that was right: by the index
    /// of the depth.
    #[cfg(test)]
    pub fn right_shares(&self, enough: u64) -> Vec<(usize, f64)> {
        let depths = self.tally.bands.iter().enumerate().filter(|(_, counts)| counts.compared() >= enough);
        depths.filter_map(|(band, counts)| Some((band, counts.right_share()?))).collect()
    }
}

/// Kendall's distance of a sequence from its sorted order: the share of pairs that stand the wrong way round, counted
/// while merging (Knight, "A Computer Method for Calculating Kendall's Tau with Ungrouped Data", 1966).
fn distance(sequence: &[u64]) -> f64 {
    let pairs = sequence.len() as f64 * (sequence.len() as f64 - 1.0) / 2.0;
    inversions(&mut sequence.to_vec()) as f64 / pairs.max(1.0)
}

fn inversions(values: &mut [u64]) -> u64 {
    if values.len() < 2 {
        return 0;
    }
    let middle = values.len() / 2;
    let (left, right) = values.split_at_mut(middle);
    let mut count = inversions(left) + inversions(right);
    let (left, right) = (left.to_vec(), right.to_vec());
    let (mut from_left, mut from_right) = (left.iter().peekable(), right.iter().peekable());
    for value in values {
        let takes_left = match (from_left.peek(), from_right.peek()) {
            (Some(a), Some(b)) => a <= b,
            (left, _) => left.is_some(),
        };
        let next = if takes_left { from_left.next() } else { from_right.next() };
        if !takes_left {
            count += from_left.len() as u64;
        }
        *value = next.copied().unwrap_or_default();
    }
    count
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} called in {} sales, longest wait {} s",
            self.called, self.sales, self.tally.waits.longest_s
        )?;
        writeln!(
            f,
            "order of calls: Kendall distance {:.4} from the line's order, {:.4} from that of arriving",
            self.disorder, self.arrival_distance
        )?;
        writeln!(f, "\ngroup    of all called   of the first tenth")?;
        for (name, all, early) in &self.shares {
            writeln!(f, "{name:<8} {:>12.1} % {:>18.1} %", all * 100.0, early * 100.0)?;
        }
        writeln!(f, "\nwaits shown as an 80 % interval, by people ahead")?;
        writeln!(
            f,
            "ahead              waits   right   sooner   later   width/wait   right, operator's acts included"
        )?;
        for (band, counts) in self.tally.bands.iter().enumerate() {
            depth(f, band, counts)?;
        }
        Ok(())
    }
}

/// A line of the table; none for a depth at which nobody was shown anything.
fn depth(f: &mut fmt::Formatter<'_>, band: usize, counts: &Counts) -> fmt::Result {
    let all = counts.compared() + counts.disturbed;
    if all == 0 {
        return Ok(());
    }
    let (from, to) = bounds_of(band);
    let percent = |of: u64, all: u64| of as f64 * 100.0 / all.max(1) as f64;
    writeln!(
        f,
        "{:<16} {:>7} {:>6.1}% {:>7.1}% {:>6.1}% {:>12.2} {:>14.1}% of {all}",
        to.map_or_else(|| format!("{from}–"), |to| format!("{from}–{to}")),
        counts.compared(),
        percent(counts.right, counts.compared()),
        percent(counts.sooner, counts.compared()),
        percent(counts.later, counts.compared()),
        counts.width().unwrap_or_default(),
        percent(counts.right + counts.disturbed_right, all),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_kendalls() {
        assert_eq!(distance(&[1, 2, 3, 4]), 0.0);
        assert_eq!(distance(&[4, 3, 2, 1]), 1.0);
        assert_eq!(distance(&[2, 1, 4, 3]), 2.0 / 6.0);
        assert_eq!(distance(&[3, 1, 2]), 2.0 / 3.0);
    }
}
