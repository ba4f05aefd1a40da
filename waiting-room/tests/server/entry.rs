//! What a join costs: work, waiting instead, a CAPTCHA.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::access::Role;
use shared::config::Settings;
use shared::testing::TestServer;

use crate::world::{Browser, ROOM, World, problem};

async fn join(browser: &Browser, body: Value) -> reqwest::Response {
    browser.post(format!("/api/v1/rooms/{ROOM}/places"), Some(body)).await
}

/// The task that a join is answered with.
async fn task(browser: &Browser) -> Value {
    problem(join(browser, json!({})).await, 428, "work-required").await["work"].clone()
}

fn solution(task: &Value) -> u64 {
    let (challenge, bits) = (task["challenge"].as_str().unwrap(), task["bits"].as_u64().unwrap());
    let is_solved = |nonce: &u64| {
        let digest = Sha256::digest(format!("{challenge}.{nonce}"));
        u64::from(u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]).leading_zeros()) >= bits
    };
    (0..).find(is_solved).unwrap()
}

async fn costly(bits: u8, free: u32) -> World {
    let world = World::start().await;
    world.put_room(ROOM, json!({"entry": {"work": {"bits": bits, "free": free}}})).await;
    world
}

#[tokio::test]
async fn a_join_is_paid_for_in_work_once() {
    let world = costly(6, 100).await;
    let browser = world.browser();
    let task = task(&browser).await;
    assert_eq!(task["bits"], 6);
    let proof = json!({"proof": {"challenge": task["challenge"], "nonce": solution(&task)}});
    let other = world.browser();
    problem(join(&other, proof.clone()).await, 428, "work-required").await;
    assert_eq!(join(&browser, proof.clone()).await.status(), StatusCode::CREATED);
    assert_eq!(join(&browser, json!({})).await.status(), StatusCode::OK, "whoever has a place pays nothing");
    browser.delete(format!("/api/v1/rooms/{ROOM}/places/me")).await;
    problem(join(&browser, proof).await, 428, "work-required").await;
    let wrong = json!({"proof": {"challenge": "x.y.z", "nonce": 1}});
    problem(join(&browser, wrong).await, 428, "work-required").await;
}

#[tokio::test]
async fn the_price_rises_with_the_joins_from_one_network() {
    let world = costly(0, 4).await;
    for _ in 0..4 {
        assert_eq!(
            join(&world.browser(), json!({})).await.status(),
            StatusCode::CREATED,
            "below that it is free"
        );
    }
    let browser = world.browser();
    let first = task(&browser).await;
    assert_eq!(first["bits"], 1);
    for _ in 0..4 {
        let browser = world.browser();
        let task = task(&browser).await;
        let proof = json!({"proof": {"challenge": task["challenge"], "nonce": solution(&task)}});
        assert_eq!(join(&browser, proof).await.status(), StatusCode::CREATED);
    }
    assert_eq!(task(&world.browser()).await["bits"], 2, "twice as many, twice the work");
    world.advance(3600);
    assert_eq!(join(&world.browser(), json!({})).await.status(), StatusCode::CREATED, "and it is forgotten");
}

#[tokio::test]
async fn whoever_cannot_work_waits_instead_with_javascript_or_without() {
    let world = costly(20, 100).await;
    let browser = world.browser();
    let task = task(&browser).await;
    let waited = json!({"proof": {"challenge": task["challenge"]}});
    problem(join(&browser, waited.clone()).await, 428, "work-required").await;
    let plain = world.browser();
    assert_eq!(plain.post(format!("/queue/{ROOM}"), None).await.status(), StatusCode::SEE_OTHER);
    let page = plain.get(format!("/queue/{ROOM}")).await.text().await.unwrap();
    assert!(page.contains("<dt>You can join in</dt><dd>2 minutes</dd>"), "{page}");
    world.advance(121);
    assert_eq!(join(&browser, waited).await.status(), StatusCode::CREATED);
    plain.post(format!("/queue/{ROOM}"), None).await;
    assert_eq!(plain.place().await["number"], 2);
}

#[tokio::test]
async fn only_a_few_of_one_network_may_wait() {
    let world = costly(12, 1000).await;
    let mut waiting = Vec::new();
    for _ in 0..12 {
        let browser = world.browser();
        let task = task(&browser).await;
        waiting.push((browser, json!({"proof": {"challenge": task["challenge"]}})));
    }
    world.advance(20);
    let mut passed = 0;
    for (browser, proof) in waiting {
        let answer = join(&browser, proof).await;
        passed += usize::from(answer.status() == StatusCode::CREATED);
        if answer.status() != StatusCode::CREATED {
            problem(answer, 429, "slow-down").await;
        }
    }
    assert_eq!(passed, 10);
}

/// A CAPTCHA service that knows one good answer and counts its questions.
async fn service(asked: Arc<AtomicU32>) -> TestServer {
    let verify = async |State(asked): State<Arc<AtomicU32>>, body: String| {
        asked.fetch_add(1, Ordering::Relaxed);
        let success = body == "secret=s%26cret&response=good+answer";
        axum::Json(json!({"success": success, "hostname": "tickets.example"}))
    };
    let router = Router::new().route("/siteverify", post(verify)).with_state(asked);
    let dir = tempfile::tempdir().unwrap();
    TestServer::start(router, &Settings::for_test(dir.path()))
}

#[tokio::test]
async fn a_captcha_is_asked_of_the_service_that_the_settings_name() {
    let asked = Arc::new(AtomicU32::new(0));
    let captcha = service(asked.clone()).await;
    let url = captcha.url.clone();
    let world = World::start_with(|settings| {
        settings.waiting_room.captcha_verify_url = format!("{url}/siteverify");
        settings.waiting_room.captcha_secret = "s&cret".to_owned().into();
        settings.waiting_room.captcha_page = "https://tickets.example/robots".to_owned();
    })
    .await;
    world.put_room(ROOM, json!({"entry": {"captcha": true}})).await;
    let browser = world.browser();
    let refusal = problem(join(&browser, json!({})).await, 428, "captcha-required").await;
    assert_eq!(refusal["captcha_page"], "https://tickets.example/robots");
    assert_eq!(asked.load(Ordering::Relaxed), 0, "nothing was shown, so nobody is asked");
    problem(join(&browser, json!({"captcha": "bad"})).await, 428, "captcha-required").await;
    assert_eq!(join(&browser, json!({"captcha": "good answer"})).await.status(), StatusCode::CREATED);
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    drop(captcha);
    let refused = join(&world.browser(), json!({"captcha": "good answer"})).await;
    problem(refused, 503, "unavailable").await;
}

#[tokio::test]
async fn a_room_cannot_ask_for_a_captcha_that_nobody_verifies() {
    let world = World::start().await;
    let settings = json!({
        "name": "Rock Night", "event": "1", "rate_per_minute": 600, "cap": 10, "claim_window_s": 60,
        "session_length_s": 600, "booking_url": "/events/1", "entry": {"captcha": true},
    });
    let answer = world.operator(Role::Admin).put(format!("/api/v1/admin/rooms/{ROOM}"), settings).await;
    problem(answer, 422, "captcha-off").await;
}
