//! Bad input and the answer it gets, rows of `docs/bad-input.md` that are the waiting room's. Those of the sockets stand in
//! `live.rs`, those of tokens in `places.rs` and `admission.rs`.

use serde_json::{Value, json};
use shared::access::Role;

use crate::world::{Browser, ROOM, World, problem};

/// A join with any body, of any type.
async fn join(browser: &Browser, content_type: Option<&str>, body: &'static str) -> reqwest::Response {
    let request = browser.client.post(format!("{}/api/v1/rooms/{ROOM}/places", browser.url)).body(body);
    browser
        .send(content_type.into_iter().fold(request, |request, kind| request.header("content-type", kind)))
        .await
}

#[tokio::test]
async fn a_join_is_json_or_empty() {
    let world = World::start().await;
    for (row, content_type, body, status, slug) in [
        (13, Some("text/plain"), "{}", 415, "media-type"),
        (13, Some("application/x-www-form-urlencoded"), "lane=vip", 415, "media-type"),
        (13, None, "{}", 415, "media-type"),
        (14, Some("application/json"), "{", 400, "malformed-json"),
        (15, Some("application/json"), r#"{"lane":"a","lane":"b"}"#, 400, "duplicate-key"),
        (16, Some("application/json"), r#"{"number":1}"#, 422, "unknown-field"),
        (17, Some("application/json"), "[]", 422, "validation"),
        (17, Some("application/json"), "null", 422, "validation"),
        (17, Some("application/json"), r#"{"lane":1}"#, 422, "validation"),
        (17, Some("application/json"), r#"{"proof":"x"}"#, 422, "validation"),
        (20, Some("application/json"), r#"{"lane":"a\u0000"}"#, 422, "control-character"),
        (49, Some("application/json"), r#"{"account_token":"x.y.z"}"#, 401, "invalid-token"),
    ] {
        let refused = problem(join(&world.browser(), content_type, body).await, status, slug).await;
        assert!(refused["request_id"].is_string(), "row {row}: {refused}");
    }
    assert_eq!(world.browser().join().await.status(), 201, "nothing at all is fine");
}

#[tokio::test]
async fn rooms_are_named_and_asked_in_their_words() {
    let world = World::start().await;
    let browser = world.browser();
    for (path, status, slug) in [
        ("nope", 404, "not-found"),
        ("UPPER", 404, "not-found"),
        ("..%2f..", 404, "not-found"),
        ("rock-night?evil=1", 422, "unknown-parameter"),
        ("rock-night/journal?size=1&size=2", 400, "ambiguous-parameter"),
        ("rock-night/journal?evil=1", 422, "unknown-parameter"),
        ("rock-night/journal/entries/abc", 404, "not-found"),
        ("rock-night/journal/entries/99999999999999999999", 404, "not-found"),
        ("rock-night/draw/proof?evil=1", 422, "unknown-parameter"),
    ] {
        problem(browser.get(format!("/api/v1/rooms/{path}")).await, status, slug).await;
    }
    let long = "a".repeat(100);
    problem(browser.get(format!("/api/v1/rooms/{long}")).await, 404, "not-found").await;
}

#[tokio::test]
async fn settings_out_of_range_are_named_with_their_place() {
    let world = World::start().await;
    let operator = world.operator(Role::Admin);
    for (name, value, slug) in [
        ("rate_per_minute", json!(-1), "out-of-range"),
        ("rate_per_minute", json!(1.5), "out-of-range"),
        ("cap", json!(1_u64 << 40), "out-of-range"),
        ("cap", json!("10"), "validation"),
        ("claim_window_s", json!(0), "out-of-range"),
        ("booking_url", json!("javascript:alert(1)"), "bad-address"),
        ("booking_url", json!("//evil.example"), "bad-address"),
        ("booking_url", json!("/events/1#x"), "bad-address"),
        ("name", json!("a\r\nb"), "bad-text"),
        ("evil", json!(1), "unknown-field"),
    ] {
        let mut settings = json!({
            "name": "Jazz Night", "event": "1", "rate_per_minute": 600, "cap": 10, "claim_window_s": 60,
            "session_length_s": 600, "booking_url": "/events/1",
        });
        settings[name] = value;
        let refused: Value =
            problem(operator.put("/api/v1/admin/rooms/jazz-night", settings).await, 422, slug).await;
        assert_eq!(refused["errors"][0]["pointer"], format!("/{name}"), "{refused}");
    }
}
