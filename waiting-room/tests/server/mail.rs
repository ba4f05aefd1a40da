//! A mail when the turn comes.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use shared::access::Role;
use uuid::Uuid;

use crate::world::{Browser, ROOM, World, problem};

const TURNS: &str = "/internal/v1/rooms/rock-night/turns";

async fn ask(visitor: &Browser, email: &str) -> Response {
    visitor.post(format!("/api/v1/rooms/{ROOM}/places/me/mail"), Some(json!({ "email": email }))).await
}

async fn turn(world: &World, place: Uuid) -> Value {
    let answer = world.booking().post(TURNS, Some(json!({ "place": place }))).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

#[tokio::test]
async fn a_wish_goes_on_to_the_shop_which_asks_after_the_place() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1, "deferral_s": 30})).await;
    let inside = world.visitor().await;
    inside.enter().await;
    let visitor = world.visitor().await;
    assert_eq!(ask(&visitor, "fan@example.com").await.status(), StatusCode::NO_CONTENT);
    let refused = ask(&visitor, "nonsense").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let gone = visitor.delete(format!("/api/v1/rooms/{ROOM}/places/me/mail")).await;
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    let place = {
        let wishes = world.shop.wishes.lock().unwrap();
        let emails: Vec<Option<&str>> = wishes.iter().map(|wish| wish.email.as_deref()).collect();
        assert_eq!(emails, [Some("fan@example.com"), None]);
        wishes[0].place
    };
    let waits = turn(&world, place).await;
    assert_eq!((&waits["standing"], &waits["claim_by"]), (&json!("waiting"), &json!(null)));
    assert!((2..=60).contains(&waits["look_again_s"].as_u64().unwrap()), "{waits}");
    inside.delete(format!("/api/v1/rooms/{ROOM}/places/me")).await;
    let called = visitor.place_when("called").await;
    let hers = turn(&world, place).await;
    assert_eq!((&hers["standing"], &hers["claim_by"]), (&json!("called"), &called["claim_by"]));
    assert!(hers["page"].as_str().unwrap().ends_with("/queue/rock-night"));
    problem(ask(&visitor, "fan@example.com").await, 409, "not-waiting").await;
    visitor.post(format!("/api/v1/rooms/{ROOM}/places/me/deferral"), None).await;
    assert_eq!(turn(&world, place).await["standing"], "waiting", "she has put her turn off");
    assert_eq!(ask(&visitor, "fan@example.com").await.status(), StatusCode::NO_CONTENT);
    visitor.claim().await;
    assert_eq!(turn(&world, place).await["standing"], "over");
    for nobody in [world.browser(), world.operator(Role::Admin)] {
        problem(nobody.post(TURNS, Some(json!({ "place": place }))).await, 401, "invalid-token").await;
    }
}

#[tokio::test]
async fn wishes_are_limited_and_only_of_places() {
    let world = World::start_with(|settings| settings.waiting_room.mails_per_minute = 2).await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    problem(ask(&world.browser(), "fan@example.com").await, 401, "place-invalid").await;
    let visitor = world.visitor().await;
    ask(&visitor, "fan@example.com").await;
    problem(ask(&visitor, "fan@example.com").await, 429, "slow-down").await;
}
