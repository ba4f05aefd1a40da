//! People who leave the line without a word.

use std::collections::{BTreeMap, HashSet};

use anyhow::{Result, ensure};

use super::*;

/// The shop is being filled until this second; then it is measured.
const WARM_S: i64 = 300;
/// The simulation ends here.
const END_S: i64 = 900;

/// With most of the line gone silently the shop is full nearly all the time, and ghosts alone never hold the
/// line up for more than two ticks.
pub async fn ghosts_do_not_empty_the_shop<S: Shelf>(shelf: &S) -> Result<()> {
    for (ghosts_in_ten, grace_s) in [(6, 0), (6, 60), (9, 0)] {
        let id = RoomId::parse(&format!("ghosts-{ghosts_in_ten}-{grace_s}"));
        let room = Room {
            id: id.ok_or_else(|| anyhow::anyhow!("bad id"))?,
            cap: 40,
            rate_per_minute: 6000,
            claim_window_s: 30,
            session_length_s: 240,
            grace_s,
            ..open_room()
        };
        let store = with_room(shelf, &room).await?;
        joined(&store, &room, 4000).await?;
        let mut sale =
            Sale { store, room, ghosts_in_ten, coming: BTreeMap::new(), seen: HashSet::new(), version: 0 };
        let (full, stall) = sale.run().await?;
        ensure!(full >= 0.95, "{ghosts_in_ten} ghosts in ten: the shop is only {:.1} % full", full * 100.0);
        ensure!(stall <= 2, "{ghosts_in_ten} ghosts in ten: nothing moved for {stall} ticks");
    }
    Ok(())
}

/// A sale seen from above: who is a ghost and who will come is known here, and only here.
struct Sale<S> {
    store: S,
    room: Room,
    ghosts_in_ten: u64,
    /// Visitors who will claim, by second: one to four seconds after their call.
    coming: BTreeMap<i64, Vec<u64>>,
    /// Numbers that have been called.
    seen: HashSet<u64>,
    version: u64,
}

impl<S: QueueStore> Sale<S> {
    /// The mean share of the cap in use, and the longest run of ticks in which seats were free, nobody was
    /// called and nobody was on the way.
    async fn run(&mut self) -> Result<(f64, u32)> {
        let (mut used, mut stall, mut longest_stall) = (0, 0, 0);
        for second in 0..END_S {
            let called = self.tick(second).await?;
            let admitted = self.store.census(&self.room.id, after(second)).await?.admitted;
            let stalled = admitted < self.room.cap.into() && called == 0 && self.coming.is_empty();
            stall = if stalled { stall + 1 } else { 0 };
            if second >= WARM_S {
                used += admitted;
                longest_stall = longest_stall.max(stall);
            }
        }
        Ok((used as f64 / ((END_S - WARM_S) as f64 * f64::from(self.room.cap)), longest_stall))
    }

    async fn tick(&mut self, second: i64) -> Result<u32> {
        for n in self.coming.remove(&second).unwrap_or_default() {
            if matches!(claim(&self.store, &self.room, n, after(second)).await?, Claimed::AtDoor(_)) {
                self.coming.entry(second + 1).or_default().push(n);
            }
        }
        let called = self.store.call(&self.room.id, 1000, after(second)).await?;
        for number in self.newly_called().await? {
            if number % 10 >= self.ghosts_in_ten {
                let delay_s = 1 + (number % 4) as i64;
                self.coming.entry(second + delay_s).or_default().push(number);
            }
        }
        Ok(called)
    }

    async fn newly_called(&mut self) -> Result<Vec<u64>> {
        let called = |step: &Change| matches!(step.to, Standing::Called { .. }).then_some(step.number);
        let (version, numbers): (u64, Vec<u64>) =
            match self.store.changes_since(&self.room.id, self.version).await? {
                Changes::Steps { version, steps, .. } => (version, steps.iter().filter_map(called).collect()),
                Changes::Whole(whole) => (whole.version, Vec::new()),
                Changes::Restoring { .. } => (self.version, Vec::new()),
            };
        self.version = version;
        Ok(numbers.into_iter().filter(|number| self.seen.insert(*number)).collect())
    }
}
