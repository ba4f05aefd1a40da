//! State changes: named transactions in a task of their own.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use shared::entropy::Entropy;
use shared::traces;
use sqlx::PgPool;

use super::dual::PgTx;
use super::{Db, Dual, Pulse, Tx};
use crate::error::{Error, Result};

/// Attempts at one transaction, the first included.
const ATTEMPTS: u32 = 5;
/// Longest pause before the second attempt; it grows with each.
const PAUSE_MS: u32 = 10;

/// What a transaction does: statements on `tx`, nothing outside it, and safe to run again after a rollback.
pub type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 't>>;

/// How many statements a transaction has, and what its answer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// One.
    One,
    /// One for several at a time, found through indexes only: see [`Gather`](super::Gather).
    Together,
    /// Several for several at a time, likewise.
    List,
    /// One, whose commit reaches the disk soon after: see [`Db::write_soon`].
    Soon,
    /// Any number.
    Statements,
}

impl Db {
    /// Runs `work` in a transaction called `name` (in metrics and logs): commits on `Ok`, rolls back on `Err`.
    ///
    /// It runs in a task of its own, so a client that hangs up half-way neither cancels it nor poisons the
    /// connection. `work` may be run again: after a deadlock, a serialisation failure or a broken connection on
    /// PostgreSQL (five times in all, with jitter), and when SQLite's batch is repeated because a neighbour refused.
    ///
    /// # Errors
    /// What `work` says; [`Error::InDoubt`] when the connection broke or the server fell silent during COMMIT, so that
    /// nobody knows; the database's errors.
    ///
    /// ```ignore
    /// db.write("release_hold", move |tx| Box::pin(async move { store::release(tx, hold).await })).await
    /// ```
    pub async fn write<T, F>(&self, name: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync + 'static,
    {
        self.write_as(name, Extent::Statements, work).await
    }

    /// The same for `work` of one single statement, which PostgreSQL commits by itself: one round trip instead of
    /// three. What `work` says after its statement undoes nothing there, so `Err` must mean that the statement failed.
    pub async fn write_one<T, F>(&self, name: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync + 'static,
    {
        self.write_as(name, Extent::One, work).await
    }

    /// [`write_one`](Self::write_one) without waiting for the disk: a server that crashes within the next second may
    /// forget the commit, together with all that came after it; whatever somebody does wait for later carries it along.
    /// For what nobody was told, what is done again when it is forgotten, and what may be done twice: it is, when the
    /// connection breaks. On SQLite it is an ordinary write.
    pub async fn write_soon<T, F>(&self, name: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync + 'static,
    {
        self.write_as(name, Extent::Soon, work).await
    }

    /// [`write`](Self::write), [`write_one`](Self::write_one) or [`write_soon`](Self::write_soon), as `extent` says.
    pub async fn write_as<T, F>(&self, name: &'static str, extent: Extent, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync + 'static,
    {
        let done = async {
            match &*self.pools {
                Dual::Lite(pools) => pools.writer.write(name, work).await,
                Dual::Pg(pools) => {
                    let _under_way = pools.enter(extent);
                    let server = Server { pool: pools.of(extent).clone(), pulse: self.pulse.clone() };
                    let entropy = self.entropy.clone();
                    let task =
                        tokio::spawn(
                            async move { with_retries(&server, &entropy, name, extent, &work).await },
                        );
                    task.await.map_err(|e| Error::Internal(format!("transaction {name} broke off: {e}")))?
                }
            }
        };
        let outcome = traces::part(name, traces::Kind::Internal, done).await;
        let end = if outcome.is_ok() { "committed" } else { "rolled-back" };
        metrics::counter!("transactions_total", "name" => name, "end" => end).increment(1);
        outcome
    }
}

/// Connections to PostgreSQL, and whether it answers.
struct Server {
    pool: PgPool,
    pulse: Option<Arc<Pulse>>,
}

impl Server {
    fn is_lost(&self) -> bool {
        self.pulse.as_ref().is_some_and(|pulse| pulse.is_lost())
    }

    /// Does `work` as long as the server answers.
    async fn during<T, E: From<sqlx::Error>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        match &self.pulse {
            Some(pulse) => pulse.during(work).await,
            None => work.await,
        }
    }

    async fn begin(&self, extent: Extent) -> sqlx::Result<Tx> {
        if !matches!(extent, Extent::Statements | Extent::List) {
            return self.during(self.pool.acquire()).await.map(|one| Dual::Pg(PgTx::Single(one)));
        }
        let pool = self.pool.clone();
        // In a task of its own: a BEGIN that is given up half-way would come back to the pool as an open transaction.
        let begun = tokio::spawn(async move { pool.begin().await });
        let begun = self.during(async { begun.await.map_err(|_| sqlx::Error::WorkerCrashed)? });
        begun.await.map(|tx| Dual::Pg(PgTx::Begun(tx)))
    }
}

/// Tries again what cannot have been committed: after a deadlock or a serialisation failure, and on another connection
/// when the first broke off before its COMMIT was sent.
async fn with_retries<T, F>(
    server: &Server,
    entropy: &Entropy,
    name: &'static str,
    extent: Extent,
    work: &F,
) -> Result<T>
where
    F: for<'t> Fn(&'t mut Tx) -> Work<'t, T>,
{
    let mut attempt = 1;
    loop {
        match once(server, name, extent, work).await {
            Err(error)
                if (error.is_retryable() || error.is_broken_connection())
                    && attempt < ATTEMPTS
                    && !server.is_lost() =>
            {
                metrics::counter!("transaction_retries_total", "name" => name).increment(1);
                let pause = entropy.below(PAUSE_MS * attempt) + 1;
                tokio::time::sleep(Duration::from_millis(pause.into())).await;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn once<T, F>(server: &Server, name: &'static str, extent: Extent, work: &F) -> Result<T>
where
    F: for<'t> Fn(&'t mut Tx) -> Work<'t, T>,
{
    let mut tx = server.begin(extent).await?;
    match server.during(work(&mut tx)).await {
        Ok(value) => match server.during(tx.commit()).await.map_err(Error::from) {
            Ok(()) => Ok(value),
            // The server may have committed and died before it said so: never to be tried again blindly.
            Err(error) if error.is_broken_connection() => Err(Error::InDoubt(format!("{name}: {error}"))),
            Err(error) => Err(error),
        },
        Err(error) if error.is_broken_connection() => {
            tx.abandon();
            match extent {
                // A statement that commits itself may have done so before its connection broke.
                Extent::One | Extent::Together => Err(Error::InDoubt(format!("{name}: {error}"))),
                Extent::Soon | Extent::List | Extent::Statements => Err(error),
            }
        }
        Err(error) => {
            // What the work said is the answer, also when the connection can no longer be told to roll back: the
            // server does so by itself then.
            if let Err(cause) = server.during(tx.rollback()).await {
                tracing::debug!(name, %cause, "a rollback found its connection broken");
            }
            Err(error)
        }
    }
}
