//! SQL of guests.

use axum::http::StatusCode;
use shared::clock::Ts;
use shared::problem::Problem;
use uuid::Uuid;

use crate::db::{Tx, violates};
use crate::error::Result;
use crate::q;
use crate::users::User;
use crate::users::rules::email_key;

/// Bookings that one request mails links to at most.
const BOOKINGS_MAX: i64 = 5;

/// Makes a guest with a proven address an account; false when it is no guest any more. 409 `address-taken` when the address
/// has another account: the unique index has the last word.
pub async fn settle(tx: &mut Tx, user: &User, password_hash: &str, now: Ts) -> Result<bool> {
    let settled = q!(
        tx.ex(),
        exec,
        "UPDATE users SET password_hash = $2, email_key = $3, is_guest = FALSE, guest_key = NULL, updated_at = $4
         WHERE id = $1 AND is_guest AND email_verified_at IS NOT NULL",
        user.id,
        password_hash,
        email_key(&user.email),
        now
    );
    match settled {
        Err(error) if violates(&error, "users_email", "users.email_key") => Err(address_taken().into()),
        settled => Ok(settled? == 1),
    }
}

/// 409 for an address that has an account beside the guest's. It is proven: nobody else learns of it.
fn address_taken() -> Problem {
    let detail = "This address has an account already. Sign in to it with its password, or ask for a new one; the links \
                  in your mails open what you bought as a guest, as before.";
    Problem::new(StatusCode::CONFLICT, "address-taken", "This address has an account").detail(detail)
}

/// The newest bookings made without an account at this address whose sessions are not over.
pub async fn open_bookings(tx: &mut Tx, guest_key: &str, now: Ts) -> Result<Vec<Uuid>> {
    Ok(q!(
        tx.ex(),
        vals Uuid,
        "SELECT b.id FROM users u JOIN bookings b ON b.user_id = u.id JOIN sessions s ON s.id = b.session_id
         WHERE u.guest_key = $1 AND b.confirmed_at IS NOT NULL AND s.ends_at > $2 ORDER BY b.id DESC LIMIT $3",
        guest_key,
        now,
        BOOKINGS_MAX
    )?)
}

/// Keeps a link of an account without a password, and forgets the account's links that are over; false for any other
/// account, of which nothing is kept. One statement.
pub async fn insert_link(tx: &mut Tx, hash: &[u8], user: Uuid, expires_at: Ts, now: Ts) -> Result<bool> {
    let kept = q!(
        tx.ex(),
        optval Uuid,
        pg "WITH over AS (DELETE FROM magic_links WHERE user_id = $2 AND expires_at <= $4)
            INSERT INTO magic_links (token_hash, user_id, expires_at)
            SELECT $1, id, CAST($3 AS TIMESTAMPTZ) FROM users WHERE id = $2 AND is_guest RETURNING user_id"
        lite "DELETE FROM magic_links WHERE user_id = $2 AND expires_at <= $4;
              INSERT INTO magic_links (token_hash, user_id, expires_at)
              SELECT $1, id, $3 FROM users WHERE id = $2 AND is_guest RETURNING user_id",
        hash,
        user,
        expires_at,
        now
    )?;
    Ok(kept.is_some())
}

/// Whose link it is, while it works.
pub async fn owner(tx: &mut Tx, hash: &[u8], now: Ts) -> Result<Option<Uuid>> {
    Ok(q!(
        tx.ex(),
        optval Uuid,
        "SELECT m.user_id FROM magic_links m JOIN users u ON u.id = m.user_id
         WHERE m.token_hash = $1 AND m.expires_at > $2 AND u.is_guest",
        hash,
        now
    )?)
}
