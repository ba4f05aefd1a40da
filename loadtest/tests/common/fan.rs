//! One fan with her browser: at the line, and in the shop.

#![allow(dead_code, reason = "not every test does all that a fan can")]

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loadtest::api::{Answer, Jar};
use loadtest::stage::Show;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::Whole;

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A fan: browser, admission and account, both once she has them.
pub struct Fan {
    room: &'static str,
    pub jar: Jar,
    pub admission: Value,
    pub token: String,
}

/// What `ask` says once it is `good`.
pub async fn until<T>(mut ask: impl AsyncFnMut() -> T, good: impl Fn(&T) -> bool) -> T {
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
    /// The `n`-th fan joins the room's line.
    pub async fn joins(whole: &Whole, room: &'static str, n: u8) -> Self {
        let api = &whole.stage.api;
        let mut jar = Jar::of_browser(URL_SAFE_NO_PAD.encode([n; 32]));
        let join = api.request(Method::POST, &format!("/api/v1/rooms/{room}/places")).json(&json!({}));
        let joined = api.send(jar.on(join)).await.unwrap();
        assert_eq!(joined.status, 201, "{}", joined.json());
        jar.keep(&joined);
        Self { room, jar, admission: Value::Null, token: String::new() }
    }

    /// She joins, waits for her turn, claims it and opens an account.
    pub async fn enters(whole: &Whole, room: &'static str, n: u8) -> Self {
        let mut fan = Self::joins(whole, room, n).await;
        fan.goes_in(whole, n).await;
        fan
    }

    /// She waits for her turn, claims it and opens an account.
    pub async fn goes_in(&mut self, whole: &Whole, n: u8) {
        let claimed = until(async || self.at_the_line(whole, "admission").await, Answer::is_success);
        self.admission = claimed.await.json();
        self.token = whole.stage.shopper(&format!("fan-{n}")).await.unwrap();
    }

    /// Posts to what belongs to her place.
    pub async fn at_the_line(&self, whole: &Whole, what: &str) -> Answer {
        self.tells_the_line(whole, Method::POST, what, &json!({})).await
    }

    /// Sends `body` to what belongs to her place; to the place itself when `what` is empty.
    pub async fn tells_the_line(&self, whole: &Whole, method: Method, what: &str, body: &Value) -> Answer {
        let path = format!("/api/v1/rooms/{}/places/me/{what}", self.room);
        let request = whole.stage.api.request(method, path.trim_end_matches('/')).json(body);
        whole.stage.api.send(self.jar.on(request)).await.unwrap()
    }

    /// She holds so many tickets.
    pub async fn hold(&self, whole: &Whole, show: Show, quantity: u32) -> Answer {
        let path = format!("/api/v1/sessions/{}/holds", show.session);
        let request = whole.stage.api.request(Method::POST, &path).json(&json!({ "quantity": quantity }));
        self.in_the_shop(whole, request).await
    }

    /// Sends a request to the shop with all that shows who she is.
    pub async fn in_the_shop(&self, whole: &Whole, request: RequestBuilder) -> Answer {
        let token = self.admission["admission_token"].as_str().unwrap();
        let request = request.bearer_auth(&self.token).header("Admission-Token", token);
        whole.stage.api.send(self.jar.on(request)).await.unwrap()
    }
}
