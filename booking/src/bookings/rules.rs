//! Which states follow which, who may pay and cancel when, and what is paid back.

use std::collections::HashSet;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::problem::Problem;
use time::Duration;
use uuid::Uuid;

use crate::charges::{Line, split};
use crate::events::{self, SaleEvent};
use crate::tickets::{Living, TicketStatus};

/// A payment that was started before the hold's deadline keeps the seats so long from its start, so that nobody who
/// was charged loses them to a slow gateway or a crash.
pub const PAYMENT_GRACE_S: i64 = 120;
/// A payment without outcome is looked into after this time: longer than a gateway takes, shorter than the grace.
pub const RECONCILE_AFTER_S: i64 = 45;

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[schema(as = BookingStatus)]
pub enum Status {
    /// Made of a hold, to be paid before its deadline.
    Pending,
    /// Paid, with tickets.
    Confirmed,
    /// Its session is over.
    Completed,
    /// Not paid in time.
    Expired,
    /// Given up by its owner, or its event was called off.
    Cancelled,
    /// Cancelled, and the money is back.
    Refunded,
}

impl Status {
    /// Name in JSON and in the table.
    pub fn name(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Confirmed => "confirmed",
            Status::Completed => "completed",
            Status::Expired => "expired",
            Status::Cancelled => "cancelled",
            Status::Refunded => "refunded",
        }
    }

    /// The states that may follow. Everything else is refused, here and in the WHERE of each UPDATE.
    pub fn next(self) -> &'static [Status] {
        match self {
            Status::Pending => &[Status::Confirmed, Status::Expired, Status::Cancelled],
            Status::Confirmed => &[Status::Completed, Status::Cancelled],
            Status::Cancelled => &[Status::Refunded],
            Status::Completed | Status::Expired | Status::Refunded => &[],
        }
    }

    /// What its owner can do next, in words.
    fn steps(self) -> &'static [&'static str] {
        match self {
            Status::Pending => &["pay", "cancel"],
            Status::Confirmed => &["cancel", "show the tickets"],
            _ => &[],
        }
    }
}

/// 409 for a booking that is not in the state the request needs.
pub fn wrong_state(status: Status) -> Problem {
    crate::seats::holds::wrong_state(status.name(), status.steps())
}

/// What a cancellation at some instant pays back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Quote {
    /// Whether anything is paid back.
    pub refundable: bool,
    /// What is paid back, in minor units: the sum of its parts.
    pub refund_minor: i64,
    /// The parts of it.
    #[serde(flatten)]
    pub parts: Line,
    /// ISO 4217.
    pub currency: String,
    /// Why so much, for people.
    pub reason: String,
    /// The same for each ticket.
    pub tickets: Vec<TicketQuote>,
}

/// What is paid back for a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TicketQuote {
    /// Its code.
    pub code: String,
    /// What is paid back, in minor units.
    pub refund_minor: i64,
    /// The parts of it.
    #[serde(flatten)]
    pub parts: Line,
}

/// What giving back these tickets of a booking made at `booked_at` pays back at `now`.
pub fn quote(sale: &SaleEvent, given: &[Living], booked_at: Ts, now: Ts) -> Quote {
    let (refunds, reason) = refunds(sale, given, booked_at, now);
    let of = |(one, refund_minor): (&Living, &i64)| TicketQuote {
        code: one.code.clone(),
        refund_minor: *refund_minor,
        parts: one.line().share(*refund_minor),
    };
    let tickets: Vec<TicketQuote> = given.iter().zip(&refunds).map(of).collect();
    let refund_minor = refunds.iter().sum();
    Quote {
        refundable: refund_minor > 0,
        refund_minor,
        parts: tickets.iter().fold(Line::default(), |sum, one| sum.plus(one.parts)),
        currency: sale.currency.clone(),
        reason,
        tickets,
    }
}

/// What goes back for each of these tickets at `now`, and why: all when the event is called off, for a while after it was
/// postponed, or while the full deadline is not over, half (each ticket by itself, rounded up, in the shopper's favour) until
/// the half deadline, then nothing. Fee and tax go back with the price they are in.
pub fn refunds(sale: &SaleEvent, given: &[Living], booked_at: Ts, now: Ts) -> (Vec<i64>, String) {
    let policy = sale.refund_policy();
    let until = |hours: i64| sale.starts_at - Duration::hours(hours);
    let all = |price_minor: i64| price_minor;
    let half = |price_minor: i64| price_minor / 2 + price_minor % 2;
    let (refund, reason): (fn(i64) -> i64, String) = if sale.status == events::Status::Cancelled {
        (all, "The event is called off: everything is paid back.".to_owned())
    } else if let Some(until) = refunded_until(sale, booked_at).filter(|until| now < *until) {
        (all, format!("The event was postponed: until {until} everything is paid back."))
    } else if now < until(policy.full_until_h) {
        (all, format!("Until {} h before the start everything is paid back.", policy.full_until_h))
    } else if now < until(policy.half_until_h) {
        (half, format!("Until {} h before the start half is paid back.", policy.half_until_h))
    } else {
        (|_| 0, "It is too late for money back; cancelling still lets others have the seats.".to_owned())
    };
    (given.iter().map(|one| refund(one.price_minor)).collect(), reason)
}

/// What goes back for each when its organiser has said how much for all; 422 for more than they cost.
pub fn stated_refunds(given: &[Living], refund_minor: i64) -> Result<Vec<i64>, Problem> {
    let prices: Vec<i64> = given.iter().map(|one| one.price_minor).collect();
    let most: i64 = prices.iter().sum();
    if !(0..=most).contains(&refund_minor) {
        let detail = format!("These tickets cost {most} minor units: pay back 0 to {most}.");
        return Err(Problem::invalid("/refund_minor", "out-of-range", detail));
    }
    Ok(split(refund_minor, &prices))
}

/// The tickets named by their codes (`None`: all that live), if they can be given back: valid, and `owner`'s when the owner
/// asks.
///
/// # Errors
/// 409 `ticket-used` when not all can be, `ticket-dead` for one that was named; 422 for none or one named twice.
pub fn given_back(
    living: &[Living],
    codes: Option<&[String]>,
    owner: Option<Uuid>,
) -> Result<Vec<Living>, Problem> {
    let is_free =
        |one: &&Living| one.status == TicketStatus::Valid && owner.is_none_or(|owner| one.user_id == owner);
    let Some(codes) = codes else {
        let free: Vec<Living> = living.iter().filter(is_free).cloned().collect();
        return if free.len() == living.len() { Ok(free) } else { Err(ticket_used()) };
    };
    if codes.is_empty() {
        return Err(Problem::invalid(
            "/tickets",
            "validation",
            "Name at least one ticket, or leave `tickets` away.",
        ));
    }
    let mut named = HashSet::new();
    let one = |(i, code): (usize, &String)| {
        let code = code.trim().to_ascii_uppercase();
        if !named.insert(code.clone()) {
            let detail = "Name each ticket once.";
            return Err(Problem::invalid(&format!("/tickets/{i}"), "duplicate-ticket", detail));
        }
        let found = living.iter().find(|one| one.code == code).filter(is_free).cloned();
        found.ok_or_else(|| ticket_dead(&code))
    };
    codes.iter().enumerate().map(one).collect()
}

/// 409 when a ticket of the booking is its buyer's no more.
pub fn ticket_used() -> Problem {
    Problem::new(StatusCode::CONFLICT, "ticket-used", "A ticket was used")
        .detail("A ticket of this booking was used or passed on, so the whole booking can no longer be cancelled. Name the tickets to give back.")
}

/// 409 for a ticket that is not its buyer's any more.
pub fn ticket_dead(what: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "ticket-dead", "This ticket cannot be changed").detail(format!(
        "{what} is no valid ticket of this booking that you still hold: it was used, cancelled, passed on or is on offer."
    ))
}

/// Until when a postponement pays everything back; only to those who had booked before it.
fn refunded_until(sale: &SaleEvent, booked_at: Ts) -> Option<Ts> {
    sale.refund_until.filter(|_| sale.postponed_at.is_some_and(|postponed| booked_at < postponed))
}

/// Refuses a cancellation that comes too late, also for the organiser (`runs_it`) when the booking has ended: 409
/// `wrong-state`, `too-late`.
pub fn may_cancel(status: Status, sale: &SaleEvent, runs_it: bool, now: Ts) -> Result<(), Problem> {
    if !status.next().contains(&Status::Cancelled) {
        return Err(wrong_state(status));
    }
    let has_begun = now >= sale.starts_at && sale.status != events::Status::Cancelled;
    if status == Status::Confirmed && has_begun && !runs_it {
        return Err(Problem::new(StatusCode::CONFLICT, "too-late", "Too late to cancel")
            .detail("The session has begun; its bookings can no longer be cancelled."));
    }
    Ok(())
}

/// Refuses changes of a booking whose session has begun or is called off: 409 `too-late`.
pub fn may_change(sale: &SaleEvent, now: Ts) -> Result<(), Problem> {
    if now < sale.starts_at && sale.status == events::Status::Published {
        return Ok(());
    }
    Err(Problem::new(StatusCode::CONFLICT, "too-late", "Too late to change")
        .detail("The session has begun or is called off; its bookings can no longer be changed."))
}

/// 402 with one of the gateway's texts.
pub fn payment_failed(failure: &str) -> Problem {
    let text = format!("Payment failed: {failure}");
    Problem::new(StatusCode::PAYMENT_REQUIRED, "payment-failed", "The payment failed")
        .with("error", text.clone())
        .detail(text)
}

/// 410 when the gateway said yes but the seats were gone.
pub fn paid_too_late() -> Problem {
    Problem::new(StatusCode::GONE, "hold-expired", "The hold has expired")
        .detail("The payment came after the time for these seats was over. It is paid back in full. Choose seats anew.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Status; 6] = [
        Status::Pending,
        Status::Confirmed,
        Status::Completed,
        Status::Expired,
        Status::Cancelled,
        Status::Refunded,
    ];

    #[test]
    fn nothing_follows_an_end_and_nothing_leads_back() {
        for status in ALL {
            assert!(!status.next().contains(&Status::Pending));
            assert!(!status.next().contains(&status));
        }
        let ends: Vec<Status> = ALL.into_iter().filter(|s| s.next().is_empty()).collect();
        assert_eq!(ends, [Status::Completed, Status::Expired, Status::Refunded]);
    }

    fn sale(starts_at: Ts) -> SaleEvent {
        SaleEvent {
            event_id: 1,
            event_name: "Rock Night".into(),
            category: "music".into(),
            image: None,
            status: events::Status::Published,
            currency: "USD".into(),
            room: None,
            per_person_limit: 6,
            sales_open_at: None,
            sales_close_at: None,
            full_refund_h: 48,
            half_refund_h: 24,
            created_by: None,
            session_id: 1,
            starts_at,
            ends_at: starts_at + Duration::hours(3),
            doors_at: starts_at,
            room_name: None,
            layout_id: None,
            postponed_at: None,
            refund_until: None,
            has_waiting: false,
            charges_id: None,
            charges: None,
            venue_name: "City Arena".into(),
            venue_address: String::new(),
            time_zone: "UTC".into(),
        }
    }

    fn ticket(code: &str, price_minor: i64) -> Living {
        Living {
            code: code.into(),
            seat_id: price_minor,
            user_id: Uuid::nil(),
            status: TicketStatus::Valid,
            price_minor,
            fee_minor: 0,
            tax_minor: 0,
        }
    }

    /// Two that cost 150.01 together.
    fn tickets() -> [Living; 2] {
        [ticket("TCK-A", 7501), ticket("TCK-B", 7500)]
    }

    #[test]
    fn giving_back_one_by_one_pays_what_giving_back_all_pays() {
        let starts_at = Ts::from_seconds(1_000_000);
        let now = starts_at - Duration::hours(30);
        let of = |given: &[Living]| refunds(&sale(starts_at), given, starts_at, now).0.iter().sum::<i64>();
        let three = [ticket("A", 7501), ticket("B", 33), ticket("C", 1)];
        assert_eq!(of(&three), three.iter().map(|one| of(std::slice::from_ref(one))).sum::<i64>());
    }

    #[test]
    fn what_the_organiser_says_goes_back_to_the_last_unit_and_no_more() {
        let three = [ticket("A", 100), ticket("B", 100), ticket("C", 100)];
        assert_eq!(stated_refunds(&three, 100).unwrap(), [34, 33, 33]);
        assert_eq!(stated_refunds(&three, 300).unwrap(), [100, 100, 100]);
        assert!(stated_refunds(&three, 301).is_err() && stated_refunds(&three, -1).is_err());
    }

    #[test]
    fn only_valid_tickets_of_one_s_own_are_given_back() {
        let (me, friend) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mine = |code| Living { user_id: me, ..ticket(code, 1) };
        let used = Living { status: TicketStatus::Used, ..mine("USED") };
        let living = [mine("A"), used, Living { user_id: friend, ..mine("GONE") }, mine("B")];
        let slug = |codes: Option<&[&str]>, owner| {
            let codes: Option<Vec<String>> =
                codes.map(|codes| codes.iter().map(|c| (*c).to_owned()).collect());
            given_back(&living, codes.as_deref(), owner).map_or_else(|p| p.slug(), |_| "")
        };
        assert_eq!(slug(None, Some(me)), "ticket-used");
        assert_eq!((slug(Some(&["a", "B "]), Some(me)), slug(Some(&["GONE"]), None)), ("", ""));
        for code in ["USED", "GONE", "NONE"] {
            assert_eq!(slug(Some(&[code]), Some(me)), "ticket-dead", "{code}");
        }
        assert_eq!(
            (slug(Some(&[]), None), slug(Some(&["A", "a"]), None)),
            ("validation", "duplicate-ticket")
        );
    }

    #[test]
    fn the_refund_shrinks_at_its_deadlines_to_the_microsecond() {
        let starts_at = Ts::from_seconds(1_000_000);
        let before = |hours: i64, micros: i64| {
            let at = starts_at - Duration::hours(hours) + Duration::microseconds(micros);
            quote(&sale(starts_at), &tickets(), starts_at, at).refund_minor
        };
        assert_eq!([before(48, -1), before(48, 0), before(24, -1), before(24, 0)], [15_001, 7_501, 7_501, 0]);
        let cancelled = SaleEvent { status: events::Status::Cancelled, ..sale(starts_at) };
        assert_eq!(quote(&cancelled, &tickets(), starts_at, starts_at).refund_minor, 15_001);
    }

    #[test]
    fn a_postponement_pays_everything_back_to_those_it_surprised() {
        let (starts_at, postponed) = (Ts::from_seconds(1_000_000), Ts::from_seconds(950_000));
        let until = Ts::from_seconds(990_000);
        let sale = SaleEvent { postponed_at: Some(postponed), refund_until: Some(until), ..sale(starts_at) };
        let just_before = |at: Ts| at - Duration::microseconds(1);
        let refund = |booked_at, now| quote(&sale, &tickets(), booked_at, now).refund_minor;
        assert_eq!(refund(just_before(postponed), just_before(until)), 15_001);
        assert_eq!([refund(just_before(postponed), until), refund(postponed, just_before(until))], [0, 0]);
    }

    #[test]
    fn a_begun_session_keeps_its_bookings_unless_it_is_called_off() {
        let starts_at = Ts::from_seconds(1_000_000);
        let just_before = starts_at - Duration::microseconds(1);
        let cancelled = SaleEvent { status: events::Status::Cancelled, ..sale(starts_at) };
        assert!(may_cancel(Status::Confirmed, &sale(starts_at), false, just_before).is_ok());
        assert_eq!(
            may_cancel(Status::Confirmed, &sale(starts_at), false, starts_at).unwrap_err().slug(),
            "too-late"
        );
        assert!(may_cancel(Status::Confirmed, &cancelled, false, starts_at).is_ok());
        assert_eq!(
            may_cancel(Status::Expired, &sale(starts_at), true, just_before).unwrap_err().slug(),
            "wrong-state"
        );
    }
}
