//! HTTP of the delivery log, of tests and of sending again.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::jobs::{self, Delivering};
use super::store::{self, AttemptRow, Delivery, DeliveryFacts};
use crate::app::App;
use crate::audit;
use crate::error::Result;
use crate::extract::{Organizer, Params, Path};
#[cfg(feature = "testing")]
use crate::guards::Guard;
use crate::jobs::{enqueue, enqueue_all};
use crate::webhooks::routes::own;
use crate::webhooks::rules::{DeliveryState, EndpointState};

/// Deliveries on one page at most, and when nobody says.
const PAGE_MAX: i64 = 200;
const PAGE: i64 = 50;
/// Deliveries that one request sends again at most.
const REPLAY_MAX: i64 = 1000;
/// A delivery that was queued.
#[derive(Serialize, ToSchema)]
pub struct Queued {
    /// See `GET /webhook-deliveries/{id}` for what comes of it.
    delivery: Uuid,
}

/// Send a test message (`webhook.ping`), also to an endpoint that is paused or disabled. It is tried once.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/ping", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 202, body = Queued), (status = 404, body = ProblemDocument), (status = 429, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn ping_webhook(
    State(app): State<App>,
    Organizer(user): Organizer,
    client: Client,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<Queued>)> {
    // It lets this server make a call.
    app.limits.logins.check(client)?;
    own(&app, id, user).await?;
    let (now, inner) = (app.now(), app.clone());
    let delivery = app.db.write("ping_webhook", move |tx| {
        let app = inner.clone();
        Box::pin(async move { jobs::ping(tx, &app, id, now).await })
    });
    let delivery = delivery.await?;
    app.wake_jobs();
    Ok((StatusCode::ACCEPTED, Json(Queued { delivery })))
}

/// What was sent to an endpoint in the last 30 days, the newest first. The next page is in the `Link` header.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "webhooks", params(
        ("id" = Uuid, Path),
        ("state" = Option<DeliveryState>, Query, description = "Only those that stand so."),
        ("cursor" = Option<Uuid>, Query, description = "From the Link header."),
        ("limit" = Option<i64>, Query, description = "1 to 200."),
    ),
    responses((status = 200, body = [Delivery]), (status = 404, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn list_webhook_deliveries(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<Uuid>,
    uri: Uri,
) -> Result<(HeaderMap, Json<Vec<Delivery>>)> {
    let params = Params::of(&uri, &["state", "cursor", "limit"])?;
    let limit = params.number("limit", 1, PAGE_MAX)?.unwrap_or(PAGE);
    let state = params.get("state").map(state_of).transpose()?;
    let before = params
        .get("cursor")
        .map(|cursor| cursor.parse::<Uuid>().map_err(|_| invalid_cursor()))
        .transpose()?;
    own(&app, id, user).await?;
    let mut rows = store::deliveries(&app.db, id, state, before, limit + 1).await?;
    let has_more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let mut headers = HeaderMap::new();
    if let Some(last) = rows.last().filter(|_| has_more) {
        let query = params.with("cursor", &last.id.to_string());
        let link = format!("</api/v1/webhooks/{id}/deliveries?{query}>; rel=\"next\"");
        headers.extend(HeaderValue::from_str(&link).map(|link| (header::LINK, link)));
    }
    Ok((headers, Json(rows)))
}

fn state_of(name: &str) -> Result<DeliveryState, Problem> {
    DeliveryState::of(name).ok_or_else(|| {
        Problem::invalid("/state", "validation", "Choose pending, delivered, failed or skipped.")
    })
}

fn invalid_cursor() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid-cursor", "Invalid cursor")
        .detail("Start again without a cursor, and follow the Link header.")
}

/// A delivery with what came of each attempt.
#[derive(Serialize, ToSchema)]
pub struct DeliveryDocument {
    /// How it stands, and what it carries.
    #[serde(flatten)]
    facts: DeliveryFacts,
    /// The newest 100 attempts, the oldest of them first.
    log: Vec<AttemptRow>,
}

/// A delivery, what it carries, and what came of each attempt.
#[utoipa::path(get, path = "/api/v1/webhook-deliveries/{id}", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 200, body = DeliveryDocument), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn get_webhook_delivery(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<Uuid>,
) -> Result<Json<DeliveryDocument>> {
    let facts = store::delivery(&app.db, id, user.owner_filter()).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(DeliveryDocument { facts, log: store::attempts(&app.db, id).await? }))
}

/// Send a delivery again that has ended: the same message, with the same `webhook-id`. One that is on its way already stays.
#[utoipa::path(post, path = "/api/v1/webhook-deliveries/{id}/replay", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 202, body = Queued), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn replay_webhook_delivery(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<Queued>)> {
    let facts = store::delivery(&app.db, id, user.owner_filter()).await?.ok_or_else(Problem::not_found)?;
    let endpoint = own(&app, facts.endpoint, user).await?;
    require_enabled(endpoint.state)?;
    #[cfg(feature = "testing")]
    let looked_first = app.guards.is_off(Guard::ReplayOnce) && facts.delivery.state != DeliveryState::Pending;
    #[cfg(not(feature = "testing"))]
    let looked_first = false;
    #[cfg(feature = "testing")]
    if looked_first {
        app.guards.meet().await;
    }
    let (now, inner) = (app.now(), app.clone());
    app.db
        .write("replay_webhook_delivery", move |tx| {
            let app = inner.clone();
            Box::pin(async move {
                if store::replay(tx, id, now).await? || looked_first {
                    enqueue(tx, Delivering::job(id, now), &app.entropy, now).await?;
                }
                Ok(())
            })
        })
        .await?;
    app.wake_jobs();
    Ok((StatusCode::ACCEPTED, Json(Queued { delivery: id })))
}

/// What is to be sent again.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// What was queued from this instant on.
    since: Ts,
    /// And before this one; absent: until now.
    until: Option<Ts>,
}

/// What is sent again.
#[derive(Serialize, ToSchema)]
pub struct Replayed {
    /// Deliveries that were queued; with 1000 there may be more: ask again.
    replayed: usize,
}

/// Send again what an endpoint did not take since an instant, because it failed or was paused: at most 1000 messages at a
/// time.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/replay", tag = "webhooks", request_body = Replay, params(("id" = Uuid, Path)),
    responses((status = 202, body = Replayed), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn replay_webhook(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<Uuid>,
    Json(body): Json<Replay>,
) -> Result<(StatusCode, Json<Replayed>)> {
    require_enabled(own(&app, id, user).await?.state)?;
    let (now, inner) = (app.now(), app.clone());
    // What is queued at this very instant is not missed.
    let until = body.until.unwrap_or(now + time::Duration::MICROSECOND);
    let replayed = app
        .db
        .write("replay_webhook", move |tx| {
            let app = inner.clone();
            Box::pin(async move {
                let deliveries = store::replay_since(tx, id, body.since, until, REPLAY_MAX, now).await?;
                let queued: Vec<_> =
                    deliveries.iter().map(|delivery| Delivering::job(*delivery, now)).collect();
                if !queued.is_empty() {
                    enqueue_all(tx, &queued, &app.entropy, now).await?;
                    let detail = json!({ "since": body.since, "deliveries": queued.len() });
                    audit::append(
                        tx,
                        Some(user.id),
                        "webhook.replayed",
                        format!("webhook:{id}"),
                        detail,
                        now,
                    )
                    .await?;
                }
                Ok(queued.len())
            })
        })
        .await?;
    app.wake_jobs();
    Ok((StatusCode::ACCEPTED, Json(Replayed { replayed })))
}

/// Nothing is sent to an endpoint that is not enabled.
fn require_enabled(state: EndpointState) -> Result<(), Problem> {
    let standing = match state {
        EndpointState::Enabled => return Ok(()),
        EndpointState::Paused => "paused",
        EndpointState::Disabled => "disabled",
    };
    Err(Problem::new(StatusCode::CONFLICT, "webhook-paused", "The endpoint takes no messages")
        .detail(format!("It is {standing}. Bring it back first: PATCH it with `paused: false`.")))
}
