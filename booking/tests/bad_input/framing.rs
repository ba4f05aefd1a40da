//! Rows 1 to 13: what is wrong with a request before anybody looks at what it wants.

use crate::common::{Engine, Shop};
use crate::raw::say;

const LOGIN: &str = "POST /api/v1/users/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
const EVENTS: &str = "GET /api/v1/events HTTP/1.1\r\nHost: x\r\n";

/// What the row asks for, beside status and slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// The server closes.
    Closes,
    /// The connection may go on.
    GoesOn,
    /// The answer has this header.
    Has(&'static str),
}
use Then::{Closes, GoesOn, Has};

async fn shop() -> Shop {
    Shop::start(Engine::Sqlite).await.unwrap()
}

/// Says each request and panics with all that were answered otherwise.
async fn check(shop: &Shop, cases: Vec<(u8, &str, String, u16, &str, Then)>) {
    let mut wrong = Vec::new();
    for (row, what, words, status, slug, then) in cases {
        let said = say(shop, &words).await;
        let is_right = said.status() == status
            && said.slug() == slug
            && said.answers() == 1
            && match then {
                Closes => said.is_closed,
                GoesOn => !said.is_closed,
                Has(header) => said.has(header),
            };
        if !is_right {
            wrong.push(format!("row {row}, {what}: wanted {status} {slug} {then:?}, got {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_length_stated_in_two_ways_is_refused_and_nothing_behind_it_answered() {
    let shop = shop().await;
    let behind = "0\r\n\r\nGET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n";
    let both = |first: &str, second: &str| format!("{LOGIN}{first}\r\n{second}\r\n\r\n{behind}");
    let (length, chunked) = ("Content-Length: 5", "Transfer-Encoding: chunked");
    let cases = vec![
        (1, "length, then chunks", both(length, chunked), 400, "bad-framing", Closes),
        (1, "chunks, then length", both(chunked, length), 400, "bad-framing", Closes),
        (2, "two lengths", both(length, "Content-Length: 7"), 400, "bad-framing", Closes),
        (2, "unknown coding", both("Transfer-Encoding: xchunked", "X: y"), 400, "bad-framing", Closes),
        (2, "chunked not last", both("Transfer-Encoding: chunked, gzip", "X: y"), 400, "bad-framing", Closes),
        (2, "signed length", both("Content-Length: +5", "X: y"), 400, "bad-framing", Closes),
        (2, "length below zero", both("Content-Length: -5", "X: y"), 400, "bad-framing", Closes),
        (
            2,
            "space before the colon",
            "GET / HTTP/1.1\r\nHost : x\r\n\r\n".into(),
            400,
            "bad-framing",
            Closes,
        ),
        (2, "leading space", "GET / HTTP/1.1\r\n Host: x\r\n\r\n".into(), 400, "bad-framing", Closes),
        (2, "folded header", format!("{EVENTS}X: a\r\n b\r\n\r\n"), 400, "bad-framing", Closes),
        (
            2,
            "chunk size that is none",
            format!("{LOGIN}{chunked}\r\n\r\nzz\r\n\r\n"),
            400,
            "bad-request",
            Has("content-type"),
        ),
    ];
    check(&shop, cases).await;
    let said = say(&shop, format!("{EVENTS}\r\n{}", both(chunked, length))).await;
    assert!(!said.text.contains("malformed-json"), "the second of two was read: {said:?}");
}

#[tokio::test]
async fn a_host_is_named_once_and_is_ours() {
    let shop = shop().await;
    let get = |target: &str, hosts: &str| format!("GET {target} HTTP/1.1\r\n{hosts}\r\n");
    let cases = vec![
        (3, "no host", get("/api/v1/events", ""), 400, "missing-host", GoesOn),
        (3, "empty host", get("/api/v1/events", "Host:\r\n"), 400, "missing-host", GoesOn),
        (3, "two hosts", get("/api/v1/events", "Host: a\r\nHost: b\r\n"), 400, "bad-request", GoesOn),
        (4, "absolute", get("http://evil.example/api/v1/events", "Host: x\r\n"), 421, "unknown-host", GoesOn),
    ];
    check(&shop, cases).await;
    let ours = |settings: &mut shared::config::Settings| {
        settings.server.allowed_hosts = vec!["tickets.example".to_owned()];
    };
    let strict = Shop::start_with(Engine::Sqlite, shared::peer::Peer::in_process(), ours).await.unwrap();
    let cases = vec![
        (4, "foreign", get("/api/v1/events", "Host: evil.example\r\n"), 421, "unknown-host", GoesOn),
        (4, "suffix", get("/api/v1/events", "Host: tickets.example.evil\r\n"), 421, "unknown-host", GoesOn),
        (4, "ours", get("/api/v1/events", "Host: Tickets.Example\r\n"), 200, "", GoesOn),
    ];
    check(&strict, cases).await;
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_read() {
    let shop = shop().await;
    let many: String = (0..101).map(|n| format!("X-{n}: y\r\n")).collect();
    let with = |header: &str, size: usize| format!("{EVENTS}{header}: a={}\r\n\r\n", "a".repeat(size));
    let target =
        |size: usize| format!("GET /api/v1/events?q={} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(size));
    let body = "x".repeat(70_000);
    let cases = vec![
        (5, "101 headers", format!("{EVENTS}{many}\r\n"), 431, "headers-too-large", Closes),
        (5, "17 KiB of headers", with("X", 17_000), 431, "headers-too-large", Closes),
        (5, "12 KiB of headers", with("X", 12_000), 200, "", GoesOn),
        (5, "5 KiB of address", target(5_000), 414, "uri-too-long", GoesOn),
        (46, "8 KiB of cookies", with("Cookie", 8_192), 431, "headers-too-large", GoesOn),
        (46, "2 KiB of cookies", with("Cookie", 2_048), 200, "", GoesOn),
        (9, "70 KB", format!("{LOGIN}Content-Length: 70000\r\n\r\n{body}"), 413, "too-large", Closes),
        (
            9,
            "70 KB in chunks",
            format!("{LOGIN}Transfer-Encoding: chunked\r\n\r\n11170\r\n{body}\r\n0\r\n\r\n"),
            413,
            "too-large",
            Closes,
        ),
        (9, "5 GB announced", format!("{LOGIN}Content-Length: 5000000000\r\n\r\n"), 413, "too-large", Closes),
        (
            12,
            "5 GB, asking first",
            format!("{LOGIN}Expect: 100-continue\r\nContent-Length: 5000000000\r\n\r\n"),
            413,
            "too-large",
            Closes,
        ),
        (
            12,
            "compressed",
            format!("{LOGIN}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{{}}"),
            415,
            "encoding-not-supported",
            Has("accept-encoding: identity"),
        ),
    ];
    check(&shop, cases).await;
}

#[tokio::test]
async fn addresses_are_names_and_never_paths_to_files() {
    let shop = shop().await;
    let get = |target: &str| format!("GET {target} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n");
    let mut cases = vec![
        (6, "NUL in the path", get("/api/v1/eve\0nts"), 400, "bad-framing", Closes),
        (6, "NUL in a header", format!("{EVENTS}X: a\0b\r\n\r\n"), 400, "bad-framing", Closes),
        (6, "CR in a header", format!("{EVENTS}X: a\rb\r\n\r\n"), 400, "bad-framing", Closes),
        (6, "%00", get("/api/v1/eve%00nts"), 400, "bad-request", GoesOn),
        (6, "%0d%0a", get("/api/v1/eve%0D%0Ants"), 400, "bad-request", GoesOn),
        (6, "%00 in the query", get("/api/v1/events?q=a%00b"), 422, "control-character", GoesOn),
    ];
    for target in [
        "/..%2f..%2fetc/passwd",
        "//evil",
        "//evil.example/%2e%2e",
        "/%c0%ae%c0%ae/etc/passwd",
        "/../../etc/passwd",
        "/assets/../../etc/passwd",
        "/assets/..%2f..%2fCargo.toml",
        "/.git/config",
        "/api/v1/nowhere",
    ] {
        cases.push((7, target, get(target), 404, "not-found", GoesOn));
    }
    check(&shop, cases).await;
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let shop = shop().await;
    let mut cases = Vec::new();
    for method in ["TRACE", "FOO", "PUT", "get"] {
        let words = format!("{method} /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n");
        cases.push((8, method, words, 405, "method-not-allowed", Has("allow: ")));
    }
    let tunnel = "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n".to_owned();
    cases.push((8, "CONNECT", tunnel, 405, "method-not-allowed", Has("allow: ")));
    check(&shop, cases).await;
}

#[tokio::test]
async fn whoever_dribbles_is_told_and_shown_out() {
    let hasty = |settings: &mut shared::config::Settings| {
        settings.server.header_timeout_s = 1;
        settings.server.body_timeout_s = 1;
    };
    let shop = Shop::start_with(Engine::Sqlite, shared::peer::Peer::in_process(), hasty).await.unwrap();
    let cases = vec![
        (10, "half a header", format!("{EVENTS}X-Half"), 408, "timeout", Closes),
        (10, "half a body", format!("{LOGIN}Content-Length: 50\r\n\r\n{{\"email\""), 408, "timeout", Closes),
    ];
    check(&shop, cases).await;
}

#[tokio::test]
async fn types_are_agreed_on() {
    let shop = shop().await;
    let get = |accept: &str| format!("{EVENTS}Accept: {accept}\r\n\r\n");
    let act = format!("{LOGIN}Accept: text/html\r\nContent-Length: 2\r\n\r\n{{}}");
    let post = |kind: &str| {
        let head = LOGIN.replace("Content-Type: application/json\r\n", kind);
        format!("{head}Content-Length: 2\r\n\r\n{{}}")
    };
    let cases = vec![
        (13, "a picture", get("image/png"), 406, "not-acceptable", GoesOn),
        (13, "anything but JSON", get("application/json;q=0, text/xml"), 406, "not-acceptable", GoesOn),
        (13, "anything", get("text/html, */*;q=0.1"), 200, "", GoesOn),
        (13, "a page for an act", act, 406, "not-acceptable", GoesOn),
        (13, "text", post("Content-Type: text/plain\r\n"), 415, "media-type", GoesOn),
        (
            13,
            "a form",
            post("Content-Type: application/x-www-form-urlencoded\r\n"),
            415,
            "media-type",
            GoesOn,
        ),
        (13, "nothing", post(""), 415, "media-type", GoesOn),
    ];
    check(&shop, cases).await;
}

#[tokio::test]
async fn a_refusal_is_whole_when_it_is_compressed() {
    let shop = shop().await;
    for path in ["/api/v1/nowhere", "/api/v1/bookings"] {
        let request = shop.request(reqwest::Method::GET, path, "").header("accept-encoding", "gzip");
        let response = request.send().await.unwrap();
        assert_eq!(response.headers().get("content-encoding").map(|v| v.as_bytes()), Some(&b"gzip"[..]));
        let mut text = String::new();
        let packed = response.bytes().await.unwrap();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&packed[..]), &mut text).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_ne!(document["request_id"], serde_json::Value::Null, "{document}");
    }
}
