//! One call that holds, books and pays: the seeds' `POST /orders`, for general admission and for "any good seats".

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::checkout::{self, Called};
use super::documents::Facts;
use super::form::Form;
use super::resume::resume;
use super::settle;
use super::store;
use crate::admissions::{self, Guarded};
use crate::app::App;
use crate::error::Result;
use crate::events::sale_of;
use crate::extract::CurrentUser;
use crate::idempotency::{self, Answer, Attempt, Begun, Keyed, PAYMENT_LOCK_S};
use crate::payments::{self, GOOD_CARD, PaymentRow};
use crate::promos;
use crate::seats::check_open;
use crate::seats::holds::{NewHold, Placed, Request};

/// Routes of orders.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(order))
}

/// Body of `POST /orders`.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOrder {
    /// The event.
    event_id: i64,
    /// How many tickets.
    quantity: i64,
    /// Which session; without it, the next one on sale.
    session_id: Option<i64>,
    /// Which ticket type; without it, the cheapest that has enough.
    ticket_type: Option<i64>,
    /// The card; without it, the one that always succeeds.
    card_number: Option<String>,
    /// A code that unlocks a hidden ticket type, lowers the prices, or both.
    promo_code: Option<String>,
}

/// Buy tickets in one call. Headers as for a hold. An order that cannot be paid gives its seats back at once.
#[utoipa::path(post, path = "/api/v1/orders", tag = "buy", request_body = NewOrder,
    responses((status = 429, body = ProblemDocument),
        (status = 201, description = "`{order_id, status: CONFIRMED, tickets: [{ticket_code}]}`"),
        (status = 402, body = ProblemDocument), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 410, description = "`event-cancelled`, `sale-ended`", body = ProblemDocument),
        (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
async fn order(
    State(app): State<App>,
    user: CurrentUser,
    client: Client,
    headers: HeaderMap,
    Keyed(Json(new), attempt): Keyed<Json<NewOrder>>,
) -> Result<Answer> {
    app.limits.bookings.check(client)?;
    if new.promo_code.is_some() {
        app.limits.check_code(client, Some(user.id))?;
    }
    let card = payments::digits(new.card_number.as_deref().unwrap_or(GOOD_CARD))?;
    let attempt = attempt.of(user.id);
    let begun = match prepare(&app, user.id, &headers, &new).await {
        Ok(request) => begin(&app, &attempt, request).await?,
        // The first request with this key may have ended the sale for its shopper, or the sale is over by now.
        Err(refused) => match attempt.earlier(&app).await? {
            Some(Begun::Answered(answer)) => Begun::Answered(answer),
            Some(Begun::Resumed(payment)) => Begun::Resumed(payment),
            None => return Err(refused),
        },
    };
    match begun {
        Begun::Answered(answer) | Begun::First(Err(answer)) => Ok(answer),
        Begun::Resumed(payment) => resume(&app, payment, attempt, Form::Order).await,
        Begun::First(Ok((facts, payment))) => {
            settle::pay(&app, Arc::new(facts), payment, card, attempt, Form::Order).await
        }
    }
}

/// Finds the session and chooses what to try.
async fn prepare(app: &App, user: Uuid, headers: &HeaderMap, new: &NewOrder) -> Result<Request> {
    let session = match new.session_id {
        Some(session) => session,
        None => store::next_session(app, new.event_id, app.now()).await?.ok_or_else(Problem::not_found)?,
    };
    let sale = sale_of(app, session).await?;
    if sale.event_id != new.event_id {
        return Err(Problem::not_found().into());
    }
    check_open(&sale, app.now())?;
    let booking_session = match &sale.room {
        None => None,
        Some(room) => {
            Some(admissions::open(app, user, headers, Guarded { event: sale.event_id, room }).await?)
        }
    };
    let wanted = NewHold {
        quantity: Some(new.quantity),
        ticket_type: new.ticket_type,
        promo_code: new.promo_code.clone(),
        ..NewHold::default()
    };
    Request::prepare(app, user, sale, &wanted, booking_session).await
}

/// Holds, books and starts the payment: with one statement, or in one transaction; or the refusal, which has changed
/// nothing.
pub(super) async fn begin(
    app: &App,
    attempt: &Attempt,
    request: Request,
) -> Result<Begun<Result<(Facts, PaymentRow), Answer>>> {
    let order = checkout::draw_order(app);
    if let Some(begun) = checkout::order_at_once(app, &request, attempt, order.clone()).await? {
        return Ok(Begun::First(Ok(begun)));
    }
    let holder_name = store::holder_name(app, request.user()).await?;
    let (inner, keeper) = (app.clone(), attempt.clone());
    attempt
        .begin(app, "place_order", PAYMENT_LOCK_S, move |tx| {
            let (app, keeper, request) = (inner.clone(), keeper.clone(), request.clone());
            let (holder_name, order) = (holder_name.clone(), order.clone());
            Box::pin(async move {
                let now = app.now();
                let (hold, seats) = match promos::place(tx, &app, &request, now).await? {
                    Placed::Held(row, seats) => (row, seats),
                    Placed::Refused(problem) => {
                        let answer = keeper.refusal(&problem)?;
                        idempotency::keep(tx, &keeper, &answer).await?;
                        return Ok(Err(answer));
                    }
                };
                let row = checkout::book(tx, &hold, Called::of(&order), holder_name, now).await?;
                let facts = Facts::new(tx.ex(), row, request.sale().clone(), seats).await?;
                let row = &facts.row;
                let payment = checkout::start(tx, row, order.payment, now).await?;
                idempotency::note(tx, &keeper, payment.id).await?;
                Ok(Ok((facts, payment)))
            })
        })
        .await
}
