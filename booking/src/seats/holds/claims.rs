//! SQL that places holds: one conditional UPDATE of seats each, all of the wanted ones or none.

use serde::Serialize;
use shared::clock::Ts;
use sqlx::types::Json;
use sqlx::{PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::db::{Dual, Tx, Work};
use crate::error::Result;
use crate::idempotency::StepKey;
use crate::q;

/// A seat that was claimed, with the price that is accepted by claiming it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Claimed {
    /// Seat.
    pub id: i64,
    /// Section; `None` in general admission.
    pub section: Option<String>,
    /// Row; `None` in general admission.
    pub row_label: Option<String>,
    /// Label; `None` in general admission.
    pub label: Option<String>,
    /// Ticket type.
    pub ticket_type_id: i64,
    /// Its name.
    pub ticket_type: String,
    /// What it costs, with fee and tax in it.
    pub price_minor: i64,
    /// The fee in its price.
    #[sqlx(default)]
    pub fee_minor: i64,
    /// The tax in its price.
    #[sqlx(default)]
    pub tax_minor: i64,
    /// The terms its price was reckoned by.
    #[sqlx(default)]
    pub charges_id: Option<i64>,
    /// The hold that has it.
    pub hold: Uuid,
    /// The shopper's name, where the claim is an order.
    #[sqlx(default)]
    pub holder_name: Option<String>,
}

/// What a hold is to be, before it is known which seats it gets.
#[derive(Debug, Clone, Serialize)]
pub struct Wish {
    /// Id of the hold.
    pub hold: Uuid,
    /// Who wants it.
    pub user: Uuid,
    /// The event.
    pub event: i64,
    /// Its session.
    pub session: i64,
    /// The booking session it is placed in, where the event has a room.
    pub booking_session: Option<Uuid>,
    /// Whether that must be open still.
    pub while_open: bool,
    /// ISO 4217.
    pub currency: String,
    /// Tickets of the event that one account may hold or own.
    pub limit: i64,
    /// Ids of the hidden ticket types that a code has unlocked.
    pub unlocked: Vec<i64>,
    /// Until when the seats are kept.
    pub until: Ts,
}

/// A hold of these seats.
#[derive(Debug, Clone, Serialize)]
pub struct Claim {
    /// For whom, and until when.
    #[serde(flatten)]
    pub wish: Wish,
    /// Ids of the seats.
    pub seats: Vec<i64>,
    /// What is made of the hold at once.
    #[serde(flatten)]
    pub order: Option<NewOrder>,
    /// The key of the request. That of an order is taken here; that of a hold with its answer, in the same transaction.
    #[serde(flatten)]
    pub key: Option<StepKey>,
}

/// A pending booking of the hold, and its started payment.
#[derive(Debug, Clone, Serialize)]
pub struct NewOrder {
    /// The booking.
    pub booking: Uuid,
    /// The booking's reference.
    pub reference: String,
    /// The payment.
    pub payment: Uuid,
}

impl Claim {
    /// A hold of these seats alone.
    pub fn of(wish: Wish, seats: &[i64]) -> Self {
        Self { wish, seats: seats.to_vec(), order: None, key: None }
    }

    /// Whether both are about the same seat, or of the same shopper.
    pub fn collides(&self, other: &Self) -> bool {
        self.wish.user == other.wish.user || self.seats.iter().any(|seat| other.seats.contains(seat))
    }
}

/// Holds the seats of each claim: all of them, or none and `None`. Another's claim in flight counts as taken. Claims must
/// not [collide](Claim::collides). On PostgreSQL a claim whose key is known or whose booking session is not open, or is being
/// seen to by somebody else, comes to `None` as well; on SQLite its transaction has looked after both. `(…) IS TRUE`: see
/// `bookings::at_once`.
///
/// One statement does it all. PostgreSQL: the shopper's row is locked, which makes holds of one account wait for each
/// other; when it has changed since the statement began (`xmin`), what was counted may be too little, and nothing
/// happens. SQLite: the steps follow one another, each on the condition that the one before succeeded. Whether the event
/// is on sale is asked here too: what this node keeps of it may be a second old.
pub fn hold_seats<'t>(tx: &'t mut Tx, claims: &'t [Claim], now: Ts) -> Work<'t, Vec<Option<Vec<Claimed>>>> {
    Box::pin(async move {
        match tx.ex() {
            Dual::Pg(pg) => {
                let mut claimed = hold_together(pg, claims, now).await?;
                let mut of = |claim: &Claim| {
                    let seats = claimed.extract_if(.., |seat| seat.hold == claim.wish.hold).collect();
                    in_order(seats)
                };
                Ok(claims.iter().map(&mut of).collect())
            }
            Dual::Lite(lite) => {
                let mut held = Vec::with_capacity(claims.len());
                for claim in claims {
                    held.push(in_order(hold_alone(lite, claim, now).await?));
                }
                Ok(held)
            }
        }
    })
}

async fn hold_together(pg: &mut PgConnection, claims: &[Claim], now: Ts) -> Result<Vec<Claimed>> {
    Ok(q!(
        pg pg,
        all Claimed,
        "WITH wish AS MATERIALIZED (
             SELECT w.*, jsonb_array_length(w.seats) AS quantity
             FROM jsonb_to_recordset($1) AS w (hold UUID, \"user\" UUID, event BIGINT, session BIGINT, booking_session UUID,
                 currency TEXT, \"limit\" BIGINT, unlocked JSONB, until TIMESTAMPTZ, seats JSONB, booking UUID, reference TEXT, payment UUID,
                 while_open BOOLEAN, scope TEXT, key TEXT, request_hash BYTEA, locked_until TIMESTAMPTZ)
             WHERE w.key IS NULL OR NOT EXISTS (SELECT 1 FROM idempotency_keys k WHERE k.scope = w.scope AND k.key = w.key)),
         visit AS MATERIALIZED (
             SELECT b.id FROM wish w JOIN booking_sessions b ON b.id = w.booking_session
             WHERE w.while_open AND b.status = 'open' AND b.expires_at > $2
               AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.place_id = b.place_id) FOR SHARE OF b SKIP LOCKED),
         shopper AS (
             INSERT INTO shoppers AS s (user_id, event_id, touched_at)
             SELECT \"user\", event, CAST($2 AS TIMESTAMPTZ) FROM wish ORDER BY \"user\", event
             ON CONFLICT (user_id, event_id) DO UPDATE SET touched_at = excluded.touched_at
             WHERE s.xmin = (SELECT k.xmin FROM shoppers k WHERE k.user_id = s.user_id AND k.event_id = s.event_id)
             RETURNING user_id, event_id),
         allowed AS MATERIALIZED (
             SELECT w.* FROM wish w JOIN shopper p ON p.user_id = w.\"user\" AND p.event_id = w.event
             WHERE (NOT w.while_open OR w.booking_session IN (SELECT id FROM visit))
               AND w.quantity
                 + COALESCE((SELECT sum(h.quantity) FROM holds h WHERE h.user_id = w.\"user\" AND h.event_id = w.event
                               AND (h.status = 'active' AND h.kept_until > $2) IS TRUE), 0)
                 + COALESCE((SELECT sum(b.quantity) FROM bookings b WHERE b.user_id = w.\"user\" AND b.event_id = w.event
                               AND (b.status IN ('confirmed', 'completed')) IS TRUE), 0) <= w.\"limit\"
               AND EXISTS (SELECT 1 FROM events e JOIN sessions x ON x.event_id = e.id
                           WHERE x.id = w.session AND e.id = w.event AND e.status = 'published'
                             AND COALESCE(e.sales_open_at, $2) <= $2 AND COALESCE(e.sales_close_at, x.starts_at) > $2
                             AND x.ends_at > $2 AND NOT x.has_waiting)),
         wanted AS (
             SELECT s.id, a.hold, a.quantity, a.until, t.name AS ticket_type, t.price_minor, t.fee_minor, t.tax_minor,
                    t.charges_id
             FROM allowed a
             CROSS JOIN LATERAL jsonb_array_elements_text(a.seats) AS named
             JOIN seats s ON s.id = CAST(named AS BIGINT) AND s.session_id = a.session
             JOIN ticket_types t ON t.id = s.ticket_type_id
             WHERE (s.state = 'free' OR (s.state = 'held' AND s.held_until <= $2))
               AND (NOT t.hidden OR a.unlocked @> to_jsonb(t.id))
             ORDER BY s.id FOR UPDATE OF s SKIP LOCKED),
         whole AS (SELECT hold FROM wanted GROUP BY hold, quantity HAVING count(*) = quantity),
         claimed AS (
             UPDATE seats SET state = 'held', hold_id = w.hold, held_until = w.until, changed_at = $2
             FROM wanted w JOIN whole ON whole.hold = w.hold
             WHERE seats.id = w.id
             RETURNING seats.id, seats.section, seats.row_label, seats.label, seats.ticket_type_id,
                       w.ticket_type, w.price_minor, w.fee_minor, w.tax_minor, w.charges_id, w.hold),
         held AS (
             INSERT INTO holds (id, session_id, event_id, user_id, booking_session_id, status, quantity, total_minor,
                                currency, charges_id, expires_at, kept_until, extended, created_at)
             SELECT a.hold, a.session, a.event, a.\"user\", a.booking_session, 'active', a.quantity, CAST(c.total AS BIGINT),
                    a.currency, c.charges_id, a.until, a.until, FALSE, $2
             FROM allowed a JOIN (SELECT hold, sum(price_minor) AS total, max(charges_id) AS charges_id
                                  FROM claimed GROUP BY hold) c ON c.hold = a.hold
             RETURNING id, total_minor),
         listed AS (
             INSERT INTO hold_seats (hold_id, seat_id, ticket_type_id, price_minor, fee_minor, tax_minor)
             SELECT hold, id, ticket_type_id, price_minor, fee_minor, tax_minor FROM claimed),
         booked AS (
             INSERT INTO bookings (id, reference, user_id, event_id, session_id, hold_id, status, quantity, total_minor,
                                   currency, created_at)
             SELECT a.booking, a.reference, a.\"user\", a.event, a.session, a.hold, 'pending', a.quantity, held.total_minor,
                    a.currency, $2
             FROM held JOIN allowed a ON a.hold = held.id WHERE a.booking IS NOT NULL),
         started AS (
             INSERT INTO payments (id, booking_id, status, amount_minor, currency, created_at, updated_at)
             SELECT a.payment, a.booking, 'started', held.total_minor, a.currency, $2, $2
             FROM held JOIN allowed a ON a.hold = held.id WHERE a.booking IS NOT NULL),
         keyed AS (
             INSERT INTO idempotency_keys (scope, key, request_hash, locked_until, fact, created_at)
             SELECT a.scope, a.key, a.request_hash, a.locked_until, a.payment, $2
             FROM held JOIN allowed a ON a.hold = held.id WHERE a.booking IS NOT NULL AND a.key IS NOT NULL)
         SELECT claimed.*, (SELECT u.name FROM allowed a JOIN users u ON u.id = a.\"user\"
                            WHERE a.hold = claimed.hold AND a.booking IS NOT NULL) AS holder_name FROM claimed",
        Json(claims),
        now
    )?)
}

async fn hold_alone(lite: &mut SqliteConnection, claim: &Claim, now: Ts) -> Result<Vec<Claimed>> {
    let (wish, order) = (&claim.wish, claim.order.as_ref());
    Ok(q!(
        lite lite,
        all Claimed,
        "INSERT INTO shoppers (user_id, event_id, touched_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, event_id) DO UPDATE SET touched_at = excluded.touched_at;
         UPDATE seats SET state = 'held', hold_id = $8, held_until = $9, changed_at = $3
         WHERE id IN (SELECT value FROM json_each($6)) AND session_id = $7
           AND (state = 'free' OR (state = 'held' AND held_until <= $3))
           AND $4 = (SELECT count(*) FROM seats s JOIN ticket_types t ON t.id = s.ticket_type_id
                     WHERE s.id IN (SELECT value FROM json_each($6)) AND s.session_id = $7
                       AND (s.state = 'free' OR (s.state = 'held' AND s.held_until <= $3))
                       AND (NOT t.hidden OR t.id IN (SELECT value FROM json_each($15))))
           AND $4 + COALESCE((SELECT sum(quantity) FROM holds
                              WHERE user_id = $1 AND event_id = $2 AND status = 'active' AND kept_until > $3), 0)
                  + COALESCE((SELECT sum(quantity) FROM bookings
                              WHERE user_id = $1 AND event_id = $2 AND status IN ('confirmed', 'completed')), 0) <= $5
           AND EXISTS (SELECT 1 FROM events e JOIN sessions x ON x.event_id = e.id
                       WHERE x.id = $7 AND e.id = $2 AND e.status = 'published' AND COALESCE(e.sales_open_at, $3) <= $3
                         AND COALESCE(e.sales_close_at, x.starts_at) > $3 AND x.ends_at > $3 AND NOT x.has_waiting);
         INSERT INTO holds (id, session_id, event_id, user_id, booking_session_id, status, quantity, total_minor,
                            currency, charges_id, expires_at, kept_until, extended, created_at)
         SELECT $8, $7, $2, $1, $10, 'active', $4, sum(t.price_minor), $11, max(t.charges_id), $9, $9, FALSE, $3
         FROM seats s JOIN ticket_types t ON t.id = s.ticket_type_id WHERE s.hold_id = $8 HAVING count(*) = $4;
         INSERT INTO hold_seats (hold_id, seat_id, ticket_type_id, price_minor, fee_minor, tax_minor)
         SELECT $8, s.id, s.ticket_type_id, t.price_minor, t.fee_minor, t.tax_minor
         FROM seats s JOIN ticket_types t ON t.id = s.ticket_type_id WHERE s.hold_id = $8;
         INSERT INTO bookings (id, reference, user_id, event_id, session_id, hold_id, status, quantity, total_minor,
                               currency, created_at)
         SELECT $12, $13, h.user_id, h.event_id, h.session_id, h.id, 'pending', h.quantity, h.total_minor, h.currency, $3
         FROM holds h WHERE h.id = $8 AND $12 IS NOT NULL;
         INSERT INTO payments (id, booking_id, status, amount_minor, currency, created_at, updated_at)
         SELECT $14, b.id, 'started', b.total_minor, b.currency, $3, $3 FROM bookings b WHERE b.id = $12;
         SELECT s.id, s.section, s.row_label, s.label, s.ticket_type_id, t.name AS ticket_type, t.price_minor, t.fee_minor,
                t.tax_minor, t.charges_id, s.hold_id AS hold, (SELECT u.name FROM users u WHERE u.id = $1 AND $12 IS NOT NULL) AS holder_name
         FROM seats s JOIN ticket_types t ON t.id = s.ticket_type_id WHERE s.hold_id = $8",
        wish.user,
        wish.event,
        now,
        claim.seats.len() as i64,
        wish.limit,
        Json(&claim.seats),
        wish.session,
        wish.hold,
        wish.until,
        wish.booking_session,
        &wish.currency,
        order.map(|order| order.booking),
        order.map(|order| &*order.reference),
        order.map(|order| order.payment),
        Json(&wish.unlocked)
    )?)
}

/// In the order of their ids; `None` where there are none.
pub(super) fn in_order(mut claimed: Vec<Claimed>) -> Option<Vec<Claimed>> {
    claimed.sort_unstable_by_key(|seat| seat.id);
    (!claimed.is_empty()).then_some(claimed)
}

/// What a shop would do that looks first and writes then.
#[cfg(feature = "testing")]
pub async fn hold_seats_unguarded(tx: &mut Tx, claim: &Claim, now: Ts) -> Result<Option<Vec<Claimed>>> {
    let (wish, seats) = (&claim.wish, &claim.seats);
    let claimed = q!(
        tx.ex(),
        all Claimed,
        pg "WITH claimed AS (
                UPDATE seats SET state = 'held', hold_id = $4, held_until = $5, changed_at = $3, booking_id = NULL
                WHERE id IN (SELECT CAST(w AS BIGINT) FROM jsonb_array_elements_text($1) w) AND session_id = $2
                RETURNING id, section, row_label, label, ticket_type_id, '' AS ticket_type, CAST(0 AS BIGINT) AS price_minor,
                          hold_id AS hold),
            hold AS (
                INSERT INTO holds (id, session_id, event_id, user_id, status, quantity, total_minor, currency,
                                   expires_at, kept_until, extended, created_at)
                VALUES ($4, $2, $6, $7, 'active', $8, 0, $9, $5, $5, FALSE, $3)),
            listed AS (
                INSERT INTO hold_seats (hold_id, seat_id, ticket_type_id, price_minor)
                SELECT $4, id, ticket_type_id, 0 FROM claimed)
            SELECT * FROM claimed"
        lite "INSERT INTO holds (id, session_id, event_id, user_id, status, quantity, total_minor, currency,
                                 expires_at, kept_until, extended, created_at)
              VALUES ($4, $2, $6, $7, 'active', $8, 0, $9, $5, $5, FALSE, $3);
              INSERT INTO hold_seats (hold_id, seat_id, ticket_type_id, price_minor)
              SELECT $4, id, ticket_type_id, 0 FROM seats
              WHERE id IN (SELECT value FROM json_each($1)) AND session_id = $2;
              UPDATE seats SET state = 'held', hold_id = $4, held_until = $5, changed_at = $3, booking_id = NULL
              WHERE id IN (SELECT value FROM json_each($1)) AND session_id = $2
              RETURNING id, section, row_label, label, ticket_type_id, '' AS ticket_type, 0 AS price_minor,
                        hold_id AS hold",
        Json(seats),
        wish.session,
        now,
        wish.hold,
        wish.until,
        wish.event,
        wish.user,
        seats.len() as i64,
        &wish.currency
    )?;
    Ok(in_order(claimed))
}

/// Of these ids: which are free at `now`, and which are somebody's. The rest is not for sale in this session, or not to
/// whoever has not `unlocked` its hidden ticket type.
pub async fn standing(
    tx: &mut Tx,
    session: i64,
    seats: &[i64],
    unlocked: &[i64],
    now: Ts,
) -> Result<Vec<(i64, bool)>> {
    Ok(q!(
        tx.ex(),
        all (i64, bool),
        pg "SELECT s.id, (s.state = 'free' OR (s.state = 'held' AND s.held_until <= $3))
            FROM seats s JOIN ticket_types t ON t.id = s.ticket_type_id
            WHERE s.id IN (SELECT CAST(w AS BIGINT) FROM jsonb_array_elements_text($1) w) AND s.session_id = $2
              AND s.state <> 'blocked' AND (NOT t.hidden OR $4 @> to_jsonb(t.id)) ORDER BY s.id"
        lite "SELECT s.id, (s.state = 'free' OR (s.state = 'held' AND s.held_until <= $3))
              FROM seats s JOIN ticket_types t ON t.id = s.ticket_type_id
              WHERE s.id IN (SELECT value FROM json_each($1)) AND s.session_id = $2 AND s.state <> 'blocked'
                AND (NOT t.hidden OR t.id IN (SELECT value FROM json_each($4))) ORDER BY s.id",
        Json(seats),
        session,
        now,
        Json(unlocked)
    )?)
}

/// How many seats of a type are free at `now`, claims in flight and kept places included: the index alone answers.
pub async fn count_free(tx: &mut Tx, session: i64, ticket_type: i64, now: Ts) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "SELECT count(*) FROM seats WHERE session_id = $1 AND ticket_type_id = $2 AND state IN ('free', 'held')
         AND (held_until IS NULL OR held_until <= $3)",
        session,
        ticket_type,
        now
    )?)
}
