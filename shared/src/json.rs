//! A JSON body, or the problem document that says what is wrong with it.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Limit of a JSON body in bytes; uploads have their own routes and limits.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Extracts and answers JSON. Unlike axum's own, every refusal is a problem document.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.split(';').next())
            .is_some_and(|mime| {
                let mime = mime.trim().to_ascii_lowercase();
                mime == "application/json" || (mime.starts_with("application/") && mime.ends_with("+json"))
            });
        if !is_json {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Not JSON")
                .detail("Send the body as “Content-Type: application/json”."));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large")
                    .detail(format!("This route takes at most {} KiB.", BODY_LIMIT / 1024))
            } else {
                Problem::new(StatusCode::BAD_REQUEST, "bad-request", "The body could not be read")
            }
        })?;
        parse(&bytes).map(Json)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Parses one JSON document: 400 when it is not JSON, 422 when it is not what was asked for.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if std::str::from_utf8(bytes).is_err() {
        return Err(
            Problem::new(StatusCode::BAD_REQUEST, "bad-encoding", "Not UTF-8").detail("Send JSON in UTF-8.")
        );
    }
    serde_json::from_slice(bytes).map_err(|error| {
        if error.is_data() {
            refused(&error.to_string())
        } else {
            Problem::new(StatusCode::BAD_REQUEST, "malformed-json", "Malformed JSON").detail(format!(
                "The JSON breaks off or goes wrong at line {}, column {}.",
                error.line(),
                error.column()
            ))
        }
    })
}

/// Names the kind of mismatch serde met by the words it uses for it.
fn refused(message: &str) -> Problem {
    let (slug, status, title) = if message.starts_with("duplicate field") {
        ("duplicate-key", StatusCode::BAD_REQUEST, "A key stands twice")
    } else if message.starts_with("unknown field") {
        ("unknown-field", StatusCode::UNPROCESSABLE_ENTITY, "Unknown field")
    } else {
        ("validation", StatusCode::UNPROCESSABLE_ENTITY, "The request is not valid")
    };
    let sentence = message.split(" at line ").next().unwrap_or(message);
    Problem::new(status, slug, title).detail(format!("{sentence}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Body {
        n: u8,
    }

    #[test]
    fn each_kind_of_bad_body_has_its_slug() {
        for (body, slug) in [
            (&b"{"[..], "malformed-json"),
            (b"{\"n\":1} x", "malformed-json"),
            (b"{\"n\":1,\"n\":2}", "duplicate-key"),
            (b"{\"n\":1,\"m\":2}", "unknown-field"),
            (b"{\"n\":\"1\"}", "validation"),
            (b"{\"n\":300}", "validation"),
            (b"\xff", "bad-encoding"),
        ] {
            assert_eq!(parse::<Body>(body).unwrap_err().slug(), slug, "{}", String::from_utf8_lossy(body));
        }
    }
}
