//! Booking a hold and starting to pay for it; how a payment ends stands in [`settle`](super::settle). See the order of steps in
//! [`super`].

use shared::clock::Ts;
use shared::problem::Problem;
use time::Duration;
use uuid::Uuid;

use super::at_once;
use super::documents::Facts;
use super::rules::{self, PAYMENT_GRACE_S, Status};
use super::store::{self, BookingRow};
use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::idempotency;
use crate::payments::{self, PaymentRow};
use crate::seats::holds::{self, HeldSeat, HoldRow, NewOrder, Request};

/// Letters behind `RL-` in a booking's reference: 27^8 possibilities.
const REFERENCE_LETTERS: usize = 8;

/// Makes a pending booking of a live hold.
pub async fn book(
    tx: &mut Tx,
    app: &App,
    hold: &HoldRow,
    holder_name: String,
    now: Ts,
) -> Result<BookingRow> {
    let row = booking_of(hold, app.entropy.uuid_v7(now), new_reference(app), holder_name, now);
    store::insert(tx, &row).await?;
    Ok(row)
}

fn new_reference(app: &App) -> String {
    format!("RL-{}", app.entropy.code(REFERENCE_LETTERS))
}

/// The pending booking of a hold, made at `now`.
fn booking_of(hold: &HoldRow, id: Uuid, reference: String, holder_name: String, now: Ts) -> BookingRow {
    BookingRow {
        id,
        reference,
        user_id: hold.user_id,
        event_id: hold.event_id,
        session_id: hold.session_id,
        hold_id: hold.id,
        status: Status::Pending,
        quantity: hold.quantity,
        total_minor: hold.total_minor,
        refund_minor: 0,
        currency: hold.currency.clone(),
        created_at: now,
        confirmed_at: None,
        cancelled_at: None,
        charges_id: hold.charges_id,
        expires_at: hold.expires_at,
        kept_until: hold.kept_until,
        booking_session_id: hold.booking_session_id,
        holder_name,
    }
}

/// Holds, books and starts the payment with one statement; `None` when that cannot be.
pub async fn order_at_once(app: &App, request: &Request) -> Result<Option<(Facts, PaymentRow)>> {
    let now = app.now();
    let order = NewOrder {
        booking: app.entropy.uuid_v7(now),
        reference: new_reference(app),
        payment: app.entropy.uuid_v7(now),
    };
    let Some(made) = holds::order_at_once(app, request, order.clone()).await? else { return Ok(None) };
    let row = booking_of(&made.hold, order.booking, order.reference, made.holder_name, now);
    let payment = PaymentRow::started(order.payment, row.id, row.total_minor, row.currency.clone());
    let facts = Facts::new(app.db.ex(), row, request.sale().clone(), made.seats).await?;
    Ok(Some((facts, payment)))
}

/// Makes a booking of the hold of this user with one statement; `None` when that cannot be.
pub async fn book_at_once(app: &App, hold: Uuid, user: Uuid) -> Result<Option<(BookingRow, Vec<HeldSeat>)>> {
    let new =
        at_once::NewBooking { id: app.entropy.uuid_v7(app.now()), reference: new_reference(app), hold, user };
    Ok(app.steps.bookings.one(new).await?.map(at_once::Booked::parts))
}

/// Starts the payment of this user's booking with one statement; `None` when that cannot be.
pub async fn start_at_once(
    app: &App,
    booking: Uuid,
    user: Uuid,
) -> Result<Option<(BookingRow, Vec<HeldSeat>, PaymentRow)>> {
    let now = app.now();
    let kept_until = now + Duration::seconds(PAYMENT_GRACE_S);
    let new = at_once::NewPayment { id: app.entropy.uuid_v7(now), booking, user, kept_until };
    let Some(started) = app.steps.payments.one(new).await? else { return Ok(None) };
    let (row, seats) = started.parts();
    let payment = PaymentRow::started(new.id, row.id, row.total_minor, row.currency.clone());
    Ok(Some((row, seats, payment)))
}

/// Starts the payment of a pending booking before its deadline, and keeps its seats for the grace.
///
/// # Errors
/// 409 `wrong-state` and `in-progress`, 410 `hold-expired`.
pub async fn start(tx: &mut Tx, app: &App, booking: &BookingRow, now: Ts) -> Result<PaymentRow> {
    let status = store::lock(tx, booking.id).await?;
    if status == Status::Expired {
        return Err(holds::expired().into());
    }
    if status != Status::Pending {
        return Err(rules::wrong_state(status).into());
    }
    if payments::live_of(tx, booking.id).await?.is_some() {
        return Err(idempotency::in_progress().into());
    }
    let hold = holds::lock(tx, booking.hold_id, booking.user_id).await?.ok_or_else(Problem::not_found)?;
    if hold.status != "active" || hold.expires_at <= now {
        return Err(holds::expired().into());
    }
    let kept_until = hold.kept_until.max(now + Duration::seconds(PAYMENT_GRACE_S));
    if kept_until > hold.kept_until {
        holds::keep(tx, &HoldRow { kept_until, ..hold }, now).await?;
    }
    let id = app.entropy.uuid_v7(now);
    let payment = PaymentRow::started(id, booking.id, booking.total_minor, booking.currency.clone());
    payments::start(tx, &payment, now).await?;
    Ok(payment)
}

/// Ends a pending booking and the active hold it was made of. An order is one act: what it could not pay for it gives
/// back at once.
pub async fn end_unpaid(tx: &mut Tx, booking: Uuid, hold: Uuid, now: Ts) -> Result<()> {
    holds::release(tx, hold, "released", now).await?;
    let has_ended = store::expire(tx, booking, now).await?;
    expect_rows("end unpaid booking", 1, has_ended.into())
}
