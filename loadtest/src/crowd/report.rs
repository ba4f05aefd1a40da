//! What the crowd prints: a line each few seconds, and a summary.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::ledger::{Stage, Step};
use super::{Crowd, Outcome};
use crate::process::Usage;

/// Time between two status lines.
pub const EVERY: Duration = Duration::from_secs(5);

/// A report in the making.
pub struct Report<'o> {
    crowd: Arc<Crowd>,
    out: &'o mut (dyn Write + Send),
    began: Instant,
    usage: Usage,
    /// Whether the room's settings stayed what they were; else cap, rate and order of calls cannot be judged.
    steady: bool,
    watching_max: i64,
}

impl<'o> Report<'o> {
    /// Prints the heading.
    pub fn begin(crowd: &Arc<Crowd>, out: &'o mut (dyn Write + Send)) -> anyhow::Result<Self> {
        let (room, options) = (&crowd.room, &crowd.options);
        writeln!(
            out,
            "{} fans for “{}” at {} (cap {}, {} a minute, {} s to claim)",
            options.fans, room.name, options.url, room.cap, room.rate_per_minute, room.claim_window_s
        )?;
        let (began, usage) = (Instant::now(), Usage::own());
        Ok(Self { crowd: crowd.clone(), out, began, usage, steady: true, watching_max: 0 })
    }

    /// Prints one line.
    pub async fn status(&mut self) -> anyhow::Result<()> {
        self.watch_room().await;
        let ledger = &self.crowd.ledger;
        let at = |stage| ledger.at(stage);
        self.watching_max = self.watching_max.max(at(Stage::Waiting) + at(Stage::Called));
        writeln!(
            self.out,
            "{:>5} s  arrived {} · waiting {} · called {} · in shop {} · bought {} · left {} · ghosts {} · failed {} · broken promises {}",
            self.began.elapsed().as_secs(),
            ledger.arrived.load(Ordering::Relaxed),
            at(Stage::Waiting),
            at(Stage::Called),
            at(Stage::Shopping),
            at(Stage::Bought),
            at(Stage::Left),
            at(Stage::Vanished),
            at(Stage::Failed),
            ledger.violations().0,
        )?;
        Ok(self.out.flush()?)
    }

    /// Judges what can only be judged now and prints the summary.
    pub async fn finish(mut self) -> anyhow::Result<Outcome> {
        self.status().await?;
        let (crowd, room) = (self.crowd.clone(), &self.crowd.room);
        let ledger = &crowd.ledger;
        if self.steady {
            ledger.close(room.rate_per_minute as usize, room.cap.into());
        }
        self.latencies()?;
        self.costs()?;
        for (kind, count) in ledger.refusals() {
            writeln!(self.out, "  refused or failed     {count:>6} × {kind}")?;
        }
        let (violations, sentences) = ledger.violations();
        let (admitted, inside_max) = ledger.admissions();
        let judged = if self.steady { "judged" } else { "not judged: the room's settings changed" };
        writeln!(
            self.out,
            "  admitted {admitted}, at most {inside_max} at once; order, cap and rate {judged}"
        )?;
        for sentence in &sentences {
            writeln!(self.out, "  BROKEN: {sentence}")?;
        }
        writeln!(
            self.out,
            "{}",
            if violations == 0 { "  every promise was kept" } else { "  promises were broken" }
        )?;
        let at = |stage| u64::try_from(ledger.at(stage)).unwrap_or(0);
        Ok(Outcome {
            violations,
            arrived: ledger.arrived.load(Ordering::Relaxed),
            bought: at(Stage::Bought),
            failed: at(Stage::Failed),
            tickets: ledger.tickets.load(Ordering::Relaxed),
            admitted,
        })
    }

    fn latencies(&mut self) -> anyhow::Result<()> {
        writeln!(self.out, "  step        count    p50 ms    p95 ms    p99 ms    max ms")?;
        for step in Step::ALL {
            let seen = self.crowd.ledger.step(step);
            if seen.count() > 0 {
                let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|q| seen.quantile_ms(q));
                let name = format!("{step:?}").to_lowercase();
                let (count, max) = (seen.count(), seen.max_ms());
                writeln!(self.out, "  {name:<8} {count:>8}  {p50:>8.1}  {p95:>8.1}  {p99:>8.1}  {max:>8.1}")?;
            }
        }
        Ok(())
    }

    fn costs(&mut self) -> anyhow::Result<()> {
        let (ledger, now) = (&self.crowd.ledger, Usage::own());
        let (cpu_s, wall_s) = (now.cpu_s - self.usage.cpu_s, self.began.elapsed().as_secs_f64());
        let share = 100.0 * cpu_s / wall_s.max(0.001);
        writeln!(
            self.out,
            "  the crowd itself: {cpu_s:.1} s CPU in {wall_s:.0} s ({share:.0} % of one core), {:.0} MB; {} frames, {} reconnects, {} accounts, {} watching at most",
            now.rss_mb,
            ledger.frames.load(Ordering::Relaxed),
            ledger.reconnects.load(Ordering::Relaxed),
            self.crowd.accounts.open_count(),
            self.watching_max,
        )?;
        Ok(())
    }

    async fn watch_room(&mut self) {
        // A server that cannot be reached says nothing about its settings.
        if let Ok(room) = super::room(&self.crowd.api, &self.crowd.options.room).await {
            self.steady &= room == self.crowd.room;
        }
    }
}
