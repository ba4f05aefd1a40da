//! The guards against races, by name, so that a test can take one away and must then see the race.
//!
//! Without the cargo feature `testing`, which only tests switch on, a guard cannot be taken away: the question is
//! answered by a constant and the unguarded code is not compiled.

/// One atomic step or constraint that two requests may run into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// A seat is claimed by one conditional UPDATE.
    SeatClaim,
    /// The personal limit is counted behind the shopper's row lock.
    PersonalLimit,
    /// An admission is used up by a unique index.
    AdmissionOnce,
    /// A booking session that was found late is ended by an UPDATE that asks again whether it is.
    Renewed,
    /// The row of an Idempotency-Key is inserted in the fact's transaction.
    KeyOnce,
    /// The key of a step that goes together with others is inserted by its statement.
    KeyTogether,
    /// The statement of a hold that goes together with others looks whether its booking session is open.
    VisitTogether,
    /// A job is leased by one UPDATE that skips what others are leasing.
    JobLease,
    /// A payment leaves `started` once, behind its booking's row lock.
    SettledOnce,
    /// Seats that came back are offered behind the row lock of the session, to an entry that still waits.
    OfferOnce,
    /// Those who wait for a session are counted behind its row lock.
    WaitingCount,
    /// Uses of a promo code are counted behind its row lock.
    PromoUses,
    /// Tickets are given back behind the row lock of their booking, by those that still live.
    GivenBackOnce,
    /// A delivery is sent again by one conditional UPDATE.
    ReplayOnce,
    /// The guesses at a code that was sent to a phone are counted by one conditional UPDATE.
    CodeTries,
    /// A ticket is passed on by conditional UPDATEs of the offer and the old ticket.
    TransferOnce,
}

/// A point between two steps of a purchase where a test may let the request die.
#[cfg(feature = "testing")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrashPoint {
    /// The payment is started, the gateway was not asked.
    Started = 1,
    /// The gateway has authorised, nothing was written of it.
    Authorised = 2,
    /// The booking is confirmed, nobody was told.
    Confirmed = 3,
}

#[cfg(feature = "testing")]
impl CrashPoint {
    /// Whether the variable names this point and the `nth` request that reaches it.
    #[allow(clippy::disallowed_methods)]
    fn is_in_variable(self, nth: impl Fn() -> u32) -> bool {
        let Ok(text) = std::env::var(CRASH_VARIABLE) else { return false };
        let (name, wanted) = text.split_once(':').unwrap_or((&text, "1"));
        format!("{self:?}").eq_ignore_ascii_case(name) && wanted == nth().to_string()
    }
}

/// Longest that requests wait for each other at a guard that was taken away; then the test says what it saw.
#[cfg(feature = "testing")]
const GATHERING_MAX: std::time::Duration = std::time::Duration::from_secs(20);

/// Which guards stand. All do, unless a test says otherwise.
#[derive(Debug, Default)]
pub struct Guards {
    #[cfg(feature = "testing")]
    off: std::sync::OnceLock<(Guard, tokio::sync::Barrier)>,
    #[cfg(feature = "testing")]
    crash_at: std::sync::atomic::AtomicU8,
    #[cfg(feature = "testing")]
    passed: std::sync::atomic::AtomicU32,
}

/// Variable by which the fault suite lets a whole process die: a point and the how manieth request that reaches it,
/// such as `authorised:3`.
#[cfg(feature = "testing")]
const CRASH_VARIABLE: &str = "BOOKING_CRASH_POINT";

impl Guards {
    /// Takes a guard away, for the rest of this process's [`App`](crate::app::App), which loses one at most. The next
    /// `requests` that look first and act then meet between the two, so that the race is certain and not a matter
    /// of speed.
    #[cfg(feature = "testing")]
    pub fn take_away(&self, guard: Guard, requests: usize) {
        self.off.get_or_init(|| (guard, tokio::sync::Barrier::new(requests)));
    }

    /// Whether a test took the guard away.
    #[cfg(feature = "testing")]
    pub fn is_off(&self, guard: Guard) -> bool {
        self.off.get().is_some_and(|(off, _)| *off == guard)
    }

    /// The careless moment between look and act: waits until every request of the test's storm has looked.
    #[cfg(feature = "testing")]
    pub async fn meet(&self) {
        if let Some((_, all)) = self.off.get() {
            let _ = tokio::time::timeout(GATHERING_MAX, all.wait()).await;
        }
    }

    /// Lets every request that reaches `point` die there; `None` ends it.
    #[cfg(feature = "testing")]
    pub fn crash_at(&self, point: Option<CrashPoint>) {
        self.crash_at.store(point.map_or(0, |point| point as u8), std::sync::atomic::Ordering::SeqCst);
    }

    /// Dies here if a test wants it.
    #[cfg(feature = "testing")]
    pub fn reached(&self, point: CrashPoint) {
        let wanted = self.crash_at.load(std::sync::atomic::Ordering::SeqCst);
        assert!(wanted != point as u8, "this request dies here because a test wants it: {point:?}");
        if point.is_in_variable(|| self.passed.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1) {
            std::process::abort();
        }
    }
}
