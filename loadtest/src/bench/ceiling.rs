//! What the disk and the database could do with nothing in between: the ceilings measured beside each figure.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use shared::clock::{Clock, Ts};
use shared::entropy::Entropy;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use tokio::time::Instant;
use uuid::Uuid;

use super::bare::{Purchase, STEPS, Step};
use crate::stage::Show;

/// Entries a second that reach the disk, when `batch` of them, `entry_len` bytes each, share one sync.
///
/// # Errors
/// When the file cannot be written.
pub fn journal(dir: &Path, entry_len: usize, batch: usize, length: Duration) -> anyhow::Result<f64> {
    let mut file = OpenOptions::new().create(true).append(true).open(dir.join("ceiling.journal"))?;
    let entries = vec![b'x'; entry_len * batch];
    let (began, mut appends) = (Instant::now(), 0u32);
    while began.elapsed() < length {
        file.write_all(&entries)?;
        file.sync_data()?;
        appends += 1;
    }
    Ok(f64::from(appends) * batch as f64 / began.elapsed().as_secs_f64())
}

/// The bare single-writer loop: the shop's statements on a copy of its database, through one connection, with neither
/// HTTP nor checks nor other tasks.
pub struct Bare {
    connection: SqliteConnection,
    path: PathBuf,
    show: Show,
    shoppers: Vec<Uuid>,
    entropy: Entropy,
    clock: Clock,
    turn: usize,
}

impl Bare {
    /// Copies the database of a running shop and opens the copy as the shop opens its own.
    ///
    /// # Errors
    /// When the copy cannot be made.
    pub async fn copy(database: &Path, dir: &Path, show: Show) -> anyhow::Result<Self> {
        let path = dir.join("ceiling.db");
        let mut original = SqliteConnectOptions::new().filename(database).connect().await?;
        sqlx::query("VACUUM INTO $1").bind(path.display().to_string()).execute(&mut original).await?;
        original.close().await?;
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        let mut connection = options.connect().await?;
        let shoppers = sqlx::query_scalar("SELECT id FROM users WHERE role = 'guest'")
            .fetch_all(&mut connection)
            .await?;
        let (entropy, clock) = (Entropy::system(), Clock::system());
        Ok(Self { connection, path, show, shoppers, entropy, clock, turn: 0 })
    }

    /// Holds of two tickets a second, `batch` in one commit.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn holds(&mut self, batch: usize, length: Duration) -> anyhow::Result<f64> {
        self.repeat(&STEPS[..1], batch, length).await
    }

    /// Full bookings of two tickets a second: each of the shop's transactions in its own commit, or those of `batch`
    /// shoppers together.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn bookings(&mut self, batch: usize, length: Duration) -> anyhow::Result<f64> {
        self.repeat(&STEPS, batch, length).await
    }

    async fn repeat(&mut self, steps: &[Step], batch: usize, length: Duration) -> anyhow::Result<f64> {
        let (began, mut done) = (Instant::now(), 0);
        while began.elapsed() < length {
            let mut purchases: Vec<Purchase> = (0..batch).map(|_| self.next_purchase()).collect();
            for step in steps {
                sqlx::query("BEGIN IMMEDIATE").execute(&mut self.connection).await?;
                for purchase in &mut purchases {
                    step.run(&mut self.connection, purchase).await?;
                }
                sqlx::query("COMMIT").execute(&mut self.connection).await?;
            }
            done += batch;
        }
        Ok(done as f64 / began.elapsed().as_secs_f64())
    }

    fn next_purchase(&mut self) -> Purchase {
        let now: Ts = self.clock.now();
        self.turn += 1;
        let shopper = self.shoppers[self.turn % self.shoppers.len()];
        let [hold, booking, payment] = std::array::from_fn(|_| self.entropy.uuid_v7(now));
        Purchase {
            show: self.show,
            shopper,
            hold,
            booking,
            payment,
            now,
            seats: Vec::new(),
            entropy: self.entropy.clone(),
        }
    }

    /// Closes and deletes the copy.
    ///
    /// # Errors
    /// When it cannot be deleted.
    pub async fn remove(self) -> anyhow::Result<()> {
        self.connection.close().await?;
        Ok(std::fs::remove_file(self.path)?)
    }
}
