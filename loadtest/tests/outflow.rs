//! The outflow of a room follows its shop through both services: health moves the rate between floor and ceiling, stock bounds the
//! visits, and who has closed the page is written to when her turn comes. Real tokens, over HTTP, by a clock that the test turns.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::fan::{Fan, until};
use common::{Engine, Whole};
use loadtest::stage::{ROOMS, Show};
use reqwest::Method;
use serde_json::{Value, json};
use shared::clock::Clock;

const ROOM: &str = "steered";
const FLOOR: u64 = 30;
const SET: u64 = 60;
const CEILING: u64 = 120;

async fn put(whole: &Whole, show: Show, more: Value) {
    let mut settings = json!({
        "name": "Steered", "event": show.event.to_string(), "booking_url": "/", "rate_per_minute": SET, "cap": 50,
        "claim_window_s": 3600, "session_length_s": 3600,
    });
    settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let put = whole.stage.api.request(Method::PUT, &format!("{ROOMS}/{ROOM}")).json(&settings);
    let status = whole.stage.api.send(put.bearer_auth(whole.stage.token())).await.unwrap().status;
    assert!([200, 201].contains(&status), "{status}");
    let _: Value = whole.stage.post(&format!("{ROOMS}/{ROOM}/open"), &json!({})).await.unwrap();
}

/// The shop has answered a hundred times, so often failing, and reports it; rate and visits in force then.
async fn pace_after(whole: &Whole, clock: &Clock, failed: usize) -> (u64, u64) {
    clock.advance(time::Duration::seconds(6));
    (0..100).for_each(|n| whole.shop.vitals.note(Duration::from_millis(5), n < failed, false));
    booking::health::report(whole.shop.clone()).await.unwrap();
    let report: Value = whole.stage.get(&format!("{ROOMS}/{ROOM}")).await.unwrap();
    let of = |what: &str| report["pace"][what].as_u64().unwrap();
    let (rate, cap) = (of("rate_per_minute"), of("cap"));
    assert!((FLOOR..=CEILING).contains(&rate), "{rate} a minute");
    (rate, cap)
}

async fn steer(whole: Whole, clock: Clock) {
    let show = whole.stage.general_admission("Steered", 4, Some(ROOM)).await.unwrap();
    let steering =
        json!({ "rate_floor": FLOOR, "rate_ceiling": CEILING, "failed_percent": 20, "stock_percent": 100 });
    put(&whole, show, json!({ "steering": steering })).await;
    let well = until(async || pace_after(&whole, &clock, 0).await, |pace| *pace == (CEILING, 4)).await;
    assert_eq!(well, (CEILING, 4), "as fast as allowed, and no more visits than tickets");
    // Another report of the shop's own may come between two of these: it only ever is one that all is well.
    until(async || pace_after(&whole, &clock, 60).await, |pace| pace.0 == FLOOR).await;
    until(async || pace_after(&whole, &clock, 0).await, |pace| pace.0 > SET).await;

    let buyer = Fan::enters(&whole, ROOM, 1).await;
    let held = buyer.hold(&whole, show, 4).await;
    assert_eq!(held.status, 201, "{}", held.json());
    until(async || pace_after(&whole, &clock, 0).await, |pace| pace.1 == 0).await;
    let mut next = Fan::joins(&whole, ROOM, 2).await;
    let refused = next.at_the_line(&whole, "admission").await;
    assert_eq!(refused.status, 409, "nothing is left, so nobody goes in: {}", refused.json());
    let hold = format!("/api/v1/holds/{}", held.json()["id"].as_str().unwrap());
    let given_back = buyer.in_the_shop(&whole, whole.stage.api.request(Method::DELETE, &hold)).await;
    assert_eq!(given_back.status, 204);
    until(async || pace_after(&whole, &clock, 0).await, |pace| pace.1 == 4).await;
    next.goes_in(&whole, 2).await;
    assert_eq!(next.hold(&whole, show, 1).await.status, 201, "who was kept back buys what came back");
    whole.verify().await;
}

async fn write_to_her(whole: Whole, clock: Clock) {
    let show = whole.stage.general_admission("One at a time", 20, Some(ROOM)).await.unwrap();
    put(&whole, show, json!({ "cap": 1 })).await;
    let inside = Fan::enters(&whole, ROOM, 1).await;
    // From here on she does nothing: her page is closed.
    let away = Fan::joins(&whole, ROOM, 2).await;
    let wish = json!({ "email": "away@example.com" });
    let asked = away.tells_the_line(&whole, Method::POST, "mail", &wish).await;
    assert_eq!(asked.status, 204, "{}", asked.json());
    let hers = || whole.mails().into_iter().filter(|mail| mail.contains("away@example.com"));
    assert_eq!(hers().count(), 0, "it is not her turn yet");
    let left = inside.tells_the_line(&whole, Method::DELETE, "", &json!({})).await;
    assert_eq!(left.status, 204, "{}", left.json());
    // The shop asks after her place by and by.
    let mails = until(
        async || {
            clock.advance(time::Duration::seconds(2));
            hers().collect::<Vec<String>>()
        },
        |mails| !mails.is_empty(),
    )
    .await;
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].contains("Subject: It is your turn") && mails[0].contains("/queue/steered"),
        "{}",
        mails[0]
    );
    let claimed = away.at_the_line(&whole, "admission").await;
    assert_eq!(claimed.status, 200, "she comes by the mail's link: {}", claimed.json());
    whole.verify().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_and_stock_of_the_shop_steer_the_outflow() {
    let clock = common::clock();
    steer(Whole::start_on(Engine::Sqlite, clock.clone()).await.unwrap(), clock).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_and_stock_of_the_shop_steer_the_outflow_on_postgresql() {
    let clock = common::clock();
    if let Some(whole) = Whole::start_on(Engine::Postgres, clock.clone()).await {
        steer(whole, clock).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_closed_the_page_is_written_to_when_her_turn_comes() {
    let clock = common::clock();
    write_to_her(Whole::start_on(Engine::Sqlite, clock.clone()).await.unwrap(), clock).await;
}
