//! What can go wrong inside booking, and how it is answered.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use shared::problem::Problem;

/// Results of stores and handlers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal is a value decided by rules; a failure is the machine's.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request is refused; the caller is told why.
    #[error("{0}")]
    Refused(#[from] Problem),
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The connection broke while a transaction was committed: it may have happened or not. Only a request that
    /// recognises its own repetition may be tried again.
    #[error("committed or not: {0}")]
    InDoubt(String),
    /// SQLite could not commit the transactions that this one was in. None of them has happened.
    #[error("{name}: not committed: {cause}")]
    NotCommitted {
        /// The transaction.
        name: &'static str,
        /// What became of all of them.
        cause: Arc<Error>,
    },
    /// The time of a job has not come; it runs again after so long. No failure.
    #[error("not yet; again in {0}")]
    NotYet(time::Duration),
    /// Anything else that is our fault; goes to the log.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// Whether the same transaction may succeed when tried again: PostgreSQL's serialisation failure (40001) and
    /// deadlock (40P01), SQLite's BUSY family (low byte 5 of the extended code).
    pub fn is_retryable(&self) -> bool {
        let Error::Database(error) = self else { return false };
        let Some(cause) = error.as_database_error() else { return false };
        match cause.code().as_deref() {
            Some("40001" | "40P01") => true,
            Some(code) => {
                cause.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some()
                    && code.parse::<i32>().is_ok_and(|code| code & 0xff == 5)
            }
            None => false,
        }
    }

    /// Whether the connection to PostgreSQL broke off: the server was stopped, the session was ended, the wire was cut.
    pub fn is_broken_connection(&self) -> bool {
        matches!(self, Error::Database(error) if is_broken_connection(error))
    }

    /// Whether the database is unreachable, overloaded or out of space, so that the caller may come back.
    pub fn is_outage(&self) -> bool {
        let error = match self {
            Error::Database(error) => error,
            Error::NotCommitted { cause, .. } => return cause.is_outage(),
            _ => return false,
        };
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
            sqlx::Error::Database(cause) => match cause.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
                Some(_) => cause.code().as_deref() == Some(SQLITE_FULL),
                None => cause.code().is_some_and(|code| {
                    OUTAGES.contains(&&*code) || OUTAGE_CLASSES.iter().any(|class| code.starts_with(class))
                }),
            },
            _ => self.is_broken_connection(),
        }
    }
}

/// Whether the connection to PostgreSQL broke off.
pub(crate) fn is_broken_connection(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| BROKEN.contains(&&*code)),
        _ => false,
    }
}

/// PostgreSQL's admin_shutdown, crash_shutdown and idle_in_transaction_session_timeout end the session.
const BROKEN: [&str; 3] = ["57P01", "57P02", "25P03"];
/// lock_not_available, query_canceled (a statement took too long), read_only_sql_transaction (a standby).
const OUTAGES: [&str; 3] = ["55P03", "57014", "25006"];
/// Connection exceptions, insufficient resources (disk, memory, connections), shutdown and start, system errors.
const OUTAGE_CLASSES: [&str; 4] = ["08", "53", "57P", "58"];
/// The disk is full.
const SQLITE_FULL: &str = "13";

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Error::Internal(format!("{error:#}"))
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(problem) => problem,
            Error::InDoubt(cause) => {
                tracing::warn!(%cause, "a request was turned away without knowing its outcome");
                Problem::unavailable(1).detail(
                    "The connection to the database broke while this was being written, so it may have happened or \
                     not. Repeat it with the same Idempotency-Key, or look first whether it is there.",
                )
            }
            error if error.is_outage() || error.is_retryable() => {
                tracing::warn!(%error, "a request was turned away");
                Problem::unavailable(1)
            }
            error => Problem::internal(&error),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}
