//! HTTP of one's own account.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;

use super::routes::Profile;
use super::{links, rules, store};
use crate::app::App;
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
    /// The new password, with the current one.
    password: Option<String>,
    /// Needed to set another password.
    current_password: Option<String>,
}

/// Changes one's name or password. A new password ends all other logins.
#[utoipa::path(patch, path = "/api/v1/users/me", tag = "users", request_body = ProfileChange,
    responses((status = 429, body = ProblemDocument),
        (status = 200, body = Profile), (status = 401, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn update_me(
    State(app): State<App>,
    user: CurrentUser,
    Json(body): Json<ProfileChange>,
) -> Result<Json<Profile>> {
    let name = body.name.as_deref().map(|name| text::line("/name", name, 100)).transpose()?;
    let password_hash = match &body.password {
        Some(password) => Some(new_password(&app, user, password, body.current_password.as_deref()).await?),
        None => None,
    };
    let now = app.now();
    let changed = app
        .db
        .write("update_account", move |tx| {
            let (name, password_hash) = (name.clone(), password_hash.clone());
            Box::pin(async move {
                if let Some(name) = &name {
                    store::set_name(tx, user.id, name, now).await?;
                }
                if let Some(hash) = &password_hash {
                    store::set_password(tx, user.id, hash, now).await?;
                    store::end_logins(tx, user.id, Some(user.login), now).await?;
                    let (subject, detail) = (format!("user:{}", user.id), json!({ "by": "owner" }));
                    audit::append(tx, Some(user.id), "user.password_changed", subject, detail, now).await?;
                }
                store::by_id(tx.ex(), user.id).await?.ok_or_else(|| Problem::unauthorized().into())
            })
        })
        .await?;
    Ok(Json(changed.into()))
}

/// The hash of the new password, if the current one is right.
async fn new_password(app: &App, user: CurrentUser, new: &str, current: Option<&str>) -> Result<String> {
    rules::password("/password", new)?;
    let current = current.unwrap_or_default();
    rules::password("/current_password", current)?;
    app.limits.accounts.check_key(rules::token_hash(&user.id.to_string()), "for this account")?;
    let secret = store::secret_by_id(app.db.ex(), user.id).await?.ok_or_else(Problem::unauthorized)?;
    if !app.passwords.verify(current, Some(&secret.password_hash)).await? {
        let detail = "The current password is wrong.";
        return Err(Problem::invalid("/current_password", "wrong-password", detail).into());
    }
    app.passwords.hash(new, &app.entropy).await
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
