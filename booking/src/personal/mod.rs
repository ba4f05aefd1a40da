//! What is kept of a person: to take along, and to be forgotten.
//!
//! This feature reads any table of people's, as [`analytics`](crate::analytics) does, and writes none: each feature forgets its
//! own ([`forget`]). What the books need stays with a nameless owner: bookings, payments, tickets, the audit log. The name on a ticket
//! that still opens a door stays on it until its session is over.

mod model;
mod routes;
mod store;

use shared::clock::Ts;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::{checkin, feedback, rsvp, tickets, users, waiting_list, webhooks};

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(routes::delete_me)).routes(routes!(routes::export_me))
}

/// Forgets a person; the sessions whose seats are free again.
///
/// # Errors
/// 409 `in-progress` while she is paying for seats that a waiting list has offered her.
async fn forget(tx: &mut Tx, app: &App, user: Uuid, now: Ts) -> Result<Vec<i64>> {
    // First, for it locks sessions before anything else.
    let sessions = waiting_list::leave_all(tx, app, user).await?;
    feedback::forget(tx, user).await?;
    rsvp::forget(tx, user).await?;
    // By her address, which is known until the account forgets it.
    tickets::forget(tx, app, user, now).await?;
    webhooks::forget_owner(tx, user).await?;
    checkin::forget(tx, user, now).await?;
    users::forget(tx, user, now).await?;
    Ok(sessions)
}
