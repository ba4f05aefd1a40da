//! Checks over the tables that what Rushline promises is true of them, whatever has happened.
//!
//! Each check is a sentence of an invariant and two statements: how many rows it is about, and the first of those that
//! break it, with their ids. Nothing but ids, states and figures is told. All statements read one state
//! ([`Db::snapshot`](crate::db::Db::snapshot)), so a check beside a running server sees no purchase half made; what may
//! stand between two transactions of one purchase is part of the sentence. Like [`crate::analytics`] it reads any
//! table and writes none.
//!
//! What a table cannot tell has its tests elsewhere: that an acknowledged write survives (I4), who may see what
//! (I24), that memory is bounded (I27).

mod audit;
mod guards;
mod idempotency;
mod jobs;
mod limits;
mod money;
mod refunds;
mod seats;
mod states;
mod tickets;

pub use audit::kept_elsewhere;
use shared::clock::Ts;
use shared::keys::KeyRing;
use shared::verify::{Checked, Report};
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::q;

/// Looks into everything and tells what it found. `now` decides which holds and sessions are over; `audit_keys` are
/// those that sign the audit log, if they are at hand.
///
/// # Errors
/// When the database cannot be read, or is not migrated.
pub async fn verify(db: &Db, audit_keys: Option<&KeyRing>, now: Ts) -> Result<Report> {
    look_into(&mut db.snapshot().await?, audit_keys, now).await
}

/// The same within a transaction of the caller's.
///
/// # Errors
/// As [`verify`].
pub async fn look_into(tx: &mut Tx, audit_keys: Option<&KeyRing>, now: Ts) -> Result<Report> {
    let mut report = Report::default();
    seats::check(tx, &mut report, now).await?;
    money::check(tx, &mut report).await?;
    refunds::check(tx, &mut report).await?;
    tickets::check(tx, &mut report).await?;
    limits::check(tx, &mut report, now).await?;
    states::check(tx, &mut report).await?;
    jobs::check(tx, &mut report, now).await?;
    idempotency::check(tx, &mut report).await?;
    guards::check(tx, &mut report).await?;
    audit::check(tx, &mut report, audit_keys).await?;
    report.sort();
    Ok(report)
}

/// An admission that was used here.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Admission {
    /// The booking session it opened.
    pub id: Uuid,
    /// The room it is of.
    pub room: String,
    /// The place it was given to.
    pub place_id: Uuid,
    /// The admission.
    pub jti: Uuid,
    /// When it was used first.
    pub opened_at: Ts,
}

/// A page of the admissions used, by id behind `after`, to be compared with the waiting room's lines.
///
/// # Errors
/// When the database cannot be read.
pub async fn admissions(tx: &mut Tx, after: Option<Uuid>, most: i64) -> Result<Vec<Admission>> {
    Ok(q!(
        tx.ex(),
        all Admission,
        "SELECT id, room, place_id, jti, opened_at FROM booking_sessions WHERE id > $1 ORDER BY id LIMIT $2",
        after.unwrap_or_default(),
        most
    )?)
}

/// What a statement about offenders returns: how many there are in all, the id of one, and what is wrong with it.
type Offender<T> = (i64, T, String);

/// Adds one sentence to the report.
///
/// `look!(report, tx, "I1", "Sentence.", "seat" as i64, "SELECT count(*) …", "SELECT count(*) OVER (), id, why … LIMIT
/// 5")`: the first statement counts the rows that the sentence is about; the second finds those that break it. A second
/// text for SQLite is written as in [`q!`](crate::q).
macro_rules! look {
    ($report:ident, $tx:ident, $invariant:literal, $sentence:literal, $what:literal as $id:ty, $rows:literal,
     pg $pg:literal lite $lite:literal $(, $bind:expr)* $(,)?) => {{
        let rows = $crate::q!($tx.ex(), val i64, $rows)?;
        let found = $crate::q!($tx.ex(), all (i64, $id, String), pg $pg lite $lite $(, $bind)*)?;
        $report.push($crate::verify::told($invariant, $sentence, rows, $what, found));
    }};
    ($report:ident, $tx:ident, $invariant:literal, $sentence:literal, $what:literal as $id:ty, $rows:literal,
     $broken:literal $(, $bind:expr)* $(,)?) => {
        $crate::verify::look!($report, $tx, $invariant, $sentence, $what as $id, $rows, pg $broken lite $broken $(, $bind)*)
    };
}
use look;

fn told<T: std::fmt::Display>(
    invariant: &'static str,
    sentence: &'static str,
    rows: i64,
    what: &str,
    found: Vec<Offender<T>>,
) -> Checked {
    let mut checked = Checked::new(invariant, sentence, rows.unsigned_abs());
    checked.broken = found.first().map_or(0, |(all, _, _)| all.unsigned_abs());
    checked.offenders = found.into_iter().map(|(_, id, why)| format!("{what} {id}: {why}")).collect();
    checked
}
