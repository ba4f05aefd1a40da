//! Two tasks a node on PostgreSQL: one sends this node's news, one follows those of the others.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Hints;
use crate::app::App;
use crate::db::Dual;

/// The channel of all nodes on one database.
const CHANNEL: &str = "rushline_news";
/// Between two messages: what happens meanwhile is told together.
const BREATH: Duration = Duration::from_millis(25);
/// Longest pause before listening anew, in milliseconds; drawn by lot, so that nodes do not return in step.
const PAUSE_MS: u32 = 500;

/// A message on the channel.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Message {
    /// Who sends it: nobody follows their own news.
    node: Uuid,
    /// Not flattened into the message: serde then no longer reads numbers as keys of a map.
    hints: Hints,
}

/// Sends and follows news until `stop`. One call per node; on SQLite there is nothing to do.
pub fn spawn(app: App, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let Dual::Pg(reads) = app.db.ex() else { return };
        let pool = reads.pool();
        let node = app.entropy.uuid_v7(app.now());
        let both = async { tokio::join!(tell(&app, pool, node), hear(&app, pool, node)) };
        stop.run_until_cancelled(both).await;
    })
}

async fn tell(app: &App, pool: &PgPool, node: Uuid) {
    loop {
        app.news.something.notified().await;
        let hints = app.news.take();
        if !hints.is_empty() {
            send(pool, &Message { node, hints }).await;
        }
        tokio::time::sleep(BREATH).await;
    }
}

/// News that cannot be sent are lost: the others look by themselves.
async fn send(pool: &PgPool, message: &Message) {
    let sent = match serde_json::to_string(message) {
        Ok(text) => {
            let notify = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(text).execute(pool).await;
            notify.map(|_| ()).map_err(|error| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    };
    let end = if sent.is_ok() { "sent" } else { "lost" };
    metrics::counter!("news_total", "end" => end).increment(1);
    if let Err(error) = sent {
        tracing::debug!(error, "news for the other nodes were lost");
    }
}

async fn hear(app: &App, pool: &PgPool, node: Uuid) {
    let mut is_deaf = false;
    loop {
        match listener(pool).await {
            Ok(listener) => {
                is_deaf = false;
                let error = follow(app, listener, node).await;
                tracing::warn!(%error, "the connection that brings the other nodes' news broke");
            }
            // Said once an outage: whatever else needs the database complains as well.
            Err(error) if !is_deaf => {
                is_deaf = true;
                tracing::warn!(%error, "this node hears no news from the others and looks by itself until it does");
            }
            Err(_) => {}
        }
        let pause_ms = app.entropy.below(PAUSE_MS) + 1;
        tokio::time::sleep(Duration::from_millis(pause_ms.into())).await;
    }
}

async fn listener(pool: &PgPool) -> sqlx::Result<PgListener> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Follows what is said until the connection breaks and cannot be renewed; why.
async fn follow(app: &App, mut listener: PgListener, node: Uuid) -> sqlx::Error {
    // What was said before we listened was not heard.
    Hints::everything().follow(app);
    loop {
        match listener.try_recv().await {
            Ok(Some(notice)) => match serde_json::from_str::<Message>(notice.payload()) {
                Ok(message) if message.node != node => message.hints.follow(app),
                Ok(_) => {}
                // Another version of Rushline speaks otherwise: be on the safe side.
                Err(error) => {
                    tracing::debug!(%error, "news that this node cannot read");
                    Hints::everything().follow(app);
                }
            },
            // The connection broke and was renewed.
            Ok(None) => Hints::everything().follow(app),
            Err(error) => return error,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn what_is_sent_is_understood() {
        let hints = Hints {
            seats: BTreeMap::from([(7, 1_700_000_000_000_000), (8, -1)]),
            any_seats: true,
            plans: BTreeSet::from([9]),
            events: true,
            jobs: true,
        };
        let message = Message { node: Uuid::from_u128(1), hints };
        let text = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&text).unwrap(), message, "{text}");
    }
}
