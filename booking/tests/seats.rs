//! Live seats: snapshot, delta, stream; and what a request for seats is refused for.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::buying::slug;
use serde_json::{Value, json};

/// The next event of a stream, waited for with a bound.
async fn next_event(stream: &mut reqwest::Response) -> Value {
    let mut text = String::new();
    loop {
        let chunk = tokio::time::timeout(Duration::from_secs(20), stream.chunk()).await.expect("an event");
        text.push_str(std::str::from_utf8(&chunk.unwrap().expect("the stream goes on")).unwrap());
        let data = text.lines().find_map(|line| line.strip_prefix("data: "));
        if let Some(data) = data.filter(|_| text.ends_with("\n\n")) {
            return serde_json::from_str(data).unwrap();
        }
    }
}

fn states(map: &Value) -> &str {
    map["seats"]["state"].as_str().unwrap()
}

on_both_engines! {
    async fn a_snapshot_shows_each_seat_and_has_a_tag(shop) {
        let (session, seats) = shop.hall(2, 4).await;
        let path = format!("/api/v1/sessions/{session}/seats");
        let (_, map) = shop.get(&path, "").await;
        for column in ["ids", "labels", "rows", "section", "x", "y", "ticket_type"] {
            assert_eq!(map["seats"][column].as_array().unwrap().len(), 8, "{column}");
        }
        assert_eq!((states(&map), &map["ticket_types"][0]["remaining"]), ("ffffffff", &json!(8)));
        assert_eq!(map["layout"]["sections"][0]["name"], "A");
        let tag = |response: &reqwest::Response| response.headers()["etag"].to_str().unwrap().to_owned();
        let first = tag(&shop.request(reqwest::Method::GET, &path, "").send().await.unwrap());
        let again = async |tag: &str| {
            shop.request(reqwest::Method::GET, &path, "").header("If-None-Match", tag).send().await.unwrap().status().as_u16()
        };
        assert_eq!(again(&first).await, 304);
        let buyer = shop.buyer().await;
        shop.advance_s(60);
        let (_, hold) = shop.try_hold(session, &buyer, json!({ "seats": [seats[5]] })).await;
        assert_eq!(again(&first).await, 200);
        let (_, held) = shop.get(&path, "").await;
        assert_eq!(states(&held), "fffffhff");
        let (_, delta) = shop.get(&format!("{path}?since={}", held["version"]), "").await;
        assert_eq!(delta["changes"], json!([[seats[5], "h"]]));
        let booking = shop.book(&hold, &buyer).await;
        shop.pay(&booking, &buyer, common::buying::CARD).await;
        assert_eq!(states(&shop.get(&path, "").await.1), "fffffsff");
        shop.post(&format!("/api/v1/bookings/{booking}/cancel"), &buyer, json!({})).await;
        let (_, freed) = shop.get(&path, "").await;
        assert_eq!(states(&freed), "ffffffff");
        assert!(freed["version"].as_i64() > held["version"].as_i64());
        assert_eq!(shop.get("/api/v1/sessions/999/seats", "").await.0, 404);
    }

    async fn a_stream_tells_holds_expiries_and_releases(shop) {
        let (session, seats) = shop.hall(1, 3).await;
        let buyer = shop.buyer().await;
        let path = format!("/api/v1/sessions/{session}/seats/stream");
        let mut stream = shop.request(reqwest::Method::GET, &path, "").send().await.unwrap();
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        next_event(&mut stream).await;
        let (_, hold) = shop.try_hold(session, &buyer, json!({ "seats": [seats[1]] })).await;
        assert_eq!(next_event(&mut stream).await["changes"], json!([[seats[1], "h"]]));
        assert_eq!(shop.delete(&format!("/api/v1/holds/{}", hold["id"].as_str().unwrap()), &buyer).await.0, 204);
        assert_eq!(next_event(&mut stream).await["changes"], json!([[seats[1], "f"]]));
        shop.try_hold(session, &buyer, json!({ "seats": [seats[2]] })).await;
        assert_eq!(next_event(&mut stream).await["changes"], json!([[seats[2], "h"]]));
        shop.advance_s(600);
        assert_eq!(next_event(&mut stream).await["changes"], json!([[seats[2], "f"]]));
    }

    async fn wrong_requests_for_seats_are_refused_by_name(shop) {
        let (session, seats) = shop.hall(1, 9).await;
        let buyer = shop.buyer().await;
        for (body, status, expected) in [
            (json!({}), 422, "no-seats"),
            (json!({ "seats": [] }), 422, "no-seats"),
            (json!({ "seats": [seats[0], seats[0]] }), 422, "duplicate-seat"),
            (json!({ "seats": [999_999] }), 422, "unknown-seat"),
            (json!({ "quantity": 0 }), 422, "no-seats"),
            (json!({ "quantity": -1 }), 422, "no-seats"),
            (json!({ "quantity": 1, "ticket_type": 999 }), 422, "unknown-ticket-type"),
            (json!({ "quantity": 7 }), 409, "limit-reached"),
            (json!({ "seat": [1] }), 422, "unknown-field"),
        ] {
            let (got, refused) = shop.try_hold(session, &buyer, body).await;
            assert_eq!((got, slug(&refused)), (status, expected));
        }
        assert_eq!(shop.try_hold(session, "", json!({ "quantity": 1 })).await.0, 401);
        assert_eq!(shop.try_hold(999, &buyer, json!({ "quantity": 1 })).await.0, 404);
        assert_eq!(shop.remaining(session).await, 9);
    }

    async fn the_best_seats_are_together_and_a_hold_is_extended_once(shop) {
        let (session, seats) = shop.hall(3, 6).await;
        let (buyer, stranger) = (shop.buyer().await, shop.buyer().await);
        let hold = shop.hold(session, &buyer, 3).await;
        let mut ids: Vec<i64> = hold["seats"].as_array().unwrap().iter().map(|s| s["id"].as_i64().unwrap()).collect();
        ids.sort_unstable();
        let first = seats.iter().position(|seat| *seat == ids[0]).unwrap();
        assert_eq!(ids, seats[first..first + 3], "neighbours");
        let path = format!("/api/v1/holds/{}", hold["id"].as_str().unwrap());
        assert_eq!(shop.get(&path, &stranger).await.0, 404);
        let (status, longer) = shop.post(&format!("{path}/extend"), &buyer, json!({})).await;
        assert_eq!((status, &longer["extendable"]), (200, &json!(false)));
        assert!(longer["expires_at"].as_str() > hold["expires_at"].as_str());
        assert_eq!(slug(&shop.post(&format!("{path}/extend"), &buyer, json!({})).await.1), "wrong-state");
        shop.advance_s(14 * 60);
        assert_eq!(shop.remaining(session).await, 15, "the seats got the longer deadline too");
        assert_eq!(shop.delete(&path, &stranger).await.0, 404);
        assert_eq!(shop.delete(&path, &buyer).await.0, 204);
        assert_eq!(shop.remaining(session).await, 18);
        assert_eq!(slug(&shop.post("/api/v1/bookings", &buyer, json!({ "hold_id": hold["id"] })).await.1), "wrong-state");
    }

    async fn bookings_are_listed_newest_first_page_by_page_to_their_owner(shop) {
        let (session, buyer) = (shop.on_sale(9).await, shop.buyer().await);
        let mut bought = Vec::new();
        for _ in 0..3 {
            bought.push(shop.buy(session, &buyer, 1).await);
            shop.advance_s(1);
        }
        bought.reverse();
        let response = shop.request(reqwest::Method::GET, "/api/v1/bookings?limit=2", &buyer).send().await.unwrap();
        let link = response.headers()["link"].to_str().unwrap().to_owned();
        let page: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        let next = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
        let (_, rest) = shop.get(&next, &buyer).await;
        let ids: Vec<_> = [page, rest].iter().flat_map(|p| p.as_array().unwrap().clone()).map(|b| b["id"].clone()).collect();
        assert_eq!(json!(ids), json!(bought));
        let stranger = shop.buyer().await;
        assert_eq!(shop.get(&format!("/api/v1/bookings/{}", bought[0]), &stranger).await.0, 404);
        assert_eq!(shop.get("/api/v1/bookings", &stranger).await.1, json!([]));
    }
}
