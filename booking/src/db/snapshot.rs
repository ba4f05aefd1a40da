//! Reading one consistent state of everything, beside a running server.

use secrecy::ExposeSecret;
use shared::config::Settings;
use shared::entropy::Entropy;

use super::dual::PgTx;
use super::{Db, Dual, Tx};
use crate::error::Result;

impl Db {
    /// Opens the database of the settings only to look at it: nothing is created, migrated or written.
    ///
    /// # Errors
    /// When there is none, or it cannot be reached.
    pub async fn open_to_read(settings: &Settings, entropy: Entropy) -> anyhow::Result<Self> {
        let url = settings.database_url.expose_secret();
        if url.starts_with("postgres") {
            return Self::open_postgres(url, &settings.booking, entropy).await;
        }
        let path = Self::sqlite_path(settings);
        anyhow::ensure!(path.is_file(), "there is no database at {}. Check --data-dir.", path.display());
        Self::open_sqlite_to_read(&path, entropy).await
    }

    /// A read-only transaction that sees one state from its first statement to its last, whatever is written
    /// meanwhile; it locks nothing. Let go of it soon: SQLite cannot shorten its write-ahead log as long.
    pub async fn snapshot(&self) -> Result<Tx> {
        match self.ex() {
            Dual::Pg(reads) => {
                let mut tx =
                    reads.pool().begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                // Looking at millions of rows, or meanwhile at the lines, takes longer than any request may.
                for patience in [
                    "SET LOCAL statement_timeout = '15min'",
                    "SET LOCAL idle_in_transaction_session_timeout = '15min'",
                ] {
                    sqlx::query(patience).execute(&mut *tx).await?;
                }
                Ok(Dual::Pg(PgTx::Begun(tx)))
            }
            Dual::Lite(pool) => Ok(Dual::Lite(pool.begin().await?)),
        }
    }
}
