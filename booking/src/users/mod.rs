//! Accounts: registering, logging in, roles.
//!
//! What an address answers never tells a stranger whether it has an account: known and unknown ones get the same bytes
//! after the same work, and the owner of the address is told by mail.

mod admin;
mod guests;
mod links;
mod logins;
mod me;
mod oidc;
mod organising;
mod passwords;
pub mod phone;
mod routes;
pub mod rules;
mod store;
mod totp;

pub use admin::{create_account, ensure_admin};
pub use guests::{Guests, magic_link, start as start_guests};
pub use logins::{new_token, no_cookie};
pub use oidc::Provider;
pub use passwords::Passwords;
pub use rules::token_hash;
pub use store::{User, by_email, by_id};
pub use totp::seal_old as seal_old_totp;

use axum::http::StatusCode;
use shared::access::Role;
use shared::clock::Ts;
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::text;

/// How the address of an account ends whose person was forgotten. Nothing is ever delivered there (RFC 6761 §6.4).
const FORGOTTEN: &str = "@deleted.invalid";

/// Whether this is the address of an account whose person was forgotten: nobody reads it.
pub fn is_forgotten(email: &str) -> bool {
    email.ends_with(FORGOTTEN)
}

/// 403 `email-unverified` when the settings want a proven address before one may buy, and `user` has none.
pub async fn check_may_buy(app: &App, user: Uuid) -> Result<()> {
    if !app.settings.booking.require_verified_email {
        return Ok(());
    }
    let user = by_id(app.db.ex(), user).await?.ok_or_else(Problem::unauthorized)?;
    match user.email_verified_at {
        Some(_) => Ok(()),
        None => Err(Problem::new(StatusCode::FORBIDDEN, "email-unverified", "Please confirm your address")
            .detail("Follow the link in the mail we sent you, or ask for another one in your account; then try again.")
            .into()),
    }
}

/// Somebody who comes at `now`, by name and address as typed; 422 for what cannot be one.
fn newcomer(app: &App, name: &str, email: &str, now: Ts) -> Result<User> {
    Ok(User {
        id: app.entropy.uuid_v7(now),
        name: text::line("/name", name, 100)?,
        email: rules::email("/email", email)?,
        role: Role::Guest,
        email_verified_at: None,
        is_guest: false,
        created_at: now,
    })
}

/// Empties an account of its person: name, address and password, what opens it, and its logins.
pub async fn forget(tx: &mut Tx, user: Uuid, now: Ts) -> Result<()> {
    store::anonymise(tx, user, &format!("{user}{FORGOTTEN}"), now).await?;
    oidc::forget(tx, user).await?;
    totp::remove(tx, user).await?;
    phone::forget(tx, user).await?;
    organising::forget(tx, user).await?;
    store::end_logins(tx, user, None, now).await
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::register))
        .routes(routes!(routes::login))
        .routes(routes!(routes::refresh))
        .routes(routes!(routes::logout))
        .routes(routes!(me::end_logins))
        .routes(routes!(routes::session_keys))
        .routes(routes!(links::verify_email))
        .routes(routes!(links::forgot_password))
        .routes(routes!(links::reset_password))
        .routes(routes!(me::get_me, me::update_me))
        .routes(routes!(me::resend_verification))
        .routes(routes!(admin::list_users))
        .routes(routes!(admin::change_role))
        .merge(oidc::router())
        .merge(totp::router())
        .merge(phone::router())
        .merge(guests::router())
        .merge(organising::router())
}
