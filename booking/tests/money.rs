//! What a buyer's money does: fees and taxes in every price, and what goes back for tickets given back one by one.
#![allow(clippy::unwrap_used)]

mod common;

use booking::guards::Guard;
use booking::{jobs, q};
use common::Shop;
use common::buying::{CARD, slug};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::access::Role;

/// 2.50 and 5 % of the face price, and two taxes on top of both.
fn on_top() -> Value {
    json!({
        "service_fee": { "fixed_minor": 250, "rate_ppm": 50_000 },
        "taxes": [{ "name": "State tax 6 %", "rate_ppm": 60_000 }, { "name": "City tax 2.875 %", "rate_ppm": 28_750 }],
        "taxes_included": false,
    })
}

/// An organiser's event of 20 tickets with a face price of 75.00 and these charges: token, event, session.
async fn event(shop: &Shop, charges: Value, currency: &str) -> (String, i64, i64) {
    let (_, bob) = shop.user(Role::Organizer).await;
    let price = if currency == "JPY" { json!(7500) } else { json!(75.0) };
    let body = json!({
        "name": "Rock Night", "venue": "City Arena", "event_date": "2026-12-10T20:00:00Z", "ticket_price": price,
        "total_tickets": 20, "currency": currency, "charges": charges,
    });
    let (status, made) = shop.post("/api/v1/events", &bob, body).await;
    assert_eq!(status, 201, "{made}");
    (bob, made["id"].as_i64().unwrap(), made["sessions"][0]["id"].as_i64().unwrap())
}

/// The parts of a price, and their sum.
fn parts(of: &Value) -> [i64; 4] {
    let number = |name: &str| of[name].as_i64().unwrap_or_else(|| panic!("{name} of {of}"));
    let (net, fee, tax) = (number("net_minor"), number("fee_minor"), number("tax_minor"));
    [net, fee, tax, net + fee + tax]
}

async fn cancel(shop: &Shop, booking: &str, buyer: &str, body: Value) -> (u16, Value) {
    shop.post(&format!("/api/v1/bookings/{booking}/cancel"), buyer, body).await
}

/// Codes of a booking's tickets that live.
fn codes(document: &Value) -> Vec<String> {
    let tickets = document["tickets"].as_array().unwrap().iter().filter(|t| t["status"] == "valid");
    tickets.map(|t| t["code"].as_str().unwrap().to_owned()).collect()
}

/// What the gateway has paid back in all.
async fn paid_back(shop: &Shop) -> i64 {
    jobs::run_due(&shop.app).await.unwrap();
    q!(shop.app.db.ex(), val i64, "SELECT CAST(COALESCE(sum(refunded_minor), 0) AS BIGINT) FROM gateway_charges")
        .unwrap()
}

/// A booking of four, one ticket of which is given back by several at once; what each is told, and the booking then.
async fn one_ticket_given_back_by_many(shop: &Shop, times: usize) -> (Vec<(u16, Value)>, Value) {
    let (session, buyer) = (shop.on_sale(10).await, shop.buyer().await);
    let booking = shop.buy(session, &buyer, 4).await;
    let code = codes(&shop.booking(&booking, &buyer).await)[0].clone();
    let give = || cancel(shop, &booking, &buyer, json!({ "tickets": [code] }));
    let answers = join_all((0..times).map(|_| give())).await;
    let document = shop.booking(&booking, &buyer).await;
    (answers, document)
}

on_both_engines! {
    async fn the_price_on_the_card_is_the_price_on_the_receipt(shop) {
        let (bob, event, session) = event(&shop, on_top(), "USD").await;
        let (_, page) = shop.get(&format!("/api/v1/events/{event}"), "").await;
        // 75.00 and a fee of 6.25; 8.875 % of 81.25 is 7.21.
        let kind = &page["sessions"][0]["ticket_types"][0];
        assert_eq!((parts(kind), &kind["price_minor"], &kind["face_minor"]), ([7500, 625, 721, 8846], &json!(8846), &json!(7500)), "{kind}");
        assert_eq!((&page["ticket_price_minor"], &page["ticket_price"]), (&json!(8846), &json!(88.46)));
        assert!(page["charges"]["text"].as_str().unwrap().contains("a service fee, State tax 6 % and City tax 2.875 %"), "{page}");
        let buyer = shop.buyer().await;
        let hold = shop.hold(session, &buyer, 2).await;
        assert_eq!((parts(&hold), &hold["total_minor"], parts(&hold["seats"][0])), ([15_000, 1250, 1442, 17_692], &json!(17_692), [7500, 625, 721, 8846]), "{hold}");
        // Each ticket's 7.21 is 4.87 and 2.34.
        assert_eq!((&hold["taxes"][0]["name"], &hold["taxes"][0]["tax_minor"], &hold["taxes"][1]["tax_minor"]), (&json!("State tax 6 %"), &json!(974), &json!(468)));
        let booking = shop.book(&hold, &buyer).await;
        let (status, paid) = shop.pay(&booking, &buyer, CARD).await;
        assert_eq!((status, &paid["payment"]["amount_minor"], parts(&paid["booking"])), (200, &json!(17_692), [15_000, 1250, 1442, 17_692]), "{paid}");
        let ticket = paid["booking"]["tickets"][0]["code"].as_str().unwrap();
        let (_, ticket) = shop.get(&format!("/api/v1/tickets/{ticket}"), &buyer).await;
        assert_eq!((parts(&ticket), &ticket["taxes"][1]["tax_minor"]), ([7500, 625, 721, 8846], &json!(234)), "{ticket}");
        let (_, stats) = shop.get(&format!("/api/v1/events/{event}/stats"), &bob).await;
        assert_eq!((parts(&stats["revenue"]), &stats["revenue_minor"]), ([15_000, 1250, 1442, 17_692], &json!(17_692)), "{stats}");
        jobs::run_due(&shop.app).await.unwrap();
        let (_, quote) = shop.get(&format!("/api/v1/bookings/{booking}/refund-quote"), &buyer).await;
        assert_eq!((parts(&quote), &quote["refund_minor"], quote["tickets"].as_array().unwrap().len()), ([15_000, 1250, 1442, 17_692], &json!(17_692), 2), "{quote}");
        let (_, back) = cancel(&shop, &booking, &buyer, json!({})).await;
        assert_eq!((parts(&back["refund"]), &back["refund_minor"]), ([15_000, 1250, 1442, 17_692], &json!(17_692)), "{back}");
        assert_eq!(paid_back(&shop).await, 17_692);
    }

    async fn what_was_quoted_is_charged_whatever_the_organiser_changes(shop) {
        let (bob, event, session) = event(&shop, on_top(), "EUR").await;
        let path = format!("/api/v1/events/{event}");
        let (buyer, late) = (shop.buyer().await, shop.buyer().await);
        let hold = shop.hold(session, &buyer, 1).await;
        let code = json!({ "code": "TEN", "percent": 10 });
        assert_eq!(shop.post(&format!("{path}/promo-codes"), &bob, code).await.0, 201);
        let vat = json!({ "taxes": [{ "name": "VAT 19 %", "rate_ppm": 190_000 }] });
        let (status, changed) = shop.patch(&path, &bob, json!({ "charges": vat })).await;
        assert_eq!((status, &changed["sessions"][0]["ticket_types"][0]["price_minor"], &changed["ticket_price_minor"]), (200, &json!(7500), &json!(7500)), "{changed}");
        // Who comes now is quoted the new terms; who was quoted the old ones keeps them, also when a code lowers the price.
        let second = shop.hold(session, &late, 1).await;
        assert_eq!((parts(&second), &second["taxes"][0]["name"]), ([6303, 0, 1197, 7500], &json!("VAT 19 %")), "{second}");
        let (status, lower) = shop.post(&format!("/api/v1/holds/{}/promo", hold["id"].as_str().unwrap()), &buyer, json!({ "code": "TEN" })).await;
        // 67.50 and 2.50 + 3.38 (half of a cent goes to the even one), 8.875 % of 73.38 is 6.51.
        assert_eq!((status, parts(&lower["hold"]), &lower["discount_minor"]), (200, [6750, 588, 651, 7989], &json!(857)), "{lower}");
        let booking = shop.book(&hold, &buyer).await;
        assert_eq!(shop.patch(&path, &bob, json!({ "charges": null })).await.0, 200);
        let (status, paid) = shop.pay(&booking, &buyer, CARD).await;
        assert_eq!((status, &paid["payment"]["amount_minor"], parts(&paid["booking"])), (200, &json!(7989), [6750, 588, 651, 7989]), "{paid}");
        assert_eq!(paid["booking"]["taxes"][0]["name"], "State tax 6 %", "by the terms it was quoted");
        let read = shop.booking(&booking, &buyer).await;
        assert_eq!((parts(&read), &read["taxes"]), ([6750, 588, 651, 7989], &paid["booking"]["taxes"]));
        let (_, page) = shop.get(&path, "").await;
        assert_eq!((&page["charges"], &page["ticket_price_minor"]), (&Value::Null, &json!(7500)));
    }

    async fn orders_and_other_currencies_go_by_the_same_terms(shop) {
        for (currency, face, fee, tax) in [("JPY", 7500, 250 + 375, 721), ("EUR", 7500, 625, 721), ("KWD", 75_000, 250 + 3750, 7011)] {
            let (_, event, _) = event(&shop, on_top(), currency).await;
            let buyer = shop.buyer().await;
            let (status, order) = shop.post("/api/v1/orders", &buyer, json!({ "event_id": event, "quantity": 3 })).await;
            assert_eq!((status, &order["total_minor"]), (201, &json!(3 * (face + fee + tax))), "{currency} {order}");
            assert_eq!(parts(&order), [3 * face, 3 * fee, 3 * tax, 3 * (face + fee + tax)], "{order}");
            let booking = order["order_id"].as_str().unwrap();
            let document = shop.booking(booking, &buyer).await;
            assert_eq!(parts(&document), [3 * face, 3 * fee, 3 * tax, 3 * (face + fee + tax)], "{currency}");
            // One by one all of it goes back.
            for code in codes(&document) {
                assert_eq!(cancel(&shop, booking, &buyer, json!({ "tickets": [code] })).await.0, 200);
            }
            let gone = shop.booking(booking, &buyer).await;
            assert_eq!((&gone["status"], parts(&gone["refund"])), (&json!("cancelled"), parts(&document)), "{gone}");
        }
        let charged = q!(shop.app.db.ex(), val i64, "SELECT CAST(sum(amount_minor) AS BIGINT) FROM gateway_charges").unwrap();
        assert_eq!(paid_back(&shop).await, charged, "to the last minor unit");
        booking::bookings::upkeep::tick(&shop.app).await.unwrap();
        let open = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM bookings WHERE status <> 'refunded'").unwrap();
        assert_eq!(open, 0);
    }

    async fn a_ticket_given_back_dies_alone(shop) {
        let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
        let booking = shop.buy(session, &buyer, 3).await;
        let all = codes(&shop.booking(&booking, &buyer).await);
        let (status, quote) = shop.get(&format!("/api/v1/bookings/{booking}/refund-quote?tickets={},{}", all[0], all[2]), &buyer).await;
        assert_eq!((status, &quote["refund_minor"], &quote["tickets"][1]["code"]), (200, &json!(15_000), &json!(all[2])), "{quote}");
        let (status, left) = cancel(&shop, &booking, &buyer, json!({ "tickets": [all[1]] })).await;
        assert_eq!((status, &left["status"], &left["quantity"], &left["total_minor"], &left["refund_minor"]), (200, &json!("confirmed"), &json!(2), &json!(22_500), &json!(7500)), "{left}");
        assert_eq!(codes(&left), [all[0].clone(), all[2].clone()]);
        assert_eq!((shop.remaining(session).await, left["seats"].as_array().unwrap().iter().filter(|s| s["refund_minor"] == 7500).count()), (3, 1));
        assert_eq!(shop.get(&format!("/api/v1/tickets/{}", all[1]), &buyer).await.1["status"], "cancelled");
        assert_eq!((paid_back(&shop).await, paid_back(&shop).await), (7500, 7500), "once");
        for (body, expected) in [
            (json!({ "tickets": [all[1]] }), "ticket-dead"), (json!({ "tickets": ["TCK-NOBODYS"] }), "ticket-dead"), (json!({ "tickets": [] }), "validation"),
            (json!({ "tickets": [all[0], all[0]] }), "duplicate-ticket"), (json!({ "refund_minor": 1 }), "unknown-field"),
        ] {
            assert_eq!(slug(&cancel(&shop, &booking, &buyer, body.clone()).await.1), expected, "{body}");
        }
        assert_eq!(cancel(&shop, &booking, &shop.buyer().await, json!({ "tickets": [all[0]] })).await.0, 404);
        // The personal limit counts what lives, and the last tickets end the booking.
        let (status, gone) = cancel(&shop, &booking, &buyer, json!({ "tickets": [all[0], all[2]] })).await;
        assert_eq!((status, &gone["status"], &gone["refund_minor"]), (200, &json!("cancelled"), &json!(22_500)), "{gone}");
        assert_eq!((paid_back(&shop).await, shop.remaining(session).await), (22_500, 5));
        assert_eq!(slug(&cancel(&shop, &booking, &buyer, json!({})).await.1), "wrong-state");
    }

    async fn half_of_each_ticket_goes_back_between_the_deadlines(shop) {
        let (_, event, _) = event(&shop, json!({ "taxes": [{ "name": "VAT 7 %", "rate_ppm": 70_000 }], "service_fee": { "fixed_minor": 101 } }), "EUR").await;
        let buyer = shop.buyer().await;
        let (_, order) = shop.post("/api/v1/orders", &buyer, json!({ "event_id": event, "quantity": 2 })).await;
        let booking = order["order_id"].as_str().unwrap().to_owned();
        let user = q!(shop.app.db.ex(), val uuid::Uuid, "SELECT user_id FROM bookings").unwrap();
        // Three days before the start half of 76.01 goes back, rounded up.
        shop.advance_s((shop_start("2026-12-07T20:00:00Z") - shop.app.now()).whole_seconds());
        let buyer = shop.token(user, Role::Guest);
        let code = codes(&shop.booking(&booking, &buyer).await)[0].clone();
        let (status, left) = cancel(&shop, &booking, &buyer, json!({ "tickets": [code] })).await;
        assert_eq!((status, &left["refund_minor"], parts(&left["refund"])), (200, &json!(3801), [3505, 47, 249, 3801]), "{left}");
        assert_eq!(paid_back(&shop).await, 3801);
    }

    async fn two_at_once_have_one_effect_each(shop) {
        let (answers, left) = one_ticket_given_back_by_many(&shop, 5).await;
        let mut outcomes: Vec<&str> = answers.iter().map(|(status, body)| if *status == 200 { "given back" } else { slug(body) }).collect();
        outcomes.sort_unstable();
        assert_eq!(outcomes, ["given back", "ticket-dead", "ticket-dead", "ticket-dead", "ticket-dead"]);
        assert_eq!((&left["quantity"], &left["refund_minor"]), (&json!(3), &json!(7500)));
        assert_eq!(paid_back(&shop).await, 7500);
    }

    async fn without_the_bookings_lock_a_ticket_is_paid_back_each_time(shop) {
        shop.app.guards.take_away(Guard::GivenBackOnce, 3);
        let (answers, left) = one_ticket_given_back_by_many(&shop, 3).await;
        assert!(answers.iter().all(|(status, _)| *status == 200), "{answers:?}");
        assert_eq!((&left["quantity"], &left["refund_minor"]), (&json!(1), &json!(22_500)), "the harness does not see the race");
        shop.broken_on_purpose("I20", "what goes back for its seats").await;
    }

    async fn the_whole_and_a_part_at_once_pay_back_what_was_paid(shop) {
        let (session, buyer) = (shop.on_sale(10).await, shop.buyer().await);
        let booking = shop.buy(session, &buyer, 3).await;
        let all = codes(&shop.booking(&booking, &buyer).await);
        // Taken, or what is whole would only be let go of.
        jobs::run_due(&shop.app).await.unwrap();
        let (whole, part) = tokio::join!(cancel(&shop, &booking, &buyer, json!({})), cancel(&shop, &booking, &buyer, json!({ "tickets": [all[0]] })));
        assert_eq!(whole.0, 200, "{whole:?}");
        assert!(part.0 == 200 || slug(&part.1) == "wrong-state", "{part:?}");
        assert_eq!((paid_back(&shop).await, shop.remaining(session).await), (22_500, 10));
        booking::bookings::upkeep::tick(&shop.app).await.unwrap();
        let ended = shop.booking(&booking, &buyer).await;
        assert_eq!((&ended["status"], &ended["refund_minor"]), (&json!("refunded"), &json!(22_500)));
    }

    async fn the_organiser_takes_tickets_back_past_the_deadlines(shop) {
        let sold = shop.sold("Alice", 3).await;
        let booking = sold.booking.to_string();
        let path = format!("/api/v1/events/{}/bookings/{booking}/cancel", sold.event);
        let (_, eve) = shop.user(Role::Organizer).await;
        let (_, elsewhere) = shop.event(&sold.organizer.1, 10.0, 5).await;
        assert_eq!((shop.post(&path, &eve, json!({})).await.0, shop.post(&path, &sold.buyer.1, json!({})).await.0, shop.post(&path, "", json!({})).await.0), (404, 403, 401));
        assert_eq!(shop.post(&format!("/api/v1/events/{elsewhere}/bookings/{booking}/cancel"), &sold.organizer.1, json!({})).await.0, 404);
        // The session has begun: the buyer is too late, who runs it is not.
        shop.advance_s((shop_start("2026-12-10T20:30:00Z") - shop.app.now()).whole_seconds());
        let (buyer, bob) = (shop.token(sold.buyer.0, Role::Guest), shop.token(sold.organizer.0, Role::Organizer));
        assert_eq!(slug(&cancel(&shop, &booking, &buyer, json!({ "tickets": [sold.codes[0]] })).await.1), "too-late");
        let some = json!({ "tickets": [sold.codes[0]], "refund_minor": 1234, "reason": "a pillar before the seat" });
        let (status, left) = shop.post(&path, &bob, some).await;
        assert_eq!((status, &left["status"], &left["quantity"], &left["refund_minor"]), (200, &json!("confirmed"), &json!(2), &json!(1234)), "{left}");
        assert_eq!(slug(&shop.post(&path, &bob, json!({ "refund_minor": 10_001 })).await.1), "out-of-range");
        let (status, gone) = shop.post(&path, &bob, json!({ "reason": "said no" })).await;
        assert_eq!((status, &gone["status"], &gone["refund_minor"]), (200, &json!("cancelled"), &json!(11_234)), "{gone}");
        assert_eq!(paid_back(&shop).await, 11_234);
        let acts = q!(shop.app.db.ex(), vals String, "SELECT action FROM audit_entries WHERE actor = $1 ORDER BY id", sold.organizer.0).unwrap();
        assert_eq!(&acts[acts.len() - 2..], ["booking.reduced", "booking.cancelled"]);
        let kept = q!(shop.app.db.ex(), val i64, "SELECT CAST(sum(amount_minor - refunded_minor) AS BIGINT) FROM gateway_charges").unwrap();
        assert_eq!(kept, 15_000 - 11_234);
    }

    async fn a_seat_given_back_is_due_to_who_waits_for_it(shop) {
        let (session, buyer) = (shop.on_sale(2).await, shop.buyer().await);
        let booking = shop.buy(session, &buyer, 2).await;
        let waits = shop.buyer().await;
        let (status, entry) = shop.post(&format!("/api/v1/sessions/{session}/waiting-list"), &waits, json!({ "quantity": 1 })).await;
        assert_eq!(status, 201, "{entry}");
        let code = codes(&shop.booking(&booking, &buyer).await)[0].clone();
        assert_eq!(cancel(&shop, &booking, &buyer, json!({ "tickets": [code] })).await.0, 200);
        assert_eq!(slug(&shop.try_hold(session, &shop.buyer().await, json!({ "quantity": 1 })).await.1), "waiting-list");
        booking::bookings::upkeep::tick(&shop.app).await.unwrap();
        let (_, offered) = shop.get(&format!("/api/v1/sessions/{session}/waiting-list"), &waits).await;
        assert_eq!(offered["state"], "offered", "{offered}");
        assert_eq!(paid_back(&shop).await, 7500);
    }

    async fn a_seat_given_back_is_not_taken_in_exchange(shop) {
        let (session, seats) = shop.hall(1, 4).await;
        let buyer = shop.buyer().await;
        let (_, hold) = shop.try_hold(session, &buyer, json!({ "seats": [seats[0], seats[1]] })).await;
        let booking = shop.book(&hold, &buyer).await;
        let (_, paid) = shop.pay(&booking, &buyer, CARD).await;
        let first = paid["booking"]["tickets"].as_array().unwrap().iter().find(|t| t["seat"]["label"] == "1").unwrap();
        assert_eq!(cancel(&shop, &booking, &buyer, json!({ "tickets": [first["code"]] })).await.0, 200);
        let back = json!({ "seats": [{ "from": seats[1], "to": seats[0] }] });
        assert_eq!(slug(&shop.patch(&format!("/api/v1/bookings/{booking}"), &buyer, back).await.1), "seat-taken");
        let other = json!({ "seats": [{ "from": seats[1], "to": seats[3] }] });
        assert_eq!(shop.patch(&format!("/api/v1/bookings/{booking}"), &buyer, other).await.0, 200);
        jobs::run_due(&shop.app).await.unwrap();
    }

    async fn charges_that_cannot_be_meant_are_refused(shop) {
        let (bob, event, _) = event(&shop, Value::Null, "USD").await;
        for (charges, expected) in [
            (json!({ "service_fee": { "fixed_minor": -1 } }), "out-of-range"), (json!({ "taxes": [{ "name": "VAT", "rate_ppm": 0 }] }), "out-of-range"),
            (json!({ "taxes": [{ "name": " ", "rate_ppm": 1 }] }), "blank"), (json!({ "rounding": "down" }), "validation"), (json!({ "fee": 1 }), "unknown-field"),
        ] {
            let (status, refused) = shop.patch(&format!("/api/v1/events/{event}"), &bob, json!({ "charges": charges })).await;
            assert_eq!((status, slug(&refused)), (422, expected), "{charges} {refused}");
        }
    }
}

fn shop_start(text: &str) -> shared::clock::Ts {
    serde_json::from_value(json!(text)).unwrap()
}
