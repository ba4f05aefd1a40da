//! Which pages of other origins may read our answers (the CORS protocol of the Fetch standard, §3.3).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

/// What an answer depends on, whoever asks.
const VARY: &str = "origin, access-control-request-method, access-control-request-headers";
/// What those pages may do.
const METHODS: &str = "GET,POST,PUT,PATCH,DELETE";
/// What they may send beside what any page may.
const HEADERS: &str = "authorization,content-type,idempotency-key,place-token,admission-token";
/// How long a browser may remember it, seconds.
const MAX_AGE_S: &str = "600";

/// The origins that are let in.
pub(super) struct Cors {
    origins: Vec<HeaderValue>,
}

impl Cors {
    /// Those of the settings.
    pub(super) fn of(origins: &[String]) -> Self {
        Self { origins: origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect() }
    }

    /// Says on an answer whether the page at `origin` may read it.
    pub(super) fn allow(&self, origin: Option<HeaderValue>, headers: &mut HeaderMap) {
        headers.append(header::VARY, HeaderValue::from_static(VARY));
        if let Some(origin) = origin.filter(|origin| self.origins.contains(origin)) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
    }

    /// The answer to a browser that asks before it sends a page's request.
    pub(super) fn before(&self, origin: Option<HeaderValue>) -> Response {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        self.allow(origin, headers);
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE_S));
        response
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_origins_may_read_and_every_cache_knows_that_it_depends() {
        let cors = Cors::of(&["https://app.example".to_owned()]);
        for (origin, allowed) in [
            (Some("https://app.example"), true),
            (Some("https://app.example.evil"), false),
            (Some("null"), false),
            (None, false),
        ] {
            let origin = origin.map(HeaderValue::from_static);
            let answer = cors.before(origin.clone());
            assert_eq!(answer.headers()[header::ACCESS_CONTROL_MAX_AGE], MAX_AGE_S);
            let mut headers = HeaderMap::new();
            headers.insert(header::VARY, HeaderValue::from_static("authorization"));
            cors.allow(origin.clone(), &mut headers);
            assert_eq!(headers.get_all(header::VARY).iter().count(), 2);
            for headers in [answer.headers(), &headers] {
                let said = headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
                assert_eq!(said, origin.as_ref().filter(|_| allowed));
            }
        }
    }

    #[test]
    fn the_headers_that_may_be_sent_are_those_we_read() {
        assert!(HEADERS.split(',').any(|name| name == crate::admission::HEADER));
    }
}
