//! Events, their sessions and ticket types: made by organisers, browsed by everybody.

mod cache;
mod calendar;
mod change;
mod copy;
mod documents;
pub mod model;
mod organise;
mod postpone;
mod prices;
mod replan;
mod routes;
pub mod rules;
mod search;
mod store;
mod times;
mod told;
mod types;

pub use documents::{Pages, ticket_type};
pub use model::{NewEvent, NewSession, NewTicketType, RefundPolicy, Status, TicketTypeDetail};
pub use organise::{complete_finished, create};
pub use store::{SaleEvent, TicketType, hold_row, named, ticket_types};
pub use times::day;
pub use types::block_withdrawn;

use std::sync::Arc;

use shared::problem::Problem;
use sqlx::{PgExecutor, SqliteExecutor};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::charges::{self, Terms};
use crate::db::{Dual, Tx};
use crate::error::{Error, Result};
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

/// Ids of the ticket types of an event.
pub async fn ticket_type_ids(app: &App, event: i64) -> Result<Vec<i64>> {
    Ok(store::ticket_types_of_event(app.db.ex(), event).await?.into_iter().map(|t| t.id).collect())
}

/// What the sale of a session must know about its event, at most a second old; 404 for an unknown session.
pub async fn sale_of(app: &App, session: i64) -> Result<Arc<SaleEvent>> {
    let read = async {
        let sale = store::event_for_sale(app.db.ex(), session).await?;
        Ok(sale.ok_or_else(Problem::not_found)?)
    };
    app.event_pages.sales.get::<Error>(&session.to_string(), app.now(), read).await
}

/// The terms by which a hold was quoted; most often those of its sale, which are at hand.
pub async fn quoted_terms<'e, P, L>(
    ex: Dual<P, L>,
    charges_id: Option<i64>,
    sale: &SaleEvent,
) -> Result<Terms>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    match charges_id {
        None => Ok(Terms::default()),
        Some(id) if sale.charges_id == Some(id) => Ok(sale.terms()),
        Some(id) => charges::terms(ex, id).await,
    }
}

/// A sale as it stands now, in a transaction that must not go by what was kept.
pub async fn sale_anew(tx: &mut Tx, session: i64) -> Result<SaleEvent> {
    Ok(store::event_for_sale(tx.ex(), session).await?.ok_or_else(Problem::not_found)?)
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::list_events, organise::create_event))
        .routes(routes!(calendar::get_calendar))
        .routes(routes!(calendar::calendar_feed))
        .routes(routes!(calendar::event_calendar))
        .routes(routes!(calendar::session_calendar))
        .routes(routes!(routes::get_event, change::update_event, copy::delete_event))
        .routes(routes!(routes::get_session))
        .routes(routes!(organise::publish_event))
        .routes(routes!(organise::cancel_event))
        .routes(routes!(copy::clone_event))
        .merge(types::router())
        .merge(postpone::router())
        .merge(replan::router())
}
