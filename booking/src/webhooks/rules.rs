//! What endpoints can hear of, how messages are signed, and when a failed delivery is tried again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use shared::clock::Ts;
use shared::problem::Problem;
use time::Duration;
use utoipa::ToSchema;
use uuid::Uuid;

/// Endpoints of one account at most.
pub const ENDPOINTS_MAX: i64 = 20;
/// Octets of a secret; Standard Webhooks asks for 24 to 64.
pub const SECRET_LENGTH: usize = 32;
/// How long a replaced secret signs too.
pub const OVERLAP: Duration = Duration::hours(24);
/// An endpoint that fails for so long without a success is disabled.
pub const PATIENCE: Duration = Duration::days(5);
/// Pauses between the attempts at one delivery, as Standard Webhooks suggests: ten attempts in a little over three days.
const PAUSES: [Duration; 9] = [
    Duration::seconds(5),
    Duration::minutes(5),
    Duration::minutes(30),
    Duration::hours(2),
    Duration::hours(5),
    Duration::hours(10),
    Duration::hours(14),
    Duration::hours(20),
    Duration::hours(24),
];
/// Longest that an endpoint may put us off with `Retry-After`.
const RETRY_AFTER_MAX: Duration = Duration::hours(24);
/// How long nothing is sent to a failing endpoint: a quarter of the time it has been failing, within these.
const REST: (Duration, Duration) = (Duration::seconds(5), Duration::hours(1));

/// What a message tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum EventKind {
    /// A booking was paid, and its tickets issued.
    #[serde(rename = "booking.confirmed")]
    BookingConfirmed,
    /// A booking has ended.
    #[serde(rename = "booking.cancelled")]
    BookingCancelled,
    /// Some tickets of a booking were given back; the others stand.
    #[serde(rename = "booking.reduced")]
    BookingReduced,
    /// A booking has other seats, or its tickets other names.
    #[serde(rename = "booking.changed")]
    BookingChanged,
    /// A ticket was passed on, and another one issued for its seat.
    #[serde(rename = "ticket.transferred")]
    TicketTransferred,
    /// Somebody was let in.
    #[serde(rename = "ticket.checked_in")]
    TicketCheckedIn,
    /// An event was made; nobody else sees it before it is published.
    #[serde(rename = "event.created")]
    EventCreated,
    /// An event, a ticket type or a seating plan of it is another than before: whoever keeps a copy reads it anew.
    #[serde(rename = "event.changed")]
    EventChanged,
    /// An event is to be seen and sold.
    #[serde(rename = "event.published")]
    EventPublished,
    /// An event was called off.
    #[serde(rename = "event.cancelled")]
    EventCancelled,
    /// Sessions of an event have other dates.
    #[serde(rename = "event.postponed")]
    EventPostponed,
    /// The last session of an event is over.
    #[serde(rename = "event.completed")]
    EventCompleted,
    /// An event that nobody had bought is gone.
    #[serde(rename = "event.deleted")]
    EventDeleted,
    /// Money went back.
    #[serde(rename = "refund.completed")]
    RefundCompleted,
}

impl EventKind {
    /// Every kind, with its name.
    pub const ALL: [(EventKind, &'static str); 14] = [
        (EventKind::BookingConfirmed, "booking.confirmed"),
        (EventKind::BookingCancelled, "booking.cancelled"),
        (EventKind::BookingReduced, "booking.reduced"),
        (EventKind::BookingChanged, "booking.changed"),
        (EventKind::TicketTransferred, "ticket.transferred"),
        (EventKind::TicketCheckedIn, "ticket.checked_in"),
        (EventKind::EventCreated, "event.created"),
        (EventKind::EventChanged, "event.changed"),
        (EventKind::EventPublished, "event.published"),
        (EventKind::EventCancelled, "event.cancelled"),
        (EventKind::EventPostponed, "event.postponed"),
        (EventKind::EventCompleted, "event.completed"),
        (EventKind::EventDeleted, "event.deleted"),
        (EventKind::RefundCompleted, "refund.completed"),
    ];

    /// The kind of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// A bit of its own.
    pub fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Whether messages go to an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum EndpointState {
    /// They do.
    Enabled,
    /// Its owner wants none for now.
    Paused,
    /// We sent none any more after lasting failure.
    Disabled,
}

/// What became of a message to an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum DeliveryState {
    /// It is under way.
    Pending,
    /// It has arrived.
    Delivered,
    /// It was tried as often as it may be.
    Failed,
    /// The endpoint took nothing when its time came.
    Skipped,
}

impl DeliveryState {
    /// The state of this name.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "pending" => Some(Self::Pending),
            "delivered" => Some(Self::Delivered),
            "failed" => Some(Self::Failed),
            "skipped" => Some(Self::Skipped),
            _ => None,
        }
    }
}

/// The kind of a test message, which every endpoint may ask for.
pub const PING: &str = "webhook.ping";

/// Names of kinds as they are kept: each once, in the order of [`EventKind::ALL`].
pub fn kinds(asked: &[EventKind]) -> Result<Vec<&'static str>, Problem> {
    if asked.is_empty() {
        let detail = "Name at least one kind of event, such as booking.confirmed.";
        return Err(Problem::invalid("/kinds", "validation", detail));
    }
    Ok(EventKind::ALL.iter().filter(|(kind, _)| asked.contains(kind)).map(|(_, name)| *name).collect())
}

/// A secret as its owner gets it.
pub fn written(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// What receivers recognise a repeated message by.
pub fn message_name(message: Uuid) -> String {
    format!("msg_{}", message.simple())
}

/// The value of `webhook-signature`: one signature for each secret, so that a receiver may know either.
pub fn signatures(secrets: &[Vec<u8>], message: &str, now: Ts, body: &str) -> String {
    let sign = |secret: &Vec<u8>| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
        mac.update(format!("{message}.{}.{body}", now.seconds()).as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    };
    secrets.iter().map(sign).collect::<Vec<_>>().join(" ")
}

/// When a delivery is tried again after `attempts` failures; `None` when it is given up. `random` is 0 to 99: so many
/// thousandths are added, that those who failed together do not return together.
pub fn next_attempt(attempts: i64, retry_after: Option<Duration>, random: u32, now: Ts) -> Option<Ts> {
    let pause = *PAUSES.get(usize::try_from(attempts).ok()?.checked_sub(1)?)?;
    let pause = pause.max(retry_after.unwrap_or_default().min(RETRY_AFTER_MAX));
    Some(now + pause + pause * random / 1000_i32)
}

/// Until when nothing is sent to an endpoint that has been failing since then.
pub fn rest_until(failing_since: Ts, now: Ts) -> Ts {
    now + ((now - failing_since) / 4_i32).clamp(REST.0, REST.1)
}

/// Whether an endpoint has failed for too long.
pub fn is_given_up(failing_since: Ts, now: Ts) -> bool {
    now - failing_since >= PATIENCE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification.
    #[test]
    fn a_message_is_signed_as_the_specification_shows() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = r#"{"test": 2432232314}"#;
        let signed =
            signatures(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", Ts::from_seconds(1_614_265_330), body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn kinds_have_names_and_bits_of_their_own() {
        let bits = EventKind::ALL.iter().fold(0, |bits, (kind, name)| {
            assert_eq!(EventKind::of(name), Some(*kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), *name);
            bits | kind.bit()
        });
        assert_eq!(bits.count_ones() as usize, EventKind::ALL.len());
        let twice = [EventKind::RefundCompleted, EventKind::BookingConfirmed, EventKind::RefundCompleted];
        assert_eq!(kinds(&twice).unwrap(), ["booking.confirmed", "refund.completed"]);
        assert!(kinds(&[]).is_err());
    }

    #[test]
    fn pauses_grow_and_end_after_three_days() {
        let (mut now, mut attempts) = (Ts::from_seconds(0), 1);
        let mut before = Duration::ZERO;
        while let Some(next) = next_attempt(attempts, None, 0, now) {
            assert!(next - now > before);
            (before, now, attempts) = (next - now, next, attempts + 1);
        }
        assert_eq!(attempts, 10);
        assert!(now.seconds() > 3 * 86_400 && now.seconds() < 4 * 86_400);
        let asked = Some(Duration::hours(1));
        assert_eq!(next_attempt(1, asked, 0, Ts::from_seconds(0)), Some(Ts::from_seconds(3600)));
        let for_ever = Some(Duration::days(1000));
        assert_eq!(next_attempt(1, for_ever, 0, Ts::from_seconds(0)), Some(Ts::from_seconds(86_400)));
        assert_eq!(next_attempt(2, None, 99, Ts::from_seconds(0)), Some(Ts::from_micros(329_700_000)));
    }

    #[test]
    fn a_failing_endpoint_rests_longer_the_longer_it_fails() {
        let rest = |failing_s: i64| {
            let now = Ts::from_seconds(failing_s);
            (rest_until(Ts::from_seconds(0), now) - now).whole_seconds()
        };
        assert_eq!([rest(0), rest(20), rest(400), rest(1_000_000)], [5, 5, 100, 3600]);
        assert!(!is_given_up(Ts::from_seconds(0), Ts::from_seconds(431_999)));
        assert!(is_given_up(Ts::from_seconds(0), Ts::from_seconds(432_000)));
    }
}
