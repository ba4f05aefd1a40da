//! Keys of steps that go together with others in one statement (decision 73).
//!
//! A step whose key is known is passed over: the caller takes the longer way, which knows what to make of it. The key of a
//! step that is done is inserted with it, without looking aside: when a twin was faster by a moment, the primary key refuses
//! the whole statement, nothing of it has happened, and each of its steps is done again by itself.

use data_encoding::HEXLOWER;
use serde::Serialize;
use shared::clock::Ts;
use sqlx::types::Json;

use super::request::Key;
use super::{Answer, Attempt};
use crate::db::{Dual, Tx, violates};
use crate::error::{Error, Result};
use crate::q;

/// A key that is taken in the statement of its step.
#[derive(Debug, Clone, Serialize)]
pub struct StepKey {
    scope: String,
    key: String,
    /// As PostgreSQL reads bytes.
    request_hash: String,
    /// Until when the request is at work; `None` for one that is answered with its step.
    locked_until: Option<Ts>,
}

/// An answer that is kept in the statement of its step.
#[derive(Debug, Clone, Serialize)]
pub struct KeptAnswer {
    scope: String,
    key: String,
    request_hash: String,
    answer_status: i64,
    content_type: String,
    body: String,
}

fn bytes(of: &[u8]) -> String {
    format!("\\x{}", HEXLOWER.encode(of))
}

impl Attempt {
    /// The key of this attempt for the statement of its step; `None` without one.
    pub fn step_key(&self, locked_until: Option<Ts>) -> Option<StepKey> {
        let Key { scope, key, request_hash } = self.key()?.clone();
        Some(StepKey { scope, key, request_hash: bytes(&request_hash), locked_until })
    }

    /// The answer to this attempt for the statement of its step; `None` without a key.
    pub fn kept(&self, answer: &Answer) -> Result<Option<KeptAnswer>> {
        let Some(Key { scope, key, request_hash }) = self.key().cloned() else { return Ok(None) };
        let body = String::from_utf8(answer.body.clone()).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(Some(KeptAnswer {
            scope,
            key,
            request_hash: bytes(&request_hash),
            answer_status: answer.status.into(),
            content_type: answer.content_type.clone(),
            body,
        }))
    }
}

/// Takes the keys of steps that were done in this transaction, with their answers. On SQLite each step has taken its own.
///
/// # Errors
/// One that [`was_taken`] tells, when a twin has taken one of the keys: the transaction must be undone.
pub async fn keep_all<'s>(
    tx: &mut Tx,
    answered: impl Iterator<Item = (&'s Attempt, &'s Answer)>,
    now: Ts,
) -> Result<()> {
    let Dual::Pg(pg) = tx.ex() else { return Ok(()) };
    let kept = answered.map(|(attempt, answer)| attempt.kept(answer)).collect::<Result<Vec<_>>>()?;
    let answers: Vec<KeptAnswer> = kept.into_iter().flatten().collect();
    q!(
        pg pg,
        exec,
        "INSERT INTO idempotency_keys (scope, key, request_hash, status, content_type, body, created_at)
         SELECT n.scope, n.key, n.request_hash, n.answer_status, n.content_type, convert_to(n.body, 'UTF8'),
                CAST($2 AS TIMESTAMPTZ)
         FROM jsonb_to_recordset($1) AS n (scope TEXT, key TEXT, request_hash BYTEA, answer_status BIGINT, content_type TEXT,
             body TEXT)
         ORDER BY n.scope, n.key",
        Json(answers),
        now
    )?;
    Ok(())
}

/// Whether a step was refused because a twin has taken its key.
pub fn was_taken(error: &Error) -> bool {
    let Error::Database(error) = error else { return false };
    violates(error, "idempotency_keys_pkey", "idempotency_keys.key")
}
