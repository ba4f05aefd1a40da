//! The passes: few tasks that tell the watchers, and say goodbye to them.

use std::time::{Duration, Instant};

use tokio::task::yield_now;
use tokio::time::{MissedTickBehavior, interval_at};

use super::hub::SLOTS;
use crate::app::App;

/// Watchers that are told before others get their turn on this thread.
const PUSHES: usize = 64;
/// From one slot's turn to the next one's.
const PASS: Duration = Duration::from_millis(1000 / SLOTS as u64);

/// How many tasks share the slots evenly: no more than there are cores.
pub fn shards() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    (1..=cores.min(SLOTS)).rev().find(|shards| SLOTS.is_multiple_of(*shards)).unwrap_or(1)
}

/// Tells the watchers of every so many-th slot, from the `shard`-th on, until the server stops. Passes that are missed are
/// left out: their watchers get fresher news with the next round.
pub async fn push_forever(app: App, shard: usize) {
    let shards = shards();
    let start = tokio::time::Instant::now() + PASS * shard as u32;
    let mut passes = interval_at(start, PASS * shards as u32);
    passes.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let (mut slot, mut frames) = (shard, Vec::new());
    loop {
        tokio::select! {
            _ = passes.tick() => {}
            () = app.stop.ended() => return,
        }
        for some in app.hub.turn(slot).chunks(PUSHES) {
            let (now, at) = (app.now(), Instant::now());
            some.iter().for_each(|watcher| watcher.pass(now, at, &mut frames));
            yield_now().await;
        }
        slot = (slot + shards) % SLOTS;
    }
}

/// Says goodbye to the sockets once the server drains, slot by slot over the first three quarters of that time, so that a
/// crowd does not come back in one wave; at the latest when it stops.
pub async fn say_goodbye(app: App) {
    app.stop.draining().await;
    let pause = app.settings.drain() * 3 / 4 / SLOTS as u32;
    for slot in 0..SLOTS {
        app.hub.restart(slot);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.stop.ended() => {}
        }
    }
}
