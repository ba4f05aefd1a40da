//! Who may come in, and how the gate is told why not.

use axum::http::StatusCode;
use shared::access::Role;
use shared::clock::Ts;
use shared::problem::Problem;

use crate::extract::CurrentUser;
use crate::tickets::qr::Statement;
use crate::tickets::{TicketFacts, TicketStatus};

/// Why a ticket does not admit, whoever shows it; the codes are part of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// There is no ticket with this code.
    Unknown,
    /// The QR code was not made here, or was altered.
    Forged,
    /// Its booking was cancelled.
    Cancelled,
    /// It was passed on; its successor admits.
    Transferred,
    /// The QR code is of an earlier issue.
    Reissued,
    /// It is for another performance than this gate's.
    WrongSession,
    /// It is for an event of another organiser.
    WrongEvent,
}

impl Reason {
    /// The code in the member `reason`.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Unknown => "unknown",
            Reason::Forged => "forged",
            Reason::Cancelled => "cancelled",
            Reason::Transferred => "transferred",
            Reason::Reissued => "reissued",
            Reason::WrongSession => "wrong-session",
            Reason::WrongEvent => "wrong-event",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Reason::Unknown => "There is no such ticket. Check the code letter by letter.",
            Reason::Forged => "This QR code is not genuine.",
            Reason::Cancelled => "This ticket was cancelled.",
            Reason::Transferred => "This ticket was passed on. Ask for the new one.",
            Reason::Reissued => "This QR code is of an earlier issue. Ask for the newest ticket.",
            Reason::WrongSession => "This ticket is for another performance.",
            Reason::WrongEvent => "This ticket is for another organiser's event.",
        }
    }
}

/// What the gate asks about.
pub struct Question<'a> {
    /// Who asks.
    pub staff: &'a CurrentUser,
    /// The performance that this gate lets into; `None`: any.
    pub session: Option<i64>,
    /// What the QR code said, when one was scanned.
    pub statement: Option<&'a Statement>,
}

/// Whether a ticket may open this door. That it was used before is not asked here: only the entry itself can tell.
pub fn admits(ticket: &TicketFacts, question: &Question<'_>) -> Result<(), Reason> {
    if !runs(question.staff, ticket.organiser, ticket.event_id) {
        Err(Reason::WrongEvent)
    } else if ticket.status == TicketStatus::Cancelled {
        Err(Reason::Cancelled)
    } else if ticket.status == TicketStatus::Transferred {
        Err(Reason::Transferred)
    } else if question.statement.is_some_and(|statement| !statement.speaks_of(ticket)) {
        Err(Reason::Reissued)
    } else if question.session.is_some_and(|session| session != ticket.session_id) {
        Err(Reason::WrongSession)
    } else {
        Ok(())
    }
}

/// Whether somebody works at the doors of an event: organisers at their own, scanners at the one they were made for, gate
/// staff and admins at all.
pub fn runs(staff: &CurrentUser, organiser: Option<uuid::Uuid>, event: i64) -> bool {
    let is_hers = staff.role != Role::Organizer || organiser == Some(staff.id);
    is_hers && staff.only_event.is_none_or(|only| only == event)
}

/// 422 `ticket-invalid`.
pub fn invalid(reason: Reason) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "ticket-invalid", "This ticket does not admit")
        .detail(reason.sentence())
        .with("reason", reason.code())
}

/// 409 `already-used`.
pub fn already_used(first_used_at: Ts, gate: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "already-used", "This ticket was used before")
        .detail("Its holder is inside already. Look at the time and the gate of the first entry.")
        .with("first_used_at", first_used_at.to_string())
        .with("gate", gate)
}

/// 409 `already-undone`.
pub fn already_undone() -> Problem {
    Problem::new(StatusCode::CONFLICT, "already-undone", "This entry was taken back before")
        .detail("The ticket opens the door again: scan it anew.")
}
