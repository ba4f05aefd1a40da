//! Passing a ticket on: an offer by mail, accepted with the secret of its link. The old code dies with the acceptance.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use time::Duration;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, Heir, NewOffer};
use super::{TicketDocument, TicketFacts, TicketStatus, new_code};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::Result;
use crate::extract::CurrentUser;
#[cfg(feature = "testing")]
use crate::guards::Guard;
use crate::idempotency::{Answer, Keyed};
use crate::notifications::{self, Message};
use crate::users;
use crate::webhooks::{self, About, EventKind};

/// How long an offer stands, unless the session starts before.
const OFFER_LASTS: Duration = Duration::days(7);

/// To whom a ticket is offered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferTo {
    /// Where the link is sent.
    email: String,
}

/// An offer just made.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferDocument {
    /// The offer.
    id: Uuid,
    /// The ticket.
    ticket_code: String,
    /// Where the link was sent.
    email: String,
    /// `offered`.
    status: &'static str,
    /// The link is dead from then on.
    expires_at: Ts,
}

/// The secret of an offer's link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// From the mail.
    token: String,
}

/// Offers a ticket to somebody by mail. It stays mine until they accept.
#[utoipa::path(post, path = "/api/v1/tickets/{code}/transfer", tag = "tickets", params(("code" = String, Path)),
    request_body = OfferTo,
    responses((status = 429, body = ProblemDocument),
        (status = 201, body = OfferDocument), (status = 404, body = ProblemDocument),
              (status = 409, description = "`ticket-dead`, `already-used`, `transfer-open`, `too-late`", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn offer(
    State(app): State<App>,
    client: Client,
    user: CurrentUser,
    Path(code): Path<String>,
    Keyed(Json(body), attempt): Keyed<Json<OfferTo>>,
) -> Result<Answer> {
    // It sends mail to whomever the caller names.
    app.limits.logins.check(client)?;
    let now = app.now();
    let attempt = attempt.of(user.id);
    let to_email = users::rules::email("/email", &body.email)?;
    let ticket = own_ticket(&app, &user, &code).await?;
    let expires_at = match may_pass_on(&ticket, now) {
        Ok(expires_at) => expires_at,
        // The first offer may have been accepted by now.
        Err(refused) => return attempt.or_answered(&app, refused.into()).await,
    };
    let token = URL_SAFE_NO_PAD.encode(app.entropy.bytes::<32>());
    let id = app.entropy.uuid_v7(now);
    let document = OfferDocument {
        id,
        ticket_code: ticket.code,
        email: to_email.clone(),
        status: "offered",
        expires_at,
    };
    let answer = Answer::json(StatusCode::CREATED, &document)?;
    let offer = NewOffer {
        id,
        ticket: ticket.id,
        from: user.id,
        to_email,
        token_hash: users::rules::token_hash(&token),
        expires_at,
    };
    let writer = app.clone();
    let answer = attempt
        .once(&app, "offer_ticket", move |tx| {
            let (app, offer) = (writer.clone(), offer.clone());
            let (token, answer) = (token.clone(), answer.clone());
            Box::pin(async move {
                make_offer(tx, &app, &offer, token, now).await?;
                Ok(answer)
            })
        })
        .await?;
    app.wake_jobs();
    Ok(answer)
}

/// Writes the offer and queues the mail with its link.
async fn make_offer(tx: &mut Tx, app: &App, offer: &NewOffer, token: String, now: Ts) -> Result<()> {
    store::expire_offer(tx, offer.ticket, now).await?;
    if store::insert_offer(tx, offer, now).await? == 0 {
        return Err(on_offer().into());
    }
    let (subject, detail) = (format!("ticket:{}", offer.ticket), json!({ "transfer": offer.id }));
    audit::append(tx, Some(offer.from), "ticket.offered", subject, detail, now).await?;
    notifications::enqueue(tx, app, &Message::TransferOffered { transfer: offer.id, token }, now).await
}

/// Withdraws the offer of a ticket: its link is dead.
#[utoipa::path(delete, path = "/api/v1/tickets/{code}/transfer", tag = "tickets", params(("code" = String, Path)),
    responses((status = 204), (status = 404, description = "It is not on offer", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn withdraw(
    State(app): State<App>,
    user: CurrentUser,
    Path(code): Path<String>,
) -> Result<StatusCode> {
    let now = app.now();
    let ticket = own_ticket(&app, &user, &code).await?.id;
    app.db
        .write("withdraw_offer", move |tx| {
            Box::pin(async move {
                if store::withdraw_offer(tx, ticket).await? == 0 {
                    return Err(Problem::not_found().into());
                }
                let subject = format!("ticket:{ticket}");
                audit::append(tx, Some(user.id), "ticket.offer-withdrawn", subject, json!({}), now).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows what is offered to whoever has the link, before they log in and accept: event, seat and price, no code.
#[utoipa::path(post, path = "/api/v1/transfers/{id}", tag = "tickets", params(("id" = Uuid, Path)), request_body = Link,
    responses((status = 200, body = Offered), (status = 404, body = ProblemDocument),
              (status = 409, description = "`transfer-over`", body = ProblemDocument)))]
pub async fn look(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Json(link): Json<Link>,
) -> Result<Json<Offered>> {
    let offer = open_offer(&app, id, &link).await?;
    let ticket = super::find(app.db.ex(), offer.ticket_id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(Offered {
        event: ticket.event_name.clone(),
        venue: ticket.venue_name.clone(),
        starts_at: ticket.starts_at,
        time_zone: ticket.time_zone.clone(),
        place: ticket.place(),
        from: ticket.holder_name,
        expires_at: offer.expires_at,
    }))
}

/// What is offered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offered {
    /// Name of the event.
    event: String,
    /// Name of the venue.
    venue: String,
    /// Start.
    starts_at: Ts,
    /// Zone of the venue, IANA name.
    time_zone: String,
    /// Seat and ticket type in words.
    place: String,
    /// Who offers.
    from: String,
    /// The link is dead from then on.
    expires_at: Ts,
}

/// Accepts an offered ticket: it becomes mine with a new code, and the old one is dead.
#[utoipa::path(post, path = "/api/v1/transfers/{id}/accept", tag = "tickets", params(("id" = Uuid, Path)),
    request_body = Link,
    responses((status = 200, body = TicketDocument), (status = 404, body = ProblemDocument),
              (status = 409, description = "`transfer-over`, `own-ticket`", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn accept(
    State(app): State<App>,
    user: CurrentUser,
    Path(id): Path<Uuid>,
    Keyed(Json(link), attempt): Keyed<Json<Link>>,
) -> Result<Answer> {
    let now = app.now();
    let attempt = attempt.of(user.id);
    let offer = match open_offer(&app, id, &link).await {
        Ok(offer) => offer,
        // The first request with this key has accepted it.
        Err(refused) => return attempt.or_answered(&app, refused).await,
    };
    if offer.from_user == user.id {
        return Err(own_ticket_offered().into());
    }
    #[cfg(feature = "testing")]
    if app.guards.is_off(Guard::TransferOnce) {
        app.guards.meet().await;
    }
    let heir = app.entropy.uuid_v7(now);
    let writer = app.clone();
    let answer = attempt
        .once(&app, "accept_ticket", move |tx| {
            let (app, offer) = (writer.clone(), offer.clone());
            Box::pin(async move {
                pass_on(tx, &app, id, &offer, user.id, heir, now).await?;
                let ticket = super::find(tx.ex(), heir).await?.ok_or_else(Problem::not_found)?;
                let qr = super::svg(&app, &ticket)?;
                Answer::json(StatusCode::OK, &TicketDocument::new(ticket, Some(qr)))
            })
        })
        .await?;
    app.wake_jobs();
    Ok(answer)
}

/// The offer is taken, the old ticket dies, the new one is issued: all or nothing.
async fn pass_on(
    tx: &mut Tx,
    app: &App,
    id: Uuid,
    offer: &store::Offer,
    to: Uuid,
    heir: Uuid,
    now: Ts,
) -> Result<()> {
    let legacy = take(tx, app, id, offer, now).await?.ok_or_else(over)?;
    let new = Heir { ticket: heir, code: new_code(app), user: to, holder: app.entropy.uuid_v7(now) };
    store::insert_heir(tx, &legacy, &new, now).await?;
    let detail = json!({ "transfer": id, "successor": heir });
    let fact = json!({ "ticket": offer.ticket_id, "successor": heir, "booking": legacy.booking_id });
    let about = About::Booking(legacy.booking_id);
    webhooks::tell(tx, app, EventKind::TicketTransferred, about, fact, now).await?;
    audit::append(tx, Some(to), "ticket.transferred", format!("ticket:{}", offer.ticket_id), detail, now)
        .await?;
    notifications::enqueue(tx, app, &Message::TransferAccepted { ticket: heir }, now).await
}

/// Takes the offer and kills its ticket; `None` when somebody was faster.
async fn take(
    tx: &mut Tx,
    #[cfg_attr(not(feature = "testing"), expect(unused_variables, reason = "only tests take guards away"))]
    app: &App,
    id: Uuid,
    offer: &store::Offer,
    now: Ts,
) -> Result<Option<store::Legacy>> {
    #[cfg(feature = "testing")]
    if app.guards.is_off(Guard::TransferOnce) {
        return store::look_unguarded(tx, offer.ticket_id).await;
    }
    if store::take_offer(tx, id, now).await? == 0 {
        return Ok(None);
    }
    store::pass_on(tx, offer.ticket_id, offer.from_user).await
}

async fn open_offer(app: &App, id: Uuid, link: &Link) -> Result<store::Offer> {
    let offer = store::offer(&app.db, id, &users::rules::token_hash(&link.token))
        .await?
        .ok_or_else(Problem::not_found)?;
    if offer.status == "offered" && offer.expires_at > app.now() { Ok(offer) } else { Err(over().into()) }
}

async fn own_ticket(app: &App, user: &CurrentUser, code: &str) -> Result<TicketFacts> {
    let ticket = super::by_code(&app.db, &code.to_ascii_uppercase()).await?;
    Ok(ticket.filter(|ticket| ticket.user_id == user.id).ok_or_else(Problem::not_found)?)
}

/// Until when an offer of this ticket may stand, or why there can be none.
fn may_pass_on(ticket: &TicketFacts, now: Ts) -> Result<Ts, Problem> {
    let refused = |slug, detail: &str| {
        Problem::new(StatusCode::CONFLICT, slug, "This ticket cannot be passed on").detail(detail)
    };
    match ticket.status {
        TicketStatus::Used => Err(refused("already-used", "Its holder is inside already.")),
        TicketStatus::Cancelled | TicketStatus::Transferred => {
            Err(refused("ticket-dead", "It was cancelled or passed on before."))
        }
        TicketStatus::Valid if ticket.starts_at <= now => Err(refused("too-late", "Its session has begun.")),
        TicketStatus::Valid => Ok(ticket.starts_at.min(now + OFFER_LASTS)),
    }
}

fn on_offer() -> Problem {
    Problem::new(StatusCode::CONFLICT, "transfer-open", "This ticket is on offer already")
        .detail("Withdraw the open offer before you offer the ticket to somebody else.")
}

fn over() -> Problem {
    Problem::new(StatusCode::CONFLICT, "transfer-over", "This offer is over")
        .detail("It was accepted, withdrawn or has expired. Ask its sender for another.")
}

fn own_ticket_offered() -> Problem {
    Problem::new(StatusCode::CONFLICT, "own-ticket", "This ticket is yours already")
        .detail("Log in as the person it is meant for, or withdraw the offer.")
}
