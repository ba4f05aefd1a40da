//! Rate limits by address prefix.
//!
//! A prefix, not an address: one IPv6 customer holds at least a /64. Behind a proxy the address is the one the
//! proxy reports, and only proxies listed in the settings are believed.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::problem::Problem;

/// Prefixes remembered per limit; beyond it, all share one bucket rather than grow the map.
const KEYS_MAX: usize = 100_000;
/// Whether a map is full is looked at once in so many acts: counting its keys costs more than everything else here. So many more it
/// may hold.
const COUNTED_EVERY: u32 = 64;

/// IPv4 address, or the first 64 bits of an IPv6 one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Prefix(IpAddr);

impl From<IpAddr> for Prefix {
    fn from(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            IpAddr::V4(v4) => Prefix(IpAddr::V4(v4)),
            IpAddr::V6(v6) => {
                let s = v6.segments();
                Prefix(IpAddr::V6(Ipv6Addr::new(s[0], s[1], s[2], s[3], 0, 0, 0, 0)))
            }
        }
    }
}

impl Prefix {
    /// Whether it is this machine.
    pub fn is_loopback(self) -> bool {
        match self.0 {
            IpAddr::V4(v4) => v4.is_loopback(),
            // Of ::1, as it is kept.
            IpAddr::V6(v6) => v6.segments()[..4] == [0; 4],
        }
    }

    /// The network around it: 24 bits of IPv4, 48 of IPv6, the most that one customer of a provider holds as a rule.
    pub fn wide(self) -> Self {
        match self.0 {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                Prefix(IpAddr::from([a, b, c, 0]))
            }
            IpAddr::V6(v6) => {
                let s = v6.segments();
                Prefix(IpAddr::V6(Ipv6Addr::new(s[0], s[1], s[2], 0, 0, 0, 0, 0)))
            }
        }
    }
}

/// A block of addresses in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    base: IpAddr,
    bits: u8,
}

impl std::str::FromStr for Block {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is not an address or a block like 10.0.0.0/8");
        let (base, bits) = match text.split_once('/') {
            Some((base, bits)) => (base, Some(bits.parse::<u8>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().map_err(|_| wrong())?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most { Err(wrong()) } else { Ok(Block { base, bits }) }
    }
}

impl Block {
    /// Whether the block holds `ip`.
    pub fn contains(&self, ip: IpAddr) -> bool {
        let shared = |a: u128, b: u128, width: u8| {
            self.bits == 0 || (a ^ b) >> (u32::from(width) - u32::from(self.bits)) == 0
        };
        match (self.base, ip.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => shared(u32::from(a).into(), u32::from(b).into(), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => shared(a.into(), b.into(), 128),
            _ => false,
        }
    }
}

/// The address a request comes from: the peer's, or what a trusted proxy in front of it reports.
///
/// Walks `X-Forwarded-For` from the right and stops at the first hop that is not a trusted proxy, so a
/// client cannot choose its own address by sending the header itself.
pub fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[Block]) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|block| block.contains(ip));
    let mut current = peer;
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .collect();
    for hop in hops.iter().rev() {
        if !is_trusted(current) {
            break;
        }
        match hop.trim().parse() {
            Ok(ip) => current = ip,
            Err(_) => break,
        }
    }
    current
}

/// The client's prefix, put into the request by [`crate::serve`]. Requests of the peer service in this process
/// have no address and count as loopback.
#[derive(Debug, Clone, Copy)]
pub struct Client(pub Prefix);

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let known = parts.extensions.get::<Client>().copied();
        let peer = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| Client(c.0.ip().into()));
        Ok(known.or_else(peer).unwrap_or(Client(IpAddr::from([127, 0, 0, 1]).into())))
    }
}

/// One limit: so many acts a minute for each key (a network prefix, unless said otherwise), in bursts of the same
/// size. Cheap to clone.
#[derive(Clone)]
pub struct Limit<K: Hash + Eq + Clone = Prefix> {
    buckets: Arc<Buckets<K>>,
    clock: DefaultClock,
}

struct Buckets<K: Hash + Eq + Clone> {
    by_key: DefaultKeyedRateLimiter<Option<K>>,
    /// Acts so far, round and round.
    acts: AtomicU32,
    is_full: AtomicBool,
}

impl Limit {
    /// Counts one act of `client`; 429 `slow-down` with `Retry-After` when it is one too many.
    pub fn check(&self, client: Client) -> Result<(), Problem> {
        self.check_key(client.0, "from your network")
    }
}

/// How many times as many acts the network around a prefix may do.
const WIDE_FACTOR: u32 = 8;

/// A limit in two steps: of a prefix, and of the network around it. Whoever holds many prefixes (an IPv6 /48 has 65,536)
/// gains little by changing from one to the next.
#[derive(Clone)]
pub struct Stepped {
    narrow: Limit,
    wide: Limit,
}

impl Stepped {
    /// `per_minute` acts a minute from a prefix, eight times as many from the network around it.
    pub fn per_minute(per_minute: u32) -> Self {
        let wide = Limit::per_minute(per_minute.saturating_mul(WIDE_FACTOR));
        Self { narrow: Limit::per_minute(per_minute), wide }
    }

    /// Counts one act of `client` in both steps; 429 `slow-down` with `Retry-After` when it is one too many.
    pub fn check(&self, client: Client) -> Result<(), Problem> {
        self.narrow.check(client)?;
        self.wide.check(Client(client.0.wide()))
    }
}

impl<K: Hash + Eq + Clone> Limit<K> {
    /// `per_minute` acts a minute; 0 is taken as 1.
    pub fn per_minute(per_minute: u32) -> Self {
        let n = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        let by_key = RateLimiter::keyed(Quota::per_minute(n));
        let buckets = Buckets { by_key, acts: AtomicU32::new(0), is_full: AtomicBool::new(false) };
        Self { buckets: Arc::new(buckets), clock: DefaultClock::default() }
    }

    /// Counts one act of `key`, which the refusal calls `whom`; 429 `slow-down` with `Retry-After` when it is one too
    /// many.
    pub fn check_key(&self, key: K, whom: &str) -> Result<(), Problem> {
        let key = (!self.buckets.is_full()).then_some(key);
        self.buckets.by_key.check_key(&key).map_err(|refusal| {
            let wait_s = refusal.wait_time_from(self.clock.now()).as_secs() + 1;
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "slow-down", "Too many requests")
                .detail(format!("Too many requests {whom}. Try again in {wait_s} s."))
                .retry_after(wait_s)
        })
    }
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    /// Whether no further key is remembered. Those that may act freely again are forgotten first.
    fn is_full(&self) -> bool {
        if self.acts.fetch_add(1, Ordering::Relaxed).is_multiple_of(COUNTED_EVERY) {
            if self.by_key.len() >= KEYS_MAX {
                self.by_key.retain_recent();
            }
            self.is_full.store(self.by_key.len() >= KEYS_MAX, Ordering::Relaxed);
        }
        self.is_full.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_client_cannot_choose_its_address() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 203.0.113.7".parse().unwrap());
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        assert_eq!(client_ip(ip("198.51.100.1"), &headers, &trusted), ip("198.51.100.1"));
        assert_eq!(client_ip(ip("10.1.2.3"), &headers, &trusted), ip("203.0.113.7"));
    }

    #[test]
    fn ipv6_neighbours_share_a_bucket() {
        assert_eq!(Prefix::from(ip("2001:db8::1")), Prefix::from(ip("2001:db8::2:3")));
        assert_ne!(Prefix::from(ip("2001:db8::1")), Prefix::from(ip("2001:db8:0:1::1")));
        assert_eq!(Prefix::from(ip("::ffff:10.0.0.1")), Prefix::from(ip("10.0.0.1")));
    }

    #[test]
    fn many_prefixes_of_one_network_share_a_wider_bucket() {
        let limit = Stepped::per_minute(2);
        let from = |n: u32| Client(ip(&format!("2001:db8:7:{n:x}::1")).into());
        let passed = (0..100).filter(|n| limit.check(from(*n)).is_ok()).count();
        assert_eq!(passed, 16, "eight times two, however many prefixes");
        assert!(limit.check(Client(ip("2001:db8:8::1").into())).is_ok(), "the next network is another one");
    }

    #[test]
    fn with_too_many_keys_all_share_one_bucket_and_the_map_does_not_grow() {
        let limit = Limit::<u32>::per_minute(2);
        let passed = (0..200_000).filter(|key| limit.check_key(*key, "of this test").is_ok()).count();
        let kept = limit.buckets.by_key.len();
        assert!((KEYS_MAX..=KEYS_MAX + COUNTED_EVERY as usize).contains(&kept), "{kept}");
        assert!(passed <= kept + 1 + 2, "{passed} of strangers who share two acts a minute");
    }

    #[test]
    fn one_too_many_is_told_when_to_return() {
        let limit = Limit::per_minute(2);
        let client = Client(ip("203.0.113.7").into());
        assert!(limit.check(client).is_ok() && limit.check(client).is_ok());
        let refusal = limit.check(client).unwrap_err();
        assert_eq!(refusal.slug(), "slow-down");
        assert!(limit.check(Client(ip("203.0.113.8").into())).is_ok());
    }
}
