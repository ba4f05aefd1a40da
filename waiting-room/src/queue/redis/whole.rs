//! Reading a whole line in pieces, for a view that has seen nothing of it or too little.

use std::collections::HashMap;

use shared::clock::Ts;

use super::rooms::{Args, Rooms};
use crate::queue::ranks::Ranks;
use crate::queue::{Change, Changes, Place, Standing, StoreError, Whole};
use crate::rooms::rules::RoomId;

/// Changes read at a time.
const STEPS_MAX: usize = 4096;
/// Pieces of changes read for one view; what is left then is read by the next look.
const ROUNDS_MAX: usize = 16;
/// Bytes of the line's bitmap read at a time: half a million numbers.
const BITS_BYTES: u64 = 64 * 1024;
/// About how many of those inside are read at a time.
const INSIDE_MAX: usize = 1000;
/// Times a whole line is read anew because the log of changes moved on too far meanwhile.
const TRIES_MAX: usize = 3;

/// What happened since `version`; see [`crate::queue::QueueStore::changes_since`].
pub async fn changes_since(rooms: &Rooms, room: &RoomId, version: u64) -> Result<Changes, StoreError> {
    if let Some((now_at, steps)) = steps_since(rooms, room, version).await? {
        return Ok(Changes::Steps { since: version, version: now_at, steps });
    }
    for _ in 0..TRIES_MAX {
        if let Some(whole) = whole(rooms, room).await? {
            return Ok(Changes::Whole(whole));
        }
    }
    Err(StoreError::Unavailable("the line changes faster than it can be read".into()))
}

/// The changes since `version` and the version they lead to; `None` when the log does not reach back so far.
pub async fn steps_since(
    rooms: &Rooms,
    room: &RoomId,
    version: u64,
) -> Result<Option<(u64, Vec<Change>)>, StoreError> {
    let (mut at, mut steps) = (version, Vec::new());
    for _ in 0..ROUNDS_MAX {
        let args = Args::default().text(at).text(STEPS_MAX);
        let mut reply = rooms.run(&rooms.scripts.changes, room, Ts::from_micros(0), args).await?;
        let newest = reply.version;
        if reply.number()? == 0 {
            return Ok(None);
        }
        let places = reply.places()?;
        at += places.len() as u64;
        steps.extend(places.iter().map(|place| Change { number: place.number, to: place.standing }));
        if at >= newest {
            break;
        }
    }
    Ok(Some((at, steps)))
}

/// The line as it is once its pieces and the changes since the first of them are put together; `None` when the
/// log did not keep all of those changes.
pub async fn whole(rooms: &Rooms, room: &RoomId) -> Result<Option<Whole>, StoreError> {
    let (mut line, mut first, mut serving, mut next_number) = (Vec::new(), None, 0, 1);
    loop {
        let from = line.len() as u64;
        let args = Args::default().text(from).text(from + BITS_BYTES - 1);
        let mut reply = rooms.run(&rooms.scripts.bits, room, Ts::from_micros(0), args).await?;
        if first.is_none() {
            (serving, next_number) = (reply.number()?, reply.number()?);
            first = Some(reply.version);
        } else {
            reply.rest.nth(1);
        }
        let piece = reply.bytes()?;
        line.extend_from_slice(&piece);
        if (piece.len() as u64) < BITS_BYTES {
            break;
        }
    }
    let mut inside: HashMap<u64, Standing> =
        inside(rooms, room).await?.into_iter().map(|place| (place.number, place.standing)).collect();
    let Some((version, steps)) = steps_since(rooms, room, first.unwrap_or(0)).await? else { return Ok(None) };
    let mut waiting = Ranks::of_bitmap(&line);
    for step in &steps {
        next_number = next_number.max(step.number + 1);
        match step.to {
            Standing::Called { .. } | Standing::Admitted { .. } => {
                serving = serving.max(step.number);
                inside.insert(step.number, step.to);
            }
            Standing::Waiting | Standing::Ended { .. } => drop(inside.remove(&step.number)),
        }
    }
    waiting.update(steps.iter().map(|step| (step.number, step.to == Standing::Waiting)));
    Ok(Some(Whole { version, waiting, inside: inside.into_iter().collect(), serving, next_number }))
}

/// Everybody called or admitted.
async fn inside(rooms: &Rooms, room: &RoomId) -> Result<Vec<Place>, StoreError> {
    let (mut places, mut cursor) = (Vec::new(), 0);
    loop {
        let args = Args::default().text(cursor).text(INSIDE_MAX);
        let mut reply = rooms.run(&rooms.scripts.inside, room, Ts::from_micros(0), args).await?;
        cursor = reply.number()?;
        places.extend(reply.places()?);
        if cursor == 0 {
            return Ok(places);
        }
    }
}
