//! The usual entries of the simulated gateway's ledger, many with one statement (decision 58): a charge without callbacks,
//! and taking the money of one.

use shared::clock::{Clock, Ts};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::ledger::{self, Change, Entry};
use crate::db::{Db, Dual, Extent, Gather, Kind, Tx, Work};
use crate::error::Result;
use crate::q;

/// Writes entries; nobody waits for the disk.
#[derive(Clone)]
pub struct Ledger {
    /// New charges; `None` for one whose key is known.
    pub charges: Gather<Entry, ()>,
    /// Captures by key, with the charge afterwards; `None` for one that does not stand so that it can be taken.
    pub captures: Gather<String, Entry>,
}

impl Ledger {
    /// Starts to take entries.
    pub fn start(db: &Db, clock: &Clock) -> Self {
        let collide = |one: &Entry, other: &Entry| one.key == other.key;
        let charges = Kind { name: "gateway_authorise_at_once", extent: Extent::Soon, run: open, collide };
        let collide = |one: &String, other: &String| one == other;
        let captures = Kind { name: "gateway_capture_at_once", extent: Extent::Soon, run: capture, collide };
        Self { charges: Gather::start(db, clock, charges), captures: Gather::start(db, clock, captures) }
    }
}

fn open<'t>(tx: &'t mut Tx, new: &'t [Entry], now: Ts) -> Work<'t, Vec<Option<()>>> {
    Box::pin(async move {
        let mut opened = Vec::with_capacity(new.len());
        if let Dual::Pg(pg) = tx.ex() {
            let keys = open_together(pg, new, now).await?;
            return Ok(new.iter().map(|entry| keys.contains(&entry.key).then_some(())).collect());
        }
        for entry in new {
            opened.push((ledger::insert(tx, entry, now).await? == 1).then_some(()));
        }
        Ok(opened)
    })
}

async fn open_together(pg: &mut PgConnection, new: &[Entry], now: Ts) -> Result<Vec<String>> {
    Ok(q!(
        pg pg,
        vals String,
        "INSERT INTO gateway_charges (key, transaction_id, status, amount_minor, currency, failure, settles_at, created_at)
         SELECT n.key, n.transaction_id, n.status, n.amount_minor, n.currency, n.failure, n.settles_at, CAST($2 AS TIMESTAMPTZ)
         FROM jsonb_to_recordset($1) AS n (key TEXT, transaction_id TEXT, status TEXT, amount_minor BIGINT, currency TEXT,
             failure TEXT, settles_at TIMESTAMPTZ)
         ON CONFLICT (key) DO NOTHING RETURNING key",
        Json(new),
        now
    )?)
}

fn capture<'t>(tx: &'t mut Tx, keys: &'t [String], now: Ts) -> Work<'t, Vec<Option<Entry>>> {
    Box::pin(async move {
        let mut captured = Vec::with_capacity(keys.len());
        if let Dual::Pg(pg) = tx.ex() {
            let mut taken = capture_together(pg, keys, now).await?;
            let mut of = |key: &String| taken.extract_if(.., |entry| entry.key == *key).next();
            return Ok(keys.iter().map(&mut of).collect());
        }
        for key in keys {
            captured.push(ledger::change(tx, key, &Change::Capture, now).await?);
        }
        Ok(captured)
    })
}

async fn capture_together(pg: &mut PgConnection, keys: &[String], now: Ts) -> Result<Vec<Entry>> {
    Ok(q!(
        pg pg,
        all Entry,
        "UPDATE gateway_charges SET status = 'captured'
         WHERE key IN (SELECT c.key FROM jsonb_array_elements_text($1) AS wanted JOIN gateway_charges c ON c.key = wanted
                       WHERE c.status = 'authorised' AND (c.settles_at IS NULL OR c.settles_at <= $2)
                       FOR UPDATE OF c SKIP LOCKED)
         RETURNING key, transaction_id, status, amount_minor, currency, failure, settles_at",
        Json(keys),
        now
    )?)
}
