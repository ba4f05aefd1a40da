//! Kept answers (I7).

use shared::verify::Report;

use super::look;
use crate::db::Tx;
use crate::error::Result;

pub(super) async fn check(tx: &mut Tx, report: &mut Report) -> Result<()> {
    look!(
        report,
        tx,
        "I7",
        "A key was taken once by one person, and has a whole answer or a request at work.",
        "key of" as String,
        "SELECT count(*) FROM idempotency_keys",
        "SELECT count(*) OVER (), k.scope, CASE WHEN k.status IS NULL THEN 'unanswered' ELSE 'answered' END
         FROM idempotency_keys k
         WHERE (k.status IS NULL) <> (k.body IS NULL) OR (k.status IS NULL) <> (k.content_type IS NULL)
            OR (k.status IS NULL) <> (k.locked_until IS NOT NULL) OR length(k.request_hash) <> 32
            OR 1 < (SELECT count(*) FROM idempotency_keys o WHERE o.scope = k.scope AND o.key = k.key)
         ORDER BY k.scope LIMIT 5"
    );
    Ok(())
}
