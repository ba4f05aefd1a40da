//! Requests with an Idempotency-Key go together with others, and each has its effect once.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use booking::guards::Guard;
use booking::q;
use common::Shop;
use common::buying::{CARD, slug};
use futures_util::future::join_all;
use serde_json::{Value, json};

/// Buyers who ask for the same at the same moment.
const MANY: usize = 24;

async fn count(shop: &Shop, what: &str) -> i64 {
    match what {
        "holds" => q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM holds").unwrap(),
        "bookings" => q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM bookings").unwrap(),
        "payments" => q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM payments").unwrap(),
        "tickets" => q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM tickets").unwrap(),
        _ => q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM idempotency_keys WHERE status IS NOT NULL")
            .unwrap(),
    }
}

/// An order of two tickets.
async fn an_order(shop: &Shop, total: u32) -> Value {
    let session = shop.on_sale(total).await;
    let (_, read) = shop.get(&format!("/api/v1/sessions/{session}"), "").await;
    json!({ "event_id": read["event"]["id"], "quantity": 2 })
}

/// One order with one key, sent many times at once.
async fn one_order_many_times(shop: &Shop) -> Vec<(u16, Value)> {
    let (order, buyer) = (an_order(shop, 100).await, shop.buyer().await);
    join_all((0..6).map(|_| shop.post_keyed("/api/v1/orders", &buyer, "key", &order))).await
}

on_both_engines! {
    async fn orders_of_many_are_answered_again_with_the_same_words(shop) {
        let (order, buyers) = (an_order(&shop, 100).await, shop.buyers(MANY).await);
        // The same key for all: it is each buyer's own.
        let send = || join_all(buyers.iter().map(|buyer| shop.post_keyed("/api/v1/orders", buyer, "key", &order)));
        let first = send().await;
        assert!(first.iter().all(|(status, _)| *status == 201), "{first:?}");
        assert_eq!(send().await, first);
        let other = json!({ "event_id": order["event_id"], "quantity": 1 });
        let (status, refused) = shop.post_keyed("/api/v1/orders", &buyers[0], "key", &other).await;
        assert_eq!((status, slug(&refused)), (422, "key-reused"));
        let made = (count(&shop, "bookings").await, count(&shop, "tickets").await, count(&shop, "keys").await);
        assert_eq!(made, (MANY as i64, 2 * MANY as i64, MANY as i64));
        shop.verify().await;
    }

    async fn every_step_of_many_is_answered_again_with_the_same_words(shop) {
        let (session, buyers) = (shop.on_sale(100).await, shop.buyers(MANY).await);
        let path = format!("/api/v1/sessions/{session}/holds");
        let body = json!({ "quantity": 2, "best_available": true });
        let hold = || join_all(buyers.iter().map(|buyer| shop.post_keyed(&path, buyer, "hold", &body)));
        let held = hold().await;
        assert!(held.iter().all(|(status, _)| *status == 201), "{held:?}");
        assert_eq!(hold().await, held);
        assert_eq!(shop.remaining(session).await, 100 - 2 * MANY as i64);

        let book = || join_all(buyers.iter().zip(&held).map(async |(buyer, (_, hold))| {
            shop.post_keyed("/api/v1/bookings", buyer, "book", &json!({ "hold_id": hold["id"] })).await
        }));
        let booked = book().await;
        assert!(booked.iter().all(|(status, _)| *status == 201), "{booked:?}");
        assert_eq!(book().await, booked);

        let card = json!({ "method": "card", "card_number": CARD });
        let pay = || join_all(buyers.iter().zip(&booked).map(async |(buyer, (_, booking))| {
            let path = format!("/api/v1/bookings/{}/payment", booking["id"].as_str().unwrap());
            shop.post_keyed(&path, buyer, "pay", &card).await
        }));
        let paid = pay().await;
        assert!(paid.iter().all(|(status, _)| *status == 200), "{paid:?}");
        assert_eq!(pay().await, paid);
        let made = (count(&shop, "holds").await, count(&shop, "payments").await, count(&shop, "keys").await);
        assert_eq!(made, (MANY as i64, MANY as i64, 3 * MANY as i64));
        assert_eq!(hold().await, held, "also when it is sold by now");
        shop.verify().await;
    }

    async fn one_key_orders_once_however_often_it_comes_at_once(shop) {
        let answers = one_order_many_times(&shop).await;
        let sold: Vec<&Value> = answers.iter().filter(|(status, _)| *status == 201).map(|(_, body)| body).collect();
        assert!(!sold.is_empty() && sold.iter().all(|body| *body == sold[0]), "{answers:?}");
        let is_told_to_wait = |(status, body): &(u16, Value)| *status == 201 || (*status, slug(body)) == (409, "in-progress");
        assert!(answers.iter().all(is_told_to_wait), "{answers:?}");
        assert_eq!((count(&shop, "bookings").await, count(&shop, "payments").await), (1, 1));
        shop.verify().await;
    }

    async fn a_payment_that_fails_fails_again_with_the_same_words(shop) {
        let (mut order, buyer) = (an_order(&shop, 10).await, shop.buyer().await);
        order["card_number"] = json!("4000000000000002");
        let (status, failed) = shop.post_keyed("/api/v1/orders", &buyer, "key", &order).await;
        assert_eq!(status, 402, "{failed}");
        assert_eq!(shop.post_keyed("/api/v1/orders", &buyer, "key", &order).await, (402, failed));
        assert_eq!(count(&shop, "payments").await, 1);
        shop.verify().await;
    }
}

/// On PostgreSQL: SQLite's steps go one by one.
async fn on_postgres() -> Option<Shop> {
    Shop::start(common::Engine::Postgres).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_key_in_its_statement_an_order_is_made_each_time() {
    let Some(shop) = on_postgres().await else { return };
    shop.app.guards.take_away(Guard::KeyTogether, 6);
    let answers = one_order_many_times(&shop).await;
    // The personal limit is eight: four orders of two.
    let sold = answers.iter().filter(|(status, _)| *status == 201).count();
    assert!(sold > 1, "the harness does not see the race: {answers:?}");
    assert_eq!(count(&shop, "bookings").await, sold as i64);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shares_a_statement_with_a_twin_too_late_is_served_all_the_same() {
    let Some(shop) = on_postgres().await else { return };
    let (order, buyers) = (an_order(&shop, 100).await, shop.buyers(MANY).await);
    let user =
        q!(shop.app.db.ex(), val uuid::Uuid, "SELECT id FROM users WHERE role = 'guest' ORDER BY id LIMIT 1")
            .unwrap();
    let (scope, now) = (format!("user:{user}"), shop.app.now());
    // A twin's transaction has the key of one and is not over when the statement comes.
    let twin = shop.app.db.write("twin", move |tx| {
        let scope = scope.clone();
        Box::pin(async move {
            q!(
                tx.ex(),
                exec,
                "INSERT INTO idempotency_keys (scope, key, request_hash, locked_until, created_at) VALUES ($1, 'key', $2, $3, $4)",
                &scope,
                vec![1u8],
                now + time::Duration::seconds(60),
                now
            )?;
            tokio::time::sleep(Duration::from_millis(300)).await;
            Ok(())
        })
    });
    let orders = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        join_all(buyers.iter().map(|buyer| shop.post_keyed("/api/v1/orders", buyer, "key", &order))).await
    };
    let (kept, answers) = tokio::join!(twin, orders);
    kept.unwrap();
    let refused: Vec<&(u16, Value)> = answers.iter().filter(|(status, _)| *status != 201).collect();
    assert!(refused.len() == 1 && slug(&refused[0].1) == "key-reused", "{refused:?}");
    assert_eq!(count(&shop, "bookings").await, MANY as i64 - 1);
}
