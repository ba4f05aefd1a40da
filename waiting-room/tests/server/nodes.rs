//! Two nodes on one Redis: what an operator does at one is seen by those who watch on the other.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shared::testing::Redis;

use crate::live::{Watcher, document};
use crate::world::{ROOM, World};

/// Longest from an operator's act at one node until it is on the screens of another one's visitors.
const SEEN_MAX: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_operator_does_at_one_node_is_seen_at_the_other_within_a_second() {
    let Some(redis) = Redis::shared() else { return };
    let url = redis.database();
    let here = World::start_over(url.clone(), |_| {}).await;
    here.put_room(ROOM, json!({"opens_at": null})).await;
    let there = World::start_at(here.clock.now(), |settings| settings.redis_url = url.into()).await;
    let watcher = Watcher::join(&there).await;
    let mut socket = watcher.watch(&there).await;
    let mut seen = async |is: &dyn Fn(&Value) -> bool| {
        let began = Instant::now();
        // One more document may be on its way that was written before.
        while !is(&document(&mut socket).await) {}
        let took = began.elapsed();
        assert!(took < SEEN_MAX, "seen after {took:?}");
    };
    seen(&|place| place["room_state"] == "lobby").await;
    here.put_room(ROOM, json!({"opens_at": null, "message": "Five minutes"})).await;
    seen(&|place| place["message"] == "Five minutes").await;
    here.press("pause").await;
    seen(&|place| place["paused"] == true).await;
    here.press("open").await;
    seen(&|place| place["state"] == "called").await;
    watcher.browser.claim().await;
    seen(&|place| place["state"] == "admitted").await;
    let admin = here.operator(shared::access::Role::Admin);
    let revoked = admin
        .post(format!("/api/v1/admin/rooms/{ROOM}/revoke"), Some(json!({"place": watcher.place_id()})))
        .await;
    assert_eq!(revoked.status(), 204);
    seen(&|place| place["state"] == "left").await;
}
