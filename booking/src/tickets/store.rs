//! SQL of tickets.

use shared::clock::Ts;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{IssueFor, IssuedTicket, NewTicket, SeatName, TicketCard, TicketStatus};
use crate::app::App;
use crate::db::{Db, Tx, expect_rows};
use crate::error::Result;
use crate::{on, q};

/// Writes tickets; `issued` holds the ids and codes for `seats`, in the same order.
pub async fn insert(
    tx: &mut Tx,
    app: &App,
    whom: &IssueFor,
    seats: &[NewTicket],
    issued: &[IssuedTicket],
    now: Ts,
) -> Result<()> {
    let rows = on!(tx.ex(), c => {
        let mut sql = QueryBuilder::new(
            "INSERT INTO tickets (id, code, booking_id, event_id, session_id, seat_id, ticket_type_id, user_id,
                                  holder_name, holder, generation, status, price_minor, issued_at) ",
        );
        sql.push_values(seats.iter().zip(issued), |mut row, (seat, ticket)| {
            row.push_bind(ticket.id)
                .push_bind(&ticket.code)
                .push_bind(whom.booking)
                .push_bind(whom.event)
                .push_bind(whom.session)
                .push_bind(seat.seat_id)
                .push_bind(seat.ticket_type_id)
                .push_bind(whom.user)
                .push_bind(&whom.holder_name)
                .push_bind(app.entropy.uuid_v7(now))
                .push_bind(1_i64)
                .push_bind(TicketStatus::Valid)
                .push_bind(seat.price_minor)
                .push_bind(now);
        });
        sql.build().execute(c).await?.rows_affected()
    });
    expect_rows("issue tickets", seats.len() as u64, rows)
}

/// Cancels what is valid of a booking; how many.
pub async fn cancel(tx: &mut Tx, booking: Uuid) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE tickets SET status = 'cancelled' WHERE booking_id = $1 AND status = 'valid'",
        booking
    )?)
}

/// Withdraws the open offers of a booking's tickets.
pub async fn withdraw_offers(tx: &mut Tx, booking: Uuid) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE transfers SET status = 'withdrawn'
         WHERE status = 'offered' AND ticket_id IN (SELECT id FROM tickets WHERE booking_id = $1)",
        booking
    )?;
    Ok(())
}

/// How many tickets of a booking its buyer can no longer give back.
pub async fn count_gone(tx: &mut Tx, booking: Uuid) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "SELECT count(*) FROM tickets WHERE booking_id = $1 AND status IN ('used', 'transferred')",
        booking
    )?)
}

#[derive(FromRow)]
struct CardRow {
    booking_id: Uuid,
    code: String,
    status: TicketStatus,
    section: Option<String>,
    row_label: Option<String>,
    label: Option<String>,
}

/// Tickets of bookings that belong, or belonged, to the bookings' buyers, with the booking each is of.
pub async fn cards(db: &Db, bookings: &[Uuid]) -> Result<Vec<(Uuid, TicketCard)>> {
    if bookings.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<CardRow> = on!(db.ex(), c => {
        let mut sql = QueryBuilder::new(
            "SELECT t.booking_id, t.code, t.status, s.section, s.row_label, s.label
             FROM tickets t JOIN bookings b ON b.id = t.booking_id AND b.user_id = t.user_id
             JOIN seats s ON s.id = t.seat_id WHERE t.booking_id IN (",
        );
        let mut list = sql.separated(", ");
        for booking in bookings {
            list.push_bind(*booking);
        }
        sql.push(") ORDER BY t.seat_id, t.generation");
        sql.build_query_as().fetch_all(c).await?
    });
    Ok(rows.into_iter().map(|row| (row.booking_id, row.card())).collect())
}

impl CardRow {
    fn card(self) -> TicketCard {
        TicketCard {
            pdf_url: format!("/api/v1/tickets/{}.pdf", self.code),
            ticket_code: self.code.clone(),
            code: self.code,
            status: self.status,
            seat: SeatName::of(self.section, self.row_label, self.label),
        }
    }
}

impl SeatName {
    /// From the columns of a seat; general admission has no label.
    pub(super) fn of(section: Option<String>, row: Option<String>, label: Option<String>) -> Option<Self> {
        label.map(|label| Self { label, section, row })
    }
}
