//! HTTP of changing ticket types.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;

use super::rules::{Changed, duplicate_name, last_ticket_type};
use super::store::{self, OwnType};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::Result;
use crate::events::model::{NewTicketType, SessionDetail, Status, TicketTypeDetail};
use crate::events::rules::{self, TICKETS_MAX, TYPES_MAX, TypeDraft};
use crate::events::{change, organise, prices, store as events, told};
use crate::extract::{CurrentUser, Organizer, Path};
use crate::money::Decimal;
use crate::seats::layout::{self, TypeSeats};
use crate::{text, venues};

/// What is to change about a ticket type; absent members stay.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketTypeChange {
    /// Unique in the session. Not once a place of it is sold or held.
    name: Option<String>,
    /// Face price in minor units. Not once a place of it is sold or held.
    price_minor: Option<i64>,
    /// Or in major units.
    price: Option<Decimal>,
    /// Places of general admission; fewer only by what is free.
    quantity: Option<i64>,
    /// `#rrggbb`.
    colour: Option<String>,
    /// Shown distinctly on the seat map.
    premium: Option<bool>,
    /// `true` takes what is free off sale, `false` puts it back.
    withdrawn: Option<bool>,
    /// `true` leaves it to those who have a code that unlocks it.
    hidden: Option<bool>,
}

/// A ticket type and the session it is of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnTicketType {
    /// The session.
    session: i64,
    /// The ticket type.
    #[serde(flatten)]
    kind: TicketTypeDetail,
}

/// The ticket types of one's event, by session, also those that the public does not see.
#[utoipa::path(get, path = "/api/v1/events/{id}/ticket-types", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, body = [OwnTicketType]), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn list_ticket_types(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(event): Path<i64>,
) -> Result<Json<Vec<OwnTicketType>>> {
    let detail = organise::own_event(&app, event, user).await?;
    let of = |session: SessionDetail| {
        session.ticket_types.into_iter().map(move |kind| OwnTicketType { session: session.id, kind })
    };
    Ok(Json(detail.sessions.into_iter().flat_map(of).collect()))
}

/// Adds a ticket type to a session, with its places.
#[utoipa::path(post, path = "/api/v1/sessions/{id}/ticket-types", tag = "events", request_body = NewTicketType,
    params(("id" = i64, Path)),
    responses((status = 201, body = TicketTypeDetail), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn add_ticket_type(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(session): Path<i64>,
    Json(body): Json<NewTicketType>,
) -> Result<(StatusCode, Json<TicketTypeDetail>)> {
    let sale = events::event_for_sale(app.db.ex(), session).await?.ok_or_else(Problem::not_found)?;
    let event = organise::own_row(&app, sale.event_id, user).await?;
    may_change(event.status)?;
    let plan = match sale.layout_id {
        Some(id) => venues::layout(app.db.ex(), id).await?.map(|layout| layout.plan),
        None => None,
    };
    let sort = events::ticket_types(app.db.ex(), session).await?.len();
    let draft = rules::ticket_type("", sort, &body, plan.as_ref(), &event.currency)?;
    let (now, inner) = (app.now(), app.clone());
    let id = app
        .db
        .write("add_ticket_type", move |tx| {
            let (app, draft, plan) = (inner.clone(), draft.clone(), plan.clone());
            Box::pin(async move {
                store::lock_event(tx, event.id, now).await?;
                room_for(tx, event.id, session, &draft).await?;
                let id = events::insert_ticket_type(tx, session, &draft, sort as i64).await?;
                let quantity = if draft.seated { 0 } else { draft.total };
                let (sections, categories) = (draft.sections.clone(), draft.categories.clone());
                let seats = [TypeSeats { ticket_type: id, quantity, sections, categories }];
                layout::create_for_session(tx, session, &seats, plan.as_ref(), now).await?;
                prices::reckon(tx, event.id).await?;
                told::changed(tx, &app, event.id, "ticket-type.added", now).await?;
                let detail = json!({ "session": session, "ticket_type": id, "places": draft.total, "face_minor": draft.face_minor });
                audit::append(tx, Some(user.id), "ticket-type.added", format!("event:{}", event.id), detail, now).await?;
                Ok(id)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(changed(&app, sale.event_id, session, id, user).await?)))
}

/// Changes a ticket type, or takes it off sale.
#[utoipa::path(patch, path = "/api/v1/ticket-types/{id}", tag = "events", request_body = TicketTypeChange,
    params(("id" = i64, Path)),
    responses((status = 200, body = TicketTypeDetail), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn change_ticket_type(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
    Json(body): Json<TicketTypeChange>,
) -> Result<Json<TicketTypeDetail>> {
    let old = store::own(&app, id, user.owner_filter()).await?.ok_or_else(Problem::not_found)?;
    let event = organise::own_row(&app, old.event_id, user).await?;
    may_change(event.status)?;
    let to = apply(&body, &old, &event.currency)?;
    let (now, session, inner) = (app.now(), old.session_id, app.clone());
    app.db
        .write("change_ticket_type", move |tx| {
            let (app, old, to) = (inner.clone(), old.clone(), to.clone());
            Box::pin(async move {
                store::lock_event(tx, event.id, now).await?;
                to.check(&old, store::taken(tx, &old, now).await?)?;
                if to.name != old.name && store::names(tx, session).await?.contains(&to.name) {
                    return Err(duplicate_name().into());
                }
                if store::update(tx, &old, &to).await? == 0 {
                    return Err(change::changed_meanwhile(StatusCode::CONFLICT).into());
                }
                reshape(tx, &old, &to, now).await?;
                prices::reckon(tx, event.id).await?;
                told::changed(tx, &app, event.id, "ticket-type.changed", now).await?;
                let detail = json!({ "ticket_type": old.id, "face_minor": [old.face_minor, to.face_minor],
                    "places": [old.total, to.total], "withdrawn": to.withdrawn, "hidden": to.hidden });
                audit::append(
                    tx,
                    Some(user.id),
                    "ticket-type.changed",
                    format!("event:{}", event.id),
                    detail,
                    now,
                )
                .await
            })
        })
        .await?;
    Ok(Json(changed(&app, event.id, session, id, user).await?))
}

/// Deletes a ticket type of which nobody ever held a place. Others are withdrawn: their books must stay.
#[utoipa::path(delete, path = "/api/v1/ticket-types/{id}", tag = "events", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn delete_ticket_type(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
) -> Result<StatusCode> {
    let old = store::own(&app, id, user.owner_filter()).await?.ok_or_else(Problem::not_found)?;
    let (now, event, session, inner) = (app.now(), old.event_id, old.session_id, app.clone());
    app.db
        .write("delete_ticket_type", move |tx| {
            let app = inner.clone();
            Box::pin(async move {
                store::lock_event(tx, event, now).await?;
                if store::names(tx, session).await?.len() == 1 {
                    return Err(last_ticket_type().into());
                }
                match store::delete(tx, id).await {
                    Ok(0) => return Err(Problem::not_found().into()),
                    Ok(_) => {}
                    Err(error) if error.as_database_error().is_some_and(|e| e.is_foreign_key_violation()) => {
                        return Err(Problem::new(StatusCode::CONFLICT, "has-bookings", "Places were taken")
                            .detail("Somebody has held or bought a place of this ticket type, so the books must stay. Withdraw it instead.")
                            .into());
                    }
                    Err(error) => return Err(error.into()),
                }
                prices::reckon(tx, event).await?;
                told::changed(tx, &app, event, "ticket-type.deleted", now).await?;
                let detail = json!({ "session": session, "ticket_type": id });
                audit::append(tx, Some(user.id), "ticket-type.deleted", format!("event:{event}"), detail, now).await
            })
        })
        .await?;
    app.wake_jobs();
    app.plan_has_changed(session);
    Ok(StatusCode::NO_CONTENT)
}

fn may_change(status: Status) -> Result<(), Problem> {
    match status {
        Status::Draft | Status::Published => Ok(()),
        status => Err(rules::wrong_state(status, "changed")),
    }
}

/// Refuses a new ticket type for which its session has no name, section or number left.
async fn room_for(tx: &mut Tx, event: i64, session: i64, draft: &TypeDraft) -> Result<()> {
    let names = store::names(tx, session).await?;
    if names.contains(&draft.name) {
        return Err(duplicate_name().into());
    }
    if names.len() >= TYPES_MAX {
        let detail = format!("A session has at most {TYPES_MAX} ticket types.");
        return Err(Problem::invalid("/name", "out-of-range", detail).into());
    }
    let sold = store::sections(tx, session).await?;
    if let Some(twice) = draft.sections.iter().find(|section| sold.contains(section)) {
        return Err(rules::duplicate_section("", twice).into());
    }
    enough_numbers(tx, event, draft.total).await
}

async fn enough_numbers(tx: &mut Tx, event: i64, more: i64) -> Result<()> {
    if store::places(tx, event).await? + more > TICKETS_MAX {
        let detail = format!("An event has at most {TICKETS_MAX} tickets in all its sessions.");
        return Err(Problem::invalid("/quantity", "out-of-range", detail).into());
    }
    Ok(())
}

fn apply(body: &TicketTypeChange, old: &OwnType, currency: &str) -> Result<Changed, Problem> {
    let face_minor = match (&body.price, body.price_minor) {
        (None, None) => old.face_minor,
        (None, Some(minor)) => rules::price_minor("/price_minor", minor)?,
        (Some(price), None) => price.minor("/price", currency)?,
        _ => return Err(Problem::invalid("/price_minor", "validation", "Give one price.")),
    };
    Ok(Changed {
        name: body.name.as_deref().map_or(Ok(old.name.clone()), |name| text::line("/name", name, 80))?,
        face_minor,
        colour: body
            .colour
            .as_deref()
            .map_or(Ok(old.colour.clone()), |colour| text::hex_colour("/colour", colour))?,
        premium: body.premium.unwrap_or(old.premium),
        total: body.quantity.map_or(Ok(old.total), |n| rules::within("/quantity", n, 1, 100_000))?,
        withdrawn: body.withdrawn.unwrap_or(old.withdrawn),
        hidden: body.hidden.unwrap_or(old.hidden),
    })
}

/// Gives the type the places it shall have, and takes them off sale or puts them back.
async fn reshape(tx: &mut Tx, old: &OwnType, to: &Changed, now: Ts) -> Result<()> {
    if to.total > old.total {
        enough_numbers(tx, old.event_id, 0).await?;
        layout::add_unlabelled(tx, old.session_id, old.id, to.total - old.total, now).await?;
    } else if to.total < old.total {
        let asked = old.total - to.total;
        let gone = layout::remove_unlabelled(tx, old.id, asked).await? as i64;
        if gone < asked {
            return Err(rules::has_bookings(asked - gone, "number of places").into());
        }
    }
    match (old.withdrawn, to.withdrawn) {
        (false, true) => layout::block_free(tx, old.session_id, old.id, now).await.map(|_| ()),
        (true, false) => layout::unblock(tx, old.session_id, old.id, now).await,
        _ => Ok(()),
    }
}

/// Tells everybody who keeps the session, and reads the type again.
async fn changed(
    app: &App,
    event: i64,
    session: i64,
    id: i64,
    user: CurrentUser,
) -> Result<TicketTypeDetail> {
    app.wake_jobs();
    app.plan_has_changed(session);
    let detail = organise::own_event(app, event, user).await?;
    let mut types = detail.sessions.into_iter().flat_map(|session| session.ticket_types);
    Ok(types.find(|ticket_type| ticket_type.id == id).ok_or_else(Problem::not_found)?)
}
