//! Returning money after the fact; taking it stands in [`captures`](super::captures). The job may run any number of times.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::clock::Ts;
use uuid::Uuid;

use super::gateway::{NoAnswer, Standing};
use super::parts;
use super::store::{self, PaymentRow};
use crate::app::App;
use crate::db::{Extent, Tx, expect_rows};
use crate::error::{Error, Result};
use crate::jobs::{Kind, NewJob, enqueue, enqueue_all};
use crate::webhooks::{self, About, EventKind};

/// Longest that a gateway's yes may be under way; far beyond [`AUTHORISE_MAX`](super::AUTHORISE_MAX).
const LATE_YES_MAX: time::Duration = time::Duration::minutes(10);

/// Payload of [`Kind::RefundPayment`].
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Refund {
    pub(super) payment: Uuid,
    pub(super) amount_minor: i64,
    /// The return it is for, where the rest of the payment stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<Uuid>,
}

/// Turns a payment into a debt to the shopper and queues its return. `amount_minor` may be less than was paid.
pub async fn owe_refund(
    tx: &mut Tx,
    app: &App,
    payment: &PaymentRow,
    amount_minor: i64,
    now: Ts,
) -> Result<()> {
    let owed = match payment.status.as_str() {
        "started" => store::advance(tx, payment.id, "started", "refund_owed", None, now).await?,
        "authorised" => store::advance(tx, payment.id, "authorised", "refund_owed", None, now).await?,
        _ => store::advance(tx, payment.id, "captured", "refund_owed", None, now).await?,
    };
    expect_rows("owe refund", 1, owed.into())?;
    let refund = Refund { payment: payment.id, amount_minor, part: None };
    let job = NewJob::now(Kind::RefundPayment, &refund, now).once(format!("refund:{}", payment.id));
    enqueue(tx, job, &app.entropy, now).await
}

/// Queues letting go of a payment that we called failed before the gateway said yes.
pub async fn enqueue_void(tx: &mut Tx, app: &App, payment: Uuid, now: Ts) -> Result<()> {
    let job = NewJob::now(Kind::RefundPayment, &Refund { payment, amount_minor: 0, part: None }, now);
    enqueue(tx, job.once(format!("void:{payment}")), &app.entropy, now).await
}

/// Queues the same for later, in the transaction that calls a payment failed of which the gateway has not heard: its yes
/// may still come, and who receives it may die before it can queue anything.
pub async fn enqueue_late_void(tx: &mut Tx, app: &App, payment: Uuid, now: Ts) -> Result<()> {
    let job = NewJob::now(Kind::RefundPayment, &Refund { payment, amount_minor: 0, part: None }, now);
    let job = job.at(now + LATE_YES_MAX).once(format!("late-void:{payment}"));
    enqueue(tx, job, &app.entropy, now).await
}

/// Pays back `amount_minor` of a payment: lets go of what was only set aside, returns what was taken.
pub async fn refund(app: &App, Refund { payment, amount_minor, part }: Refund) -> Result<()> {
    let Some(row) = store::find(app, payment).await? else { return Ok(()) };
    if let Some(part) = part {
        return parts::pay_back(app, &row, part, amount_minor).await;
    }
    let key = row.key();
    if row.status == "failed" {
        return match app.gateway.void(&key).await? {
            Standing::Pending | Standing::Authorised { .. } => {
                Err(Error::Internal(format!("payment {payment} is not let go of yet")))
            }
            _ => Ok(()),
        };
    }
    if row.status != "refund_owed" {
        return Ok(());
    }
    let keeps_some = amount_minor < row.amount_minor;
    match app.gateway.lookup(&key).await? {
        // There was nothing to let go of.
        Standing::Unknown | Standing::Declined { .. } => note(app, payment, "voided").await,
        Standing::Voided => returned(app, &row, row.amount_minor, Return::Voided).await,
        Standing::Pending => Err(Error::Internal(format!("payment {payment} has no outcome yet"))),
        // We keep a part of it, so it must be ours first.
        Standing::Authorised { .. } if keeps_some => {
            app.gateway.capture(&key).await?;
            give_back(app, &row, amount_minor).await
        }
        Standing::Authorised { .. } => match app.gateway.void(&key).await? {
            Standing::Voided => returned(app, &row, row.amount_minor, Return::Voided).await,
            // A capture was faster.
            _ => give_back(app, &row, amount_minor).await,
        },
        Standing::Captured { .. } => give_back(app, &row, amount_minor).await,
    }
}

async fn give_back(app: &App, row: &PaymentRow, amount_minor: i64) -> Result<()> {
    let key = row.key();
    if amount_minor > 0 {
        app.gateway.refund(&key, &format!("refund:{key}"), amount_minor).await?;
    }
    returned(app, row, amount_minor, Return::Refunded).await
}

/// How money went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Return {
    /// It was set aside only, and let go of.
    Voided,
    /// It was taken, and paid back.
    Refunded,
}

/// Notes that money went back, and tells webhooks of it; one statement when nobody wants to hear of it.
async fn returned(app: &App, row: &PaymentRow, amount_minor: i64, how: Return) -> Result<()> {
    let (payment, now, inner) = (row.id, app.now(), app.clone());
    let data = || {
        json!({
            "payment": payment, "booking": row.booking_id, "amount_minor": amount_minor, "currency": row.currency,
        })
    };
    let about = About::Booking(row.booking_id);
    let news: Option<Arc<[NewJob]>> =
        webhooks::news_of(app, EventKind::RefundCompleted, about, data, now).map(|job| vec![job].into());
    let extent = if news.is_some() { Extent::Statements } else { Extent::One };
    app.db
        .write_as("note_refund", extent, move |tx| {
            let (app, news) = (inner.clone(), news.clone());
            Box::pin(async move {
                let is_new = match how {
                    Return::Voided => store::advance(tx, payment, "refund_owed", "voided", None, now).await?,
                    Return::Refunded => store::refunded(tx, payment, amount_minor, now).await?,
                };
                if let (true, Some(news)) = (is_new, &news) {
                    enqueue_all(tx, news, &app.entropy, now).await?;
                }
                Ok(())
            })
        })
        .await?;
    app.wake_jobs();
    Ok(())
}

/// Notes an outcome of the gateway. Nothing happens when somebody was faster; forgotten in a crash, the job that asks for
/// it runs again.
pub(super) async fn note(app: &App, payment: Uuid, to: &'static str) -> Result<()> {
    let now = app.now();
    let from = if to == "captured" { "authorised" } else { "refund_owed" };
    app.db
        .write_soon("note_payment", move |tx| {
            Box::pin(async move { store::advance(tx, payment, from, to, None, now).await.map(|_| ()) })
        })
        .await
}

impl From<NoAnswer> for Error {
    fn from(error: NoAnswer) -> Self {
        Error::Internal(error.to_string())
    }
}
