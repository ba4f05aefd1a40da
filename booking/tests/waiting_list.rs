//! The waiting list of a session that is sold out: first come, first offered.
#![allow(clippy::unwrap_used)]

mod common;

use booking::guards::Guard;
use booking::{bookings, jobs, q, waiting_list};
use common::Shop;
use common::buying::{CARD, slug};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::access::Role;

/// As many at once as meet at the guard that was taken away.
const MANY: usize = 6;

fn path(session: i64) -> String {
    format!("/api/v1/sessions/{session}/waiting-list")
}

async fn join(shop: &Shop, session: i64, buyer: &str, quantity: i64) -> (u16, Value) {
    shop.post(&path(session), buyer, json!({ "quantity": quantity })).await
}

async fn state(shop: &Shop, session: i64, buyer: &str) -> String {
    let (status, entry) = shop.get(&path(session), buyer).await;
    assert_eq!(status, 200, "{entry}");
    entry["state"].as_str().unwrap().to_owned()
}

/// A session whose `tickets` are sold to one person: the session, and the bookings of one ticket each.
async fn sold_out(shop: &Shop, tickets: u32) -> (i64, String, Vec<String>) {
    let (session, owner) = (shop.on_sale(tickets).await, shop.buyer().await);
    let mut bookings = Vec::new();
    for _ in 0..tickets {
        bookings.push(shop.buy(session, &owner, 1).await);
    }
    (session, owner, bookings)
}

/// Strangers who wait for a session, as if each had asked.
async fn strangers_wait(shop: &Shop, session: i64, people: i64) {
    let now = shop.app.now();
    let joined = shop.app.db.write("strangers_wait", move |tx| {
        Box::pin(async move {
            q!(
                tx.ex(),
                exec,
                pg "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1)
                    INSERT INTO users (id, name, email, email_key, password_hash, role, created_at, updated_at)
                    SELECT gen_random_uuid(), 'Stranger', 'stranger' || i, 'stranger' || i, '', 'guest', $2, $2 FROM n"
                lite "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1)
                    INSERT INTO users (id, name, email, email_key, password_hash, role, created_at, updated_at)
                    SELECT randomblob(16), 'Stranger', 'stranger' || i, 'stranger' || i, '', 'guest', $2, $2 FROM n",
                people,
                now
            )?;
            let rows = q!(
                tx.ex(),
                exec,
                "INSERT INTO waiting_list (session_id, user_id, quantity, state, joined_at)
                 SELECT $1, id, 1, 'waiting', $2 FROM users WHERE name = 'Stranger'",
                session,
                now
            )?;
            Ok(rows)
        })
    });
    assert_eq!(joined.await.unwrap(), people as u64);
}

/// Eight join at once a list that has two places left; how many got one.
async fn eight_want_the_last_two_places(shop: &Shop) -> usize {
    let (session, ..) = sold_out(shop, 1).await;
    strangers_wait(shop, session, 9_998).await;
    let buyers = shop.buyers(8).await;
    let joined = join_all(buyers.iter().map(|buyer| join(shop, session, buyer, 1))).await;
    assert!(
        joined.iter().all(|(status, body)| *status == 201 || slug(body) == "waiting-list-full"),
        "{joined:?}"
    );
    joined.iter().filter(|(status, _)| *status == 201).count()
}

async fn give_back(shop: &Shop, owner: &str, booking: &str) {
    let (status, cancelled) =
        shop.post(&format!("/api/v1/bookings/{booking}/cancel"), owner, json!({})).await;
    assert_eq!(status, 200, "{cancelled}");
}

async fn upkeep(shop: &Shop) {
    bookings::upkeep::tick(&shop.app).await.unwrap();
}

/// Several nodes look at the same moment after one ticket came back; holds that were made for those who wait.
async fn offered_at_once(shop: &Shop) -> i64 {
    let (session, owner, bookings) = sold_out(shop, 4).await;
    for waiter in shop.buyers(3).await {
        assert_eq!(join(shop, session, &waiter, 1).await.0, 201);
    }
    for booking in &bookings {
        give_back(shop, &owner, booking).await;
    }
    let before = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM holds").unwrap();
    for outcome in join_all((0..MANY).map(|_| waiting_list::offer_returned(&shop.app))).await {
        // Who comes second at the same entry finds it offered, and undoes its own work.
        drop(outcome);
    }
    q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM holds").unwrap() - before
}

on_both_engines! {
    async fn what_comes_back_is_offered_in_order_and_passed_on_when_it_lapses(shop) {
        let (session, owner, bookings) = sold_out(&shop, 2).await;
        let (first, second, stranger) = (shop.user(Role::Guest).await, shop.user(Role::Guest).await, shop.buyer().await);
        let (status, entry) = join(&shop, session, &first.1, 1).await;
        assert_eq!((status, &entry["state"], &entry["position"]), (201, &json!("waiting"), &json!(1)), "{entry}");
        let (_, entry) = join(&shop, session, &second.1, 1).await;
        assert_eq!([&entry["position"], &entry["waiting"]], [&json!(2), &json!(2)]);
        assert_eq!(join(&shop, session, &first.1, 2).await.0, 200, "who waits already stays where they are");
        upkeep(&shop).await;
        assert_eq!(state(&shop, session, &first.1).await, "waiting", "nothing came back");

        give_back(&shop, &owner, &bookings[0]).await;
        let (status, refused) = shop.try_hold(session, &stranger, json!({ "quantity": 1 })).await;
        assert_eq!((status, slug(&refused)), (409, "waiting-list"), "it is not for whoever comes along");
        upkeep(&shop).await;
        let (_, entry) = shop.get(&path(session), &first.1).await;
        assert_eq!([&entry["state"], &entry["position"]], [&json!("offered"), &Value::Null]);
        assert_eq!(state(&shop, session, &second.1).await, "waiting");
        jobs::run_due(&shop.app).await.unwrap();
        let mails: Vec<_> = std::fs::read_dir(shop.app.settings.data_dir.join("mails")).unwrap().map(|f| f.unwrap().path()).collect();
        let told = mails.iter().filter(|p| p.extension().is_some_and(|e| e == "html")).map(|p| std::fs::read_to_string(p).unwrap());
        let told: Vec<String> = told.filter(|html| html.contains("Your turn on the waiting list")).collect();
        assert!(told.len() == 1 && told[0].contains(&format!("/checkout/{}", entry["hold_id"].as_str().unwrap())));

        // Nobody takes it for an hour: the next one may.
        shop.advance_s(3600);
        upkeep(&shop).await;
        upkeep(&shop).await;
        assert_eq!(state(&shop, session, &first.1).await, "lapsed");
        let (_, entry) = shop.get(&path(session), &second.1).await;
        assert_eq!(entry["state"], "offered", "{entry}");
        let booking = shop.book(&json!({ "id": entry["hold_id"] }), &second.1).await;
        assert_eq!(shop.pay(&booking, &second.1, CARD).await.0, 200);
        upkeep(&shop).await;
        assert_eq!(state(&shop, session, &second.1).await, "taken");

        // Nobody waits any more: what comes back now is for everybody.
        give_back(&shop, &owner, &bookings[1]).await;
        shop.advance_s(2);
        assert_eq!(shop.try_hold(session, &stranger, json!({ "quantity": 1 })).await.0, 201);
    }

    async fn who_wants_more_is_not_passed_over(shop) {
        let (session, owner, bookings) = sold_out(&shop, 3).await;
        let (pair, single) = (shop.buyer().await, shop.buyer().await);
        join(&shop, session, &pair, 2).await;
        join(&shop, session, &single, 1).await;
        give_back(&shop, &owner, &bookings[0]).await;
        upkeep(&shop).await;
        assert_eq!((state(&shop, session, &pair).await, state(&shop, session, &single).await), ("waiting".into(), "waiting".into()));
        give_back(&shop, &owner, &bookings[1]).await;
        upkeep(&shop).await;
        assert_eq!((state(&shop, session, &pair).await, state(&shop, session, &single).await), ("offered".into(), "waiting".into()));
        // The first gives the offer back: it goes to the second.
        assert_eq!(shop.delete(&path(session), &pair).await.0, 204);
        upkeep(&shop).await;
        assert_eq!((state(&shop, session, &pair).await, state(&shop, session, &single).await), ("left".into(), "offered".into()));
    }

    async fn a_list_is_joined_when_nothing_is_left_and_by_those_who_may_buy(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&bob, 75.0, 1).await;
        let (owner, buyer) = (shop.buyer().await, shop.buyer().await);
        assert_eq!(slug(&join(&shop, session, &buyer, 1).await.1), "not-sold-out");
        shop.buy(session, &owner, 1).await;
        for (body, status, expected) in [
            (json!({ "quantity": 0 }), 422, "out-of-range"), (json!({ "quantity": 7 }), 422, "out-of-range"),
            (json!({ "quantity": 1, "ticket_type": 999 }), 422, "unknown-ticket-type"), (json!({}), 422, "validation"),
        ] {
            let (got, refused) = shop.post(&path(session), &buyer, body.clone()).await;
            assert_eq!((got, slug(&refused)), (status, expected), "{body}");
        }
        assert_eq!(slug(&join(&shop, session, &owner, 6).await.1), "limit-reached");
        assert_eq!((join(&shop, session, "", 1).await.0, join(&shop, 999, &buyer, 1).await.0), (401, 404));
        assert_eq!((shop.get(&path(session), &buyer).await.0, shop.delete(&path(session), &buyer).await.0), (404, 404));
        assert_eq!(join(&shop, session, &buyer, 2).await.0, 201);
        let lists = format!("/api/v1/events/{event}/waiting-list");
        assert_eq!(shop.get(&lists, &bob).await.1, json!([{ "session": session, "ticket_type": null, "people": 1, "tickets": 2, "offered": 0 }]));
        let (_, eve) = shop.user(Role::Organizer).await;
        assert_eq!((shop.get(&lists, &eve).await.0, shop.get(&lists, &buyer).await.0, shop.get(&lists, "").await.0), (404, 403, 401));
        shop.advance_s(2);
        assert_eq!(shop.get(&format!("/api/v1/sessions/{session}"), "").await.1["waiting_list"], true);
        // Called off, there is nothing to wait for.
        assert_eq!(shop.post(&format!("/api/v1/events/{event}/cancel"), &bob, json!({})).await.0, 200);
        upkeep(&shop).await;
        assert_eq!(state(&shop, session, &buyer).await, "lapsed");
        assert_eq!(slug(&join(&shop, session, &buyer, 1).await.1), "event-cancelled");
    }

    async fn a_list_has_no_more_people_than_it_may_however_many_join_at_once(shop) {
        assert_eq!(eight_want_the_last_two_places(&shop).await, 2);
    }

    async fn without_the_lock_a_list_takes_them_all(shop) {
        shop.app.guards.take_away(Guard::WaitingCount, 8);
        assert_eq!(eight_want_the_last_two_places(&shop).await, 8, "the harness does not see the race");
    }

    async fn many_nodes_offer_each_ticket_once(shop) {
        assert_eq!(offered_at_once(&shop).await, 3);
    }

    async fn without_the_lock_one_person_is_offered_many(shop) {
        shop.app.guards.take_away(Guard::OfferOnce, MANY);
        let offered = offered_at_once(&shop).await;
        assert!(offered > 3, "the harness does not see the race: {offered} holds for 3 people");
    }
}
