//! SQL of guests.

use shared::clock::Ts;
use uuid::Uuid;

use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;
use crate::users::User;
use crate::users::rules::email_key;

/// Bookings that one request mails links to at most.
const BOOKINGS_MAX: i64 = 5;

/// Writes an account without a password. Its address is its own to nobody: the same one may have an account, and guests
/// before.
pub async fn insert_guest(tx: &mut Tx, user: &User) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO users (id, name, email, email_key, password_hash, role, is_guest, created_at, updated_at,
                            guest_key)
         VALUES ($1, $2, $3, $4, 'none', $5, TRUE, $6, $6, $7)",
        user.id,
        &user.name,
        &user.email,
        format!("guest:{}", user.id),
        user.role,
        user.created_at,
        email_key(&user.email)
    )?;
    expect_rows("insert guest", 1, rows)
}

/// Whether the account has no password.
pub async fn is_guest(app: &App, user: Uuid) -> Result<bool> {
    Ok(q!(app.db.ex(), optval bool, "SELECT is_guest FROM users WHERE id = $1", user)?.unwrap_or(false))
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

/// Keeps a link, and forgets the account's links that are over.
pub async fn insert_link(tx: &mut Tx, hash: &[u8], user: Uuid, expires_at: Ts, now: Ts) -> Result<()> {
    q!(tx.ex(), exec, "DELETE FROM magic_links WHERE user_id = $1 AND expires_at <= $2", user, now)?;
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO magic_links (token_hash, user_id, expires_at) VALUES ($1, $2, $3)",
        hash,
        user,
        expires_at
    )?;
    expect_rows("insert magic link", 1, rows)
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
