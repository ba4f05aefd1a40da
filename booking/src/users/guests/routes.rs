//! HTTP of guests.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use shared::access::Role;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::users::links::{LinkToken, link_expired};
use crate::users::logins::{self, SignedIn};
use crate::users::routes::answer;
use crate::users::{User, by_id, rules, store as users};
use crate::{audit, text};

/// Somebody who buys without an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Guest {
    /// The name for the tickets; at most 100 characters.
    name: String,
    /// Where the tickets go.
    email: String,
}

/// Buy without an account: the answer is a login, good for holding, booking and paying. The mails carry a link that opens
/// the bookings again. Whether the address has an account makes no difference.
#[utoipa::path(post, path = "/api/v1/users/guests", tag = "users", request_body = Guest,
    responses((status = 201, body = SignedIn), (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn begin_as_guest(
    State(app): State<App>,
    client: Client,
    Json(body): Json<Guest>,
) -> Result<Response> {
    app.limits.logins.check(client)?;
    let now = app.now();
    let user = User {
        id: app.entropy.uuid_v7(now),
        name: text::line("/name", &body.name, 100)?,
        email: rules::email("/email", &body.email)?,
        role: Role::Guest,
        email_verified_at: None,
        created_at: now,
    };
    let new = user.clone();
    app.db
        .write("begin_as_guest", move |tx| {
            let user = new.clone();
            Box::pin(async move {
                store::insert_guest(tx, &user).await?;
                audit::append(tx, Some(user.id), "user.guest_began", format!("user:{}", user.id), (), now)
                    .await
            })
        })
        .await?;
    Ok((StatusCode::CREATED, answer(&app, logins::begin(&app, user).await?)).into_response())
}

/// Open a guest's bookings with the link of a mail, as often as need be. It proves the address.
#[utoipa::path(post, path = "/api/v1/users/magic-link", tag = "users", request_body = LinkToken,
    responses((status = 200, body = SignedIn), (status = 410, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn open_magic_link(
    State(app): State<App>,
    client: Client,
    Json(body): Json<LinkToken>,
) -> Result<Response> {
    app.limits.logins.check(client)?;
    let (hash, now) = (rules::token_hash(&body.token), app.now());
    let user = app
        .db
        .write("open_magic_link", move |tx| {
            let hash = hash.clone();
            Box::pin(async move {
                let user = store::owner(tx, &hash, now).await?.ok_or_else(link_expired)?;
                users::set_verified(tx, user, now).await?;
                Ok(by_id(tx.ex(), user).await?.ok_or_else(Problem::not_found)?)
            })
        })
        .await?;
    Ok(answer(&app, logins::begin(&app, user).await?))
}
