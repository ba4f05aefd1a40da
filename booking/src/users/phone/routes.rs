//! HTTP of one's own phone.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{self, Language};
use super::store::{self, Phone};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::Result;
use crate::extract::CurrentUser;
#[cfg(feature = "testing")]
use crate::guards::Guard;
use crate::notifications::texts;

/// A phone as its owner sees it.
#[derive(Serialize, ToSchema)]
pub struct PhoneStatus {
    /// Whether this shop sends text messages at all.
    available: bool,
    /// E.164; null: there is none.
    number: Option<String>,
    /// What texts are written in.
    language: Option<Language>,
    /// When its owner proved that she reads it; null: nothing but a code is sent to it.
    verified_at: Option<Ts>,
    /// Whether she wants to be told by text what cannot wait: an offer of the waiting list or of a ticket, a cancelled or moved
    /// event, the day before.
    texts: bool,
}

/// A number to be proven.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPhone {
    /// With + and the country's code; spaces, dashes, dots, slashes and brackets are left out.
    number: String,
    /// What texts to it are written in.
    language: Language,
}

/// What is to change; absent members stay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneChange {
    /// Whether to be told by text.
    texts: Option<bool>,
    /// What texts are written in.
    language: Option<Language>,
}

/// A code that came by text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneCode {
    /// Six digits.
    code: String,
}

/// My phone.
#[utoipa::path(get, path = "/api/v1/users/me/phone", tag = "users",
    responses((status = 200, body = PhoneStatus)), security(("bearer" = [])))]
pub async fn get_phone(State(app): State<App>, user: CurrentUser) -> Result<Json<PhoneStatus>> {
    status(&app, user.id).await
}

/// Give a number, in place of the one there was, or ask for another code. A code is sent to it, good for ten minutes; nothing
/// else is until it is proven.
#[utoipa::path(put, path = "/api/v1/users/me/phone", tag = "users", request_body = NewPhone,
    responses((status = 202, body = PhoneStatus), (status = 409, description = "`sms-off`", body = ProblemDocument),
        (status = 422, description = "`phone-invalid`", body = ProblemDocument),
        (status = 429, description = "Five codes a day for an account, and five for a number", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn set_phone(
    State(app): State<App>,
    user: CurrentUser,
    client: Client,
    Json(body): Json<NewPhone>,
) -> Result<(StatusCode, Json<PhoneStatus>)> {
    let phone = Phone { number: rules::number("/number", &body.number)?, language: body.language };
    if !app.texter.is_on() {
        return Err(sms_off().into());
    }
    app.limits.logins.check(client)?;
    let code = format!("{:06}", app.entropy.below(1_000_000));
    let (now, inner) = (app.now(), app.clone());
    app.db
        .write("set_phone", move |tx| {
            let (app, phone, code) = (inner.clone(), phone.clone(), code.clone());
            Box::pin(async move {
                spend(tx, &rules::account_key(user.id), "for this account", now).await?;
                spend(tx, &rules::number_key(&phone.number), "to this number", now).await?;
                let hash = rules::code_hash(user.id, &code);
                store::set(tx, user.id, &phone, &hash, now + rules::CODE_LASTS).await?;
                texts::enqueue_code(tx, &app, user.id, code, now).await
            })
        })
        .await?;
    app.wake_jobs();
    Ok((StatusCode::ACCEPTED, status(&app, user.id).await?))
}

/// Prove my number with the code that was sent to it. From now on I am told by text.
#[utoipa::path(post, path = "/api/v1/users/me/phone/verify", tag = "users", request_body = PhoneCode,
    responses((status = 200, body = PhoneStatus), (status = 410, description = "`code-over`", body = ProblemDocument),
        (status = 422, description = "`code-wrong`", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn verify_phone(
    State(app): State<App>,
    user: CurrentUser,
    Json(body): Json<PhoneCode>,
) -> Result<Json<PhoneStatus>> {
    #[cfg(feature = "testing")]
    let seen = if app.guards.is_off(Guard::CodeTries) {
        let seen = store::look(&app.db, user.id).await?;
        app.guards.meet().await;
        Some(seen)
    } else {
        None
    };
    let (now, shown) = (app.now(), rules::code_hash(user.id, &body.code));
    // A wrong guess is written too: the refusal comes after the commit.
    let is_right = app.db.write("verify_phone", move |tx| {
        let shown = shown.clone();
        #[cfg(feature = "testing")]
        let seen = seen.clone();
        Box::pin(async move {
            #[cfg(feature = "testing")]
            if let Some((tries_left, hash)) = seen.filter(|(tries_left, _)| *tries_left > 0) {
                store::set_tries(tx, user.id, tries_left - 1).await?;
                return Ok(hash == shown);
            }
            let expected = store::take_try(tx, user.id, now).await?.ok_or_else(code_over)?;
            if expected != shown {
                return Ok(false);
            }
            store::prove(tx, user.id, now).await?;
            audit::append(tx, Some(user.id), "phone.verified", format!("user:{}", user.id), (), now).await?;
            Ok(true)
        })
    });
    if !is_right.await? {
        let detail = "This is not the code that was sent to your phone. Look again, or ask for another one.";
        return Err(Problem::invalid("/code", "code-wrong", detail).into());
    }
    status(&app, user.id).await
}

/// Switch texts on or off, or choose their language.
#[utoipa::path(patch, path = "/api/v1/users/me/phone", tag = "users", request_body = PhoneChange,
    responses((status = 200, body = PhoneStatus), (status = 404, description = "There is no phone", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn change_phone(
    State(app): State<App>,
    user: CurrentUser,
    Json(body): Json<PhoneChange>,
) -> Result<Json<PhoneStatus>> {
    let PhoneChange { texts, language } = body;
    let changed = app.db.write("change_phone", move |tx| {
        Box::pin(async move { store::change(tx, user.id, texts, language).await })
    });
    if changed.await? == 0 {
        return Err(Problem::not_found().into());
    }
    status(&app, user.id).await
}

/// Take my number away.
#[utoipa::path(delete, path = "/api/v1/users/me/phone", tag = "users",
    responses((status = 204), (status = 404, description = "There is no phone", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn remove_phone(State(app): State<App>, user: CurrentUser) -> Result<StatusCode> {
    let now = app.now();
    app.db
        .write("remove_phone", move |tx| {
            Box::pin(async move {
                if !store::remove(tx, user.id).await? {
                    return Err(Problem::not_found().into());
                }
                audit::append(tx, Some(user.id), "phone.removed", format!("user:{}", user.id), (), now).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn status(app: &App, user: Uuid) -> Result<Json<PhoneStatus>> {
    let phone = store::of(&app.db, user).await?;
    let phone = phone.as_ref();
    Ok(Json(PhoneStatus {
        available: app.texter.is_on(),
        number: phone.map(|phone| phone.number.clone()),
        language: phone.map(|phone| phone.language),
        verified_at: phone.and_then(|phone| phone.verified_at),
        texts: phone.is_some_and(|phone| phone.texts),
    }))
}

/// Takes one code from the day's budget of `key`; 429 `slow-down` when it is used up.
async fn spend(tx: &mut Tx, key: &[u8], whom: &str, now: Ts) -> Result<()> {
    if store::count_code(tx, key, now - rules::BUDGET_LASTS, now).await? == 1 {
        return Ok(());
    }
    let since = store::counted_since(tx, key).await?.unwrap_or(now);
    let wait_s = (since + rules::BUDGET_LASTS - now).whole_seconds().max(1).unsigned_abs();
    Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "slow-down", "Too many codes")
        .detail(format!("{} codes were sent {whom} within a day. Try again tomorrow.", rules::CODES))
        .retry_after(wait_s)
        .into())
}

fn sms_off() -> Problem {
    Problem::new(StatusCode::CONFLICT, "sms-off", "No text messages here")
        .detail("This shop sends no text messages. You are told everything by mail.")
}

fn code_over() -> Problem {
    Problem::new(StatusCode::GONE, "code-over", "This code is over")
        .detail("It is too old, was used, or was guessed too often. Ask for another one.")
}
