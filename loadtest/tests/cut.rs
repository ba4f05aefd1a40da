//! Every connection is cut at once, and again with the server killed: everybody comes back to her own place. The same with
//! 50,000 sockets is `bench cut` (docs/benchmarks.md).

use std::time::Duration;

use loadtest::bench::cut::crowd::Crowd;
use loadtest::bench::cut::{Outcome, ROOM, still_line};
use loadtest::farm::Part;
use loadtest::server::{self, Server};
use serde_json::Value;
use shared::entropy::Entropy;

const SOCKETS: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn everybody_who_was_cut_off_comes_back_to_her_place() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Server::start(&server::binary().unwrap(), dir.path()).await.unwrap();
    let stage = still_line(&server).await.unwrap();
    let options =
        Part { url: server.url.clone(), room: ROOM.into(), from: "127.0.0.2".into(), sockets: SOCKETS };
    let dice = Entropy::seeded(1);
    let mut crowd = Crowd::open(&options, &dice).await.unwrap();
    for is_killed in [false, true] {
        crowd.cut().await;
        if is_killed {
            server.kill_and_restart().await.unwrap();
        }
        let returns = crowd.come_back(Duration::from_millis(500), &dice).await;
        let outcome = Outcome::of(&returns);
        assert!(outcome.is_whole(SOCKETS), "{outcome:?}");
    }
    let room: Value = stage.get(&format!("/api/v1/admin/rooms/{ROOM}")).await.unwrap();
    assert_eq!((&room["waiting"], &room["totals"]["joined"]), (&SOCKETS.into(), &SOCKETS.into()));
}
