//! SQL of our side of payments.

use shared::clock::Ts;
use uuid::Uuid;

use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// A payment's row.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct PaymentRow {
    /// Id, and its key at the gateway.
    pub id: Uuid,
    /// The booking it pays.
    pub booking_id: Uuid,
    /// `started`, `authorised`, `captured`, `failed`, `voided`, `refund_owed` or `refunded`.
    pub status: String,
    /// The gateway's name for it.
    pub transaction_id: Option<String>,
    /// Minor units.
    pub amount_minor: i64,
    /// Minor units paid back.
    pub refunded_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Why it failed.
    pub failure: Option<String>,
}

impl PaymentRow {
    /// A payment that is about to be asked for.
    pub fn started(id: Uuid, booking_id: Uuid, amount_minor: i64, currency: String) -> Self {
        Self {
            id,
            booking_id,
            status: "started".into(),
            transaction_id: None,
            amount_minor,
            refunded_minor: 0,
            currency,
            failure: None,
        }
    }

    /// Its key at the gateway.
    pub fn key(&self) -> String {
        self.id.to_string()
    }
}

/// The live payment of a booking: the one that has not failed and was not voided.
pub async fn live_of(tx: &mut Tx, booking: Uuid) -> Result<Option<PaymentRow>> {
    Ok(q!(
        tx.ex(),
        opt PaymentRow,
        "SELECT id, booking_id, status, transaction_id, amount_minor, refunded_minor, currency, failure
         FROM payments WHERE booking_id = $1
           AND status IN ('started', 'authorised', 'captured', 'refund_owed', 'refunded')",
        booking
    )?)
}

/// A payment.
pub async fn find(app: &App, payment: Uuid) -> Result<Option<PaymentRow>> {
    Ok(q!(
        app.db.ex(),
        opt PaymentRow,
        "SELECT id, booking_id, status, transaction_id, amount_minor, refunded_minor, currency, failure
         FROM payments WHERE id = $1",
        payment
    )?)
}

/// The newest payment of each booking that has one.
pub async fn newest_of(app: &App, bookings: &[Uuid]) -> Result<Vec<PaymentRow>> {
    let mut rows = crate::on!(app.db.ex(), c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT id, booking_id, status, transaction_id, amount_minor, refunded_minor, currency, failure
             FROM payments WHERE booking_id IN (",
        );
        let mut list = query.separated(", ");
        for booking in bookings {
            list.push_bind(*booking);
        }
        // Ids begin with the time they were made at.
        query.push(") ORDER BY id DESC");
        query.build_query_as::<PaymentRow>().fetch_all(c).await
    })?;
    rows.sort_by_key(|row| row.booking_id);
    rows.dedup_by_key(|row| row.booking_id);
    Ok(rows)
}

/// Writes a payment that is about to be asked for.
pub async fn start(tx: &mut Tx, payment: &PaymentRow, now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO payments (id, booking_id, status, amount_minor, currency, created_at, updated_at)
         VALUES ($1, $2, 'started', $3, $4, $5, $5)",
        payment.id,
        payment.booking_id,
        payment.amount_minor,
        &payment.currency,
        now
    )?;
    expect_rows("start payment", 1, rows)
}

/// Moves a payment on; false when it does not stand at `from` any more.
pub async fn advance(
    tx: &mut Tx,
    payment: Uuid,
    from: &'static str,
    to: &'static str,
    transaction_id: Option<&str>,
    now: Ts,
) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE payments SET status = $3, transaction_id = COALESCE($4, transaction_id), updated_at = $5
         WHERE id = $1 AND status = $2",
        payment,
        from,
        to,
        transaction_id,
        now
    )?;
    Ok(rows == 1)
}

/// Notes that a started payment failed; false when it is not `started` any more.
pub async fn fail(tx: &mut Tx, payment: Uuid, failure: &str, now: Ts) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE payments SET status = 'failed', failure = $2, updated_at = $3 WHERE id = $1 AND status = 'started'",
        payment,
        failure,
        now
    )?;
    Ok(rows == 1)
}

/// Notes what was paid back; false when it was noted before.
pub async fn refunded(tx: &mut Tx, payment: Uuid, amount_minor: i64, now: Ts) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE payments SET status = 'refunded', refunded_minor = refunded_minor + $2, updated_at = $3
         WHERE id = $1 AND status = 'refund_owed'",
        payment,
        amount_minor,
        now
    )?;
    Ok(rows == 1)
}

/// Payments that were started before `before` and have no outcome.
pub async fn started_before(app: &App, before: Ts, most: i64) -> Result<Vec<Uuid>> {
    Ok(q!(
        app.db.ex(),
        vals Uuid,
        "SELECT id FROM payments WHERE status = 'started' AND updated_at <= $1 ORDER BY updated_at LIMIT $2",
        before,
        most
    )?)
}

/// Takes a callback in; false when it came before.
pub async fn receive(tx: &mut Tx, event: &str, payment: Uuid, now: Ts) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO payment_events (id, payment_id, received_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        event,
        payment,
        now
    )?;
    Ok(rows == 1)
}
