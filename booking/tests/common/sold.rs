//! A booking with its tickets, written straight into the tables: what tests of tickets start from.

use booking::app::App;
use booking::db::Tx;
use booking::error::Result;
use booking::q;
use booking::tickets::{self, IssueFor, NewTicket};
use shared::access::Role;
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

#[derive(sqlx::FromRow)]
struct SeatRow {
    id: i64,
    ticket_type_id: i64,
}

impl Shop {
    /// Sells `quantity` seats of a new event, in row C of the Parterre, to the name of `holder`.
    pub async fn sold(&self, holder: &str, quantity: i64) -> Sold {
        let (organizer, buyer) = (self.user(Role::Organizer).await, self.user(Role::Guest).await);
        let (event, session) = self.event(&organizer.1, 50.0, 20).await;
        let booking = self.app.entropy.uuid_v7(self.app.now());
        let whom = IssueFor { booking, event, session, user: buyer.0, holder_name: holder.into() };
        let app = self.app.clone();
        let codes = self
            .app
            .db
            .write("test_sale", move |tx| {
                let (app, whom) = (app.clone(), whom.clone());
                Box::pin(async move { sell(tx, &app, &whom, quantity).await })
            })
            .await
            .unwrap();
        Sold { booking, event, session, codes, buyer, organizer }
    }
}

async fn sell(tx: &mut Tx, app: &App, whom: &IssueFor, quantity: i64) -> Result<Vec<String>> {
    let now = app.now();
    let hold = app.entropy.uuid_v7(now);
    let reference = format!("RL-{}", app.entropy.code(6));
    let total = 5000 * quantity;
    q!(
        tx.ex(),
        exec,
        "INSERT INTO holds (id, session_id, event_id, user_id, status, quantity, total_minor, currency, expires_at, extended, created_at)
         VALUES ($1, $2, $3, $4, 'booked', $5, $6, 'USD', $7, FALSE, $7)",
        hold,
        whom.session,
        whom.event,
        whom.user,
        quantity,
        total,
        now
    )?;
    q!(
        tx.ex(),
        exec,
        "INSERT INTO bookings (id, reference, user_id, event_id, session_id, hold_id, status, quantity, total_minor, currency, expires_at, created_at, confirmed_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'confirmed', $7, $8, 'USD', $9, $9, $9)",
        whom.booking,
        &reference,
        whom.user,
        whom.event,
        whom.session,
        hold,
        quantity,
        total,
        now
    )?;
    let seats = q!(
        tx.ex(),
        all SeatRow,
        "UPDATE seats SET state = 'sold', hold_id = $1, booking_id = $2, section = 'Parterre', row_label = 'C', label = CAST(id AS TEXT)
         WHERE id IN (SELECT id FROM seats WHERE session_id = $3 ORDER BY id LIMIT $4) RETURNING id, ticket_type_id",
        hold,
        whom.booking,
        whom.session,
        quantity
    )?;
    let seats: Vec<NewTicket> = seats
        .iter()
        .map(|seat| NewTicket { seat_id: seat.id, ticket_type_id: seat.ticket_type_id, price_minor: 5000 })
        .collect();
    let issued = tickets::issue(tx, app, whom, &seats, now).await?;
    Ok(issued.into_iter().map(|ticket| ticket.code).collect())
}
