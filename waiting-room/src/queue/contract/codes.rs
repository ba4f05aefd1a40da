//! Access codes.

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;

use super::*;
use crate::queue::codes::{ADDED_MAX, CODES_MAX, Code, CodeKey, CodeRefusal};
use crate::rooms::rules::Lane;
use crate::rooms::rules::tests::lanes;

fn code(n: u64, lane: u8, uses_max: u32) -> Code {
    let key = CodeKey(id(n));
    Code { key, lane, uses_max, uses: 0, expires_at: None, revoked: false, label: format!("code {n}") }
}

fn with_code(n: u64, code: u64) -> Join {
    Join { code: Some(CodeKey(id(code))), ..visitor(n) }
}

/// A room whose second lane asks for a code.
fn half_closed() -> Room {
    let mut lanes = lanes(&[1, 1]);
    lanes[1].needs_code = true;
    Room { lanes, ..open_room() }
}

async fn join(store: &impl QueueStore, room: &Room, join: Join, now: Ts) -> Result<Joined> {
    store.join(&room.id, vec![join], now).await?.pop().ok_or_else(|| anyhow::anyhow!("no answer"))
}

async fn uses(store: &impl QueueStore, room: &Room, n: u64) -> Result<u32> {
    let codes = store.codes(&room.id).await?;
    let code = codes.into_iter().find(|code| code.key == CodeKey(id(n)));
    Ok(code.ok_or_else(|| anyhow::anyhow!("code {n} is gone"))?.uses)
}

/// A lane that asks for a code is joined with a good one only, and then whatever lane was named.
pub async fn nobody_joins_a_closed_lane_without_a_code<S: Shelf>(shelf: &S) -> Result<()> {
    let room = half_closed();
    let store = with_room(shelf, &room).await?;
    let over = Code { expires_at: Some(after(10)), ..code(3, 1, 9) };
    let taken_back = Code { revoked: true, ..code(4, 1, 9) };
    ensure!(store.put_codes(&room.id, vec![code(2, 1, 9), over, taken_back], start()).await? == Some(3));
    let no = Joined::NoEntry;
    ensure!(join(&store, &room, Join { lane: 1, ..visitor(1) }, start()).await? == no(CodeRefusal::Needed));
    ensure!(join(&store, &room, with_code(1, 99), start()).await? == no(CodeRefusal::Unknown));
    ensure!(join(&store, &room, with_code(1, 3), after(10)).await? == no(CodeRefusal::Expired));
    ensure!(join(&store, &room, with_code(1, 4), after(10)).await? == no(CodeRefusal::Revoked));
    let joined = join(&store, &room, with_code(1, 2), after(10)).await?;
    ensure!(matches!(&joined, Joined::New(place) if place.lane == 1), "{joined:?}");
    let joined = join(&store, &room, visitor(5), after(10)).await?;
    ensure!(matches!(&joined, Joined::New(place) if place.lane == 0), "the first lane is open: {joined:?}");
    let closed = |lane: Lane| Lane { needs_code: true, ..lane };
    let by_invitation = Room { lanes: room.lanes.iter().cloned().map(closed).collect(), ..room.clone() };
    store.put_room(by_invitation, after(11)).await?;
    ensure!(join(&store, &room, visitor(6), after(11)).await? == no(CodeRefusal::Needed));
    Ok(())
}

/// However many join with a code at once, also across a restart; a browser with a place uses none up, and whoever leaves
/// gives none back.
pub async fn a_code_gives_no_more_places_than_it_may<S: Shelf>(shelf: &S) -> Result<()> {
    let room = half_closed();
    let store = with_room(shelf, &room).await?;
    store.put_codes(&room.id, vec![code(1, 1, 5), code(2, 0, 1)], start()).await?;
    let first = try_join_all((1..=3).map(|_| join(&store, &room, with_code(1, 1), start()))).await?;
    ensure!(first.iter().filter(|answer| matches!(answer, Joined::New(_))).count() == 1, "{first:?}");
    ensure!(uses(&store, &room, 1).await? == 1, "joining again uses up no second one");
    store.leave(&room.id, id(1), Ending::Left, start()).await?;
    drop(store);
    let store = shelf.open().await;
    ensure!(uses(&store, &room, 1).await? == 1, "leaving gives none back");
    let rest = try_join_all((10..30).map(|n| join(&store, &room, with_code(n, 1), start()))).await?;
    let new = rest.iter().filter(|answer| matches!(answer, Joined::New(_))).count();
    let used_up = rest.iter().filter(|answer| **answer == Joined::NoEntry(CodeRefusal::UsedUp)).count();
    ensure!((new, used_up) == (4, 16), "{rest:?}");
    ensure!((uses(&store, &room, 1).await?, uses(&store, &room, 2).await?) == (5, 0));
    Ok(())
}

/// Told again, a code keeps its uses and stays taken back; what else is told of it changes nothing. There is a limit.
pub async fn what_is_told_of_a_code_only_grows<S: Shelf>(shelf: &S) -> Result<()> {
    let room = half_closed();
    let store = with_room(shelf, &room).await?;
    let used = Code { uses: 3, ..code(1, 1, 5) };
    ensure!(store.put_codes(&room.id, vec![used.clone()], start()).await? == Some(1));
    let told = [Code { revoked: true, ..code(1, 0, 9) }, Code { uses: 2, ..code(1, 1, 5) }];
    for told in told {
        ensure!(store.put_codes(&room.id, vec![told], start()).await? == Some(0));
    }
    ensure!(store.codes(&room.id).await? == [Code { revoked: true, ..used }]);
    for from in (0..CODES_MAX).step_by(ADDED_MAX) {
        let more = (0..ADDED_MAX).map(|n| code((from + n) as u64 + 2, 1, 1)).collect();
        let added = store.put_codes(&room.id, more, start()).await?;
        ensure!(added == (from + ADDED_MAX < CODES_MAX).then_some(ADDED_MAX), "{added:?} after {from}");
    }
    ensure!(store.codes(&room.id).await?.len() == CODES_MAX - ADDED_MAX + 1);
    Ok(())
}
