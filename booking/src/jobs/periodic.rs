//! Tasks that recur: sweeping, reconciling, forgetting.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::{Kind, store};
use crate::analytics;
use crate::app::App;
use crate::audit;
use crate::bookings;
use crate::db::statistics;
use crate::error::Result;
use crate::health;
use crate::{users, webhooks};

/// How long done jobs are kept for those who look.
const KEEP_DONE: time::Duration = time::Duration::days(14);

/// A task that every node runs every so often; it must be safe beside itself on another node.
pub struct Periodic {
    /// Name in logs and metrics.
    pub name: &'static str,
    /// Pause between two runs.
    pub every: Duration,
    /// One run.
    pub run: fn(App) -> BoxFuture<'static, Result<()>>,
}

/// All of them.
fn all() -> Vec<Periodic> {
    vec![
        Periodic {
            name: "end-what-is-over",
            every: Duration::from_secs(1),
            run: |app| Box::pin(async move { bookings::upkeep::tick(&app).await }),
        },
        Periodic {
            name: "seal-audit-log",
            every: Duration::from_secs(1),
            run: |app| Box::pin(async move { audit::seal(&app).await.map(|_| ()) }),
        },
        Periodic {
            name: "measure-grown-tables",
            every: Duration::from_secs(1),
            run: |app| Box::pin(async move { statistics::refresh(&app.db).await.map(|_| ()) }),
        },
        Periodic {
            name: "report-health",
            every: Duration::from_secs(5),
            run: |app| Box::pin(health::report(app)),
        },
        Periodic {
            name: "count-open-jobs",
            every: Duration::from_secs(15),
            run: |app| Box::pin(count_open(app)),
        },
        Periodic {
            name: "update-gauges",
            every: Duration::from_secs(15),
            run: |app| Box::pin(analytics::update_gauges(app)),
        },
        Periodic {
            name: "look-at-webhooks",
            every: Duration::from_secs(1),
            run: |app| Box::pin(async move { webhooks::look(&app).await }),
        },
        Periodic {
            name: "forget-webhook-messages",
            every: Duration::from_secs(3600),
            run: |app| Box::pin(async move { webhooks::forget_old(&app).await }),
        },
        Periodic {
            name: "seal-second-factors",
            every: Duration::from_secs(3600),
            run: |app| Box::pin(async move { users::seal_old_totp(&app).await }),
        },
        Periodic {
            name: "forget-unproven-phones",
            every: Duration::from_secs(3600),
            run: |app| Box::pin(async move { users::phone::forget_old(&app).await }),
        },
        Periodic {
            name: "forget-done-jobs",
            every: Duration::from_secs(3600),
            run: |app| Box::pin(forget_done(app)),
        },
    ]
}

/// Runs all tasks, each at its own pace, until `stop`; a run that has begun is finished.
pub(super) async fn run_all(app: App, stop: CancellationToken) {
    let tasks = all().into_iter().map(|task| repeat(task, app.clone(), stop.clone()));
    futures_util::future::join_all(tasks).await;
}

async fn repeat(task: Periodic, app: App, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(task.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(error) = (task.run)(app.clone()).await {
            tracing::warn!(task = task.name, %error, "a periodic task failed and will run again");
            metrics::counter!("periodic_failures_total", "task" => task.name).increment(1);
        }
    }
}

/// What operators watch: jobs that wait for a worker, and dead letters that wait for a person.
async fn count_open(app: App) -> Result<()> {
    for kind in Kind::ALL {
        let open = store::count_open(&app.db, kind, app.now()).await?;
        metrics::gauge!("jobs_due", "kind" => kind.name()).set(open.due as f64);
        metrics::gauge!("jobs_dead", "kind" => kind.name()).set(open.dead as f64);
        let waits = open.oldest.map_or(0.0, |due| (app.now() - due).as_seconds_f64());
        metrics::gauge!("jobs_oldest_due_seconds", "kind" => kind.name()).set(waits);
    }
    Ok(())
}

async fn forget_done(app: App) -> Result<()> {
    let before = app.now() - KEEP_DONE;
    app.db
        .write("forget_done_jobs", move |tx| Box::pin(async move { store::forget_done(tx, before).await }))
        .await?;
    Ok(())
}
