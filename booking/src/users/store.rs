//! SQL of accounts, logins and links.

use shared::access::Role;
use shared::clock::Ts;
use sqlx::{PgExecutor, SqliteExecutor};
use uuid::Uuid;

use super::rules::Shown;
use crate::db::{Dual, Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// An account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct User {
    /// Its id.
    pub id: Uuid,
    /// What the person is called.
    pub name: String,
    /// As written; compare with [`super::rules::email_key`].
    pub email: String,
    /// What the person may do.
    pub role: Role,
    /// When the address was proven.
    pub email_verified_at: Option<Ts>,
    /// Whether it bought without an account: no password opens it, only links of mails do.
    pub is_guest: bool,
    /// When it registered.
    pub created_at: Ts,
}

/// An account with what proves it.
#[derive(sqlx::FromRow)]
pub(super) struct Secret {
    #[sqlx(flatten)]
    pub user: User,
    pub password_hash: String,
}

/// What a mail link proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    VerifyEmail,
    ResetPassword,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::VerifyEmail => "verify-email",
            Purpose::ResetPassword => "reset-password",
        }
    }
}

/// An account by its id.
pub async fn by_id<'e, P, L>(ex: Dual<P, L>, id: Uuid) -> Result<Option<User>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(
        q!(ex, opt User, "SELECT id, name, email, role, email_verified_at, is_guest, created_at FROM users WHERE id = $1", id)?,
    )
}

/// An account by its compared address.
pub async fn by_email<'e, P, L>(ex: Dual<P, L>, email_key: &str) -> Result<Option<User>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        opt User,
        "SELECT id, name, email, role, email_verified_at, is_guest, created_at FROM users WHERE email_key = $1",
        email_key
    )?)
}

/// An account with its password's hash, by its compared address.
pub(super) async fn secret_by_email<'e, P, L>(ex: Dual<P, L>, email_key: &str) -> Result<Option<Secret>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        opt Secret,
        "SELECT id, name, email, role, email_verified_at, is_guest, created_at, password_hash FROM users WHERE email_key = $1",
        email_key
    )?)
}

/// An account with its password's hash, by its id.
pub(super) async fn secret_by_id<'e, P, L>(ex: Dual<P, L>, id: Uuid) -> Result<Option<Secret>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        opt Secret,
        "SELECT id, name, email, role, email_verified_at, is_guest, created_at, password_hash FROM users WHERE id = $1",
        id
    )?)
}

/// Writes an account; false when its address has one.
pub(super) async fn insert(tx: &mut Tx, user: &User, email_key: &str, password_hash: &str) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO users (id, name, email, email_key, password_hash, role, email_verified_at, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (email_key) DO NOTHING",
        user.id,
        &user.name,
        &user.email,
        email_key,
        password_hash,
        user.role,
        user.email_verified_at,
        user.created_at
    )?;
    Ok(rows == 1)
}

/// Whether there is an admin.
pub(super) async fn has_admin<'e, P, L>(ex: Dual<P, L>) -> Result<bool>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(ex, val i64, "SELECT count(*) FROM users WHERE role = 'admin'")? > 0)
}

/// Renames an account.
pub(super) async fn set_name(tx: &mut Tx, id: Uuid, name: &str, now: Ts) -> Result<()> {
    let rows = q!(tx.ex(), exec, "UPDATE users SET name = $2, updated_at = $3 WHERE id = $1", id, name, now)?;
    expect_rows("set name", 1, rows)
}

/// Gives an account another password.
pub(super) async fn set_password(tx: &mut Tx, id: Uuid, password_hash: &str, now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1",
        id,
        password_hash,
        now
    )?;
    expect_rows("set password", 1, rows)
}

/// Notes that the address was proven; the first time counts.
pub(super) async fn set_verified(tx: &mut Tx, id: Uuid, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE users SET email_verified_at = $2, updated_at = $2 WHERE id = $1 AND email_verified_at IS NULL",
        id,
        now
    )?;
    Ok(())
}

/// Gives an account another role; the role it had, `None` when there is no such account.
pub(super) async fn set_role(tx: &mut Tx, id: Uuid, role: Role, now: Ts) -> Result<Option<User>> {
    Ok(q!(
        tx.ex(),
        opt User,
        "UPDATE users SET role = $2, updated_at = $3 WHERE id = $1
         RETURNING id, name, email, role, email_verified_at, is_guest, created_at",
        id,
        role,
        now
    )?)
}

/// Empties an account of its person: bookings and audit entries keep a nameless owner.
pub(super) async fn anonymise(tx: &mut Tx, id: Uuid, email: &str, now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE users SET name = 'Deleted account', email = $2, email_key = $2, password_hash = 'none', role = 'guest',
                guest_key = NULL, email_verified_at = NULL, updated_at = $3 WHERE id = $1",
        id,
        email,
        now
    )?;
    expect_rows("anonymise user", 1, rows)?;
    q!(tx.ex(), exec, "DELETE FROM mail_links WHERE user_id = $1", id)?;
    q!(tx.ex(), exec, "DELETE FROM magic_links WHERE user_id = $1", id)?;
    q!(
        tx.ex(),
        exec,
        "DELETE FROM refresh_tokens WHERE login_id IN (SELECT id FROM logins WHERE user_id = $1)",
        id
    )?;
    Ok(())
}

/// Begins a login.
pub(super) async fn insert_login(tx: &mut Tx, login: Uuid, user: Uuid, now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO logins (id, user_id, created_at) VALUES ($1, $2, $3)",
        login,
        user,
        now
    )?;
    expect_rows("insert login", 1, rows)
}

/// Ends a login, and says whether it was this call that did.
pub(super) async fn end_login(tx: &mut Tx, login: Uuid, now: Ts) -> Result<bool> {
    Ok(q!(tx.ex(), exec, "UPDATE logins SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", login, now)?
        == 1)
}

/// Ends all logins of a user but `keep`.
pub(super) async fn end_logins(tx: &mut Tx, user: Uuid, keep: Option<Uuid>, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE logins SET ended_at = $3 WHERE user_id = $1 AND ended_at IS NULL AND (id <> $2 OR $2 IS NULL)",
        user,
        keep,
        now
    )?;
    Ok(())
}

/// Writes a refresh token of a login.
pub(super) async fn insert_refresh(
    tx: &mut Tx,
    hash: &[u8],
    login: Uuid,
    now: Ts,
    expires_at: Ts,
) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO refresh_tokens (token_hash, login_id, issued_at, expires_at) VALUES ($1, $2, $3, $4)",
        hash,
        login,
        now,
        expires_at
    )?;
    expect_rows("insert refresh token", 1, rows)
}

/// Marks a refresh token as replaced; the first time counts.
pub(super) async fn replace_refresh(tx: &mut Tx, hash: &[u8], now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE refresh_tokens SET replaced_at = $2 WHERE token_hash = $1 AND replaced_at IS NULL",
        hash,
        now
    )?;
    Ok(())
}

/// A refresh token with its login and user.
#[derive(sqlx::FromRow)]
pub(super) struct RefreshRow {
    pub login_id: Uuid,
    pub user_id: Uuid,
    expires_at: Ts,
    replaced_at: Option<Ts>,
    last_replaced_at: Option<Ts>,
    ended_at: Option<Ts>,
}

impl RefreshRow {
    pub fn shown(&self) -> Shown {
        Shown {
            expires_at: self.expires_at,
            replaced_at: self.replaced_at,
            last_replaced_at: self.last_replaced_at,
            ended: self.ended_at.is_some(),
        }
    }
}

/// A refresh token by its hash.
pub(super) async fn refresh_token(tx: &mut Tx, hash: &[u8]) -> Result<Option<RefreshRow>> {
    Ok(q!(
        tx.ex(),
        opt RefreshRow,
        "SELECT t.login_id, l.user_id, t.expires_at, t.replaced_at, l.ended_at,
                (SELECT max(s.replaced_at) FROM refresh_tokens s WHERE s.login_id = t.login_id) AS last_replaced_at
         FROM refresh_tokens t JOIN logins l ON l.id = t.login_id WHERE t.token_hash = $1",
        hash
    )?)
}

/// Writes a mail link; older ones of the same purpose stop working.
pub(super) async fn insert_link(
    tx: &mut Tx,
    hash: &[u8],
    user: Uuid,
    purpose: Purpose,
    expires_at: Ts,
) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "DELETE FROM mail_links WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL",
        user,
        purpose.name()
    )?;
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO mail_links (token_hash, user_id, purpose, expires_at) VALUES ($1, $2, $3, $4)",
        hash,
        user,
        purpose.name(),
        expires_at
    )?;
    expect_rows("insert mail link", 1, rows)
}

/// Uses a link up and returns its user; `None` when it is unknown, old or used.
pub(super) async fn use_link(tx: &mut Tx, hash: &[u8], purpose: Purpose, now: Ts) -> Result<Option<Uuid>> {
    Ok(q!(
        tx.ex(),
        optval Uuid,
        "UPDATE mail_links SET used_at = $3
         WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 RETURNING user_id",
        hash,
        purpose.name(),
        now
    )?)
}

/// Whether a link would work.
pub(super) async fn link_works<'e, P, L>(
    ex: Dual<P, L>,
    hash: &[u8],
    purpose: Purpose,
    now: Ts,
) -> Result<bool>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    let n = q!(
        ex,
        val i64,
        "SELECT count(*) FROM mail_links
         WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3",
        hash,
        purpose.name(),
        now
    )?;
    Ok(n == 1)
}

/// Accounts behind `after` in the order they registered, whose folded name or address matches.
pub(super) async fn list<'e, P, L>(
    ex: Dual<P, L>,
    pattern: &str,
    role: Option<Role>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<User>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all User,
        "SELECT id, name, email, role, email_verified_at, is_guest, created_at FROM users
         WHERE (lower(name) LIKE $1 ESCAPE '!' OR email_key LIKE $1 ESCAPE '!')
           AND (role = $2 OR $2 IS NULL) AND (id > $3 OR $3 IS NULL)
         ORDER BY id LIMIT $4",
        pattern,
        role,
        after,
        limit
    )?)
}
