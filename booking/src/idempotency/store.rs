//! SQL of kept answers.

use shared::clock::Ts;
use uuid::Uuid;

use super::Answer;
use super::request::Key;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// A key's row.
#[derive(sqlx::FromRow)]
pub struct Known {
    pub request_hash: Vec<u8>,
    status: Option<i64>,
    content_type: Option<String>,
    body: Option<Vec<u8>>,
}

impl Known {
    /// The answer, once there is one.
    pub fn answer(self) -> Option<Answer> {
        let status = self.status?.try_into().ok()?;
        Some(Answer { status, content_type: self.content_type?, body: self.body? })
    }
}

/// Takes the key; false when it was taken before.
pub async fn insert(tx: &mut Tx, key: &Key, locked_until: Ts, now: Ts) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO idempotency_keys (scope, key, request_hash, locked_until, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (scope, key) DO NOTHING",
        &key.scope,
        &key.key,
        &key.request_hash,
        locked_until,
        now
    )?;
    Ok(rows == 1)
}

/// The row of a key that was taken before, unless it was given back meanwhile.
pub async fn find(tx: &mut Tx, key: &Key) -> Result<Option<Known>> {
    Ok(q!(
        tx.ex(),
        opt Known,
        "SELECT request_hash, status, content_type, body FROM idempotency_keys WHERE scope = $1 AND key = $2",
        &key.scope,
        &key.key
    )?)
}

/// Notes what a request that is at work has begun.
pub async fn note(tx: &mut Tx, key: &Key, fact: Uuid) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE idempotency_keys SET fact = $3 WHERE scope = $1 AND key = $2 AND status IS NULL",
        &key.scope,
        &key.key,
        fact
    )?;
    expect_rows("note what was begun", 1, rows)
}

/// Takes over from a request that died before its answer; what it had noted. `None` while it may live.
pub async fn take_over(tx: &mut Tx, key: &Key, locked_until: Ts, now: Ts) -> Result<Option<Option<Uuid>>> {
    Ok(q!(
        tx.ex(),
        optval Option<Uuid>,
        "UPDATE idempotency_keys SET locked_until = $3
         WHERE scope = $1 AND key = $2 AND status IS NULL AND locked_until <= $4 RETURNING fact",
        &key.scope,
        &key.key,
        locked_until,
        now
    )?)
}

/// Keeps the answer, unless one is kept.
pub async fn answer(tx: &mut Tx, key: &Key, answer: &Answer) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE idempotency_keys SET locked_until = NULL, status = $3, content_type = $4, body = $5
         WHERE scope = $1 AND key = $2 AND status IS NULL",
        &key.scope,
        &key.key,
        i64::from(answer.status),
        &answer.content_type,
        &answer.body
    )?;
    Ok(())
}

/// Gives a key back whose request may be tried again, unless it was answered.
pub async fn forget(tx: &mut Tx, key: &Key) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "DELETE FROM idempotency_keys WHERE scope = $1 AND key = $2 AND status IS NULL",
        &key.scope,
        &key.key
    )?;
    Ok(())
}

/// Deletes a bounded number of old keys.
pub async fn delete_older(tx: &mut Tx, before: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "DELETE FROM idempotency_keys WHERE (scope, key) IN
         (SELECT scope, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT 1000)",
        before
    )?)
}
