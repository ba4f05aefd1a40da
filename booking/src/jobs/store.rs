//! SQL of the job table.
//!
//! ready → running (leased) → done, or back to ready with a later `run_at`, or dead. Every step out of `running` names
//! the lease: who has lost it changes nothing.

use serde_json::Value;
use shared::clock::Ts;
use shared::entropy::Entropy;
use sqlx::types::Json;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::rules::ATTEMPTS_MAX;
use super::{Kind, NewJob};
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::{on, q};

/// Writes jobs with one statement; no row for those whose key was queued before.
pub async fn insert(tx: &mut Tx, jobs: &[NewJob], entropy: &Entropy, now: Ts) -> Result<()> {
    on!(tx.ex(), c => {
        let mut sql = QueryBuilder::new("INSERT INTO jobs (id, kind, payload, status, dedupe_key, run_at, created_at) ");
        sql.push_values(jobs, |mut row, job| {
            row.push_bind(entropy.uuid_v7(now))
                .push_bind(job.kind.name())
                .push_bind(Json(&job.payload))
                .push_bind("ready")
                .push_bind(&job.dedupe_key)
                .push_bind(job.run_at)
                .push_bind(now);
        });
        sql.push(" ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING");
        sql.build().execute(c).await?;
    });
    Ok(())
}

/// A claimed job, as stored.
#[derive(FromRow)]
pub struct Claimed {
    /// The job.
    pub id: Uuid,
    /// What it is done with.
    pub payload: Json<Value>,
    /// Attempts, this one included.
    pub attempts: i64,
}

/// Which of `kinds` have a job that is due, or one whose lease has run out. A read: an idle worker writes nothing.
pub async fn due(db: &Db, kinds: &[&str], now: Ts) -> Result<Vec<String>> {
    Ok(q!(
        db.ex(),
        vals String,
        pg "SELECT k FROM jsonb_array_elements_text($1) k
            WHERE EXISTS (SELECT 1 FROM jobs WHERE kind = k AND status = 'ready' AND run_at <= $2)
               OR EXISTS (SELECT 1 FROM jobs WHERE kind = k AND status = 'running' AND lease_until <= $2)"
        lite "SELECT k.value FROM json_each($1) k
              WHERE EXISTS (SELECT 1 FROM jobs WHERE kind = k.value AND status = 'ready' AND run_at <= $2)
                 OR EXISTS (SELECT 1 FROM jobs WHERE kind = k.value AND status = 'running' AND lease_until <= $2)",
        Json(kinds),
        now
    )?)
}

/// Whether the lease of a job of `kind` has run out.
pub async fn is_any_lost(db: &Db, kind: Kind, now: Ts) -> Result<bool> {
    Ok(q!(
        db.ex(),
        val bool,
        "SELECT EXISTS (SELECT 1 FROM jobs WHERE kind = $1 AND status = 'running' AND lease_until <= $2)",
        kind.name(),
        now
    )?)
}

/// Takes jobs back whose worker was lost; one that has lost too many workers is dead.
pub async fn take_back(tx: &mut Tx, kind: Kind, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE jobs SET status = CASE WHEN attempts >= $3 THEN 'dead' ELSE 'ready' END, lease = NULL, lease_until = NULL,
                         last_error = 'the worker was lost while it ran'
         WHERE kind = $1 AND status = 'running' AND lease_until <= $2",
        kind.name(),
        now,
        ATTEMPTS_MAX
    )?)
}

/// Leases up to `limit` due jobs of `kind`, the longest due first. PostgreSQL skips what another worker is just
/// claiming; on SQLite, with one writer, the repeated predicate says the same.
pub async fn claim(
    tx: &mut Tx,
    kind: Kind,
    lease: Uuid,
    until: Ts,
    limit: i64,
    now: Ts,
) -> Result<Vec<Claimed>> {
    Ok(q!(
        tx.ex(),
        all Claimed,
        pg "UPDATE jobs SET status = 'running', lease = $3, lease_until = $4, attempts = attempts + 1
            WHERE id IN (SELECT id FROM jobs WHERE kind = $1 AND status = 'ready' AND run_at <= $2
                         ORDER BY run_at, id LIMIT $5 FOR UPDATE SKIP LOCKED)
            RETURNING id, payload, attempts"
        lite "UPDATE jobs SET status = 'running', lease = $3, lease_until = $4, attempts = attempts + 1
              WHERE id IN (SELECT id FROM jobs WHERE kind = $1 AND status = 'ready' AND run_at <= $2
                           ORDER BY run_at, id LIMIT $5)
                AND status = 'ready' AND run_at <= $2
              RETURNING id, payload, attempts",
        kind.name(),
        now,
        lease,
        until,
        limit
    )?)
}

/// Due jobs, for tests that take the guard away.
#[cfg(feature = "testing")]
pub async fn look_unguarded(db: &Db, kind: Kind, limit: i64, now: Ts) -> Result<Vec<Uuid>> {
    Ok(q!(
        db.ex(),
        vals Uuid,
        "SELECT id FROM jobs WHERE kind = $1 AND status = 'ready' AND run_at <= $2 ORDER BY run_at, id LIMIT $3",
        kind.name(),
        now,
        limit
    )?)
}

/// Leases jobs whatever has become of them since they were looked at.
#[cfg(feature = "testing")]
pub async fn claim_unguarded(tx: &mut Tx, due: &[Uuid], lease: Uuid, until: Ts) -> Result<Vec<Claimed>> {
    let mut claimed = Vec::new();
    for id in due {
        claimed.extend(q!(
            tx.ex(),
            opt Claimed,
            "UPDATE jobs SET status = 'running', lease = $2, lease_until = $3, attempts = attempts + 1
             WHERE id = $1 RETURNING id, payload, attempts",
            *id,
            lease,
            until
        )?);
    }
    Ok(claimed)
}

/// Notes that a leased job is done, and keeps `payload` in place of the old; rows touched (0: the lease was lost).
pub async fn finish(tx: &mut Tx, id: Uuid, lease: Uuid, payload: &Value, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE jobs SET status = 'done', payload = $3, done_at = $4, lease = NULL, lease_until = NULL, last_error = NULL
         WHERE id = $1 AND lease = $2 AND status = 'running'",
        id,
        lease,
        Json(payload),
        now
    )?)
}

/// Gives a leased job back to be tried at `run_at`; rows touched (0: the lease was lost).
pub async fn postpone(tx: &mut Tx, id: Uuid, lease: Uuid, run_at: Ts, error: &str) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE jobs SET status = 'ready', run_at = $3, last_error = $4, lease = NULL, lease_until = NULL
         WHERE id = $1 AND lease = $2 AND status = 'running'",
        id,
        lease,
        run_at,
        error
    )?)
}

/// Gives a leased job back whose time has not come, as if it had not run; rows touched (0: the lease was lost).
pub async fn put_off(tx: &mut Tx, id: Uuid, lease: Uuid, run_at: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE jobs SET status = 'ready', run_at = $3, attempts = 0, last_error = NULL, lease = NULL, lease_until = NULL
         WHERE id = $1 AND lease = $2 AND status = 'running'",
        id,
        lease,
        run_at
    )?)
}

/// Takes a job back that has not run yet, and all it was to be done with; whether nothing of it is running.
pub async fn cancel(tx: &mut Tx, key: &str) -> Result<bool> {
    q!(tx.ex(), exec, "DELETE FROM jobs WHERE dedupe_key = $1 AND status IN ('ready', 'dead')", key)?;
    let running =
        q!(tx.ex(), val i64, "SELECT count(*) FROM jobs WHERE dedupe_key = $1 AND status = 'running'", key)?;
    Ok(running == 0)
}

/// Whether the job of this key was done.
pub async fn is_done(tx: &mut Tx, key: &str) -> Result<bool> {
    let done =
        q!(tx.ex(), val i64, "SELECT count(*) FROM jobs WHERE dedupe_key = $1 AND status = 'done'", key)?;
    Ok(done > 0)
}

/// Gives a leased job up; rows touched (0: the lease was lost).
pub async fn bury(tx: &mut Tx, id: Uuid, lease: Uuid, error: &str) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE jobs SET status = 'dead', last_error = $3, lease = NULL, lease_until = NULL
         WHERE id = $1 AND lease = $2 AND status = 'running'",
        id,
        lease,
        error
    )?)
}

/// Jobs of a kind that wait.
#[derive(FromRow)]
pub struct Open {
    /// Due and not yet leased.
    pub due: i64,
    /// When the first of those was due.
    pub oldest: Option<Ts>,
    /// Given up.
    pub dead: i64,
}

/// Counts the jobs of a kind that wait for a worker or a person.
pub async fn count_open(db: &Db, kind: Kind, now: Ts) -> Result<Open> {
    Ok(q!(
        db.ex(),
        one Open,
        "SELECT (SELECT count(*) FROM jobs WHERE kind = $1 AND status = 'ready' AND run_at <= $2) AS due,
                (SELECT min(run_at) FROM jobs WHERE kind = $1 AND status = 'ready' AND run_at <= $2) AS oldest,
                (SELECT count(*) FROM jobs WHERE kind = $1 AND status = 'dead') AS dead",
        kind.name(),
        now
    )?)
}

/// Deletes jobs done before `before`; how many.
pub async fn forget_done(tx: &mut Tx, before: Ts) -> Result<u64> {
    Ok(q!(tx.ex(), exec, "DELETE FROM jobs WHERE status = 'done' AND done_at < $1", before)?)
}

/// A job as the console shows it.
#[derive(FromRow)]
pub struct JobRow {
    /// The job.
    pub id: Uuid,
    /// What is to be done.
    pub kind: String,
    /// With what.
    pub payload: Json<Value>,
    /// Where it stands.
    pub status: String,
    /// Not before.
    pub run_at: Ts,
    /// Attempts so far.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// Queued.
    pub created_at: Ts,
    /// Done.
    pub done_at: Option<Ts>,
}

/// Jobs, the newest first; `status` and `kind` narrow them, `before` is the last id of the page before.
pub async fn list(
    db: &Db,
    status: Option<&str>,
    kind: Option<&str>,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<JobRow>> {
    Ok(on!(db.ex(), c => {
        let mut sql = QueryBuilder::new(
            "SELECT id, kind, payload, status, run_at, attempts, last_error, created_at, done_at FROM jobs WHERE 1 = 1",
        );
        if let Some(status) = status {
            sql.push(" AND status = ").push_bind(status);
        }
        if let Some(kind) = kind {
            sql.push(" AND kind = ").push_bind(kind);
        }
        if let Some(before) = before {
            sql.push(" AND id < ").push_bind(before);
        }
        sql.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
        sql.build_query_as().fetch_all(c).await?
    }))
}

/// Lets a dead job run again from its first attempt; rows touched (0: it is not dead).
pub async fn redrive(tx: &mut Tx, id: Uuid, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE jobs SET status = 'ready', attempts = 0, run_at = $2 WHERE id = $1 AND status = 'dead'",
        id,
        now
    )?)
}

/// One job.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<JobRow>> {
    Ok(q!(
        tx.ex(),
        opt JobRow,
        "SELECT id, kind, payload, status, run_at, attempts, last_error, created_at, done_at FROM jobs WHERE id = $1",
        id
    )?)
}
