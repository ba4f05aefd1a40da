//! Opening a database and bringing its tables up to date.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use secrecy::ExposeSecret;
use shared::clock::Clock;
use shared::config::{Booking, Settings};
use shared::entropy::Entropy;
use shared::folder;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgPool, SqlitePool};

use super::batch::Writer;
use super::{Dual, Extent, Pulse, Reads, patiently};

/// Longest wait for one of SQLite's readers; then the caller answers 503 instead of piling up.
const READER_WAIT: Duration = Duration::from_secs(5);
/// Of so many PostgreSQL connections one is for commits that nobody waits for: they are short.
const SOON_SHARE: u32 = 6;
/// Of so many PostgreSQL connections one is for steps that go together: few statements do much.
const TOGETHER_SHARE: u32 = 4;
/// A connection that was in use so recently is taken to be alive.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// Longest wait for SQLite's file lock, which only another process can hold.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A database of either engine. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pub(super) pools: Arc<Dual<PgPools, LitePools>>,
    /// Whether PostgreSQL answers, where somebody asks.
    pub(super) pulse: Option<Arc<Pulse>>,
    pub(super) entropy: Entropy,
}

/// Connections to PostgreSQL, by what they are for.
pub(super) struct PgPools {
    /// Where transactions begin.
    pub(super) transactions: PgPool,
    /// Where nobody ever begins one: reads, and writes of one statement.
    pub(super) statements: PgPool,
    /// Writes of one statement whose commit nobody waits for.
    pub(super) soon: PgPool,
    /// Writes for several at a time, most of them of one statement.
    together: PgPool,
    /// Writes that somebody waits for: transactions, and of one statement.
    under_way: [AtomicU32; 2],
}

impl PgPools {
    fn all(&self) -> [&PgPool; 4] {
        [&self.transactions, &self.statements, &self.soon, &self.together]
    }

    /// Where a write of this extent gets its connection.
    pub(super) fn of(&self, extent: Extent) -> &PgPool {
        match extent {
            Extent::One => &self.statements,
            Extent::Together | Extent::List => &self.together,
            Extent::Soon => &self.soon,
            Extent::Statements => &self.transactions,
        }
    }

    /// Counts a write until what is returned is dropped; one that nobody waits for is not counted.
    pub(super) fn enter(&self, extent: Extent) -> Option<UnderWay<'_>> {
        let count = match extent {
            Extent::Statements => &self.under_way[0],
            Extent::One | Extent::Together | Extent::List => &self.under_way[1],
            Extent::Soon => return None,
        };
        count.fetch_add(1, Ordering::Relaxed);
        Some(UnderWay(count))
    }

    /// Whether more writes are under way than there are connections for them.
    fn is_busy(&self) -> bool {
        let pools = [&self.transactions, &self.statements];
        let is_short = |(pool, writes): (&PgPool, &AtomicU32)| {
            writes.load(Ordering::Relaxed) > pool.options().get_max_connections()
        };
        pools.into_iter().zip(&self.under_way).any(is_short)
    }
}

/// A write under way.
pub(super) struct UnderWay<'p>(&'p AtomicU32);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// SQLite has one writer; readers see the last committed state without waiting for it.
pub(super) struct LitePools {
    read: SqlitePool,
    write: SqlitePool,
    pub(super) writer: Writer,
}

/// Connections of this node; on SQLite its readers.
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    /// Working.
    pub used: u32,
    /// Open and waiting for work.
    pub idle: u32,
    /// Open at most.
    pub max: u32,
}

impl Db {
    /// Opens the database of the settings and runs the migrations it lacks.
    pub async fn open(settings: &Settings, entropy: Entropy) -> anyhow::Result<Self> {
        let url = settings.database_url.expose_secret();
        let booking = &settings.booking;
        let db = if url.starts_with("postgres") {
            Self::open_postgres(url, booking, entropy).await?
        } else {
            let path = Self::sqlite_path(settings);
            folder::ensure_writable(&settings.data_dir)?;
            path.parent()
                .filter(|dir| !dir.as_os_str().is_empty())
                .map_or(Ok(()), folder::ensure_writable)?;
            Self::open_sqlite(&path, booking.readers, entropy).await?
        };
        db.migrate().await?;
        if booking.connections_ready {
            db.open_all().await;
        }
        Ok(db)
    }

    /// Opens every connection to PostgreSQL now, so that the first shoppers of a rush wait for none. That some cannot be opened is no
    /// reason not to start: they are asked for again when they are needed.
    async fn open_all(&self) {
        let Dual::Pg(pools) = &*self.pools else { return };
        for pool in pools.all() {
            let mut held = Vec::new();
            // Held until the last is there: one that is given back would be handed out again.
            while held.len() < pool.options().get_max_connections() as usize {
                match pool.acquire().await {
                    Ok(connection) => held.push(connection),
                    Err(error) => {
                        tracing::warn!(
                            %error,
                            "not all database connections could be opened: lower booking.connections, or raise max_connections of PostgreSQL"
                        );
                        return;
                    }
                }
            }
        }
    }

    /// Where the settings keep the SQLite file.
    pub(super) fn sqlite_path(settings: &Settings) -> PathBuf {
        match settings.database_url.expose_secret().strip_prefix("sqlite:") {
            Some(path) => path.into(),
            None => settings.data_dir.join("booking.db"),
        }
    }

    /// The same, and from now on PostgreSQL is asked all the time whether it answers: for whoever serves. SQLite needs
    /// nobody's answer.
    pub fn with_pulse(mut self, settings: &Booking, clock: Clock) -> Self {
        if let Dual::Pg(pools) = &*self.pools {
            let answer_max = Duration::from_millis(settings.database_answer_ms);
            let options = (*pools.transactions.connect_options()).clone();
            self.pulse = Some(Pulse::start(options, answer_max, clock));
        }
        self
    }

    /// A PostgreSQL database, not migrated.
    pub async fn open_postgres(url: &str, settings: &Booking, entropy: Entropy) -> anyhow::Result<Self> {
        let options: PgConnectOptions = url.parse()?;
        let options = options.options([
            // An answer is sent after the commit has reached the disk, whatever the server's default is.
            ("synchronous_commit", "on".to_owned()),
            ("lock_timeout", settings.lock_wait_ms.to_string()),
            ("statement_timeout", settings.statement_max_ms.to_string()),
            ("idle_in_transaction_session_timeout", settings.idle_transaction_max_ms.to_string()),
            // Statements find their rows through indexes, whatever the tables looked like when they were planned, and
            // are planned once: planning the statement that places a hold costs as much as running it.
            ("plan_cache_mode", "force_generic_plan".to_owned()),
            ("enable_seqscan", "off".to_owned()),
            ("jit", "off".to_owned()),
        ]);
        let soon = (settings.connections / SOON_SHARE).max(1);
        let together = (settings.connections / TOGETHER_SHARE).max(1);
        let rest = settings.connections.saturating_sub(soon + together);
        let half = (rest / 2).max(1);
        let statements = pool(half, TRUSTED_FOR, settings).connect_lazy_with(options.clone());
        // A list has any length, and a table may have been empty when the statement was planned: it must not be read whole
        // for each list.
        let by_index = [("enable_hashjoin", "off"), ("enable_mergejoin", "off")];
        let soon = pool(soon, TRUSTED_FOR, settings)
            .connect_lazy_with(options.clone().options(by_index).options([("synchronous_commit", "off")]));
        // Asked each time whether it lives: a dead one would leave a whole list in doubt, and the question is one for all.
        let together =
            pool(together, Duration::ZERO, settings).connect_lazy_with(options.clone().options(by_index));
        let for_transactions = pool((rest - rest.min(half)).max(1), TRUSTED_FOR, settings)
            // A request cancelled inside `begin()` can hand back a connection with an open transaction, and later
            // writes on it would vanish (sqlx issue 4385). `Db::write` avoids it; this is the second lock. A ROLLBACK by
            // itself usually finds nothing to undo, and the server's log says so each time; in a transaction that has
            // failed, BEGIN is an error, which closes the connection.
            .after_release(|connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql("BEGIN; ROLLBACK").execute(connection).await?;
                    Ok(true)
                })
            });
        let connect = async || Ok(for_transactions.clone().connect_with(options.clone()).await?);
        let transactions = patiently(connect).await.map_err(|e| {
            anyhow::anyhow!("cannot reach PostgreSQL: {e}. Check database_url and that it runs.")
        })?;
        let pools = PgPools { transactions, statements, soon, together, under_way: Default::default() };
        Ok(Self { pools: Arc::new(Dual::Pg(pools)), pulse: None, entropy })
    }

    /// A SQLite file, not migrated.
    pub async fn open_sqlite(path: &Path, readers: u32, entropy: Entropy) -> anyhow::Result<Self> {
        // FULL: what was answered with 2xx survives a power cut, not only a crash. Nothing is measured for the planner when a
        // connection closes: migration 29 tells it how rows spread, and plans must not change with the day.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(READER_WAIT)
            // A full disk makes SQLite end the transaction by itself, which sqlx does not notice: it would refuse to begin
            // another one on this connection for ever.
            .after_release(|connection, _| {
                Box::pin(async move {
                    if connection.is_in_transaction() {
                        // A rollback that was sent off has been done once this answers.
                        connection.ping().await?;
                    }
                    Ok(!connection.is_in_transaction())
                })
            })
            .connect_with(options.clone())
            .await
            .map_err(|e| anyhow::anyhow!("cannot open {}: {e}", path.display()))?;
        let read = SqlitePoolOptions::new()
            .max_connections(readers)
            .acquire_timeout(READER_WAIT)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await?;
        let writer = Writer::start(write.clone());
        let pools = Arc::new(Dual::Lite(LitePools { read, write, writer }));
        Ok(Self { pools, pulse: None, entropy })
    }

    /// An existing SQLite file, of which nothing can be written.
    pub(super) async fn open_sqlite_to_read(path: &Path, entropy: Entropy) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY_TIMEOUT);
        let pool = |connections| SqlitePoolOptions::new().max_connections(connections);
        let read = pool(1).connect_with(options.clone()).await?;
        let write = pool(1).connect_lazy_with(options);
        let writer = Writer::start(write.clone());
        let pools = Arc::new(Dual::Lite(LitePools { read, write, writer }));
        Ok(Self { pools, pulse: None, entropy })
    }

    /// Runs the migrations that are missing. Safe from several nodes at once on PostgreSQL (advisory lock). On a connection of its
    /// own, which does not log: a migration may take long, and is a page of text.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        match &*self.pools {
            Dual::Pg(pools) => {
                let options = pools.transactions.connect_options();
                let mut connection = (*options).clone().disable_statement_logging().connect().await?;
                sqlx::migrate!("migrations/postgres").run(&mut connection).await?;
                connection.close().await?;
            }
            Dual::Lite(pools) => {
                let options = pools.write.connect_options();
                let mut connection = (*options).clone().disable_statement_logging().connect().await?;
                sqlx::migrate!("migrations/sqlite").run(&mut connection).await?;
                connection.close().await?;
            }
        }
        Ok(())
    }

    /// Where to read outside a transaction: `q!(db.ex(), …)`. On SQLite a write here fails.
    pub fn ex(&self) -> Dual<Reads<'_>, &SqlitePool> {
        match &*self.pools {
            Dual::Pg(pools) => Dual::Pg(Reads { pool: &pools.statements, pulse: self.pulse.as_deref() }),
            Dual::Lite(pools) => Dual::Lite(&pools.read),
        }
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(&*self.pools, Dual::Pg(_))
    }

    /// Counts a write of this extent as under way, as long as what is returned lives; nothing to count on SQLite.
    pub(super) fn enter(&self, extent: Extent) -> Option<UnderWay<'_>> {
        match &*self.pools {
            Dual::Pg(pools) => pools.enter(extent),
            Dual::Lite(_) => None,
        }
    }

    /// How many connections there are.
    pub fn connections(&self) -> Connections {
        let (open, idle, max) = match &*self.pools {
            Dual::Pg(pools) => pools.all().into_iter().fold((0, 0, 0), |(open, idle, max), pool| {
                (open + pool.size(), idle + pool.num_idle(), max + pool.options().get_max_connections())
            }),
            Dual::Lite(pools) => {
                (pools.read.size(), pools.read.num_idle(), pools.read.options().get_max_connections())
            }
        };
        let idle = u32::try_from(idle).unwrap_or(u32::MAX).min(open);
        Connections { used: open - idle, idle, max }
    }

    /// Whether transactions queue: on SQLite for the writer, on PostgreSQL for a connection.
    pub fn is_busy(&self) -> bool {
        match &*self.pools {
            Dual::Pg(pools) => pools.is_busy(),
            Dual::Lite(pools) => pools.writer.is_busy(),
        }
    }

    /// Closes all connections, waiting for open transactions.
    pub async fn close(&self) {
        match &*self.pools {
            Dual::Pg(pools) => {
                for pool in pools.all() {
                    pool.close().await;
                }
            }
            Dual::Lite(pools) => {
                pools.read.close().await;
                pools.write.close().await;
            }
        }
    }
}

/// A pool that asks a connection whether it still lives only after it has been idle for longer than it is trusted: sqlx
/// would ask each time, which is a round trip for every statement.
fn pool(connections: u32, trusted_for: Duration, settings: &Booking) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .min_connections(if settings.connections_ready { connections } else { 0 })
        .acquire_timeout(Duration::from_millis(settings.connection_wait_ms))
        .test_before_acquire(false)
        .before_acquire(move |connection, known| {
            Box::pin(async move {
                if known.idle_for >= trusted_for {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
}
