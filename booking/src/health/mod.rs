//! How this node of the shop is doing, told to the waiting room every few seconds: rooms may let fewer people in while
//! the shop is slow or fails, and nobody once nothing is left to sell ([`shared::health`]).
//!
//! Every answer of the API is counted as it is given ([`measure`]); a periodic task takes the counts and reports them
//! ([`jobs`]).

mod jobs;
mod rules;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::response::Response;

use self::rules::{Counts, bucket};
use crate::app::App;

pub use jobs::report;

/// What this node has answered since its last report.
#[derive(Default)]
pub struct Vitals {
    failed: AtomicU64,
    queued: AtomicU64,
    took: [AtomicU64; rules::BUCKETS],
    /// The rooms that are reported to, and whether they want to know what is left to sell. Kept for when the database
    /// does not answer, which is when a report matters most.
    rooms: Mutex<BTreeMap<String, bool>>,
}

impl Vitals {
    /// Counts one answer: how long it took, whether the server failed, and whether transactions queued meanwhile.
    pub fn note(&self, took: Duration, has_failed: bool, has_queued: bool) {
        self.took[bucket(took)].fetch_add(1, Ordering::Relaxed);
        self.failed.fetch_add(has_failed.into(), Ordering::Relaxed);
        self.queued.fetch_add(has_queued.into(), Ordering::Relaxed);
    }

    /// The counts since the last call.
    fn take(&self) -> Counts {
        Counts {
            failed: self.failed.swap(0, Ordering::Relaxed),
            queued: self.queued.swap(0, Ordering::Relaxed),
            took: std::array::from_fn(|n| self.took[n].swap(0, Ordering::Relaxed)),
        }
    }
}

/// Counts an answer of the API.
pub async fn measure(
    app: App,
    answer: impl Future<Output = Result<Response, Infallible>>,
) -> Result<Response, Infallible> {
    let began = Instant::now();
    let response = answer.await?;
    app.vitals.note(began.elapsed(), response.status().is_server_error(), app.db.is_busy());
    Ok(response)
}
