//! People who leave the line without a word.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Result, ensure};

use super::*;

/// With most of the line gone silently the shop is full nearly all the time, and calls never stall.
pub async fn ghosts_do_not_empty_the_shop<S: Shelf>(shelf: &S) -> Result<()> {
    for ghosts_in_ten in [6, 9] {
        let id =
            RoomId::parse(&format!("ghosts-{ghosts_in_ten}")).ok_or_else(|| anyhow::anyhow!("bad id"))?;
        let room = Room {
            id,
            cap: 40,
            rate_per_minute: 6000,
            claim_window_s: 30,
            session_length_s: 240,
            ..open_room()
        };
        let store = with_room(shelf, &room).await?;
        joined(&store, &room, 4000).await?;
        let full = fullness(&store, &room, ghosts_in_ten).await?;
        ensure!(
            full >= 0.95,
            "with {ghosts_in_ten} ghosts in ten the shop is only {:.1} % full",
            full * 100.0
        );
    }
    Ok(())
}

/// Mean share of the cap in use from minute 5 to minute 15, ticking each second; those who are there claim
/// within four seconds of their call.
async fn fullness(store: &impl QueueStore, room: &Room, ghosts_in_ten: u64) -> Result<f64> {
    let mut coming: BTreeMap<i64, Vec<u64>> = BTreeMap::new();
    let (mut version, mut sum, mut called_at) = (0, 0, HashMap::new());
    for second in 0..900 {
        let now = after(second);
        for n in coming.remove(&second).unwrap_or_default() {
            if matches!(claim(store, room, n, now).await?, Claimed::AtDoor(_)) {
                coming.entry(second + 1).or_default().push(n);
            }
        }
        store.call(&room.id, 1000, now).await?;
        let changes = store.changes_since(&room.id, version).await?;
        let Changes::Steps { version: latest, steps, .. } = changes else {
            version = whole_version(changes);
            continue;
        };
        version = latest;
        for step in steps {
            let fresh = matches!(step.to, Standing::Called { knock: None, .. });
            if fresh && called_at.insert(step.number, second).is_none() && step.number % 10 >= ghosts_in_ten {
                coming.entry(second + 1 + (step.number % 4) as i64).or_default().push(step.number);
            }
        }
        if second >= 300 {
            sum += store.census(&room.id, now).await?.admitted;
        }
    }
    Ok(sum as f64 / (600.0 * f64::from(room.cap)))
}

fn whole_version(changes: Changes) -> u64 {
    match changes {
        Changes::Steps { version, .. } => version,
        Changes::Whole(whole) => whole.version,
    }
}
