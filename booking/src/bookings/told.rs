//! What webhooks tell of bookings.

use serde_json::{Value, json};
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

/// That some of its tickets were given back, with what is paid back for them; `row` stands as it is then.
pub async fn reduced(
    tx: &mut Tx,
    app: &App,
    row: &BookingRow,
    seats: &[i64],
    refund_minor: i64,
    now: Ts,
) -> Result<()> {
    let data = json!({
        "booking": row.id, "reference": row.reference, "session": row.session_id, "seats": row.quantity,
        "given_back": seats, "refund_minor": refund_minor, "currency": row.currency,
    });
    webhooks::tell(tx, app, EventKind::BookingReduced, About::Event(row.event_id), data, now).await
}

/// That its tickets have other names, or it has other seats.
pub async fn changed(tx: &mut Tx, app: &App, row: &BookingRow, detail: Value, now: Ts) -> Result<()> {
    let data = json!({
        "booking": row.id, "reference": row.reference, "session": row.session_id, "seats": row.quantity,
        "changed": detail,
    });
    webhooks::tell(tx, app, EventKind::BookingChanged, About::Event(row.event_id), data, now).await
}
