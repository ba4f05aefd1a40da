//! One script of calls, played on both engines with the same clock and the same seed: every answer is the same, byte by
//! byte, headers included.
#![allow(clippy::unwrap_used)]

mod common;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use booking::jobs;
use common::{Engine, Shop};
use serde_json::{Value, json};
use shared::access::Role;
use tower::ServiceExt;

/// What a client sees of an answer.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    call: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// A shop and everything it has answered.
struct Player {
    shop: Shop,
    seen: Vec<Seen>,
}

impl Player {
    /// Calls the router itself: what the server adds to every answer, such as a request id, is no engine's doing.
    async fn call(&mut self, method: Method, path: &str, token: &str, key: &str, body: &Value) -> Value {
        let call = format!("{} {method} {path} {body}", self.seen.len());
        let mut request = Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        let text = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let request = request.header(header::CONTENT_TYPE, "application/json").body(text).unwrap();
        let response = booking::router(self.shop.app.clone()).oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().iter().map(|(k, v)| (k.to_string(), v.to_str().unwrap().to_owned()));
        let headers = headers.collect();
        let bytes = to_bytes(response.into_body(), 10_000_000).await.unwrap();
        let document = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let body = without_versions(&String::from_utf8_lossy(&bytes));
        self.seen.push(Seen { call, status, headers, body });
        document
    }

    async fn get(&mut self, path: &str, token: &str) -> Value {
        self.call(Method::GET, path, token, "", &Value::Null).await
    }

    async fn post(&mut self, path: &str, token: &str, body: Value) -> Value {
        self.call(Method::POST, path, token, "", &body).await
    }
}

/// The version of a seat map counts what its node has seen change, so it depends on when the node happened to look.
/// It is an instant in microseconds, which tells it from the versions of layouts.
fn without_versions(body: &str) -> String {
    const NAME: &str = "\"version\":";
    let mut parts = body.split(NAME);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.chars().take_while(char::is_ascii_digit).count();
        text += NAME;
        text += if digits < 16 { part } else { &part[digits..] };
    }
    text
}

async fn play(shop: Shop) -> Vec<Seen> {
    let (bob, alice, carol) =
        (shop.user(Role::Organizer).await.1, shop.user(Role::Guest).await.1, shop.user(Role::Guest).await.1);
    let admin = shop.user(Role::Admin).await.1;
    let mut player = Player { shop, seen: Vec::new() };
    let (event, session, seats) = set_up(&mut player, &bob).await;
    shop_around(&mut player, &alice, &carol, session, &seats).await;
    buy_and_return(&mut player, &alice, &carol, session, &seats).await;
    let order = json!({ "event_id": event, "quantity": 2, "card_number": "4242424242424242" });
    for key in ["order", "order", "another"] {
        // Orders choose seats by the node's map, which may be a moment behind the table; who asks for the map brings it up
        // to date.
        player.get(&format!("/api/v1/sessions/{session}/seats"), "").await;
        player.call(Method::POST, "/api/v1/orders", &carol, key, &order).await;
    }
    jobs::run_due(&player.shop.app).await.unwrap();
    for (path, token) in [
        ("/api/v1/admin/jobs?limit=3", &admin),
        ("/api/v1/admin/jobs", &alice),
        ("/api/v1/bookings?limit=1", &alice),
        ("/api/v1/tickets", &alice),
        ("/api/v1/events?sort=nonsense", &alice),
        ("/api/v1/events?q=film", &alice),
        ("/api/v1/nowhere", &alice),
    ] {
        player.get(path, token).await;
    }
    for path in [format!("/api/v1/events/{event}"), format!("/api/v1/sessions/{session}/availability")] {
        player.get(&path, "").await;
    }
    player.seen
}

/// A venue, a hall and a film in it; the event, its session and the session's seats.
async fn set_up(player: &mut Player, bob: &str) -> (Value, i64, Vec<Value>) {
    let venue = json!({ "name": "Cinema", "time_zone": "Europe/Berlin" });
    let venue = player.post("/api/v1/venues", bob, venue).await["id"].clone();
    player.post("/api/v1/venues", bob, json!({ "name": "", "time_zone": "Nowhere" })).await;
    let layout = json!({ "name": "Screen", "sections": [{ "name": "A", "rows": 3, "columns": 6 }] });
    let layout = player.post(&format!("/api/v1/venues/{venue}/layouts"), bob, layout).await;
    let film = json!({ "name": "Film", "venue_id": venue, "status": "published", "sessions": [{
        "starts_at": "2026-12-10T18:00:00Z", "layout_id": layout["id"],
        "ticket_types": [{ "name": "Seat", "price_minor": 5000, "section": "A" }],
    }]});
    let film = player.post("/api/v1/events", bob, film).await;
    let session = film["sessions"][0]["id"].as_i64().unwrap();
    let map = player.get(&format!("/api/v1/sessions/{session}/seats"), "").await;
    (film["id"].clone(), session, map["seats"]["ids"].as_array().unwrap().clone())
}

/// Holds, refusals and their repetitions.
async fn shop_around(player: &mut Player, alice: &str, carol: &str, session: i64, seats: &[Value]) {
    let holds = format!("/api/v1/sessions/{session}/holds");
    let pair = json!({ "seats": [seats[0], seats[1]] });
    let hold = player.call(Method::POST, &holds, alice, "hold", &pair).await;
    player.call(Method::POST, &holds, alice, "hold", &pair).await;
    player.call(Method::POST, &holds, alice, "hold", &json!({ "quantity": 1 })).await;
    for wrong in [
        json!({ "seats": [seats[1], seats[2]] }),
        json!({ "seats": [seats[3], seats[3]] }),
        json!({ "seats": [i64::MAX] }),
        json!({ "seats": [] }),
        json!({ "quantity": 7 }),
        json!({ "quantity": "two" }),
        json!({ "surprise": true }),
    ] {
        player.call(Method::POST, &holds, carol, &format!("wrong {wrong}"), &wrong).await;
    }
    let hold = format!("/api/v1/holds/{}", hold["id"].as_str().unwrap());
    for token in [alice, carol, ""] {
        player.get(&hold, token).await;
    }
    for _ in 0..2 {
        player.post(&format!("{hold}/extend"), alice, Value::Null).await;
    }
    for _ in 0..2 {
        player.call(Method::DELETE, &hold, alice, "", &Value::Null).await;
    }
    player.get(&format!("/api/v1/sessions/{session}/seats?since=0"), "").await;
}

/// A failed and a good payment, tickets, a transfer, a late hold, a cancellation.
async fn buy_and_return(player: &mut Player, alice: &str, carol: &str, session: i64, seats: &[Value]) {
    let holds = format!("/api/v1/sessions/{session}/holds");
    let hold = player.post(&holds, alice, json!({ "seats": [seats[4], seats[5]] })).await;
    let booking = player.post("/api/v1/bookings", alice, json!({ "hold_id": hold["id"] })).await;
    let booking = format!("/api/v1/bookings/{}", booking["id"].as_str().unwrap());
    let pay = format!("{booking}/payment");
    for (key, card) in [("no", "4000000000000002"), ("no", "4000000000000002"), ("yes", "4242424242424242")] {
        player.call(Method::POST, &pay, alice, key, &json!({ "card_number": card })).await;
    }
    let paid =
        player.call(Method::POST, &pay, alice, "yes", &json!({ "card_number": "4242424242424242" })).await;
    player.post(&pay, alice, json!({ "card_number": "4242424242424242" })).await;
    let code = paid["booking"]["tickets"][0]["code"].as_str().unwrap().to_owned();
    player.get(&format!("/api/v1/tickets/{code}"), alice).await;
    player.get(&format!("/api/v1/tickets/{code}"), carol).await;
    let offer = json!({ "email": "carol@example.com" });
    let offer =
        player.call(Method::POST, &format!("/api/v1/tickets/{code}/transfer"), alice, "t", &offer).await;
    let link = json!({ "token": player.shop.transfer_token().await });
    let accept = format!("/api/v1/transfers/{}/accept", offer["id"].as_str().unwrap());
    for key in ["accept", "accept", ""] {
        player.call(Method::POST, &accept, carol, key, &link).await;
    }
    player.get(&format!("{booking}/refund-quote"), alice).await;
    player.post(&format!("{booking}/cancel"), alice, Value::Null).await;
    let late = player.post(&holds, alice, json!({ "seats": [seats[7]] })).await;
    player.shop.advance_s(10 * 60);
    player.post("/api/v1/bookings", alice, json!({ "hold_id": late["id"] })).await;
    player.get(&booking, alice).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_answer_the_same_script_with_the_same_bytes() {
    let Some(postgres) = Shop::start(Engine::Postgres).await else { return };
    let sqlite = Shop::start(Engine::Sqlite).await.unwrap();
    assert!(postgres.app.db.is_postgres() && !sqlite.app.db.is_postgres());
    let (on_postgres, on_sqlite) = (play(postgres).await, play(sqlite).await);
    assert_eq!(on_postgres.len(), on_sqlite.len());
    for (one, other) in on_postgres.iter().zip(&on_sqlite) {
        assert_eq!(one, other);
        assert!(one.status < 500, "{one:?}");
    }
    let refusals = on_sqlite.iter().filter(|seen| seen.status >= 400).count();
    assert!(refusals > 12 && on_sqlite.len() - refusals > 25, "{refusals} of {} refused", on_sqlite.len());
}
