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
    /// The first request with an Idempotency-Key takes its row.
    KeyTaken,
}

/// Which guards stand. All do, unless a test says otherwise.
#[derive(Debug, Default)]
pub struct Guards {
    #[cfg(feature = "testing")]
    off: std::sync::atomic::AtomicU8,
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
}
