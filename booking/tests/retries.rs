//! Requests that die, come again or come late: one effect, and the answer that the first would have had.
#![allow(clippy::unwrap_used)]

mod common;

use booking::bookings::upkeep;
use booking::guards::CrashPoint;
use booking::payments::gateway::{CardNumber, Charge, Standing};
use booking::{jobs, q};
use common::Shop;
use common::buying::{CARD, slug};
use serde_json::{Value, json};

/// An order for two that dies at `point`, with its key.
async fn order_that_dies(shop: &Shop, buyer: &str, body: &Value, point: CrashPoint) {
    shop.app.guards.crash_at(Some(point));
    let (status, _) = order(shop, buyer, body).await;
    assert_eq!(status, 500);
    shop.app.guards.crash_at(None);
}

async fn order(shop: &Shop, buyer: &str, body: &Value) -> common::Answer {
    shop.post_keyed("/api/v1/orders", buyer, "order", body).await
}

async fn for_two(shop: &Shop, session: i64) -> Value {
    let event =
        q!(shop.app.db.ex(), val i64, "SELECT event_id FROM sessions WHERE id = $1", session).unwrap();
    json!({ "event_id": event, "quantity": 2, "card_number": CARD })
}

async fn bookings(shop: &Shop) -> Vec<String> {
    q!(shop.app.db.ex(), vals String, "SELECT status FROM bookings ORDER BY id").unwrap()
}

async fn settle_down(shop: &Shop) {
    upkeep::tick(&shop.app).await.unwrap();
    jobs::run_due(&shop.app).await.unwrap();
    upkeep::tick(&shop.app).await.unwrap();
}

on_both_engines! {
    async fn an_order_that_dies_after_the_yes_is_the_same_order_when_it_is_repeated(shop) {
        let (session, buyer) = (shop.on_sale(9).await, shop.buyer().await);
        let body = for_two(&shop, session).await;
        for reconciled_first in [true, false] {
            let buyer = if reconciled_first { buyer.clone() } else { shop.buyer().await };
            order_that_dies(&shop, &buyer, &body, CrashPoint::Authorised).await;
            assert_eq!(slug(&order(&shop, &buyer, &body).await.1), "in-progress", "it may still live");
            shop.advance_s(61);
            if reconciled_first {
                settle_down(&shop).await;
            }
            let (status, placed) = order(&shop, &buyer, &body).await;
            assert_eq!((status, &placed["status"]), (201, &json!("CONFIRMED")), "{placed}");
            assert_eq!(placed["tickets"].as_array().unwrap().len(), 2);
            assert_eq!(order(&shop, &buyer, &body).await, (201, placed), "the same bytes from now on");
        }
        settle_down(&shop).await;
        assert_eq!(bookings(&shop).await, ["confirmed", "confirmed"]);
        assert_eq!(shop.remaining(session).await, 5);
    }

    async fn an_order_that_dies_before_the_gateway_was_asked_fails_for_good_and_holds_nothing(shop) {
        let (session, buyer) = (shop.on_sale(9).await, shop.buyer().await);
        let body = for_two(&shop, session).await;
        order_that_dies(&shop, &buyer, &body, CrashPoint::Started).await;
        shop.advance_s(61);
        let (status, failed) = order(&shop, &buyer, &body).await;
        assert_eq!((status, slug(&failed)), (402, "payment-failed"), "{failed}");
        assert_eq!(order(&shop, &buyer, &body).await, (402, failed));
        assert_eq!((bookings(&shop).await, shop.remaining(session).await), (vec!["expired".to_owned()], 9));
        let (status, anew) = shop.post_keyed("/api/v1/orders", &buyer, "another key", &body).await;
        assert_eq!(status, 201, "{anew}");
    }

    async fn an_order_is_answered_again_after_its_sale_has_closed(shop) {
        let (session, buyer) = (shop.on_sale(9).await, shop.buyer().await);
        let body = for_two(&shop, session).await;
        let first = order(&shop, &buyer, &body).await;
        assert_eq!(first.0, 201);
        shop.app.db.write("call_off", |tx| Box::pin(async move {
            q!(tx.ex(), exec, "UPDATE events SET status = 'cancelled'")?;
            Ok(())
        })).await.unwrap();
        shop.advance_s(2);
        assert_eq!(order(&shop, &buyer, &body).await, first);
        assert_eq!(shop.post("/api/v1/orders", &buyer, body).await.0, 410);
    }

    async fn a_yes_that_nobody_could_receive_is_let_go_of(shop) {
        let (session, buyer) = (shop.on_sale(9).await, shop.buyer().await);
        let body = for_two(&shop, session).await;
        order_that_dies(&shop, &buyer, &body, CrashPoint::Started).await;
        shop.advance_s(46);
        settle_down(&shop).await;
        let (payment, status) =
            q!(shop.app.db.ex(), one (uuid::Uuid, String), "SELECT id, status FROM payments").unwrap();
        assert_eq!(status, "failed", "the gateway has not heard of it");
        // Now its yes arrives after all, and the process that asked is gone.
        let charge = Charge {
            key: payment.to_string(), amount_minor: 15_000, currency: "USD".into(), card_number: CardNumber(CARD.into()),
        };
        assert!(matches!(shop.app.gateway.authorise(&charge).await.unwrap(), Standing::Authorised { .. }));
        shop.advance_s(10 * 60);
        settle_down(&shop).await;
        assert_eq!(shop.app.gateway.lookup(&charge.key).await.unwrap(), Standing::Voided);
    }

    async fn a_ticket_is_offered_and_accepted_once_however_often_it_is_asked(shop) {
        let sold = shop.sold("Alice", 1).await;
        let heir = shop.buyer().await;
        let path = format!("/api/v1/tickets/{}/transfer", sold.codes[0]);
        let body = json!({ "email": "heir@example.com" });
        let offered = shop.post_keyed(&path, &sold.buyer.1, "offer", &body).await;
        assert_eq!(offered.0, 201, "{}", offered.1);
        assert_eq!(shop.post_keyed(&path, &sold.buyer.1, "offer", &body).await, offered);
        assert_eq!(slug(&shop.post(&path, &sold.buyer.1, body.clone()).await.1), "transfer-open");
        let token = shop.transfer_token().await;
        let accept = format!("/api/v1/transfers/{}/accept", offered.1["id"].as_str().unwrap());
        let link = json!({ "token": token });
        let accepted = shop.post_keyed(&accept, &heir, "accept", &link).await;
        assert_eq!(accepted.0, 200, "{}", accepted.1);
        assert_eq!(shop.post_keyed(&accept, &heir, "accept", &link).await, accepted);
        assert_eq!(slug(&shop.post(&accept, &heir, link).await.1), "transfer-over");
        assert_eq!(shop.post_keyed(&path, &sold.buyer.1, "offer", &body).await, offered, "also when it is gone");
    }
}
