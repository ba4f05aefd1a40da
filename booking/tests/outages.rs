//! PostgreSQL misbehaves, clients hang up: nothing acknowledged is lost, nothing piles up, and it ends by itself.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use booking::bookings::upkeep;
use booking::db::Dual;
use booking::{jobs, q};
use common::Shop;
use common::buying::{CARD, slug};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::peer::Peer;
use shared::testing::Postgres;
use tokio::sync::Notify;
use tower::ServiceExt;

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

async fn pool(shop: &Shop) -> sqlx::PgPool {
    let Dual::Pg(reads) = shop.app.db.ex() else { panic!("PostgreSQL only") };
    reads.pool().clone()
}

/// Ends all sessions of the database, each time that so many requests were answered.
struct Killer {
    pool: sqlx::PgPool,
    answered: AtomicUsize,
    strike: Notify,
}

impl Killer {
    const EVERY: usize = 8;

    async fn of(shop: &Shop) -> Self {
        let url = secrecy::ExposeSecret::expose_secret(&shop.app.settings.database_url).to_owned();
        let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
        Self { pool, answered: AtomicUsize::new(0), strike: Notify::new() }
    }

    fn note_answer(&self) {
        if self.answered.fetch_add(1, Ordering::SeqCst).is_multiple_of(Self::EVERY) {
            self.strike.notify_one();
        }
    }

    /// Strikes for ever; how many sessions that has ended stands in `ended`.
    async fn run(&self, ended: &AtomicUsize) {
        loop {
            self.strike.notified().await;
            let killed: Vec<bool> = sqlx::query_scalar(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .fetch_all(&self.pool)
            .await
            .unwrap();
            ended.fetch_add(killed.len(), Ordering::SeqCst);
        }
    }
}

/// Sends until the answer is not 503, as a client does that was told to come back.
async fn insist(
    shop: &Shop,
    killer: &Killer,
    path: &str,
    buyer: &str,
    key: &str,
    body: &Value,
) -> common::Answer {
    let answer = async {
        loop {
            let answer = shop.post_keyed(path, buyer, key, body).await;
            if answer.0 != 503 {
                killer.note_answer();
                return answer;
            }
        }
    };
    tokio::time::timeout(PATIENCE, answer).await.expect("an answer other than 503")
}

/// Holds, books and pays one seat with keys; the code of the ticket, or `None` when the payment's end was cut off.
async fn buy(shop: &Shop, killer: &Killer, session: i64, buyer: &str) -> Option<String> {
    let holds = format!("/api/v1/sessions/{session}/holds");
    let (status, hold) = insist(shop, killer, &holds, buyer, "hold", &json!({ "quantity": 1 })).await;
    assert_eq!(status, 201, "{hold}");
    let new = json!({ "hold_id": hold["id"] });
    let (status, booking) = insist(shop, killer, "/api/v1/bookings", buyer, "book", &new).await;
    assert_eq!(status, 201, "{booking}");
    let card = json!({ "card_number": CARD });
    let (status, paid) = insist(shop, killer, &payment_of(&booking), buyer, "pay", &card).await;
    match status {
        200 => Some(paid["booking"]["tickets"][0]["code"].as_str().unwrap().to_owned()),
        _ => {
            assert!(status == 202 || slug(&paid) == "in-progress", "{status} {paid}");
            None
        }
    }
}

fn payment_of(booking: &Value) -> String {
    format!("/api/v1/bookings/{}/payment", booking["id"].as_str().unwrap())
}

async fn settle_down(shop: &Shop) {
    upkeep::tick(&shop.app).await.unwrap();
    jobs::run_due(&shop.app).await.unwrap();
    upkeep::tick(&shop.app).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_session_is_ended_again_and_again_under_load_and_no_sale_is_lost() {
    let Some(shop) = Shop::start(common::Engine::Postgres).await else { return };
    let session = shop.on_sale(100).await;
    let buyers = shop.buyers(40).await;
    let (killer, ended) = (Killer::of(&shop).await, AtomicUsize::new(0));
    let load = join_all(buyers.iter().map(|buyer| buy(&shop, &killer, session, buyer)));
    let bought = tokio::select! {
        bought = load => bought,
        () = killer.run(&ended) => unreachable!("it runs for ever"),
    };
    let ended = ended.into_inner();
    assert!(ended > 20, "only {ended} sessions were ended");
    // The last strike may have been the last thing that happened: reads find a living connection by themselves.
    booking::ready(&shop.app).await.unwrap();
    let kept = q!(shop.app.db.ex(), vals String, "SELECT code FROM tickets WHERE status = 'valid'").unwrap();
    for code in bought.iter().flatten() {
        assert!(kept.contains(code), "{code} was answered with 200 and is not there");
    }
    // What was cut off in the middle ends by itself, and nobody has paid for nothing.
    shop.advance_s(61);
    settle_down(&shop).await;
    settle_down(&shop).await;
    shop.verify().await;
    killer.pool.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_frozen_with_locks_holds_up_nobody_for_long() {
    let patient = |settings: &mut shared::config::Settings| settings.booking.lock_wait_ms = 100;
    let engine = common::Engine::Postgres;
    let Some(shop) = Shop::start_with(engine, Peer::in_process(), patient).await else { return };
    let (session, seats) = shop.hall(1, 10).await;
    let (buyer, other) = (shop.buyer().await, shop.buyer().await);
    let (_, hold) = shop.try_hold(session, &buyer, json!({ "seats": [seats[0]] })).await;
    let booking = shop.book(&hold, &buyer).await;
    // The frozen session has locked the booking and two seats, and never says another word.
    let mut frozen = pool(&shop).await.begin().await.unwrap();
    sqlx::query("SELECT id FROM bookings FOR UPDATE").execute(&mut *frozen).await.unwrap();
    sqlx::query("SELECT id FROM seats WHERE id IN ($1, $2) FOR UPDATE")
        .bind(seats[0])
        .bind(seats[4])
        .execute(&mut *frozen)
        .await
        .unwrap();
    let (status, taken) = shop.try_hold(session, &other, json!({ "seats": [seats[4]] })).await;
    assert_eq!((status, slug(&taken)), (409, "seat-taken"), "a seat that cannot be had now counts as taken");
    let request = shop.request(reqwest::Method::POST, &format!("/api/v1/bookings/{booking}/payment"), &buyer);
    let refused = request.json(&json!({ "card_number": CARD })).send().await.unwrap();
    assert_eq!((refused.status().as_u16(), refused.headers().contains_key("retry-after")), (503, true));
    assert_eq!(shop.try_hold(session, &other, json!({ "seats": [seats[8]] })).await.0, 201, "others shop on");
    frozen.rollback().await.unwrap();
    assert_eq!(shop.pay(&booking, &buyer, CARD).await.0, 200);
    shop.verify().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_is_answered_for_with_503_and_has_lost_nothing_when_it_is_back() {
    let Ok(mut server) = Postgres::start() else { return };
    let url = server.database("outage");
    let change = |settings: &mut shared::config::Settings| {
        settings.database_url = url.into();
        settings.booking.connection_wait_ms = 200;
    };
    let shop = Shop::start_with(common::Engine::Sqlite, Peer::in_process(), change).await.unwrap();
    let (session, buyer) = (shop.on_sale(20).await, shop.buyer().await);
    let booking = shop.buy(session, &buyer, 2).await;
    let holds = format!("/api/v1/sessions/{session}/holds");
    let open = shop.hold(session, &buyer, 1).await;
    booking::ready(&shop.app).await.unwrap();

    server.kill().unwrap();
    for _ in 0..3 {
        let request = shop.request(reqwest::Method::POST, &holds, &buyer).json(&json!({ "quantity": 1 }));
        let refused = request.send().await.unwrap();
        assert_eq!((refused.status().as_u16(), refused.headers().contains_key("retry-after")), (503, true));
        assert!(booking::ready(&shop.app).await.is_err());
    }

    server.start_again().unwrap();
    let is_back = async { while booking::ready(&shop.app).await.is_err() {} };
    tokio::time::timeout(PATIENCE, is_back).await.expect("ready again, without a restart of ours");
    assert_eq!(shop.booking(&booking, &buyer).await["status"], "confirmed");
    assert_eq!(
        shop.get(&format!("/api/v1/holds/{}", open["id"].as_str().unwrap()), &buyer).await.1["status"],
        "active"
    );
    shop.buy(session, &shop.buyer().await, 1).await;
    settle_down(&shop).await;
    shop.verify().await;
}

/// Lets the session that writes a hold end itself, once: at once, or while it commits.
async fn end_the_session_that_writes_a_hold(shop: &Shop, moment: &str) {
    let sql = format!(
        "CREATE SEQUENCE strikes;
         CREATE FUNCTION strike() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           -- A sequence counts also what is rolled back.
           IF nextval('strikes') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
           RETURN NULL;
         END $$;
         CREATE CONSTRAINT TRIGGER strike AFTER INSERT ON holds DEFERRABLE INITIALLY {moment}
           FOR EACH ROW EXECUTE FUNCTION strike();"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&pool(shop).await).await.unwrap();
}

async fn holds(shop: &Shop) -> i64 {
    q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM holds").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_breaks_before_the_commit_is_replaced_unseen() {
    let Some(shop) = Shop::start(common::Engine::Postgres).await else { return };
    let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
    end_the_session_that_writes_a_hold(&shop, "IMMEDIATE").await;
    // With a key the hold is a transaction of several statements; alone it would be one that commits itself, and in
    // doubt.
    let path = format!("/api/v1/sessions/{session}/holds");
    let (status, hold) = shop.post_keyed(&path, &buyer, "hold", &json!({ "quantity": 1 })).await;
    assert_eq!((status, holds(&shop).await), (201, 1), "{hold}");
    shop.verify().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_breaks_while_it_commits_is_asked_about_by_key_and_never_repeated_blindly() {
    for key in ["", "hold"] {
        let Some(shop) = Shop::start(common::Engine::Postgres).await else { return };
        let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
        end_the_session_that_writes_a_hold(&shop, "DEFERRED").await;
        let path = format!("/api/v1/sessions/{session}/holds");
        let body = json!({ "quantity": 1 });
        if key.is_empty() {
            let (status, doubt) = shop.post(&path, &buyer, body).await;
            assert_eq!(status, 503, "{doubt}");
            assert!(doubt["detail"].as_str().unwrap().contains("it may have happened"), "{doubt}");
            assert_eq!(holds(&shop).await, 0, "this time it had not");
        } else {
            let first = shop.post_keyed(&path, &buyer, key, &body).await;
            assert_eq!((first.0, holds(&shop).await), (201, 1), "{}", first.1);
            assert_eq!(shop.post_keyed(&path, &buyer, key, &body).await, first);
        }
        shop.verify().await;
    }
}

/// A request straight into the router, to be polled by hand.
fn order(shop: &Shop, buyer: &str, body: &Value) -> impl Future<Output = u16> + use<> {
    let request = Request::post("/api/v1/orders")
        .header(header::AUTHORIZATION, format!("Bearer {buyer}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", "order")
        .body(Body::from(body.to_string()))
        .unwrap();
    let router = booking::router(shop.app.clone());
    async move { router.oneshot(request).await.unwrap().status().as_u16() }
}

/// Drops a future after so many polls; whether it had ended.
async fn give_up_after<F: Future>(polls: usize, future: F) -> bool {
    let (mut future, mut polled) = (Box::pin(future), 0);
    std::future::poll_fn(|context| {
        let has_ended = future.as_mut().poll(context).is_ready();
        polled += 1;
        if has_ended || polled > polls { std::task::Poll::Ready(has_ended) } else { std::task::Poll::Pending }
    })
    .await
}

/// The order with the same key, until its outcome is known.
async fn repeat(shop: &Shop, buyer: &str, body: &Value) -> u16 {
    for _ in 0..3 {
        let (status, answer) = shop.post_keyed("/api/v1/orders", buyer, "order", body).await;
        if slug(&answer) != "in-progress" {
            return status;
        }
        // Nobody is at work on it any more once its key's lock is over.
        shop.advance_s(61);
    }
    panic!("an order without outcome");
}

on_both_engines! {
    async fn a_client_that_hangs_up_at_any_moment_leaves_one_order_or_none(shop) {
        let session = shop.on_sale(500).await;
        let event = q!(shop.app.db.ex(), val i64, "SELECT event_id FROM sessions WHERE id = $1", session).unwrap();
        let body = json!({ "event_id": event, "quantity": 1, "card_number": CARD });
        let (mut placed, mut polls, mut ended) = (0, 0, 0);
        // Until it has run to its end a few times: then every moment was tried.
        while ended < 3 && polls < 200 {
            let buyer = shop.buyer().await;
            ended += usize::from(give_up_after(polls, order(&shop, &buyer, &body)).await);
            let status = repeat(&shop, &buyer, &body).await;
            assert!(matches!(status, 201 | 402), "{status} after {polls} polls");
            placed += i64::from(status == 201);
            polls += 1;
        }
        assert!(ended >= 3, "an order takes more than {polls} polls");
        let confirmed = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM bookings WHERE status = 'confirmed'");
        assert_eq!(confirmed.unwrap(), placed, "each 201 is there, and nothing else");
        // No connection was handed back inside an open transaction: what is written now is there.
        for buyer in shop.buyers(20).await {
            shop.buy(session, &buyer, 1).await;
        }
        shop.advance_s(11 * 60);
        settle_down(&shop).await;
        settle_down(&shop).await;
        assert_eq!(shop.remaining(session).await, 500 - placed - 20);
        shop.verify().await;
    }
}
