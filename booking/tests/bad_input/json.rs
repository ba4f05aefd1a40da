//! Rows 14 to 22: bodies that are no JSON, or not what was asked for.

use reqwest::Method;
use serde_json::json;
use shared::access::Role;

use crate::common::Shop;
use crate::{Case, check, on_both_engines, post_text};

/// An event as it may be, whose members the cases replace.
const EVENT: &str = r#"{"name":"Rock","venue":"Arena","event_date":"2027-01-01T20:00:00Z","ticket_price":10,"total_tickets":5}"#;

#[tokio::test]
async fn what_is_no_json_is_said_to_be_none() {
    let shop = Shop::start(crate::common::Engine::Sqlite).await.unwrap();
    let deep = format!(r#"{{"email":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let bodies: [(&str, &[u8]); 12] = [
        ("empty", b""),
        ("truncated", br#"{"email":"a@example.com""#),
        ("a byte order mark", b"\xef\xbb\xbf{}"),
        ("trailing bytes", br#"{"email":"a@example.com","password":"x"} x"#),
        ("two documents", b"{}{}"),
        ("NaN", br#"{"email":NaN}"#),
        ("1e999", br#"{"email":"a@example.com","password":1e999}"#),
        ("a comment", b"{} // none"),
        ("single quotes", b"{'email':'a'}"),
        ("10,000 lists, open", &[b'['; 10_000]),
        ("10,000 objects, open", &br#"{"a":"#.repeat(10_000)),
        ("10,000 lists", deep.as_bytes()),
    ];
    let login = |body: &[u8]| post_text(&shop, "/api/v1/users/login", "", body.to_vec());
    let malformed = |(what, body): (&str, &[u8])| Case::new(14, what, login(body), 400, "malformed-json");
    let mut cases: Vec<Case> = bodies.into_iter().map(malformed).collect();
    let utf16: Vec<u8> = EVENT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let twice = br#"{"email":"a@example.com","password":"x","email":"b@example.com"}"#;
    cases.extend([
        Case::new(15, "a key twice", login(twice), 400, "duplicate-key"),
        Case::new(19, "Latin-1", login(b"{\"email\":\"b\xfccher@example.com\"}"), 400, "bad-encoding"),
        Case::new(19, "UTF-16", login(&utf16), 400, "bad-encoding"),
        Case::new(
            19,
            "half a surrogate",
            login(br#"{"email":"\ud800","password":"x"}"#),
            400,
            "bad-encoding",
        ),
    ]);
    check(cases).await;
}

on_both_engines! {
    async fn unknown_members_and_wrong_kinds_are_named(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let buyer = shop.buyer().await;
        let nobody = uuid::Uuid::nil();
        let mut cases = Vec::new();
        for (path, body) in [
            ("/api/v1/sessions/1/holds".to_owned(), r#"{"seats":[1],"extra":1}"#.to_owned()),
            ("/api/v1/orders".to_owned(), r#"{"event_id":1,"quantity":1,"extra":1}"#.to_owned()),
            ("/api/v1/bookings".to_owned(), format!(r#"{{"hold_id":"{nobody}","extra":1}}"#)),
            (format!("/api/v1/bookings/{nobody}/payment"), r#"{"card_number":"4242424242424242","extra":1}"#.to_owned()),
            ("/api/v1/events".to_owned(), EVENT.replace("\"venue\"", "\"extra\":1,\"venue\"")),
            ("/api/v1/venues".to_owned(), r#"{"name":"x","extra":1}"#.to_owned()),
            ("/api/v1/users/login".to_owned(), r#"{"email":"x","extra":1}"#.to_owned()),
        ] {
            let token = if path.contains("venues") || path.contains("events") { &bob } else { &buyer };
            cases.push(Case::new(16, &path, post_text(&shop, &path, token, body), 422, "unknown-field").at("/extra"));
        }
        let event = |member: &str, value: &str| {
            let mut body: serde_json::Value = serde_json::from_str(EVENT).unwrap();
            body[member] = json!("the value");
            let body = body.to_string().replace("\"the value\"", value);
            post_text(&shop, "/api/v1/events", &bob, body)
        };
        for (row, member, value, slug, pointer) in [
            (17, "name", "1", "validation", "/name"),
            (17, "name", "null", "validation", "/name"),
            (17, "name", "{}", "validation", "/name"),
            (17, "total_tickets", "\"5\"", "validation", "/total_tickets"),
            (17, "total_tickets", "true", "validation", "/total_tickets"),
            (18, "total_tickets", "0", "out-of-range", "/total_tickets"),
            (18, "total_tickets", "-1", "out-of-range", "/total_tickets"),
            (18, "total_tickets", "1.5", "out-of-range", "/total_tickets"),
            (18, "total_tickets", "2147483648", "out-of-range", "/total_tickets"),
            (18, "total_tickets", "9223372036854775808", "out-of-range", "/total_tickets"),
            (18, "total_tickets", "1e400", "", ""),
            (18, "per_person_limit", "2147483648", "out-of-range", "/per_person_limit"),
            (20, "name", r#""a\u0000b""#, "control-character", "/name"),
            (20, "description", r#""a\u0000b""#, "control-character", "/description"),
            (20, "category", r#""a\u0000b""#, "control-character", "/category"),
            (21, "name", r#""a\u001bb""#, "control-character", "/name"),
            (21, "name", r#""\u202egnp.exe""#, "control-character", "/name"),
            (22, "name", r#""   ""#, "blank", "/name"),
        ] {
            let what = format!("{member}: {value}");
            if slug.is_empty() {
                cases.push(Case::new(row, what, event(member, value), 400, "malformed-json"));
            } else {
                cases.push(Case::new(row, what, event(member, value), 422, slug).at(pointer));
            }
        }
        let text = |text: &str| serde_json::to_string(text).unwrap();
        let marks = text(&format!("a{}", "\u{301}".repeat(10_000)));
        cases.extend([
            Case::new(17, "a list for the object", post_text(&shop, "/api/v1/users/login", "", r#"["a","b",null]"#), 422, "validation").at(""),
            Case::new(17, "a list of lists", post_text(&shop, "/api/v1/sessions/1/holds", &buyer, "[[1]]"), 422, "validation").at(""),
            Case::new(21, "10,000 marks", event("description", &marks), 422, "too-long").at("/description"),
            Case::new(21, "30 marks", event("description", &text(&format!("a{}", "\u{301}".repeat(30)))), 422, "control-character").at("/description"),
            Case::new(21, "joiners", event("name", &text("👩‍👩‍👧 क्षत्रिय")), 201, ""),
            Case::new(22, "60 KB", event("description", &text(&"x".repeat(60_000))), 422, "too-long").at("/description"),
            Case::new(22, "1 MB", event("description", &text(&"x".repeat(1_000_000))), 413, "too-large"),
        ]);
        check(cases).await;
    }

    async fn an_optional_body_is_json_or_nothing(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (event, _) = shop.event(&bob, 75.0, 10).await;
        let path = format!("/api/v1/events/{event}/clone");
        let clone = || shop.request(Method::POST, &path, &bob);
        check(vec![
            Case::new(13, "nothing", clone(), 201, ""),
            Case::new(13, "text", clone().header("content-type", "text/plain").body("{}"), 415, "media-type"),
            Case::new(14, "broken", post_text(&shop, &path, &bob, "{"), 400, "malformed-json"),
            Case::new(17, "a list", post_text(&shop, &path, &bob, "[]"), 422, "validation"),
        ])
        .await;
    }
}
