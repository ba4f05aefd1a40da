//! Money that goes back: owed by name, never more than was taken, the same in both books (I5, I20).

use shared::verify::Report;
use uuid::Uuid;

use super::look;
use crate::db::Tx;
use crate::error::Result;

pub(super) async fn check(tx: &mut Tx, report: &mut Report) -> Result<()> {
    owed(tx, report).await?;
    paid_back(tx, report).await
}

/// What a job has still to do is there as a job, or as a dead letter that an admin sees.
async fn owed(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I5",
        "Money that is owed back, or not taken yet, has a job that sees to it.",
        "payment" as Uuid,
        "SELECT count(*) FROM payments WHERE status IN ('authorised', 'refund_owed')",
        pg "SELECT count(*) OVER (), p.id, 'it is ' || p.status || ' and nobody sees to it'
            FROM payments p WHERE p.status IN ('authorised', 'refund_owed') AND NOT EXISTS (SELECT 1 FROM jobs j
                 WHERE j.status <> 'done' AND j.dedupe_key =
                       CASE p.status WHEN 'authorised' THEN 'capture:' ELSE 'refund:' END || CAST(p.id AS TEXT))
            ORDER BY p.id LIMIT 5"
        lite "SELECT count(*) OVER (), p.id, 'it is ' || p.status || ' and nobody sees to it'
              FROM payments p WHERE p.status IN ('authorised', 'refund_owed') AND NOT EXISTS (SELECT 1 FROM jobs j
                   WHERE j.status <> 'done' AND j.dedupe_key =
                         CASE p.status WHEN 'authorised' THEN 'capture:' ELSE 'refund:' END
                         || lower(substr(hex(p.id), 1, 8) || '-' || substr(hex(p.id), 9, 4) || '-'
                                  || substr(hex(p.id), 13, 4) || '-' || substr(hex(p.id), 17, 4) || '-'
                                  || substr(hex(p.id), 21)))
              ORDER BY p.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I5",
        "What is owed for tickets that were given back has a job that sees to it.",
        "return" as Uuid,
        "SELECT count(*) FROM returns",
        pg "SELECT count(*) OVER (), r.id, 'nobody sees to it' FROM returns r
            WHERE r.status = 'owed' AND NOT EXISTS (SELECT 1 FROM jobs j
                WHERE j.status <> 'done' AND j.dedupe_key = 'return:' || CAST(r.id AS TEXT))
            ORDER BY r.id LIMIT 5"
        lite "SELECT count(*) OVER (), r.id, 'nobody sees to it' FROM returns r
              WHERE r.status = 'owed' AND NOT EXISTS (SELECT 1 FROM jobs j
                  WHERE j.status <> 'done' AND j.dedupe_key = 'return:'
                        || lower(substr(hex(r.id), 1, 8) || '-' || substr(hex(r.id), 9, 4) || '-'
                                 || substr(hex(r.id), 13, 4) || '-' || substr(hex(r.id), 17, 4) || '-'
                                 || substr(hex(r.id), 21)))
              ORDER BY r.id LIMIT 5"
    );
    Ok(())
}

async fn paid_back(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I20",
        "The gateway has paid back what its refunds sum to, and no more than it took.",
        "charge" as String,
        "SELECT count(*) FROM gateway_charges",
        "SELECT count(*) OVER (), g.key, 'it has paid back ' || CAST(g.refunded_minor AS TEXT) || ' of '
                || CAST(g.amount_minor AS TEXT)
         FROM gateway_charges g LEFT JOIN (SELECT charge_key, sum(amount_minor) AS amount_minor FROM gateway_refunds
                                           GROUP BY charge_key) r ON r.charge_key = g.key
         WHERE g.refunded_minor <> COALESCE(r.amount_minor, 0) OR g.refunded_minor > g.amount_minor
            OR (g.refunded_minor > 0 AND g.status <> 'captured')
         ORDER BY g.key LIMIT 5"
    );
    look!(
        report,
        tx,
        "I20",
        "A payment that was paid back, whole or in part, is so in the gateway's ledger, to the same amount.",
        "payment" as Uuid,
        "SELECT count(*) FROM payments WHERE status = 'refunded' OR refunded_minor > 0",
        pg "SELECT count(*) OVER (), p.id, 'we say ' || CAST(p.refunded_minor AS TEXT) || ', the gateway '
                   || COALESCE(CAST(g.refunded_minor AS TEXT), 'nothing')
            FROM payments p LEFT JOIN gateway_charges g ON g.key = CAST(p.id AS TEXT)
            WHERE (p.status = 'refunded' OR (p.refunded_minor > 0 AND p.status <> 'refund_owed'))
              AND (g.key IS NULL OR g.refunded_minor <> p.refunded_minor)
              AND NOT EXISTS (SELECT 1 FROM returns r WHERE r.payment_id = p.id AND r.status = 'owed')
            ORDER BY p.id LIMIT 5"
        lite "SELECT count(*) OVER (), p.id, 'we say ' || CAST(p.refunded_minor AS TEXT) || ', the gateway '
                     || COALESCE(CAST(g.refunded_minor AS TEXT), 'nothing')
              FROM payments p LEFT JOIN gateway_charges g ON g.key =
                   lower(substr(hex(p.id), 1, 8) || '-' || substr(hex(p.id), 9, 4) || '-' || substr(hex(p.id), 13, 4)
                         || '-' || substr(hex(p.id), 17, 4) || '-' || substr(hex(p.id), 21))
              WHERE (p.status = 'refunded' OR (p.refunded_minor > 0 AND p.status <> 'refund_owed'))
                AND (g.key IS NULL OR g.refunded_minor <> p.refunded_minor)
                AND NOT EXISTS (SELECT 1 FROM returns r WHERE r.payment_id = p.id AND r.status = 'owed')
              ORDER BY p.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I20",
        "A booking is paid back no more than it cost, and only once tickets of it were given back or it was cancelled.",
        "booking" as Uuid,
        "SELECT count(*) FROM bookings",
        "SELECT count(*) OVER (), id, 'it is ' || status || ', ' || CAST(refund_minor AS TEXT) || ' of '
                || CAST(total_minor AS TEXT) || ' goes back'
         FROM bookings WHERE refund_minor < 0 OR refund_minor > total_minor
            OR (refund_minor > 0 AND status NOT IN ('cancelled', 'refunded') AND NOT EXISTS (
                SELECT 1 FROM returns r WHERE r.booking_id = bookings.id)) OR (refund_minor = 0 AND status = 'refunded')
         ORDER BY id LIMIT 5"
    );
    // Bookings that were cancelled before it was noted by the seat have nothing there.
    look!(
        report,
        tx,
        "I20",
        "What goes back of a booking is what goes back for its seats, and of a return for the seats of that return.",
        "booking" as Uuid,
        "SELECT count(*) FROM bookings",
        "SELECT count(*) OVER (), b.id, CAST(b.refund_minor AS TEXT) || ' goes back'
         FROM bookings b
         WHERE ((b.status IN ('confirmed', 'completed') OR EXISTS (SELECT 1 FROM hold_seats y
                 WHERE y.hold_id = b.hold_id AND y.refund_minor IS NOT NULL))
                AND b.refund_minor <> (SELECT COALESCE(sum(x.refund_minor), 0) FROM hold_seats x WHERE x.hold_id = b.hold_id))
            OR EXISTS (SELECT 1 FROM returns r WHERE r.booking_id = b.id AND r.refund_minor <> (
                SELECT COALESCE(sum(x.refund_minor), 0) FROM hold_seats x WHERE x.hold_id = b.hold_id AND x.return_id = r.id))
         ORDER BY b.id LIMIT 5"
    );
    Ok(())
}
