//! SQL of the audit log. Entries are appended, sealed once and read, never changed.

use shared::clock::Ts;
use sqlx::types::Json;
use sqlx::{FromRow, PgExecutor, QueryBuilder, SqliteExecutor};
use uuid::Uuid;

use super::chain::{Entry, Head};
use crate::db::{Db, Dual, Tx, expect_rows};
use crate::error::{Error, Result};
use crate::{on, q};

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

/// Whether there is anything to seal or, since `signed_before`, to sign. A read: an idle sealer writes nothing.
pub async fn is_work_left(db: &Db, signed_before: Ts) -> Result<bool> {
    Ok(q!(
        db.ex(),
        val bool,
        "SELECT EXISTS (SELECT 1 FROM audit_entries WHERE seq IS NULL)
             OR EXISTS (SELECT 1 FROM (SELECT max(seq) AS seq FROM audit_entries WHERE seq IS NOT NULL) e
                        LEFT JOIN (SELECT seq, at FROM audit_checkpoints ORDER BY seq DESC LIMIT 1) c ON TRUE
                        WHERE e.seq > COALESCE(c.seq, 0) AND (c.at IS NULL OR c.at <= $1))",
        signed_before
    )?)
}

/// Makes this transaction the only one that seals; false when another does.
pub async fn lock_chain(tx: &mut Tx) -> Result<bool> {
    // SQLite has one writer. The number is this lock's own among the advisory locks of the database.
    Ok(q!(tx.ex(), val bool, pg "SELECT pg_try_advisory_xact_lock(7263081)" lite "SELECT TRUE")?)
}

/// Where the chain stands.
pub async fn head(tx: &mut Tx) -> Result<Head> {
    let row = q!(
        tx.ex(),
        opt(i64, Vec<u8>),
        "SELECT seq, hash FROM audit_entries WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1"
    )?;
    let Some((seq, hash)) = row else { return Ok(Head::START) };
    let hash =
        hash.try_into().map_err(|_| Error::Internal(format!("audit entry {seq} has no whole hash")))?;
    Ok(Head { seq, hash })
}

/// Entries that are not sealed yet, in the order they were written.
pub async fn open_entries(tx: &mut Tx, most: i64) -> Result<Vec<Entry>> {
    Ok(q!(
        tx.ex(),
        all Entry,
        "SELECT id, at, actor, action, subject, detail FROM audit_entries WHERE seq IS NULL ORDER BY id LIMIT $1",
        most
    )?)
}

/// An entry's row and its place in the chain.
pub struct Sealed {
    /// Row.
    pub id: i64,
    /// The head it makes.
    pub head: Head,
}

/// Seals entries with one statement; rows touched.
pub async fn seal(tx: &mut Tx, sealed: &[Sealed]) -> Result<u64> {
    Ok(on!(tx.ex(), c => {
        let mut sql = QueryBuilder::new("UPDATE audit_entries SET seq = v.column2, hash = v.column3 FROM (");
        sql.push_values(sealed, |mut row, entry| {
            row.push_bind(entry.id).push_bind(entry.head.seq).push_bind(entry.head.hash.to_vec());
        });
        sql.push(") AS v WHERE audit_entries.id = v.column1 AND audit_entries.seq IS NULL");
        sql.build().execute(c).await?.rows_affected()
    }))
}

/// A signed head.
#[derive(Debug, Clone, FromRow)]
pub struct Checkpoint {
    /// Number of the entry.
    pub seq: i64,
    /// Its hash.
    pub hash: Vec<u8>,
    /// When it was signed.
    pub at: Ts,
    /// By which key.
    pub kid: String,
    /// Ed25519.
    pub signature: Vec<u8>,
}

/// The newest checkpoint.
pub async fn last_checkpoint(tx: &mut Tx) -> Result<Option<Checkpoint>> {
    Ok(q!(
        tx.ex(),
        opt Checkpoint,
        "SELECT seq, hash, at, kid, signature FROM audit_checkpoints ORDER BY seq DESC LIMIT 1"
    )?)
}

/// Keeps a signed head.
pub async fn insert_checkpoint(tx: &mut Tx, head: Head, kid: &str, signature: &[u8], now: Ts) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO audit_checkpoints (seq, hash, at, kid, signature) VALUES ($1, $2, $3, $4, $5)",
        head.seq,
        head.hash.as_slice(),
        now,
        kid,
        signature
    )?;
    expect_rows("keep audit checkpoint", 1, rows)
}

/// A sealed entry as it is kept.
#[derive(Debug, Clone, FromRow)]
pub struct Link {
    /// Its number.
    pub seq: i64,
    /// Its hash, as kept.
    pub hash: Option<Vec<u8>>,
    /// What it says.
    #[sqlx(flatten)]
    pub entry: Entry,
}

/// A page of the chain behind number `after`.
pub async fn links(tx: &mut Tx, after: i64, most: i64) -> Result<Vec<Link>> {
    Ok(q!(
        tx.ex(),
        all Link,
        "SELECT seq, hash, id, at, actor, action, subject, detail FROM audit_entries WHERE seq > $1
         ORDER BY seq, id LIMIT $2",
        after,
        most
    )?)
}

/// A page of the checkpoints behind number `after`, each with the hash of its entry as kept now.
pub async fn checkpoints(tx: &mut Tx, after: i64, most: i64) -> Result<Vec<(Checkpoint, Option<Vec<u8>>)>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        checkpoint: Checkpoint,
        kept: Option<Vec<u8>>,
    }
    let rows = q!(
        tx.ex(),
        all Row,
        "SELECT c.seq, c.hash, c.at, c.kid, c.signature, e.hash AS kept
         FROM audit_checkpoints c LEFT JOIN audit_entries e ON e.seq = c.seq
         WHERE c.seq > $1 ORDER BY c.seq LIMIT $2",
        after,
        most
    )?;
    Ok(rows.into_iter().map(|row| (row.checkpoint, row.kept)).collect())
}
