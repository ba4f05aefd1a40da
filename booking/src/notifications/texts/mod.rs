//! Text messages: what cannot wait until a mail is read, to a phone its owner has proven and wants to be told by.
//!
//! Each follows a mail: when its job finds that the occasion still stands, it queues the text as a job of its own, once. So a
//! sale queues nothing for texts, and neither waits for the other's server. The job holds ids; the number is looked up when the
//! text is written, and whose phone was changed, silenced or forgotten meanwhile is sent nothing.

mod gateway;
mod store;
mod words;

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use uuid::Uuid;

use super::jobs::{booking_page, find_booking, page};
use super::{Message, store as notifications};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::jobs::{self, Kind, NewJob};
use crate::users::phone::{self, Phone};
use crate::{tickets, waiting_list};

pub use gateway::Texter;

/// Payload of a job: what is to be said to whom.
#[derive(Clone, Serialize, Deserialize)]
pub struct Text {
    user: Uuid,
    #[serde(flatten)]
    about: About,
}

/// What a text tells.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
enum About {
    /// The code that proves the phone. Secrets are called `token`: it leaves the job table when the text is sent.
    Code { token: String },
    /// Seats came back, and it is the reader's turn to have them.
    SeatsOffered { entry: i64 },
    /// Somebody offers a ticket to the reader.
    TransferOffered { transfer: Uuid },
    /// The event of a booking was called off.
    EventCancelled { booking: Uuid },
    /// The session of the reader's tickets has another date.
    Postponed { booking: Uuid, postponement: Uuid },
    /// It is tomorrow.
    Reminder { booking: Uuid },
}

/// Queues the text that carries the code for the phone of `user`.
pub async fn enqueue_code(tx: &mut Tx, app: &App, user: Uuid, code: String, now: Ts) -> Result<()> {
    let text = Text { user, about: About::Code { token: code } };
    jobs::enqueue(tx, NewJob::now(Kind::Text, &text, now), &app.entropy, now).await
}

/// Queues the text that goes with the mail of job `mail`, once, if its reader wants one.
pub(super) async fn follow(app: &App, mail: Uuid, message: &Message) -> Result<()> {
    if !app.texter.is_on() {
        return Ok(());
    }
    let Some(text) = urgent(app, message).await? else { return Ok(()) };
    if phone::ready(&app.db, text.user).await?.is_none() {
        return Ok(());
    }
    let (inner, now) = (app.clone(), app.now());
    app.db
        .write("queue_text", move |tx| {
            let (app, text) = (inner.clone(), text.clone());
            Box::pin(async move {
                let job = NewJob::now(Kind::Text, &text, now).once(format!("text:{mail}"));
                jobs::enqueue(tx, job, &app.entropy, now).await
            })
        })
        .await?;
    app.wake_jobs();
    Ok(())
}

/// What of a mail cannot wait, and for whom.
async fn urgent(app: &App, message: &Message) -> Result<Option<Text>> {
    let text = |user, about| Text { user, about };
    Ok(match *message {
        Message::SeatsOffered { entry } => waiting_list::offer(&app.db, entry)
            .await?
            .map(|offer| text(offer.user_id, About::SeatsOffered { entry })),
        Message::TransferOffered { transfer, .. } => store::offered_to(&app.db, transfer)
            .await?
            .map(|user| text(user, About::TransferOffered { transfer })),
        // Who cancels her own booking knows.
        Message::BookingCancelled { booking, .. } => store::buyer_of_called_off(&app.db, booking)
            .await?
            .map(|user| text(user, About::EventCancelled { booking })),
        Message::Postponed { booking, user, postponement } => {
            Some(text(user, About::Postponed { booking, postponement }))
        }
        Message::Reminder { booking } => {
            Some(text(find_booking(app, booking).await?.user_id, About::Reminder { booking }))
        }
        _ => None,
    })
}

/// Sends the text of job `job`. One whose occasion has passed, or that nobody wants any more, is not sent.
pub async fn send(app: &App, job: Uuid, text: Text) -> Result<()> {
    if !app.texter.is_on() {
        return Ok(());
    }
    let phone = match &text.about {
        About::Code { token } => phone::awaiting(app, text.user, token).await?,
        _ => phone::ready(&app.db, text.user).await?,
    };
    let Some(phone) = phone else { return Ok(()) };
    let Some(words) = words(app, &phone, text).await? else { return Ok(()) };
    app.texter.send(job, &phone.number, &words).await
}

/// What is said, if there is still something to say.
async fn words(app: &App, phone: &Phone, Text { user, about }: Text) -> Result<Option<String>> {
    let language = phone.language;
    Ok(match about {
        About::Code { token } => Some(words::code(language, &token)),
        About::SeatsOffered { entry } => waiting_list::offer(&app.db, entry).await?.map(|offer| {
            words::seats_offered(language, &offer, &page(app, &format!("checkout/{}", offer.hold_id)))
        }),
        About::TransferOffered { transfer } => {
            let open = notifications::offer(&app.db, transfer).await?.filter(|one| one.status == "offered");
            let Some(offer) = open else { return Ok(None) };
            let ticket = tickets::find(app.db.ex(), offer.ticket_id).await?;
            ticket.map(|ticket| words::transfer_offered(language, &ticket))
        }
        About::EventCancelled { booking } => {
            let facts = find_booking(app, booking).await?;
            Some(words::event_cancelled(language, &facts, &booking_page(app, booking, user).await?))
        }
        About::Postponed { booking, postponement } => {
            let facts = find_booking(app, booking).await?;
            if !facts.stands() || notifications::moved(&app.db, postponement, booking).await?.is_none() {
                return Ok(None);
            }
            Some(words::postponed(language, &facts, &booking_page(app, booking, user).await?))
        }
        About::Reminder { booking } => {
            let facts = find_booking(app, booking).await?;
            if !facts.stands() || facts.starts_at <= app.now() {
                return Ok(None);
            }
            Some(words::reminder(language, &facts, &booking_page(app, booking, user).await?))
        }
    })
}
