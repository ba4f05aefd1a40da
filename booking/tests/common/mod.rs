//! A real shop in one line: own database, free port, a clock that the test turns, a typed client.
#![allow(clippy::unwrap_used, dead_code)]

pub mod buying;
pub mod door;
pub mod receiver;
pub mod sold;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use booking::app::App;
use booking::error::Error;
use secrecy::SecretString;
use serde_json::{Value, json};
use shared::access::{AccessClaims, Role};
use shared::clock::{Clock, Ts};
use shared::config::Settings;
use shared::entropy::Entropy;
use shared::peer::Peer;
use shared::testing::{Postgres, TestServer};
use shared::verify::Report;
use sqlx::AssertSqlSafe;
use tempfile::TempDir;
use uuid::Uuid;

/// 2026-06-01T12:00:00Z: where every test's clock starts.
pub const START: i64 = 1_780_315_200;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Stamps each test for both engines: `on_both_engines! { async fn name(shop) { … } }`. Whatever the test did, afterwards every promise must hold that the checker knows. The PostgreSQL half
/// passes without running where PostgreSQL is not installed; `scripts/test` installs it.
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($shop:ident) $body:block)+) => {
        $(mod $name {
            use super::*;
            $(#[$meta])*
            async fn run($shop: $crate::common::Shop) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let shop = $crate::common::Shop::start($crate::common::Engine::Sqlite).await.unwrap();
                run(shop.clone()).await;
                shop.verify().await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(shop) = $crate::common::Shop::start($crate::common::Engine::Postgres).await {
                    run(shop.clone()).await;
                    shop.verify().await;
                }
            }
        })+
    };
}

/// A running shop, until its last copy is dropped.
#[derive(Clone)]
pub struct Shop {
    pub app: App,
    pub clock: Clock,
    pub url: String,
    pub http: reqwest::Client,
    is_broken: Arc<AtomicBool>,
    _house: Arc<(TestServer, TempDir)>,
}

/// A status and a JSON body (`null` when there is none).
pub type Answer = (u16, Value);

impl Shop {
    /// Starts a shop without payment delays and without refusals by chance; `None` when the engine is not installed.
    pub async fn start(engine: Engine) -> Option<Self> {
        Self::start_with(engine, Peer::in_process(), |_| {}).await
    }

    /// The same with a waiting room and other settings.
    pub async fn start_with(
        engine: Engine,
        waiting_room: Peer,
        change: impl FnOnce(&mut Settings),
    ) -> Option<Self> {
        static DATABASES: AtomicU32 = AtomicU32::new(0);
        let dir = tempfile::tempdir().unwrap();
        let mut settings = Settings::for_test(dir.path());
        settings.payments.delay_min_ms = 0;
        settings.payments.delay_max_ms = 0;
        settings.payments.success_percent = 100;
        settings.booking.logins_per_minute = 100_000;
        settings.booking.bookings_per_minute = 1_000_000;
        if engine == Engine::Postgres {
            let name = format!("shop{}", DATABASES.fetch_add(1, Ordering::SeqCst));
            let url =
                tokio::task::spawn_blocking(move || Postgres::shared().map(|server| server.database(&name)));
            settings.database_url = SecretString::from(url.await.unwrap()?);
        }
        change(&mut settings);
        Some(Self::serve(settings, START, 42, waiting_room, dir).await)
    }

    /// Another node on the same database and with the same keys, whose clock is `skew_s` ahead.
    pub async fn another_node(&self, skew_s: i64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (self.app.settings.data_dir.join("keys"), dir.path().join("keys"));
        std::fs::create_dir_all(&to).unwrap();
        for key in std::fs::read_dir(from).unwrap() {
            let key = key.unwrap();
            std::fs::copy(key.path(), to.join(key.file_name())).unwrap();
        }
        let settings = Settings { data_dir: dir.path().to_owned(), ..self.app.settings.clone() };
        let start_s = self.app.now().seconds() + skew_s;
        Self::serve(settings, start_s, 43, Peer::in_process(), dir).await
    }

    async fn serve(settings: Settings, start_s: i64, seed: u64, waiting_room: Peer, dir: TempDir) -> Self {
        let clock = Clock::manual(Ts::from_seconds(start_s));
        let app =
            App::open(settings.clone(), clock.clone(), Entropy::seeded(seed), waiting_room).await.unwrap();
        let server = TestServer::start(booking::router(app.clone()), &settings);
        let http = reqwest::Client::new();
        Self {
            app,
            clock,
            url: server.url.clone(),
            http,
            is_broken: Arc::default(),
            _house: Arc::new((server, dir)),
        }
    }

    /// Panics with every promise that is broken, unless the test has broken one on purpose.
    pub async fn verify(&self) {
        if !self.is_broken.load(Ordering::SeqCst) {
            booking::audit::seal(&self.app).await.unwrap();
            self.report().await.assert_clean();
        }
    }

    /// For tests that take a guard away: the checker must see what came of it, and says so in these words.
    pub async fn broken_on_purpose(&self, invariant: &str, words: &str) {
        self.is_broken.store(true, Ordering::SeqCst);
        let report = self.report().await;
        assert!(report.names(invariant, words), "{invariant} “{words}” is not named:\n{report}");
    }

    /// What the checker says after these statements, which are undone again; why they cannot be made.
    pub async fn report_after(&self, statements: Vec<String>) -> Result<Report, String> {
        let seen = Arc::new(Mutex::new(None));
        let (found, app) = (seen.clone(), self.app.clone());
        let planted = self.app.db.write("plant", move |tx| {
            let (statements, found, app) = (statements.clone(), found.clone(), app.clone());
            Box::pin(async move {
                for statement in statements {
                    booking::on!(tx.ex(), c => sqlx::query(AssertSqlSafe(statement)).execute(c).await.map(|_| ()))?;
                }
                let report = booking::verify::look_into(tx, Some(&app.audit_keys), app.now()).await?;
                *found.lock().unwrap() = Some(report);
                Err::<(), _>(Error::Internal("undone".into()))
            })
        });
        let undone = planted.await.unwrap_err();
        let report = seen.lock().unwrap().take();
        report.ok_or_else(|| undone.to_string())
    }

    /// What the checker says.
    pub async fn report(&self) -> Report {
        booking::verify::verify(&self.app.db, Some(&self.app.audit_keys), self.app.now()).await.unwrap()
    }

    /// Turns the clock.
    pub fn advance_s(&self, seconds: i64) {
        self.clock.advance(time::Duration::seconds(seconds));
    }

    /// A user of `role` straight into the table, and an access token for it that lives a day.
    pub async fn user(&self, role: Role) -> (Uuid, String) {
        let now = self.app.now();
        let id = self.app.entropy.uuid_v7(now);
        self.app
            .db
            .write("test_user", move |tx| {
                Box::pin(async move {
                    booking::q!(
                        tx.ex(),
                        exec,
                        "INSERT INTO users (id, name, email, email_key, password_hash, role, email_verified_at, created_at, updated_at)
                         VALUES ($1, 'Test Person', $2, $2, 'none', $3, $4, $4, $4)",
                        id,
                        format!("{id}@example.com"),
                        role,
                        now
                    )?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        (id, self.token(id, role))
    }

    /// A fresh access token for a user, for when the clock was turned.
    pub fn token(&self, user: Uuid, role: Role) -> String {
        let (now, url) = (self.app.now(), self.app.settings.public_url());
        let claims = AccessClaims::new(&url, user, self.app.entropy.uuid_v7(now), role, now, 86_400);
        self.app.session_keys.sign(&claims).unwrap()
    }

    /// `GET`, with a token when it is not empty.
    pub async fn get(&self, path: &str, token: &str) -> Answer {
        answer(self.request(reqwest::Method::GET, path, token)).await
    }

    /// `POST` a JSON body.
    pub async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        answer(self.request(reqwest::Method::POST, path, token).json(&body)).await
    }

    /// `PATCH` a JSON body, whatever version there is.
    pub async fn patch(&self, path: &str, token: &str, body: Value) -> Answer {
        answer(self.request(reqwest::Method::PATCH, path, token).header("If-Match", "*").json(&body)).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str, token: &str) -> Answer {
        answer(self.request(reqwest::Method::DELETE, path, token)).await
    }

    /// A request to be completed by the test.
    pub fn request(&self, method: reqwest::Method, path: &str, token: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        if token.is_empty() { request } else { request.bearer_auth(token) }
    }

    /// An organiser's published general-admission event in the seeds' own words: its id and its session's.
    pub async fn event(&self, organizer: &str, price: f64, total: u32) -> (i64, i64) {
        let body = json!({
            "name": "Rock Night", "description": "Live rock concert", "venue": "City Arena",
            "event_date": "2026-12-10T20:00:00Z", "ticket_price": price, "total_tickets": total,
        });
        let (status, event) = self.post("/api/v1/events", organizer, body).await;
        assert_eq!(status, 201, "{event}");
        let id = event["id"].as_i64().unwrap();
        let (status, published) =
            self.post(&format!("/api/v1/events/{id}/publish"), organizer, json!({})).await;
        assert_eq!(status, 200, "{published}");
        let (_, event) = self.get(&format!("/api/v1/events/{id}"), "").await;
        (id, event["sessions"][0]["id"].as_i64().unwrap())
    }
}

/// Sends and reads.
pub async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}
