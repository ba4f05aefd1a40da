//! Webhooks out: who is told of what, signed how, how often, and never inside somebody's network.
#![allow(clippy::unwrap_used)]

mod common;

use std::net::SocketAddr;
use std::process::{Command, Stdio};

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use booking::guards::Guard;
use booking::{jobs, q};
use common::buying::slug;
use common::receiver::{Arrived, Receiver};
use common::{Engine, Shop};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::access::Role;
use shared::clock::Ts;
use shared::peer::Peer;

const ALL: [&str; 8] = [
    "booking.confirmed",
    "booking.cancelled",
    "ticket.transferred",
    "ticket.checked_in",
    "event.published",
    "event.cancelled",
    "event.postponed",
    "refund.completed",
];
const DAY_S: i64 = 86_400;

/// A shop whose endpoints may be on this machine.
async fn shop(engine: Engine) -> Option<Shop> {
    Shop::start_with(engine, Peer::in_process(), |settings| settings.webhooks.allow_private = true).await
}

/// Stamps each test for both engines, with a shop that may call this machine and a server that listens there.
macro_rules! with_a_receiver {
    ($(async fn $name:ident($shop:ident, $receiver:ident) $body:block)+) => {
        $(mod $name {
            use super::*;
            async fn run($shop: Shop, $receiver: Receiver) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let shop = shop(Engine::Sqlite).await.unwrap();
                run(shop.clone(), Receiver::start(&shop.app.settings)).await;
                shop.verify().await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(shop) = shop(Engine::Postgres).await {
                    run(shop.clone(), Receiver::start(&shop.app.settings)).await;
                    shop.verify().await;
                }
            }
        })+
    };
}

/// Registers an endpoint; its id and its secret.
async fn register(shop: &Shop, owner: &str, url: &str, kinds: &[&str]) -> (String, String) {
    let (status, made) = shop.post("/api/v1/webhooks", owner, json!({ "url": url, "kinds": kinds })).await;
    assert_eq!(status, 201, "{made}");
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    assert!(text("secret").starts_with("whsec_"));
    (text("id"), text("secret"))
}

async fn log(shop: &Shop, owner: &str, endpoint: &str) -> Vec<Value> {
    let (status, log) = shop.get(&format!("/api/v1/webhooks/{endpoint}/deliveries"), owner).await;
    assert_eq!(status, 200, "{log}");
    log.as_array().unwrap().clone()
}

async fn run_jobs(shop: &Shop) {
    jobs::run_due(&shop.app).await.unwrap();
}

/// What OpenSSL signs a message with, from its headers, its bytes and the secret alone.
fn signed_by_openssl(secret: &str, message: &Arrived) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let hex: String = key.iter().map(|octet| format!("{octet:02x}")).collect();
    let signed =
        format!("{}.{}.{}", message.header("webhook-id"), message.header("webhook-timestamp"), message.body);
    let mut openssl = Command::new("openssl");
    openssl.args(["dgst", "-sha256", "-mac", "HMAC", "-macopt", &format!("hexkey:{hex}"), "-binary"]);
    let Ok(mut child) = openssl.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
        assert!(option_env!("REQUIRE_TOOLS").is_none(), "openssl is missing: apt-get install openssl");
        return None;
    };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), signed.as_bytes()).unwrap();
    Some(format!("v1,{}", STANDARD.encode(child.wait_with_output().unwrap().stdout)))
}

with_a_receiver! {
    async fn a_purchase_is_told_with_a_signature_that_others_can_check_and_without_names(shop, receiver) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&organizer, 75.0, 20).await;
        let (endpoint, secret) = register(&shop, &organizer, &receiver.url, &["booking.confirmed"]).await;
        let buyer = shop.buyer().await;
        let booking = shop.buy(session, &buyer, 2).await;
        run_jobs(&shop).await;
        let [message] = &receiver.take()[..] else { panic!("one message") };
        let told = message.json();
        assert_eq!(told["type"], "booking.confirmed");
        assert_eq!(told["timestamp"], "2026-06-01T12:00:00Z");
        assert_eq!(
            (&told["data"]["booking"], &told["data"]["event"], &told["data"]["seats"], &told["data"]["total_minor"]),
            (&json!(booking), &json!(event), &json!(2), &json!(15_000))
        );
        assert!(!message.body.contains("Test Person") && !message.body.contains('@'), "{}", message.body);
        assert_eq!(message.header("content-type"), "application/json");
        assert_eq!(message.header("webhook-timestamp"), shop.app.now().seconds().to_string());
        if let Some(signed) = signed_by_openssl(&secret, message) {
            assert_eq!(message.header("webhook-signature"), signed);
        }
        let log = log(&shop, &organizer, &endpoint).await;
        assert_eq!(log.len(), 1);
        assert_eq!((&log[0]["state"], &log[0]["status"], &log[0]["attempts"]), (&json!("delivered"), &json!(204), &json!(1)));
        assert_eq!(log[0]["message"], message.header("webhook-id"));
        // Nothing is left to be done, and it is not told twice.
        run_jobs(&shop).await;
        assert!(receiver.take().is_empty());
    }

    async fn everything_that_happens_is_told_to_whom_it_concerns(shop, receiver) {
        let (stranger, admin) = (shop.user(Role::Organizer).await.1, shop.user(Role::Admin).await.1);
        register(&shop, &stranger, &format!("{}/strangers", receiver.url), &ALL).await;
        register(&shop, &admin, &receiver.url, &ALL).await;
        let sold = shop.sold("Alice", 2).await;
        let (_, guard) = shop.user(Role::Admin).await;
        assert_eq!(shop.post("/api/v1/checkins", &guard, json!({ "code": sold.codes[0] })).await.0, 200);
        let path = format!("/api/v1/tickets/{}/transfer", sold.codes[1]);
        let (_, offer) = shop.post(&path, &sold.buyer.1, json!({ "email": "heir@example.com" })).await;
        let accept = format!("/api/v1/transfers/{}/accept", offer["id"].as_str().unwrap());
        let link = json!({ "token": shop.transfer_token().await });
        assert_eq!(shop.post(&accept, &shop.buyer().await, link).await.0, 200);
        let postpone = format!("/api/v1/events/{}/postpone", sold.event);
        let later = json!({ "event_date": "2027-01-10T20:00:00Z" });
        assert_eq!(shop.post(&postpone, &sold.organizer.1, later).await.0, 200);
        let other = shop.buy(sold.session, &shop.buyer().await, 1).await;
        run_jobs(&shop).await;
        let mut kinds = receiver.kinds();
        kinds.sort();
        assert_eq!(kinds, [
            "booking.confirmed", "booking.confirmed", "event.postponed", "event.published", "ticket.checked_in",
            "ticket.transferred",
        ]);
        let cancel = format!("/api/v1/events/{}/cancel", sold.event);
        assert_eq!(shop.post(&cancel, &sold.organizer.1, json!({})).await.0, 200);
        // Called off: everybody is paid back.
        booking::bookings::upkeep::tick(&shop.app).await.unwrap();
        run_jobs(&shop).await;
        let told = receiver.take();
        let of = |kind: &str| told.iter().filter(|one| one.json()["type"] == kind).map(Arrived::json).collect::<Vec<_>>();
        assert_eq!((of("event.cancelled").len(), of("booking.cancelled").len(), told.len()), (1, 2, 5));
        let refunds = of("refund.completed");
        let mut amounts: Vec<i64> = refunds.iter().map(|one| one["data"]["amount_minor"].as_i64().unwrap()).collect();
        amounts.sort_unstable();
        assert_eq!(amounts, [5_000, 10_000]);
        assert!(refunds.iter().any(|one| one["data"]["booking"] == json!(other)));
        assert!(told.iter().all(|one| one.json()["data"]["event"] == json!(sold.event)));
    }

    async fn organisers_hear_of_their_own_events_and_see_their_own_endpoints(shop, receiver) {
        let (owner, stranger) = (shop.user(Role::Organizer).await, shop.user(Role::Organizer).await);
        let (_, session) = shop.event(&owner.1, 10.0, 20).await;
        let (endpoint, _) = register(&shop, &owner.1, &receiver.url, &["booking.confirmed"]).await;
        register(&shop, &stranger.1, &format!("{}/strangers", receiver.url), &ALL).await;
        shop.buy(session, &shop.buyer().await, 1).await;
        run_jobs(&shop).await;
        assert_eq!(receiver.kinds(), ["booking.confirmed"]);
        let path = format!("/api/v1/webhooks/{endpoint}");
        let delivery = log(&shop, &owner.1, &endpoint).await[0]["id"].as_str().unwrap().to_owned();
        for path in [path.clone(), format!("{path}/deliveries"), format!("/api/v1/webhook-deliveries/{delivery}")] {
            assert_eq!(shop.get(&path, &stranger.1).await.0, 404, "{path}");
            assert_eq!(shop.get(&path, &owner.1).await.0, 200, "{path}");
        }
        assert_eq!(shop.patch(&path, &stranger.1, json!({ "paused": true })).await.0, 404);
        assert_eq!(shop.delete(&path, &stranger.1).await.0, 404);
        for act in ["secret", "ping"] {
            assert_eq!(shop.post(&format!("{path}/{act}"), &stranger.1, json!({})).await.0, 404);
        }
        let (_, mine) = shop.get("/api/v1/webhooks", &stranger.1).await;
        assert_eq!(mine.as_array().unwrap().len(), 1);
        assert_eq!(shop.get("/api/v1/webhooks", &shop.user(Role::Admin).await.1).await.1.as_array().unwrap().len(), 2);
        // Who is no organiser any more hears no more.
        let (_, admin) = shop.user(Role::Admin).await;
        let demoted = json!({ "user_type": "guest" });
        assert_eq!(shop.patch(&format!("/api/v1/admin/users/{}", owner.0), &admin, demoted).await.0, 200);
        shop.buy(session, &shop.buyer().await, 1).await;
        run_jobs(&shop).await;
        assert!(receiver.take().is_empty());
    }

    async fn a_failing_endpoint_is_tried_for_three_days_and_then_a_dead_letter_that_can_be_sent_again(shop, receiver) {
        let (owner, organizer) = shop.user(Role::Organizer).await;
        let (_, session) = shop.event(&organizer, 10.0, 20).await;
        let (endpoint, _) = register(&shop, &organizer, &receiver.url, &["booking.confirmed"]).await;
        receiver.answers(418, "<h1>Down\0 for tea</h1>", Vec::new());
        shop.buy(session, &shop.buyer().await, 1).await;
        run_jobs(&shop).await;
        let mut ids = vec![];
        for attempt in 1..=10 {
            let arrived = receiver.take();
            assert_eq!(arrived.len(), 1, "attempt {attempt}");
            ids.push(arrived[0].header("webhook-id").to_owned());
            let delivery = log(&shop, &shop.token(owner, Role::Organizer), &endpoint).await.remove(0);
            assert_eq!((&delivery["attempts"], &delivery["status"]), (&json!(attempt), &json!(418)));
            let Some(next) = delivery["next_attempt_at"].as_str() else { break };
            let next: Ts = serde_json::from_value(json!(next)).unwrap();
            // A moment before, nothing is sent.
            shop.clock.advance(next - shop.app.now() - time::Duration::MILLISECOND);
            run_jobs(&shop).await;
            assert!(receiver.take().is_empty());
            // The job's own pause may end a little later than the delivery's.
            shop.advance_s(10);
            run_jobs(&shop).await;
        }
        assert_eq!(ids.len(), 10);
        assert!(ids.iter().all(|id| *id == ids[0]), "the same message has the same name");
        let organizer = shop.token(owner, Role::Organizer);
        let delivery = log(&shop, &organizer, &endpoint).await.remove(0);
        assert_eq!((&delivery["state"], &delivery["next_attempt_at"]), (&json!("failed"), &Value::Null));
        let admin = shop.user(Role::Admin).await.1;
        let (_, dead) = shop.get("/api/v1/admin/jobs?kind=deliver-webhook&status=dead", &admin).await;
        assert_eq!(dead.as_array().unwrap().len(), 1, "{dead}");
        assert!(!dead.to_string().contains(&receiver.url), "{dead}");
        let path = format!("/api/v1/webhook-deliveries/{}", delivery["id"].as_str().unwrap());
        let (_, whole) = shop.get(&path, &organizer).await;
        assert_eq!(whole["log"].as_array().unwrap().len(), 10);
        assert_eq!((&whole["log"][0]["answer"], &whole["log"][0]["error"]), (&json!("<h1>Down for tea</h1>"), &json!("answered 418")));
        // Mended.
        receiver.answers(200, "thanks", Vec::new());
        assert_eq!(shop.post(&format!("{path}/replay"), &organizer, json!({})).await.0, 202);
        // A failing endpoint is left alone for an hour at most.
        shop.advance_s(3_610);
        run_jobs(&shop).await;
        assert_eq!(receiver.take()[0].header("webhook-id"), ids[0]);
        assert_eq!(shop.get(&path, &organizer).await.1["state"], "delivered");
        let (_, endpoint) = shop.get(&format!("/api/v1/webhooks/{endpoint}"), &organizer).await;
        assert_eq!((&endpoint["state"], &endpoint["failing_since"]), (&json!("enabled"), &Value::Null));
    }

    async fn an_endpoint_that_fails_for_days_is_switched_off_and_its_owner_told(shop, receiver) {
        let (owner, organizer) = shop.user(Role::Organizer).await;
        let (_, session) = shop.event(&organizer, 10.0, 20).await;
        let (endpoint, _) = register(&shop, &organizer, &receiver.url, &["booking.confirmed"]).await;
        let path = format!("/api/v1/webhooks/{endpoint}");
        receiver.answers(503, "", vec![(header::RETRY_AFTER, "7200")]);
        shop.buy(session, &shop.buyer().await, 1).await;
        run_jobs(&shop).await;
        let first = log(&shop, &organizer, &endpoint).await.remove(0);
        let next: Ts = serde_json::from_value(first["next_attempt_at"].clone()).unwrap();
        assert!(next - shop.app.now() >= time::Duration::hours(2), "it asked to be left alone");
        // Meanwhile nothing else is sent there either.
        shop.buy(session, &shop.buyer().await, 1).await;
        assert_eq!(receiver.take().len(), 1);
        run_jobs(&shop).await;
        assert!(receiver.take().is_empty());
        assert_eq!(log(&shop, &organizer, &endpoint).await[0]["attempts"], 0, "it was not its turn");
        for _ in 0..14 {
            shop.advance_s(DAY_S / 2);
            run_jobs(&shop).await;
        }
        let organizer = shop.token(owner, Role::Organizer);
        assert_eq!(shop.get(&path, &organizer).await.1["state"], "disabled");
        let mails = shop.app.settings.data_dir.join("mails");
        let mails = std::fs::read_dir(mails).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
        let told: Vec<String> = mails.filter(|mail| mail.contains("A webhook was switched off")).collect();
        assert!(!told.is_empty() && told.iter().all(|mail| !mail.contains("/hook")), "{told:?}");
        receiver.take();
        shop.buy(session, &shop.buyer().await, 1).await;
        run_jobs(&shop).await;
        assert!(receiver.take().is_empty());
        assert_eq!(log(&shop, &organizer, &endpoint).await[0]["state"], "skipped");
        // It comes back, and what it missed is sent on demand.
        receiver.answers(204, "", Vec::new());
        let since = json!({ "since": "2026-06-01T00:00:00Z" });
        let (status, refused) = shop.post(&format!("{path}/replay"), &organizer, since.clone()).await;
        assert_eq!((status, slug(&refused)), (409, "webhook-paused"));
        assert_eq!(shop.patch(&path, &organizer, json!({ "paused": false })).await.1["state"], "enabled");
        let (status, replayed) = shop.post(&format!("{path}/replay"), &organizer, since).await;
        assert_eq!((status, &replayed), (202, &json!({ "replayed": 3 })));
        run_jobs(&shop).await;
        assert_eq!(receiver.take().len(), 3);
        assert!(log(&shop, &organizer, &endpoint).await.iter().all(|one| one["state"] == "delivered"));
    }

    async fn who_says_that_it_is_gone_is_not_asked_again(shop, receiver) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let (_, session) = shop.event(&organizer, 10.0, 20).await;
        let (endpoint, _) = register(&shop, &organizer, &receiver.url, &["booking.confirmed"]).await;
        receiver.answers(410, "", Vec::new());
        shop.buy(session, &shop.buyer().await, 1).await;
        run_jobs(&shop).await;
        let path = format!("/api/v1/webhooks/{endpoint}");
        assert_eq!(shop.get(&path, &organizer).await.1["state"], "disabled");
        assert_eq!(log(&shop, &organizer, &endpoint).await[0]["state"], "failed");
    }

    async fn what_a_paused_endpoint_misses_is_kept_and_a_test_message_reaches_it(shop, receiver) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let (_, session) = shop.event(&organizer, 10.0, 20).await;
        let (endpoint, _) = register(&shop, &organizer, &receiver.url, &["booking.confirmed"]).await;
        let path = format!("/api/v1/webhooks/{endpoint}");
        let (_, changed) = shop.patch(&path, &organizer, json!({ "paused": true, "description": "Till" })).await;
        assert_eq!((&changed["state"], &changed["description"]), (&json!("paused"), &json!("Till")));
        shop.buy(session, &shop.buyer().await, 1).await;
        run_jobs(&shop).await;
        let (status, queued) = shop.post(&format!("{path}/ping"), &organizer, json!({})).await;
        assert_eq!(status, 202, "{queued}");
        run_jobs(&shop).await;
        assert_eq!(receiver.kinds(), ["webhook.ping"]);
        let ping = format!("/api/v1/webhook-deliveries/{}", queued["delivery"].as_str().unwrap());
        assert_eq!(shop.get(&ping, &organizer).await.1["state"], "delivered");
        shop.patch(&path, &organizer, json!({ "paused": false })).await;
        let (_, replayed) = shop.post(&format!("{path}/replay"), &organizer, json!({ "since": "2026-06-01T12:00:00Z" })).await;
        assert_eq!(replayed["replayed"], 1);
        run_jobs(&shop).await;
        assert_eq!(receiver.kinds(), ["booking.confirmed"]);
        // A test that fails is not repeated, and counts for nothing.
        receiver.answers(500, "", Vec::new());
        let (_, queued) = shop.post(&format!("{path}/ping"), &organizer, json!({})).await;
        run_jobs(&shop).await;
        let ping = format!("/api/v1/webhook-deliveries/{}", queued["delivery"].as_str().unwrap());
        assert_eq!(shop.get(&ping, &organizer).await.1["state"], "failed");
        assert_eq!(shop.get(&path, &organizer).await.1["failing_since"], Value::Null);
        assert_eq!(shop.delete(&path, &organizer).await.0, 204);
        assert_eq!(shop.get(&ping, &organizer).await.0, 404);
        // Nobody wants to hear of anything: nothing is queued.
        shop.buy(session, &shop.buyer().await, 1).await;
        let told = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM jobs WHERE kind = 'tell-webhooks' AND status = 'ready'");
        assert_eq!(told.unwrap(), 0);
    }

    async fn after_a_new_secret_both_sign_for_a_day(shop, receiver) {
        let (owner, organizer) = shop.user(Role::Organizer).await;
        let (endpoint, first) = register(&shop, &organizer, &receiver.url, &["booking.confirmed"]).await;
        let path = format!("/api/v1/webhooks/{endpoint}");
        let (status, rotated) = shop.post(&format!("{path}/secret"), &organizer, json!({})).await;
        assert_eq!((status, &rotated["overlap_until"]), (200, &json!("2026-06-02T12:00:00Z")));
        let second = rotated["secret"].as_str().unwrap().to_owned();
        assert_ne!(first, second);
        let ping = async || {
            let token = shop.token(owner, Role::Organizer);
            assert_eq!(shop.post(&format!("{path}/ping"), &token, json!({})).await.0, 202);
            run_jobs(&shop).await;
            receiver.take().remove(0)
        };
        let during = ping().await;
        if let (Some(old), Some(new)) = (signed_by_openssl(&first, &during), signed_by_openssl(&second, &during)) {
            assert_eq!(during.header("webhook-signature"), format!("{new} {old}"));
        }
        shop.advance_s(DAY_S);
        let after = ping().await;
        if let Some(new) = signed_by_openssl(&second, &after) {
            assert_eq!(after.header("webhook-signature"), new);
        }
        // No table has either in the clear, and no answer shows one again.
        let (_, shown) = shop.get(&path, &shop.token(owner, Role::Organizer)).await;
        assert!(shown.get("secret").is_none());
        let kept = q!(shop.app.db.ex(), vals Vec<u8>, "SELECT secret FROM webhook_endpoints").unwrap();
        for secret in [first, second] {
            let raw = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
            assert!(kept.iter().all(|kept| !kept.windows(raw.len()).any(|part| part == raw)));
        }
    }

    async fn redirects_are_not_followed_and_long_answers_are_cut(shop, receiver) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let elsewhere = Receiver::start(&shop.app.settings);
        let (endpoint, _) = register(&shop, &organizer, &receiver.url, &["booking.confirmed"]).await;
        let target: &'static str = Box::leak(elsewhere.url.clone().into_boxed_str());
        receiver.answers(307, "", vec![(header::LOCATION, target)]);
        let ping = format!("/api/v1/webhooks/{endpoint}/ping");
        shop.post(&ping, &organizer, json!({})).await;
        run_jobs(&shop).await;
        assert_eq!((receiver.take().len(), elsewhere.take().len()), (1, 0));
        let refused = log(&shop, &organizer, &endpoint).await.remove(0);
        assert!(refused["error"].as_str().unwrap().starts_with("answered 307"), "{refused}");
        receiver.answers(200, &"long ".repeat(200_000), Vec::new());
        shop.post(&ping, &organizer, json!({})).await;
        run_jobs(&shop).await;
        let delivery = log(&shop, &organizer, &endpoint).await.remove(0);
        let path = format!("/api/v1/webhook-deliveries/{}", delivery["id"].as_str().unwrap());
        let (_, whole) = shop.get(&path, &organizer).await;
        assert_eq!(whole["log"][0]["answer"].as_str().unwrap().len(), 512);
    }

    async fn twenty_endpoints_are_enough_however_many_are_made_at_once(shop, receiver) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let new = json!({ "url": receiver.url, "kinds": ["booking.confirmed"] });
        let made = join_all((0..25).map(|_| shop.post("/api/v1/webhooks", &organizer, new.clone()))).await;
        assert_eq!(made.iter().filter(|(status, _)| *status == 201).count(), 20);
        let refused = made.iter().find(|(status, _)| *status != 201).unwrap();
        assert_eq!((refused.0, slug(&refused.1)), (409, "too-many-webhooks"));
    }

    async fn two_who_replay_one_delivery_at_once_queue_it_once(shop, receiver) {
        assert_eq!(replayed_by_many(&shop, &receiver).await, 1);
    }

    async fn without_the_conditional_update_it_would_be_queued_more_often(shop, receiver) {
        shop.app.guards.take_away(Guard::ReplayOnce, 6);
        assert!(replayed_by_many(&shop, &receiver).await > 1);
    }
}

/// One failed delivery, replayed by six at once; the jobs that came of it.
async fn replayed_by_many(shop: &Shop, receiver: &Receiver) -> i64 {
    let (_, organizer) = shop.user(Role::Organizer).await;
    let (endpoint, _) = register(shop, &organizer, &receiver.url, &["booking.confirmed"]).await;
    receiver.answers(500, "", Vec::new());
    shop.post(&format!("/api/v1/webhooks/{endpoint}/ping"), &organizer, json!({})).await;
    run_jobs(shop).await;
    let delivery = log(shop, &organizer, &endpoint).await.remove(0);
    let path = format!("/api/v1/webhook-deliveries/{}/replay", delivery["id"].as_str().unwrap());
    let replayed = join_all((0..6).map(|_| shop.post(&path, &organizer, json!({})))).await;
    assert!(replayed.iter().all(|(status, _)| *status == 202), "{replayed:?}");
    q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM jobs WHERE kind = 'deliver-webhook' AND status = 'ready'").unwrap()
}

on_both_engines! {
    /// Row 78 of the list of bad inputs.
    async fn addresses_inside_a_network_cannot_be_registered(shop) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let register = async |url: &str| {
            shop.post("/api/v1/webhooks", &organizer, json!({ "url": url, "kinds": ["booking.confirmed"] })).await
        };
        for url in [
            "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://0x7f000001/",
            "https://169.254.169.254/latest", "file:///etc/passwd", "https://example.com:25/", "https://localhost/",
            "https://user:secret@example.com/", "http://192.168.0.1/",
        ] {
            let (status, refused) = register(url).await;
            assert_eq!((status, slug(&refused)), (422, "forbidden-target"), "{url}");
            assert_eq!(refused["errors"][0]["pointer"], "/url");
        }
        let (status, made) = register("https://example.com/hooks").await;
        assert_eq!(status, 201);
        let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
        let (status, refused) = shop.patch(&path, &organizer, json!({ "url": "https://10.0.0.1/" })).await;
        assert_eq!((status, slug(&refused)), (422, "forbidden-target"));
        let unknown = json!({ "url": "https://example.com/", "kinds": ["user.deleted"] });
        assert_eq!(shop.post("/api/v1/webhooks", &organizer, unknown).await.0, 422);
        let none = json!({ "url": "https://example.com/", "kinds": [] });
        assert_eq!(shop.post("/api/v1/webhooks", &organizer, none).await.0, 422);
    }
}

/// A name that leads home: how often the server there was reached, and how often the name was looked up.
async fn called_by_name(shop: &Shop, receiver: &Receiver, answers: Vec<&str>) -> (usize, usize) {
    let (_, organizer) = shop.user(Role::Organizer).await;
    let port = receiver.port();
    let address = |ip: &str| vec![SocketAddr::new(ip.parse().unwrap(), port)];
    shop.app.webhooks.wire.names().resolve_as("rebind.example", answers.into_iter().map(address).collect());
    let url = format!("http://rebind.example:{port}/hook");
    let (endpoint, _) = register(shop, &organizer, &url, &["booking.confirmed"]).await;
    shop.post(&format!("/api/v1/webhooks/{endpoint}/ping"), &organizer, json!({})).await;
    run_jobs(shop).await;
    (receiver.take().len(), shop.app.webhooks.wire.names().asked())
}

#[tokio::test]
async fn a_name_that_leads_inside_is_never_connected_to() {
    let shop = Shop::start(Engine::Sqlite).await.unwrap();
    let receiver = Receiver::start(&shop.app.settings);
    assert_eq!(called_by_name(&shop, &receiver, vec!["127.0.0.1"]).await, (0, 1));
    let error = q!(shop.app.db.ex(), val String, "SELECT last_error FROM webhook_deliveries").unwrap();
    assert!(error.contains("not on the public internet"), "{error}");
}

/// The first answer is public, and nobody is there; the second, which an attacker gives a moment later, leads here.
#[tokio::test]
async fn a_name_is_looked_up_once_and_what_was_judged_is_what_is_called() {
    let shop = Shop::start(Engine::Sqlite).await.unwrap();
    let receiver = Receiver::start(&shop.app.settings);
    assert_eq!(called_by_name(&shop, &receiver, vec!["1.1.1.1", "127.0.0.1"]).await, (0, 1));
}

#[tokio::test]
async fn judging_one_look_up_and_calling_another_would_reach_inside() {
    let shop = Shop::start(Engine::Sqlite).await.unwrap();
    let receiver = Receiver::start(&shop.app.settings);
    shop.app.webhooks.wire.names().take_guard_away();
    assert_eq!(called_by_name(&shop, &receiver, vec!["1.1.1.1", "127.0.0.1"]).await, (1, 2));
}

#[tokio::test]
async fn a_developer_may_call_names_of_this_machine() {
    let shop = shop(Engine::Sqlite).await.unwrap();
    let receiver = Receiver::start(&shop.app.settings);
    assert_eq!(called_by_name(&shop, &receiver, vec!["127.0.0.1"]).await, (1, 1));
}

/// Where a test's log goes.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// On one thread, so that all of it goes to this test's log.
#[tokio::test]
async fn neither_the_secret_nor_the_address_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_ansi(false);
    let logging = tracing::subscriber::set_default(subscriber.with_writer(move || writer.clone()).finish());
    let shop = shop(Engine::Sqlite).await.unwrap();
    let receiver = Receiver::start(&shop.app.settings);
    let (_, organizer) = shop.user(Role::Organizer).await;
    let url = format!("{}?key=hush", receiver.url);
    let (endpoint, secret) = register(&shop, &organizer, &url, &["booking.confirmed"]).await;
    for status in [204, 500] {
        receiver.answers(status, "private answer", Vec::new());
        shop.post(&format!("/api/v1/webhooks/{endpoint}/ping"), &organizer, json!({})).await;
        run_jobs(&shop).await;
    }
    // Given up at once: an operator's log says so.
    receiver.answers(410, "private answer", Vec::new());
    let (_, session) = shop.event(&organizer, 10.0, 5).await;
    shop.buy(session, &shop.buyer().await, 1).await;
    run_jobs(&shop).await;
    drop(logging);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("deliver-webhook"), "{text}");
    for hidden in [secret.strip_prefix("whsec_").unwrap(), "hush", "private answer", "Test Person"] {
        assert!(!text.contains(hidden), "{hidden} is in the log");
    }
}
