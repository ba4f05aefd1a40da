//! Many nodes with clocks that disagree, one of them frozen for half a minute at a time, at work on one line. What
//! they did together is judged from the log of changes.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Result, ensure};
use shared::entropy::Entropy;
use shared::testing::Redis;
use time::Duration;
use tokio::task::JoinSet;

use super::super::*;
use super::{start, visitor};
use crate::queue::{Change, Standing};
use crate::rooms::rules::tests::open_room;

const VISITORS: u64 = 3000;
/// Rounds of each node.
const ROUNDS: u64 = 150;
/// How wrong each node's clock is, seconds. The last one is also frozen again and again.
const SKEWS_S: [i64; 5] = [0, -5, 5, 3, -2];
/// How long the last node is frozen: it goes on with the `now` from before.
const FROZEN: Duration = Duration::seconds(30);

/// A small shop; the rate hardly matters.
fn small_shop() -> Room {
    Room { cap: 12, rate_per_minute: 3000, claim_window_s: 20, session_length_s: 40, ..open_room() }
}

/// A slow door; the cap hardly matters.
fn slow_door() -> Room {
    Room { cap: 500, rate_per_minute: 30, claim_window_s: 40, session_length_s: 300, ..open_room() }
}

/// One node: ticks, lets people claim and depart, each with this node's idea of the time.
struct Node {
    store: RedisStore,
    clock: Arc<AtomicI64>,
    skew: Duration,
    freezes: bool,
    entropy: Entropy,
    serving: u64,
}

impl Node {
    async fn work(mut self) -> Result<()> {
        let room = open_room().id;
        for round in 0..ROUNDS {
            let mut now = Ts::from_micros(self.clock.fetch_add(400_000, Ordering::SeqCst)) + self.skew;
            if self.freezes && round % 10 == 9 {
                now = now - FROZEN;
            }
            self.store.call(&room, 50, now).await?;
            self.serving = self.store.census(&room, now).await?.serving;
            // Three in four are ghosts at first. Then everybody comes, in waves: more than cap and rate allow.
            if round % 20 < 14 {
                continue;
            }
            let comes = |number: &u64| round > ROUNDS / 2 || number % 4 == 1;
            for number in (self.serving.saturating_sub(40)..=self.serving).filter(comes) {
                self.visit(number, now).await?;
            }
        }
        Ok(())
    }

    async fn visit(&self, number: u64, now: Ts) -> Result<()> {
        let (room, place) = (open_room().id, visitor(number).place);
        let claim = Claim { place, jti: self.entropy.uuid_v7(now) };
        let claimed = self.store.claim(&room, vec![claim], now).await?.pop();
        if let Some(Claimed::Admitted(Place { standing: Standing::Admitted { jti, .. }, .. })) = claimed
            && self.entropy.below(40) == 0
        {
            self.store.depart(&room, vec![Depart { place, jti, how: Ending::Finished }], now).await?;
        }
        Ok(())
    }
}

/// Lets the nodes work on one line and reads what they did.
async fn worked(redis: &Redis, room: &Room, guard: Option<Guard>) -> Result<Vec<Change>> {
    let url = redis.database();
    let open = async || match guard {
        Some(guard) => RedisStore::sabotaged(&url, guard).await,
        None => RedisStore::open(&url).await,
    };
    let watch = open().await?;
    watch.put_room(room.clone(), start()).await?;
    watch.join(&room.id, (1..=VISITORS).map(visitor).collect(), start() - Duration::seconds(60)).await?;
    let clock = Arc::new(AtomicI64::new(start().micros()));
    let mut nodes = JoinSet::new();
    for (n, skew) in SKEWS_S.into_iter().enumerate() {
        let node = Node {
            store: open().await?,
            clock: clock.clone(),
            skew: Duration::seconds(skew),
            freezes: n + 1 == SKEWS_S.len(),
            entropy: Entropy::seeded(n as u64),
            serving: 0,
        };
        nodes.spawn(node.work());
    }
    while let Some(done) = nodes.join_next().await {
        done??;
    }
    let Changes::Steps { steps, .. } = watch.changes_since(&room.id, 0).await? else {
        anyhow::bail!("the log is too short for this test");
    };
    Ok(steps)
}

/// Cap at every step, rate in every sliding minute, order, nobody twice.
fn judge(room: &Room, steps: &[Change]) -> Result<()> {
    let (mut inside, mut ever, mut last_called) = (HashMap::new(), HashSet::new(), 0);
    let mut minute: VecDeque<Ts> = VecDeque::new();
    for step in steps {
        match step.to {
            Standing::Called { knock: None, .. } => {
                ensure!(step.number > last_called, "{} was called after {last_called}", step.number);
                last_called = step.number;
            }
            Standing::Admitted { at, .. } => {
                ensure!(ever.insert(step.number), "{} was admitted twice", step.number);
                inside.insert(step.number, at);
                ensure!(inside.len() <= room.cap as usize, "{} are inside", inside.len());
                ensure!(minute.back().is_none_or(|last| *last <= at), "time went back to {at}");
                while minute.front().is_some_and(|first| at - *first >= Duration::MINUTE) {
                    minute.pop_front();
                }
                minute.push_back(at);
                ensure!(minute.len() <= room.rate_per_minute as usize, "{} in a minute", minute.len());
            }
            Standing::Ended { .. } => drop(inside.remove(&step.number)),
            Standing::Waiting | Standing::Called { .. } => {}
        }
    }
    ensure!(ever.len() > 50, "only {} came in", ever.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cap_and_rate_hold_with_many_nodes_skewed_clocks_and_frozen_ones() {
    let Some(redis) = Redis::shared() else { return };
    for room in [small_shop(), slow_door()] {
        judge(&room, &worked(redis, &room, None).await.unwrap()).unwrap();
    }
}

/// The judge would notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_cap_rate_or_order_the_judge_says_so() {
    let Some(redis) = Redis::shared() else { return };
    for (room, guard, complaint) in [
        (small_shop(), Guard::Cap, "are inside"),
        (slow_door(), Guard::Rate, "in a minute"),
        (small_shop(), Guard::Order, "was called after"),
    ] {
        let verdict = judge(&room, &worked(redis, &room, Some(guard)).await.unwrap());
        let error = verdict.err().map(|error| error.to_string());
        assert!(error.as_ref().is_some_and(|error| error.contains(complaint)), "{guard:?}: {error:?}");
    }
}
