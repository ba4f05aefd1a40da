//! Names on tickets whose holder has deleted her account: on a ticket that still opens a door the name stays until its session
//! is over, for the gate may ask for it.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use uuid::Uuid;

use super::store;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::jobs::{self, Kind, NewJob};

/// Payload of a job: whose names are to be forgotten.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Forgetting {
    user: Uuid,
}

/// Takes somebody's names off tickets, those at once that open no door any more and the others by a job after their session;
/// withdraws open offers, and forgets the addresses that tickets were offered to, hers among them.
pub async fn forget(tx: &mut Tx, app: &App, user: Uuid, now: Ts) -> Result<()> {
    store::forget_offers(tx, user).await?;
    store::forget_names(tx, user, now).await?;
    let Some(over_at) = store::names_needed_until(tx, user, now).await? else { return Ok(()) };
    let job = NewJob::now(Kind::ForgetNames, &Forgetting { user }, now).at(over_at);
    jobs::enqueue(tx, job, &app.entropy, now).await
}

/// Takes the names off that are not needed any more, and comes back when a session was moved meanwhile.
pub async fn forget_later(app: &App, Forgetting { user }: Forgetting) -> Result<()> {
    let now = app.now();
    let needed_until = app.db.write("forget_names", move |tx| {
        Box::pin(async move {
            store::forget_names(tx, user, now).await?;
            store::names_needed_until(tx, user, now).await
        })
    });
    match needed_until.await? {
        Some(until) => Err(Error::NotYet(until - now)),
        None => Ok(()),
    }
}
