//! Seats: sold once, held until the deadline and no longer, as many as announced (I1, I2, I8, I9).

use shared::clock::Ts;
use shared::verify::Report;
use uuid::Uuid;

use super::look;
use crate::db::Tx;
use crate::error::Result;

pub(super) async fn check(tx: &mut Tx, report: &mut Report, now: Ts) -> Result<()> {
    sold_once(tx, report).await?;
    held_once(tx, report, now).await?;
    never_more_than_announced(tx, report).await?;
    deadlines(tx, report, now).await
}

async fn sold_once(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I1",
        "A seat has at most one live ticket.",
        "seat" as i64,
        "SELECT count(*) FROM tickets WHERE status IN ('valid', 'used')",
        "SELECT count(*) OVER (), seat_id, CAST(count(*) AS TEXT) || ' live tickets'
         FROM tickets WHERE status IN ('valid', 'used') GROUP BY seat_id HAVING count(*) > 1 ORDER BY seat_id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I1",
        "A sold seat has a live ticket of the booking that bought it.",
        "seat" as i64,
        "SELECT count(*) FROM seats WHERE state = 'sold'",
        "SELECT count(*) OVER (), s.id, 'it is sold and has no ticket' FROM seats s
         WHERE s.state = 'sold' AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.seat_id = s.id
               AND t.booking_id = s.booking_id AND t.status IN ('valid', 'used'))
         ORDER BY s.id LIMIT 5"
    );
    // A ticket that was used before its event was called off stays used, and its seat is free.
    look!(
        report,
        tx,
        "I1",
        "The seat of a live ticket is sold to the ticket's booking.",
        "ticket" as Uuid,
        "SELECT count(*) FROM tickets WHERE status IN ('valid', 'used')",
        "SELECT count(*) OVER (), t.id, 'seat ' || CAST(s.id AS TEXT) || ' is ' || s.state
         FROM tickets t JOIN seats s ON s.id = t.seat_id JOIN bookings b ON b.id = t.booking_id
         WHERE t.status IN ('valid', 'used') AND (s.state <> 'sold' OR s.booking_id <> t.booking_id)
           AND NOT (t.status = 'used' AND b.status IN ('cancelled', 'refunded'))
         ORDER BY t.id LIMIT 5"
    );
    Ok(())
}

async fn held_once(tx: &mut Tx, report: &mut Report, now: Ts) -> Result<()> {
    look!(
        report,
        tx,
        "I1",
        "A seat is in at most one live hold.",
        "seat" as i64,
        "SELECT count(*) FROM hold_seats",
        "SELECT count(*) OVER (), x.seat_id, CAST(count(*) AS TEXT) || ' live holds'
         FROM holds h JOIN hold_seats x ON x.hold_id = h.id WHERE h.status = 'active' AND h.kept_until > $1
         GROUP BY x.seat_id HAVING count(*) > 1 ORDER BY x.seat_id LIMIT 5",
        now
    );
    look!(
        report,
        tx,
        "I1",
        "A held seat is kept by an active hold that lists it, until that hold's deadline.",
        "seat" as i64,
        "SELECT count(*) FROM seats WHERE state = 'held'",
        "SELECT count(*) OVER (), s.id, 'its hold is ' || COALESCE(h.status, 'gone or another')
         FROM seats s LEFT JOIN holds h ON h.id = s.hold_id AND h.session_id = s.session_id
         WHERE s.state = 'held' AND s.held_until > $1
           AND (h.id IS NULL OR h.status <> 'active' OR h.kept_until <> s.held_until
                OR NOT EXISTS (SELECT 1 FROM hold_seats x WHERE x.hold_id = h.id AND x.seat_id = s.id))
         ORDER BY s.id LIMIT 5",
        now
    );
    Ok(())
}

async fn never_more_than_announced(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I2",
        "A ticket type has as many seats as it announces, so no more can be sold or held.",
        "ticket type" as i64,
        "SELECT count(*) FROM ticket_types",
        "SELECT count(*) OVER (), t.id, 'it announces ' || CAST(t.total AS TEXT)
         FROM ticket_types t WHERE t.total <> (SELECT count(*) FROM seats s
              WHERE s.session_id = t.session_id AND s.ticket_type_id = t.id)
         ORDER BY t.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I2",
        "A hold lists as many seats of its session as it counts.",
        "hold" as Uuid,
        "SELECT count(*) FROM holds",
        "SELECT count(*) OVER (), h.id, 'it counts ' || CAST(h.quantity AS TEXT)
         FROM holds h WHERE h.quantity <> (SELECT count(*) FROM hold_seats x
              JOIN seats s ON s.id = x.seat_id AND s.session_id = h.session_id WHERE x.hold_id = h.id)
         ORDER BY h.id LIMIT 5"
    );
    Ok(())
}

async fn deadlines(tx: &mut Tx, report: &mut Report, now: Ts) -> Result<()> {
    look!(
        report,
        tx,
        "I8",
        "A booking is made before its hold's deadline, and confirmed while its seats are kept.",
        "booking" as Uuid,
        "SELECT count(*) FROM bookings",
        "SELECT count(*) OVER (), b.id, 'it is ' || b.status || ' and came too late'
         FROM bookings b JOIN holds h ON h.id = b.hold_id
         WHERE b.created_at >= h.expires_at OR b.confirmed_at >= h.kept_until ORDER BY b.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I9",
        "Until its deadline an active hold keeps all its seats.",
        "hold" as Uuid,
        "SELECT count(*) FROM holds WHERE status = 'active'",
        "SELECT count(*) OVER (), h.id, 'it has lost seats of ' || CAST(h.quantity AS TEXT)
         FROM holds h WHERE h.status = 'active' AND h.kept_until > $1 AND h.quantity <> (SELECT count(*) FROM seats s
              WHERE s.hold_id = h.id AND s.state = 'held' AND s.held_until = h.kept_until)
         ORDER BY h.id LIMIT 5",
        now
    );
    Ok(())
}
