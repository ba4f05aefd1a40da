//! `rushline verify-log`: whether a journal is what its signed heads say, and what exactly is wrong if not.
//!
//! It reads `entries.ndjson`, `head.json` and `keys.json` from a folder, or the same from the server; in a folder,
//! `heads.ndjson` may hold further heads that somebody kept, one a line. A head kept elsewhere is what makes a journal that
//! was taken back or told differently to different people come to light.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use shared::keys::{JwkSet, PublicKeys};

use super::entry::{Entry, Limits, Moved, What};
use super::head::Head;
use crate::draw::verify::Verdict;
use crate::eta::tally::Tally;
use crate::merkle::Tree;

/// Entries asked for at a time; the server gives as many.
const PAGE: usize = 1000;

/// A journal as it was published.
#[derive(Debug, Clone)]
pub struct Published {
    /// Its lines, without their line feeds.
    pub lines: Vec<String>,
    /// Its heads, the newest last.
    pub heads: Vec<Head>,
    /// The public keys.
    pub keys: JwkSet,
}

/// Reads a journal from a folder, or from `https://…/api/v1/rooms/{room}`.
///
/// # Errors
/// When a file is missing or not of its form; the message names it.
pub async fn read(from: &str) -> anyhow::Result<Published> {
    if from.starts_with("http://") || from.starts_with("https://") {
        return fetch(from.trim_end_matches('/')).await;
    }
    let text = |file: &str| {
        std::fs::read_to_string(Path::new(from).join(file))
            .map_err(|error| anyhow::anyhow!("{file} in {from} cannot be read: {error}"))
    };
    let kept = text("heads.ndjson").unwrap_or_default();
    let newest = text("head.json")?;
    let heads = kept.lines().chain([newest.as_str()]).filter(|line| !line.trim().is_empty());
    Ok(Published {
        lines: text("entries.ndjson")?.lines().map(str::to_owned).collect(),
        heads: heads.map(serde_json::from_str).collect::<Result<_, _>>()?,
        keys: serde_json::from_str(&text("keys.json")?)?,
    })
}

async fn fetch(room: &str) -> anyhow::Result<Published> {
    let get = async |path: &str| -> anyhow::Result<String> {
        let answer = reqwest::get(format!("{room}/{path}")).await?.error_for_status()?;
        Ok(answer.text().await?)
    };
    let head: Head = serde_json::from_str(&get("journal").await?)?;
    let mut lines: Vec<String> = Vec::new();
    while (lines.len() as u64) < head.size {
        let page = get(&format!("journal/entries/{}", lines.len())).await?;
        let before = lines.len();
        lines.extend(page.lines().take(PAGE).map(str::to_owned));
        if lines.len() == before {
            break;
        }
    }
    // What was written after the head is not under it.
    lines.truncate(head.size as usize);
    Ok(Published { lines, heads: vec![head], keys: serde_json::from_str(&get("keys").await?)? })
}

/// Checks everything.
pub fn verify(published: &Published) -> Verdict {
    let mut verdict = Verdict::default();
    let keys = PublicKeys::from_jwks(published.keys.clone());
    let unsigned = published.heads.iter().find(|head| !head.is_signed_by(&keys));
    verdict.check("head-signature", unsigned.is_none(), || {
        format!("the head of {} entries is signed by none of the keys", unsigned.map_or(0, |head| head.size))
    });
    let parsed: Vec<Option<Entry>> =
        published.lines.iter().map(|line| serde_json::from_str(line).ok()).collect();
    let unread = parsed.iter().position(Option::is_none);
    verdict.check("form", unread.is_none(), || {
        format!("line {} is not an entry of a journal", unread.unwrap_or_default() + 1)
    });
    let entries: Vec<Entry> = parsed.into_iter().flatten().collect();
    verdict.sequence(&entries);
    verdict.heads(published);
    verdict.contents(&entries);
    verdict.waits(&entries);
    verdict
}

impl Verdict {
    /// Numbers count up by one: what was taken out, put in or moved without renumbering shows here.
    fn sequence(&mut self, entries: &[Entry]) {
        let mut seen = HashSet::new();
        let twice = entries.iter().find(|entry| !seen.insert(entry.seq));
        self.check("inserted", twice.is_none(), || {
            format!("entry {} is there twice", twice.map_or(0, |entry| entry.seq))
        });
        let back = entries.windows(2).find(|pair| pair[1].seq < pair[0].seq);
        self.check("reordered", back.is_none(), || {
            let (first, second) = back.map(|pair| (pair[0].seq, pair[1].seq)).unwrap_or_default();
            format!("entry {second} stands behind entry {first}")
        });
        let highest = entries.iter().map(|entry| entry.seq).max();
        let missing = highest.and_then(|highest| (0..highest).find(|seq| !seen.contains(seq)));
        self.check("deleted", missing.is_none(), || {
            format!("entry {} is missing", missing.unwrap_or_default())
        });
        let early = entries.windows(2).find(|pair| pair[1].at < pair[0].at);
        self.check("backdated", early.is_none(), || {
            format!("entry {} is older than the one before it", early.map_or(0, |pair| pair[1].seq))
        });
    }

    /// Every head is the root of as many entries from the beginning, and none is shorter than one before it.
    fn heads(&mut self, published: &Published) {
        let len = published.lines.len() as u64;
        let longest = published.heads.iter().map(|head| head.size).max().unwrap_or(0);
        let newest = published.heads.last().map_or(0, |head| head.size);
        self.check("rewound", newest == longest, || {
            format!("the newest head has {newest} entries, and one that was signed before had {longest}")
        });
        self.check("truncated", len >= newest, || {
            format!("{newest} entries were signed, and {len} are there")
        });
        let mut roots = HashMap::new();
        let forked = published.heads.iter().find(|head| {
            let first = roots.entry(head.size).or_insert(head.root);
            *first != head.root
        });
        self.check("forked", forked.is_none(), || {
            format!(
                "two heads of {} entries with different roots were signed",
                forked.map_or(0, |head| head.size)
            )
        });
        // Root after root, as the tree grows: each head is looked at where it belongs.
        let mut tree: Tree<&[u8]> = Tree::default();
        let mut by_size: Vec<&Head> = published.heads.iter().filter(|head| head.size <= len).collect();
        by_size.sort_by_key(|head| head.size);
        let mut lines = published.lines.iter();
        let altered = by_size.into_iter().find(|head| {
            while tree.len() < head.size {
                tree.push(lines.next().map_or(&[][..], |line| line.as_bytes()));
            }
            tree.root() != head.root.0
        });
        self.check("altered", altered.is_none(), || {
            format!(
                "the first {} entries are not those that were signed",
                altered.map_or(0, |head| head.size)
            )
        });
    }

    /// What a node has counted of the waits it has shown only grows.
    fn waits(&mut self, entries: &[Entry]) {
        let mut counted: HashMap<&str, &Tally> = HashMap::new();
        let shrunk = entries.iter().find(|entry| {
            let What::Waits(shown) = &entry.what else { return false };
            counted.insert(&shown.node, &shown.tally).is_some_and(|before| !shown.tally.follows(before))
        });
        self.check("waits-shrunk", shrunk.is_none(), || {
            let seq = shrunk.map_or(0, |entry| entry.seq);
            format!("entry {seq} takes back waits that its node had counted before")
        });
    }

    /// What the entries say fits together.
    fn contents(&mut self, entries: &[Entry]) {
        let (mut version, mut hole) = (None, None);
        let (mut called, mut admitted) = (HashSet::new(), HashSet::new());
        let (mut twice, mut uncalled, mut gaps) = (None, None, 0u64);
        let (mut renewals, mut unknown) = (Renewals::default(), 0u64);
        // An act may be noted a moment after what it allows: renewals and lanes count whenever they were set.
        let set = || entries.iter().filter_map(|entry| entry.what.limits());
        let lanes = set().map(|limits| limits.lanes.len()).max().unwrap_or(0);
        renewals.max = set().map(|limits| limits.renewals_max).max().unwrap_or(0);
        let (mut limits, mut astray, mut unlaned) = (None, None, None);
        for Entry { seq, what, .. } in entries {
            match what {
                What::Begun { version: at, .. } => version = Some(*at),
                What::Gap { since, version: at, .. } => {
                    hole = hole.or((version != Some(*since)).then_some(*seq));
                    (version, gaps) = (Some(*at), gaps + 1);
                }
                What::Moved(moved) => {
                    hole = hole.or((version != Some(moved.since)).then_some(*seq));
                    version = Some(moved.version);
                    let Moved { called: new, admitted: inside, .. } = moved;
                    called.extend(new);
                    twice = twice.or(inside.iter().any(|one| !admitted.insert(one)).then_some(*seq));
                    let is_uncalled = gaps == 0 && inside.iter().any(|one| !called.contains(one));
                    uncalled = uncalled.or(is_uncalled.then_some(*seq));
                    unlaned = unlaned.or((!moved.names_lanes(lanes)).then_some(*seq));
                    renewals.see(*seq, moved, &admitted, gaps == 0);
                }
                What::Settings(set) => limits = Some(set),
                What::Pace(pace) => {
                    let is_within = limits.is_some_and(|limits: &Limits| limits.allow(*pace));
                    astray = astray.or((!is_within).then_some(*seq));
                }
                What::Unknown => unknown += 1,
                What::Waits(_) | What::Act { .. } | What::State { .. } | What::Draw { .. } => {}
            }
        }
        let entry = |seq: Option<u64>| seq.unwrap_or_default();
        self.check("hole", hole.is_none(), || {
            format!("entry {} does not follow on the steps before it", entry(hole))
        });
        self.check("admitted-twice", twice.is_none(), || {
            format!("somebody in entry {} was in before", entry(twice))
        });
        self.check("admitted-uncalled", uncalled.is_none(), || {
            format!("somebody in entry {} was let in without having been called", entry(uncalled))
        });
        self.check("lanes-unknown", unlaned.is_none(), || {
            format!("entry {} does not name a lane of the room for each call", entry(unlaned))
        });
        self.check("pace-out-of-bounds", astray.is_none(), || {
            format!("rate or cap in entry {} are not what the settings allow", entry(astray))
        });
        self.check("renewed-too-often", renewals.wrong.is_none(), || {
            format!("somebody in entry {} stayed longer than the room allowed", entry(renewals.wrong))
        });
        if unknown > 0 {
            self.weaker.push(format!(
                "{unknown} entries are of a kind that this program does not know: a newer one may tell more."
            ));
        }
        if gaps > 0 {
            self.weaker.push(format!(
                "{gaps} times the line moved on without its steps being kept; see the entries “gap”."
            ));
        }
    }
}

/// The renewals of visits as entry after entry tells them.
#[derive(Default)]
struct Renewals<'a> {
    /// The most that the settings have ever allowed.
    max: u32,
    counts: HashMap<&'a String, u32>,
    /// The first entry with one too many.
    wrong: Option<u64>,
}

impl<'a> Renewals<'a> {
    /// Takes an entry in. Where steps are missing, whoever is not known to be in may have come in unseen.
    fn see(&mut self, seq: u64, moved: &'a Moved, admitted: &HashSet<&'a String>, is_whole: bool) {
        for visitor in &moved.renewed {
            let count = self.counts.entry(visitor).or_default();
            *count += 1;
            let is_inside = !is_whole || admitted.contains(visitor);
            if (*count > self.max || !is_inside) && self.wrong.is_none() {
                self.wrong = Some(seq);
            }
        }
    }
}
