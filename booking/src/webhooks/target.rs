//! Which addresses may be called. Whoever registers an endpoint chooses where this server connects to, and must not reach
//! with it what only this server can: its own network, and the metadata of its cloud.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;
use shared::problem::Problem;

/// Longest address of an endpoint.
const URL_MAX: usize = 2000;
/// Ports that browsers do not call either, for other protocols answer there: mail, names, remote shells.
const REFUSED_PORTS: [u16; 12] = [21, 22, 23, 25, 53, 110, 143, 389, 465, 587, 993, 995];

/// What this installation allows.
#[derive(Debug, Clone, Copy)]
pub struct Allowed {
    /// Addresses without TLS.
    pub http: bool,
    /// Private and loopback addresses.
    pub private: bool,
}

/// The address of an endpoint, as it will be called.
///
/// # Errors
/// 422 `forbidden-target`.
pub fn url(text: &str, allowed: Allowed) -> Result<Url, Problem> {
    let refused = |detail: &str| Problem::invalid("/url", "forbidden-target", detail);
    if text.len() > URL_MAX {
        return Err(refused("The address is too long: use at most 2000 characters."));
    }
    let url = Url::parse(text.trim())
        .map_err(|_| refused("Write an address such as https://example.com/hooks."))?;
    match url.scheme() {
        "https" => {}
        "http" if allowed.http => {}
        _ => {
            return Err(refused(
                "Messages are sent by https only: write an address such as https://example.com/hooks.",
            ));
        }
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused(
            "Leave name and password out of the address: messages are signed, check that instead.",
        ));
    }
    if REFUSED_PORTS.contains(&url.port_or_known_default().unwrap_or(0)) {
        return Err(refused("No web server is called at this port. Use 443 or another one."));
    }
    if !allowed.private && is_private_host(&url) {
        return Err(refused("This address is not on the public internet. Use one that is."));
    }
    Ok(url)
}

/// Whether the host names a private address, or is known to stand for one. Other names are judged by what they resolve
/// to, when they are called.
pub fn is_private_host(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return true };
    if let Some(ip) = literal(host) {
        return !is_public(ip);
    }
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    let ends = ["localhost", "local", "internal", "intranet", "lan", "home.arpa"];
    !name.contains('.') || ends.iter().any(|end| name == *end || name.ends_with(&format!(".{end}")))
}

/// The address that a host is written as. Every way to write one (hexadecimal, octal, one number) was made this one when
/// the URL was read.
fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether an address is on the public internet: everything that the IANA registries of special-purpose addresses do not
/// list (RFC 6890), and of IPv6 the global unicast block alone.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match embedded(ip) {
            Some(inner) => is_public_v4(inner),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = a == 0
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        // Shared by carriers (100.64.0.0/10), protocol assignments, 6to4 relays, benchmarks, reserved, broadcast.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240;
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    // 2000::/3 without protocol assignments (2001::/23), documentation (2001:db8::/32, 3fff::/20).
    (a & 0xe000) == 0x2000 && !(a == 0x2001 && (b < 0x0200 || b == 0x0db8)) && !(a == 0x3fff && b < 0x1000)
}

/// The IPv4 address that an IPv6 address leads to: mapped (::ffff:0:0/96), compatible (::/96), translated (64:ff9b::/96,
/// RFC 6052) or tunnelled (2002::/16, RFC 3056).
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match s {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(of(high, low)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Allowed = Allowed { http: false, private: false };

    /// Row 78 of the list of bad inputs, and then some.
    #[test]
    fn what_is_not_on_the_public_internet_is_refused() {
        for bad in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[::ffff:a9fe:a9fe]/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[::]/",
            "https://[2001:db8::1]/",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://255.255.255.255/",
            "https://224.0.0.1/",
            "https://198.18.0.1/",
            "https://240.0.0.1/",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://api.localhost/",
            "https://printer.local/",
            "https://metadata.google.internal/",
            "https://intranet/",
            "https://１２７.0.0.1/",
            "https://example.com:25/",
            "https://example.com:22/",
            "https://user:pass@example.com/",
            "https://me@example.com/",
            "http://example.com/",
            "file:///etc/passwd",
            "ftp://example.com/",
            "gopher://example.com/",
            "example.com/hooks",
            "",
            "https://",
            "javascript:alert(1)",
        ] {
            assert_eq!(url(bad, STRICT).unwrap_err().slug(), "forbidden-target", "{bad}");
        }
        assert!(url(&format!("https://example.com/{}", "a".repeat(2000)), STRICT).is_err());
    }

    #[test]
    fn public_addresses_pass_and_developers_may_call_themselves() {
        for good in [
            "https://example.com/hooks?key=1",
            "https://bücher.example/",
            "https://example.com:8443/",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
            "https://[::ffff:8.8.8.8]/",
            " https://example.com/ ",
        ] {
            assert!(url(good, STRICT).is_ok(), "{good}");
        }
        let lax = Allowed { http: true, private: true };
        assert!(url("http://127.0.0.1:3000/hook", lax).is_ok() && url("http://localhost:3000/", lax).is_ok());
        assert!(url("file:///etc/passwd", lax).is_err());
        assert!(url("http://example.com/", Allowed { http: true, private: false }).is_ok());
        assert!(url("http://10.0.0.1/", Allowed { http: true, private: false }).is_err());
    }
}
