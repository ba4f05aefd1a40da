//! Changing a booking (F16): other names, other seats of the same price.
#![allow(clippy::unwrap_used)]

mod common;

use common::Shop;
use common::buying::{CARD, slug};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::access::Role;

/// A confirmed booking of these seats.
async fn bought(shop: &Shop, session: i64, buyer: &str, seats: &[i64]) -> String {
    let (status, hold) = shop.try_hold(session, buyer, json!({ "seats": seats })).await;
    assert_eq!(status, 201, "{hold}");
    let booking = shop.book(&hold, buyer).await;
    assert_eq!(shop.pay(&booking, buyer, CARD).await.0, 200);
    booking
}

async fn change(shop: &Shop, booking: &str, buyer: &str, body: Value) -> (u16, Value) {
    shop.patch(&format!("/api/v1/bookings/{booking}"), buyer, body).await
}

/// Codes of the booking's valid tickets.
fn valid(booking: &Value) -> Vec<String> {
    let tickets = booking["tickets"].as_array().unwrap().iter().filter(|t| t["status"] == "valid");
    tickets.map(|t| t["code"].as_str().unwrap().to_owned()).collect()
}

on_both_engines! {
    async fn names_are_changed_until_the_session_starts(shop) {
        let sold = shop.sold("Alice", 2).await;
        let (booking, buyer) = (sold.booking.to_string(), &sold.buyer.1);
        let named = json!({ "holders": [{ "code": sold.codes[0].to_lowercase(), "name": " Bob Müller " }] });
        let (status, changed) = change(&shop, &booking, buyer, named.clone()).await;
        assert_eq!(status, 200, "{changed}");
        let name = async |code: &str| shop.get(&format!("/api/v1/tickets/{code}"), buyer).await.1["holder_name"].clone();
        assert_eq!((name(&sold.codes[0]).await, name(&sold.codes[1]).await), (json!("Bob Müller"), json!("Alice")));
        // All or nothing.
        let half = json!({ "holders": [{ "code": sold.codes[1], "name": "Carol" }, { "code": "TCK-NOBODYS", "name": "Dave" }] });
        let (status, refused) = change(&shop, &booking, buyer, half).await;
        assert_eq!((status, slug(&refused), name(&sold.codes[1]).await), (409, "ticket-dead", json!("Alice")));
        for (body, expected) in [
            (json!({}), "out-of-range"), (json!({ "holders": [{ "code": sold.codes[0], "name": " " }] }), "blank"),
            (json!({ "holders": [{ "code": sold.codes[0], "name": "a\u{0}b" }] }), "control-character"),
            (json!({ "name": "Bob" }), "unknown-field"), (json!({ "seats": [{ "from": 1, "to": 1 }] }), "duplicate-seat"),
        ] {
            let (status, refused) = change(&shop, &booking, buyer, body.clone()).await;
            assert_eq!((status, slug(&refused)), (422, expected), "{body}");
        }
        assert_eq!((change(&shop, &booking, "", named.clone()).await.0, change(&shop, &booking, &shop.buyer().await, named.clone()).await.0), (401, 404));
        shop.clock.advance(time::Duration::days(193));
        let (status, refused) = change(&shop, &booking, &shop.token(sold.buyer.0, Role::Guest), named).await;
        assert_eq!((status, slug(&refused)), (409, "too-late"));
    }

    async fn a_seat_is_exchanged_for_a_free_one_of_the_same_price(shop) {
        let (session, seats) = shop.hall(1, 6).await;
        let (alice, bob) = (shop.buyer().await, shop.buyer().await);
        let booking = bought(&shop, session, &alice, &seats[..2]).await;
        bought(&shop, session, &bob, &seats[2..3]).await;
        let before = valid(&shop.booking(&booking, &alice).await);
        let (status, refused) = change(&shop, &booking, &alice, json!({ "seats": [{ "from": seats[0], "to": seats[2] }] })).await;
        assert_eq!((status, slug(&refused)), (409, "seat-taken"));
        let (status, refused) = change(&shop, &booking, &alice, json!({ "seats": [{ "from": seats[2], "to": seats[3] }] })).await;
        assert_eq!((status, slug(&refused)), (409, "ticket-dead"), "somebody else's seat");
        let (status, changed) = change(&shop, &booking, &alice, json!({ "seats": [{ "from": seats[0], "to": seats[4] }] })).await;
        assert_eq!(status, 200, "{changed}");
        let ids: Vec<i64> = changed["seats"].as_array().unwrap().iter().map(|s| s["id"].as_i64().unwrap()).collect();
        assert_eq!((ids, &changed["total_minor"]), (vec![seats[1], seats[4]], &json!(10_000)));
        let after = valid(&changed);
        assert!(after.len() == 2 && after.contains(&before[1]) && !after.contains(&before[0]), "{before:?} {after:?}");
        let dead = shop.get(&format!("/api/v1/tickets/{}", before[0]), &alice).await.1;
        assert_eq!([&dead["status"], &dead["qr_svg"]], [&json!("cancelled"), &Value::Null]);
        // The seat that was given back is anybody's, and the booking can still be cancelled whole.
        assert_eq!(shop.try_hold(session, &bob, json!({ "seats": [seats[0]] })).await.0, 201);
        let (status, cancelled) = shop.post(&format!("/api/v1/bookings/{booking}/cancel"), &alice, json!({})).await;
        assert_eq!((status, &cancelled["refund_minor"]), (200, &json!(10_000)));
        assert_eq!(slug(&change(&shop, &booking, &alice, json!({ "seats": [{ "from": seats[1], "to": seats[5] }] })).await.1), "wrong-state");
    }

    async fn a_seat_that_several_want_in_exchange_goes_to_one(shop) {
        let (session, seats) = shop.hall(1, 9).await;
        let buyers = shop.buyers(8).await;
        let mut bookings = Vec::new();
        for (i, buyer) in buyers.iter().enumerate() {
            bookings.push(bought(&shop, session, buyer, &seats[i..=i]).await);
        }
        let wanted = |i: usize| json!({ "seats": [{ "from": seats[i], "to": seats[8] }] });
        let answers = join_all((0..8).map(|i| change(&shop, &bookings[i], &buyers[i], wanted(i)))).await;
        assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1);
        assert!(answers.iter().all(|(status, body)| *status == 200 || slug(body) == "seat-taken"), "{answers:?}");
    }
}
