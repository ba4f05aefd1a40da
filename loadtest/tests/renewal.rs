//! A visit that is lengthened at the waiting room goes on at the shop, and one that is not ends there: both services, real
//! tokens, over HTTP, with a clock that the test turns.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{Engine, Whole};
use loadtest::api::{Answer, Jar};
use loadtest::stage::{Pace, ROOMS, Show};
use reqwest::Method;
use serde_json::{Value, json};
use shared::clock::{Clock, Ts};
use tokio::time::{sleep, timeout};

const ROOM: &str = "renewed";
/// Seconds of a visit, and of each renewal.
const VISIT_S: i64 = 60;
/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A fan who is in: browser, admission and account.
struct Fan {
    jar: Jar,
    admission: Value,
    token: String,
}

/// The answer of `ask` once it is `good`.
async fn until(ask: impl AsyncFn() -> Answer, good: impl Fn(&Answer) -> bool) -> Answer {
    let asking = timeout(PATIENCE, async {
        loop {
            let answer = ask().await;
            if good(&answer) {
                return answer;
            }
            sleep(Duration::from_millis(20)).await;
        }
    });
    asking.await.unwrap()
}

impl Fan {
    /// Joins the room, waits for the turn and claims it.
    async fn enters(whole: &Whole, n: u8) -> Self {
        let api = &whole.stage.api;
        let mut jar = Jar::of_browser(URL_SAFE_NO_PAD.encode([n; 32]));
        let join = api.request(Method::POST, &format!("/api/v1/rooms/{ROOM}/places")).json(&json!({}));
        let joined = api.send(jar.on(join)).await.unwrap();
        assert_eq!(joined.status, 201, "{}", joined.json());
        jar.keep(&joined);
        let mut fan = Self { jar, admission: Value::Null, token: String::new() };
        fan.admission =
            until(async || fan.at_the_line(whole, "admission").await, Answer::is_success).await.json();
        fan.token = whole.stage.shopper(&format!("fan-{n}")).await.unwrap();
        fan
    }

    async fn at_the_line(&self, whole: &Whole, what: &str) -> Answer {
        let api = &whole.stage.api;
        let request = api.request(Method::POST, &format!("/api/v1/rooms/{ROOM}/places/me/{what}"));
        api.send(self.jar.on(request)).await.unwrap()
    }

    async fn hold(&self, whole: &Whole, show: Show) -> Answer {
        let api = &whole.stage.api;
        let request = api.request(Method::POST, &format!("/api/v1/sessions/{}/holds", show.session));
        let request = request.json(&json!({ "quantity": 1 })).bearer_auth(&self.token);
        let token = self.admission["admission_token"].as_str().unwrap();
        api.send(self.jar.on(request).header("Admission-Token", token)).await.unwrap()
    }
}

async fn run(whole: Whole, clock: Clock) {
    let show = whole.stage.general_admission("Renewed", 20, Some(ROOM)).await.unwrap();
    whole.stage.room(ROOM, show, Pace { cap: 2, rate_per_minute: 600 }).await.unwrap();
    let settings = json!({
        "name": "Renewed", "event": show.event.to_string(), "booking_url": "/", "rate_per_minute": 600, "cap": 2,
        "claim_window_s": 60, "session_length_s": VISIT_S, "renewals_max": 1,
    });
    let put = whole.stage.api.request(Method::PUT, &format!("{ROOMS}/{ROOM}")).json(&settings);
    assert_eq!(whole.stage.api.send(put.bearer_auth(whole.stage.token())).await.unwrap().status, 200);
    let (mut stays, goes) = (Fan::enters(&whole, 1).await, Fan::enters(&whole, 2).await);
    for fan in [&stays, &goes] {
        assert_eq!(fan.hold(&whole, show).await.status, 201);
    }
    let renewed = stays.at_the_line(&whole, "admission/renewal").await;
    assert_eq!(renewed.status, 200, "{}", renewed.json());
    stays.admission = renewed.json();
    clock.advance(time::Duration::seconds(VISIT_S + 5));
    // Once the shop has swept the one, it has looked at the other too.
    let late = until(async || goes.hold(&whole, show).await, |answer| answer.status != 201).await;
    assert_eq!(late.slug(), "admission-expired");
    let next = Fan::enters(&whole, 3).await;
    assert_eq!(next.hold(&whole, show).await.status, 201, "there is room for one more");
    assert_eq!(stays.hold(&whole, show).await.status, 201, "the lengthened visit goes on");
    clock.advance(time::Duration::seconds(VISIT_S));
    let over = until(async || stays.hold(&whole, show).await, |answer| answer.status != 201).await;
    assert_eq!(over.slug(), "admission-expired");
    whole.verify().await;
}

fn clock() -> Clock {
    Clock::manual(Ts::from_seconds(1_800_000_000))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lengthened_visit_goes_on_at_the_shop() {
    let clock = clock();
    run(Whole::start_on(Engine::Sqlite, clock.clone()).await.unwrap(), clock).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lengthened_visit_goes_on_at_the_shop_on_postgresql() {
    let clock = clock();
    if let Some(whole) = Whole::start_on(Engine::Postgres, clock.clone()).await {
        run(whole, clock).await;
    }
}
