//! What `rushline verify` says: one line for each invariant that was looked into, in either service.

use std::fmt;

/// Offenders named for one sentence; the rest is counted.
pub const NAMED_MAX: usize = 5;

/// One sentence that must be true, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The invariant it is part of, such as `I1`.
    pub invariant: &'static str,
    /// What must be true.
    pub sentence: &'static str,
    /// How many things it was looked for in.
    pub looked_at: u64,
    /// How many of them break it.
    pub broken: u64,
    /// The first of those, by their ids and without personal data; at most [`NAMED_MAX`].
    pub offenders: Vec<String>,
}

impl Checked {
    /// A sentence about `looked_at` things, of which no offender is known yet.
    pub fn new(invariant: &'static str, sentence: &'static str, looked_at: u64) -> Self {
        Self { invariant, sentence, looked_at, broken: 0, offenders: Vec::new() }
    }

    /// Notes one thing that breaks it.
    pub fn offend(&mut self, offender: impl FnOnce() -> String) {
        self.broken += 1;
        if self.offenders.len() < NAMED_MAX {
            self.offenders.push(offender());
        }
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.broken == 0 { "holds " } else { "BROKEN" };
        write!(f, "{:4} {verdict} {:>9}  {}", self.invariant, self.looked_at, self.sentence)?;
        if self.broken > 0 {
            write!(f, " Broken {}×: {}", self.broken, self.offenders.join("; "))?;
            if self.broken > self.offenders.len() as u64 {
                f.write_str("; …")?;
            }
        }
        Ok(())
    }
}

/// Everything that was looked into, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The sentences.
    pub checked: Vec<Checked>,
}

impl Report {
    /// Adds a sentence.
    pub fn push(&mut self, checked: Checked) {
        self.checked.push(checked);
    }

    /// Adds what was found of a sentence to what was found of it before, elsewhere.
    pub fn add_up(&mut self, more: Checked) {
        let known = self.checked.iter_mut().find(|known| known.sentence == more.sentence);
        let Some(known) = known else { return self.push(more) };
        known.looked_at += more.looked_at;
        known.broken += more.broken;
        known.offenders.extend(more.offenders);
        known.offenders.truncate(NAMED_MAX);
    }

    /// Adds another report behind this one.
    pub fn extend(&mut self, other: Report) {
        self.checked.extend(other.checked);
    }

    /// Puts the sentences in the order of their invariants' numbers.
    pub fn sort(&mut self) {
        self.checked.sort_by_key(|checked| checked.invariant[1..].parse::<u32>().unwrap_or(u32::MAX));
    }

    /// Sentences that are broken.
    pub fn broken(&self) -> impl Iterator<Item = &Checked> {
        self.checked.iter().filter(|checked| checked.broken > 0)
    }

    /// The first broken sentence with its first offender; `None` when everything holds.
    pub fn first_violation(&self) -> Option<String> {
        let first = self.broken().next()?;
        let offender = first.offenders.first().map(String::as_str).unwrap_or_default();
        Some(format!("{}: {} ({offender})", first.invariant, first.sentence))
    }

    /// Whether the invariant is broken in a sentence with these words.
    #[cfg(feature = "testing")]
    pub fn names(&self, invariant: &str, words: &str) -> bool {
        self.broken().any(|checked| checked.invariant == invariant && checked.to_string().contains(words))
    }

    /// Panics with every broken sentence. For the end of tests.
    ///
    /// # Panics
    /// When a sentence is broken.
    #[cfg(feature = "testing")]
    pub fn assert_clean(&self) {
        let broken: Vec<String> = self.broken().map(ToString::to_string).collect();
        assert!(broken.is_empty(), "after this test it is no longer true that:\n{}", broken.join("\n"));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for checked in &self.checked {
            writeln!(f, "{checked}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_offender_is_named_and_the_rest_counted() {
        let mut report = Report::default();
        report.push(Checked::new("I1", "A seat is sold once.", 10));
        assert_eq!(report.first_violation(), None);
        let mut twice = Checked::new("I2", "Nothing is oversold.", 12);
        (1..=7).for_each(|seat| twice.offend(|| format!("seat {seat}")));
        report.push(twice);
        assert_eq!(report.first_violation().unwrap(), "I2: Nothing is oversold. (seat 1)");
        let text = report.to_string();
        assert!(text.contains("I1   holds         10  A seat is sold once.\n"), "{text}");
        assert!(text.contains("Broken 7×: seat 1; seat 2; seat 3; seat 4; seat 5; …"), "{text}");
    }
}
