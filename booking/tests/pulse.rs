//! A PostgreSQL that freezes or dies is noticed by its pulse: nobody waits for it, no outcome is made up, and all is well
//! as soon as it answers again.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use booking::db::Dual;
use booking::q;
use common::Shop;
use common::buying::{CARD, slug};
use serde_json::json;
use shared::peer::Peer;
use shared::testing::Postgres;

/// Longest wait for what must come. A request that waits for its own limits (30 s) is not in time.
const PATIENCE: Duration = Duration::from_secs(15);

/// A shop on a server of its own whose pulse is watched as in production, so that nothing else notices a freeze sooner:
/// every other limit is half a minute.
async fn on_a_server_of_its_own() -> Option<(Postgres, Shop)> {
    let server = Postgres::start().ok()?;
    let url = server.database("pulse");
    let change = |settings: &mut shared::config::Settings| {
        settings.database_url = url.into();
        settings.booking.database_answer_ms = 250;
        settings.booking.connection_wait_ms = 30_000;
        settings.booking.statement_max_ms = 30_000;
        settings.booking.lock_wait_ms = 30_000;
        settings.booking.idle_transaction_max_ms = 60_000;
    };
    let shop = Shop::start_with(common::Engine::Sqlite, Peer::in_process(), change).await?;
    Some((server, shop))
}

async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| panic!("{what} took too long"))
}

/// Waits until the shop says that it can do its work, or that it cannot.
async fn until_ready(shop: &Shop, is_ready: bool) {
    in_time("noticing", async {
        while booking::ready(&shop.app).await.is_ok() != is_ready {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Waits until a session of the database has come to the seats' claim and waits there for a lock, or until none is at it.
async fn until_claiming(server: &Postgres, is_claiming: bool) {
    let state = if is_claiming { "wait_event_type = 'Lock'" } else { "state = 'active'" };
    let asked = format!(
        "SELECT count(*) FROM pg_stat_activity
         WHERE {state} AND pid <> pg_backend_pid() AND query LIKE '%INSERT INTO shoppers%'"
    );
    in_time("the claim", async {
        while (server.query(&asked).unwrap().trim() != "0") != is_claiming {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_freezes_whole_is_refused_for_at_once_and_loses_nothing() {
    let metrics = shared::telemetry::start_metrics().unwrap();
    let Some((server, shop)) = on_a_server_of_its_own().await else { return };
    let (session, buyer) = (shop.on_sale(20).await, shop.buyer().await);
    let booking = shop.buy(session, &buyer, 2).await;

    server.freeze();
    until_ready(&shop, false).await;
    let holds = format!("/api/v1/sessions/{session}/holds");
    for _ in 0..20 {
        let write =
            shop.request(reqwest::Method::POST, &holds, &buyer).json(&json!({ "quantity": 1 })).send();
        let read = shop.request(reqwest::Method::GET, &format!("/api/v1/bookings/{booking}"), &buyer).send();
        for refused in [in_time("a write", write).await.unwrap(), in_time("a read", read).await.unwrap()] {
            assert_eq!(
                (refused.status().as_u16(), refused.headers().contains_key("retry-after")),
                (503, true)
            );
        }
    }

    server.thaw();
    until_ready(&shop, true).await;
    let told = metrics.render();
    assert!(told.contains("\ndatabase_up") && told.contains("\ndatabase_losses_total"), "{told}");
    // The shop's clock stands months before the server's.
    assert!(told.contains("clock_skew_seconds{server=\"postgresql\"}"), "{told}");
    assert_eq!(shop.booking(&booking, &buyer).await["status"], "confirmed");
    shop.buy(session, &shop.buyer().await, 1).await;
    assert_eq!(shop.remaining(session).await, 17, "nothing that was refused has happened later");
    shop.verify().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_meets_the_freeze_is_in_doubt_and_not_called_failed() {
    let Some((server, shop)) = on_a_server_of_its_own().await else { return };
    let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
    // Somebody else's lock keeps the hold's statement at work until the server freezes.
    let Dual::Pg(reads) = shop.app.db.ex() else { panic!("PostgreSQL only") };
    let mut other = reads.pool().begin().await.unwrap();
    sqlx::query("LOCK TABLE shoppers IN EXCLUSIVE MODE").execute(&mut *other).await.unwrap();
    let asking = tokio::spawn({
        let (shop, buyer) = (shop.clone(), buyer.clone());
        async move { shop.try_hold(session, &buyer, json!({ "quantity": 1 })).await }
    });
    until_claiming(&server, true).await;
    server.freeze();
    let (status, doubt) = in_time("the write", asking).await.unwrap();
    assert_eq!(status, 503, "{doubt}");
    assert!(doubt["detail"].as_str().unwrap().contains("it may have happened"), "{doubt}");

    server.thaw();
    until_ready(&shop, true).await;
    // It had not been carried out when it was given up, and now it may be: as it was told, nobody knew.
    other.rollback().await.unwrap();
    until_claiming(&server, false).await;
    let holds = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM holds").unwrap();
    assert_eq!(shop.remaining(session).await, 5 - holds);
    shop.verify().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_meets_the_freeze_before_its_commit_is_undone_and_its_key_can_be_used_again() {
    let Some((server, shop)) = on_a_server_of_its_own().await else { return };
    let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
    let Dual::Pg(reads) = shop.app.db.ex() else { panic!("PostgreSQL only") };
    let mut other = reads.pool().begin().await.unwrap();
    sqlx::query("LOCK TABLE shoppers IN EXCLUSIVE MODE").execute(&mut *other).await.unwrap();
    let path = format!("/api/v1/sessions/{session}/holds");
    let asking = tokio::spawn({
        let (shop, buyer, path) = (shop.clone(), buyer.clone(), path.clone());
        async move { shop.post_keyed(&path, &buyer, "hold", &json!({ "quantity": 1 })).await }
    });
    until_claiming(&server, true).await;
    server.freeze();
    let (status, refused) = in_time("the write", asking).await.unwrap();
    assert_eq!((status, slug(&refused)), (503, "unavailable"), "{refused}");

    server.thaw();
    until_ready(&shop, true).await;
    other.rollback().await.unwrap();
    let held = in_time("the same key", async {
        loop {
            let (status, held) = shop.post_keyed(&path, &buyer, "hold", &json!({ "quantity": 1 })).await;
            if status == 201 {
                return held;
            }
            assert!(status == 503 || slug(&held) == "in-progress", "{status} {held}");
        }
    })
    .await;
    let holds = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM holds").unwrap();
    assert_eq!(holds, 1, "one hold for one key: {held}");
    let booking = shop.book(&held, &buyer).await;
    assert_eq!(shop.pay(&booking, &buyer, CARD).await.0, 200);
    shop.verify().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_on_connections_that_were_all_just_killed_is_answered() {
    let Some(shop) = Shop::start(common::Engine::Postgres).await else { return };
    let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
    let booking = shop.buy(session, &buyer, 1).await;
    let url = secrecy::ExposeSecret::expose_secret(&shop.app.settings.database_url).to_owned();
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(&url).await.unwrap();
    for _ in 0..5 {
        // Several connections are open and were in use a moment ago: each is taken to be alive.
        let many = (0..8).map(|_| shop.booking(&booking, &buyer));
        futures_util::future::join_all(many).await;
        let ended: Vec<bool> = sqlx::query_scalar(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        assert!(ended.len() > 1, "{} sessions were ended", ended.len());
        assert_eq!(shop.booking(&booking, &buyer).await["status"], "confirmed");
        booking::ready(&shop.app).await.unwrap();
    }
    pool.close().await;
    shop.verify().await;
}
