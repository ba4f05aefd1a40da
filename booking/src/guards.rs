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

/// Which guards stand. All do, unless a test says otherwise.
#[derive(Debug, Default)]
pub struct Guards {
    #[cfg(feature = "testing")]
    off: std::sync::atomic::AtomicU8,
    #[cfg(feature = "testing")]
    crash_at: std::sync::atomic::AtomicU8,
}

impl Guards {
    /// Takes a guard away, for the rest of this process's [`App`](crate::app::App).
    #[cfg(feature = "testing")]
    pub fn take_away(&self, guard: Guard) {
        self.off.fetch_or(1 << guard as u8, std::sync::atomic::Ordering::SeqCst);
    }

    /// Whether a test took the guard away.
    #[cfg(feature = "testing")]
    pub fn is_off(&self, guard: Guard) -> bool {
        self.off.load(std::sync::atomic::Ordering::SeqCst) & (1 << guard as u8) != 0
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
    }
}
