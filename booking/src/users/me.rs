//! HTTP of one's own account.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;

use super::routes::Profile;
use super::store::User;
use super::{guests, links, logins, rules, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::extract::CurrentUser;
use crate::{audit, text};

/// One's own account.
#[utoipa::path(get, path = "/api/v1/users/me", tag = "users",
    responses((status = 200, body = Profile), (status = 401, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn get_me(State(app): State<App>, user: CurrentUser) -> Result<Json<Profile>> {
    let user = store::by_id(app.db.ex(), user.id).await?.ok_or_else(Problem::unauthorized)?;
    Ok(Json(user.into()))
}

/// What is to change; absent members stay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileChange {
    /// At most 100 characters.
    name: Option<String>,
    /// The new password, with the current one. A guest, who has none, becomes an account with it; the address must be
    /// proven.
    password: Option<String>,
    /// Needed to set another password.
    current_password: Option<String>,
}

/// Changes one's name or password. A new password ends all other logins. Whoever bought as a guest chooses the first one
/// and has an account from then on, unless the address has one (409 `address-taken`) or is not proven (403
/// `email-unverified`).
#[utoipa::path(patch, path = "/api/v1/users/me", tag = "users", request_body = ProfileChange,
    responses((status = 429, body = ProblemDocument),
        (status = 200, body = Profile), (status = 401, body = ProblemDocument), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn update_me(
    State(app): State<App>,
    user: CurrentUser,
    Json(body): Json<ProfileChange>,
) -> Result<Json<Profile>> {
    let name = body.name.as_deref().map(|name| text::line("/name", name, 100)).transpose()?;
    let password = match &body.password {
        Some(password) => Some(new_password(&app, user, password, body.current_password.as_deref()).await?),
        None => None,
    };
    let now = app.now();
    let changed = app
        .db
        .write("update_account", move |tx| {
            let (name, password) = (name.clone(), password.clone());
            Box::pin(async move {
                if let Some(name) = &name {
                    store::set_name(tx, user.id, name, now).await?;
                }
                if let Some(password) = &password {
                    set_password(tx, user, password, now).await?;
                }
                store::by_id(tx.ex(), user.id).await?.ok_or_else(|| Problem::unauthorized().into())
            })
        })
        .await?;
    Ok(Json(changed.into()))
}

/// A password that may be set, for the account as it was when that was found.
#[derive(Clone)]
struct Allowed {
    hash: String,
    owner: User,
}

/// The new password, if the current one is right; a guest has none to show, but an address that is proven.
async fn new_password(app: &App, user: CurrentUser, new: &str, current: Option<&str>) -> Result<Allowed> {
    rules::password("/password", new)?;
    let current = current.unwrap_or_default();
    app.limits.accounts.check_key(rules::token_hash(&user.id.to_string()), "for this account")?;
    let secret = store::secret_by_id(app.db.ex(), user.id).await?.ok_or_else(Problem::unauthorized)?;
    if secret.user.is_guest {
        if secret.user.email_verified_at.is_none() {
            return Err(unproven().into());
        }
    } else {
        rules::password("/current_password", current)?;
        if !app.passwords.verify(current, Some(&secret.password_hash)).await? {
            return Err(wrong_password().into());
        }
    }
    Ok(Allowed { hash: app.passwords.hash(new, &app.entropy).await?, owner: secret.user })
}

/// Sets the password and ends the other logins.
async fn set_password(tx: &mut Tx, user: CurrentUser, new: &Allowed, now: Ts) -> Result<()> {
    if !new.owner.is_guest {
        store::set_password(tx, user.id, &new.hash, now).await?;
    } else if !guests::settle(tx, &new.owner, &new.hash, now).await? {
        // Another tab chose a password meanwhile: from then on the present one must be shown.
        return Err(wrong_password().into());
    }
    store::end_logins(tx, user.id, Some(user.login), now).await?;
    let detail = json!({ "by": if new.owner.is_guest { "guest" } else { "owner" } });
    audit::append(tx, Some(user.id), "user.password_changed", format!("user:{}", user.id), detail, now).await
}

/// 422 for a present password that is not the account's.
fn wrong_password() -> Problem {
    Problem::invalid("/current_password", "wrong-password", "The current password is wrong.")
}

/// 403 for a guest whose address could be anybody's.
fn unproven() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "email-unverified", "Please confirm your address")
        .detail("Open the link in one of the mails about your booking, or ask for another one in your account; then choose your password.")
}

/// Logs out everywhere: every login of the account ends, this one too. Access tokens that are out live for a few minutes
/// more; none is renewed.
#[utoipa::path(delete, path = "/api/v1/users/me/logins", tag = "users",
    responses((status = 204, description = "All have ended"), (status = 401, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn end_logins(State(app): State<App>, user: CurrentUser) -> Result<Response> {
    let now = app.now();
    app.db
        .write("end_logins", move |tx| {
            Box::pin(async move {
                store::end_logins(tx, user.id, None, now).await?;
                audit::append(
                    tx,
                    Some(user.id),
                    "login.ended_everywhere",
                    format!("user:{}", user.id),
                    (),
                    now,
                )
                .await
            })
        })
        .await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, logins::no_cookie(&app))]).into_response())
}

/// Mails another link that proves one's address; nothing happens when it is proven.
#[utoipa::path(post, path = "/api/v1/users/me/verification", tag = "users",
    responses((status = 202), (status = 429, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn resend_verification(State(app): State<App>, user: CurrentUser) -> Result<StatusCode> {
    app.limits.accounts.check_key(rules::token_hash(&user.id.to_string()), "for this account")?;
    let (now, app_) = (app.now(), app.clone());
    app.db
        .write("resend_verification", move |tx| {
            let app = app_.clone();
            Box::pin(async move {
                let user = store::by_id(tx.ex(), user.id).await?.ok_or_else(Problem::unauthorized)?;
                if user.email_verified_at.is_none() {
                    links::send_verification(tx, &app, user.id, now).await?;
                }
                Ok(())
            })
        })
        .await?;
    app.wake_jobs();
    Ok(StatusCode::ACCEPTED)
}
