//! Visits that are lengthened.

use std::sync::atomic::Ordering;

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use shared::clock::Ts;

use crate::world::{Browser, ROOM, World, problem};

async fn renew(visitor: &Browser, body: Option<Value>) -> Response {
    visitor.post(format!("/api/v1/rooms/{ROOM}/places/me/admission/renewal"), body).await
}

/// The answer to a renewal that is granted.
async fn renewed(visitor: &Browser, body: Option<Value>) -> Value {
    let answer = renew(visitor, body).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers()["set-cookie"].to_str().unwrap().starts_with("rushline_admission_rock-night="));
    answer.json().await.unwrap()
}

#[tokio::test]
async fn a_visit_is_lengthened_and_its_new_token_passes_the_gate() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"renewals_max": 2, "renewal_s": 120})).await;
    let visitor = world.visitor().await;
    visitor.place_when("called").await;
    problem(renew(&visitor, None).await, 409, "not-admitted").await;
    let first = visitor.enter().await;
    let place = visitor.place().await;
    assert_eq!((&place["renewals_left"], &place["admitted_until"]), (&json!(2), &first["expires_at"]));
    world.advance(590);
    let body = json!({ "expires_at": first["expires_at"] });
    let second = renewed(&visitor, Some(body.clone())).await;
    assert_eq!(second["expires_at"], (world.clock.now() + time::Duration::seconds(130)).to_string());
    assert_eq!(renewed(&visitor, Some(body)).await, second, "a lost answer is given again");
    assert_eq!(visitor.place().await["renewals_left"], 1);
    let told: Vec<Ts> = world.shop.renewed.lock().unwrap().iter().map(|renewal| renewal.until).collect();
    assert_eq!(told, [Ts::from_seconds(1_800_000_720); 2]);
    world.advance(60);
    let check = |token: &Value| {
        let request = visitor.client.get(format!("{}/api/v1/admission/check", world.url));
        visitor.send(request.header("Admission-Token", token.as_str().unwrap()))
    };
    assert_eq!(check(&second["admission_token"]).await.status(), StatusCode::NO_CONTENT);
    problem(check(&first["admission_token"]).await, 401, "admission-expired").await;
    renewed(&visitor, None).await;
    let spent = problem(renew(&visitor, None).await, 409, "no-renewal").await;
    assert_eq!((&spent["place"]["state"], &spent["place"]["renewals_left"]), (&json!("admitted"), &json!(0)));
    world.advance(190);
    problem(renew(&visitor, None).await, 410, "admission-over").await;
}

#[tokio::test]
async fn whoever_does_not_hold_the_place_lengthens_nothing() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    visitor.enter().await;
    problem(renew(&visitor, None).await, 409, "no-renewal").await;
    world.put_room(ROOM, json!({"renewals_max": 7})).await;
    problem(renew(&world.browser(), None).await, 401, "place-invalid").await;
    let too_much = json!({ "expires_at": "2030-01-01T00:00:00Z", "seconds": 9 });
    assert_eq!(renew(&visitor, Some(too_much)).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    world.press("close").await;
    problem(renew(&visitor, None).await, 410, "sale-ended").await;
    world.press("open").await;
    visitor.delete(format!("/api/v1/rooms/{ROOM}/places/me")).await;
    assert!(renew(&visitor, None).await.status().is_client_error());
}

/// Until the shop knows of it nobody is told that she has more time: its booking session would end at the first end.
#[tokio::test]
async fn a_shop_that_does_not_answer_is_told_by_the_next_try() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"renewals_max": 1})).await;
    let visitor = world.visitor().await;
    let first = visitor.enter().await;
    let body = Some(json!({ "expires_at": first["expires_at"] }));
    world.shop.is_gone.store(true, Ordering::SeqCst);
    problem(renew(&visitor, body.clone()).await, 503, "shop-not-told").await;
    world.shop.is_gone.store(false, Ordering::SeqCst);
    let answer = renewed(&visitor, body).await;
    assert_eq!(answer["expires_at"], Ts::from_seconds(1_800_001_200).to_string());
    assert_eq!(world.shop.renewed.lock().unwrap().len(), 1);
}
