//! SQL of accounts elsewhere.

use shared::clock::Ts;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::Result;
use crate::q;

/// The account of ours that an account at the provider opens; notes that it was used.
pub async fn linked(tx: &mut Tx, issuer: &str, subject: &str, now: Ts) -> Result<Option<Uuid>> {
    Ok(q!(
        tx.ex(),
        optval Uuid,
        "UPDATE identities SET used_at = $3 WHERE issuer = $1 AND subject = $2 RETURNING user_id",
        issuer,
        subject,
        now
    )?)
}

/// Links an account at the provider to one of ours; nothing happens when it is linked already.
pub async fn link(tx: &mut Tx, issuer: &str, subject: &str, user: Uuid, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "INSERT INTO identities (issuer, subject, user_id, created_at, used_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (issuer, subject) DO NOTHING",
        issuer,
        subject,
        user,
        now
    )?;
    Ok(())
}

/// Forgets the accounts elsewhere that open one of ours.
pub async fn forget(tx: &mut Tx, user: Uuid) -> Result<()> {
    q!(tx.ex(), exec, "DELETE FROM identities WHERE user_id = $1", user)?;
    Ok(())
}
