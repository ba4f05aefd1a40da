//! From a hold to a ticket and back, over HTTP, on both engines.
#![allow(clippy::unwrap_used)]

mod common;

use common::buying::{CARD, slug};
use serde_json::json;

on_both_engines! {
    async fn a_hold_becomes_a_booking_a_payment_and_tickets(shop) {
        let (session, buyer) = (shop.on_sale(10).await, shop.buyer().await);
        let hold = shop.hold(session, &buyer, 2).await;
        assert_eq!((hold["total_minor"].as_i64(), hold["currency"].as_str()), (Some(15_000), Some("USD")));
        assert_eq!(shop.remaining(session).await, 8);

        let (status, pending) = shop.post("/api/v1/bookings", &buyer, json!({ "hold_id": hold["id"] })).await;
        assert_eq!((status, pending["status"].as_str()), (201, Some("pending")), "{pending}");
        let id = pending["id"].as_str().unwrap();
        let (_, again) = shop.post("/api/v1/bookings", &buyer, json!({ "hold_id": hold["id"] })).await;
        assert_eq!(again["id"], pending["id"], "the same hold gives the same booking");

        let (status, paid) = shop.pay(id, &buyer, CARD).await;
        assert_eq!(status, 200, "{paid}");
        assert_eq!(paid["success"], true);
        assert!(paid["payment"]["transactionId"].as_str().unwrap().starts_with("txn_"));
        assert_eq!((paid["payment"]["amount"].as_f64(), paid["payment"]["currency"].as_str()), (Some(150.0), Some("USD")));
        assert_eq!(paid["booking"]["tickets"].as_array().unwrap().len(), 2);

        let (_, read) = shop.get(&format!("/api/v1/bookings/{id}"), &buyer).await;
        assert_eq!(read["status"], "confirmed");
        assert_eq!(read["tickets"], paid["booking"]["tickets"], "the answer and the tables agree");
        assert_eq!(shop.remaining(session).await, 8);
        let (status, refused) = shop.pay(id, &buyer, CARD).await;
        assert_eq!((status, slug(&refused)), (409, "wrong-state"));
    }

    async fn a_failed_payment_may_be_repeated_with_another_card(shop) {
        let (session, buyer) = (shop.on_sale(10).await, shop.buyer().await);
        let id = shop.book(&shop.hold(session, &buyer, 1).await, &buyer).await;
        for (card, failure) in [
            ("4000000000009995", "Insufficient funds"),
            ("4000000000000002", "Card declined"),
            ("4000000000000119", "Payment gateway timeout"),
            ("4000000000000069", "Invalid card details"),
        ] {
            let (status, refused) = shop.pay(&id, &buyer, card).await;
            let text = format!("Payment failed: {failure}");
            assert_eq!((status, refused["detail"].as_str()), (402, Some(text.as_str())));
            assert_eq!(refused["error"], refused["detail"]);
        }
        assert_eq!(shop.pay(&id, &buyer, CARD).await.0, 200);
    }

    async fn a_hold_ends_at_its_deadline_and_not_before(shop) {
        let (session, buyer) = (shop.on_sale(1).await, shop.buyer().await);
        let other = shop.buyer().await;
        let id = shop.book(&shop.hold(session, &buyer, 1).await, &buyer).await;
        shop.clock.advance(time::Duration::minutes(10) - time::Duration::milliseconds(1));
        let (status, refused) = shop.post(&format!("/api/v1/sessions/{session}/holds"), &other, json!({ "quantity": 1 })).await;
        assert_eq!((status, refused["detail"].as_str()), (409, Some("Not enough tickets available")));
        assert_eq!(shop.remaining(session).await, 0);
        shop.clock.advance(time::Duration::milliseconds(1));
        assert_eq!(shop.remaining(session).await, 1, "shown free at its deadline");
        let (status, refused) = shop.pay(&id, &buyer, CARD).await;
        assert_eq!((status, slug(&refused)), (410, "hold-expired"));
        shop.hold(session, &other, 1).await;
    }

    async fn an_order_is_one_call_and_leaves_nothing_behind_when_it_is_not_paid(shop) {
        let (session, buyer) = (shop.on_sale(3).await, shop.buyer().await);
        let (_, event) = shop.get(&format!("/api/v1/sessions/{session}"), "").await;
        let event = event["event"]["id"].as_i64().unwrap();
        let order = |quantity: i64, card: &'static str| {
            json!({ "event_id": event, "quantity": quantity, "card_number": card })
        };
        let (status, refused) = shop.post("/api/v1/orders", &buyer, order(2, "4000000000000002")).await;
        assert_eq!((status, refused["error"].as_str()), (402, Some("Payment failed: Card declined")));
        assert_eq!(shop.remaining(session).await, 3);
        let (status, bought) = shop.post("/api/v1/orders", &buyer, json!({ "event_id": event, "quantity": 2 })).await;
        assert_eq!((status, bought["status"].as_str()), (201, Some("CONFIRMED")), "{bought}");
        assert_eq!(bought["tickets"].as_array().unwrap().len(), 2);
        assert!(bought["tickets"][0]["ticket_code"].as_str().unwrap().starts_with("TCK-"));
        let (status, refused) = shop.post("/api/v1/orders", &buyer, order(2, CARD)).await;
        assert_eq!((status, refused["detail"].as_str()), (409, Some("Not enough tickets available")));
    }

    async fn cancelling_frees_the_seats_once_and_owes_the_money(shop) {
        let (session, buyer) = (shop.on_sale(4).await, shop.buyer().await);
        let id = shop.book(&shop.hold(session, &buyer, 2).await, &buyer).await;
        assert_eq!(shop.pay(&id, &buyer, CARD).await.0, 200);
        let (_, quote) = shop.get(&format!("/api/v1/bookings/{id}/refund-quote"), &buyer).await;
        assert_eq!((quote["refundable"].as_bool(), quote["refund_minor"].as_i64()), (Some(true), Some(15_000)));
        let path = format!("/api/v1/bookings/{id}/cancel");
        let cancel = || shop.post(&path, &buyer, json!({}));
        let (first, second) = tokio::join!(cancel(), cancel());
        let mut statuses = [first.0, second.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        assert_eq!(shop.remaining(session).await, 4);
        let (_, read) = shop.get(&format!("/api/v1/bookings/{id}"), &buyer).await;
        assert_eq!((read["status"].as_str(), read["refund_minor"].as_i64()), (Some("cancelled"), Some(15_000)));
        assert_eq!(read["payment"]["status"], "refund_owed");
    }

    async fn what_another_node_has_closed_is_not_sold_here_although_this_one_remembers_it_open(shop) {
        let (session, seats) = shop.hall(1, 8).await;
        let buyer = shop.buyer().await;
        // This node keeps the sale from now on, and the clock stands still: what is kept does not grow old.
        shop.try_hold(session, &buyer, json!({ "seats": [seats[0]] })).await;
        for (change, wanted) in [
            ("UPDATE events SET status = 'cancelled'", (410, "event-cancelled")),
            ("UPDATE events SET status = 'published', sales_close_at = created_at", (410, "sale-ended")),
            ("UPDATE sessions SET has_waiting = TRUE", (409, "waiting-list")),
        ] {
            shop.try_hold(session, &buyer, json!({ "seats": [seats[1]] })).await;
            elsewhere(&shop, change).await;
            let named = shop.try_hold(session, &buyer, json!({ "seats": [seats[2]] })).await;
            assert_eq!((named.0, slug(&named.1)), wanted, "{change}");
            open_again(&shop).await;
            assert_eq!(shop.try_hold(session, &shop.buyer().await, json!({ "quantity": 1 })).await.0, 201);
            elsewhere(&shop, change).await;
            let any = shop.try_hold(session, &buyer, json!({ "quantity": 1 })).await;
            assert_eq!((any.0, slug(&any.1)), wanted, "{change}");
            open_again(&shop).await;
        }
    }
}

async fn open_again(shop: &common::Shop) {
    elsewhere(shop, "UPDATE events SET status = 'published', sales_close_at = NULL").await;
    elsewhere(shop, "UPDATE sessions SET has_waiting = FALSE").await;
    shop.advance_s(2);
}

/// Changes the tables behind this node's back, as another node does.
async fn elsewhere(shop: &common::Shop, change: &'static str) {
    let work = shop.app.db.write("elsewhere", move |tx| {
        Box::pin(async move {
            booking::on!(tx.ex(), c => sqlx::query(change).execute(c).await.map(|_| ()))?;
            Ok(())
        })
    });
    work.await.unwrap();
}
