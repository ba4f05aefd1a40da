//! A Redis that is frozen, or has lost everything, behind a server whose visitors watch and poll.

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::testing::Redis;

use crate::live::{Socket, Watcher, document};
use crate::world::{Browser, ROOM, World};

/// Rounds of looking for a condition, far more than any takes.
const LOOKS_MAX: usize = 1000;

/// The next document that is as wanted.
async fn document_when(socket: &mut Socket, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..LOOKS_MAX {
        let place = document(socket).await;
        if wanted(&place) {
            return place;
        }
    }
    panic!("the place never became so");
}

/// Until a browser's poll succeeds and is as wanted.
async fn polled_when(browser: &Browser, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..LOOKS_MAX {
        let answer = browser.get(format!("/api/v1/rooms/{ROOM}/places/me")).await;
        if answer.status() == StatusCode::OK {
            let place = answer.json().await.unwrap();
            if wanted(&place) {
                return place;
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the place never became so");
}

#[tokio::test]
async fn while_redis_is_frozen_waiters_keep_page_position_and_socket() {
    let Some(redis) = Redis::start() else { return };
    let world =
        World::start_over(redis.database(), |settings| settings.waiting_room.redis_answer_ms = 250).await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let inside = world.visitor().await;
    inside.place_when("called").await;
    let watcher = Watcher::join(&world).await;
    let mut socket = watcher.watch(&world).await;
    polled_when(&watcher.browser, |place| place["position"] == 1).await;
    redis.freeze();
    let place = polled_when(&watcher.browser, |_| true).await;
    assert_eq!((&place["number"], &place["position"]), (&json!(2), &json!(1)));
    let page = watcher.browser.get(format!("/queue/{ROOM}")).await;
    assert_eq!(page.status(), StatusCode::OK);
    let refused = world.browser().join().await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    redis.thaw();
    // The socket is still open, and the turn comes over it.
    for _ in 0..LOOKS_MAX {
        if inside.claim().await.status() == StatusCode::OK {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    inside.delete(format!("/api/v1/rooms/{ROOM}/places/me")).await;
    document_when(&mut socket, |place| place["state"] == "called").await;
}

#[tokio::test]
async fn a_wiped_redis_costs_nobody_the_place_and_says_so_meanwhile() {
    let Some(redis) = Redis::start() else { return };
    let world = World::start_over(redis.database(), |_| {}).await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let inside = world.visitor().await;
    let admission = inside.enter().await;
    let watcher = Watcher::join(&world).await;
    let mut socket = watcher.watch(&world).await;
    let polling = world.visitor().await;
    assert_eq!(polled_when(&polling, |place| place["position"] == 2).await["number"], 3);
    redis.cli(&["FLUSHALL"]);
    let told = document_when(&mut socket, |place| place["paused"] == true).await;
    assert!(told["message"].as_str().is_some_and(|message| message.contains("Your place is safe")), "{told}");
    assert_eq!((&told["number"], &told["position"]), (&json!(2), &json!(1)), "what is shown stays");
    let newcomer = world.browser();
    let joined: Value = newcomer.join().await.json().await.unwrap();
    assert_eq!(joined["place"]["position"], 3, "{joined}");
    let back: Value = polling.join().await.json().await.unwrap();
    assert_eq!((&back["place"]["number"], &back["place"]["position"]), (&json!(3), &json!(2)));
    world.advance(25);
    let place = document_when(&mut socket, |place| place["paused"] == false).await;
    assert_eq!(
        (&place["number"], &place["position"], &place["message"]),
        (&json!(2), &json!(1), &Value::Null)
    );
    assert_eq!(polled_when(&polling, |place| place["paused"] == false).await["position"], 2);
    assert_eq!(polled_when(&newcomer, |place| place["paused"] == false).await["position"], 3);
    let again: Value = inside.claim().await.json().await.unwrap();
    assert_eq!(again["expires_at"], admission["expires_at"], "the same admission, not a second one");
    inside.delete(format!("/api/v1/rooms/{ROOM}/places/me")).await;
    document_when(&mut socket, |place| place["state"] == "called").await;
    assert_eq!(polling.place().await["state"], "waiting");
}

/// Everything is gone after a draw: who comes back with a token from the lobby has the number she drew, and the journal
/// and what was published of the draw are as they were.
#[tokio::test]
async fn after_a_loss_the_draw_and_the_journal_are_as_they_were() {
    let Some(redis) = Redis::start() else { return };
    let world =
        World::start_over(redis.database(), |settings| settings.waiting_room.rebuild_window_s = 1).await;
    let at = |seconds: i64| (world.clock.now() + time::Duration::seconds(seconds)).to_string();
    let drawn = json!({"draw": true, "cap": 1, "rate_per_minute": 1, "lobby_at": at(10), "opens_at": at(20)});
    let room = "drawn";
    world.put_room(room, drawn).await;
    world.advance(10);
    let mut visitors = Vec::new();
    for _ in 0..5 {
        let browser = world.browser();
        assert_eq!(
            browser.post(format!("/api/v1/rooms/{room}/places"), None).await.status(),
            StatusCode::CREATED
        );
        visitors.push(browser);
    }
    world.advance(10);
    let place = async |browser: &Browser| -> Value {
        for _ in 0..LOOKS_MAX {
            let answer = browser.get(format!("/api/v1/rooms/{room}/places/me")).await;
            let place: Value = answer.json().await.unwrap();
            if place["room_state"] == "open" {
                return place;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the room never opened");
    };
    let mut before = Vec::new();
    for visitor in &visitors {
        before.push(place(visitor).await["number"].as_u64());
    }
    let draw = async || world.browser().get(format!("/api/v1/rooms/{room}/draw")).await.text().await.unwrap();
    let (published, path) = (draw().await, format!("/api/v1/rooms/{room}/journal/entries/0"));
    let journal = world.browser().get(&path).await.text().await.unwrap();
    redis.cli(&["FLUSHALL"]);
    world.advance(2);
    for (visitor, number) in visitors.iter().zip(&before) {
        assert_eq!(place(visitor).await["number"].as_u64(), *number);
    }
    assert_eq!(draw().await, published);
    for _ in 0..LOOKS_MAX {
        if world.browser().get(&path).await.text().await.unwrap().starts_with(&journal) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the journal was not given back: {journal}");
}
