//! Money that came when the seats were kept no longer: the same seats if they are still free, else equal ones at the very
//! price that was paid, else all of the money goes back. Whichever it is, one mail says it.

use std::sync::Arc;

use shared::clock::Ts;
use time::Duration;
use uuid::Uuid;

use super::documents::Facts;
use super::rules::{self, PAYMENT_GRACE_S, Status};
use super::store;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::payments;
use crate::seats::holds::{self, Lost};

/// What became of the seats of a payment that came late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seats {
    /// Those that were chosen.
    Same,
    /// Others of the same ticket type, at the same price.
    Equal,
}

/// Holds seats anew for a pending booking whose payment `payment` was made and has no outcome yet: the booking as it then
/// is, ready to be confirmed. `None` when there are no such seats, or the payment is settled.
pub async fn rescue(app: &App, facts: &Facts, payment: Uuid) -> Result<Option<(Arc<Facts>, Seats)>> {
    let (row, now) = (&facts.row, app.now());
    let mut types: Vec<i64> = facts.seats.iter().map(|seat| seat.ticket_type_id).collect();
    types.sort_unstable();
    types.dedup();
    let lost = Lost {
        old: row.hold_id,
        new: app.entropy.uuid_v7(now),
        user: row.user_id,
        booking_session: row.booking_session_id,
        same: facts.seats.iter().map(|seat| seat.id).collect(),
        equal: holds::equal_seats(app, row.session_id, &facts.seats).await?,
        types,
        until: now + Duration::seconds(PAYMENT_GRACE_S),
    };
    let (inner, facts_) = (facts.clone(), lost.clone());
    let held = app.db.write("rescue_payment", move |tx| {
        let (facts, lost) = (inner.clone(), facts_.clone());
        Box::pin(async move { hold_anew(tx, &facts, &lost, payment, now).await })
    });
    let seats = match held.await {
        Err(Error::Refused(_)) => return Ok(None),
        outcome => outcome?,
    };
    tracing::info!(booking = %row.id, ?seats, "a payment came late, and there were seats for it");
    metrics::counter!("late_payments_total", "outcome" => if seats == Seats::Same { "same" } else { "equal" })
        .increment(1);
    let facts = Facts::of(app, row.id, None).await?;
    app.seats_have_changed(row.session_id);
    Ok(Some((Arc::new(facts), seats)))
}

/// Refused, and so undone, where the booking is settled, no seats are to be had, or they cost anything but what was paid.
async fn hold_anew(tx: &mut Tx, facts: &Facts, lost: &Lost, payment: Uuid, now: Ts) -> Result<Seats> {
    let row = &facts.row;
    let status = store::lock(tx, row.id).await?;
    let live = payments::live_of(tx, row.id).await?;
    if status != Status::Pending || !live.is_some_and(|live| live.id == payment && live.status == "started") {
        return Err(rules::paid_too_late().into());
    }
    let held = holds::hold_again(tx, &facts.sale, lost, now).await?.ok_or_else(rules::paid_too_late)?;
    let price: i64 = held.iter().map(|seat| seat.price_minor).sum();
    if price != row.total_minor {
        return Err(rules::paid_too_late().into());
    }
    store::rest_on(tx, row.id, lost.new).await?;
    let is_same = held.iter().all(|seat| lost.same.contains(&seat.id));
    Ok(if is_same { Seats::Same } else { Seats::Equal })
}
