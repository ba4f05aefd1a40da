//! What webhooks tell of bookings.

use serde_json::json;
use shared::clock::Ts;

use super::store::BookingRow;
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::jobs::NewJob;
use crate::webhooks::{self, About, EventKind};

/// That it was confirmed, for the statement that does so.
pub fn confirmed(app: &App, row: &BookingRow, now: Ts) -> Option<NewJob> {
    let data = || {
        json!({
            "booking": row.id, "reference": row.reference, "session": row.session_id, "seats": row.quantity,
            "total_minor": row.total_minor, "currency": row.currency,
        })
    };
    webhooks::news_of(app, EventKind::BookingConfirmed, About::Event(row.event_id), data, now)
}

/// That it was cancelled, with what is paid back.
pub async fn cancelled(tx: &mut Tx, app: &App, row: &BookingRow, now: Ts) -> Result<()> {
    let data = json!({
        "booking": row.id, "reference": row.reference, "session": row.session_id, "seats": row.quantity,
        "refund_minor": row.refund_minor, "currency": row.currency,
    });
    webhooks::tell(tx, app, EventKind::BookingCancelled, About::Event(row.event_id), data, now).await
}
