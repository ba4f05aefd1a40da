//! Order, and keeping one's place.

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;

use super::*;
use crate::rooms::rules::RoomState;

/// Any number of joins of one browser, at once or later, are one place; others get their own.
pub async fn one_browser_has_one_place<S: Shelf>(shelf: &S) -> Result<()> {
    let room = open_room();
    let store = with_room(shelf, &room).await?;
    let browser = BrowserKey::of_hash("the one");
    let joins = (1..=30).map(|n| {
        store.join(
            &room.id,
            vec![Join { place: id(n), browser, lane: 0, code: None, account: None }],
            start(),
        )
    });
    let answers: Vec<Joined> = try_join_all(joins).await?.into_iter().flatten().collect();
    let new = answers.iter().filter(|answer| matches!(answer, Joined::New(_))).count();
    ensure!(new == 1, "{new} places for one browser");
    joined(&store, &room, 0).await?;
    let other = store.join(&room.id, vec![visitor(99)], start()).await?;
    ensure!(matches!(&other[0], Joined::New(place) if place.number == 2), "{other:?}");
    ensure!(store.census(&room.id, start()).await?.waiting == 2);
    Ok(())
}

/// Numbers are given in the order of joining, and called in that order.
pub async fn first_come_first_served<S: Shelf>(shelf: &S) -> Result<()> {
    let room = open_room();
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 30).await?;
    for (limit, last) in [(1, 1), (4, 5), (6, 11)] {
        store.call(&room.id, limit, start()).await?;
        for n in 1..=30 {
            let called = matches!(standing(&store, &room, n, start()).await?, Standing::Called { .. });
            ensure!(called == (n <= last), "after calling up to {last}, {n} called: {called}");
        }
        ensure!(store.census(&room.id, start()).await?.serving == last);
    }
    Ok(())
}

/// An unknown place comes back at its own number, before those who came later; a known one as it stands.
pub async fn a_lost_place_returns_to_its_number<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 1, ..open_room() };
    let store = with_room(shelf, &room).await?;
    let lost = |n: u64| Restore {
        place: id(n),
        browser: visitor(n).browser,
        number: n,
        lane: 0,
        account: None,
        joined_at: start(),
    };
    // The others of the old line come back in any order, with newcomers between.
    for n in [7, 3, 9] {
        let back = store.restore(&room.id, vec![lost(n)], start()).await?;
        ensure!(back[0].number == n && back[0].standing == Standing::Waiting, "{back:?}");
    }
    store.join(&room.id, vec![visitor(50)], start()).await?;
    let again = store.restore(&room.id, vec![lost(3), lost(5)], start()).await?;
    ensure!(again.iter().map(|p| p.number).collect::<Vec<_>>() == [3, 5]);
    ensure!(store.census(&room.id, start()).await?.waiting == 5, "restoring twice is restoring once");
    let collided = Restore {
        place: id(60),
        browser: visitor(60).browser,
        number: 7,
        lane: 0,
        account: None,
        joined_at: start(),
    };
    ensure!(store.restore(&room.id, vec![collided], start()).await?[0].number == 8, "the next free number");
    let mut order = Vec::new();
    for round in 0..6 {
        let now = after(round * 700);
        store.call(&room.id, 1, now).await?;
        let called = called_of(&store, &room, &[3, 5, 7, 60, 9, 50], now).await?;
        for n in &called {
            claim(&store, &room, *n, now).await?;
        }
        order.extend(called);
    }
    ensure!(order == [3, 5, 7, 60, 9, 50], "{order:?}");
    Ok(())
}

async fn called_of(store: &impl QueueStore, room: &Room, of: &[u64], now: Ts) -> Result<Vec<u64>> {
    let mut called = Vec::new();
    for &n in of {
        if matches!(standing(store, room, n, now).await?, Standing::Called { .. }) {
            called.push(n);
        }
    }
    Ok(called)
}

/// An offered place goes to one taker, keeps its number, and the offer is dead afterwards, also when the place is back
/// where it was offered.
pub async fn a_place_moves_once<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 2, ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 6).await?;
    let take = async |place: u64, offer: u64, from: u64, to: u64| {
        let [from, to] = [from, to].map(|n| visitor(n).browser);
        let wish = Handover { offer: id(offer), until: after(120), place: id(place), from, to };
        store.hand_over(&room.id, wish, start()).await
    };
    let takers = try_join_all((100..130).map(|taker| take(4, 900, 4, taker))).await?;
    let winners: Vec<u64> =
        (100..130).zip(&takers).filter(|(_, a)| matches!(a, HandedOver::Moved(_))).map(|(n, _)| n).collect();
    ensure!(winners.len() == 1, "one offer, {} takers", winners.len());
    let taker = winners[0];
    let again = take(4, 900, 4, taker).await?;
    ensure!(
        matches!(&again, HandedOver::Moved(place) if place.number == 4),
        "a repeat is the same: {again:?}"
    );
    ensure!(
        store.join(&room.id, vec![visitor(taker)], start()).await? == [Joined::Known(moved_place(&again)?)]
    );
    ensure!(matches!(take(4, 901, taker, 4).await?, HandedOver::Moved(_)), "there and back");
    ensure!(take(4, 900, 4, taker).await? == HandedOver::Refused, "a used offer, though the place is back");
    // Whoever takes a place has no second one: the worse one makes way, a better one stays.
    ensure!(matches!(take(3, 902, 3, 5).await?, HandedOver::Moved(place) if place.number == 3));
    ensure!(standing(&store, &room, 5, start()).await?.is_over());
    ensure!(matches!(take(6, 903, 6, 4).await?, HandedOver::Better(place) if place.number == 4));
    ensure!(store.census(&room.id, start()).await?.waiting == 5, "nobody was lost or doubled");
    // A turn moves too; whoever is in the shop, or gone, stays what she is.
    store.call(&room.id, 2, start()).await?;
    ensure!(matches!(take(1, 904, 1, 200).await?, HandedOver::Moved(_)));
    claim(&store, &room, 1, start()).await?;
    ensure!(take(1, 905, 200, 201).await? == HandedOver::Refused);
    store.leave(&room.id, id(2), Ending::Left, start()).await?;
    ensure!(take(2, 906, 2, 202).await? == HandedOver::Refused);
    ensure!(take(77, 907, 77, 203).await? == HandedOver::Refused);
    Ok(())
}

fn moved_place(answer: &HandedOver) -> Result<Place> {
    match answer {
        HandedOver::Moved(place) => Ok(place.clone()),
        other => Err(anyhow::anyhow!("{other:?}")),
    }
}

/// Whoever had her turn cannot bring the place back to life with the token.
pub async fn an_ended_place_stays_ended<S: Shelf>(shelf: &S) -> Result<()> {
    let room = open_room();
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 2).await?;
    store.leave(&room.id, id(1), Ending::Left, start()).await?;
    store.call(&room.id, 10, start()).await?;
    claim(&store, &room, 2, start()).await?;
    let jti = id(1_000_002);
    store.depart(&room.id, vec![Depart { place: id(2), jti, how: Ending::Finished }], start()).await?;
    for n in [1, 2] {
        let lost = Restore {
            place: id(n),
            browser: visitor(n).browser,
            number: n,
            lane: 0,
            account: None,
            joined_at: start(),
        };
        let back = store.restore(&room.id, vec![lost], start()).await?;
        ensure!(back[0].standing.is_over(), "{n} is back: {back:?}");
        store.call(&room.id, 10, after(1)).await?;
        ensure!(matches!(claim(&store, &room, n, after(1)).await?, Claimed::Over(_)));
    }
    Ok(())
}

/// Everything answered is there after the lines are opened again, under the same epoch.
pub async fn nothing_is_lost_by_a_restart<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 3, ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 20).await?;
    store.call(&room.id, 2, start()).await?;
    claim(&store, &room, 1, start()).await?;
    claim(&store, &room, 2, start()).await?;
    store
        .depart(&room.id, vec![Depart { place: id(1), jti: id(1_000_001), how: Ending::Finished }], after(1))
        .await?;
    store.leave(&room.id, id(5), Ending::Left, after(1)).await?;
    store.call(&room.id, 1, after(2)).await?;
    let (epoch, census) = (store.epoch(&room.id).await?, store.census(&room.id, after(2)).await?);
    let mut before = Vec::new();
    for n in 1..=20 {
        before.push(standing(&store, &room, n, after(2)).await?);
    }
    drop(store);
    let store = shelf.open().await;
    ensure!(store.epoch(&room.id).await? == epoch && store.rooms().await? == vec![room.clone()]);
    ensure!(store.census(&room.id, after(2)).await? == census);
    for n in 1..=20 {
        ensure!(standing(&store, &room, n, after(2)).await? == before[n as usize - 1], "place {n}");
    }
    let again = store.claim(&room.id, vec![Claim { place: id(2), jti: id(9) }], after(3)).await?;
    ensure!(
        matches!(&again[0], Claimed::Admitted(Place { standing: Standing::Admitted { jti, .. }, .. }) if *jti == id(1_000_002))
    );
    ensure!(matches!(claim(&store, &room, 1, after(3)).await?, Claimed::Over(_)), "nobody goes in twice");
    let next = store.join(&room.id, vec![visitor(21)], after(3)).await?;
    ensure!(matches!(&next[0], Joined::New(place) if place.number == 21), "numbers go on");
    Ok(())
}

/// A line's clock does not go back: a node with a slow clock cannot revive what has ended.
pub async fn a_slow_clock_changes_nothing<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 1, ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 2).await?;
    store.call(&room.id, 1, start()).await?;
    store.sweep(&room.id, after(60)).await?;
    let late = claim(&store, &room, 1, after(1)).await?;
    ensure!(matches!(late, Claimed::Over(_)), "{late:?}");
    Ok(())
}

/// No call before the opening, while paused, or after the end.
pub async fn the_state_of_the_room_rules<S: Shelf>(shelf: &S) -> Result<()> {
    let at = |seconds| Some(after(seconds));
    let room = Room { opens_at: at(10), closes_at: at(100), ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 5).await?;
    ensure!(store.call(&room.id, 1, after(9)).await? == 0);
    ensure!(store.call(&room.id, 1, after(10)).await? == 1);
    store.put_room(Room { mode: crate::rooms::rules::Mode::Paused, ..room.clone() }, after(11)).await?;
    ensure!(store.call(&room.id, 1, after(20)).await? == 0);
    ensure!(
        matches!(claim(&store, &room, 1, after(20)).await?, Claimed::Admitted(_)),
        "a turn given is a turn given"
    );
    store.put_room(room.clone(), after(21)).await?;
    ensure!(store.call(&room.id, 1, after(30)).await? == 1);
    ensure!(store.call(&room.id, 1, after(100)).await? == 0);
    ensure!(matches!(claim(&store, &room, 2, after(89)).await?, Claimed::Over(_) | Claimed::Closed(_)));
    let refused = store.join(&room.id, vec![visitor(9)], after(100)).await?;
    ensure!(refused == [Joined::Refused(RoomState::Closed)]);
    let nowhere = RoomId::parse("nowhere").ok_or_else(|| anyhow::anyhow!("bad id"))?;
    ensure!(store.census(&nowhere, start()).await == Err(StoreError::NoRoom));
    Ok(())
}

/// Once the room is closed even those at the door stay outside.
pub async fn a_closed_room_lets_nobody_in<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 2, closes_at: Some(after(100)), ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 2).await?;
    store.call(&room.id, 2, start()).await?;
    claim(&store, &room, 1, start()).await?;
    store.put_room(Room { cap: 1, ..room.clone() }, after(50)).await?;
    ensure!(matches!(claim(&store, &room, 2, after(50)).await?, Claimed::AtDoor(_)));
    store.leave(&room.id, id(1), Ending::Left, after(100)).await?;
    store.call(&room.id, 10, after(101)).await?;
    ensure!(matches!(standing(&store, &room, 2, after(101)).await?, Standing::Called { .. }));
    ensure!(matches!(claim(&store, &room, 2, after(101)).await?, Claimed::Closed(_)));
    Ok(())
}

/// However many browsers join with one account at once, one gets a place; the next one does once that is over, and a lost
/// place takes its account along.
pub async fn one_account_has_one_place<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { one_per_account: true, ..open_room() };
    let store = with_room(shelf, &room).await?;
    let account = Some(AccountKey(id(7)));
    let join = async |n: u64, now: Ts| -> Result<Joined> {
        let joined = store.join(&room.id, vec![Join { account, ..visitor(n) }], now).await?.pop();
        joined.ok_or_else(|| anyhow::anyhow!("no answer"))
    };
    let answers = try_join_all((1..=20).map(|n| join(n, start()))).await?;
    let new: Vec<&Place> =
        answers.iter().filter_map(|a| if let Joined::New(place) = a { Some(place) } else { None }).collect();
    ensure!(new.len() == 1 && new[0].account == account, "{answers:?}");
    ensure!(
        answers.iter().filter(|answer| **answer == Joined::NoAccount(AccountRefusal::Taken)).count() == 19,
        "{answers:?}"
    );
    let anonymous = store.join(&room.id, vec![visitor(30)], start()).await?;
    ensure!(anonymous == [Joined::NoAccount(AccountRefusal::Needed)]);
    store.leave(&room.id, new[0].id, Ending::Left, after(1)).await?;
    ensure!(matches!(join(40, after(1)).await?, Joined::New(_)), "whoever left may come again");
    store.leave(&room.id, id(40), Ending::Left, after(2)).await?;
    let Join { place, browser, .. } = visitor(50);
    let lost = Restore { place, browser, number: 9, lane: 0, account, joined_at: start() };
    ensure!(store.restore(&room.id, vec![lost], after(3)).await?[0].account == account);
    ensure!(join(60, after(3)).await? == Joined::NoAccount(AccountRefusal::Taken));
    let other = Restore { place: id(70), browser: visitor(70).browser, number: 10, ..lost };
    ensure!(
        store.restore(&room.id, vec![other], after(3)).await?[0].account.is_none(),
        "the account has a place"
    );
    Ok(())
}
