//! The list of a lobby and the order drawn from it, as a node holds them.

use std::sync::OnceLock;

use uuid::Uuid;

use super::document::{DrawDocument, Hex, Note};
use super::rules::{self, Entry, LEAF};
use crate::merkle::{Hash, Tree};
use crate::queue::{Lobbyist, Seating};
use crate::rooms::rules::RoomId;

/// Members of the lobby in one part of the list, as it is kept in the store.
const PART: usize = 4096;
/// Bytes of one member: number and place.
const MEMBER: usize = 8 + 16;

/// A list as the store keeps it, in parts.
pub fn parts(lobby: &[Lobbyist]) -> impl Iterator<Item = (u64, Vec<u8>)> + '_ {
    let pack = |members: &[Lobbyist]| -> Vec<u8> {
        members
            .iter()
            .flat_map(|one| one.number.to_be_bytes().into_iter().chain(*one.place.as_bytes()))
            .collect()
    };
    (0..).zip(lobby.chunks(PART)).map(move |(part, members)| (part, pack(members)))
}

/// How many parts a list of `size` has.
pub fn count_of(size: u64) -> u64 {
    size.div_ceil(PART as u64)
}

/// The name of a part of the list with this root.
pub fn name_of(root: &Hash, part: u64) -> String {
    format!("{}-{part}", Hex(*root))
}

/// The members in one part; empty when the bytes are not a part.
pub fn members(part: &[u8]) -> Vec<Lobbyist> {
    let member = |bytes: &[u8]| {
        let (number, place) = bytes.split_at(8);
        Some(Lobbyist {
            number: u64::from_be_bytes(number.try_into().ok()?),
            place: Uuid::from_slice(place).ok()?,
        })
    };
    part.chunks_exact(MEMBER).filter_map(member).collect()
}

/// The list as it is published.
pub fn entries(lobby: &[Lobbyist], salt: &Hash) -> Vec<Entry> {
    let entry = |one: &Lobbyist| Entry {
        number: one.number,
        hash: rules::place_hash(one.place, &rules::place_salt(salt, one.place)),
    };
    lobby.iter().map(entry).collect()
}

/// A drawn order: who was in the lobby, and which rank each has.
pub struct Drawn {
    /// What the nodes keep of the draw.
    pub note: Note,
    /// The numbers that were drawn begin here.
    pub lobby_end: u64,
    /// Who was in the lobby, by number.
    pub lobby: Vec<Lobbyist>,
    /// The list, in the same order.
    pub list: Vec<Entry>,
    /// Rank of each, in the same order, from 1.
    ranks: Vec<u32>,
    tree: OnceLock<Tree<[u8; LEAF]>>,
}

/// What proves one place's rank.
pub struct Proof {
    /// Index in the list.
    pub index: u64,
    /// The entry at it.
    pub entry: Entry,
    /// The way from the entry to the root.
    pub path: Vec<Hash>,
    /// The rank.
    pub rank: u32,
}

impl Drawn {
    /// The order of a lobby; `order` are indexes into it ([`rules::order`]).
    pub fn new(note: Note, lobby_end: u64, lobby: Vec<Lobbyist>, list: Vec<Entry>, order: &[u32]) -> Self {
        let mut ranks = vec![0; lobby.len()];
        for (rank, index) in (1u32..).zip(order) {
            ranks[*index as usize] = rank;
        }
        Self { note, lobby_end, lobby, list, ranks, tree: OnceLock::new() }
    }

    /// The document this is of.
    pub fn document(&self) -> &DrawDocument {
        &self.note.document
    }

    /// The drawn number of somebody with this number in the lobby; any other number is itself.
    pub fn number_of(&self, number: u64) -> u64 {
        match self.lobby.binary_search_by_key(&number, |one| one.number) {
            Ok(index) if number < self.lobby_end => self.number_at(index),
            _ => number,
        }
    }

    /// Everybody's drawn number.
    pub fn seats(&self) -> impl Iterator<Item = Seating> + '_ {
        (0..).zip(&self.lobby).map(|(index, one)| Seating { place: one.place, number: self.number_at(index) })
    }

    fn number_at(&self, index: usize) -> u64 {
        self.lobby_end - 1 + u64::from(self.ranks[index])
    }

    /// The proof of a place's rank; `None` when it was not in the lobby. The first takes a second for a million.
    pub fn proof(&self, place: Uuid) -> Option<Proof> {
        let index = self.lobby.iter().position(|one| one.place == place)?;
        let tree = self.tree.get_or_init(|| rules::tree(&self.list));
        let path = tree.inclusion(index as u64)?;
        Some(Proof { index: index as u64, entry: self.list[index], path, rank: self.ranks[index] })
    }
}

/// The order of a list by its outcome; `None` before there is one.
pub fn order(room: &RoomId, document: &DrawDocument, list: &[Entry]) -> Option<Vec<u32>> {
    let (listing, outcome) = (document.list.as_ref()?, document.outcome.as_ref()?);
    let randomness = outcome.randomness.as_ref().map(|randomness| &randomness.0);
    let key = rules::order_key(&outcome.seed.0, randomness, &listing.root.0);
    Some(rules::order(&key, room, list))
}
