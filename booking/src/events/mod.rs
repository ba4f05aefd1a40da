//! Events, their sessions and ticket types: made by organisers, browsed by everybody.

mod cache;
mod change;
mod copy;
mod documents;
pub mod model;
mod organise;
mod routes;
pub mod rules;
mod search;
mod store;
mod times;

pub use documents::Pages;
pub use model::{NewEvent, NewSession, NewTicketType, RefundPolicy, Status};
pub use organise::create;
pub use store::{SaleEvent, TicketType, event_for_sale, named, ticket_types};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::error::Result;
use crate::extract::CurrentUser;

/// An event that somebody looks behind.
#[derive(Debug, Clone)]
pub struct OwnEvent {
    /// Its id.
    pub id: i64,
    /// Of its prices.
    pub currency: String,
}

/// The event, if `user` owns it or is an admin; 404 for anybody else.
pub async fn own(app: &App, id: i64, user: CurrentUser) -> Result<OwnEvent> {
    let row = organise::own_row(app, id, user).await?;
    Ok(OwnEvent { id: row.id, currency: row.currency })
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::list_events, organise::create_event))
        .routes(routes!(routes::get_event, change::update_event, copy::delete_event))
        .routes(routes!(routes::get_session))
        .routes(routes!(organise::publish_event))
        .routes(routes!(organise::cancel_event))
        .routes(routes!(copy::clone_event))
}
