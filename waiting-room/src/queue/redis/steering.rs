//! What the shop's reports have come to, behind a Redis; see [`crate::rooms::steering`] for the rules.
//!
//! They are worked out here and kept in one step where nobody has been faster, so the rules are written once; what the
//! scripts know of them is how rate and cap follow from what is kept.

use std::sync::Arc;

use shared::clock::Ts;
use shared::health::Report;

use super::rebuild::run;
use super::rooms::{Args, Rooms};
use super::wire;
use crate::queue::StoreError;
use crate::rooms::rules::RoomId;
use crate::rooms::steering::{Pace, Steered};

/// Times a report is worked out anew because another one came in between.
const TRIES_MAX: usize = 20;
/// What no line keeps: asking with it tells what is kept.
const UNKNOWN: &str = "?";

/// See [`crate::queue::QueueStore::hear`].
pub async fn hear(rooms: &Arc<Rooms>, room: &RoomId, report: &Report, now: Ts) -> Result<Pace, StoreError> {
    let settings = rooms.settings(room, now).await?;
    if settings.steering.is_none() {
        return Ok(settings.own_pace());
    }
    let (mut known, mut fresh) = (UNKNOWN.to_owned(), String::new());
    for _ in 0..TRIES_MAX {
        let args = Args::default().text(&known).text(&fresh);
        let mut reply = run(rooms, &rooms.scripts.steer, room, now, args).await?;
        let now = now.max(reply.clock);
        let is_kept = reply.number()? == 1;
        let kept = String::from_utf8(reply.bytes()?).map_err(|_| wire::garbled("steering"))?;
        let steered = read(&kept)?;
        if is_kept {
            return Ok(settings.pace(steered, now));
        }
        fresh = settings.steered(steered, report, now).map(|steered| written(&steered)).unwrap_or_default();
        known = kept;
    }
    Err(StoreError::Unavailable("other reports of the shop come all the time".into()))
}

/// As `pace` of the prelude reads it.
fn written(steered: &Steered) -> String {
    let Steered { rate, cap, step, heard_at, raised_at, lowered_at } = steered;
    let [heard_at, raised_at, lowered_at] = [heard_at, raised_at, lowered_at].map(|at| at.micros());
    format!("{rate},{cap},{step},{heard_at},{raised_at},{lowered_at}")
}

fn read(kept: &str) -> Result<Option<Steered>, StoreError> {
    if kept.is_empty() {
        return Ok(None);
    }
    let garbled = || wire::garbled("steering");
    let numbers: Vec<i64> =
        kept.split(',').map(str::parse).collect::<Result<_, _>>().map_err(|_| garbled())?;
    let [rate, cap, step, heard_at, raised_at, lowered_at] = numbers[..] else { return Err(garbled()) };
    let [rate, cap, step] = [rate, cap, step].map(|number| u32::try_from(number).map_err(|_| garbled()));
    let [heard_at, raised_at, lowered_at] = [heard_at, raised_at, lowered_at].map(Ts::from_micros);
    Ok(Some(Steered { rate: rate?, cap: cap?, step: step?, heard_at, raised_at, lowered_at }))
}
