//! Versions of a seating plan: how they differ, and what becomes of a session that moves from one to another.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::Shop;
use common::buying::{CARD, slug};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use shared::access::Role;

/// A hall of seats with ids: `places` holds id, row, number, x and y of each.
fn hall(places: &[(&str, &str, &str, i64, i64)]) -> Value {
    let circle = |(id, row, seat, x, y): &(&str, &str, &str, i64, i64)| {
        format!(
            "<circle id='{id}' data-row='{row}' data-seat='{seat}' data-section='A' cx='{x}' cy='{y}' r='5'/>"
        )
    };
    let circles: String = places.iter().map(circle).collect();
    json!({ "name": "Hall", "svg": format!("<svg viewBox='0 0 400 200'>{circles}</svg>") })
}

/// Four seats in a row, 20 apart.
const FOUR: [(&str, &str, &str, i64, i64); 4] =
    [("a", "1", "1", 100, 60), ("b", "1", "2", 120, 60), ("c", "1", "3", 140, 60), ("d", "1", "4", 160, 60)];

/// An organiser, her venue, the first version of its layout, and a session on sale with it.
struct Sale {
    bob: String,
    venue: Value,
    first: Value,
    session: i64,
}

async fn on_sale(shop: &Shop) -> Sale {
    let (_, bob) = shop.user(Role::Organizer).await;
    let (_, venue) = shop.post("/api/v1/venues", &bob, json!({ "name": "Bowl", "time_zone": "UTC" })).await;
    let venue = venue["id"].clone();
    let first = version(shop, &bob, &venue, &hall(&FOUR)).await;
    let event = json!({ "name": "Derby", "venue_id": venue, "status": "published", "sessions": [{
        "starts_at": "2026-12-10T18:00:00Z", "layout_id": first,
        "ticket_types": [{ "name": "Seat", "price_minor": 5000, "section": "A" }],
    }]});
    let (status, event) = shop.post("/api/v1/events", &bob, event).await;
    assert_eq!(status, 201, "{event}");
    let session = event["sessions"][0]["id"].as_i64().unwrap();
    Sale { bob, venue, first, session }
}

/// Uploads the next version of the layout; its id.
async fn version(shop: &Shop, bob: &str, venue: &Value, drawing: &Value) -> Value {
    let (status, layout) =
        shop.post(&format!("/api/v1/venues/{venue}/layouts/svg"), bob, drawing.clone()).await;
    assert_eq!(status, 201, "{layout}");
    layout["id"].clone()
}

impl Sale {
    async fn map(&self, shop: &Shop) -> Value {
        shop.get(&format!("/api/v1/sessions/{}/seats", self.session), "").await.1
    }

    async fn move_to(&self, shop: &Shop, layout: &Value, dry_run: bool) -> (u16, Value) {
        let path = format!("/api/v1/sessions/{}/layout", self.session);
        let body = json!({ "layout_id": layout, "dry_run": dry_run });
        common::answer(shop.request(Method::PUT, &path, &self.bob).json(&body)).await
    }
}

/// Ids of a map's seats.
fn ids(map: &Value) -> Vec<i64> {
    map["seats"]["ids"].as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect()
}

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

on_both_engines! {
    async fn versions_tell_what_is_new_gone_moved_and_renamed(shop) {
        let sale = on_sale(&shop).await;
        // `a` has another number, `b` stands elsewhere, `d` is gone, `e` is new.
        let places = [("a", "1", "1a", 100, 60), ("b", "1", "2", 120, 64), ("c", "1", "3", 140, 60), ("e", "2", "1", 100, 80)];
        let second = version(&shop, &sale.bob, &sale.venue, &hall(&places)).await;
        let path = format!("/api/v1/venues/{}/layouts/{second}/diff?from={}", sale.venue, sale.first);
        let (status, diff) = shop.get(&path, &sale.bob).await;
        assert_eq!(status, 200, "{diff}");
        let counts = ["added", "removed", "moved", "renamed", "recategorised"].map(|kind| diff[kind].as_i64().unwrap());
        assert_eq!(counts, [1, 1, 1, 1, 0], "{diff}");
        assert_eq!((&diff["seats_before"], &diff["seats_after"]), (&json!(4), &json!(4)));
        let renamed = diff["changes"].as_array().unwrap().iter().find(|change| change["kind"] == "renamed").unwrap();
        assert_eq!((&renamed["key"], &renamed["before"]["label"], &renamed["after"]["label"]), (&json!("a"), &json!("1"), &json!("1a")));
        assert_eq!(shop.get(&path.replace(&format!("from={}", sale.first), "from=999"), &sale.bob).await.0, 404);
        assert_eq!(shop.get(path.split_once('?').unwrap().0, &sale.bob).await.0, 422);
    }

    async fn a_session_moves_and_who_has_a_seat_keeps_it(shop) {
        let sale = on_sale(&shop).await;
        let before = ids(&sale.map(&shop).await);
        let (buyer, holder) = (shop.buyer().await, shop.buyer().await);
        let (_, hold) = shop.try_hold(sale.session, &buyer, json!({ "seats": [before[0]] })).await;
        let booking = shop.book(&hold, &buyer).await;
        assert_eq!(shop.pay(&booking, &buyer, CARD).await.0, 200);
        shop.try_hold(sale.session, &holder, json!({ "seats": [before[1]] })).await;
        let stream = format!("/api/v1/sessions/{}/seats/stream", sale.session);
        let mut stream = shop.request(Method::GET, &stream, "").send().await.unwrap();
        let seen = next_event(&mut stream).await["version"].clone();
        // `a` and `b` change their numbers with each other, `c` goes, `e` and `f` come.
        let places = [("a", "1", "2", 100, 60), ("b", "1", "1", 120, 60), ("d", "1", "4", 160, 60), ("e", "1", "5", 180, 60), ("f", "2", "1", 100, 80)];
        let second = version(&shop, &sale.bob, &sale.venue, &hall(&places)).await;
        let told = json!({ "session": sale.session, "layout_id": second, "added": 2, "removed": 1, "moved": 0, "renamed": 2, "unsold": 0 });
        assert_eq!(sale.move_to(&shop, &second, true).await, (200, told.clone()));
        assert_eq!(ids(&sale.map(&shop).await), before);
        assert_eq!(sale.move_to(&shop, &second, false).await, (200, told));
        // An open map is told everything, and so is one that asks from before.
        let mut whole = next_event(&mut stream).await;
        while whole["seats"].is_null() {
            whole = next_event(&mut stream).await;
        }
        assert_eq!((ids(&whole).len(), &whole["seats"]["labels"][0], &whole["seats"]["state"]), (5, &json!("2"), &json!("shfff")));
        let (_, since) = shop.get(&format!("/api/v1/sessions/{}/seats?since={seen}", sale.session), "").await;
        assert_eq!(since["seats"]["ids"], whole["seats"]["ids"]);
        assert_eq!(ids(&whole)[..2], before[..2]);
        assert!(!ids(&whole).contains(&before[2]));
        assert_eq!(shop.booking(&booking, &buyer).await["seats"][0]["label"], "2");
        assert_eq!(whole["ticket_types"][0]["remaining"], 3);
        let new = ids(&whole)[4];
        assert_eq!(shop.try_hold(sale.session, &shop.buyer().await, json!({ "seats": [new] })).await.0, 201);
    }

    async fn a_seat_that_somebody_has_is_not_taken_away(shop) {
        let sale = on_sale(&shop).await;
        let seats = ids(&sale.map(&shop).await);
        let two = version(&shop, &sale.bob, &sale.venue, &hall(&FOUR[..2])).await;
        let (_, hold) = shop.try_hold(sale.session, &shop.buyer().await, json!({ "seats": [seats[3]] })).await;
        for dry_run in [true, false] {
            let (status, refused) = sale.move_to(&shop, &two, dry_run).await;
            assert_eq!((status, slug(&refused), &refused["places"]), (409, "has-bookings", &json!(1)), "{refused}");
        }
        assert_eq!(ids(&sale.map(&shop).await), seats);
        // An hour later nobody holds it: it goes, and what is known of the hold stays.
        shop.advance_s(3600);
        let (status, told) = sale.move_to(&shop, &two, false).await;
        assert_eq!((status, &told["removed"]), (200, &json!(2)), "{told}");
        assert_eq!(ids(&sale.map(&shop).await), seats[..2]);
        assert_eq!(shop.remaining(sale.session).await, 2);
        assert!(hold["id"].is_string());
        let (_, eve) = shop.user(Role::Organizer).await;
        let path = format!("/api/v1/sessions/{}/layout", sale.session);
        assert_eq!(common::answer(shop.request(Method::PUT, &path, &eve).json(&json!({ "layout_id": two }))).await.0, 404);
    }

    async fn shoppers_and_a_move_at_once_agree_about_each_seat(shop) {
        let sale = on_sale(&shop).await;
        let seats = ids(&sale.map(&shop).await);
        let two = version(&shop, &sale.bob, &sale.venue, &hall(&FOUR[..2])).await;
        let buyers = shop.buyers(6).await;
        let wish = json!({ "seats": [seats[3]] });
        let holds = join_all(buyers.iter().map(|buyer| shop.try_hold(sale.session, buyer, wish.clone())));
        let (holds, moved) = futures_util::future::join(holds, sale.move_to(&shop, &two, false)).await;
        let held = holds.iter().filter(|(status, _)| *status == 201).count();
        // Either somebody has the seat and the session stayed, or the seat is gone and nobody has it.
        assert_eq!((held, moved.0), if moved.0 == 200 { (0, 200) } else { (1, 409) }, "{moved:?}");
    }
}
