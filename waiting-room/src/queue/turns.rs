//! A turn from its call to the end of the visit: claimed, put off, lengthened, departed. Pure, like all of [`Line`].

use serde::{Deserialize, Serialize};
use shared::admission::LENGTH_MAX_S;
use shared::clock::Ts;
use time::Duration;
use uuid::Uuid;

use super::guard::Guard;
use super::line::Line;
use super::{Ending, Place, Standing};
use crate::rooms::rules::RoomState;

/// No visit lasts longer, however often it was lengthened.
pub const VISIT_MAX: Duration = Duration::seconds(LENGTH_MAX_S as i64);

/// A wish to go in.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Claim {
    /// The place.
    pub place: Uuid,
    /// Id of the admission if it becomes one.
    pub jti: Uuid,
}

/// Answer to a [`Claim`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// In, now or since an earlier claim; the standing is [`Standing::Admitted`].
    Admitted(Place),
    /// The turn stands and the visitor is at the door; ask again in a second.
    AtDoor(Place),
    /// Not called yet.
    Waiting(Place),
    /// Over; the standing says how.
    Over(Place),
    /// The sale is over.
    Closed(Place),
    /// No such place.
    Unknown,
}

/// Answer to the wish to put a turn off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deferred {
    /// The turn comes later; the standing says when.
    Until(Place),
    /// It was put off before.
    Spent(Place),
    /// The room does not offer it.
    Off(Place),
    /// It is not this place's turn, or she has come already.
    NotCalled(Place),
    /// No such place.
    Unknown,
}

/// The end of an admission, as told by booking.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Depart {
    /// The place.
    pub place: Uuid,
    /// Which of its admissions.
    pub jti: Uuid,
    /// [`Ending::Finished`] or [`Ending::Abandoned`].
    pub how: Ending,
}

/// A wish to stay longer in the shop.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Renew {
    /// The place.
    pub place: Uuid,
    /// The end of the visit as the caller knows it, to the second: if it ends later already, the wish was granted before.
    pub until: Ts,
}

/// Answer to a [`Renew`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewed {
    /// The visit ends later, since this call or an earlier one of the same wish; the standing says when.
    Until(Place),
    /// It was lengthened as often as the room allows.
    Spent(Place),
    /// The room does not offer it.
    Off(Place),
    /// Not in the shop yet.
    NotAdmitted(Place),
    /// Over; the standing says how.
    Over(Place),
    /// The sale is over.
    Closed(Place),
    /// No such place.
    Unknown,
}

impl Line {
    /// See [`super::QueueStore::claim`].
    pub fn claim(&mut self, claim: Claim, now: Ts) -> Claimed {
        let now = self.begin(now);
        let Some(place) = self.places.get(&claim.place).cloned() else { return Claimed::Unknown };
        match place.standing {
            Standing::Waiting => Claimed::Waiting(place),
            Standing::Admitted { .. } => Claimed::Admitted(place),
            Standing::Ended { .. } => Claimed::Over(place),
            Standing::Called { .. } if self.room.state(now) == RoomState::Closed => Claimed::Closed(place),
            Standing::Called { called_at, claim_by, knock } => {
                let jti = knock.unwrap_or(claim.jti);
                self.knock(&place, called_at, claim_by, jti, now);
                self.open_door(now);
                match self.places.get(&claim.place).cloned() {
                    Some(inside @ Place { standing: Standing::Admitted { .. }, .. }) => {
                        Claimed::Admitted(inside)
                    }
                    _ => Claimed::AtDoor(self.places.get(&claim.place).cloned().unwrap_or(place)),
                }
            }
        }
    }

    /// See [`super::QueueStore::defer`].
    pub fn defer(&mut self, place: Uuid, now: Ts) -> Deferred {
        let now = self.begin(now);
        let is_once = self.guarded(Guard::OneDeferral);
        let Some(known) = self.places.get_mut(&place) else { return Deferred::Unknown };
        match known.standing {
            Standing::Called { knock: None, .. } => {}
            _ => return Deferred::NotCalled(known.clone()),
        }
        if self.room.deferral_s == 0 {
            return Deferred::Off(known.clone());
        }
        if known.is_deferred && is_once {
            return Deferred::Spent(known.clone());
        }
        known.is_deferred = true;
        let mut deferred = known.clone();
        let called_at = now + self.room.deferral();
        let claim_by = called_at + self.room.turn_length();
        deferred.standing = Standing::Called { called_at, claim_by, knock: None };
        self.stand(place, deferred.standing);
        Deferred::Until(deferred)
    }

    /// See [`super::QueueStore::renew`].
    pub fn renew(&mut self, wish: Renew, now: Ts) -> Renewed {
        let now = self.begin(now);
        let Some(place) = self.places.get(&wish.place).cloned() else { return Renewed::Unknown };
        let Standing::Admitted { jti, at, until, renewals } = place.standing else {
            return if place.standing.is_over() { Renewed::Over(place) } else { Renewed::NotAdmitted(place) };
        };
        if until.seconds() > wish.until.seconds() && self.guarded(Guard::OneRenewal) {
            return Renewed::Until(place);
        }
        if self.room.renewals_max == 0 {
            return Renewed::Off(place);
        }
        if self.room.state(now) == RoomState::Closed {
            return Renewed::Closed(place);
        }
        let is_spent = u32::from(renewals) >= self.room.renewals_max && self.guarded(Guard::Renewals);
        // The settings keep to the bound; a visit that has seen several of them might not.
        let later = (until + self.room.renewal()).min(at + VISIT_MAX);
        if is_spent || later <= until {
            return Renewed::Spent(place);
        }
        let standing = Standing::Admitted { jti, at, until: later, renewals: renewals + 1 };
        self.stand(place.id, standing);
        Renewed::Until(Place { standing, ..place })
    }

    /// See [`super::QueueStore::depart`]: whether this ended the admission.
    pub fn depart(&mut self, depart: Depart, now: Ts) -> bool {
        let now = self.begin(now);
        let Some(place) = self.places.get(&depart.place).cloned() else { return false };
        match place.standing {
            Standing::Admitted { jti, .. } if jti == depart.jti || !self.guarded(Guard::DepartureJti) => {
                self.end(place, depart.how, now);
                true
            }
            _ => false,
        }
    }

    /// The visitor has come: she stays called at least one more claim window, unless she goes in at once. The
    /// deadline moves only once half of it is used up, so that a browser asking each second costs no writes.
    fn knock(&mut self, place: &Place, called_at: Ts, claim_by: Ts, jti: Uuid, now: Ts) {
        let window = self.room.claim_window();
        let knocked = matches!(place.standing, Standing::Called { knock: Some(_), .. });
        if !knocked {
            self.core.show.show(now - called_at);
        }
        if !knocked || claim_by - now < window / 2 {
            let claim_by = claim_by.max(now + window);
            self.stand(place.id, Standing::Called { called_at, claim_by, knock: Some(jti) });
        }
    }
}
