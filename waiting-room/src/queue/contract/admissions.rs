//! Cap, rate, turns and departures.

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;

use super::*;

/// Not one session more than the cap, even when ghosts made the room call more people and all of them come.
pub async fn the_cap_is_never_exceeded<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 5, rate_per_minute: 6000, ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 900).await?;
    ensure!(
        store.call(&room.id, 1000, start()).await? == 5,
        "without evidence of ghosts the cap is what is called"
    );
    let (mut came, mut fullest): (Vec<u64>, u64) = (Vec::new(), 0);
    for round in 1..=20 {
        let now = after(round * 61);
        store.call(&room.id, 1000, now).await?;
        let called = called_now(&store, &room, now).await?;
        // Ghosts for 10 rounds, then everybody who is called comes.
        if round > 10 {
            for n in &called {
                claim(&store, &room, *n, now).await?;
            }
            came.extend(called);
        }
        let admitted = admitted_now(&store, &room, &came, now).await?;
        ensure!(admitted <= 5, "{admitted} sessions in round {round}");
        ensure!(store.census(&room.id, now).await?.admitted == admitted);
        fullest = fullest.max(admitted);
    }
    ensure!(fullest == 5, "the shop was never full");
    Ok(())
}

async fn called_now(store: &impl QueueStore, room: &Room, now: Ts) -> Result<Vec<u64>> {
    let mut called = Vec::new();
    for n in 1..=store.census(&room.id, now).await?.serving {
        if matches!(standing(store, room, n, now).await?, Standing::Called { .. }) {
            called.push(n);
        }
    }
    Ok(called)
}

async fn admitted_now(store: &impl QueueStore, room: &Room, came: &[u64], now: Ts) -> Result<u64> {
    let mut admitted = 0;
    for n in came {
        admitted += u64::from(matches!(standing(store, room, *n, now).await?, Standing::Admitted { .. }));
    }
    Ok(admitted)
}

/// Whatever the called do, no sliding minute sees more admissions than the rate.
pub async fn the_rate_holds_in_every_minute<S: Shelf>(shelf: &S) -> Result<()> {
    let room =
        Room { cap: 1000, rate_per_minute: 20, claim_window_s: 3600, session_length_s: 7200, ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 300).await?;
    // Called at the pace of the rate over minutes, they all come in the same second.
    for second in 0..300 {
        store.call(&room.id, 1000, after(second)).await?;
    }
    let called = store.census(&room.id, after(300)).await?.serving;
    ensure!(called > 60, "{called}");
    for second in 300..600 {
        if second == 300 {
            for n in 1..=called {
                claim(&store, &room, n, after(second)).await?;
            }
        }
        store.call(&room.id, 0, after(second)).await?;
    }
    let mut admissions = Vec::new();
    for n in 1..=called {
        if let Standing::Admitted { at, .. } = standing(&store, &room, n, after(600)).await? {
            admissions.push(at);
        }
    }
    admissions.sort();
    ensure!(admissions.len() >= 90, "only {} came in", admissions.len());
    for window in admissions.windows(21) {
        ensure!(
            window[20] - window[0] >= Duration::MINUTE,
            "21 admissions within {}",
            window[20] - window[0]
        );
    }
    Ok(())
}

/// A turn can be claimed until its deadline, to the microsecond, and never after; missing it frees the place in
/// the shop without anybody sweeping.
pub async fn a_turn_ends_at_its_deadline<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 2, ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 3).await?;
    store.call(&room.id, 10, start()).await?;
    let deadline = after(60);
    let in_time = claim(&store, &room, 1, deadline - Duration::microseconds(1)).await?;
    ensure!(matches!(in_time, Claimed::Admitted(_)), "{in_time:?}");
    ensure!(matches!(
        standing(&store, &room, 2, deadline).await?,
        Standing::Ended { how: Ending::Missed, .. }
    ));
    let late = claim(&store, &room, 2, deadline).await?;
    ensure!(matches!(late, Claimed::Over(_)), "{late:?}");
    store.call(&room.id, 10, deadline).await?;
    ensure!(matches!(standing(&store, &room, 3, deadline).await?, Standing::Called { .. }));
    Ok(())
}

/// A departure counts once, and only for the admission it names.
pub async fn a_departure_counts_once<S: Shelf>(shelf: &S) -> Result<()> {
    let room = Room { cap: 1, ..open_room() };
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 3).await?;
    store.call(&room.id, 10, start()).await?;
    claim(&store, &room, 1, start()).await?;
    let depart = |jti| vec![Depart { place: id(1), jti, how: Ending::Abandoned }];
    ensure!(store.depart(&room.id, depart(id(77)), start()).await? == 0, "another admission's departure");
    ensure!(
        store
            .depart(&room.id, vec![Depart { place: id(2), jti: id(1), how: Ending::Abandoned }], start())
            .await?
            == 0
    );
    ensure!(store.depart(&room.id, depart(id(1_000_001)), start()).await? == 1);
    ensure!(store.depart(&room.id, depart(id(1_000_001)), start()).await? == 0);
    ensure!(store.call(&room.id, 10, after(1)).await? == 1, "one departure, one call");
    ensure!(store.census(&room.id, after(1)).await?.totals.departed == 1);
    Ok(())
}

/// A claim may be repeated: the first admission stays.
pub async fn claiming_twice_is_claiming_once<S: Shelf>(shelf: &S) -> Result<()> {
    let room = open_room();
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 1).await?;
    store.call(&room.id, 10, start()).await?;
    let claims =
        (0..30).map(|n| store.claim(&room.id, vec![Claim { place: id(1), jti: id(500 + n) }], start()));
    let answers: Vec<Claimed> = try_join_all(claims).await?.into_iter().flatten().collect();
    ensure!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    ensure!(store.census(&room.id, start()).await?.totals.admitted == 1);
    ensure!(claim(&store, &room, 9, start()).await? == Claimed::Unknown);
    Ok(())
}
