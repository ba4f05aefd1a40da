//! Rows 18, 37, 38, 50, 56 to 62 and 80: what shoppers send.

use reqwest::Method;
use serde_json::{Value, json};
use shared::access::Role;
use uuid::Uuid;

use crate::common::Shop;
use crate::common::buying::CARD;
use crate::{Case, check, on_both_engines};

fn post(shop: &Shop, path: &str, token: &str, body: Value) -> reqwest::RequestBuilder {
    shop.request(Method::POST, path, token).json(&body)
}

on_both_engines! {
    async fn seats_are_this_session_s_and_named_once(shop) {
        let (session, seats) = shop.hall(2, 6).await;
        // The places of the next session are numbered on.
        shop.on_sale(2).await;
        let foreign = seats.iter().max().unwrap() + 1;
        let (mine, hers) = (shop.buyer().await, shop.buyer().await);
        let path = format!("/api/v1/sessions/{session}/holds");
        let mut cases = Vec::new();
        for (row, body, status, slug) in [
            (56, json!({ "seats": [999_999] }), 422, "unknown-seat"),
            (56, json!({ "seats": [-1] }), 422, "unknown-seat"),
            (56, json!({ "seats": [foreign] }), 422, "unknown-seat"),
            (56, json!({ "seats": [seats[0], seats[0]] }), 422, "duplicate-seat"),
            (56, json!({ "seats": [] }), 422, "no-seats"),
            (56, json!({}), 422, "no-seats"),
            (56, json!({ "seats": [seats[0]], "quantity": 1 }), 422, "validation"),
            (18, json!({ "seats": (0..1000).collect::<Vec<_>>() }), 422, "too-many-seats"),
            (18, json!({ "quantity": 0 }), 422, "no-seats"),
            (18, json!({ "quantity": -1 }), 422, "no-seats"),
            (18, json!({ "quantity": 1.5 }), 422, "out-of-range"),
            (18, json!({ "quantity": 1_u64 << 31 }), 422, "too-many-seats"),
            (18, json!({ "quantity": u64::MAX }), 422, "out-of-range"),
            (17, json!({ "quantity": "1" }), 422, "validation"),
            (17, json!({ "quantity": true }), 422, "validation"),
            (56, json!({ "quantity": 1, "ticket_type": 999_999 }), 422, "unknown-ticket-type"),
            (58, json!({ "quantity": 7 }), 409, "limit-reached"),
            (57, json!({ "seats": &seats[..2] }), 201, ""),
        ] {
            cases.push(Case::new(row, body.to_string(), post(&shop, &path, &mine, body), status, slug));
        }
        cases.push(Case::new(57, "just taken", post(&shop, &path, &hers, json!({ "seats": &seats[1..3] })), 409, "seat-taken"));
        check(cases).await;
        let (_, refused) = shop.try_hold(session, &hers, json!({ "seats": &seats[1..3] })).await;
        assert_eq!(refused["taken"], json!([seats[1]]), "which ones: {refused}");
        assert!(refused["version"].is_number() && refused["alternatives"].is_array(), "{refused}");
        assert_eq!(shop.remaining(session).await, 10, "all or nothing");
    }

    async fn steps_come_in_their_order_and_once(shop) {
        let (session, mine) = (shop.on_sale(20).await, shop.buyer().await);
        let hers = shop.buyer().await;
        let hold = shop.hold(session, &mine, 1).await;
        let released = shop.hold(session, &mine, 1).await;
        let held = format!("/api/v1/holds/{}", released["id"].as_str().unwrap());
        assert_eq!(shop.delete(&held, &mine).await.0, 204);
        let book = |token: &str, hold: &Value| post(&shop, "/api/v1/bookings", token, json!({ "hold_id": hold["id"] }));
        let booking = shop.book(&hold, &mine).await;
        let path = format!("/api/v1/bookings/{booking}");
        let pay = |card: &str| post(&shop, &format!("{path}/payment"), &mine, json!({ "method": "card", "card_number": card }));
        let keyed = |key: &str, card: &str| pay(card).header("idempotency-key", key);
        let long = "x".repeat(300);
        check(vec![
            Case::new(59, "a foreign hold", book(&hers, &hold), 404, "not-found"),
            Case::new(59, "a released hold", book(&mine, &released), 409, "wrong-state"),
            Case::new(61, "booked again", book(&mine, &hold), 201, ""),
            Case::new(60, "tickets before the payment", shop.request(Method::GET, &format!("{path}/tickets.pdf"), &mine), 404, "not-found"),
            Case::new(38, "paid back before it was paid", shop.request(Method::GET, &format!("{path}/refund-quote"), &hers), 404, "not-found"),
            Case::new(62, "an empty key", keyed("", CARD), 400, "key-invalid"),
            Case::new(62, "300 characters", keyed(&long, CARD), 400, "key-invalid"),
            Case::new(62, "a tab", keyed("a\tb", CARD), 400, "key-invalid"),
            Case::new(17, "letters for a card", pay("4242x"), 422, "card-invalid"),
            Case::new(60, "paid", keyed("first", CARD), 200, ""),
            Case::new(62, "the key again", keyed("first", CARD), 200, ""),
            Case::new(62, "another body", keyed("first", "4000000000000002"), 422, "key-reused"),
            Case::new(60, "paid twice", pay(CARD), 409, "wrong-state"),
            Case::new(59, "released after booking", shop.request(Method::DELETE, &format!("/api/v1/holds/{}", hold["id"].as_str().unwrap()), &mine), 409, "wrong-state"),
            Case::new(38, "cancelled", shop.request(Method::POST, &format!("{path}/cancel"), &mine), 200, ""),
            Case::new(38, "cancelled twice", shop.request(Method::POST, &format!("{path}/cancel"), &mine), 409, "wrong-state"),
        ])
        .await;
        let late = shop.hold(session, &mine, 1).await;
        shop.advance_s(601);
        check(vec![Case::new(59, "an expired hold", book(&mine, &late), 410, "hold-expired")]).await;
    }

    async fn orders_and_codes_are_checked(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (_, gate) = shop.user(Role::Gate).await;
        let (event, session) = shop.event(&bob, 75.0, 20).await;
        let buyer = shop.buyer().await;
        let mut cases = Vec::new();
        for (row, quantity, status, slug) in [
            (18, json!(0), 422, "no-seats"),
            (18, json!(-1), 422, "no-seats"),
            (18, json!(1.5), 422, "out-of-range"),
            (18, json!(1_u64 << 31), 422, "too-many-seats"),
            (18, json!(1_u64 << 63), 422, "out-of-range"),
            (17, json!("1"), 422, "validation"),
            (17, json!(null), 422, "validation"),
            (58, json!(7), 409, "limit-reached"),
        ] {
            let order = json!({ "event_id": event, "quantity": quantity, "card_number": CARD });
            cases.push(Case::new(row, order.to_string(), post(&shop, "/api/v1/orders", &buyer, order), status, slug));
        }
        let hold = shop.hold(session, &buyer, 1).await;
        let promo = format!("/api/v1/holds/{}/promo", hold["id"].as_str().unwrap());
        cases.push(Case::new(37, "an unknown code", post(&shop, &promo, &buyer, json!({ "code": "NONE" })), 422, "promo-invalid"));
        cases.push(Case::new(20, "a NUL in a code", post(&shop, "/api/v1/checkins", &gate, json!({ "code": "a\u{0}" })), 422, "control-character").at("/code"));
        for body in [json!({ "code": "TCK-NONE" }), json!({ "qr": "AAAA" }), json!({ "qr": "A".repeat(5000) })] {
            let what = body.to_string();
            cases.push(Case::new(80, what, post(&shop, "/api/v1/checkins", &gate, body), 422, "ticket-invalid"));
        }
        cases.push(Case::new(80, "both", post(&shop, "/api/v1/checkins", &gate, json!({ "code": "a", "qr": "b" })), 422, "validation"));
        check(cases).await;
    }

    async fn an_event_behind_a_room_asks_for_an_admission(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&bob, 75.0, 20).await;
        assert_eq!(shop.patch(&format!("/api/v1/events/{event}"), &bob, json!({ "room": "rock-night" })).await.0, 200);
        let buyer = shop.buyer().await;
        let path = format!("/api/v1/sessions/{session}/holds");
        let hold = || post(&shop, &path, &buyer, json!({ "quantity": 1 }));
        check(vec![
            Case::new(50, "none", hold(), 403, "queue-required"),
            Case::new(50, "an order", post(&shop, "/api/v1/orders", &buyer, json!({ "event_id": event, "quantity": 1, "card_number": CARD })), 403, "queue-required"),
            Case::new(48, "nonsense", hold().header("admission-token", "x.y.z"), 401, "invalid-token"),
            Case::new(59, "a hold that never was", post(&shop, "/api/v1/bookings", &buyer, json!({ "hold_id": Uuid::nil() })), 404, "not-found"),
        ])
        .await;
    }
}
