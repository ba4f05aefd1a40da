//! The usual entry, of many people with one statement: a live ticket, nobody inside with it.
//!
//! Whoever writes an entry has its ticket's row locked before, here and in [`store`]: so nobody waits for an
//! entry while somebody else waits for its ticket, and a ticket that is locked is passed over.

use shared::clock::{Clock, Ts};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::store::{self, NewEntry};
use crate::db::{Db, Dual, Extent, Gather, Kind, Tx, Work, expect_rows};
use crate::error::Result;
use crate::q;

/// Takes entries; `None` for one that cannot be made so, and has changed nothing.
pub type Entries = Gather<NewEntry, ()>;

/// Starts to take entries.
pub fn start(db: &Db, clock: &Clock) -> Entries {
    let collide = |one: &NewEntry, other: &NewEntry| one.ticket == other.ticket || one.id == other.id;
    Gather::start(db, clock, Kind { name: "check_in_at_once", extent: Extent::Together, run: enter, collide })
}

fn enter<'t>(tx: &'t mut Tx, new: &'t [NewEntry], _now: Ts) -> Work<'t, Vec<Option<()>>> {
    Box::pin(async move {
        let mut made = Vec::new();
        match tx.ex() {
            Dual::Pg(pg) => made = enter_together(pg, new).await?,
            Dual::Lite(_) => {
                for entry in new {
                    if store::lock_live(tx, entry.ticket).await? && store::enter(tx, entry).await? == 1 {
                        expect_rows("let in", 1, store::mark_used(tx, entry.ticket).await?)?;
                        made.push(entry.id);
                    }
                }
            }
        }
        Ok(new.iter().map(|entry| made.contains(&entry.id).then_some(())).collect())
    })
}

async fn enter_together(pg: &mut PgConnection, new: &[NewEntry]) -> Result<Vec<Uuid>> {
    Ok(q!(
        pg pg,
        vals Uuid,
        "WITH living AS (
             SELECT n.* FROM jsonb_to_recordset($1) AS n (id UUID, ticket UUID, gate TEXT, staff UUID, at TIMESTAMPTZ)
             JOIN tickets t ON t.id = n.ticket WHERE t.status IN ('valid', 'used') FOR UPDATE OF t SKIP LOCKED),
         entered AS (
             INSERT INTO checkins (id, ticket_id, gate, staff, at) SELECT id, ticket, gate, staff, at FROM living
             ON CONFLICT DO NOTHING RETURNING id, ticket_id),
         used AS (
             UPDATE tickets t SET status = 'used' FROM entered e WHERE t.id = e.ticket_id AND t.status = 'valid')
         SELECT id FROM entered",
        Json(new)
    )?)
}
