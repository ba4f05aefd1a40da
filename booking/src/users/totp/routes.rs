//! HTTP of second factors.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{rules, sealing, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::{Admin, CurrentUser, Path};
use crate::picture::Picture;
use crate::users::store as users;
use crate::{audit, users::rules as accounts};

/// Whether an account has a second factor.
#[derive(Serialize, ToSchema)]
pub struct TotpStatus {
    /// Logins need a code.
    enabled: bool,
    /// Recovery codes that are left.
    recovery_codes_left: i64,
}

/// What an authenticator app needs to know.
#[derive(Serialize, ToSchema)]
pub struct TotpSecret {
    /// The secret, base 32, to type in.
    secret: String,
    /// The same as an address.
    otpauth_url: String,
    /// The address as a QR code, SVG.
    qr_svg: String,
}

/// A code from the app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpCode {
    /// Six digits; to switch the factor off, a recovery code as well.
    code: String,
}

/// Codes for the day the phone is lost; shown this once.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Each works for one login.
    recovery_codes: Vec<String>,
}

/// Whether my logins need a second factor.
#[utoipa::path(get, path = "/api/v1/users/me/totp", tag = "users",
    responses((status = 200, body = TotpStatus), (status = 401, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn get_totp(State(app): State<App>, user: CurrentUser) -> Result<Json<TotpStatus>> {
    let enabled = store::confirmed(&app, user.id).await?.is_some();
    Ok(Json(TotpStatus { enabled, recovery_codes_left: store::recovery_codes_left(&app, user.id).await? }))
}

/// Begin to set up a second factor. Nothing changes until a code from the app confirms it.
#[utoipa::path(post, path = "/api/v1/users/me/totp", tag = "users",
    responses((status = 201, body = TotpSecret), (status = 409, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn enrol_totp(State(app): State<App>, user: CurrentUser) -> Result<(StatusCode, Json<TotpSecret>)> {
    let account = users::by_id(app.db.ex(), user.id).await?.ok_or_else(Problem::unauthorized)?;
    let (secret, now) = (app.entropy.bytes::<{ rules::SECRET_LENGTH }>(), app.now());
    let sealed = sealing::seal(&app, user.id, &secret)?;
    let begun = app
        .db
        .write("enrol_totp", move |tx| {
            let sealed = sealed.clone();
            Box::pin(async move { store::begin(tx, user.id, &sealed, now).await })
        })
        .await?;
    if begun == 0 {
        return Err(Problem::new(StatusCode::CONFLICT, "totp-on", "There is a second factor already")
            .detail("Switch it off with a code first, then set up another one.")
            .into());
    }
    let otpauth_url = rules::address(&secret, &account.email);
    let picture = Picture::of(&otpauth_url).map_err(|error| Error::Internal(error.to_string()))?;
    let shown = TotpSecret { secret: rules::written(&secret), qr_svg: picture.svg(), otpauth_url };
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Confirm the second factor with a code from the app. From now on logins need one.
#[utoipa::path(post, path = "/api/v1/users/me/totp/confirm", tag = "users", request_body = TotpCode,
    responses((status = 429, body = ProblemDocument),
        (status = 200, body = RecoveryCodes), (status = 401, body = ProblemDocument), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn confirm_totp(
    State(app): State<App>,
    user: CurrentUser,
    Json(body): Json<TotpCode>,
) -> Result<Json<RecoveryCodes>> {
    slowly(&app, user)?;
    let factor = store::pending(&app, user.id).await?.ok_or_else(Problem::not_found)?;
    let now = app.now();
    let secret = sealing::open(&app, user.id, &factor)?;
    let step = rules::step_of(&secret, &body.code, factor.last_step, now).ok_or_else(super::wrong)?;
    let codes: Vec<String> =
        (0..rules::RECOVERY_CODES).map(|_| app.entropy.code(rules::RECOVERY_LETTERS)).collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| rules::recovery_hash(code)).collect();
    app.db
        .write("confirm_totp", move |tx| {
            let (secret, hashes) = (factor.secret.clone(), hashes.clone());
            Box::pin(async move {
                if store::confirm(tx, user.id, &secret, step, now).await? == 0 {
                    return Err(super::wrong().into());
                }
                for hash in &hashes {
                    store::insert_recovery_code(tx, user.id, hash).await?;
                }
                audit::append(tx, Some(user.id), "totp.enabled", format!("user:{}", user.id), (), now).await
            })
        })
        .await?;
    Ok(Json(RecoveryCodes { recovery_codes: codes }))
}

/// Switch the second factor off, with a code of it.
#[utoipa::path(post, path = "/api/v1/users/me/totp/disable", tag = "users", request_body = TotpCode,
    responses((status = 429, body = ProblemDocument),
        (status = 204), (status = 401, body = ProblemDocument), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn disable_totp(
    State(app): State<App>,
    user: CurrentUser,
    Json(body): Json<TotpCode>,
) -> Result<StatusCode> {
    slowly(&app, user)?;
    if store::confirmed(&app, user.id).await?.is_none() {
        return Err(Problem::not_found().into());
    }
    super::check(&app, user.id, Some(&body.code)).await?;
    remove(&app, user.id, user.id).await
}

/// Switch off the second factor of somebody who has lost phone and recovery codes.
#[utoipa::path(delete, path = "/api/v1/admin/users/{id}/totp", tag = "admin", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn reset_totp(
    State(app): State<App>,
    Admin(admin): Admin,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    remove(&app, admin.id, id).await
}

async fn remove(app: &App, actor: Uuid, user: Uuid) -> Result<StatusCode> {
    let now = app.now();
    app.db
        .write("remove_totp", move |tx| {
            Box::pin(async move {
                if !store::remove(tx, user).await? {
                    return Err(Problem::not_found().into());
                }
                audit::append(tx, Some(actor), "totp.disabled", format!("user:{user}"), (), now).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Guessing six digits stays slow, whoever holds an access token.
fn slowly(app: &App, user: CurrentUser) -> Result<(), Problem> {
    app.limits.accounts.check_key(accounts::token_hash(&user.id.to_string()), "for this account")
}
