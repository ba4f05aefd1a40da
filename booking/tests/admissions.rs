//! An event with a room sells only to whom the waiting room has admitted, once, in the browser it admitted.
#![allow(clippy::unwrap_used)]

mod common;

use booking::bookings::upkeep;
use booking::guards::Guard;
use booking::{jobs, q};
use common::buying::{CARD, slug};
use common::door::{Browser, Door, ROOM, SESSION_S, browser};
use futures_util::future::join_all;
use serde_json::json;
use shared::admission::AdmissionClaims;
use shared::keys::{KeyRing, Purpose};
use uuid::Uuid;

on_both_engines! {
    async fn no_seat_without_admission(shop) {
        let door = Door::before(&shop, 5).await;
        let (buyer, home) = (shop.buyer().await, browser(1));
        let (status, refused) = shop.try_hold(door.session, &buyer, json!({ "quantity": 1 })).await;
        assert_eq!((status, slug(&refused), refused["room"].as_str()), (403, "queue-required", Some(ROOM)));
        assert!(refused["queue_url"].as_str().unwrap().ends_with("/queue/rock-night"));
        let (status, refused) = shop.post("/api/v1/orders", &buyer, json!({ "event_id": door.event, "quantity": 1 })).await;
        assert_eq!((status, slug(&refused)), (403, "queue-required"));

        let token = door.token(&shop, &home);
        let forged = format!("{}x", &token[..token.len() - 1]);
        let strange = KeyRing::open(tempfile::tempdir().unwrap().path(), Purpose::Admission, &shop.app.entropy).unwrap();
        let strange = strange.sign(&door.claims(&shop, &home)).unwrap();
        for wrong in ["x", &forged, &strange, &buyer] {
            let (status, refused) = door.hold(&shop, &buyer, wrong, &home).await;
            assert_eq!((status, slug(&refused)), (401, "invalid-token"));
        }
        let elsewhere = door.keys.sign(&AdmissionClaims { event: "999".into(), ..door.claims(&shop, &home) }).unwrap();
        let other_room = door.keys.sign(&AdmissionClaims { room: "other".into(), ..door.claims(&shop, &home) }).unwrap();
        for wrong in [&elsewhere, &other_room] {
            let (status, refused) = door.hold(&shop, &buyer, wrong, &home).await;
            assert_eq!((status, slug(&refused)), (403, "admission-not-yours"));
        }
        for away in [browser(2), Browser { cookie: String::new(), hash: String::new() }] {
            let (status, refused) = door.hold(&shop, &buyer, &token, &away).await;
            assert_eq!((status, slug(&refused)), (403, "admission-not-yours"), "a copied token opens nothing");
        }
        assert_eq!(shop.remaining(door.session).await, 5);
        assert_eq!(door.hold(&shop, &buyer, &token, &home).await.0, 201);
    }

    async fn an_admission_ends_at_its_second(shop) {
        let door = Door::before(&shop, 5).await;
        let (buyer, home) = (shop.buyer().await, browser(1));
        let (token, unused) = (door.token(&shop, &home), door.token(&shop, &home));
        assert_eq!(door.hold(&shop, &buyer, &token, &home).await.0, 201);
        shop.clock.advance(time::Duration::seconds(SESSION_S) - time::Duration::milliseconds(1));
        assert_eq!(door.hold(&shop, &buyer, &token, &home).await.0, 201);
        shop.clock.advance(time::Duration::milliseconds(1));
        for token in [&token, &unused] {
            let (status, refused) = door.hold(&shop, &buyer, token, &home).await;
            assert_eq!((status, slug(&refused)), (401, "admission-expired"));
        }
        upkeep::tick(&shop.app).await.unwrap();
        jobs::run_due(&shop.app).await.unwrap();
        assert_eq!(door.heard().len(), 1, "only what was opened departs");
        assert_eq!(door.heard()[0].1, "Abandoned");
        upkeep::tick(&shop.app).await.unwrap();
        jobs::run_due(&shop.app).await.unwrap();
        assert_eq!(door.heard().len(), 1);
    }

    async fn a_booking_finishes_the_session_and_tells_the_waiting_room(shop) {
        let door = Door::before(&shop, 5).await;
        let (buyer, home) = (shop.buyer().await, browser(1));
        let token = door.token(&shop, &home);
        let (_, hold) = door.hold(&shop, &buyer, &token, &home).await;
        let booking = shop.book(&hold, &buyer).await;
        assert_eq!(shop.pay(&booking, &buyer, CARD).await.0, 200);
        let (status, refused) = door.hold(&shop, &buyer, &token, &home).await;
        assert_eq!((status, slug(&refused)), (409, "admission-used"));
        jobs::run_due(&shop.app).await.unwrap();
        let jti = q!(shop.app.db.ex(), val Uuid, "SELECT jti FROM booking_sessions").unwrap();
        assert_eq!(door.heard(), [(jti, "Finished".to_owned())]);
    }

    async fn thirty_redemptions_of_one_admission_open_one_session(shop) {
        let door = Door::before(&shop, 50).await;
        let home = browser(1);
        let token = door.token(&shop, &home);
        let buyers = shop.buyers(30).await;
        let answers = join_all(buyers.iter().map(|buyer| door.hold(&shop, buyer, &token, &home))).await;
        let won: Vec<usize> = (0..30).filter(|i| answers[*i].0 == 201).collect();
        assert_eq!(won.len(), 1);
        assert!(answers.iter().all(|(status, body)| *status == 201 || slug(body) == "admission-not-yours"));
        let sessions = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM booking_sessions").unwrap();
        assert_eq!(sessions, 1);
        assert_eq!(door.hold(&shop, &buyers[won[0]], &token, &home).await.0, 201, "its owner shops on");
    }

    async fn without_the_unique_index_one_admission_opens_many(shop) {
        let door = Door::before(&shop, 50).await;
        let home = browser(1);
        let token = door.token(&shop, &home);
        shop.app.db.write("drop_guard", |tx| Box::pin(async move {
            booking::on!(tx.ex(), c => sqlx::query("DROP INDEX booking_sessions_jti").execute(c).await.map(|_| ()))?;
            Ok(())
        })).await.unwrap();
        shop.app.guards.take_away(Guard::AdmissionOnce, 30);
        let buyers = shop.buyers(30).await;
        let answers = join_all(buyers.iter().map(|buyer| door.hold(&shop, buyer, &token, &home))).await;
        let won = answers.iter().filter(|(status, _)| *status == 201).count();
        assert_eq!(won, 30, "the harness does not see the race");
        shop.broken_on_purpose("I10", "at most one booking session").await;
    }

    async fn visitors_who_order_at_once_are_all_served_and_depart(shop) {
        let door = Door::before(&shop, 60).await;
        let buyers = shop.buyers(20).await;
        let answers = join_all(buyers.iter().zip(1..).map(async |(buyer, n)| {
            let home = browser(n);
            let request = shop
                .request(reqwest::Method::POST, "/api/v1/orders", buyer)
                .header("Admission-Token", door.token(&shop, &home))
                .header("Cookie", &home.cookie)
                .header("Idempotency-Key", "key")
                .json(&json!({ "event_id": door.event, "quantity": 2 }));
            common::answer(request).await
        }))
        .await;
        assert!(answers.iter().all(|(status, _)| *status == 201), "{answers:?}");
        let finished = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM booking_sessions WHERE status = 'finished'");
        assert_eq!((finished.unwrap(), shop.remaining(door.session).await), (20, 20));
        jobs::run_due(&shop.app).await.unwrap();
        let heard = door.heard();
        assert!(heard.len() == 20 && heard.iter().all(|(_, reason)| reason == "Finished"), "{heard:?}");
    }
}
