//! SQL of the simulated gateway's own ledger. Nothing but [`simulated`](super::simulated) uses it.

use serde::Serialize;
use serde_json::json;
use shared::clock::Ts;
use shared::entropy::Entropy;

use super::gateway::Standing;
use super::simulated::LATE_S;
use crate::db::{Db, Tx, expect_rows};
use crate::error::Result;
use crate::jobs::{Kind, NewJob, enqueue};
use crate::q;

/// One charge.
#[derive(Debug, Clone, Serialize, sqlx::FromRow)]
pub struct Entry {
    pub key: String,
    pub transaction_id: String,
    pub status: String,
    pub amount_minor: i64,
    pub currency: String,
    pub failure: Option<String>,
    pub settles_at: Option<Ts>,
}

impl Entry {
    /// What the gateway tells about it at `now`.
    pub fn standing(self, now: Ts) -> Standing {
        match self.status.as_str() {
            "captured" => Standing::Captured { transaction_id: self.transaction_id },
            "voided" => Standing::Voided,
            "declined" => Standing::Declined { failure: self.failure.unwrap_or_default() },
            _ if self.settles_at.is_some_and(|at| now < at) => Standing::Pending,
            _ => Standing::Authorised { transaction_id: self.transaction_id },
        }
    }
}

/// What can happen to a charge.
#[derive(Debug, Clone)]
pub enum Change {
    Capture,
    Void,
    Refund { refund_key: String, amount_minor: i64 },
}

/// Writes a charge and queues its callbacks; the one that is there already when the key is known.
pub async fn open(tx: &mut Tx, entry: &Entry, callbacks: u32, entropy: &Entropy, now: Ts) -> Result<Entry> {
    if insert(tx, entry, now).await? == 1 {
        let at = entry.settles_at.unwrap_or(now + time::Duration::seconds(LATE_S));
        for _ in 0..callbacks {
            // Every copy carries the same id: that is how its receiver knows it for a copy.
            let callback = json!({ "id": format!("evt_{}", entry.key), "key": entry.key });
            enqueue(tx, NewJob::now(Kind::GatewayCallback, &callback, now).at(at), entropy, now).await?;
        }
        return Ok(entry.clone());
    }
    Ok(q!(
        tx.ex(),
        one Entry,
        "SELECT key, transaction_id, status, amount_minor, currency, failure, settles_at
         FROM gateway_charges WHERE key = $1",
        &entry.key
    )?)
}

/// Writes a charge; rows touched (0: its key is known).
pub async fn insert(tx: &mut Tx, entry: &Entry, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "INSERT INTO gateway_charges (key, transaction_id, status, amount_minor, currency, failure, settles_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (key) DO NOTHING",
        &entry.key,
        &entry.transaction_id,
        &entry.status,
        entry.amount_minor,
        &entry.currency,
        &entry.failure,
        entry.settles_at,
        now
    )?)
}

/// A charge.
pub async fn find(db: &Db, key: &str) -> Result<Option<Entry>> {
    Ok(q!(
        db.ex(),
        opt Entry,
        "SELECT key, transaction_id, status, amount_minor, currency, failure, settles_at
         FROM gateway_charges WHERE key = $1",
        key
    )?)
}

/// Applies a change if the charge stands so that it can, once; the charge afterwards, `None` when there is none.
pub async fn change(tx: &mut Tx, key: &str, change: &Change, now: Ts) -> Result<Option<Entry>> {
    match change {
        Change::Capture => {
            let captured = q!(
                tx.ex(),
                opt Entry,
                "UPDATE gateway_charges SET status = 'captured'
                 WHERE key = $1 AND status = 'authorised' AND (settles_at IS NULL OR settles_at <= $2)
                 RETURNING key, transaction_id, status, amount_minor, currency, failure, settles_at",
                key,
                now
            )?;
            if captured.is_some() {
                return Ok(captured);
            }
        }
        Change::Void => {
            q!(
                tx.ex(),
                exec,
                "UPDATE gateway_charges SET status = 'voided' WHERE key = $1 AND status = 'authorised'",
                key
            )?;
        }
        Change::Refund { refund_key, amount_minor } => {
            refund(tx, key, refund_key, *amount_minor, now).await?
        }
    }
    Ok(q!(
        tx.ex(),
        opt Entry,
        "SELECT key, transaction_id, status, amount_minor, currency, failure, settles_at
         FROM gateway_charges WHERE key = $1",
        key
    )?)
}

async fn refund(tx: &mut Tx, key: &str, refund_key: &str, amount_minor: i64, now: Ts) -> Result<()> {
    let is_new = q!(
        tx.ex(),
        exec,
        "INSERT INTO gateway_refunds (key, charge_key, amount_minor, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key) DO NOTHING",
        refund_key,
        key,
        amount_minor,
        now
    )? == 1;
    if is_new {
        let rows = q!(
            tx.ex(),
            exec,
            "UPDATE gateway_charges SET refunded_minor = refunded_minor + $2 WHERE key = $1 AND status = 'captured'",
            key,
            amount_minor
        )?;
        expect_rows("gateway refund", 1, rows)?;
    }
    Ok(())
}
