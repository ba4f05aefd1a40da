//! The constraints that have the last word are there, and the file is sound (I26): a restored backup or a hand at the
//! schema may have lost them.

use shared::verify::{Checked, Report};

use crate::db::Tx;
use crate::error::Result;
use crate::q;

/// Unique indexes without which two requests could both win.
const LAST_WORDS: [&str; 11] = [
    "audit_entries_seq",
    "bookings_hold",
    "booking_sessions_jti",
    "checkins_once",
    "jobs_dedupe",
    "payments_one_live",
    "seats_label",
    "tickets_code",
    "tickets_one_live_per_seat",
    "transfers_one_offer",
    "users_email",
];

pub(super) async fn check(tx: &mut Tx, report: &mut Report) -> Result<()> {
    let standing = q!(
        tx.ex(),
        vals String,
        pg "SELECT CAST(c.relname AS TEXT) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indisunique AND i.indisvalid"
        lite "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE INDEX %'"
    )?;
    let mut checked =
        Checked::new("I26", "Every unique index that has the last word stands.", LAST_WORDS.len() as u64);
    for name in LAST_WORDS.iter().filter(|name| !standing.iter().any(|known| known == *name)) {
        checked.offend(|| format!("index {name} is missing; restore it from the migrations"));
    }
    report.push(checked);
    let wrong = q!(
        tx.ex(),
        vals String,
        pg "SELECT CAST(conname AS TEXT) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated ORDER BY conname"
        lite "SELECT 'row ' || COALESCE(CAST(\"rowid\" AS TEXT), '?') || ' of ' || \"table\" FROM pragma_foreign_key_check LIMIT 100"
    )?;
    let mut checked = Checked::new("I26", "Every reference leads somewhere.", standing.len() as u64);
    wrong.into_iter().for_each(|reference| checked.offend(|| reference));
    report.push(checked);
    Ok(())
}
