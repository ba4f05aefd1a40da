//! State changes: named transactions in a task of their own.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::{Db, Tx};
use crate::error::{Error, Result};

/// Attempts at one transaction, the first included.
const ATTEMPTS: u32 = 5;
/// Longest pause before the second attempt; it grows with each.
const PAUSE_MS: u32 = 10;

/// What a transaction does: statements on `tx`, nothing outside it, and safe to run again after a rollback.
pub type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 't>>;

impl Db {
    /// Runs `work` in a transaction called `name` (in metrics and logs): commits on `Ok`, rolls back on `Err`.
    ///
    /// It runs in a task of its own, so a client that hangs up half-way neither cancels it nor poisons the
    /// connection. Deadlocks, serialisation failures and a busy file are retried up to five times with jitter.
    ///
    /// ```ignore
    /// db.write("release_hold", move |tx| Box::pin(async move { store::release(tx, hold).await })).await
    /// ```
    pub async fn write<T, F>(&self, name: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync + 'static,
    {
        let db = self.clone();
        let task = tokio::spawn(async move { db.attempt(name, &work).await });
        task.await.map_err(|e| Error::Internal(format!("transaction {name} broke off: {e}")))?
    }

    async fn attempt<T, F>(&self, name: &'static str, work: &F) -> Result<T>
    where
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync,
    {
        let mut attempt = 1;
        loop {
            match self.once(work).await {
                Err(error) if error.is_retryable() && attempt < ATTEMPTS => {
                    metrics::counter!("transaction_retries_total", "name" => name).increment(1);
                    let pause = self.entropy.below(PAUSE_MS * attempt) + 1;
                    tokio::time::sleep(Duration::from_millis(pause.into())).await;
                    attempt += 1;
                }
                outcome => {
                    let end = if outcome.is_ok() { "committed" } else { "rolled-back" };
                    metrics::counter!("transactions_total", "name" => name, "end" => end).increment(1);
                    return outcome;
                }
            }
        }
    }

    async fn once<T, F>(&self, work: &F) -> Result<T>
    where
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T>,
    {
        let mut tx = self.begin().await?;
        match work(&mut tx).await {
            Ok(value) => {
                tx.commit().await?;
                Ok(value)
            }
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        }
    }
}
