//! A second factor: six digits from an app that shares a secret with us (TOTP, RFC 6238), for whoever wants one.
//!
//! A code works once: the step it belongs to is written by a conditional UPDATE. Ten recovery codes, each for one login,
//! stand in for a lost phone; secrets are sealed in the table ([`sealing`]); an admin can switch the factor off for somebody who has lost both.

mod routes;
mod rules;
mod sealing;
mod store;

pub use sealing::seal_old;

use axum::http::StatusCode;
use serde_json::json;
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::Result;

/// Lets a login pass whose account has no second factor, or that shows the right code; uses the code up.
///
/// # Errors
/// 401 `totp-required` and `totp-wrong`.
pub async fn check(app: &App, user: Uuid, shown: Option<&str>) -> Result<()> {
    let Some(factor) = store::confirmed(app, user).await? else { return Ok(()) };
    let Some(shown) = shown else {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "totp-required", "A code is needed")
            .detail("This account has a second factor. Send `code`: six digits from your app, or a recovery code.")
            .into());
    };
    let now = app.now();
    if rules::is_code(shown) {
        let step = rules::step_of(&sealing::open(app, user, &factor)?, shown, factor.last_step, now)
            .ok_or_else(wrong)?;
        let used = app
            .db
            .write("use_totp", move |tx| Box::pin(async move { store::use_step(tx, user, step).await }));
        return if used.await? { Ok(()) } else { Err(wrong().into()) };
    }
    let hash = rules::recovery_hash(shown);
    let used = app.db.write("use_recovery_code", move |tx| {
        let hash = hash.clone();
        Box::pin(async move {
            let used = store::use_recovery_code(tx, user, &hash).await?;
            if used {
                let left = json!({ "left": store::recovery_codes(tx, user).await? });
                audit::append(tx, Some(user), "totp.recovery_code_used", format!("user:{user}"), left, now)
                    .await?;
            }
            Ok(used)
        })
    });
    if used.await? { Ok(()) } else { Err(wrong().into()) }
}

/// Takes the second factor of an account away, if it has one.
pub async fn remove(tx: &mut Tx, user: Uuid) -> Result<()> {
    store::remove(tx, user).await.map(|_| ())
}

/// 401 for a code that is not the one.
fn wrong() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "totp-wrong", "The code is wrong")
        .detail("The code is wrong or was used before. Wait for the next one, or use a recovery code.")
}

/// Routes of this part.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::enrol_totp, routes::get_totp))
        .routes(routes!(routes::confirm_totp))
        .routes(routes!(routes::disable_totp))
        .routes(routes!(routes::reset_totp))
}
