//! SQL of holds. Locks are taken in one order: shopper, booking session, booking, hold, seats by id.

use shared::clock::Ts;
use sqlx::types::Json;
use uuid::Uuid;

use super::HeldSeat;
use crate::app::App;
use crate::charges::Line;
use crate::db::{Dual, Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// Holds ended by one sweep.
const SWEEP_MAX: i64 = 500;

/// A hold's row.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HoldRow {
    /// Id.
    pub id: Uuid,
    /// Session.
    pub session_id: i64,
    /// Event.
    pub event_id: i64,
    /// The shopper.
    pub user_id: Uuid,
    /// The booking session it was placed in, where the event has a room.
    pub booking_session_id: Option<Uuid>,
    /// `active`, `released`, `booked` or `expired`.
    pub status: String,
    /// Seats.
    pub quantity: i64,
    /// Sum of the prices.
    pub total_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// The terms its prices were reckoned by.
    pub charges_id: Option<i64>,
    /// The shopper's deadline, exclusive.
    pub expires_at: Ts,
    /// Until when the seats are kept: the deadline, or later while a payment is under way.
    pub kept_until: Ts,
    /// Whether the one extension was used.
    pub extended: bool,
    /// The booking made of it.
    pub booking_id: Option<Uuid>,
}

/// Locks the shopper's row of this event until the end of the transaction: who has lost a race for it counts behind it.
pub async fn lock_shopper(tx: &mut Tx, user: Uuid, event: i64, now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO shoppers (user_id, event_id, touched_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, event_id) DO UPDATE SET touched_at = excluded.touched_at",
        user,
        event,
        now
    )?;
    expect_rows("lock shopper", 1, rows)
}

/// Tickets of the event that the shopper holds or owns.
pub async fn count_of(tx: &mut Tx, user: Uuid, event: i64, now: Ts) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "SELECT CAST(
            COALESCE((SELECT sum(quantity) FROM holds
                      WHERE user_id = $1 AND event_id = $2 AND status = 'active' AND kept_until > $3), 0)
          + COALESCE((SELECT sum(quantity) FROM bookings
                      WHERE user_id = $1 AND event_id = $2 AND status IN ('confirmed', 'completed')), 0) AS BIGINT)",
        user,
        event,
        now
    )?)
}

/// The column `seats` of a hold `h`: its [`HeldSeat`]s as JSON, in no order, null for none; as the engine's SQL.
macro_rules! held_seats {
    (pg) => {
        $crate::seats::holds::held_seats!("jsonb_agg(jsonb_build_object(")
    };
    (lite) => {
        $crate::seats::holds::held_seats!("json_group_array(json_object(")
    };
    ($list_of_objects:literal) => {
        concat!(
            "(SELECT ",
            $list_of_objects,
            "'id', s.id, 'label', s.label, 'section', s.section, 'row', s.row_label, 'price_minor', hs.price_minor,
             'net_minor', hs.price_minor - hs.fee_minor - hs.tax_minor, 'fee_minor', hs.fee_minor,
             'tax_minor', hs.tax_minor, 'refund_minor', hs.refund_minor, 'ticket_type', t.name, 'ticket_type_id', t.id))
             FROM hold_seats hs JOIN seats s ON s.id = hs.seat_id JOIN ticket_types t ON t.id = hs.ticket_type_id
             WHERE hs.hold_id = h.id) AS seats"
        )
    };
}

pub(crate) use held_seats;

/// The statement that reads a [`Whole`], by its id and its shopper, as the engine's SQL.
macro_rules! whole {
    ($engine:ident) => {
        concat!(
            "SELECT h.id, h.session_id, h.event_id, h.user_id, h.booking_session_id, h.status, h.quantity, h.total_minor,
                h.currency, h.charges_id, h.expires_at, h.kept_until, h.extended, b.id AS booking_id, ",
            $crate::seats::holds::held_seats!($engine),
            " FROM holds h LEFT JOIN bookings b ON b.hold_id = h.id WHERE h.id = $1 AND h.user_id = $2"
        )
    };
}

/// A hold with its seats.
#[derive(sqlx::FromRow)]
struct Whole {
    #[sqlx(flatten)]
    row: HoldRow,
    seats: Option<Json<Vec<HeldSeat>>>,
}

/// The hold of `user` with its seats in id order; `None` when it is another's or nobody's.
pub async fn find_whole(app: &App, hold: Uuid, user: Uuid) -> Result<Option<(HoldRow, Vec<HeldSeat>)>> {
    let whole = match app.db.ex() {
        Dual::Pg(reads) => q!(
            pg reads,
            opt Whole,
            whole!(pg),
            hold,
            user
        )?,
        Dual::Lite(reader) => q!(
            lite reader,
            opt Whole,
            whole!(lite),
            hold,
            user
        )?,
    };
    Ok(whole.map(|whole| {
        let mut seats = whole.seats.map_or_else(Vec::new, |seats| seats.0);
        seats.sort_unstable_by_key(|seat| seat.id);
        (whole.row, seats)
    }))
}

/// The hold of `user`; `None` when it is another's or nobody's.
pub async fn find(app: &App, hold: Uuid, user: Uuid) -> Result<Option<HoldRow>> {
    Ok(q!(
        app.db.ex(),
        opt HoldRow,
        "SELECT h.id, h.session_id, h.event_id, h.user_id, h.booking_session_id, h.status, h.quantity, h.total_minor,
                h.currency, h.charges_id, h.expires_at, h.kept_until, h.extended, b.id AS booking_id
         FROM holds h LEFT JOIN bookings b ON b.hold_id = h.id WHERE h.id = $1 AND h.user_id = $2",
        hold,
        user
    )?)
}

/// The same, locked until the end of the transaction.
pub async fn lock(tx: &mut Tx, hold: Uuid, user: Uuid) -> Result<Option<HoldRow>> {
    Ok(q!(
        tx.ex(),
        opt HoldRow,
        pg "SELECT h.id, h.session_id, h.event_id, h.user_id, h.booking_session_id, h.status, h.quantity, h.total_minor,
                   h.currency, h.charges_id, h.expires_at, h.kept_until, h.extended, b.id AS booking_id
            FROM holds h LEFT JOIN bookings b ON b.hold_id = h.id WHERE h.id = $1 AND h.user_id = $2 FOR UPDATE OF h"
        lite "SELECT h.id, h.session_id, h.event_id, h.user_id, h.booking_session_id, h.status, h.quantity, h.total_minor,
                     h.currency, h.charges_id, h.expires_at, h.kept_until, h.extended, b.id AS booking_id
              FROM holds h LEFT JOIN bookings b ON b.hold_id = h.id WHERE h.id = $1 AND h.user_id = $2",
        hold,
        user
    )?)
}

/// The active hold that a booking was made of, locked until the end of the transaction.
pub async fn lock_of_booking(tx: &mut Tx, booking: Uuid) -> Result<Option<Uuid>> {
    Ok(q!(
        tx.ex(),
        optval Uuid,
        pg "SELECT h.id FROM holds h JOIN bookings b ON b.hold_id = h.id
            WHERE b.id = $1 AND h.status = 'active' FOR UPDATE OF h"
        lite "SELECT h.id FROM holds h JOIN bookings b ON b.hold_id = h.id WHERE b.id = $1 AND h.status = 'active'",
        booking
    )?)
}

#[derive(sqlx::FromRow)]
struct SeatOfHold {
    hold_id: Uuid,
    id: i64,
    section: Option<String>,
    row_label: Option<String>,
    label: Option<String>,
    ticket_type_id: i64,
    ticket_type: String,
    price_minor: i64,
    fee_minor: i64,
    tax_minor: i64,
    refund_minor: Option<i64>,
}

/// The seats of several holds, each with its hold, in id order.
pub async fn seats_of(app: &App, holds: &[Uuid]) -> Result<Vec<(Uuid, HeldSeat)>> {
    let rows = crate::on!(app.db.ex(), c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT hs.hold_id, s.id, s.section, s.row_label, s.label, hs.ticket_type_id, t.name AS ticket_type, hs.price_minor,
                    hs.fee_minor, hs.tax_minor, hs.refund_minor
             FROM hold_seats hs JOIN seats s ON s.id = hs.seat_id JOIN ticket_types t ON t.id = hs.ticket_type_id
             WHERE hs.hold_id IN (",
        );
        let mut list = query.separated(", ");
        for hold in holds {
            list.push_bind(*hold);
        }
        query.push(") ORDER BY s.id");
        query.build_query_as::<SeatOfHold>().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(|row| (row.hold_id, row.seat())).collect())
}

impl SeatOfHold {
    fn seat(self) -> HeldSeat {
        HeldSeat {
            id: self.id,
            label: self.label,
            section: self.section,
            row: self.row_label,
            price_minor: self.price_minor,
            parts: Line::of(self.price_minor, self.fee_minor, self.tax_minor),
            refund_minor: self.refund_minor,
            ticket_type: self.ticket_type,
            ticket_type_id: self.ticket_type_id,
        }
    }
}

/// Writes the deadlines of an active hold, and gives its seats the later one.
pub async fn keep(tx: &mut Tx, hold: &HoldRow, now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE holds SET expires_at = $2, kept_until = $3, extended = $4 WHERE id = $1 AND status = 'active'",
        hold.id,
        hold.expires_at,
        hold.kept_until,
        hold.extended
    )?;
    expect_rows("keep hold", 1, rows)?;
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE seats SET held_until = $2, changed_at = $3 WHERE hold_id = $1 AND state = 'held'",
        hold.id,
        hold.kept_until,
        now
    )?;
    expect_rows("keep seats", hold.quantity as u64, rows)
}

/// Ends an active hold as `released` or `expired` and frees what it still holds.
pub async fn release(tx: &mut Tx, hold: Uuid, status: &'static str, now: Ts) -> Result<()> {
    let rows =
        q!(tx.ex(), exec, "UPDATE holds SET status = $2 WHERE id = $1 AND status = 'active'", hold, status)?;
    expect_rows("release hold", 1, rows)?;
    // An expired hold may have lost some seats to others already: any number is right.
    q!(
        tx.ex(),
        exec,
        "UPDATE seats SET state = 'free', hold_id = NULL, held_until = NULL, changed_at = $2
         WHERE hold_id = $1 AND state = 'held'",
        hold,
        now
    )?;
    Ok(())
}

/// Ends holds whose deadline has passed, a bounded number at a time; the sessions whose seats became free.
pub async fn sweep(app: &App, now: Ts) -> Result<Vec<i64>> {
    let late = q!(
        app.db.ex(),
        all(Uuid, i64),
        "SELECT id, session_id FROM holds WHERE status = 'active' AND kept_until <= $1 ORDER BY kept_until LIMIT $2",
        now,
        SWEEP_MAX
    )?;
    let mut sessions: Vec<i64> = late.iter().map(|(_, session)| *session).collect();
    for (hold, _) in late {
        app.db.write("expire_hold", move |tx| Box::pin(async move { expire(tx, hold, now).await })).await?;
    }
    sessions.sort_unstable();
    sessions.dedup();
    Ok(sessions)
}

async fn expire(tx: &mut Tx, hold: Uuid, now: Ts) -> Result<()> {
    // It may have been extended, booked or swept by another node since it was found.
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE holds SET status = 'expired' WHERE id = $1 AND status = 'active' AND kept_until <= $2",
        hold,
        now
    )?;
    if rows == 1 {
        q!(
            tx.ex(),
            exec,
            "UPDATE seats SET state = 'free', hold_id = NULL, held_until = NULL, changed_at = $2
             WHERE hold_id = $1 AND state = 'held' AND held_until <= $2",
            hold,
            now
        )?;
    }
    Ok(())
}
