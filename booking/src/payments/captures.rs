//! Taking the money of what was sold, of many payments with one statement a step (decision 58): one such job follows every
//! purchase.

use serde::{Deserialize, Serialize};
use shared::clock::{Clock, Ts};
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::gateway::Standing;
use super::jobs::note;
use super::store;
use crate::app::App;
use crate::db::{Db, Dual, Extent, Gather, Kind, Tx, Work};
use crate::error::{Error, Result};
use crate::jobs::{self, NewJob};
use crate::q;

/// Payload of [`Kind::CapturePayment`](jobs::Kind::CapturePayment).
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Capture {
    payment: Uuid,
}

/// The job that captures an authorised payment.
pub fn capture_of(payment: Uuid, now: Ts) -> NewJob {
    let capture = NewJob::now(jobs::Kind::CapturePayment, &Capture { payment }, now);
    capture.once(format!("capture:{payment}"))
}

/// Looks at payments and notes what was taken, for many jobs at once.
pub struct Captures {
    /// Where payments stand; `None` when there is no such payment.
    standings: Gather<Uuid, String>,
    /// Payments that were `authorised` and are `captured`; `None` for one that is not, or is being seen to by somebody else.
    notes: Gather<Uuid, ()>,
}

impl Captures {
    /// Starts to take payments.
    pub fn start(db: &Db, clock: &Clock) -> Self {
        let (extent, collide) = (Extent::Soon, |one: &Uuid, other: &Uuid| one == other);
        let standings = Kind { name: "look_at_payments", extent, run: look, collide };
        let notes = Kind { name: "note_captures", extent, run: note_captured, collide };
        Self { standings: Gather::start(db, clock, standings), notes: Gather::start(db, clock, notes) }
    }
}

/// Captures an authorised payment. One that is owed back meanwhile is left to its refund. May run any number of times.
pub async fn capture(app: &App, Capture { payment }: Capture) -> Result<()> {
    let standing = app.captures.standings.one(payment).await?;
    if standing.as_deref() != Some("authorised") {
        return Ok(());
    }
    match app.gateway.capture(&payment.to_string()).await? {
        Standing::Captured { .. } => match app.captures.notes.one(payment).await? {
            Some(()) => Ok(()),
            None => note(app, payment, "captured").await,
        },
        standing => Err(Error::Internal(format!("payment {payment} could not be captured: {standing:?}"))),
    }
}

#[derive(FromRow)]
struct Stands {
    id: Uuid,
    status: String,
}

fn look<'t>(tx: &'t mut Tx, payments: &'t [Uuid], _now: Ts) -> Work<'t, Vec<Option<String>>> {
    Box::pin(async move {
        let mut found: Vec<Stands> = q!(
            tx.ex(),
            all Stands,
            pg "SELECT p.id, p.status FROM jsonb_array_elements_text($1) AS wanted JOIN payments p ON p.id = CAST(wanted AS UUID)"
            lite "SELECT p.id, p.status FROM json_each($1) w JOIN payments p ON p.id = unhex(w.value, '-')",
            Json(payments)
        )?;
        let mut of = |id: &Uuid| found.extract_if(.., |one| one.id == *id).next().map(|one| one.status);
        Ok(payments.iter().map(&mut of).collect())
    })
}

fn note_captured<'t>(tx: &'t mut Tx, payments: &'t [Uuid], now: Ts) -> Work<'t, Vec<Option<()>>> {
    Box::pin(async move {
        if let Dual::Pg(pg) = tx.ex() {
            let noted = note_together(pg, payments, now).await?;
            return Ok(payments.iter().map(|payment| noted.contains(payment).then_some(())).collect());
        }
        let mut noted = Vec::with_capacity(payments.len());
        for payment in payments {
            let is_new = store::advance(tx, *payment, "authorised", "captured", None, now).await?;
            noted.push(is_new.then_some(()));
        }
        Ok(noted)
    })
}

async fn note_together(pg: &mut PgConnection, payments: &[Uuid], now: Ts) -> Result<Vec<Uuid>> {
    Ok(q!(
        pg pg,
        vals Uuid,
        "UPDATE payments SET status = 'captured', updated_at = $2
         WHERE id IN (SELECT p.id FROM jsonb_array_elements_text($1) AS wanted JOIN payments p ON p.id = CAST(wanted AS UUID)
                      WHERE p.status = 'authorised' FOR UPDATE OF p SKIP LOCKED)
         RETURNING id",
        Json(payments),
        now
    )?)
}
