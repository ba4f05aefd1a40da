//! From being called to being gone: claims, tokens, departures.

use std::sync::atomic::Ordering;

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::access::Role;
use shared::admission::{AUDIENCE, AdmissionClaims};
use shared::clock::Ts;
use shared::keys::PublicKeys;
use uuid::Uuid;
use waiting_room::queue::{BrowserKey, Join};
use waiting_room::rooms::rules::RoomId;

use crate::world::{Browser, ROOM, World, problem};

/// Booking's view of a token: verified against the published keys only.
async fn verified(world: &World, token: &str, now: Ts) -> AdmissionClaims {
    let set = world.browser().get("/.well-known/jwks.json").await.json().await.unwrap();
    PublicKeys::from_jwks(set).verify(token, AUDIENCE, now).unwrap()
}

async fn depart(world: &World, claims: &AdmissionClaims) -> Value {
    let departures = json!({"departures": [{"place": claims.sub, "jti": claims.jti, "reason": "finished"}]});
    let answer =
        world.booking().post(format!("/internal/v1/rooms/{ROOM}/departures"), Some(departures)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

async fn check(browser: &Browser, token: &str) -> reqwest::Response {
    browser
        .send(
            browser
                .client
                .get(format!("{}/api/v1/admission/check", browser.url))
                .header("admission-token", token),
        )
        .await
}

#[tokio::test]
async fn a_called_visitor_gets_a_token_that_the_published_keys_verify() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    let admission = visitor.enter().await;
    let token = admission["admission_token"].as_str().unwrap();
    let claims = verified(&world, token, world.clock.now()).await;
    assert_eq!((claims.room.as_str(), claims.event.as_str(), claims.lane.as_str()), (ROOM, "1", "general"));
    assert_eq!(claims.exp - claims.iat, 600);
    assert_eq!(claims.expires_at().to_string(), admission["expires_at"]);
    assert_eq!(admission["booking_url"], format!("/events/1#admission={token}&room={ROOM}"));
    assert_eq!(check(&visitor, token).await.status(), StatusCode::NO_CONTENT);
    problem(check(&world.browser(), token).await, 403, "admission-not-yours").await;
    problem(check(&visitor, "nonsense").await, 401, "invalid-token").await;
}

#[tokio::test]
async fn claiming_again_gives_the_same_admission() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    let first = visitor.enter().await;
    world.advance(30);
    let again: Value = visitor.claim().await.json().await.unwrap();
    let [one, two] = [&first, &again].map(|a| a["admission_token"].as_str().unwrap().to_owned());
    let (one, two) =
        (verified(&world, &one, world.clock.now()).await, verified(&world, &two, world.clock.now()).await);
    assert_eq!((one.jti, one.exp), (two.jti, two.exp));
}

#[tokio::test]
async fn nobody_goes_in_before_the_turn() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let first = world.visitor().await;
    let second = world.visitor().await;
    first.enter().await;
    let refusal = problem(second.claim().await, 409, "not-your-turn").await;
    assert_eq!((&refusal["place"]["state"], &refusal["place"]["position"]), (&json!("waiting"), &json!(1)));
}

#[tokio::test]
async fn a_turn_that_is_not_claimed_in_time_is_missed_and_the_next_one_comes() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let sleeper = world.visitor().await;
    let next = world.visitor().await;
    sleeper.place_when("called").await;
    world.advance(60);
    let refusal = problem(sleeper.claim().await, 410, "turn-missed").await;
    assert_eq!(refusal["place"]["state"], "expired");
    next.enter().await;
    assert_eq!(
        sleeper.join().await.status(),
        StatusCode::CREATED,
        "a missed turn does not bar from the line"
    );
}

#[tokio::test]
async fn a_departure_makes_room_at_once_and_only_once() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let first = world.visitor().await;
    let next = world.visitor().await;
    let admission = first.enter().await;
    let token = admission["admission_token"].as_str().unwrap();
    let claims = verified(&world, token, world.clock.now()).await;
    assert_eq!(depart(&world, &claims).await, json!({"departed": 1}));
    assert_eq!(depart(&world, &claims).await, json!({"departed": 0}));
    next.enter().await;
    problem(first.claim().await, 410, "admission-over").await;
    problem(check(&first, token).await, 401, "admission-revoked").await;
}

#[tokio::test]
async fn an_admission_that_ran_out_makes_room_too() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let first = world.visitor().await;
    let next = world.visitor().await;
    let token = first.enter().await["admission_token"].as_str().unwrap().to_owned();
    world.advance(600);
    next.place_when("called").await;
    assert_eq!(first.place().await["state"], "expired");
    problem(check(&first, &token).await, 401, "admission-expired").await;
}

#[tokio::test]
async fn departures_need_bookings_own_token() {
    let world = World::start().await;
    let path = format!("/internal/v1/rooms/{ROOM}/departures");
    let body = json!({"departures": []});
    problem(world.browser().post(&path, Some(body.clone())).await, 401, "invalid-token").await;
    problem(world.operator(Role::Admin).post(&path, Some(body.clone())).await, 401, "invalid-token").await;
    let unknown = world.booking().post("/internal/v1/rooms/unknown/departures", Some(body)).await;
    assert_eq!(unknown.status(), StatusCode::OK, "nothing to end is no error");
    let id = uuid::Uuid::nil();
    let many = vec![json!({"place": id, "jti": id, "reason": "abandoned"}); 501];
    problem(world.booking().post(&path, Some(json!({"departures": many}))).await, 422, "too-many").await;
}

#[tokio::test]
async fn a_revoked_admission_is_refused_at_once() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    let token = visitor.enter().await["admission_token"].as_str().unwrap().to_owned();
    let claims = verified(&world, &token, world.clock.now()).await;
    let path = format!("/api/v1/admin/rooms/{ROOM}/revoke");
    let answer = world.operator(Role::Admin).post(path, Some(json!({"place": claims.sub}))).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    problem(check(&visitor, &token).await, 401, "admission-revoked").await;
    problem(visitor.claim().await, 410, "admission-over").await;
    assert_eq!(*world.shop.revoked.lock().unwrap(), [claims.sub], "booking verifies tokens without asking");
}

#[tokio::test]
async fn a_revocation_that_the_shop_has_not_heard_is_not_called_done() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    let token = visitor.enter().await["admission_token"].as_str().unwrap().to_owned();
    let claims = verified(&world, &token, world.clock.now()).await;
    let path = format!("/api/v1/admin/rooms/{ROOM}/revoke");
    let revoke = async || world.operator(Role::Admin).post(&path, Some(json!({"place": claims.sub}))).await;
    world.shop.is_gone.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        problem(revoke().await, 503, "shop-not-told").await;
    }
    problem(check(&visitor, &token).await, 401, "admission-revoked").await;
    world.shop.is_gone.store(false, Ordering::SeqCst);
    assert_eq!(revoke().await.status(), StatusCode::NO_CONTENT);
    assert_eq!(*world.shop.revoked.lock().unwrap(), [claims.sub]);
    // Of somebody who only waits there is no token, and nothing to tell.
    world.shop.is_gone.store(true, Ordering::SeqCst);
    world.press("pause").await;
    let waiting = Join {
        place: Uuid::from_u128(7),
        browser: BrowserKey::of_hash("somebody"),
        lane: 0,
        code: None,
        account: None,
    };
    let room = RoomId::parse(ROOM).unwrap();
    world.app.store.join(&room, vec![waiting], world.clock.now()).await.unwrap();
    let body = json!({"place": waiting.place});
    assert_eq!(world.operator(Role::Admin).post(&path, Some(body)).await.status(), StatusCode::NO_CONTENT);
}

/// Called people who do not come make the room call more; when all come after all, the cap still holds.
#[tokio::test]
async fn whoever_finds_the_shop_full_stands_at_the_door_and_goes_in_next() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 2})).await;
    let inside = [world.visitor().await, world.visitor().await];
    let first = inside[0].enter().await;
    inside[1].enter().await;
    let called = world.visitor().await;
    world.put_room(ROOM, json!({"cap": 3})).await;
    called.place_when("called").await;
    world.put_room(ROOM, json!({"cap": 2})).await;
    let answer = called.claim().await;
    assert_eq!(answer.headers()["retry-after"], "1");
    let refusal = problem(answer, 409, "not-your-turn").await;
    assert_eq!((&refusal["place"]["state"], &refusal["place"]["at_door"]), (&json!("called"), &json!(true)));
    world.advance(45);
    problem(called.claim().await, 409, "not-your-turn").await;
    world.advance(45);
    assert_eq!(called.place().await["state"], "called", "asking again keeps the turn");
    let claims = verified(&world, first["admission_token"].as_str().unwrap(), world.clock.now()).await;
    depart(&world, &claims).await;
    called.place_when("admitted").await;
    assert_eq!(called.claim().await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_closed_sale_lets_nobody_in() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    visitor.place_when("called").await;
    world.press("close").await;
    problem(visitor.claim().await, 410, "sale-ended").await;
}

#[tokio::test]
async fn the_check_reads_the_cookie_of_the_room_it_is_asked_about() {
    let world = World::start().await;
    world.put_room("jazz-night", json!({})).await;
    let visitor = world.visitor().await;
    visitor.enter().await;
    let asked = async |room: &str| visitor.get(format!("/api/v1/admission/check?room={room}")).await;
    assert_eq!(asked(ROOM).await.status(), StatusCode::NO_CONTENT);
    problem(asked("jazz-night").await, 401, "invalid-token").await;
    problem(visitor.get("/api/v1/admission/check").await, 401, "invalid-token").await;
    let token = visitor.claim().await.json::<Value>().await.unwrap()["admission_token"].clone();
    let elsewhere = visitor.client.get(format!("{}/api/v1/admission/check?room=jazz-night", visitor.url));
    let elsewhere = visitor.send(elsewhere.header("admission-token", token.as_str().unwrap())).await;
    problem(elsewhere, 401, "invalid-token").await;
}

#[tokio::test]
async fn a_gate_answers_what_a_proxy_can_hand_on() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    for path in
        [format!("/api/v1/admission/gate/{ROOM}"), format!("/api/v1/admission/gate/{ROOM}/shop/seats?row=3")]
    {
        let refused = world.browser().get(&path).await;
        assert_eq!(
            (refused.status(), &refused.headers()["location"]),
            (StatusCode::SEE_OTHER, &"/queue/rock-night".parse().unwrap())
        );
    }
    visitor.enter().await;
    assert_eq!(visitor.get(format!("/api/v1/admission/gate/{ROOM}/shop")).await.status(), StatusCode::OK);
    assert_eq!(
        visitor.post(format!("/api/v1/admission/gate/{ROOM}/shop"), None).await.status(),
        StatusCode::OK
    );
    world.advance(601);
    assert_eq!(
        visitor.get(format!("/api/v1/admission/gate/{ROOM}/shop")).await.status(),
        StatusCode::SEE_OTHER
    );
}
