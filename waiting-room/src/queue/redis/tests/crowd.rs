//! Many at once: what they cost Redis.

use futures_util::future::try_join_all;
use shared::testing::Redis;

use super::super::*;
use super::{start, visitor};
use crate::rooms::rules::tests::open_room;

/// Who come at once.
const CROWD: u64 = 500;

/// How often a command has been carried out, as Redis counts.
fn calls(redis: &Redis, command: &str) -> u64 {
    let figures = redis.cli(&["INFO", "commandstats"]);
    let of = figures.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls=")));
    of.and_then(|of| of.split(',').next()?.parse().ok()).unwrap_or(0)
}

/// After a loss everybody comes back within seconds. Were each a call of its own, Redis would be asked more than it can answer, its
/// answers would come too late, everybody would try again, and the line would never be whole.
#[tokio::test]
async fn a_crowd_that_comes_back_shares_its_calls() {
    let Some(redis) = Redis::start() else { return };
    let store = RedisStore::open(&redis.database()).await.unwrap();
    let room = open_room().id;
    store.put_room(open_room(), start()).await.unwrap();
    redis.cli(&["CONFIG", "RESETSTAT"]);

    let lost = |n| {
        let Join { place, browser, lane, .. } = visitor(n);
        Restore { place, browser, number: n, lane, account: None, joined_at: start() }
    };
    let back = try_join_all((1..=CROWD).map(|n| store.restore(&room, vec![lost(n)], start()))).await.unwrap();
    assert!(back.iter().zip(1..).all(|(places, n)| places[0].number == n), "each at her own number");
    let looks = try_join_all((1..=CROWD).map(|n| store.find(&room, vec![visitor(n).place], start()))).await;
    assert!(looks.unwrap().iter().all(|found| found[0].is_some()));
    try_join_all((1..=CROWD).map(|_| store.room(&room))).await.unwrap();

    // A call takes 128 at most, and may be sent before all have come.
    let (scripts, reads) = (calls(&redis, "evalsha"), calls(&redis, "hmget"));
    assert!((8..50).contains(&scripts), "{scripts} scripts for twice {CROWD}");
    assert!((1..25).contains(&reads), "{reads} reads for {CROWD}");
}
