//! When a failed job is tried again, and when it is given up.

use shared::clock::Ts;
use shared::entropy::Entropy;
use time::Duration;

use crate::error::Error;

/// Attempts at one job, the first included. With the pauses below the last is some seven hours after the first: a mail
/// server may be away for a night shift before anybody must act.
pub const ATTEMPTS_MAX: i64 = 14;
/// Pause after the first failure; it doubles with each.
const FIRST_PAUSE_MS: u32 = 5_000;
/// Longest pause.
const LONGEST_PAUSE_MS: u32 = 2 * 60 * 60 * 1000;
/// Longest text kept of an error.
const ERROR_CHARS: usize = 500;

/// What becomes of a job that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is done.
    Done,
    /// Its time has not come.
    Later {
        /// Not before.
        run_at: Ts,
    },
    /// It failed and is tried again at `run_at`.
    Retry {
        /// Not before.
        run_at: Ts,
        /// Why it failed.
        error: String,
    },
    /// It failed for the last time; a person must look.
    Dead {
        /// Why it failed.
        error: String,
    },
}

/// Judges one attempt. A refusal is decided by rules and would be decided so again: it is dead at once. Any other
/// failure is tried again until the attempts are used up.
pub fn judge(outcome: Result<(), Error>, attempts: i64, entropy: &Entropy, now: Ts) -> Verdict {
    match outcome {
        Ok(()) => Verdict::Done,
        Err(Error::NotYet(pause)) => Verdict::Later { run_at: now + pause },
        Err(error) => {
            let text = error.to_string().chars().take(ERROR_CHARS).collect();
            if matches!(error, Error::Refused(_)) || attempts >= ATTEMPTS_MAX {
                Verdict::Dead { error: text }
            } else {
                Verdict::Retry { run_at: now + pause(attempts, entropy), error: text }
            }
        }
    }
}

/// Exponential back-off, of which one half is random, so that jobs that failed together do not return together.
fn pause(attempts: i64, entropy: &Entropy) -> Duration {
    let doublings = attempts.clamp(1, 16) as u32 - 1;
    let full = FIRST_PAUSE_MS.saturating_mul(1 << doublings).min(LONGEST_PAUSE_MS);
    Duration::milliseconds((full / 2 + entropy.below(full / 2 + 1)).into())
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use shared::problem::Problem;

    use super::*;

    fn failed(attempts: i64) -> Verdict {
        let failure = Err(Error::Internal("no answer".into()));
        judge(failure, attempts, &Entropy::seeded(1), Ts::from_seconds(0))
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_never_vanish() {
        for attempts in 1..ATTEMPTS_MAX {
            let Verdict::Retry { run_at, .. } = failed(attempts) else { panic!("given up at {attempts}") };
            let full = (5.0 * 2_f64.powi(attempts as i32 - 1)).min(7200.0);
            let pause = run_at.micros() as f64 / 1e6;
            assert!(pause >= full / 2.0 && pause <= full, "{pause} s after attempt {attempts}");
        }
    }

    #[test]
    fn a_job_whose_time_has_not_come_has_not_failed() {
        let pause = Duration::seconds(9);
        let judged = judge(Err(Error::NotYet(pause)), ATTEMPTS_MAX, &Entropy::seeded(1), Ts::from_seconds(0));
        assert_eq!(judged, Verdict::Later { run_at: Ts::from_seconds(9) });
    }

    #[test]
    fn the_last_failure_and_any_refusal_are_final() {
        assert_eq!(failed(ATTEMPTS_MAX), Verdict::Dead { error: "no answer".into() });
        let refusal = Problem::new(StatusCode::CONFLICT, "gone", "Gone");
        let verdict = judge(Err(refusal.into()), 1, &Entropy::seeded(1), Ts::from_seconds(0));
        assert!(matches!(verdict, Verdict::Dead { .. }));
    }
}
