//! Cancelling a booking, whole or in part: seats free, tickets dead and money owed, all in one transaction.
//!
//! Everybody who cancels takes the booking's row first and goes by what stands there then, so two at once have one effect
//! each: the second finds its tickets dead. A part is given back as long as another ticket of the booking lives; with the
//! last one the booking ends.

use std::sync::Arc;

use serde_json::json;
use shared::clock::Ts;
use shared::problem::Problem;
use uuid::Uuid;

use super::documents::Facts;
use super::rules::{self, Status};
use super::{store, told};
use crate::app::App;
use crate::audit;
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::events;
use crate::idempotency;
use crate::notifications::{self, Message};
use crate::payments::{self, PaymentRow};
use crate::seats::holds;
use crate::seats::returns::{self, Returned};
use crate::tickets::{self, Living, TicketCard};

/// Who cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Its owner: only before the start, and only tickets that were neither used nor passed on.
    Owner,
    /// Who runs the event: past deadlines too, and tickets that were passed on.
    Organiser(Uuid),
    /// The event was called off: whatever the state of its tickets, with everything paid back.
    House,
}

/// What is to be cancelled.
#[derive(Debug, Clone)]
pub struct Cancellation {
    /// By whom.
    pub by: By,
    /// Codes of the tickets; `None`: all.
    pub tickets: Option<Vec<String>>,
    /// What goes back for all of them, if the organiser says so; otherwise what the rules say.
    pub refund_minor: Option<i64>,
    /// Why, for the audit log.
    pub reason: Option<String>,
    /// What was seen before the transaction, for tests that take the guard away.
    #[cfg(feature = "testing")]
    pub seen: Option<Vec<Living>>,
}

impl Cancellation {
    /// Of the whole booking, by the rules.
    pub fn whole(by: By) -> Self {
        Self {
            by,
            tickets: None,
            refund_minor: None,
            reason: None,
            #[cfg(feature = "testing")]
            seen: None,
        }
    }

    /// The living tickets that it is about.
    async fn chosen(&self, tx: &mut Tx, facts: &Facts) -> Result<Choice> {
        let living = tickets::living(tx.ex(), facts.row.id).await?;
        #[cfg(feature = "testing")]
        let living = self.seen.clone().unwrap_or(living);
        let owner = (self.by == By::Owner).then_some(facts.row.user_id);
        let given = match self.by {
            By::House => living.clone(),
            _ => rules::given_back(&living, self.tickets.as_deref(), owner)?,
        };
        let kept = living.into_iter().filter(|one| given.iter().all(|other| other.seat_id != one.seat_id));
        Ok(Choice { kept: kept.collect(), given })
    }

    /// What goes back for each.
    fn refunds(&self, facts: &Facts, given: &[Living], now: Ts) -> Result<Vec<Returned>, Problem> {
        let refunds = match (self.by, self.refund_minor) {
            (By::Organiser(_), None) => given.iter().map(|one| one.price_minor).collect(),
            (By::Organiser(_), Some(minor)) => rules::stated_refunds(given, minor)?,
            _ => rules::refunds(&facts.sale, given, facts.row.created_at, now).0,
        };
        let of = |(one, refund_minor): (&Living, i64)| Returned { seat: one.seat_id, refund_minor };
        Ok(given.iter().zip(refunds).map(of).collect())
    }

    #[cfg(feature = "testing")]
    fn is_careless(&self) -> bool {
        self.seen.is_some()
    }

    #[cfg(not(feature = "testing"))]
    fn is_careless(&self) -> bool {
        false
    }
}

/// Tickets that live, apart by what is to become of them.
struct Choice {
    given: Vec<Living>,
    kept: Vec<Living>,
}

/// Cancels; `facts` come out as the booking stands then. The tickets that its owner still has.
///
/// # Errors
/// 409 `wrong-state`, `too-late`, `ticket-used`, `ticket-dead`, `in-progress` while it is being paid.
pub async fn cancel(
    tx: &mut Tx,
    app: &App,
    facts: &mut Facts,
    wish: &Cancellation,
    now: Ts,
) -> Result<Vec<TicketCard>> {
    facts.row.stand_as(store::standing(tx, facts.row.id).await?);
    // What was kept of the sale may be a second old: it may have been called off, or postponed.
    facts.sale = Arc::new(events::sale_anew(tx, facts.row.session_id).await?);
    rules::may_cancel(facts.row.status, &facts.sale, matches!(wish.by, By::Organiser(_)), now)?;
    if facts.row.status == Status::Pending {
        give_up(tx, facts, wish, now).await?;
        return Ok(Vec::new());
    }
    let choice = wish.chosen(tx, facts).await?;
    let refunds = wish.refunds(facts, &choice.given, now)?;
    let refund_minor = refunds.iter().map(|one| one.refund_minor).sum();
    take_apart(tx, facts, wish, &choice, now).await?;
    let payment = payments::live_of(tx, facts.row.id).await?;
    if choice.kept.is_empty() {
        end(tx, app, facts, &refunds, payment, now).await?;
    } else {
        let payment = payment.ok_or_else(Problem::not_found)?;
        reduce(tx, app, facts, &refunds, &payment, now).await?;
    }
    note(tx, facts, wish, refund_minor, choice.given.len(), now).await?;
    for one in &refunds {
        let seat = facts.seats.iter_mut().find(|seat| seat.id == one.seat);
        seat.into_iter().for_each(|seat| seat.refund_minor = Some(one.refund_minor));
    }
    let mine = choice.kept.iter().filter(|one| one.user_id == facts.row.user_id);
    let seat_of = |one: &Living| facts.seats.iter().find(|seat| seat.id == one.seat_id);
    Ok(mine.map(|one| TicketCard::of_seat(&one.code, one.status, seat_of(one))).collect())
}

/// Gives up a booking that was not paid.
async fn give_up(tx: &mut Tx, facts: &mut Facts, wish: &Cancellation, now: Ts) -> Result<()> {
    if wish.tickets.is_some() {
        return Err(rules::wrong_state(Status::Pending).into());
    }
    if payments::live_of(tx, facts.row.id).await?.is_some() {
        return Err(idempotency::in_progress().into());
    }
    let hold = holds::lock(tx, facts.row.hold_id, facts.row.user_id).await?.ok_or_else(Problem::not_found)?;
    if hold.status == "active" {
        holds::release(tx, hold.id, "released", now).await?;
    }
    store::cancel(tx, facts.row.id, Status::Pending, 0, now).await?;
    let quantity = facts.row.quantity as usize;
    facts.row.end(0, now);
    note(tx, facts, wish, 0, quantity, now).await
}

/// Kills the tickets and frees their seats.
async fn take_apart(tx: &mut Tx, facts: &Facts, wish: &Cancellation, choice: &Choice, now: Ts) -> Result<()> {
    let seats: Vec<i64> = choice.given.iter().map(|one| one.seat_id).collect();
    let valid = choice.given.iter().filter(|one| one.status == tickets::TicketStatus::Valid).count();
    let killed = tickets::kill(tx, facts.row.id, &seats).await?;
    let freed = returns::free(tx, facts.row.id, &seats, now).await?;
    if wish.is_careless() {
        return Ok(());
    }
    if killed != valid as u64 {
        // The door was faster.
        return Err(rules::ticket_used().into());
    }
    expect_rows("free seats", seats.len() as u64, freed)
}

/// Ends the booking with its last ticket.
async fn end(
    tx: &mut Tx,
    app: &App,
    facts: &mut Facts,
    refunds: &[Returned],
    payment: Option<PaymentRow>,
    now: Ts,
) -> Result<()> {
    let booking = facts.row.id;
    let refund_minor: i64 = refunds.iter().map(|one| one.refund_minor).sum();
    let refunded_minor = facts.row.refund_minor + refund_minor;
    store::cancel(tx, booking, facts.row.status, refunded_minor, now).await?;
    returns::note(tx, facts.row.hold_id, refunds, None).await?;
    facts.row.end(refunded_minor, now);
    if refund_minor > 0
        && let Some(payment) = payment
    {
        payments::owe_refund(tx, app, &payment, refund_minor, now).await?;
    }
    told::cancelled(tx, app, &facts.row, now).await?;
    notifications::enqueue(tx, app, &Message::BookingCancelled { booking, refund_minor }, now).await
}

/// Leaves the booking with fewer tickets.
async fn reduce(
    tx: &mut Tx,
    app: &App,
    facts: &mut Facts,
    refunds: &[Returned],
    payment: &PaymentRow,
    now: Ts,
) -> Result<()> {
    let (booking, part) = (facts.row.id, app.entropy.uuid_v7(now));
    let refund_minor = refunds.iter().map(|one| one.refund_minor).sum();
    store::reduce(tx, booking, refunds.len() as i64, refund_minor).await?;
    returns::note(tx, facts.row.hold_id, refunds, Some(part)).await?;
    facts.row.quantity -= refunds.len() as i64;
    facts.row.refund_minor += refund_minor;
    payments::owe_part(tx, app, payment, part, refund_minor, now).await?;
    let seats: Vec<i64> = refunds.iter().map(|one| one.seat).collect();
    told::reduced(tx, app, &facts.row, &seats, refund_minor, now).await?;
    let mail = Message::TicketsGivenBack { booking, tickets: refunds.len() as i64, refund_minor };
    notifications::enqueue(tx, app, &mail, now).await
}

async fn note(
    tx: &mut Tx,
    facts: &Facts,
    wish: &Cancellation,
    refund_minor: i64,
    seats: usize,
    now: Ts,
) -> Result<()> {
    let row = &facts.row;
    let actor = match wish.by {
        By::Owner => Some(row.user_id),
        By::Organiser(user) => Some(user),
        By::House => None,
    };
    let action = if row.status == Status::Cancelled { "booking.cancelled" } else { "booking.reduced" };
    let detail = json!({ "refund_minor": refund_minor, "seats": seats, "reason": wish.reason });
    audit::append(tx, actor, action, format!("booking:{}", row.id), detail, now).await
}

/// The mistake that the booking's lock prevents: going by what was seen before the transaction.
#[cfg(feature = "testing")]
pub async fn look(app: &App, booking: Uuid) -> Result<Option<Vec<Living>>> {
    if !app.guards.is_off(crate::guards::Guard::GivenBackOnce) {
        return Ok(None);
    }
    let seen = tickets::living(app.db.ex(), booking).await?;
    app.guards.meet().await;
    Ok(Some(seen))
}
