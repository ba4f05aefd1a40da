//! SQL of second factors.

use shared::clock::Ts;
use uuid::Uuid;

use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// An account's second factor.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Factor {
    /// Shared with the app; sealed, or, of old, as it is ([`super::sealing`]).
    pub secret: Vec<u8>,
    /// The newest step whose code was used.
    pub last_step: i64,
}

/// The factor that logins of this account need.
pub async fn confirmed(app: &App, user: Uuid) -> Result<Option<Factor>> {
    Ok(q!(
        app.db.ex(),
        opt Factor,
        "SELECT secret, last_step FROM totp WHERE user_id = $1 AND confirmed_at IS NOT NULL",
        user
    )?)
}

/// The factor that is being set up.
pub async fn pending(app: &App, user: Uuid) -> Result<Option<Factor>> {
    Ok(q!(
        app.db.ex(),
        opt Factor,
        "SELECT secret, last_step FROM totp WHERE user_id = $1 AND confirmed_at IS NULL",
        user
    )?)
}

/// Begins to set a factor up, anew if need be; rows touched (0: there is a confirmed one).
pub async fn begin(tx: &mut Tx, user: Uuid, secret: &[u8], now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "INSERT INTO totp (user_id, secret, last_step, created_at) VALUES ($1, $2, -1, $3)
         ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at
         WHERE totp.confirmed_at IS NULL",
        user,
        secret,
        now
    )?)
}

/// Confirms the factor whose secret was seen, with the step of the code that proves it. Rows touched.
pub async fn confirm(tx: &mut Tx, user: Uuid, secret: &[u8], step: i64, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE totp SET confirmed_at = $4, last_step = $3 WHERE user_id = $1 AND secret = $2 AND confirmed_at IS NULL",
        user,
        secret,
        step,
        now
    )?)
}

/// Uses a step up; false when it, or a later one, was used before.
pub async fn use_step(tx: &mut Tx, user: Uuid, step: i64) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE totp SET last_step = $2 WHERE user_id = $1 AND last_step < $2",
        user,
        step
    )?;
    Ok(rows == 1)
}

/// Keeps a recovery code.
pub async fn insert_recovery_code(tx: &mut Tx, user: Uuid, hash: &[u8]) -> Result<()> {
    let rows =
        q!(tx.ex(), exec, "INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)", user, hash)?;
    expect_rows("keep recovery code", 1, rows)
}

/// Uses a recovery code up; false when there is none like it.
pub async fn use_recovery_code(tx: &mut Tx, user: Uuid, hash: &[u8]) -> Result<bool> {
    let rows =
        q!(tx.ex(), exec, "DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2", user, hash)?;
    Ok(rows == 1)
}

/// Recovery codes that are left.
pub async fn recovery_codes(tx: &mut Tx, user: Uuid) -> Result<i64> {
    Ok(q!(tx.ex(), val i64, "SELECT count(*) FROM recovery_codes WHERE user_id = $1", user)?)
}

/// The same outside of a transaction.
pub async fn recovery_codes_left(app: &App, user: Uuid) -> Result<i64> {
    Ok(q!(app.db.ex(), val i64, "SELECT count(*) FROM recovery_codes WHERE user_id = $1", user)?)
}

/// Takes the factor and its recovery codes away; whether there was one.
pub async fn remove(tx: &mut Tx, user: Uuid) -> Result<bool> {
    q!(tx.ex(), exec, "DELETE FROM recovery_codes WHERE user_id = $1", user)?;
    Ok(q!(tx.ex(), exec, "DELETE FROM totp WHERE user_id = $1", user)? == 1)
}

/// Secrets of so many octets, that is, written before they were sealed, with their users.
pub async fn unsealed(app: &App, length: i64, most: i64) -> Result<Vec<(Uuid, Vec<u8>)>> {
    Ok(q!(
        app.db.ex(),
        all(Uuid, Vec<u8>),
        "SELECT user_id, secret FROM totp WHERE length(secret) = $1 ORDER BY user_id LIMIT $2",
        length,
        most
    )?)
}

/// Puts a sealed secret in place of the one that was seen. Rows touched.
pub async fn seal(tx: &mut Tx, user: Uuid, seen: &[u8], sealed: &[u8]) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE totp SET secret = $3 WHERE user_id = $1 AND secret = $2",
        user,
        seen,
        sealed
    )?)
}
