//! HTTP of registering, logging in and out.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::access::Role;
use shared::clock::Ts;
use shared::json::{Json, OptionalJson};
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::links;
use super::logins::{self, SignedIn};
use super::rules;
use super::store::{self, User};
use super::{newcomer, organising, totp};
use crate::app::App;
use crate::audit;
use crate::error::Result;
use crate::extract::CurrentUser;
use crate::notifications::{self, Message};

/// An account as its owner and admins see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Profile {
    /// Its id.
    pub id: Uuid,
    /// What the person is called.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// What the person may do.
    pub user_type: Role,
    /// When it registered.
    pub created_at: Ts,
    /// Whether the address was proven.
    pub email_verified: bool,
    /// Whether the person bought without an account, and may choose a password to have one.
    pub is_guest: bool,
}

impl From<User> for Profile {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            name: user.name,
            email: user.email,
            user_type: user.role,
            created_at: user.created_at,
            email_verified: user.email_verified_at.is_some(),
            is_guest: user.is_guest,
        }
    }
}

/// An account that has just registered.
#[derive(Serialize, ToSchema)]
pub struct Registered {
    id: Uuid,
    name: String,
    email: String,
    user_type: Role,
    created_at: Ts,
}

/// Somebody who wants an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// What the person is called; at most 100 characters.
    name: String,
    /// Where mail goes.
    email: String,
    /// 8 to 128 characters.
    password: String,
    /// Grants nothing: every account begins as `guest`. `organizer` asks for that role; an admin decides.
    user_type: Option<String>,
}

/// Makes an account and mails a link that proves its address. For an address that has an account the answer is the
/// same; its owner is told by mail.
#[utoipa::path(post, path = "/api/v1/users/register", tag = "users", request_body = Registration,
    responses((status = 201, body = Registered), (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn register(
    State(app): State<App>,
    client: Client,
    Json(body): Json<Registration>,
) -> Result<(StatusCode, Json<Registered>)> {
    app.limits.logins.check(client)?;
    let now = app.now();
    let user = newcomer(&app, &body.name, &body.email, now)?;
    rules::password("/password", &body.password)?;
    let wants_to_organise = body.user_type.as_deref() == Some("organizer");
    let password_hash = app.passwords.hash(&body.password, &app.entropy).await?;
    let (new, app_) = (user.clone(), app.clone());
    app.db
        .write("register", move |tx| {
            let (user, app, password_hash) = (new.clone(), app_.clone(), password_hash.clone());
            Box::pin(async move {
                let email_key = rules::email_key(&user.email);
                if store::insert(tx, &user, &email_key, &password_hash).await? {
                    links::send_verification(tx, &app, user.id, now).await?;
                    let detail = json!({ "wants_to_organise": wants_to_organise });
                    let subject = format!("user:{}", user.id);
                    audit::append(tx, Some(user.id), "user.registered", subject, detail, now).await?;
                    if wants_to_organise {
                        organising::ask_in_passing(tx, user.id, now).await?;
                    }
                } else if let Some(owner) = store::by_email(tx.ex(), &email_key).await? {
                    notifications::enqueue(tx, &app, &Message::AlreadyRegistered { user: owner.id }, now)
                        .await?;
                }
                Ok(())
            })
        })
        .await?;
    app.wake_jobs();
    let User { id, name, email, role, created_at, .. } = user;
    Ok((StatusCode::CREATED, Json(Registered { id, name, email, user_type: role, created_at })))
}

/// Address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    email: String,
    password: String,
    /// Of the second factor, where the account has one: six digits, or a recovery code.
    code: Option<String>,
}

/// Logs in. A wrong password and an unknown address get the same answer after the same work. Where the account has a
/// second factor, 401 `totp-required` asks for its code.
#[utoipa::path(post, path = "/api/v1/users/login", tag = "users", request_body = Credentials,
    responses((status = 200, body = SignedIn), (status = 401, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn login(
    State(app): State<App>,
    client: Client,
    Json(body): Json<Credentials>,
) -> Result<Response> {
    app.limits.logins.check(client)?;
    rules::password("/password", &body.password)?;
    let email_key = rules::email_key(&rules::email("/email", &body.email)?);
    app.limits.accounts.check_key(rules::token_hash(&email_key), "for this account")?;
    let found = store::secret_by_email(app.db.ex(), &email_key).await?;
    let hash = found.as_ref().map(|f| f.password_hash.as_str());
    let right = app.passwords.verify(&body.password, hash).await?;
    match found {
        Some(found) if right => {
            totp::check(&app, found.user.id, body.code.as_deref()).await?;
            Ok(answer(&app, logins::begin(&app, found.user).await?))
        }
        _ => Err(Problem::new(StatusCode::UNAUTHORIZED, "login-failed", "Login failed")
            .detail("The e-mail address or the password is wrong. Try again, or ask for a new password.")
            .into()),
    }
}

/// A refresh token, unless the cookie carries it.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshToken {
    #[serde(default)]
    refresh_token: Option<String>,
}

/// Renews a login: a new access token and a new refresh token for the shown one, which then is used up.
#[utoipa::path(post, path = "/api/v1/users/refresh", tag = "users", request_body = RefreshToken,
    responses((status = 200, body = SignedIn), (status = 401, body = ProblemDocument)))]
pub async fn refresh(
    State(app): State<App>,
    headers: HeaderMap,
    Json(body): Json<RefreshToken>,
) -> Result<Response> {
    let shown =
        body.refresh_token.or_else(|| logins::from_cookie(&headers)).ok_or_else(Problem::unauthorized)?;
    Ok(answer(&app, logins::renew(&app, &shown).await?))
}

/// Ends a login: that of the refresh token, of the cookie, or of the access token.
#[utoipa::path(post, path = "/api/v1/users/logout", tag = "users", request_body = RefreshToken,
    responses((status = 204)),
    security((), ("bearer" = [])))]
pub async fn logout(
    State(app): State<App>,
    headers: HeaderMap,
    user: Option<CurrentUser>,
    OptionalJson(body): OptionalJson<RefreshToken>,
) -> Result<Response> {
    if let Some(shown) = body.refresh_token.or_else(|| logins::from_cookie(&headers)) {
        logins::end_shown(&app, &shown).await?;
    }
    if let Some(user) = user {
        logins::end(&app, user.login).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, logins::set_cookie(&app, ""))]).into_response())
}

/// The public keys that verify access tokens, as a JWK set.
#[utoipa::path(get, path = "/api/v1/users/jwks.json", tag = "users", responses((status = 200, body = serde_json::Value)))]
pub async fn session_keys(State(app): State<App>) -> Response {
    let cache = [(header::CACHE_CONTROL, "public, max-age=60")];
    (cache, axum::Json(app.session_keys.public().jwks())).into_response()
}

pub(super) fn answer(app: &App, signed_in: SignedIn) -> Response {
    let cookie = logins::set_cookie(app, &signed_in.refresh_token);
    let headers =
        [(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (headers, Json(signed_in)).into_response()
}
