//! Writing and sending the mails that were queued.

use axum::http::StatusCode;
use shared::problem::Problem;
use uuid::Uuid;

use super::mailer::{File, Mail};
use super::store::{self, BookingFacts, Reader};
use super::{Letter, Message, REMIND_BEFORE, postponed, reminder, texts};
use super::{accounts, letters};
use crate::app::App;
use crate::error::Result;
use crate::jobs::enqueue;
use crate::tickets::{self, TicketFacts, calendar};
use crate::{users, waiting_list};

/// Sends the mail of job `job`, and queues the text that goes with it. A mail whose occasion has passed (a reminder of a
/// cancelled booking) is not sent, nor one to a deleted account.
pub async fn send(app: &App, job: Uuid, message: Message) -> Result<()> {
    let Some((to, letter, files)) = write(app, &message).await? else { return Ok(()) };
    if users::is_forgotten(&to.email) {
        return Ok(());
    }
    texts::follow(app, job, &message).await?;
    app.mailer.send(&Mail { id: job, to, letter, files }, app.now()).await
}

/// The mail that tells of `message`, if there is still something to tell.
async fn write(app: &App, message: &Message) -> Result<Option<Content>> {
    Ok(match *message {
        Message::VerifyEmail { user, ref token } => {
            let to = reader(app, user).await?;
            let letter =
                accounts::verify_email(to.greeting(), page(app, &format!("verify-email?token={token}")));
            Some((to, letter, Vec::new()))
        }
        Message::ResetPassword { user, ref token } => {
            let to = reader(app, user).await?;
            let letter =
                accounts::reset_password(to.greeting(), page(app, &format!("reset-password?token={token}")));
            Some((to, letter, Vec::new()))
        }
        Message::AlreadyRegistered { user } => {
            let to = reader(app, user).await?;
            let letter = accounts::already_registered(to.greeting(), page(app, "login"));
            Some((to, letter, Vec::new()))
        }
        Message::LoginEnded { user } => {
            let to = reader(app, user).await?;
            let letter = accounts::login_ended(to.greeting(), page(app, "forgot-password"));
            Some((to, letter, Vec::new()))
        }
        Message::OrganiserDecided { user } => organiser_decided(app, user).await?,
        Message::BookingConfirmed { booking } => {
            about_booking(app, booking, letters::booking_confirmed).await?
        }
        Message::OtherSeats { booking } => about_booking(app, booking, letters::other_seats).await?,
        Message::PaidTooLate { booking } => {
            let facts = find_booking(app, booking).await?;
            Some((buyer(&facts), letters::paid_too_late(&facts, page(app, "events")), Vec::new()))
        }
        Message::Reminder { booking } if is_early(app, booking).await? => None,
        Message::Reminder { booking } => about_booking(app, booking, letters::reminder).await?,
        Message::Postponed { booking, user, postponement } => {
            postponed::mail(app, booking, user, postponement).await?
        }
        Message::TicketsReady { booking } => tickets_ready(app, booking).await?,
        Message::BookingCancelled { booking, refund_minor } => {
            let facts = find_booking(app, booking).await?;
            let letter =
                letters::booking_cancelled(&facts, refund_minor, buyers_page(app, booking, &facts).await?);
            Some((buyer(&facts), letter, Vec::new()))
        }
        Message::GuestLink { booking } => {
            let facts = find_booking(app, booking).await?;
            let letter = letters::guest_link(&facts, buyers_page(app, booking, &facts).await?);
            Some((buyer(&facts), letter, Vec::new()))
        }
        Message::TicketsGivenBack { booking, tickets: given, refund_minor } => {
            let facts = find_booking(app, booking).await?;
            let left = tickets::live_of_booking(&app.db, booking).await?;
            let url = buyers_page(app, booking, &facts).await?;
            let letter = letters::tickets_given_back(&facts, given, refund_minor, &left, url);
            Some((buyer(&facts), letter, Vec::new()))
        }
        Message::SeatsOffered { entry } => seats_offered(app, entry).await?,
        Message::TransferOffered { transfer, ref token } => transfer_offered(app, transfer, token).await?,
        Message::WebhookDisabled { endpoint } => webhook_disabled(app, endpoint).await?,
        Message::TransferAccepted { ticket } => Some(transfer_accepted(app, ticket).await?),
    })
}

pub(super) type Content = (Reader, Letter, Vec<File>);

/// A letter to the buyer of a booking that still stands.
async fn about_booking(
    app: &App,
    booking: Uuid,
    compose: fn(&BookingFacts, &[TicketFacts], String) -> Letter,
) -> Result<Option<Content>> {
    let facts = find_booking(app, booking).await?;
    if !facts.stands() {
        return Ok(None);
    }
    let tickets = tickets::live_of_booking(&app.db, booking).await?;
    let letter = compose(&facts, &tickets, buyers_page(app, booking, &facts).await?);
    Ok(Some((buyer(&facts), letter, Vec::new())))
}

/// Whether the session was moved since its reminder was queued: then another one is queued for the new date.
async fn is_early(app: &App, booking: Uuid) -> Result<bool> {
    let (starts_at, now) = (find_booking(app, booking).await?.starts_at, app.now());
    if starts_at - REMIND_BEFORE <= now {
        return Ok(false);
    }
    let inner = app.clone();
    let queued = app.db.write("remind_later", move |tx| {
        let app = inner.clone();
        Box::pin(async move { enqueue(tx, reminder(booking, starts_at, now), &app.entropy, now).await })
    });
    queued.await.map(|()| true)
}

/// None when she has asked again since.
async fn organiser_decided(app: &App, user: Uuid) -> Result<Option<Content>> {
    let Some((is_approved, answer)) = store::organiser_decision(&app.db, user).await? else {
        return Ok(None);
    };
    let to = reader(app, user).await?;
    let url = page(app, if is_approved { "organise" } else { "account" });
    let letter = accounts::organiser_decided(to.greeting(), is_approved, answer, url);
    Ok(Some((to, letter, Vec::new())))
}

async fn tickets_ready(app: &App, booking: Uuid) -> Result<Option<Content>> {
    let facts = find_booking(app, booking).await?;
    let tickets = tickets::live_of_booking(&app.db, booking).await?;
    if !facts.stands() || tickets.is_empty() {
        return Ok(None);
    }
    let mut files = ticket_files(app, &tickets, &facts.reference).await?;
    files.push(calendar_file(calendar::of_tickets(&tickets, &app.settings.public_url(), app.now())));
    let letter = letters::tickets_ready(&facts, &tickets, buyers_page(app, booking, &facts).await?);
    Ok(Some((buyer(&facts), letter, files)))
}

/// None when the offer is over or was booked before the mail was written.
async fn seats_offered(app: &App, entry: i64) -> Result<Option<Content>> {
    let Some(offer) = waiting_list::offer(&app.db, entry).await? else { return Ok(None) };
    let to = reader(app, offer.user_id).await?;
    let url = page(app, &format!("checkout/{}", offer.hold_id));
    let letter = letters::seats_offered(to.greeting(), &offer, url);
    Ok(Some((to, letter, Vec::new())))
}

/// None when the endpoint was deleted, or is back already.
async fn webhook_disabled(app: &App, endpoint: Uuid) -> Result<Option<Content>> {
    let Some(facts) = store::disabled_webhook(&app.db, endpoint).await? else { return Ok(None) };
    let to = reader(app, facts.owner_id).await?;
    let letter = letters::webhook_disabled(to.greeting(), &facts, page(app, "organise/webhooks"));
    Ok(Some((to, letter, Vec::new())))
}

async fn transfer_offered(app: &App, transfer: Uuid, token: &str) -> Result<Option<Content>> {
    let offer = store::offer(&app.db, transfer).await?.ok_or_else(gone)?;
    if offer.status != "offered" {
        return Ok(None);
    }
    let ticket = tickets::find(app.db.ex(), offer.ticket_id).await?.ok_or_else(gone)?;
    let letter =
        letters::transfer_offered(&offer, &ticket, page(app, &format!("transfers/{transfer}?token={token}")));
    // The reader may have no account yet, and so no name.
    Ok(Some((Reader { name: None, email: offer.to_email }, letter, Vec::new())))
}

async fn transfer_accepted(app: &App, ticket: Uuid) -> Result<Content> {
    let ticket = tickets::find(app.db.ex(), ticket).await?.ok_or_else(gone)?;
    let to = reader(app, ticket.user_id).await?;
    let letter = letters::transfer_accepted(&ticket, page(app, &format!("tickets/{}", ticket.code)));
    let name = ticket.code.clone();
    let tickets = [ticket];
    let mut files = ticket_files(app, &tickets, &name).await?;
    files.push(calendar_file(calendar::of_tickets(&tickets, &app.settings.public_url(), app.now())));
    Ok((to, letter, files))
}

/// One PDF with a page for each ticket, and the QR codes as pictures for the letter.
async fn ticket_files(app: &App, tickets: &[TicketFacts], name: &str) -> Result<Vec<File>> {
    let enclosed = tickets::enclosed(app, tickets.to_vec()).await?;
    let mut files = vec![File {
        name: format!("tickets-{name}.pdf"),
        media_type: "application/pdf",
        bytes: enclosed.pdf,
        is_inline: false,
    }];
    for (ticket, bytes) in tickets.iter().zip(enclosed.codes) {
        files.push(File { name: ticket.code.clone(), media_type: "image/png", bytes, is_inline: true });
    }
    Ok(files)
}

pub(super) fn calendar_file(text: String) -> File {
    File {
        name: "event.ics".into(),
        media_type: calendar::MEDIA_TYPE,
        bytes: text.into_bytes(),
        is_inline: false,
    }
}

pub(super) async fn reader(app: &App, user: Uuid) -> Result<Reader> {
    Ok(store::reader(&app.db, user).await?.ok_or_else(gone)?)
}

pub(super) async fn find_booking(app: &App, booking: Uuid) -> Result<BookingFacts> {
    Ok(store::booking(&app.db, booking).await?.ok_or_else(gone)?)
}

fn buyer(facts: &BookingFacts) -> Reader {
    Reader { name: Some(facts.user_name.clone()), email: facts.user_email.clone() }
}

async fn buyers_page(app: &App, booking: Uuid, facts: &BookingFacts) -> Result<String> {
    booking_page(app, booking, facts.user_id).await
}

/// The page of a booking for `user`; a guest's opens with the secret of a link, behind the `#` so that no log sees it.
pub(super) async fn booking_page(app: &App, booking: Uuid, user: Uuid) -> Result<String> {
    Ok(match users::magic_link(app, user, app.now()).await? {
        Some(token) => page(app, &format!("guest#token={token}&booking={booking}")),
        None => page(app, &format!("bookings/{booking}")),
    })
}

/// Address of one of the shop's pages.
pub(super) fn page(app: &App, path: &str) -> String {
    format!("{}/{path}", app.settings.public_url())
}

pub(super) fn gone() -> Problem {
    Problem::new(StatusCode::GONE, "gone", "Gone").detail("What this mail was to tell of no longer exists.")
}
