//! SQL of promo codes.

use serde::Serialize;
use shared::clock::Ts;
use sqlx::types::Json;
use sqlx::{PgExecutor, SqliteExecutor};
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::Uses;
use crate::app::App;
use crate::db::{Dual, Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// A code.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs)]
pub struct PromoCode {
    pub id: i64,
    pub code: String,
    pub percent: Option<i64>,
    pub amount_minor: Option<i64>,
    /// Ticket types it takes something off; empty: all.
    pub ticket_types: Json<Vec<i64>>,
    /// Hidden ticket types it unlocks.
    pub unlocks: Json<Vec<i64>>,
    pub valid_from: Option<Ts>,
    pub valid_until: Option<Ts>,
    pub uses_max: Option<i64>,
    pub uses_per_person: Option<i64>,
    pub withdrawn: bool,
}

/// A code as its organiser sees it.
#[derive(Debug, Clone, Serialize, ToSchema, sqlx::FromRow)]
pub struct PromoCodeReport {
    /// Its id.
    pub id: i64,
    /// What shoppers type.
    pub code: String,
    /// Percent off each ticket.
    pub percent: Option<i64>,
    /// Or so much, in minor units.
    pub amount_minor: Option<i64>,
    /// For these ticket types; empty: for all.
    #[schema(value_type = Vec<i64>)]
    pub ticket_types: Json<Vec<i64>>,
    /// Hidden ticket types it unlocks.
    #[schema(value_type = Vec<i64>)]
    pub unlocks: Json<Vec<i64>>,
    /// From then on.
    pub valid_from: Option<Ts>,
    /// Until then.
    pub valid_until: Option<Ts>,
    /// Purchases it may be used for.
    pub uses_max: Option<i64>,
    /// The same for one account.
    pub uses_per_person: Option<i64>,
    /// Whether it was taken back.
    pub withdrawn: bool,
    /// Purchases it was used for, and carts that hold it.
    pub uses: i64,
    /// What it took off purchases that were paid.
    pub discount_minor: i64,
}

/// What a new code is.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct NewCode {
    pub code: String,
    pub percent: Option<i64>,
    pub amount_minor: Option<i64>,
    pub ticket_types: Vec<i64>,
    pub unlocks: Vec<i64>,
    pub valid_from: Option<Ts>,
    pub valid_until: Option<Ts>,
    pub uses_max: Option<i64>,
    pub uses_per_person: Option<i64>,
}

/// Writes a code; its id, or `None` when the event has one of this name.
pub async fn insert(tx: &mut Tx, event: i64, new: &NewCode, now: Ts) -> Result<Option<i64>> {
    Ok(q!(
        tx.ex(),
        optval i64,
        "INSERT INTO promo_codes (event_id, code, percent, amount_minor, ticket_types, valid_from, valid_until, uses_max,
                                  uses_per_person, created_at, unlocks)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (event_id, code) DO NOTHING RETURNING id",
        event,
        &new.code,
        new.percent,
        new.amount_minor,
        Json(&new.ticket_types),
        new.valid_from,
        new.valid_until,
        new.uses_max,
        new.uses_per_person,
        now,
        Json(&new.unlocks)
    )?)
}

/// Codes of an event.
pub async fn count(tx: &mut Tx, event: i64) -> Result<i64> {
    Ok(q!(tx.ex(), val i64, "SELECT count(*) FROM promo_codes WHERE event_id = $1", event)?)
}

/// The codes of an event with what came of them; only the one with this id, when given.
pub async fn report(app: &App, event: i64, only: Option<i64>) -> Result<Vec<PromoCodeReport>> {
    Ok(q!(
        app.db.ex(),
        all PromoCodeReport,
        "SELECT p.id, p.code, p.percent, p.amount_minor, p.ticket_types, p.unlocks, p.valid_from, p.valid_until, p.uses_max,
                p.uses_per_person, p.withdrawn,
                (SELECT count(*) FROM promo_uses u JOIN holds h ON h.id = u.hold_id
                 WHERE u.promo_id = p.id AND h.status IN ('active', 'booked')) AS uses,
                CAST(COALESCE((SELECT sum(u.discount_minor) FROM promo_uses u JOIN holds h ON h.id = u.hold_id
                               WHERE u.promo_id = p.id AND h.status = 'booked'), 0) AS BIGINT) AS discount_minor
         FROM promo_codes p WHERE p.event_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR p.id = $2) ORDER BY p.id",
        event,
        only
    )?)
}

/// The event of a code.
pub async fn event_of(app: &App, id: i64) -> Result<Option<i64>> {
    Ok(q!(app.db.ex(), optval i64, "SELECT event_id FROM promo_codes WHERE id = $1", id)?)
}

/// Takes a code back.
pub async fn withdraw(tx: &mut Tx, id: i64) -> Result<()> {
    let rows = q!(tx.ex(), exec, "UPDATE promo_codes SET withdrawn = TRUE WHERE id = $1", id)?;
    expect_rows("withdraw promo code", 1, rows)
}

/// The code of this name.
pub async fn find(app: &App, event: i64, code: &str) -> Result<Option<PromoCode>> {
    Ok(q!(
        app.db.ex(),
        opt PromoCode,
        "SELECT id, code, percent, amount_minor, ticket_types, unlocks, valid_from, valid_until, uses_max, uses_per_person,
                withdrawn
         FROM promo_codes WHERE event_id = $1 AND code = $2",
        event,
        code
    )?)
}

/// The code of this name, locked until the end of the transaction: its uses are counted one after another.
pub async fn lock(tx: &mut Tx, event: i64, code: &str) -> Result<Option<PromoCode>> {
    Ok(q!(
        tx.ex(),
        opt PromoCode,
        pg "SELECT id, code, percent, amount_minor, ticket_types, unlocks, valid_from, valid_until, uses_max, uses_per_person,
                   withdrawn
            FROM promo_codes WHERE event_id = $1 AND code = $2 FOR UPDATE"
        lite "SELECT id, code, percent, amount_minor, ticket_types, unlocks, valid_from, valid_until, uses_max,
                     uses_per_person, withdrawn
              FROM promo_codes WHERE event_id = $1 AND code = $2",
        event,
        code
    )?)
}

/// How often a code is in use, by holds that are booked or alive.
pub async fn uses<'e, P, L>(ex: Dual<P, L>, promo: i64, user: Uuid, now: Ts) -> Result<Uses>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        one Uses,
        "SELECT count(*) AS total, CAST(COALESCE(sum(CASE WHEN h.user_id = $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS own
         FROM promo_uses u JOIN holds h ON h.id = u.hold_id
         WHERE u.promo_id = $1 AND (h.status = 'booked' OR (h.status = 'active' AND h.kept_until > $3))",
        promo,
        user,
        now
    )?)
}

/// The code that is on a hold.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Applied {
    /// The code.
    pub code: String,
    /// What it takes off.
    pub discount_minor: i64,
}

/// The code that is on a hold of `user`.
pub async fn applied(tx: &mut Tx, hold: Uuid, user: Uuid) -> Result<Option<Applied>> {
    Ok(q!(
        tx.ex(),
        opt Applied,
        "SELECT p.code, u.discount_minor FROM promo_uses u JOIN promo_codes p ON p.id = u.promo_id
         JOIN holds h ON h.id = u.hold_id WHERE u.hold_id = $1 AND h.user_id = $2",
        hold,
        user
    )?)
}

/// Puts a code on a hold.
pub async fn apply(tx: &mut Tx, promo: i64, hold: Uuid, discount_minor: i64, now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO promo_uses (hold_id, promo_id, discount_minor, used_at) VALUES ($1, $2, $3, $4)",
        hold,
        promo,
        discount_minor,
        now
    )?;
    expect_rows("apply promo code", 1, rows)
}

/// Takes the code off a hold; whether there was one.
pub async fn remove(tx: &mut Tx, hold: Uuid) -> Result<bool> {
    Ok(q!(tx.ex(), exec, "DELETE FROM promo_uses WHERE hold_id = $1", hold)? == 1)
}
