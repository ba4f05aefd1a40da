//! What PostgreSQL's planner knows of tables that grow.
//!
//! Statements are planned once and for any value (decision 45). A plan that was made while a table had a handful of rows may
//! walk it whole, since that is then as cheap as to look into an index; it stays until somebody measures the table.
//! PostgreSQL does that by itself, but looks once a minute, and in its first minute a sale has made tens of thousands of
//! rows. So each node looks as well: a table that has doubled is measured, and whatever was planned with it is planned anew.
//! As tables only double so often, this costs little.

use sqlx::AssertSqlSafe;

use super::{Db, Dual};
use crate::error::Result;
use crate::q;

/// Rows that must have changed since a table was measured last.
const CHANGED_MIN: i64 = 200;
/// Tables that one look measures at most.
const TABLES_MAX: i64 = 8;

/// Measures the tables that have doubled since that was done last; how many. SQLite is told how rows spread by a migration.
///
/// # Errors
/// The database's. Who may not measure a table, since it belongs to somebody else, is only warned of it by the server.
pub async fn refresh(db: &Db) -> Result<usize> {
    let Dual::Pg(reads) = db.ex() else { return Ok(0) };
    let grown = q!(
        pg reads,
        vals String,
        "SELECT CAST(s.relname AS TEXT) FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
         WHERE s.schemaname = current_schema() AND s.n_mod_since_analyze >= $1 AND s.n_live_tup > 2 * c.reltuples
         ORDER BY s.n_live_tup LIMIT $2",
        CHANGED_MIN,
        TABLES_MAX
    )?;
    for table in &grown {
        // Names of our own tables, from the catalogue. Whoever measures it at this moment does it for us.
        let analyze = AssertSqlSafe(format!("ANALYZE (SKIP_LOCKED) \"{table}\""));
        sqlx::query(analyze).execute(reads.pool()).await?;
    }
    Ok(grown.len())
}
