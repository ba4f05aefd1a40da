//! Places for wheelchairs and for those who come along: for who asks for them, and together.
#![allow(clippy::unwrap_used)]

mod common;

use common::buying::{CARD, slug};
use common::{Answer, Shop, answer};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use shared::access::Role;

/// Says which seats of the session are kept; an admin may.
async fn keep(shop: &Shop, session: i64, wheelchair: &[i64], companion: &[i64]) -> Answer {
    let (_, admin) = shop.user(Role::Admin).await;
    let path = format!("/api/v1/sessions/{session}/accessible-seats");
    let body = json!({ "wheelchair": wheelchair, "companion": companion });
    answer(shop.request(Method::PUT, &path, &admin).json(&body)).await
}

fn ids(hold: &Value) -> Vec<i64> {
    hold["seats"].as_array().unwrap().iter().map(|seat| seat["id"].as_i64().unwrap()).collect()
}

on_both_engines! {
    async fn kept_places_go_to_who_asks_and_companions_sit_beside(shop) {
        let (session, seats) = shop.hall(2, 6).await;
        let map = format!("/api/v1/sessions/{session}/seats");
        let before = shop.request(Method::GET, &map, "").send().await.unwrap().headers()["etag"].clone();
        // In the first row: two companions' seats around a wheelchair's place, nearest to the stage.
        let (place, beside) = (seats[2], [seats[1], seats[3]]);
        assert_eq!(keep(&shop, session, &[place], &beside).await.0, 204);
        let after = shop.request(Method::GET, &map, "").header("if-none-match", before).send().await.unwrap();
        assert_eq!(after.status(), 200, "who knew the map is told");
        let shown: Value = after.json().await.unwrap();
        assert_eq!(shown["seats"]["access"], json!([[beside[0], "companion"], [place, "wheelchair"], [beside[1], "companion"]]));

        let buyer = shop.buyer().await;
        for (wanted, expected) in [
            (json!({ "seats": [place] }), "wheelchair-space"),
            (json!({ "seats": [beside[0]] }), "companion-alone"),
            (json!({ "seats": [beside[0], seats[8]], "accessible": true }), "companion-alone"),
        ] {
            let (status, refused) = shop.try_hold(session, &buyer, wanted.clone()).await;
            assert_eq!((status, slug(&refused)), (422, expected), "{wanted}");
        }
        // Whoever wants the best seats, or any, gets others: nine of them, and no more.
        let others = join_all(shop.buyers(3).await.into_iter().map(|buyer| {
            let shop = shop.clone();
            async move { ids(&shop.hold(session, &buyer, 3).await) }
        }));
        let others = others.await.concat();
        assert!(others.len() == 9 && !others.contains(&place) && beside.iter().all(|seat| !others.contains(seat)), "{others:?}");
        let (status, refused) = shop.try_hold(session, &buyer, json!({ "quantity": 1 })).await;
        assert_eq!((status, slug(&refused)), (409, "not-enough-tickets"));
        let (status, hold) = shop.try_hold(session, &buyer, json!({ "quantity": 3, "accessible": true })).await;
        assert_eq!((status, ids(&hold)), (201, vec![beside[0], place, beside[1]]), "{hold}");
        let booking = shop.book(&hold, &buyer).await;
        assert_eq!(shop.pay(&booking, &buyer, CARD).await.0, 200);
        let (status, refused) = shop.try_hold(session, &shop.buyer().await, json!({ "quantity": 1, "accessible": true })).await;
        assert_eq!((status, slug(&refused)), (409, "not-enough-tickets"), "there is no other place");
    }

    async fn nobody_gets_into_a_kept_place_by_exchange(shop) {
        let (session, seats) = shop.hall(1, 6).await;
        let buyer = shop.buyer().await;
        let (_, hold) = shop.try_hold(session, &buyer, json!({ "seats": [seats[0]] })).await;
        let booking = shop.book(&hold, &buyer).await;
        assert_eq!(shop.pay(&booking, &buyer, CARD).await.0, 200);
        assert_eq!(keep(&shop, session, &[seats[3]], &[]).await.0, 204);
        let swap = |to: i64| json!({ "seats": [{ "from": seats[0], "to": to }] });
        let (status, refused) = shop.patch(&format!("/api/v1/bookings/{booking}"), &buyer, swap(seats[3])).await;
        assert_eq!((status, slug(&refused)), (409, "seat-taken"));
        assert_eq!(shop.patch(&format!("/api/v1/bookings/{booking}"), &buyer, swap(seats[4])).await.0, 200);
    }

    async fn places_are_named_once_and_are_seats_of_the_session(shop) {
        let (session, seats) = shop.hall(1, 4).await;
        let other = shop.on_sale(4).await;
        for (wheelchair, companion, expected) in [
            (vec![seats[0]], vec![seats[0]], "duplicate-seat"), (vec![seats[0], seats[0]], vec![], "duplicate-seat"),
            (vec![999_999], vec![], "unknown-seat"), ((0..2_001).collect(), vec![], "too-many-seats"),
        ] {
            let (status, refused) = keep(&shop, session, &wheelchair, &companion).await;
            assert_eq!((status, slug(&refused)), (422, expected));
        }
        assert_eq!(slug(&keep(&shop, other, &[seats[0]], &[]).await.1), "unknown-seat");
        assert_eq!(keep(&shop, session, &seats[..1], &[]).await.0, 204);
        assert_eq!(keep(&shop, session, &[], &[]).await.0, 204, "and given back to everybody");
        assert_eq!(ids(&shop.hold(session, &shop.buyer().await, 4).await), seats);
    }
}
