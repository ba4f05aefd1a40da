//! Which code does which kind of job: the one place that knows all kinds.

use serde::de::DeserializeOwned;

use super::{Job, Kind, departures};
use crate::app::App;
use crate::error::{Error, Result};
use crate::{bookings, notifications, payments, tickets, webhooks};

/// Does the job. An [`Error::Refused`] is final; anything else is tried again.
pub async fn run(app: &App, job: &Job) -> Result<()> {
    match job.kind {
        Kind::Mail => notifications::send(app, job.id, payload(job)?).await,
        Kind::Departure => departures::run(app, payload(job)?).await,
        Kind::Text => notifications::texts::send(app, job.id, payload(job)?).await,
        Kind::TurnMail => notifications::turns::look(app, job.id, payload(job)?).await,
        Kind::CapturePayment => payments::capture(app, payload(job)?).await,
        Kind::RefundPayment => payments::refund(app, payload(job)?).await,
        Kind::ForgetNames => tickets::forget_later(app, payload(job)?).await,
        Kind::TellPostponed => notifications::tell_postponed(app, payload(job)?).await,
        Kind::TellWebhooks => webhooks::fan_out(app, job.id, payload(job)?).await,
        Kind::DeliverWebhook => webhooks::deliver(app, payload(job)?).await,
        Kind::GatewayCallback => bookings::reconcile::callback(app, payload(job)?).await,
    }
}

fn payload<T: DeserializeOwned>(job: &Job) -> Result<T> {
    serde_json::from_value(job.payload.clone()).map_err(|error| {
        Error::Internal(format!("the payload of a {} job is not readable: {error}", job.kind.name()))
    })
}
