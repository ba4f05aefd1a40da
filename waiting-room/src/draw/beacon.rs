//! Public randomness: a port with three plugs.
//!
//! *drand* (quicknet, one round every three seconds): a signature by a threshold of independent organisations, which
//! nobody can know before its time. *A file*, for exercises. *None*: the draw then says what that makes weaker.
//! A round is fixed when the list is published, and it is the first that begins [`LEAD`] later; its signature is
//! verified against the network's public key, so the address it was fetched from is not trusted.

use std::fmt;
use std::path::PathBuf;

use blst::BLST_ERROR;
use blst::min_sig::{PublicKey, Signature};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::config::WaitingRoom;
use shared::peer::Peer;
use time::Duration;

use super::document::hash_of;
use crate::merkle::{Hash, sha256};

/// The list is public this long before the round that decides begins.
pub const LEAD: Duration = Duration::seconds(5);

/// drand's network “quicknet”: hash of its chain, public key (a point of G2), first round and distance of rounds.
pub const CHAIN: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";
const PUBLIC_KEY: &str = "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a";
const GENESIS_S: i64 = 1_692_803_367;
const PERIOD_S: i64 = 3;
/// Domain of its signatures (RFC 9380, on G1).
const DOMAIN: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/// Which randomness will decide; published with the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Plan {
    /// A round of drand.
    Drand {
        /// Hash of its chain.
        chain: String,
        /// The round.
        round: u64,
    },
    /// A file of the operator.
    File,
    /// None: the seed alone decides.
    None,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Plan::Drand { chain, round } => write!(f, "drand {chain} {round}"),
            Plan::File => f.write_str("file"),
            Plan::None => f.write_str("none"),
        }
    }
}

/// What a beacon said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The randomness.
    pub randomness: Hash,
    /// drand's signature, in hexadecimal.
    pub signature: Option<String>,
}

/// A source of public randomness.
pub enum Beacon {
    /// drand over HTTP; the first address that answers counts.
    Drand(Vec<Peer>),
    /// A file with 64 hexadecimal digits.
    File(PathBuf),
    /// None.
    None,
}

/// The file of a round, as drand's HTTP addresses give it.
#[derive(Deserialize)]
struct Round {
    round: u64,
    signature: String,
}

impl Beacon {
    /// The beacon of these settings.
    ///
    /// # Errors
    /// When an address is not one.
    pub fn open(settings: &WaitingRoom) -> anyhow::Result<Self> {
        Ok(match settings.draw_beacon.as_str() {
            "drand" => {
                let peers = settings.draw_beacon_urls.iter().map(|url| Peer::http(url));
                Self::Drand(peers.collect::<anyhow::Result<_>>()?)
            }
            "none" => Self::None,
            other => Self::File(other.trim_start_matches("file:").into()),
        })
    }

    /// Which randomness decides about a list published at `now`.
    pub fn plan(&self, now: Ts) -> Plan {
        match self {
            Self::Drand(_) => Plan::Drand { chain: CHAIN.to_owned(), round: round_after(now + LEAD) },
            Self::File(_) => Plan::File,
            Self::None => Plan::None,
        }
    }

    /// What the beacon says for `plan`; `None` as long as it says nothing that holds.
    pub async fn ask(&self, plan: &Plan) -> Option<Spoken> {
        match (self, plan) {
            (Self::Drand(peers), Plan::Drand { chain, round }) => {
                for peer in peers {
                    let answer = peer.get_json::<Round>(&format!("/{chain}/public/{round}")).await;
                    match answer {
                        Ok(said) if said.round == *round => {
                            if let Some(randomness) = verified(*round, &said.signature) {
                                return Some(Spoken { randomness, signature: Some(said.signature) });
                            }
                            tracing::error!(
                                round,
                                "a drand address answered a round whose signature is not drand's"
                            );
                        }
                        Ok(_) => {}
                        Err(error) => tracing::debug!(%error, round, "a drand address did not answer"),
                    }
                }
                None
            }
            (Self::File(path), Plan::File) => {
                let text = tokio::fs::read_to_string(path).await.ok()?;
                Some(Spoken { randomness: hash_of(text.trim())?, signature: None })
            }
            _ => None,
        }
    }
}

/// The first round that begins after `at`.
pub fn round_after(at: Ts) -> u64 {
    ((at.seconds() - GENESIS_S).max(0) / PERIOD_S + 2) as u64
}

/// When a round begins.
pub fn begins(round: u64) -> Ts {
    Ts::from_seconds(GENESIS_S.saturating_add((round as i64).saturating_sub(1).saturating_mul(PERIOD_S)))
}

/// The randomness of a round: SHA-256 of its signature, if that is the network's. A signature is unique, so a round has
/// one randomness.
pub fn verified(round: u64, signature: &str) -> Option<Hash> {
    let signature = HEXLOWER.decode(signature.as_bytes()).ok()?;
    let key = PublicKey::from_bytes(&HEXLOWER.decode(PUBLIC_KEY.as_bytes()).ok()?).ok()?;
    let point = Signature::from_bytes(&signature).ok()?;
    let message = sha256(&[&round.to_be_bytes()]);
    let holds = point.verify(true, &message, DOMAIN, &[], &key, true) == BLST_ERROR::BLST_SUCCESS;
    holds.then(|| sha256(&[&signature]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounds of quicknet as the network published them.
    const RECORDED: [(u64, &str); 2] = [
        (
            123,
            "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92",
        ),
        (
            1000,
            "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
        ),
    ];

    #[test]
    fn recorded_rounds_verify_and_no_other_round_has_their_signature() {
        for (round, signature) in RECORDED {
            assert!(verified(round, signature).is_some());
            assert_eq!(verified(round + 1, signature), None);
        }
        let randomness = verified(1000, RECORDED[1].1).map(|hash| HEXLOWER.encode(&hash));
        assert_eq!(
            randomness.as_deref(),
            Some("fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd")
        );
        assert_eq!(verified(1000, "nonsense"), None);
        assert_eq!(verified(1000, &"00".repeat(48)), None);
    }

    #[test]
    fn the_round_that_decides_begins_after_the_instant() {
        for seconds in 0..10 {
            let at = Ts::from_seconds(1_800_000_000 + seconds);
            let round = round_after(at);
            assert!(begins(round) > at && begins(round - 1) <= at);
        }
    }
}
