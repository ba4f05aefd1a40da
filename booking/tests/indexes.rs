//! What a purchase may cost on SQLite: no statement of it reads a table, or a hall, from end to end. Every statement that the
//! engine is given is taken down from its log and explained.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use common::buying::CARD;
use common::{Engine, Shop};
use serde_json::json;
use shared::access::Role;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};
use tracing::field::{Field, Visit};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Tables that grow with every purchase.
const LARGE: &[&str] = &[
    "seats",
    "holds",
    "hold_seats",
    "bookings",
    "payments",
    "tickets",
    "jobs",
    "shoppers",
    "users",
    "booking_sessions",
    "idempotency_keys",
    "audit_entries",
];

/// Takes down what sqlx logs about the statements it sends.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<BTreeSet<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Sent {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut statement = Statement::default();
            event.record(&mut statement);
            let whole = if statement.whole.trim().is_empty() { statement.summary } else { statement.whole };
            self.0.lock().unwrap().insert(whole);
        }
    }
}

/// The fields of one log entry: the whole text is left out where the summary has it already.
#[derive(Default)]
struct Statement {
    whole: String,
    summary: String,
}

impl Visit for Statement {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "db.statement" => value.clone_into(&mut self.whole),
            "summary" => value.clone_into(&mut self.summary),
            _ => {}
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn Debug) {}
}

/// A hall, a promo code and a sale of places; then everything that a shopper does.
async fn buy_everything(shop: &Shop, sent: &Sent) {
    let (hall, seats) = shop.hall(4, 10).await;
    let places = shop.on_sale(100).await;
    let buyers = shop.buyers(4).await;
    let gate = shop.user(Role::Admin).await.1;
    for session in [hall, places] {
        shop.get(&format!("/api/v1/sessions/{session}/seats"), "").await;
    }
    sent.0.lock().unwrap().clear();
    let (status, hold) = shop.try_hold(hall, &buyers[0], json!({ "seats": [seats[3], seats[4]] })).await;
    assert_eq!(status, 201, "{hold}");
    let path = format!("/api/v1/holds/{}/extend", hold["id"].as_str().unwrap());
    assert_eq!(shop.post(&path, &buyers[0], json!({})).await.0, 200);
    let (status, taken) = shop.try_hold(hall, &buyers[1], json!({ "seats": [seats[4], seats[5]] })).await;
    assert_eq!(status, 409, "{taken}");
    let booking = shop.book(&hold, &buyers[0]).await;
    assert_eq!(shop.pay(&booking, &buyers[0], CARD).await.0, 200);
    shop.buy(places, &buyers[1], 2).await;
    let declined = shop.hold(places, &buyers[2], 1).await;
    let unpaid = shop.book(&declined, &buyers[2]).await;
    assert_eq!(shop.pay(&unpaid, &buyers[2], "4000000000000002").await.0, 402);
    let event = shop.booking(&booking, &buyers[0]).await["event"]["id"].clone();
    let order = json!({ "event_id": event, "quantity": 2, "card_number": CARD });
    let (status, ordered) = shop.post_keyed("/api/v1/orders", &buyers[3], "once", &order).await;
    assert_eq!(status, 201, "{ordered}");
    booking::jobs::run_due(&shop.app).await.unwrap();
    let code = shop.booking(&booking, &buyers[0]).await["tickets"][0]["code"].clone();
    let (status, entry) = shop.post("/api/v1/checkins", &gate, json!({ "code": code })).await;
    assert_eq!(status, 200, "{entry}");
    let order = ordered["order_id"].as_str().unwrap();
    let (status, cancelled) =
        shop.post(&format!("/api/v1/bookings/{order}/cancel"), &buyers[3], json!({})).await;
    assert_eq!(status, 200, "{cancelled}");
    assert_eq!(shop.get("/api/v1/bookings", &buyers[0]).await.0, 200);
    booking::jobs::run_due(&shop.app).await.unwrap();
}

/// How the planner would do each part of a text; parts that are no questions of rows are passed over.
async fn plans(connection: &mut SqliteConnection, text: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for part in text.split(';').filter(|part| !part.trim().is_empty()) {
        let question = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {part}")));
        if let Ok(rows) = question.fetch_all(&mut *connection).await {
            steps.extend(rows.iter().map(|row| row.get::<String, _>("detail")));
        }
    }
    steps
}

/// Whether a step reads a whole table that grows, or all seats of a session; `text` says what the step's names stand for.
fn is_too_much(step: &str, text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let stands_for = |name: &str, table: &&str| {
        name == *table
            || words.windows(2).any(|pair| pair == [*table, name])
            || words.windows(3).any(|w| w == [*table, "AS", name])
    };
    let mut parts = step.split(' ');
    let is_scan = parts.next() == Some("SCAN");
    let name = parts.next().unwrap_or_default();
    is_scan && LARGE.iter().any(|table| stands_for(name, table))
        || step.ends_with("seats_changed (session_id=?)")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_step_of_a_purchase_reads_a_hall_from_end_to_end() {
    let sent = Sent::default();
    tracing_subscriber::registry().with(sent.clone()).init();
    let shop = Shop::start(Engine::Sqlite).await.unwrap();
    buy_everything(&shop, &sent).await;
    let statements = sent.0.lock().unwrap().clone();
    assert!(statements.len() > 30, "only {} statements were seen", statements.len());
    let file = format!("sqlite://{}", shop.app.settings.data_dir.join("booking.db").display());
    let mut connection = SqliteConnection::connect(&file).await.unwrap();
    let mut explained = 0;
    let mut wrong = Vec::new();
    for text in &statements {
        let steps = plans(&mut connection, text).await;
        explained += usize::from(!steps.is_empty());
        wrong.extend(
            steps.into_iter().filter(|step| is_too_much(step, text)).map(|step| format!("{step}\n{text}")),
        );
    }
    assert!(explained > 30, "only {explained} of {} statements could be explained", statements.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    // What the test would see without the planner's figures: the mistake that it was written for.
    sqlx::query("DELETE FROM sqlite_stat1").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let mut uninformed = SqliteConnection::connect(&file).await.unwrap();
    let mut seen = false;
    for text in &statements {
        seen |= plans(&mut uninformed, text).await.iter().any(|step| is_too_much(step, text));
    }
    assert!(seen, "the test no longer sees a hold that reads the whole hall");
}
