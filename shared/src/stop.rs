//! Stopping in two steps, so that a rolling restart loses nothing.
//!
//! 1. **Draining**: `/readyz` answers 503 and open streams are told to connect elsewhere, while requests are still
//!    served, until the load balancer has noticed.
//! 2. **Ending**: no new connections; open requests and leased jobs are finished, within a bound.
//!
//! A second signal abandons what is still open.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::sse::Event;
use futures_util::{Stream, StreamExt, stream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::entropy::Entropy;
use crate::problem::Problem;

/// Milliseconds after which a browser whose stream was ended tries again, at the earliest.
const RETRY_MIN_MS: u32 = 500;
/// … and what chance adds at most.
const RETRY_SPREAD_MS: u32 = 2500;

/// Where a node, or one role of it, stands between serving and stopped. Clones stand together.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    draining: CancellationToken,
    ending: CancellationToken,
    abandoned: CancellationToken,
}

impl Stop {
    /// Drains at the first SIGTERM or Ctrl-C, ends `drain` later, and abandons at the second signal.
    ///
    /// # Errors
    /// When the process may not listen to signals.
    pub fn on_signals(drain: Duration) -> std::io::Result<Self> {
        let stop = Self::default();
        let (told, mut signals) = (stop.clone(), Signals::listen()?);
        tokio::spawn(async move {
            signals.next().await;
            tracing::info!(
                "stopping: served for {} s more, then open requests are finished",
                drain.as_secs()
            );
            told.drain();
            tokio::select! {
                () = tokio::time::sleep(drain) => {}
                () = signals.next() => return told.abandon(),
            }
            told.end();
            signals.next().await;
            told.abandon();
        });
        Ok(stop)
    }

    /// Passes each step on to `follower`, which may also stop by itself.
    pub fn lead(&self, follower: &Stop) {
        let (leader, follower) = (self.clone(), follower.clone());
        tokio::spawn(async move {
            leader.draining.cancelled().await;
            follower.drain();
            leader.ending.cancelled().await;
            follower.end();
        });
    }

    /// Step one.
    pub fn drain(&self) {
        self.draining.cancel();
    }

    /// Step two, and step one if it was skipped.
    pub fn end(&self) {
        self.draining.cancel();
        self.ending.cancel();
    }

    /// Drops what is still open.
    pub fn abandon(&self) {
        self.end();
        self.abandoned.cancel();
    }

    /// Whether step one has begun.
    pub fn is_draining(&self) -> bool {
        self.draining.is_cancelled()
    }

    /// Ends with step one.
    pub async fn draining(&self) {
        self.draining.cancelled().await;
    }

    /// Cancelled with step two.
    pub fn ending(&self) -> CancellationToken {
        self.ending.clone()
    }

    /// Ends with step two.
    pub async fn ended(&self) {
        self.ending.cancelled().await;
    }

    /// Ends when what is still open is to be dropped.
    pub async fn abandoned(&self) {
        self.abandoned.cancelled().await;
    }

    /// Ends when one open stream should say goodbye: somewhere in the first three quarters of the `drain`, so that a
    /// crowd does not come back in one wave, and at the latest with step two.
    pub async fn farewell(&self, drain: Duration, entropy: &Entropy) {
        self.draining.cancelled().await;
        let spread_ms = u32::try_from(drain.as_millis() * 3 / 4).unwrap_or(u32::MAX);
        let pause = Duration::from_millis(entropy.below(spread_ms.max(1)).into());
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = self.ending.cancelled() => {}
        }
    }

    /// Refuses a new stream while draining, so that a load balancer opens it on another node.
    ///
    /// # Errors
    /// 503 `restarting`.
    pub fn admit_stream(&self) -> Result<(), Problem> {
        if !self.is_draining() {
            return Ok(());
        }
        Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "restarting", "This server restarts")
            .detail("Connect again; another server takes over and nothing is lost.")
            .retry_after(1))
    }
}

/// Server-sent `events` until the stream's [`farewell`](Stop::farewell). Its last word says when to come back, by
/// chance, so that not everybody does at once.
pub fn until_farewell(
    events: impl Stream<Item = Event>,
    stop: Stop,
    drain: Duration,
    entropy: Entropy,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let farewell = {
        let (stop, entropy) = (stop.clone(), entropy.clone());
        async move { stop.farewell(drain, &entropy).await }
    };
    let last_word = stream::once(async move {
        let come_back_ms = RETRY_MIN_MS + entropy.below(RETRY_SPREAD_MS);
        stop.is_draining().then(|| Event::default().retry(Duration::from_millis(come_back_ms.into())))
    });
    events.take_until(Box::pin(farewell)).chain(last_word.filter_map(std::future::ready)).map(Ok)
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn a_follower_takes_each_step_after_its_leader() {
        let (leader, follower) = (Stop::default(), Stop::default());
        leader.lead(&follower);
        assert!(follower.admit_stream().is_ok());
        leader.drain();
        follower.draining.cancelled().await;
        assert!(!follower.ending.is_cancelled());
        assert_eq!(follower.admit_stream().unwrap_err().slug(), "restarting");
        leader.end();
        follower.ending.cancelled().await;
        assert!(follower.abandoned().now_or_never().is_none());
    }

    #[tokio::test]
    async fn streams_end_with_step_two_at_the_latest() {
        let stop = Stop::default();
        let (waits, entropy) = (Duration::from_secs(3600), Entropy::seeded(1));
        let mut farewell = Box::pin(stop.farewell(waits, &entropy));
        assert!(farewell.as_mut().now_or_never().is_none());
        stop.drain();
        assert!(farewell.as_mut().now_or_never().is_none());
        stop.end();
        farewell.await;
    }
}
