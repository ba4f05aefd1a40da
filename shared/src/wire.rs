//! What the HTTP/1 library neither tells us nor says in our words, seen from the bytes of the connection.
//!
//! - A request with both `Content-Length` and `Transfer-Encoding` is how requests are smuggled past a proxy that believes
//!   the other one (RFC 9112 §6.1). The library drops the length without a word; [`Framing`] sees both.
//! - What it refuses itself, it refuses without a body, and whoever is too slow to say her request it leaves without an
//!   answer; [`in_words`] and [`too_slow`] are what is sent instead.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::StatusCode;

use crate::problem::Problem;

/// Bytes of a line that are looked at: enough for `content-length: ` and the longest number.
const LINE_SEEN: usize = 48;
/// How a connection of HTTP/2 begins.
const HTTP2: &[u8] = b"PRI * HTTP/2.0";

/// Whether a connection carried a request whose length is stated in two ways. Such a connection ends with its answer.
#[derive(Debug, Clone, Default)]
pub struct Contradiction(Arc<AtomicBool>);

impl Contradiction {
    /// Whether it did.
    pub fn is_seen(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Follows the requests of one HTTP/1 connection by their framing alone, to know where the head of each begins and ends.
#[derive(Debug, Default)]
pub struct Framing {
    at: At,
    line: Line,
    length: Option<u64>,
    is_chunked: bool,
    is_begun: bool,
    contradiction: Contradiction,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum At {
    #[default]
    Head,
    /// So many bytes before the next head.
    Body(u64),
    /// Chunks, another protocol, or nonsense: nothing more to learn.
    Beyond,
}

/// The beginning of the line that is being read.
#[derive(Debug)]
struct Line {
    bytes: [u8; LINE_SEEN],
    len: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self { bytes: [0; LINE_SEEN], len: 0 }
    }
}

impl Framing {
    /// Where a contradiction will be noted.
    pub fn contradiction(&self) -> Contradiction {
        self.contradiction.clone()
    }

    /// Whether a head was begun and neither ended nor answered.
    pub fn is_within_head(&self) -> bool {
        self.at == At::Head && self.is_begun
    }

    /// Something was said to the client.
    pub fn answered(&mut self) {
        self.is_begun = false;
    }

    /// Takes in what the client has sent.
    pub fn hear(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match self.at {
                At::Beyond => return,
                At::Body(left) => {
                    let taken = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
                    let left = left - taken as u64;
                    self.at = if left == 0 { At::Head } else { At::Body(left) };
                    bytes = &bytes[taken..];
                }
                At::Head => bytes = self.hear_line(bytes),
            }
        }
    }

    /// Takes in a line or the beginning of one; what follows it.
    fn hear_line<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let (line, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
            Some(end) => (&bytes[..end], &bytes[end + 1..]),
            None => (bytes, &b""[..]),
        };
        let is_whole = line.len() < bytes.len();
        let seen = line.len().min(LINE_SEEN - self.line.len);
        self.line.bytes[self.line.len..self.line.len + seen].copy_from_slice(&line[..seen]);
        self.line.len += seen;
        if is_whole {
            self.judge_line();
            self.line.len = 0;
        } else {
            self.is_begun |= self.line.len > 0;
        }
        rest
    }

    fn judge_line(&mut self) {
        let line = self.line.bytes[..self.line.len].trim_ascii_end();
        if line.is_empty() {
            // Empty lines before a request are allowed (RFC 9112 §2.2).
            if self.is_begun {
                self.end_head();
            }
            return;
        }
        if line.starts_with(HTTP2) {
            self.at = At::Beyond;
        }
        self.is_begun = true;
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"content-length") {
            // A length that is none is refused by the library.
            self.length = Some(std::str::from_utf8(value).ok().and_then(|n| n.parse().ok()).unwrap_or(0));
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.is_chunked = true;
        } else if name.eq_ignore_ascii_case(b"upgrade") {
            self.at = At::Beyond;
        }
    }

    fn end_head(&mut self) {
        if self.is_chunked && self.length.is_some() {
            self.contradiction.0.store(true, Ordering::Relaxed);
        }
        self.at = match self.length.take() {
            _ if self.is_chunked => At::Beyond,
            None | Some(0) => At::Head,
            Some(length) => At::Body(length),
        };
        self.is_begun = false;
    }
}

/// The library's own refusal of a request, as bytes, with a problem document in it; `None` for anything else that is
/// written. Nothing of ours has an error status without a body.
pub fn in_words(written: &[u8]) -> Option<Vec<u8>> {
    let status = written.strip_prefix(b"HTTP/1.1 4")?.get(..2)?;
    let text = std::str::from_utf8(written).ok()?;
    if !text.ends_with("\r\n\r\n") || !text.contains("\r\ncontent-length: 0\r\n") {
        return None;
    }
    let problem = match status {
        b"31" => Problem::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers-too-large",
            "The headers are too large",
        )
        .detail("Send at most 100 header fields and 16 KiB of them. Deleting this site's cookies may help."),
        b"14" => Problem::new(StatusCode::URI_TOO_LONG, "uri-too-long", "The address is too long")
            .detail("Send at most 4 KiB."),
        _ => Problem::new(StatusCode::BAD_REQUEST, "bad-framing", "This is not an HTTP request")
            .detail("Its first line, a header or its length is not as RFC 9112 wants it."),
    };
    let body = problem.document().to_string();
    Some((text.replacen("content-length: 0\r\n", &fields(&body), 1) + &body).into_bytes())
}

/// What somebody is told who did not finish the headers of her request in time.
pub fn too_slow() -> Vec<u8> {
    let problem = Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", "Too slow")
        .detail("The request took too long to arrive. Send it again.");
    let body = problem.document().to_string();
    format!("HTTP/1.1 {}\r\nconnection: close\r\n{}\r\n{body}", problem.status(), fields(&body)).into_bytes()
}

fn fields(body: &str) -> String {
    format!(
        "content-type: application/problem+json\r\ncache-control: no-store\r\n\
         x-content-type-options: nosniff\r\ncontent-length: {}\r\n",
        body.len()
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Whether both lengths are noticed, however the bytes are cut.
    fn contradicts(text: &str) -> bool {
        let by = |size: usize| {
            let mut framing = Framing::default();
            text.as_bytes().chunks(size).for_each(|piece| framing.hear(piece));
            framing.contradiction().is_seen()
        };
        let whole = by(text.len());
        assert!((1..40).all(|size| by(size) == whole), "{text}");
        whole
    }

    #[test]
    fn two_lengths_are_noticed_in_either_order_and_after_other_requests() {
        let both = "POST / HTTP/1.1\r\nContent-Length: 3\r\nTRANSFER-encoding: chunked\r\n\r\n";
        let other = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nX: y\r\ncontent-length:3\r\n\r\n";
        assert!(contradicts(both) && contradicts(other));
        assert!(contradicts(&format!("GET / HTTP/1.1\r\nHost: x\r\n\r\n{both}")));
        assert!(contradicts(&format!("PUT / HTTP/1.1\r\nContent-Length: 4\r\n\r\nabcd\r\n{other}")));
    }

    #[test]
    fn what_stands_in_bodies_is_no_header() {
        let inside = "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
        for fine in [
            format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{inside}", inside.len()),
            format!("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{inside}"),
            format!("PRI * HTTP/2.0\r\n\r\n{inside}"),
            format!("GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n{inside}"),
            format!("GET / HTTP/1.1\r\nX: {inside}", inside = "Content-Length: 1\r\n\r\n"),
        ] {
            assert!(!contradicts(&fine), "{fine}");
        }
    }

    #[test]
    fn an_unfinished_head_is_told_from_silence() {
        let within = |text: &[u8]| {
            let mut framing = Framing::default();
            framing.hear(text);
            framing.is_within_head()
        };
        assert!(within(b"GET / HT") && within(b"GET / HTTP/1.1\r\nHost: x\r\n"));
        assert!(!within(b"") && !within(b"\r\n") && !within(b"GET / HTTP/1.1\r\n\r\n"));
        assert!(!within(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf"));
    }

    #[test]
    fn only_the_library_s_own_refusals_are_put_into_words() {
        let bare = |status| {
            format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\ndate: today\r\n\r\n")
        };
        for (status, slug) in [
            ("400 Bad Request", "bad-framing"),
            ("431 Request Header Fields Too Large", "headers-too-large"),
            ("414 URI Too Long", "uri-too-long"),
        ] {
            let said = String::from_utf8(in_words(bare(status).as_bytes()).unwrap()).unwrap();
            assert!(said.starts_with(&format!("HTTP/1.1 {}", &status[..3])) && said.contains(slug), "{said}");
            let (head, body) = said.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("content-length: {}", body.len())));
        }
        assert!(in_words(bare("200 OK").as_bytes()).is_none());
        assert!(in_words(b"HTTP/1.1 404 Not Found\r\ncontent-length: 90\r\n\r\n").is_none());
    }
}
