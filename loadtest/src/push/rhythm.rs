//! How late a frame is.
//!
//! A server serves each socket at the same moment of every second, its slot; and with news for everybody half a second before that,
//! where it comes sooner. A frame is late by what it comes after the earliest such moment that the socket has seen; and by the time since the
//! frame before it beyond the time from one piece of news to the next, if that is a second or more: then it did not come in its second
//! either.

use std::time::Duration;

use tokio::time::Instant;

/// How long a round of all slots takes.
const ROUND: Duration = Duration::from_secs(1);

/// The frames of one socket.
#[derive(Debug)]
pub struct Rhythm {
    /// A moment at which a frame came as early as none other after that at which it may; `None` before the second frame.
    slot: Option<Instant>,
    before: Instant,
}

impl Rhythm {
    /// With the first frame, which came with the connection and has no slot.
    pub fn begin(at: Instant) -> Self {
        Self { slot: None, before: at }
    }

    /// How late the next frame is, with news every so often: for everybody once a second, or rarer ones of the line. These reach several
    /// servers one after the other and may just miss a slot, so a round more is none of the sockets' delay.
    pub fn late(&mut self, at: Instant, every: Duration) -> Duration {
        let (slack, between) = if every > ROUND { (ROUND, ROUND) } else { (Duration::ZERO, ROUND / 2) };
        let after_slot = self.after_slot(at, between);
        let missed = (at - self.before).saturating_sub(every + slack);
        self.before = at;
        if missed >= ROUND { missed } else { after_slot }
    }

    /// How long after the last of the moments that are so far apart.
    fn after_slot(&mut self, at: Instant, between: Duration) -> Duration {
        let slot = *self.slot.get_or_insert(at);
        let nanos = (at - slot).as_nanos() % between.as_nanos();
        let after = Duration::from_nanos(nanos as u64);
        if after > between / 2 {
            // Rather a little early than most of the way to the next moment late.
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
        assert_eq!(late(10, [9_900, 19_905, 28_930, 38_880, 49_300]), [0, 5, 30, 0, 420]);
        assert_eq!(late(1, [300, 1300, 2300]), [0, 0, 0], "the first came with the connection");
        assert_eq!(late(1, [700, 1200, 2230, 3700]), [0, 0, 30, 0], "at its slot, or half a second before");
    }

    #[test]
    fn a_round_that_was_missed_counts_whole() {
        assert_eq!(late(1, [700, 1700, 3720]), [0, 0, 1020]);
        assert_eq!(late(10, [9_900, 23_900]), [0, 3000], "a second may be the news' own");
    }
}
