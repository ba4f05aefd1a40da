//! Money: sums that agree, and money that has an outcome, by our books and by the gateway's own ledger (I3, I5, I6,
//! I22). A payment's key at the gateway is its id as text.

use shared::verify::Report;
use uuid::Uuid;

use super::look;
use crate::db::Tx;
use crate::error::Result;

pub(super) async fn check(tx: &mut Tx, report: &mut Report) -> Result<()> {
    sums(tx, report).await?;
    prices(tx, report).await?;
    ledger(tx, report).await?;
    outcomes(tx, report).await
}

async fn sums(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I3",
        "A hold's total is the sum of its seats' prices.",
        "hold" as Uuid,
        "SELECT count(*) FROM holds",
        "SELECT count(*) OVER (), h.id, 'its total is ' || CAST(h.total_minor AS TEXT)
         FROM holds h WHERE h.total_minor <> (SELECT COALESCE(sum(x.price_minor), 0) FROM hold_seats x
              WHERE x.hold_id = h.id)
         ORDER BY h.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I3",
        "A booking's total, currency and number of seats, with those given back, are those of its hold.",
        "booking" as Uuid,
        "SELECT count(*) FROM bookings",
        "SELECT count(*) OVER (), b.id,
                'its total is ' || CAST(b.total_minor AS TEXT) || ', its hold''s ' || CAST(h.total_minor AS TEXT)
         FROM bookings b JOIN holds h ON h.id = b.hold_id
         WHERE b.total_minor <> h.total_minor OR b.currency <> h.currency
            OR b.quantity + (SELECT count(*) FROM hold_seats x WHERE x.hold_id = h.id AND x.return_id IS NOT NULL) <> h.quantity
            OR b.user_id <> h.user_id OR b.session_id <> h.session_id OR b.event_id <> h.event_id
         ORDER BY b.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I3",
        "A payment asks for its booking's total in its booking's currency.",
        "payment" as Uuid,
        "SELECT count(*) FROM payments",
        "SELECT count(*) OVER (), p.id,
                'it asks for ' || CAST(p.amount_minor AS TEXT) || ' of ' || CAST(b.total_minor AS TEXT)
         FROM payments p JOIN bookings b ON b.id = p.booking_id
         WHERE p.amount_minor <> b.total_minor OR p.currency <> b.currency ORDER BY p.id LIMIT 5"
    );
    Ok(())
}

async fn prices(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I3",
        "The live tickets of a confirmed booking and those given back cost its total together.",
        "booking" as Uuid,
        "SELECT count(*) FROM bookings WHERE status IN ('confirmed', 'completed')",
        "SELECT count(*) OVER (), b.id, 'its total is ' || CAST(b.total_minor AS TEXT)
         FROM bookings b WHERE b.status IN ('confirmed', 'completed')
           AND b.total_minor <> (SELECT COALESCE(sum(t.price_minor), 0) FROM tickets t
               WHERE t.booking_id = b.id AND t.status IN ('valid', 'used'))
             + (SELECT COALESCE(sum(x.price_minor), 0) FROM hold_seats x
                WHERE x.hold_id = b.hold_id AND x.refund_minor IS NOT NULL)
         ORDER BY b.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I22",
        // The seat of a dead ticket may have been exchanged for another one.
        "A ticket costs what was shown when its seat was held, with the same fee and tax in it.",
        "ticket" as Uuid,
        "SELECT count(*) FROM tickets",
        "SELECT count(*) OVER (), t.id, 'it costs ' || CAST(t.price_minor AS TEXT)
         FROM tickets t JOIN bookings b ON b.id = t.booking_id
         LEFT JOIN hold_seats x ON x.hold_id = b.hold_id AND x.seat_id = t.seat_id
         WHERE (x.hold_id IS NULL AND t.status <> 'cancelled') OR x.price_minor <> t.price_minor
            OR x.fee_minor <> t.fee_minor OR x.tax_minor <> t.tax_minor
            OR (x.ticket_type_id <> t.ticket_type_id AND t.status <> 'cancelled')
         ORDER BY t.id LIMIT 5"
    );
    Ok(())
}

async fn ledger(tx: &mut Tx, report: &mut Report) -> Result<()> {
    // A capture is in the gateway's ledger a moment before it is in ours.
    look!(
        report,
        tx,
        "I3",
        "Money that we count as set aside or taken is so in the gateway's ledger, to the same amount.",
        "payment" as Uuid,
        "SELECT count(*) FROM payments WHERE status IN ('authorised', 'captured') AND amount_minor > 0",
        pg "SELECT count(*) OVER (), p.id, 'it is ' || p.status || ', at the gateway ' || COALESCE(g.status, 'unknown')
            FROM payments p LEFT JOIN gateway_charges g ON g.key = CAST(p.id AS TEXT)
            WHERE p.status IN ('authorised', 'captured') AND p.amount_minor > 0
              AND (g.key IS NULL OR g.amount_minor <> p.amount_minor OR g.currency <> p.currency
                   OR g.transaction_id <> p.transaction_id
                   OR NOT (g.status = 'captured' OR (g.status = 'authorised' AND p.status = 'authorised')))
            ORDER BY p.id LIMIT 5"
        lite "SELECT count(*) OVER (), p.id, 'it is ' || p.status || ', at the gateway ' || COALESCE(g.status, 'unknown')
              FROM payments p LEFT JOIN gateway_charges g ON g.key =
                   lower(substr(hex(p.id), 1, 8) || '-' || substr(hex(p.id), 9, 4) || '-' || substr(hex(p.id), 13, 4)
                         || '-' || substr(hex(p.id), 17, 4) || '-' || substr(hex(p.id), 21))
              WHERE p.status IN ('authorised', 'captured') AND p.amount_minor > 0
                AND (g.key IS NULL OR g.amount_minor <> p.amount_minor OR g.currency <> p.currency
                     OR g.transaction_id <> p.transaction_id
                     OR NOT (g.status = 'captured' OR (g.status = 'authorised' AND p.status = 'authorised')))
              ORDER BY p.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I6",
        "A booking has at most one live payment, so no callback can settle it twice.",
        "booking" as Uuid,
        "SELECT count(*) FROM payments",
        "SELECT count(*) OVER (), booking_id, CAST(count(*) AS TEXT) || ' live payments'
         FROM payments WHERE status IN ('started', 'authorised', 'captured', 'refund_owed', 'refunded')
         GROUP BY booking_id HAVING count(*) > 1 ORDER BY booking_id LIMIT 5"
    );
    Ok(())
}

async fn outcomes(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I5",
        "No confirmed seats without money: a confirmed booking has a payment set aside or taken.",
        "booking" as Uuid,
        "SELECT count(*) FROM bookings WHERE status IN ('confirmed', 'completed')",
        "SELECT count(*) OVER (), b.id, 'it is ' || b.status || ' and not paid'
         FROM bookings b WHERE b.status IN ('confirmed', 'completed') AND NOT EXISTS (SELECT 1 FROM payments p
              WHERE p.booking_id = b.id AND p.status IN ('authorised', 'captured'))
         ORDER BY b.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I5",
        "No money without seats: what the gateway keeps is for a confirmed booking, by its refund rules, or on its way.",
        "charge" as String,
        "SELECT count(*) FROM gateway_charges WHERE status IN ('authorised', 'captured')",
        pg "SELECT count(*) OVER (), g.key, 'it is ' || g.status || ', our payment ' || COALESCE(p.status, 'unknown')
                   || ', the booking ' || COALESCE(b.status, 'unknown')
            FROM gateway_charges g LEFT JOIN payments p ON CAST(p.id AS TEXT) = g.key
            LEFT JOIN bookings b ON b.id = p.booking_id
            WHERE g.status IN ('authorised', 'captured') AND g.refunded_minor < g.amount_minor
              AND (p.id IS NULL OR NOT (p.status IN ('started', 'refund_owed')
                OR EXISTS (SELECT 1 FROM returns r WHERE r.payment_id = p.id AND r.status = 'owed')
                OR (b.status IN ('confirmed', 'completed') AND p.status IN ('authorised', 'captured'))
                OR (b.status IN ('cancelled', 'refunded') AND p.status IN ('authorised', 'captured', 'refunded')
                    AND g.amount_minor - g.refunded_minor = b.total_minor - b.refund_minor)
                OR (p.status = 'failed' AND EXISTS (SELECT 1 FROM jobs j
                    WHERE j.dedupe_key = 'void:' || g.key AND j.status <> 'done'))))
            ORDER BY g.key LIMIT 5"
        lite "SELECT count(*) OVER (), g.key, 'it is ' || g.status || ', our payment ' || COALESCE(p.status, 'unknown')
                     || ', the booking ' || COALESCE(b.status, 'unknown')
              FROM gateway_charges g LEFT JOIN payments p ON p.id = unhex(replace(g.key, '-', ''))
              LEFT JOIN bookings b ON b.id = p.booking_id
              WHERE g.status IN ('authorised', 'captured') AND g.refunded_minor < g.amount_minor
                AND (p.id IS NULL OR NOT (p.status IN ('started', 'refund_owed')
                  OR EXISTS (SELECT 1 FROM returns r WHERE r.payment_id = p.id AND r.status = 'owed')
                  OR (b.status IN ('confirmed', 'completed') AND p.status IN ('authorised', 'captured'))
                  OR (b.status IN ('cancelled', 'refunded') AND p.status IN ('authorised', 'captured', 'refunded')
                      AND g.amount_minor - g.refunded_minor = b.total_minor - b.refund_minor)
                  OR (p.status = 'failed' AND EXISTS (SELECT 1 FROM jobs j
                      WHERE j.dedupe_key = 'void:' || g.key AND j.status <> 'done'))))
              ORDER BY g.key LIMIT 5"
    );
    Ok(())
}
