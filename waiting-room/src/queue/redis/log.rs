//! The rooms' public journals behind a Redis; see [`crate::log`].

use std::sync::Arc;

use redis::Value;
use shared::clock::Ts;

use super::rebuild::run;
use super::rooms::{Args, Rooms, key};
use super::wire;
use crate::queue::StoreError;
use crate::rooms::rules::RoomId;

/// See [`crate::queue::QueueStore::append_log`].
pub async fn append(
    rooms: &Arc<Rooms>,
    room: &RoomId,
    from: u64,
    entries: Vec<String>,
) -> Result<bool, StoreError> {
    let args = entries.into_iter().fold(Args::default().text(from), Args::text);
    let mut reply = run(rooms, &rooms.scripts.log, room, Ts::from_micros(0), args).await?;
    Ok(reply.number()? == 1)
}

/// See [`crate::queue::QueueStore::log_entries`].
pub async fn entries(
    rooms: &Rooms,
    room: &RoomId,
    from: u64,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let mut range = redis::cmd("LRANGE");
    range.arg(key(room, "log")).arg(from).arg(from.saturating_add(limit as u64 - 1));
    let Value::Array(entries) = rooms.link.ask(&range).await? else { return Err(wire::garbled("no list")) };
    let text = |value| String::from_utf8(wire::bytes(Some(value))?).map_err(|_| wire::garbled("an entry"));
    entries.into_iter().map(text).collect()
}

/// See [`crate::queue::QueueStore::log_len`].
pub async fn len(rooms: &Rooms, room: &RoomId) -> Result<u64, StoreError> {
    let mut count = redis::cmd("LLEN");
    count.arg(key(room, "log"));
    Ok(wire::int(Some(rooms.link.ask(&count).await?))? as u64)
}
