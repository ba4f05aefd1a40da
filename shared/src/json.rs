//! A JSON body, or the problem document that says what is wrong with it, and where.

use std::error::Error;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_path_to_error::Segment;
use tower_http::timeout::TimeoutError;

use crate::problem::Problem;

/// Limit of a JSON body in bytes; uploads have their own routes and limits.
pub const BODY_LIMIT: usize = 64 * 1024;
/// Room for most answers, in bytes.
const ANSWER_LEN: usize = 1024;
/// Brackets within brackets at most, as many as the parser takes.
const DEPTH_MAX: usize = 127;

/// Extracts and answers JSON. Unlike axum's own, every refusal is a problem document.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

/// A JSON body that may be left out; then everything has its default.
#[derive(Debug, Clone, Copy, Default)]
pub struct OptionalJson<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // Before the body: a page of another site can send other types without asking, and is told no at once.
        json_only(request.headers())?;
        parse(&read(request, state).await?).map(Json)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = json_only(request.headers());
        let body = read(request, state).await?;
        if body.is_empty() {
            return Ok(Self(T::default()));
        }
        is_json?;
        parse(&body).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let mut body = Vec::with_capacity(ANSWER_LEN);
        match serde_json::to_writer(&mut body, &self.0) {
            Ok(()) => {
                ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
            }
            Err(error) => Problem::internal(&error).into_response(),
        }
    }
}

fn json_only(headers: &HeaderMap) -> Result<(), Problem> {
    let mime = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if mime == "application/json" || (mime.starts_with("application/") && mime.ends_with("+json")) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Not JSON")
        .detail("Send the body as “Content-Type: application/json”."))
}

/// The whole body, of at most the route's limit.
async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large")
                .detail(format!("This route takes at most {} KiB.", BODY_LIMIT / 1024))
        } else if is_timeout(&rejection) {
            Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", "Too slow")
                .detail("The request took too long to arrive. Send it again.")
        } else {
            Problem::new(StatusCode::BAD_REQUEST, "bad-request", "The body could not be read")
                .detail("Check Content-Length or the chunks, and send it again.")
        }
    })
}

fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<TimeoutError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Parses one JSON object: 400 when it is not JSON, 422 when it is not what was asked for, with a pointer to the place.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // Structures would be read from lists too, field by field.
    if is_object(bytes)
        && std::str::from_utf8(bytes).is_ok()
        && let Ok(value) = serde_json::from_slice(bytes)
    {
        return without_nul(bytes).map(|()| value);
    }
    parse_slowly(bytes)
}

/// PostgreSQL stores no NUL, and no text has a use for one.
fn without_nul(bytes: &[u8]) -> Result<(), Problem> {
    const ESCAPED: &[u8] = b"\\u0000";
    // Most bodies have none; behind another backslash it is text.
    if !bytes.windows(ESCAPED.len()).any(|piece| piece == ESCAPED) {
        return Ok(());
    }
    let found = serde_json::from_slice(bytes).ok().and_then(|value| nul_in(&value));
    found.map_or(Ok(()), |pointer| {
        Err(Problem::invalid(&pointer, "control-character", "Remove the character U+0000."))
    })
}

/// Where a text has a NUL.
fn nul_in(value: &Value) -> Option<String> {
    let below = |(step, value): (String, &Value)| Some(format!("/{}{}", escaped(&step), nul_in(value)?));
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(list) => list.iter().enumerate().find_map(|(n, value)| below((n.to_string(), value))),
        Value::Object(map) => map.iter().find_map(|(name, value)| {
            if name.contains('\0') { Some(String::new()) } else { below((name.clone(), value)) }
        }),
        _ => None,
    }
}

/// A step of an RFC 6901 pointer.
fn escaped(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}

fn is_object(bytes: &[u8]) -> bool {
    bytes.iter().find(|b| !b" \t\r\n".contains(b)) == Some(&b'{')
}

/// The same with an eye on where it goes wrong. What is no JSON at all is said before what does not fit.
fn parse_slowly<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // JSON has no raw NUL; UTF-16 is full of them.
    if std::str::from_utf8(bytes).is_err() || bytes.contains(&0) {
        return Err(bad_encoding("Send JSON in UTF-8."));
    }
    serde_json::from_slice::<IgnoredAny>(bytes).map_err(|error| malformed(&error))?;
    if depth(bytes) > DEPTH_MAX {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "malformed-json", "Malformed JSON");
        return Err(problem.detail(format!("The JSON is nested more than {DEPTH_MAX} levels deep.")));
    }
    if !is_object(bytes) {
        return Err(Problem::invalid("", "validation", "Send a JSON object."));
    }
    let mut source = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut source)
        .map_err(|error| if error.inner().is_data() { mismatch(&error) } else { malformed(error.inner()) })
}

/// Brackets within brackets, outside of strings, in text that is JSON.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut is_text, mut is_escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'[' | b'{' if !is_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn bad_encoding(detail: &'static str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad-encoding", "Not UTF-8").detail(detail)
}

fn malformed(error: &serde_json::Error) -> Problem {
    let said = error.to_string();
    if said.contains("surrogate") || said.contains("hex escape") {
        return bad_encoding("A text has half of a surrogate pair. Send whole characters.");
    }
    Problem::new(StatusCode::BAD_REQUEST, "malformed-json", "Malformed JSON").detail(format!(
        "The JSON breaks off or goes wrong at line {}, column {}.",
        error.line(),
        error.column()
    ))
}

/// Names the kind of mismatch serde met, by the words it uses for it, and the place.
fn mismatch(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let said = error.inner().to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let (pointer, named) = (pointer(error.path()), said.split('`').nth(1).unwrap_or_default());
    let below = || {
        if pointer.ends_with(&format!("/{named}")) { pointer.clone() } else { format!("{pointer}/{named}") }
    };
    if said.starts_with("duplicate field") {
        Problem::new(StatusCode::BAD_REQUEST, "duplicate-key", "A key stands twice")
            .detail(format!("`{named}` stands twice. Send it once."))
    } else if said.starts_with("unknown field") {
        let known = said.split_once(", ").map_or("", |(_, known)| known);
        Problem::invalid(&below(), "unknown-field", format!("`{named}` is not known here; {known}."))
    } else if said.starts_with("missing field") {
        Problem::invalid(&below(), "validation", format!("`{named}` is missing."))
    } else if let Some((found, expected)) = said.split_once(", expected ") {
        unexpected(&pointer, found, expected)
    } else {
        Problem::invalid(&pointer, "validation", format!("{said}."))
    }
}

/// A value of another kind, or a number that does not fit. What was sent is not repeated: it may be a password.
fn unexpected(pointer: &str, found: &str, expected: &str) -> Problem {
    let is_number = found.contains("integer") || found.contains("floating point");
    if let Some((least, most)) = range(expected).filter(|_| is_number) {
        return Problem::invalid(
            pointer,
            "out-of-range",
            format!("Write a whole number from {least} to {most}."),
        );
    }
    let wanted = match expected {
        _ if range(expected).is_some() => "a whole number",
        _ if expected.starts_with("struct ") || expected == "a map" => "an object",
        "a sequence" => "a list",
        "f64" | "f32" => "a number",
        "a boolean" => "true or false",
        other => other,
    };
    Problem::invalid(pointer, "validation", format!("What stands here must be {wanted}."))
}

/// The numbers that one of our integer types holds, by the name serde calls it.
fn range(kind: &str) -> Option<(i128, i128)> {
    Some(match kind {
        "i64" => (i64::MIN.into(), i64::MAX.into()),
        "u64" | "usize" => (0, u64::MAX.into()),
        "i32" => (i32::MIN.into(), i32::MAX.into()),
        "u32" => (0, u32::MAX.into()),
        "u16" => (0, u16::MAX.into()),
        "u8" => (0, u8::MAX.into()),
        _ => return None,
    })
}

/// RFC 6901.
fn pointer(path: &serde_path_to_error::Path) -> String {
    let steps = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", escaped(key))),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    steps.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Body {
        n: u8,
        #[serde(default)]
        list: Vec<Item>,
    }

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Item {
        text: String,
    }

    fn refusal(body: &[u8]) -> (&'static str, String) {
        let problem = parse::<Body>(body).unwrap_err();
        let place = problem.document()["errors"][0]["pointer"].as_str().unwrap_or("none").to_owned();
        (problem.slug(), place)
    }

    #[test]
    fn each_kind_of_bad_body_has_its_slug_and_its_place() {
        for (body, slug, place) in [
            (&b"{"[..], "malformed-json", "none"),
            (b"", "malformed-json", "none"),
            (b"{\"n\":1} x", "malformed-json", "none"),
            (b"{\"n\":NaN}", "malformed-json", "none"),
            (b"{\"n\":1e999}", "malformed-json", "none"),
            (b"\xef\xbb\xbf{\"n\":1}", "malformed-json", "none"),
            (b"{\"n\":1,\"n\":2}", "duplicate-key", "none"),
            (b"{\"n\":1,\"m\":2}", "unknown-field", "/m"),
            (b"{\"n\":1,\"list\":[{\"text\":\"a\"},{\"txt\":\"b\"}]}", "unknown-field", "/list/1/txt"),
            (b"{\"n\":1,\"list\":[{\"text\":1}]}", "validation", "/list/0/text"),
            (b"{}", "validation", "/n"),
            (b"{\"n\":1,\"list\":[{\"text\":\"a\\u0000b\"}]}", "control-character", "/list/0/text"),
            (b"[1]", "validation", ""),
            (b"null", "validation", ""),
            (b"{\"n\":\"1\"}", "validation", "/n"),
            (b"{\"n\":true}", "validation", "/n"),
            (b"{\"n\":null}", "validation", "/n"),
            (b"{\"n\":300}", "out-of-range", "/n"),
            (b"{\"n\":-1}", "out-of-range", "/n"),
            (b"{\"n\":1.5}", "out-of-range", "/n"),
            (b"{\"n\":18446744073709551616}", "out-of-range", "/n"),
            (b"{\"n\":1,\"list\":[{\"text\":\"\\ud800\"}]}", "bad-encoding", "none"),
            (b"\xff", "bad-encoding", "none"),
            (b"{\0\"\0n\0\"\0", "bad-encoding", "none"),
        ] {
            let said = refusal(body);
            assert_eq!(said, (slug, place.to_owned()), "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn ten_thousand_levels_are_not_json_to_us() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let end = if open == "[" { String::new() } else { "1".to_owned() };
            let deep = format!("{{\"n\":{}{end}{}}}", open.repeat(10_000), close.repeat(10_000));
            assert_eq!(refusal(deep.as_bytes()).0, "malformed-json");
            assert_eq!(refusal(&deep.as_bytes()[..15_000]).0, "malformed-json", "broken off");
        }
        assert_eq!(depth(br#"{"a":"[[[\"[[","b":[[1]]}"#), 3);
    }

    #[test]
    fn a_backslash_before_u0000_makes_it_text() {
        assert!(parse::<Body>(br#"{"n":1,"list":[{"text":"\\u0000"}]}"#).is_ok());
    }

    #[test]
    fn what_was_sent_is_not_repeated() {
        let problem = parse::<Body>(br#"{"n":"my password"}"#).unwrap_err();
        assert!(!problem.document().to_string().contains("password"));
    }
}
