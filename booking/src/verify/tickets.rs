//! Tickets: issued for what was paid, passed on without copies, entered with once (I18, I19).

use shared::verify::Report;
use uuid::Uuid;

use super::look;
use crate::db::Tx;
use crate::error::Result;

pub(super) async fn check(tx: &mut Tx, report: &mut Report) -> Result<()> {
    issued(tx, report).await?;
    passed_on(tx, report).await?;
    entered(tx, report).await
}

async fn issued(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I18",
        "A confirmed booking has one live ticket for each of its seats.",
        "booking" as Uuid,
        "SELECT count(*) FROM bookings WHERE status IN ('confirmed', 'completed')",
        "SELECT count(*) OVER (), b.id, 'it has not its ' || CAST(b.quantity AS TEXT) || ' tickets'
         FROM bookings b WHERE b.status IN ('confirmed', 'completed')
           AND b.quantity <> (SELECT count(*) FROM tickets t WHERE t.booking_id = b.id AND t.status IN ('valid', 'used'))
         ORDER BY b.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I18",
        "A valid ticket belongs to a confirmed booking of the same event and session.",
        "ticket" as Uuid,
        "SELECT count(*) FROM tickets WHERE status = 'valid'",
        "SELECT count(*) OVER (), t.id, 'its booking is ' || b.status
         FROM tickets t JOIN bookings b ON b.id = t.booking_id
         WHERE (t.status = 'valid' AND b.status NOT IN ('confirmed', 'completed'))
            OR t.event_id <> b.event_id OR t.session_id <> b.session_id
         ORDER BY t.id LIMIT 5"
    );
    Ok(())
}

async fn passed_on(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I19",
        "A ticket that was passed on has one successor of the next generation, and no other ticket has a predecessor.",
        "ticket" as Uuid,
        "SELECT count(*) FROM tickets",
        "SELECT count(*) OVER (), t.id, 'generation ' || CAST(t.generation AS TEXT) || ', ' || t.status
         FROM tickets t
         WHERE (t.status = 'transferred') <> EXISTS (SELECT 1 FROM tickets n
               WHERE n.booking_id = t.booking_id AND n.seat_id = t.seat_id AND n.generation = t.generation + 1)
            OR (t.generation > 1) <> EXISTS (SELECT 1 FROM tickets p
               WHERE p.booking_id = t.booking_id AND p.seat_id = t.seat_id AND p.generation = t.generation - 1)
         ORDER BY t.id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I19",
        "An accepted offer has killed the ticket that was offered, and an open one stands for a valid ticket.",
        "offer" as Uuid,
        "SELECT count(*) FROM transfers",
        "SELECT count(*) OVER (), o.id, 'it is ' || o.status || ', its ticket ' || t.status
         FROM transfers o JOIN tickets t ON t.id = o.ticket_id
         WHERE (o.status = 'accepted' AND t.status <> 'transferred') OR (o.status = 'accepted') <> (o.accepted_at IS NOT NULL)
            OR (o.status = 'offered' AND t.status IN ('transferred', 'cancelled'))
         ORDER BY o.id LIMIT 5"
    );
    Ok(())
}

async fn entered(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I19",
        "A ticket has entered at most once.",
        "ticket" as Uuid,
        "SELECT count(*) FROM checkins",
        "SELECT count(*) OVER (), ticket_id, CAST(count(*) AS TEXT) || ' standing entries'
         FROM checkins WHERE undone_at IS NULL GROUP BY ticket_id HAVING count(*) > 1 ORDER BY ticket_id LIMIT 5"
    );
    look!(
        report,
        tx,
        "I19",
        "A ticket is used if, and only if, its holder has entered.",
        "ticket" as Uuid,
        "SELECT count(*) FROM tickets",
        "SELECT count(*) OVER (), t.id, 'it is ' || t.status
         FROM tickets t WHERE (t.status = 'used') <> EXISTS (SELECT 1 FROM checkins c
              WHERE c.ticket_id = t.id AND c.undone_at IS NULL)
         ORDER BY t.id LIMIT 5"
    );
    Ok(())
}
