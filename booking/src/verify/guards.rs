//! The constraints that have the last word are there, and the file is sound (I26): a restored backup or a hand at the
//! schema may have lost them.

use shared::verify::{Checked, Report};

use crate::db::Tx;
use crate::error::Result;
use crate::q;

/// Unique indexes without which two requests could both win.
const LAST_WORDS: [&str; 16] = [
    "audit_entries_seq",
    "bookings_hold",
    "booking_sessions_jti",
    "checkin_exits_once",
    "checkins_once",
    "gate_devices_code",
    "gate_devices_token",
    "jobs_dedupe",
    "payments_one_live",
    "seats_label",
    "tickets_code",
    "tickets_one_live_per_seat",
    "transfers_one_offer",
    "users_email",
    "waiting_list_hold",
    "waiting_list_once",
];

/// Triggers that refuse what no program may do.
const REFUSALS: [&str; 11] = [
    "audit_checkpoints_last",
    "audit_entries_last",
    "audit_entries_stay",
    "booking_sessions_transitions",
    "bookings_transitions",
    "holds_transitions",
    "payments_transitions",
    "returns_transitions",
    "tickets_transitions",
    "transfers_transitions",
    "waiting_list_transitions",
];

/// Columns that refer to another table.
const REFERENCES: [&str; 68] = [
    "booking_sessions.user_id",
    "bookings.event_id",
    "bookings.hold_id",
    "bookings.session_id",
    "bookings.user_id",
    "charges.event_id",
    "checkin_conflicts.staff",
    "checkin_conflicts.ticket_id",
    "checkin_exits.staff",
    "checkin_exits.ticket_id",
    "checkins.staff",
    "checkins.ticket_id",
    "events.created_by",
    "events.venue_id",
    "feedback.event_id",
    "feedback.user_id",
    "gate_devices.event_id",
    "gate_devices.made_by",
    "gateway_refunds.charge_key",
    "hold_seats.hold_id",
    "hold_seats.seat_id",
    "holds.event_id",
    "holds.session_id",
    "holds.user_id",
    "identities.user_id",
    "layouts.venue_id",
    "logins.user_id",
    "magic_links.user_id",
    "mail_links.user_id",
    "organiser_requests.decided_by",
    "organiser_requests.user_id",
    "payment_events.payment_id",
    "payments.booking_id",
    "phones.user_id",
    "postponements.event_id",
    "promo_codes.event_id",
    "promo_uses.hold_id",
    "promo_uses.promo_id",
    "recovery_codes.user_id",
    "refresh_tokens.login_id",
    "returns.booking_id",
    "returns.payment_id",
    "rsvps.ticket_id",
    "rsvps.user_id",
    "seats.session_id",
    "seats.ticket_type_id",
    "sessions.event_id",
    "sessions.layout_id",
    "shoppers.event_id",
    "shoppers.user_id",
    "ticket_types.session_id",
    "tickets.booking_id",
    "tickets.event_id",
    "tickets.seat_id",
    "tickets.session_id",
    "tickets.user_id",
    "totp.user_id",
    "transfers.from_user",
    "transfers.ticket_id",
    "venues.created_by",
    "waiting_list.hold_id",
    "waiting_list.session_id",
    "waiting_list.ticket_type_id",
    "waiting_list.user_id",
    "webhook_attempts.delivery_id",
    "webhook_deliveries.endpoint_id",
    "webhook_deliveries.message_id",
    "webhook_endpoints.owner_id",
];

pub(super) async fn check(tx: &mut Tx, report: &mut Report) -> Result<()> {
    let indexes = q!(
        tx.ex(),
        vals String,
        pg "SELECT CAST(c.relname AS TEXT) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE i.indisunique AND i.indisvalid"
        lite "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE INDEX %'"
    )?;
    report.push(missing("Every unique index that has the last word stands.", "index", &LAST_WORDS, &indexes));
    let triggers = q!(
        tx.ex(),
        vals String,
        pg "SELECT CAST(tgname AS TEXT) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        lite "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    )?;
    let sentence =
        "Every trigger stands that refuses a step from one status to another, or a change of the log.";
    report.push(missing(sentence, "trigger", &REFUSALS, &triggers));
    let references = q!(
        tx.ex(),
        vals String,
        pg "SELECT CAST(c.relname AS TEXT) || '.' || CAST(a.attname AS TEXT) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE k.contype = 'f'"
        lite "SELECT m.name || '.' || f.\"from\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
              WHERE m.type = 'table'"
    )?;
    report.push(missing("Every reference is declared.", "reference", &REFERENCES, &references));
    leads_somewhere(tx, report, references.len()).await
}

async fn leads_somewhere(tx: &mut Tx, report: &mut Report, references: usize) -> Result<()> {
    let wrong = q!(
        tx.ex(),
        vals String,
        pg "SELECT CAST(conname AS TEXT) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated ORDER BY conname"
        lite "SELECT 'row ' || COALESCE(CAST(\"rowid\" AS TEXT), '?') || ' of ' || \"table\" FROM pragma_foreign_key_check LIMIT 100"
    )?;
    let mut checked = Checked::new("I26", "Every reference leads somewhere.", references as u64);
    wrong.into_iter().for_each(|reference| checked.offend(|| reference));
    report.push(checked);
    Ok(())
}

/// Which of the `wanted` parts of the schema are not among those `standing`.
fn missing(sentence: &'static str, what: &str, wanted: &[&str], standing: &[String]) -> Checked {
    let mut checked = Checked::new("I26", sentence, wanted.len() as u64);
    for name in wanted.iter().filter(|name| !standing.iter().any(|known| known == *name)) {
        checked.offend(|| format!("{what} {name} is missing; restore it from the migrations"));
    }
    checked
}

#[cfg(test)]
mod tests {
    use shared::entropy::Entropy;

    use super::*;
    use crate::db::Db;

    /// A part that a migration adds and nobody lists would be missed by nobody.
    #[tokio::test]
    async fn the_lists_are_those_of_the_migrations() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open_sqlite(&dir.path().join("t.db"), 1, Entropy::seeded(1)).await.unwrap();
        db.migrate().await.unwrap();
        let references = q!(
            db.ex(),
            vals String,
            "SELECT m.name || '.' || f.\"from\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
             WHERE m.type = 'table' ORDER BY 1"
        );
        assert_eq!(references.unwrap(), REFERENCES);
        let triggers = q!(
            db.ex(),
            vals String,
            // SQLite has no trigger for several events: its log has one more.
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name <> 'audit_checkpoints_stay' ORDER BY 1"
        );
        assert_eq!(triggers.unwrap(), REFUSALS);
    }
}
