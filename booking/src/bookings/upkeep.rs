//! What the sale does by itself: ends what is over. Every node runs it; correctness never waits for it.

use crate::admissions;
use crate::app::App;
use crate::error::{Error, Result};
use crate::events;
use crate::idempotency;
use crate::seats::holds;
use crate::waiting_list;

use super::cancel::{self, By, Cancellation};
use super::documents::Facts;
use super::{reconcile, store};

/// Rows of one kind ended by one run.
const MOST: i64 = 500;

/// One run over everything that may be over. A part that fails does not keep the others from their work.
pub async fn tick(app: &App) -> Result<()> {
    let parts = [
        reconcile::reconcile(app).await.map(|_| ()),
        free_expired_holds(app).await,
        expire_bookings(app).await,
        admissions::sweep(app, app.now()).await.map(|_| ()),
        refund_called_off(app).await,
        end_finished(app).await,
        events::complete_finished(app).await,
        events::block_withdrawn(app).await,
        waiting_list::offer_returned(app).await,
        idempotency::sweep(app).await.map(|_| ()),
    ];
    parts.into_iter().find(Result::is_err).unwrap_or(Ok(()))
}

async fn free_expired_holds(app: &App) -> Result<()> {
    for session in holds::sweep(app, app.now()).await? {
        app.seats_have_changed(session);
    }
    Ok(())
}

async fn expire_bookings(app: &App) -> Result<()> {
    let now = app.now();
    for booking in store::late(app, now, MOST).await? {
        app.db
            .write("expire_booking", move |tx| {
                Box::pin(async move {
                    store::lock(tx, booking).await?;
                    store::expire(tx, booking, now).await
                })
            })
            .await?;
    }
    Ok(())
}

/// An event that was called off pays everybody back.
async fn refund_called_off(app: &App) -> Result<()> {
    for booking in store::called_off(app, MOST).await? {
        let facts = Facts::of(app, booking, None).await?;
        let session = facts.row.session_id;
        let inner = app.clone();
        let cancelled = app
            .db
            .write("refund_called_off", move |tx| {
                let (app, mut facts) = (inner.clone(), facts.clone());
                Box::pin(async move {
                    let now = app.now();
                    let whole = Cancellation::whole(By::House);
                    cancel::cancel(tx, &app, &mut facts, &whole, now).await.map(|_| ())
                })
            })
            .await;
        match cancelled {
            // Another node or its owner was faster.
            Err(Error::Refused(_)) => {}
            outcome => outcome?,
        }
        app.wake_jobs();
        app.seats_have_changed(session);
    }
    Ok(())
}

async fn end_finished(app: &App) -> Result<()> {
    let now = app.now();
    app.db
        .write("end_bookings", move |tx| {
            Box::pin(async move {
                store::complete(tx, now).await?;
                store::note_refunds(tx).await
            })
        })
        .await?;
    Ok(())
}
