//! What a room may be set to, and which state it is in at a given instant. Pure.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use shared::admission::LENGTH_MAX_S;
use shared::clock::Ts;
use time::Duration;
use uuid::Uuid;

use super::entry::Entry;
pub use super::lanes::{Lane, one_lane};
use super::steering::Steering;
use super::theme::Theme;

/// Longest id of a room.
const ID_LEN_MAX: usize = 64;
/// Longest name and message, in characters.
const TEXT_LEN_MAX: usize = 500;
/// Highest admission rate that can be set. The line keeps one instant per admission of the last minute.
pub const RATE_PER_MINUTE_MAX: u32 = 1_000_000;
/// Highest number of concurrent booking sessions that can be set.
pub const CAP_MAX: u32 = 1_000_000;
/// Most renewals of a visit that can be set; a place has three bits for their count.
const RENEWALS_MAX: u32 = 7;

/// Id of a room: a slug of `a-z`, `0-9` and `-`, 1 to 64 characters. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomId(Arc<str>);

impl RoomId {
    /// The id, if `text` is a well-formed one.
    pub fn parse(text: &str) -> Option<Self> {
        is_slug(text, ID_LEN_MAX).then(|| Self(text.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for RoomId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RoomId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        RoomId::parse(&text)
            .ok_or_else(|| serde::de::Error::custom("a room's id is 1 to 64 of a-z, 0-9 and -"))
    }
}

/// What the operator last asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Follow `lobby_at`, `opens_at` and `closes_at`.
    #[default]
    Schedule,
    /// Open now, whatever `opens_at` says.
    Open,
    /// Nobody is called; everybody keeps the place.
    Paused,
    /// Nobody new joins; those in the line are served.
    Draining,
    /// Over.
    Closed,
    /// The queue is off: whoever comes is called at once, without rate or cap.
    Bypass,
    /// Everybody waits: people join, nobody is called, nobody goes in.
    #[serde(rename = "queue-all")]
    QueueAll,
}

/// What a room is doing at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoomState {
    /// Announced; the lobby is not open yet and nobody can join.
    Scheduled,
    /// People gather; nobody is called before `opens_at`.
    Lobby,
    /// The lobby is closed and its order is being drawn; nobody is called yet, and who joins now comes after all of it.
    Drawing,
    /// People are called.
    Open,
    /// Nobody is called; everybody keeps the place.
    Paused,
    /// Nobody new joins; those in the line are served.
    Draining,
    /// Over: nobody joins, nobody is called.
    Closed,
    /// The queue is off: whoever comes is called at once.
    Bypass,
    /// Everybody waits: people join, nobody is called, nobody goes in.
    #[serde(rename = "queue-all")]
    QueueAll,
}

impl RoomState {
    /// Whether a new visitor gets a place.
    pub fn takes_joins(self) -> bool {
        matches!(
            self,
            Self::Lobby | Self::Drawing | Self::Open | Self::Paused | Self::Bypass | Self::QueueAll
        )
    }

    /// Whether anybody goes in.
    pub fn admits(self) -> bool {
        !matches!(self, Self::Closed | Self::QueueAll)
    }

    /// Whether the line stands still although the sale has begun.
    pub fn is_paused(self) -> bool {
        matches!(self, Self::Paused | Self::QueueAll)
    }

    /// Whether anybody is called.
    pub fn calls(self) -> bool {
        matches!(self, Self::Open | Self::Draining | Self::Bypass)
    }
}

/// The settings of one room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Its id, part of every address.
    pub id: RoomId,
    /// Name shown to fans.
    pub name: String,
    /// Booking's id of the event whose sale stands behind it.
    pub event: String,
    /// When people may gather; at once when absent.
    pub lobby_at: Option<Ts>,
    /// When the first is called; when absent, once an operator opens the room.
    pub opens_at: Option<Ts>,
    /// When it is over, if ever.
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
    pub message: Option<String>,
    /// How its page looks.
    #[serde(default)]
    pub theme: Theme,
    /// What a join costs.
    #[serde(default)]
    pub entry: Entry,
    /// What the operator last asked for.
    #[serde(default)]
    pub mode: Mode,
    /// Seconds for which a called visitor may put her turn off, once; 0: never.
    #[serde(default)]
    pub deferral_s: u32,
    /// Seconds after the claim window in which a sleeper who comes back still goes in next.
    #[serde(default)]
    pub grace_s: u32,
    /// With nobody in the line and less than this share of the cap in use, percent, newcomers are called as they join;
    /// 0: never.
    #[serde(default)]
    pub idle_percent: u32,
    /// How often a visitor in the shop may lengthen her visit; 0: never.
    #[serde(default)]
    pub renewals_max: u32,
    /// Seconds that each renewal adds; 0: as many as a visit lasts.
    #[serde(default)]
    pub renewal_s: u32,
    /// How the outflow follows what the shop reports, if it does.
    #[serde(default)]
    pub steering: Option<Steering>,
    /// Whether joining takes an account of the shop, which has at most one live place in the room.
    #[serde(default)]
    pub one_per_account: bool,
    /// Its lanes. Visitors who name none join the first. Lanes are added at the end and stay.
    #[serde(default = "one_lane")]
    pub lanes: Vec<Lane>,
    /// Whether the order of the lobby is drawn at the opening.
    #[serde(default)]
    pub draw: bool,
    /// The organiser who made it, by her account: she alone may operate it, and admins. Absent: every organiser may. Settled when
    /// the room is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Uuid>,
    /// When everybody had the drawn number. The store's own: it is not taken from whoever sets a room.
    #[serde(default)]
    pub drawn_at: Option<Ts>,
}

impl Room {
    /// The state at `now`. The end of the sale outranks what the operator asked for.
    pub fn state(&self, now: Ts) -> RoomState {
        let over = self.closes_at.is_some_and(|at| now >= at);
        match self.mode {
            Mode::Closed => RoomState::Closed,
            _ if over => RoomState::Closed,
            Mode::Open | Mode::Draining if self.is_undrawn() => RoomState::Drawing,
            Mode::Open => RoomState::Open,
            Mode::Paused => RoomState::Paused,
            Mode::Draining => RoomState::Draining,
            Mode::Bypass => RoomState::Bypass,
            Mode::QueueAll => RoomState::QueueAll,
            Mode::Schedule if self.opens_at.is_some_and(|at| now >= at) => match self.is_undrawn() {
                true => RoomState::Drawing,
                false => RoomState::Open,
            },
            Mode::Schedule if self.lobby_at.is_some_and(|at| now < at) => RoomState::Scheduled,
            Mode::Schedule => RoomState::Lobby,
        }
    }

    /// Whether the order is still to be drawn.
    pub fn is_undrawn(&self) -> bool {
        self.draw && self.drawn_at.is_none()
    }

    /// How long a called visitor may take.
    pub fn claim_window(&self) -> Duration {
        Duration::seconds(self.claim_window_s.into())
    }

    /// How long a turn lasts from its call on, the grace for sleepers included.
    pub fn turn_length(&self) -> Duration {
        Duration::seconds((self.claim_window_s + self.grace_s).into())
    }

    /// How long a turn may be put off.
    pub fn deferral(&self) -> Duration {
        Duration::seconds(self.deferral_s.into())
    }

    /// How long an admission lasts.
    pub fn session_length(&self) -> Duration {
        Duration::seconds(self.session_length_s.into())
    }

    /// How much a renewal adds to it.
    pub fn renewal(&self) -> Duration {
        match self.renewal_s {
            0 => self.session_length(),
            seconds => Duration::seconds(seconds.into()),
        }
    }

    /// The first thing wrong with these settings, if any.
    pub fn check(&self) -> Result<(), Wrong> {
        let range = |field, value: u32, low, high| {
            let detail = format!("`{field}` must be between {low} and {high}, and it is {value}.");
            (low..=high).contains(&value).then_some(()).ok_or(Wrong { field, code: "out-of-range", detail })
        };
        range("rate_per_minute", self.rate_per_minute, 1, RATE_PER_MINUTE_MAX)?;
        range("cap", self.cap, 1, CAP_MAX)?;
        range("claim_window_s", self.claim_window_s, 5, 3600)?;
        range("session_length_s", self.session_length_s, 10, LENGTH_MAX_S)?;
        range("deferral_s", self.deferral_s, 0, 3600)?;
        range("grace_s", self.grace_s, 0, 3600)?;
        range("idle_percent", self.idle_percent, 0, 100)?;
        self.check_renewals(range)?;
        text("name", &self.name, 1)?;
        text("event", &self.event, 1)?;
        text("message", self.message.as_deref().unwrap_or_default(), 0)?;
        if !is_web_address(&self.booking_url) {
            let detail = "`booking_url` must be an http(s) address or a path that begins with “/”, without a fragment.";
            return Err(Wrong { field: "booking_url", code: "bad-address", detail: detail.to_owned() });
        }
        self.check_lanes()?;
        self.check_steering()?;
        self.theme.check()?;
        self.entry.check()?;
        self.check_schedule()
    }

    fn check_renewals(
        &self,
        range: impl Fn(&'static str, u32, u32, u32) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        range("renewals_max", self.renewals_max, 0, RENEWALS_MAX)?;
        if self.renewal_s > 0 {
            range("renewal_s", self.renewal_s, 10, LENGTH_MAX_S)?;
        }
        let longest = self.session_length() + self.renewal() * self.renewals_max as i32;
        if longest.whole_seconds() > LENGTH_MAX_S.into() {
            let detail = format!(
                "A visit with all its renewals must not be longer than {LENGTH_MAX_S} seconds, and it is {}.",
                longest.whole_seconds()
            );
            return Err(Wrong { field: "renewals_max", code: "out-of-range", detail });
        }
        Ok(())
    }

    fn check_schedule(&self) -> Result<(), Wrong> {
        let ordered = |field, earlier: Option<Ts>, later: Option<Ts>, detail: &str| {
            let wrong = matches!((earlier, later), (Some(e), Some(l)) if e >= l);
            if wrong { Err(Wrong { field, code: "bad-order", detail: detail.to_owned() }) } else { Ok(()) }
        };
        ordered("opens_at", self.lobby_at, self.opens_at, "`opens_at` must come after `lobby_at`.")?;
        if self.draw && self.lobby_at.is_none() {
            let detail =
                "A room with a draw needs `lobby_at`: the seed is committed to before anybody joins.";
            return Err(Wrong { field: "lobby_at", code: "missing", detail: detail.to_owned() });
        }
        ordered("closes_at", self.opens_at, self.closes_at, "`closes_at` must come after `opens_at`.")
    }
}

/// Whether `text` is one to `len_max` of `a-z`, `0-9` and `-`.
pub(super) fn is_slug(text: &str, len_max: usize) -> bool {
    let fits = (1..=len_max).contains(&text.len());
    fits && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// One setting that cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Name of the setting, with `/` before a part of it.
    pub field: &'static str,
    /// Stable code.
    pub code: &'static str,
    /// A sentence that says what is accepted.
    pub detail: String,
}

fn text(field: &'static str, value: &str, min: usize) -> Result<(), Wrong> {
    let len = value.chars().count();
    if (min..=TEXT_LEN_MAX).contains(&len) && !value.chars().any(|c| c.is_control() && c != '\n') {
        return Ok(());
    }
    let detail = format!("`{field}` must have {min} to {TEXT_LEN_MAX} characters and no control characters.");
    Err(Wrong { field, code: "bad-text", detail })
}

/// What a browser may be sent to: never `javascript:` and the like, and no fragment, which carries the token.
fn is_web_address(url: &str) -> bool {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let path = url.starts_with('/') && !url.starts_with("//");
    let clean = !url.contains('#') && !url.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\');
    (web || path) && clean && url.len() <= 2000
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    pub(crate) use crate::rooms::lanes::tests::lanes;

    /// A room that has been open since the beginning of time.
    pub(crate) fn open_room() -> Room {
        Room {
            id: RoomId::parse("rock-night").unwrap(),
            name: "Rock Night".into(),
            event: "1".into(),
            lobby_at: None,
            opens_at: Some(Ts::from_seconds(0)),
            closes_at: None,
            rate_per_minute: 600,
            cap: 100,
            claim_window_s: 60,
            session_length_s: 600,
            booking_url: "/events/1".into(),
            message: None,
            theme: Theme::default(),
            entry: Entry::default(),
            mode: Mode::Schedule,
            deferral_s: 0,
            grace_s: 0,
            idle_percent: 0,
            renewals_max: 0,
            renewal_s: 0,
            steering: None,
            one_per_account: false,
            lanes: one_lane(),
            draw: false,
            owner: None,
            drawn_at: None,
        }
    }

    #[test]
    fn the_schedule_leads_from_announced_to_closed() {
        let at = |s| Some(Ts::from_seconds(s));
        let room = Room { lobby_at: at(10), opens_at: at(20), closes_at: at(30), ..open_room() };
        let states: Vec<_> = [9, 10, 19, 20, 29, 30].map(|s| room.state(Ts::from_seconds(s))).into();
        use RoomState::*;
        assert_eq!(states, [Scheduled, Lobby, Lobby, Open, Open, Closed]);
    }

    #[test]
    fn without_an_opening_time_the_lobby_waits_for_the_operator() {
        let room = Room { opens_at: None, ..open_room() };
        assert_eq!(room.state(Ts::from_seconds(1)), RoomState::Lobby);
        assert_eq!(Room { mode: Mode::Open, ..room }.state(Ts::from_seconds(1)), RoomState::Open);
    }

    #[test]
    fn a_room_with_a_draw_calls_nobody_before_it_is_drawn() {
        let at = |s| Some(Ts::from_seconds(s));
        let room = Room { draw: true, lobby_at: at(10), opens_at: at(20), ..open_room() };
        assert_eq!(room.state(Ts::from_seconds(19)), RoomState::Lobby);
        assert_eq!(room.state(Ts::from_seconds(20)), RoomState::Drawing);
        assert_eq!(Room { mode: Mode::Open, ..room.clone() }.state(Ts::from_seconds(11)), RoomState::Drawing);
        assert_eq!(Room { drawn_at: at(22), ..room }.state(Ts::from_seconds(23)), RoomState::Open);
        assert!(RoomState::Drawing.takes_joins() && !RoomState::Drawing.calls());
    }

    #[test]
    fn the_end_of_the_sale_outranks_the_operator() {
        for mode in [Mode::Open, Mode::Paused, Mode::Draining, Mode::Bypass, Mode::QueueAll] {
            let room = Room { mode, closes_at: Some(Ts::from_seconds(5)), ..open_room() };
            assert_eq!(room.state(Ts::from_seconds(5)), RoomState::Closed, "{mode:?}");
        }
    }

    #[test]
    fn bad_settings_are_named() {
        let at = |s| Some(Ts::from_seconds(s));
        let bad = [
            ("rate_per_minute", Room { rate_per_minute: 0, ..open_room() }),
            ("cap", Room { cap: CAP_MAX + 1, ..open_room() }),
            ("claim_window_s", Room { claim_window_s: 4, ..open_room() }),
            ("session_length_s", Room { session_length_s: 0, ..open_room() }),
            ("name", Room { name: String::new(), ..open_room() }),
            ("message", Room { message: Some("\u{7}".into()), ..open_room() }),
            ("booking_url", Room { booking_url: "javascript:alert(1)".into(), ..open_room() }),
            ("booking_url", Room { booking_url: "//evil.example".into(), ..open_room() }),
            ("booking_url", Room { booking_url: "/events/1#x".into(), ..open_room() }),
            ("opens_at", Room { lobby_at: at(5), opens_at: at(5), ..open_room() }),
            ("closes_at", Room { opens_at: at(5), closes_at: at(4), ..open_room() }),
            ("deferral_s", Room { deferral_s: 3601, ..open_room() }),
            ("grace_s", Room { grace_s: 3601, ..open_room() }),
            ("idle_percent", Room { idle_percent: 101, ..open_room() }),
            ("lanes", Room { lanes: vec![], ..open_room() }),
            ("renewals_max", Room { renewals_max: 8, ..open_room() }),
            ("renewal_s", Room { renewal_s: 9, ..open_room() }),
            ("renewals_max", Room { renewals_max: 7, renewal_s: 13_000, ..open_room() }),
            ("lobby_at", Room { draw: true, ..open_room() }),
        ];
        for (field, room) in bad {
            assert_eq!(room.check().unwrap_err().field, field);
        }
        assert_eq!(open_room().check(), Ok(()));
    }

    #[test]
    fn ids_are_slugs() {
        assert!(RoomId::parse("rock-night-2026").is_some());
        for bad in ["", "Rock", "a b", "ü", "a/b", &"x".repeat(65)] {
            assert!(RoomId::parse(bad).is_none(), "{bad}");
        }
    }
}
