//! Live positions: each node's views of the lines, and the browsers that watch them.
//!
//! The store is asked once per room and tick for what has changed ([`crate::admission::jobs`]); everything a
//! visitor sees is then computed here, from a [`view::View`]. Few tasks pass by many sockets and write each what it takes at
//! once ([`jobs`]); nothing is kept for a slow one, so it costs nothing and delays nobody ([`mailbox`]). WebSocket, SSE and
//! polling give the same [`document`].

pub mod document;
mod frames;
mod handshake;
pub mod hub;
pub mod jobs;
mod kept;
pub mod mailbox;
mod reading;
mod rounds;
pub mod routes;
mod screens;
pub mod socket;
pub mod view;
mod wire;

pub use hub::Hub;
use shared::clock::Ts;
use shared::problem::{Problem, Result};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use self::document::PlaceDocument;
use self::mailbox::Subscription;
use self::view::View;
use crate::app::App;
use crate::draw;
use crate::queue::{Changes, Place, Restore, Standing, StoreError};
use crate::rooms::rules::{Room, RoomId};

/// Places looked up at a time when they may have moved to other browsers.
const LOOKS_MAX: usize = 500;

/// The live routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(routes::watch_place)).routes(routes!(routes::stream_place))
}

/// Brings this node's view of a room up to date and tells its watchers. Any task may do this at any time.
pub async fn refresh(app: &App, room: Room) -> Result<(), StoreError> {
    let (id, now) = (room.id.clone(), app.now());
    let version = app.hub.set_room(room, now);
    read(app, &id, version, now).await
}

/// Reads what has happened to a line since `version` into this node's view.
async fn read(app: &App, id: &RoomId, version: u64, now: Ts) -> Result<(), StoreError> {
    let changes = app.store.changes_since(id, version).await?;
    let begins = |view: &View| view.restoring.is_none();
    if matches!(changes, Changes::Restoring { .. }) && app.hub.look(id, begins).unwrap_or(false) {
        bring_back(app, id).await?;
    }
    let doubtful = app.hub.apply(id, changes, now);
    for some in doubtful.chunks(LOOKS_MAX) {
        let places = app.store.find(id, some.to_vec(), now).await?;
        places.into_iter().flatten().for_each(|place| app.hub.tell_former_holders(id, &place, now));
    }
    Ok(())
}

/// Puts the places that are watched on this node back into a line that the store lost. Everybody else comes back with
/// her place token.
async fn bring_back(app: &App, room: &RoomId) -> Result<(), StoreError> {
    let lost = app.hub.waiting_places(room).into_iter();
    let lost: Vec<Restore> = lost
        .map(|place| Restore {
            place: place.id,
            browser: place.browser,
            number: place.number,
            lane: place.lane,
            account: place.account,
            joined_at: place.joined_at,
        })
        .collect();
    tracing::info!(room = %room, places = lost.len(), "places watched on this node are put back");
    let lost = draw::translated(app, room, lost).await?;
    app.store.restore(room, lost, app.now()).await.map(drop)
}

/// The document of a place.
pub async fn document_of(app: &App, room: &RoomId, place: &Place) -> Result<PlaceDocument<'static>> {
    see(app, room).await?;
    let now = app.now();
    let mut place = place.clone().at(now);
    // Called between the caller's look at the store and ours at the view: one of them must be taken again, or the
    // document would say “waiting” beside a serving number that has passed it.
    let is_overtaken =
        |view: &View| place.standing == Standing::Waiting && place.number <= view.serving_of(place.lane);
    if app.hub.look(room, is_overtaken).unwrap_or(false)
        && let Some(again) = Box::pin(again(app, room, place.id, now)).await
    {
        place = again;
    }
    app.hub.show(room, &place, now).ok_or_else(Problem::not_found)
}

/// Watches a place from one more socket or stream.
pub async fn subscribe(app: &App, room: &RoomId, place: &Place, has_moved: bool) -> Result<Subscription> {
    see(app, room).await?;
    let (sockets_max, now) = (app.settings.waiting_room.sockets_per_place, app.now());
    let subscription =
        app.hub.subscribe(room, place.clone(), sockets_max, now).ok_or_else(Problem::not_found)?;
    if has_moved {
        subscription.tell_it_moved(now);
    }
    // What happened between the look that brought us here and the subscription would otherwise go unseen.
    if let Some(again) = again(app, room, place.id, now).await {
        if again.number != place.number {
            subscription.renumber(again.number);
        }
        subscription.catch_up(place.standing, again.standing, now);
        if again.browser != place.browser {
            subscription.tell_it_moved(now);
        }
    }
    Ok(subscription)
}

/// The place as the store has it now; `None` also while the store does not answer, for then the view has to do.
async fn again(app: &App, room: &RoomId, place: Uuid, now: Ts) -> Option<Place> {
    app.store.find(room, vec![place], now).await.ok()?.into_iter().next().flatten()
}

/// Makes sure that this node has a view of the room that is no older than this call. Another node may have shown the
/// visitor a position an instant ago; from an older view she would see it grow.
async fn see(app: &App, room: &RoomId) -> Result<()> {
    // Reading is kept apart: of many who come at once one does it.
    if has_seen_all(app, room) { Ok(()) } else { Box::pin(look_again(app, room)).await }
}

async fn look_again(app: &App, room: &RoomId) -> Result<()> {
    let Some(reading) = app.hub.reading(room) else {
        return Ok(refresh(app, app.store.room(room).await?).await?);
    };
    let newer = reading.newer(async {
        let version = app.hub.look(room, View::version).unwrap_or(0);
        read(app, room, version, app.now()).await
    });
    // While the store does not answer, the view has to do, unless nothing was ever read into it.
    match newer.await {
        Err(error) if !app.hub.look(room, |view| view.is_read).unwrap_or(false) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Whether there is nothing to read. Only a process that keeps the lines itself can tell.
fn has_seen_all(app: &App, room: &RoomId) -> bool {
    let Some(Ok(at_hand)) = app.store.at_hand(room) else { return false };
    app.hub.look(room, |view| view.is_read && view.version() == at_hand.version).unwrap_or(false)
}
