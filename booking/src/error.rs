//! What can go wrong inside booking, and how it is answered.

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

    /// Whether the database is unreachable or overloaded, so that the caller may come back.
    fn is_outage(&self) -> bool {
        let Error::Database(error) = self else { return false };
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => true,
            // lock_not_available, query_canceled, admin_shutdown and its kin.
            sqlx::Error::Database(cause) => {
                cause.code().is_some_and(|code| code == "55P03" || code == "57014" || code.starts_with("57P"))
            }
            _ => false,
        }
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Error::Internal(format!("{error:#}"))
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(problem) => problem,
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
