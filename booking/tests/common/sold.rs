//! A booking with its tickets, bought through the API: what tests of tickets start from.

use booking::q;
use serde_json::{Value, json};
use shared::access::Role;
use sqlx::types::Json;
use uuid::Uuid;

use super::Shop;

/// A confirmed booking.
pub struct Sold {
    pub booking: Uuid,
    pub event: i64,
    pub session: i64,
    pub codes: Vec<String>,
    /// Who bought, and their access token.
    pub buyer: (Uuid, String),
    /// Who runs the event, and their access token.
    pub organizer: (Uuid, String),
}

impl Shop {
    /// Sells `quantity` places of a new event at 50 dollars, gives them seats in row C of the Parterre, and prints the
    /// name of `holder` on the tickets.
    pub async fn sold(&self, holder: &str, quantity: i64) -> Sold {
        let (organizer, buyer) = (self.user(Role::Organizer).await, self.user(Role::Guest).await);
        let (event, session) = self.event(&organizer.1, 50.0, 20).await;
        let order = json!({ "event_id": event, "quantity": quantity, "card_number": "4242424242424242" });
        let (_, order) = self.post("/api/v1/orders", &buyer.1, order).await;
        assert_eq!(order["status"], "CONFIRMED", "{order}");
        let booking = order["order_id"].as_str().unwrap().parse().unwrap();
        let tickets = order["tickets"].as_array().unwrap();
        let codes = tickets.iter().map(|ticket| ticket["ticket_code"].as_str().unwrap().to_owned()).collect();
        self.seat(booking, holder.to_owned()).await;
        Sold { booking, event, session, codes, buyer, organizer }
    }

    /// The secret of the one offer whose mail was not sent yet.
    pub async fn transfer_token(&self) -> String {
        let payloads = q!(self.app.db.ex(), vals Json<Value>, "SELECT payload FROM jobs WHERE kind = 'mail' AND status = 'ready'");
        let payloads = payloads.unwrap();
        let mut offers = payloads.iter().filter(|payload| payload["message"] == "transfer-offered");
        offers.next().unwrap()["token"].as_str().unwrap().to_owned()
    }

    /// Writes seats and names that the API would have taken elsewhere, or not at all.
    async fn seat(&self, booking: Uuid, holder: String) {
        let work = self.app.db.write("test_seat", move |tx| {
            let holder = holder.clone();
            Box::pin(async move {
                q!(
                    tx.ex(),
                    exec,
                    "UPDATE seats SET section = 'Parterre', row_label = 'C', label = CAST(id AS TEXT) WHERE booking_id = $1",
                    booking
                )?;
                q!(tx.ex(), exec, "UPDATE tickets SET holder_name = $2 WHERE booking_id = $1", booking, &holder)?;
                Ok(())
            })
        });
        work.await.unwrap();
    }
}
