//! Two nodes on one Redis: what an operator does at one is seen by those who watch on the other.

use std::time::Duration;

use serde_json::{Value, json};
use shared::testing::Redis;

use crate::live::{Watcher, document};
use crate::world::{ROOM, World};

/// What has not come by then does not come.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_operator_does_at_one_node_is_seen_at_the_other() {
    let Some(redis) = Redis::shared() else { return };
    let url = redis.database();
    let here = World::start_over(url.clone(), |_| {}).await;
    here.put_room(ROOM, json!({"opens_at": null})).await;
    let there = World::start_at(here.clock.now(), |settings| settings.redis_url = url.into()).await;
    let watcher = Watcher::join(&there).await;
    let mut socket = watcher.watch(&there).await;
    let mut seen = async |is: &dyn Fn(&Value) -> bool| {
        // One more document may be on its way that was written before.
        let news = async { while !is(&document(&mut socket).await) {} };
        tokio::time::timeout(GIVEN_UP_AFTER, news).await.expect("nothing was seen of it");
    };
    seen(&|place| place["room_state"] == "lobby").await;
    here.put_room(ROOM, json!({"opens_at": null, "message": "Five minutes"})).await;
    seen(&|place| place["message"] == "Five minutes").await;
    here.press("pause").await;
    seen(&|place| place["paused"] == true).await;
    here.put_room(ROOM, json!({"opens_at": null, "closes_at": here.clock.now(), "message": null})).await;
    seen(&|place| place["room_state"] == "closed" && place["message"].is_null()).await;
    here.put_room(ROOM, json!({"opens_at": null})).await;
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
