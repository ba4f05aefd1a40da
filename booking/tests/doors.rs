//! What is refused before anything is sold: too early (B19), too often (K10), from elsewhere (K11).
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::buying::slug;
use common::{Engine, Shop};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::access::Role;
use shared::peer::Peer;

/// Rounds of looking for a condition; far beyond what it takes.
const LOOKS_MAX: usize = 3000;

on_both_engines! {
    async fn nothing_is_held_before_the_sale_opens(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let opens_at = shop.app.now() + time::Duration::hours(1);
        let (event, session) = shop.event(&bob, 75.0, 10).await;
        let (status, changed) = shop.patch(&format!("/api/v1/events/{event}"), &bob, json!({ "sales_open_at": opens_at })).await;
        assert_eq!((status, &changed["sales_open_at"]), (200, &json!(opens_at)), "{changed}");
        let buyer = shop.buyer().await;
        for wait_s in [0, 3599] {
            shop.advance_s(wait_s);
            let (status, refused) = shop.try_hold(session, &buyer, json!({ "quantity": 1 })).await;
            assert_eq!((status, slug(&refused), &refused["opens_at"]), (409, "sale-not-open", &json!(opens_at)), "{refused}");
            let order = json!({ "event_id": event, "quantity": 1 });
            assert_eq!(slug(&shop.post("/api/v1/orders", &buyer, order).await.1), "sale-not-open");
        }
        shop.advance_s(1);
        assert_eq!(shop.try_hold(session, &buyer, json!({ "quantity": 1 })).await.0, 201, "at the very instant it opens");
    }
}

#[tokio::test]
async fn who_books_too_often_is_told_to_slow_down() {
    let slow = |settings: &mut shared::config::Settings| settings.booking.bookings_per_minute = 3;
    let shop = Shop::start_with(Engine::Sqlite, Peer::in_process(), slow).await.unwrap();
    let (session, buyer) = (shop.on_sale(10).await, shop.buyer().await);
    for _ in 0..3 {
        shop.hold(session, &buyer, 1).await;
    }
    let path = format!("/api/v1/sessions/{session}/holds");
    let refused =
        shop.request(Method::POST, &path, &buyer).json(&json!({ "quantity": 1 })).send().await.unwrap();
    assert_eq!(refused.status(), 429);
    let wait: u32 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(slug(&refused.json().await.unwrap()), "slow-down");
    assert_eq!(shop.get("/api/v1/events", "").await.0, 200, "who looks is not limited with those who book");
}

/// Row 55 of the list of bad inputs. The machine itself is not counted, so the clients come through a proxy on it.
#[tokio::test]
async fn a_network_holds_so_many_streams_open_and_no_more() {
    let few = |settings: &mut shared::config::Settings| {
        settings.server.trusted_proxies = vec!["127.0.0.1".into()];
        settings.server.streams_per_network = 2;
    };
    let shop = Shop::start_with(Engine::Sqlite, Peer::in_process(), few).await.unwrap();
    let path = format!("/api/v1/sessions/{}/seats/stream", shop.on_sale(10).await);
    let open = async |from: &str| {
        shop.request(Method::GET, &path, "").header("x-forwarded-for", from).send().await.unwrap()
    };
    let (first, second) = (open("203.0.113.7").await, open("203.0.113.7").await);
    assert_eq!((first.status(), second.status()), (StatusCode::OK, StatusCode::OK));
    let refused = open("203.0.113.7").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "30");
    assert_eq!(slug(&refused.json().await.unwrap()), "too-many-streams");
    assert_eq!(open("203.0.113.8").await.status(), StatusCode::OK, "the next network is another one");
    drop(first);
    // The server notices in its own time that nobody listens.
    for _ in 0..LOOKS_MAX {
        if open("203.0.113.7").await.status() == StatusCode::OK {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a closed stream is never forgotten");
}

#[tokio::test]
async fn only_named_origins_may_read_answers() {
    let named = |settings: &mut shared::config::Settings| {
        settings.server.cors_origins = vec!["https://shop.example".into()]
    };
    let shop = Shop::start_with(Engine::Sqlite, Peer::in_process(), named).await.unwrap();
    for (origin, allowed) in
        [("https://shop.example", true), ("https://evil.example", false), ("null", false)]
    {
        let asked =
            shop.request(Method::GET, "/api/v1/events", "").header("origin", origin).send().await.unwrap();
        let said = asked.headers().get("access-control-allow-origin").map(|v| v.to_str().unwrap().to_owned());
        assert_eq!(said.as_deref() == Some(origin), allowed, "{origin}: {said:?}");
        assert_ne!(said.as_deref(), Some("*"));
        let before = shop.request(Method::OPTIONS, "/api/v1/bookings", "").header("origin", origin);
        let before = before
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "idempotency-key");
        let before = before.send().await.unwrap();
        assert_eq!(before.headers().contains_key("access-control-allow-origin"), allowed, "{origin}");
    }
}
