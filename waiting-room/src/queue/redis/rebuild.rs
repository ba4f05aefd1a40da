//! Making a lost line anew.
//!
//! Redis came back empty, or with an old snapshot: the next call of a node that has seen more is refused (`LOST`),
//! and nothing has changed. That node then makes the room anew under a higher epoch and adds what it knows; every
//! other node adds what it knows when it sees the new epoch. Until the rebuild window is over nobody is called or
//! admitted, so returners are back in their order before anybody moves on.

use std::sync::Arc;

use shared::clock::Ts;

use super::knowledge::Knowledge;
use super::link::Failure;
use super::lobby;
use super::rooms::{Args, Rooms};
use super::wire::{self, Reply};
use crate::queue::codes::CODES_MAX;
use crate::queue::{Place, Restore, StoreError};
use crate::rooms::rules::RoomId;

/// Newcomers after a loss get numbers so far above the highest that a node has seen: nobody who joined at the last
/// moment, unseen by the node that makes the room anew, had one of them.
const NUMBERS_LEFT_OUT: u64 = 1 << 20;
/// Bytes of the bitmap of ended numbers told at a time.
const OVER_BYTES: usize = 4096;
/// Places, or codes, told or looked at at a time.
const PLACES_MAX: usize = 200;

/// Makes the room anew, or adds to it what this node knows, unless that was done since `told_epoch`.
pub async fn rebuild(rooms: &Arc<Rooms>, room: &RoomId, told_epoch: i64, now: Ts) -> Result<(), StoreError> {
    // In a task of its own: a caller who goes away must not leave it half done.
    let (rooms, room) = (rooms.clone(), room.clone());
    let done = tokio::spawn(async move {
        let _alone = rooms.rebuilding.lock().await;
        if rooms.know(&room, |known| known.told_epoch > told_epoch) {
            return Ok(());
        }
        contribute(&rooms, &room, now).await
    });
    done.await.map_err(|_| StoreError::Unavailable("the line could not be made anew".into()))?
}

async fn contribute(rooms: &Rooms, room: &RoomId, now: Ts) -> Result<(), StoreError> {
    let window = rooms.rebuild_window.whole_microseconds();
    let known = rooms.know(room, |known| {
        let settings = known.room.as_ref().map(|room| Args::default().settings(room));
        let now = now.max(Ts::from_micros(known.clock_micros));
        Some((
            now,
            known.seen.epoch,
            making(settings?, known, window),
            pieces(&known.over),
            known.packed_inside(),
            known.codes.values().cloned().collect::<Vec<_>>(),
            lobby::told(known.draw.clone()),
        ))
    });
    let Some((now, epoch_before, making, over, inside, codes, draw)) = known else {
        return Err(StoreError::Unavailable(
            "the line was lost, and this node does not know its settings".into(),
        ));
    };
    rooms.register(room).await?;
    let made = rooms.ask(&rooms.scripts.rebuild, room, now, making).await?;
    rooms.know(room, |known| known.see(&made));
    if made.epoch != epoch_before {
        tracing::error!(room = %room, epoch = made.epoch, inside = inside.len(), "Redis lost the line; it is being restored from what the nodes and the visitors know");
        metrics::counter!("queue_lines_restored_total", "room" => room.to_string()).increment(1);
    }
    rooms.ask(&rooms.scripts.redraw, room, now, draw).await?;
    for (from, piece) in over {
        rooms.ask(&rooms.scripts.over, room, now, Args::default().text(from).bytes(piece)).await?;
    }
    end_inside(rooms, room, now).await?;
    for places in inside.chunks(PLACES_MAX) {
        let args = places.iter().fold(Args::default(), |args, place| args.bytes(place.clone()));
        rooms.ask(&rooms.scripts.contribute, room, now, args).await?;
    }
    for codes in codes.chunks(PLACES_MAX) {
        let args = Args::default().text(CODES_MAX);
        let args = codes.iter().fold(args, |args, code| args.id(code.key.0).bytes(wire::packed_code(code)));
        rooms.ask(&rooms.scripts.codes, room, now, args).await?;
    }
    rooms.know(room, |known| known.told_epoch = made.epoch);
    Ok(())
}

/// Ends those inside whose numbers are known to be over by now.
async fn end_inside(rooms: &Rooms, room: &RoomId, now: Ts) -> Result<(), StoreError> {
    let mut stay = 0;
    loop {
        let args = Args::default().text(stay).text(PLACES_MAX);
        let mut reply = rooms.ask(&rooms.scripts.out, room, now, args).await?;
        let (looked_at, stayed) = (reply.number()?, reply.number()?);
        stay += stayed;
        if looked_at < PLACES_MAX as u64 {
            return Ok(());
        }
    }
}

/// Puts places back; see [`crate::queue::QueueStore::restore`].
pub async fn restore(
    rooms: &Arc<Rooms>,
    room: &RoomId,
    places: &[Restore],
    now: Ts,
) -> Result<Vec<Place>, StoreError> {
    let args = places.iter().fold(Args::default(), |args, lost| {
        let account = lost.account.map(|account| account.0.as_bytes().to_vec()).unwrap_or_default();
        let args = args.id(lost.place).browser(lost.browser).text(lost.number);
        args.text(lost.joined_at.micros()).text(lost.lane).bytes(account)
    });
    run(rooms, &rooms.scripts.restore, room, now, args).await?.places()
}

/// The arguments of `rebuild`.
fn making(settings: Args, known: &Knowledge, window: i128) -> Args {
    let totals = known.totals;
    let counts = [totals.called, totals.admitted, totals.missed, totals.left, totals.departed];
    let args = settings.text(window).text(known.next_number + NUMBERS_LEFT_OUT).text(known.serving);
    let args = counts.into_iter().fold(args, Args::text);
    known.minute.values().fold(args, |args, (last, count)| args.text(last.micros()).text(count))
}

/// The pieces of a bitmap that are not empty, with the index of their first bytes.
fn pieces(bits: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let pieces = bits.chunks(OVER_BYTES).enumerate();
    let told = pieces.filter(|(_, piece)| piece.iter().any(|byte| *byte != 0));
    told.map(|(n, piece)| (n * OVER_BYTES, piece.to_vec())).collect()
}

/// Calls a script; if Redis turns out to have lost the line, makes it anew and calls again.
pub async fn run(
    rooms: &Arc<Rooms>,
    script: &super::scripts::Loaded,
    room: &RoomId,
    now: Ts,
    args: Args,
) -> Result<Reply, StoreError> {
    let told_epoch = rooms.told_epoch(room);
    let reply = match rooms.ask(script, room, now, args.clone()).await {
        Err(Failure::Lost) => {
            rebuild(rooms, room, told_epoch, now).await?;
            rooms.ask(script, room, now, args).await?
        }
        reply => reply?,
    };
    if rooms.know(room, |known| known.see(&reply)) {
        // Another node made the line anew: this one adds what it knows, and the line takes it in any order. Should it
        // fail, the next call tries again.
        if let Err(error) = rebuild(rooms, room, told_epoch, now).await {
            tracing::warn!(room = %room, %error, "what this node knows could not be added to the restored line yet");
        }
    }
    Ok(reply)
}
