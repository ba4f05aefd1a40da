//! HTTP of logging in at the provider. The browser goes from here to there and back by redirects, so what goes wrong on the
//! way is told to the login page by a word in its address.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::browser::cookie;
use shared::json::{self, Json};
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use time::Duration;
use utoipa::ToSchema;

use super::link;
use super::provider::NoLogin;
use super::rules::{self, Flow, Proven};
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::Params;
use crate::users::logins::{self, SignedIn};
use crate::users::routes::answer;
use crate::users::{by_id, rules as accounts, totp};

/// Carries what is under way, sealed; sent to these routes only.
const COOKIE: &str = "rushline_oidc";
const COOKIE_PATH: &str = "/api/v1/users/oidc";
/// What the two kinds of cookie are sealed for: neither passes for the other.
const FLOW: &str = "oidc:flow";
const PROVEN: &str = "oidc:proven";
/// How long somebody may take to log in at the provider, and the page to fetch the login.
const FLOW_FOR: Duration = Duration::minutes(15);
const PROVEN_FOR: Duration = Duration::minutes(5);

/// Whether one can log in with an account elsewhere.
#[derive(Serialize, ToSchema)]
pub struct OidcOffered {
    /// Whether it is on.
    enabled: bool,
    /// What the button says.
    name: Option<String>,
    /// Where the button leads; takes `?return_to=` with a path of this site.
    start_url: Option<&'static str>,
}

/// What the login page may offer beside passwords.
#[utoipa::path(get, path = "/api/v1/users/oidc", tag = "users", responses((status = 200, body = OidcOffered)))]
pub async fn get_oidc(State(app): State<App>) -> Json<OidcOffered> {
    let name = app.oidc.name().map(str::to_owned);
    let enabled = name.is_some();
    Json(OidcOffered { enabled, name, start_url: enabled.then_some("/api/v1/users/oidc/start") })
}

/// Go to the provider to log in: for browsers, which follow the redirect.
#[utoipa::path(get, path = "/api/v1/users/oidc/start", tag = "users", params(
        ("return_to" = Option<String>, Query, description = "Page of this site to come back to."),
    ),
    responses((status = 303, description = "To the provider, or to the login page with `?oidc=oidc-unavailable`"),
        (status = 404, description = "It is off", body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn start_oidc(State(app): State<App>, client: Client, uri: Uri) -> Result<Response> {
    require_on(&app)?;
    app.limits.logins.check(client)?;
    let (params, now) = (Params::of(&uri, &["return_to"])?, app.now());
    let flow = Flow {
        state: logins::new_token(&app.entropy),
        nonce: logins::new_token(&app.entropy),
        verifier: logins::new_token(&app.entropy),
        return_to: rules::own_path(params.get("return_to")),
        until: now + FLOW_FOR,
    };
    match app.oidc.authorization(&flow, now).await {
        Ok(url) => {
            let sealed = seal(&app, FLOW, &flow)?;
            Ok(redirect(&url, set_cookie(&app, &sealed, FLOW_FOR)))
        }
        Err(error) => {
            tracing::warn!(%error, "nobody can log in with OpenID Connect");
            Ok(back(&app, "oidc-unavailable"))
        }
    }
}

/// What a provider comes back with, as far as it matters here.
#[derive(Debug, Default, Deserialize)]
struct Answered {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
}

/// Where the provider sends the browser back to. It goes on to the login page: with `?oidc=done`, which then fetches the
/// login, or with a word that says what went wrong.
#[utoipa::path(get, path = "/api/v1/users/oidc/callback", tag = "users", params(
        ("code" = Option<String>, Query), ("state" = Option<String>, Query), ("iss" = Option<String>, Query),
        ("error" = Option<String>, Query), ("error_description" = Option<String>, Query), ("error_uri" = Option<String>, Query),
        ("session_state" = Option<String>, Query), ("scope" = Option<String>, Query), ("authuser" = Option<String>, Query),
        ("hd" = Option<String>, Query), ("prompt" = Option<String>, Query), ("client_id" = Option<String>, Query),
    ),
    responses((status = 303, description = "To the login page, with `oidc=done`, `oidc-refused`, `oidc-invalid`, \
        `oidc-email-unverified` or `oidc-unavailable`"),
        (status = 404, description = "It is off", body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn oidc_callback(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response> {
    require_on(&app)?;
    app.limits.logins.check(client)?;
    // Providers add what they like, and a code may be long.
    let answered = Query::<Answered>::try_from_uri(&uri).map(|query| query.0).unwrap_or_default();
    let now = app.now();
    let flow: Option<Flow> = unseal(&app, FLOW, &headers);
    // Only the browser that asked has the cookie, and only the provider's answer to it the state. Who answers says so by
    // `iss` (RFC 9207), if at all.
    let fits = |flow: &Flow| {
        flow.until > now
            && answered.state.as_deref() == Some(&flow.state)
            && answered.iss.as_deref().is_none_or(|issuer| issuer == app.oidc.issuer())
    };
    let Some(flow) = flow.filter(fits) else { return Ok(back(&app, "oidc-invalid")) };
    let Some(code) = answered.code.as_deref() else { return Ok(back(&app, "oidc-refused")) };
    let token = match app.oidc.person(code, &flow, now).await {
        Ok(token) => token,
        Err(error) => {
            tracing::warn!(%error, "a login with OpenID Connect failed");
            let unavailable = matches!(error, NoLogin::Unavailable(_));
            return Ok(back(&app, if unavailable { "oidc-unavailable" } else { "oidc-invalid" }));
        }
    };
    let inner = app.clone();
    let user = app.db.write("link_identity", move |tx| {
        let (app, token) = (inner.clone(), token.clone());
        Box::pin(async move { link::account(tx, &app, &token, now).await })
    });
    match user.await {
        Ok(user) => {
            let sealed = seal(&app, PROVEN, &Proven { user, until: now + PROVEN_FOR })?;
            let page = format!("/login?oidc=done&{}", Params::default().with("return_to", &flow.return_to));
            Ok(redirect(&page, set_cookie(&app, &sealed, PROVEN_FOR)))
        }
        Err(Error::Refused(problem)) => Ok(back(&app, problem.slug())),
        Err(error) => Err(error),
    }
}

/// The code of a second factor.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OidcCode {
    /// Of the second factor, where the account has one: six digits, or a recovery code.
    #[serde(default)]
    code: Option<String>,
}

/// Fetch the login that the provider's answer has opened for this browser. Where the account has a second factor, 401
/// `totp-required` asks for its code.
#[utoipa::path(post, path = "/api/v1/users/oidc/finish", tag = "users", request_body = OidcCode,
    responses((status = 200, body = SignedIn), (status = 401, body = ProblemDocument), (status = 410, body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn finish_oidc(
    State(app): State<App>,
    client: Client,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response> {
    app.limits.logins.check(client)?;
    let body: OidcCode = if body.is_empty() { OidcCode::default() } else { json::parse(&body)? };
    let proven: Option<Proven> = unseal(&app, PROVEN, &headers);
    let proven = proven.filter(|proven| proven.until > app.now()).ok_or_else(over)?;
    app.limits.accounts.check_key(accounts::token_hash(&proven.user.to_string()), "for this account")?;
    let user = by_id(app.db.ex(), proven.user).await?.ok_or_else(over)?;
    totp::check(&app, user.id, body.code.as_deref()).await?;
    let mut response = answer(&app, logins::begin(&app, user).await?);
    response.headers_mut().append(header::SET_COOKIE, set_cookie(&app, "", Duration::ZERO));
    Ok(response)
}

/// 404 while it is off.
fn require_on(app: &App) -> Result<(), Problem> {
    app.oidc.name().map(|_| ()).ok_or_else(Problem::not_found)
}

fn over() -> Problem {
    Problem::new(StatusCode::GONE, "oidc-over", "This login is over")
        .detail("It was fetched, took too long, or belongs to another browser. Begin again.")
}

/// To the login page with a word about what went wrong; what was under way is forgotten.
fn back(app: &App, word: &str) -> Response {
    redirect(&format!("/login?oidc={word}"), set_cookie(app, "", Duration::ZERO))
}

fn redirect(to: &str, cookie: HeaderValue) -> Response {
    let Ok(location) = HeaderValue::from_str(to) else {
        return Problem::internal("an address to go to is no header").into_response();
    };
    let headers = [
        (header::LOCATION, location),
        (header::SET_COOKIE, cookie),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // The address has a code in it.
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn seal(app: &App, what: &str, value: &impl Serialize) -> Result<String> {
    let plain = serde_json::to_vec(value).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(app.vault.seal(what, &plain, &app.entropy, app.now())?))
}

/// What the cookie holds, if it was sealed here as `what`.
fn unseal<T: DeserializeOwned>(app: &App, what: &str, headers: &HeaderMap) -> Option<T> {
    let sealed = URL_SAFE_NO_PAD.decode(cookie(headers, COOKIE)?).ok()?;
    serde_json::from_slice(&app.vault.unseal(what, &sealed).ok()?).ok()
}

/// `Set-Cookie` for what is under way; an empty value deletes it. Lax, for the provider leads back with a plain link.
fn set_cookie(app: &App, value: &str, lasts: Duration) -> HeaderValue {
    let secure = if app.settings.public_url().starts_with("https://") { "; Secure" } else { "" };
    let text = format!(
        "{COOKIE}={value}; Path={COOKIE_PATH}; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
        lasts.whole_seconds()
    );
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
