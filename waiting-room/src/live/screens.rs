//! What this node's visitors are shown of one room, kept to be compared with what follows.

use std::sync::{Mutex, MutexGuard, PoisonError};

use shared::clock::Ts;

use super::document::PlaceDocument;
use crate::eta::outcomes::{Outcomes, disturbs};
use crate::eta::tally::Tally;
use crate::queue::{Change, Place, Standing};
use crate::rooms::rules::{Room, RoomState};

/// The screens of one room. Waits that are shown before the opening are not compared, nor before a draw: nobody stands
/// anywhere then.
#[derive(Debug, Default)]
pub struct Screens(Mutex<Outcomes>);

impl Screens {
    /// A document is on its way to a screen.
    pub fn show(&self, place: &Place, document: &PlaceDocument) {
        let calls = matches!(document.room_state, RoomState::Open | RoomState::Draining);
        if let (Some(eta), Standing::Waiting, true) = (document.eta, place.standing, calls) {
            self.lock().show(place, document.ahead, eta, document.server_time);
        }
    }

    /// The line has moved on by these steps, or to where they are all that is known of it.
    pub fn compare(&self, steps: &[Change], is_whole: bool, opens_at: Option<Ts>) {
        self.lock().see(steps, is_whole, opens_at);
    }

    /// The settings change from `before` to `after`.
    pub fn set_room(&self, before: &Room, after: &Room, now: Ts) {
        if disturbs(before, after) {
            self.disturb(now);
        }
    }

    /// Something has happened that nobody could know.
    pub fn disturb(&self, now: Ts) {
        self.lock().disturb(now);
    }

    /// What has come of it so far.
    pub fn tally(&self) -> Tally {
        self.lock().tally().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Outcomes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
