//! Turns that are put off or not needed, and a room in which everybody waits.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::world::{Browser, ROOM, World, problem};

async fn defer(browser: &Browser) -> reqwest::Response {
    browser.post(format!("/api/v1/rooms/{ROOM}/places/me/deferral"), None).await
}

#[tokio::test]
async fn not_now_is_said_once_and_the_turn_comes_back() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"deferral_s": 90})).await;
    let visitor = world.visitor().await;
    let called = visitor.place_when("called").await;
    assert_eq!((&called["can_defer"], &called["deferred_until"]), (&json!(true), &json!(null)));
    let answer = defer(&visitor).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let place: Value = answer.json().await.unwrap();
    assert_eq!(
        (&place["state"], &place["position"], &place["claim_by"]),
        (&json!("waiting"), &json!(1), &json!(null))
    );
    assert_eq!((&place["number"], &place["eta"]["low_s"]), (&called["number"], &json!(90)));
    assert!(place["deferred_until"].is_string());
    world.advance(90);
    let again = visitor.place_when("called").await;
    assert_eq!(again["can_defer"], false);
    problem(defer(&visitor).await, 409, "no-deferral").await;
    assert_eq!(visitor.claim().await.status(), StatusCode::OK);
    problem(defer(&visitor).await, 409, "not-your-turn").await;
}

#[tokio::test]
async fn not_now_can_be_said_without_javascript() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"deferral_s": 300})).await;
    let visitor = world.visitor().await;
    let called = visitor.place_when("called").await;
    let page = || async { visitor.get(format!("/queue/{ROOM}")).await.text().await.unwrap() };
    assert!(page().await.contains("<button>Not now, in 5 minutes</button>"));
    for _twice in 0..2 {
        let answer = visitor.post(format!("/queue/{ROOM}/defer"), None).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }
    let html = page().await;
    let again = "<dt>It comes again in</dt><dd>5 minutes</dd>";
    assert!(html.contains(again) && !html.contains("/defer\""), "{html}");
    let entered = visitor.post(format!("/queue/{ROOM}/enter"), None).await;
    assert!(entered.headers()["location"].to_str().unwrap().starts_with("/events/1#admission="));
    assert_eq!(visitor.place().await["number"], called["number"]);
}

#[tokio::test]
async fn a_room_without_deferral_says_so() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    assert_eq!(visitor.place_when("called").await["can_defer"], false);
    let refused = problem(defer(&visitor).await, 409, "no-deferral").await;
    assert_eq!(refused["place"]["state"], "called");
}

#[tokio::test]
async fn a_sleeper_is_told_the_claim_window_and_let_in_within_the_grace() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"grace_s": 60})).await;
    let sleeper = world.visitor().await;
    let called = sleeper.place_when("called").await;
    assert_eq!(called["claim_by"], (world.clock.now() + time::Duration::seconds(60)).to_string());
    world.advance(110);
    assert_eq!(sleeper.place().await["state"], "called");
    assert_eq!(sleeper.claim().await.status(), StatusCode::OK);
}

#[tokio::test]
async fn when_everybody_queues_the_page_says_paused_and_nobody_goes_in() {
    let world = World::start().await;
    let called = world.visitor().await;
    called.place_when("called").await;
    world.press("queue-all").await;
    let newcomer = world.visitor().await;
    let place = newcomer.place().await;
    assert_eq!((&place["paused"], &place["room_state"]), (&json!(true), &json!("queue-all")));
    problem(called.claim().await, 409, "not-your-turn").await;
    world.press("resume").await;
    newcomer.place_when("called").await;
    called.place_when("admitted").await;
}

#[tokio::test]
async fn an_idle_room_calls_whoever_joins() {
    let world = World::start_with(|settings| settings.waiting_room.tick_ms = 3_600_000).await;
    world.put_room(ROOM, json!({"idle_percent": 50})).await;
    let visitor = world.browser();
    let joined: Value = visitor.join().await.json().await.unwrap();
    assert_eq!(joined["place"]["state"], "called", "nobody waits for a tick");
    assert_eq!(visitor.claim().await.status(), StatusCode::OK);
}
