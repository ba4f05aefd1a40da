//! The steps of a purchase after the hold, one statement each: the hot path of a sale. The last of them, the sale itself,
//! stands in [`confirmations`](super::confirmations).
//!
//! These statements cross features on purpose (decision 27). Each does its whole step or nothing, whatever happens
//! beside it, so PostgreSQL may commit it by itself, and does it for all purchases that have come to it
//! ([`Gather`](crate::db::Gather)): rows that somebody else has locked are passed over, so that no list waits for one of
//! its rows. On SQLite its parts follow one another in the writer's transaction and cost one hand-over instead of ten. When
//! a step cannot be done, they change nothing, and the caller finds out why.
//!
//! For PostgreSQL a condition on a state that hardly any row was in when the tables were measured is written `(…) IS TRUE`: no
//! index answers that, so rows are found by their keys. By its statistics the planner would go through all that is pending to find
//! one, which at a rush is everything.

use serde::Serialize;
use shared::clock::Ts;
use sqlx::types::Json;
use sqlx::{PgConnection, SqliteConnection};
use uuid::Uuid;

use super::store::BookingRow;
use crate::db::{Dual, Tx, Work};
use crate::error::Result;
use crate::idempotency::StepKey;
use crate::q;
use crate::seats::holds::HeldSeat;

/// What became of each step, done one after the other on one connection.
macro_rules! each {
    ($steps:expr, $one:ident => $done:expr) => {{
        let mut done = Vec::with_capacity($steps.len());
        for $one in $steps {
            done.extend($done.await?);
        }
        done
    }};
}

pub(super) use each;

/// Gives each step, in their order, what became of it.
pub(super) fn outcomes<I, O>(
    steps: &[I],
    mut done: Vec<O>,
    is_its: impl Fn(&I, &O) -> bool,
) -> Vec<Option<O>> {
    let outcome = |step| {
        let at = done.iter().position(|one| is_its(step, one))?;
        Some(done.swap_remove(at))
    };
    steps.iter().map(outcome).collect()
}

/// The columns of a [`Booked`], of a booking `b` with its hold `h` and its owner `u`, as the engine's SQL.
macro_rules! booked {
    ($engine:ident) => {
        concat!(
            "SELECT b.id, b.reference, b.user_id, b.event_id, b.session_id, b.hold_id, b.status, b.quantity, b.total_minor,
                    b.refund_minor, b.currency, b.created_at, b.confirmed_at, b.cancelled_at, h.charges_id, h.expires_at,
                    h.kept_until, h.booking_session_id, u.name AS holder_name, ",
            $crate::seats::holds::held_seats!($engine)
        )
    };
}

pub(super) use booked;

/// A booking with its seats.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Booked {
    #[sqlx(flatten)]
    pub row: BookingRow,
    seats: Json<Vec<HeldSeat>>,
}

impl Booked {
    /// The row, and the seats in id order.
    pub fn parts(self) -> (BookingRow, Vec<HeldSeat>) {
        let mut seats = self.seats.0;
        seats.sort_unstable_by_key(|seat| seat.id);
        (self.row, seats)
    }
}

/// A booking that is to be made of a hold.
#[derive(Debug, Clone, Serialize)]
pub struct NewBooking {
    pub id: Uuid,
    pub reference: String,
    pub hold: Uuid,
    pub user: Uuid,
    /// The key of the request, if it has one: it must not be known; on PostgreSQL only.
    #[serde(flatten)]
    pub key: Option<StepKey>,
}

/// Makes a pending booking of each active hold of its user; `None` when it is not that, has a booking, or is being seen to
/// by somebody else.
pub fn book<'t>(tx: &'t mut Tx, new: &'t [NewBooking], now: Ts) -> Work<'t, Vec<Option<Booked>>> {
    Box::pin(async move {
        let made = match tx.ex() {
            Dual::Pg(pg) => book_together(pg, new, now).await?,
            Dual::Lite(lite) => each!(new, one => book_alone(lite, one, now)),
        };
        Ok(outcomes(new, made, |one, made: &Booked| made.row.id == one.id))
    })
}

async fn book_together(pg: &mut PgConnection, new: &[NewBooking], now: Ts) -> Result<Vec<Booked>> {
    Ok(q!(
        pg pg,
        all Booked,
        concat!("WITH made AS (
             INSERT INTO bookings (id, reference, user_id, event_id, session_id, hold_id, status, quantity, total_minor,
                                   currency, created_at)
             SELECT n.id, n.reference, h.user_id, h.event_id, h.session_id, h.id, 'pending', h.quantity, h.total_minor,
                    h.currency, CAST($2 AS TIMESTAMPTZ)
             FROM jsonb_to_recordset($1) AS n (id UUID, reference TEXT, hold UUID, \"user\" UUID, scope TEXT, key TEXT)
             JOIN holds h ON h.id = n.hold AND h.user_id = n.\"user\"
             WHERE (h.status = 'active') IS TRUE AND h.expires_at > $2
               AND (n.key IS NULL
                    OR NOT EXISTS (SELECT 1 FROM idempotency_keys k WHERE k.scope = n.scope AND k.key = n.key))
             FOR UPDATE OF h SKIP LOCKED
             ON CONFLICT (hold_id) DO NOTHING RETURNING *) ", booked!(pg), "
         FROM made b JOIN holds h ON h.id = b.hold_id JOIN users u ON u.id = b.user_id"),
        Json(new),
        now
    )?)
}

async fn book_alone(lite: &mut SqliteConnection, new: &NewBooking, now: Ts) -> Result<Option<Booked>> {
    Ok(q!(
        lite lite,
        opt Booked,
        concat!("INSERT INTO bookings (id, reference, user_id, event_id, session_id, hold_id, status, quantity, total_minor,
                               currency, created_at)
         SELECT $1, $2, h.user_id, h.event_id, h.session_id, h.id, 'pending', h.quantity, h.total_minor, h.currency, $5
         FROM holds h WHERE h.id = $3 AND h.user_id = $4 AND h.status = 'active' AND h.expires_at > $5
         ON CONFLICT (hold_id) DO NOTHING; ", booked!(lite), "
         FROM bookings b JOIN holds h ON h.id = b.hold_id JOIN users u ON u.id = b.user_id WHERE b.id = $1"),
        new.id,
        &new.reference,
        new.hold,
        new.user,
        now
    )?)
}

/// A payment that is to be started.
#[derive(Debug, Clone, Serialize)]
pub struct NewPayment {
    pub id: Uuid,
    pub booking: Uuid,
    /// Whose booking it must be.
    pub user: Uuid,
    /// The seats must be kept at least until then.
    pub kept_until: Ts,
    /// The key of the request, which is taken here; on PostgreSQL only.
    #[serde(flatten)]
    pub key: Option<StepKey>,
}

/// Starts the payment of each pending booking whose hold is live and whose seats are kept long enough; `None` when it is
/// not that, is being paid, or is being seen to by somebody else.
pub fn start<'t>(tx: &'t mut Tx, new: &'t [NewPayment], now: Ts) -> Work<'t, Vec<Option<Booked>>> {
    Box::pin(async move {
        let started = match tx.ex() {
            Dual::Pg(pg) => start_together(pg, new, now).await?,
            Dual::Lite(lite) => each!(new, one => start_alone(lite, one, now)),
        };
        Ok(outcomes(new, started, |one, started: &Booked| started.row.id == one.booking))
    })
}

async fn start_together(pg: &mut PgConnection, new: &[NewPayment], now: Ts) -> Result<Vec<Booked>> {
    Ok(q!(
        pg pg,
        all Booked,
        concat!("WITH new AS MATERIALIZED (
             SELECT * FROM jsonb_to_recordset($1) AS n (id UUID, booking UUID, \"user\" UUID, kept_until TIMESTAMPTZ,
                 scope TEXT, key TEXT, request_hash BYTEA, locked_until TIMESTAMPTZ)
             WHERE n.key IS NULL
                OR NOT EXISTS (SELECT 1 FROM idempotency_keys k WHERE k.scope = n.scope AND k.key = n.key)),
         started AS (
             INSERT INTO payments (id, booking_id, status, amount_minor, currency, created_at, updated_at)
             SELECT n.id, b.id, 'started', b.total_minor, b.currency, CAST($2 AS TIMESTAMPTZ), CAST($2 AS TIMESTAMPTZ)
             FROM new n JOIN bookings b ON b.id = n.booking AND b.user_id = n.\"user\"
             JOIN holds h ON h.id = b.hold_id
             WHERE (b.status = 'pending') IS TRUE AND (h.status = 'active') IS TRUE AND h.expires_at > $2 AND h.kept_until >= n.kept_until
             FOR UPDATE OF b, h SKIP LOCKED
             ON CONFLICT (booking_id) WHERE status IN ('started', 'authorised', 'captured', 'refund_owed', 'refunded')
             DO NOTHING RETURNING id, booking_id),
         keyed AS (
             INSERT INTO idempotency_keys (scope, key, request_hash, locked_until, fact, created_at)
             SELECT n.scope, n.key, n.request_hash, n.locked_until, n.id, $2
             FROM started p JOIN new n ON n.id = p.id WHERE n.key IS NOT NULL) ", booked!(pg), "
         FROM started p JOIN bookings b ON b.id = p.booking_id JOIN holds h ON h.id = b.hold_id
         JOIN users u ON u.id = b.user_id"),
        Json(new),
        now
    )?)
}

async fn start_alone(lite: &mut SqliteConnection, new: &NewPayment, now: Ts) -> Result<Option<Booked>> {
    Ok(q!(
        lite lite,
        opt Booked,
        concat!("INSERT INTO payments (id, booking_id, status, amount_minor, currency, created_at, updated_at)
         SELECT $1, b.id, 'started', b.total_minor, b.currency, $5, $5
         FROM bookings b JOIN holds h ON h.id = b.hold_id
         WHERE b.id = $2 AND b.user_id = $3 AND b.status = 'pending'
           AND h.status = 'active' AND h.expires_at > $5 AND h.kept_until >= $4
         ON CONFLICT (booking_id) WHERE status IN ('started', 'authorised', 'captured', 'refund_owed', 'refunded')
         DO NOTHING; ", booked!(lite), "
         FROM payments p JOIN bookings b ON b.id = p.booking_id JOIN holds h ON h.id = b.hold_id
         JOIN users u ON u.id = b.user_id WHERE p.id = $1"),
        new.id,
        new.booking,
        new.user,
        new.kept_until,
        now
    )?)
}
