//! The draw in a line: closing the lobby, and giving its places their drawn numbers. Pure, like all of [`Line`].
//!
//! Drawn numbers are numbers of their own, behind those of the lobby: so a number means one thing for ever, also in the
//! place tokens that were given out before the draw.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use uuid::Uuid;

use super::guard::Guard;
use super::line::Line;
use super::{Place, Standing};
use crate::rooms::rules::RoomState;

/// How far the draw of a room has come. Each step is taken once, by whoever comes first ([`QueueStore::advance_draw`]).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawStep {
    /// Nothing has happened; also in a room without a draw.
    #[default]
    None,
    /// The seed is committed to.
    Committed,
    /// The lobby is closed: who is in it is settled.
    Frozen,
    /// The list of the lobby is published.
    Listed,
    /// The order is settled.
    Drawn,
    /// Everybody has the drawn number, and people are called.
    Seated,
}

impl DrawStep {
    /// All steps in their order.
    pub const ALL: [Self; 6] =
        [Self::None, Self::Committed, Self::Frozen, Self::Listed, Self::Drawn, Self::Seated];
}

/// The draw of a room, as far as it has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// How far.
    pub step: DrawStep,
    /// Whoever was in the lobby has a number below this one. The drawn numbers begin here, and those who come late
    /// have numbers behind them. 0 until the lobby is closed.
    pub lobby_end: u64,
    /// How many were in it.
    pub lobby_size: u64,
    /// When it was closed, by the line's clock.
    pub closed_at: Option<Ts>,
    /// What the draw itself keeps; the store does not look into it.
    pub note: String,
}

impl Draw {
    /// The same after losing everything but what nodes remember: a lobby that was closed and not listed is closed anew
    /// once people are back, and places are given their drawn numbers once more.
    pub fn after_loss(mut self) -> Self {
        self.step = match self.step {
            DrawStep::Frozen => DrawStep::Committed,
            DrawStep::Seated => DrawStep::Drawn,
            step => step,
        };
        self
    }
}

/// Somebody who was in the lobby when it closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lobbyist {
    /// The number in the lobby.
    pub number: u64,
    /// The place.
    pub place: Uuid,
}

/// A place with its drawn number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seating {
    /// The place.
    pub place: Uuid,
    /// From [`Draw::lobby_end`] on, below `lobby_end + lobby_size`.
    pub number: u64,
}

impl Line {
    /// See [`super::QueueStore::draw`].
    pub fn draw(&self) -> Draw {
        self.core.draw.clone()
    }

    /// See [`super::QueueStore::advance_draw`].
    pub fn advance_draw(&mut self, step: DrawStep, note: String, now: Ts) -> Draw {
        let now = self.begin(now);
        let next = DrawStep::ALL.iter().find(|next| **next > self.core.draw.step);
        let is_next = next == Some(&step) || !self.guarded(Guard::DrawStep);
        if !is_next || (step == DrawStep::Frozen && !self.can_close_lobby(now)) {
            return self.draw();
        }
        if step == DrawStep::Frozen {
            self.core.draw.lobby_end = self.core.next_number;
            self.core.draw.closed_at = Some(now);
            self.core.draw.lobby_size = self.lobby().len() as u64;
            self.core.next_number += self.core.draw.lobby_size;
        }
        if step == DrawStep::Seated {
            self.open_after_draw(now);
        }
        self.core.draw.step = step;
        self.core.draw.note = note;
        self.forget_changes();
        self.draw()
    }

    /// Only while the room is being drawn, and not before those are gone whom a bypass had let in: whoever leaves after
    /// the closing must have been in the lobby.
    fn can_close_lobby(&self, now: Ts) -> bool {
        self.room().state(now) == RoomState::Drawing && self.index.called == 0 && self.index.admitted == 0
    }

    /// See [`super::QueueStore::lobby`].
    pub fn lobby(&self) -> Vec<Lobbyist> {
        let mut lobby: Vec<Lobbyist> =
            self.places().filter_map(|place| member(place, &self.core.draw)).collect();
        lobby.sort_unstable();
        lobby
    }

    /// See [`super::QueueStore::seat_drawn`].
    pub fn seat_drawn(&mut self, seats: &[Seating], now: Ts) {
        self.begin(now);
        if self.core.draw.step != DrawStep::Drawn {
            return;
        }
        let lobby_end = self.core.draw.lobby_end;
        for seat in seats {
            let Some(mut place) = self.places.get(&seat.place).cloned() else { continue };
            let is_seated = place.number >= lobby_end && self.guarded(Guard::DrawSeat);
            if place.standing != Standing::Waiting || is_seated {
                continue;
            }
            self.index.remove(&place);
            place.number = seat.number;
            self.index.issue([place.number]);
            self.index.add(&place);
            self.places.insert(place.id, place);
        }
        self.forget_changes();
    }
}

/// A place as a member of the lobby, if it was one when the lobby closed: it waits, or has left since.
pub fn member(place: &Place, draw: &Draw) -> Option<Lobbyist> {
    let was_there = match place.standing {
        Standing::Waiting => true,
        Standing::Ended { at, .. } => draw.closed_at.is_some_and(|closed_at| at >= closed_at),
        Standing::Called { .. } | Standing::Admitted { .. } => false,
    };
    (was_there && place.number < draw.lobby_end).then_some(Lobbyist { number: place.number, place: place.id })
}
