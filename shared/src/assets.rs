//! Files built into the binary (the web pages), with the headers that let browsers keep them.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::EmbeddedFile;

/// Answers with an embedded file: 304 when the browser has it, and kept for a year when `immutable`
/// (its name carries a hash of its content).
pub fn respond(file: EmbeddedFile, headers: &HeaderMap, immutable: bool) -> Response {
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..12]));
    let keep = if immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mime = HeaderValue::from_str(file.metadata.mimetype())
            .unwrap_or(HeaderValue::from_static("application/octet-stream"));
        let mut response = Response::new(Body::from(file.data));
        response.headers_mut().insert(header::CONTENT_TYPE, with_charset(mime));
        response
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

fn with_charset(mime: HeaderValue) -> HeaderValue {
    match mime.to_str() {
        Ok(text) if text.starts_with("text/") => {
            HeaderValue::from_str(&format!("{text}; charset=utf-8")).unwrap_or(mime)
        }
        _ => mime,
    }
}
