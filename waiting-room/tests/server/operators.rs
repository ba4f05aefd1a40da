//! The operator's controls.

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::access::Role;
use uuid::Uuid;

use crate::world::{ROOM, World, problem};

#[tokio::test]
async fn only_organisers_and_admins_reach_the_controls() {
    let world = World::start().await;
    let admin = format!("/api/v1/admin/rooms/{ROOM}");
    let buttons = ["open", "pause", "resume", "drain", "close", "bypass", "queue-all"];
    problem(world.browser().get(&admin).await, 401, "login-required").await;
    problem(world.booking().get(&admin).await, 401, "invalid-token").await;
    for role in [Role::Guest, Role::Gate] {
        let nobody = world.operator(role);
        for path in ["/api/v1/admin/rooms".to_owned(), admin.clone(), format!("{admin}/report")] {
            problem(nobody.get(path).await, 403, "not-allowed").await;
        }
        problem(nobody.put(&admin, json!({})).await, 403, "not-allowed").await;
        for button in buttons {
            problem(nobody.post(format!("{admin}/{button}"), None).await, 403, "not-allowed").await;
        }
    }
    for role in [Role::Organizer, Role::Admin] {
        assert_eq!(world.operator(role).get(&admin).await.status(), StatusCode::OK);
    }
    world.advance(901);
    problem(world.browser().get(&admin).await, 401, "login-required").await;
}

#[tokio::test]
async fn settings_are_checked_and_the_wrong_one_is_named() {
    let world = World::start().await;
    let good: Value =
        world.operator(Role::Admin).get(format!("/api/v1/admin/rooms/{ROOM}")).await.json().await.unwrap();
    assert_eq!((&good["cap"], &good["state"], &good["draw"]), (&json!(10), &json!("open"), &json!(false)));
    let body = |key: &str, value: Value| {
        let mut body = json!({"name": "N", "event": "1", "rate_per_minute": 1, "cap": 1, "claim_window_s": 60,
            "session_length_s": 600, "booking_url": "/"});
        body[key] = value;
        body
    };
    for (key, value) in
        [("cap", json!(0)), ("rate_per_minute", json!(0)), ("booking_url", json!("javascript:x"))]
    {
        let answer = world.operator(Role::Admin).put("/api/v1/admin/rooms/new", body(key, value)).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let document: Value = answer.json().await.unwrap();
        assert_eq!(document["errors"][0]["pointer"], format!("/{key}"));
    }
    let bad_id = world.operator(Role::Admin).put("/api/v1/admin/rooms/Bad_Id", body("cap", json!(1))).await;
    problem(bad_id, 422, "bad-id").await;
    let created = world.operator(Role::Admin).put("/api/v1/admin/rooms/new", body("cap", json!(1))).await;
    assert_eq!(created.status(), StatusCode::CREATED);
    let again = world.operator(Role::Admin).put("/api/v1/admin/rooms/new", body("cap", json!(2))).await;
    assert_eq!(again.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_pause_says_so_calls_nobody_and_ends() {
    let world = World::start().await;
    world.press("pause").await;
    let visitor = world.visitor().await;
    let place = visitor.place().await;
    assert_eq!(
        (&place["paused"], &place["room_state"], &place["eta"]),
        (&json!(true), &json!("paused"), &json!(null))
    );
    assert_eq!(place["state"], "waiting");
    world.press("resume").await;
    visitor.place_when("called").await;
}

#[tokio::test]
async fn draining_takes_nobody_new_and_serves_the_rest() {
    let world = World::start().await;
    world.press("pause").await;
    let inside = world.visitor().await;
    world.press("drain").await;
    problem(world.browser().join().await, 410, "sale-ended").await;
    inside.enter().await;
}

#[tokio::test]
async fn bypass_lets_everybody_in_whatever_the_cap() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1, "rate_per_minute": 1})).await;
    world.press("bypass").await;
    for _ in 0..3 {
        world.visitor().await.enter().await;
    }
}

#[tokio::test]
async fn the_public_document_tells_what_everybody_may_know() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"message": "Doors at eight", "cap": 1})).await;
    world.visitor().await.enter().await;
    let waiting = world.visitor().await;
    let room: Value = world.browser().get(format!("/api/v1/rooms/{ROOM}")).await.json().await.unwrap();
    assert_eq!((&room["waiting"], &room["admitted"], &room["serving"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!((&room["state"], &room["message"]), (&json!("open"), &json!("Doors at eight")));
    assert_eq!(waiting.place().await["message"], "Doors at eight");
    problem(world.browser().get("/api/v1/rooms/nowhere").await, 404, "not-found").await;
}

#[tokio::test]
async fn a_room_is_operated_by_who_made_it_and_by_admins() {
    let world = World::start().await;
    let [hers, other] = [1, 2].map(|n| world.operator_of(Role::Organizer, Uuid::from_u128(n)));
    let admin = world.operator_of(Role::Admin, Uuid::from_u128(3));
    let path = "/api/v1/admin/rooms/hers";
    let body = |cap: u32| {
        json!({"name": "Hers", "event": "1", "rate_per_minute": 1, "cap": cap, "claim_window_s": 60,
            "session_length_s": 600, "booking_url": "/"})
    };
    let made = hers.put(path, body(1)).await;
    assert_eq!(made.status(), StatusCode::CREATED);
    assert_eq!(made.json::<Value>().await.unwrap()["owner"], Uuid::from_u128(1).to_string());
    problem(other.put(path, body(2)).await, 403, "not-allowed").await;
    for path in [path.to_owned(), format!("{path}/report"), format!("{path}/codes")] {
        problem(other.get(&path).await, 403, "not-allowed").await;
        assert_eq!(hers.get(&path).await.status(), StatusCode::OK, "{path}");
        assert_eq!(admin.get(&path).await.status(), StatusCode::OK, "{path}");
    }
    for button in ["open", "pause", "resume", "drain", "close", "bypass", "queue-all"] {
        problem(other.post(format!("{path}/{button}"), None).await, 403, "not-allowed").await;
    }
    let place = Some(json!({ "place": Uuid::nil() }));
    problem(other.post(format!("{path}/revoke"), place).await, 403, "not-allowed").await;
    problem(other.post(format!("{path}/codes"), Some(json!({ "count": 1 }))).await, 403, "not-allowed").await;
    problem(other.delete(format!("{path}/codes/{}", Uuid::nil())).await, 403, "not-allowed").await;
    assert_eq!(admin.put(path, body(3)).await.status(), StatusCode::OK, "an admin may, and it stays hers");
    assert_eq!(hers.post(format!("{path}/pause"), None).await.status(), StatusCode::OK);
    let rooms = async |browser: &crate::world::Browser| -> Vec<String> {
        let rooms: Value = browser.get("/api/v1/admin/rooms").await.json().await.unwrap();
        rooms.as_array().unwrap().iter().map(|room| room["id"].as_str().unwrap().to_owned()).collect()
    };
    assert!(
        rooms(&hers).await.contains(&"hers".to_owned()) && rooms(&admin).await.contains(&"hers".to_owned())
    );
    assert_eq!(rooms(&other).await, [ROOM], "what an admin made is every organiser's");
    let steered = other.post(format!("/api/v1/admin/rooms/{ROOM}/pause"), None).await;
    assert_eq!(steered.status(), StatusCode::OK);
}
