//! SQL of charges.

use shared::clock::Ts;
use sqlx::types::Json;
use sqlx::{PgExecutor, SqliteExecutor};

use super::rules::Terms;
use crate::db::{Dual, Tx};
use crate::error::Result;
use crate::q;

/// Keeps terms of an event; their id.
pub async fn insert(tx: &mut Tx, event: i64, terms: &Terms, now: Ts) -> Result<i64> {
    Ok(q!(
        tx.ex(),
        val i64,
        "INSERT INTO charges (event_id, terms, made_at) VALUES ($1, $2, $3) RETURNING id",
        event,
        Json(terms),
        now
    )?)
}

/// Terms that some price was reckoned by.
pub async fn terms<'e, P, L>(ex: Dual<P, L>, id: i64) -> Result<Terms>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(ex, val Json<Terms>, "SELECT terms FROM charges WHERE id = $1", id)?.0)
}
