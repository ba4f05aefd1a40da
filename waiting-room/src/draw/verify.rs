//! `rushline verify-draw`: recomputes a draw from what was published, and names everything that does not fit.
//!
//! It reads three files, from a folder or from the server: `draw` (or `draw.json`), `list` (or `list.ndjson`) and `keys`
//! (or `keys.json`). It needs nothing else, and no server that is still there.

use std::collections::HashSet;
use std::path::Path;

use data_encoding::HEXLOWER;
use serde::Deserialize;
use shared::keys::{JwkSet, PublicKeys};

use super::beacon::{self, Plan};
use super::document::{DrawDocument, FORMAT, Hex, Listing, Outcome, Signature, hash_of};
use super::rules::{self, Entry};

/// The files of a draw.
#[derive(Debug, Clone)]
pub struct Published {
    /// The document.
    pub document: DrawDocument,
    /// The list.
    pub list: Vec<Entry>,
    /// The journal's public keys.
    pub keys: JwkSet,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What does not fit: a stable name and a sentence.
    pub broken: Vec<(&'static str, String)>,
    /// What was checked and holds.
    pub holds: Vec<String>,
    /// What makes the draw weaker than it could be.
    pub weaker: Vec<String>,
}

#[derive(Deserialize)]
struct Line {
    n: u64,
    h: String,
}

/// Reads the files of a draw from a folder, or from `https://…/api/v1/rooms/{room}`.
///
/// # Errors
/// When one is missing or cannot be read; the message names it.
pub async fn read(from: &str) -> anyhow::Result<Published> {
    let text = async |name: &str, file: &str, path: &str| -> anyhow::Result<String> {
        if from.starts_with("http://") || from.starts_with("https://") {
            let url = format!("{}/{path}", from.trim_end_matches('/'));
            let answer = reqwest::get(&url).await?.error_for_status()?;
            return Ok(answer.text().await?);
        }
        tokio::fs::read_to_string(Path::new(from).join(file))
            .await
            .map_err(|error| anyhow::anyhow!("the {name} cannot be read ({file} in {from}): {error}"))
    };
    let document = text("draw", "draw.json", "draw").await?;
    let list = text("list", "list.ndjson", "draw/list").await?;
    let keys = text("keys", "keys.json", "keys").await?;
    parse(&document, &list, &keys)
}

/// Takes the files apart.
///
/// # Errors
/// When one is not of its form; the message says which and where.
pub fn parse(document: &str, list: &str, keys: &str) -> anyhow::Result<Published> {
    let document: DrawDocument =
        serde_json::from_str(document).map_err(|error| anyhow::anyhow!("the draw's document: {error}"))?;
    let entry = |line: &str| {
        let line: Line = serde_json::from_str(line).ok()?;
        Some(Entry { number: line.n, hash: hash_of(&line.h)? })
    };
    let list = (1..)
        .zip(list.lines())
        .map(|(at, line)| {
            entry(line).ok_or_else(|| anyhow::anyhow!("line {at} of the list is not of its form"))
        })
        .collect::<anyhow::Result<_>>()?;
    let keys = serde_json::from_str(keys).map_err(|error| anyhow::anyhow!("the keys: {error}"))?;
    Ok(Published { document, list, keys })
}

/// Recomputes everything.
pub fn verify(published: Published) -> Verdict {
    let Published { document, list, keys } = published;
    let keys = PublicKeys::from_jwks(keys);
    let mut verdict = Verdict { weaker: document.weaker(), ..Verdict::default() };
    verdict.check("format", document.format == FORMAT, || {
        format!("this is “{}”, not “{FORMAT}”", document.format)
    });
    let commitment = &document.commitment;
    verdict.signed(
        &keys,
        "commitment-signature",
        &commitment.signed,
        &DrawDocument::committed(
            &document.room,
            document.epoch,
            &commitment.hash.0,
            commitment.at,
            commitment.lobby_at,
        ),
    );
    verdict.check("commitment-late", commitment.at < commitment.lobby_at, || {
        format!(
            "the seed was committed to at {}, when people could join since {}",
            commitment.at, commitment.lobby_at
        )
    });
    let Some(listing) = &document.list else {
        verdict.weaker.push("There is no list yet: the lobby is still open.".into());
        return verdict;
    };
    verdict.list(&document, listing, &list, &keys);
    let Some(outcome) = &document.outcome else {
        verdict.weaker.push("There is no outcome yet: the randomness is still to come.".into());
        return verdict;
    };
    verdict.beacon(listing, outcome);
    verdict.outcome(&document, outcome, &list, &keys);
    verdict
}

impl Verdict {
    /// Notes one check.
    pub(crate) fn check(&mut self, name: &'static str, holds: bool, otherwise: impl FnOnce() -> String) {
        if holds {
            self.holds.push(name.to_owned());
        } else {
            self.broken.push((name, otherwise()));
        }
    }

    fn signed(&mut self, keys: &PublicKeys, name: &'static str, signature: &Signature, statement: &str) {
        let bytes = HEXLOWER.decode(signature.signature.as_bytes()).unwrap_or_default();
        let holds = keys.verify_bytes(&signature.kid, statement.as_bytes(), &bytes);
        self.check(name, holds, || format!("key {} has not signed this statement", signature.kid));
    }

    fn list(&mut self, document: &DrawDocument, listing: &Listing, list: &[Entry], keys: &PublicKeys) {
        self.check("list-size", list.len() as u64 == listing.size, || {
            format!("{} were published, the list has {}", listing.size, list.len())
        });
        let out_of_order = list.windows(2).find(|pair| pair[0].number >= pair[1].number);
        self.check("list-order", out_of_order.is_none(), || {
            let numbers = out_of_order.map(|pair| (pair[0].number, pair[1].number)).unwrap_or_default();
            format!("number {} stands before number {}", numbers.0, numbers.1)
        });
        let mut seen = HashSet::new();
        let twice = list.iter().find(|entry| !seen.insert(entry.hash));
        self.check("list-once", twice.is_none(), || {
            format!("number {} is a place that is in the list before", twice.map_or(0, |entry| entry.number))
        });
        let root = rules::tree(list).root();
        self.check("list-root", root == listing.root.0, || {
            format!("the list has the root {}, published was {}", Hex(root), listing.root)
        });
        let statement =
            document.listed(&listing.root.0, listing.size, listing.closed_at, listing.at, &listing.beacon);
        self.signed(keys, "list-signature", &listing.signed, &statement);
    }

    fn beacon(&mut self, listing: &Listing, outcome: &Outcome) {
        if outcome.fallback.is_some() || matches!(listing.beacon, Plan::None) {
            self.check("beacon-unused", outcome.randomness.is_none(), || {
                "there is randomness although none was used".into()
            });
            return;
        }
        let Plan::Drand { chain, round } = &listing.beacon else { return };
        let due = beacon::round_after(listing.at + beacon::LEAD);
        self.check("beacon-round", chain == beacon::CHAIN && *round == due, || {
            format!("round {round} was announced; the first one after the list was published is {due}")
        });
        let said =
            outcome.beacon_signature.as_deref().and_then(|signature| beacon::verified(*round, signature));
        self.check("beacon-signature", said.is_some(), || {
            format!("this is not drand's signature of round {round}")
        });
        let stated = outcome.randomness.map(|randomness| randomness.0);
        let hashed =
            outcome.beacon_signature.as_deref().and_then(|text| HEXLOWER.decode(text.as_bytes()).ok());
        let hashed = hashed.map(|signature| crate::merkle::sha256(&[&signature]));
        self.check("beacon-randomness", stated.is_some() && stated == hashed, || {
            "the randomness is not the hash of the signature".into()
        });
    }

    fn outcome(&mut self, document: &DrawDocument, outcome: &Outcome, list: &[Entry], keys: &PublicKeys) {
        let committed = rules::commitment(&outcome.seed.0, &document.room, document.epoch);
        self.check("seed", committed == document.commitment.hash.0, || {
            "the seed is not the one that was committed to".into()
        });
        let order = super::list::order(&document.room, document, list).unwrap_or_default();
        let order_hash = rules::order_hash(list, &order);
        self.check("order", order_hash == outcome.order_hash.0, || {
            format!("the order has the fingerprint {}, published was {}", Hex(order_hash), outcome.order_hash)
        });
        let statement = document.drawn(outcome).unwrap_or_default();
        self.signed(keys, "outcome-signature", &outcome.signed, &statement);
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for name in &self.holds {
            writeln!(f, "holds   {name}")?;
        }
        for said in &self.weaker {
            writeln!(f, "weaker  {said}")?;
        }
        for (name, said) in &self.broken {
            writeln!(f, "BROKEN  {name}: {said}")?;
        }
        Ok(())
    }
}
