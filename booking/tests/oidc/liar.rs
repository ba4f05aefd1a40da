//! Everything that must not work, against a provider that lies.

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use booking::q;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::entropy::Entropy;
use shared::keys::{Claims, KeyRing, Purpose};
use shared::peer::Peer;
use shared::testing::TestServer;

use crate::common::{Engine, Shop};
use crate::{Browser, SHOP, START, shop};

/// A provider that signs what a test wants.
#[derive(Clone)]
struct Liar(Arc<Told>);

struct Told {
    issuer: OnceLock<String>,
    ring: Mutex<KeyRing>,
    id_token: Mutex<String>,
    keys_asked: Mutex<u32>,
    _dir: tempfile::TempDir,
}

/// Claims of a token.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct IdToken {
    iss: String,
    aud: String,
    sub: String,
    nonce: String,
    iat: i64,
    exp: i64,
    email: String,
    email_verified: bool,
}

impl Claims for IdToken {
    const TYP: &'static str = "JWT";
    fn audience(&self) -> &str {
        &self.aud
    }
    fn not_before(&self) -> i64 {
        self.iat
    }
    fn expires(&self) -> i64 {
        self.exp
    }
}

impl Liar {
    async fn start() -> (Self, TestServer) {
        let dir = tempfile::tempdir().unwrap();
        let ring = Mutex::new(KeyRing::open(dir.path(), Purpose::Session, &Entropy::seeded(1)).unwrap());
        let told = Told {
            issuer: OnceLock::new(),
            ring,
            id_token: Mutex::default(),
            keys_asked: Mutex::default(),
            _dir: dir,
        };
        let this = Self(Arc::new(told));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(Self::itself))
            .route("/keys", get(Self::keys))
            .route("/token", post(Self::token))
            .with_state(this.clone());
        let server = TestServer::start(router, &shared::config::Settings::for_test(Path::new("unused")));
        this.0.issuer.set(server.url.clone()).unwrap();
        (this, server)
    }

    async fn itself(State(liar): State<Liar>) -> Json<Value> {
        let url = liar.0.issuer.get().unwrap();
        Json(json!({
            "issuer": url, "authorization_endpoint": format!("{url}/auth"), "token_endpoint": format!("{url}/token"),
            "jwks_uri": format!("{url}/keys"),
        }))
    }

    async fn keys(State(liar): State<Liar>) -> Json<Value> {
        *liar.0.keys_asked.lock().unwrap() += 1;
        Json(serde_json::to_value(liar.0.ring.lock().unwrap().public().jwks()).unwrap())
    }

    async fn token(State(liar): State<Liar>) -> Json<Value> {
        Json(json!({ "id_token": *liar.0.id_token.lock().unwrap(), "token_type": "Bearer" }))
    }

    /// What comes of a login whose token has these claims, changed so, and is altered so after it was signed.
    async fn log_in(
        &self,
        shop: &Shop,
        change: impl FnOnce(&mut IdToken),
        alter: impl FnOnce(String) -> String,
    ) -> String {
        let browser = Browser::new(shop);
        let there = Url::parse(&browser.start("/").await).unwrap();
        let asked = |name: &str| there.query_pairs().find(|(n, _)| n == name).unwrap().1.into_owned();
        assert_eq!(
            (asked("code_challenge_method"), asked("scope")),
            ("S256".into(), "openid email profile".into())
        );
        let now = shop.app.now().seconds();
        let mut claims = IdToken {
            iss: self.0.issuer.get().unwrap().clone(),
            aud: "shop".into(),
            sub: "alice".into(),
            nonce: asked("nonce"),
            iat: now,
            exp: now + 300,
            email: "alice@example.com".into(),
            email_verified: true,
        };
        change(&mut claims);
        *self.0.id_token.lock().unwrap() = alter(self.0.ring.lock().unwrap().sign(&claims).unwrap());
        let state = asked("state");
        browser.location(&format!("{SHOP}/api/v1/users/oidc/callback?code=any&state={state}")).await
    }
}

/// The same token with another header and no signature.
fn unsigned(token: &str) -> String {
    use base64::Engine as _;
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    format!("{header}.{}.", token.split('.').nth(1).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_do_not_fit_open_nothing() {
    let (liar, server) = Liar::start().await;
    let shop = shop(Engine::Sqlite, &server.url).await.unwrap();
    let same = |token: String| token;
    let invalid = "/login?oidc=oidc-invalid";
    assert_eq!(liar.log_in(&shop, |_| {}, |token| unsigned(&token)).await, invalid, "alg none");
    assert_eq!(liar.log_in(&shop, |claims| claims.nonce = "another".into(), same).await, invalid);
    assert_eq!(liar.log_in(&shop, |claims| claims.aud = "another".into(), same).await, invalid);
    assert_eq!(liar.log_in(&shop, |claims| claims.iss = "https://id.example".into(), same).await, invalid);
    assert_eq!(liar.log_in(&shop, |claims| claims.exp = claims.iat - 61, same).await, invalid);
    assert_eq!(liar.log_in(&shop, |_| {}, |_| "no token".into()).await, invalid);
    assert_eq!(q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM users").unwrap(), 0);
    assert_eq!(liar.log_in(&shop, |_| {}, same).await, "/login?oidc=done&return_to=%2F");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_key_of_the_provider_is_fetched_and_made_up_ones_are_not_asked_for_again_and_again() {
    let (liar, server) = Liar::start().await;
    let shop = shop(Engine::Sqlite, &server.url).await.unwrap();
    let same = |token: String| token;
    let done = "/login?oidc=done&return_to=%2F";
    assert_eq!(liar.log_in(&shop, |_| {}, same).await, done);
    let other = tempfile::tempdir().unwrap();
    *liar.0.ring.lock().unwrap() =
        KeyRing::open(other.path(), Purpose::Session, &Entropy::seeded(2)).unwrap();
    assert_eq!(liar.log_in(&shop, |_| {}, same).await, "/login?oidc=oidc-invalid", "asked a moment ago");
    assert_eq!(*liar.0.keys_asked.lock().unwrap(), 1);
    shop.advance_s(10);
    assert_eq!(liar.log_in(&shop, |_| {}, same).await, done);
    assert_eq!(*liar.0.keys_asked.lock().unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_provider_there_is_nothing_and_one_that_is_away_is_said_to_be() {
    let off = Shop::start(Engine::Sqlite).await.unwrap();
    let (_, offered) = off.get("/api/v1/users/oidc", "").await;
    assert_eq!(offered, json!({ "enabled": false, "name": null, "start_url": null }));
    assert_eq!(off.get(START, "").await.0, 404);
    // Nobody listens at the port that is reserved for TCPMUX.
    let shop = Shop::start_with(Engine::Sqlite, Peer::in_process(), |settings| {
        settings.oidc.issuer = "http://127.0.0.1:1".into();
    });
    let shop = shop.await.unwrap();
    let browser = Browser::new(&shop);
    assert_eq!(browser.start("/").await, "/login?oidc=oidc-unavailable");
}
