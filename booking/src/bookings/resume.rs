//! Answering repetitions of payments and orders whose first request died before its answer.

use uuid::Uuid;

use super::checkout;
use super::documents::BookingDocument;
use super::form::Form;
use super::rules::{self, Status};
use super::{reconcile, store, whole};
use crate::app::App;
use crate::error::Result;
use crate::idempotency::{self, Answer, Attempt, in_progress};
use crate::payments;
use crate::seats::holds;

/// Answers with what became of the payment that the first request had started, and keeps the answer. Nothing new is
/// begun: a payment that failed stays failed for this key.
///
/// # Errors
/// 409 `in-progress` while the gateway has no answer.
pub async fn resume(app: &App, payment: Uuid, attempt: Attempt, form: Form) -> Result<Answer> {
    if let Some(row) = payments::find(app, payment).await?
        && let Err(error) = reconcile::settle(app, row).await
    {
        tracing::warn!(%error, %payment, "a repeated payment has no outcome yet");
        return Err(in_progress().into());
    }
    let Some(row) = payments::find(app, payment).await?.filter(|row| row.status != "started") else {
        return Err(in_progress().into());
    };
    let booking = whole::read(app, row.booking_id, None).await?;
    if row.status == "failed" {
        let failure = row.failure.as_deref().unwrap_or_default();
        let answer = attempt.refusal(&rules::payment_failed(failure))?;
        return failed(app, booking, attempt, answer, form).await;
    }
    let answer = match booking.confirmed_at {
        Some(_) => form.success(&booking, row.into())?,
        None => attempt.refusal(&rules::paid_too_late())?,
    };
    attempt.end(app, answer).await
}

/// Keeps the answer; an order that is still unpaid ends with it.
async fn failed(
    app: &App,
    booking: BookingDocument,
    attempt: Attempt,
    answer: Answer,
    form: Form,
) -> Result<Answer> {
    let (id, session) = (booking.id, booking.session.id);
    let inner = app.clone();
    let answer = app
        .db
        .write("answer_failed_payment", move |tx| {
            let (app, attempt, answer) = (inner.clone(), attempt.clone(), answer.clone());
            Box::pin(async move {
                let now = app.now();
                let is_unpaid = store::lock(tx, id).await? == Status::Pending
                    && payments::live_of(tx, id).await?.is_none();
                if form == Form::Order
                    && is_unpaid
                    && let Some(hold) = holds::lock_of_booking(tx, id).await?
                {
                    checkout::end_unpaid(tx, id, hold, now).await?;
                }
                idempotency::keep(tx, &attempt, &answer).await?;
                Ok(answer)
            })
        })
        .await?;
    app.seats_have_changed(session);
    Ok(answer)
}
