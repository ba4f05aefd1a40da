//! A purchase straight through the store, step by step as the three calls of the API make it, without HTTP and JSON: what
//! benchmarks measure.

use std::sync::Arc;

use shared::problem::Problem;
use uuid::Uuid;

use super::checkout::{self, Called};
use super::documents::Facts;
use super::form::Form;
use super::orders;
use super::settle;
use crate::app::App;
use crate::error::{Error, Result};
use crate::events::sale_of;
use crate::idempotency::{Attempt, Begun};
use crate::payments::{GOOD_CARD, PaymentRow, digits};
use crate::seats::holds::{self, HoldRow, NewHold, Placed, Request};

/// Holds what `new` asks for, for `user`.
///
/// # Errors
/// As `POST /sessions/{id}/holds`.
pub async fn hold(app: &App, user: Uuid, session: i64, new: &NewHold) -> Result<HoldRow> {
    let sale = sale_of(app, session).await?;
    let request = Request::prepare(app, user, sale, new, None).await?;
    let placed = match holds::place_at_once(app, &request).await? {
        Some(placed) => placed,
        None => in_steps(app, request).await?,
    };
    match placed {
        Placed::Held(row, seats) => {
            app.seats_are_held(session, &seats, row.kept_until);
            Ok(row)
        }
        Placed::Refused(problem) => Err(problem.into()),
    }
}

async fn in_steps(app: &App, request: Request) -> Result<Placed> {
    let inner = app.clone();
    let placed = app.db.write("hold_seats", move |tx| {
        let (app, request) = (inner.clone(), request.clone());
        Box::pin(async move { holds::place(tx, &app, &request, app.now()).await })
    });
    placed.await
}

/// Holds, books and pays in three calls.
///
/// # Errors
/// As the calls of the API.
pub async fn buy(app: &App, user: Uuid, session: i64, new: &NewHold) -> Result<()> {
    let hold = hold(app, user, session, new).await?.id;
    let booked = checkout::book_at_once(app, hold, user, Called::draw(app)).await?;
    let (row, _) = booked.ok_or_else(Problem::not_found)?;
    let id = checkout::draw_payment(app);
    let started = checkout::start_at_once(app, row.id, user, id, &Attempt::unkeyed()).await?;
    let (row, seats, payment) = started.ok_or_else(Problem::not_found)?;
    let sale = sale_of(app, row.session_id).await?;
    pay(app, Facts::new(app.db.ex(), row, sale, seats).await?, payment, Form::Payment).await
}

/// Holds, books and pays in one call: an order.
///
/// # Errors
/// As `POST /orders`.
pub async fn order(app: &App, user: Uuid, session: i64, new: &NewHold) -> Result<()> {
    let sale = sale_of(app, session).await?;
    let request = Request::prepare(app, user, sale, new, None).await?;
    let begun = orders::begin(app, &Attempt::unkeyed(), request).await?;
    let Begun::First(Ok((facts, payment))) = begun else {
        return Err(Error::Internal("an order was refused".into()));
    };
    pay(app, facts, payment, Form::Order).await
}

async fn pay(app: &App, facts: Facts, payment: PaymentRow, form: Form) -> Result<()> {
    settle::pay(app, Arc::new(facts), payment, digits(GOOD_CARD)?, Attempt::unkeyed(), form).await?;
    Ok(())
}
