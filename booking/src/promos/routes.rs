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

use super::rules::{self, Off, Uses};
use super::store::{self, Applied, NewCode, PromoCodeReport};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::extract::{CurrentUser, Organizer, Path};
use crate::seats::discount::{self, Listed};
use crate::seats::holds::{self, HoldDocument, HoldRow};
use crate::{audit, events};

/// Body of `POST /holds/{id}/promo`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedCode {
    /// What the shopper typed.
    code: String,
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
    app.limits.bookings.check(client)?;
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
            Box::pin(async move { apply(tx, &app, hold, user.id, &code, seen).await })
        })
        .await?;
    let row = holds::find(&app, hold, user.id).await?.ok_or_else(Problem::not_found)?;
    let sale = events::sale_of(&app, row.session_id).await?;
    let seats = holds::seats_of(&app, &[hold]).await?.into_iter().map(|(_, seat)| seat).collect();
    Ok(Json(Discounted { promo: promo.into(), hold: row.document(&sale, seats, app.now()) }))
}

/// `seen`: how often the code was in use before the transaction; only tests that take the lock away go by that.
async fn apply(
    tx: &mut Tx,
    app: &App,
    hold: Uuid,
    user: Uuid,
    code: &str,
    seen: Option<Uses>,
) -> Result<Applied> {
    let now = app.now();
    let row = open_hold(tx, hold, user, now).await?;
    if let Some(known) = store::applied(tx, hold, user).await? {
        return if known.code == code { Ok(known) } else { Err(rules::applied().into()) };
    }
    let promo = store::lock(tx, row.event_id, code).await?.ok_or_else(rules::invalid)?;
    let uses = match seen {
        Some(seen) => seen,
        None => store::uses(tx, promo.id, user, now).await?,
    };
    if !rules::works(&promo, uses, now) {
        return Err(rules::invalid().into());
    }
    let off = Off::of(promo.percent, promo.amount_minor)?;
    let kinds = store::ticket_types(tx, promo.id).await?;
    let fits = |seat: &Listed| kinds.is_empty() || kinds.contains(&seat.ticket_type_id);
    let seats: Vec<Listed> = discount::listed(tx, hold).await?.into_iter().filter(fits).collect();
    let discount_minor = seats.iter().map(|seat| seat.full_minor - off.price(seat.full_minor)).sum();
    if discount_minor == 0 {
        return Err(rules::invalid().into());
    }
    let prices: Vec<(i64, i64)> =
        seats.iter().map(|seat| (seat.seat_id, off.price(seat.full_minor))).collect();
    discount::reprice(tx, hold, &prices).await?;
    store::apply(tx, promo.id, hold, discount_minor, now).await?;
    Ok(Applied { code: promo.code, discount_minor })
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
                open_hold(tx, hold, user.id, now).await?;
                if !store::remove(tx, hold).await? {
                    return Err(Problem::not_found().into());
                }
                let seats = discount::listed(tx, hold).await?;
                let full: Vec<(i64, i64)> =
                    seats.iter().map(|seat| (seat.seat_id, seat.full_minor)).collect();
                discount::reprice(tx, hold, &full).await
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
    /// For these ticket types of the event only.
    #[serde(default)]
    ticket_types: Vec<i64>,
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
                if store::count(tx, event).await? >= rules::CODES_MAX {
                    let detail = format!("An event has at most {} promo codes.", rules::CODES_MAX);
                    return Err(Problem::invalid("/code", "out-of-range", detail).into());
                }
                let id = store::insert(tx, event, &new, now).await?.ok_or_else(|| {
                    Problem::invalid("/code", "duplicate-name", "This event has a code of this name.")
                })?;
                let detail = json!({ "promo": id, "percent": new.percent, "amount_minor": new.amount_minor });
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
    Off::of(body.percent, body.amount_minor)?;
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
    if body.ticket_types.iter().any(|id| !known.contains(id)) {
        let detail = "This event has no such ticket type.";
        return Err(Problem::invalid("/ticket_types", "unknown-ticket-type", detail).into());
    }
    Ok(NewCode {
        code,
        percent: body.percent,
        amount_minor: body.amount_minor,
        ticket_types: body.ticket_types,
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
                store::uses(tx, promo.id, user, now).await
            })
        });
        let counted = counted.await?;
        app.guards.meet().await;
        Ok(Some(counted))
    }
}
