//! Paying back a part of a payment while the rest of it stands: for tickets that were given back.

use serde_json::json;
use shared::clock::Ts;
use uuid::Uuid;

use super::gateway::Standing;
use super::jobs::Refund;
use super::store::PaymentRow;
use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::{Error, Result};
use crate::jobs::{Kind, NewJob, enqueue};
use crate::q;
use crate::webhooks::{self, About, EventKind};

/// Notes a return of tickets, and queues paying back what is due for it.
pub async fn owe_part(
    tx: &mut Tx,
    app: &App,
    payment: &PaymentRow,
    part: Uuid,
    amount_minor: i64,
    now: Ts,
) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO returns (id, booking_id, payment_id, refund_minor, status, made_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        part,
        payment.booking_id,
        payment.id,
        amount_minor,
        if amount_minor == 0 { "paid" } else { "owed" },
        now
    )?;
    expect_rows("note a return", 1, rows)?;
    if amount_minor == 0 {
        return Ok(());
    }
    let refund = Refund { payment: payment.id, amount_minor, part: Some(part) };
    let job = NewJob::now(Kind::RefundPayment, &refund, now).once(format!("return:{part}"));
    enqueue(tx, job, &app.entropy, now).await
}

/// Pays a return back, whatever becomes of the rest of its payment meanwhile. Safe to run any number of times.
pub async fn pay_back(app: &App, row: &PaymentRow, part: Uuid, amount_minor: i64) -> Result<()> {
    let is_owed = q!(app.db.ex(), val bool, "SELECT EXISTS (SELECT 1 FROM returns WHERE id = $1 AND status = 'owed')", part)?;
    if !is_owed {
        return Ok(());
    }
    let key = row.key();
    // The rest is kept, so it must be ours first.
    match app.gateway.capture(&key).await? {
        Standing::Captured { .. } => {}
        standing => {
            return Err(Error::Internal(format!("payment {key} could not be captured: {standing:?}")));
        }
    }
    app.gateway.refund(&key, &format!("return:{part}"), amount_minor).await?;
    let (now, inner, row) = (app.now(), app.clone(), row.clone());
    app.db
        .write("note_return", move |tx| {
            let (app, row) = (inner.clone(), row.clone());
            Box::pin(async move { note_paid(tx, &app, &row, part, amount_minor, now).await })
        })
        .await?;
    app.wake_jobs();
    Ok(())
}

async fn note_paid(
    tx: &mut Tx,
    app: &App,
    row: &PaymentRow,
    part: Uuid,
    amount_minor: i64,
    now: Ts,
) -> Result<()> {
    let rows =
        q!(tx.ex(), exec, "UPDATE returns SET status = 'paid' WHERE id = $1 AND status = 'owed'", part)?;
    if rows == 0 {
        return Ok(());
    }
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE payments SET refunded_minor = refunded_minor + $2, updated_at = $3,
                status = CASE status WHEN 'authorised' THEN 'captured' ELSE status END
         WHERE id = $1 AND status IN ('authorised', 'captured', 'refund_owed', 'refunded')",
        row.id,
        amount_minor,
        now
    )?;
    expect_rows("note what was paid back", 1, rows)?;
    let data = json!({
        "payment": row.id, "booking": row.booking_id, "amount_minor": amount_minor, "currency": row.currency,
    });
    webhooks::tell(tx, app, EventKind::RefundCompleted, About::Booking(row.booking_id), data, now).await
}
