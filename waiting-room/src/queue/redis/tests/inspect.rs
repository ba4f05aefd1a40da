//! An index that Redis has lost is named by whoever looks into the line.

use shared::testing::Redis;
use time::Duration;

use super::super::*;
use super::{start, visitor};
use crate::rooms::rules::tests::open_room;

/// A line with somebody in every index: in the shop, at the door, called, waiting, over.
async fn in_every_index(store: &RedisStore) -> Room {
    let room = Room { cap: 1, ..open_room() };
    store.put_room(Room { cap: 4, ..room.clone() }, start()).await.unwrap();
    store.join(&room.id, (1..=6).map(visitor).collect(), start()).await.unwrap();
    store.call(&room.id, 3, start()).await.unwrap();
    // Lowered: the second who comes finds the shop full.
    store.put_room(room.clone(), start()).await.unwrap();
    for n in [1, 2] {
        let claim = Claim { place: visitor(n).place, jti: Uuid::from_u128(100 + u128::from(n)) };
        store.claim(&room.id, vec![claim], start()).await.unwrap();
    }
    store.leave(&room.id, visitor(6).place, Ending::Left, start()).await.unwrap();
    room
}

#[tokio::test]
async fn an_index_that_redis_has_lost_is_named() {
    let Some(redis) = Redis::start() else { return };
    for index in ["waiting", "door", "deadlines", "ended", "browsers"] {
        let url = redis.database();
        let store = RedisStore::open(&url).await.unwrap();
        let room = in_every_index(&store).await;
        let now = start() + Duration::seconds(1);
        let sound = store.inspect(&room.id, now).await.unwrap();
        assert!(sound.iter().all(|checked| checked.broken == 0), "{sound:#?}");
        let database = url.rsplit('=').next().unwrap();
        assert_eq!(redis.cli(&["-n", database, "DEL", &rooms::key(&room.id, index)]), "1", "{index}");
        let told = store.inspect(&room.id, now).await.unwrap();
        let words = format!("index “{index}”");
        assert!(
            told.iter().any(|checked| checked.invariant == "I15" && checked.to_string().contains(&words)),
            "{told:#?}"
        );
    }
}
