//! The ticker: calls people, and keeps this node's views up to date.

use std::time::{Duration, Instant};

use shared::keys::RELOADED_EVERY;
use shared::skew::Skew;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;
use crate::live;
use crate::queue::{Census, StoreError};
use crate::rooms::rules::Room;

/// Called in one step at most; the next tick goes on.
const CALLS_PER_TICK: u32 = 10_000;
/// Ended places are forgotten, figures reported and key files looked at again this often.
const SWEEP_EVERY: Duration = RELOADED_EVERY.unsigned_abs();

/// Ticks until the server stops. Any number of nodes may do this at the same time.
pub async fn tick_forever(app: App) {
    let mut ticks = interval(Duration::from_millis(app.settings.waiting_room.tick_ms));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    while running(&app, &mut ticks).await {
        let (began, outcome) = (Instant::now(), tick(&app).await);
        metrics::histogram!("queue_tick_duration_seconds").record(began.elapsed());
        metrics::gauge!("queue_store_up").set(if outcome.is_ok() { 1.0 } else { 0.0 });
        if let Err(error) = outcome {
            tracing::warn!(%error, "a round of calling people in failed; the next one follows");
        }
    }
}

/// Forgets what is long over, reports figures, notices new key files.
pub async fn sweep_forever(app: App) {
    let mut rounds = interval(SWEEP_EVERY);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let skew = Skew::against("redis");
    while running(&app, &mut rounds).await {
        if let Err(error) = sweep(&app, &skew).await {
            tracing::warn!(%error, "the queue could not be swept");
        }
        for keys in [&app.place_keys, &app.admission_keys, &app.journal_keys] {
            if let Err(error) = keys.reload(app.now()) {
                tracing::error!(%error, "the keys could not be read again; those in use stay");
            }
        }
    }
}

/// One round for every room; a room that fails does not hold up the others.
async fn tick(app: &App) -> Result<(), StoreError> {
    let mut outcome = Ok(());
    for room in app.store.rooms().await? {
        outcome = tick_room(app, room).await.and(outcome);
    }
    outcome
}

async fn tick_room(app: &App, room: Room) -> Result<(), StoreError> {
    let called = app.store.call(&room.id, CALLS_PER_TICK, app.now()).await?;
    if called > 0 {
        metrics::counter!("queue_calls_total", "room" => room.id.to_string()).increment(called.into());
    }
    if room.steering.is_none() {
        return live::refresh(app, room).await;
    }
    // Waits are reckoned with the pace in force.
    let pace = app.store.census(&room.id, app.now()).await?.pace;
    live::refresh(app, room.at(pace)).await
}

async fn sweep(app: &App, skew: &Skew) -> Result<(), StoreError> {
    let sent = app.now();
    if let Some(theirs) = app.store.server_clock().await? {
        skew.note(sent, theirs, app.now());
    }
    for room in app.store.rooms().await? {
        let now = app.now();
        app.store.sweep(&room.id, now).await?;
        let census = app.store.census(&room.id, now).await?;
        report(&room, &census, app.hub.watchers_of(&room.id));
    }
    Ok(())
}

/// Figures of one line for `/metrics`. All nodes see the same line; only the watchers are each node's own.
fn report(room: &Room, census: &Census, watchers: usize) {
    let id = room.id.to_string();
    metrics::gauge!("queue_waiting", "room" => id.clone()).set(census.waiting as f64);
    metrics::gauge!("queue_called", "room" => id.clone()).set(census.called as f64);
    metrics::gauge!("queue_admitted", "room" => id.clone()).set(census.admitted as f64);
    metrics::gauge!("queue_cap", "room" => id.clone()).set(f64::from(census.pace.cap));
    let rate = f64::from(census.pace.rate_per_minute);
    metrics::gauge!("queue_rate_per_minute", "room" => id.clone()).set(rate);
    metrics::gauge!("queue_serving_number", "room" => id.clone()).set(census.serving as f64);
    metrics::counter!("queue_admissions_total", "room" => id.clone()).absolute(census.totals.admitted);
    metrics::counter!("queue_turns_missed_total", "room" => id.clone()).absolute(census.totals.missed);
    metrics::gauge!("queue_watchers", "room" => id).set(watchers as f64);
}

/// Waits for the next round; false when the server stops.
async fn running(app: &App, rounds: &mut tokio::time::Interval) -> bool {
    tokio::select! {
        _ = rounds.tick() => true,
        () = app.stop.ended() => false,
    }
}
