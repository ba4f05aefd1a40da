//! A Redis that does not answer.

use futures_util::FutureExt;
use shared::testing::Redis;

use super::super::*;
use super::{start, visitor};
use crate::rooms::rules::tests::open_room;

/// Far longer than anything here takes.
const LOOKS_MAX: usize = 1000;

/// Until `store` answers again.
async fn answers_again(store: &RedisStore) {
    for _ in 0..LOOKS_MAX {
        if store.rooms().await.is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the store never came back");
}

#[tokio::test]
async fn a_frozen_redis_fails_calls_at_once_and_is_found_again() {
    let Some(redis) = Redis::start() else { return };
    let store = RedisStore::open(&redis.database()).await.unwrap();
    let room = open_room();
    store.put_room(room.clone(), start()).await.unwrap();
    store.join(&room.id, vec![visitor(1)], start()).await.unwrap();
    redis.freeze();
    let first = store.join(&room.id, vec![visitor(2)], start()).await;
    assert!(matches!(first, Err(StoreError::Unavailable(_))), "{first:?}");
    // From now on nothing waits for Redis: the answer is there at the first look.
    for _ in 0..100 {
        let next = store.census(&room.id, start()).now_or_never();
        assert!(matches!(next, Some(Err(StoreError::Unavailable(_)))), "{next:?}");
    }
    redis.thaw();
    answers_again(&store).await;
    let again = store.join(&room.id, vec![visitor(2)], start()).await.unwrap();
    assert!(matches!(&again[0], Joined::New(p) | Joined::Known(p) if p.number == 2), "{again:?}");
}

#[tokio::test]
async fn redis_tells_what_its_clock_shows() {
    let Some(redis) = Redis::start() else { return };
    let store = RedisStore::open(&redis.database()).await.unwrap();
    let clock = shared::clock::Clock::system();
    let sent = clock.now();
    let theirs = store.server_clock().await.unwrap().unwrap();
    assert!(sent <= theirs && theirs <= clock.now(), "one machine, one clock: {sent} {theirs}");
}

#[tokio::test]
async fn scripts_that_redis_forgot_are_loaded_again_unseen() {
    let Some(redis) = Redis::start() else { return };
    let store = RedisStore::open(&redis.database()).await.unwrap();
    let room = open_room();
    store.put_room(room.clone(), start()).await.unwrap();
    redis.cli(&["SCRIPT", "FLUSH"]);
    assert_eq!(store.join(&room.id, vec![visitor(1)], start()).await.map(|answers| answers.len()), Ok(1));
    redis.cli(&["CLIENT", "KILL", "TYPE", "normal"]);
    answers_again(&store).await;
    assert_eq!(store.census(&room.id, start()).await.map(|census| census.waiting), Ok(1));
}

#[tokio::test]
async fn a_full_redis_refuses_joins_without_half_written_places() {
    let Some(redis) = Redis::start() else { return };
    let store = RedisStore::open(&redis.database()).await.unwrap();
    let room = open_room();
    store.put_room(room.clone(), start()).await.unwrap();
    redis.cli(&["CONFIG", "SET", "maxmemory", "1"]);
    let refused = store.join(&room.id, vec![visitor(1)], start()).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    redis.cli(&["CONFIG", "SET", "maxmemory", "0"]);
    assert_eq!(store.census(&room.id, start()).await.map(|census| census.totals.joined), Ok(0));
    assert_eq!(store.find(&room.id, vec![visitor(1).place], start()).await, Ok(vec![None]));
    assert!(matches!(
        &store.join(&room.id, vec![visitor(1)], start()).await.unwrap()[0],
        Joined::New(place) if place.number == 1
    ));
}

#[tokio::test]
async fn an_address_where_nothing_answers_is_said_so() {
    let error = RedisStore::open("redis+unix:///nowhere/redis.sock").await.err().unwrap().to_string();
    assert!(error.contains("redis_url"), "{error}");
    let error = RedisStore::open("http://example.org").await.err().unwrap().to_string();
    assert!(error.contains("redis_url"), "{error}");
}
