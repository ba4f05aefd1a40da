//! SQL of the audit log. Entries are appended and read, never changed.

use shared::clock::Ts;
use sqlx::types::Json;
use sqlx::{PgExecutor, SqliteExecutor};
use uuid::Uuid;

use crate::db::{Dual, Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// An entry with its actor's name.
#[derive(sqlx::FromRow)]
pub struct EntryRow {
    pub id: i64,
    pub at: Ts,
    pub actor: Option<Uuid>,
    pub actor_name: Option<String>,
    pub action: String,
    pub subject: String,
    pub detail: Json<serde_json::Value>,
}

/// Which entries are asked for; absent members ask for all.
pub struct Filter<'a> {
    pub subject: Option<&'a str>,
    pub action: Option<&'a str>,
    pub actor: Option<Uuid>,
    pub before: Option<i64>,
    pub limit: i64,
}

/// Appends an entry.
pub async fn insert(
    tx: &mut Tx,
    actor: Option<Uuid>,
    action: &str,
    subject: &str,
    detail: &serde_json::Value,
    now: Ts,
) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO audit_entries (at, actor, action, subject, detail) VALUES ($1, $2, $3, $4, $5)",
        now,
        actor,
        action,
        subject,
        Json(detail)
    )?;
    expect_rows("append audit entry", 1, rows)
}

/// Entries, the newest first.
pub async fn list<'e, P, L>(ex: Dual<P, L>, filter: &Filter<'_>) -> Result<Vec<EntryRow>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all EntryRow,
        "SELECT a.id, a.at, a.actor, u.name AS actor_name, a.action, a.subject, a.detail
         FROM audit_entries a LEFT JOIN users u ON u.id = a.actor
         WHERE (a.subject = $1 OR $1 IS NULL) AND (a.action = $2 OR $2 IS NULL) AND (a.actor = $3 OR $3 IS NULL)
           AND (a.id < $4 OR $4 IS NULL)
         ORDER BY a.id DESC LIMIT $5",
        filter.subject,
        filter.action,
        filter.actor,
        filter.before,
        filter.limit
    )?)
}
