//! The draw's steps, taken by whichever node comes first and resumed by any other.
//!
//! What a step needs is in the store, or follows from what is in it, so a node may die at any point: the next look of any
//! node goes on from there. Two nodes may do the same work; the store takes each step once, and seating twice is seating
//! once.

use std::sync::Arc;
use std::time::Duration as StdDuration;

use time::Duration;
use tokio::time::{MissedTickBehavior, interval};

use super::document::{Commitment, DrawDocument, FORMAT, Hex, Listing, Note, Outcome, Signature};
use super::list::{self, Drawn};
use super::{beacon, rules};
use crate::app::App;
use crate::live;
use crate::queue::{Draw, DrawStep, Lobbyist, Seating, StoreError};
use crate::rooms::rules::Room;

/// Places seated in one call of the store.
const SEATS_PER_CALL: usize = 4096;
/// The node that settled the order gives the numbers out; others help only after this long.
const HELP_AFTER: Duration = Duration::seconds(10);

/// Looks after the draws of all rooms until the server stops. Any number of nodes may do this at the same time.
pub async fn draw_forever(app: App) {
    let mut rounds = interval(StdDuration::from_millis(app.settings.waiting_room.tick_ms));
    rounds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            () = app.stop.ended() => return,
        }
        // While the store does not answer, the ticker says so.
        for room in app.store.rooms().await.unwrap_or_default().into_iter().filter(|room| room.draw) {
            if let Err(error) = advance(&app, &room).await {
                tracing::warn!(room = %room.id, %error, "the draw could not go on; it is tried again");
            }
        }
    }
}

/// Takes a room's draw as many steps further as can be taken now.
///
/// # Errors
/// When the store does not answer, or what it holds does not fit together.
pub async fn advance(app: &App, room: &Room) -> anyhow::Result<()> {
    loop {
        let draw = app.store.draw(&room.id).await?;
        let moved = match draw.step {
            DrawStep::None => commit(app, room).await?,
            DrawStep::Committed => close_lobby(app, room, &draw).await?,
            DrawStep::Frozen => publish_list(app, room, &draw).await?,
            DrawStep::Listed => settle(app, room, &draw).await?,
            DrawStep::Drawn => seat(app, room, &draw).await?,
            DrawStep::Seated => {
                take_in(app, room, &draw).await?;
                None
            }
        };
        // Taken, by this node or another; otherwise it is not time yet.
        if moved.is_none_or(|after| after.step == draw.step) {
            return Ok(());
        }
    }
}

/// Publishes the commitment of a room whose draw has not begun.
///
/// # Errors
/// When the store does not answer.
pub async fn ensure_committed(app: &App, room: &Room) -> anyhow::Result<()> {
    if app.store.draw(&room.id).await?.step == DrawStep::None {
        commit(app, room).await?;
    }
    Ok(())
}

/// The commitment to a seed nobody has seen.
async fn commit(app: &App, room: &Room) -> anyhow::Result<Option<Draw>> {
    let (now, epoch) = (app.now(), app.store.epoch(&room.id).await?);
    let Some(lobby_at) = room.lobby_at else { return Ok(None) };
    let (seed, salt) = (app.entropy.bytes(), app.entropy.bytes());
    let hash = rules::commitment(&seed, &room.id, epoch);
    let signed =
        Signature::of(&DrawDocument::committed(&room.id, epoch, &hash, now, lobby_at), &app.journal_keys)?;
    let commitment = Commitment { hash: Hex(hash), at: now, lobby_at, signed };
    let document = DrawDocument {
        format: FORMAT.to_owned(),
        room: room.id.clone(),
        epoch,
        commitment,
        list: None,
        outcome: None,
    };
    step(app, room, DrawStep::Committed, &Note { document, seed: Hex(seed), salt: Hex(salt) }).await
}

/// At the opening: nobody comes into the lobby or out of it any more.
async fn close_lobby(app: &App, room: &Room, draw: &Draw) -> anyhow::Result<Option<Draw>> {
    step(app, room, DrawStep::Frozen, &note(draw)?).await
}

/// The list and its root, and which randomness will decide: signed and public before that exists.
async fn publish_list(app: &App, room: &Room, draw: &Draw) -> anyhow::Result<Option<Draw>> {
    let mut note = note(draw)?;
    let closed_at = draw.closed_at.ok_or_else(|| anyhow::anyhow!("a closed lobby without an instant"))?;
    let lobby = app.store.lobby(&room.id).await?;
    let salt = note.salt.0;
    let (lobby, root) = in_background(move || {
        let root = rules::tree(&list::entries(&lobby, &salt)).root();
        (lobby, root)
    })
    .await?;
    keep_list(app, room, &lobby, &root).await?;
    let (at, size) = (app.now(), lobby.len() as u64);
    let beacon = app.beacon.plan(at);
    let signed =
        Signature::of(&note.document.listed(&root, size, closed_at, at, &beacon), &app.journal_keys)?;
    note.document.list = Some(Listing { root: Hex(root), size, closed_at, at, beacon, signed });
    let after = step(app, room, DrawStep::Listed, &note).await?;
    tracing::info!(room = %room.id, size, root = %Hex(root), "the lobby is closed and its list published");
    Ok(after)
}

/// The randomness, or after a stated wait the decision to go on without, and the order that follows.
async fn settle(app: &App, room: &Room, draw: &Draw) -> anyhow::Result<Option<Draw>> {
    let mut note = note(draw)?;
    let Some(listing) = note.document.list.clone() else { return Ok(None) };
    if matches!(listing.beacon, beacon::Plan::Drand { round, .. } if app.now() < beacon::begins(round)) {
        return Ok(None);
    }
    let spoken = app.beacon.ask(&listing.beacon).await;
    let fallback = match &spoken {
        Some(_) => None,
        None if listing.beacon == beacon::Plan::None => None,
        None => match silence(app, &listing) {
            Some(said) => Some(said),
            None => return Ok(None),
        },
    };
    let lobby = lobby_of(app, room, &note).await?;
    let randomness = spoken.as_ref().map(|spoken| Hex(spoken.randomness));
    let (id, seed, salt) = (room.id.clone(), note.seed, note.salt.0);
    let order_hash = in_background(move || {
        let list = list::entries(&lobby, &salt);
        let key = rules::order_key(&seed.0, randomness.as_ref().map(|hex| &hex.0), &listing.root.0);
        rules::order_hash(&list, &rules::order(&key, &id, &list))
    })
    .await?;
    let mut outcome = Outcome {
        seed,
        randomness,
        beacon_signature: spoken.and_then(|spoken| spoken.signature),
        fallback,
        order_hash: Hex(order_hash),
        at: app.now(),
        signed: Signature { kid: String::new(), signature: String::new() },
    };
    let statement = note.document.drawn(&outcome).unwrap_or_default();
    outcome.signed = Signature::of(&statement, &app.journal_keys)?;
    note.document.outcome = Some(outcome);
    let after = step(app, room, DrawStep::Drawn, &note).await?;
    if let Some(after) = after.as_ref().filter(|after| is_ours(after, &note)) {
        give_numbers(app, room, after).await?;
    }
    Ok(after)
}

/// What to say once the beacon has been silent for too long.
fn silence(app: &App, listing: &Listing) -> Option<String> {
    let wait_s = app.settings.waiting_room.draw_beacon_wait_s;
    let due = match &listing.beacon {
        beacon::Plan::Drand { round, .. } => beacon::begins(*round),
        beacon::Plan::File | beacon::Plan::None => listing.at,
    };
    (app.now() >= due + Duration::seconds(wait_s.into()))
        .then(|| format!("the beacon was silent for {wait_s} s"))
}

/// Numbers for everybody, by the node that settled the order, or by another when that has not finished.
async fn seat(app: &App, room: &Room, draw: &Draw) -> anyhow::Result<Option<Draw>> {
    let note = note(draw)?;
    let settled_at = note.document.outcome.as_ref().map(|outcome| outcome.at);
    if settled_at.is_none_or(|at| app.now() < at + HELP_AFTER)
        && !room_is_restored(draw, app.draws.of(&room.id))
    {
        return Ok(None);
    }
    give_numbers(app, room, draw).await.map(Some)
}

/// After a loss of the store the order is known and only the numbers are to be given again: nobody needs to wait.
fn room_is_restored(draw: &Draw, known: Option<Arc<Drawn>>) -> bool {
    known.is_some_and(|known| note(draw).is_ok_and(|note| note == known.note))
}

async fn give_numbers(app: &App, room: &Room, draw: &Draw) -> anyhow::Result<Draw> {
    let drawn = drawn(app, room, draw).await?;
    let seats: Vec<Seating> = drawn.seats().collect();
    for seats in seats.chunks(SEATS_PER_CALL) {
        app.store.seat_drawn(&room.id, seats.to_vec(), app.now()).await?;
    }
    let after = app.store.advance_draw(&room.id, DrawStep::Seated, draw.note.clone(), app.now()).await?;
    tracing::info!(room = %room.id, places = seats.len(), "the order is drawn, and people are called");
    Ok(after)
}

/// Makes the order known to this node: its views, its watchers, and those who come back with older place tokens.
async fn take_in(app: &App, room: &Room, draw: &Draw) -> anyhow::Result<()> {
    let known = app.draws.of(&room.id);
    if known.is_some_and(|known| {
        known.lobby_end == draw.lobby_end && note(draw).is_ok_and(|note| note == known.note)
    }) {
        return Ok(());
    }
    let drawn = drawn(app, room, draw).await?;
    app.draws.keep(&room.id, drawn.clone());
    // The view first: then nobody is shown a drawn number in the line from before.
    live::refresh(app, app.store.room(&room.id).await?).await?;
    app.hub.take_order(&room.id, drawn.lobby_end, |number| drawn.number_of(number), app.now());
    Ok(())
}

/// The order of a draw that is settled, computed anew.
async fn drawn(app: &App, room: &Room, draw: &Draw) -> anyhow::Result<Arc<Drawn>> {
    let (note, lobby_end, id) = (note(draw)?, draw.lobby_end, room.id.clone());
    let lobby = lobby_of(app, room, &note).await?;
    in_background(move || {
        let list = list::entries(&lobby, &note.salt.0);
        let order = list::order(&id, &note.document, &list)
            .ok_or_else(|| anyhow::anyhow!("an order without an outcome"))?;
        Ok(Arc::new(Drawn::new(note, lobby_end, lobby, list, &order)))
    })
    .await?
}

/// The list that was published: from the store's parts, or from this node when the store has lost them.
pub async fn lobby_of(app: &App, room: &Room, note: &Note) -> anyhow::Result<Vec<Lobbyist>> {
    let listing = note.document.list.as_ref().ok_or_else(|| anyhow::anyhow!("a draw without a list"))?;
    let mut lobby = Vec::with_capacity(listing.size as usize);
    for part in 0..list::count_of(listing.size) {
        match app.store.part(&room.id, list::name_of(&listing.root.0, part)).await? {
            Some(bytes) => lobby.extend(list::members(&bytes)),
            None => {
                lobby = kept_here(app, room, note).await?;
                keep_list(app, room, &lobby, &listing.root.0).await?;
                break;
            }
        }
    }
    let (expected, salt) = (listing.root.0, note.salt.0);
    let (lobby, root) = in_background(move || {
        let root = rules::tree(&list::entries(&lobby, &salt)).root();
        (lobby, root)
    })
    .await?;
    anyhow::ensure!(root == expected, "the list that is kept is not the one that was published");
    Ok(lobby)
}

/// The list as this node has it: in memory, or in its data folder.
async fn kept_here(app: &App, room: &Room, note: &Note) -> anyhow::Result<Vec<Lobbyist>> {
    if let Some(drawn) = app.draws.of(&room.id).filter(|drawn| drawn.document().list == note.document.list) {
        return Ok(drawn.lobby.clone());
    }
    let bytes = tokio::fs::read(list_file(app, room)).await.map_err(|error| {
        anyhow::anyhow!("the store has lost the list of the lobby, and this node has no copy of it: {error}")
    })?;
    Ok(list::members(&bytes))
}

/// Keeps a list in the store for all nodes, and in this node's folder in case the store loses it.
async fn keep_list(
    app: &App,
    room: &Room,
    lobby: &[Lobbyist],
    root: &crate::merkle::Hash,
) -> anyhow::Result<()> {
    let file = list_file(app, room);
    if let Some(folder) = file.parent() {
        tokio::fs::create_dir_all(folder).await?;
    }
    let mut all = Vec::new();
    for (part, bytes) in list::parts(lobby) {
        all.extend_from_slice(&bytes);
        app.store.keep_part(&room.id, list::name_of(root, part), bytes).await?;
    }
    Ok(tokio::fs::write(file, all).await?)
}

fn list_file(app: &App, room: &Room) -> std::path::PathBuf {
    app.settings.data_dir.join("draws").join(format!("{}.list", room.id))
}

async fn step(app: &App, room: &Room, step: DrawStep, note: &Note) -> anyhow::Result<Option<Draw>> {
    let text = serde_json::to_string(note)?;
    Ok(Some(app.store.advance_draw(&room.id, step, text, app.now()).await?))
}

/// What the nodes keep of a draw.
///
/// # Errors
/// When the store holds something else.
pub fn note(draw: &Draw) -> anyhow::Result<Note> {
    Ok(serde_json::from_str(&draw.note)?)
}

fn is_ours(draw: &Draw, ours: &Note) -> bool {
    draw.step == DrawStep::Drawn && note(draw).is_ok_and(|note| note == *ours)
}

/// Work of seconds goes where it holds nobody up.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Unavailable(error.to_string()))
}
