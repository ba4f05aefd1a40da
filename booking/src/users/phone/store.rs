//! SQL of phones.

use shared::clock::Ts;
use sqlx::FromRow;
use uuid::Uuid;

use super::rules::{CODES, Language, TRIES};
use crate::db::{Db, Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// Where to send a text, and in which language.
#[derive(Debug, Clone, FromRow)]
pub struct Phone {
    /// E.164.
    pub number: String,
    /// Its owner's choice.
    pub language: Language,
}

/// A phone as its owner sees it.
#[derive(FromRow)]
pub struct PhoneRow {
    pub number: String,
    pub language: Language,
    pub texts: bool,
    pub verified_at: Option<Ts>,
}

/// The phone of an account.
pub async fn of(db: &Db, user: Uuid) -> Result<Option<PhoneRow>> {
    Ok(q!(
        db.ex(),
        opt PhoneRow,
        "SELECT number, language, texts, verified_at FROM phones WHERE user_id = $1",
        user
    )?)
}

/// A proven phone whose owner wants to be told.
pub async fn ready(db: &Db, user: Uuid) -> Result<Option<Phone>> {
    Ok(q!(
        db.ex(),
        opt Phone,
        "SELECT number, language FROM phones WHERE user_id = $1 AND texts AND verified_at IS NOT NULL",
        user
    )?)
}

/// A phone that waits for the code of this hash.
pub async fn awaiting(db: &Db, user: Uuid, code_hash: &[u8], now: Ts) -> Result<Option<Phone>> {
    Ok(q!(
        db.ex(),
        opt Phone,
        "SELECT number, language FROM phones WHERE user_id = $1 AND code_hash = $2 AND code_until > $3",
        user,
        code_hash,
        now
    )?)
}

/// Counts one more code under `key` unless there were as many as may be since `from`; rows touched.
pub async fn count_code(tx: &mut Tx, key: &[u8], from: Ts, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "INSERT INTO code_budgets (key_hash, since, sent) VALUES ($1, $3, 1)
         ON CONFLICT (key_hash) DO UPDATE
         SET since = CASE WHEN code_budgets.since <= $2 THEN excluded.since ELSE code_budgets.since END,
             sent = CASE WHEN code_budgets.since <= $2 THEN 1 ELSE code_budgets.sent + 1 END
         WHERE code_budgets.since <= $2 OR code_budgets.sent < $4",
        key,
        from,
        now,
        CODES
    )?)
}

/// Since when codes are counted under `key`.
pub async fn counted_since(tx: &mut Tx, key: &[u8]) -> Result<Option<Ts>> {
    Ok(q!(tx.ex(), optval Ts, "SELECT since FROM code_budgets WHERE key_hash = $1", key)?)
}

/// Puts a number that waits for a code in place of the one there was.
pub async fn set(tx: &mut Tx, user: Uuid, phone: &Phone, code_hash: &[u8], until: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO phones (user_id, number, language, texts, code_hash, code_until, tries_left)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (user_id) DO UPDATE
         SET number = excluded.number, language = excluded.language, texts = excluded.texts, verified_at = NULL,
             code_hash = excluded.code_hash, code_until = excluded.code_until, tries_left = excluded.tries_left",
        user,
        &phone.number,
        phone.language,
        false,
        code_hash,
        until,
        TRIES
    )?;
    expect_rows("set phone", 1, rows)
}

/// Takes one of the guesses that are left; the hash of the code it must meet. `None` when there is none to be met.
pub async fn take_try(tx: &mut Tx, user: Uuid, now: Ts) -> Result<Option<Vec<u8>>> {
    Ok(q!(
        tx.ex(),
        optval Vec<u8>,
        "UPDATE phones SET tries_left = tries_left - 1
         WHERE user_id = $1 AND code_hash IS NOT NULL AND code_until > $2 AND tries_left > 0 RETURNING code_hash",
        user,
        now
    )?)
}

/// The number is proven, and its owner is told from now on.
pub async fn prove(tx: &mut Tx, user: Uuid, now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE phones SET verified_at = $2, texts = $3, code_hash = NULL WHERE user_id = $1",
        user,
        now,
        true
    )?;
    expect_rows("prove phone", 1, rows)
}

/// Changes what its owner chose; `None` stays. Rows touched.
pub async fn change(tx: &mut Tx, user: Uuid, texts: Option<bool>, language: Option<Language>) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE phones SET texts = COALESCE($2, texts), language = COALESCE($3, language) WHERE user_id = $1",
        user,
        texts,
        language
    )?)
}

/// Removes a phone; whether there was one.
pub async fn remove(tx: &mut Tx, user: Uuid) -> Result<bool> {
    Ok(q!(tx.ex(), exec, "DELETE FROM phones WHERE user_id = $1", user)? == 1)
}

/// Removes numbers that nobody has proven, whose codes were over before `before`.
pub async fn forget_unproven(tx: &mut Tx, before: Ts) -> Result<()> {
    q!(tx.ex(), exec, "DELETE FROM phones WHERE verified_at IS NULL AND code_until < $1", before)?;
    Ok(())
}

/// Removes counts begun before `before`.
pub async fn forget_budgets(tx: &mut Tx, before: Ts) -> Result<()> {
    q!(tx.ex(), exec, "DELETE FROM code_budgets WHERE since < $1", before)?;
    Ok(())
}

/// What is left of the guesses and what they must meet, for the test that takes the guard away.
#[cfg(feature = "testing")]
pub async fn look(db: &Db, user: Uuid) -> Result<(i64, Vec<u8>)> {
    Ok(q!(db.ex(), one(i64, Vec<u8>), "SELECT tries_left, code_hash FROM phones WHERE user_id = $1", user)?)
}

/// Writes what was counted elsewhere, for the test that takes the guard away.
#[cfg(feature = "testing")]
pub async fn set_tries(tx: &mut Tx, user: Uuid, tries_left: i64) -> Result<()> {
    q!(tx.ex(), exec, "UPDATE phones SET tries_left = $2 WHERE user_id = $1", user, tries_left)?;
    Ok(())
}
