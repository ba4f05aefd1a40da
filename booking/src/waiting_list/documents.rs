//! Waiting lists as people see them.

use serde::Serialize;
use shared::clock::Ts;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{Demand, Entry};

/// My entry in a session's waiting list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WaitingListEntry {
    /// The session.
    session: i64,
    /// `waiting`, `offered`, `taken` (bought), `lapsed` (the offer or the sale is over) or `left`.
    state: String,
    /// Tickets wanted, all or none.
    quantity: i64,
    /// Of this ticket type; null: of any one.
    ticket_type: Option<i64>,
    /// 1 is next; null when not waiting.
    position: Option<i64>,
    /// People who wait.
    waiting: i64,
    /// The hold that keeps the offered seats: book it.
    hold_id: Option<Uuid>,
    /// Until when.
    offer_expires_at: Option<Ts>,
    /// When it was made.
    joined_at: Ts,
}

impl WaitingListEntry {
    /// Of an entry's row.
    pub fn new(session: i64, entry: Entry) -> Self {
        let offered = entry.state == "offered";
        Self {
            session,
            quantity: entry.quantity,
            ticket_type: entry.ticket_type_id,
            position: (entry.state == "waiting").then_some(entry.ahead + 1),
            waiting: entry.waiting,
            hold_id: entry.hold_id.filter(|_| offered),
            offer_expires_at: entry.kept_until.filter(|_| offered),
            joined_at: entry.joined_at,
            state: entry.state,
        }
    }
}

/// How many wait for one session and ticket type.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WaitingListDemand {
    /// The session.
    session: i64,
    /// The ticket type; null: those who take any.
    ticket_type: Option<i64>,
    /// People who wait.
    people: i64,
    /// Tickets they want.
    tickets: i64,
    /// People who have an offer.
    offered: i64,
}

impl From<Demand> for WaitingListDemand {
    fn from(row: Demand) -> Self {
        Self {
            session: row.session_id,
            ticket_type: row.ticket_type_id,
            people: row.people,
            tickets: row.tickets,
            offered: row.offered,
        }
    }
}
