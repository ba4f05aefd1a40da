//! HTTP of links sent by mail: they prove that an address is read by its owner. Each works once.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use time::Duration;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Purpose};
use super::{logins, rules};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::Result;
use crate::notifications::{self, Message};

/// How long a link that proves an address works.
const VERIFY_FOR: Duration = Duration::days(2);
/// How long a link that sets a password works.
const RESET_FOR: Duration = Duration::hours(1);

/// Queues a mail with a new link that proves the address of `user`.
pub(super) async fn send_verification(tx: &mut Tx, app: &App, user: Uuid, now: Ts) -> Result<()> {
    let token = logins::new_token(&app.entropy);
    store::insert_link(tx, &rules::token_hash(&token), user, Purpose::VerifyEmail, now + VERIFY_FOR).await?;
    notifications::enqueue(tx, app, &Message::VerifyEmail { user, token }, now).await
}

/// The secret of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    pub(super) token: String,
}

/// Proves the address of an account.
#[utoipa::path(post, path = "/api/v1/users/verify-email", tag = "users", request_body = LinkToken,
    responses((status = 429, body = ProblemDocument),
        (status = 204), (status = 410, body = ProblemDocument)))]
pub async fn verify_email(
    State(app): State<App>,
    client: Client,
    Json(body): Json<LinkToken>,
) -> Result<StatusCode> {
    app.limits.logins.check(client)?;
    let (hash, now) = (rules::token_hash(&body.token), app.now());
    app.db
        .write("verify_email", move |tx| {
            let hash = hash.clone();
            Box::pin(async move {
                let user =
                    store::use_link(tx, &hash, Purpose::VerifyEmail, now).await?.ok_or_else(link_expired)?;
                store::set_verified(tx, user, now).await?;
                audit::append(tx, Some(user), "user.email_verified", format!("user:{user}"), (), now).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    pub(super) email: String,
}

/// Mails a link that sets a new password, if the address has an account; the answer is the same if it has none.
#[utoipa::path(post, path = "/api/v1/users/forgot-password", tag = "users", request_body = Address,
    responses((status = 202), (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn forgot_password(
    State(app): State<App>,
    client: Client,
    Json(body): Json<Address>,
) -> Result<StatusCode> {
    app.limits.logins.check(client)?;
    let email_key = rules::email_key(&rules::email("/email", &body.email)?);
    app.limits.accounts.check_key(rules::token_hash(&email_key), "for this account")?;
    let (now, app_) = (app.now(), app.clone());
    app.db
        .write("forgot_password", move |tx| {
            let (app, email_key) = (app_.clone(), email_key.clone());
            Box::pin(async move {
                let user = store::by_email(tx.ex(), &email_key).await?.map(|user| user.id);
                if let Some(user) = user {
                    let token = logins::new_token(&app.entropy);
                    let hash = rules::token_hash(&token);
                    store::insert_link(tx, &hash, user, Purpose::ResetPassword, now + RESET_FOR).await?;
                    notifications::enqueue(tx, &app, &Message::ResetPassword { user, token }, now).await?;
                }
                // Also for strangers: a commit without a write would be faster and tell the two apart.
                let subject = user.map_or_else(|| "user:unknown".to_owned(), |user| format!("user:{user}"));
                audit::append(tx, user, "user.password_forgotten", subject, (), now).await
            })
        })
        .await?;
    app.wake_jobs();
    Ok(StatusCode::ACCEPTED)
}

/// The secret of a link and a new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    token: String,
    /// 8 to 128 characters.
    password: String,
}

/// Sets a new password and ends all logins of the account.
#[utoipa::path(post, path = "/api/v1/users/reset-password", tag = "users", request_body = NewPassword,
    responses((status = 429, body = ProblemDocument),
        (status = 204), (status = 410, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn reset_password(
    State(app): State<App>,
    client: Client,
    Json(body): Json<NewPassword>,
) -> Result<StatusCode> {
    app.limits.logins.check(client)?;
    rules::password("/password", &body.password)?;
    let (link, now) = (rules::token_hash(&body.token), app.now());
    // Asked before hashing: made-up links shall not keep the cores busy.
    if !store::link_works(app.db.ex(), &link, Purpose::ResetPassword, now).await? {
        return Err(link_expired().into());
    }
    let password_hash = app.passwords.hash(&body.password, &app.entropy).await?;
    app.db
        .write("reset_password", move |tx| {
            let (link, password_hash) = (link.clone(), password_hash.clone());
            Box::pin(async move {
                let user = store::use_link(tx, &link, Purpose::ResetPassword, now)
                    .await?
                    .ok_or_else(link_expired)?;
                store::set_password(tx, user, &password_hash, now).await?;
                store::set_verified(tx, user, now).await?;
                store::end_logins(tx, user, None, now).await?;
                let detail = json!({ "by": "mail link" });
                audit::append(tx, Some(user), "user.password_changed", format!("user:{user}"), detail, now)
                    .await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 410 for a link that works no more.
pub(super) fn link_expired() -> Problem {
    Problem::new(StatusCode::GONE, "link-expired", "This link no longer works")
        .detail("It was used, is too old or was altered. Ask for a new one.")
}
