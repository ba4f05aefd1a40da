//! Writing the journal: a moment behind the line, from what the line says it has done.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::entry::{Entry, Limits, Moved, What};
use super::{Log, waits};
use crate::app::App;
use crate::draw::document::Hex;
use crate::merkle::{Hash, sha256};
use crate::queue::{Changes, StoreError};
use crate::rooms::rules::{Room, RoomId};
use crate::rooms::steering::Pace;

/// What has happened is written down every so many rounds of calling people in.
const TICKS: u64 = 4;
/// Entries read at a time.
const READ_MAX: usize = 1000;
/// Times an entry is tried again because another node has written meanwhile.
const TRIES_MAX: usize = 10;
/// Without anything worth an entry, one is written after so many steps all the same: the line remembers only so many.
const QUIET_STEPS_MAX: u64 = 8192;
/// Under which name the store keeps a room's salt.
const SALT: &str = "journal-salt";

/// Writes the journals of all rooms until the server stops, and what is left at its end. Any number of nodes may do this.
pub async fn write_forever(app: App) {
    let mut rounds = interval(Duration::from_millis(app.settings.waiting_room.tick_ms * TICKS));
    rounds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut is_running = true;
    while is_running {
        tokio::select! {
            _ = rounds.tick() => {}
            () = app.stop.ended() => is_running = false,
        }
        // While the store does not answer, the ticker says so.
        for room in app.store.rooms().await.unwrap_or_default() {
            let written = match catch_up(&app, &room).await {
                Ok(()) => waits::tell(&app, &room, !is_running).await,
                failed => failed,
            };
            if let Err(error) = written {
                tracing::warn!(room = %room.id, %error, "the room's journal could not be written; it is tried again");
            }
        }
    }
}

/// Writes down everything that has happened to a room and its line until now.
///
/// # Errors
/// When the store does not answer.
pub async fn catch_up(app: &App, room: &Room) -> Result<(), StoreError> {
    let log = app.logs.of(&room.id)?;
    let mut log = log.lock().await;
    read(app, &room.id, &mut log).await?;
    let salt = salt(app, &room.id, &mut log).await?;
    if log.said.version.is_none() {
        // After a loss those who have the journal give it back first; this node has nothing of it.
        if matches!(app.store.changes_since(&room.id, 0).await?, Changes::Restoring { .. }) {
            return Ok(());
        }
        let epoch = app.store.epoch(&room.id).await?;
        write(app, &room.id, &mut log, |log| match log.said.version {
            None => vec![What::Begun { epoch, version: 0 }],
            Some(_) => Vec::new(),
        })
        .await?;
    }
    let (limits, state) = (Limits::of(room), room.state(app.now()));
    let draw = if room.draw { app.store.draw(&room.id).await? } else { Default::default() };
    let pace = pace(app, room).await?;
    write(app, &room.id, &mut log, |log| {
        let mut news = Vec::new();
        if log.said.limits.as_ref() != Some(&limits) {
            news.push(What::Settings(limits.clone()));
        }
        let known = log.said.pace.unwrap_or(room.own_pace());
        news.extend(pace.filter(|pace| *pace != known).map(What::Pace));
        if draw.step > log.said.draw {
            news.push(What::Draw { step: draw.step, digest: Hex(sha256(&[draw.note.as_bytes()])) });
        }
        if log.said.state != Some(state) {
            news.push(What::State { state });
        }
        news
    })
    .await?;
    follow(app, &room.id, &mut log, &salt).await
}

/// Rate and cap in force under exactly these settings; `None` in a room that is not steered, and while somebody changes it.
async fn pace(app: &App, room: &Room) -> Result<Option<Pace>, StoreError> {
    if room.steering.is_none() {
        return Ok(None);
    }
    let pace = app.store.census(&room.id, app.now()).await?.pace;
    let is_same = app.store.room(&room.id).await? == *room;
    Ok(is_same.then_some(pace))
}

/// Writes down what the line has done since the last entry about it.
async fn follow(app: &App, room: &RoomId, log: &mut Log, salt: &Hash) -> Result<(), StoreError> {
    let since = log.said.version.unwrap_or_default();
    let changes = app.store.changes_since(room, since).await?;
    let news = match changes {
        Changes::Steps { since, version, steps } => {
            let moved = Moved::of(since, version, &steps, salt);
            let is_due = moved.says_something() || version - since >= QUIET_STEPS_MAX;
            is_due.then_some(What::Moved(moved))
        }
        Changes::Whole(whole) if whole.version > since => {
            Some(What::Gap { since, version: whole.version, epoch: app.store.epoch(room).await? })
        }
        Changes::Whole(_) | Changes::Restoring { .. } => None,
    };
    let Some(news) = news else { return Ok(()) };
    // If another node wrote meanwhile, what it wrote begins where this does: the next round goes on behind it.
    write(app, room, log, |log| if log.said.version == Some(since) { vec![news.clone()] } else { Vec::new() })
        .await
}

/// Appends what `say` makes of the journal's end; asked again when another node has written meanwhile.
///
/// # Errors
/// When the store does not answer, or others write all the time.
pub async fn write(
    app: &App,
    room: &RoomId,
    log: &mut Log,
    say: impl Fn(&Log) -> Vec<What>,
) -> Result<(), StoreError> {
    for _ in 0..TRIES_MAX {
        let (from, now) = (log.tree.len(), app.now());
        // Clocks of nodes differ; the journal's goes on.
        let at = log.said.at.map_or(now, |last| last.max(now));
        let entries =
            (from..).zip(say(log)).map(|(seq, what)| serde_json::to_string(&Entry { seq, at, what }));
        let lines: Vec<String> = entries.collect::<Result<_, _>>().map_err(|error| failed(&error))?;
        if lines.is_empty() {
            return Ok(());
        }
        if app.store.append_log(room, from, lines.clone()).await? {
            return log.learn(&lines).await;
        }
        read(app, room, log).await?;
    }
    Err(StoreError::Unavailable("other nodes write the room's journal all the time".into()))
}

/// Reads what other nodes have written; gives the store back what it has lost.
///
/// # Errors
/// When the store does not answer.
pub async fn read(app: &App, room: &RoomId, log: &mut Log) -> Result<(), StoreError> {
    if !log.is_compared {
        read_copy(app, room, log).await?;
        log.is_compared = true;
    }
    loop {
        let from = log.tree.len();
        let lines = app.store.log_entries(room, from, READ_MAX).await?;
        log.learn(&lines).await?;
        if lines.len() < READ_MAX {
            break;
        }
    }
    let mut kept = app.store.log_len(room).await?;
    let Some(copy) = log.copy.clone().filter(|_| kept < log.tree.len()) else { return Ok(()) };
    tracing::error!(%room, kept, "the store lost entries of the journal; they are given back");
    while kept < copy.len().await? {
        let lines = copy.read(kept, READ_MAX).await?;
        let count = lines.len() as u64;
        // Where another node is faster, the next round goes on.
        if !app.store.append_log(room, kept, lines).await? {
            break;
        }
        kept += count;
    }
    Ok(())
}

/// Takes in this node's copy, as it was when the node last ran. One that is not of the store's journal is put aside.
async fn read_copy(app: &App, room: &RoomId, log: &mut Log) -> Result<(), StoreError> {
    let Some(copy) = log.copy.clone() else { return Ok(()) };
    let common = copy.len().await?.min(app.store.log_len(room).await?);
    if let Some(last) = common.checked_sub(1)
        && copy.read(last, 1).await? != app.store.log_entries(room, last, 1).await?
    {
        let (path, aside) = (app.logs.copy_of(room), app.logs.copy_of(room).with_extension("apart"));
        tracing::error!(%room, ?aside, "this node's copy of the journal is of another one; it is put aside");
        std::fs::rename(&path, aside)?;
        *log = app.logs.open(room)?;
        return Ok(());
    }
    while log.tree.len() < copy.len().await? {
        let lines = copy.read(log.tree.len(), READ_MAX).await?;
        log.learn(&lines).await?;
    }
    Ok(())
}

/// The secret that hides the visitors of a room's journal, the same on all nodes.
///
/// # Errors
/// When the store does not answer.
pub async fn salt(app: &App, room: &RoomId, log: &mut Log) -> Result<Hash, StoreError> {
    if let Some(salt) = log.said.salt {
        return Ok(salt);
    }
    app.store.keep_part(room, SALT.to_owned(), app.entropy.bytes::<32>().to_vec()).await?;
    let kept = app.store.part(room, SALT.to_owned()).await?.and_then(|salt| salt.try_into().ok());
    log.said.salt = kept;
    kept.ok_or_else(|| StoreError::Unavailable("the journal's salt is not kept".into()))
}

fn failed(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string())
}
