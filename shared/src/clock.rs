//! Instants, and where they come from.

use std::fmt;
use std::ops::{Add, Sub};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// A UTC instant, exact to the microsecond; RFC 3339 in JSON.
///
/// With the feature `sqlx` it is a `timestamptz` on PostgreSQL and an INTEGER of microseconds on SQLite,
/// because RFC 3339 text of varying length sorts wrongly and `held_until < $now` would silently lie.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ts(#[serde(with = "time::serde::rfc3339")] OffsetDateTime);

impl Ts {
    /// The instant `micros` microseconds after 1970-01-01T00:00:00Z; values beyond year 9999 are clamped.
    pub fn from_micros(micros: i64) -> Self {
        let nanos = i128::from(micros) * 1000;
        Self(OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH))
    }

    /// The instant `seconds` seconds after 1970-01-01T00:00:00Z.
    pub fn from_seconds(seconds: i64) -> Self {
        Self::from_micros(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        (self.0.unix_timestamp_nanos() / 1000) as i64
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    pub fn seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// The same instant for calendar arithmetic and formatting.
    pub fn datetime(self) -> OffsetDateTime {
        self.0
    }
}

impl From<OffsetDateTime> for Ts {
    /// Cuts what is finer than a microsecond, so that a round trip through either database is exact.
    fn from(at: OffsetDateTime) -> Self {
        Self::from_micros((at.unix_timestamp_nanos() / 1000) as i64)
    }
}

impl fmt::Display for Ts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.format(&time::format_description::well_known::Rfc3339).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl fmt::Debug for Ts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Add<Duration> for Ts {
    type Output = Ts;
    fn add(self, by: Duration) -> Ts {
        Ts(self.0.saturating_add(by))
    }
}

impl Sub<Duration> for Ts {
    type Output = Ts;
    fn sub(self, by: Duration) -> Ts {
        Ts(self.0.saturating_sub(by))
    }
}

impl Sub for Ts {
    type Output = Duration;
    fn sub(self, earlier: Ts) -> Duration {
        self.0 - earlier.0
    }
}

impl utoipa::PartialSchema for Ts {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .into()
    }
}

impl utoipa::ToSchema for Ts {
    fn name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }
}

/// Where `now` comes from: the machine, or a hand that a test turns.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's UTC clock.
    System,
    /// A clock that stands still until it is advanced; clones share one hand.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Clock::System
    }

    /// A test clock standing at `at`.
    pub fn manual(at: Ts) -> Self {
        Clock::Manual(Arc::new(AtomicI64::new(at.micros())))
    }

    /// The current instant. The one place that reads the machine's clock.
    #[allow(clippy::disallowed_methods)]
    pub fn now(&self) -> Ts {
        match self {
            Clock::System => Ts::from(OffsetDateTime::now_utc()) + offset(),
            Clock::Manual(hand) => Ts::from_micros(hand.load(Ordering::SeqCst)),
        }
    }

    /// Turns a manual clock forward by `by` for all who share it.
    ///
    /// # Panics
    /// On the system clock, and when `by` is negative: a clock that goes back hides bugs instead of showing them.
    pub fn advance(&self, by: Duration) {
        assert!(!by.is_negative(), "a clock does not go back");
        match self {
            Clock::System => panic!("only a manual clock can be advanced"),
            Clock::Manual(hand) => {
                hand.fetch_add(by.whole_microseconds() as i64, Ordering::SeqCst);
            }
        }
    }
}

/// How far the machine's clock is made to be ahead: the fault suite's doing, and nothing in a build that is shipped.
#[cfg(not(feature = "testing"))]
fn offset() -> Duration {
    Duration::ZERO
}

/// Variable by which the fault suite shifts the clock of a whole process, in milliseconds.
#[cfg(feature = "testing")]
const OFFSET_VARIABLE: &str = "CLOCK_OFFSET_MS";

#[cfg(feature = "testing")]
#[allow(clippy::disallowed_methods)]
fn offset() -> Duration {
    static OFFSET: std::sync::OnceLock<Duration> = std::sync::OnceLock::new();
    *OFFSET.get_or_init(|| {
        let text = std::env::var(OFFSET_VARIABLE).unwrap_or_default();
        Duration::milliseconds(text.parse().unwrap_or_default())
    })
}

#[cfg(feature = "sqlx")]
mod columns {
    use sqlx::encode::IsNull;
    use sqlx::error::BoxDynError;
    use sqlx::{Database, Decode, Encode, Postgres, Sqlite, Type};
    use time::OffsetDateTime;

    use super::Ts;

    impl Type<Postgres> for Ts {
        fn type_info() -> <Postgres as Database>::TypeInfo {
            <OffsetDateTime as Type<Postgres>>::type_info()
        }
    }

    impl Encode<'_, Postgres> for Ts {
        fn encode_by_ref(
            &self,
            buf: &mut <Postgres as Database>::ArgumentBuffer,
        ) -> Result<IsNull, BoxDynError> {
            Encode::<Postgres>::encode_by_ref(&self.0, buf)
        }
    }

    impl<'r> Decode<'r, Postgres> for Ts {
        fn decode(value: <Postgres as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
            <OffsetDateTime as Decode<Postgres>>::decode(value).map(Self)
        }
    }

    impl Type<Sqlite> for Ts {
        fn type_info() -> <Sqlite as Database>::TypeInfo {
            <i64 as Type<Sqlite>>::type_info()
        }
        fn compatible(ty: &<Sqlite as Database>::TypeInfo) -> bool {
            <i64 as Type<Sqlite>>::compatible(ty)
        }
    }

    impl Encode<'_, Sqlite> for Ts {
        fn encode_by_ref(
            &self,
            buf: &mut <Sqlite as Database>::ArgumentBuffer,
        ) -> Result<IsNull, BoxDynError> {
            Encode::<Sqlite>::encode(self.micros(), buf)
        }
    }

    impl<'r> Decode<'r, Sqlite> for Ts {
        fn decode(value: <Sqlite as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
            <i64 as Decode<Sqlite>>::decode(value).map(Self::from_micros)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survives_json_to_the_microsecond() {
        let at = Ts::from_micros(1_764_000_000_123_456);
        let text = serde_json::to_string(&at).unwrap();
        assert_eq!(serde_json::from_str::<Ts>(&text).unwrap(), at);
    }

    #[test]
    fn clones_of_a_manual_clock_share_one_hand() {
        let clock = Clock::manual(Ts::from_seconds(100));
        let other = clock.clone();
        clock.advance(Duration::seconds(5));
        assert_eq!(other.now(), Ts::from_seconds(105));
    }
}
