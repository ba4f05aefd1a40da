//! Who did what: every critical act, written in the act's own transaction, then sealed into a chain ([`chain`]) of
//! which nothing can be changed, removed or put in without `rushline verify` naming it.

pub mod chain;
mod routes;
mod seal;
mod store;

use serde::Serialize;
use shared::clock::Ts;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};

pub use seal::seal;
pub use store::{Checkpoint, Link, checkpoints, head, links};

/// Appends an entry. `action` is a past-tense verb with its noun (`event.published`), `subject` what it was done to
/// (`event:12`); `detail` holds ids and figures, no personal data.
pub async fn append(
    tx: &mut Tx,
    actor: Option<Uuid>,
    action: &'static str,
    subject: String,
    detail: impl Serialize + Send,
    now: Ts,
) -> Result<()> {
    let detail = serde_json::to_value(detail).map_err(|e| Error::Internal(e.to_string()))?;
    store::insert(tx, actor, action, &subject, &detail, now).await
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(routes::list_audit))
}
