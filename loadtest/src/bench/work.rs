//! What the clients of the benchmark do.

use serde::Deserialize;

use super::client::{Connection, Work};
use crate::stage::Show;

/// A new visitor each time joins the line, or an address that does nothing is asked the same way.
pub struct Post {
    /// The client's connection.
    pub connection: Connection,
    /// Where to.
    pub path: String,
}

impl Work for Post {
    async fn once(&mut self) -> anyhow::Result<()> {
        let (status, body) = self.connection.post(&self.path, None, "{}".into()).await?;
        anyhow::ensure!(status == 201, "{} answered {status}: {}", self.path, String::from_utf8_lossy(&body));
        Ok(())
    }
}

/// A visitor asks for something that anybody may see.
pub struct Get {
    /// The client's connection.
    pub connection: Connection,
    /// What for.
    pub path: String,
}

impl Work for Get {
    async fn once(&mut self) -> anyhow::Result<()> {
        let (status, body) = self.connection.get(&self.path).await?;
        anyhow::ensure!(status == 200, "{} answered {status}: {}", self.path, String::from_utf8_lossy(&body));
        Ok(())
    }
}

/// How far a purchase goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// A hold.
    Hold,
    /// Hold, booking and payment.
    Booking,
    /// The same, each under an Idempotency-Key.
    KeyedBooking,
    /// The same with one call: `POST /orders`.
    Order,
}

/// A shopper takes two tickets at a time.
pub struct Shopper {
    /// The client's connection, logged in.
    pub connection: Connection,
    /// What is bought.
    pub show: Show,
    /// How far.
    pub depth: Depth,
    /// Makes keys unique: who, and how many so far.
    pub name: String,
    /// Purchases so far.
    pub count: u64,
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

#[derive(Deserialize)]
struct Paid {
    success: bool,
}

#[derive(Deserialize)]
struct Ordered {
    status: String,
}

impl Shopper {
    async fn post<T: serde::de::DeserializeOwned>(
        &mut self,
        step: &str,
        path: &str,
        body: String,
    ) -> anyhow::Result<T> {
        let key = format!("{}-{}-{step}", self.name, self.count);
        let key = (self.depth == Depth::KeyedBooking).then_some(key.as_str());
        let (status, body) = self.connection.post(path, key, body).await?;
        anyhow::ensure!(status < 300, "{step} was answered {status}: {}", String::from_utf8_lossy(&body));
        Ok(serde_json::from_slice(&body)?)
    }

    async fn order(&mut self) -> anyhow::Result<()> {
        let Show { event, session, ticket_type } = self.show;
        let body = format!(
            r#"{{"event_id":{event},"session_id":{session},"ticket_type":{ticket_type},"quantity":2,"card_number":"4242424242424242"}}"#
        );
        let made: Ordered = self.post("order", "/api/v1/orders", body).await?;
        anyhow::ensure!(
            made.status == "CONFIRMED",
            "an order with the card that always works is {}",
            made.status
        );
        Ok(())
    }
}

impl Work for Shopper {
    async fn once(&mut self) -> anyhow::Result<()> {
        self.count += 1;
        if self.depth == Depth::Order {
            return self.order().await;
        }
        let wanted =
            format!(r#"{{"ticket_type":{},"quantity":2,"best_available":true}}"#, self.show.ticket_type);
        let path = format!("/api/v1/sessions/{}/holds", self.show.session);
        let hold: Made = self.post("hold", &path, wanted).await?;
        if self.depth == Depth::Hold {
            return Ok(());
        }
        let body = format!(r#"{{"hold_id":"{}"}}"#, hold.id);
        let booking: Made = self.post("booking", "/api/v1/bookings", body).await?;
        let path = format!("/api/v1/bookings/{}/payment", booking.id);
        let card = r#"{"method":"card","card_number":"4242424242424242"}"#;
        let paid: Paid = self.post("payment", &path, card.into()).await?;
        anyhow::ensure!(paid.success, "a payment with the card that always works failed");
        Ok(())
    }
}
