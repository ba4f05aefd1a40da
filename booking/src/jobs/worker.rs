//! The worker: leases due jobs, runs them beside one another within limits, notes how each ended.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::done::Done;
use super::rules::{Verdict, judge};
use super::{Job, Kind, dispatch, periodic, store, without_secret};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};

/// Longest a job may run; longer counts as a failure.
const RUN_MAX: Duration = Duration::from_secs(30);
/// How long a lease lasts: longer than any job runs, so that only a lost worker loses one.
const LEASE: time::Duration = time::Duration::seconds(90);
/// Between two looks for jobs, however often somebody says that there are some: a rush says so with each purchase, and a
/// look asks for every kind.
const BREATH: Duration = Duration::from_millis(50);
/// Between two handfuls of patient jobs while transactions queue.
const PATIENT_PAUSE: Duration = Duration::from_millis(250);
/// Jobs of a kind that [`run_due`] leases at a time.
const DRAIN_BATCH: usize = 32;

/// Runs jobs and periodic tasks until `stop`, then waits for those that run. One call per node.
pub fn spawn_workers(app: App, stop: CancellationToken) -> JoinHandle<()> {
    let recurring = tokio::spawn(periodic::run_all(app.clone(), stop.clone()));
    tokio::spawn(async move {
        work(app.clone(), stop).await;
        // A panic there was logged by its task; there is nothing left to stop.
        let _ = recurring.await;
        if let Err(error) = audit::seal(&app).await {
            tracing::warn!(%error, "the last acts could not be sealed in the audit log; the next start does it");
        }
    })
}

async fn work(app: App, stop: CancellationToken) {
    let places = Kind::ALL.map(|kind| (kind, Arc::new(Semaphore::new(kind.places()))));
    let running = TaskTracker::new();
    let poll = Duration::from_millis(app.settings.booking.job_poll_ms);
    let mut patient_at = Instant::now();
    while !stop.is_cancelled() {
        // Shoppers wait for an answer: while transactions queue, patient jobs get what little the pause leaves.
        let patient_wait = app.db.is_busy() && patient_at.elapsed() < PATIENT_PAUSE;
        let free: Vec<_> = places
            .iter()
            .filter(|(kind, places)| has_room(*kind, places) && !(kind.is_patient() && patient_wait))
            .collect();
        match start_due(&app, &free, &running).await {
            Ok(started) if started.iter().any(|kind| kind.is_patient()) => patient_at = Instant::now(),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "jobs could not be claimed; trying again"),
        }
        let woken = async {
            tokio::time::sleep(BREATH).await;
            app.jobs_waiting.notified().await;
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = woken => {}
            () = tokio::time::sleep(poll) => {}
        }
    }
    running.close();
    running.wait().await;
}

/// Whether half the places of a kind are free: jobs are claimed by the handful, not one by one.
fn has_room(kind: Kind, places: &Semaphore) -> bool {
    places.available_permits() * 2 >= kind.places()
}

/// Starts as many due jobs of these kinds as there are free places; the kinds that had some.
async fn start_due(app: &App, free: &[&(Kind, Arc<Semaphore>)], running: &TaskTracker) -> Result<Vec<Kind>> {
    let names: Vec<&str> = free.iter().map(|(kind, _)| kind.name()).collect();
    let due = store::due(&app.db, &names, app.now()).await?;
    let mut started = Vec::new();
    for (kind, places) in free.iter().filter(|(kind, _)| due.iter().any(|name| name == kind.name())) {
        started.push(*kind);
        let most = places.available_permits();
        let jobs = claim(app, *kind, most).await?;
        if jobs.len() == most {
            // There may be more than this node can take on.
            app.news.jobs();
        }
        for job in jobs {
            // Only this loop takes places, so as many as were free are free.
            let Ok(place) = places.clone().try_acquire_owned() else { break };
            let (app, kind, places) = (app.clone(), *kind, places.clone());
            running.spawn(async move {
                run(&app, job).await;
                drop(place);
                // There is room again: the next ones may be waiting for it.
                if has_room(kind, &places) {
                    app.wake_jobs();
                }
            });
        }
    }
    Ok(started)
}

/// Runs everything that is due, until nothing is; returns how many runs that took. For tests and tools: jobs are run
/// one after the other, with the clock as it stands.
pub async fn run_due(app: &App) -> Result<usize> {
    let mut ran = 0;
    loop {
        let before = ran;
        for kind in Kind::ALL {
            for job in claim(app, kind, DRAIN_BATCH).await? {
                run(app, job).await;
                ran += 1;
            }
        }
        if ran == before {
            return Ok(ran);
        }
    }
}

/// Leases up to `limit` due jobs of a kind, those included whose worker was lost.
pub async fn claim(app: &App, kind: Kind, limit: usize) -> Result<Vec<Job>> {
    let now = app.now();
    let lease = app.entropy.uuid_v7(now);
    #[cfg(feature = "testing")]
    if app.guards.is_off(crate::guards::Guard::JobLease) {
        return claim_unguarded(app, kind, limit, lease).await;
    }
    if store::is_any_lost(&app.db, kind, now).await? {
        app.db
            .write_soon("take_jobs_back", move |tx| {
                Box::pin(async move { store::take_back(tx, kind, now).await })
            })
            .await?;
    }
    let claimed = app
        .db
        .write_soon("claim_jobs", move |tx| {
            Box::pin(async move { store::claim(tx, kind, lease, now + LEASE, limit as i64, now).await })
        })
        .await?;
    Ok(claimed.into_iter().map(|row| row.job(kind, lease)).collect())
}

/// What a worker would do that looks first and leases then.
#[cfg(feature = "testing")]
async fn claim_unguarded(app: &App, kind: Kind, limit: usize, lease: uuid::Uuid) -> Result<Vec<Job>> {
    let now = app.now();
    let due = store::look_unguarded(&app.db, kind, limit as i64, now).await?;
    app.guards.meet().await;
    let claimed = app
        .db
        .write("claim_jobs", move |tx| {
            let due = due.clone();
            Box::pin(async move { store::claim_unguarded(tx, &due, lease, now + LEASE).await })
        })
        .await?;
    Ok(claimed.into_iter().map(|row| row.job(kind, lease)).collect())
}

impl store::Claimed {
    fn job(self, kind: Kind, lease: uuid::Uuid) -> Job {
        Job { id: self.id, kind, payload: self.payload.0, attempts: self.attempts, lease }
    }
}

/// Runs one leased job and notes how it ended.
async fn run(app: &App, job: Job) {
    let (id, kind) = (job.id, job.kind.name());
    // In a task of its own: a panic is this job's failure and nobody else's.
    let task = {
        let (app, job) = (app.clone(), job.clone());
        tokio::spawn(async move { tokio::time::timeout(RUN_MAX, dispatch::run(&app, &job)).await })
    };
    let outcome = match task.await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(Error::Internal(format!("not done within {} s", RUN_MAX.as_secs()))),
        Err(broken) => Err(Error::Internal(format!("the job broke off: {broken}"))),
    };
    match settle(app, job, outcome).await {
        Ok(true) => {}
        Ok(false) => tracing::warn!(%id, kind, "the lease of a job was lost before it ended"),
        // The lease runs out and the job runs again: it is safe to run twice.
        Err(error) => tracing::warn!(%id, kind, %error, "the end of a job could not be noted"),
    }
}

/// Notes how a leased job ended; `false` when its lease was lost meanwhile, and then nothing is changed.
pub async fn settle(app: &App, job: Job, outcome: Result<()>) -> Result<bool> {
    let now = app.now();
    let verdict = judge(outcome, job.attempts, &app.entropy, now);
    report(&job, &verdict);
    if verdict == Verdict::Done {
        let done = Done { id: job.id, lease: job.lease, payload: without_secret(job.payload.clone()) };
        if app.done_jobs.one(done).await?.is_some() {
            return Ok(true);
        }
    }
    let rows = app
        .db
        .write_soon("settle_job", move |tx| {
            let (job, verdict) = (job.clone(), verdict.clone());
            Box::pin(async move {
                match verdict {
                    Verdict::Done => {
                        store::finish(tx, job.id, job.lease, &without_secret(job.payload), now).await
                    }
                    Verdict::Later { run_at } => store::put_off(tx, job.id, job.lease, run_at).await,
                    Verdict::Retry { run_at, error } => {
                        store::postpone(tx, job.id, job.lease, run_at, &error).await
                    }
                    Verdict::Dead { error } => store::bury(tx, job.id, job.lease, &error).await,
                }
            })
        })
        .await?;
    Ok(rows == 1)
}

fn report(job: &Job, verdict: &Verdict) {
    let (id, kind, attempts) = (job.id, job.kind.name(), job.attempts);
    let end = match verdict {
        Verdict::Done => "done",
        Verdict::Later { .. } => "later",
        Verdict::Retry { error, .. } => {
            tracing::warn!(%id, kind, attempts, %error, "a job failed and will be tried again");
            "retried"
        }
        Verdict::Dead { error } => {
            tracing::error!(%id, kind, attempts, %error, "a job was given up; redrive it when its cause is mended");
            "dead"
        }
    };
    metrics::counter!("jobs_total", "kind" => kind, "end" => end).increment(1);
}
