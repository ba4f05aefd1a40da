//! What is added to answers on their way out: the request id, words where the framework has none, security headers.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use http_body_util::{BodyExt, Collected};

use super::RequestId;
use crate::problem::Problem;

/// Problem documents are small; anything longer is passed on without a request id.
const PROBLEM_MAX: usize = 64 * 1024;
/// Their media type.
const PROBLEM: &str = "application/problem+json";

/// Puts the request id into the body of problem documents, and turns the few plain-text refusals of the framework into
/// problem documents.
pub(super) async fn with_request_id(response: Response, id: &RequestId) -> Response {
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let body = if kind == PROBLEM {
        match body.collect().await.map(Collected::to_bytes) {
            Ok(bytes) if bytes.len() <= PROBLEM_MAX => {
                parts.headers.remove(header::CONTENT_LENGTH);
                Body::from(add_member(&bytes, id.as_str()))
            }
            Ok(bytes) => Body::from(bytes),
            Err(_) => Body::empty(),
        }
    } else if kind.is_empty() || kind.starts_with("text/plain") {
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        let document = refused(parts.status).document().to_string();
        Body::from(add_member(document.as_bytes(), id.as_str()))
    } else {
        body
    };
    Response::from_parts(parts, body)
}

/// What the framework itself refuses carries no body or a line of plain text.
fn refused(status: StatusCode) -> Problem {
    let (slug, title, detail) = match status {
        StatusCode::NOT_FOUND => return Problem::not_found(),
        StatusCode::SERVICE_UNAVAILABLE => return Problem::unavailable(1),
        StatusCode::METHOD_NOT_ALLOWED => (
            "method-not-allowed",
            "Method not allowed",
            "This address answers other methods; see the Allow header.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "Too large", "Send less than this route's limit."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("media-type", "Not this media type", "Send JSON."),
        StatusCode::REQUEST_TIMEOUT => {
            ("timeout", "Too slow", "The request took too long to arrive. Send it again.")
        }
        status if status.is_server_error() => return Problem::internal("a bare error status was answered"),
        _ => (
            "bad-request",
            "The request could not be read",
            "Check the address and its parameters against the API documentation.",
        ),
    };
    Problem::new(status, slug, title).detail(detail)
}

fn add_member(document: &[u8], id: &str) -> Bytes {
    match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(document) {
        Ok(mut map) => {
            // A repeated answer keeps the id of the request it was first given to.
            map.entry("request_id").or_insert_with(|| id.into());
            serde_json::to_vec(&map).unwrap_or_default().into()
        }
        Err(_) => Bytes::copy_from_slice(document),
    }
}

/// Sets what an answer does not say otherwise.
pub(super) fn secure(headers: &mut HeaderMap, hsts: bool) {
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "no-referrer");
    default(header::X_FRAME_OPTIONS, "DENY");
    default(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
    if hsts {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
}
