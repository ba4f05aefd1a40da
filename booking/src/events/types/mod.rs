//! Ticket types after their event was made: added, changed, taken off sale.
//!
//! What is on sale is decided by seats alone: a type that is withdrawn has its free places blocked, and what comes back
//! to it later is blocked by upkeep within a second. Its name and price stand once a place of it is sold or held
//! (decision 49); other types of the same session may go on changing.

mod routes;
mod rules;
mod store;

pub(super) use store::{lock_event, places};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::error::Result;
use crate::seats::layout;

/// Takes off sale what came back to ticket types that were withdrawn.
pub async fn block_withdrawn(app: &App) -> Result<()> {
    let now = app.now();
    for (session, ticket_type) in store::withdrawn(app, now).await? {
        let blocked = app
            .db
            .write("block_withdrawn", move |tx| {
                Box::pin(async move { layout::block_free(tx, session, ticket_type, now).await })
            })
            .await?;
        if blocked > 0 {
            app.seats_have_changed(session);
        }
    }
    Ok(())
}

/// Routes of this part.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::list_ticket_types))
        .routes(routes!(routes::add_ticket_type))
        .routes(routes!(routes::change_ticket_type, routes::delete_ticket_type))
}
