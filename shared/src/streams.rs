//! How many WebSockets and event streams one network may hold open at a node.
//!
//! A stream costs a node memory for as long as it lasts, so rates do not bound it: whoever opens few a minute and closes
//! none holds ever more. The count is by [`Prefix`], and as cheap as a look into a map. Loopback is not counted: it is the
//! machine's own tools, or a proxy that `server.trusted_proxies` does not name, behind which everybody would be one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;

use crate::limits::{Client, Prefix};
use crate::problem::Problem;

/// When to try again, in seconds: others of the network may have closed theirs by then.
const RETRY_AFTER_S: u64 = 30;

/// The open streams of a node by network. Clones count together. Bounded by the node's connections.
#[derive(Clone, Debug)]
pub struct Streams {
    most: usize,
    open: Arc<Mutex<HashMap<Prefix, usize>>>,
}

/// A stream that counts until it is dropped.
#[derive(Debug)]
pub struct Stream {
    /// `None` where nothing is counted.
    of: Option<(Streams, Prefix)>,
}

impl Streams {
    /// `most` streams for each network; 0: any number.
    pub fn of(most: usize) -> Self {
        Self { most, open: Arc::default() }
    }

    /// Counts one more stream of `client`, before it is opened.
    ///
    /// # Errors
    /// 429 `too-many-streams` with `Retry-After`.
    pub fn enter(&self, client: Client) -> Result<Stream, Problem> {
        let network = client.0;
        if self.most == 0 || network.is_loopback() {
            return Ok(Stream { of: None });
        }
        let mut open = self.lock();
        let streams = open.entry(network).or_default();
        if *streams >= self.most {
            return Err(too_many());
        }
        *streams += 1;
        Ok(Stream { of: Some((self.clone(), network)) })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Prefix, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let Some((streams, network)) = &self.of else { return };
        let mut open = streams.lock();
        if let Some(count) = open.get_mut(network) {
            *count -= 1;
            if *count == 0 {
                open.remove(network);
            }
        }
    }
}

fn too_many() -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-streams", "Too many open streams")
        .detail("Your network holds too many live connections here. Close some pages, or ask for news now and then.")
        .retry_after(RETRY_AFTER_S)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn client(ip: &str) -> Client {
        Client(ip.parse::<IpAddr>().unwrap().into())
    }

    #[test]
    fn a_network_holds_so_many_and_no_more_until_one_is_closed() {
        let streams = Streams::of(2);
        let first = streams.enter(client("2001:db8::1")).unwrap();
        let _second = streams.enter(client("2001:db8::2")).unwrap();
        let refused = streams.enter(client("2001:db8::3")).unwrap_err();
        assert_eq!(refused.slug(), "too-many-streams");
        let _elsewhere = streams.enter(client("2001:db8:0:1::1")).unwrap();
        drop(first);
        let _third = streams.enter(client("2001:db8::3")).unwrap();
        assert!(streams.enter(client("2001:db8::4")).is_err());
    }

    #[test]
    fn nothing_is_kept_of_networks_that_have_left() {
        let streams = Streams::of(1);
        drop(streams.enter(client("203.0.113.7")).unwrap());
        assert!(streams.lock().is_empty());
    }

    #[test]
    fn the_machine_itself_and_who_wants_no_limit_are_not_counted() {
        let open = |streams: &Streams, ip: &str| {
            (0..9).map(|_| streams.enter(client(ip))).collect::<Result<Vec<_>, _>>()
        };
        assert!(open(&Streams::of(1), "127.0.0.1").is_ok() && open(&Streams::of(1), "::1").is_ok());
        assert!(open(&Streams::of(0), "203.0.113.7").is_ok());
    }
}
