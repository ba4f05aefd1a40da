//! A place on another device: offered as a code, taken once, gone from the old browser.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::live::{Watcher, document};
use crate::world::{Browser, ROOM, World, problem};

async fn offer(browser: &Browser) -> reqwest::Response {
    browser.post(format!("/api/v1/rooms/{ROOM}/places/me/handover"), None).await
}

/// What another device reads off the code.
async fn token(browser: &Browser) -> String {
    let offered = offer(browser).await;
    assert_eq!(offered.status(), StatusCode::CREATED);
    let offered: Value = offered.json().await.unwrap();
    let url = offered["url"].as_str().unwrap();
    assert!(offered["qr"].as_str().unwrap().starts_with("data:image/svg+xml;base64,"));
    url.split_once("#move=").unwrap().1.to_owned()
}

async fn take(browser: &Browser, token: &str) -> reqwest::Response {
    browser.post(format!("/api/v1/rooms/{ROOM}/handovers"), Some(json!({"token": token}))).await
}

async fn a_full_shop() -> World {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    world.visitor().await.enter().await;
    world
}

#[tokio::test]
async fn the_place_goes_on_in_the_other_browser_at_its_own_number() {
    let world = a_full_shop().await;
    let (old, behind, new) = (world.visitor().await, world.visitor().await, world.browser());
    let number = old.place().await["number"].clone();
    let taken = take(&new, &token(&old).await).await;
    assert_eq!(taken.status(), StatusCode::OK);
    let taken: Value = taken.json().await.unwrap();
    assert_eq!((&taken["place"]["number"], &taken["place"]["state"]), (&number, &json!("waiting")));
    assert_eq!(new.place().await["number"], number);
    assert_eq!(behind.place().await["position"], 2, "nobody gained or lost by it");

    assert_eq!(old.place().await["state"], "moved");
    problem(old.claim().await, 410, "place-moved").await;
    problem(offer(&old).await, 410, "place-moved").await;
    let left = old.delete(format!("/api/v1/rooms/{ROOM}/places/me")).await;
    problem(left, 410, "place-moved").await;
    let page = old.get(format!("/queue/{ROOM}")).await.text().await.unwrap();
    assert!(page.contains("Another device holds it now"), "{page}");
    let anew: Value = old.join().await.json().await.unwrap();
    assert_eq!(anew["place"]["position"], 3, "whoever joins again does so at the end");
    assert_eq!(new.join().await.json::<Value>().await.unwrap()["place"]["number"], number);
}

#[tokio::test]
async fn an_offer_works_once_and_for_two_minutes() {
    let world = a_full_shop().await;
    let (holder, other) = (world.visitor().await, world.browser());
    let first = token(&holder).await;
    assert_eq!(take(&other, &first).await.status(), StatusCode::OK);
    assert_eq!(
        take(&other, &first).await.status(),
        StatusCode::OK,
        "an answer that was lost is asked for again"
    );
    problem(take(&world.browser(), &first).await, 410, "handover-over").await;
    let back = token(&other).await;
    assert_eq!(take(&holder, &back).await.status(), StatusCode::OK, "there and back");
    problem(take(&world.browser(), &first).await, 410, "handover-over").await;
    let late = token(&holder).await;
    world.advance(121);
    problem(take(&other, &late).await, 410, "handover-over").await;
    problem(take(&other, "nonsense").await, 410, "handover-over").await;
    let number = holder.place().await["number"].clone();
    assert_eq!(holder.place().await["state"], "waiting", "{number} is where it was");
}

#[tokio::test]
async fn the_old_browsers_open_socket_is_told_at_once() {
    let world = a_full_shop().await;
    let old = Watcher::join(&world).await;
    let mut socket = old.watch(&world).await;
    assert_eq!(document(&mut socket).await["state"], "waiting");
    assert_eq!(take(&world.browser(), &token(&old.browser).await).await.status(), StatusCode::OK);
    assert_eq!(document(&mut socket).await["state"], "moved");
    // And one that is opened afterwards.
    assert_eq!(document(&mut old.watch(&world).await).await["state"], "moved");
}

#[tokio::test]
async fn a_turn_moves_too_but_a_visit_does_not() {
    let world = World::start().await;
    let (old, new) = (world.visitor().await, world.browser());
    old.place_when("called").await;
    assert_eq!(take(&new, &token(&old).await).await.status(), StatusCode::OK);
    problem(old.claim().await, 410, "place-moved").await;
    new.enter().await;
    problem(offer(&new).await, 410, "handover-over").await;
}
