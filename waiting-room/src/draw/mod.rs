//! The draw: who gathers in the lobby is put in an order that nobody can steer and everybody can check.
//!
//! Before the lobby opens a commitment to a secret seed is published. At the opening the lobby is closed and the root
//! of its list published and signed. Only then is public randomness drawn ([`beacon`]), the seed revealed, and the order
//! computed from both ([`rules`]). Any number of nodes work on it ([`jobs`]); the queue's store lets each step be taken
//! once. What is published is a [`document`] that `rushline verify-draw` ([`verify`]) and `scripts/verify_draw.py`
//! recompute.

pub mod beacon;
pub mod document;
pub mod jobs;
pub mod list;
pub mod page;
pub mod routes;
pub mod rules;
pub mod verify;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::list::Drawn;
use crate::app::App;
use crate::queue::{DrawStep, Restore, StoreError};
use crate::rooms::rules::RoomId;

/// The routes of the draw.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::draw_document))
        .routes(routes!(routes::draw_list))
        .routes(routes!(routes::draw_proof))
        .routes(routes!(routes::journal_keys))
}

/// The orders that this node has computed, by room.
#[derive(Default)]
pub struct Draws(RwLock<HashMap<RoomId, Arc<Drawn>>>);

impl Draws {
    /// The drawn order of a room, once this node has it.
    pub fn of(&self, room: &RoomId) -> Option<Arc<Drawn>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(room).cloned()
    }

    /// Keeps an order.
    fn keep(&self, room: &RoomId, drawn: Arc<Drawn>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(room.clone(), drawn);
    }
}

/// Restores as they are to be carried out now: a number from the lobby of a room that was drawn leads to the drawn one.
///
/// # Errors
/// While this node does not have the order of such a room: nobody may come back to another place than hers.
pub async fn translated(app: &App, room: &RoomId, lost: Vec<Restore>) -> Result<Vec<Restore>, StoreError> {
    let Some(drawn) = app.draws.of(room) else {
        if app.store.room(room).await?.draw {
            let draw = app.store.draw(room).await?;
            let is_moved = |lost: &Restore| lost.number < draw.lobby_end;
            if draw.step >= DrawStep::Drawn && lost.iter().any(is_moved) {
                return Err(StoreError::Unavailable("the drawn order is still being read".into()));
            }
        }
        return Ok(lost);
    };
    Ok(lost.into_iter().map(|lost| Restore { number: drawn.number_of(lost.number), ..lost }).collect())
}
