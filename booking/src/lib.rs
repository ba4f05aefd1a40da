//! What is sold, to whom, once.
//!
//! One folder a feature, the same file names in each: `mod.rs` (what it is, its router, what others may call),
//! `routes.rs` (HTTP), `rules.rs` (pure decisions), `store.rs` (SQL), `jobs.rs`. Calls go one way:
//! users ← venues ← events ← seats ← tickets ← payments ← bookings ← checkin; consequences go the other way, as
//! [`jobs`]. Nobody touches another feature's `store.rs`, except [`analytics`], `personal` and [`verify`],
//! which read any table and write none.

pub mod admissions;
pub mod analytics;
pub mod app;
mod assets;
pub mod audit;
pub mod bookings;
pub mod charges;
pub mod checkin;
pub mod db;
mod demo;
mod docs;
pub mod error;
pub mod events;
pub mod extract;
pub mod feedback;
pub mod guards;
pub mod health;
mod ical;
pub mod idempotency;
pub mod jobs;
pub mod money;
pub mod news;
pub mod notifications;
pub mod payments;
mod personal;
mod picture;
pub mod promos;
pub mod rsvp;
pub mod seats;
pub mod text;
pub mod tickets;
pub mod users;
pub mod venues;
pub mod verify;
pub mod waiting_list;
pub mod webhooks;
mod when;

pub use demo::seed_demo;

use app::App;
use axum::Router;
use axum::routing::Route;
use shared::query::Listed;
use tower::layer::layer_fn;
use tower::service_fn;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// Every route of booking, and the OpenAPI document made from them.
pub fn routes() -> OpenApiRouter<App> {
    let mut routes = OpenApiRouter::with_openapi(docs::head())
        .merge(users::router())
        .merge(venues::router())
        .merge(events::router())
        .merge(admissions::router())
        .merge(seats::router())
        .merge(tickets::router())
        .merge(payments::router())
        .merge(bookings::router())
        .merge(waiting_list::router())
        .merge(promos::router())
        .merge(checkin::router())
        .merge(rsvp::router())
        .merge(feedback::router())
        .merge(notifications::router())
        .merge(webhooks::router())
        .merge(personal::router())
        .merge(analytics::router())
        .merge(audit::router())
        .merge(jobs::router());
    shared::openapi::complete(routes.get_openapi_mut());
    routes
}

/// The router of a running node: the API, its description, and the shop's pages.
pub fn router(app: App) -> Router {
    let (router, document) = routes().split_for_parts();
    let listed = Listed::of(&document);
    let measured = app.clone();
    let router = router.layer(layer_fn(move |mut site: Route| {
        let (app, listed) = (measured.clone(), listed.clone());
        service_fn(move |request| health::measure(app.clone(), listed.guard(&mut site, request)))
    }));
    router.merge(assets::router()).with_state(app).merge(docs::router(document))
}

/// Longest that the database may take to show a sign of life.
const SIGN_OF_LIFE: std::time::Duration = std::time::Duration::from_secs(2);

/// Whether this node can do its work: its database answers, and soon.
pub async fn ready(app: &App) -> error::Result<()> {
    let sign = async { q!(app.db.ex(), val i64, "SELECT CAST(1 AS BIGINT)") };
    let sign = tokio::time::timeout(SIGN_OF_LIFE, sign).await;
    sign.map_err(|_| sqlx::Error::PoolTimedOut)??;
    Ok(())
}

/// The OpenAPI document of booking's routes.
pub fn openapi() -> OpenApi {
    routes().split_for_parts().1
}
