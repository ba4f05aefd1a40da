//! What a run prints: a line a round, and a summary.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use clap::ValueEnum;
use tokio::time::Instant;

use super::Outcome;
use super::client::Client;
use super::cluster::Layout;
use super::history::Losses;
use super::kinds::Fault;

/// One fault that was lived through.
pub struct Round {
    /// Which.
    pub fault: Fault,
    /// Answers of 2xx.
    pub acknowledged: u64,
    /// Promises found kept.
    pub found: u64,
    /// Promises broken.
    pub losses: Losses,
    /// From the first buyer to the last look.
    pub took: Duration,
}

/// Sums over the rounds.
pub struct Report {
    seed: u64,
    layout: Layout,
    began: Instant,
    faults: BTreeMap<Fault, u32>,
    repeated: u64,
    surprises: BTreeMap<String, u64>,
    outcome: Outcome,
}

impl Report {
    /// Writes the head.
    pub fn begin(seed: u64, layout: Layout, out: &mut impl Write) -> anyhow::Result<Self> {
        writeln!(out, "seed {seed}, layout {}", name(layout))?;
        writeln!(out, "round  fault             acknowledged  found again  losses  seconds")?;
        Ok(Self {
            seed,
            layout,
            began: Instant::now(),
            faults: BTreeMap::new(),
            repeated: 0,
            surprises: BTreeMap::new(),
            outcome: Outcome::default(),
        })
    }

    /// Writes a round's line, and a line for each loss.
    pub fn round(&mut self, number: u32, round: &Round, out: &mut impl Write) -> anyhow::Result<()> {
        let Round { fault, acknowledged, found, losses, took } = round;
        let seconds = took.as_secs_f64();
        writeln!(
            out,
            "{number:>5}  {fault:<16}  {acknowledged:>12}  {found:>11}  {:>6}  {seconds:>7.1}",
            losses.count
        )?;
        *self.faults.entry(*fault).or_default() += 1;
        self.outcome.rounds += 1;
        self.outcome.acknowledged += acknowledged;
        self.outcome.found += found;
        self.lost(losses, out)
    }

    /// Takes over what was seen at the end of a scene.
    pub fn scene(&mut self, losses: &Losses, client: &Client, out: &mut impl Write) -> anyhow::Result<()> {
        self.repeated += client.repeated();
        for (what, count) in client.surprises() {
            *self.surprises.entry(what).or_default() += count;
        }
        self.lost(losses, out)
    }

    /// Writes the summary.
    pub fn end(self, out: &mut impl Write) -> anyhow::Result<Outcome> {
        let Outcome { rounds, acknowledged, found, losses, .. } = self.outcome;
        writeln!(out)?;
        for (fault, count) in &self.faults {
            writeln!(out, "{count:>5} × {fault}")?;
        }
        for (what, count) in &self.surprises {
            writeln!(out, "{count:>5} answers of {what}")?;
        }
        writeln!(
            out,
            "{rounds} faults in {:.0} s: {acknowledged} answers of 2xx, {} requests sent again, {found} promises found kept, {losses} losses",
            self.began.elapsed().as_secs_f64(),
            self.repeated,
        )?;
        writeln!(
            out,
            "the same faults again: --seed {} --rounds {rounds} --layout {}",
            self.seed,
            name(self.layout)
        )?;
        Ok(self.outcome)
    }

    fn lost(&mut self, losses: &Losses, out: &mut impl Write) -> anyhow::Result<()> {
        for sentence in &losses.sentences {
            writeln!(out, "       LOST: {sentence}")?;
        }
        out.flush()?;
        self.outcome.losses += losses.count;
        self.outcome.sentences.extend(losses.sentences.iter().cloned());
        Ok(())
    }
}

fn name(layout: Layout) -> String {
    layout.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}
