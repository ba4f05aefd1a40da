//! The journal of a room: what happened to it and to its line, for everybody to read, in a tree that only grows.
//!
//! Entries ([`entry`]) are the leaves of a Merkle tree as in Certificate Transparency; its heads are signed ([`head`]), and
//! proofs say that an entry is in it and that a later head goes on from an earlier one. Nothing can be put in, taken out,
//! moved or taken back without somebody who kept a head being able to name it ([`verify`]).
//!
//! Nobody waits for it: entries follow from what the line has done ([`jobs`]), so what a node did not write any other
//! writes later. There is one journal a room, whoever writes; the store appends to it only where the writer saw its end.

pub mod entry;
pub mod head;
pub mod jobs;
pub mod routes;
pub mod verify;
mod waits;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use data_encoding::HEXLOWER;
use shared::clock::Ts;
use shared::entropy::Entropy;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use self::entry::{Entry, Limits, What};
use crate::app::App;
use crate::eta::tally::Tally;
use crate::merkle::{Hash, Tree};
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
}

/// One room's journal as this node has read it.
#[derive(Default)]
pub struct Log {
    tree: Tree<Vec<u8>>,
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
    pub fn new(entropy: &Entropy) -> Self {
        Self { by_room: Mutex::default(), node: HEXLOWER.encode(&entropy.bytes::<8>()) }
    }

    /// The journal of a room.
    pub fn of(&self, room: &RoomId) -> Arc<tokio::sync::Mutex<Log>> {
        let mut logs: MutexGuard<'_, _> = self.by_room.lock().unwrap_or_else(PoisonError::into_inner);
        logs.entry(room.clone()).or_default().clone()
    }
}

impl Log {
    /// The tree of all entries.
    pub fn tree(&self) -> &Tree<Vec<u8>> {
        &self.tree
    }

    /// What came of the waits that all nodes have shown.
    pub fn waits(&self) -> Tally {
        let mut all = Tally::default();
        self.waits.values().for_each(|tally| all.add(tally));
        all
    }

    /// Takes in entries that follow on those it has.
    fn learn(&mut self, lines: Vec<String>) -> Result<(), StoreError> {
        for line in lines {
            let entry: Entry = serde_json::from_str(&line).map_err(|error| {
                StoreError::Unavailable(format!("the journal of a room is damaged: {error}"))
            })?;
            self.at = Some(entry.at);
            match entry.what {
                What::Begun { version, .. } | What::Gap { version, .. } => self.version = Some(version),
                What::Moved(moved) => self.version = Some(moved.version),
                What::Settings(limits) => (self.limits, self.pace) = (Some(limits), None),
                What::Pace(pace) => self.pace = Some(pace),
                What::State { state } => self.state = Some(state),
                What::Draw { step, .. } => self.draw = step,
                What::Waits(shown) => drop(self.waits.insert(shown.node, shown.tally)),
                What::Act { .. } => {}
            }
            self.tree.push(line.into_bytes());
        }
        Ok(())
    }
}

/// Writes down what an operator is about to do, before it is done.
///
/// # Errors
/// When the journal cannot be written: then it must not be done either.
pub async fn act(app: &App, room: &RoomId, act: &str, user: Uuid) -> Result<(), StoreError> {
    let log = app.logs.of(room);
    let mut log = log.lock().await;
    let salt = jobs::salt(app, room, &mut log).await?;
    let operator = entry::operator(&salt, user);
    jobs::write(app, room, &mut log, |_| vec![What::Act { act: act.to_owned(), operator: operator.clone() }])
        .await
}
