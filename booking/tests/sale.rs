//! From a hold to a ticket and back, over HTTP, on both engines.
#![allow(clippy::unwrap_used)]

mod common;

use common::Shop;
use serde_json::{Value, json};
use shared::access::Role;

const CARD: &str = "4242424242424242";

/// A general-admission event with `total` tickets at 75.00, and a buyer.
async fn stage(shop: &Shop, total: u32) -> (i64, String) {
    let (_, organizer) = shop.user(Role::Organizer).await;
    let (_, session) = shop.event(&organizer, 75.0, total).await;
    let (_, buyer) = shop.user(Role::Guest).await;
    (session, buyer)
}

async fn hold(shop: &Shop, session: i64, buyer: &str, quantity: u32) -> Value {
    let body = json!({ "quantity": quantity, "best_available": true });
    let (status, hold) = shop.post(&format!("/api/v1/sessions/{session}/holds"), buyer, body).await;
    assert_eq!(status, 201, "{hold}");
    hold
}

async fn booking(shop: &Shop, session: i64, buyer: &str, quantity: u32) -> String {
    let hold = hold(shop, session, buyer, quantity).await;
    let (status, booking) = shop.post("/api/v1/bookings", buyer, json!({ "hold_id": hold["id"] })).await;
    assert_eq!(status, 201, "{booking}");
    booking["id"].as_str().unwrap().to_owned()
}

async fn pay(shop: &Shop, booking: &str, buyer: &str, card: &str) -> (u16, Value) {
    let body = json!({ "method": "card", "card_number": card });
    shop.post(&format!("/api/v1/bookings/{booking}/payment"), buyer, body).await
}

async fn remaining(shop: &Shop, session: i64) -> i64 {
    let (status, doc) = shop.get(&format!("/api/v1/sessions/{session}/availability"), "").await;
    assert_eq!(status, 200, "{doc}");
    doc["remaining"].as_i64().unwrap()
}

on_both_engines! {
    async fn a_hold_becomes_a_booking_a_payment_and_tickets(shop) {
        let (session, buyer) = stage(&shop, 10).await;
        let hold = hold(&shop, session, &buyer, 2).await;
        assert_eq!((hold["total_minor"].as_i64(), hold["currency"].as_str()), (Some(15_000), Some("USD")));
        assert_eq!(remaining(&shop, session).await, 8);

        let (status, pending) = shop.post("/api/v1/bookings", &buyer, json!({ "hold_id": hold["id"] })).await;
        assert_eq!((status, pending["status"].as_str()), (201, Some("pending")), "{pending}");
        let id = pending["id"].as_str().unwrap();
        let (_, again) = shop.post("/api/v1/bookings", &buyer, json!({ "hold_id": hold["id"] })).await;
        assert_eq!(again["id"], pending["id"], "the same hold gives the same booking");

        let (status, paid) = pay(&shop, id, &buyer, CARD).await;
        assert_eq!(status, 200, "{paid}");
        assert_eq!(paid["success"], true);
        assert!(paid["payment"]["transactionId"].as_str().unwrap().starts_with("txn_"));
        assert_eq!((paid["payment"]["amount"].as_f64(), paid["payment"]["currency"].as_str()), (Some(150.0), Some("USD")));
        assert_eq!(paid["booking"]["tickets"].as_array().unwrap().len(), 2);

        let (_, read) = shop.get(&format!("/api/v1/bookings/{id}"), &buyer).await;
        assert_eq!(read["status"], "confirmed");
        assert_eq!(read["tickets"], paid["booking"]["tickets"], "the answer and the tables agree");
        assert_eq!(remaining(&shop, session).await, 8);
        let (status, refused) = pay(&shop, id, &buyer, CARD).await;
        assert_eq!((status, refused["type"].as_str().unwrap().rsplit('/').next()), (409, Some("wrong-state")));
    }

    async fn a_failed_payment_may_be_repeated_with_another_card(shop) {
        let (session, buyer) = stage(&shop, 10).await;
        let id = booking(&shop, session, &buyer, 1).await;
        for (card, failure) in [
            ("4000000000009995", "Insufficient funds"),
            ("4000000000000002", "Card declined"),
            ("4000000000000119", "Payment gateway timeout"),
            ("4000000000000069", "Invalid card details"),
        ] {
            let (status, refused) = pay(&shop, &id, &buyer, card).await;
            let text = format!("Payment failed: {failure}");
            assert_eq!((status, refused["detail"].as_str()), (402, Some(text.as_str())));
            assert_eq!(refused["error"], refused["detail"]);
        }
        assert_eq!(pay(&shop, &id, &buyer, CARD).await.0, 200);
    }

    async fn a_hold_ends_at_its_deadline_and_not_before(shop) {
        let (session, buyer) = stage(&shop, 1).await;
        let (_, other) = shop.user(Role::Guest).await;
        let id = booking(&shop, session, &buyer, 1).await;
        shop.clock.advance(time::Duration::minutes(10) - time::Duration::milliseconds(1));
        let (status, refused) = shop.post(&format!("/api/v1/sessions/{session}/holds"), &other, json!({ "quantity": 1 })).await;
        assert_eq!((status, refused["detail"].as_str()), (409, Some("Not enough tickets available")));
        assert_eq!(remaining(&shop, session).await, 0);
        shop.clock.advance(time::Duration::milliseconds(1));
        assert_eq!(remaining(&shop, session).await, 1, "shown free at its deadline");
        let (status, refused) = pay(&shop, &id, &buyer, CARD).await;
        assert_eq!((status, refused["type"].as_str().unwrap().rsplit('/').next()), (410, Some("hold-expired")));
        hold(&shop, session, &other, 1).await;
    }

    async fn an_order_is_one_call_and_leaves_nothing_behind_when_it_is_not_paid(shop) {
        let (session, buyer) = stage(&shop, 3).await;
        let (_, event) = shop.get(&format!("/api/v1/sessions/{session}"), "").await;
        let event = event["event"]["id"].as_i64().unwrap();
        let order = |quantity: i64, card: &'static str| {
            json!({ "event_id": event, "quantity": quantity, "card_number": card })
        };
        let (status, refused) = shop.post("/api/v1/orders", &buyer, order(2, "4000000000000002")).await;
        assert_eq!((status, refused["error"].as_str()), (402, Some("Payment failed: Card declined")));
        assert_eq!(remaining(&shop, session).await, 3);
        let (status, bought) = shop.post("/api/v1/orders", &buyer, json!({ "event_id": event, "quantity": 2 })).await;
        assert_eq!((status, bought["status"].as_str()), (201, Some("CONFIRMED")), "{bought}");
        assert_eq!(bought["tickets"].as_array().unwrap().len(), 2);
        assert!(bought["tickets"][0]["ticket_code"].as_str().unwrap().starts_with("TCK-"));
        let (status, refused) = shop.post("/api/v1/orders", &buyer, order(2, CARD)).await;
        assert_eq!((status, refused["detail"].as_str()), (409, Some("Not enough tickets available")));
    }

    async fn cancelling_frees_the_seats_once_and_owes_the_money(shop) {
        let (session, buyer) = stage(&shop, 4).await;
        let id = booking(&shop, session, &buyer, 2).await;
        assert_eq!(pay(&shop, &id, &buyer, CARD).await.0, 200);
        let (_, quote) = shop.get(&format!("/api/v1/bookings/{id}/refund-quote"), &buyer).await;
        assert_eq!((quote["refundable"].as_bool(), quote["refund_minor"].as_i64()), (Some(true), Some(15_000)));
        let path = format!("/api/v1/bookings/{id}/cancel");
        let cancel = || shop.post(&path, &buyer, json!({}));
        let (first, second) = tokio::join!(cancel(), cancel());
        let mut statuses = [first.0, second.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        assert_eq!(remaining(&shop, session).await, 4);
        let (_, read) = shop.get(&format!("/api/v1/bookings/{id}"), &buyer).await;
        assert_eq!((read["status"].as_str(), read["refund_minor"].as_i64()), (Some("cancelled"), Some(15_000)));
        assert_eq!(read["payment"]["status"], "refund_owed");
    }
}
