//! What `Db::write` promises, on both engines.
#![allow(clippy::unwrap_used)]

mod common;

use axum::http::StatusCode;
use booking::error::{Error, Result};
use booking::q;
use shared::problem::Problem;

use common::Shop;

async fn add_venue(
    shop: &Shop,
    name: &'static str,
    then: impl Fn() -> Result<()> + Send + Sync + 'static,
) -> Result<()> {
    let now = shop.app.now();
    let then = std::sync::Arc::new(then);
    // Two venues of one name need two addresses.
    let address = shop.app.entropy.code(12);
    shop.app
        .db
        .write("add_venue", move |tx| {
            let (then, address) = (then.clone(), address.clone());
            Box::pin(async move {
                q!(
                    tx.ex(),
                    exec,
                    "INSERT INTO venues (name, address, time_zone, created_at) VALUES ($1, $2, 'UTC', $3)",
                    name,
                    &address,
                    now
                )?;
                then()
            })
        })
        .await
}

async fn venues(shop: &Shop) -> Vec<String> {
    q!(shop.app.db.ex(), vals String, "SELECT name FROM venues ORDER BY name").unwrap()
}

fn refusal() -> Error {
    Problem::new(StatusCode::CONFLICT, "refused", "Refused").into()
}

on_both_engines! {
    async fn a_refusal_undoes_its_own_writes_and_nobody_elses(shop) {
        let tasks = (0..40).map(|i| {
            let shop = &shop;
            async move {
                if i % 2 == 0 {
                    add_venue(shop, "kept", || Ok(())).await.is_ok()
                } else {
                    add_venue(shop, "undone", || Err(refusal())).await.is_ok()
                }
            }
        });
        let succeeded = futures_util::future::join_all(tasks).await.into_iter().filter(|ok| *ok).count();
        assert_eq!(succeeded, 20);
        assert_eq!(venues(&shop).await, vec!["kept"; 20]);
    }

    async fn a_panic_is_one_transactions_failure(shop) {
        let failed = add_venue(&shop, "undone", || panic!("on purpose")).await;
        assert!(matches!(failed, Err(Error::Internal(_))));
        add_venue(&shop, "kept", || Ok(())).await.unwrap();
        assert_eq!(venues(&shop).await, ["kept"]);
    }

    async fn a_caller_who_goes_away_leaves_a_whole_fact(shop) {
        for _ in 0..50 {
            let write = add_venue(&shop, "whole", || Ok(()));
            // Polled once, then dropped: what a client does that hangs up.
            let _ = futures_util::future::select(Box::pin(write), std::future::ready(())).await;
        }
        add_venue(&shop, "last", || Ok(())).await.unwrap();
        // Every later write is really there: no connection was handed back inside an open transaction.
        for _ in 0..20 {
            add_venue(&shop, "later", || Ok(())).await.unwrap();
        }
        let names = venues(&shop).await;
        assert_eq!(names.iter().filter(|n| *n == "later").count(), 20);
        assert_eq!(names.iter().filter(|n| *n == "last").count(), 1);
    }
}

/// sqlx 0.9.0 hands a connection back in the middle of a transaction when a `begin()` is cancelled (its issue 4385):
/// shown here on a bare pool, so that we know when it is mended, and not there behind `Db::write`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_begin_loses_writes_on_a_bare_pool_and_none_behind_ours() {
    let Some(shop) = Shop::start(common::Engine::Postgres).await else { return };
    let url = secrecy::ExposeSecret::expose_secret(&shop.app.settings.database_url).to_owned();
    let bare = sqlx::postgres::PgPoolOptions::new().max_connections(4).connect(&url).await.unwrap();
    let insert =
        "INSERT INTO venues (name, address, time_zone, created_at) VALUES ('bare', $1, 'UTC', '2026-01-01Z')";
    let (mut acknowledged, mut kept) = (0, 0);
    // Where a `begin()` waits differs from run to run: tried until it was cancelled at the wrong moment, within bounds.
    for n in 0..2000 {
        give_up_after(n % 6, bare.begin()).await;
        acknowledged += usize::from(sqlx::query(insert).bind(n.to_string()).execute(&bare).await.is_ok());
        if n % 20 == 19 {
            kept = venues(&shop).await.iter().filter(|name| *name == "bare").count();
            if kept < acknowledged {
                break;
            }
        }
    }
    bare.close().await;
    for n in 0..200 {
        give_up_after(n % 4, add_venue(&shop, "given up", || Ok(()))).await;
    }
    for _ in 0..40 {
        add_venue(&shop, "ours", || Ok(())).await.unwrap();
    }
    let names = venues(&shop).await;
    assert_eq!(names.iter().filter(|name| *name == "ours").count(), 40, "every acknowledged write is there");
    assert!(
        kept < acknowledged,
        "sqlx no longer loses writes of a bare pool: the second lock in Db::open_postgres may go"
    );
}

/// Touches two venues one after the other; whoever comes to the barrier waits there between the two.
async fn touch(
    shop: &Shop,
    names: [&'static str; 2],
    between: std::sync::Arc<tokio::sync::Barrier>,
) -> Result<()> {
    let first_try = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let touch = shop.app.db.write("touch_venues", move |tx| {
        let (between, first_try) = (between.clone(), first_try.clone());
        Box::pin(async move {
            for name in names {
                q!(tx.ex(), exec, "UPDATE venues SET time_zone = 'UTC' WHERE name = $1", name)?;
                if name == names[0] && first_try.swap(false, std::sync::atomic::Ordering::SeqCst) {
                    between.wait().await;
                }
            }
            Ok(())
        })
    });
    touch.await
}

/// Both hold what the other wants: PostgreSQL ends one of them, and it is tried again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_ends_in_two_commits() {
    let Some(shop) = Shop::start(common::Engine::Postgres).await else { return };
    for name in ["left", "right"] {
        add_venue(&shop, name, || Ok(())).await.unwrap();
    }
    let between = std::sync::Arc::new(tokio::sync::Barrier::new(2));
    let (one, other) = tokio::join!(
        touch(&shop, ["left", "right"], between.clone()),
        touch(&shop, ["right", "left"], between.clone())
    );
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
}

/// Drops a future after the given number of wake-ups: what happens to a handler whose client hangs up.
async fn give_up_after<F: std::future::Future>(wakes: usize, future: F) {
    let (mut future, mut polls) = (Box::pin(future), 0);
    std::future::poll_fn(|context| {
        let is_over = future.as_mut().poll(context).is_ready() || polls == wakes;
        polls += 1;
        if is_over { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

/// SQLite ends a transaction by itself when its file cannot grow, and what stands in the way of the next one is then
/// sqlx's count of open transactions.
#[tokio::test]
async fn the_writer_goes_on_when_a_full_disk_has_room_again() {
    let shop = Shop::start(common::Engine::Sqlite).await.unwrap();
    let narrow = shop.app.db.write("narrow", |tx| {
        Box::pin(async move { Ok(q!(tx.ex(), exec, "PRAGMA max_page_count = 1").map(|_| ())?) })
    });
    narrow.await.unwrap();
    let large: &'static str = String::leak("a venue ".repeat(100_000));
    let full = add_venue(&shop, large, || Ok(())).await.unwrap_err();
    assert!(full.to_string().contains("full"), "{full}");
    // The limit was the connection's own, and went with it.
    add_venue(&shop, large, || Ok(())).await.unwrap();
}
