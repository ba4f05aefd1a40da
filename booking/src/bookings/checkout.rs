//! Booking a hold and starting to pay for it; how a payment ends stands in [`settle`](super::settle). See the order of steps in
//! [`super`].

use shared::clock::Ts;
use shared::problem::Problem;
use time::Duration;
use uuid::Uuid;

use super::at_once;
use super::documents::Facts;
use super::keyed::KeyedBooking;
use super::rules::{self, PAYMENT_GRACE_S, Status};
use super::store::{self, BookingRow};
use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::{Error, Result};
use crate::idempotency::{self, Answer, Attempt, PAYMENT_LOCK_S, StepKey};
use crate::payments::{self, PaymentRow};
use crate::seats::holds::{self, HeldSeat, HoldRow, NewOrder, Request};

/// Letters behind `RL-` in a booking's reference: 27^8 possibilities.
const REFERENCE_LETTERS: usize = 8;

/// What a booking is to be called. Ids are drawn before it is known by which way a request goes, so that equal requests draw
/// alike on both engines.
#[derive(Debug, Clone)]
pub struct Called {
    id: Uuid,
    reference: String,
}

impl Called {
    /// A new one.
    pub fn draw(app: &App) -> Self {
        Self { id: app.entropy.uuid_v7(app.now()), reference: new_reference(app) }
    }

    /// That of an order.
    pub fn of(order: &NewOrder) -> Self {
        Self { id: order.booking, reference: order.reference.clone() }
    }

    fn booking_of(self, hold: Uuid, user: Uuid) -> at_once::NewBooking {
        at_once::NewBooking { id: self.id, reference: self.reference, hold, user, key: None }
    }
}

/// What an order's booking and payment are to be called.
pub fn draw_order(app: &App) -> NewOrder {
    let Called { id, reference } = Called::draw(app);
    NewOrder { booking: id, reference, payment: draw_payment(app) }
}

/// What a payment is to be called.
pub fn draw_payment(app: &App) -> Uuid {
    app.entropy.uuid_v7(app.now())
}

fn new_reference(app: &App) -> String {
    format!("RL-{}", app.entropy.code(REFERENCE_LETTERS))
}

/// Makes a pending booking of a live hold.
pub async fn book(
    tx: &mut Tx,
    hold: &HoldRow,
    called: Called,
    holder_name: String,
    now: Ts,
) -> Result<BookingRow> {
    let row = booking_of(hold, called.id, called.reference, holder_name, now);
    store::insert(tx, &row).await?;
    Ok(row)
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

/// Whether a request may go together with others: on SQLite one with a key goes the longer way, whose transaction its writer
/// commits with others anyway.
fn goes_together(app: &App, attempt: &Attempt) -> bool {
    !attempt.is_keyed() || app.db.is_postgres()
}

/// Holds, books and starts the payment with one statement, and takes the request's key with it; `None` when that cannot be.
pub async fn order_at_once(
    app: &App,
    request: &Request,
    attempt: &Attempt,
    order: NewOrder,
) -> Result<Option<(Facts, PaymentRow)>> {
    if !goes_together(app, attempt) {
        return Ok(None);
    }
    let now = app.now();
    let key = step_key(app, attempt).await;
    let made = holds::order_at_once(app, request, order.clone(), key).await;
    let Some(made) = unless_taken(made)? else { return Ok(None) };
    app.seats_are_held(made.hold.session_id, &made.seats, made.hold.kept_until);
    let row = booking_of(&made.hold, order.booking, order.reference, made.holder_name, now);
    let payment = PaymentRow::started(order.payment, row.id, row.total_minor, row.currency.clone());
    let facts = Facts::new(app.db.ex(), row, request.sale().clone(), made.seats).await?;
    Ok(Some((facts, payment)))
}

/// The request's key, locked as long as its payment may be at work.
async fn step_key(app: &App, attempt: &Attempt) -> Option<StepKey> {
    #[cfg(feature = "testing")]
    if app.guards.is_off(crate::guards::Guard::KeyTogether) {
        app.guards.meet().await;
        return None;
    }
    attempt.step_key(Some(app.now() + Duration::seconds(PAYMENT_LOCK_S)))
}

/// `None` when a twin was faster at the key: the longer way finds out what it has come to.
fn unless_taken<T>(outcome: Result<Option<T>>) -> Result<Option<T>> {
    match outcome {
        Err(error) if idempotency::was_taken(&error) => Ok(None),
        outcome => outcome,
    }
}

/// Makes a booking of the hold of this user together with others, and keeps the answer to a request with a key; `None` when
/// that cannot be.
pub async fn book_keyed(
    app: &App,
    hold: Uuid,
    user: Uuid,
    called: Called,
    attempt: &Attempt,
) -> Result<Option<Answer>> {
    #[cfg(feature = "testing")]
    if app.guards.is_off(crate::guards::Guard::KeyOnce) {
        return Ok(None);
    }
    if !app.db.is_postgres() {
        return Ok(None);
    }
    let new = at_once::NewBooking { key: attempt.step_key(None), ..called.booking_of(hold, user) };
    let step = KeyedBooking { new, attempt: attempt.clone(), app: app.clone() };
    match app.steps.keyed_bookings.one(step).await {
        // Nobody knows: the key does.
        Err(Error::InDoubt(_)) => Ok(None),
        outcome => unless_taken(outcome),
    }
}

/// Makes a booking of the hold of this user with one statement; `None` when that cannot be.
pub async fn book_at_once(
    app: &App,
    hold: Uuid,
    user: Uuid,
    called: Called,
) -> Result<Option<(BookingRow, Vec<HeldSeat>)>> {
    Ok(app.steps.bookings.one(called.booking_of(hold, user)).await?.map(at_once::Booked::parts))
}

/// Starts the payment of this user's booking with one statement, and takes the request's key with it; `None` when that
/// cannot be.
pub async fn start_at_once(
    app: &App,
    booking: Uuid,
    user: Uuid,
    id: Uuid,
    attempt: &Attempt,
) -> Result<Option<(BookingRow, Vec<HeldSeat>, PaymentRow)>> {
    if !goes_together(app, attempt) {
        return Ok(None);
    }
    let now = app.now();
    let kept_until = now + Duration::seconds(PAYMENT_GRACE_S);
    let key = step_key(app, attempt).await;
    let started = app.steps.payments.one(at_once::NewPayment { id, booking, user, kept_until, key }).await;
    let Some(started) = unless_taken(started)? else { return Ok(None) };
    let (row, seats) = started.parts();
    let payment = PaymentRow::started(id, row.id, row.total_minor, row.currency.clone());
    Ok(Some((row, seats, payment)))
}

/// Starts the payment of a pending booking before its deadline, and keeps its seats for the grace.
///
/// # Errors
/// 409 `wrong-state` and `in-progress`, 410 `hold-expired`.
pub async fn start(tx: &mut Tx, booking: &BookingRow, id: Uuid, now: Ts) -> Result<PaymentRow> {
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
