//! Signed tree heads: what a journal was at an instant. Whoever keeps one can tell later whether it still is its beginning.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::keys::{KeyRing, PublicKeys};

use crate::draw::document::{Hex, Signature};
use crate::merkle::Hash;
use crate::rooms::rules::RoomId;

/// A signed head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Head {
    /// The room.
    #[schema(value_type = String)]
    pub room: RoomId,
    /// How many entries there were.
    pub size: u64,
    /// Root of their tree (RFC 6962; a leaf is an entry's line without its line feed).
    pub root: Hex,
    /// When it was signed.
    pub at: Ts,
    /// [`statement`](Self::statement), signed.
    pub signed: Signature,
}

impl Head {
    /// Signs a head.
    ///
    /// # Errors
    /// When the ring is empty, which it never is in a running server.
    pub fn sign(room: &RoomId, size: u64, root: Hash, at: Ts, keys: &KeyRing) -> anyhow::Result<Self> {
        let signed = Signature::of(&Self::statement(room, size, &root, at), keys)?;
        Ok(Self { room: room.clone(), size, root: Hex(root), at, signed })
    }

    /// What is signed: one value a line.
    fn statement(room: &RoomId, size: u64, root: &Hash, at: Ts) -> String {
        format!("rushline journal head 1\n{room}\n{size}\n{}\n{}\n", Hex(*root), at.micros())
    }

    /// Whether one of the keys has signed it.
    pub fn is_signed_by(&self, keys: &PublicKeys) -> bool {
        let statement = Self::statement(&self.room, self.size, &self.root.0, self.at);
        let signature = data_encoding::HEXLOWER.decode(self.signed.signature.as_bytes()).unwrap_or_default();
        keys.verify_bytes(&self.signed.kid, statement.as_bytes(), &signature)
    }
}
