//! The whole path under contention: 200 fans stand in line, are admitted by cap, and fight for the last tickets.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;

use common::{Engine, Whole};
use loadtest::crowd::{self, Options};
use loadtest::stage::{Pace, Show};
use reqwest::Method;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// Fans in the line.
const FANS: u32 = 200;
/// Far more in the shop than there are seats, so that they do get in each other's way.
const PACE: Pace = Pace { cap: 60, rate_per_minute: 100_000 };

/// Stamps each test for both engines; the PostgreSQL half passes without running where it is not installed.
macro_rules! on_both_engines {
    ($(async fn $name:ident($whole:ident) $body:block)+) => {
        $(mod $name {
            use super::*;
            async fn run($whole: Whole) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run(Whole::start(Engine::Sqlite).await.unwrap()).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(whole) = Whole::start(Engine::Postgres).await {
                    run(whole).await;
                }
            }
        })+
    };
}

on_both_engines! {
    async fn last_seats_and_the_last_ticket_are_sold_once(whole) {
        let seats = whole.stage.seated("Last seats", 4, 5, Some("seats")).await.unwrap();
        let ticket = whole.stage.general_admission("Last ticket", 1, Some("ticket")).await.unwrap();
        for (room, show, tickets) in [("seats", seats, 20), ("ticket", ticket, 1)] {
            whole.stage.room(room, show, PACE).await.unwrap();
            sell_out(&whole, room, tickets).await;
            assert_eq!(remaining(&whole, show).await, 0);
        }
        the_same_key_gives_the_same_bytes(&whole).await;
        whole.verify().await;
    }
}

/// Sends the crowd: every promise to the fans must be kept, and exactly `tickets` tickets go home with them.
async fn sell_out(whole: &Whole, room: &str, tickets: u64) {
    let mut said = Vec::new();
    let options = Options::for_test(&whole.url, room, FANS);
    let outcome = crowd::simulate(options, CancellationToken::new(), &mut said).await.unwrap();
    let said = String::from_utf8_lossy(&said);
    assert_eq!((outcome.violations, outcome.failed), (0, 0), "{said}");
    assert_eq!(outcome.admitted, FANS as usize, "{said}");
    assert_eq!(outcome.tickets, tickets, "{said}");
}

async fn remaining(whole: &Whole, show: Show) -> i64 {
    let availability: Value =
        whole.stage.get(&format!("/api/v1/sessions/{}/availability", show.session)).await.unwrap();
    availability["remaining"].as_i64().unwrap()
}

/// Each step of a purchase twice, both at once and one after the other, under one Idempotency-Key.
async fn the_same_key_gives_the_same_bytes(whole: &Whole) {
    let show = whole.stage.general_admission("Once", 10, None).await.unwrap();
    let token = whole.stage.shopper("twice").await.unwrap();
    let wanted = json!({ "ticket_type": show.ticket_type, "quantity": 2, "best_available": true });
    let hold = twice(whole, &token, &format!("/api/v1/sessions/{}/holds", show.session), wanted).await;
    let booking = twice(whole, &token, "/api/v1/bookings", json!({ "hold_id": hold["id"] })).await;
    let card = json!({ "method": "card", "card_number": "4242424242424242" });
    let path = format!("/api/v1/bookings/{}/payment", booking["id"].as_str().unwrap());
    let paid = twice(whole, &token, &path, card).await;
    assert_eq!(paid["success"], true, "{paid}");
    assert_eq!(remaining(whole, show).await, 8, "two tickets were sold, not four");
}

async fn twice(whole: &Whole, token: &str, path: &str, body: Value) -> Value {
    let api = &whole.stage.api;
    let post = || {
        let request = api.request(Method::POST, path).json(&body).bearer_auth(token);
        api.send(request.header("Idempotency-Key", format!("once {path}")))
    };
    let (first, second) = tokio::join!(post(), post());
    let answers = [first.unwrap(), second.unwrap(), post().await.unwrap()];
    // Of two at the same moment one may be told that the other is at work; it is never done twice.
    let done: Vec<_> = answers.iter().filter(|answer| answer.is_success()).collect();
    assert!(done.len() >= 2 && answers.iter().all(|a| a.is_success() || a.status == 409), "{answers:#?}");
    let bytes: HashSet<_> = done.iter().map(|answer| &answer.bytes).collect();
    assert_eq!(bytes.len(), 1, "{path}: {bytes:?}");
    done[0].json()
}
