//! Events, their sessions and ticket types: made by organisers, browsed by everybody.

mod cache;
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

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::list_events, organise::create_event))
        .routes(routes!(routes::get_event))
        .routes(routes!(routes::get_session))
        .routes(routes!(organise::publish_event))
        .routes(routes!(organise::cancel_event))
}
