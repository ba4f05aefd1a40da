//! How often an endpoint is tried, and what becomes of what it did not take.

use axum::http::header;
use booking::guards::Guard;
use booking::q;
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::access::Role;
use shared::clock::Ts;

use crate::common::Shop;
use crate::common::buying::slug;
use crate::common::receiver::Receiver;
use crate::{log, register, run_jobs};

const DAY_S: i64 = 86_400;

with_a_receiver! {
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
