//! Whether verbs come so close together that it pays to wait for more of them.

use std::time::Duration;

/// After so many verbs in one frame a crowd is at work …
const CROWD: usize = 4;
/// … and so many frames after it, stragglers or not, …
const CROWDED: u8 = 2;
/// … wait for more of it as long as the disk took for the last one, but no longer than this: a sync costs much more of the
/// processor than a verb, and whoever comes just too late for a frame waits for the disk twice.
const GATHERED_MAX: Duration = Duration::from_millis(1);

/// What the last frames tell of those who come next.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    /// Frames that still wait for more.
    frames: u8,
    /// How long the disk took for the last one.
    synced_in: Duration,
}

impl Crowd {
    /// How long the next frame waits for more verbs; `None` when nobody else is to be expected.
    pub(super) fn gathering(&self) -> Option<Duration> {
        (self.frames > 0).then(|| self.synced_in.min(GATHERED_MAX))
    }

    /// Takes note of a frame of so many verbs, for which the disk took so long.
    pub(super) fn shared_a_frame(&mut self, verbs: usize, synced_in: Duration) {
        self.synced_in = synced_in;
        self.frames = if verbs >= CROWD { CROWDED } else { self.frames.saturating_sub(1) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_micros(200);

    #[test]
    fn one_who_comes_alone_does_not_wait() {
        let mut crowd = Crowd::default();
        assert_eq!(crowd.gathering(), None);
        crowd.shared_a_frame(CROWD - 1, QUICK);
        assert_eq!(crowd.gathering(), None);
    }

    #[test]
    fn a_crowd_is_waited_for_until_two_frames_have_been_without_it() {
        let mut crowd = Crowd::default();
        crowd.shared_a_frame(CROWD, QUICK);
        assert_eq!(crowd.gathering(), Some(QUICK));
        crowd.shared_a_frame(1, QUICK);
        assert_eq!(crowd.gathering(), Some(QUICK));
        crowd.shared_a_frame(1, QUICK);
        assert_eq!(crowd.gathering(), None);
    }

    #[test]
    fn the_slower_the_disk_the_longer_a_crowd_is_waited_for_up_to_a_millisecond() {
        let mut crowd = Crowd::default();
        crowd.shared_a_frame(CROWD, 2 * QUICK);
        assert_eq!(crowd.gathering(), Some(2 * QUICK));
        crowd.shared_a_frame(CROWD, Duration::from_secs(3));
        assert_eq!(crowd.gathering(), Some(GATHERED_MAX));
    }
}
