//! The shop tells its waiting rooms how it does and what is left to sell.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::{Json, Router, routing};
use booking::{health, q};
use common::Shop;
use serde_json::json;
use shared::health::{Heard, Report, Stock, path};

const ROOM: &str = "rock-night";

/// A waiting room that listens, and wants to know the stock.
async fn listening(shop: &Shop) -> Arc<Mutex<Vec<Report>>> {
    let heard = Arc::<Mutex<Vec<Report>>>::default();
    let told = heard.clone();
    let listen = async move |Json(report): Json<Report>| {
        told.lock().unwrap().push(report);
        Json(Heard { rate_per_minute: 600, cap: 10, wants_stock: true })
    };
    shop.app.waiting_room.connect(Router::new().route(&path(ROOM), routing::post(listen)));
    heard
}

async fn guard_sale(shop: &Shop) {
    let guard = shop.app.db.write("guard_sale", |tx| {
        Box::pin(async move {
            q!(tx.ex(), exec, "UPDATE events SET room = 'rock-night'")?;
            Ok(())
        })
    });
    guard.await.unwrap();
}

on_both_engines! {
    async fn a_report_tells_answers_failures_and_what_is_left(shop) {
        let heard = listening(&shop).await;
        let session = shop.on_sale(5).await;
        health::report(shop.app.clone()).await.unwrap();
        assert_eq!(heard.lock().unwrap().len(), 0, "there is no room");
        let buyer = shop.buyer().await;
        let (status, hold) = shop.try_hold(session, &buyer, json!({ "quantity": 2 })).await;
        assert_eq!(status, 201, "{hold}");
        guard_sale(&shop).await;
        (0..30).for_each(|n| shop.app.vitals.note(Duration::from_millis(40), n < 3, false));
        health::report(shop.app.clone()).await.unwrap();
        let first = heard.lock().unwrap().pop().unwrap();
        assert_eq!((first.failed, first.is_queueing, first.stock), (3, false, None), "nobody has asked for the stock yet");
        assert!(first.answers >= 31, "what the shop has really answered is counted too: {first:?}");
        assert!(first.p95_ms >= 50);
        health::report(shop.app.clone()).await.unwrap();
        let second = heard.lock().unwrap().pop().unwrap();
        assert_eq!((second.answers, second.failed, second.p95_ms), (0, 0, 0), "each answer is told once");
        assert_eq!(second.stock, Some(Stock { free: 3, held: 2 }));
        // A hold that has run out can be taken, swept or not.
        shop.advance_s(3600);
        health::report(shop.app.clone()).await.unwrap();
        assert_eq!(heard.lock().unwrap().pop().unwrap().stock, Some(Stock { free: 5, held: 0 }));
    }

    async fn a_room_that_the_waiting_room_does_not_know_is_passed_over(shop) {
        shop.app.waiting_room.connect(Router::new());
        shop.on_sale(5).await;
        guard_sale(&shop).await;
        health::report(shop.app.clone()).await.unwrap();
    }
}
