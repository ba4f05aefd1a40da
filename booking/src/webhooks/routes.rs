//! HTTP of endpoints.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{self, EventKind};
use super::store::{self, Endpoint, NewEndpoint};
use super::target;
use crate::app::App;
use crate::audit;
use crate::error::Result;
use crate::extract::{CurrentUser, Organizer, Path};
use crate::text;

/// Longest description in characters.
const DESCRIPTION_MAX: usize = 200;

/// An endpoint to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Where messages go: https, on the public internet.
    url: String,
    /// What it is told of.
    kinds: Vec<EventKind>,
    /// For its owner; at most 200 characters.
    #[serde(default)]
    description: String,
}

/// An endpoint that was just made.
#[derive(Serialize, ToSchema)]
pub struct MadeWebhook {
    /// The endpoint.
    #[serde(flatten)]
    endpoint: Endpoint,
    /// Signs its messages, `whsec_…`; shown this once.
    secret: String,
}

/// An endpoint's new secret.
#[derive(Serialize, ToSchema)]
pub struct NewSecret {
    /// Signs its messages from now on, `whsec_…`; shown this once.
    secret: String,
    /// Until then messages are signed with the one before, too.
    overlap_until: Ts,
}

/// What is to change; absent members stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    /// Where messages go.
    url: Option<String>,
    /// What it is told of.
    kinds: Option<Vec<EventKind>>,
    /// For its owner.
    description: Option<String>,
    /// Whether it takes no messages for now; `false` also brings a disabled one back.
    paused: Option<bool>,
}

/// The endpoint, if `user` owns it or is an admin; 404 for anybody else's.
pub async fn own(app: &App, id: Uuid, user: CurrentUser) -> Result<Endpoint> {
    Ok(store::find(&app.db, id, user.owner_filter()).await?.ok_or_else(Problem::not_found)?)
}

/// My endpoints, and everybody's for admins.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks",
    responses((status = 200, body = [Endpoint]), (status = 403, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn list_webhooks(
    State(app): State<App>,
    Organizer(user): Organizer,
) -> Result<Json<Vec<Endpoint>>> {
    store::list(&app.db, user.owner_filter()).await.map(Json)
}

/// Register an endpoint. It is told of what happens at my events; an admin's, of what happens at all.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = NewWebhook,
    responses((status = 201, body = MadeWebhook), (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn create_webhook(
    State(app): State<App>,
    Organizer(user): Organizer,
    Json(body): Json<NewWebhook>,
) -> Result<Response> {
    let now = app.now();
    let url = target::url(&body.url, app.webhooks.wire.allowed())?;
    let description = text::paragraphs("/description", &body.description, DESCRIPTION_MAX)?;
    let kinds = rules::kinds(&body.kinds)?;
    let id = app.entropy.uuid_v7(now);
    let (secret, sealed) = new_secret(&app, id)?;
    let new = NewEndpoint { id, owner: user.id, url: url.into(), description, kinds, sealed };
    app.db
        .write("create_webhook", move |tx| {
            let new = new.clone();
            Box::pin(async move {
                if !store::insert(tx, &new, now).await? {
                    return Err(too_many().into());
                }
                let detail = json!({ "kinds": new.kinds });
                audit::append(tx, Some(user.id), "webhook.created", format!("webhook:{id}"), detail, now)
                    .await
            })
        })
        .await?;
    super::look(&app).await?;
    let endpoint = own(&app, id, user).await?;
    Ok((StatusCode::CREATED, unkept(), Json(MadeWebhook { endpoint, secret })).into_response())
}

/// An endpoint.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 200, body = Endpoint), (status = 404, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn get_webhook(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<Uuid>,
) -> Result<Json<Endpoint>> {
    own(&app, id, user).await.map(Json)
}

/// Change an endpoint, pause it, or bring it back. What it missed meanwhile can be sent again.
#[utoipa::path(patch, path = "/api/v1/webhooks/{id}", tag = "webhooks", request_body = WebhookChange, params(("id" = Uuid, Path)),
    responses((status = 200, body = Endpoint), (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn update_webhook(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<Uuid>,
    Json(body): Json<WebhookChange>,
) -> Result<Json<Endpoint>> {
    own(&app, id, user).await?;
    let url =
        body.url.map(|url| target::url(&url, app.webhooks.wire.allowed())).transpose()?.map(String::from);
    let description =
        body.description.map(|text| text::paragraphs("/description", &text, DESCRIPTION_MAX)).transpose()?;
    let kinds = body.kinds.map(|kinds| rules::kinds(&kinds)).transpose()?;
    let now = app.now();
    app.db
        .write("update_webhook", move |tx| {
            let (url, description, kinds) = (url.clone(), description.clone(), kinds.clone());
            Box::pin(async move {
                let found =
                    store::change(tx, id, url.as_deref(), description.as_deref(), kinds.as_deref()).await?;
                if found == 0 {
                    return Err(Problem::not_found().into());
                }
                if let Some(paused) = body.paused {
                    store::pause(tx, id, paused).await?;
                }
                let detail = json!({ "url": url.is_some(), "kinds": kinds, "paused": body.paused });
                audit::append(tx, Some(user.id), "webhook.changed", format!("webhook:{id}"), detail, now)
                    .await
            })
        })
        .await?;
    super::look(&app).await?;
    own(&app, id, user).await.map(Json)
}

/// Delete an endpoint, with its log. Nothing more is sent to it.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn delete_webhook(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    own(&app, id, user).await?;
    let now = app.now();
    app.db
        .write("delete_webhook", move |tx| {
            Box::pin(async move {
                if store::delete(tx, id).await? == 0 {
                    return Err(Problem::not_found().into());
                }
                audit::append(tx, Some(user.id), "webhook.deleted", format!("webhook:{id}"), (), now).await
            })
        })
        .await?;
    super::look(&app).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replace an endpoint's secret. For 24 hours messages are signed with both, so that the receiver can change over.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/secret", tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 200, body = NewSecret), (status = 404, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn rotate_webhook_secret(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    own(&app, id, user).await?;
    let (now, (secret, sealed)) = (app.now(), new_secret(&app, id)?);
    let overlap_until = now + rules::OVERLAP;
    app.db
        .write("rotate_webhook_secret", move |tx| {
            let sealed = sealed.clone();
            Box::pin(async move {
                if store::rotate(tx, id, &sealed, overlap_until).await? == 0 {
                    return Err(Problem::not_found().into());
                }
                audit::append(tx, Some(user.id), "webhook.secret_replaced", format!("webhook:{id}"), (), now)
                    .await
            })
        })
        .await?;
    Ok((unkept(), Json(NewSecret { secret, overlap_until })).into_response())
}

/// A secret as its owner gets it, and as it is kept.
fn new_secret(app: &App, endpoint: Uuid) -> Result<(String, Vec<u8>)> {
    let secret = app.entropy.bytes::<{ rules::SECRET_LENGTH }>();
    let sealed = app.vault.seal(&store::sealed_for(endpoint), &secret, &app.entropy, app.now())?;
    Ok((rules::written(&secret), sealed))
}

/// Answers with a secret are kept by nobody.
fn unkept() -> [(header::HeaderName, HeaderValue); 1] {
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}

fn too_many() -> Problem {
    Problem::new(StatusCode::CONFLICT, "too-many-webhooks", "There are enough endpoints")
        .detail(format!("An account has at most {} endpoints. Delete one first.", rules::ENDPOINTS_MAX))
}
