//! HTTP of copying an event, and of deleting one that nobody has bought.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use shared::json::{Json, OptionalJson};
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;

use super::model::{EventDetail, RefundPolicy, Status};
use super::rules::{Draft, SessionDraft, TypeDraft};
use super::search::EventRow;
use super::store::{self, SessionRow, TicketType};
use super::{organise, prices, times, told};
use crate::app::App;
use crate::audit;
use crate::error::Result;
use crate::extract::{Organizer, Path};
use crate::seats::layout;
use crate::text;

/// How the copy differs.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloneOptions {
    /// Default: the same.
    name: Option<String>,
    /// Start of its first session; the others, and the sale, keep their distance. Default: the same.
    event_date: Option<String>,
}

/// Makes a draft with the same sessions, ticket types and seats. A waiting room guards one event, so the copy has none.
#[utoipa::path(post, path = "/api/v1/events/{id}/clone", tag = "events", request_body = Option<CloneOptions>,
    params(("id" = i64, Path)),
    responses((status = 201, body = EventDetail), (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn clone_event(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
    OptionalJson(options): OptionalJson<CloneOptions>,
) -> Result<(StatusCode, Json<EventDetail>)> {
    let event = organise::own_row(&app, id, user).await?;
    let sessions = store::sessions(app.db.ex(), id).await?;
    let types = store::ticket_types_of_event(app.db.ex(), id).await?;
    let draft = copy(&event, &sessions, &types, &options)?;
    let (now, inner) = (app.now(), app.clone());
    let made = app
        .db
        .write("clone_event", move |tx| {
            let app = inner.clone();
            let (draft, event, sessions, types) =
                (draft.clone(), event.clone(), sessions.clone(), types.clone());
            Box::pin(async move {
                let words = organise::search_text(
                    &draft.name,
                    &event.venue_name,
                    &draft.category,
                    &draft.description,
                );
                let made =
                    store::insert_event(tx, &draft, event.venue_id, &words, Some(user.id), now).await?;
                prices::put_in_force(tx, made, &draft.charges, now).await?;
                for (old, new) in sessions.iter().zip(&draft.sessions) {
                    let session = store::insert_session(tx, made, new).await?;
                    let old_types = types.iter().filter(|t| t.session_id == old.id);
                    for (sort, (old, new)) in old_types.zip(&new.ticket_types).enumerate() {
                        let ticket_type = store::insert_ticket_type(tx, session, new, sort as i64).await?;
                        layout::copy_to_session(tx, old.id, session, ticket_type, now).await?;
                    }
                }
                prices::reckon(tx, made).await?;
                told::created(tx, &app, made, Some(id), now).await?;
                let detail = json!({ "from": id });
                audit::append(tx, Some(user.id), "event.cloned", format!("event:{made}"), detail, now)
                    .await?;
                Ok(made)
            })
        })
        .await?;
    app.wake_jobs();
    Ok((StatusCode::CREATED, Json(organise::own_event(&app, made, user).await?)))
}

fn copy(
    event: &EventRow,
    sessions: &[SessionRow],
    types: &[TicketType],
    options: &CloneOptions,
) -> Result<Draft, Problem> {
    let shift = match &options.event_date {
        Some(date) => times::instant("/event_date", date, organise::zone_of(event)?)? - event.starts_at,
        None => time::Duration::ZERO,
    };
    let ticket_types = |session: i64| {
        let own = types.iter().filter(move |t| t.session_id == session);
        own.map(|t| TypeDraft {
            name: t.name.clone(),
            face_minor: t.face_minor,
            colour: t.colour.clone(),
            premium: t.premium,
            hidden: t.hidden,
            seated: t.seated,
            total: t.total,
            sections: Vec::new(),
            categories: Vec::new(),
        })
        .collect()
    };
    Ok(Draft {
        name: options
            .name
            .as_deref()
            .map_or(Ok(event.name.clone()), |name| text::line("/name", name, 255))?,
        description: event.description.clone(),
        category: event.category.clone(),
        status: Status::Draft,
        currency: event.currency.clone(),
        room: None,
        image: event.image.clone(),
        per_person_limit: event.per_person_limit,
        sales_open_at: event.sales_open_at.map(|at| at + shift),
        sales_close_at: event.sales_close_at.map(|at| at + shift),
        refund: RefundPolicy { full_until_h: event.full_refund_h, half_until_h: event.half_refund_h },
        charges: event.charges.as_ref().map(|terms| terms.0.clone()).unwrap_or_default(),
        sessions: sessions
            .iter()
            .map(|session| SessionDraft {
                starts_at: session.starts_at + shift,
                ends_at: session.ends_at + shift,
                doors_at: session.doors_at + shift,
                room_name: session.room_name.clone(),
                layout_id: session.layout_id,
                plan: None,
                ticket_types: ticket_types(session.id),
            })
            .collect(),
    })
}

/// Deletes an event of which no place was ever held. Others are cancelled: their books must stay.
#[utoipa::path(delete, path = "/api/v1/events/{id}", tag = "events", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn delete_event(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
) -> Result<StatusCode> {
    let (owner, now, inner) = (user.owner_filter(), app.now(), app.clone());
    app.db
        .write("delete_event", move |tx| {
            let app = inner.clone();
            Box::pin(async move {
                // Holds and bookings refer to the event without cascade: the last word is the database's.
                let whose = match store::delete_event(tx, id, owner).await {
                    Ok(None) => return Err(Problem::not_found().into()),
                    Ok(Some(whose)) => whose,
                    Err(error) if error.as_database_error().is_some_and(|e| e.is_foreign_key_violation()) => {
                        return Err(Problem::new(StatusCode::CONFLICT, "has-bookings", "Places were taken")
                            .detail("Somebody has held or bought a place, so the books must stay. Cancel the event instead.")
                            .into());
                    }
                    Err(error) => return Err(error.into()),
                };
                told::deleted(tx, &app, id, whose, now).await?;
                audit::append(tx, Some(user.id), "event.deleted", format!("event:{id}"), (), now).await
            })
        })
        .await?;
    app.wake_jobs();
    app.events_have_changed();
    Ok(StatusCode::NO_CONTENT)
}
