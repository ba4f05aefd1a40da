//! Buying without an account: a name and an address are enough. What stands behind it is an account that has no password
//! and shares its address with nobody; its mails carry a link that opens it again, on any device (decision 56).

mod at_once;
mod routes;
mod store;

pub use at_once::{Guests, start};
pub use store::settle;

use shared::clock::Ts;
use time::Duration;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{logins, rules};
use crate::app::App;
use crate::error::Result;

/// How long a link works. Later mails carry fresh ones, and one can be asked for.
const LINK_FOR: Duration = Duration::days(30);

/// The secret of a new link that opens the bookings of `user`; `None` for accounts with a password. Only its hash is
/// kept.
pub async fn magic_link(app: &App, user: Uuid, now: Ts) -> Result<Option<String>> {
    let token = logins::new_token(&app.entropy);
    let hash = rules::token_hash(&token);
    let is_guests = app
        .db
        .write_one("magic_link", move |tx| {
            let hash = hash.clone();
            Box::pin(async move { store::insert_link(tx, &hash, user, now + LINK_FOR, now).await })
        })
        .await?;
    Ok(is_guests.then_some(token))
}

/// Routes of this part.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::begin_as_guest))
        .routes(routes!(routes::open_magic_link))
        .routes(routes!(routes::ask_for_link))
}
