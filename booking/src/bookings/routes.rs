//! HTTP of bookings.

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use shared::clock::Ts;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::callbacks;
use super::change;
use super::checkout::{self, Called};
use super::documents::{self, BookingDocument, Facts};
use super::form::Form;
use super::giving_back;
use super::resume::resume;
use super::settle;
use super::store;
use super::whole;
use crate::app::App;
use crate::error::Result;
use crate::events::sale_of;
use crate::extract::{CurrentUser, Params, Path};
use crate::idempotency::{self, Answer, Attempt, Begun, Keyed, PAYMENT_LOCK_S};
use crate::payments::{self, NewPayment};
use crate::seats::holds;

/// Bookings on one page of a list, and at most.
const PAGE: i64 = 20;
const PAGE_MAX: i64 = 100;

/// Routes of bookings.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create, list))
        .routes(routes!(read, change::change_booking))
        .routes(routes!(pay))
        .routes(routes!(callbacks::receive_payment_event))
        .routes(routes!(giving_back::refund_quote))
        .routes(routes!(giving_back::cancel_booking))
        .routes(routes!(giving_back::cancel_attendee))
}

/// Body of `POST /bookings`.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBooking {
    /// The hold that becomes a booking.
    hold_id: Uuid,
}

/// Make a pending booking of a hold. The same hold always gives the same booking.
#[utoipa::path(post, path = "/api/v1/bookings", operation_id = "create_booking", tag = "buy", request_body = NewBooking,
    responses((status = 429, body = ProblemDocument),
        (status = 201, body = BookingDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 410, body = ProblemDocument)),
    security(("bearer" = [])))]
async fn create(
    State(app): State<App>,
    user: CurrentUser,
    client: Client,
    Keyed(Json(new), attempt): Keyed<Json<NewBooking>>,
) -> Result<Answer> {
    app.limits.bookings.check(client)?;
    let attempt = attempt.of(user.id);
    let called = Called::draw(&app);
    let made = if attempt.is_keyed() {
        checkout::book_keyed(&app, new.hold_id, user.id, called.clone(), &attempt).await?
    } else {
        create_at_once(&app, new.hold_id, user.id, called.clone()).await?
    };
    if let Some(answer) = made {
        return Ok(answer);
    }
    let hold = holds::find(&app, new.hold_id, user.id).await?.ok_or_else(Problem::not_found)?;
    let sale = sale_of(&app, hold.session_id).await?;
    let seats = holds::seats_of(&app, &[hold.id]).await?.into_iter().map(|(_, seat)| seat).collect();
    let holder_name = store::holder_name(&app, user.id).await?;
    if let Some(booking) = hold.booking_id {
        let made = Answer::json(StatusCode::CREATED, &whole::read(&app, booking, Some(user.id)).await?)?;
        // Through the key: a repetition gets the bytes of its first answer, not a newer document.
        return attempt
            .once(&app, "find_booking", move |_| {
                let made = made.clone();
                Box::pin(async move { Ok(made) })
            })
            .await;
    }
    let parts = Arc::new((sale, seats, holder_name, called));
    let inner = app.clone();
    attempt
        .once(&app, "create_booking", move |tx| {
            let (app, parts) = (inner.clone(), parts.clone());
            Box::pin(async move {
                let now = app.now();
                let hold = holds::lock(tx, new.hold_id, user.id).await?.ok_or_else(Problem::not_found)?;
                if hold.booking_id.is_some() {
                    // A double click: the twin has just made it.
                    return Err(idempotency::in_progress().into());
                }
                may_book(&hold, now)?;
                let (sale, seats, holder_name, called) = (*parts).clone();
                let row = checkout::book(tx, &hold, called, holder_name, now).await?;
                let facts = Facts::new(tx.ex(), row, sale, seats).await?;
                Answer::json(StatusCode::CREATED, &facts.document(Vec::new(), None, now))
            })
        })
        .await
}

/// Makes the booking with one statement; `None` when that cannot be.
async fn create_at_once(app: &App, hold: Uuid, user: Uuid, called: Called) -> Result<Option<Answer>> {
    let Some((row, seats)) = checkout::book_at_once(app, hold, user, called).await? else { return Ok(None) };
    let (sale, now) = (sale_of(app, row.session_id).await?, row.created_at);
    let facts = Facts::new(app.db.ex(), row, sale, seats).await?;
    Answer::json(StatusCode::CREATED, &facts.document(Vec::new(), None, now)).map(Some)
}

fn may_book(hold: &holds::HoldRow, now: Ts) -> Result<(), Problem> {
    match hold.status.as_str() {
        "active" if now < hold.expires_at => Ok(()),
        "active" | "expired" => Err(holds::expired()),
        status => Err(holds::wrong_state(status, &[])),
    }
}

/// The bookings of this account, newest first. The next page is in the `Link` header.
#[utoipa::path(get, path = "/api/v1/bookings", operation_id = "list_bookings", tag = "buy",
    params(("cursor" = Option<String>, Query), ("limit" = Option<i64>, Query)),
    responses((status = 200, body = Vec<BookingDocument>)),
    security(("bearer" = [])))]
async fn list(
    State(app): State<App>,
    user: CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<(HeaderMap, Json<Vec<BookingDocument>>)> {
    let params = Params::of(&uri, &["cursor", "limit"])?;
    let limit = params.number("limit", 1, PAGE_MAX)?.unwrap_or(PAGE);
    let after = params.cursor::<Uuid>("cursor")?;
    let mut rows = store::list(&app, user.id, after, limit + 1).await?;
    let has_more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let mut headers = HeaderMap::new();
    if let Some(last) = rows.last().filter(|_| has_more) {
        let link = format!("</api/v1/bookings?cursor={}&limit={limit}>; rel=\"next\"", last.id);
        headers.extend(HeaderValue::from_str(&link).ok().map(|link| (header::LINK, link)));
    }
    Ok((headers, Json(documents::read_all(&app, rows).await?)))
}

/// One booking, for its owner and admins.
#[utoipa::path(get, path = "/api/v1/bookings/{booking}", operation_id = "read_booking", tag = "buy", params(("booking" = Uuid, Path)),
    responses((status = 200, body = BookingDocument), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
async fn read(
    State(app): State<App>,
    user: CurrentUser,
    Path(booking): Path<Uuid>,
) -> Result<Json<BookingDocument>> {
    whole::read(&app, booking, user.owner_filter()).await.map(Json)
}

/// Pay a pending booking. A failed payment may be repeated, with another card, until the hold's deadline.
#[utoipa::path(post, path = "/api/v1/bookings/{booking}/payment", tag = "buy", request_body = NewPayment,
    params(("booking" = Uuid, Path)),
    responses((status = 429, body = ProblemDocument),
        (status = 200, description = "Paid: `{success, booking, payment{transactionId, amount, currency}}`"),
        (status = 202, description = "Not known yet: poll the booking"),
        (status = 402, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 410, body = ProblemDocument)),
    security(("bearer" = [])))]
async fn pay(
    State(app): State<App>,
    user: CurrentUser,
    client: Client,
    Path(booking): Path<Uuid>,
    Keyed(Json(new), attempt): Keyed<Json<NewPayment>>,
) -> Result<Answer> {
    app.limits.bookings.check(client)?;
    let card = payments::digits(&new.card_number)?;
    let attempt = attempt.of(user.id);
    let id = checkout::draw_payment(&app);
    if let Some((facts, payment)) = begin_at_once(&app, booking, user.id, id, &attempt).await? {
        return settle::pay(&app, Arc::new(facts), payment, card, attempt, Form::Payment).await;
    }
    let facts = Arc::new(Facts::of(&app, booking, Some(user.id)).await?);
    match begin(&app, &attempt, facts.clone(), id).await? {
        Begun::Answered(answer) => Ok(answer),
        Begun::Resumed(payment) => resume(&app, payment, attempt, Form::Payment).await,
        Begun::First(payment) => {
            // The seats are kept for the grace now.
            app.seats_have_changed(facts.row.session_id);
            settle::pay(&app, facts, payment, card, attempt, Form::Payment).await
        }
    }
}

/// Starts the payment with one statement; `None` when that cannot be.
async fn begin_at_once(
    app: &App,
    booking: Uuid,
    user: Uuid,
    id: Uuid,
    attempt: &Attempt,
) -> Result<Option<(Facts, payments::PaymentRow)>> {
    let started = checkout::start_at_once(app, booking, user, id, attempt).await?;
    let Some((row, seats, payment)) = started else { return Ok(None) };
    let sale = sale_of(app, row.session_id).await?;
    Ok(Some((Facts::new(app.db.ex(), row, sale, seats).await?, payment)))
}

async fn begin(
    app: &App,
    attempt: &Attempt,
    facts: Arc<Facts>,
    id: Uuid,
) -> Result<Begun<payments::PaymentRow>> {
    let (inner, keeper) = (app.clone(), attempt.clone());
    attempt
        .begin(app, "start_payment", PAYMENT_LOCK_S, move |tx| {
            let (app, facts, keeper) = (inner.clone(), facts.clone(), keeper.clone());
            Box::pin(async move {
                let payment = checkout::start(tx, &facts.row, id, app.now()).await?;
                idempotency::note(tx, &keeper, payment.id).await?;
                Ok(payment)
            })
        })
        .await
}
