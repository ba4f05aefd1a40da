//! The figures of a simulated sale.

use std::fmt;

use waiting_room::eta::Eta;

use super::people::{Group, Visitor};

/// A wait that was shown, and what it turned out to be.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// People ahead.
    pub ahead: u64,
    /// Seconds until the call.
    pub waited_s: u32,
    /// The interval.
    pub eta: Eta,
    /// An operator paused, resumed or changed the rate meanwhile, which nobody could know.
    pub disturbed: bool,
}

/// How often waits shown at one depth were right.
#[derive(Debug, Clone, Copy, Default)]
struct Coverage {
    right: u32,
    early: u32,
    late: u32,
    /// Sum of the intervals' widths, as shares of the waits.
    width: f64,
}

/// What came of a sale.
#[derive(Debug, Clone)]
pub struct Figures {
    /// Kendall's distance between the order of the numbers and that of the calls: 0 is the same, 1 the reverse.
    pub disorder: f64,
    /// The same between the order of arriving and that of the calls; one half is chance.
    pub arrival_distance: f64,
    /// Called.
    called: usize,
    /// Of each group, its share of all who were called and of the first tenth.
    shares: Vec<(&'static str, f64, f64)>,
    /// By digits of the people ahead: undisturbed waits, then all.
    coverage: Vec<(Coverage, Coverage)>,
}

impl Figures {
    /// Figures from who was called (numbers, and people in the order of their arrival) and the waits shown.
    pub fn new(people: &[Visitor], called: &[u64], arrivals: &[u32], shown: &[Shown]) -> Self {
        let early = &arrivals[..arrivals.len().div_ceil(10)];
        let share = |group: Group, of: &[u32]| {
            let count = of.iter().filter(|who| people[**who as usize].group == group).count();
            count as f64 / of.len().max(1) as f64
        };
        let mut coverage = vec![(Coverage::default(), Coverage::default()); 7];
        for wait in shown {
            let (undisturbed, all) = &mut coverage[digits(wait.ahead)];
            all.count(wait);
            if !wait.disturbed {
                undisturbed.count(wait);
            }
        }
        Self {
            disorder: distance(called),
            arrival_distance: distance(&arrivals.iter().map(|who| u64::from(*who)).collect::<Vec<_>>()),
            called: called.len(),
            shares: Group::ALL
                .iter()
                .map(|&(group, name)| (name, share(group, arrivals), share(group, early)))
                .collect(),
            coverage,
        }
    }

    /// A group's share of the first tenth of the calls.
    pub fn early_share(&self, name: &str) -> f64 {
        self.shares.iter().find(|(group, ..)| *group == name).map_or(0.0, |(_, _, early)| *early)
    }

    /// Of the undisturbed waits that were shown at each depth with enough of them, the share that was right: by decimal
    /// digits of the people ahead, less one.
    #[cfg(test)]
    pub fn right_shares(&self, enough: u32) -> Vec<(usize, f64)> {
        let depths = self.coverage.iter().map(|(undisturbed, _)| undisturbed).enumerate();
        depths
            .filter(|(_, depth)| depth.all() >= enough)
            .map(|(digits, depth)| (digits, depth.share()))
            .collect()
    }
}

impl Coverage {
    fn count(&mut self, wait: &Shown) {
        let waited_s = u64::from(wait.waited_s);
        self.early += u32::from(waited_s < wait.eta.low_s);
        self.late += u32::from(waited_s > wait.eta.high_s);
        self.right += u32::from((wait.eta.low_s..=wait.eta.high_s).contains(&waited_s));
        self.width += (wait.eta.high_s - wait.eta.low_s) as f64 / waited_s.max(1) as f64;
    }

    fn all(&self) -> u32 {
        self.right + self.early + self.late
    }

    fn share(&self) -> f64 {
        f64::from(self.right) / f64::from(self.all().max(1))
    }
}

/// Decimal digits of a depth, less one: 0 for 0 to 9, 6 from a million on.
fn digits(ahead: u64) -> usize {
    (ahead.max(1).ilog10() as usize).min(6)
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
        writeln!(f, "{} called", self.called)?;
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
        for (power, (undisturbed, all)) in
            self.coverage.iter().enumerate().filter(|(_, (_, all))| all.all() > 0)
        {
            let (from, to) =
                (if power == 0 { 0 } else { 10u64.pow(power as u32) }, 10u64.pow(power as u32 + 1) - 1);
            let count = f64::from(undisturbed.all().max(1));
            writeln!(
                f,
                "{:<16} {:>7} {:>6.1}% {:>7.1}% {:>6.1}% {:>12.2} {:>14.1}% of {}",
                format!("{from}–{to}"),
                undisturbed.all(),
                undisturbed.share() * 100.0,
                f64::from(undisturbed.early) / count * 100.0,
                f64::from(undisturbed.late) / count * 100.0,
                undisturbed.width / count,
                all.share() * 100.0,
                all.all(),
            )?;
        }
        Ok(())
    }
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
