//! What a shopper does, in a line each.

use serde_json::{Value, json};
use shared::access::Role;

use super::{Answer, Shop, answer};

/// The card that always succeeds.
pub const CARD: &str = "4242424242424242";

/// The last part of a problem's `type`.
pub fn slug(problem: &Value) -> &str {
    problem["type"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default()
}

impl Shop {
    /// A general-admission session of `total` tickets at 75.00.
    pub async fn on_sale(&self, total: u32) -> i64 {
        let (_, organizer) = self.user(Role::Organizer).await;
        self.event(&organizer, 75.0, total).await.1
    }

    /// A session with `rows` × `columns` numbered seats at 50.00; the session and the ids of its seats.
    pub async fn hall(&self, rows: u32, columns: u32) -> (i64, Vec<i64>) {
        let (_, bob) = self.user(Role::Organizer).await;
        let venue = json!({ "name": "Cinema", "time_zone": "UTC" });
        let venue = self.post("/api/v1/venues", &bob, venue).await.1["id"].clone();
        let layout =
            json!({ "name": "Screen", "sections": [{ "name": "A", "rows": rows, "columns": columns }] });
        let (status, layout) = self.post(&format!("/api/v1/venues/{venue}/layouts"), &bob, layout).await;
        assert_eq!(status, 201, "{layout}");
        let film = json!({ "name": "Film", "venue_id": venue, "status": "published", "sessions": [{
            "starts_at": "2026-12-10T18:00:00Z", "layout_id": layout["id"],
            "ticket_types": [{ "name": "Seat", "price_minor": 5000, "section": "A" }],
        }]});
        let (status, film) = self.post("/api/v1/events", &bob, film).await;
        assert_eq!(status, 201, "{film}");
        let session = film["sessions"][0]["id"].as_i64().unwrap();
        let (status, map) = self.get(&format!("/api/v1/sessions/{session}/seats"), "").await;
        assert_eq!(status, 200, "{map}");
        let seats = map["seats"]["ids"].as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect();
        (session, seats)
    }

    /// A buyer's access token.
    pub async fn buyer(&self) -> String {
        self.user(Role::Guest).await.1
    }

    /// Several buyers' access tokens.
    pub async fn buyers(&self, count: usize) -> Vec<String> {
        futures_util::future::join_all((0..count).map(|_| self.buyer())).await
    }

    /// Asks for seats or a quantity.
    pub async fn try_hold(&self, session: i64, buyer: &str, body: Value) -> Answer {
        self.post(&format!("/api/v1/sessions/{session}/holds"), buyer, body).await
    }

    /// Holds any `quantity`.
    pub async fn hold(&self, session: i64, buyer: &str, quantity: u32) -> Value {
        let (status, hold) =
            self.try_hold(session, buyer, json!({ "quantity": quantity, "best_available": true })).await;
        assert_eq!(status, 201, "{hold}");
        hold
    }

    /// Books a hold; the booking's id.
    pub async fn book(&self, hold: &Value, buyer: &str) -> String {
        let (status, booking) = self.post("/api/v1/bookings", buyer, json!({ "hold_id": hold["id"] })).await;
        assert_eq!(status, 201, "{booking}");
        booking["id"].as_str().unwrap().to_owned()
    }

    /// Pays a booking.
    pub async fn pay(&self, booking: &str, buyer: &str, card: &str) -> Answer {
        let body = json!({ "method": "card", "card_number": card });
        self.post(&format!("/api/v1/bookings/{booking}/payment"), buyer, body).await
    }

    /// Holds, books and pays any `quantity`; the booking's id.
    pub async fn buy(&self, session: i64, buyer: &str, quantity: u32) -> String {
        let hold = self.hold(session, buyer, quantity).await;
        let booking = self.book(&hold, buyer).await;
        let (status, paid) = self.pay(&booking, buyer, CARD).await;
        assert_eq!(status, 200, "{paid}");
        booking
    }

    /// A booking as its owner sees it.
    pub async fn booking(&self, booking: &str, buyer: &str) -> Value {
        let (status, document) = self.get(&format!("/api/v1/bookings/{booking}"), buyer).await;
        assert_eq!(status, 200, "{document}");
        document
    }

    /// Free tickets of a session.
    pub async fn remaining(&self, session: i64) -> i64 {
        let (status, document) = self.get(&format!("/api/v1/sessions/{session}/availability"), "").await;
        assert_eq!(status, 200, "{document}");
        document["remaining"].as_i64().unwrap()
    }

    /// A `POST` with an Idempotency-Key.
    pub async fn post_keyed(&self, path: &str, buyer: &str, key: &str, body: &Value) -> Answer {
        answer(self.request(reqwest::Method::POST, path, buyer).header("Idempotency-Key", key).json(body))
            .await
    }
}
