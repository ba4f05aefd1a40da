//! A visit that the waiting room ends before its time, or lengthens.
#![allow(clippy::unwrap_used)]

mod common;

use axum::{Json, Router, routing};
use booking::bookings::upkeep;
use booking::guards::Guard;
use booking::seats::holds::{Claim, Wish};
use booking::{jobs, q};
use common::Shop;
use common::buying::slug;
use common::door::{Browser, Door, SESSION_S, browser};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::access::Role;
use shared::admission::{AUDIENCE, AdmissionClaims};
use shared::departures::ServiceClaims;
use shared::{renewals, revocations};
use uuid::Uuid;

on_both_engines! {
    async fn an_admission_that_was_taken_back_holds_nothing_any_more(shop) {
        let door = Door::before(&shop, 5).await;
        let (buyer, home) = (shop.buyer().await, browser(1));
        let (used, unused, other) = (door.claims(&shop, &home), door.claims(&shop, &home), door.claims(&shop, &home));
        let [used_token, unused_token, other_token] = [&used, &unused, &other].map(|claims| door.keys.sign(claims).unwrap());
        assert_eq!(door.hold(&shop, &buyer, &used_token, &home).await.0, 201);
        for again in [2, 0] {
            let (status, told) = door.revoke(&shop, &[used.sub, unused.sub]).await;
            assert_eq!((status, told), (200, json!({ "revoked": again })));
        }
        for token in [&used_token, &unused_token] {
            let (status, refused) = door.hold(&shop, &buyer, token, &home).await;
            assert_eq!((status, slug(&refused)), (401, "admission-revoked"));
        }
        assert_eq!(door.hold(&shop, &buyer, &other_token, &home).await.0, 201, "others shop on");
        jobs::run_due(&shop.app).await.unwrap();
        assert_eq!(door.heard(), [(used.jti, "Abandoned".to_owned())]);
        // A token may live for a day, and so may the memory of its end.
        shop.advance_s(86_400);
        upkeep::tick(&shop.app).await.unwrap();
        assert_eq!(q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM revocations").unwrap(), 2);
        shop.advance_s(61);
        upkeep::tick(&shop.app).await.unwrap();
        assert_eq!(q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM revocations").unwrap(), 0);
    }

    async fn a_renewed_token_moves_the_end_of_its_booking_session(shop) {
        let door = Door::before(&shop, 5).await;
        let (buyer, home) = (shop.buyer().await, browser(1));
        let claims = door.claims(&shop, &home);
        let [token, renewed] = [0, SESSION_S].map(|more| {
            door.keys.sign(&AdmissionClaims { exp: claims.exp + more, ..claims.clone() }).unwrap()
        });
        assert_eq!(door.hold(&shop, &buyer, &token, &home).await.0, 201);
        shop.advance_s(SESSION_S - 1);
        assert_eq!(door.hold(&shop, &buyer, &renewed, &home).await.0, 201);
        shop.advance_s(2);
        upkeep::tick(&shop.app).await.unwrap();
        let (status, refused) = door.hold(&shop, &buyer, &token, &home).await;
        assert_eq!((status, slug(&refused)), (401, "admission-expired"), "the old token has its old end");
        assert_eq!(door.hold(&shop, &buyer, &renewed, &home).await.0, 201);
        let sessions = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM booking_sessions").unwrap();
        assert_eq!(sessions, 1, "it is the same session");
        shop.advance_s(SESSION_S);
        upkeep::tick(&shop.app).await.unwrap();
        jobs::run_due(&shop.app).await.unwrap();
        assert_eq!(door.heard(), [(claims.jti, "Abandoned".to_owned())]);
    }

    async fn a_visit_that_the_waiting_room_lengthened_is_not_swept(shop) {
        let door = Door::before(&shop, 5).await;
        let (buyer, home) = (shop.buyer().await, browser(1));
        let claims = door.claims(&shop, &home);
        let later = AdmissionClaims { exp: claims.exp + SESSION_S, ..claims.clone() };
        let [token, renewed] = [&claims, &later].map(|claims| door.keys.sign(claims).unwrap());
        assert_eq!(door.renew(&shop, &later).await, (200, json!({ "renewed": false })), "not used yet");
        assert_eq!(door.hold(&shop, &buyer, &token, &home).await.0, 201);
        assert_eq!(door.renew(&shop, &later).await, (200, json!({ "renewed": true })));
        for again in [&later, &claims] {
            assert_eq!(door.renew(&shop, again).await, (200, json!({ "renewed": false })), "an end only moves on");
        }
        shop.advance_s(SESSION_S + 5);
        upkeep::tick(&shop.app).await.unwrap();
        assert_eq!(door.hold(&shop, &buyer, &renewed, &home).await.0, 201);
        shop.advance_s(SESSION_S);
        upkeep::tick(&shop.app).await.unwrap();
        let last = AdmissionClaims { exp: later.exp + SESSION_S, ..later.clone() };
        assert_eq!(door.renew(&shop, &last).await, (200, json!({ "renewed": false })), "an end is an end");
        let admin = shop.user(Role::Admin).await.1;
        let body = json!({ "jti": claims.jti, "until": later.expires_at() });
        let (status, refused) = shop.post(renewals::PATH, &admin, body).await;
        assert_eq!((status, slug(&refused)), (401, "invalid-token"));
    }

    async fn without_its_guard_a_sweep_ends_a_visit_that_was_just_lengthened(shop) {
        let door = Door::before(&shop, 5).await;
        let (buyer, home) = (shop.buyer().await, browser(1));
        let claims = door.claims(&shop, &home);
        let later = AdmissionClaims { exp: claims.exp + SESSION_S, ..claims.clone() };
        assert_eq!(door.hold(&shop, &buyer, &door.keys.sign(&claims).unwrap(), &home).await.0, 201);
        shop.advance_s(SESSION_S);
        shop.app.guards.take_away(Guard::Renewed, 2);
        let between = async {
            shop.app.guards.meet().await;
            let renewed = door.renew(&shop, &later).await;
            shop.app.guards.meet().await;
            renewed
        };
        let (swept, renewed) = tokio::join!(upkeep::tick(&shop.app), between);
        swept.unwrap();
        assert_eq!(renewed, (200, json!({ "renewed": true })));
        let status = q!(shop.app.db.ex(), val String, "SELECT status FROM booking_sessions").unwrap();
        assert_eq!(status, "abandoned", "the harness does not see the race");
    }

    async fn only_the_waiting_room_takes_admissions_back(shop) {
        let door = Door::before(&shop, 5).await;
        let place = shop.app.entropy.uuid_v7(shop.app.now());
        let body = json!({ "places": [place] });
        let admin = shop.user(Role::Admin).await.1;
        let bookings_own = shop.app.session_keys.sign(&ServiceClaims::new(AUDIENCE, shop.app.now())).unwrap();
        let admission = door.token(&shop, &browser(1));
        for token in ["", &admin, &bookings_own, &admission] {
            let (status, refused) = shop.post(revocations::PATH, token, body.clone()).await;
            assert_eq!((status, slug(&refused)), (401, "invalid-token"));
        }
        let (status, refused) = door.revoke(&shop, &vec![place; revocations::BATCH_MAX + 1]).await;
        assert_eq!((status, slug(&refused)), (422, "too-many"));
    }

    async fn visitors_who_hold_at_once_are_all_served_but_who_was_taken_back(shop) {
        let door = Door::before(&shop, 60).await;
        let buyers = shop.buyers(20).await;
        let visits: Vec<(Browser, AdmissionClaims)> = (1..=20).map(browser).map(|home| {
            let claims = door.claims(&shop, &home);
            (home, claims)
        }).collect();
        let hold = || join_all(buyers.iter().zip(&visits).map(async |(buyer, (home, claims))| {
            door.hold(&shop, buyer, &door.keys.sign(claims).unwrap(), home).await
        }));
        assert!(hold().await.iter().all(|(status, _)| *status == 201));
        door.revoke(&shop, &[visits[7].1.sub]).await;
        let again = hold().await;
        let refused: Vec<&(u16, Value)> = again.iter().filter(|(status, _)| *status != 201).collect();
        assert!(refused.len() == 1 && slug(&again[7].1) == "admission-revoked", "{again:?}");
    }
}

/// What is taken back is a row of the database: it holds on every node, and after a restart of all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admission_that_was_taken_back_on_one_node_is_refused_on_the_other() {
    let Some(here) = Shop::start(common::Engine::Postgres).await else { return };
    let door = Door::before(&here, 5).await;
    let there = here.another_node(5).await;
    let jwks = door.keys.public().jwks();
    let keys =
        Router::new().route(shared::admission::JWKS_PATH, routing::get(move || async move { Json(jwks) }));
    there.app.waiting_room.connect(keys);
    let (buyer, home) = (here.buyer().await, browser(1));
    let (used, unused) = (door.claims(&here, &home), door.claims(&here, &home));
    let [used_token, unused_token] = [&used, &unused].map(|claims| door.keys.sign(claims).unwrap());
    assert_eq!(door.hold(&there, &buyer, &used_token, &home).await.0, 201);
    assert_eq!(door.revoke(&here, &[used.sub, unused.sub]).await.0, 200);
    for token in [&used_token, &unused_token] {
        let (status, refused) = door.hold(&there, &buyer, token, &home).await;
        assert_eq!((status, slug(&refused)), (401, "admission-revoked"));
    }
    here.verify().await;
}

/// A visitor whose admission is taken back between the look at it and the statement that holds the seat.
async fn taken_back_in_between(shop: &Shop) -> (u16, Value) {
    let door = Door::before(shop, 5).await;
    let (buyer, home) = (shop.buyer().await, browser(1));
    let claims = door.claims(shop, &home);
    shop.app.guards.take_away(Guard::VisitTogether, 2);
    let token = door.keys.sign(&claims).unwrap();
    let between = async {
        shop.app.guards.meet().await;
        let revoked = door.revoke(shop, &[claims.sub]).await;
        shop.app.guards.meet().await;
        revoked
    };
    let (held, revoked) = tokio::join!(door.hold(shop, &buyer, &token, &home), between);
    assert_eq!(revoked, (200, json!({ "revoked": 1 })));
    held
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_look_at_the_visit_a_statement_holds_for_who_was_taken_back() {
    // On SQLite a visitor's hold is placed behind the lock of the visit.
    let Some(shop) = Shop::start(common::Engine::Postgres).await else { return };
    let (status, held) = taken_back_in_between(&shop).await;
    assert_eq!(status, 201, "the harness does not see the race: {held}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_holds_nothing_for_a_visit_that_is_over() {
    let Some(shop) = Shop::start(common::Engine::Postgres).await else { return };
    let door = Door::before(&shop, 5).await;
    let (buyer, home) = (shop.buyer().await, browser(1));
    let claims = door.claims(&shop, &home);
    assert_eq!(door.hold(&shop, &buyer, &door.keys.sign(&claims).unwrap(), &home).await.0, 201);
    door.revoke(&shop, &[claims.sub]).await;
    let visit = q!(shop.app.db.ex(), val Uuid, "SELECT id FROM booking_sessions").unwrap();
    let user = q!(shop.app.db.ex(), val Uuid, "SELECT user_id FROM booking_sessions").unwrap();
    let seat = q!(shop.app.db.ex(), val i64, "SELECT id FROM seats WHERE state = 'free' ORDER BY id LIMIT 1")
        .unwrap();
    let now = shop.app.now();
    let wish = Wish {
        hold: shop.app.entropy.uuid_v7(now),
        user,
        event: door.event,
        session: door.session,
        booking_session: Some(visit),
        while_open: true,
        currency: "USD".into(),
        limit: 8,
        unlocked: Vec::new(),
        until: now + time::Duration::minutes(10),
    };
    let held = shop.app.steps.holds.one(Claim::of(wish.clone(), &[seat])).await.unwrap();
    assert!(held.is_none(), "{held:?}");
    let claim = Claim::of(Wish { while_open: false, ..wish }, &[seat]);
    assert!(shop.app.steps.holds.one(claim).await.unwrap().is_some(), "nothing else is in the way");
}
