//! The draw: the lobby is closed once, nobody is called before everybody has the drawn number, and any node can go on.

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;

use super::*;

/// Opens at second 10; its order is drawn.
fn drawn_room() -> Room {
    Room { draw: true, lobby_at: Some(start()), opens_at: Some(after(10)), ..open_room() }
}

async fn take(store: &impl QueueStore, step: DrawStep, now: Ts) -> Result<Draw> {
    Ok(store.advance_draw(&drawn_room().id, step, format!("{step:?}"), now).await?)
}

/// The visitors' places with their drawn numbers: the last in the lobby is the first in the order.
fn reversed(draw: &Draw, lobby: &[Lobbyist]) -> Vec<Seating> {
    (draw.lobby_end..)
        .zip(lobby.iter().rev())
        .map(|(number, one)| Seating { place: one.place, number })
        .collect()
}

/// A lobby of `count` that is closed and whose order is settled.
async fn settled<S: Shelf>(shelf: &S, count: u64) -> Result<(S::Store, Draw, Vec<Lobbyist>)> {
    let room = drawn_room();
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, count).await?;
    take(&store, DrawStep::Committed, after(1)).await?;
    take(&store, DrawStep::Frozen, after(10)).await?;
    let lobby = store.lobby(&room.id).await?;
    take(&store, DrawStep::Listed, after(11)).await?;
    let draw = take(&store, DrawStep::Drawn, after(12)).await?;
    Ok((store, draw, lobby))
}

/// Of any number of nodes one takes each step; what the others wanted to keep with it is not kept.
pub async fn a_step_of_a_draw_is_taken_once<S: Shelf>(shelf: &S) -> Result<()> {
    let room = drawn_room();
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 3).await?;
    ensure!(store.draw(&room.id).await? == Draw::default());
    ensure!(take(&store, DrawStep::Listed, after(1)).await?.step == DrawStep::None, "no step is left out");
    let tries = (0..20).map(|n| store.advance_draw(&room.id, DrawStep::Committed, n.to_string(), after(1)));
    let notes: Vec<String> = try_join_all(tries).await?.into_iter().map(|draw| draw.note).collect();
    ensure!(notes.iter().all(|note| *note == notes[0]), "{notes:?}");
    let early = take(&store, DrawStep::Frozen, after(9)).await?;
    ensure!(early.step == DrawStep::Committed, "the lobby is open");
    let draw = take(&store, DrawStep::Frozen, after(10)).await?;
    ensure!((draw.step, draw.lobby_end, draw.lobby_size) == (DrawStep::Frozen, 4, 3), "{draw:?}");
    ensure!(draw.closed_at == Some(after(10)));
    let again = take(&store, DrawStep::Frozen, after(11)).await?;
    ensure!(again == draw, "closing it again changes nothing: {again:?}");
    Ok(())
}

/// From the opening until everybody has the drawn number nobody is called, whatever the operator presses.
pub async fn nobody_is_called_before_the_draw_is_done<S: Shelf>(shelf: &S) -> Result<()> {
    let (store, draw, lobby) = settled(shelf, 4).await?;
    let room = drawn_room();
    store.seat_drawn(&room.id, reversed(&draw, &lobby)[..2].to_vec(), after(13)).await?;
    for mode in [Mode::Schedule, Mode::Open, Mode::Draining] {
        store.put_room(Room { mode, ..room.clone() }, after(14)).await?;
        ensure!(store.call(&room.id, 10, after(15)).await? == 0, "{mode:?}");
    }
    store.put_room(room.clone(), after(16)).await?;
    store.seat_drawn(&room.id, reversed(&draw, &lobby), after(17)).await?;
    ensure!(store.call(&room.id, 10, after(18)).await? == 0);
    take(&store, DrawStep::Seated, after(19)).await?;
    ensure!(store.room(&room.id).await?.drawn_at == Some(after(19)));
    store.put_room(room.clone(), after(20)).await?;
    ensure!(store.call(&room.id, 10, after(21)).await? > 0, "settings do not undo a draw");
    Ok(())
}

/// People are called in the drawn order, and who joins after the closing comes after all of the lobby.
pub async fn drawn_numbers_decide_and_latecomers_follow<S: Shelf>(shelf: &S) -> Result<()> {
    let (store, draw, lobby) = settled(shelf, 5).await?;
    let room = drawn_room();
    let late = store.join(&room.id, vec![visitor(9)], after(13)).await?;
    ensure!(matches!(&late[0], Joined::New(place) if place.number == draw.lobby_end + 5), "{late:?}");
    store.seat_drawn(&room.id, reversed(&draw, &lobby), after(14)).await?;
    take(&store, DrawStep::Seated, after(14)).await?;
    let known = store.join(&room.id, vec![visitor(5)], after(15)).await?;
    ensure!(matches!(&known[0], Joined::Known(place) if place.number == draw.lobby_end), "{known:?}");
    let Changes::Whole(whole) = store.changes_since(&room.id, 0).await? else {
        anyhow::bail!("a view from before")
    };
    ensure!(whole.waiting[0].waiting() == 6 && whole.waiting[0].ahead_of(draw.lobby_end) == 0);
    let mut order = Vec::new();
    for round in 1..=6 {
        store.call(&room.id, 1, after(15 + round * 2)).await?;
        for n in [1, 2, 3, 4, 5, 9] {
            if matches!(standing(&store, &room, n, after(15 + round * 2)).await?, Standing::Called { .. })
                && !order.contains(&n)
            {
                order.push(n);
            }
        }
    }
    ensure!(order == [5, 4, 3, 2, 1, 9], "{order:?}");
    Ok(())
}

/// Who leaves after the closing stays in the list, and gets no turn.
pub async fn a_closed_lobby_stays_the_same<S: Shelf>(shelf: &S) -> Result<()> {
    let room = drawn_room();
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 6).await?;
    take(&store, DrawStep::Committed, after(1)).await?;
    store.leave(&room.id, id(2), Ending::Left, after(2)).await?;
    store.leave(&room.id, id(3), Ending::Left, after(10)).await?;
    let draw = take(&store, DrawStep::Frozen, after(10)).await?;
    let lobby = store.lobby(&room.id).await?;
    ensure!(lobby.len() as u64 == draw.lobby_size, "{lobby:?} and {draw:?}");
    store.leave(&room.id, id(1), Ending::Left, after(10)).await?;
    store.leave(&room.id, id(4), Ending::Revoked, after(11)).await?;
    let anew = Join { place: id(101), ..visitor(1) };
    store.join(&room.id, vec![anew, visitor(8)], after(11)).await?;
    ensure!(store.lobby(&room.id).await? == lobby, "{:?}", store.lobby(&room.id).await?);
    ensure!(lobby.iter().any(|one| one.place == id(1)) && !lobby.iter().any(|one| one.place == id(2)));
    take(&store, DrawStep::Listed, after(12)).await?;
    let draw = take(&store, DrawStep::Drawn, after(13)).await?;
    store.seat_drawn(&room.id, reversed(&draw, &lobby), after(14)).await?;
    take(&store, DrawStep::Seated, after(14)).await?;
    ensure!(
        standing(&store, &room, 1, after(14)).await?.is_over()
            && standing(&store, &room, 4, after(14)).await?.is_over()
    );
    let waiting = store.census(&room.id, after(14)).await?.waiting;
    ensure!(waiting == 4, "{waiting}: the places 5 and 6, the newcomer, and who joined anew");
    Ok(())
}

/// Wherever a node stops, another goes on: what is seated stays, what is not is seated, and parts of the list are kept.
pub async fn a_draw_goes_on_after_a_crash<S: Shelf>(shelf: &S) -> Result<()> {
    let (store, draw, lobby) = settled(shelf, 6).await?;
    let room = drawn_room();
    store.keep_part(&room.id, "root-0".into(), vec![1, 2, 3]).await?;
    store.keep_part(&room.id, "root-0".into(), vec![9]).await?;
    let seats = reversed(&draw, &lobby);
    store.seat_drawn(&room.id, seats[..3].to_vec(), after(13)).await?;
    drop(store);
    let store = shelf.open().await;
    ensure!(store.draw(&room.id).await? == draw, "{:?}", store.draw(&room.id).await?);
    ensure!(store.part(&room.id, "root-0".into()).await? == Some(vec![1, 2, 3]));
    ensure!(store.part(&room.id, "root-1".into()).await?.is_none());
    let other: Vec<Seating> =
        seats[..3].iter().rev().zip(&seats).map(|(a, b)| Seating { number: b.number, ..*a }).collect();
    store.seat_drawn(&room.id, other, after(14)).await?;
    for seat in &seats[..3] {
        let place = store.find(&room.id, vec![seat.place], after(14)).await?.remove(0);
        ensure!(
            place.as_ref().is_some_and(|place| place.number == seat.number),
            "{place:?} was moved from {seat:?}"
        );
    }
    for _ in 0..2 {
        store.seat_drawn(&room.id, seats.clone(), after(14)).await?;
        for seat in &seats {
            let place = store.find(&room.id, vec![seat.place], after(14)).await?.remove(0);
            ensure!(place.as_ref().is_some_and(|place| place.number == seat.number), "{place:?} in {seat:?}");
        }
    }
    take(&store, DrawStep::Seated, after(15)).await?;
    drop(store);
    let store = shelf.open().await;
    ensure!(
        store.draw(&room.id).await?.step == DrawStep::Seated
            && store.room(&room.id).await?.drawn_at.is_some()
    );
    ensure!(store.call(&room.id, 10, after(16)).await? > 0);
    let late = store.join(&room.id, vec![visitor(50)], after(16)).await?;
    ensure!(matches!(&late[0], Joined::New(place) if place.number == draw.lobby_end + 6), "{late:?}");
    Ok(())
}
