//! Finding the payments that a crash or a silent gateway left without outcome, and ending them.

use std::sync::Arc;

use serde::Deserialize;
use time::Duration;
use uuid::Uuid;

use super::documents::Facts;
use super::form::Form;
use super::rules::RECONCILE_AFTER_S;
use super::settle;
use crate::app::App;
use crate::error::{Error, Result};
use crate::idempotency::Attempt;
use crate::payments::gateway::Standing;
use crate::payments::{self, PaymentRow};

/// Payments looked into by one run.
const MOST: i64 = 100;

/// What a gateway tells us when it calls.
#[derive(Debug, Clone, Deserialize)]
pub struct Callback {
    /// The gateway's id of the event; copies carry the same.
    pub id: String,
    /// Our key of the payment.
    pub key: String,
}

/// Takes a callback in: once for each id, in any order, any number of times. What it says is not believed but asked.
pub async fn callback(app: &App, callback: Callback) -> Result<()> {
    let Ok(payment) = callback.key.parse::<Uuid>() else {
        return Err(Error::Internal("a callback names no payment of ours".into()));
    };
    let Some(row) = payments::find(app, payment).await? else { return Ok(()) };
    settle(app, row).await?;
    let (id, now) = (callback.id, app.now());
    app.db
        .write("note_callback", move |tx| {
            let id = id.clone();
            Box::pin(async move { payments::receive(tx, &id, payment, now).await })
        })
        .await?;
    Ok(())
}

/// Looks into payments that were started long enough ago; how many.
pub async fn reconcile(app: &App) -> Result<usize> {
    let before = app.now() - Duration::seconds(RECONCILE_AFTER_S);
    let late = payments::started_before(app, before, MOST).await?;
    for payment in &late {
        if let Some(row) = payments::find(app, *payment).await? {
            settle(app, row).await?;
        }
    }
    Ok(late.len())
}

/// Asks the gateway how a started payment stands and ends it accordingly.
pub async fn settle(app: &App, payment: PaymentRow) -> Result<()> {
    if payment.status != "started" {
        return Ok(());
    }
    let facts = Arc::new(Facts::of(app, payment.booking_id, None).await?);
    let standing = if payment.amount_minor == 0 {
        // Nothing was asked of the gateway.
        Standing::Declined { failure: "The payment broke off; try again".into() }
    } else {
        app.gateway.lookup(&payment.key()).await?
    };
    if standing != Standing::Pending {
        settle::settle(app, facts, payment, standing, Attempt::unkeyed(), Form::Payment).await?;
    }
    Ok(())
}
