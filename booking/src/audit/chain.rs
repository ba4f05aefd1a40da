//! The chain: what is hashed, and what a checkpoint signs. Pure, so that anybody can recompute it.
//!
//! The hash of an entry is SHA-256 over the text `rushline audit 1` and a line feed, the hash of the entry before (32
//! zero bytes for the first), its number, its instant in microseconds (both 8 bytes, big-endian), the actor (16 bytes,
//! zeros for the server itself), and action, subject and detail, each behind its length in 8 bytes. The detail is JSON
//! without spaces and with its members sorted by name. Names and addresses of people are in none of them: an account
//! that is erased leaves its id, and the chain as it was.

use serde_json::Value;
use sha2::{Digest, Sha256};
use shared::clock::Ts;
use sqlx::types::Json;
use uuid::Uuid;

/// Hash of an entry, and of everything before it.
pub type Hash = [u8; 32];

/// Where the chain stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of the last sealed entry; 0 before the first.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
}

impl Head {
    /// Before the first entry.
    pub const START: Head = Head { seq: 0, hash: [0; 32] };

    /// The head after `entry`.
    pub fn and(self, entry: &Entry) -> Self {
        let seq = self.seq + 1;
        Self { seq, hash: entry.hash(seq, &self.hash) }
    }

    /// What is signed of a head at `now`.
    pub fn statement(&self, now: Ts) -> Vec<u8> {
        format!("rushline audit checkpoint 1\n{}\n{}\n{}\n", self.seq, hex(&self.hash), now.micros())
            .into_bytes()
    }
}

/// `number:hash`, as `rushline verify` prints it to be kept elsewhere.
impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.seq, hex(&self.hash))
    }
}

/// Reads what [`Head`]'s `Display` wrote.
impl std::str::FromStr for Head {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "a head of the audit log is a number, a colon and 64 hexadecimal digits, as `rushline verify` prints it";
        let (seq, hash) = text.split_once(':').ok_or(wrong)?;
        let hash = data_encoding::HEXLOWER_PERMISSIVE.decode(hash.as_bytes()).map_err(|_| wrong)?;
        Ok(Self { seq: seq.parse().map_err(|_| wrong)?, hash: hash.try_into().map_err(|_| wrong)? })
    }
}

/// What an entry says.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Entry {
    /// Its row; not hashed.
    pub id: i64,
    /// When.
    pub at: Ts,
    /// Who; `None`: the server itself.
    pub actor: Option<Uuid>,
    /// Such as `event.published`.
    pub action: String,
    /// Such as `event:12`.
    pub subject: String,
    /// Ids and figures.
    pub detail: Json<Value>,
}

impl Entry {
    /// Its hash as entry number `seq` behind one whose hash is `before`.
    pub fn hash(&self, seq: i64, before: &Hash) -> Hash {
        let mut detail = String::new();
        write_canonical(&self.detail.0, &mut detail);
        let mut hash = Sha256::new();
        hash.update(b"rushline audit 1\n");
        hash.update(before);
        hash.update(seq.to_be_bytes());
        hash.update(self.at.micros().to_be_bytes());
        hash.update(self.actor.unwrap_or_default().as_bytes());
        for text in [&self.action, &self.subject, &detail] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        hash.finalize().into()
    }
}

/// Lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn write_canonical(value: &Value, into: &mut String) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            into.push('{');
            for (at, (name, value)) in sorted.into_iter().enumerate() {
                into.push_str(if at > 0 { "," } else { "" });
                into.push_str(&Value::from(name.as_str()).to_string());
                into.push(':');
                write_canonical(value, into);
            }
            into.push('}');
        }
        Value::Array(items) => {
            into.push('[');
            for (at, item) in items.iter().enumerate() {
                into.push_str(if at > 0 { "," } else { "" });
                write_canonical(item, into);
            }
            into.push(']');
        }
        plain => into.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry() -> Entry {
        Entry {
            id: 1,
            at: Ts::from_seconds(1_800_000_000),
            actor: Some(Uuid::from_u128(7)),
            action: "event.published".into(),
            subject: "event:12".into(),
            detail: Json(json!({ "from": "draft", "a": [1, { "z": null, "b": true }] })),
        }
    }

    #[test]
    fn every_part_of_an_entry_counts_and_its_row_does_not() {
        let first = Head::START.and(&entry()).hash;
        assert_eq!(Head::START.and(&Entry { id: 2, ..entry() }).hash, first);
        let others = [
            Entry { at: Ts::from_micros(1_800_000_000_000_001), ..entry() },
            Entry { actor: None, ..entry() },
            Entry { action: "event.publishe".into(), subject: "devent:12".into(), ..entry() },
            Entry { subject: "event:13".into(), ..entry() },
            Entry { detail: Json(json!({ "from": "draft" })), ..entry() },
        ];
        assert!(others.iter().all(|other| Head::START.and(other).hash != first));
        assert_ne!(entry().hash(2, &[0; 32]), first);
        assert_ne!(entry().hash(1, &[1; 32]), first);
    }

    /// A frozen value, computed by another program: what was sealed stays verifiable by every later version.
    #[test]
    fn the_form_stays_as_it_is() {
        let mut text = String::new();
        write_canonical(&entry().detail.0, &mut text);
        assert_eq!(text, r#"{"a":[1,{"b":true,"z":null}],"from":"draft"}"#);
        assert_eq!(
            Head::START.and(&entry()).to_string(),
            "1:01f87775805c24d1d80e8ced977af46de9f27fee3aebaf6a51841bebe5238e6d"
        );
        let head = Head::START.and(&entry());
        assert_eq!(head.to_string().parse(), Ok(head));
        assert!(["", "1", "1:", "1:00", "x:00"].iter().all(|text| text.parse::<Head>().is_err()));
    }
}
