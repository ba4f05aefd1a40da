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
    shop.app
        .db
        .write("add_venue", move |tx| {
            let then = then.clone();
            Box::pin(async move {
                q!(
                    tx.ex(),
                    exec,
                    "INSERT INTO venues (name, address, time_zone, created_at) VALUES ($1, '', 'UTC', $2)",
                    name,
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
