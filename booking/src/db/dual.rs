//! The enum of two engines, and the macros that write one statement for both.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

pub use inventory;

/// One of two things, by engine.
pub enum Dual<P, L> {
    /// PostgreSQL.
    Pg(P),
    /// SQLite.
    Lite(L),
}

/// An open transaction.
pub type Tx = Dual<PgTx, Transaction<'static, Sqlite>>;

/// A transaction of PostgreSQL.
pub enum PgTx {
    /// BEGIN … COMMIT.
    Begun(Transaction<'static, Postgres>),
    /// One statement, which commits itself: see [`Db::write_one`](super::Db::write_one).
    Single(PoolConnection<Postgres>),
}

impl Tx {
    /// The connection to run a statement on: `q!(tx.ex(), …)`.
    pub fn ex(&mut self) -> Dual<&mut PgConnection, &mut SqliteConnection> {
        match self {
            Dual::Pg(PgTx::Begun(tx)) => Dual::Pg(&mut **tx),
            Dual::Pg(PgTx::Single(connection)) => Dual::Pg(&mut **connection),
            Dual::Lite(tx) => Dual::Lite(&mut **tx),
        }
    }

    pub(super) async fn commit(self) -> sqlx::Result<()> {
        match self {
            Dual::Pg(PgTx::Begun(tx)) => tx.commit().await,
            Dual::Pg(PgTx::Single(_)) => Ok(()),
            Dual::Lite(tx) => tx.commit().await,
        }
    }

    /// Lets go of a transaction whose connection is broken, without waiting for anybody. What was not committed is rolled
    /// back: by the word that is sent with it, or by the end of the session.
    pub(super) fn abandon(self) {
        if let Dual::Pg(PgTx::Single(connection)) = self {
            drop(connection.detach());
        }
    }

    pub(super) async fn rollback(self) -> sqlx::Result<()> {
        match self {
            Dual::Pg(PgTx::Begun(tx)) => tx.rollback().await,
            Dual::Pg(PgTx::Single(_)) => Ok(()),
            Dual::Lite(tx) => tx.rollback().await,
        }
    }
}

/// A statement written with [`q!`](crate::q), so that a test can prepare all of them on both engines.
pub struct Statement {
    /// PostgreSQL's text; `None` when only SQLite runs it.
    pub pg: Option<&'static str>,
    /// SQLite's text, most often the same; `None` when only PostgreSQL runs it.
    pub lite: Option<&'static str>,
    /// File and line.
    pub at: &'static str,
}

inventory::collect!(Statement);

/// Runs one expression on whichever engine there is; `$c` is its connection. For statements with lists, which
/// are built with `sqlx::QueryBuilder`.
#[macro_export]
macro_rules! on {
    ($ex:expr, $c:ident => $body:expr) => {
        match $ex {
            $crate::db::Dual::Pg($c) => $body,
            $crate::db::Dual::Lite($c) => $body,
        }
    };
}

/// Runs one literal statement on whichever engine there is.
///
/// `q!(db.ex(), all Seat, "SELECT … WHERE id = $1", id)`: verbs are `exec` (rows touched), `one T`, `opt T`, `all T`
/// (rows as `#[derive(FromRow)]` structs) and `val T`, `optval T`, `vals T` (first columns). A second text for SQLite is written
/// `pg "…" lite "…"` and stays rare. A statement of one engine alone is given that engine's connection:
/// `q!(pg connection, all Seat, "SELECT …", id)`, `q!(lite connection, …)`; its text may be put together of pieces that several
/// have in common, by `concat!`.
#[macro_export]
macro_rules! q {
    (pg $c:ident, $verb:ident $($t:ty)?, $s:expr $(, $b:expr)* $(,)?) => {{
        $crate::db::inventory::submit! {
            $crate::db::Statement { pg: Some($s), lite: None, at: concat!(file!(), ":", line!()) }
        }
        $crate::q!(@ $verb $c, $s, [$($t)?] $(, $b)*)
    }};
    (lite $c:ident, $verb:ident $($t:ty)?, $s:expr $(, $b:expr)* $(,)?) => {{
        $crate::db::inventory::submit! {
            $crate::db::Statement { pg: None, lite: Some($s), at: concat!(file!(), ":", line!()) }
        }
        $crate::q!(@ $verb $c, $s, [$($t)?] $(, $b)*)
    }};
    ($ex:expr, $verb:ident $($t:ty)?, pg $p:literal lite $l:literal $(, $b:expr)* $(,)?) => {{
        $crate::db::inventory::submit! {
            $crate::db::Statement { pg: Some($p), lite: Some($l), at: concat!(file!(), ":", line!()) }
        }
        match $ex {
            $crate::db::Dual::Pg(c) => $crate::q!(@ $verb c, $p, [$($t)?] $(, $b)*),
            $crate::db::Dual::Lite(c) => $crate::q!(@ $verb c, $l, [$($t)?] $(, $b)*),
        }
    }};
    ($ex:expr, $verb:ident $($t:ty)?, $s:literal $(, $b:expr)* $(,)?) => {
        $crate::q!($ex, $verb $($t)?, pg $s lite $s $(, $b)*)
    };
    (@ exec $c:ident, $s:expr, [] $(, $b:expr)*) => {
        sqlx::query($s)$(.bind($b))*.execute($c).await.map(|r| r.rows_affected())
    };
    (@ one $c:ident, $s:expr, [$t:ty] $(, $b:expr)*) => {
        sqlx::query_as::<_, $t>($s)$(.bind($b))*.fetch_one($c).await
    };
    (@ opt $c:ident, $s:expr, [$t:ty] $(, $b:expr)*) => {
        sqlx::query_as::<_, $t>($s)$(.bind($b))*.fetch_optional($c).await
    };
    (@ all $c:ident, $s:expr, [$t:ty] $(, $b:expr)*) => {
        sqlx::query_as::<_, $t>($s)$(.bind($b))*.fetch_all($c).await
    };
    (@ val $c:ident, $s:expr, [$t:ty] $(, $b:expr)*) => {
        sqlx::query_scalar::<_, $t>($s)$(.bind($b))*.fetch_one($c).await
    };
    (@ optval $c:ident, $s:expr, [$t:ty] $(, $b:expr)*) => {
        sqlx::query_scalar::<_, $t>($s)$(.bind($b))*.fetch_optional($c).await
    };
    (@ vals $c:ident, $s:expr, [$t:ty] $(, $b:expr)*) => {
        sqlx::query_scalar::<_, $t>($s)$(.bind($b))*.fetch_all($c).await
    };
}
