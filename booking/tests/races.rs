//! Many at once: each promise under fire, and each guard taken away, to show that the test would see the race.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;

use booking::guards::Guard;
use booking::q;
use common::Shop;
use common::buying::{CARD, slug};
use futures_util::future::join_all;
use serde_json::{Value, json};

/// What became of many equal requests.
fn tally(answers: &[(u16, Value)]) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    for (status, body) in answers {
        *tally.entry(format!("{status} {}", slug(body))).or_default() += 1;
    }
    tally
}

/// `buyers` each try to hold one of `seats`, everybody at once.
async fn storm(shop: &Shop, session: i64, seats: &[i64], buyers: &[String]) -> Vec<(u16, Value)> {
    let tries = buyers.iter().enumerate().map(|(i, buyer)| {
        let seat = seats[i % seats.len()];
        async move { shop.try_hold(session, buyer, json!({ "seats": [seat] })).await }
    });
    join_all(tries).await
}

on_both_engines! {
    async fn two_hundred_shoppers_and_twenty_seats(shop) {
        let (session, seats) = shop.hall(2, 10).await;
        let buyers = shop.buyers(200).await;
        let purchases = buyers.iter().enumerate().map(|(i, buyer)| {
            let (shop, seat) = (&shop, seats[i % seats.len()]);
            async move {
                let (status, hold) = shop.try_hold(session, buyer, json!({ "seats": [seat] })).await;
                if status != 201 {
                    return (status, hold);
                }
                let booking = shop.book(&hold, buyer).await;
                shop.pay(&booking, buyer, CARD).await
            }
        });
        let answers = join_all(purchases).await;
        assert_eq!(tally(&answers), BTreeMap::from([("200 ".into(), 20), ("409 seat-taken".into(), 180)]));
        let sold = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM seats WHERE state = 'sold'").unwrap();
        assert_eq!((sold, shop.remaining(session).await), (20, 0));
    }

    async fn without_the_conditional_update_the_same_storm_sells_twice(shop) {
        let (session, seats) = shop.hall(1, 2).await;
        let buyers = shop.buyers(60).await;
        shop.app.guards.take_away(Guard::SeatClaim, 60);
        let won = storm(&shop, session, &seats, &buyers).await.iter().filter(|(status, _)| *status == 201).count();
        assert_eq!(won, 60, "the harness does not see the race: {won} holds of 2 seats");
        shop.broken_on_purpose("I1", "at most one live hold").await;
    }

    async fn the_last_ticket_goes_to_one(shop) {
        let session = shop.on_sale(1).await;
        let buyers = shop.buyers(30).await;
        let (_, read) = shop.get(&format!("/api/v1/sessions/{session}"), "").await;
        let order = json!({ "event_id": read["event"]["id"], "quantity": 1 });
        let answers = join_all(buyers.iter().map(|buyer| shop.post("/api/v1/orders", buyer, order.clone()))).await;
        assert_eq!(tally(&answers), BTreeMap::from([("201 ".into(), 1), ("409 not-enough-tickets".into(), 29)]));
        assert!(answers.iter().all(|(status, body)| *status == 201 || body["detail"] == "Not enough tickets available"));
    }

    async fn a_hot_general_admission_sells_out_exactly(shop) {
        let session = shop.on_sale(50).await;
        let buyers = shop.buyers(60).await;
        let answers = join_all(buyers.iter().map(|buyer| shop.try_hold(session, buyer, json!({ "quantity": 1 })))).await;
        assert_eq!(tally(&answers), BTreeMap::from([("201 ".into(), 50), ("409 not-enough-tickets".into(), 10)]));
    }

    async fn the_personal_limit_holds_under_parallel_carts(shop) {
        let (session, buyer) = (shop.on_sale(100).await, shop.buyer().await);
        let limit = shop.app.settings.booking.per_person_limit as usize;
        let cart = || shop.try_hold(session, &buyer, json!({ "quantity": 1 }));
        let answers = join_all((0..30).map(|_| cart())).await;
        assert_eq!(tally(&answers), BTreeMap::from([("201 ".into(), limit), ("409 limit-reached".into(), 30 - limit)]));
    }

    async fn without_the_shoppers_lock_parallel_carts_break_the_limit(shop) {
        let (session, buyer) = (shop.on_sale(100).await, shop.buyer().await);
        let limit = shop.app.settings.booking.per_person_limit as usize;
        shop.app.guards.take_away(Guard::PersonalLimit, 30);
        let answers = join_all((0..30).map(|_| shop.try_hold(session, &buyer, json!({ "quantity": 1 })))).await;
        let won = answers.iter().filter(|(status, _)| *status == 201).count();
        assert_eq!(won, 30, "the harness does not see the race: {won} tickets with a limit of {limit}");
        shop.broken_on_purpose("I21", "than one person may").await;
    }

    async fn a_retry_storm_gets_the_same_bytes_and_has_one_effect(shop) {
        let (session, buyer) = (shop.on_sale(100).await, shop.buyer().await);
        let path = format!("/api/v1/sessions/{session}/holds");
        let storm = |path: String, key: &'static str, body: Value| {
            let (shop, buyer) = (&shop, &buyer);
            async move { join_all((0..20).map(|_| shop.post_keyed(&path, buyer, key, &body))).await }
        };
        let holds = storm(path.clone(), "hold-1", json!({ "quantity": 1 })).await;
        assert!(holds.iter().all(|hold| *hold == holds[0]), "{:?}", tally(&holds));
        assert_eq!((holds[0].0, shop.remaining(session).await), (201, 99));
        let booking = shop.book(&holds[0].1, &buyer).await;
        let pay = format!("/api/v1/bookings/{booking}/payment");
        let card = json!({ "card_number": CARD });
        let paid = storm(pay.clone(), "pay-1", card.clone()).await;
        let tally = tally(&paid);
        assert!(tally.keys().all(|key| key == "200 " || key == "409 in-progress"), "{tally:?}");
        let first = paid.iter().find(|(status, _)| *status == 200).unwrap();
        assert!(paid.iter().filter(|(status, _)| *status == 200).all(|answer| answer == first));
        assert_eq!(&shop.post_keyed(&pay, &buyer, "pay-1", &card).await, first);
        let (status, refused) = shop.post_keyed(&path, &buyer, "hold-1", &json!({ "quantity": 2 })).await;
        assert_eq!((status, slug(&refused)), (422, "key-reused"));
        let stranger = shop.buyer().await;
        assert_eq!(shop.post_keyed(&path, &stranger, "hold-1", &json!({ "quantity": 1 })).await.0, 201);
    }

    async fn a_refusal_is_repeated_with_the_same_bytes_too(shop) {
        let (session, seats) = shop.hall(1, 3).await;
        let (buyer, other) = (shop.buyer().await, shop.buyer().await);
        let path = format!("/api/v1/sessions/{session}/holds");
        assert_eq!(shop.try_hold(session, &other, json!({ "seats": [seats[1]] })).await.0, 201);
        let body = json!({ "seats": [seats[1], seats[2]] });
        let (status, refused) = shop.post_keyed(&path, &buyer, "k", &body).await;
        assert_eq!((status, slug(&refused), &refused["taken"]), (409, "seat-taken", &json!([seats[1]])));
        assert!(!refused["alternatives"].as_array().unwrap().is_empty(), "{refused}");
        assert_eq!(shop.post_keyed(&path, &buyer, "k", &body).await.1, refused);
        assert_eq!(shop.remaining(session).await, 2, "all or nothing");
        for key in ["", &"k".repeat(256)] {
            assert_eq!(shop.post_keyed(&path, &buyer, key, &body).await.0, 400);
        }
        assert_eq!(shop.post_keyed(&path, &buyer, &"k".repeat(255), &json!({ "seats": [seats[2]] })).await.0, 201);
    }
}
