//! The draw behind a Redis; see [`crate::queue::lobby`] for the rules.

use std::sync::Arc;

use redis::Value;
use shared::clock::Ts;

use super::rebuild::run;
use super::rooms::{Args, Rooms, key};
use super::wire::{self, Reply};
use super::{inspect, link};
use crate::queue::lobby::member;
use crate::queue::{Draw, DrawStep, Lobbyist, Seating, StoreError};
use crate::rooms::rules::RoomId;

/// Places seated by one call: about three milliseconds of Redis.
const SEATS_MAX: usize = 500;
/// The hash of a room that holds the parts of its draw's list. No script touches it.
const LIST: &str = "list";

/// See [`crate::queue::QueueStore::draw`].
pub async fn draw(rooms: &Arc<Rooms>, room: &RoomId) -> Result<Draw, StoreError> {
    advance(rooms, room, DrawStep::None, "", Ts::from_micros(0)).await
}

/// See [`crate::queue::QueueStore::advance_draw`]; [`DrawStep::None`] only reads.
pub async fn advance(
    rooms: &Arc<Rooms>,
    room: &RoomId,
    step: DrawStep,
    note: &str,
    now: Ts,
) -> Result<Draw, StoreError> {
    let args = Args::default().text(step as u8).text(note);
    let draw = read(run(rooms, &rooms.scripts.draw, room, now, args).await?)?;
    let is_news = rooms.know(room, |known| {
        let is_news = known.draw != draw;
        known.draw = draw.clone();
        is_news
    });
    if is_news {
        rooms.keep_all(room).await?;
    }
    Ok(draw)
}

fn read(mut reply: Reply) -> Result<Draw, StoreError> {
    let step =
        DrawStep::ALL.get(reply.number()? as usize).ok_or_else(|| wire::garbled("a step of a draw"))?;
    let (lobby_end, lobby_size, closed_at) = (reply.number()?, reply.number()?, reply.number()?);
    let note = String::from_utf8(reply.bytes()?).map_err(|_| wire::garbled("the note of a draw"))?;
    let closed_at = (closed_at > 0).then(|| Ts::from_micros(closed_at as i64));
    Ok(Draw { step: *step, lobby_end, lobby_size, closed_at, note })
}

/// What a room that was made anew is told of its draw.
pub fn told(draw: Draw) -> Args {
    let draw = draw.after_loss();
    let closed_at = draw.closed_at.map_or(0, Ts::micros);
    let args = Args::default().text(draw.step as u8).text(draw.lobby_end).text(draw.lobby_size);
    args.text(closed_at).text(draw.note)
}

/// See [`crate::queue::QueueStore::lobby`].
pub async fn lobby(rooms: &Arc<Rooms>, room: &RoomId) -> Result<Vec<Lobbyist>, StoreError> {
    let draw = draw(rooms, room).await?;
    let places = inspect::places(rooms, room).await?;
    let mut lobby: Vec<Lobbyist> = places.values().filter_map(|place| member(place, &draw)).collect();
    lobby.sort_unstable();
    Ok(lobby)
}

/// See [`crate::queue::QueueStore::seat_drawn`].
pub async fn seat(rooms: &Arc<Rooms>, room: &RoomId, seats: &[Seating], now: Ts) -> Result<(), StoreError> {
    for seats in seats.chunks(SEATS_MAX) {
        let args = seats.iter().fold(Args::default(), |args, seat| args.id(seat.place).text(seat.number));
        run(rooms, &rooms.scripts.seat, room, now, args).await?;
    }
    Ok(())
}

/// See [`crate::queue::QueueStore::keep_part`].
pub async fn keep_part(
    link: &Arc<link::Link>,
    room: &RoomId,
    name: &str,
    bytes: &[u8],
) -> Result<(), StoreError> {
    let mut command = redis::cmd("HSETNX");
    command.arg(key(room, LIST)).arg(name).arg(bytes);
    Ok(link.ask(&command).await.map(drop)?)
}

/// See [`crate::queue::QueueStore::part`].
pub async fn part(link: &Arc<link::Link>, room: &RoomId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut command = redis::cmd("HGET");
    command.arg(key(room, LIST)).arg(name);
    match link.ask(&command).await? {
        Value::Nil => Ok(None),
        bytes => wire::bytes(Some(bytes)).map(Some),
    }
}
