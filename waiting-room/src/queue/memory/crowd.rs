//! Whether verbs come so close together that it pays to wait for more of them.

use std::time::Duration;

/// After so many verbs in one frame a crowd is at work …
const CROWD: usize = 4;
/// … and so many frames after it, stragglers or not, …
const CROWDED: u8 = 2;
/// … wait so long for more of it: a sync costs much more of the processor than a verb, and whoever is one of a crowd
/// waits longer than this anyway.
const GATHERED: Duration = Duration::from_millis(1);

/// What the last frames tell of those who come next.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    /// Frames that still wait for more.
    frames: u8,
}

impl Crowd {
    /// How long the next frame waits for more verbs; `None` when nobody else is to be expected.
    pub(super) fn gathering(&self) -> Option<Duration> {
        (self.frames > 0).then_some(GATHERED)
    }

    /// Takes note of a frame of so many verbs.
    pub(super) fn shared_a_frame(&mut self, verbs: usize) {
        self.frames = if verbs >= CROWD { CROWDED } else { self.frames.saturating_sub(1) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_who_comes_alone_does_not_wait() {
        let mut crowd = Crowd::default();
        assert_eq!(crowd.gathering(), None);
        crowd.shared_a_frame(CROWD - 1);
        assert_eq!(crowd.gathering(), None);
    }

    #[test]
    fn a_crowd_is_waited_for_until_two_frames_have_been_without_it() {
        let mut crowd = Crowd::default();
        crowd.shared_a_frame(CROWD);
        assert_eq!(crowd.gathering(), Some(GATHERED));
        crowd.shared_a_frame(1);
        assert_eq!(crowd.gathering(), Some(GATHERED));
        crowd.shared_a_frame(1);
        assert_eq!(crowd.gathering(), None);
    }
}
