//! Turns that are put off, slept through, or not needed; and a room in which everybody waits.

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;

use super::*;
use crate::rooms::rules::Mode;

/// “Not now” moves the turn once: the number stays, nobody waits for it, and it is claimed later, or earlier after all.
pub async fn a_turn_is_put_off_once_and_comes_back<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 2, deferral_s: 100, ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 4).await?;
    let waiting = store.defer(&room.id, id(4), start()).await?;
    ensure!(matches!(waiting, Deferred::NotCalled(_)), "{waiting:?}");
    ensure!(store.call(&room.id, 10, start()).await? == 2);
    let deferred = store.defer(&room.id, id(1), after(30)).await?;
    let (called_at, claim_by) = (after(130), after(190));
    let expected = Standing::Called { called_at, claim_by, knock: None };
    ensure!(matches!(&deferred, Deferred::Until(place) if place.standing == expected && place.number == 1));
    ensure!(matches!(store.defer(&room.id, id(2), after(30)).await?, Deferred::Until(_)));
    ensure!(store.call(&room.id, 10, after(30)).await? == 2, "others go in meanwhile");
    drop(store);
    let store = shelf.open().await;
    let again = store.defer(&room.id, id(1), after(140)).await?;
    ensure!(matches!(again, Deferred::Spent(_)), "put off twice: {again:?}");
    ensure!(
        matches!(claim(&store, &room, 2, after(80)).await?, Claimed::Admitted(_)),
        "she may change her mind"
    );
    ensure!(matches!(claim(&store, &room, 1, after(189)).await?, Claimed::Admitted(_)));
    let inside = store.defer(&room.id, id(1), after(189)).await?;
    ensure!(matches!(inside, Deferred::NotCalled(_)), "{inside:?}");
    ensure!(store.defer(&room.id, id(99), after(189)).await? == Deferred::Unknown);
    store.put_room(Room { deferral_s: 0, ..room.clone() }, after(800)).await?;
    store.join(&room.id, vec![visitor(5)], after(800)).await?;
    ensure!(store.call(&room.id, 10, after(800)).await? == 1);
    ensure!(matches!(store.defer(&room.id, id(5), after(800)).await?, Deferred::Off(_)));
    Ok(())
}

/// Whoever comes back within the grace after her turn goes in before those called since, and nobody has waited for her.
pub async fn a_sleeper_goes_in_next<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 1, grace_s: 45, ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 3).await?;
    ensure!(store.call(&room.id, 10, start()).await? == 1);
    ensure!(store.call(&room.id, 1, after(61)).await? == 1, "the line goes on after the claim window");
    ensure!(matches!(claim(&store, &room, 2, after(61)).await?, Claimed::Admitted(_)));
    ensure!(
        matches!(claim(&store, &room, 1, after(104)).await?, Claimed::AtDoor(_)),
        "the sleeper is back in time"
    );
    let depart = Depart { place: id(2), jti: id(1_000_002), how: Ending::Finished };
    store.depart(&room.id, vec![depart], after(105)).await?;
    store.call(&room.id, 10, after(105)).await?;
    ensure!(matches!(standing(&store, &room, 1, after(105)).await?, Standing::Admitted { .. }));
    let late = Room { id: RoomId::parse("late").ok_or_else(|| anyhow::anyhow!("bad id"))?, ..room };
    store.put_room(late.clone(), start()).await?;
    joined(&store, &late, 1).await?;
    store.call(&late.id, 10, start()).await?;
    let missed = claim(&store, &late, 1, after(105)).await?;
    ensure!(matches!(missed, Claimed::Over(_)), "the grace has an end: {missed:?}");
    Ok(())
}

/// While the shop is far from full and nobody waits, newcomers are called as they join; rate and cap hold all the same.
pub async fn an_idle_room_lets_newcomers_straight_in<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 4, rate_per_minute: 2, idle_percent: 100, ..open_room() };
    let store = with_room(shelf, &room).await?;
    let mut standings = Vec::new();
    for n in 1..=6 {
        let joined = store.join(&room.id, vec![visitor(n)], start()).await?;
        let [Joined::New(place)] = &joined[..] else { anyhow::bail!("{joined:?}") };
        standings.push(matches!(place.standing, Standing::Called { .. }));
    }
    ensure!(standings == [true, true, true, true, false, false], "{standings:?}");
    for n in 1..=4 {
        let claimed = claim(&store, &room, n, start()).await?;
        ensure!(matches!(claimed, Claimed::Admitted(_)) == (n <= 2), "the rate: {n} {claimed:?}");
    }
    let closed =
        Room { opens_at: None, id: RoomId::parse("lobby").ok_or_else(|| anyhow::anyhow!("bad id"))?, ..room };
    store.put_room(closed.clone(), start()).await?;
    let early = store.join(&closed.id, vec![visitor(1)], start()).await?;
    ensure!(matches!(&early[0], Joined::New(place) if place.standing == Standing::Waiting), "{early:?}");
    Ok(())
}

/// In a room in which everybody waits people join, and nobody is called or goes in; those called before stand at the door.
pub async fn when_everybody_queues_nobody_goes_in<S: Shelf>(shelf: &S) -> Result<()> {
    let room = open_room();
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 1).await?;
    ensure!(store.call(&room.id, 10, start()).await? == 1);
    store.put_room(Room { mode: Mode::QueueAll, idle_percent: 100, ..room.clone() }, after(1)).await?;
    let joined = store.join(&room.id, vec![visitor(2)], after(1)).await?;
    ensure!(matches!(&joined[0], Joined::New(place) if place.standing == Standing::Waiting), "{joined:?}");
    ensure!(store.call(&room.id, 10, after(1)).await? == 0);
    ensure!(matches!(claim(&store, &room, 1, after(1)).await?, Claimed::AtDoor(_)));
    store.put_room(room.clone(), after(2)).await?;
    ensure!(matches!(claim(&store, &room, 1, after(2)).await?, Claimed::Admitted(_)));
    ensure!(store.call(&room.id, 10, after(2)).await? == 1);
    Ok(())
}

/// A visit is lengthened as often as the room allows, each time by as much, over a restart too; its end is kept, and nobody
/// gets in above the cap meanwhile.
pub async fn a_visit_is_lengthened_as_often_as_the_room_allows<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 1, renewals_max: 2, renewal_s: 100, ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 2).await?;
    let early = renew(&store, &room, 1, start()).await?;
    ensure!(matches!(early, Renewed::NotAdmitted(_)), "{early:?}");
    store.call(&room.id, 10, start()).await?;
    claim(&store, &room, 1, start()).await?;
    for (at, until) in [(10, 700), (699, 800)] {
        let renewed = renew(&store, &room, 1, after(at)).await?;
        ensure!(
            matches!(&renewed, Renewed::Until(place) if place.standing.deadline() == Some((after(until), Ending::RanOut))),
            "{renewed:?}"
        );
    }
    drop(store);
    let store = shelf.open().await;
    let spent = renew(&store, &room, 1, after(700)).await?;
    ensure!(matches!(spent, Renewed::Spent(_)), "lengthened once more: {spent:?}");
    ensure!(store.call(&room.id, 10, after(799)).await? == 0, "the shop is full");
    ensure!(store.census(&room.id, after(799)).await?.admitted == 1);
    let over = renew(&store, &room, 1, after(800)).await?;
    ensure!(matches!(over, Renewed::Over(_)), "it has an end: {over:?}");
    ensure!(store.call(&room.id, 10, after(800)).await? == 1);
    ensure!(renew(&store, &room, 9, after(800)).await? == Renewed::Unknown);
    Ok(())
}

/// A wish that is repeated because its answer was lost uses up one renewal, however often and wherever it arrives.
pub async fn a_repeated_renewal_is_granted_once<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { renewals_max: 2, ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 1).await?;
    store.call(&room.id, 10, start()).await?;
    claim(&store, &room, 1, start()).await?;
    let wish = Renew { place: id(1), until: after(600) };
    let answers = try_join_all((0..20).map(|_| store.renew(&room.id, wish, after(5)))).await?;
    let ends_once = |renewed: &Renewed| matches!(renewed, Renewed::Until(place) if place.standing.deadline() == Some((after(1200), Ending::RanOut)));
    ensure!(answers.iter().all(ends_once), "{answers:?}");
    store.put_room(Room { mode: Mode::Closed, ..room.clone() }, after(6)).await?;
    let closed = renew(&store, &room, 1, after(6)).await?;
    ensure!(matches!(closed, Renewed::Closed(_)), "{closed:?}");
    store.put_room(Room { renewals_max: 0, ..room.clone() }, after(6)).await?;
    let off = renew(&store, &room, 1, after(6)).await?;
    ensure!(matches!(off, Renewed::Off(_)), "{off:?}");
    ensure!(ends_once(&store.renew(&room.id, wish, after(6)).await?), "what was granted is said again");
    Ok(())
}

/// Visitor `n` asks to stay longer than her visit lasts now.
async fn renew(store: &impl QueueStore, room: &Room, n: u64, now: Ts) -> Result<Renewed> {
    let found = store.find(&room.id, vec![id(n)], now).await?.pop().flatten();
    let until = found.and_then(|place| place.standing.deadline()).map_or(now, |(until, _)| until);
    Ok(store.renew(&room.id, Renew { place: id(n), until }, now).await?)
}
