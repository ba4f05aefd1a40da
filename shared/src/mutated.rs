//! Our own parsers of what strangers send, fed with mutations.

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderValue};
use std::net::SocketAddr;
use uuid::Uuid;

use crate::access::{self, AccessClaims, Role};
use crate::admission::{self, AdmissionClaims};
use crate::browser::{self, BrowserCookie};
use crate::clock::Ts;
use crate::config::Settings;
use crate::edge::refusals::{Accepted, refusal};
use crate::entropy::Entropy;
use crate::keys::{KeyRing, Purpose};
use crate::limits::{Block, client_ip};
use crate::testing::mutations::{feed, feed_fewer, feed_text};
use crate::wire::{self, Framing};
use crate::{json, query};

#[test]
fn mutated_json_is_parsed_or_refused() {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Order {
        id: Uuid,
        seats: Vec<i64>,
        note: Option<String>,
        parts: Option<Vec<Part>>,
    }
    #[derive(serde::Deserialize)]
    #[allow(dead_code)]
    struct Part {
        n: u8,
        is_open: bool,
    }
    let good = br#"{"id":"01a20118-f82d-7e69-93f3-b9ad5406aceb","seats":[1,2],"note":"\u00e9","parts":[{"n":1,"is_open":true}]}"#;
    feed(&[good, br#"{"id":null,"seats":[],"note":"\ud83d\ude00"}"#], |input| {
        if let Err(problem) = json::parse::<Order>(input) {
            assert!(problem.status().is_client_error() && problem.slug() != "internal", "{problem}");
        }
    });
}

#[test]
fn mutated_queries_and_headers_are_read_or_refused() {
    feed_text(&["q=caf%C3%A9+noir&sort=-price&limit=20", "cursor=eyJ.abc&q=", "a[]=1&&=&%71=2"], |query| {
        let _ = query::read(query, &["q", "sort", "limit", "cursor"]);
    });
    let good: [&[u8]; 5] = [
        b"text/html, application/json;q=0.9, */*;q=0.1",
        b"203.0.113.7, 10.0.0.1",
        b"rushline=AAAA; rushline_place_rock-night=a.b.c",
        b"tickets.example:8080",
        b"gzip, identity",
    ];
    let trusted: Vec<Block> = vec!["10.0.0.0/8".parse().expect("a block"), "::/0".parse().expect("a block")];
    let peer = SocketAddr::from(([10, 0, 0, 2], 1));
    let cookies = BrowserCookie::new("http://localhost");
    feed(&good, |input| {
        let Ok(value) = HeaderValue::from_bytes(input) else { return };
        let mut headers = HeaderMap::new();
        for name in ["accept", "x-forwarded-for", "cookie", "host", "content-encoding", "content-length"] {
            headers.append(name, value.clone());
        }
        client_ip(peer.ip(), &headers, &trusted);
        Accepted::by(&headers).takes("application/json");
        cookies.read(&headers);
        browser::cookie(&headers, "rushline_place_rock-night");
        let mut request = Request::post("/api/v1/events?q=1")
            .extension(ConnectInfo(peer))
            .body(Body::empty())
            .expect("a request");
        *request.headers_mut() = headers;
        refusal(&request, Some(&["tickets.example".to_owned()]));
        let _ = String::from_utf8_lossy(input).parse::<Block>();
    });
}

#[test]
fn mutated_bytes_of_connections_are_followed() {
    let good: [&[u8]; 4] = [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 18446744073709551615\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\ndate: now\r\n\r\n",
    ];
    feed(&good, |input| {
        let (mut whole, mut pieces) = (Framing::default(), Framing::default());
        whole.hear(input);
        input.chunks(7).for_each(|piece| pieces.hear(piece));
        assert_eq!(whole.contradiction().is_seen(), pieces.contradiction().is_seen());
        wire::in_words(input);
    });
}

#[test]
fn mutated_tokens_are_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let ring = |purpose| KeyRing::open(dir.path(), purpose, &Entropy::seeded(1)).expect("keys");
    let (sessions, admissions) = (ring(Purpose::Session), ring(Purpose::Admission));
    let now = Ts::from_seconds(1_800_000_000);
    let access = AccessClaims::new("x", Uuid::nil(), Uuid::nil(), Role::Admin, now, 900);
    let admission = AdmissionClaims {
        iss: "x".into(),
        aud: admission::AUDIENCE.into(),
        sub: Uuid::nil(),
        jti: Uuid::nil(),
        room: "rock-night".into(),
        event: "1".into(),
        lane: "general".into(),
        iat: now.seconds(),
        nbf: now.seconds(),
        exp: now.seconds() + 60,
        cnf: "hash".into(),
    };
    let good = [sessions.sign(&access).expect("a token"), admissions.sign(&admission).expect("a token")];
    let (sessions, admissions) = (sessions.public(), admissions.public());
    feed_text(&[&good[0], &good[1]], |token| {
        let is_good = good.iter().any(|good| good == token);
        sessions.knows(token);
        let accepted = sessions.verify::<AccessClaims>(token, access::AUDIENCE, now).is_ok()
            || admissions.verify::<AdmissionClaims>(token, admission::AUDIENCE, now).is_ok();
        assert!(!accepted || is_good, "accepted: {token}");
    });
}

#[test]
fn mutated_settings_are_read_or_their_mistakes_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("settings.toml");
    let good = br#"listen = "127.0.0.1:8080"
[server]
trusted_proxies = ["10.0.0.0/8"]
stop_grace_s = 10
[booking]
currency = "USD"
[payments]
success_percent = 95
"#;
    feed_fewer(&[good, include_bytes!("../../config.default.toml")], |input| {
        std::fs::write(&file, input).expect("a file");
        let variable = (
            "RUSHLINE_BOOKING_HOLD_MINUTES".to_owned(),
            String::from_utf8_lossy(&input[..input.len().min(20)]).into_owned(),
        );
        if let Err(mistakes) = Settings::read(Some(&file), [variable], &[]) {
            assert!(!mistakes.0.is_empty());
        }
    });
}
