//! Changing a confirmed booking: other names on its tickets, other seats of the same price. All of what is asked, or none.

use std::collections::HashSet;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::documents::{BookingDocument, Facts};
use super::rules::{self, Status};
use super::{store, told, whole};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::extract::{CurrentUser, Path};
use crate::notifications::{self, Message};
use crate::seats::exchange::{self, Exchange};
use crate::tickets::edits;
use crate::{audit, events, seats, text};

/// Changes in one request at most.
const CHANGES_MAX: usize = 100;

/// Body of `PATCH /bookings/{id}`.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookingChange {
    /// Names to print on tickets.
    #[serde(default)]
    holders: Vec<NewHolder>,
    /// Seats to exchange.
    #[serde(default)]
    seats: Vec<NewSeat>,
}

/// Another name on a ticket.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHolder {
    /// The ticket.
    code: String,
    /// The name; at most 100 characters.
    name: String,
}

/// One seat for another.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSeat {
    /// A seat of the booking.
    from: i64,
    /// A free seat of the same session and price.
    to: i64,
}

/// Change the names on the tickets, or exchange seats for free ones of the same price, until the session starts. The
/// ticket of a seat that was given back is dead; the other seat's ticket comes by mail.
#[utoipa::path(patch, path = "/api/v1/bookings/{booking}", tag = "buy", request_body = BookingChange,
    params(("booking" = Uuid, Path)),
    responses((status = 429, body = ProblemDocument),
        (status = 200, body = BookingDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn change_booking(
    State(app): State<App>,
    user: CurrentUser,
    client: Client,
    Path(booking): Path<Uuid>,
    Json(body): Json<BookingChange>,
) -> Result<Json<BookingDocument>> {
    app.limits.bookings.check(client)?;
    let body = checked(body)?;
    let facts = Facts::of(&app, booking, Some(user.id)).await?;
    let session = facts.row.session_id;
    let has_other_seats = !body.seats.is_empty();
    let inner = app.clone();
    app.db
        .write("change_booking", move |tx| {
            let (app, facts, body) = (inner.clone(), facts.clone(), body.clone());
            Box::pin(async move { change(tx, &app, &facts, &body).await })
        })
        .await?;
    app.wake_jobs();
    if has_other_seats {
        app.seats_have_changed(session);
    }
    whole::read(&app, booking, Some(user.id)).await.map(Json)
}

/// The change with its names cleaned; 422 for what cannot be meant.
fn checked(mut body: BookingChange) -> Result<BookingChange, Problem> {
    let count = body.holders.len() + body.seats.len();
    if count == 0 || count > CHANGES_MAX {
        let detail = format!("Name 1 to {CHANGES_MAX} tickets or seats to change.");
        return Err(Problem::invalid("", "out-of-range", detail));
    }
    for (i, holder) in body.holders.iter_mut().enumerate() {
        holder.name = text::line(&format!("/holders/{i}/name"), &holder.name, 100)?;
        holder.code = holder.code.to_ascii_uppercase();
    }
    let mut named = HashSet::new();
    for (i, seat) in body.seats.iter().enumerate() {
        if !(named.insert(seat.from) && named.insert(seat.to)) {
            let detail = "Name each seat once.";
            return Err(Problem::invalid(&format!("/seats/{i}"), "duplicate-seat", detail));
        }
    }
    Ok(body)
}

async fn change(tx: &mut Tx, app: &App, facts: &Facts, body: &BookingChange) -> Result<()> {
    let (row, now) = (&facts.row, app.now());
    let status = store::lock(tx, row.id).await?;
    let sale = events::sale_anew(tx, row.session_id).await?;
    if status != Status::Confirmed {
        return Err(rules::wrong_state(status).into());
    }
    rules::may_change(&sale, now)?;
    for holder in &body.holders {
        if edits::rename(tx, row.id, row.user_id, &holder.code, &holder.name).await? == 0 {
            return Err(rules::ticket_dead(&holder.code).into());
        }
    }
    if !body.seats.is_empty() {
        seats::check_nobody_waits(&sale)?;
        for seat in &body.seats {
            exchange_seat(tx, app, facts, *seat, now).await?;
        }
        notifications::enqueue(tx, app, &Message::TicketsReady { booking: row.id }, now).await?;
    }
    let detail = json!({ "names": body.holders.len(), "seats": body.seats.iter().map(|s| [s.from, s.to]).collect::<Vec<_>>() });
    told::changed(tx, app, row, detail.clone(), now).await?;
    audit::append(tx, Some(row.user_id), "booking.changed", format!("booking:{}", row.id), detail, now).await
}

async fn exchange_seat(tx: &mut Tx, app: &App, facts: &Facts, seat: NewSeat, now: Ts) -> Result<()> {
    let row = &facts.row;
    let old = edits::take_back(tx, row.id, row.user_id, seat.from).await?;
    let old = old.ok_or_else(|| rules::ticket_dead(&format!("seat {}", seat.from)))?;
    let x = Exchange {
        session: row.session_id,
        hold: row.hold_id,
        booking: row.id,
        from: seat.from,
        to: seat.to,
        price_minor: old.price_minor,
    };
    let Some(ticket_type) = exchange::claim(tx, &x, now).await? else {
        return Err(Problem::new(StatusCode::CONFLICT, "seat-taken", "The seat is not to be had")
            .detail(format!(
                "Seat {} is taken or costs something else; nothing was changed. Choose another one.",
                seat.to
            ))
            .with("taken", json!([seat.to]))
            .into());
    };
    exchange::give_back(tx, &x, ticket_type, now).await?;
    edits::reissue(tx, app, row.id, seat.to, ticket_type, &old, now).await
}
