//! HTTP of cancelling, whole or in part: by the buyer, and by who runs the event.

use axum::extract::{OriginalUri, State};
use axum::http::StatusCode;
use bytes::Bytes;
use serde::Deserialize;
use shared::json::{self, Json};
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cancel::{self, By, Cancellation};
use super::documents::{BookingDocument, Facts};
use super::rules::{self, Quote, Status};
use crate::app::App;
use crate::error::Result;
use crate::extract::{CurrentUser, Organizer, Params, Path};
use crate::idempotency::{Answer, Attempt, Keyed};
use crate::{events, payments, text, tickets};

/// Body of `POST /bookings/{id}/cancel`, which may be empty.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenBack {
    /// Codes of the tickets to give back; absent: all.
    tickets: Option<Vec<String>>,
}

/// Body of `POST /events/{id}/bookings/{booking}/cancel`, which may be empty.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakenBack {
    /// Codes of the tickets to take back; absent: all.
    tickets: Option<Vec<String>>,
    /// What is paid back for them together, in minor units; absent: what they cost.
    refund_minor: Option<i64>,
    /// For the audit log; at most 200 characters.
    reason: Option<String>,
}

/// What giving back some tickets, or all, would pay back now.
#[utoipa::path(get, path = "/api/v1/bookings/{booking}/refund-quote", tag = "buy",
    params(("booking" = Uuid, Path),
        ("tickets" = Option<String>, Query, description = "Codes with commas between; absent: all.")),
    responses((status = 200, body = Quote), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn refund_quote(
    State(app): State<App>,
    user: CurrentUser,
    Path(booking): Path<Uuid>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Quote>> {
    let params = Params::of(&uri, &["tickets"])?;
    let codes: Option<Vec<String>> =
        params.get("tickets").map(|codes| codes.split(',').map(str::to_owned).collect());
    let facts = Facts::of(&app, booking, Some(user.id)).await?;
    let (row, now) = (&facts.row, app.now());
    rules::may_cancel(row.status, &facts.sale, false, now)?;
    let given = if row.status == Status::Confirmed {
        let living = tickets::living(app.db.ex(), booking).await?;
        rules::given_back(&living, codes.as_deref(), Some(user.id))?
    } else {
        Vec::new()
    };
    Ok(Json(rules::quote(&facts.sale, &given, row.created_at, now)))
}

/// Cancel a booking, or give some of its tickets back: the seats are free, the tickets void and the refund on its way.
#[utoipa::path(post, path = "/api/v1/bookings/{booking}/cancel", tag = "buy", request_body = Option<GivenBack>,
    params(("booking" = Uuid, Path)),
    responses((status = 429, body = ProblemDocument),
        (status = 200, body = BookingDocument), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn cancel_booking(
    State(app): State<App>,
    user: CurrentUser,
    client: Client,
    Path(booking): Path<Uuid>,
    Keyed(body, attempt): Keyed<Bytes>,
) -> Result<Answer> {
    app.limits.bookings.check(client)?;
    let body: GivenBack = if body.is_empty() { GivenBack::default() } else { json::parse(&body)? };
    let facts = Facts::of(&app, booking, Some(user.id)).await?;
    let wish = Cancellation { tickets: body.tickets, ..Cancellation::whole(By::Owner) };
    carry_out(&app, facts, wish, attempt.of(user.id)).await
}

/// Cancel a booking of one's event, or some of its tickets, for any reason and past its refund deadlines, with everything paid
/// back unless `refund_minor` says otherwise.
#[utoipa::path(post, path = "/api/v1/events/{id}/bookings/{booking}/cancel", tag = "organise",
    request_body = Option<TakenBack>, params(("id" = i64, Path), ("booking" = Uuid, Path)),
    responses((status = 200, body = BookingDocument), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn cancel_attendee(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path((event, booking)): Path<(i64, Uuid)>,
    Keyed(body, attempt): Keyed<Bytes>,
) -> Result<Answer> {
    let body: TakenBack = if body.is_empty() { TakenBack::default() } else { json::parse(&body)? };
    let event = events::own(&app, event, user).await?;
    let facts = Facts::of(&app, booking, None).await?;
    if facts.row.event_id != event.id {
        return Err(Problem::not_found().into());
    }
    let reason = body.reason.as_deref().map(|reason| text::line("/reason", reason, 200)).transpose()?;
    let wish = Cancellation {
        tickets: body.tickets,
        refund_minor: body.refund_minor,
        reason,
        ..Cancellation::whole(By::Organiser(user.id))
    };
    carry_out(&app, facts, wish, attempt.of(user.id)).await
}

async fn carry_out(app: &App, facts: Facts, wish: Cancellation, attempt: Attempt) -> Result<Answer> {
    let (booking, session) = (facts.row.id, facts.row.session_id);
    #[cfg(feature = "testing")]
    let wish = Cancellation { seen: cancel::look(app, booking).await?, ..wish };
    let payment = payments::newest_of(app, &[booking]).await?.pop();
    let inner = app.clone();
    let answer = attempt
        .once(app, "cancel_booking", move |tx| {
            let (app, mut facts, payment) = (inner.clone(), facts.clone(), payment.clone());
            let wish = wish.clone();
            Box::pin(async move {
                let now = app.now();
                let tickets = cancel::cancel(tx, &app, &mut facts, &wish, now).await?;
                Answer::json(StatusCode::OK, &facts.document(tickets, payment.map(Into::into), now))
            })
        })
        .await?;
    app.wake_jobs();
    app.seats_have_changed(session);
    Ok(answer)
}
