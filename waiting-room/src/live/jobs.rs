//! The passes: few tasks that tell the watchers, and say goodbye to them.

use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use super::mailbox::{self, Sheets};
use super::rounds::SLOTS;
use crate::app::App;

/// Watchers that are told before others get their turn on this thread.
const PUSHES: usize = 64;

/// How many tasks share the passes: as many as there are cores.
pub fn pushers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(SLOTS)
}

/// Serves passes as they become due, beside other tasks that do the same, until the server stops. `start` is the same for all.
pub async fn push_forever(app: App, start: Instant) {
    let (mut sheets, ending) = (Sheets::default(), app.stop.ending());
    while !ending.is_cancelled() {
        let Some(pass) = app.hub.passes.take(start.elapsed()) else {
            let waiting = app.hub.passes.wait();
            tokio::select! {
                () = sleep_until(start + waiting.until()) => {}
                () = ending.cancelled() => {}
            }
            continue;
        };
        for some in app.hub.turn(pass.slot()).chunks(PUSHES) {
            mailbox::pass(some, app.now(), pass.round(), &mut sheets);
            yield_now().await;
        }
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
