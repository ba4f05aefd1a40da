//! What webhooks tell of events: caches and figures that others keep of them follow these messages.

use serde_json::json;
use shared::clock::Ts;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::webhooks::{self, About, EventKind};

/// That a draft was made; `from` is the event it was copied from.
pub async fn created(tx: &mut Tx, app: &App, event: i64, from: Option<i64>, now: Ts) -> Result<()> {
    let data = json!({ "from": from });
    webhooks::tell(tx, app, EventKind::EventCreated, About::Event(event), data, now).await
}

/// That an event, or what belongs to it, is another than before; `by` names the act as the audit log does.
pub async fn changed(tx: &mut Tx, app: &App, event: i64, by: &str, now: Ts) -> Result<()> {
    webhooks::tell(tx, app, EventKind::EventChanged, About::Event(event), json!({ "by": by }), now).await
}

/// That an event was published, called off or completed.
pub async fn moved(tx: &mut Tx, app: &App, event: i64, kind: EventKind, now: Ts) -> Result<()> {
    webhooks::tell(tx, app, kind, About::Event(event), json!({}), now).await
}

/// That an event is gone.
pub async fn deleted(tx: &mut Tx, app: &App, event: i64, owner: Option<Uuid>, now: Ts) -> Result<()> {
    let about = About::Deleted { event, owner };
    webhooks::tell(tx, app, EventKind::EventDeleted, about, json!({}), now).await
}
