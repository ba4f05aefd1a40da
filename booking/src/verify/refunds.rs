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
        "A payment that was paid back is so in the gateway's ledger, to the same amount.",
        "payment" as Uuid,
        "SELECT count(*) FROM payments WHERE status = 'refunded'",
        pg "SELECT count(*) OVER (), p.id, 'we say ' || CAST(p.refunded_minor AS TEXT) || ', the gateway '
                   || COALESCE(CAST(g.refunded_minor AS TEXT), 'nothing')
            FROM payments p LEFT JOIN gateway_charges g ON g.key = CAST(p.id AS TEXT)
            WHERE p.status = 'refunded' AND (g.key IS NULL OR g.refunded_minor <> p.refunded_minor)
            ORDER BY p.id LIMIT 5"
        lite "SELECT count(*) OVER (), p.id, 'we say ' || CAST(p.refunded_minor AS TEXT) || ', the gateway '
                     || COALESCE(CAST(g.refunded_minor AS TEXT), 'nothing')
              FROM payments p LEFT JOIN gateway_charges g ON g.key =
                   lower(substr(hex(p.id), 1, 8) || '-' || substr(hex(p.id), 9, 4) || '-' || substr(hex(p.id), 13, 4)
                         || '-' || substr(hex(p.id), 17, 4) || '-' || substr(hex(p.id), 21))
              WHERE p.status = 'refunded' AND (g.key IS NULL OR g.refunded_minor <> p.refunded_minor)
              ORDER BY p.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I20",
        "A booking is paid back no more than it cost, and only once it was cancelled.",
        "booking" as Uuid,
        "SELECT count(*) FROM bookings",
        "SELECT count(*) OVER (), id, 'it is ' || status || ', ' || CAST(refund_minor AS TEXT) || ' of '
                || CAST(total_minor AS TEXT) || ' goes back'
         FROM bookings WHERE refund_minor < 0 OR refund_minor > total_minor
            OR (refund_minor > 0 AND status NOT IN ('cancelled', 'refunded')) OR (refund_minor = 0 AND status = 'refunded')
         ORDER BY id LIMIT 5"
    );
    Ok(())
}
