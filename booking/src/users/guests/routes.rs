//! HTTP of guests.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;

use super::at_once::NewGuest;
use super::store;
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::notifications::{self, Message};
use crate::users::links::{Address, LinkToken, link_expired};
use crate::users::logins::{self, NewLogin, SignedIn};
use crate::users::routes::answer;
use crate::users::{User, by_id, newcomer, rules, store as users};

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
    let user = User { is_guest: true, ..newcomer(&app, &body.name, &body.email, now)? };
    let login = NewLogin::draw(&app, now);
    let begun = app.guests.one(NewGuest::new(&user, &login)).await?;
    begun.ok_or_else(|| Error::Internal("a guest did not begin".into()))?;
    Ok((StatusCode::CREATED, answer(&app, login.signed_in(&app, user)?)).into_response())
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

/// Mails fresh links to the bookings that were made without an account at this address and whose sessions are not over. The answer
/// is the same when there are none.
#[utoipa::path(post, path = "/api/v1/users/guests/link", tag = "users", request_body = Address,
    responses((status = 202), (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn ask_for_link(
    State(app): State<App>,
    client: Client,
    Json(body): Json<Address>,
) -> Result<StatusCode> {
    app.limits.logins.check(client)?;
    let key = rules::email_key(&rules::email("/email", &body.email)?);
    app.limits.accounts.check_key(rules::token_hash(&key), "for this address")?;
    let (now, inner) = (app.now(), app.clone());
    app.db
        .write("ask_for_link", move |tx| {
            let (app, key) = (inner.clone(), key.clone());
            Box::pin(async move {
                let bookings = store::open_bookings(tx, &key, now).await?;
                for booking in &bookings {
                    notifications::enqueue(tx, &app, &Message::GuestLink { booking: *booking }, now).await?;
                }
                let found = json!({ "bookings": bookings.len() });
                // Also for strangers: a commit without a write would be faster and tell the two apart.
                audit::append(tx, None, "user.link_asked_for", "user:guest".to_owned(), found, now).await
            })
        })
        .await?;
    app.wake_jobs();
    Ok(StatusCode::ACCEPTED)
}
