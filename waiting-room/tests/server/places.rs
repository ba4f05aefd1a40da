//! Joining, proving, keeping and giving up a place.

use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::keys::{KeyRing, Purpose};
use waiting_room::places::token::PlaceClaims;
use waiting_room::queue::{BrowserKey, Place, Standing};
use waiting_room::rooms::rules::RoomId;

use crate::world::{Browser, ROOM, World, problem};

async fn with_token(browser: &Browser, token: &str) -> reqwest::Response {
    let path = format!("{}/api/v1/rooms/{ROOM}/places/me", browser.url);
    browser.send(browser.client.get(path).header("place-token", token)).await
}

#[tokio::test]
async fn joining_gives_a_place_and_a_refresh_gives_it_back() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let others = [world.visitor().await, world.visitor().await];
    others[0].place_when("called").await;
    let browser = world.browser();
    let first = browser.join().await;
    assert_eq!(first.status(), StatusCode::CREATED);
    let first: Value = first.json().await.unwrap();
    assert_eq!(first["place"]["number"], 3);
    assert_eq!((&first["place"]["ahead"], &first["place"]["position"]), (&json!(1), &json!(2)));
    let second = browser.join().await;
    assert_eq!(second.status(), StatusCode::OK);
    let second: Value = second.json().await.unwrap();
    assert_eq!(second["place"]["number"], 3);
    assert_eq!(browser.place().await["number"], 3, "the cookie alone is enough after a closed tab");
}

#[tokio::test]
async fn thirty_joins_at_once_from_one_browser_are_one_place() {
    let world = World::start().await;
    let browser = world.browser();
    assert_eq!(browser.get(format!("/queue/{ROOM}")).await.status(), StatusCode::OK);
    let answers = join_all((0..30).map(|_| browser.join())).await;
    let created = answers.iter().filter(|a| a.status() == StatusCode::CREATED).count();
    assert_eq!(created, 1);
    let bodies: Vec<Value> = join_all(answers.into_iter().map(|a| async { a.json().await.unwrap() })).await;
    assert!(bodies.iter().all(|body| body["place"]["number"] == 1));
}

#[tokio::test]
async fn a_token_that_is_not_genuine_is_no_place() {
    let world = World::start().await;
    world.put_room("other-room", json!({})).await;
    let browser = world.visitor().await;
    let token =
        browser.join().await.json::<Value>().await.unwrap()["place_token"].as_str().unwrap().to_owned();
    assert_eq!(with_token(&browser, &token).await.status(), StatusCode::OK);
    let elsewhere =
        browser.post("/api/v1/rooms/other-room/places", None).await.json::<Value>().await.unwrap();
    let forged = forged_by_stranger(&world).await;
    let flipped = format!("{}A{}", &token[..40], &token[41..]);
    for bad in [
        "",
        "nonsense",
        &token[..token.len() - 4],
        &forged,
        elsewhere["place_token"].as_str().unwrap(),
        &flipped,
    ] {
        problem(with_token(&browser, bad).await, 401, "place-invalid").await;
    }
    problem(world.browser().get(format!("/api/v1/rooms/{ROOM}/places/me")).await, 401, "place-invalid").await;
    problem(with_token(&world.visitor().await, &token).await, 403, "place-not-yours").await;
    assert_eq!(browser.place().await["number"], 1, "her own place was never touched");
}

/// A well-formed token, sealed with a key of somebody else.
async fn forged_by_stranger(world: &World) -> String {
    let dir = tempfile::tempdir().unwrap();
    let keys = KeyRing::open(dir.path(), Purpose::Place, &world.app.entropy).unwrap();
    let place = Place {
        id: world.app.entropy.uuid_v7(world.clock.now()),
        number: 1,
        lane: 0,
        is_deferred: false,
        account: None,
        browser: BrowserKey::of_hash("x"),
        joined_at: world.clock.now(),
        standing: Standing::Waiting,
    };
    let room = RoomId::parse(ROOM).unwrap();
    keys.seal(&PlaceClaims::new(&room, "general", world.epoch().await, &place, "x", world.clock.now()))
        .unwrap()
}

#[tokio::test]
async fn whoever_leaves_is_out_and_may_come_back_at_the_end() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let first = world.visitor().await;
    first.place_when("called").await;
    let leaver = world.visitor().await;
    let behind = world.visitor().await;
    let path = format!("/api/v1/rooms/{ROOM}/places/me");
    assert_eq!(leaver.delete(&path).await.status(), StatusCode::NO_CONTENT);
    let again: Value = leaver.join().await.json().await.unwrap();
    assert_eq!(again["place"]["number"], 4);
    for _ in 0..1000 {
        if behind.place().await["position"] == 1 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the place behind never moved up");
}

#[tokio::test]
async fn polling_tells_when_to_come_again_and_says_nothing_twice() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"opens_at": null})).await;
    let browser = world.visitor().await;
    let path = format!("/api/v1/rooms/{ROOM}/places/me");
    let answer = browser.get(&path).await;
    let etag = answer.headers()["etag"].clone();
    assert_eq!(answer.headers()["retry-after"], "5");
    let again =
        browser.send(browser.client.get(format!("{}{path}", world.url)).header("if-none-match", etag)).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn the_lobby_takes_joins_and_calls_nobody_before_the_opening() {
    let world = World::start().await;
    let opens_at = world.clock.now() + time::Duration::seconds(300);
    world.put_room(ROOM, json!({"opens_at": opens_at.to_string()})).await;
    let early = world.visitor().await;
    let place = early.place().await;
    assert_eq!((&place["state"], &place["room_state"]), (&json!("lobby"), &json!("lobby")));
    assert!(place["eta"]["low_s"].as_u64().unwrap() >= 300);
    world.advance(300);
    early.place_when("called").await;
}

#[tokio::test]
async fn nobody_joins_before_the_lobby_or_after_the_end() {
    let world = World::start().await;
    let at = |seconds| (world.clock.now() + time::Duration::seconds(seconds)).to_string();
    world.put_room(ROOM, json!({"lobby_at": at(60), "opens_at": at(120), "closes_at": at(600)})).await;
    let refusal = world.browser().join().await;
    assert_eq!(refusal.headers()["retry-after"], "60");
    problem(refusal, 409, "not-open-yet").await;
    world.advance(60);
    let waiting = world.visitor().await;
    world.advance(540);
    problem(world.browser().join().await, 410, "sale-ended").await;
    assert_eq!(waiting.join().await.status(), StatusCode::OK, "who has a place is told about it");
}

#[tokio::test]
async fn bad_joins_are_named() {
    let world = World::start().await;
    let path = format!("/api/v1/rooms/{ROOM}/places");
    let browser = world.browser();
    problem(browser.post(&path, Some(json!({"lane": "vip"}))).await, 422, "unknown-lane").await;
    problem(browser.post(&path, Some(json!({"access_code": "x"}))).await, 422, "unknown-access-code").await;
    problem(browser.post(&path, Some(json!({"number": 1}))).await, 422, "unknown-field").await;
    problem(browser.post("/api/v1/rooms/nowhere/places", None).await, 404, "not-found").await;
    problem(browser.post("/api/v1/rooms/No%20Room/places", None).await, 404, "not-found").await;
    let foreign =
        browser.client.post(format!("{}{path}", world.url)).header("origin", "https://evil.example");
    problem(browser.send(foreign).await, 403, "origin-refused").await;
}

#[tokio::test]
async fn one_network_cannot_flood_the_line() {
    let world = World::start_with(|settings| settings.waiting_room.joins_per_minute = 3).await;
    world.put_room(ROOM, json!({})).await;
    for _ in 0..3 {
        world.visitor().await;
    }
    let refusal = world.browser().join().await;
    assert!(refusal.headers().contains_key("retry-after"));
    problem(refusal, 429, "slow-down").await;
}

#[tokio::test]
async fn after_a_restart_everybody_stands_where_she_stood() {
    let mut world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let mut inside = world.visitor().await;
    let admission = inside.enter().await;
    let mut waiting = world.visitor().await;
    let mut next = world.visitor().await;
    world = world.restart().await;
    for browser in [&mut inside, &mut waiting, &mut next] {
        browser.url = world.url.clone();
    }
    let place = waiting.place().await;
    assert_eq!((&place["number"], &place["position"]), (&json!(2), &json!(1)));
    assert_eq!(next.place().await["position"], 2);
    let again: Value = inside.claim().await.json().await.unwrap();
    assert_eq!(again["expires_at"], admission["expires_at"], "the same admission, not a second one");
    let room: Value = next.get(format!("/api/v1/rooms/{ROOM}")).await.json().await.unwrap();
    assert_eq!((&room["admitted"], &room["waiting"]), (&json!(1), &json!(2)));
}

#[tokio::test]
async fn a_place_the_store_has_lost_is_put_back_at_its_own_number() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    world.visitor().await.place_when("called").await;
    let browser = world.browser();
    browser.get(format!("/queue/{ROOM}")).await;
    let hash = browser_hash(&world, &browser).await;
    let place = Place {
        id: world.app.entropy.uuid_v7(world.clock.now()),
        number: 7,
        lane: 0,
        is_deferred: false,
        account: None,
        browser: BrowserKey::of_hash(&hash),
        joined_at: world.clock.now(),
        standing: Standing::Waiting,
    };
    let room = RoomId::parse(ROOM).unwrap();
    let claims =
        PlaceClaims::new(&room, "general", world.epoch().await - 1, &place, &hash, world.clock.now());
    let token = world.app.place_keys.seal(&claims).unwrap();
    let answer = with_token(&browser, &token).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.json::<Value>().await.unwrap()["number"], 7);
    let newcomer: Value = world.browser().join().await.json().await.unwrap();
    assert_eq!(newcomer["place"]["number"], 8, "newcomers queue up behind returners");
    let future = PlaceClaims { epoch: world.epoch().await + 1, ..claims };
    let token = world.app.place_keys.seal(&future).unwrap();
    problem(with_token(&browser, &token).await, 401, "place-invalid").await;
}

/// Servers signed place tokens before they sealed them; browsers keep those for weeks.
#[tokio::test]
async fn a_token_of_an_older_server_is_taken_and_a_new_one_is_sealed() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    let browser = world.browser();
    let joined: Value = browser.join().await.json().await.unwrap();
    let token = joined["place_token"].as_str().unwrap();
    assert!(token.starts_with("s1."), "{token}");
    let keys = &world.app.place_keys;
    let claims: PlaceClaims =
        keys.unseal(token, waiting_room::places::token::AUDIENCE, world.clock.now()).unwrap();
    let signed = keys.sign(&claims).unwrap();
    let answer = with_token(&browser, &signed).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.json::<Value>().await.unwrap()["number"], joined["place"]["number"]);
}

/// The hash of a browser's secret, from a token that carries it.
async fn browser_hash(world: &World, browser: &Browser) -> String {
    world.put_room("probe", json!({})).await;
    let answer = browser.post("/api/v1/rooms/probe/places", None).await.json::<Value>().await.unwrap();
    let token = answer["place_token"].as_str().unwrap();
    let claims: PlaceClaims =
        world.app.place_keys.unseal(token, waiting_room::places::token::AUDIENCE, world.clock.now()).unwrap();
    claims.cnf
}

#[tokio::test]
async fn an_account_stands_in_the_line_once() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"one_per_account": true})).await;
    let path = format!("/api/v1/rooms/{ROOM}/places");
    problem(world.browser().post(&path, None).await, 403, "account-needed").await;
    let token = world.operator(shared::access::Role::Guest).bearer.unwrap();
    let body = Some(json!({"account_token": token}));
    let first = world.browser();
    let joined = first.post(&path, body.clone()).await;
    assert_eq!(joined.status(), StatusCode::CREATED);
    assert_eq!(
        first.post(&path, None).await.status(),
        StatusCode::OK,
        "her own place needs no account again"
    );
    problem(world.browser().post(&path, body.clone()).await, 409, "account-has-place").await;
    let forged = Some(json!({"account_token": format!("{token}x")}));
    problem(world.browser().post(&path, forged).await, 401, "invalid-token").await;
    first.delete(format!("{path}/me")).await;
    assert_eq!(world.browser().post(&path, body).await.status(), StatusCode::CREATED);
}
