//! A booking with all that its document shows, read with one statement: every purchase ends with such a look.

use serde::Deserialize;
use shared::problem::Problem;
use sqlx::types::Json;
use uuid::Uuid;

use super::at_once::booked;
use super::documents::{BookingDocument, Facts};
use super::store::BookingRow;
use crate::app::App;
use crate::db::Dual;
use crate::error::Result;
use crate::events::sale_of;
use crate::payments::Receipt;
use crate::q;
use crate::seats::holds::HeldSeat;
use crate::tickets::{TicketCard, TicketStatus};

#[derive(sqlx::FromRow)]
struct Whole {
    #[sqlx(flatten)]
    row: BookingRow,
    seats: Option<Json<Vec<HeldSeat>>>,
    tickets: Option<Json<Vec<Ticket>>>,
    payment: Option<Json<Paid>>,
}

/// A ticket that belongs, or belonged, to the buyer.
#[derive(Deserialize)]
struct Ticket {
    seat: i64,
    generation: i64,
    code: String,
    status: TicketStatus,
    section: Option<String>,
    row: Option<String>,
    label: Option<String>,
}

/// The newest payment.
#[derive(Deserialize)]
struct Paid {
    transaction_id: Option<String>,
    amount_minor: i64,
    currency: String,
    status: String,
    failure: Option<String>,
}

/// The document of one booking of `owner` (of anybody's, when `None`) as it is in the tables; 404 otherwise.
pub async fn read(app: &App, booking: Uuid, owner: Option<Uuid>) -> Result<BookingDocument> {
    let whole = find(app, booking, owner).await?.ok_or_else(Problem::not_found)?;
    let sale = sale_of(app, whole.row.session_id).await?;
    let mut seats = whole.seats.map_or_else(Vec::new, |seats| seats.0);
    seats.sort_unstable_by_key(|seat| seat.id);
    let mut tickets = whole.tickets.map_or_else(Vec::new, |tickets| tickets.0);
    tickets.sort_unstable_by_key(|ticket| (ticket.seat, ticket.generation));
    let facts = Facts::new(app.db.ex(), whole.row, sale, seats).await?;
    let cards = tickets.into_iter().map(Ticket::card).collect();
    Ok(facts.document(cards, whole.payment.map(|paid| paid.0.receipt()), app.now()))
}

impl Ticket {
    fn card(self) -> TicketCard {
        TicketCard::new(self.code, self.status, &self.section, &self.row, &self.label)
    }
}

impl Paid {
    fn receipt(self) -> Receipt {
        Receipt::new(self.transaction_id, self.amount_minor, self.currency, self.status, self.failure)
    }
}

async fn find(app: &App, booking: Uuid, owner: Option<Uuid>) -> Result<Option<Whole>> {
    Ok(match app.db.ex() {
        Dual::Pg(reads) => q!(
            pg reads,
            opt Whole,
            concat!(booked!(pg), ",
                 (SELECT jsonb_agg(jsonb_build_object('seat', t.seat_id, 'generation', t.generation, 'code', t.code,
                      'status', t.status, 'section', s.section, 'row', s.row_label, 'label', s.label))
                  FROM tickets t JOIN seats s ON s.id = t.seat_id
                  WHERE t.booking_id = b.id AND t.user_id = b.user_id) AS tickets,
                 (SELECT jsonb_build_object('transaction_id', p.transaction_id, 'amount_minor', p.amount_minor,
                      'currency', p.currency, 'status', p.status, 'failure', p.failure)
                  FROM payments p WHERE p.booking_id = b.id ORDER BY p.id DESC LIMIT 1) AS payment
             FROM bookings b JOIN holds h ON h.id = b.hold_id JOIN users u ON u.id = b.user_id
             WHERE b.id = $1 AND (CAST($2 AS UUID) IS NULL OR b.user_id = $2)"),
            booking,
            owner
        )?,
        Dual::Lite(reader) => q!(
            lite reader,
            opt Whole,
            concat!(booked!(lite), ",
                 (SELECT json_group_array(json_object('seat', t.seat_id, 'generation', t.generation, 'code', t.code,
                      'status', t.status, 'section', s.section, 'row', s.row_label, 'label', s.label))
                  FROM tickets t JOIN seats s ON s.id = t.seat_id
                  WHERE t.booking_id = b.id AND t.user_id = b.user_id) AS tickets,
                 (SELECT json_object('transaction_id', p.transaction_id, 'amount_minor', p.amount_minor,
                      'currency', p.currency, 'status', p.status, 'failure', p.failure)
                  FROM payments p WHERE p.booking_id = b.id ORDER BY p.id DESC LIMIT 1) AS payment
             FROM bookings b JOIN holds h ON h.id = b.hold_id JOIN users u ON u.id = b.user_id
             WHERE b.id = $1 AND ($2 IS NULL OR b.user_id = $2)"),
            booking,
            owner
        )?,
    })
}
