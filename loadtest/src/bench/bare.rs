//! The statements of one purchase on SQLite, as the shop runs them, transaction by transaction.
//!
//! They stand in the shop's `store.rs` files; these are their bare texts, to measure what the database alone can do.

use serde_json::json;
use shared::clock::Ts;
use shared::entropy::Entropy;
use sqlx::sqlite::{SqliteConnection, SqliteQueryResult};
use sqlx::types::Json;
use uuid::Uuid;

use crate::stage::Show;

/// Price of a ticket on the stage.
const PRICE_MINOR: i64 = 1000;

/// One shopper's purchase of two tickets.
pub struct Purchase {
    /// What is bought.
    pub show: Show,
    /// Who buys.
    pub shopper: Uuid,
    /// Id of the hold.
    pub hold: Uuid,
    /// Id of the booking.
    pub booking: Uuid,
    /// Id of the payment.
    pub payment: Uuid,
    /// When.
    pub now: Ts,
    /// The seats, once held.
    pub seats: Vec<i64>,
    /// Makes ids and codes.
    pub entropy: Entropy,
}

/// One transaction of the shop.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Count, claim, write the hold.
    Hold,
    /// Write the pending booking.
    Book,
    /// Note that a payment is under way.
    StartPayment,
    /// The simulated gateway's ledger.
    Charge,
    /// Sell the seats, confirm, issue tickets, queue jobs, audit.
    Confirm,
}

/// All transactions of a purchase, in order.
pub const STEPS: [Step; 5] = [Step::Hold, Step::Book, Step::StartPayment, Step::Charge, Step::Confirm];

impl Step {
    /// Runs the step's statements in the open transaction of `db`.
    pub async fn run(self, db: &mut SqliteConnection, of: &mut Purchase) -> sqlx::Result<()> {
        match self {
            Step::Hold => hold(db, of).await,
            Step::Book => book(db, of).await,
            Step::StartPayment => start_payment(db, of).await,
            Step::Charge => charge(db, of).await,
            Step::Confirm => confirm(db, of).await,
        }
    }
}

async fn hold(db: &mut SqliteConnection, of: &mut Purchase) -> sqlx::Result<()> {
    let until = of.now + time::Duration::minutes(10);
    sqlx::query(
        "INSERT INTO shoppers (user_id, event_id, touched_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, event_id) DO UPDATE SET touched_at = excluded.touched_at",
    )
    .bind(of.shopper)
    .bind(of.show.event)
    .bind(of.now)
    .execute(&mut *db)
    .await?;
    sqlx::query_scalar::<_, i64>(
        "SELECT CAST(
            COALESCE((SELECT sum(quantity) FROM holds
                      WHERE user_id = $1 AND event_id = $2 AND status = 'active' AND kept_until > $3), 0)
          + COALESCE((SELECT sum(quantity) FROM bookings
                      WHERE user_id = $1 AND event_id = $2 AND status IN ('confirmed', 'completed')), 0) AS BIGINT)",
    )
    .bind(of.shopper)
    .bind(of.show.event)
    .bind(of.now)
    .fetch_one(&mut *db)
    .await?;
    of.seats = sqlx::query_scalar(
        "WITH wanted AS MATERIALIZED (
             SELECT s.id FROM seats s
             WHERE s.session_id = $1 AND s.ticket_type_id = $2 AND s.state IN ('free', 'held')
               AND (s.held_until IS NULL OR s.held_until <= $3)
             LIMIT 2)
         UPDATE seats SET state = 'held', hold_id = $4, held_until = $5, changed_at = $3
         WHERE id IN (SELECT id FROM wanted) AND (SELECT count(*) FROM wanted) = 2
         RETURNING id, (SELECT name FROM ticket_types t WHERE t.id = ticket_type_id),
                   (SELECT price_minor FROM ticket_types t WHERE t.id = ticket_type_id)",
    )
    .bind(of.show.session)
    .bind(of.show.ticket_type)
    .bind(of.now)
    .bind(of.hold)
    .bind(until)
    .fetch_all(&mut *db)
    .await?;
    sqlx::query(
        "INSERT INTO holds (id, session_id, event_id, user_id, booking_session_id, status, quantity, total_minor,
                            currency, expires_at, kept_until, extended, created_at)
         VALUES ($1, $2, $3, $4, NULL, 'active', 2, $5, 'USD', $6, $6, FALSE, $7)",
    )
    .bind(of.hold)
    .bind(of.show.session)
    .bind(of.show.event)
    .bind(of.shopper)
    .bind(2 * PRICE_MINOR)
    .bind(until)
    .bind(of.now)
    .execute(&mut *db)
    .await?;
    let seat =
        |id: &i64| json!({ "id": id, "ticket_type_id": of.show.ticket_type, "price_minor": PRICE_MINOR });
    sqlx::query(
        "INSERT INTO hold_seats (hold_id, seat_id, ticket_type_id, price_minor)
         SELECT $1, json_extract(value, '$.id'), json_extract(value, '$.ticket_type_id'),
                json_extract(value, '$.price_minor')
         FROM json_each($2)",
    )
    .bind(of.hold)
    .bind(Json(of.seats.iter().map(seat).collect::<Vec<_>>()))
    .execute(db)
    .await?;
    Ok(())
}

async fn book(db: &mut SqliteConnection, of: &Purchase) -> sqlx::Result<()> {
    find_hold(db, of).await?;
    sqlx::query(
        "INSERT INTO bookings (id, reference, user_id, event_id, session_id, hold_id, status, quantity, total_minor,
                               currency, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'pending', 2, $7, 'USD', $8)",
    )
    .bind(of.booking)
    .bind(of.entropy.code(8))
    .bind(of.shopper)
    .bind(of.show.event)
    .bind(of.show.session)
    .bind(of.hold)
    .bind(2 * PRICE_MINOR)
    .bind(of.now)
    .execute(db)
    .await?;
    Ok(())
}

async fn find_hold(db: &mut SqliteConnection, of: &Purchase) -> sqlx::Result<()> {
    sqlx::query(
        "SELECT h.id, h.session_id, h.event_id, h.user_id, h.booking_session_id, h.status, h.quantity, h.total_minor,
                h.currency, h.expires_at, h.kept_until, h.extended, b.id AS booking_id
         FROM holds h LEFT JOIN bookings b ON b.hold_id = h.id WHERE h.id = $1 AND h.user_id = $2",
    )
    .bind(of.hold)
    .bind(of.shopper)
    .fetch_one(db)
    .await?;
    Ok(())
}

async fn find_booking(db: &mut SqliteConnection, of: &Purchase) -> sqlx::Result<()> {
    sqlx::query("SELECT status FROM bookings WHERE id = $1").bind(of.booking).fetch_one(db).await?;
    Ok(())
}

async fn start_payment(db: &mut SqliteConnection, of: &Purchase) -> sqlx::Result<()> {
    find_booking(db, of).await?;
    sqlx::query(
        "SELECT id, booking_id, status, transaction_id, amount_minor, refunded_minor, currency, failure
         FROM payments WHERE booking_id = $1
           AND status IN ('started', 'authorised', 'captured', 'refund_owed', 'refunded')",
    )
    .bind(of.booking)
    .fetch_optional(&mut *db)
    .await?;
    find_hold(db, of).await?;
    sqlx::query(
        "INSERT INTO payments (id, booking_id, status, amount_minor, currency, created_at, updated_at)
         VALUES ($1, $2, 'started', $3, 'USD', $4, $4)",
    )
    .bind(of.payment)
    .bind(of.booking)
    .bind(2 * PRICE_MINOR)
    .bind(of.now)
    .execute(db)
    .await?;
    Ok(())
}

async fn charge(db: &mut SqliteConnection, of: &Purchase) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO gateway_charges (key, transaction_id, status, amount_minor, currency, failure, settles_at, created_at)
         VALUES ($1, $2, 'authorised', $3, 'USD', NULL, NULL, $4)
         ON CONFLICT (key) DO NOTHING",
    )
    .bind(of.payment.to_string())
    .bind(of.entropy.code(16))
    .bind(2 * PRICE_MINOR)
    .bind(of.now)
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "SELECT key, transaction_id, status, amount_minor, refunded_minor, currency, failure, settles_at
         FROM gateway_charges WHERE key = $1",
    )
    .bind(of.payment.to_string())
    .fetch_one(db)
    .await?;
    Ok(())
}

async fn confirm(db: &mut SqliteConnection, of: &Purchase) -> sqlx::Result<()> {
    find_booking(db, of).await?;
    sqlx::query(
        "UPDATE payments SET status = 'authorised', transaction_id = COALESCE($2, transaction_id), updated_at = $3
         WHERE id = $1 AND status = 'started'",
    )
    .bind(of.payment)
    .bind(of.entropy.code(16))
    .bind(of.now)
    .execute(&mut *db)
    .await?;
    sqlx::query("UPDATE holds SET status = 'booked' WHERE id = $1 AND status = 'active'")
        .bind(of.hold)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "UPDATE seats SET state = 'sold', booking_id = $2, held_until = NULL, changed_at = $3
         WHERE hold_id = $1 AND state = 'held' AND held_until > $3",
    )
    .bind(of.hold)
    .bind(of.booking)
    .bind(of.now)
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "UPDATE bookings SET status = 'confirmed', confirmed_at = $2 WHERE id = $1 AND status = 'pending'",
    )
    .bind(of.booking)
    .bind(of.now)
    .execute(&mut *db)
    .await?;
    tickets(db, of).await?;
    jobs(db, of, &["capture-payment"]).await?;
    jobs(db, of, &["booking-confirmed", "tickets", "reminder"]).await?;
    sqlx::query("INSERT INTO audit_entries (at, actor, action, subject, detail) VALUES ($1, $2, 'booking.confirmed', $3, $4)")
        .bind(of.now)
        .bind(of.shopper)
        .bind(format!("booking:{}", of.booking))
        .bind(Json(json!({ "payment": of.payment, "total_minor": 2 * PRICE_MINOR })))
        .execute(db)
        .await?;
    Ok(())
}

async fn tickets(db: &mut SqliteConnection, of: &Purchase) -> sqlx::Result<SqliteQueryResult> {
    let mut sql = sqlx::QueryBuilder::new(
        "INSERT INTO tickets (id, code, booking_id, event_id, session_id, seat_id, ticket_type_id, user_id,
                              holder_name, holder, generation, status, price_minor, issued_at) ",
    );
    sql.push_values(&of.seats, |mut row, seat| {
        row.push_bind(of.entropy.uuid_v7(of.now))
            .push_bind(of.entropy.code(12))
            .push_bind(of.booking)
            .push_bind(of.show.event)
            .push_bind(of.show.session)
            .push_bind(seat)
            .push_bind(of.show.ticket_type)
            .push_bind(of.shopper)
            .push_bind("A Shopper")
            .push_bind(of.entropy.uuid_v7(of.now))
            .push_bind(1_i64)
            .push_bind("valid")
            .push_bind(PRICE_MINOR)
            .push_bind(of.now);
    });
    sql.build().execute(db).await
}

async fn jobs(db: &mut SqliteConnection, of: &Purchase, names: &[&str]) -> sqlx::Result<SqliteQueryResult> {
    let mut sql = sqlx::QueryBuilder::new(
        "INSERT INTO jobs (id, kind, payload, status, dedupe_key, run_at, created_at) ",
    );
    sql.push_values(names, |mut row, name| {
        row.push_bind(of.entropy.uuid_v7(of.now))
            .push_bind("mail")
            .push_bind(Json(json!({ "booking": of.booking })))
            .push_bind("ready")
            .push_bind(format!("{name}:{}", of.booking))
            .push_bind(of.now)
            .push_bind(of.now);
    });
    sql.push(" ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING");
    sql.build().execute(db).await
}
