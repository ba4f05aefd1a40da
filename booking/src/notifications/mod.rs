//! Mails to people, and texts to their phones ([`texts`]): what they say and how they are sent.
//!
//! A mail is a [`Message`] queued in the transaction of the fact it tells of. Messages hold ids; names and addresses are
//! looked up when the mail is written, so that a mail goes where its reader is today and the job table holds no
//! personal data. The one exception is an address that belongs to no account ([`turns`]).

mod accounts;
mod jobs;
mod letter;
mod letters;
mod mailer;
mod postponed;
mod store;
pub mod texts;
pub mod turns;

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use time::Duration;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::jobs::{Kind, NewJob, enqueue_all};

pub use jobs::send;
pub use letter::Letter;
pub use mailer::Mailer;
pub use postponed::{Telling, tell as tell_postponed};

/// How long before the session's start its ticket holders are reminded.
const REMIND_BEFORE: Duration = Duration::DAY;

/// What a mail is to say. A member called `token` is a secret: it leaves the job table when the mail is sent.
#[derive(Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "kebab-case")]
pub enum Message {
    /// A link that proves the address of a new account.
    VerifyEmail {
        /// The account.
        user: Uuid,
        /// Secret of the link.
        token: String,
    },
    /// A link that sets a new password.
    ResetPassword {
        /// The account.
        user: Uuid,
        /// Secret of the link.
        token: String,
    },
    /// Somebody tried to register an address that has an account; the answer over HTTP does not tell.
    AlreadyRegistered {
        /// The account.
        user: Uuid,
    },
    /// A login was ended, because somebody may have copied it.
    LoginEnded {
        /// The account.
        user: Uuid,
    },
    /// An admin has decided the reader's request to organise.
    OrganiserDecided {
        /// The account.
        user: Uuid,
    },
    /// What was booked.
    BookingConfirmed {
        /// The booking.
        booking: Uuid,
    },
    /// The tickets themselves, as PDF, and the date for a calendar.
    TicketsReady {
        /// The booking.
        booking: Uuid,
    },
    /// What was booked: other seats than those chosen, which were gone when the money came.
    OtherSeats {
        /// The booking.
        booking: Uuid,
    },
    /// The money came when the seats were gone: all of it goes back.
    PaidTooLate {
        /// The booking, which has expired.
        booking: Uuid,
    },
    /// A booking has ended, and what is paid back.
    BookingCancelled {
        /// The booking.
        booking: Uuid,
        /// What is paid back, in minor units of the booking's currency.
        refund_minor: i64,
    },
    /// Some tickets of a booking were given back; the others stand.
    TicketsGivenBack {
        /// The booking.
        booking: Uuid,
        /// How many.
        tickets: i64,
        /// What is paid back for them, in minor units of the booking's currency.
        refund_minor: i64,
    },
    /// A fresh link to a guest's booking, which somebody asked for.
    GuestLink {
        /// The booking.
        booking: Uuid,
    },
    /// It is tomorrow.
    Reminder {
        /// The booking.
        booking: Uuid,
    },
    /// The session of the reader's tickets has another date.
    Postponed {
        /// The booking the tickets are of.
        booking: Uuid,
        /// The reader, who holds them.
        user: Uuid,
        /// What moved it.
        postponement: Uuid,
    },
    /// Seats came back, and it is the reader's turn to have them.
    SeatsOffered {
        /// The reader's entry in the waiting list.
        entry: i64,
    },
    /// Somebody offers a ticket to the reader.
    TransferOffered {
        /// The offer.
        transfer: Uuid,
        /// Secret of the link that accepts it.
        token: String,
    },
    /// An endpoint takes no more webhooks: it has failed for too long.
    WebhookDisabled {
        /// The endpoint; its owner reads.
        endpoint: Uuid,
    },
    /// The offer was accepted: the new holder's ticket.
    TransferAccepted {
        /// The new ticket.
        ticket: Uuid,
    },
}

/// Queues a mail in the transaction of the fact it tells of; call [`App::wake_jobs`] after the commit.
pub async fn enqueue(tx: &mut Tx, app: &App, message: &Message, now: Ts) -> Result<()> {
    enqueue_all(tx, &[NewJob::now(Kind::Mail, message, now)], &app.entropy, now).await
}

/// The mails that follow a confirmation: the confirmation, the tickets, and the reminder for the day before
/// `starts_at`. Each is queued once per booking, however often this is asked. With `other_seats` the first tells that it has
/// others than were chosen.
pub fn of_confirmed(booking: Uuid, other_seats: bool, starts_at: Ts, now: Ts) -> Vec<NewJob> {
    let once = |message, name| NewJob::now(Kind::Mail, &message, now).once(format!("{name}:{booking}"));
    let first =
        if other_seats { Message::OtherSeats { booking } } else { Message::BookingConfirmed { booking } };
    let mut mails =
        vec![once(first, "booking-confirmed"), once(Message::TicketsReady { booking }, "tickets-ready")];
    let remind_at = starts_at - REMIND_BEFORE;
    // Whoever books on the last day needs no reminder.
    if remind_at > now {
        mails.push(once(Message::Reminder { booking }, "reminder").at(remind_at));
    }
    mails
}

/// The reminder of a booking whose session was moved to `starts_at`, queued once for that date.
fn reminder(booking: Uuid, starts_at: Ts, now: Ts) -> NewJob {
    NewJob::now(Kind::Mail, &Message::Reminder { booking }, now)
        .once(format!("reminder:{booking}:{}", starts_at.seconds()))
        .at(starts_at - REMIND_BEFORE)
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(turns::keep_turn_mail))
}
