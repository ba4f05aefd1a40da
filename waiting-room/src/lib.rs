//! Who may enter, and when.
//!
//! One folder a feature: [`rooms`] (what an operator sets), [`queue`] (the lines and their store), [`codes`] (access
//! codes), [`places`] (a visitor's place), [`admission`] (calling people and letting them in), [`live`] (telling them),
//! [`draw`] (the order of a lobby), [`log`] (what happened, for everybody to read), [`report`] (how it went), [`page`] (the queue page). Calls go one
//! way: rooms ← queue ← codes ← live ← places ← admission.

pub mod admission;
pub mod app;
pub mod codes;
mod demo;
pub mod draw;
pub mod eta;
pub mod extract;
pub mod live;
pub mod log;
pub mod merkle;
pub mod page;
pub mod places;
mod pseudonym;
pub mod queue;
pub mod report;
pub mod rooms;
mod scroll;
pub mod verify;
mod words;

use std::sync::Arc;

use app::App;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::Route;
pub use demo::demo_room;
use queue::redis::RedisStore;
use queue::{QueueStore, StoreError};
use rooms::rules::Room;
use secrecy::ExposeSecret;
use shared::clock::Ts;
use shared::config::Settings;
use shared::query::Listed;
use tokio::task::JoinSet;
use tower::layer::layer_fn;
use tower::service_fn;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// Every documented route of the waiting room, and the OpenAPI document made from them.
pub fn routes() -> OpenApiRouter<App> {
    let mut routes = OpenApiRouter::new()
        .merge(rooms::router())
        .merge(codes::router())
        .merge(places::router())
        .merge(live::router())
        .merge(admission::router())
        .merge(draw::router())
        .merge(log::router())
        .merge(report::router());
    shared::openapi::complete(routes.get_openapi_mut());
    routes
}

/// The router of a running node, the queue page included.
pub fn router(app: App) -> Router {
    let (router, document) = routes().split_for_parts();
    let listed = Listed::of(&document);
    let router = router.layer(layer_fn(move |mut site: Route| {
        let listed = listed.clone();
        service_fn(move |request| listed.guard(&mut site, request))
    }));
    let pages = page::router().merge(report::pages()).layer(from_fn_with_state(app.clone(), page::as_page));
    router.merge(admission::gates()).merge(pages).with_state(app)
}

/// The OpenAPI document of the waiting room's routes.
pub fn openapi() -> OpenApi {
    routes().split_for_parts().1
}

/// Whether this node can do its work: its store answers.
pub async fn ready(app: &App) -> shared::problem::Result<()> {
    app.store.rooms().await?;
    Ok(())
}

/// What a running node does besides answering: calls people, pushes positions, sweeps. Ends with
/// [`app.stop`](app::Parts::stop); dropping the set ends it at once, which is safe too.
pub fn start(app: &App) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(admission::jobs::tick_forever(app.clone()));
    tasks.spawn(draw::jobs::draw_forever(app.clone()));
    tasks.spawn(log::jobs::write_forever(app.clone()));
    let start = tokio::time::Instant::now();
    for _ in 0..live::jobs::pushers() {
        tasks.spawn(live::jobs::push_forever(app.clone(), start));
    }
    tasks.spawn(live::jobs::say_goodbye(app.clone()));
    tasks.spawn(admission::jobs::sweep_forever(app.clone()));
    tasks
}

/// Creates rooms that are not there yet, for seeding. Without Redis no server may be running on the data folder.
///
/// # Errors
/// When a room's settings are not valid, the folder is in use or unreadable, or Redis does not answer.
pub async fn add_rooms(settings: &Settings, rooms: Vec<Room>, now: Ts) -> anyhow::Result<()> {
    let redis_url = settings.redis_url.expose_secret();
    let store: Arc<dyn QueueStore> = if redis_url.is_empty() {
        app::open_store(settings, now).await?
    } else {
        // Beside the nodes that serve: not as one of them.
        Arc::new(RedisStore::open(redis_url).await?)
    };
    for room in rooms {
        room.check().map_err(|wrong| anyhow::anyhow!("room {}: {}", room.id, wrong.detail))?;
        match store.room(&room.id).await {
            Err(StoreError::NoRoom) => store.put_room(room, now).await?,
            known => drop(known?),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn every_route_is_documented_under_its_own_name() {
        let document = serde_json::to_value(super::openapi()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let operations: Vec<&str> = paths
            .values()
            .flat_map(|path| path.as_object().unwrap().values())
            .filter_map(|operation| operation["operationId"].as_str())
            .collect();
        assert_eq!(operations.len(), 42, "{operations:?}");
        assert_eq!(operations.iter().collect::<HashSet<_>>().len(), operations.len());
    }
}
