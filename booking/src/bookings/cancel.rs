//! Cancelling: seats free, tickets dead and money owed, all in one transaction.

use serde_json::json;
use shared::clock::Ts;
use shared::problem::Problem;

use super::documents::Facts;
use super::rules::{self, Status};
use super::store;
use crate::app::App;
use crate::audit;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::idempotency;
use crate::notifications::{self, Message};
use crate::payments;
use crate::seats::holds;
use crate::tickets;

/// Who cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Its owner: only before the start, and only when no ticket was used or passed on.
    Owner,
    /// The event was called off: whatever the state of its tickets, with everything paid back.
    Organiser,
}

/// Cancels the booking; `facts` come out as it stands then.
///
/// # Errors
/// 409 `wrong-state`, `too-late`, `in-progress` while it is being paid.
pub async fn cancel(tx: &mut Tx, app: &App, facts: &mut Facts, by: By, now: Ts) -> Result<()> {
    let status = store::lock(tx, facts.row.id).await?;
    rules::may_cancel(status, &facts.sale, now)?;
    let refund_minor = match status {
        Status::Pending => {
            give_up(tx, facts, now).await?;
            0
        }
        _ => give_back(tx, app, facts, by, now).await?,
    };
    let row = &mut facts.row;
    store::cancel(tx, row.id, status, refund_minor, now).await?;
    row.status = Status::Cancelled;
    row.refund_minor = refund_minor;
    row.cancelled_at = Some(now);
    let actor = (by == By::Owner).then_some(row.user_id);
    let detail = json!({ "refund_minor": refund_minor, "seats": row.quantity });
    audit::append(tx, actor, "booking.cancelled", format!("booking:{}", row.id), detail, now).await
}

/// Gives up a booking that was not paid.
async fn give_up(tx: &mut Tx, facts: &Facts, now: Ts) -> Result<()> {
    if payments::live_of(tx, facts.row.id).await?.is_some() {
        return Err(idempotency::in_progress().into());
    }
    let hold = holds::lock(tx, facts.row.hold_id, facts.row.user_id).await?.ok_or_else(Problem::not_found)?;
    if hold.status == "active" {
        holds::release(tx, hold.id, "released", now).await?;
    }
    Ok(())
}

/// Takes a paid booking apart; what is paid back.
async fn give_back(tx: &mut Tx, app: &App, facts: &Facts, by: By, now: Ts) -> Result<i64> {
    let row = &facts.row;
    if by == By::Owner && !tickets::are_returnable(tx, row.id).await? {
        return Err(Problem::new(axum::http::StatusCode::CONFLICT, "ticket-used", "A ticket was used")
            .detail(
                "A ticket of this booking was used or passed on, so the booking can no longer be cancelled.",
            )
            .into());
    }
    tickets::void(tx, row.id).await?;
    let freed = holds::free_sold(tx, row.hold_id, row.id, now).await?;
    expect_rows("free seats", row.quantity as u64, freed)?;
    let refund_minor = rules::quote(&facts.sale, row.total_minor, row.created_at, now).refund_minor;
    if refund_minor > 0
        && let Some(payment) = payments::live_of(tx, row.id).await?
    {
        payments::owe_refund(tx, app, &payment, refund_minor, now).await?;
    }
    let mail = Message::BookingCancelled { booking: row.id, refund_minor };
    notifications::enqueue(tx, app, &mail, now).await?;
    Ok(refund_minor)
}
