//! What this node's visitors are shown of one room, kept to be compared with what follows.

use std::sync::{Mutex, MutexGuard, PoisonError};

use shared::clock::Ts;

use super::document::PlaceDocument;
use crate::eta::Eta;
use crate::eta::outcomes::{Outcomes, disturbs};
use crate::eta::tally::Tally;
use crate::queue::{Change, Place, Standing};
use crate::rooms::rules::{Room, RoomState};

/// The screens of one room. Waits that are shown before the opening are not compared, nor before a draw: nobody stands
/// anywhere then.
#[derive(Debug, Default)]
pub struct Screens(Mutex<Outcomes>);

/// A wait on somebody's screen.
#[derive(Debug)]
pub struct Screen {
    place: Place,
    ahead: u64,
    eta: Eta,
    at: Ts,
}

impl Screen {
    /// What is to be compared of a document on its way to a screen, if anything.
    pub fn of(place: &Place, document: &PlaceDocument) -> Option<Self> {
        let calls = matches!(document.room_state, RoomState::Open | RoomState::Draining);
        let eta = document.eta.filter(|_| calls && place.standing == Standing::Waiting)?;
        Some(Self { place: place.clone(), ahead: document.ahead, eta, at: document.server_time })
    }
}

impl Screens {
    /// These are shown now.
    pub fn show(&self, screens: impl IntoIterator<Item = Screen>) {
        let mut screens = screens.into_iter().peekable();
        if screens.peek().is_some() {
            let mut outcomes = self.lock();
            screens.for_each(|Screen { place, ahead, eta, at }| outcomes.show(&place, ahead, eta, at));
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
