//! How people reach the cluster: any node, again and again, until an answer settles what they asked.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::RequestBuilder;
use shared::entropy::Entropy;
use tokio::time::{Instant, sleep};

use super::cluster::Fronts;
use crate::api::{Answer, Api};

/// First pause after an answer that settled nothing; it doubles up to [`PAUSE_MAX`].
const PAUSE: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_millis(400);

/// Which service a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// The waiting room.
    Rooms,
    /// Booking.
    Shop,
}

/// The way to the cluster.
pub struct Client {
    /// Where randomness comes from.
    pub dice: Entropy,
    rooms: Vec<Api>,
    shop: Vec<Api>,
    /// Requests to do something that were answered with 2xx.
    acknowledged: AtomicU64,
    /// Requests that were sent again because nothing settled them.
    repeated: AtomicU64,
    /// Answers of 5xx that are no honest "come back later", by what they say.
    surprises: Mutex<BTreeMap<String, u64>>,
}

impl Client {
    /// A way to these nodes.
    pub fn new(fronts: Fronts, dice: Entropy) -> Self {
        Self {
            dice,
            rooms: fronts.rooms,
            shop: fronts.shop,
            acknowledged: AtomicU64::new(0),
            repeated: AtomicU64::new(0),
            surprises: Mutex::default(),
        }
    }

    /// Asks for something to be done: sends what `make` makes to one node after the other, the same each time, until
    /// an answer settles it: any that is not 408, 429, 5xx or "still at work". `None` when nothing did within
    /// `patience`.
    pub async fn ask(
        &self,
        service: Service,
        patience: Duration,
        make: impl Fn(&Api) -> RequestBuilder,
    ) -> Option<Answer> {
        let answer = self.look(service, patience, make).await?;
        if answer.is_success() {
            self.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
        Some(answer)
    }

    /// The same for questions: their answers are not counted as promises.
    pub async fn look(
        &self,
        service: Service,
        patience: Duration,
        make: impl Fn(&Api) -> RequestBuilder,
    ) -> Option<Answer> {
        let nodes = match service {
            Service::Rooms => &self.rooms,
            Service::Shop => &self.shop,
        };
        let (began, mut pause) = (Instant::now(), PAUSE);
        loop {
            let api = &nodes[self.dice.below(nodes.len() as u32) as usize];
            if let Ok(answer) = api.send(make(api)).await {
                self.note(&answer);
                if settles(&answer) {
                    return Some(answer);
                }
            }
            if began.elapsed() > patience {
                return None;
            }
            self.repeated.fetch_add(1, Ordering::Relaxed);
            sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// Requests to do something that were answered with 2xx so far.
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Requests that were sent again so far.
    pub fn repeated(&self) -> u64 {
        self.repeated.load(Ordering::Relaxed)
    }

    /// Answers of 5xx other than 503 and 504, by what they say.
    pub fn surprises(&self) -> BTreeMap<String, u64> {
        self.surprises.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, answer: &Answer) {
        if answer.status >= 500 && !matches!(answer.status, 503 | 504) {
            let mut surprises = self.surprises.lock().unwrap_or_else(PoisonError::into_inner);
            *surprises.entry(format!("{} {}", answer.status, answer.slug())).or_default() += 1;
        }
    }
}

/// Whether an answer says how the request ended.
fn settles(answer: &Answer) -> bool {
    match answer.status {
        408 | 429 | 500.. => false,
        409 => answer.slug() != "in-progress",
        _ => true,
    }
}
