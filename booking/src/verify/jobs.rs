//! What follows a fact is queued with it, once (I18).

use shared::clock::Ts;
use shared::verify::Report;
use time::Duration;
use uuid::Uuid;

use super::look;
use crate::db::Tx;
use crate::error::Result;

/// Done jobs are forgotten some time later; facts so old are not asked for theirs.
const REMEMBERED: Duration = Duration::days(13);

pub(super) async fn check(tx: &mut Tx, report: &mut Report, now: Ts) -> Result<()> {
    let since = now - REMEMBERED;
    look!(
        report,
        tx,
        "I18",
        "The confirmation and the tickets of a booking of the last 13 days were queued as mails, once each.",
        "booking" as Uuid,
        "SELECT count(*) FROM bookings WHERE confirmed_at IS NOT NULL",
        pg "SELECT count(*) OVER (), b.id, 'a mail is missing' FROM bookings b
            WHERE b.confirmed_at > $1 AND 2 <> (SELECT count(*) FROM jobs j WHERE j.dedupe_key IN
                  ('booking-confirmed:' || CAST(b.id AS TEXT), 'tickets-ready:' || CAST(b.id AS TEXT)))
            ORDER BY b.id LIMIT 5"
        lite "SELECT count(*) OVER (), b.id, 'a mail is missing'
              FROM (SELECT id, lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-'
                                     || substr(hex(id), 13, 4) || '-' || substr(hex(id), 17, 4) || '-'
                                     || substr(hex(id), 21)) AS name FROM bookings WHERE confirmed_at > $1) b
              WHERE 2 <> (SELECT count(*) FROM jobs j
                          WHERE j.dedupe_key IN ('booking-confirmed:' || b.name, 'tickets-ready:' || b.name))
              ORDER BY b.id LIMIT 5",
        since
    );
    look!(
        report,
        tx,
        "I18",
        "A job is queued once for its key, leased while it runs and only then, and done at an instant.",
        "job" as Uuid,
        "SELECT count(*) FROM jobs",
        "SELECT count(*) OVER (), j.id, 'a ' || j.kind || ' that is ' || j.status FROM jobs j
         WHERE (j.status = 'running') <> (j.lease IS NOT NULL AND j.lease_until IS NOT NULL)
            OR (j.status = 'done') <> (j.done_at IS NOT NULL)
            OR j.dedupe_key IN (SELECT d.dedupe_key FROM jobs d WHERE d.dedupe_key IS NOT NULL
                                GROUP BY d.dedupe_key HAVING count(*) > 1)
         ORDER BY j.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I18",
        "The departure of a booking session that ended in the last 13 days was queued.",
        "booking session" as Uuid,
        "SELECT count(*) FROM booking_sessions WHERE ended_at IS NOT NULL",
        pg "SELECT count(*) OVER (), s.id, 'it is ' || s.status FROM booking_sessions s
            WHERE s.ended_at > $1 AND NOT EXISTS (SELECT 1 FROM jobs j
                  WHERE j.dedupe_key = 'departure:' || CAST(s.jti AS TEXT))
            ORDER BY s.id LIMIT 5"
        lite "SELECT count(*) OVER (), s.id, 'it is ' || s.status FROM booking_sessions s
              WHERE s.ended_at > $1 AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.dedupe_key = 'departure:'
                    || lower(substr(hex(s.jti), 1, 8) || '-' || substr(hex(s.jti), 9, 4) || '-'
                             || substr(hex(s.jti), 13, 4) || '-' || substr(hex(s.jti), 17, 4) || '-'
                             || substr(hex(s.jti), 21)))
              ORDER BY s.id LIMIT 5",
        since
    );
    Ok(())
}
