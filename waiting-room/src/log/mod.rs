//! The journal of a room: what happened to it and to its line, for everybody to read, in a tree that only grows.
//!
//! Entries ([`entry`]) are the leaves of a Merkle tree as in Certificate Transparency; its heads are signed ([`head`]), and
//! proofs say that an entry is in it and that a later head goes on from an earlier one. Nothing can be put in, taken out,
//! moved or taken back without somebody who kept a head being able to name it ([`verify`]).
//!
//! A node has its hashes in a file, where the lines are in Redis also a copy of all entries, and nothing of them in memory: the copy
//! gives Redis back what it has lost, also after every node has restarted. Both are in the folder `journals`.
//!
//! Nobody waits for it: entries follow from what the line has done ([`jobs`]), so what a node did not write any other
//! writes later. There is one journal a room, whoever writes; the store appends to it only where the writer saw its end.

mod copy;
pub mod entry;
pub mod head;
pub mod jobs;
pub mod routes;
pub mod verify;
mod waits;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use data_encoding::HEXLOWER;
use secrecy::ExposeSecret;
use shared::clock::Ts;
use shared::config::Settings;
use shared::entropy::Entropy;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use self::copy::Copy;
use self::entry::{Entry, Limits, What};
use crate::app::App;
use crate::eta::tally::Tally;
use crate::merkle::Hash;
use crate::merkle::stored::StoredTree;
use crate::queue::{DrawStep, StoreError};
use crate::rooms::rules::{RoomId, RoomState};
use crate::rooms::steering::Pace;

/// The routes of the journal.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::journal_head))
        .routes(routes!(routes::journal_entries))
        .routes(routes!(routes::journal_inclusion))
        .routes(routes!(routes::journal_consistency))
}

/// The journals as this node has read them.
pub struct Logs {
    by_room: Mutex<HashMap<RoomId, Arc<tokio::sync::Mutex<Log>>>>,
    /// This node, from its start to its end, as its journals name it.
    node: String,
    /// Where the files are.
    folder: PathBuf,
    /// Whether the store is elsewhere, so that this node keeps a copy of the entries.
    keeps_copies: bool,
}

/// One room's journal as this node has read it.
pub struct Log {
    tree: StoredTree,
    /// This node's copy of the entries, if it keeps one.
    copy: Option<Copy>,
    /// Whether the copy is known to be the beginning of what the store has, or the other way round.
    is_compared: bool,
    said: Said,
}

/// What the entries say.
#[derive(Default)]
struct Said {
    /// Version of the line up to which it is written.
    version: Option<u64>,
    limits: Option<Limits>,
    /// Rate and cap in force, once they are not what the settings say.
    pace: Option<Pace>,
    state: Option<RoomState>,
    draw: DrawStep,
    salt: Option<Hash>,
    /// When the last entry was written.
    at: Option<Ts>,
    /// What came of the waits that were shown, node by node.
    waits: BTreeMap<String, Tally>,
    /// When this node last wrote what came of its own.
    waits_told_at: Option<Ts>,
}

impl Logs {
    /// Those of a node that starts.
    pub fn new(entropy: &Entropy, settings: &Settings) -> Self {
        Self {
            by_room: Mutex::default(),
            node: HEXLOWER.encode(&entropy.bytes::<8>()),
            folder: settings.data_dir.join("journals"),
            keeps_copies: !settings.redis_url.expose_secret().is_empty(),
        }
    }

    /// The journal of a room.
    ///
    /// # Errors
    /// When its files cannot be opened.
    pub fn of(&self, room: &RoomId) -> Result<Arc<tokio::sync::Mutex<Log>>, StoreError> {
        let mut logs: MutexGuard<'_, _> = self.by_room.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(log) = logs.get(room) {
            return Ok(log.clone());
        }
        let log = Arc::new(tokio::sync::Mutex::new(self.open(room)?));
        logs.insert(room.clone(), log.clone());
        Ok(log)
    }

    fn open(&self, room: &RoomId) -> io::Result<Log> {
        let copy = self.keeps_copies.then(|| Copy::open(&self.copy_of(room))).transpose()?;
        let tree = StoredTree::create(&self.folder.join(format!("{room}.tree")))?;
        Ok(Log { tree, copy, is_compared: false, said: Said::default() })
    }

    fn copy_of(&self, room: &RoomId) -> PathBuf {
        self.folder.join(format!("{room}.copy"))
    }
}

impl Log {
    /// The tree of all entries.
    pub fn tree(&self) -> &StoredTree {
        &self.tree
    }

    /// What came of the waits that all nodes have shown.
    pub fn waits(&self) -> Tally {
        let mut all = Tally::default();
        self.said.waits.values().for_each(|tally| all.add(tally));
        all
    }

    /// Takes in entries that follow on those it has.
    async fn learn(&mut self, lines: &[String]) -> Result<(), StoreError> {
        let damaged = |error| StoreError::Unavailable(format!("the journal of a room is damaged: {error}"));
        let entries: Vec<Entry> = lines
            .iter()
            .map(|line| serde_json::from_str(line))
            .collect::<Result<_, serde_json::Error>>()
            .map_err(damaged)?;
        if let Some(copy) = &self.copy {
            copy.take(self.tree.len(), lines.to_vec()).await?;
        }
        // Not synced, and computed anew at each start: this reaches the page cache only.
        self.tree.extend(lines.iter().map(String::as_bytes))?;
        entries.into_iter().for_each(|entry| self.said.hear(entry));
        Ok(())
    }
}

impl Said {
    /// One more entry. What a newer node says in a way that is not known here is kept like any other entry, and means nothing.
    fn hear(&mut self, entry: Entry) {
        self.at = Some(entry.at);
        match entry.what {
            What::Begun { version, .. } | What::Gap { version, .. } => self.version = Some(version),
            What::Moved(moved) => self.version = Some(moved.version),
            What::Settings(limits) => (self.limits, self.pace) = (Some(limits), None),
            What::Pace(pace) => self.pace = Some(pace),
            What::State { state } => self.state = Some(state),
            What::Draw { step, .. } => self.draw = step,
            What::Waits(shown) => drop(self.waits.insert(shown.node, shown.tally)),
            What::Act { .. } | What::Unknown => {}
        }
    }
}

/// Writes down what an operator is about to do, before it is done; that a room was made, right after, for its journal is made with it.
///
/// # Errors
/// When the journal cannot be written: then it must not be done either.
pub async fn act(app: &App, room: &RoomId, act: &str, user: Uuid) -> Result<(), StoreError> {
    let log = app.logs.of(room)?;
    let mut log = log.lock().await;
    // A room that is made anew after a loss has a past.
    jobs::read(app, room, &mut log).await?;
    let salt = jobs::salt(app, room, &mut log).await?;
    let operator = entry::operator(&salt, user);
    jobs::write(app, room, &mut log, |_| vec![What::Act { act: act.to_owned(), operator: operator.clone() }])
        .await
}
