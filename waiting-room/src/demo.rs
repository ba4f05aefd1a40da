//! The room of the demo's hot on-sale.

use shared::clock::Ts;

use crate::rooms::rules::{Mode, Room, RoomId, one_lane};

/// Id of the demo's room.
const ROOM: &str = "rush-night";

/// A room that has been open since `now` and serves a crowd of a few thousand in minutes.
///
/// `event` is booking's id of the event it guards; fans are sent to that event's page on this origin.
///
/// # Errors
/// Never in practice: the id is a slug.
pub fn demo_room(event: &str, now: Ts) -> anyhow::Result<Room> {
    Ok(Room {
        id: RoomId::parse(ROOM).ok_or_else(|| anyhow::anyhow!("{ROOM} is not a slug"))?,
        name: "Rush Night".into(),
        event: event.to_owned(),
        lobby_at: None,
        opens_at: Some(now),
        closes_at: None,
        // 20 a second: someone who joins behind 2,000 waits under two minutes.
        rate_per_minute: 1200,
        cap: 400,
        claim_window_s: 45,
        session_length_s: 600,
        booking_url: format!("/events/{event}"),
        message: Some(
            "Welcome! Everyone in this line is served in order. Refreshing costs you nothing.".into(),
        ),
        theme: Default::default(),
        entry: Default::default(),
        mode: Mode::Schedule,
        deferral_s: 120,
        grace_s: 60,
        idle_percent: 0,
        renewals_max: 0,
        renewal_s: 0,
        steering: None,
        one_per_account: false,
        lanes: one_lane(),
        draw: false,
        owner: None,
        drawn_at: None,
    })
}
