//! An admission that an operator takes back at the waiting room stops working at the shop: both services, real tokens, over
//! HTTP.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{Engine, Whole};
use loadtest::api::{Answer, Jar};
use loadtest::stage::{Pace, Show};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

const ROOM: &str = "revoked";
/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A fan who is in: browser, admission token and account.
struct Fan {
    jar: Jar,
    admission: String,
    token: String,
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
        let claimed = timeout(PATIENCE, async {
            loop {
                let claim = api.request(Method::POST, &format!("/api/v1/rooms/{ROOM}/places/me/admission"));
                let claimed = api.send(jar.on(claim)).await.unwrap();
                if claimed.is_success() {
                    return claimed.json();
                }
                sleep(Duration::from_millis(20)).await;
            }
        });
        let admission = claimed.await.unwrap()["admission_token"].as_str().unwrap().to_owned();
        Self { jar, admission, token: whole.stage.shopper(&format!("fan-{n}")).await.unwrap() }
    }

    async fn hold(&self, whole: &Whole, show: Show) -> Answer {
        let api = &whole.stage.api;
        let request = api.request(Method::POST, &format!("/api/v1/sessions/{}/holds", show.session));
        let request = request.json(&json!({ "quantity": 1 })).bearer_auth(&self.token);
        api.send(self.jar.on(request).header("Admission-Token", &self.admission)).await.unwrap()
    }

    /// The place that the admission was made of: what an operator revokes.
    fn place(&self) -> Value {
        let claims = URL_SAFE_NO_PAD.decode(self.admission.split('.').nth(1).unwrap()).unwrap();
        serde_json::from_slice::<Value>(&claims).unwrap()["sub"].clone()
    }
}

async fn run(whole: Whole) {
    let show = whole.stage.general_admission("Revoked", 20, Some(ROOM)).await.unwrap();
    whole.stage.room(ROOM, show, Pace { cap: 10, rate_per_minute: 600 }).await.unwrap();
    let (shopping, unused, other) =
        (Fan::enters(&whole, 1).await, Fan::enters(&whole, 2).await, Fan::enters(&whole, 3).await);
    assert_eq!(shopping.hold(&whole, show).await.status, 201);
    let path = format!("/api/v1/admin/rooms/{ROOM}/revoke");
    for fan in [&shopping, &unused] {
        let request = whole.stage.api.request(Method::POST, &path).json(&json!({ "place": fan.place() }));
        let revoked = whole.stage.api.send(request.bearer_auth(whole.stage.token())).await.unwrap();
        assert_eq!(revoked.status, 204, "{}", revoked.json());
        // Not a second later but at once: the shop has it in its tables before the operator is answered.
        let refused = fan.hold(&whole, show).await;
        assert_eq!((refused.status, refused.slug()), (401, "admission-revoked".to_owned()));
    }
    assert_eq!(other.hold(&whole, show).await.status, 201, "others shop on");
    whole.verify().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_admission_stops_working_at_the_shop() {
    run(Whole::start(Engine::Sqlite).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_admission_stops_working_at_the_shop_on_postgresql() {
    if let Some(whole) = Whole::start(Engine::Postgres).await {
        run(whole).await;
    }
}
