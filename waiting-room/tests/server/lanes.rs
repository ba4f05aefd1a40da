//! Lanes.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use shared::access::Role;
use shared::admission::{AUDIENCE, AdmissionClaims};
use waiting_room::places::token::{self, PlaceClaims};

use crate::world::{Browser, ROOM, World, problem};

fn two_lanes() -> Value {
    json!([{"name": "general", "weight": 1}, {"name": "members", "weight": 3}])
}

async fn join_lane(browser: &Browser, lane: &str) -> Response {
    browser.post(format!("/api/v1/rooms/{ROOM}/places"), Some(json!({"lane": lane}))).await
}

#[tokio::test]
async fn the_lane_is_in_the_document_and_in_both_tokens() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"lanes": two_lanes()})).await;
    let refused = problem(join_lane(&world.browser(), "vip").await, 422, "unknown-lane").await;
    assert_eq!(refused["lanes"], json!(["general", "members"]));
    let member = world.browser();
    let joined: Value = join_lane(&member, "members").await.json().await.unwrap();
    assert_eq!(joined["place"]["lane"], "members");
    let place_token = joined["place_token"].as_str().unwrap();
    let now = world.clock.now();
    let claims: PlaceClaims = world.app.place_keys.unseal(place_token, token::AUDIENCE, now).unwrap();
    assert_eq!(claims.lane, "members");
    let again: Value = join_lane(&member, "general").await.json().await.unwrap();
    assert_eq!(again["place"]["lane"], "members", "a place keeps its lane");
    let admission = member.enter().await;
    let admission = admission["admission_token"].as_str().unwrap();
    let claims: AdmissionClaims = world.app.admission_keys.verify(admission, AUDIENCE, now).unwrap();
    assert_eq!(claims.lane, "members");
    let guest: Value = world.browser().join().await.json().await.unwrap();
    assert_eq!(guest["place"]["lane"], "general");
}

#[tokio::test]
async fn a_position_is_that_in_the_own_lane_and_the_wait_is_its_share() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"lanes": two_lanes(), "cap": 1, "rate_per_minute": 1})).await;
    world.visitor().await.enter().await;
    let guests = [world.visitor().await, world.visitor().await, world.visitor().await];
    let member = world.browser();
    join_lane(&member, "members").await;
    let place = member.place().await;
    assert_eq!((&place["number"], &place["ahead"], &place["position"]), (&json!(5), &json!(0), &json!(1)));
    assert_eq!(place["waiting_behind"], 0, "nobody of her lane");
    let last = guests[2].place().await;
    assert_eq!((&last["ahead"], &last["waiting_behind"]), (&json!(2), &json!(0)));
    let low_s = |place: &Value| place["eta"]["low_s"].as_u64().unwrap();
    assert!(low_s(&place) < low_s(&last), "{place} {last}");
}

#[tokio::test]
async fn lanes_are_added_and_reweighted_but_never_taken_out() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"lanes": two_lanes()})).await;
    let kept: Value = world.put_room(ROOM, json!({"cap": 11})).await.json().await.unwrap();
    assert_eq!(kept["lanes"][1]["name"], "members", "who says nothing of lanes changes none");
    let mut settings = kept.clone();
    settings.as_object_mut().unwrap().retain(|key, _| {
        [
            "name",
            "event",
            "opens_at",
            "rate_per_minute",
            "cap",
            "claim_window_s",
            "session_length_s",
            "booking_url",
        ]
        .contains(&key.as_str())
    });
    settings["lanes"] = json!([{"name": "members", "weight": 3}]);
    let path = format!("/api/v1/admin/rooms/{ROOM}");
    let answer = world.operator(Role::Admin).put(&path, settings.clone()).await;
    problem(answer, 409, "lanes-in-use").await;
    settings["lanes"] = json!([{"name": "general", "weight": 0}]);
    let answer = world.operator(Role::Admin).put(&path, settings.clone()).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    settings["lanes"] = json!([
        {"name": "general", "weight": 5}, {"name": "members", "weight": 1}, {"name": "press", "weight": 2}
    ]);
    let answer = world.operator(Role::Admin).put(&path, settings).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let joined: Value = join_lane(&world.browser(), "press").await.json().await.unwrap();
    assert_eq!(joined["place"]["lane"], "press");
}

#[tokio::test]
async fn a_lost_place_comes_back_in_its_own_lane() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"lanes": two_lanes(), "cap": 1})).await;
    world.press("pause").await;
    let member = world.browser();
    let joined: Value = join_lane(&member, "members").await.json().await.unwrap();
    let known: PlaceClaims = world
        .app
        .place_keys
        .unseal(joined["place_token"].as_str().unwrap(), token::AUDIENCE, world.clock.now())
        .unwrap();
    member.delete(format!("/api/v1/rooms/{ROOM}/places/me")).await;
    let lost = PlaceClaims { sub: world.app.entropy.uuid_v7(world.clock.now()), number: 40, ..known };
    let token = world.app.place_keys.seal(&lost).unwrap();
    let path = format!("{}/api/v1/rooms/{ROOM}/places/me", member.url);
    let back: Value =
        member.client.get(path).header("place-token", token).send().await.unwrap().json().await.unwrap();
    assert_eq!((&back["number"], &back["lane"]), (&json!(40), &json!("members")));
}
