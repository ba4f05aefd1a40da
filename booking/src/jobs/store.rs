//! SQL of the job table.

use shared::clock::Ts;
use shared::entropy::Entropy;
use sqlx::QueryBuilder;
use sqlx::types::Json;

use super::NewJob;
use crate::db::Tx;
use crate::error::Result;
use crate::on;

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
