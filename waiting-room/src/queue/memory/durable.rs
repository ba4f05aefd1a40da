//! What is told without looking at the lines: settings, and how far each line has come, as the disk has them.
//!
//! Whoever asks neither waits for the disk nor for the thread that changes lines, which holds them while it applies a batch.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::lines::Lines;
use crate::queue::line::Line;
use crate::queue::{AtHand, Epoch, StoreError};
use crate::rooms::rules::{Room, RoomId};

/// What the disk has of all rooms.
pub(super) struct Durable {
    epoch: Epoch,
    rooms: RwLock<BTreeMap<RoomId, OfRoom>>,
}

struct OfRoom {
    settings: Arc<Room>,
    version: AtomicU64,
}

/// What a batch has changed of it, to be told once the disk has the batch.
pub(super) struct News {
    versions: Vec<(RoomId, u64)>,
    settings: Vec<Arc<Room>>,
}

impl News {
    /// What the batch that was applied last has changed.
    pub(super) fn of(lines: &Lines, has_changed_rooms: bool) -> Self {
        let versions = lines.versions_before.keys();
        let versions = versions.filter_map(|id| Some((id.clone(), lines.by_room.get(id)?.version())));
        let rooms = lines.by_room.values().filter(|_| has_changed_rooms);
        Self {
            versions: versions.collect(),
            settings: rooms.map(|line| Arc::new(line.room().clone())).collect(),
        }
    }
}

impl Durable {
    /// All there is in lines that the disk has as they are.
    pub(super) fn of(lines: &Lines) -> Self {
        Self { epoch: lines.epoch, rooms: RwLock::new(by_room(lines)) }
    }

    /// The same, where the lines were read from the disk again.
    pub(super) fn read_again(&self, lines: &Lines) {
        *self.rooms.write().unwrap_or_else(PoisonError::into_inner) = by_room(lines);
    }

    /// The disk has these.
    pub(super) fn take_in(&self, news: News) {
        if !news.settings.is_empty() {
            let mut rooms = self.rooms.write().unwrap_or_else(PoisonError::into_inner);
            for settings in news.settings {
                let known = rooms.get(&settings.id).map_or(0, |of| of.version.load(Ordering::Acquire));
                rooms.insert(settings.id.clone(), OfRoom { settings, version: AtomicU64::new(known) });
            }
        }
        let rooms = self.rooms.read().unwrap_or_else(PoisonError::into_inner);
        for (id, version) in news.versions {
            if let Some(of) = rooms.get(&id) {
                of.version.store(version, Ordering::Release);
            }
        }
    }

    /// One room.
    pub(super) fn room(&self, id: &RoomId) -> Result<AtHand, StoreError> {
        let rooms = self.rooms.read().unwrap_or_else(PoisonError::into_inner);
        let of = rooms.get(id).ok_or(StoreError::NoRoom)?;
        let version = of.version.load(Ordering::Acquire);
        Ok(AtHand { room: of.settings.clone(), epoch: self.epoch, version })
    }

    /// The settings of all rooms, by id.
    pub(super) fn rooms(&self) -> Vec<Room> {
        let rooms = self.rooms.read().unwrap_or_else(PoisonError::into_inner);
        rooms.values().map(|of| Room::clone(&of.settings)).collect()
    }
}

fn by_room(lines: &Lines) -> BTreeMap<RoomId, OfRoom> {
    let of_room = |(id, line): (&RoomId, &Line)| {
        let settings = Arc::new(line.room().clone());
        (id.clone(), OfRoom { settings, version: AtomicU64::new(line.version()) })
    };
    lines.by_room.iter().map(of_room).collect()
}
