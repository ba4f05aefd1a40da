//! Sealing: entries get their numbers and hashes, one after the other, a moment after they were written.
//!
//! A chain is as slow as its slowest link: were it forged in each act's own transaction, every sale would wait for the
//! commit before it. So acts only insert, side by side, and one sealer at a time chains what is there in batches. An
//! entry cannot be changed or removed meanwhile either (triggers), only its absence from the chain could be
//! noticed a second later.

use time::Duration;

use super::chain::{Entry, Head};
use super::store::{self, Sealed};
use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::{Error, Result};

/// Entries sealed in one transaction.
const BATCH_MAX: i64 = 500;
/// A new head is signed at the latest so long after the last signature, or …
const SIGNED_EVERY: Duration = Duration::MINUTE;
/// … after so many entries.
const SIGNED_ENTRIES: i64 = 1000;

/// Seals everything that is written, and signs the head when it is time to; how many entries. Any node may do this at
/// any time: one at a time gets through, the others pass.
pub async fn seal(app: &App) -> Result<usize> {
    let mut sealed = 0;
    while store::is_work_left(&app.db, app.now() - SIGNED_EVERY).await? {
        let writer = app.clone();
        let batch = app
            .db
            .write("seal_audit", move |tx| {
                let app = writer.clone();
                Box::pin(async move { seal_batch(tx, &app).await })
            })
            .await?;
        sealed += batch;
        if batch < BATCH_MAX as usize {
            break;
        }
    }
    Ok(sealed)
}

async fn seal_batch(tx: &mut Tx, app: &App) -> Result<usize> {
    if !store::lock_chain(tx).await? {
        return Ok(0);
    }
    let mut head = store::head(tx).await?;
    let open = store::open_entries(tx, BATCH_MAX).await?;
    let link = |entry: &Entry| {
        head = head.and(entry);
        Sealed { id: entry.id, head }
    };
    let sealed: Vec<Sealed> = open.iter().map(link).collect();
    if !sealed.is_empty() {
        expect_rows("seal audit entries", sealed.len() as u64, store::seal(tx, &sealed).await?)?;
    }
    sign_if_due(tx, app, head).await?;
    Ok(sealed.len())
}

async fn sign_if_due(tx: &mut Tx, app: &App, head: Head) -> Result<()> {
    let now = app.now();
    let is_due = match store::last_checkpoint(tx).await? {
        Some(last) => {
            head.seq > last.seq && (last.at <= now - SIGNED_EVERY || head.seq - last.seq >= SIGNED_ENTRIES)
        }
        None => head.seq > 0,
    };
    if !is_due {
        return Ok(());
    }
    let (kid, signature) = app
        .audit_keys
        .sign_bytes(&head.statement(now))
        .map_err(|error| Error::Internal(error.to_string()))?;
    store::insert_checkpoint(tx, head, &kid, &signature, now).await?;
    // The log is the copy outside the database, which whoever changes the tables would have to find too.
    tracing::info!(head = %head, %kid, "the audit log was signed");
    Ok(())
}
