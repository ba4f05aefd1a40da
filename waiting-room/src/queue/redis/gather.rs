//! Gathers calls that arrive together into one call of the store.
//!
//! While one script runs, further wishes queue up; the next script takes all of them. So the more come at once,
//! the less each costs, and a lone one is not held up for others to come.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use shared::clock::Ts;
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::queue::StoreError;
use crate::rooms::rules::RoomId;

/// Wishes that share one script call. A script of so many joins takes Redis about a millisecond.
const BATCH_MAX: usize = 128;
/// Wishes that may wait; further callers wait before they are queued.
const QUEUED_MAX: usize = 4096;
/// Script calls under way at the same time: one that runs and one on its way.
const CALLS_MAX: usize = 2;

/// One verb's gatherer. Its task ends when this is dropped.
pub struct Gatherer<A, R> {
    wishes: mpsc::Sender<Wish<A, R>>,
}

struct Wish<A, R> {
    room: RoomId,
    now: Ts,
    ask: A,
    answer: oneshot::Sender<Result<R, StoreError>>,
}

/// Carries out the wishes of one room, answering in their order.
pub type Run<A, R> =
    dyn Fn(RoomId, Vec<A>, Ts) -> BoxFuture<'static, Result<Vec<R>, StoreError>> + Send + Sync;

impl<A: Send + 'static, R: Send + 'static> Gatherer<A, R> {
    /// A gatherer that calls `run`. Must be made within a runtime.
    pub fn new(run: Arc<Run<A, R>>) -> Self {
        let (wishes, queue) = mpsc::channel(QUEUED_MAX);
        tokio::spawn(gather(queue, run));
        Self { wishes }
    }

    /// One wish; it is carried out even when the returned future is dropped.
    pub async fn ask(&self, room: &RoomId, ask: A, now: Ts) -> Result<R, StoreError> {
        let (answer, answered) = oneshot::channel();
        let stopped = || StoreError::Unavailable("the queue has been stopped".into());
        let wish = Wish { room: room.clone(), now, ask, answer };
        self.wishes.send(wish).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

async fn gather<A: Send + 'static, R: Send + 'static>(
    mut queue: mpsc::Receiver<Wish<A, R>>,
    run: Arc<Run<A, R>>,
) {
    let calls = Arc::new(Semaphore::new(CALLS_MAX));
    let mut wishes = Vec::with_capacity(BATCH_MAX);
    loop {
        let Ok(permit) = calls.clone().acquire_owned().await else { return };
        if queue.recv_many(&mut wishes, BATCH_MAX).await == 0 {
            return;
        }
        let mut by_room: BTreeMap<RoomId, Vec<Wish<A, R>>> = BTreeMap::new();
        for wish in wishes.drain(..) {
            by_room.entry(wish.room.clone()).or_default().push(wish);
        }
        let run = run.clone();
        tokio::spawn(async move {
            let batches = by_room.into_iter().map(|(room, wishes)| carry_out(&*run, room, wishes));
            futures_util::future::join_all(batches).await;
            drop(permit);
        });
    }
}

async fn carry_out<A, R>(run: &Run<A, R>, room: RoomId, wishes: Vec<Wish<A, R>>) {
    let now = wishes.iter().map(|wish| wish.now).max().unwrap_or(Ts::from_micros(0));
    let (asks, waiting): (Vec<A>, Vec<_>) = wishes.into_iter().map(|wish| (wish.ask, wish.answer)).unzip();
    match run(room, asks, now).await {
        Ok(answers) => waiting.into_iter().zip(answers).for_each(|(to, answer)| drop(to.send(Ok(answer)))),
        Err(error) => waiting.into_iter().for_each(|to| drop(to.send(Err(error.clone())))),
    }
}
