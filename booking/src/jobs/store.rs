//! SQL of the job table.

use shared::clock::Ts;
use sqlx::types::Json;
use uuid::Uuid;

use super::NewJob;
use crate::db::Tx;
use crate::error::Result;
use crate::q;

/// Writes a job; no row when its key was queued before.
pub async fn insert(tx: &mut Tx, id: Uuid, job: &NewJob, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "INSERT INTO jobs (id, kind, payload, status, dedupe_key, run_at, created_at)
         VALUES ($1, $2, $3, 'ready', $4, $5, $6)
         ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING",
        id,
        job.kind.name(),
        Json(&job.payload),
        &job.dedupe_key,
        job.run_at,
        now
    )?;
    Ok(())
}
