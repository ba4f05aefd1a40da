//! Promo codes: what they take off, when they work, and how often under parallel carts.
#![allow(clippy::unwrap_used)]

mod common;

use booking::guards::Guard;
use booking::{jobs, q};
use common::buying::{CARD, slug};
use common::{Engine, Shop};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::access::Role;
use shared::peer::Peer;

/// An organiser's event of 20 tickets at 75.00: token, event, session.
async fn event(shop: &Shop) -> (String, i64, i64) {
    let (_, bob) = shop.user(Role::Organizer).await;
    let (event, session) = shop.event(&bob, 75.0, 20).await;
    (bob, event, session)
}

async fn code(shop: &Shop, event: i64, token: &str, body: Value) -> Value {
    let (status, made) = shop.post(&format!("/api/v1/events/{event}/promo-codes"), token, body).await;
    assert_eq!(status, 201, "{made}");
    made
}

async fn apply(shop: &Shop, hold: &Value, buyer: &str, code: &str) -> (u16, Value) {
    shop.post(
        &format!("/api/v1/holds/{}/promo", hold["id"].as_str().unwrap()),
        buyer,
        json!({ "code": code }),
    )
    .await
}

/// Eight carts and a code that works for three purchases, all at once; how many got it.
async fn eight_want_what_three_may_have(shop: &Shop) -> usize {
    let (bob, event, session) = event(shop).await;
    code(shop, event, &bob, json!({ "code": "FIRST3", "percent": 10, "uses_max": 3 })).await;
    let buyers = shop.buyers(8).await;
    let holds = join_all(buyers.iter().map(|buyer| shop.hold(session, buyer, 1))).await;
    let answers =
        join_all(holds.iter().zip(&buyers).map(|(hold, buyer)| apply(shop, hold, buyer, "FIRST3"))).await;
    assert!(
        answers.iter().all(|(status, body)| *status == 200 || slug(body) == "promo-invalid"),
        "{answers:?}"
    );
    answers.iter().filter(|(status, _)| *status == 200).count()
}

on_both_engines! {
    async fn a_code_lowers_what_is_held_paid_printed_and_paid_back(shop) {
        let (bob, event, session) = event(&shop).await;
        code(&shop, event, &bob, json!({ "code": "early-15", "percent": 15 })).await;
        let buyer = shop.buyer().await;
        let hold = shop.hold(session, &buyer, 2).await;
        let (status, lower) = apply(&shop, &hold, &buyer, " Early-15 ").await;
        assert_eq!(status, 200, "{lower}");
        assert_eq!([&lower["discount_minor"], &lower["hold"]["total_minor"], &lower["hold"]["seats"][0]["price_minor"]], [&json!(2250), &json!(12_750), &json!(6375)]);
        assert_eq!(apply(&shop, &hold, &buyer, "EARLY-15").await.1["discount_minor"], 2250, "again changes nothing");
        let path = format!("/api/v1/holds/{}/promo", hold["id"].as_str().unwrap());
        assert_eq!((shop.delete(&path, &buyer).await.0, shop.get(&path, &buyer).await.0, shop.delete(&path, &buyer).await.0), (204, 404, 404));
        assert_eq!(shop.get(&format!("/api/v1/holds/{}", hold["id"].as_str().unwrap()), &buyer).await.1["total_minor"], 15_000);
        assert_eq!(apply(&shop, &hold, &buyer, "EARLY-15").await.0, 200);
        let booking = shop.book(&hold, &buyer).await;
        assert_eq!(slug(&shop.delete(&path, &buyer).await.1), "wrong-state", "what is booked has its price");
        let (status, paid) = shop.pay(&booking, &buyer, CARD).await;
        assert_eq!((status, &paid["payment"]["amount"], &paid["booking"]["total_minor"]), (200, &json!(127.5), &json!(12_750)), "{paid}");
        jobs::run_due(&shop.app).await.unwrap();
        let ticket = paid["booking"]["tickets"][0]["code"].as_str().unwrap();
        assert_eq!(shop.get(&format!("/api/v1/tickets/{ticket}"), &buyer).await.1["price_minor"], 6375);
        let (_, codes) = shop.get(&format!("/api/v1/events/{event}/promo-codes"), &bob).await;
        assert_eq!([&codes[0]["code"], &codes[0]["uses"], &codes[0]["discount_minor"]], [&json!("EARLY-15"), &json!(1), &json!(2250)]);
        let (_, cancelled) = shop.post(&format!("/api/v1/bookings/{booking}/cancel"), &buyer, json!({})).await;
        assert_eq!(cancelled["refund_minor"], 12_750);
        jobs::run_due(&shop.app).await.unwrap();
    }

    async fn what_does_not_work_is_refused_in_one_sentence(shop) {
        let (bob, event, session) = event(&shop).await;
        let (_, _, elsewhere) = self::event(&shop).await;
        let soon = shop.app.now() + time::Duration::hours(1);
        let vip = json!({ "name": "VIP", "price": 90, "quantity": 4 });
        let vip = shop.post(&format!("/api/v1/sessions/{session}/ticket-types"), &bob, vip).await.1["id"].clone();
        for body in [
            json!({ "code": "SOON", "percent": 10, "valid_from": soon }), json!({ "code": "OVER", "percent": 10, "valid_until": shop.app.now() }),
            json!({ "code": "VIP-ONLY", "amount_minor": 500, "ticket_types": [vip] }), json!({ "code": "ONCE", "amount_minor": 500, "uses_per_person": 1 }),
            json!({ "code": "BACK", "percent": 10 }), json!({ "code": "FREE", "percent": 100 }),
        ] {
            code(&shop, event, &bob, body).await;
        }
        let back = shop.get(&format!("/api/v1/events/{event}/promo-codes"), &bob).await.1[4]["id"].clone();
        assert_eq!(shop.delete(&format!("/api/v1/promo-codes/{back}"), &bob).await.0, 204);
        let buyer = shop.buyer().await;
        let (hold, other) = (shop.hold(session, &buyer, 1).await, shop.hold(elsewhere, &buyer, 1).await);
        for typed in ["SOON", "OVER", "VIP-ONLY", "BACK", "NOBODY-KNOWS", "x", "ä", "'; DROP TABLE promo_codes"] {
            let (status, refused) = apply(&shop, &hold, &buyer, typed).await;
            assert_eq!((status, slug(&refused)), (422, "promo-invalid"), "{typed}");
        }
        assert_eq!(slug(&apply(&shop, &other, &buyer, "ONCE").await.1), "promo-invalid", "another event's");
        assert_eq!(apply(&shop, &hold, &buyer, "ONCE").await.0, 200);
        assert_eq!(slug(&apply(&shop, &hold, &buyer, "FREE").await.1), "promo-applied");
        let second = shop.hold(session, &buyer, 1).await;
        assert_eq!(slug(&apply(&shop, &second, &buyer, "ONCE").await.1), "promo-invalid", "once for each account");
        // A cart that lapses gives its use back.
        shop.advance_s(600);
        assert_eq!(slug(&apply(&shop, &hold, &buyer, "ONCE").await.1), "hold-expired");
        let third = shop.hold(session, &buyer, 1).await;
        assert_eq!(apply(&shop, &third, &buyer, "ONCE").await.0, 200);
        assert_eq!((apply(&shop, &third, "", "ONCE").await.0, apply(&shop, &third, &shop.buyer().await, "ONCE").await.0), (401, 404));
        // Nothing to pay is paid all the same.
        let gift = shop.hold(session, &buyer, 1).await;
        assert_eq!(apply(&shop, &gift, &buyer, "FREE").await.1["hold"]["total_minor"], 0);
        let booking = shop.book(&gift, &buyer).await;
        assert_eq!(shop.pay(&booking, &buyer, CARD).await.0, 200);
    }

    /// Row 37 of the list of bad inputs: nobody finds a code by trying, from however many networks.
    async fn an_account_that_guesses_codes_is_told_to_slow_down(shop) {
        let (_, event, session) = event(&shop).await;
        let buyer = shop.buyer().await;
        let hold = shop.hold(session, &buyer, 1).await;
        let path = format!("/api/v1/sessions/{session}/unlock");
        let guess = async |n: usize| match n % 2 {
            0 => apply(&shop, &hold, &buyer, &format!("GUESS-{n}")).await,
            _ => shop.post(&path, &buyer, json!({ "code": format!("GUESS-{n}") })).await,
        };
        let answers = join_all((0..120).map(guess)).await;
        let refused = |status: u16, expected: &str| answers.iter().filter(|(s, body)| *s == status && slug(body) == expected).count();
        let (wrong, slowed) = (refused(422, "promo-invalid"), refused(429, "slow-down"));
        assert_eq!(wrong + slowed, 120, "{answers:?}");
        assert!(wrong >= 30 && slowed > 0, "{wrong} were looked at, {slowed} were not");
        let order = json!({ "event_id": event, "quantity": 1, "promo_code": "GUESS" });
        let order = shop.post("/api/v1/orders", &shop.buyer().await, order).await;
        assert_eq!((order.0, slug(&order.1)), (422, "promo-invalid"), "others are not limited with her");
    }

    async fn codes_are_made_by_those_who_run_the_event(shop) {
        let (bob, event, _) = event(&shop).await;
        let path = format!("/api/v1/events/{event}/promo-codes");
        let good = || json!({ "code": "SUMMER", "percent": 10 });
        for (token, expected) in [("", 401), (shop.buyer().await.as_str(), 403), (shop.user(Role::Organizer).await.1.as_str(), 404)] {
            assert_eq!((shop.post(&path, token, good()).await.0, shop.get(&path, token).await.0), (expected, expected));
        }
        let made = code(&shop, event, &bob, good()).await;
        assert_eq!([&made["code"], &made["uses"], &made["ticket_types"]], [&json!("SUMMER"), &json!(0), &json!([])]);
        for (change, expected) in [
            (json!({ "code": "summer" }), "duplicate-name"), (json!({ "code": "a b" }), "bad-code"), (json!({ "percent": 101 }), "out-of-range"),
            (json!({ "amount_minor": 5 }), "validation"), (json!({ "uses_max": 0 }), "out-of-range"), (json!({ "ticket_types": [999] }), "unknown-ticket-type"),
            (json!({ "valid_from": "2027-01-01T00:00:00Z", "valid_until": "2026-01-01T00:00:00Z" }), "inconsistent-dates"), (json!({ "off": 1 }), "unknown-field"),
        ] {
            let mut body = json!({ "code": "WINTER", "percent": 10 });
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let (status, refused) = shop.post(&path, &bob, body).await;
            assert_eq!((status, slug(&refused)), (422, expected), "{change}");
        }
        let (_, eve) = shop.user(Role::Organizer).await;
        let one = format!("/api/v1/promo-codes/{}", made["id"]);
        assert_eq!((shop.delete(&one, &eve).await.0, shop.delete(&one, "").await.0, shop.delete("/api/v1/promo-codes/999", &bob).await.0), (404, 401, 404));
    }

    async fn an_event_has_no_more_codes_than_it_may_however_many_are_made_at_once(shop) {
        let (bob, event, _) = event(&shop).await;
        let now = shop.app.now();
        let old = shop.app.db.write("old_codes", move |tx| {
            Box::pin(async move {
                for n in 0..998 {
                    q!(
                        tx.ex(), exec,
                        "INSERT INTO promo_codes (event_id, code, percent, ticket_types, created_at, unlocks) VALUES ($1, $2, 10, '[]', $3, '[]')",
                        event, format!("OLD{n}"), now
                    )?;
                }
                Ok(())
            })
        });
        old.await.unwrap();
        let path = format!("/api/v1/events/{event}/promo-codes");
        let make = |n| shop.post(&path, &bob, json!({ "code": format!("NEW{n}"), "percent": 10 }));
        let made = join_all((0..8).map(make)).await;
        assert_eq!(made.iter().filter(|(status, _)| *status == 201).count(), 2, "{made:?}");
        assert!(made.iter().all(|(status, body)| *status == 201 || slug(body) == "out-of-range"), "{made:?}");
    }

    async fn parallel_carts_use_a_code_as_often_as_it_may(shop) {
        assert_eq!(eight_want_what_three_may_have(&shop).await, 3);
    }

    async fn without_the_code_s_lock_they_all_get_it(shop) {
        shop.app.guards.take_away(Guard::PromoUses, 8);
        assert_eq!(eight_want_what_three_may_have(&shop).await, 8, "the harness does not see the race");
    }
}

#[tokio::test]
async fn a_network_that_guesses_codes_is_told_to_slow_down() {
    let slow = |settings: &mut shared::config::Settings| settings.booking.logins_per_minute = 3;
    let shop = Shop::start_with(Engine::Sqlite, Peer::in_process(), slow).await.unwrap();
    let (_, _, session) = event(&shop).await;
    let path = format!("/api/v1/sessions/{session}/unlock");
    let answers = join_all((0..12).map(|_| shop.post(&path, "", json!({ "code": "GUESS" })))).await;
    let slowed = answers.iter().filter(|(status, body)| *status == 429 && slug(body) == "slow-down").count();
    assert!((1..=9).contains(&slowed), "{answers:?}");
}
