//! Logins: a family of refresh tokens that replace one another, and the access tokens that come with them.

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::json;
use shared::access::AccessClaims;
use shared::browser::cookie;
use shared::clock::Ts;
use shared::entropy::Entropy;
use shared::problem::Problem;
use time::Duration;
use utoipa::ToSchema;
use uuid::Uuid;

use super::routes::Profile;
use super::rules::{self, Verdict};
use super::store::{self, User};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::notifications::{self, Message};

/// The refresh token's cookie: sent to account routes only, never to scripts.
const COOKIE: &str = "rushline_refresh";
const COOKIE_PATH: &str = "/api/v1/users";

/// Somebody has logged in.
#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    /// Access token, for `Authorization: Bearer …`.
    pub token: String,
    /// Gives the next access token, once; also sent as an HttpOnly cookie.
    pub refresh_token: String,
    /// Seconds the access token lives.
    pub expires_in: i64,
    /// Who.
    pub user: Profile,
}

/// A secret of 256 bits, as it travels.
pub fn new_token(entropy: &Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy.bytes::<32>())
}

/// A login that is to be begun, with the refresh token that goes out.
pub struct NewLogin {
    /// The login.
    pub id: Uuid,
    token: String,
    /// What the tables know of the token.
    pub hash: Vec<u8>,
    at: Ts,
    /// The token is dead from then on.
    pub expires_at: Ts,
}

impl NewLogin {
    /// A new one, at `now`.
    pub fn draw(app: &App, now: Ts) -> Self {
        let token = new_token(&app.entropy);
        let hash = rules::token_hash(&token);
        Self { id: app.entropy.uuid_v7(now), token, hash, at: now, expires_at: expiry(app, now) }
    }

    /// What `user` is told once it has begun.
    pub fn signed_in(self, app: &App, user: User) -> Result<SignedIn> {
        signed_in(app, user, self.id, self.token, self.at)
    }
}

/// Begins a login of `user`.
pub async fn begin(app: &App, user: User) -> Result<SignedIn> {
    let (new, id) = (NewLogin::draw(app, app.now()), user.id);
    let (login, hash, now, expires_at) = (new.id, new.hash.clone(), new.at, new.expires_at);
    app.db
        .write("begin_login", move |tx| {
            let hash = hash.clone();
            Box::pin(async move {
                store::insert_login(tx, login, id, now).await?;
                store::insert_refresh(tx, &hash, login, now, expires_at).await
            })
        })
        .await?;
    new.signed_in(app, user)
}

/// What a renewal came to.
enum Outcome {
    Renewed { user: User, login: Uuid },
    Refused,
    Ended,
}

/// Renews a login: the shown token is replaced by a new one. One that was replaced before ends its whole login,
/// because somebody has a copy; the direct predecessor is honoured for ten seconds, because two tabs may ask at once.
pub async fn renew(app: &App, shown: &str) -> Result<SignedIn> {
    let now = app.now();
    let token = new_token(&app.entropy);
    let (old, new, expires_at) = (rules::token_hash(shown), rules::token_hash(&token), expiry(app, now));
    let inner = app.clone();
    let outcome = app
        .db
        .write("renew_login", move |tx| {
            let (app, old, new) = (inner.clone(), old.clone(), new.clone());
            Box::pin(async move { renew_in(tx, &app, &old, &new, now, expires_at).await })
        })
        .await?;
    if matches!(outcome, Outcome::Ended) {
        app.wake_jobs();
    }
    match outcome {
        Outcome::Renewed { user, login } => signed_in(app, user, login, token, now),
        Outcome::Refused => Err(Problem::new(StatusCode::UNAUTHORIZED, "login-required", "Please log in")
            .detail("This login has ended. Log in again.")
            .into()),
        Outcome::Ended => {
            Err(Problem::new(StatusCode::UNAUTHORIZED, "session-revoked", "This login was ended")
                .detail("Its renewal was used twice, so somebody may have copied it. Log in again.")
                .into())
        }
    }
}

async fn renew_in(
    tx: &mut Tx,
    app: &App,
    old: &[u8],
    new: &[u8],
    now: Ts,
    expires_at: Ts,
) -> Result<Outcome> {
    // Two renewals at once need no lock: the later one is its direct predecessor's second, which is honoured.
    let Some(row) = store::refresh_token(tx, old).await? else { return Ok(Outcome::Refused) };
    match rules::judge(&row.shown(), now) {
        Verdict::Refuse => Ok(Outcome::Refused),
        Verdict::Renew => {
            store::replace_refresh(tx, old, now).await?;
            store::insert_refresh(tx, new, row.login_id, now, expires_at).await?;
            let user = store::by_id(tx.ex(), row.user_id).await?.ok_or_else(Problem::unauthorized)?;
            Ok(Outcome::Renewed { user, login: row.login_id })
        }
        Verdict::EndLogin => {
            // Its owner is told once, however often the copy is shown.
            if store::end_login(tx, row.login_id, now).await? {
                let subject = format!("user:{}", row.user_id);
                let detail = json!({ "login": row.login_id });
                audit::append(tx, Some(row.user_id), "login.reuse_detected", subject, detail, now).await?;
                notifications::enqueue(tx, app, &Message::LoginEnded { user: row.user_id }, now).await?;
            }
            Ok(Outcome::Ended)
        }
    }
}

/// Ends the login that the shown token belongs to, if any.
pub async fn end_shown(app: &App, shown: &str) -> Result<()> {
    let (hash, now) = (rules::token_hash(shown), app.now());
    app.db
        .write("end_login", move |tx| {
            let hash = hash.clone();
            Box::pin(async move {
                if let Some(row) = store::refresh_token(tx, &hash).await? {
                    store::end_login(tx, row.login_id, now).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Ends one login.
pub async fn end(app: &App, login: Uuid) -> Result<()> {
    let now = app.now();
    app.db
        .write("end_login", move |tx| {
            Box::pin(async move { store::end_login(tx, login, now).await.map(|_| ()) })
        })
        .await
}

/// The refresh token of the cookie.
pub fn from_cookie(headers: &HeaderMap) -> Option<String> {
    cookie(headers, COOKIE).map(str::to_owned)
}

/// `Set-Cookie` for a refresh token; an empty one deletes it.
pub fn set_cookie(app: &App, token: &str) -> HeaderValue {
    let max_age_s = if token.is_empty() { 0 } else { app.settings.booking.refresh_days * 86_400 };
    let secure = if app.settings.public_url().starts_with("https://") { "; Secure" } else { "" };
    let text = format!(
        "{COOKIE}={token}; Path={COOKIE_PATH}; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}"
    );
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// `Set-Cookie` that takes a refresh token away.
pub fn no_cookie(app: &App) -> HeaderValue {
    set_cookie(app, "")
}

fn expiry(app: &App, now: Ts) -> Ts {
    now + Duration::days(app.settings.booking.refresh_days)
}

fn signed_in(app: &App, user: User, login: Uuid, refresh_token: String, now: Ts) -> Result<SignedIn> {
    let expires_in = app.settings.booking.access_token_minutes * 60;
    let claims = AccessClaims::new(&app.settings.public_url(), user.id, login, user.role, now, expires_in);
    let token = app.session_keys.sign(&claims).map_err(Error::from)?;
    Ok(SignedIn { token, refresh_token, expires_in, user: user.into() })
}
