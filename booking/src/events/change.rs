//! HTTP of changing an event: before anybody holds a place everything may change, afterwards what buyers were promised
//! stands (its name, place, dates, prices, number of places and refunds).

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use time::Duration;
use time_tz::Tz;
use utoipa::ToSchema;

use super::model::{EventDetail, RefundPolicy, Status};
use super::search::EventRow;
use super::store::{self, Changed, SimpleType};
use super::{organise, prices, rules, times, told};
use crate::app::App;
use crate::audit;
use crate::charges::NewCharges;
use crate::db::Tx;
use crate::error::Result;
use crate::extract::{Organizer, Path};
use crate::money::Decimal;
use crate::seats::layout;
use crate::text;

/// What is to change; absent members stay, `null` takes away what may be absent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventChange {
    /// At most 255 characters. Not once places are sold or held.
    name: Option<String>,
    /// At most 10,000 characters.
    description: Option<String>,
    /// Such as concert.
    category: Option<String>,
    /// Start of the first session; the others keep their distance. Not once places are sold or held.
    event_date: Option<String>,
    /// Face price in major units, of an event with one ticket type. Not once places are sold or held.
    ticket_price: Option<Decimal>,
    /// Of an event with one ticket type of general admission. Not once places are sold or held.
    total_tickets: Option<i64>,
    /// Tickets one account may have.
    per_person_limit: Option<i64>,
    /// Not once places are sold or held.
    refund_policy: Option<RefundPolicy>,
    /// What comes onto the face prices of what is held from now on; `null`: nothing. What is held or sold keeps its price.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<NewCharges>)]
    charges: Option<Option<NewCharges>>,
    /// The waiting room that guards the sale.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    room: Option<Option<String>>,
    /// Path of a picture on this site.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    image: Option<Option<String>>,
    /// When sales open.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    sales_open_at: Option<Option<String>>,
    /// When sales close.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    sales_close_at: Option<Option<String>>,
}

/// Tells `null` from an absent member.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What a change does to the sessions.
#[derive(Debug, Clone, Copy, Default)]
struct Reshape {
    shift: Option<Duration>,
    face_minor: Option<i64>,
    total: Option<i64>,
}

/// Changes an event, if it still is what was read.
#[utoipa::path(patch, path = "/api/v1/events/{id}", tag = "events", request_body = EventChange,
    params(("id" = i64, Path), ("If-Match" = String, Header, description = "ETag of what was read, or `*`.")),
    responses((status = 200, body = EventDetail), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 412, description = "`changed-meanwhile`", body = ProblemDocument),
        (status = 428, description = "`if-match-required`", body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn update_event(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
    headers: HeaderMap,
    Json(body): Json<EventChange>,
) -> Result<Json<EventDetail>> {
    let event = organise::own_row(&app, id, user).await?;
    check_if_match(&headers, &event)?;
    if matches!(event.status, Status::Cancelled | Status::Completed) {
        return Err(rules::wrong_state(event.status, "changed").into());
    }
    let simple = store::simple_type(app.db.ex(), id).await?;
    let (changed, reshape) = apply(&body, &event, simple.as_ref())?;
    let ends_at = store::last_end(app.db.ex(), id).await?;
    let ends_at = ends_at.map(|at| at + reshape.shift.unwrap_or_default());
    rules::sales_window(changed.sales_open_at, changed.sales_close_at, ends_at)?;
    let promise = broken_promise(&body);
    let charges = match &body.charges {
        None => None,
        Some(new) => Some(new.as_ref().map(|new| new.checked("/charges")).transpose()?.unwrap_or_default()),
    };
    let (now, inner) = (app.now(), app.clone());
    app.db
        .write("update_event", move |tx| {
            let (app, changed, charges) = (inner.clone(), changed.clone(), charges.clone());
            let seen = event.updated_at;
            Box::pin(async move {
                if let Some(field) = promise {
                    let taken = store::taken_places(tx, id, now).await?;
                    if taken > 0 {
                        return Err(rules::has_bookings(taken, field).into());
                    }
                }
                if store::update_event(tx, id, seen, &changed, now).await? == 0 {
                    return Err(changed_meanwhile(StatusCode::CONFLICT).into());
                }
                reshape_sessions(tx, id, simple, reshape, now).await?;
                if let Some(charges) = &charges {
                    prices::put_in_force(tx, id, charges, now).await?;
                }
                prices::reckon(tx, id).await?;
                let detail = json!({ "promise": promise, "charges": charges });
                told::changed(tx, &app, id, "event.updated", now).await?;
                audit::append(tx, Some(user.id), "event.updated", format!("event:{id}"), detail, now).await
            })
        })
        .await?;
    app.wake_jobs();
    let changed = organise::own_event(&app, id, user).await?;
    changed.sessions.iter().for_each(|session| app.plan_has_changed(session.id));
    Ok(Json(changed))
}

/// The first promise to buyers that the change would break, in words.
fn broken_promise(body: &EventChange) -> Option<&'static str> {
    [
        (body.name.is_some(), "name"),
        (body.event_date.is_some(), "date"),
        (body.ticket_price.is_some(), "price"),
        (body.total_tickets.is_some(), "number of places"),
        (body.refund_policy.is_some(), "refunds"),
    ]
    .into_iter()
    .find_map(|(is_changed, name)| is_changed.then_some(name))
}

/// The event's row and sessions as they would be.
fn apply(
    body: &EventChange,
    event: &EventRow,
    simple: Option<&SimpleType>,
) -> Result<(Changed, Reshape), Problem> {
    let zone = organise::zone_of(event)?;
    let instant = |pointer: &str, new: &Option<Option<String>>, old: Option<Ts>| match new {
        None => Ok(old),
        Some(new) => rules::instant_or_none(pointer, new, zone),
    };
    let reshape = reshape(body, event, simple, zone)?;
    let name = body.name.as_deref().map_or(Ok(event.name.clone()), |n| text::line("/name", n, 255))?;
    let description = match &body.description {
        Some(new) => text::paragraphs("/description", new, 10_000)?,
        None => event.description.clone(),
    };
    let category = body.category.as_deref().map_or(Ok(event.category.clone()), rules::category)?;
    let policy = RefundPolicy { full_until_h: event.full_refund_h, half_until_h: event.half_refund_h };
    let changed = Changed {
        search_text: organise::search_text(&name, &event.venue_name, &category, &description),
        room: match &body.room {
            None => event.room.clone(),
            Some(new) => new.as_deref().map(|r| rules::room("/room", r)).transpose()?,
        },
        image: match &body.image {
            None => event.image.clone(),
            Some(new) => new.as_deref().map(rules::image).transpose()?,
        },
        per_person_limit: body
            .per_person_limit
            .map_or(Ok(event.per_person_limit), rules::per_person_limit)?,
        sales_open_at: instant("/sales_open_at", &body.sales_open_at, event.sales_open_at)?,
        sales_close_at: instant("/sales_close_at", &body.sales_close_at, event.sales_close_at)?,
        refund: rules::refund_policy(body.refund_policy.unwrap_or(policy))?,
        starts_at: event.starts_at + reshape.shift.unwrap_or_default(),
        name,
        description,
        category,
    };
    Ok((changed, reshape))
}

fn reshape(
    body: &EventChange,
    event: &EventRow,
    simple: Option<&SimpleType>,
    zone: &Tz,
) -> Result<Reshape, Problem> {
    let several = |field: &str| {
        let detail = "This event has several ticket types or seats; clone it to sell others.";
        Problem::invalid(&format!("/{field}"), "several-ticket-types", detail)
    };
    let shift = match &body.event_date {
        Some(date) => Some(times::instant("/event_date", date, zone)? - event.starts_at),
        None => None,
    };
    let face_minor = match &body.ticket_price {
        Some(_) if simple.is_none() => return Err(several("ticket_price")),
        Some(price) => Some(price.minor("/ticket_price", &event.currency)?),
        None => None,
    };
    let total = match body.total_tickets {
        Some(_) if simple.is_none() => return Err(several("total_tickets")),
        Some(total) => Some(rules::total_tickets(total)?),
        None => None,
    };
    Ok(Reshape { shift, face_minor, total })
}

async fn reshape_sessions(
    tx: &mut Tx,
    event: i64,
    simple: Option<SimpleType>,
    reshape: Reshape,
    now: Ts,
) -> Result<()> {
    if let Some(shift) = reshape.shift {
        for session in store::sessions(tx.ex(), event).await? {
            store::move_session(tx, &session, shift).await?;
        }
    }
    let Some(simple) = simple else { return Ok(()) };
    if let Some(total) = reshape.total.filter(|total| *total != simple.total) {
        if total > simple.total {
            layout::add_unlabelled(tx, simple.session_id, simple.id, total - simple.total, now).await?;
        } else {
            let asked = simple.total - total;
            let gone = layout::remove_unlabelled(tx, simple.id, asked).await?;
            if gone < asked as u64 {
                return Err(rules::has_bookings(asked - gone as i64, "number of places").into());
            }
        }
    }
    let face_minor = reshape.face_minor.unwrap_or(simple.face_minor);
    store::update_ticket_type(tx, simple.id, face_minor, reshape.total.unwrap_or(simple.total)).await
}

/// 428 without `If-Match`, so that nobody overwrites what she has not seen by leaving it out; 412 when it names another
/// version than the one there is. What is left of the places may differ: the version is the part of the tag before the
/// dash. A proxy that compresses makes tags weak; the version is in those too.
fn check_if_match(headers: &HeaderMap, event: &EventRow) -> Result<(), Problem> {
    let wanted = headers.get(header::IF_MATCH).and_then(|v| v.to_str().ok()).ok_or_else(if_match_required)?;
    let version = super::documents::version(event);
    let bare = |tag: &str| tag.trim_start_matches("W/").trim_matches('"').to_owned();
    let fits = |tag: &str| tag == "*" || bare(tag).split('-').next() == Some(&version);
    if wanted.split(',').any(|tag| fits(tag.trim())) {
        Ok(())
    } else {
        Err(changed_meanwhile(StatusCode::PRECONDITION_FAILED))
    }
}

fn if_match_required() -> Problem {
    Problem::new(StatusCode::PRECONDITION_REQUIRED, "if-match-required", "If-Match is missing").detail(
        "Read the event and send its ETag as If-Match, so that nobody's change is lost; or `*` to change it as it is.",
    )
}

/// Somebody else was faster.
pub(super) fn changed_meanwhile(status: StatusCode) -> Problem {
    Problem::new(status, "changed-meanwhile", "Changed meanwhile")
        .detail("Somebody else changed this event. Load it again and repeat your change.")
}
