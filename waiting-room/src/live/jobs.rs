//! The passes: few tasks that tell the watchers, and say goodbye to them.

use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use super::mailbox::{self, Sheets};
use super::rounds::SLOTS;
use crate::app::App;

/// Sockets that are written to before others get their turn on this thread.
const PUSHES: usize = 64;

/// How many tasks share the passes: as many as there are cores.
pub fn pushers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(SLOTS)
}

/// Serves passes as they become due, beside other tasks that do the same, until the server stops. `start` is the same for all.
pub async fn push_forever(app: App, start: Instant) {
    let (mut sheets, mut sends, ending) = (Sheets::default(), 0, app.stop.ending());
    while !ending.is_cancelled() {
        let Some(pass) = app.hub.passes.take(start.elapsed()) else {
            let waiting = app.hub.passes.wait();
            tokio::select! {
                () = sleep_until(start + waiting.until()) => {}
                () = ending.cancelled() => {}
            }
            continue;
        };
        for pass in app.hub.passes.served_with(pass) {
            for some in app.hub.turn(pass.slot()).chunks(PUSHES) {
                sends += mailbox::pass(some, app.now(), pass.round(), &mut sheets);
                if sends >= PUSHES {
                    sends = 0;
                    yield_now().await;
                }
            }
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use shared::config::Settings;

    use super::*;
    use crate::live::Hub;
    use crate::live::hub::tests::{hub, left, letter, now, place, step};
    use crate::live::mailbox::{Letter, Subscription};
    use crate::rooms::rules::tests::open_room;
    use crate::rooms::rules::{Mode, Room};

    /// Within this everybody at a node has heard of what that node has.
    const TOLD_WITHIN_MS: u64 = 500;
    /// More than slots, so that some have two.
    const WATCHERS: u64 = SLOTS as u64 + 50;

    /// All passes that become due until the server is so old; afterwards the letters that came of them, by watcher.
    fn served(hub: &Hub, until_ms: u64, watchers: &[Subscription]) -> Vec<Option<Letter>> {
        let age = Duration::from_millis(until_ms);
        while let Some(pass) = hub.passes.take(age) {
            for pass in hub.passes.served_with(pass) {
                mailbox::pass(&hub.turn(pass.slot()), now(), pass.round(), &mut Sheets::default());
            }
        }
        watchers.iter().map(letter).collect()
    }

    /// A line that calls one a second, at a server of this age, whose news are all told.
    fn watched(age_ms: u64) -> (Hub, Vec<Subscription>) {
        let hub = hub(WATCHERS);
        let watch = |number| hub.subscribe(&open_room().id, place(number), 3, now()).unwrap();
        let watchers: Vec<_> = (1..=WATCHERS).map(watch).collect();
        served(&hub, age_ms, &watchers);
        (hub, watchers)
    }

    fn room() -> Room {
        Room { rate_per_minute: 60, ..open_room() }
    }

    #[test]
    fn whatever_an_operator_changes_is_told_within_half_a_second_and_once() {
        let changes: [fn(Room) -> Room; 4] = [
            |room| Room { message: Some("Five minutes".into()), ..room },
            |room| Room { rate_per_minute: 30, ..room },
            |room| Room { mode: Mode::Paused, ..room },
            |room| Room { closes_at: Some(now()), ..room },
        ];
        for (change, age_ms) in changes.iter().zip([2000, 2494, 2501, 2999]) {
            let (hub, watchers) = watched(age_ms);
            hub.set_room(change(room()), now());
            let told = served(&hub, age_ms + TOLD_WITHIN_MS, &watchers);
            assert!(told.iter().all(Option::is_some), "{change:?} after {age_ms} ms");
            let again = served(&hub, age_ms + 5 * TOLD_WITHIN_MS, &watchers);
            assert!(again.iter().all(Option::is_none), "{change:?} after {age_ms} ms");
        }
    }

    #[test]
    fn whoever_was_told_ahead_of_her_turn_has_no_other_in_that_second() {
        let (hub, watchers) = watched(2310);
        hub.set_room(Room { message: Some("Five minutes".into()), ..room() }, now());
        served(&hub, 2310 + TOLD_WITHIN_MS, &watchers);
        step(&hub, WATCHERS, 1, left());
        let (gone, wait) = watchers.split_first().unwrap();
        assert!(letter(gone).is_some(), "the own standing is told at once");
        let told = served(&hub, 2310 + 2 * TOLD_WITHIN_MS, wait);
        assert!(told.iter().all(Option::is_none), "a second after the news nobody has had other news");
        // Those near the turn; the others hear of positions later.
        let told = served(&hub, 2310 + 4 * TOLD_WITHIN_MS, &wait[..50]);
        assert!(told.iter().all(Option::is_some), "and all have a second later");
    }

    #[test]
    fn a_steered_pace_hastens_nobody() {
        let steering = serde_json::from_str(r#"{"rate_floor": 6, "rate_ceiling": 600}"#).unwrap();
        let steered = Room { steering: Some(steering), ..room() };
        let (hub, watchers) = watched(2000);
        hub.set_room(steered.clone(), now());
        served(&hub, 9000, &watchers);
        hub.set_room(Room { rate_per_minute: 59, ..steered }, now());
        let told = served(&hub, 9000 + TOLD_WITHIN_MS, &watchers[..SLOTS]);
        assert!(told.iter().flatten().count() <= SLOTS / 2, "none but those whose turn it was");
    }

    /// Another node hears of it with its next tick; what is left of the second is for the ways between.
    #[test]
    fn a_change_at_one_node_is_told_at_all_within_a_second() {
        let tick_ms = Settings::for_test(std::path::Path::new("unused")).waiting_room.tick_ms;
        assert!(tick_ms + TOLD_WITHIN_MS <= 800, "a tick is {tick_ms} ms");
    }
}
