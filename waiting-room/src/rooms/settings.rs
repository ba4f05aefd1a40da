//! What an operator sets, as it is written over HTTP.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use uuid::Uuid;

use super::entry::Entry;
use super::rules::{Lane, Mode, Room, RoomId, one_lane};
use super::steering::Steering;
use super::theme::Theme;

/// What an operator sets.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomSettings {
    /// Name shown to fans.
    pub name: String,
    /// Booking's id of the event behind the room, as text.
    pub event: String,
    /// When people may gather; at once when absent.
    #[serde(default)]
    pub lobby_at: Option<Ts>,
    /// When the first is called; when absent, once an operator opens the room.
    #[serde(default)]
    pub opens_at: Option<Ts>,
    /// When it is over, if ever.
    #[serde(default)]
    pub closes_at: Option<Ts>,
    /// Most admissions in any sliding minute.
    pub rate_per_minute: u32,
    /// Most booking sessions at the same time.
    pub cap: u32,
    /// Seconds in which a called visitor must claim her turn.
    pub claim_window_s: u32,
    /// Seconds an admission lasts.
    pub session_length_s: u32,
    /// Where an admitted visitor goes.
    pub booking_url: String,
    /// The operator's word to the line.
    #[serde(default)]
    pub message: Option<String>,
    /// Seconds for which a called visitor may put her turn off, once; 0 (as when absent): never.
    #[serde(default)]
    pub deferral_s: u32,
    /// Seconds after the claim window in which a sleeper who comes back still goes in next; 0 when absent.
    #[serde(default)]
    pub grace_s: u32,
    /// With nobody in the line and less than this share of the cap in use, percent, newcomers are called as they join;
    /// 0 (as when absent): never. Rate and cap hold.
    #[serde(default)]
    pub idle_percent: u32,
    /// How often a visitor in the shop may lengthen her visit, at most 7; 0 (as when absent): never.
    #[serde(default)]
    pub renewals_max: u32,
    /// Seconds that each renewal adds; 0 (as when absent): as many as `session_length_s`.
    #[serde(default)]
    pub renewal_s: u32,
    /// Lets rate and visits follow the shop's health and stock; when absent, they are what is set here.
    #[serde(default)]
    pub steering: Option<Steering>,
    /// Whether joining takes an account of the shop, which has at most one place in the line; no when absent.
    #[serde(default)]
    pub one_per_account: bool,
    /// Priority classes, one to eight; turns go to them in proportion to their weights. The first is where visitors
    /// join who name none. Lanes can be added at the end and weights changed; none can be taken out. When absent, the
    /// room keeps its lanes; a new room has one, `general`.
    #[serde(default)]
    pub lanes: Option<Vec<Lane>>,
    /// How the room's page looks.
    #[serde(default)]
    pub theme: Theme,
    /// What a join costs beside waiting.
    #[serde(default)]
    pub entry: Entry,
    /// Whether the order of the lobby is drawn at the opening; otherwise first come, first served. Settled before the
    /// lobby opens.
    #[serde(default)]
    pub draw: bool,
}

impl RoomSettings {
    /// The room with these settings; `before` is the same room as it was, a new one is `owner`'s.
    pub(super) fn into_room(self, id: RoomId, before: Option<&Room>, owner: Option<Uuid>) -> Room {
        let Self { name, event, lobby_at, opens_at, closes_at, rate_per_minute, cap, .. } = self;
        let Self {
            claim_window_s, session_length_s, booking_url, message, theme, entry, lanes, draw, ..
        } = self;
        let Self { deferral_s, grace_s, idle_percent, renewals_max, renewal_s, one_per_account, .. } = self;
        let steering = self.steering;
        Room {
            id,
            name,
            event,
            lobby_at,
            opens_at,
            closes_at,
            rate_per_minute,
            cap,
            claim_window_s,
            session_length_s,
            booking_url,
            message: message.filter(|text| !text.trim().is_empty()),
            theme,
            entry,
            mode: before.map_or(Mode::Schedule, |room| room.mode),
            deferral_s,
            grace_s,
            idle_percent,
            renewals_max,
            renewal_s,
            steering,
            one_per_account,
            lanes: lanes.or_else(|| before.map(|room| room.lanes.clone())).unwrap_or_else(one_lane),
            draw,
            owner: before.map_or(owner, |room| room.owner),
            drawn_at: None,
        }
    }

    /// Those of a room.
    pub(super) fn of(room: Room) -> Self {
        Self {
            name: room.name,
            event: room.event,
            lobby_at: room.lobby_at,
            opens_at: room.opens_at,
            closes_at: room.closes_at,
            rate_per_minute: room.rate_per_minute,
            cap: room.cap,
            claim_window_s: room.claim_window_s,
            session_length_s: room.session_length_s,
            booking_url: room.booking_url,
            message: room.message,
            deferral_s: room.deferral_s,
            grace_s: room.grace_s,
            idle_percent: room.idle_percent,
            renewals_max: room.renewals_max,
            renewal_s: room.renewal_s,
            steering: room.steering,
            one_per_account: room.one_per_account,
            lanes: Some(room.lanes),
            theme: room.theme,
            entry: room.entry,
            draw: room.draw,
        }
    }
}
