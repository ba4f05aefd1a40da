//! Whether this node's clock agrees with that of a server that all nodes share.
//!
//! Nothing is decided by it: deadlines are judged so that clocks a few seconds apart do no harm. But a clock that runs
//! away must be heard of before it does.

use std::sync::atomic::{AtomicBool, Ordering};

use time::Duration;

use crate::clock::Ts;

/// Clocks further apart are reported.
pub const APART_MAX: Duration = Duration::seconds(2);

/// How far the clocks of two nodes may be apart, in seconds. A token is good from so long before it was issued, so that a
/// node whose clock is behind does not refuse what another has just issued.
pub const BORNE_S: i64 = 10;

/// Watches the clock of one server: the gauge `clock_skew_seconds`, and a warning when the two come apart.
#[derive(Debug)]
pub struct Skew {
    server: &'static str,
    is_apart: AtomicBool,
}

impl Skew {
    /// Watches the clock of `server`, which is the gauge's label.
    pub fn against(server: &'static str) -> Self {
        Self { server, is_apart: AtomicBool::new(false) }
    }

    /// Takes in that the server's clock showed `theirs` at some moment between `sent` and `received` of ours.
    pub fn note(&self, sent: Ts, theirs: Ts, received: Ts) {
        let skew = between(sent, theirs, received);
        metrics::gauge!("clock_skew_seconds", "server" => self.server).set(skew.as_seconds_f64());
        let is_apart = skew.abs() > APART_MAX;
        if self.is_apart.swap(is_apart, Ordering::Relaxed) == is_apart {
            return;
        }
        let (server, skew_s) = (self.server, skew.as_seconds_f64());
        if is_apart {
            tracing::warn!(server, skew_s, "this node's clock and the server's are apart; set both by NTP");
        } else {
            tracing::info!(server, skew_s, "this node's clock and the server's agree again");
        }
    }
}

/// How far the server's clock is certainly ahead of ours (negative: behind). An answer that took long proves less: the
/// server may have looked at its clock at any moment of the wait.
fn between(sent: Ts, theirs: Ts, received: Ts) -> Duration {
    if theirs > received {
        theirs - received
    } else if theirs < sent {
        theirs - sent
    } else {
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_counts() {
        let at = Ts::from_seconds;
        assert_eq!(between(at(10), at(13), at(11)), Duration::seconds(2));
        assert_eq!(between(at(10), at(7), at(11)), Duration::seconds(-3));
        assert_eq!(between(at(10), at(17), at(20)), Duration::ZERO, "a slow answer proves nothing");
    }

    #[test]
    fn clocks_come_apart_once_and_agree_again_once() {
        let skew = Skew::against("test");
        let at = Ts::from_seconds;
        skew.note(at(0), at(2), at(0));
        assert!(!skew.is_apart.load(Ordering::Relaxed), "two seconds are borne");
        skew.note(at(0), at(-3), at(0));
        assert!(skew.is_apart.load(Ordering::Relaxed));
        skew.note(at(0), at(0), at(0));
        assert!(!skew.is_apart.load(Ordering::Relaxed));
    }
}
