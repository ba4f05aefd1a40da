//! HTTP of promo codes.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::apply;
use super::rules::{self, Off, Uses};
use super::store::{self, Applied, NewCode, PromoCodeReport};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::extract::{CurrentUser, Organizer, Path};
use crate::seats::discount;
use crate::seats::holds::{self, HoldDocument, HoldRow};
use crate::{audit, events};

/// Body of `POST /holds/{id}/promo`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedCode {
    /// What the shopper typed.
    pub(super) code: String,
}

/// A code on a hold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AppliedPromo {
    /// The code.
    code: String,
    /// What it takes off in all, in minor units.
    discount_minor: i64,
}

/// A code on a hold, and the hold with its lower prices.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Discounted {
    /// The code.
    #[serde(flatten)]
    promo: AppliedPromo,
    /// The hold.
    hold: HoldDocument,
}

impl From<Applied> for AppliedPromo {
    fn from(row: Applied) -> Self {
        Self { code: row.code, discount_minor: row.discount_minor }
    }
}

/// Lower the prices of a hold with a code, before it is booked. The same code again changes nothing.
#[utoipa::path(post, path = "/api/v1/holds/{hold}/promo", tag = "buy", request_body = TypedCode,
    params(("hold" = Uuid, Path)),
    responses((status = 200, body = Discounted), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 410, body = ProblemDocument), (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn apply_promo(
    State(app): State<App>,
    user: CurrentUser,
    client: Client,
    Path(hold): Path<Uuid>,
    Json(body): Json<TypedCode>,
) -> Result<Json<Discounted>> {
    app.limits.check_code(client, Some(user.id))?;
    let code = rules::code(&body.code).map_err(|_| rules::invalid())?;
    #[cfg(feature = "testing")]
    let seen = unguarded::look(&app, hold, user.id, &code).await?;
    #[cfg(not(feature = "testing"))]
    let seen = None;
    let inner = app.clone();
    let promo = app
        .db
        .write("apply_promo", move |tx| {
            let (app, code) = (inner.clone(), code.clone());
            Box::pin(async move { apply(tx, hold, user.id, &code, seen, app.now()).await })
        })
        .await?;
    let row = holds::find(&app, hold, user.id).await?.ok_or_else(Problem::not_found)?;
    let sale = events::sale_of(&app, row.session_id).await?;
    let seats = holds::seats_of(&app, &[hold]).await?.into_iter().map(|(_, seat)| seat).collect();
    let hold = row.document(app.db.ex(), &sale, seats, app.now()).await?;
    Ok(Json(Discounted { promo: promo.into(), hold }))
}

async fn apply(
    tx: &mut Tx,
    hold: Uuid,
    user: Uuid,
    code: &str,
    seen: Option<Uses>,
    now: Ts,
) -> Result<Applied> {
    let row = open_hold(tx, hold, user, now).await?;
    match store::applied(tx, hold, user).await? {
        Some(known) if known.code == code => Ok(known),
        Some(_) => Err(rules::applied().into()),
        None => Ok(apply::apply(tx, &row, code, seen, now).await?.0),
    }
}

/// The hold, locked, as long as its prices may change.
async fn open_hold(tx: &mut Tx, hold: Uuid, user: Uuid, now: Ts) -> Result<HoldRow> {
    let row = holds::lock(tx, hold, user).await?.ok_or_else(Problem::not_found)?;
    if discount::is_open(tx, hold, now).await? {
        return Ok(row);
    }
    Err(match row.status.as_str() {
        "active" if row.booking_id.is_some() => holds::wrong_state("booked", &["pay", "cancel"]),
        "active" | "expired" => holds::expired(),
        status => holds::wrong_state(status, &[]),
    }
    .into())
}

/// The code that lowers the prices of a hold.
#[utoipa::path(get, path = "/api/v1/holds/{hold}/promo", tag = "buy", params(("hold" = Uuid, Path)),
    responses((status = 200, body = AppliedPromo), (status = 404, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn get_promo(
    State(app): State<App>,
    user: CurrentUser,
    Path(hold): Path<Uuid>,
) -> Result<Json<AppliedPromo>> {
    let found = app
        .db
        .write("get_promo", move |tx| Box::pin(async move { store::applied(tx, hold, user.id).await }))
        .await?;
    Ok(Json(found.ok_or_else(Problem::not_found)?.into()))
}

/// Take the code off a hold: its tickets cost what they cost again.
#[utoipa::path(delete, path = "/api/v1/holds/{hold}/promo", tag = "buy", params(("hold" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 410, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn remove_promo(
    State(app): State<App>,
    user: CurrentUser,
    Path(hold): Path<Uuid>,
) -> Result<StatusCode> {
    let now = app.now();
    app.db
        .write("remove_promo", move |tx| {
            Box::pin(async move {
                let row = open_hold(tx, hold, user.id, now).await?;
                apply::remove(tx, &row).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A code to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPromoCode {
    /// What shoppers type: 3 to 40 letters, digits and dashes; case does not matter.
    code: String,
    /// Percent off each ticket, 1 to 100.
    percent: Option<i64>,
    /// Or so much off each, in minor units.
    amount_minor: Option<i64>,
    /// Takes something off these ticket types of the event only.
    #[serde(default)]
    ticket_types: Vec<i64>,
    /// Hidden ticket types of the event that it unlocks; then it need not take anything off.
    #[serde(default)]
    unlocks: Vec<i64>,
    /// From this instant on.
    valid_from: Option<Ts>,
    /// Until this instant.
    valid_until: Option<Ts>,
    /// Purchases it works for.
    uses_max: Option<i64>,
    /// The same for one account.
    uses_per_person: Option<i64>,
}

/// Make a promo code for an event.
#[utoipa::path(post, path = "/api/v1/events/{id}/promo-codes", tag = "events", request_body = NewPromoCode,
    params(("id" = i64, Path)),
    responses((status = 201, body = PromoCodeReport), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn create_promo_code(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(event): Path<i64>,
    Json(body): Json<NewPromoCode>,
) -> Result<(StatusCode, Json<PromoCodeReport>)> {
    events::own(&app, event, user).await?;
    let new = checked(&app, event, body).await?;
    let now = app.now();
    let id = app
        .db
        .write("create_promo_code", move |tx| {
            let new = new.clone();
            Box::pin(async move {
                events::hold_row(tx, event).await?;
                if store::count(tx, event).await? >= rules::CODES_MAX {
                    let detail = format!("An event has at most {} promo codes.", rules::CODES_MAX);
                    return Err(Problem::invalid("/code", "out-of-range", detail).into());
                }
                let id = store::insert(tx, event, &new, now).await?.ok_or_else(|| {
                    Problem::invalid("/code", "duplicate-name", "This event has a code of this name.")
                })?;
                let detail = json!({ "promo": id, "percent": new.percent, "amount_minor": new.amount_minor,
                    "unlocks": new.unlocks });
                audit::append(tx, Some(user.id), "promo-code.created", format!("event:{event}"), detail, now)
                    .await?;
                Ok(id)
            })
        })
        .await?;
    let made = store::report(&app, event, Some(id)).await?.pop().ok_or_else(Problem::not_found)?;
    Ok((StatusCode::CREATED, Json(made)))
}

async fn checked(app: &App, event: i64, body: NewPromoCode) -> Result<NewCode> {
    let code = rules::code(&body.code)?;
    if body.unlocks.is_empty() || body.percent.is_some() || body.amount_minor.is_some() {
        Off::of(body.percent, body.amount_minor)?;
    }
    for (pointer, most) in [("/uses_max", body.uses_max), ("/uses_per_person", body.uses_per_person)] {
        if most.is_some_and(|n| !(1..=1_000_000).contains(&n)) {
            return Err(Problem::invalid(pointer, "out-of-range", "Choose 1 to 1000000.").into());
        }
    }
    if let (Some(from), Some(until)) = (body.valid_from, body.valid_until)
        && from >= until
    {
        let detail = "A code works from an instant until a later one.";
        return Err(Problem::invalid("/valid_until", "inconsistent-dates", detail).into());
    }
    let known = events::ticket_type_ids(app, event).await?;
    for (pointer, ids) in [("/ticket_types", &body.ticket_types), ("/unlocks", &body.unlocks)] {
        if ids.iter().any(|id| !known.contains(id)) {
            let detail = "This event has no such ticket type.";
            return Err(Problem::invalid(pointer, "unknown-ticket-type", detail).into());
        }
    }
    Ok(NewCode {
        code,
        percent: body.percent,
        amount_minor: body.amount_minor,
        ticket_types: body.ticket_types,
        unlocks: body.unlocks,
        valid_from: body.valid_from,
        valid_until: body.valid_until,
        uses_max: body.uses_max,
        uses_per_person: body.uses_per_person,
    })
}

/// The promo codes of an event, and what came of them.
#[utoipa::path(get, path = "/api/v1/events/{id}/promo-codes", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, body = [PromoCodeReport]), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn list_promo_codes(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(event): Path<i64>,
) -> Result<Json<Vec<PromoCodeReport>>> {
    events::own(&app, event, user).await?;
    store::report(&app, event, None).await.map(Json)
}

/// Take a code back: it works no more. What was bought or is held with it stays.
#[utoipa::path(delete, path = "/api/v1/promo-codes/{id}", tag = "events", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn withdraw_promo_code(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
) -> Result<StatusCode> {
    let event = store::event_of(&app, id).await?.ok_or_else(Problem::not_found)?;
    events::own(&app, event, user).await?;
    let now = app.now();
    app.db
        .write("withdraw_promo_code", move |tx| {
            Box::pin(async move {
                store::withdraw(tx, id).await?;
                let detail = json!({ "promo": id });
                audit::append(
                    tx,
                    Some(user.id),
                    "promo-code.withdrawn",
                    format!("event:{event}"),
                    detail,
                    now,
                )
                .await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The mistake that the lock prevents: counting before the transaction.
#[cfg(feature = "testing")]
mod unguarded {
    use super::*;
    use crate::guards::Guard;

    pub async fn look(app: &App, hold: Uuid, user: Uuid, code: &str) -> Result<Option<Uses>> {
        if !app.guards.is_off(Guard::PromoUses) {
            return Ok(None);
        }
        let event = holds::find(app, hold, user).await?.ok_or_else(Problem::not_found)?.event_id;
        let (code, now) = (code.to_owned(), app.now());
        let counted = app.db.write("look_first", move |tx| {
            let code = code.clone();
            Box::pin(async move {
                let promo = store::lock(tx, event, &code).await?.ok_or_else(rules::invalid)?;
                store::uses(tx.ex(), promo.id, user, now).await
            })
        });
        let counted = counted.await?;
        app.guards.meet().await;
        Ok(Some(counted))
    }
}
