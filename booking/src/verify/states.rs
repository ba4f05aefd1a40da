//! States and what goes with them: only what the listed transitions lead to (I25).

use shared::verify::Report;
use uuid::Uuid;

use super::look;
use crate::db::Tx;
use crate::error::Result;

pub(super) async fn check(tx: &mut Tx, report: &mut Report) -> Result<()> {
    bookings(tx, report).await?;
    others(tx, report).await
}

async fn bookings(tx: &mut Tx, report: &mut Report) -> Result<()> {
    // Two nodes whose clocks are five seconds wrong, each to its side, are ten apart.
    look!(
        report,
        tx,
        "I25",
        "A booking has the instants that its state passed through, and no others.",
        "booking" as Uuid,
        "SELECT count(*) FROM bookings",
        pg "SELECT count(*) OVER (), id, 'it is ' || status FROM bookings
            WHERE (status IN ('confirmed', 'completed', 'refunded') AND confirmed_at IS NULL)
               OR (status IN ('pending', 'expired') AND confirmed_at IS NOT NULL)
               OR (status IN ('cancelled', 'refunded')) <> (cancelled_at IS NOT NULL)
               OR LEAST(confirmed_at, cancelled_at) < created_at - INTERVAL '10 seconds'
            ORDER BY id LIMIT 5"
        lite "SELECT count(*) OVER (), id, 'it is ' || status FROM bookings
              WHERE (status IN ('confirmed', 'completed', 'refunded') AND confirmed_at IS NULL)
                 OR (status IN ('pending', 'expired') AND confirmed_at IS NOT NULL)
                 OR (status IN ('cancelled', 'refunded')) <> (cancelled_at IS NOT NULL)
                 OR confirmed_at < created_at - 10000000 OR cancelled_at < created_at - 10000000
              ORDER BY id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I25",
        "A hold is booked if, and only if, its booking was confirmed; an unpaid booking's hold is not.",
        "hold" as Uuid,
        "SELECT count(*) FROM holds",
        "SELECT count(*) OVER (), h.id, 'it is ' || h.status || ', its booking ' || COALESCE(b.status, 'missing')
         FROM holds h LEFT JOIN bookings b ON b.hold_id = h.id
         WHERE (h.status = 'booked') <> (b.confirmed_at IS NOT NULL) ORDER BY h.id LIMIT 5"
    );
    Ok(())
}

async fn others(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I25",
        "A payment has what its state says: the gateway's name once money is set aside, a reason when it failed.",
        "payment" as Uuid,
        "SELECT count(*) FROM payments",
        "SELECT count(*) OVER (), id, 'it is ' || status FROM payments
         WHERE (status IN ('authorised', 'captured') AND transaction_id IS NULL)
            OR (status = 'failed') <> (failure IS NOT NULL)
            OR (status <> 'refunded' AND refunded_minor <> (SELECT COALESCE(sum(r.refund_minor), 0) FROM returns r
                WHERE r.payment_id = payments.id AND r.status = 'paid'))
         ORDER BY id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I25",
        "A booking session that is over has an end, and a finished one a booking.",
        "booking session" as Uuid,
        "SELECT count(*) FROM booking_sessions",
        "SELECT count(*) OVER (), s.id, 'it is ' || s.status FROM booking_sessions s
         WHERE (s.status = 'open') <> (s.ended_at IS NULL)
            OR (s.status = 'finished' AND NOT EXISTS (SELECT 1 FROM holds h
                WHERE h.user_id = s.user_id AND h.event_id = s.event_id AND h.booking_session_id = s.id
                  AND h.status = 'booked'))
         ORDER BY s.id LIMIT 5"
    );
    Ok(())
}
