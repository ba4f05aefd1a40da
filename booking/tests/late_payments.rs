//! Money that comes late: what the gateway tells by webhook, and what becomes of a payment whose seats were kept no longer.
#![allow(clippy::unwrap_used)]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use booking::bookings::upkeep;
use booking::guards::CrashPoint;
use booking::{jobs, q};
use common::buying::{CARD, slug};
use common::{Answer, Engine, Shop, answer};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::Sha256;
use shared::access::Role;
use shared::peer::Peer;

const SECRET: &[u8] = b"a secret of the gateway's own";
/// Succeeds, and says so three seconds later.
const LATE_CARD: &str = "4000000000003220";

/// Everything that the shop does by itself, with the clock as it stands.
async fn settle_down(shop: &Shop) {
    for _ in 0..2 {
        upkeep::tick(&shop.app).await.unwrap();
        while jobs::run_due(&shop.app).await.unwrap() > 0 {}
    }
}

/// Mails of this title.
fn mails(shop: &Shop, title: &str) -> Vec<String> {
    let Ok(dir) = std::fs::read_dir(shop.app.settings.data_dir.join("mails")) else { return Vec::new() };
    let pages = dir.map(|f| f.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "html"));
    let pages = pages.map(|path| std::fs::read_to_string(path).unwrap());
    pages.filter(|html| html.contains(&format!("<title>{title}"))).collect()
}

/// A payment of these seats that the gateway has said yes to, to nobody who lived; the booking.
async fn paid_and_died(shop: &Shop, session: i64, buyer: &str, wanted: Value) -> String {
    let (status, hold) = shop.try_hold(session, buyer, wanted).await;
    assert_eq!(status, 201, "{hold}");
    let booking = shop.book(&hold, buyer).await;
    shop.app.guards.crash_at(Some(CrashPoint::Authorised));
    let path = format!("/api/v1/bookings/{booking}/payment");
    assert_eq!(shop.post_keyed(&path, buyer, "pay", &json!({ "card_number": CARD })).await.0, 500);
    shop.app.guards.crash_at(None);
    booking
}

/// Sends an event as the gateway does: signed, with a clock of its own.
async fn tell(shop: &Shop, event: &Value, secret: &[u8], age_s: i64) -> Answer {
    let (body, at) = (event.to_string(), shop.app.now().seconds() - age_s);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("msg_1.{at}.{body}").as_bytes());
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let request = shop.request(Method::POST, "/api/v1/payments/events", "").body(body);
    let request = request.header("content-type", "application/json").header("webhook-id", "msg_1");
    answer(request.header("webhook-timestamp", at).header("webhook-signature", signature)).await
}

/// A shop that believes its gateway, and a payment of which that has said nothing yet.
async fn waiting(engine: Engine) -> Option<(Shop, String, String, Value)> {
    let secret = format!("whsec_{}", STANDARD.encode(SECRET));
    let shop = Shop::start_with(engine, Peer::in_process(), |settings| {
        settings.payments.webhook_secret = SecretString::from(secret);
    })
    .await?;
    let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
    let booking = shop.book(&shop.hold(session, &buyer, 1).await, &buyer).await;
    assert_eq!(shop.pay(&booking, &buyer, LATE_CARD).await.0, 202);
    let payment = q!(shop.app.db.ex(), val uuid::Uuid, "SELECT id FROM payments").unwrap();
    let event = json!({ "id": "evt_1", "type": "payment.authorised", "key": payment, "amount_minor": 7500, "currency": "USD" });
    Some((shop, buyer, booking, event))
}

async fn an_event_settles_once_however_often_and_early_it_comes(engine: Engine) {
    let Some((shop, buyer, booking, event)) = waiting(engine).await else { return };
    // Before the gateway itself knows: what it says is not believed but asked.
    assert_eq!(tell(&shop, &event, SECRET, 0).await.0, 200);
    assert_eq!(shop.booking(&booking, &buyer).await["status"], "pending");
    shop.advance_s(4);
    let mut later = event.clone();
    later["id"] = json!("evt_2");
    for _ in 0..3 {
        assert_eq!(tell(&shop, &later, SECRET, 299).await, (200, json!({ "received": true })));
    }
    let read = shop.booking(&booking, &buyer).await;
    assert_eq!((&read["status"], read["tickets"].as_array().unwrap().len()), (&json!("confirmed"), 1));
    // An older one that overtakes nothing any more, one of another kind, and one of nobody's payment.
    for odd in [
        json!({ "id": "evt_0", "type": "payment.pending", "key": event["key"] }),
        json!({ "id": "evt_3", "type": "payout.paid", "more": true }),
        json!({ "id": "evt_4", "type": "payment.failed", "key": "00000000-0000-7000-8000-000000000000" }),
    ] {
        assert_eq!(tell(&shop, &odd, SECRET, 0).await.0, 200, "{odd}");
    }
    assert_eq!(shop.booking(&booking, &buyer).await["status"], "confirmed");
    settle_down(&shop).await;
    shop.verify().await;
}

async fn what_is_not_the_gateway_s_is_not_believed(engine: Engine) {
    let Some((shop, buyer, booking, event)) = waiting(engine).await else { return };
    shop.advance_s(4);
    for (secret, age_s) in [(&b"another secret of anybody's"[..], 0), (SECRET, 301), (SECRET, -301)] {
        let (status, refused) = tell(&shop, &event, secret, age_s).await;
        assert_eq!((status, slug(&refused)), (400, "signature-invalid"), "{age_s}");
    }
    let bare = shop.request(Method::POST, "/api/v1/payments/events", "").json(&event);
    assert_eq!(slug(&answer(bare).await.1), "signature-invalid");
    assert_eq!(shop.booking(&booking, &buyer).await["status"], "pending");
    let silent = Shop::start(engine).await.unwrap();
    assert_eq!(slug(&tell(&silent, &event, SECRET, 0).await.1), "signature-invalid", "there is no secret");
    // Another amount than ours settles nothing, and is noted once.
    let mut other = event.clone();
    other["amount_minor"] = json!(1);
    for _ in 0..2 {
        assert_eq!(tell(&shop, &other, SECRET, 0).await.0, 200);
    }
    assert_eq!(shop.booking(&booking, &buyer).await["status"], "pending");
    let admin = shop.user(Role::Admin).await.1;
    let (_, audit) = shop.get(&format!("/api/v1/admin/audit?subject=booking:{booking}"), &admin).await;
    let noted = audit.as_array().unwrap().iter().filter(|entry| entry["action"] == "payment.needs_review");
    assert_eq!(noted.count(), 1, "{audit}");
    settle_down(&shop).await;
    shop.verify().await;
}

macro_rules! on_each {
    ($($name:ident: $on:expr;)*) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn an_event_settles_once_however_often_and_early_it_comes() {
                super::an_event_settles_once_however_often_and_early_it_comes($on).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn what_is_not_the_gateway_s_is_not_believed() {
                super::what_is_not_the_gateway_s_is_not_believed($on).await;
            }
        }
    )*};
}

on_each! {
    gateway_and_sqlite: crate::Engine::Sqlite;
    gateway_and_postgres: crate::Engine::Postgres;
}

on_both_engines! {
    async fn seats_that_are_still_free_are_the_buyer_s_although_the_money_came_late(shop) {
        let (session, seats) = shop.hall(1, 6).await;
        let buyer = shop.buyer().await;
        let booking = paid_and_died(&shop, session, &buyer, json!({ "seats": seats[..2] })).await;
        shop.advance_s(15 * 60);
        // Another node has freed them already.
        booking::seats::holds::sweep(&shop.app, shop.app.now()).await.unwrap();
        assert_eq!(shop.remaining(session).await, 6);
        settle_down(&shop).await;
        let read = shop.booking(&booking, &buyer).await;
        let ids: Vec<i64> = read["seats"].as_array().unwrap().iter().map(|seat| seat["id"].as_i64().unwrap()).collect();
        assert_eq!((&read["status"], &read["payment"]["status"], ids), (&json!("confirmed"), &json!("captured"), seats[..2].to_vec()));
        assert_eq!((mails(&shop, "Booking confirmed: Film").len(), mails(&shop, "Booking confirmed, other").len()), (1, 0));
    }

    async fn seats_that_are_gone_are_replaced_by_equal_ones(shop) {
        let (session, seats) = shop.hall(1, 6).await;
        let (buyer, other) = (shop.buyer().await, shop.buyer().await);
        let booking = paid_and_died(&shop, session, &buyer, json!({ "seats": seats[2..4] })).await;
        shop.advance_s(15 * 60);
        let (_, hold) = shop.try_hold(session, &other, json!({ "seats": [seats[3]] })).await;
        let others = shop.book(&hold, &other).await;
        assert_eq!(shop.pay(&others, &other, CARD).await.0, 200);
        settle_down(&shop).await;
        let read = shop.booking(&booking, &buyer).await;
        let ids: Vec<i64> = read["seats"].as_array().unwrap().iter().map(|seat| seat["id"].as_i64().unwrap()).collect();
        assert_eq!((&read["status"], &read["total_minor"], read["tickets"].as_array().unwrap().len()), (&json!("confirmed"), &json!(10_000), 2), "{read}");
        assert!(ids.len() == 2 && ids[1] == ids[0] + 1 && !ids.contains(&seats[3]), "side by side, and nobody else's: {ids:?}");
        let told = mails(&shop, "Booking confirmed, other seats: Film");
        assert!(told.len() == 1 && told[0].contains("somebody else has them"), "{told:?}");
        assert_eq!(mails(&shop, "Booking confirmed: ").len(), 1, "the other buyer's alone");
    }

    async fn when_nothing_equal_is_left_the_money_goes_back_and_one_mail_says_so(shop) {
        let (session, seats) = shop.hall(1, 3).await;
        let (buyer, other) = (shop.buyer().await, shop.buyer().await);
        let booking = paid_and_died(&shop, session, &buyer, json!({ "seats": seats[..2] })).await;
        shop.advance_s(15 * 60);
        shop.buy(session, &other, 2).await;
        settle_down(&shop).await;
        let read = shop.booking(&booking, &buyer).await;
        assert_eq!((&read["status"], &read["payment"]["status"], &read["tickets"]), (&json!("expired"), &json!("voided"), &json!([])));
        let told = mails(&shop, "No tickets, your money goes back: Film");
        assert!(told.len() == 1 && told[0].contains("100.00"), "{told:?}");
    }

    async fn nobody_is_given_more_than_the_limit_nor_at_another_price(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&bob, 75.0, 20).await;
        assert_eq!(shop.patch(&format!("/api/v1/events/{event}"), &bob, json!({ "per_person_limit": 2 })).await.0, 200);
        let (greedy, unlucky) = (shop.buyer().await, shop.buyer().await);
        let one = paid_and_died(&shop, session, &greedy, json!({ "quantity": 2 })).await;
        let two = paid_and_died(&shop, session, &unlucky, json!({ "quantity": 1 })).await;
        shop.advance_s(15 * 60);
        booking::seats::holds::sweep(&shop.app, shop.app.now()).await.unwrap();
        let raised = shop.patch(&format!("/api/v1/events/{event}"), &bob, json!({ "ticket_price": 80 })).await;
        assert_eq!(raised.0, 200, "{raised:?}");
        shop.buy(session, &greedy, 2).await;
        settle_down(&shop).await;
        for (booking, buyer) in [(one, greedy), (two, unlucky)] {
            assert_eq!(shop.booking(&booking, &buyer).await["status"], "expired");
        }
        assert_eq!((mails(&shop, "No tickets, your money goes back").len(), shop.remaining(session).await), (2, 18));
    }
}
