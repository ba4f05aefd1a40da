//! The place document: the one answer every channel gives.

use std::borrow::Cow;

use rapidhash::v3::rapidhash_v3;
use serde::Serialize;
use shared::clock::Ts;

use super::view::View;
use crate::eta::Eta;
use crate::queue::{Ending, Place, Standing};
use crate::rooms::rules::{Room, RoomId, RoomState};

/// Somebody whose turn is near asks this often, seconds; somebody far back [`RETRY_MAX_S`].
const RETRY_MIN_S: u64 = 1;
/// Nobody waits longer than this for news, seconds.
pub const RETRY_MAX_S: u64 = 15;
/// Whoever cannot be told how long it will take asks this often, seconds.
pub const RETRY_UNKNOWN_S: u64 = 5;
/// What the line is told while it is being restored.
const RESTORING: &str =
    "We are restoring the line after a fault. Your place is safe; please keep this page open.";

/// Where a visitor stands, in the words of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlaceState {
    /// Before the opening.
    Lobby,
    /// In the line.
    Waiting,
    /// Her turn: claim it before `claim_by`.
    Called,
    /// In the shop.
    Admitted,
    /// Another device has taken the place over; this browser no longer holds it.
    Moved,
    /// The place was given up, or the visit to the shop is over.
    Left,
    /// The turn was missed, or the visit reached its full length.
    Expired,
}

/// One visitor's place, the same by WebSocket, SSE, polling and page. What all in a lane are told alike may be borrowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PlaceDocument<'v> {
    /// The room.
    #[schema(value_type = String)]
    pub room: Cow<'v, RoomId>,
    /// Where the visitor stands.
    pub state: PlaceState,
    /// The number of the place: the order of its lane.
    pub number: u64,
    /// Its lane.
    #[schema(value_type = String)]
    pub lane: Cow<'v, str>,
    /// People ahead in her lane, plus one; 0 once it is her turn, and as long as the order is still to be drawn.
    pub position: u64,
    /// People ahead in her lane.
    pub ahead: u64,
    /// People behind in her lane.
    pub waiting_behind: u64,
    /// The wait, or null when nothing can be said (paused, called, over).
    pub eta: Option<Eta>,
    /// Highest number called so far, the same for everybody in her lane.
    pub serving: u64,
    /// The operator's word to the line.
    #[schema(value_type = Option<String>)]
    pub message: Option<Cow<'v, str>>,
    /// When called: the turn is lost from this instant on.
    pub claim_by: Option<Ts>,
    /// When she put her turn off: it is her turn again from this instant on, or whenever she claims it.
    pub deferred_until: Option<Ts>,
    /// When called: whether she may put her turn off, which is possible once.
    pub can_defer: bool,
    /// When called and claimed while the shop was momentarily full: goes in next, without doing anything.
    pub at_door: bool,
    /// When it is worth asking again, seconds.
    pub retry_after_s: u64,
    /// Whether nobody is called at the moment.
    pub paused: bool,
    /// What the room is doing.
    pub room_state: RoomState,
    /// Since when she is in the line.
    pub joined_at: Ts,
    /// Since when she is in the shop.
    pub admitted_at: Option<Ts>,
    /// When admitted: until when.
    pub admitted_until: Option<Ts>,
    /// When admitted: how often she may still lengthen her visit.
    pub renewals_left: u32,
    /// The server's clock. The last of all: [`PlaceDocument::write`] counts on it.
    pub server_time: Ts,
}

impl PlaceDocument<'_> {
    /// What the browser sees that held the place before it moved.
    pub fn moved(self) -> Self {
        Self {
            state: PlaceState::Moved,
            position: 0,
            ahead: 0,
            eta: None,
            claim_by: None,
            at_door: false,
            retry_after_s: RETRY_MAX_S,
            admitted_at: None,
            admitted_until: None,
            renewals_left: 0,
            ..self
        }
    }

    /// Appends it as JSON. Its fingerprint, which is the same for the same news on every node: everything but the server's
    /// clock goes into it.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn write(&self, json: &mut Vec<u8>) -> serde_json::Result<u64> {
        let start = json.len();
        serde_json::to_writer(&mut *json, self)?;
        let written = &json[start..];
        // The clock's text has no comma in it.
        let clock = written.iter().rposition(|byte| *byte == b',').unwrap_or(written.len());
        Ok(rapidhash_v3(&written[..clock]))
    }
}

/// What all in a lane are told alike.
struct Texts<'v> {
    room: Cow<'v, RoomId>,
    lane: Cow<'v, str>,
    message: Option<Cow<'v, str>>,
}

impl<'v> Texts<'v> {
    fn of(view: &'v View, lane: u8) -> Self {
        let message = if view.restoring.is_some() { Some(RESTORING) } else { view.room.message.as_deref() };
        Self {
            room: Cow::Borrowed(&view.room.id),
            lane: Cow::Borrowed(view.room.lane_name(lane)),
            message: message.map(Cow::Borrowed),
        }
    }

    fn into_owned(self) -> Texts<'static> {
        Texts {
            room: Cow::Owned(self.room.into_owned()),
            lane: Cow::Owned(self.lane.into_owned()),
            message: self.message.map(|message| Cow::Owned(message.into_owned())),
        }
    }
}

/// The document of `place`, which is as it stands at `now`.
pub fn document<'v>(view: &'v View, place: &Place, now: Ts) -> PlaceDocument<'v> {
    told(view, place, now, Texts::of(view, place.lane))
}

/// The same to be kept longer than the view.
pub fn own_document(view: &View, place: &Place, now: Ts) -> PlaceDocument<'static> {
    told(view, place, now, Texts::of(view, place.lane).into_owned())
}

fn told<'t>(view: &View, place: &Place, now: Ts, texts: Texts<'t>) -> PlaceDocument<'t> {
    let waits = place.standing == Standing::Waiting;
    let restoring = view.restoring.is_some();
    let has_position = waits && !view.is_undrawn();
    let ahead = if has_position { view.ahead_of(place.lane, place.number) } else { 0 };
    let deferred_until = match place.standing {
        Standing::Called { called_at, knock: None, .. } if now < called_at => Some(called_at),
        _ => None,
    };
    let eta = match deferred_until {
        Some(at) => Some(until(at, now)),
        None if waits => view.eta(place.lane, ahead, now),
        None => None,
    };
    PlaceDocument {
        room: texts.room,
        state: match place.standing {
            Standing::Called { .. } if deferred_until.is_some() => PlaceState::Waiting,
            // For a tick after a draw this node does not know the drawn numbers yet.
            Standing::Called { .. } if view.is_undrawn() => PlaceState::Lobby,
            standing => state(standing, view.state),
        },
        number: view.shown(place.number),
        lane: texts.lane,
        position: if has_position || deferred_until.is_some() { ahead + 1 } else { 0 },
        ahead,
        waiting_behind: view.behind(place.lane, place.number),
        eta,
        serving: view.shown(view.serving_of(place.lane)),
        message: texts.message,
        claim_by: if deferred_until.is_some() { None } else { claim_by(place.standing, &view.room, now) },
        deferred_until,
        can_defer: matches!(place.standing, Standing::Called { called_at, knock: None, .. } if called_at <= now)
            && !place.is_deferred
            && view.room.deferral_s > 0,
        at_door: matches!(place.standing, Standing::Called { knock: Some(_), .. }),
        retry_after_s: retry_after_s(place.standing, eta),
        paused: restoring || view.state.is_paused(),
        room_state: view.state,
        joined_at: place.joined_at,
        admitted_at: match place.standing {
            Standing::Admitted { at, .. } => Some(at),
            _ => None,
        },
        admitted_until: match place.standing {
            Standing::Admitted { until, .. } => Some(until),
            _ => None,
        },
        renewals_left: match place.standing {
            Standing::Admitted { renewals, .. } if view.state != RoomState::Closed => {
                view.room.renewals_max.saturating_sub(renewals.into())
            }
            _ => 0,
        },
        server_time: now,
    }
}

/// The deadline as she is told it: the grace is for sleepers, and nobody who is awake is told to reckon with it.
fn claim_by(standing: Standing, room: &Room, now: Ts) -> Option<Ts> {
    let Standing::Called { claim_by, knock, .. } = standing else { return None };
    let told = claim_by - (room.turn_length() - room.claim_window());
    Some(if knock.is_none() && now < told { told } else { claim_by })
}

/// A wait of known length.
fn until(at: Ts, now: Ts) -> Eta {
    let low_s = (at - now).whole_seconds().max(0) as u64;
    Eta { low_s, high_s: low_s + 1 }
}

fn state(standing: Standing, room: RoomState) -> PlaceState {
    match standing {
        Standing::Waiting if matches!(room, RoomState::Lobby | RoomState::Scheduled | RoomState::Drawing) => {
            PlaceState::Lobby
        }
        Standing::Waiting => PlaceState::Waiting,
        Standing::Called { .. } => PlaceState::Called,
        Standing::Admitted { .. } => PlaceState::Admitted,
        Standing::Ended { how: Ending::Missed | Ending::RanOut, .. } => PlaceState::Expired,
        Standing::Ended { .. } => PlaceState::Left,
    }
}

/// News come more often the nearer the turn is: a sixtieth of the wait, within bounds.
fn retry_after_s(standing: Standing, eta: Option<Eta>) -> u64 {
    match (standing, eta) {
        (Standing::Waiting, Some(eta)) => (eta.low_s / 60).clamp(RETRY_MIN_S, RETRY_MAX_S),
        (Standing::Waiting, None) => RETRY_UNKNOWN_S,
        (Standing::Called { .. }, _) => RETRY_MIN_S,
        (Standing::Admitted { .. } | Standing::Ended { .. }, _) => RETRY_MAX_S,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::hub::tests::{now, place};
    use crate::rooms::rules::tests::open_room;

    fn fingerprint(document: &PlaceDocument) -> u64 {
        let mut json = b"before it".to_vec();
        let fingerprint = document.write(&mut json).unwrap();
        assert_eq!(json[9..], serde_json::to_vec(document).unwrap());
        fingerprint
    }

    #[test]
    fn the_clock_is_no_news_and_everything_else_is() {
        let (view, place) = (View::new(open_room(), now()), place(3));
        let told = own_document(&view, &place, now());
        let later = Ts::from_micros(now().micros() + 1_234_567);
        let same = PlaceDocument { server_time: later, ..told.clone() };
        assert_eq!(fingerprint(&same), fingerprint(&told));
        assert_eq!(serde_json::to_value(&told).unwrap().as_object().unwrap().len(), 22);
        for other in [
            PlaceDocument { ahead: 3, ..told.clone() },
            PlaceDocument { message: Some("a, b".into()), ..told.clone() },
            PlaceDocument { message: Some("a, c".into()), ..told.clone() },
            PlaceDocument { renewals_left: 1, ..told.clone() },
        ] {
            assert_ne!(fingerprint(&other), fingerprint(&told));
        }
    }

    #[test]
    fn a_document_of_its_own_says_the_same() {
        let (view, place) = (View::new(open_room(), now()), place(3));
        assert_eq!(own_document(&view, &place, now()), document(&view, &place, now()));
    }
}
