//! Texts to phones (I6): whose number it is, what is told, in which language, and what becomes of a text that cannot be sent.
#![allow(clippy::unwrap_used)]

mod common;

use booking::guards::Guard;
use booking::{bookings, jobs, q};
use common::buying::slug;
use common::receiver::Receiver;
use common::{Engine, Shop};
use futures_util::future::join_all;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use shared::access::Role;
use shared::config::Settings;
use shared::peer::Peer;
use uuid::Uuid;

const PHONE: &str = "/api/v1/users/me/phone";
const EVA: &str = "+4915112345678";

/// A shop that sends texts to a gateway, and the gateway: a real server of this test.
async fn shop_and_gateway(engine: Engine) -> Option<(Shop, Receiver)> {
    let dir = tempfile::tempdir().unwrap();
    let gateway = Receiver::start(&Settings::for_test(dir.path()));
    let shop = Shop::start_with(engine, Peer::in_process(), |settings| {
        settings.sms.gateway_url.clone_from(&gateway.url);
        settings.sms.token = SecretString::from("gateway-secret");
        settings.sms.from = "Rushline".into();
    });
    Some((shop.await?, gateway))
}

/// Stamps each test for both engines, with a shop that sends texts and the gateway they arrive at.
macro_rules! with_a_gateway {
    ($($(#[$meta:meta])* async fn $name:ident($shop:ident, $gateway:ident) $body:block)+) => {
        $(mod $name {
            use super::*;
            $(#[$meta])*
            async fn run($shop: Shop, $gateway: Receiver) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let (shop, gateway) = shop_and_gateway(Engine::Sqlite).await.unwrap();
                run(shop.clone(), gateway).await;
                shop.verify().await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some((shop, gateway)) = shop_and_gateway(Engine::Postgres).await {
                    run(shop.clone(), gateway).await;
                    shop.verify().await;
                }
            }
        })+
    };
}

async fn run_jobs(shop: &Shop) {
    jobs::run_due(&shop.app).await.unwrap();
}

async fn put(shop: &Shop, token: &str, number: &str, language: &str) -> (u16, Value) {
    let body = json!({ "number": number, "language": language });
    common::answer(shop.request(Method::PUT, PHONE, token).json(&body)).await
}

async fn show_code(shop: &Shop, token: &str, code: &str) -> (u16, Value) {
    shop.post(&format!("{PHONE}/verify"), token, json!({ "code": code })).await
}

/// What has come to the gateway since this was asked last: numbers and words.
fn texts(gateway: &Receiver) -> Vec<(String, String)> {
    let of = |body: Value, name: &str| body[name].as_str().unwrap().to_owned();
    gateway.take().iter().map(|one| (of(one.json(), "to"), of(one.json(), "text"))).collect()
}

/// Gives a number and asks for its code.
async fn code_for(shop: &Shop, gateway: &Receiver, token: &str, number: &str, language: &str) -> String {
    let (status, given) = put(shop, token, number, language).await;
    assert_eq!((status, &given["verified_at"]), (202, &Value::Null), "{given}");
    run_jobs(shop).await;
    let sent = texts(gateway);
    assert_eq!((sent.len(), sent[0].0.as_str()), (1, number), "{sent:?}");
    sent[0].1[..6].to_owned()
}

/// Gives a number and proves it.
async fn prove(shop: &Shop, gateway: &Receiver, token: &str, number: &str, language: &str) {
    let code = code_for(shop, gateway, token, number, language).await;
    let (status, proven) = show_code(shop, token, &code).await;
    assert_eq!((status, &proven["texts"]), (200, &json!(true)), "{proven}");
}

/// A six-digit code that is not this one.
fn another(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

/// An event that was bought for: its id, the organiser's token, and the booking.
async fn bought(shop: &Shop, buyer: &str) -> (i64, String, String) {
    let (_, bob) = shop.user(Role::Organizer).await;
    let (event, session) = shop.event(&bob, 50.0, 10).await;
    let booking = shop.buy(session, buyer, 1).await;
    run_jobs(shop).await;
    (event, bob, booking)
}

/// Calls an event off and lets everything follow.
async fn call_off(shop: &Shop, event: i64, organizer: &str) {
    let (status, off) = shop.post(&format!("/api/v1/events/{event}/cancel"), organizer, json!({})).await;
    assert_eq!(status, 200, "{off}");
    bookings::upkeep::tick(&shop.app).await.unwrap();
    run_jobs(shop).await;
}

/// Texts that gave up or wait, as the table has them.
async fn queued(shop: &Shop, status: &'static str) -> Vec<(i64, Option<String>)> {
    let rows = q!(
        shop.app.db.ex(),
        all(i64, Option<String>),
        "SELECT attempts, last_error FROM jobs WHERE kind = 'text' AND status = $1",
        status
    );
    rows.unwrap()
}

with_a_gateway! {
    async fn a_number_is_its_owner_s_when_she_shows_the_code_that_was_sent_to_it(shop, gateway) {
        let (_, eva) = shop.user(Role::Guest).await;
        assert_eq!(shop.get(PHONE, &eva).await.1, json!({ "available": true, "number": null, "language": null, "verified_at": null, "texts": false }));
        assert_eq!(slug(&put(&shop, &eva, "0151 12345678", "de").await.1), "phone-invalid");
        assert_eq!(put(&shop, &eva, EVA, "tlh").await.0, 422);
        assert_eq!(put(&shop, &eva, "+49 (151) 123 456 78", "de").await.1["number"], EVA);
        run_jobs(&shop).await;
        let arrived = gateway.take().remove(0);
        assert_eq!(arrived.header("authorization"), "Bearer gateway-secret");
        let sent = arrived.json();
        assert_eq!((&sent["to"], &sent["from"], sent["id"].as_str().unwrap()), (&json!(EVA), &json!("Rushline"), arrived.header("idempotency-key")));
        let code = sent["text"].as_str().unwrap()[..6].to_owned();
        assert!(sent["text"].as_str().unwrap().contains("ist dein Rushline-Code"), "{sent}");
        let rows = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM jobs WHERE CAST(payload AS TEXT) LIKE $1", format!("%{code}%"));
        assert_eq!(rows.unwrap(), 0, "no secret stays in the table");

        assert_eq!(slug(&show_code(&shop, &eva, another(&code)).await.1), "code-wrong");
        let (status, proven) = show_code(&shop, &eva, &format!(" {code} ")).await;
        assert_eq!((status, &proven["texts"], proven["verified_at"].is_string()), (200, &json!(true), true), "{proven}");
        assert_eq!(slug(&show_code(&shop, &eva, &code).await.1), "code-over", "it works once");
        let (_, kept) = shop.get("/api/v1/users/me/export", &eva).await;
        assert_eq!((&kept["phone"]["number"], &kept["phone"]["language"]), (&json!(EVA), &json!("de")));
        let (status, changed) = shop.patch(PHONE, &eva, json!({ "texts": false, "language": "ar" })).await;
        assert_eq!((status, &changed["texts"], &changed["language"]), (200, &json!(false), &json!("ar")));
        assert_eq!((shop.delete(PHONE, &eva).await.0, shop.delete(PHONE, &eva).await.0), (204, 404));
        assert_eq!(shop.patch(PHONE, &eva, json!({ "texts": true })).await.0, 404);
    }

    async fn a_code_is_good_for_ten_minutes_and_an_unproven_number_for_a_day(shop, gateway) {
        let (user, eva) = shop.user(Role::Guest).await;
        let code = code_for(&shop, &gateway, &eva, EVA, "en").await;
        shop.advance_s(600);
        assert_eq!(slug(&show_code(&shop, &eva, &code).await.1), "code-over");
        // What was queued before is not sent when it is too late.
        put(&shop, &eva, EVA, "en").await;
        shop.advance_s(601);
        run_jobs(&shop).await;
        assert!(gateway.take().is_empty());
        shop.advance_s(86_401);
        booking::users::phone::forget_old(&shop.app).await.unwrap();
        assert_eq!(shop.get(PHONE, &shop.token(user, Role::Guest)).await.1["number"], Value::Null);
        assert_eq!(q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM code_budgets").unwrap(), 0);
    }

    async fn an_account_and_a_number_get_five_codes_a_day(shop, _gateway) {
        let (user, eva) = shop.user(Role::Guest).await;
        for _ in 0..5 {
            assert_eq!(put(&shop, &eva, EVA, "en").await.0, 202);
        }
        let answer = shop.request(Method::PUT, PHONE, &eva).json(&json!({ "number": "+14155550132", "language": "en" })).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (429, "86400"));
        assert_eq!(shop.get(PHONE, &eva).await.1["number"], EVA, "a refusal changes nothing");
        // Nor does taking the number away begin the day anew, or another account.
        assert_eq!(shop.delete(PHONE, &eva).await.0, 204);
        assert_eq!(put(&shop, &eva, EVA, "en").await.0, 429);
        assert_eq!(put(&shop, &shop.buyer().await, EVA, "en").await.0, 429);
        shop.advance_s(86_400);
        assert_eq!(put(&shop, &shop.token(user, Role::Guest), EVA, "en").await.0, 202);
    }

    async fn a_code_bears_five_guesses_however_many_come_at_once(shop, gateway) {
        let (_, eva) = shop.user(Role::Guest).await;
        let code = code_for(&shop, &gateway, &eva, EVA, "en").await;
        let answers = join_all((0..12).map(|_| show_code(&shop, &eva, another(&code)))).await;
        let judged = answers.iter().filter(|(_, body)| slug(body) == "code-wrong").count();
        assert_eq!(judged, 5, "{answers:?}");
        assert_eq!(slug(&show_code(&shop, &eva, &code).await.1), "code-over", "and then not even the right one helps");
    }

    async fn without_the_conditional_update_they_are_all_judged(shop, gateway) {
        let (_, eva) = shop.user(Role::Guest).await;
        let code = code_for(&shop, &gateway, &eva, EVA, "en").await;
        shop.app.guards.take_away(Guard::CodeTries, 8);
        let answers = join_all((0..8).map(|_| show_code(&shop, &eva, another(&code)))).await;
        let judged = answers.iter().filter(|(_, body)| slug(body) == "code-wrong").count();
        assert_eq!(judged, 8, "the harness does not see the race");
    }

    async fn what_cannot_wait_is_told_in_the_reader_s_language_and_nothing_else(shop, gateway) {
        let (user, eva) = shop.user(Role::Guest).await;
        prove(&shop, &gateway, &eva, EVA, "de").await;
        let (event, bob, booking) = bought(&shop, &eva).await;
        assert!(texts(&gateway).is_empty(), "a confirmation can wait");
        let (status, moved) = shop.post(&format!("/api/v1/events/{event}/postpone"), &bob, json!({ "event_date": "2026-12-20T20:00:00Z" })).await;
        assert_eq!(status, 200, "{moved}");
        run_jobs(&shop).await;
        let url = format!("{}/bookings/{booking}", shop.app.settings.public_url());
        assert_eq!(texts(&gateway), [(EVA.into(), format!("NEUER TERMIN: Rock Night ist am 2026-12-20 20:00. Deine Karten bleiben gültig: {url}"))]);

        // The day before, once; the reminder for the first date is put off.
        shop.clock.advance(time::Duration::days(202));
        run_jobs(&shop).await;
        let eva = shop.token(user, Role::Guest);
        assert_eq!(texts(&gateway), [(EVA.into(), format!("Rock Night: 2026-12-20 20:00, City Arena. Deine Karten: {url}"))]);

        shop.patch(PHONE, &eva, json!({ "language": "es" })).await;
        call_off(&shop, event, &shop.user(Role::Admin).await.1).await;
        assert_eq!(texts(&gateway), [(EVA.into(), format!("CANCELADO: Rock Night, 2026-12-20 20:00. Lo que se devuelve: {url}"))]);
    }

    async fn an_offer_is_told_to_whom_it_is_made(shop, gateway) {
        let (_, eva) = shop.user(Role::Guest).await;
        prove(&shop, &gateway, &eva, EVA, "en").await;
        let (session, owner) = (shop.on_sale(1).await, shop.buyer().await);
        let booking = shop.buy(session, &owner, 1).await;
        assert_eq!(shop.post(&format!("/api/v1/sessions/{session}/waiting-list"), &eva, json!({ "quantity": 1 })).await.0, 201);
        assert_eq!(shop.post(&format!("/api/v1/bookings/{booking}/cancel"), &owner, json!({})).await.0, 200);
        bookings::upkeep::tick(&shop.app).await.unwrap();
        run_jobs(&shop).await;
        let told = texts(&gateway);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].1.starts_with("Tickets for Rock Night are yours until 2026-06-01 13:00: http"), "{told:?}");

        let sold = shop.sold("Grace Hopper", 2).await;
        let address = shop.get("/api/v1/users/me", &eva).await.1["email"].clone();
        for (code, email) in sold.codes.iter().zip([address, json!("stranger@example.com")]) {
            assert_eq!(shop.post(&format!("/api/v1/tickets/{code}/transfer"), &sold.buyer.1, json!({ "email": email })).await.0, 201);
        }
        run_jobs(&shop).await;
        let told = texts(&gateway);
        assert_eq!(told, [(EVA.into(), "You are offered a ticket for Rock Night, 2026-12-10 20:00. Accept it by the link in our mail.".into())]);
    }

    async fn who_cancels_or_wants_no_texts_gets_none(shop, gateway) {
        let (_, eva) = shop.user(Role::Guest).await;
        prove(&shop, &gateway, &eva, EVA, "en").await;
        let (_, _, booking) = bought(&shop, &eva).await;
        assert_eq!(shop.post(&format!("/api/v1/bookings/{booking}/cancel"), &eva, json!({})).await.0, 200);
        run_jobs(&shop).await;
        let (event, bob, _) = bought(&shop, &eva).await;
        shop.patch(PHONE, &eva, json!({ "texts": false })).await;
        call_off(&shop, event, &bob).await;
        assert!(texts(&gateway).is_empty());
    }

    async fn a_gateway_that_is_down_is_asked_again_and_sends_nothing_twice(shop, gateway) {
        let (_, eva) = shop.user(Role::Guest).await;
        prove(&shop, &gateway, &eva, EVA, "en").await;
        let (event, bob, _) = bought(&shop, &eva).await;
        gateway.answers(503, &format!("cannot reach {EVA}"), Vec::new());
        call_off(&shop, event, &bob).await;
        let first = gateway.take();
        assert_eq!(first.len(), 1);
        let waiting = queued(&shop, "ready").await;
        assert_eq!(waiting, [(1, Some("the SMS gateway failed: it answered 503".into()))]);
        gateway.answers(202, "", Vec::new());
        shop.advance_s(6);
        run_jobs(&shop).await;
        let second = gateway.take();
        assert_eq!((second.len(), second[0].header("idempotency-key"), &second[0].body), (1, first[0].header("idempotency-key"), &first[0].body));
        shop.advance_s(86_400);
        run_jobs(&shop).await;
        assert!(gateway.take().is_empty() && queued(&shop, "dead").await.is_empty());
    }

    async fn what_the_gateway_refuses_for_good_is_a_dead_letter_without_the_number(shop, gateway) {
        let (_, eva) = shop.user(Role::Guest).await;
        prove(&shop, &gateway, &eva, EVA, "en").await;
        let (event, bob, _) = bought(&shop, &eva).await;
        gateway.answers(422, &format!("{EVA} is no mobile"), Vec::new());
        call_off(&shop, event, &bob).await;
        let (status, dead) = shop.get("/api/v1/admin/jobs?kind=text&status=dead", &shop.user(Role::Admin).await.1).await;
        assert_eq!((status, dead.as_array().unwrap().len()), (200, 1), "{dead}");
        assert!(!dead.to_string().contains("15112345678") && dead.to_string().contains("422"), "{dead}");
        // Mended, and sent again by an admin.
        gateway.answers(200, "", Vec::new());
        gateway.take();
        let path = format!("/api/v1/admin/jobs/{}/redrive", dead[0]["id"].as_str().unwrap());
        assert!(shop.post(&path, &shop.user(Role::Admin).await.1, json!({})).await.0 < 300);
        run_jobs(&shop).await;
        assert_eq!(gateway.take().len(), 1);
    }

    async fn a_text_goes_where_its_reader_is_today_or_nowhere(shop, gateway) {
        let (_, eva) = shop.user(Role::Guest).await;
        prove(&shop, &gateway, &eva, EVA, "en").await;
        let (event, bob, _) = bought(&shop, &eva).await;
        gateway.answers(503, "", Vec::new());
        call_off(&shop, event, &bob).await;
        gateway.take();
        // Another number that is not proven yet: only its code goes there, and nothing to the old one.
        gateway.answers(200, "", Vec::new());
        let code = code_for(&shop, &gateway, &eva, "+14155550132", "en").await;
        shop.advance_s(6);
        run_jobs(&shop).await;
        assert!(gateway.take().is_empty());
        assert_eq!(show_code(&shop, &eva, &code).await.0, 200);
        let (event, bob, _) = bought(&shop, &eva).await;
        call_off(&shop, event, &bob).await;
        let told = texts(&gateway);
        assert_eq!((told.len(), told[0].0.as_str()), (1, "+14155550132"));
    }

    async fn a_deleted_account_has_no_phone_and_hears_nothing(shop, gateway) {
        let (user, eva) = shop.user(Role::Guest).await;
        prove(&shop, &gateway, &eva, EVA, "en").await;
        let (event, bob, _) = bought(&shop, &eva).await;
        gateway.answers(503, "", Vec::new());
        call_off(&shop, event, &bob).await;
        gateway.take();
        assert_eq!(shop.delete("/api/v1/users/me", &eva).await.0, 204);
        gateway.answers(200, "", Vec::new());
        shop.advance_s(6);
        run_jobs(&shop).await;
        assert!(gateway.take().is_empty());
        assert_eq!(phones(&shop, user).await, 0);
    }
}

async fn phones(shop: &Shop, user: Uuid) -> i64 {
    q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM phones WHERE user_id = $1", user).unwrap()
}

on_both_engines! {
    async fn a_shop_without_a_gateway_says_so(shop) {
        let (_, eva) = shop.user(Role::Guest).await;
        assert_eq!(shop.get(PHONE, &eva).await.1["available"], false);
        let (status, refused) = put(&shop, &eva, EVA, "en").await;
        assert_eq!((status, slug(&refused)), (409, "sms-off"));
    }
}
