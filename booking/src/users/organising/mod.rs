//! Guests who want to organise: they ask, and an admin decides. No other way leads there, and no field of a registration.

mod routes;
mod store;

use shared::clock::Ts;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;

/// Notes that somebody who registers said she wants to organise.
pub async fn ask_in_passing(tx: &mut Tx, user: Uuid, now: Ts) -> Result<()> {
    store::ask(tx, user, "", now).await.map(|_| ())
}

/// Forgets what somebody asked for.
pub async fn forget(tx: &mut Tx, user: Uuid) -> Result<()> {
    store::forget(tx, user).await
}

/// Routes of this part.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::ask_to_organise, routes::get_organiser_request))
        .routes(routes!(routes::list_organiser_requests))
        .routes(routes!(routes::decide_organiser_request))
}
