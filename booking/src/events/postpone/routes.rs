//! HTTP of postponing.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::json::Json;
use shared::problem::ProblemDocument;
use utoipa::ToSchema;

use super::rules::{self, Move};
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::events::model::{EventDetail, Status};
use crate::events::{change, organise, rules as events, store as sessions};
use crate::extract::{Organizer, Path};
use crate::jobs::{self, Kind, NewJob};
use crate::notifications::Telling;
use crate::webhooks::{self, About, EventKind};
use crate::{audit, text};

/// Where an event goes: all its sessions by the same distance, or some of them to dates of their own.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Postponement {
    /// New start of the first session that is not over; the others keep their distance.
    pub event_date: Option<String>,
    /// Or the sessions that move.
    pub sessions: Option<Vec<NewDate>>,
    /// Why, for the mail to ticket holders; at most 1,000 characters.
    pub reason: Option<String>,
    /// Until when everything is paid back. Default: for 14 days, until the new start at the latest.
    pub refund_until: Option<String>,
}

/// A session's new date.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDate {
    /// The session.
    pub id: i64,
    /// An instant, or the venue's local time without an offset.
    pub starts_at: String,
    /// Default: as long as before.
    pub ends_at: Option<String>,
    /// Default: as long before the start as before.
    pub doors_at: Option<String>,
}

/// Moves a published event, or some of its sessions, to a later date. Ticket holders are told by mail and may cancel with
/// everything paid back for a while.
#[utoipa::path(post, path = "/api/v1/events/{id}/postpone", tag = "events", request_body = Postponement,
    params(("id" = i64, Path)),
    responses((status = 200, body = EventDetail), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn postpone_event(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<i64>,
    Json(body): Json<Postponement>,
) -> Result<Json<EventDetail>> {
    let event = organise::own_row(&app, id, user).await?;
    if event.status != Status::Published {
        return Err(events::wrong_state(event.status, "postponed").into());
    }
    let now = app.now();
    let all = sessions::sessions(app.db.ex(), id).await?;
    let moves = rules::moves(&body, &all, organise::zone_of(&event)?, now)?;
    let reason = match &body.reason {
        Some(reason) => text::paragraphs("/reason", reason, 1000)?,
        None => String::new(),
    };
    let inner = app.clone();
    app.db
        .write("postpone_event", move |tx| {
            let (app, moves, reason) = (inner.clone(), moves.clone(), reason.clone());
            Box::pin(async move {
                let postponement = app.entropy.uuid_v7(now);
                let mut is_as_seen = true;
                for to in &moves {
                    is_as_seen &= store::move_session(tx, to, now).await? == 1;
                }
                is_as_seen &= store::note_first_start(tx, id, now).await? == 1;
                if !is_as_seen {
                    return Err(change::changed_meanwhile(StatusCode::CONFLICT).into());
                }
                store::insert(tx, postponement, id, &reason, now).await?;
                let telling = Telling { postponement, after: None };
                jobs::enqueue(tx, NewJob::now(Kind::TellPostponed, &telling, now), &app.entropy, now).await?;
                let detail = json!({ "sessions": moves.iter().map(told).collect::<Vec<_>>() });
                let (kind, about) = (EventKind::EventPostponed, About::Event(id));
                webhooks::tell(tx, &app, kind, about, detail.clone(), now).await?;
                audit::append(tx, Some(user.id), "event.postponed", format!("event:{id}"), detail, now).await
            })
        })
        .await?;
    app.wake_jobs();
    app.events_have_changed();
    Ok(Json(organise::own_event(&app, id, user).await?))
}

/// A move as the audit log tells it.
fn told(m: &Move) -> Value {
    json!({ "session": m.session, "from": m.from, "to": m.starts_at, "refund_until": m.refund_until })
}
