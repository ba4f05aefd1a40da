//! The audit log's chain, recomputed (I23).

use shared::keys::KeyRing;
use shared::verify::{Checked, Report};

use super::look;
use crate::audit::chain::{Hash, Head};
use crate::audit::{self, Checkpoint};
use crate::db::Tx;
use crate::error::Result;

/// Rows read at a time.
const PAGE: i64 = 1000;

/// Without `keys` signatures are taken as they are.
pub(super) async fn check(tx: &mut Tx, report: &mut Report, keys: Option<&KeyRing>) -> Result<()> {
    report.push(chain(tx).await?);
    report.push(checkpoints(tx, keys).await?);
    look!(
        report,
        tx,
        "I23",
        "No entry of the audit log was passed over while a later one was sealed.",
        "row" as i64,
        "SELECT count(*) FROM audit_entries",
        // Of acts at one moment the one that commits last may be sealed last.
        pg "SELECT count(*) OVER (), o.id, 'it is not in the chain' FROM audit_entries o
            WHERE o.seq IS NULL AND o.at < (SELECT max(e.at) FROM audit_entries e WHERE e.seq IS NOT NULL) - INTERVAL '1 minute'
            ORDER BY o.id LIMIT 5"
        lite "SELECT count(*) OVER (), o.id, 'it is not in the chain' FROM audit_entries o
              WHERE o.seq IS NULL AND o.at < (SELECT max(e.at) FROM audit_entries e WHERE e.seq IS NOT NULL) - 60000000
              ORDER BY o.id LIMIT 5"
    );
    Ok(())
}

/// Whether a head that was kept elsewhere is still in the chain: nothing up to it was cut off or written anew.
///
/// # Errors
/// When the database cannot be read.
pub async fn kept_elsewhere(tx: &mut Tx, head: Head) -> Result<Checked> {
    let mut checked = Checked::new("I23", "The head that was kept elsewhere is in the audit log.", 1);
    let link = audit::links(tx, head.seq - 1, 1).await?.pop();
    if !link.is_some_and(|link| link.seq == head.seq && link.hash.as_deref() == Some(&head.hash)) {
        checked.offend(|| format!("entry {} is gone or another", head.seq));
    }
    Ok(checked)
}

/// Each entry is judged by the hash that is kept of the one before it, so that what was altered is named, and not
/// everything behind it.
async fn chain(tx: &mut Tx) -> Result<Checked> {
    let sentence =
        "The audit log's entries are numbered without a gap, and each hash follows from the one before it.";
    let mut checked = Checked::new("I23", sentence, 0);
    let mut before = Head::START;
    loop {
        let page = audit::links(tx, before.seq, PAGE).await?;
        let Some(last) = page.last() else { return Ok(checked) };
        let end = last.seq;
        for link in &page {
            checked.looked_at += 1;
            let next = before.seq + 1;
            let kept: Option<Hash> = link.hash.as_deref().and_then(|hash| hash.try_into().ok());
            if link.seq > next {
                let missing = if link.seq == next + 1 {
                    format!("{next} is")
                } else {
                    format!("{next} to {} are", link.seq - 1)
                };
                checked.offend(|| format!("entry {missing} missing"));
            } else if link.seq < next {
                checked.offend(|| format!("entry {} is there twice", link.seq));
            } else if kept != Some(link.entry.hash(link.seq, &before.hash)) {
                checked.offend(|| format!("entry {} was altered", link.seq));
            }
            before = Head { seq: link.seq, hash: kept.unwrap_or_default() };
        }
        before.seq = end;
    }
}

/// A key that was retired cannot be asked any more; the newest checkpoint, which covers all before it, must be signed by
/// a live one.
async fn checkpoints(tx: &mut Tx, keys: Option<&KeyRing>) -> Result<Checked> {
    let sentence =
        "Each signed checkpoint of the audit log is the hash of its entry, and its signature is good.";
    let mut checked = Checked::new("I23", sentence, 0);
    let (mut after, mut newest) = (0, None);
    loop {
        let page = audit::checkpoints(tx, after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        (after, newest) = (last.seq, Some(last.clone()));
        for (checkpoint, kept) in page {
            checked.looked_at += 1;
            match kept {
                None => checked.offend(|| format!("entry {} was signed and is gone", checkpoint.seq)),
                Some(kept) if kept != checkpoint.hash => {
                    checked.offend(|| format!("entry {} is not what was signed", checkpoint.seq));
                }
                Some(_) => {}
            }
            if keys.is_some_and(|keys| keys.kids().contains(&checkpoint.kid) && !is_good(&checkpoint, keys)) {
                checked.offend(|| format!("the signature of entry {} is forged", checkpoint.seq));
            }
        }
    }
    if let (Some(keys), Some(newest)) = (keys, newest)
        && !keys.kids().contains(&newest.kid)
    {
        checked.offend(|| format!("entry {} was signed last, by a key that is not live", newest.seq));
    }
    Ok(checked)
}

fn is_good(checkpoint: &Checkpoint, keys: &KeyRing) -> bool {
    let Ok(hash) = Hash::try_from(checkpoint.hash.as_slice()) else { return false };
    let statement = Head { seq: checkpoint.seq, hash }.statement(checkpoint.at);
    keys.verify_bytes(&checkpoint.kid, &statement, &checkpoint.signature)
}
