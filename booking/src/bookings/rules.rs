//! Which states follow which, who may pay and cancel when, and what is paid back.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::problem::Problem;
use time::Duration;

use crate::events::{self, SaleEvent};

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
    /// What is paid back, in minor units.
    pub refund_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Why so much, for people.
    pub reason: String,
}

/// What cancelling a booking of `total_minor`, made at `booked_at`, pays back at `now`: all when the event is called off,
/// for a while after it was postponed, or while the full deadline is not over, half (rounded up, in the shopper's favour) until the half deadline, then nothing.
pub fn quote(sale: &SaleEvent, total_minor: i64, booked_at: Ts, now: Ts) -> Quote {
    let policy = sale.refund_policy();
    let until = |hours: i64| sale.starts_at - Duration::hours(hours);
    let (refund_minor, reason) = if sale.status == events::Status::Cancelled {
        (total_minor, "The event is called off: everything is paid back.".to_owned())
    } else if let Some(until) = refunded_until(sale, booked_at).filter(|until| now < *until) {
        (total_minor, format!("The event was postponed: until {until} everything is paid back."))
    } else if now < until(policy.full_until_h) {
        (total_minor, format!("Until {} h before the start everything is paid back.", policy.full_until_h))
    } else if now < until(policy.half_until_h) {
        (
            total_minor / 2 + total_minor % 2,
            format!("Until {} h before the start half is paid back.", policy.half_until_h),
        )
    } else {
        (0, "It is too late for money back; cancelling still lets others have the seats.".to_owned())
    };
    Quote { refundable: refund_minor > 0, refund_minor, currency: sale.currency.clone(), reason }
}

/// Until when a postponement pays everything back; only to those who had booked before it.
fn refunded_until(sale: &SaleEvent, booked_at: Ts) -> Option<Ts> {
    sale.refund_until.filter(|_| sale.postponed_at.is_some_and(|postponed| booked_at < postponed))
}

/// Refuses a cancellation that comes too late: 409 `wrong-state`.
pub fn may_cancel(status: Status, sale: &SaleEvent, now: Ts) -> Result<(), Problem> {
    if !status.next().contains(&Status::Cancelled) {
        return Err(wrong_state(status));
    }
    if status == Status::Confirmed && now >= sale.starts_at && sale.status != events::Status::Cancelled {
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
            venue_name: "City Arena".into(),
            venue_address: String::new(),
            time_zone: "UTC".into(),
        }
    }

    #[test]
    fn the_refund_shrinks_at_its_deadlines_to_the_microsecond() {
        let starts_at = Ts::from_seconds(1_000_000);
        let before = |hours: i64, micros: i64| {
            let at = starts_at - Duration::hours(hours) + Duration::microseconds(micros);
            quote(&sale(starts_at), 15_001, starts_at, at).refund_minor
        };
        assert_eq!([before(48, -1), before(48, 0), before(24, -1), before(24, 0)], [15_001, 7_501, 7_501, 0]);
        let cancelled = SaleEvent { status: events::Status::Cancelled, ..sale(starts_at) };
        assert_eq!(quote(&cancelled, 15_001, starts_at, starts_at).refund_minor, 15_001);
    }

    #[test]
    fn a_postponement_pays_everything_back_to_those_it_surprised() {
        let (starts_at, postponed) = (Ts::from_seconds(1_000_000), Ts::from_seconds(950_000));
        let until = Ts::from_seconds(990_000);
        let sale = SaleEvent { postponed_at: Some(postponed), refund_until: Some(until), ..sale(starts_at) };
        let just_before = |at: Ts| at - Duration::microseconds(1);
        let refund = |booked_at, now| quote(&sale, 15_001, booked_at, now).refund_minor;
        assert_eq!(refund(just_before(postponed), just_before(until)), 15_001);
        assert_eq!([refund(just_before(postponed), until), refund(postponed, just_before(until))], [0, 0]);
    }

    #[test]
    fn a_begun_session_keeps_its_bookings_unless_it_is_called_off() {
        let starts_at = Ts::from_seconds(1_000_000);
        let just_before = starts_at - Duration::microseconds(1);
        let cancelled = SaleEvent { status: events::Status::Cancelled, ..sale(starts_at) };
        assert!(may_cancel(Status::Confirmed, &sale(starts_at), just_before).is_ok());
        assert_eq!(
            may_cancel(Status::Confirmed, &sale(starts_at), starts_at).unwrap_err().slug(),
            "too-late"
        );
        assert!(may_cancel(Status::Confirmed, &cancelled, starts_at).is_ok());
        assert_eq!(
            may_cancel(Status::Expired, &sale(starts_at), just_before).unwrap_err().slug(),
            "wrong-state"
        );
    }
}
