//! What is refused before any handler is asked: requests that contradict themselves, are too large, or are not for us.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::wire::Contradiction;

/// Bytes of a request target at most.
const URI_MAX: usize = 4096;
/// Bytes of all cookies, from which on they are too many. Ours are a few hundred for each room.
const COOKIES_TOO_LARGE: usize = 8 * 1024;
/// No route takes a longer body.
const BODY_MAX: u64 = 17 * 1024 * 1024;
/// What may be asked of us at all.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// Why `request` is not answered, if it is not. `hosts`: those that are answered, `None` for any.
pub fn refusal(request: &Request, hosts: Option<&[String]>) -> Option<Response> {
    let problem = framing(request)
        .or_else(|| target(request))
        .or_else(|| host(request, hosts))
        .or_else(|| size(request.headers()));
    if let Some(problem) = problem {
        return Some(problem.into_response());
    }
    if request.method() == Method::CONNECT {
        let problem =
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed");
        let problem = problem.detail("This server is no proxy.");
        return Some(with(problem, header::ALLOW, METHODS));
    }
    if request.headers().get_all(header::CONTENT_ENCODING).iter().any(|coding| coding != "identity") {
        let problem = Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "encoding-not-supported",
            "The body is compressed",
        );
        let problem = problem.detail("Send the body as it is, without Content-Encoding.");
        return Some(with(problem, header::ACCEPT_ENCODING, "identity"));
    }
    // What an act answers is known before: JSON. Of what is read, the answer itself shows it.
    let is_act = !request.method().is_safe() && request.uri().path().starts_with("/api/");
    (is_act && !Accepted::by(request.headers()).takes("application/json"))
        .then(|| not_acceptable("application/json").into_response())
}

fn with(problem: Problem, name: HeaderName, value: &'static str) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

fn framing(request: &Request) -> Option<Problem> {
    let is_contradictory = request.version() < Version::HTTP_2
        && request.extensions().get::<Contradiction>().is_some_and(Contradiction::is_seen);
    is_contradictory.then(|| {
        Problem::new(StatusCode::BAD_REQUEST, "bad-framing", "Two lengths")
            .detail("Send Content-Length or Transfer-Encoding, not both.")
    })
}

fn target(request: &Request) -> Option<Problem> {
    if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > URI_MAX) {
        let problem = Problem::new(StatusCode::URI_TOO_LONG, "uri-too-long", "The address is too long");
        return Some(problem.detail("Send at most 4 KiB."));
    }
    let path = request.uri().path();
    let has_control = || {
        let path = path.to_ascii_lowercase();
        ["%00", "%0a", "%0d"].iter().any(|control| path.contains(control))
    };
    (path.contains('%') && has_control()).then(|| {
        Problem::new(StatusCode::BAD_REQUEST, "bad-request", "The address is not valid")
            .detail("An address has no control characters.")
    })
}

/// Requests of the peer service in this process come from no network and name no host.
fn host(request: &Request, hosts: Option<&[String]>) -> Option<Problem> {
    request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let mut named = request.headers().get_all(header::HOST).iter();
    let (first, more) = (named.next().and_then(|v| v.to_str().ok()), named.next());
    if more.is_some() {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "bad-request", "Two hosts");
        return Some(problem.detail("Send Host once."));
    }
    let asked = request.uri().authority().map(axum::http::uri::Authority::as_str);
    let elsewhere = || {
        Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "unknown-host",
            "This server does not answer for that host",
        )
        .detail("Use the address that this shop gives out. Operators: see server.allowed_hosts.")
    };
    match (asked, first) {
        (Some(asked), Some(host)) if !asked.eq_ignore_ascii_case(host) => Some(elsewhere()),
        (Some(host), _) | (None, Some(host)) if !host.is_empty() => {
            let is_known = |hosts: &[String]| hosts.iter().any(|known| known.eq_ignore_ascii_case(host));
            hosts.is_some_and(|hosts| !is_known(hosts)).then(elsewhere)
        }
        _ if request.version() == Version::HTTP_10 => None,
        _ => Some(
            Problem::new(StatusCode::BAD_REQUEST, "missing-host", "The Host header is missing")
                .detail("Send Host with the name of this server."),
        ),
    }
}

fn size(headers: &HeaderMap) -> Option<Problem> {
    let cookies: usize = headers.get_all(header::COOKIE).iter().map(HeaderValue::len).sum();
    if cookies >= COOKIES_TOO_LARGE {
        let problem = Problem::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers-too-large",
            "The cookies are too large",
        );
        return Some(problem.detail("Delete this site's cookies and open it again."));
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    length.is_some_and(|length| length > BODY_MAX).then(|| {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large")
            .detail("Send less than this route's limit.")
    })
}

/// 406 for a client that does not take `media_type`, which is all there is.
pub fn not_acceptable(media_type: &str) -> Problem {
    Problem::new(StatusCode::NOT_ACCEPTABLE, "not-acceptable", "Not in a type you accept").detail(format!(
        "This address answers {media_type}. Send “Accept: {media_type}”, or no Accept at all."
    ))
}

/// The media types a client takes (RFC 9110 §12.5.1).
#[derive(Debug, Clone, Default)]
pub struct Accepted(Option<String>);

impl Accepted {
    /// As its headers say. Nothing is kept of those that take everything, which is what browsers send.
    pub fn by(headers: &HeaderMap) -> Self {
        let stated: Vec<&str> =
            headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok()).collect();
        let takes_all = |list: &str| list.split(',').any(|range| range.trim() == "*/*");
        let is_any = stated.is_empty() || stated.iter().any(|list| takes_all(list));
        Self((!is_any).then(|| stated.join(",")))
    }

    /// Whether an answer of this type is taken: the range that names it most closely decides.
    pub fn takes(&self, media_type: &str) -> bool {
        let Some(stated) = &self.0 else { return true };
        let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let kind = media_type.split('/').next().unwrap_or_default();
        let ranges = stated.split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next()?.to_ascii_lowercase();
            let closeness = match name.as_str() {
                "*/*" => 1,
                name if name.strip_suffix("/*") == Some(kind) => 2,
                name if name == media_type => 3,
                _ => return None,
            };
            let weight =
                parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
            Some((closeness, weight > 0.0))
        });
        ranges.max().is_some_and(|(_, is_wanted)| is_wanted)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[test]
    fn the_closest_range_decides_what_is_taken() {
        let takes = |accept: &str, media_type: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
            Accepted::by(&headers).takes(media_type)
        };
        for (accept, is_taken) in [
            ("*/*", true),
            ("application/json", true),
            ("APPLICATION/*;q=0.1", true),
            ("text/html, */*;q=0.1", true),
            ("text/html, application/json;q=0, */*;q=0.5", false),
            ("application/*, application/json;q=0", false),
            ("image/png", false),
            ("application/json;q=0", false),
            ("*/*;q=0", false),
            ("nonsense", false),
        ] {
            assert_eq!(takes(accept, "application/json; charset=utf-8"), is_taken, "{accept}");
        }
        assert!(Accepted::by(&HeaderMap::new()).takes("text/csv"));
    }

    fn slug(request: axum::http::request::Builder, hosts: Option<&[String]>) -> u16 {
        let from_network = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1)));
        let request = request.extension(from_network).body(Body::empty()).unwrap();
        refusal(&request, hosts).map_or(200, |response| response.status().as_u16())
    }

    #[test]
    fn only_our_own_hosts_are_answered() {
        let ours = ["tickets.example".to_owned()];
        let get = |target: &str, host: &str| Request::builder().uri(target).header(header::HOST, host);
        assert_eq!(slug(get("/", "Tickets.Example"), Some(&ours)), 200);
        assert_eq!(slug(get("/", "evil.example"), Some(&ours)), 421);
        assert_eq!(slug(get("http://evil.example/", "tickets.example"), Some(&ours)), 421);
        assert_eq!(slug(get("http://evil.example/", "evil.example"), Some(&ours)), 421);
        assert_eq!(slug(get("http://tickets.example/", "tickets.example"), Some(&ours)), 200);
        assert_eq!(slug(get("/", "any.example"), None), 200);
        assert_eq!(slug(get("/", ""), None), 400);
        assert_eq!(slug(get("/", "a").header(header::HOST, "b"), None), 400);
        assert_eq!(slug(Request::builder().uri("/"), None), 400);
    }
}
