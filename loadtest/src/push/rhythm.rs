//! How late a frame is.
//!
//! A server serves each socket at the same moment of every second, its slot. A frame is late by what it comes after the earliest such
//! moment that the socket has seen; and by the time since the frame before it beyond the time from one piece of news to the next, if that
//! is a second or more: then it did not come in its second either.

use std::time::Duration;

use tokio::time::Instant;

/// How long a round of all slots takes.
const ROUND: Duration = Duration::from_secs(1);

/// The frames of one socket.
#[derive(Debug)]
pub struct Rhythm {
    /// A moment at which a frame came as early in its second as none other; `None` before the second frame.
    slot: Option<Instant>,
    before: Instant,
}

impl Rhythm {
    /// With the first frame, which came with the connection and has no slot.
    pub fn begin(at: Instant) -> Self {
        Self { slot: None, before: at }
    }

    /// How late the next frame is, with news every so often. News reach several servers one after the other and may just miss a
    /// slot, so where they are rarer than rounds, a round more is none of the sockets' delay.
    pub fn late(&mut self, at: Instant, every: Duration) -> Duration {
        let after_slot = self.after_slot(at);
        let slack = if every > ROUND { ROUND } else { Duration::ZERO };
        let missed = (at - self.before).saturating_sub(every + slack);
        self.before = at;
        if missed >= ROUND { missed } else { after_slot }
    }

    fn after_slot(&mut self, at: Instant) -> Duration {
        let slot = *self.slot.get_or_insert(at);
        let nanos = (at - slot).as_nanos() % ROUND.as_nanos();
        let after = Duration::from_nanos(nanos as u64);
        if after > ROUND / 2 {
            // Rather earlier than half a second late.
            self.slot = Some(at);
            return Duration::ZERO;
        }
        after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How late frames are that come so many milliseconds after the first.
    fn late<const N: usize>(every_s: u64, at_ms: [u64; N]) -> [u128; N] {
        let began = Instant::now();
        let mut rhythm = Rhythm::begin(began);
        at_ms.map(|ms| {
            rhythm.late(began + Duration::from_millis(ms), Duration::from_secs(every_s)).as_millis()
        })
    }

    #[test]
    fn a_frame_is_late_by_what_it_comes_after_its_slot() {
        assert_eq!(late(1, [700, 1700, 2730, 3700]), [0, 0, 30, 0]);
        assert_eq!(late(10, [9_900, 19_905, 28_930, 38_880]), [0, 5, 30, 0]);
        assert_eq!(late(1, [300, 1300, 2300]), [0, 0, 0], "the first came with the connection");
    }

    #[test]
    fn a_round_that_was_missed_counts_whole() {
        assert_eq!(late(1, [700, 1700, 3720]), [0, 0, 1020]);
        assert_eq!(late(10, [9_900, 23_900]), [0, 3000], "a second may be the news' own");
    }
}
