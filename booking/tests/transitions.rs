//! Nothing goes from one status to another but by the listed steps, also when the program forgets to ask (I25).
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::{Arc, Mutex};

use booking::error::Error;
use booking::{on, q};
use common::Shop;
use serde_json::json;
use sqlx::AssertSqlSafe;

/// A table whose rows have a status: the first one, and each step to another.
struct Machine {
    table: &'static str,
    first: &'static str,
    steps: &'static [(&'static str, &'static str)],
}

const MACHINES: [Machine; 6] = [
    Machine {
        table: "bookings",
        first: "pending",
        steps: &[
            ("pending", "confirmed"),
            ("pending", "expired"),
            ("pending", "cancelled"),
            ("confirmed", "completed"),
            ("confirmed", "cancelled"),
            ("cancelled", "refunded"),
        ],
    },
    Machine {
        table: "payments",
        first: "started",
        steps: &[
            ("started", "authorised"),
            // What is free is taken at once.
            ("started", "captured"),
            ("started", "failed"),
            ("started", "refund_owed"),
            ("authorised", "captured"),
            ("authorised", "refund_owed"),
            ("captured", "refund_owed"),
            ("refund_owed", "refunded"),
            ("refund_owed", "voided"),
        ],
    },
    Machine {
        table: "holds",
        first: "active",
        steps: &[("active", "booked"), ("active", "released"), ("active", "expired")],
    },
    Machine {
        table: "tickets",
        first: "valid",
        steps: &[("valid", "used"), ("used", "valid"), ("valid", "cancelled"), ("valid", "transferred")],
    },
    Machine {
        table: "transfers",
        first: "offered",
        steps: &[("offered", "accepted"), ("offered", "withdrawn"), ("offered", "expired")],
    },
    Machine {
        table: "booking_sessions",
        first: "open",
        steps: &[("open", "finished"), ("open", "abandoned")],
    },
];

impl Machine {
    fn states(&self) -> Vec<&'static str> {
        let mut states: Vec<_> = self.steps.iter().flat_map(|(from, to)| [*from, *to]).collect();
        states.sort_unstable();
        states.dedup();
        states
    }

    /// The steps from the first status to `goal`.
    fn way_to(&self, goal: &str) -> Vec<(&'static str, &'static str)> {
        let mut ways = vec![(self.first, Vec::new())];
        for at in 0.. {
            let (state, way) = ways[at].clone();
            if state == goal {
                return way;
            }
            for step in self.steps.iter().filter(|(from, _)| *from == state) {
                if !ways.iter().any(|(known, _)| *known == step.1) {
                    ways.push((step.1, [&way[..], &[*step]].concat()));
                }
            }
        }
        unreachable!("every status can be reached")
    }

    /// Moves one row that stands at `from` on.
    fn update(&self, (from, to): (&str, &str)) -> String {
        let Self { table, .. } = self;
        format!(
            "UPDATE {table} SET status = '{to}' WHERE id = (SELECT id FROM {table} WHERE status = '{from}' LIMIT 1)"
        )
    }
}

/// Whether a row may go these ways, one after the other; nothing of it stays.
async fn may_go(shop: &Shop, updates: Vec<String>) -> bool {
    let outcome = Arc::new(Mutex::new(None));
    let told = outcome.clone();
    let undone = shop.app.db.write("try_transitions", move |tx| {
        let (updates, told) = (updates.clone(), told.clone());
        Box::pin(async move {
            for (at, update) in updates.iter().enumerate() {
                let update = AssertSqlSafe(update.clone());
                let moved =
                    on!(tx.ex(), c => sqlx::query(update).execute(c).await.map(|done| done.rows_affected()));
                let is_last = at + 1 == updates.len();
                assert!(is_last || moved.as_ref().is_ok_and(|rows| *rows == 1), "{updates:?}: {moved:?}");
                *told.lock().unwrap() = Some(moved.is_ok_and(|rows| rows == 1));
            }
            Err::<(), _>(Error::Internal("undone".into()))
        })
    });
    undone.await.unwrap_err();
    outcome.lock().unwrap().take().unwrap()
}

/// A shop with a row of each table at its first status.
async fn with_rows(shop: &Shop) {
    let sold = shop.sold("Ann", 2).await;
    let path = format!("/api/v1/tickets/{}/transfer", sold.codes[0]);
    let (status, offer) = shop.post(&path, &sold.buyer.1, json!({ "email": "heir@example.com" })).await;
    assert_eq!(status, 201, "{offer}");
    let buyer = shop.buyer().await;
    let session = shop.on_sale(9).await;
    shop.hold(session, &buyer, 1).await;
    let booking = shop.book(&shop.hold(session, &buyer, 1).await, &buyer).await;
    let (status, started) = shop.pay(&booking, &buyer, "4000000000003220").await;
    assert_eq!(status, 202, "{started}");
    let admit = shop.app.db.write("test_session", |tx| {
        Box::pin(async move {
            q!(
                tx.ex(),
                exec,
                "INSERT INTO booking_sessions (id, jti, room, place_id, event_id, user_id, browser, status, opened_at, expires_at)
                 SELECT id, id, 'r', id, event_id, user_id, 'b', 'open', created_at, expires_at FROM holds WHERE status = 'active'"
            )?;
            Ok(())
        })
    });
    admit.await.unwrap();
}

on_both_engines! {
    async fn every_step_that_is_not_listed_is_refused_and_every_listed_one_is_not(shop) {
        with_rows(&shop).await;
        let mut wrong = Vec::new();
        for machine in &MACHINES {
            for from in machine.states() {
                for to in machine.states().into_iter().filter(|to| *to != from) {
                    let way = machine.way_to(from).into_iter().chain([(from, to)]);
                    let may = may_go(&shop, way.map(|step| machine.update(step)).collect()).await;
                    if may != machine.steps.contains(&(from, to)) {
                        wrong.push(format!("{}: {from} → {to}: {may}", machine.table));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
