//! Which account of ours somebody's account elsewhere opens.

use axum::http::StatusCode;
use serde_json::json;
use shared::access::Role;
use shared::clock::Ts;
use shared::problem::Problem;
use uuid::Uuid;

use super::rules::{IdToken, Person};
use super::store;
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::users::store::{self as users, User};
use crate::users::{rules as accounts, totp};
use crate::{audit, text};

/// Longest name in characters, as at registration.
const NAME_MAX: usize = 100;

/// The account that it was linked to; else that of its verified address; else a new one.
///
/// # Errors
/// 403 `oidc-email-unverified`: without a verified address nobody knows whose account it would open.
pub async fn account(tx: &mut Tx, app: &App, token: &IdToken, now: Ts) -> Result<Uuid> {
    let issuer = app.oidc.issuer();
    if let Some(user) = store::linked(tx, issuer, &token.sub, now).await? {
        return Ok(user);
    }
    let email = verified_email(&token.person)?;
    let user = match users::by_email(tx.ex(), &accounts::email_key(&email)).await? {
        Some(known) => {
            take_over(tx, &known, now).await?;
            known.id
        }
        None => open(tx, app, &token.person, email, now).await?,
    };
    store::link(tx, issuer, &token.sub, user, now).await?;
    let detail = json!({ "issuer": issuer });
    audit::append(tx, Some(user), "user.identity_linked", format!("user:{user}"), detail, now).await?;
    Ok(user)
}

fn verified_email(person: &Person) -> Result<String, Problem> {
    let email = person.email.as_deref().filter(|_| person.email_verified.is_yes());
    let unverified = || {
        Problem::new(
            StatusCode::FORBIDDEN,
            "oidc-email-unverified",
            "The provider has not verified your address",
        )
        .detail("Verify your mail address there and try again, or log in with a password here.")
    };
    accounts::email("/email", email.ok_or_else(unverified)?).map_err(|_| unverified())
}

/// An account whose address was never proven may have been made by somebody else, who waits for its owner to come: what
/// opened it until now opens it no more.
async fn take_over(tx: &mut Tx, known: &User, now: Ts) -> Result<()> {
    if known.email_verified_at.is_some() {
        return Ok(());
    }
    users::set_password(tx, known.id, "none", now).await?;
    users::end_logins(tx, known.id, None, now).await?;
    totp::remove(tx, known.id).await?;
    users::set_verified(tx, known.id, now).await
}

/// A new account without a password; its owner can set one by mail.
async fn open(tx: &mut Tx, app: &App, person: &Person, email: String, now: Ts) -> Result<Uuid> {
    let called = |name: &str| text::line("/name", name, NAME_MAX).ok();
    let name = person.name.as_deref().and_then(called);
    let before_at = || email.split('@').next().and_then(called).unwrap_or_else(|| "Guest".to_owned());
    let user = User {
        id: app.entropy.uuid_v7(now),
        name: name.unwrap_or_else(before_at),
        email: email.clone(),
        role: Role::Guest,
        email_verified_at: Some(now),
        is_guest: false,
        created_at: now,
    };
    let email_key = accounts::email_key(&email);
    if users::insert(tx, &user, &email_key, "none").await? {
        let detail = json!({ "by": "openid connect" });
        audit::append(tx, Some(user.id), "user.registered", format!("user:{}", user.id), detail, now).await?;
        return Ok(user.id);
    }
    // Somebody registered the address this moment, and has not proven it.
    let known = users::by_email(tx.ex(), &email_key).await?.ok_or_else(Problem::not_found)?;
    take_over(tx, &known, now).await?;
    Ok(known.id)
}
