//! Lanes.

use anyhow::{Result, ensure};

use super::*;
use crate::rooms::rules::tests::lanes;

fn in_lane(n: u64, lane: u8) -> Join {
    Join { lane, ..visitor(n) }
}

/// Numbers called since `version`, in order, and the version now.
async fn called_since(store: &impl QueueStore, room: &Room, version: u64) -> Result<(Vec<u64>, u64)> {
    let Changes::Steps { version, steps, .. } = store.changes_since(&room.id, version).await? else {
        anyhow::bail!("the log does not reach back to {version}");
    };
    let called = steps.iter().filter(|step| matches!(step.to, Standing::Called { .. }));
    Ok((called.map(|step| step.number).collect(), version))
}

/// Turns go to lanes by weight, also across a restart, in each lane by number; an empty lane gives its share away.
pub async fn lanes_share_the_turns_by_weight<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 1000, rate_per_minute: 60_000, lanes: lanes(&[3, 1]), ..open_room() };
    let store = with_room(shelf, &room).await?;
    // Those of the lighter lane came first.
    store.join(&room.id, (1..=40).map(|n| in_lane(n, 1)).collect(), start()).await?;
    store.join(&room.id, (41..=100).map(|n| in_lane(n, 0)).collect(), start()).await?;
    let (_, version) = called_since(&store, &room, 0).await?;
    ensure!(store.call(&room.id, 3, start()).await? == 3);
    let (mut order, version) = called_since(&store, &room, version).await?;
    drop(store);
    let store = shelf.open().await;
    ensure!(store.call(&room.id, 5, start()).await? == 5);
    let (next, version) = called_since(&store, &room, version).await?;
    order.extend(next);
    ensure!(order == [41, 1, 42, 43, 44, 2, 45, 46], "{order:?}");
    ensure!(store.call(&room.id, 1000, start()).await? == 92);
    order.extend(called_since(&store, &room, version).await?.0);
    let light = |called: &[u64]| called.iter().filter(|n| **n <= 40).count();
    for stretch in order[..78].chunks(8) {
        ensure!((1..=3).contains(&light(stretch)), "{stretch:?}");
    }
    ensure!(light(&order[..80]) == 20 && light(&order[80..]) == 20, "{order:?}");
    let (of_light, of_heavy): (Vec<u64>, Vec<u64>) = order.iter().partition(|n| **n <= 40);
    ensure!(of_light.is_sorted() && of_heavy.is_sorted(), "{order:?}");
    Ok(())
}

/// A lane that people stand in is neither taken out, renamed nor moved; weights change, and lanes are added.
pub async fn lanes_stay_where_they_are<S: Shelf>(shelf: &S) -> Result<()> {
    let with = |weights: &[u32]| Room { cap: 1, lanes: lanes(weights), ..open_room() };
    let room = with(&[1, 1]);
    let store = with_room(shelf, &room).await?;
    store.join(&room.id, vec![in_lane(1, 1)], start()).await?;
    let mut swapped = with(&[1, 1]);
    swapped.lanes.swap(0, 1);
    for other in [with(&[1]), swapped] {
        ensure!(store.put_room(other, after(1)).await == Err(StoreError::Lanes));
        ensure!(store.room(&room.id).await? == room);
    }
    let more = with(&[1, 50, 2]);
    store.put_room(more.clone(), after(2)).await?;
    ensure!(store.room(&room.id).await? == more);
    let places = store.join(&room.id, vec![in_lane(2, 2), in_lane(1, 0)], after(2)).await?;
    let [Joined::New(new), Joined::Known(known)] = &places[..] else { anyhow::bail!("{places:?}") };
    ensure!((new.lane, known.lane) == (2, 1), "whoever has a place keeps its lane: {places:?}");
    Ok(())
}
