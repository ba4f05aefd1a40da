//! Noting that jobs are done, many with one statement (decision 58): several follow every purchase.

use serde::Serialize;
use serde_json::Value;
use shared::clock::{Clock, Ts};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::store;
use crate::db::{Db, Dual, Extent, Gather, Kind, Tx, Work};
use crate::error::Result;
use crate::q;

/// Notes that jobs are done; `None` for one whose lease was lost, or that somebody else is at.
pub type DoneJobs = Gather<Done, ()>;

/// A leased job that is done.
#[derive(Debug, Clone, Serialize)]
pub struct Done {
    /// The job.
    pub id: Uuid,
    /// What this worker holds it by.
    pub lease: Uuid,
    /// What is kept in place of its payload.
    pub payload: Value,
}

/// Starts to take jobs that are done.
pub fn start_done(db: &Db, clock: &Clock) -> DoneJobs {
    let collide = |one: &Done, other: &Done| one.id == other.id;
    Gather::start(db, clock, Kind { name: "jobs_done", extent: Extent::Soon, run: finish, collide })
}

fn finish<'t>(tx: &'t mut Tx, done: &'t [Done], now: Ts) -> Work<'t, Vec<Option<()>>> {
    Box::pin(async move {
        if let Dual::Pg(pg) = tx.ex() {
            let finished = finish_together(pg, done, now).await?;
            return Ok(done.iter().map(|job| finished.contains(&job.id).then_some(())).collect());
        }
        let mut finished = Vec::with_capacity(done.len());
        for job in done {
            let rows = store::finish(tx, job.id, job.lease, &job.payload, now).await?;
            finished.push((rows == 1).then_some(()));
        }
        Ok(finished)
    })
}

async fn finish_together(pg: &mut PgConnection, done: &[Done], now: Ts) -> Result<Vec<Uuid>> {
    Ok(q!(
        pg pg,
        vals Uuid,
        "WITH own AS (
             SELECT j.id, d.payload FROM jsonb_to_recordset($1) AS d (id UUID, lease UUID, payload JSONB)
             JOIN jobs j ON j.id = d.id WHERE j.lease = d.lease AND j.status = 'running' FOR UPDATE OF j SKIP LOCKED)
         UPDATE jobs SET status = 'done', payload = own.payload, done_at = $2, lease = NULL, lease_until = NULL,
                         last_error = NULL
         FROM own WHERE jobs.id = own.id RETURNING jobs.id",
        Json(done),
        now
    )?)
}
