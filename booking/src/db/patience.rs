//! A node that starts waits for its database, which may be starting too.

use std::time::Duration;

use tokio::time::sleep;

use crate::error::Result;

/// How often a node that starts asks for PostgreSQL, and the pause between: half a minute, and what each try takes.
const TRIES: u32 = 30;
const PAUSE: Duration = Duration::from_secs(1);

/// Does `once` again while the database is away, for half a minute or a little longer.
///
/// # Errors
/// The last error; at once when it is none of an [outage](crate::error::Error::is_outage).
pub async fn patiently<T>(once: impl AsyncFn() -> Result<T>) -> Result<T> {
    again(once, TRIES, PAUSE).await
}

async fn again<T>(once: impl AsyncFn() -> Result<T>, tries: u32, pause: Duration) -> Result<T> {
    for _ in 1..tries {
        match once().await {
            Err(error) if error.is_outage() => {
                tracing::info!(%error, "waiting for the database");
                sleep(pause).await;
            }
            done => return done,
        }
    }
    once().await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use super::again;
    use crate::error::{Error, Result};

    /// What comes of four tries when `failures` of them fail with errors of `kind`, and how many there were.
    async fn tried(failures: u32, kind: fn() -> Error) -> (Result<()>, u32) {
        let tries = Cell::new(0);
        let once = async || {
            tries.set(tries.get() + 1);
            if tries.get() <= failures { Err(kind()) } else { Ok(()) }
        };
        (again(once, 4, Duration::ZERO).await, tries.get())
    }

    #[tokio::test]
    async fn a_database_that_comes_late_is_waited_for_but_not_for_ever() {
        let away = || Error::Database(sqlx::Error::PoolTimedOut);
        assert!(matches!(tried(2, away).await, (Ok(()), 3)));
        assert!(matches!(tried(9, away).await, (Err(Error::Database(_)), 4)));
        let wrong = || Error::Internal("a setting is wrong".to_owned());
        assert!(matches!(tried(2, wrong).await, (Err(Error::Internal(_)), 1)));
    }
}
