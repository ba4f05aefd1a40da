//! The usual beginning of a guest, of many guests with one statement (decision 58): account, login, its refresh token, and
//! the entry in the audit log.

use data_encoding::HEXLOWER;
use serde::Serialize;
use shared::clock::{Clock, Ts};
use sqlx::types::Json;
use sqlx::{PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::db::{Db, Dual, Extent, Gather, Kind, Tx, Work};
use crate::error::Result;
use crate::q;
use crate::users::User;
use crate::users::logins::NewLogin;
use crate::users::rules::email_key;

/// Begins guests.
pub type Guests = Gather<NewGuest, ()>;

/// Starts to begin guests.
pub fn start(db: &Db, clock: &Clock) -> Guests {
    let collide = |one: &NewGuest, other: &NewGuest| one.id == other.id;
    Gather::start(
        db,
        clock,
        Kind { name: "begin_as_guest_at_once", extent: Extent::Together, run: begin, collide },
    )
}

/// A guest that is to begin.
#[derive(Debug, Clone, Serialize)]
pub struct NewGuest {
    id: Uuid,
    name: String,
    email: String,
    /// What stands for the address: it is the guest's own to nobody.
    email_key: String,
    /// The address as compared.
    guest_key: String,
    /// For the audit log.
    subject: String,
    login: Uuid,
    /// Of the refresh token, as PostgreSQL reads bytes.
    token_hash: String,
    at: Ts,
    expires_at: Ts,
}

impl NewGuest {
    /// `user`, and the login that begins with it.
    pub fn new(user: &User, login: &NewLogin) -> Self {
        Self {
            id: user.id,
            name: user.name.clone(),
            email: user.email.clone(),
            email_key: format!("guest:{}", user.id),
            guest_key: email_key(&user.email),
            subject: format!("user:{}", user.id),
            login: login.id,
            token_hash: format!("\\x{}", HEXLOWER.encode(&login.hash)),
            at: user.created_at,
            expires_at: login.expires_at,
        }
    }
}

fn begin<'t>(tx: &'t mut Tx, new: &'t [NewGuest], _now: Ts) -> Work<'t, Vec<Option<()>>> {
    Box::pin(async move {
        let mut begun = Vec::with_capacity(new.len());
        match tx.ex() {
            Dual::Pg(pg) => begun = begin_together(pg, new).await?,
            Dual::Lite(lite) => {
                for guest in new {
                    begin_alone(lite, guest).await?;
                    begun.push(guest.id);
                }
            }
        }
        Ok(new.iter().map(|guest| begun.contains(&guest.id).then_some(())).collect())
    })
}

async fn begin_together(pg: &mut PgConnection, new: &[NewGuest]) -> Result<Vec<Uuid>> {
    Ok(q!(
        pg pg,
        vals Uuid,
        "WITH new AS MATERIALIZED (
             SELECT * FROM jsonb_to_recordset($1) AS n (id UUID, name TEXT, email TEXT, email_key TEXT, guest_key TEXT,
                 subject TEXT, login UUID, token_hash BYTEA, at TIMESTAMPTZ, expires_at TIMESTAMPTZ)),
         account AS (
             INSERT INTO users (id, name, email, email_key, password_hash, role, is_guest, created_at, updated_at, guest_key)
             SELECT id, name, email, email_key, 'none', 'guest', TRUE, at, at, guest_key FROM new RETURNING id),
         login AS (INSERT INTO logins (id, user_id, created_at) SELECT login, id, at FROM new),
         token AS (
             INSERT INTO refresh_tokens (token_hash, login_id, issued_at, expires_at)
             SELECT token_hash, login, at, expires_at FROM new),
         noted AS (
             INSERT INTO audit_entries (at, actor, action, subject, detail)
             SELECT at, id, 'user.guest_began', subject, CAST('null' AS JSONB) FROM new)
         SELECT id FROM account",
        Json(new)
    )?)
}

async fn begin_alone(lite: &mut SqliteConnection, new: &NewGuest) -> Result<()> {
    q!(
        lite lite,
        exec,
        "INSERT INTO users (id, name, email, email_key, password_hash, role, is_guest, created_at, updated_at, guest_key)
         VALUES ($1, $2, $3, $4, 'none', 'guest', TRUE, $9, $9, $5);
         INSERT INTO logins (id, user_id, created_at) VALUES ($7, $1, $9);
         INSERT INTO refresh_tokens (token_hash, login_id, issued_at, expires_at)
         VALUES (unhex(substr($8, 3)), $7, $9, $10);
         INSERT INTO audit_entries (at, actor, action, subject, detail) VALUES ($9, $1, 'user.guest_began', $6, 'null')",
        new.id,
        &new.name,
        &new.email,
        &new.email_key,
        &new.guest_key,
        &new.subject,
        new.login,
        &new.token_hash,
        new.at,
        new.expires_at
    )?;
    Ok(())
}
