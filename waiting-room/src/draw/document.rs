//! What is published of a draw, and what of it is signed.
//!
//! Three statements follow one another, each signed with a key of the journal ring and each complete only with those
//! before it: the commitment, the list with the beacon's round to come, the outcome. A statement is text, one value a
//! line, instants in microseconds since 1970 UTC and bytes in lower-case hexadecimal.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::keys::KeyRing;

use super::beacon::Plan;
use crate::merkle::Hash;
use crate::rooms::rules::RoomId;

/// `format` of a document of this version.
pub const FORMAT: &str = "rushline draw 1";

/// A hash or key in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hex(pub Hash);

impl std::fmt::Display for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        hash_of(&text).map(Self).ok_or_else(|| serde::de::Error::custom("not 64 hexadecimal digits"))
    }
}

impl utoipa::PartialSchema for Hex {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

impl utoipa::ToSchema for Hex {}

/// 32 bytes from 64 lower-case hexadecimal digits.
pub fn hash_of(text: &str) -> Option<Hash> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// A signature of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Signature {
    /// Which key of the journal ring.
    pub kid: String,
    /// 64 bytes of Ed25519 in hexadecimal.
    pub signature: String,
}

impl Signature {
    /// Signs a statement with the newest key.
    ///
    /// # Errors
    /// When the ring is empty, which it never is in a running server.
    pub fn of(statement: &str, keys: &KeyRing) -> anyhow::Result<Self> {
        let (kid, signature) = keys.sign_bytes(statement.as_bytes())?;
        Ok(Self { kid, signature: HEXLOWER.encode(&signature) })
    }
}

/// Everything published of one room's draw; it grows step by step and changes nothing it has said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DrawDocument {
    /// [`FORMAT`].
    pub format: String,
    /// The room.
    #[schema(value_type = String)]
    pub room: RoomId,
    /// Generation of the line, part of the commitment.
    pub epoch: i64,
    /// Before anybody joined.
    pub commitment: Commitment,
    /// Once the lobby was closed.
    pub list: Option<Listing>,
    /// Once it was drawn.
    pub outcome: Option<Outcome>,
}

/// The commitment to a secret seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Commitment {
    /// [`super::rules::commitment`].
    pub hash: Hex,
    /// When it was made.
    pub at: Ts,
    /// When the first could join.
    pub lobby_at: Ts,
    /// [`DrawDocument::committed`], signed.
    pub signed: Signature,
}

/// The closed lobby, and which randomness will decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Listing {
    /// Root of the tree of the list.
    pub root: Hex,
    /// How many are in it.
    pub size: u64,
    /// When the lobby was closed.
    pub closed_at: Ts,
    /// When the list was settled.
    pub at: Ts,
    /// Where the randomness comes from.
    pub beacon: Plan,
    /// [`DrawDocument::listed`], signed.
    pub signed: Signature,
}

/// Seed, randomness and result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Outcome {
    /// The seed that was committed to.
    pub seed: Hex,
    /// The beacon's randomness; none without a beacon, or when it was silent.
    pub randomness: Option<Hex>,
    /// drand's signature of the round, in hexadecimal.
    pub beacon_signature: Option<String>,
    /// Why there is no randomness although a beacon was announced.
    pub fallback: Option<String>,
    /// [`super::rules::order_hash`].
    pub order_hash: Hex,
    /// When it was drawn.
    pub at: Ts,
    /// [`DrawDocument::drawn`], signed.
    pub signed: Signature,
}

impl DrawDocument {
    /// The statement of the commitment.
    pub fn committed(room: &RoomId, epoch: i64, hash: &Hash, at: Ts, lobby_at: Ts) -> String {
        let (at, lobby_at) = (at.micros(), lobby_at.micros());
        format!("rushline draw commitment 1\n{room}\n{epoch}\n{}\n{at}\n{lobby_at}\n", Hex(*hash))
    }

    /// The statement of the list.
    pub fn listed(&self, root: &Hash, size: u64, closed_at: Ts, at: Ts, beacon: &Plan) -> String {
        let Self { room, epoch, commitment, .. } = self;
        let (root, closed_at, at) = (Hex(*root), closed_at.micros(), at.micros());
        format!(
            "rushline draw list 1\n{room}\n{epoch}\n{}\n{root}\n{size}\n{closed_at}\n{at}\n{beacon}\n",
            commitment.hash
        )
    }

    /// The statement of the outcome; `None` before there is a list.
    pub fn drawn(&self, outcome: &Outcome) -> Option<String> {
        let Self { room, epoch, list, .. } = self;
        let root = list.as_ref()?.root;
        let Outcome { seed, randomness, fallback, order_hash, at, .. } = outcome;
        let randomness = randomness.map_or_else(|| "-".to_owned(), |randomness| randomness.to_string());
        let fallback = fallback.as_deref().unwrap_or("-");
        let at = at.micros();
        Some(format!(
            "rushline draw outcome 1\n{room}\n{epoch}\n{root}\n{seed}\n{randomness}\n{fallback}\n{order_hash}\n{at}\n"
        ))
    }

    /// What a reader must know about how strong this draw is, in plain sentences.
    pub fn weaker(&self) -> Vec<String> {
        let mut said = Vec::new();
        match self.list.as_ref().map(|list| &list.beacon) {
            Some(Plan::None) => said.push(
                "There was no public randomness: the operator alone knew the seed and could have tried many of them \
                 once the list was known, or joined with many places and chosen a seed that suits them."
                    .to_owned(),
            ),
            Some(Plan::File) => said.push(
                "The randomness came from a file of the operator: this is an exercise, and proves no more than a draw \
                 without a beacon."
                    .to_owned(),
            ),
            Some(Plan::Drand { .. }) | None => {}
        }
        if let Some(fallback) = self.outcome.as_ref().and_then(|outcome| outcome.fallback.as_ref()) {
            said.push(format!(
                "The announced randomness was not used ({fallback}): the seed alone decided, which the operator knew."
            ));
        }
        said
    }
}

/// What the nodes keep of a draw besides what is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What is published.
    pub document: DrawDocument,
    /// Secret until the outcome is published.
    pub seed: Hex,
    /// Secret for ever; each visitor is told the salt of her own place.
    pub salt: Hex,
}
