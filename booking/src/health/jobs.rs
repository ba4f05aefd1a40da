//! Reporting to the waiting room.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use shared::departures::{AUDIENCE, ServiceClaims};
use shared::health::{Heard, Report, Stock, path};
use shared::peer::PeerError;

use super::rules::Counts;
use crate::analytics;
use crate::app::App;
use crate::error::{Error, Result};

/// Rooms that are reported to, those of the next sessions first.
const ROOMS_MAX: i64 = 200;
/// The waiting room does not know the room.
const NOT_FOUND: u16 = 404;

/// Reports to every room before a sale how this node has done since the last report.
///
/// # Errors
/// When the waiting room does not answer; the next report follows by itself.
pub async fn report(app: App) -> Result<()> {
    let counts = app.vitals.take();
    let on_sale = analytics::rooms_on_sale(&app.db, app.now(), ROOMS_MAX).await;
    let is_database_up = on_sale.is_ok();
    let mut rooms = known_rooms(&app, on_sale.ok());
    let token = app.session_keys.sign(&ServiceClaims::new(AUDIENCE, app.now()))?;
    let mut outcome = Ok(());
    for (room, wants_stock) in &mut rooms {
        let report = one(&app, room, *wants_stock, &counts, is_database_up).await;
        match app.waiting_room.post_json::<Heard>(&path(room), &token, &report).await {
            Ok(heard) => *wants_stock = heard.wants_stock,
            Err(PeerError::Refused(NOT_FOUND)) => {}
            Err(error) => outcome = Err(Error::Internal(format!("report of health: {error}"))),
        }
    }
    *app.vitals.rooms.lock().unwrap_or_else(PoisonError::into_inner) = rooms;
    outcome
}

/// The rooms to report to: those on sale, as far as the database can tell, else those of the last time.
fn known_rooms(app: &App, on_sale: Option<Vec<String>>) -> BTreeMap<String, bool> {
    let known = app.vitals.rooms.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match on_sale {
        Some(rooms) => {
            let wants_stock = |room: &str| known.get(room).copied().unwrap_or(false);
            rooms.into_iter().map(|room| (room.clone(), wants_stock(&room))).collect()
        }
        None => known,
    }
}

async fn one(app: &App, room: &str, wants_stock: bool, counts: &Counts, is_database_up: bool) -> Report {
    if !wants_stock || !is_database_up {
        return counts.report(is_database_up, None);
    }
    match analytics::unsold(&app.db, room, app.now()).await {
        Ok(unsold) => {
            let [free, held] = [unsold.free, unsold.held].map(i64::unsigned_abs);
            counts.report(true, Some(Stock { free, held }))
        }
        Err(_) => counts.report(false, None),
    }
}
