//! A visit that is lengthened at the waiting room goes on at the shop, and one that is not ends there: both services, real
//! tokens, over HTTP, with a clock that the test turns.

#![allow(clippy::unwrap_used)]

mod common;

use common::fan::{Fan, until};
use common::{Engine, Whole};
use loadtest::stage::{Pace, ROOMS};
use reqwest::Method;
use serde_json::json;
use shared::clock::Clock;

const ROOM: &str = "renewed";
/// Seconds of a visit, and of each renewal.
const VISIT_S: i64 = 60;

async fn run(whole: Whole, clock: Clock) {
    let show = whole.stage.general_admission("Renewed", 20, Some(ROOM)).await.unwrap();
    whole.stage.room(ROOM, show, Pace { cap: 2, rate_per_minute: 600 }).await.unwrap();
    let settings = json!({
        "name": "Renewed", "event": show.event.to_string(), "booking_url": "/", "rate_per_minute": 600, "cap": 2,
        "claim_window_s": 60, "session_length_s": VISIT_S, "renewals_max": 1,
    });
    let put = whole.stage.api.request(Method::PUT, &format!("{ROOMS}/{ROOM}")).json(&settings);
    assert_eq!(whole.stage.api.send(put.bearer_auth(whole.stage.token())).await.unwrap().status, 200);
    let (mut stays, goes) = (Fan::enters(&whole, ROOM, 1).await, Fan::enters(&whole, ROOM, 2).await);
    for fan in [&stays, &goes] {
        assert_eq!(fan.hold(&whole, show, 1).await.status, 201);
    }
    let renewed = stays.at_the_line(&whole, "admission/renewal").await;
    assert_eq!(renewed.status, 200, "{}", renewed.json());
    stays.admission = renewed.json();
    clock.advance(time::Duration::seconds(VISIT_S + 5));
    // Once the shop has swept the one, it has looked at the other too.
    let late = until(async || goes.hold(&whole, show, 1).await, |answer| answer.status != 201).await;
    assert_eq!(late.slug(), "admission-expired");
    let next = Fan::enters(&whole, ROOM, 3).await;
    assert_eq!(next.hold(&whole, show, 1).await.status, 201, "there is room for one more");
    assert_eq!(stays.hold(&whole, show, 1).await.status, 201, "the lengthened visit goes on");
    clock.advance(time::Duration::seconds(VISIT_S));
    let over = until(async || stays.hold(&whole, show, 1).await, |answer| answer.status != 201).await;
    assert_eq!(over.slug(), "admission-expired");
    whole.verify().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lengthened_visit_goes_on_at_the_shop() {
    let clock = common::clock();
    run(Whole::start_on(Engine::Sqlite, clock.clone()).await.unwrap(), clock).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lengthened_visit_goes_on_at_the_shop_on_postgresql() {
    let clock = common::clock();
    if let Some(whole) = Whole::start_on(Engine::Postgres, clock.clone()).await {
        run(whole, clock).await;
    }
}
