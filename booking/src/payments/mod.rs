//! Taking and returning money: the gateway port, the simulated gateway, and our record of payments.
//!
//! A payment is `started` before the gateway is asked, `authorised` in the transaction that confirms its booking, and
//! `captured` by a job. Money that must go back is `refund_owed` in the transaction that says so; a job ends it as
//! `voided` (it was never taken) or `refunded`. What the gateway was asked under is the payment's id, so asking again
//! after a crash has no second effect.

mod captures;
mod cards;
pub mod gateway;
pub mod inbound;
mod jobs;
mod ledger;
mod ledger_at_once;
mod parts;
pub mod simulated;
mod store;

use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::money;

pub use captures::{Captures, capture, capture_of};
pub use cards::{GOOD_CARD, Method, NewPayment, digits};
pub use jobs::{enqueue_late_void, enqueue_void, owe_refund, refund};
pub use parts::owe_part;
pub use store::{PaymentRow, advance, fail, find, live_of, newest_of, receive, start, started_before};

/// Longest wait for the gateway's word on a payment; then its outcome is looked into later.
pub const AUTHORISE_MAX: std::time::Duration = std::time::Duration::from_secs(30);

/// A payment as bookings show it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Receipt {
    /// The gateway's name for it; null until it is authorised.
    #[serde(rename = "transactionId")]
    pub transaction_id: Option<String>,
    /// Major units, as the seeds show it.
    pub amount: f64,
    /// Minor units.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// `started`, `authorised`, `captured`, `failed`, `voided`, `refund_owed` or `refunded`.
    pub status: String,
    /// Why it failed.
    pub failure: Option<String>,
}

impl Receipt {
    /// A receipt of these columns of a payment.
    pub fn new(
        transaction_id: Option<String>,
        amount_minor: i64,
        currency: String,
        status: String,
        failure: Option<String>,
    ) -> Self {
        let amount = money::major(amount_minor, &currency);
        Self { transaction_id, amount, amount_minor, currency, status, failure }
    }
}

impl From<PaymentRow> for Receipt {
    fn from(row: PaymentRow) -> Self {
        Self::new(row.transaction_id, row.amount_minor, row.currency, row.status, row.failure)
    }
}

/// Routes of this feature: payments are made through bookings.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
