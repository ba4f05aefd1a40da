//! What is written to one WebSocket: whole frames, as much as the kernel takes at once. Nothing waits here but the rest of a
//! torn frame; as long as there is one, news are not even written down.

use std::io::{self, ErrorKind};
use std::time::Duration;

use super::frames;
use super::rounds::Round;

/// Longest that a browser may take nothing of what it is sent: one that does not read is dropped, its place is kept.
pub const STALLED_MAX: Duration = Duration::from_secs(10);
/// A browser that is still there answers a ping before the next, which comes with the first document after so many seconds. A frame
/// of its own would cost as much as a document, and there is one every [`RETRY_MAX_S`](super::document::RETRY_MAX_S).
const PING_EVERY_S: u64 = 30;

/// The sending side of one socket.
#[derive(Debug, Default)]
pub(super) struct Wire {
    /// What the kernel has not taken of a frame that it took the beginning of.
    rest: Box<[u8]>,
    /// Since when it takes nothing.
    stalled_at: Option<Round>,
    pinged_at: Option<Round>,
    /// The last ping has no answer yet.
    is_awaited: bool,
    /// Pings sent so far.
    pub pings: u32,
}

/// What has become of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// On their way; if they were torn, the rest goes before everything else.
    Yes,
    /// Not a byte of them: try again, with fresher ones.
    NotYet,
    /// The browser is gone, or does not read.
    Never,
}

impl Wire {
    /// Appends a ping to `frames` when it is time for one. [`Sent::Never`] when the one before has no answer.
    pub fn ping(&mut self, frames: &mut Vec<u8>, at: Round) -> Sent {
        let pinged_at = self.pinged_at.get_or_insert(at);
        if at.seconds_since(*pinged_at) < PING_EVERY_S {
            return Sent::Yes;
        }
        if self.is_awaited {
            return Sent::Never;
        }
        *pinged_at = at;
        self.is_awaited = true;
        self.pings = self.pings.wrapping_add(1);
        frames::ping(frames);
        Sent::Yes
    }

    /// A ping was answered, or did not leave.
    pub fn expect_nothing(&mut self) {
        self.is_awaited = false;
    }

    /// Whether part of a frame is still to be written: `write` is given it first.
    pub fn is_torn(&self) -> bool {
        !self.rest.is_empty()
    }

    /// Whether the kernel did not take all that it was given last: then `send` is to be called even with nothing new.
    pub fn is_behind(&self) -> bool {
        self.is_torn() || self.stalled_at.is_some()
    }

    /// Writes what is left of a torn frame and then, if that is out, `frames`, which are whole. `write` writes at once what it
    /// can of what it is given.
    pub fn send(
        &mut self,
        frames: &[u8],
        at: Round,
        mut write: impl FnMut(&[u8]) -> io::Result<usize>,
    ) -> Sent {
        if self.is_torn() {
            let rest = std::mem::take(&mut self.rest);
            match self.write(&rest, at, &mut write) {
                Sent::Yes if self.is_torn() => return self.stalled(at),
                Sent::Yes => {}
                refused => {
                    self.rest = rest;
                    return refused;
                }
            }
        }
        if frames.is_empty() {
            self.stalled_at = None;
            return Sent::Yes;
        }
        self.write(frames, at, &mut write)
    }

    /// Writes once; what was not taken of it is the rest.
    fn write(&mut self, bytes: &[u8], at: Round, write: &mut impl FnMut(&[u8]) -> io::Result<usize>) -> Sent {
        match write(bytes) {
            Ok(taken) if taken > 0 => {
                self.stalled_at = None;
                self.rest = bytes[taken..].into();
                Sent::Yes
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => self.stalled(at),
            _ => Sent::Never,
        }
    }

    fn stalled(&mut self, at: Round) -> Sent {
        let since = *self.stalled_at.get_or_insert(at);
        if at.seconds_since(since) < STALLED_MAX.as_secs() { Sent::NotYet } else { Sent::Never }
    }

    /// Hands over what is left of a torn frame; who takes it writes it.
    pub fn take_rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.rest).into_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A kernel that takes so many bytes more.
    struct Kernel {
        room: usize,
        taken: Vec<u8>,
    }

    impl Kernel {
        fn send(&mut self, wire: &mut Wire, frames: &[u8], at: Round) -> Sent {
            wire.send(frames, at, |bytes| {
                let n = bytes.len().min(self.room);
                self.room -= n;
                self.taken.extend_from_slice(&bytes[..n]);
                if n == 0 { Err(ErrorKind::WouldBlock.into()) } else { Ok(n) }
            })
        }
    }

    #[test]
    fn a_torn_frame_is_finished_first_and_nothing_else_is_kept() {
        let (mut wire, start) = (Wire::default(), Round::FIRST);
        let mut kernel = Kernel { room: 4, taken: Vec::new() };
        assert_eq!(kernel.send(&mut wire, b"abcdef", start), Sent::Yes);
        assert!(wire.is_torn());
        for (after_s, room, sent) in [(1, 0, Sent::NotYet), (2, 1, Sent::NotYet), (3, 1, Sent::NotYet)] {
            kernel.room = room;
            assert_eq!(kernel.send(&mut wire, b"stale", start.after_s(after_s)), sent);
        }
        assert!(!wire.is_torn());
        kernel.room = 100;
        assert_eq!(kernel.send(&mut wire, b"fresh", start.after_s(4)), Sent::Yes);
        assert_eq!(kernel.taken, b"abcdeffresh");
    }

    #[test]
    fn who_takes_nothing_for_long_is_dropped_and_who_takes_a_little_is_not() {
        let (mut wire, start) = (Wire::default(), Round::FIRST);
        let mut kernel = Kernel { room: 0, taken: Vec::new() };
        let almost_s = STALLED_MAX.as_secs() - 1;
        assert_eq!(kernel.send(&mut wire, b"abc", start), Sent::NotYet);
        assert_eq!(kernel.send(&mut wire, b"abc", start.after_s(almost_s)), Sent::NotYet);
        kernel.room = 1;
        assert_eq!(kernel.send(&mut wire, b"abc", start.after_s(almost_s)), Sent::Yes);
        assert_eq!(kernel.send(&mut wire, b"abc", start.after_s(2 * almost_s)), Sent::NotYet);
        assert_eq!(kernel.send(&mut wire, b"abc", start.after_s(3 * almost_s)), Sent::NotYet);
        assert_eq!(kernel.send(&mut wire, b"abc", start.after_s(3 * STALLED_MAX.as_secs())), Sent::Never);
        let broken = wire.send(b"abc", start, |_| Err(ErrorKind::BrokenPipe.into()));
        assert_eq!(broken, Sent::Never);
    }

    #[test]
    fn a_ping_is_sent_now_and_then_and_must_be_answered() {
        let (mut wire, start, mut frames) = (Wire::default(), Round::FIRST, Vec::new());
        assert_eq!(wire.ping(&mut frames, start), Sent::Yes);
        assert_eq!(wire.ping(&mut frames, start.after_s(13)), Sent::Yes);
        assert!(frames.is_empty());
        assert_eq!(wire.ping(&mut frames, start.after_s(PING_EVERY_S)), Sent::Yes);
        assert_eq!(frames, [0x89, 0]);
        wire.expect_nothing();
        assert_eq!(wire.ping(&mut frames, start.after_s(2 * PING_EVERY_S)), Sent::Yes);
        assert_eq!(wire.ping(&mut frames, start.after_s(3 * PING_EVERY_S)), Sent::Never);
    }
}
