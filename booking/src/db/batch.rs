//! SQLite's one writer: transactions that arrive together share one commit, and so one sync of the disk.
//!
//! With `synchronous=FULL` a commit waits for the disk; one transaction a commit would sell as many tickets a second
//! as the disk can sync. Group commit keeps the promise (an answer is sent only after its commit) and lifts the rate;
//! measured figures stand in `docs/benchmarks.md`.
//!
//! A batch first runs bare. When one of its transactions refuses, everything is rolled back and the batch runs again
//! with a savepoint around each: refusals are rare where it matters, and savepoints cost two statements each.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot};

use super::{Dual, Tx, Work};
use crate::error::{Error, Result};

/// Transactions in one commit at most: bounds how long the first waits for the last.
const BATCH_MAX: usize = 64;
/// Transactions waiting for the writer at most; beyond it callers wait, then are turned away.
const WAITING_MAX: usize = 1024;
/// Longest wait for a place among the waiting.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// Attempts to begin while another process holds the file.
const BEGIN_ATTEMPTS: u32 = 3;

/// Hands transactions to the writer task. The task ends when the last copy is dropped.
#[derive(Clone)]
pub(super) struct Writer {
    waiting: mpsc::Sender<Box<dyn Job>>,
}

/// One transaction with its result type hidden.
trait Job: Send {
    /// Runs the work and keeps its outcome; whether it succeeded.
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 't>>;
    /// Sends the outcome to the caller: what the work said, or why nothing was committed.
    fn answer(self: Box<Self>, commit: &Result<(), Arc<Error>>);
}

struct Pending<T, F> {
    name: &'static str,
    work: F,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Job for Pending<T, F>
where
    T: Send + 'static,
    F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 't>> {
        Box::pin(async move {
            let outcome = AssertUnwindSafe((self.work)(tx)).catch_unwind().await;
            let outcome = outcome.unwrap_or_else(|cause| Err(panicked(self.name, &*cause)));
            let succeeded = outcome.is_ok();
            self.outcome = Some(outcome);
            succeeded
        })
    }

    fn answer(self: Box<Self>, commit: &Result<(), Arc<Error>>) {
        let outcome = match (commit, self.outcome) {
            // A refusal stands whether or not the others were committed.
            (_, Some(Err(refused))) => Err(refused),
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Err(cause), _) => Err(Error::NotCommitted { name: self.name, cause: cause.clone() }),
            (Ok(()), None) => Err(Error::Internal(format!("{}: it was not run", self.name))),
        };
        // The caller may have gone; what was committed stays.
        let _ = self.reply.send(outcome);
    }
}

fn panicked(name: &str, cause: &(dyn Any + Send)) -> Error {
    let text = cause.downcast_ref::<String>().map(String::as_str).or(cause.downcast_ref::<&str>().copied());
    Error::Internal(format!("transaction {name} panicked: {}", text.unwrap_or("no message")))
}

impl Writer {
    /// Starts the writer task on the pool's one connection.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (waiting, jobs) = mpsc::channel(WAITING_MAX);
        tokio::spawn(write_batches(pool, jobs));
        Self { waiting }
    }

    /// Whether as many transactions wait as make a good batch.
    pub(super) fn is_busy(&self) -> bool {
        WAITING_MAX - self.waiting.capacity() >= BATCH_MAX / 4
    }

    /// Runs `work` in a transaction, perhaps together with others, and returns after the commit.
    pub(super) async fn write<T, F>(&self, name: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Pending { name, work, outcome: None, reply });
        self.waiting
            .send_timeout(job, WAIT_MAX)
            .await
            .map_err(|_| Error::Database(sqlx::Error::PoolTimedOut))?;
        answer.await.unwrap_or_else(|_| Err(Error::Database(sqlx::Error::PoolClosed)))
    }
}

async fn write_batches(pool: SqlitePool, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while jobs.recv_many(&mut batch, BATCH_MAX).await > 0 {
        metrics::histogram!("write_batch_size").record(batch.len() as f64);
        let commit = commit_together(&pool, &mut batch).await.map_err(|error| Arc::new(error.into()));
        for job in batch.drain(..) {
            job.answer(&commit);
        }
    }
}

async fn commit_together(pool: &SqlitePool, batch: &mut [Box<dyn Job>]) -> sqlx::Result<()> {
    let mut tx = begin(pool).await?;
    let mut refused = false;
    for job in batch.iter_mut() {
        if !job.run(&mut tx).await {
            refused = true;
            break;
        }
    }
    if !refused {
        return tx.commit().await;
    }
    tx.rollback().await?;
    // Alone, there is nothing to be saved from the refusal.
    if batch.len() == 1 {
        return Ok(());
    }
    let mut tx = begin(pool).await?;
    for job in batch {
        statement(&mut tx, "SAVEPOINT one").await?;
        if !job.run(&mut tx).await {
            statement(&mut tx, "ROLLBACK TO one").await?;
        }
        statement(&mut tx, "RELEASE one").await?;
    }
    tx.commit().await
}

/// IMMEDIATE: a transaction that reads first and then writes would otherwise fail at once when another process has
/// written meanwhile.
async fn begin(pool: &SqlitePool) -> sqlx::Result<Tx> {
    let mut attempt = 1;
    loop {
        match pool.begin_with("BEGIN IMMEDIATE").await {
            Ok(tx) => return Ok(Dual::Lite(tx)),
            Err(error) if attempt == BEGIN_ATTEMPTS => return Err(error),
            Err(error) => {
                tracing::warn!(%error, "the database file is held by another process");
                attempt += 1;
            }
        }
    }
}

async fn statement(tx: &mut Tx, text: &'static str) -> sqlx::Result<()> {
    match tx.ex() {
        Dual::Pg(connection) => sqlx::query(text).execute(connection).await.map(|_| ()),
        Dual::Lite(connection) => sqlx::query(text).execute(connection).await.map(|_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_commit_that_finds_the_disk_full_turns_its_callers_away_for_the_moment() {
        let pool = SqlitePool::connect("sqlite::memory:").await.unwrap();
        let mut narrow = pool.acquire().await.unwrap();
        sqlx::query("PRAGMA max_page_count = 1").execute(&mut *narrow).await.unwrap();
        let full = sqlx::query("CREATE TABLE large (n INTEGER)").execute(&mut *narrow).await.unwrap_err();
        fn work(_: &mut Tx) -> Work<'_, ()> {
            Box::pin(async { Ok(()) })
        }
        let (reply, answer) = oneshot::channel();
        let done = Box::new(Pending { name: "sale", work, outcome: Some(Ok(())), reply });
        done.answer(&Err(Arc::new(full.into())));
        let error = answer.await.unwrap().unwrap_err();
        assert!(error.is_outage(), "{error}");
        assert!(error.to_string().starts_with("sale: not committed"), "{error}");
    }
}
