//! HTTP of waiting lists.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::documents::{WaitingListDemand, WaitingListEntry};
use super::{rules, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::events::{self, SaleEvent};
use crate::extract::{CurrentUser, Organizer, Path};
use crate::seats::holds;
use crate::{idempotency, seats, users};

/// What somebody waits for.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWaitingListEntry {
    /// Tickets, all or none.
    quantity: i64,
    /// Of this ticket type; without it, of any one.
    ticket_type: Option<i64>,
}

/// Wait for tickets of a session that is sold out. Who is on the list already stays where they are.
#[utoipa::path(post, path = "/api/v1/sessions/{id}/waiting-list", tag = "buy", request_body = NewWaitingListEntry,
    params(("id" = i64, Path)),
    responses((status = 429, body = ProblemDocument),
        (status = 201, body = WaitingListEntry), (status = 200, body = WaitingListEntry, description = "On it already"),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument), (status = 410, body = ProblemDocument),
        (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn join_waiting_list(
    State(app): State<App>,
    user: CurrentUser,
    client: Client,
    Path(session): Path<i64>,
    Json(new): Json<NewWaitingListEntry>,
) -> Result<(StatusCode, Json<WaitingListEntry>)> {
    app.limits.bookings.check(client)?;
    users::check_may_buy(&app, user.id).await?;
    let sale = events::sale_of(&app, session).await?;
    seats::check_on_sale(&sale, app.now())?;
    rules::quantity(new.quantity, sale.per_person_limit)?;
    #[cfg(feature = "testing")]
    let seen = unguarded::look(&app, session).await?;
    #[cfg(not(feature = "testing"))]
    let seen = None;
    let inner = app.clone();
    let joined = app
        .db
        .write("join_waiting_list", move |tx| {
            let (app, sale) = (inner.clone(), sale.clone());
            Box::pin(async move { join(tx, &app, &sale, user.id, new, seen).await })
        })
        .await?;
    if joined {
        app.events_have_changed();
    }
    let status = if joined { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(mine(&app, session, user.id).await?)))
}

/// Puts somebody on the list; false when they are on it. `seen` are those who wait, where a test has counted them before.
async fn join(
    tx: &mut Tx,
    app: &App,
    sale: &SaleEvent,
    user: Uuid,
    new: NewWaitingListEntry,
    seen: Option<i64>,
) -> Result<bool> {
    let (session, now) = (sale.session_id, app.now());
    // Holds the session's row until the end: whoever else joins counts after this one.
    let others_wait = store::has_waiting(tx, session).await?;
    let known = store::entry(tx.ex(), session, user).await?;
    if known.is_some_and(|entry| matches!(entry.state.as_str(), "waiting" | "offered")) {
        return Ok(false);
    }
    let free = store::free(tx.ex(), session).await?;
    if new.ticket_type.is_some_and(|wanted| free.iter().all(|f| f.ticket_type_id != wanted)) {
        return Err(rules::unknown_ticket_type().into());
    }
    if !others_wait && rules::has_enough(&free, new.ticket_type, new.quantity) {
        return Err(rules::not_sold_out().into());
    }
    let have = holds::count_of(tx, user, sale.event_id, now).await?;
    if have + new.quantity > sale.per_person_limit {
        return Err(holds::limit_reached(sale.per_person_limit, have).into());
    }
    let waiting = match seen {
        Some(seen) => seen,
        None => store::count(tx, session).await?,
    };
    if waiting >= rules::WAITING_MAX {
        return Err(rules::full().into());
    }
    store::lock(tx, session, true).await?;
    store::insert(tx, session, user, new.quantity, new.ticket_type, now).await?;
    Ok(true)
}

/// My entry, also when it has ended; 404 when I never was on the list.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/waiting-list", tag = "buy", params(("id" = i64, Path)),
    responses((status = 200, body = WaitingListEntry), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn get_waiting_list(
    State(app): State<App>,
    user: CurrentUser,
    Path(session): Path<i64>,
) -> Result<Json<WaitingListEntry>> {
    mine(&app, session, user.id).await.map(Json)
}

async fn mine(app: &App, session: i64, user: Uuid) -> Result<WaitingListEntry> {
    let entry = store::entry(app.db.ex(), session, user).await?.ok_or_else(Problem::not_found)?;
    Ok(WaitingListEntry::new(session, entry))
}

/// Leave the list. Seats on offer go to the next; an offer that is being booked is cancelled as a booking.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}/waiting-list", tag = "buy", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn leave_waiting_list(
    State(app): State<App>,
    user: CurrentUser,
    Path(session): Path<i64>,
) -> Result<StatusCode> {
    let inner = app.clone();
    app.db
        .write("leave_waiting_list", move |tx| {
            let app = inner.clone();
            Box::pin(async move { leave(tx, &app, session, user.id).await })
        })
        .await?;
    app.seats_have_changed(session);
    app.events_have_changed();
    Ok(StatusCode::NO_CONTENT)
}

/// Gives up every place that somebody has; the sessions they were in.
pub async fn leave_all(tx: &mut Tx, app: &App, user: Uuid) -> Result<Vec<i64>> {
    let sessions = store::open_sessions(tx, user).await?;
    for session in &sessions {
        leave(tx, app, *session, user).await?;
    }
    Ok(sessions)
}

async fn leave(tx: &mut Tx, app: &App, session: i64, user: Uuid) -> Result<()> {
    let now = app.now();
    store::has_waiting(tx, session).await?;
    let entry = store::entry(tx.ex(), session, user).await?.ok_or_else(Problem::not_found)?;
    if let Some(hold) = entry.hold_id.filter(|_| entry.state == "offered") {
        let hold = holds::lock(tx, hold, user).await?.ok_or_else(Problem::not_found)?;
        if hold.booking_id.is_some() {
            return Err(idempotency::in_progress().into());
        }
        if hold.status == "active" {
            holds::release(tx, hold.id, "released", now).await?;
        }
    }
    if matches!(entry.state.as_str(), "waiting" | "offered") {
        store::set_state(tx, entry.id, &entry.state, "left", None, now).await?;
    }
    store::note_waiting(tx, session).await
}

/// How many wait for the sessions of an event.
#[utoipa::path(get, path = "/api/v1/events/{id}/waiting-list", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, body = [WaitingListDemand]), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn get_waiting_lists(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
) -> Result<Json<Vec<WaitingListDemand>>> {
    events::own(&app, id, user).await?;
    Ok(Json(store::demand(&app, id).await?.into_iter().map(Into::into).collect()))
}

/// The mistake that the lock prevents: counting before the transaction.
#[cfg(feature = "testing")]
mod unguarded {
    use super::*;
    use crate::guards::Guard;

    pub async fn look(app: &App, session: i64) -> Result<Option<i64>> {
        if !app.guards.is_off(Guard::WaitingCount) {
            return Ok(None);
        }
        let counted = app.db.write("look_first", move |tx| Box::pin(store::count(tx, session)));
        let counted = counted.await?;
        app.guards.meet().await;
        Ok(Some(counted))
    }
}
