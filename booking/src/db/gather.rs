//! Steps of many purchases that share one statement of PostgreSQL.
//!
//! A statement that touches ten tables costs more to begin than to do: opening tables and indexes, reading their checks
//! and triggers, taking locks, a commit. Steps of one kind that arrive while earlier ones are under way therefore go
//! together in the next statement (decision 58). Nobody waits for company: a step that comes alone goes alone.
//! SQLite has this already, for whole transactions, in its one writer (`batch`).

use std::sync::Arc;

use futures_util::future::join_all;
use shared::clock::{Clock, Ts};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::{Db, Extent, Tx, Work};
use crate::error::{Error, Result};

/// Steps in one statement at most: bounds how long the first waits for the last.
const TOGETHER_MAX: usize = 32;
/// Statements of one kind under way at a time. A second one goes only when it is full: what is cheap is company, and two half
/// statements have less of it than a whole one (measured: docs/benchmarks.md).
const STATEMENTS_MAX: usize = 4;
/// Steps waiting at most; beyond it callers wait for a place.
const WAITING_MAX: usize = 1024;

/// Does steps at an instant: one outcome for each, in their order; `None` for one that cannot be done so and has changed
/// nothing. One statement on PostgreSQL; on SQLite it is given one step at a time.
pub type Together<I, O> = for<'t> fn(&'t mut Tx, &'t [I], Ts) -> Work<'t, Vec<Option<O>>>;

/// What is known of a kind of step.
pub struct Kind<I, O> {
    /// In metrics and logs.
    pub name: &'static str,
    /// [`Extent::Together`], [`Extent::List`] for more than one statement, or [`Extent::Soon`] where nobody waits for the disk.
    pub extent: Extent,
    /// Does them.
    pub run: Together<I, O>,
    /// Whether two steps may not share a statement: they are about the same rows.
    pub collide: fn(&I, &I) -> bool,
}

impl<I, O> Clone for Kind<I, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, O> Copy for Kind<I, O> {}

/// Takes steps of one kind.
pub struct Gather<I, O> {
    db: Db,
    clock: Clock,
    kind: Kind<I, O>,
    /// Where PostgreSQL's worker takes them from; SQLite has none.
    waiting: Option<mpsc::Sender<Waiting<I, O>>>,
}

impl<I, O> Clone for Gather<I, O> {
    fn clone(&self) -> Self {
        Self {
            db: self.db.clone(),
            clock: self.clock.clone(),
            kind: self.kind,
            waiting: self.waiting.clone(),
        }
    }
}

struct Waiting<I, O> {
    step: I,
    reply: oneshot::Sender<Result<Option<O>>>,
}

impl<I, O> Gather<I, O>
where
    I: Clone + Send + Sync + 'static,
    O: Send + 'static,
{
    /// Starts to take steps of `kind`. The worker ends when this and its copies are dropped.
    pub fn start(db: &Db, clock: &Clock, kind: Kind<I, O>) -> Self {
        let waiting = db.is_postgres().then(|| {
            let (send, waiting) = mpsc::channel(WAITING_MAX);
            tokio::spawn(send_off(Sender { db: db.clone(), clock: clock.clone(), kind }, waiting));
            send
        });
        Self { db: db.clone(), clock: clock.clone(), kind, waiting }
    }

    /// Does a step, perhaps together with others, and returns after its commit; `None` when it cannot be done so and has
    /// changed nothing. A caller that goes away does not undo it.
    ///
    /// # Errors
    /// As [`Db::write_one`]. An error of the whole statement is an error of each step only when nothing else helps: else
    /// each is done again by itself.
    pub async fn one(&self, step: I) -> Result<Option<O>> {
        let Some(waiting) = &self.waiting else {
            return alone(&self.db, &self.clock, self.kind, step).await;
        };
        let _under_way = self.db.enter(self.kind.extent);
        let (reply, answer) = oneshot::channel();
        let closed = || Error::Database(sqlx::Error::PoolClosed);
        waiting.send(Waiting { step, reply }).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

/// Does one step by itself.
async fn alone<I, O>(db: &Db, clock: &Clock, kind: Kind<I, O>, step: I) -> Result<Option<O>>
where
    I: Clone + Send + Sync + 'static,
    O: Send + 'static,
{
    let mut outcomes = together(db, clock, kind, Arc::from([step])).await?;
    Ok(outcomes.pop().flatten())
}

async fn together<I, O>(db: &Db, clock: &Clock, kind: Kind<I, O>, steps: Arc<[I]>) -> Result<Vec<Option<O>>>
where
    I: Send + Sync + 'static,
    O: Send + 'static,
{
    let (count, clock) = (steps.len(), clock.clone());
    let outcomes = db
        .write_as(kind.name, kind.extent, move |tx| {
            let (steps, now) = (steps.clone(), clock.now());
            Box::pin(async move { (kind.run)(tx, &steps, now).await })
        })
        .await?;
    if outcomes.len() != count {
        let told = outcomes.len();
        return Err(Error::Internal(format!("{}: {told} outcomes for {count} steps", kind.name)));
    }
    Ok(outcomes)
}

/// What sends the steps off.
struct Sender<I, O> {
    db: Db,
    clock: Clock,
    kind: Kind<I, O>,
}

/// Sends off what waits, as soon as a statement may go; ends what is under way when nobody can ask for more.
async fn send_off<I, O>(sender: Sender<I, O>, mut waiting: mpsc::Receiver<Waiting<I, O>>)
where
    I: Clone + Send + Sync + 'static,
    O: Send + 'static,
{
    let sender = Arc::new(sender);
    let mut under_way = JoinSet::new();
    // Steps that collided with one before them go with the next.
    let mut kept: Vec<Waiting<I, O>> = Vec::new();
    loop {
        if kept.is_empty() && waiting.recv_many(&mut kept, TOGETHER_MAX).await == 0 {
            break;
        }
        while !may_go(kept.len(), under_way.len()) {
            let places = TOGETHER_MAX.saturating_sub(kept.len());
            tokio::select! {
                Some(_) = under_way.join_next() => {}
                1.. = waiting.recv_many(&mut kept, places), if places > 0 => {}
                else => break,
            }
        }
        let places = TOGETHER_MAX.saturating_sub(kept.len());
        kept.extend(std::iter::from_fn(|| waiting.try_recv().ok()).take(places));
        let (group, later) = part(kept, |one, other| (sender.kind.collide)(&one.step, &other.step));
        kept = later;
        let sender = sender.clone();
        under_way.spawn(async move { sender.send(group).await });
    }
    while under_way.join_next().await.is_some() {}
}

/// Whether a statement goes with the steps that are there, while others are under way: at once when it is the only one, and
/// beside others when it is full.
fn may_go(steps: usize, under_way: usize) -> bool {
    under_way == 0 || (steps >= TOGETHER_MAX && under_way < STATEMENTS_MAX)
}

/// Those that may go together, in their order, and those that must wait for them.
fn part<T>(steps: Vec<T>, collide: impl Fn(&T, &T) -> bool) -> (Vec<T>, Vec<T>) {
    let (mut group, mut later): (Vec<T>, Vec<T>) = (Vec::with_capacity(steps.len()), Vec::new());
    for next in steps {
        let meets = |other: &T| collide(other, &next);
        if group.iter().any(meets) || later.iter().any(meets) { later.push(next) } else { group.push(next) }
    }
    (group, later)
}

impl<I, O> Sender<I, O>
where
    I: Clone + Send + Sync + 'static,
    O: Send + 'static,
{
    /// Does a group. A group that failed for one of them has changed nothing: each is then done by itself.
    async fn send(&self, group: Vec<Waiting<I, O>>) {
        metrics::histogram!("steps_together", "kind" => self.kind.name).record(group.len() as f64);
        let steps: Arc<[I]> = group.iter().map(|one| one.step.clone()).collect();
        match together(&self.db, &self.clock, self.kind, steps).await {
            Ok(outcomes) => {
                for (one, outcome) in group.into_iter().zip(outcomes) {
                    let _ = one.reply.send(Ok(outcome));
                }
            }
            Err(Error::InDoubt(why)) => {
                for one in group {
                    let _ = one.reply.send(Err(Error::InDoubt(why.clone())));
                }
            }
            Err(error) if error.is_outage() => {
                for one in group {
                    let _ = one.reply.send(Err(Error::Database(sqlx::Error::PoolTimedOut)));
                }
            }
            Err(error) => self.send_alone(group, error).await,
        }
    }

    /// Does each by itself, after they failed together with `error`; one that was alone had its turn.
    async fn send_alone(&self, mut group: Vec<Waiting<I, O>>, error: Error) {
        if group.len() == 1 {
            if let Some(one) = group.pop() {
                let _ = one.reply.send(Err(error));
            }
            return;
        }
        let each = group.into_iter().map(|one| async move {
            let _ = one.reply.send(alone(&self.db, &self.clock, self.kind, one.step).await);
        });
        join_all(each).await;
    }
}

#[cfg(test)]
mod tests {
    use super::{STATEMENTS_MAX, TOGETHER_MAX, may_go, part};

    #[test]
    fn one_goes_at_once_and_more_beside_it_only_when_full() {
        assert!(may_go(1, 0));
        assert!(!may_go(TOGETHER_MAX - 1, 1));
        assert!(may_go(TOGETHER_MAX, 1));
        assert!(!may_go(TOGETHER_MAX, STATEMENTS_MAX));
    }

    #[test]
    fn who_meets_another_waits_and_keeps_the_order() {
        let same_shopper = |one: &(char, u8), other: &(char, u8)| one.0 == other.0;
        let (group, later) = part(vec![('a', 1), ('b', 1), ('a', 2), ('c', 1), ('a', 3)], same_shopper);
        assert_eq!(group, [('a', 1), ('b', 1), ('c', 1)]);
        assert_eq!(later, [('a', 2), ('a', 3)]);
    }
}
