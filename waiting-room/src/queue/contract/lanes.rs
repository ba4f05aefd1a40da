//! What settings may change: lanes, and whose a room is.

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

/// Of several who make a room of one name at once one has it, and it stays hers whoever puts settings afterwards.
pub async fn a_room_stays_its_owners<S: Shelf>(shelf: &S) -> Result<()> {
    let store = shelf.open().await;
    let of = |owner: Option<u64>, cap| Room { owner: owner.map(id), cap, ..open_room() };
    let made = (1..=8).map(|owner| store.put_room(of(Some(owner), 1), start()));
    let made = futures_util::future::join_all(made).await;
    let hers: Vec<usize> = (0..8).filter(|n| made[*n].is_ok()).collect();
    ensure!(
        hers.len() == 1 && made.iter().flat_map(|one| one.as_ref().err()).all(|e| *e == StoreError::Owner),
        "{made:?}"
    );
    let owner = hers[0] as u64 + 1;
    for other in [None, Some(9)] {
        ensure!(store.put_room(of(other, 2), after(1)).await == Err(StoreError::Owner));
    }
    ensure!(store.room(&open_room().id).await? == of(Some(owner), 1));
    drop(store);
    let store = shelf.open().await;
    store.put_room(of(Some(owner), 3), after(2)).await?;
    ensure!(store.room(&open_room().id).await? == of(Some(owner), 3));
    Ok(())
}
