//! HTTP of holds.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use shared::clock::Ts;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use sqlx::{PgExecutor, SqliteExecutor};
use time::Duration;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::at_once::{place_at_once, place_keyed};
use super::place::{Placed, Request};
use super::{HoldDocument, NewHold, rules, store};
use crate::admissions::{self, Guarded};
use crate::app::App;
use crate::db::{Dual, Tx};
use crate::error::Result;
use crate::events::sale_of;
use crate::extract::{CurrentUser, Path};
use crate::idempotency::{Answer, Attempt, Keyed};
use crate::promos;
use crate::seats::check_open;

/// Routes of holds.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create)).routes(routes!(read, release)).routes(routes!(extend))
}

/// Lock seats for this shopper: all of the wanted ones, or none.
///
/// Headers: `Admission-Token` where the event has a room; `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/sessions/{session}/holds", operation_id = "create_hold", tag = "buy", request_body = NewHold,
    params(("session" = i64, Path)),
    responses((status = 429, body = ProblemDocument),
        (status = 201, body = HoldDocument), (status = 401, body = ProblemDocument),
        (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "seat-taken, not-enough-tickets, limit-reached, admission-used, sale-not-open"),
        (status = 410, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
async fn create(
    State(app): State<App>,
    user: CurrentUser,
    client: Client,
    Path(session): Path<i64>,
    headers: HeaderMap,
    Keyed(Json(new), attempt): Keyed<Json<NewHold>>,
) -> Result<Answer> {
    app.limits.bookings.check(client)?;
    if new.promo_code.is_some() {
        app.limits.check_code(client, Some(user.id))?;
    }
    let attempt = attempt.of(user.id);
    let request = match prepare(&app, user.id, session, &headers, &new).await {
        Ok(request) => request,
        // A repetition gets its answer also when the sale is over by now.
        Err(refused) => return attempt.or_answered(&app, refused).await,
    };
    let placed = if attempt.is_keyed() {
        at_once_keyed(&app, &request, &attempt).await?
    } else {
        at_once(&app, &request).await?
    };
    if let Some(answer) = placed {
        return Ok(answer);
    }
    let answer = in_steps(&app, attempt, request).await?;
    app.seats_have_changed(session);
    Ok(answer)
}

async fn prepare(app: &App, user: Uuid, session: i64, headers: &HeaderMap, new: &NewHold) -> Result<Request> {
    let sale = sale_of(app, session).await?;
    check_open(&sale, app.now())?;
    let booking_session = match &sale.room {
        None => None,
        Some(room) => {
            Some(admissions::open(app, user, headers, Guarded { event: sale.event_id, room }).await?)
        }
    };
    Request::prepare(app, user, sale, new, booking_session).await
}

/// Places the hold with one statement; `None` when that cannot be.
async fn at_once(app: &App, request: &Request) -> Result<Option<Answer>> {
    let Some(placed) = place_at_once(app, request).await? else { return Ok(None) };
    if let Placed::Held(hold, seats) = &placed {
        app.seats_are_held(hold.session_id, seats, hold.kept_until);
    }
    answer(app.db.ex(), placed, request, &Attempt::unkeyed(), app.now()).await.map(Some)
}

/// The same for a request with a key.
async fn at_once_keyed(app: &App, request: &Request, attempt: &Attempt) -> Result<Option<Answer>> {
    #[cfg(feature = "testing")]
    if app.guards.is_off(crate::guards::Guard::KeyOnce) {
        return Ok(None);
    }
    let Some(made) = place_keyed(app, request, attempt).await? else { return Ok(None) };
    app.seats_are_held(made.hold.session_id, &made.seats, made.hold.kept_until);
    Ok(Some(made.answer))
}

async fn in_steps(app: &App, attempt: Attempt, request: Request) -> Result<Answer> {
    let (inner, asked) = (app.clone(), attempt.clone());
    attempt
        .once(app, "hold_seats", move |tx| {
            let (app, request, asked) = (inner.clone(), request.clone(), asked.clone());
            Box::pin(async move {
                let now = app.now();
                let placed = promos::place(tx, &app, &request, now).await?;
                answer(tx.ex(), placed, &request, &asked, now).await
            })
        })
        .await
}

async fn answer<'e, P, L>(
    ex: Dual<P, L>,
    placed: Placed,
    request: &Request,
    attempt: &Attempt,
    now: Ts,
) -> Result<Answer>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    match placed {
        Placed::Held(hold, seats) => {
            Answer::json(StatusCode::CREATED, &hold.document(ex, request.sale(), seats, now).await?)
        }
        Placed::Refused(problem) => attempt.refusal(&problem),
    }
}

/// A hold of this shopper.
#[utoipa::path(get, path = "/api/v1/holds/{hold}", operation_id = "read_hold", tag = "buy", params(("hold" = Uuid, Path)),
    responses((status = 200, body = HoldDocument), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
async fn read(
    State(app): State<App>,
    user: CurrentUser,
    Path(hold): Path<Uuid>,
) -> Result<Json<HoldDocument>> {
    document(&app, hold, user.id).await.map(Json)
}

async fn document(app: &App, hold: Uuid, user: Uuid) -> Result<HoldDocument> {
    let (row, seats) = store::find_whole(app, hold, user).await?.ok_or_else(Problem::not_found)?;
    let sale = sale_of(app, row.session_id).await?;
    row.document(app.db.ex(), &sale, seats, app.now()).await
}

/// Give the seats back at once.
#[utoipa::path(delete, path = "/api/v1/holds/{hold}", tag = "buy", params(("hold" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)),
    security(("bearer" = [])))]
async fn release(State(app): State<App>, user: CurrentUser, Path(hold): Path<Uuid>) -> Result<StatusCode> {
    let now = app.now();
    let session = app
        .db
        .write("release_hold", move |tx| {
            Box::pin(async move {
                let row = store::lock(tx, hold, user.id).await?.ok_or_else(Problem::not_found)?;
                match row.status.as_str() {
                    // Giving back twice is as good as once.
                    "released" | "expired" => {}
                    "active" if row.booking_id.is_none() => store::release(tx, hold, "released", now).await?,
                    "active" => {
                        return Err(rules::wrong_state("in a booking", &["cancel the booking"]).into());
                    }
                    status => return Err(rules::wrong_state(status, &[]).into()),
                }
                Ok(row.session_id)
            })
        })
        .await?;
    app.seats_have_changed(session);
    Ok(StatusCode::NO_CONTENT)
}

/// Move the deadline, once.
#[utoipa::path(post, path = "/api/v1/holds/{hold}/extend", tag = "buy", params(("hold" = Uuid, Path)),
    responses((status = 200, body = HoldDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 410, body = ProblemDocument)),
    security(("bearer" = [])))]
async fn extend(
    State(app): State<App>,
    user: CurrentUser,
    Path(hold): Path<Uuid>,
) -> Result<Json<HoldDocument>> {
    let now = app.now();
    let by = Duration::minutes(app.settings.booking.hold_extension_minutes);
    app.db
        .write("extend_hold", move |tx| Box::pin(async move { extend_in(tx, hold, user.id, by, now).await }))
        .await?;
    let document = document(&app, hold, user.id).await?;
    app.seats_have_changed(document.session.id);
    Ok(Json(document))
}

async fn extend_in(tx: &mut Tx, hold: Uuid, user: Uuid, by: Duration, now: Ts) -> Result<()> {
    let mut row = store::lock(tx, hold, user).await?.ok_or_else(Problem::not_found)?;
    if row.status == "expired" || (row.status == "active" && row.expires_at <= now) {
        return Err(rules::expired().into());
    }
    if row.status != "active" || row.extended {
        let state = if row.extended { "extended before" } else { &row.status };
        return Err(rules::wrong_state(state, &["pay", "release"]).into());
    }
    row.expires_at = row.expires_at + by;
    row.kept_until = row.kept_until.max(row.expires_at);
    row.extended = true;
    store::keep(tx, &row, now).await
}
