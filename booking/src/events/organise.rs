//! HTTP of organising: making, publishing, changing and calling off events.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use time_tz::Tz;
use uuid::Uuid;

use super::documents::Eyes;
use super::model::{EventDetail, NewEvent, Status};
use super::rules::{self, Draft, Setting};
use super::search::{self, EventRow};
use super::{documents, prices, store, told};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::extract::{CurrentUser, Organizer, Path};
use crate::seats::layout::{self, TypeSeats};
use crate::venues::{self, NewVenue, Place, Plan};
use crate::webhooks::EventKind;
use crate::{audit, text};

/// Where a new event happens.
#[derive(Debug, Clone)]
enum Where {
    Known(Place),
    /// Found by its name, or made.
    Named(NewVenue),
}

/// Makes an event with its sessions, ticket types and seats; published unless it says `draft`.
#[utoipa::path(post, path = "/api/v1/events", tag = "events", request_body = NewEvent,
    responses((status = 201, body = EventDetail), (status = 403, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn create_event(
    State(app): State<App>,
    Organizer(user): Organizer,
    Json(body): Json<NewEvent>,
) -> Result<(StatusCode, Json<EventDetail>)> {
    let id = create(&app, &body, user.id).await?;
    Ok((StatusCode::CREATED, Json(own_event(&app, id, user).await?)))
}

/// Makes the event for `owner` and returns its id.
pub async fn create(app: &App, body: &NewEvent, owner: Uuid) -> Result<i64> {
    let place = find_place(app, body).await?;
    let plans = plans(app, body, &place).await?;
    let draft = Arc::new(rules::check(
        body,
        &Setting {
            zone: place.zone()?,
            currency: &app.settings.booking.currency,
            per_person_limit: app.settings.booking.per_person_limit,
            plans: &plans,
        },
    )?);
    let (now, inner) = (app.now(), app.clone());
    let id = app
        .db
        .write("create_event", move |tx| {
            let (app, draft, place) = (inner.clone(), draft.clone(), place.clone());
            Box::pin(async move {
                let venue = match place {
                    Where::Known(place) => place,
                    Where::Named(new) => venues::find_or_create(tx, &new, owner, now).await?,
                };
                let event = insert(tx, &draft, &venue, Some(owner), now).await?;
                let detail = json!({ "status": draft.status });
                audit::append(tx, Some(owner), "event.created", format!("event:{event}"), detail, now)
                    .await?;
                told::created(tx, &app, event, None, now).await?;
                if draft.status == Status::Published {
                    told::moved(tx, &app, event, EventKind::EventPublished, now).await?;
                }
                Ok(event)
            })
        })
        .await?;
    app.events_have_changed();
    app.wake_jobs();
    Ok(id)
}

/// Writes a draft with everything below it.
pub(super) async fn insert(
    tx: &mut Tx,
    draft: &Draft,
    venue: &Place,
    owner: Option<Uuid>,
    now: shared::clock::Ts,
) -> Result<i64> {
    let search_text = search_text(&draft.name, &venue.name, &draft.category, &draft.description);
    let event = store::insert_event(tx, draft, venue.id, &search_text, owner, now).await?;
    prices::put_in_force(tx, event, &draft.charges, now).await?;
    for session_draft in &draft.sessions {
        let session = store::insert_session(tx, event, session_draft).await?;
        let mut seats = Vec::with_capacity(session_draft.ticket_types.len());
        for (sort, ticket_type) in session_draft.ticket_types.iter().enumerate() {
            let id = store::insert_ticket_type(tx, session, ticket_type, sort as i64).await?;
            let quantity = if ticket_type.seated { 0 } else { ticket_type.total };
            let (sections, categories) = (ticket_type.sections.clone(), ticket_type.categories.clone());
            seats.push(TypeSeats { ticket_type: id, quantity, sections, categories });
        }
        layout::create_for_session(tx, session, &seats, session_draft.plan.as_deref(), now).await?;
    }
    prices::reckon(tx, event).await?;
    Ok(event)
}

/// What a search for the event looks through.
pub(super) fn search_text(name: &str, venue: &str, category: &str, description: &str) -> String {
    text::fold(&format!("{name} {venue} {category} {description}"))
}

impl Where {
    fn zone(&self) -> Result<&'static Tz> {
        match self {
            Where::Known(place) => zone(&place.time_zone),
            Where::Named(new) => zone(&new.time_zone),
        }
    }
}

async fn find_place(app: &App, body: &NewEvent) -> Result<Where> {
    let zone = venues::rules::time_zone("/time_zone", body.time_zone.as_deref().unwrap_or("UTC"))?;
    match (&body.venue, body.venue_id) {
        (None, Some(id)) => {
            let place = venues::place(app.db.ex(), id).await?;
            let unknown = || {
                Problem::invalid(
                    "/venue_id",
                    "unknown-venue",
                    "There is no such venue. See GET /api/v1/venues.",
                )
            };
            Ok(Where::Known(place.ok_or_else(unknown)?))
        }
        (Some(name), None) => {
            let name = text::line("/venue", name, 200)?;
            let known = venues::by_name(app.db.ex(), &name).await?;
            let new = NewVenue { name, address: String::new(), time_zone: zone.to_owned() };
            Ok(known.map_or(Where::Named(new), Where::Known))
        }
        _ => Err(Problem::invalid("/venue", "validation", "Name the venue, or give its `venue_id`.").into()),
    }
}

/// The plans of the layouts that sessions name; they must be this venue's.
async fn plans(app: &App, body: &NewEvent, place: &Where) -> Result<Vec<Option<Arc<Plan>>>> {
    let mut plans = Vec::new();
    for (i, session) in body.sessions.iter().flatten().enumerate() {
        let Some(id) = session.layout_id else {
            plans.push(None);
            continue;
        };
        let layout = venues::layout(app.db.ex(), id).await?;
        let here =
            layout.filter(|layout| matches!(place, Where::Known(place) if place.id == layout.venue_id));
        let layout = here.ok_or_else(|| {
            let pointer = format!("/sessions/{i}/layout_id");
            Problem::invalid(
                &pointer,
                "unknown-layout",
                "This venue has no such layout. See GET /api/v1/venues.",
            )
        })?;
        plans.push(Some(Arc::new(layout.plan)));
    }
    Ok(plans)
}

/// Makes a draft visible and sells it; again without effect.
#[utoipa::path(post, path = "/api/v1/events/{id}/publish", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, body = EventDetail), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn publish_event(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
) -> Result<Json<EventDetail>> {
    move_to(&app, id, user, Status::Published, "event.published", "published").await
}

/// Calls an event off: sales end at once, buyers are paid back, and it leaves the public list. Its page stays and says
/// so.
#[utoipa::path(post, path = "/api/v1/events/{id}/cancel", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, body = EventDetail), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn cancel_event(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
) -> Result<Json<EventDetail>> {
    move_to(&app, id, user, Status::Cancelled, "event.cancelled", "cancelled").await
}

/// Ends the events whose last session is over.
pub async fn complete_finished(app: &App) -> Result<()> {
    let (now, inner) = (app.now(), app.clone());
    let ended = app
        .db
        .write("complete_events", move |tx| {
            let app = inner.clone();
            Box::pin(async move {
                let ended = store::complete(tx, now).await?;
                for event in &ended {
                    audit::append(tx, None, "event.completed", format!("event:{event}"), (), now).await?;
                    told::moved(tx, &app, *event, EventKind::EventCompleted, now).await?;
                }
                Ok(ended.len())
            })
        })
        .await?;
    if ended > 0 {
        app.wake_jobs();
        app.events_have_changed();
    }
    Ok(())
}

/// Moves an event of `user`'s to `to`, once; being there already is no error.
async fn move_to(
    app: &App,
    id: i64,
    user: CurrentUser,
    to: Status,
    action: &'static str,
    verb: &str,
) -> Result<Json<EventDetail>> {
    let before = own_event(app, id, user).await?.card.status;
    if before != to {
        let (from, kind) = match to {
            Status::Published => ([Status::Draft, Status::Draft], EventKind::EventPublished),
            _ => ([Status::Draft, Status::Published], EventKind::EventCancelled),
        };
        let (now, inner) = (app.now(), app.clone());
        let moved = app
            .db
            .write("set_event_status", move |tx| {
                let app = inner.clone();
                Box::pin(async move {
                    let rows = store::set_status(tx, id, user.owner_filter(), from, to, now).await?;
                    if rows == 1 {
                        let detail = json!({ "from": before });
                        audit::append(tx, Some(user.id), action, format!("event:{id}"), detail, now).await?;
                        told::moved(tx, &app, id, kind, now).await?;
                    }
                    Ok(rows == 1)
                })
            })
            .await?;
        app.events_have_changed();
        app.wake_jobs();
        let after = own_event(app, id, user).await?;
        if !moved && after.card.status != to {
            return Err(rules::wrong_state(after.card.status, verb).into());
        }
        return Ok(Json(after));
    }
    Ok(Json(own_event(app, id, user).await?))
}

/// An event as its owner sees it; 404 for anybody else's.
pub(super) async fn own_event(app: &App, id: i64, user: CurrentUser) -> Result<EventDetail> {
    documents::detail(app, &own_row(app, id, user).await?, Eyes::Owner, app.now()).await
}

/// The row of an event that `user` may change; 404 for anybody else's.
pub(super) async fn own_row(app: &App, id: i64, user: CurrentUser) -> Result<EventRow> {
    let event = search::event(app, id).await?;
    let own = event.filter(|e| user.owner_filter().is_none() || e.created_by == user.owner_filter());
    Ok(own.ok_or_else(Problem::not_found)?)
}

/// The zone of an event's venue.
pub(super) fn zone_of(event: &EventRow) -> Result<&'static Tz, Problem> {
    zone(&event.time_zone).map_err(Problem::from)
}

fn zone(name: &str) -> Result<&'static Tz> {
    time_tz::timezones::get_by_name(name)
        .ok_or_else(|| Error::Internal(format!("the venue's time zone {name} is unknown")))
}
