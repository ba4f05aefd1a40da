//! The opening handshake of a WebSocket (RFC 6455 §4.2), so far as HTTP is concerned.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use shared::upgrade::{Upgrade, upgrade_required};

/// The one version there is.
const VERSION: HeaderValue = HeaderValue::from_static("13");
const WEBSOCKET: HeaderValue = HeaderValue::from_static("websocket");
/// What the client's key is hashed with (RFC 6455 §1.3).
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// Length of a client's key, in bytes.
const KEY_LEN: usize = 16;

/// A request to make its connection a WebSocket; as an extractor it answers all others with 426.
pub struct Handshake {
    accept: HeaderValue,
    upgrade: Upgrade,
}

impl<S: Send + Sync> FromRequestParts<S> for Handshake {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let accept = accept(&parts.method, &parts.headers).map_err(refused)?;
        let upgrade = Upgrade::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        Ok(Self { accept, upgrade })
    }
}

impl Handshake {
    /// The answer that makes the connection a WebSocket with the `protocol`, and the connection to come.
    pub fn answer(self, protocol: Option<&'static str>) -> (Response, Upgrade) {
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = answer.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, WEBSOCKET);
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, self.accept);
        if let Some(protocol) = protocol {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(protocol));
        }
        (answer, self.upgrade)
    }
}

/// What proves to the client that it was understood; or what its request lacks.
fn accept(method: &Method, headers: &HeaderMap) -> Result<HeaderValue, &'static str> {
    if *method != Method::GET
        || !names(headers, &header::CONNECTION, "upgrade")
        || !names(headers, &header::UPGRADE, "websocket")
    {
        return Err("Open it as a WebSocket, or use the event stream or polling, which tell the same.");
    }
    if headers.get(header::SEC_WEBSOCKET_VERSION) != Some(&VERSION) {
        return Err("Speak version 13 of the WebSocket protocol.");
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).map(HeaderValue::as_bytes).unwrap_or_default();
    if !STANDARD.decode(key).is_ok_and(|key| key.len() == KEY_LEN) {
        return Err("Send a Sec-WebSocket-Key of 16 bytes in base64.");
    }
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::try_from(STANDARD.encode(digest)).map_err(|_| "Send another Sec-WebSocket-Key.")
}

/// Whether a header that is a list names `wanted`, in any case.
fn names(headers: &HeaderMap, header: &HeaderName, wanted: &str) -> bool {
    let values = headers.get_all(header).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|name| name.trim().eq_ignore_ascii_case(wanted))
}

fn refused(lacks: &str) -> Response {
    let how = [(header::UPGRADE, WEBSOCKET), (header::SEC_WEBSOCKET_VERSION, VERSION)];
    (how, upgrade_required(lacks)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6455 §1.3, with one header changed.
    fn asked(name: HeaderName, value: &'static str) -> Result<HeaderValue, &'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONNECTION, HeaderValue::from_static("keep-alive, Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("WebSocket"));
        headers.insert(header::SEC_WEBSOCKET_VERSION, VERSION);
        headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ=="));
        headers.insert(name, HeaderValue::from_static(value));
        accept(&Method::GET, &headers)
    }

    #[test]
    fn the_example_of_the_standard_is_answered_as_it_says() {
        assert_eq!(asked(header::ACCEPT, "*/*").unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn what_is_no_websocket_is_told_what_it_lacks() {
        for (name, value) in [
            (header::CONNECTION, "keep-alive"),
            (header::UPGRADE, "h2c"),
            (header::SEC_WEBSOCKET_VERSION, "8"),
            (header::SEC_WEBSOCKET_KEY, "c2hvcnQ="),
            (header::SEC_WEBSOCKET_KEY, "not base64 at all!!!!!!!"),
        ] {
            assert!(asked(name.clone(), value).is_err(), "{name}: {value}");
        }
        assert!(accept(&Method::HEAD, &HeaderMap::new()).is_err());
    }
}
