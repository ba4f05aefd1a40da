//! HTTP of what the payment gateway tells us.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde_json::json;
use shared::json::Json;
use shared::problem::ProblemDocument;
use utoipa::ToSchema;
use uuid::Uuid;

use super::reconcile::{self, Callback};
use crate::app::App;
use crate::audit;
use crate::error::Result;
use crate::payments::inbound::{self, Event};
use crate::payments::{self, PaymentRow};

/// The event has arrived, and need not be sent again.
#[derive(Serialize, ToSchema)]
pub struct Received {
    received: bool,
}

/// Takes a gateway's event, signed as Standard Webhooks do. It may come twice, late and in any order: what it says is not
/// believed but asked. One whose amount is not ours settles nothing and is noted for a person to look into.
#[utoipa::path(post, path = "/api/v1/payments/events", tag = "bookings", request_body = Event,
    responses((status = 200, body = Received), (status = 400, description = "`signature-invalid`", body = ProblemDocument)))]
pub async fn receive_payment_event(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Received>> {
    let secret = app.settings.payments.webhook_secret.expose_secret();
    let event = inbound::read(secret, &headers, &body, app.now())?;
    let payment = event.key.parse::<Uuid>().ok().filter(|_| event.is_about_a_payment());
    let row = match payment {
        Some(payment) => payments::find(&app, payment).await?,
        None => None,
    };
    match row {
        Some(row) if differs(&event, &row) => note_difference(&app, &event, &row).await?,
        Some(_) => reconcile::callback(&app, Callback { id: event.id, key: event.key }).await?,
        // Of another kind, or of no payment of ours: there is nothing to do, and no use in sending it again.
        None => tracing::info!(kind = %event.kind.escape_debug(), "a gateway's event concerns no payment"),
    }
    Ok(Json(Received { received: true }))
}

fn differs(event: &Event, row: &PaymentRow) -> bool {
    event.amount_minor.is_some_and(|amount| amount != row.amount_minor)
        || event.currency.as_ref().is_some_and(|currency| *currency != row.currency)
}

/// Notes in the audit log, once, that the gateway speaks of another amount.
async fn note_difference(app: &App, event: &Event, row: &PaymentRow) -> Result<()> {
    tracing::warn!(payment = %row.id, "the gateway speaks of another amount than ours; look into the audit log");
    let (id, payment, now) = (event.id.clone(), row.id, app.now());
    let subject = format!("booking:{}", row.booking_id);
    let detail = json!({
        "payment": row.id, "ours_minor": row.amount_minor, "theirs_minor": event.amount_minor,
    });
    app.db
        .write("note_difference", move |tx| {
            let (id, subject, detail) = (id.clone(), subject.clone(), detail.clone());
            Box::pin(async move {
                if payments::receive(tx, &id, payment, now).await? {
                    audit::append(tx, None, "payment.needs_review", subject, detail, now).await?;
                }
                Ok(())
            })
        })
        .await
}
