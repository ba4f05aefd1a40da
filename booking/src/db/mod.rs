//! One SQL text for two engines (SQLite and PostgreSQL).
//!
//! Rules, each with a test:
//! - SQL stands as literals in `store.rs` files, written with [`q!`](crate::q), which registers it; one test prepares
//!   every registered statement on both engines.
//! - Every state change goes through [`Db::write`]: a named transaction in a task of its own, which is retried a
//!   bounded number of times and rolled back when the caller goes away.
//! - What is read outside of a transaction is read again when its connection had died ([`Reads`]), and on a server that
//!   does not answer nobody waits ([`Pulse`]).
//! - Steps of purchases go together in one statement on PostgreSQL ([`Gather`]); the statements that do so are written for
//!   one engine each, `q!(pg …)` and `q!(lite …)`.
//! - Every write says how many rows it expects ([`expect_rows`]).
//! - Instants are bound, never asked of the database; BIGINT/i64 only; `CAST(sum(x) AS BIGINT)`; lists through
//!   [`on!`](crate::on) and `QueryBuilder`; no `now()`, `random()`, arrays, `::casts`, ILIKE in shared text.
//! - A failed statement ends a PostgreSQL transaction: never "try, catch the duplicate, go on" inside one;
//!   use `ON CONFLICT DO NOTHING` and the row count.

mod batch;
mod connect;
mod dual;
mod gather;
mod patience;
mod pulse;
mod reads;
mod snapshot;
pub mod statistics;
mod write;

pub use connect::{Connections, Db};
pub use dual::{Dual, Statement, Tx, inventory};
pub use gather::{Gather, Kind};
pub use patience::patiently;
pub use pulse::Pulse;
pub use reads::Reads;
pub use write::{Extent, Work};

use crate::error::Error;

/// Fails when a write touched another number of rows than it must: the transaction is then rolled back.
pub fn expect_rows(what: &'static str, expected: u64, touched: u64) -> Result<(), Error> {
    if touched == expected {
        Ok(())
    } else {
        Err(Error::Internal(format!("{what}: {touched} rows were touched instead of {expected}")))
    }
}

/// Whether a statement failed because a column that must have a value would have had none.
pub fn lacks_value(error: &Error) -> bool {
    let Error::Database(error) = error else { return false };
    error.as_database_error().is_some_and(|e| e.kind() == sqlx::error::ErrorKind::NotNullViolation)
}

/// Whether a statement failed on a unique index or primary key that `columns` belong to, on either engine:
/// PostgreSQL names the constraint, SQLite the columns (`table.column`).
pub fn violates(error: &sqlx::Error, constraint: &str, columns: &str) -> bool {
    error.as_database_error().is_some_and(|e| {
        e.is_unique_violation() && (e.constraint() == Some(constraint) || e.message().contains(columns))
    })
}
