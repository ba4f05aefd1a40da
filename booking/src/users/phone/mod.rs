//! A phone on an account, for what cannot wait until a mail is read; see [`texts`](crate::notifications::texts).
//!
//! A number is proven by a code that is sent to it. Until then nothing else goes there, and each code bears few guesses:
//! they are counted by a conditional UPDATE. How many codes an account may ask for, and how many a number may get, is
//! counted in the tables, for all nodes and whoever asks: each costs the shop money and somebody a glance.

mod routes;
mod rules;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;

pub use rules::Language;
pub use store::{Phone, ready};

/// The phone of `user` while it waits for `code`; `None` when it was proven, changed or removed since, or the code is over.
pub async fn awaiting(app: &App, user: Uuid, code: &str) -> Result<Option<Phone>> {
    store::awaiting(&app.db, user, &rules::code_hash(user, code), app.now()).await
}

/// Forgets the phone of an account.
pub async fn forget(tx: &mut Tx, user: Uuid) -> Result<()> {
    store::remove(tx, user).await.map(|_| ())
}

/// Forgets numbers that nobody has proven in time, which may be a stranger's, and counts that are a day old.
pub async fn forget_old(app: &App) -> Result<()> {
    let now = app.now();
    app.db
        .write("forget_unproven_phones", move |tx| {
            Box::pin(async move {
                store::forget_unproven(tx, now - rules::UNPROVEN_KEPT).await?;
                store::forget_budgets(tx, now - rules::BUDGET_LASTS).await
            })
        })
        .await
}

/// Routes of this part.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::get_phone, routes::set_phone, routes::change_phone, routes::remove_phone))
        .routes(routes!(routes::verify_phone))
}
