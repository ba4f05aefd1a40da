//! A place moves to another browser: its holder has offered it to whoever shows the offer.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use time::Duration;
use uuid::Uuid;

use super::guard::Guard;
use super::line::Line;
use super::{BrowserKey, Change, Ending, Place, Standing};

/// How long a used offer is remembered after its end: longer than clocks of nodes differ.
pub const OFFERS_KEPT: Duration = Duration::minutes(5);

/// A wish to take a place over: its holder has offered it to whoever shows the offer.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Handover {
    /// Id of the offer, which works once.
    pub offer: Uuid,
    /// When the offer ends; its id is remembered a while longer.
    pub until: Ts,
    /// The place.
    pub place: Uuid,
    /// Who held it when it was offered.
    pub from: BrowserKey,
    /// Who takes it.
    pub to: BrowserKey,
}

/// Answer to a [`Handover`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandedOver {
    /// The place is the taker's, now or since an earlier call.
    Moved(Place),
    /// The taker has a better place already; nothing moved.
    Better(Place),
    /// The offer was used, the place has moved on, is in the shop, over or unknown.
    Refused,
}

impl Line {
    /// See [`super::QueueStore::hand_over`].
    pub fn hand_over(&mut self, wish: Handover, now: Ts) -> HandedOver {
        let now = self.begin(now);
        self.core.offers.retain(|_, forget_at| *forget_at > now);
        let Some(mut place) = self.places.get(&wish.place).cloned() else { return HandedOver::Refused };
        if place.standing.is_over() || matches!(place.standing, Standing::Admitted { .. }) {
            return HandedOver::Refused;
        }
        if place.browser == wish.to {
            return HandedOver::Moved(place);
        }
        let is_spent = self.core.offers.contains_key(&wish.offer) || place.browser != wish.from;
        if is_spent && self.guarded(Guard::Handover) {
            return HandedOver::Refused;
        }
        if let Some(own) = self.live_place_of(wish.to) {
            if own.standing != Standing::Waiting || own.number < place.number {
                return HandedOver::Better(own);
            }
            self.end(own, Ending::Left, now);
        }
        self.core.offers.insert(wish.offer, wish.until + OFFERS_KEPT);
        self.index.remove(&place);
        place.browser = wish.to;
        self.index.add(&place);
        self.log(Change::of(&place));
        self.places.insert(place.id, place.clone());
        HandedOver::Moved(place)
    }
}
