//! More guards taken away: each pair of tests shows the promise under fire, and that its test would see the race.
#![allow(clippy::unwrap_used)]

mod common;

use booking::bookings::reconcile::{Callback, callback};
use booking::guards::Guard;
use booking::jobs::{self, Kind, NewJob};
use booking::q;
use common::Shop;
use common::buying::slug;
use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

/// As many at once as meet at a guard that was taken away.
const MANY: usize = 12;

/// Equal requests with one key; how many holds came of it.
async fn one_key_many_times(shop: &Shop) -> i64 {
    let (session, buyer) = (shop.on_sale(100).await, shop.buyer().await);
    let (path, body) = (format!("/api/v1/sessions/{session}/holds"), json!({ "quantity": 1 }));
    // Below the personal limit, so that only the key stands against the second.
    join_all((0..6).map(|_| shop.post_keyed(&path, &buyer, "key", &body))).await;
    q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM holds").unwrap()
}

/// Jobs leased by several workers that look at the same moment, each job as often as it was leased.
async fn leases(shop: &Shop) -> usize {
    let (entropy, now) = (shop.app.entropy.clone(), shop.app.now());
    let queue = shop.app.db.write("test_enqueue", move |tx| {
        let entropy = entropy.clone();
        Box::pin(async move {
            let ended =
                json!({ "room": "r", "place": Uuid::nil(), "jti": Uuid::nil(), "reason": "finished" });
            let jobs: Vec<NewJob> = (0..10).map(|_| NewJob::now(Kind::Departure, &ended, now)).collect();
            jobs::enqueue_all(tx, &jobs, &entropy, now).await
        })
    });
    queue.await.unwrap();
    let claims = join_all((0..MANY).map(|_| jobs::claim(&shop.app, Kind::Departure, 10))).await;
    claims.into_iter().map(|claim| claim.unwrap().len()).sum()
}

/// A payment whose gateway answers late, and copies of its one callback at the same moment; the tickets it yields.
async fn copies_of_a_callback(shop: &Shop, copies: usize) -> (i64, i64) {
    let (session, buyer) = (shop.on_sale(9).await, shop.buyer().await);
    let booking = shop.book(&shop.hold(session, &buyer, 1).await, &buyer).await;
    assert_eq!(shop.pay(&booking, &buyer, "4000000000003220").await.0, 202);
    shop.advance_s(4);
    let key = q!(shop.app.db.ex(), val Uuid, "SELECT id FROM payments").unwrap().to_string();
    let copy = || callback(&shop.app, Callback { id: "evt_1".into(), key: key.clone() });
    for taken_in in join_all((0..copies).map(|_| copy())).await {
        taken_in.unwrap();
    }
    let tickets =
        q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM tickets WHERE status = 'valid'").unwrap();
    let events = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM payment_events").unwrap();
    (tickets, events)
}

/// One link in many hands, accepted by all at once: what each is told, and the valid tickets of the seat.
async fn one_link_in_many_hands(shop: &Shop) -> (Vec<(u16, Value)>, i64) {
    let sold = shop.sold("Alice", 1).await;
    let path = format!("/api/v1/tickets/{}/transfer", sold.codes[0]);
    let (status, offer) = shop.post(&path, &sold.buyer.1, json!({ "email": "heir@example.com" })).await;
    assert_eq!(status, 201, "{offer}");
    let link = json!({ "token": shop.transfer_token().await });
    let accept = format!("/api/v1/transfers/{}/accept", offer["id"].as_str().unwrap());
    let heirs = shop.buyers(MANY).await;
    let answers = join_all(heirs.iter().map(|heir| shop.post(&accept, heir, link.clone()))).await;
    let valid = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM tickets WHERE status = 'valid'").unwrap();
    (answers, valid)
}

/// The last word of the constraint is taken away too, or it would catch what the guard lets through.
async fn drop_the_index_on_live_tickets(shop: &Shop) {
    let drop = shop.app.db.write("sabotage", |tx| Box::pin(async move {
        booking::on!(tx.ex(), c => sqlx::query("DROP INDEX tickets_one_live_per_seat").execute(c).await.map(|_| ()))?;
        Ok(())
    }));
    drop.await.unwrap();
}

on_both_engines! {
    async fn a_key_sent_many_times_at_once_has_one_effect(shop) {
        assert_eq!(one_key_many_times(&shop).await, 1);
    }

    async fn without_the_keys_row_it_has_one_each_time(shop) {
        shop.app.guards.take_away(Guard::KeyOnce, 6);
        assert_eq!(one_key_many_times(&shop).await, 6, "the harness does not see the race");
    }

    async fn a_job_is_leased_to_one_worker(shop) {
        // Skipping what others are claiming may leave some for the next look.
        let leased = leases(&shop).await;
        assert_eq!(leased + jobs::claim(&shop.app, Kind::Departure, 10).await.unwrap().len(), 10);
    }

    async fn without_the_lease_every_worker_takes_every_job(shop) {
        shop.app.guards.take_away(Guard::JobLease, MANY);
        assert_eq!(leases(&shop).await, MANY * 10, "the harness does not see the race");
    }

    async fn copies_of_a_callback_at_the_same_moment_have_one_effect(shop) {
        assert_eq!(copies_of_a_callback(&shop, MANY).await, (1, 1));
        shop.verify().await;
    }

    async fn a_shop_that_settles_what_it_saw_as_started_issues_tickets_twice(shop) {
        drop_the_index_on_live_tickets(&shop).await;
        shop.app.guards.take_away(Guard::SettledOnce, 4);
        assert_eq!(copies_of_a_callback(&shop, 4).await, (4, 1), "the harness does not see the race");
        shop.broken_on_purpose("I1", "at most one live ticket").await;
    }

    async fn a_ticket_passed_on_has_one_heir_and_its_old_code_is_dead(shop) {
        let (answers, valid) = one_link_in_many_hands(&shop).await;
        let won = answers.iter().filter(|(status, _)| *status == 200).count();
        assert!(answers.iter().all(|(status, body)| *status == 200 || slug(body) == "transfer-over"), "{answers:?}");
        assert_eq!((won, valid), (1, 1));
    }

    async fn without_the_conditional_updates_every_link_holder_inherits(shop) {
        drop_the_index_on_live_tickets(&shop).await;
        shop.app.guards.take_away(Guard::TransferOnce, MANY);
        let (answers, valid) = one_link_in_many_hands(&shop).await;
        let won = answers.iter().filter(|(status, _)| *status == 200).count();
        assert_eq!((won, valid), (MANY, MANY as i64 + 1), "the harness does not see the race: {answers:?}");
        shop.broken_on_purpose("I1", "at most one live ticket").await;
    }
}
