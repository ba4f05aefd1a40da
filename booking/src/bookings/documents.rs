//! Bookings as their owners see them.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use shared::clock::Ts;
use shared::problem::Problem;
use sqlx::{PgExecutor, SqliteExecutor};
use uuid::Uuid;

use super::rules::Status;
use super::store::BookingRow;
use crate::app::App;
use crate::charges::{Sums, Terms};
use crate::db::Dual;
use crate::error::Result;
use crate::events::{SaleEvent, quoted_terms, sale_of};
use crate::payments::{self, PaymentRow, Receipt};
use crate::seats::holds::{self, HeldSeat};
use crate::seats::{EventBrief, SessionBrief};
use crate::tickets::{self, TicketCard};

/// A booking.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct BookingDocument {
    /// Id.
    pub id: Uuid,
    /// What people quote.
    pub reference: String,
    /// Where it stands.
    pub status: Status,
    /// The event.
    pub event: EventBrief,
    /// The session.
    pub session: SessionBrief,
    /// The seats, with the prices that were accepted.
    pub seats: Vec<HeldSeat>,
    /// Tickets that were not given back.
    pub quantity: i64,
    /// Sum of the prices: what is or was charged.
    pub total_minor: i64,
    /// The parts of the total.
    #[serde(flatten)]
    pub sums: Sums,
    /// What was or is being paid back.
    pub refund_minor: i64,
    /// The parts of what goes back.
    pub refund: Sums,
    /// ISO 4217.
    pub currency: String,
    /// The tickets, once it is confirmed.
    pub tickets: Vec<TicketCard>,
    /// Its newest payment.
    pub payment: Option<Receipt>,
    /// Until when it can be paid; null once that is settled.
    pub hold_expires_at: Option<Ts>,
    /// When it was made.
    pub created_at: Ts,
    /// When it was paid.
    pub confirmed_at: Option<Ts>,
    /// When it was cancelled.
    pub cancelled_at: Option<Ts>,
    /// The server's clock, for countdowns.
    pub server_time: Ts,
}

/// What a booking's document is made of, as far as it does not change in a transaction.
#[derive(Debug, Clone)]
pub struct Facts {
    pub row: BookingRow,
    pub sale: Arc<SaleEvent>,
    pub seats: Vec<HeldSeat>,
    /// What the prices were reckoned by.
    terms: Terms,
}

impl Facts {
    /// Of a booking of `owner` (of anybody's, when `None`); 404 otherwise.
    pub async fn of(app: &App, booking: Uuid, owner: Option<Uuid>) -> Result<Self> {
        let row = super::store::find(app, booking, owner).await?.ok_or_else(Problem::not_found)?;
        let sale = sale_of(app, row.session_id).await?;
        let seats = holds::seats_of(app, &[row.hold_id]).await?.into_iter().map(|(_, seat)| seat).collect();
        Self::new(app.db.ex(), row, sale, seats).await
    }

    /// Of what is at hand; `ex` is asked for the terms of the prices when the event has others by now.
    pub async fn new<'e, P, L>(
        ex: Dual<P, L>,
        row: BookingRow,
        sale: Arc<SaleEvent>,
        seats: Vec<HeldSeat>,
    ) -> Result<Self>
    where
        P: PgExecutor<'e>,
        L: SqliteExecutor<'e>,
    {
        let terms = quoted_terms(ex, row.charges_id, &sale).await?;
        Ok(Self { row, sale, seats, terms })
    }

    /// The document of the booking at `now`.
    pub fn document(&self, tickets: Vec<TicketCard>, payment: Option<Receipt>, now: Ts) -> BookingDocument {
        let row = &self.row;
        let is_late = row.status == Status::Pending && row.kept_until <= now;
        BookingDocument {
            id: row.id,
            reference: row.reference.clone(),
            status: if is_late { Status::Expired } else { row.status },
            event: (&*self.sale).into(),
            session: (&*self.sale).into(),
            seats: self.seats.clone(),
            quantity: row.quantity,
            total_minor: row.total_minor,
            sums: self.terms.sums(self.seats.iter().map(|seat| seat.parts)),
            refund_minor: row.refund_minor,
            refund: self.terms.sums(self.seats.iter().filter_map(HeldSeat::refunded)),
            currency: row.currency.clone(),
            tickets,
            payment,
            hold_expires_at: (row.status == Status::Pending).then_some(row.expires_at),
            created_at: row.created_at,
            confirmed_at: row.confirmed_at,
            cancelled_at: row.cancelled_at,
            server_time: now,
        }
    }
}

/// The documents of several bookings, in their order, with a bounded number of statements.
pub async fn read_all(app: &App, rows: Vec<BookingRow>) -> Result<Vec<BookingDocument>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let hold_ids: Vec<Uuid> = rows.iter().map(|row| row.hold_id).collect();
    let mut sales: HashMap<i64, Arc<SaleEvent>> = HashMap::new();
    for session in rows.iter().map(|row| row.session_id) {
        if let std::collections::hash_map::Entry::Vacant(slot) = sales.entry(session) {
            slot.insert(sale_of(app, session).await?);
        }
    }
    let mut seats: HashMap<Uuid, Vec<HeldSeat>> = HashMap::new();
    for (hold, seat) in holds::seats_of(app, &hold_ids).await? {
        seats.entry(hold).or_default().push(seat);
    }
    let mut tickets = tickets::of_bookings(&app.db, &ids).await?;
    let mut receipts: HashMap<Uuid, PaymentRow> =
        payments::newest_of(app, &ids).await?.into_iter().map(|row| (row.booking_id, row)).collect();
    let now = app.now();
    let mut documents = Vec::with_capacity(rows.len());
    for row in rows {
        let (id, sale) = (row.id, sales[&row.session_id].clone());
        let seats = seats.remove(&row.hold_id).unwrap_or_default();
        let facts = Facts::new(app.db.ex(), row, sale, seats).await?;
        documents.push(facts.document(
            tickets.remove(&id).unwrap_or_default(),
            receipts.remove(&id).map(Receipt::from),
            now,
        ));
    }
    Ok(documents)
}
