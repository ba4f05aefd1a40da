//! The ticker: calls people, keeps this node's views up to date, tells the watchers.

use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;
use crate::live;
use crate::live::hub::SLOTS;
use crate::queue::StoreError;
use crate::rooms::rules::Room;

/// Called in one step at most; the next tick goes on.
const CALLS_PER_TICK: u32 = 10_000;
/// Ended places are forgotten, figures reported and key files looked at again this often.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

/// Ticks until the server stops. Any number of nodes may do this at the same time.
pub async fn tick_forever(app: App) {
    let mut ticks = interval(Duration::from_millis(app.settings.waiting_room.tick_ms));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    while running(&app, &mut ticks).await {
        if let Err(error) = tick(&app).await {
            tracing::warn!(%error, "a round of calling people in failed; the next one follows");
        }
    }
}

/// Serves the watchers slot by slot until the server stops.
pub async fn push_forever(app: App) {
    let mut passes = interval(Duration::from_secs(1) / SLOTS as u32);
    passes.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut slot = 0;
    while running(&app, &mut passes).await {
        app.hub.pass(slot, app.now(), Instant::now());
        slot = (slot + 1) % SLOTS;
    }
}

/// Forgets what is long over, reports figures, notices new key files.
pub async fn sweep_forever(app: App) {
    let mut rounds = interval(SWEEP_EVERY);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    while running(&app, &mut rounds).await {
        if let Err(error) = sweep(&app).await {
            tracing::warn!(%error, "the queue could not be swept");
        }
        for keys in [&app.place_keys, &app.admission_keys] {
            if let Err(error) = keys.reload() {
                tracing::error!(%error, "the keys could not be read again; those in use stay");
            }
        }
    }
}

/// One round for every room.
async fn tick(app: &App) -> Result<(), StoreError> {
    for room in app.store.rooms().await? {
        tick_room(app, room).await?;
    }
    Ok(())
}

async fn tick_room(app: &App, room: Room) -> Result<(), StoreError> {
    let called = app.store.call(&room.id, CALLS_PER_TICK, app.now()).await?;
    if called > 0 {
        metrics::counter!("queue_calls_total", "room" => room.id.to_string()).increment(called.into());
    }
    live::refresh(app, room).await
}

async fn sweep(app: &App) -> Result<(), StoreError> {
    for room in app.store.rooms().await? {
        let now = app.now();
        app.store.sweep(&room.id, now).await?;
        let census = app.store.census(&room.id, now).await?;
        let gauge = |name: &'static str, value: u64| {
            metrics::gauge!(name, "room" => room.id.to_string()).set(value as f64);
        };
        gauge("queue_waiting", census.waiting);
        gauge("queue_called", census.called);
        gauge("queue_admitted", census.admitted);
        gauge("queue_serving_number", census.serving);
        gauge("queue_admissions_total", census.totals.admitted);
        gauge("queue_turns_missed_total", census.totals.missed);
        gauge("queue_watchers", app.hub.watchers_of(&room.id) as u64);
    }
    Ok(())
}

/// Waits for the next round; false when the server stops.
async fn running(app: &App, rounds: &mut tokio::time::Interval) -> bool {
    tokio::select! {
        _ = rounds.tick() => true,
        () = app.stopping.cancelled() => false,
    }
}
