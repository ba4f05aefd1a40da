//! PostgreSQL's pulse: a connection of its own that asks all the time, so that a server that is frozen or gone is noticed
//! at once and not by each request's patience.
//!
//! While an answer is owed, the breaker is open: whoever needs the server is refused at once, and whoever waits for it is
//! let go. The first answer closes it. A false alarm, on a machine that has no time for PostgreSQL, therefore lasts as
//! long as the answer is late and no longer: it is the same question that goes on waiting.

use std::io;
use std::sync::{Arc, Weak};
use std::time::Duration;

use shared::clock::{Clock, Ts};
use shared::skew::Skew;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// Between an answer and the next question. With the longest wait of the default settings (250 ms), a server that falls
/// silent is noticed within 300 ms.
const PAUSE: Duration = Duration::from_millis(50);
/// Longest wait for an answer that is late, before it is asked for on another connection.
const LATE_MAX: Duration = Duration::from_secs(1);
/// PostgreSQL has no connection to spare: it lives.
const TOO_MANY_CONNECTIONS: &str = "53300";

/// Whether PostgreSQL answers. The task that asks ends with the last owner.
pub struct Pulse {
    answers: watch::Sender<bool>,
    skew: Skew,
}

impl Pulse {
    /// Asks the server of `options` from now on; it is lost when it owes an answer for longer than `answer_max`.
    pub fn start(options: PgConnectOptions, answer_max: Duration, clock: Clock) -> Arc<Self> {
        let pulse = Arc::new(Self { answers: watch::Sender::new(true), skew: Skew::against("postgresql") });
        metrics::gauge!("database_up").set(1.0);
        tokio::spawn(ask_for_ever(Arc::downgrade(&pulse), options, answer_max, clock));
        pulse
    }

    /// Whether the server owes an answer.
    pub fn is_lost(&self) -> bool {
        !*self.answers.borrow()
    }

    /// Does `work` unless the server is lost before or meanwhile; `work` is then dropped.
    ///
    /// # Errors
    /// Those of `work`; a broken connection when the server is lost.
    pub async fn during<T, E: From<sqlx::Error>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let mut answers = self.answers.subscribe();
        if !*answers.borrow_and_update() {
            return Err(silent().into());
        }
        tokio::select! {
            biased;
            // What has an outcome keeps it.
            outcome = work => outcome,
            _ = answers.wait_for(|answers| !answers) => Err(silent().into()),
        }
    }

    fn found(&self) {
        if self.answers.send_if_modified(|answers| !std::mem::replace(answers, true)) {
            metrics::gauge!("database_up").set(1.0);
            tracing::info!("PostgreSQL answers again");
        }
    }

    fn lost(&self, cause: &str) {
        if self.answers.send_if_modified(|answers| std::mem::replace(answers, false)) {
            metrics::gauge!("database_up").set(0.0);
            metrics::counter!("database_losses_total").increment(1);
            tracing::error!(cause, "PostgreSQL does not answer; what needs it is refused until it does");
        }
    }
}

/// What a request is told whose server is lost.
fn silent() -> sqlx::Error {
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "PostgreSQL does not answer"))
}

async fn ask_for_ever(pulse: Weak<Pulse>, options: PgConnectOptions, answer_max: Duration, clock: Clock) {
    let mut connection = None;
    while let Some(pulse) = pulse.upgrade() {
        let was_open = connection.is_some();
        match beat(&pulse, &options, connection.take(), answer_max, &clock).await {
            Ok(open) => {
                pulse.found();
                connection = Some(open);
            }
            Err(error) if has_none_to_spare(&error) => pulse.found(),
            // One connection that breaks says nothing of the server: it is asked again on another one at once.
            Err(_) if was_open && !pulse.is_lost() => continue,
            Err(error) => pulse.lost(&error.to_string()),
        }
        drop(pulse);
        sleep(PAUSE).await;
    }
}

/// One question, which sounds the alarm while it has no answer.
async fn beat(
    pulse: &Pulse,
    options: &PgConnectOptions,
    connection: Option<PgConnection>,
    answer_max: Duration,
    clock: &Clock,
) -> sqlx::Result<PgConnection> {
    let mut answer = Box::pin(ask(options, connection, clock));
    if let Ok(answer) = timeout(answer_max, &mut answer).await {
        let (connection, (sent, theirs, received)) = answer?;
        pulse.skew.note(sent, theirs, received);
        return Ok(connection);
    }
    pulse.lost(&format!("an answer is owed for {} ms", answer_max.as_millis()));
    timeout(LATE_MAX, answer).await.map_err(|_| silent())?.map(|(connection, _)| connection)
}

/// Asks the server for its clock; ours before and after.
async fn ask(
    options: &PgConnectOptions,
    connection: Option<PgConnection>,
    clock: &Clock,
) -> sqlx::Result<(PgConnection, (Ts, Ts, Ts))> {
    let mut connection = match connection {
        Some(connection) => connection,
        None => options.connect().await?,
    };
    let sent = clock.now();
    let theirs = sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(&mut connection).await?;
    Ok((connection, (sent, theirs, clock.now())))
}

fn has_none_to_spare(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.code().as_deref() == Some(TOO_MANY_CONNECTIONS))
}
