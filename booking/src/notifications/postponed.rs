//! Telling the holders of a postponed session: a job queues their mails, some bookings at a time, and goes on after them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::jobs::{self, Content};
use super::{Message, letters, store};
use crate::app::App;
use crate::error::Result;
use crate::jobs::{Kind, NewJob, enqueue_all};
use crate::tickets::{self, calendar};

/// Bookings whose mails one job queues.
const BOOKINGS_AT_ONCE: i64 = 200;

/// How far the telling of a postponement has come.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Telling {
    /// What is told.
    pub postponement: Uuid,
    /// The last booking whose mails are queued.
    pub after: Option<Uuid>,
}

/// Queues the mails of the next bookings, and the job that goes on behind them.
pub async fn tell(app: &App, telling: Telling) -> Result<()> {
    let now = app.now();
    let holders = store::holders(&app.db, telling.postponement, telling.after, BOOKINGS_AT_ONCE).await?;
    let Some((last, _)) = holders.last().copied() else { return Ok(()) };
    let inner = app.clone();
    app.db
        .write("tell_postponed", move |tx| {
            let (app, holders) = (inner.clone(), holders.clone());
            Box::pin(async move {
                let Telling { postponement, .. } = telling;
                let mut queued: Vec<NewJob> = holders
                    .iter()
                    .map(|(booking, user)| {
                        let mail = Message::Postponed { booking: *booking, user: *user, postponement };
                        NewJob::now(Kind::Mail, &mail, now)
                            .once(format!("postponed:{postponement}:{booking}:{user}"))
                    })
                    .collect();
                let next = Telling { postponement, after: Some(last) };
                queued.push(
                    NewJob::now(Kind::TellPostponed, &next, now).once(format!("tell:{postponement}:{last}")),
                );
                enqueue_all(tx, &queued, &app.entropy, now).await
            })
        })
        .await?;
    app.wake_jobs();
    Ok(())
}

/// The mail to one holder; none when the booking has ended or a newer postponement is told of.
pub(super) async fn mail(
    app: &App,
    booking: Uuid,
    user: Uuid,
    postponement: Uuid,
) -> Result<Option<Content>> {
    let facts = jobs::find_booking(app, booking).await?;
    let Some(moved) = store::moved(&app.db, postponement, booking).await?.filter(|_| facts.stands()) else {
        return Ok(None);
    };
    let held = tickets::held_by(&app.db, user, booking).await?;
    if held.is_empty() {
        return Ok(None);
    }
    let to = jobs::reader(app, user).await?;
    let url = jobs::booking_page(app, booking, user).await?;
    let letter = letters::postponed(&facts, &moved, to.greeting(), user == facts.user_id, url);
    let date = calendar::of_tickets(&held, &app.settings.public_url(), app.now());
    Ok(Some((to, letter, vec![jobs::calendar_file(date)])))
}
