//! A real server on a free port, with a clock that the test turns and a booking service that only has keys.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use shared::access::{self, AccessClaims, Role};
use shared::clock::{Clock, Ts};
use shared::config::Settings;
use shared::departures::{self, ServiceClaims};
use shared::entropy::Entropy;
use shared::keys::{KeyRing, Purpose};
use shared::peer::Peer;
use shared::renewals::{self, Renewal, Renewed};
use shared::revocations::{self, Revocations, Revoked};
use shared::testing::{Redis, TestServer};
use shared::turns::{self, Noted, Wish};
use tempfile::TempDir;
use tokio::task::JoinSet;
use uuid::Uuid;
use waiting_room::app::App;
use waiting_room::queue::Epoch;
use waiting_room::queue::memory::MemoryStore;
use waiting_room::rooms::rules::RoomId;
use waiting_room::verify;

/// The room every test has unless it makes others.
pub const ROOM: &str = "rock-night";
/// Rounds of looking for a condition; with the pause between them far beyond what any takes.
const LOOKS_MAX: usize = 1000;

/// The server and the hands that move its world. When it is dropped, every promise must hold that the checker knows.
pub struct World {
    _promises: Promises,
    pub app: App,
    pub clock: Clock,
    pub url: String,
    session_keys: KeyRing,
    server: TestServer,
    tasks: JoinSet<()>,
    data: TempDir,
    /// Where the lines are, unless in the data folder.
    redis: Option<String>,
    pub shop: Arc<Shop>,
}

/// What booking has heard, and whether it answers.
#[derive(Default)]
pub struct Shop {
    pub revoked: Mutex<Vec<Uuid>>,
    pub renewed: Mutex<Vec<Renewal>>,
    pub wishes: Mutex<Vec<Wish>>,
    pub is_gone: AtomicBool,
}

/// Looks into the lines as `rushline verify` does beside a running server: from outside, when it is dropped.
struct Promises {
    settings: Settings,
    clock: Clock,
}

impl Drop for Promises {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let (settings, now) = (self.settings.clone(), self.clock.now());
        // A thread and runtime of its own: this one is busy dropping.
        let looking = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let store = verify::open(&settings).await.unwrap();
                verify::verify(&*store, now).await.unwrap().assert_clean();
            });
        });
        if let Err(broken) = looking.join() {
            std::panic::resume_unwind(broken);
        }
    }
}

impl World {
    /// A server with [`ROOM`] open: cap 10, 600 a minute, a claim window of 60 s, sessions of 600 s.
    pub async fn start() -> Self {
        let world = Self::start_with(|_| {}).await;
        world.put_room(ROOM, json!({})).await;
        world
    }

    /// A server without rooms, its settings changed by `change`.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Clock::manual(Ts::from_seconds(1_800_000_000));
        Self::open(tempfile::tempdir().unwrap(), a_redis(), clock, change).await
    }

    /// A server without rooms whose clock begins at `start`.
    pub async fn start_at(start: Ts, change: impl FnOnce(&mut Settings)) -> Self {
        Self::open(tempfile::tempdir().unwrap(), a_redis(), Clock::manual(start), change).await
    }

    /// A server with [`ROOM`] open whose lines are in the Redis at `url`.
    #[allow(dead_code, reason = "only the tests over Redis have one")]
    pub async fn start_over(url: String, change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Clock::manual(Ts::from_seconds(1_800_000_000));
        let world = Self::open(tempfile::tempdir().unwrap(), Some(url), clock, change).await;
        world.put_room(ROOM, json!({})).await;
        world
    }

    /// The same world after its server was dropped and started again.
    pub async fn restart(self) -> Self {
        self.restart_after(|_| ()).await
    }

    /// The same, with something done to the data folder while nothing runs.
    pub async fn restart_after(self, meanwhile: impl FnOnce(&Path)) -> Self {
        let Self { app, clock, data, redis, server, mut tasks, .. } = self;
        app.stop.end();
        drop(server);
        while tasks.join_next().await.is_some() {}
        drop(app);
        meanwhile(data.path());
        if let Some(redis) = redis {
            return Self::open(data, Some(redis), clock, |_| {}).await;
        }
        // Connections that are still being closed hold the old lines for a moment.
        for _ in 0..LOOKS_MAX {
            if let Ok(store) = MemoryStore::open(data.path(), clock.now()) {
                drop(store);
                return Self::open(data, None, clock, |_| {}).await;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the old server never let go of its lines");
    }

    async fn open(
        data: TempDir,
        redis: Option<String>,
        clock: Clock,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let mut settings = Settings::for_test(data.path());
        settings.redis_url = redis.clone().unwrap_or_default().into();
        settings.waiting_room.tick_ms = 10;
        settings.waiting_room.draw_beacon = "none".into();
        // The machine may be doing much else.
        settings.waiting_room.redis_answer_ms = 5000;
        change(&mut settings);
        let session_keys = KeyRing::open(data.path(), Purpose::Session, &Entropy::seeded(1)).unwrap();
        let jwks = session_keys.public().jwks();
        let booking = Peer::in_process();
        let shop = Arc::<Shop>::default();
        let told = shop.clone();
        let hear = async move |axum::Json(body): axum::Json<Revocations>| {
            if told.is_gone.load(Ordering::SeqCst) {
                return Err(StatusCode::SERVICE_UNAVAILABLE);
            }
            let revoked = body.places.len();
            told.revoked.lock().unwrap().extend(body.places);
            Ok(axum::Json(Revoked { revoked }))
        };
        let told = shop.clone();
        let hear_renewal = async move |axum::Json(body): axum::Json<Renewal>| {
            if told.is_gone.load(Ordering::SeqCst) {
                return Err(StatusCode::SERVICE_UNAVAILABLE);
            }
            told.renewed.lock().unwrap().push(body);
            Ok(axum::Json(Renewed { renewed: true }))
        };
        let routes = Router::new().route(access::JWKS_PATH, get(async || axum::Json(jwks)));
        let told = shop.clone();
        let hear_wish = async move |axum::Json(body): axum::Json<Wish>| {
            if body.email.as_deref() == Some("nonsense") {
                return Err(StatusCode::UNPROCESSABLE_ENTITY);
            }
            let is_kept = body.email.is_some();
            told.wishes.lock().unwrap().push(body);
            Ok(axum::Json(Noted { is_kept }))
        };
        let routes = routes.route(turns::PATH, post(hear_wish));
        let routes = routes.route(renewals::PATH, post(hear_renewal));
        booking.connect(routes.route(revocations::PATH, post(hear)));
        let app = App::open(settings.clone(), clock.clone(), Entropy::seeded(2), booking).await.unwrap();
        let tasks = waiting_room::start(&app);
        let server = TestServer::start(waiting_room::router(app.clone()), &settings);
        let url = server.url.clone();
        let _promises = Promises { settings, clock: clock.clone() };
        Self { _promises, app, clock, url, session_keys, server, tasks, data, redis, shop }
    }

    /// Creates or changes a room; `changes` are laid over the defaults.
    pub async fn put_room(&self, room: &str, changes: Value) -> Response {
        let mut settings = json!({
            "name": "Rock Night", "event": "1", "opens_at": "2020-01-01T00:00:00Z", "rate_per_minute": 600,
            "cap": 10, "claim_window_s": 60, "session_length_s": 600, "booking_url": "/events/1",
        });
        for (key, value) in changes.as_object().unwrap() {
            settings[key] = value.clone();
        }
        let answer = self.operator(Role::Admin).put(format!("/api/v1/admin/rooms/{room}"), settings).await;
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        answer
    }

    /// Presses one of the operator's buttons.
    pub async fn press(&self, button: &str) -> Response {
        let answer =
            self.operator(Role::Admin).post(format!("/api/v1/admin/rooms/{ROOM}/{button}"), None).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer
    }

    /// Somebody's browser: keeps cookies.
    pub fn browser(&self) -> Browser {
        let client = Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).build();
        Browser { url: self.url.clone(), client: client.unwrap(), bearer: None }
    }

    /// A program with an access token.
    pub fn operator(&self, role: Role) -> Browser {
        self.operator_of(role, Uuid::nil())
    }

    /// The same of an account.
    pub fn operator_of(&self, role: Role, user: Uuid) -> Browser {
        let claims = AccessClaims::new("booking", user, Uuid::nil(), role, self.clock.now(), 900);
        Browser { bearer: Some(self.session_keys.sign(&claims).unwrap()), ..self.browser() }
    }

    /// Booking itself.
    pub fn booking(&self) -> Browser {
        let token =
            self.session_keys.sign(&ServiceClaims::new(departures::AUDIENCE, self.clock.now())).unwrap();
        Browser { bearer: Some(token), ..self.browser() }
    }

    /// A browser that has joined [`ROOM`].
    pub async fn visitor(&self) -> Browser {
        let browser = self.browser();
        assert_eq!(browser.join().await.status(), StatusCode::CREATED);
        browser
    }

    /// The generation of [`ROOM`].
    pub async fn epoch(&self) -> Epoch {
        self.app.store.epoch(&RoomId::parse(ROOM).unwrap()).await.unwrap()
    }

    /// Turns the clock.
    pub fn advance(&self, seconds: i64) {
        self.clock.advance(time::Duration::seconds(seconds));
    }
}

/// An empty database of the throw-away Redis for the tests that run over one; in the embedded default where Redis
/// is not installed (`scripts/test` installs it).
fn a_redis() -> Option<String> {
    if crate::OVER_REDIS { Some(Redis::shared()?.database()) } else { None }
}

/// A client with cookies, and perhaps a bearer token.
pub struct Browser {
    pub url: String,
    pub client: Client,
    pub bearer: Option<String>,
}

impl Browser {
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Response {
        let request = match &self.bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        request.send().await.unwrap()
    }

    pub async fn get(&self, path: impl AsRef<str>) -> Response {
        self.send(self.client.get(format!("{}{}", self.url, path.as_ref()))).await
    }

    pub async fn post(&self, path: impl AsRef<str>, body: Option<Value>) -> Response {
        let request = self.client.post(format!("{}{}", self.url, path.as_ref()));
        self.send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    pub async fn put(&self, path: impl AsRef<str>, body: Value) -> Response {
        self.send(self.client.put(format!("{}{}", self.url, path.as_ref())).json(&body)).await
    }

    pub async fn delete(&self, path: impl AsRef<str>) -> Response {
        self.send(self.client.delete(format!("{}{}", self.url, path.as_ref()))).await
    }

    pub async fn join(&self) -> Response {
        self.post(format!("/api/v1/rooms/{ROOM}/places"), None).await
    }

    pub async fn place(&self) -> Value {
        let answer = self.get(format!("/api/v1/rooms/{ROOM}/places/me")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }

    pub async fn claim(&self) -> Response {
        self.post(format!("/api/v1/rooms/{ROOM}/places/me/admission"), None).await
    }

    /// The place once its state is `state`.
    pub async fn place_when(&self, state: &str) -> Value {
        for _ in 0..LOOKS_MAX {
            let place = self.place().await;
            if place["state"] == state {
                return place;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the place never became {state}: {}", self.place().await);
    }

    /// Waits for the turn and claims it; the answer's body.
    pub async fn enter(&self) -> Value {
        self.place_when("called").await;
        let answer = self.claim().await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }
}

/// The problem document of an answer, whose status and slug are as expected.
pub async fn problem(answer: Response, status: u16, slug: &str) -> Value {
    assert_eq!(answer.status().as_u16(), status);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let document: Value = answer.json().await.unwrap();
    assert_eq!(document["type"], format!("https://rushline.dev/problems/{slug}"));
    document
}
