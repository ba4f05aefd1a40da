//! Reading a whole line in pieces to look into it; see [`crate::queue::QueueStore::inspect`].
//!
//! Redis is asked for small pieces only, so it goes on serving. Pieces of a line that moves meanwhile do not fit
//! together; it is then read again, a few times.

use std::collections::HashMap;

use redis::{Cmd, Value};
use shared::clock::Ts;
use shared::verify::Checked;
use uuid::Uuid;

use super::RedisStore;
use super::rooms::{self, Rooms};
use super::{whole, wire};
use crate::queue::inspect::{Inspection, Kept};
use crate::queue::line::CHANGES_MAX;
use crate::queue::{Place, Standing, StoreError};
use crate::rooms::rules::RoomId;

/// Places read at a time.
const PLACES_MAX: usize = 1000;
/// What a lane adds to the score of a number among those waiting, as `score` of the prelude does.
const LANE_SCORE: f64 = (1u64 << 50) as f64;
/// Times a line that moves is read anew.
const TRIES_MAX: usize = 5;

/// Looks into a line as it is at `now`.
pub async fn inspect(store: &RedisStore, room: &RoomId, now: Ts) -> Result<Vec<Checked>, StoreError> {
    let rooms = &store.rooms;
    for _ in 0..TRIES_MAX {
        let census = store.count(room, now).await?;
        let seen = rooms.seen(room);
        let places = places(rooms, room).await?;
        let since = seen.version.saturating_sub(CHANGES_MAX as u64);
        let steps = whole::steps_since(rooms, room, since).await?.map(|(_, steps)| steps);
        let settings = rooms.settings(room, now).await?;
        let room_since = hash_number(rooms, room, "room_since").await?.map_or(now, Ts::from_micros);
        let indexes = indexes(rooms, room, &places).await?;
        store.count(room, now).await?;
        if rooms.seen(room) != seen {
            continue;
        }
        let now = now.max(Ts::from_micros(hash_number(rooms, room, "clock").await?.unwrap_or(0)));
        let mut inspection = Inspection::new(now);
        places.values().for_each(|place| inspection.see(place));
        let steps = steps.unwrap_or_default();
        let mut checked = inspection.finish(&Kept { room: settings, room_since, now, census, steps });
        checked.push(indexes);
        return Ok(checked);
    }
    Err(StoreError::Unavailable(format!(
        "the line of {room} moves on while it is read; pause the room first"
    )))
}

/// All places, each once.
pub async fn places(rooms: &Rooms, room: &RoomId) -> Result<HashMap<Uuid, Place>, StoreError> {
    let (mut places, mut cursor) = (HashMap::new(), 0);
    loop {
        let mut scan = redis::cmd("HSCAN");
        scan.arg(rooms::key(room, "places")).arg(cursor).arg("COUNT").arg(PLACES_MAX);
        let Value::Array(reply) = rooms.link.ask(&scan).await? else { return Err(wire::garbled("no scan")) };
        let mut reply = reply.into_iter();
        cursor = wire::int(reply.next())?;
        let Some(Value::Array(page)) = reply.next() else { return Err(wire::garbled("no page")) };
        let mut page = page.into_iter();
        while let Some(id) = page.next() {
            let id = wire::bytes(Some(id))?;
            let id = Uuid::from_slice(&id).map_err(|_| wire::garbled("an id"))?;
            places.insert(id, wire::unpacked(id, &wire::bytes(page.next())?)?);
        }
        if cursor == 0 {
            return Ok(places);
        }
    }
}

async fn hash_number(rooms: &Rooms, room: &RoomId, name: &str) -> Result<Option<i64>, StoreError> {
    let mut get = redis::cmd("HGET");
    get.arg(rooms::key(room, "core")).arg(name);
    match rooms.link.ask(&get).await? {
        Value::Nil => Ok(None),
        value => wire::int(Some(value)).map(Some),
    }
}

/// What an index of the line must hold: member and score.
type Members = Vec<(Uuid, f64)>;

/// Whether each index holds the places that belong there, and no others: as many, and each of them.
async fn indexes(rooms: &Rooms, room: &RoomId, places: &HashMap<Uuid, Place>) -> Result<Checked, StoreError> {
    let sentence = "Every index of the line agrees with its places.";
    let mut checked = Checked::new("I15", sentence, places.len() as u64);
    for (name, members) in sorted_sets(places) {
        let mut count = redis::cmd("ZCARD");
        count.arg(rooms::key(room, name));
        let size = wire::int(Some(rooms.link.ask(&count).await?))?;
        if size != members.len() as i64 {
            checked.offend(|| format!("index “{name}” holds {size} of {}", members.len()));
        }
        for page in members.chunks(PLACES_MAX) {
            let mut scores = redis::cmd("ZMSCORE");
            scores.arg(rooms::key(room, name));
            for (id, _) in page {
                scores.arg(id.as_bytes().as_slice());
            }
            let known = answers(rooms, &scores).await?;
            for ((id, score), known) in page.iter().zip(known) {
                if score_of(known) != Some(*score) {
                    checked.offend(|| format!("index “{name}” is wrong about place {id}"));
                }
            }
        }
    }
    browsers(rooms, room, places, &mut checked).await?;
    Ok(checked)
}

fn sorted_sets(places: &HashMap<Uuid, Place>) -> [(&'static str, Members); 4] {
    let (mut waiting, mut door, mut deadlines, mut ended) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for place in places.values() {
        let number = place.number as f64;
        match place.standing {
            Standing::Waiting => waiting.push((place.id, f64::from(place.lane) * LANE_SCORE + number)),
            Standing::Called { claim_by, knock, .. } => {
                deadlines.push((place.id, claim_by.micros() as f64));
                if knock.is_some() {
                    door.push((place.id, number));
                }
            }
            Standing::Admitted { until, .. } => deadlines.push((place.id, until.micros() as f64)),
            Standing::Ended { at, .. } => ended.push((place.id, at.micros() as f64)),
        }
    }
    [("waiting", waiting), ("door", door), ("deadlines", deadlines), ("ended", ended)]
}

async fn browsers(
    rooms: &Rooms,
    room: &RoomId,
    places: &HashMap<Uuid, Place>,
    checked: &mut Checked,
) -> Result<(), StoreError> {
    let live: Vec<&Place> = places.values().filter(|place| !place.standing.is_over()).collect();
    let mut count = redis::cmd("HLEN");
    count.arg(rooms::key(room, "browsers"));
    let size = wire::int(Some(rooms.link.ask(&count).await?))?;
    if size != live.len() as i64 {
        checked.offend(|| format!("index “browsers” holds {size} of {}", live.len()));
    }
    for page in live.chunks(PLACES_MAX) {
        let mut ids = redis::cmd("HMGET");
        ids.arg(rooms::key(room, "browsers"));
        for place in page {
            ids.arg(place.browser.0.as_bytes().as_slice());
        }
        for (place, known) in page.iter().zip(answers(rooms, &ids).await?) {
            if known != Value::BulkString(place.id.as_bytes().to_vec()) {
                checked.offend(|| format!("index “browsers” is wrong about place {}", place.id));
            }
        }
    }
    Ok(())
}

async fn answers(rooms: &Rooms, command: &Cmd) -> Result<Vec<Value>, StoreError> {
    match rooms.link.ask(command).await? {
        Value::Array(answers) => Ok(answers),
        _ => Err(wire::garbled("no list")),
    }
}

fn score_of(value: Value) -> Option<f64> {
    match value {
        Value::Double(score) => Some(score),
        Value::BulkString(text) => std::str::from_utf8(&text).ok()?.parse().ok(),
        _ => None,
    }
}
