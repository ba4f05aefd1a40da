//! Offering what came back to whom it is due.

use serde_json::json;
use shared::clock::Ts;
use time::Duration;

use super::rules::{self, Waiting};
use super::store;
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::{self, SaleEvent};
use crate::notifications::{self, Message};
use crate::seats::holds::{self, Wish};

/// Offers of one session that one run makes at most.
const OFFERS_MAX: usize = 50;

/// Notes which offers have ended, and offers what is free to those who wait for it. Safe to run on many nodes at once.
pub async fn offer_returned(app: &App) -> Result<()> {
    for session in store::sessions(app).await? {
        let mut changed = false;
        for _ in 0..OFFERS_MAX {
            if !is_due(app, session).await? || !offer_one(app, session).await? {
                break;
            }
            changed = true;
        }
        if changed {
            app.seats_have_changed(session);
            app.events_have_changed();
            app.wake_jobs();
        }
    }
    Ok(())
}

/// Whether there is something to do, asked without a lock.
async fn is_due(app: &App, session: i64) -> Result<bool> {
    if store::has_ended_offers(app, session).await?
        || !events::sale_of(app, session).await?.is_on_sale(app.now())
    {
        return Ok(true);
    }
    let (line, free) = (store::line(app.db.ex(), session).await?, store::free(app.db.ex(), session).await?);
    Ok(rules::next(&line, &free).is_some())
}

/// One step; whether anything changed.
async fn offer_one(app: &App, session: i64) -> Result<bool> {
    #[cfg(feature = "testing")]
    let seen = unguarded::look(app, session).await?;
    let inner = app.clone();
    let offered = app.db.write("offer_seats", move |tx| {
        let app = inner.clone();
        Box::pin(async move {
            let now = app.now();
            #[cfg(feature = "testing")]
            if let Some((entry, kind)) = seen {
                return unguarded::offer(tx, &app, session, entry, kind, now).await;
            }
            // Off while this transaction holds seats itself; nobody else sees that.
            store::lock(tx, session, false).await?;
            store::settle(tx, session, now).await?;
            let sale = events::sale_anew(tx, session).await?;
            let changed = if sale.is_on_sale(now) {
                offer_next(tx, &app, &sale, now).await?
            } else {
                store::end_all(tx, session, now).await?;
                false
            };
            store::note_waiting(tx, session).await?;
            Ok(changed)
        })
    });
    offered.await
}

/// Offers seats to whose turn it is; whether anybody's turn it was.
async fn offer_next(tx: &mut Tx, app: &App, sale: &SaleEvent, now: Ts) -> Result<bool> {
    let session = sale.session_id;
    let line = store::line(tx.ex(), session).await?;
    let free = store::free(tx.ex(), session).await?;
    let Some((entry, kind)) = rules::next(&line, &free) else { return Ok(false) };
    let user = store::owner(tx, entry.id).await?;
    if holds::count_of(tx, user, sale.event_id, now).await? + entry.quantity > sale.per_person_limit {
        // They have bought otherwise meanwhile.
        return store::set_state(tx, entry.id, "waiting", "left", None, now).await;
    }
    let wish = wish(app, sale, user, now);
    if holds::hold_any(tx, &wish, kind, entry.quantity, now).await?.is_none() {
        // Somebody is at these seats, or at this account, this very moment: later.
        return Ok(false);
    }
    if !store::set_state(tx, entry.id, "waiting", "offered", Some(wish.hold), now).await? {
        return Err(Error::Internal(format!("waiting list entry {} was offered seats twice", entry.id)));
    }
    tell(tx, app, &entry, session, now).await?;
    Ok(true)
}

fn wish(app: &App, sale: &SaleEvent, user: uuid::Uuid, now: Ts) -> Wish {
    let until = now + Duration::minutes(app.settings.booking.waiting_list_offer_minutes);
    Wish {
        hold: app.entropy.uuid_v7(now),
        user,
        event: sale.event_id,
        session: sale.session_id,
        booking_session: None,
        while_open: false,
        currency: sale.currency.clone(),
        limit: sale.per_person_limit,
        unlocked: Vec::new(),
        until: until.min(sale.sales_close_at.unwrap_or(sale.starts_at)),
    }
}

async fn tell(tx: &mut Tx, app: &App, entry: &Waiting, session: i64, now: Ts) -> Result<()> {
    notifications::enqueue(tx, app, &Message::SeatsOffered { entry: entry.id }, now).await?;
    let detail = json!({ "entry": entry.id, "seats": entry.quantity });
    audit::append(tx, None, "waiting-list.offered", format!("session:{session}"), detail, now).await
}

/// The mistake that the lock prevents: offering to whom one saw waiting before the transaction.
#[cfg(feature = "testing")]
mod unguarded {
    use super::*;
    use crate::guards::Guard;

    /// Attempts at a hold while others of the same account are placed.
    const PATIENCE: usize = 20;

    pub async fn look(app: &App, session: i64) -> Result<Option<(Waiting, i64)>> {
        if !app.guards.is_off(Guard::OfferOnce) {
            return Ok(None);
        }
        let (line, free) =
            (store::line(app.db.ex(), session).await?, store::free(app.db.ex(), session).await?);
        app.guards.meet().await;
        Ok(rules::next(&line, &free))
    }

    pub async fn offer(
        tx: &mut Tx,
        app: &App,
        session: i64,
        entry: Waiting,
        kind: i64,
        now: Ts,
    ) -> Result<bool> {
        // The statement that takes seats would refuse them to everybody else; what was decided was decided before.
        store::lock(tx, session, false).await?;
        let sale = events::sale_anew(tx, session).await?;
        let user = store::owner(tx, entry.id).await?;
        let wish = Wish { limit: i64::MAX, ..wish(app, &sale, user, now) };
        // Holds of one account wait for each other, which would hide the mistake.
        for _ in 0..PATIENCE {
            if holds::hold_any(tx, &wish, kind, entry.quantity, now).await?.is_some() {
                store::set_state_unguarded(tx, entry.id, wish.hold).await?;
                break;
            }
        }
        Ok(false)
    }
}
