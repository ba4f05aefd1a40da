//! Reading what happened to a line: step by step, or the whole of it in pieces, for a view that has seen nothing of
//! it or too little. What is read also goes into this node's knowledge.

use std::collections::HashMap;
use std::sync::Arc;

use shared::clock::Ts;

use super::knowledge::Gone;
use super::rebuild::run;
use super::rooms::{Args, Rooms};
use super::wire;
use crate::queue::lanes::LANES_MAX;
use crate::queue::ranks::Ranks;
use crate::queue::{Change, Changes, Place, Standing, StoreError, Totals, Whole};
use crate::rooms::rules::RoomId;

/// Changes read at a time.
const STEPS_MAX: usize = 4096;
/// Pieces of changes read for one view; what is left then is read by the next look.
const ROUNDS_MAX: usize = 16;
/// Bytes of the line's bitmaps read at a time: a quarter of a million numbers.
const BITS_BYTES: u64 = 32 * 1024;
/// About how many of those inside are read at a time.
const INSIDE_MAX: usize = 1000;
/// Times a whole line is read anew because the log of changes moved on too far meanwhile.
const TRIES_MAX: usize = 3;
/// The line's own clock is all that reading needs.
fn no_time() -> Ts {
    Ts::from_micros(0)
}

/// What the log of changes says.
enum Log {
    /// The places as they stand after each step, and the version that these lead to.
    Steps(u64, Vec<Place>),
    /// It does not reach back so far.
    TooShort,
    /// The line is being made anew; newcomers have numbers from this one on.
    Restoring(u64),
}

/// What happened since `version`; see [`crate::queue::QueueStore::changes_since`].
pub async fn changes_since(rooms: &Arc<Rooms>, room: &RoomId, version: u64) -> Result<Changes, StoreError> {
    match read_log(rooms, room, version).await? {
        Log::Restoring(floor) => return Ok(Changes::Restoring { floor }),
        Log::Steps(now_at, places) => {
            let follows = rooms.know(room, |known| {
                known.follows(version) && {
                    known.learn(version, &places);
                    true
                }
            });
            if !follows {
                whole(rooms, room).await?;
            }
            rooms.keep(room, &places).await?;
            let steps = places.iter().map(Change::of).collect();
            return Ok(Changes::Steps { since: version, version: now_at, steps });
        }
        Log::TooShort => {}
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
    rooms: &Arc<Rooms>,
    room: &RoomId,
    version: u64,
) -> Result<Option<(u64, Vec<Change>)>, StoreError> {
    let Log::Steps(version, places) = read_log(rooms, room, version).await? else { return Ok(None) };
    Ok(Some((version, places.iter().map(Change::of).collect())))
}

async fn read_log(rooms: &Arc<Rooms>, room: &RoomId, version: u64) -> Result<Log, StoreError> {
    let (mut at, mut places) = (version, Vec::new());
    for _ in 0..ROUNDS_MAX {
        let args = Args::default().text(at).text(STEPS_MAX);
        let mut reply = run(rooms, &rooms.scripts.changes, room, no_time(), args).await?;
        let newest = reply.version;
        match reply.number()? {
            0 => return Ok(Log::TooShort),
            1 => {
                let [called, admitted, missed, left, departed] = std::array::from_fn(|_| reply.number());
                let totals = Totals {
                    called: called?,
                    admitted: admitted?,
                    missed: missed?,
                    left: left?,
                    departed: departed?,
                    ..Totals::default()
                };
                rooms.know(room, |known| known.totals = totals);
            }
            _ => return Ok(Log::Restoring(reply.number()?)),
        }
        places.extend(reply.places()?);
        at = version + places.len() as u64;
        if at >= newest {
            break;
        }
    }
    Ok(Log::Steps(at, places))
}

/// The pieces of a whole line.
#[derive(Default)]
struct Pieces {
    /// Version before the first piece was read.
    version: u64,
    serving: u64,
    lane_serving: [u64; LANES_MAX],
    next_number: u64,
    lobby_end: u64,
    waiting: Vec<u8>,
    issued: Vec<u8>,
    /// Half a byte a number: its lane. Ends before the first of those that are all in the first lane.
    lanes: Vec<u8>,
    inside: Vec<Place>,
}

/// The line as it is once its pieces and the changes since the first of them are put together; `None` when the
/// log did not keep all of those changes.
pub async fn whole(rooms: &Arc<Rooms>, room: &RoomId) -> Result<Option<Whole>, StoreError> {
    let mut pieces = read_bits(rooms, room).await?;
    pieces.inside = read_inside(rooms, room).await?;
    let Log::Steps(version, steps) = read_log(rooms, room, pieces.version).await? else { return Ok(None) };
    rooms.know(room, |known| {
        let gone = Gone { issued: &pieces.issued, waiting: &pieces.waiting, from: pieces.lobby_end };
        known.learn_whole(pieces.version, &gone, &pieces.inside);
        known.learn(pieces.version, &steps);
    });
    rooms.keep_all(room).await?;
    Ok(Some(put_together(pieces, version, &steps)))
}

fn put_together(pieces: Pieces, version: u64, steps: &[Place]) -> Whole {
    let Pieces { mut serving, mut lane_serving, mut next_number, .. } = pieces;
    let mut waiting = waiting_by_lane(&pieces.waiting, &pieces.lanes);
    let mut inside: HashMap<u64, Change> =
        pieces.inside.iter().map(|place| (place.number, Change::of(place))).collect();
    for step in steps {
        next_number = next_number.max(step.number + 1);
        let lane = usize::from(step.lane).min(LANES_MAX - 1);
        waiting[lane].update([(step.number, step.standing == Standing::Waiting)]);
        match step.standing {
            Standing::Called { .. } | Standing::Admitted { .. } => {
                serving = serving.max(step.number);
                lane_serving[lane] = lane_serving[lane].max(step.number);
                inside.insert(step.number, Change::of(step));
            }
            Standing::Waiting | Standing::Ended { .. } => drop(inside.remove(&step.number)),
        }
    }
    let inside = inside.into_values().collect();
    Whole { version, waiting, inside, serving, lane_serving, next_number }
}

/// Who waits, lane by lane, from the bitmap of all who do and everybody's lane.
fn waiting_by_lane(waiting: &[u8], lanes: &[u8]) -> Vec<Ranks> {
    let mut by_lane = vec![Vec::new(); LANES_MAX];
    // Whoever is not in another lane is in the first.
    by_lane[0] = waiting.to_vec();
    for (at, lanes) in lanes.iter().enumerate().filter(|(_, lanes)| **lanes != 0) {
        for (half, lane) in [(0, lanes >> 4), (1, lanes & 15)] {
            let (byte, bit) = (at / 4, 0x80 >> (at % 4 * 2 + half));
            let waits = waiting.get(byte).is_some_and(|waiting| waiting & bit != 0);
            if waits && (1..LANES_MAX as u8).contains(&lane) {
                by_lane[0][byte] &= !bit;
                let own: &mut Vec<u8> = &mut by_lane[usize::from(lane)];
                own.resize(own.len().max(byte + 1), 0);
                own[byte] |= bit;
            }
        }
    }
    by_lane.iter().map(|bits| Ranks::of_bitmap(bits)).collect()
}

/// The bitmaps and figures of a line.
async fn read_bits(rooms: &Arc<Rooms>, room: &RoomId) -> Result<Pieces, StoreError> {
    let mut pieces: Option<Pieces> = None;
    let mut from = 0;
    loop {
        let args = Args::default().text(from).text(from + BITS_BYTES - 1);
        let mut reply = run(rooms, &rooms.scripts.bits, room, no_time(), args).await?;
        let (version, serving, next_number) = (reply.version, reply.number()?, reply.number()?);
        let lane_serving = wire::numbers(&reply.bytes()?)?;
        let lobby_end = reply.number()?;
        let first = Pieces { version, serving, lane_serving, next_number, lobby_end, ..Pieces::default() };
        let pieces_so_far = pieces.get_or_insert(first);
        pieces_so_far.waiting.extend(reply.bytes()?);
        let issued = reply.bytes()?;
        pieces_so_far.issued.extend(&issued);
        let lanes = reply.bytes()?;
        if !lanes.is_empty() {
            pieces_so_far.lanes.resize(4 * from as usize, 0);
            pieces_so_far.lanes.extend(lanes);
        }
        from += BITS_BYTES;
        // Whatever waits is taken: the bitmap of those waiting ends no later than the other.
        pieces_so_far.waiting.resize(pieces_so_far.issued.len(), 0);
        if (issued.len() as u64) < BITS_BYTES {
            return Ok(pieces.unwrap_or_default());
        }
    }
}

/// Everybody called or admitted.
async fn read_inside(rooms: &Arc<Rooms>, room: &RoomId) -> Result<Vec<Place>, StoreError> {
    let (mut places, mut cursor) = (Vec::new(), 0);
    loop {
        let args = Args::default().text(cursor).text(INSIDE_MAX);
        let mut reply = run(rooms, &rooms.scripts.inside, room, no_time(), args).await?;
        cursor = reply.number()?;
        places.extend(reply.places()?);
        if cursor == 0 {
            return Ok(places);
        }
    }
}
