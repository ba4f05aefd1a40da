//! Admissions and personal limits (I10, I11, I21).

use shared::clock::Ts;
use shared::verify::Report;
use uuid::Uuid;

use super::look;
use crate::db::Tx;
use crate::error::Result;

pub(super) async fn check(tx: &mut Tx, report: &mut Report, now: Ts) -> Result<()> {
    admissions(tx, report).await?;
    // A limit that was lowered binds what is taken from then on.
    look!(
        report,
        tx,
        "I21",
        "Nobody holds and owns more tickets of an event than one person may.",
        "event" as i64,
        "SELECT count(*) FROM shoppers",
        "SELECT count(*) OVER (), e.id, CAST(sum(k.quantity) AS TEXT) || ' tickets of one person, '
                || CAST(e.per_person_limit AS TEXT) || ' allowed'
         FROM (SELECT h.event_id, h.user_id, h.quantity, h.created_at FROM holds h
               WHERE h.status = 'active' AND h.kept_until > $1
               UNION ALL
               SELECT b.event_id, b.user_id, b.quantity, b.created_at FROM bookings b
               WHERE b.status IN ('confirmed', 'completed')) k
         JOIN events e ON e.id = k.event_id
         GROUP BY e.id, e.per_person_limit, e.updated_at, k.user_id
         HAVING sum(k.quantity) > e.per_person_limit AND max(k.created_at) >= e.updated_at
         ORDER BY e.id LIMIT 5",
        now
    );
    Ok(())
}

async fn admissions(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I10",
        "An admission has opened at most one booking session.",
        "admission" as Uuid,
        "SELECT count(*) FROM booking_sessions",
        "SELECT count(*) OVER (), jti, CAST(count(*) AS TEXT) || ' booking sessions'
         FROM booking_sessions GROUP BY jti HAVING count(*) > 1 ORDER BY jti LIMIT 5"
    );
    look!(
        report,
        tx,
        "I10",
        "A hold behind a waiting room was placed by the person who was admitted to its event.",
        "hold" as Uuid,
        "SELECT count(*) FROM holds WHERE booking_session_id IS NOT NULL",
        "SELECT count(*) OVER (), h.id, 'its booking session is missing or another''s'
         FROM holds h LEFT JOIN booking_sessions s ON s.id = h.booking_session_id
         WHERE h.booking_session_id IS NOT NULL
           AND (s.id IS NULL OR s.user_id <> h.user_id OR s.event_id <> h.event_id)
         ORDER BY h.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I11",
        "No admission was used at or after its end, to come in or to hold seats.",
        "booking session" as Uuid,
        "SELECT count(*) FROM booking_sessions",
        "SELECT count(*) OVER (), s.id, 'it is ' || s.status FROM booking_sessions s
         WHERE s.opened_at >= s.expires_at OR EXISTS (SELECT 1 FROM holds h
               WHERE h.user_id = s.user_id AND h.event_id = s.event_id AND h.booking_session_id = s.id
                 AND (h.created_at >= s.expires_at OR h.created_at < s.opened_at))
         ORDER BY s.id LIMIT 5"
    );
    // Nodes' clocks may be ten seconds apart, and a hold takes a moment.
    look!(
        report,
        tx,
        "I11",
        "Nobody held seats with an admission that had been taken back a quarter of a minute before.",
        "hold" as Uuid,
        "SELECT count(*) FROM revocations",
        pg "SELECT count(*) OVER (), h.id, 'its booking session is ' || s.status
            FROM revocations r JOIN booking_sessions s ON s.place_id = r.place_id
            JOIN holds h ON h.user_id = s.user_id AND h.event_id = s.event_id AND h.booking_session_id = s.id
            WHERE h.created_at > r.revoked_at + INTERVAL '15 seconds' ORDER BY h.id LIMIT 5"
        lite "SELECT count(*) OVER (), h.id, 'its booking session is ' || s.status
              FROM revocations r JOIN booking_sessions s ON s.place_id = r.place_id
              JOIN holds h ON h.user_id = s.user_id AND h.event_id = s.event_id AND h.booking_session_id = s.id
              WHERE h.created_at > r.revoked_at + 15000000 ORDER BY h.id LIMIT 5"
    );
    Ok(())
}
