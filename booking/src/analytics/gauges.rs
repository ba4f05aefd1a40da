//! Figures of the shop for those who watch it run: stock, holds, database connections. Set by a periodic task, so that
//! a look at `/metrics` asks the database nothing.

use crate::app::App;
use crate::error::Result;

use super::store;

/// Ticket types whose stock is shown: those of the sessions on sale that begin first.
const TYPES_MAX: i64 = 50;

/// Brings the figures up to date.
pub async fn update(app: App) -> Result<()> {
    let connections = app.db.connections();
    metrics::gauge!("db_connections", "state" => "used").set(f64::from(connections.used));
    metrics::gauge!("db_connections", "state" => "idle").set(f64::from(connections.idle));
    metrics::gauge!("db_connections_max").set(f64::from(connections.max));
    let now = app.now();
    metrics::gauge!("shop_holds").set(store::active_holds(&app.db, now).await? as f64);
    let stock = store::stock(&app.db, now, TYPES_MAX).await?;
    let labels = |row: &store::StockRow| {
        vec![
            ("event", row.event_id.to_string()),
            ("session", row.session_id.to_string()),
            ("ticket_type", row.name.clone()),
        ]
    };
    app.stock_free.set(stock.iter().map(|row| (labels(row), row.free as f64)).collect());
    app.stock_total.set(stock.iter().map(|row| (labels(row), row.total as f64)).collect());
    Ok(())
}
