//! Somebody else's site behind the room: the example for nginx, as it stands in `examples/`, in a real nginx.
//!
//! Needs nginx; without it the test is passed over, unless REQUIRE_TOOLS is set (`scripts/test` installs it).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

/// Where the lines are.
const OVER_REDIS: bool = false;

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use shared::access::Role;
use shared::config::Settings;
use shared::testing::TestServer;

#[path = "server/world.rs"]
#[allow(dead_code, reason = "what other tests need")]
mod world;

use world::{Browser, ROOM, World};

/// The example, to be filled in.
const EXAMPLE: &str = include_str!("../../examples/behind-the-room/nginx/nginx.conf");
/// Looks whether nginx answers, and the pause between two.
const LOOKS_MAX: u32 = 200;
const LOOK: Duration = Duration::from_millis(50);

/// A running nginx; ends when dropped.
struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The room, a site that lets everybody in, and nginx in front of both.
struct Street {
    world: World,
    url: String,
    _site: TestServer,
    _nginx: Nginx,
    _dir: tempfile::TempDir,
}

impl Street {
    /// `None` where nginx is not installed.
    async fn open() -> Option<Self> {
        let has_nginx =
            Command::new("nginx").arg("-v").stderr(Stdio::null()).status().is_ok_and(|s| s.success());
        assert!(has_nginx || std::env::var_os("REQUIRE_TOOLS").is_none(), "install nginx");
        if !has_nginx {
            return None;
        }
        let world = World::start().await;
        world.put_room(ROOM, json!({"booking_url": "/shop"})).await;
        let dir = tempfile::tempdir().unwrap();
        let site = Router::new().fallback(async || "the site");
        let site = TestServer::start(site, &Settings::for_test(dir.path()));
        let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let waiting_room = world.url.strip_prefix("http://").unwrap();
        let _nginx = start(dir.path(), &listen, waiting_room, &site.address.to_string());
        let street = Self { world, url: format!("http://{listen}"), _site: site, _nginx, _dir: dir };
        street.wait().await;
        Some(street)
    }

    async fn wait(&self) {
        for _ in 0..LOOKS_MAX {
            if Client::new().get(format!("{}/queue/{ROOM}", self.url)).send().await.is_ok() {
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("nginx did not start");
    }

    /// A browser that knows the street by nginx's address only.
    fn browser(&self) -> Browser {
        Browser { url: self.url.clone(), ..self.world.browser() }
    }
}

/// Starts nginx on the example, with files of its own in `dir`.
fn start(dir: &Path, listen: &str, waiting_room: &str, site: &str) -> Nginx {
    let filled = EXAMPLE
        .replace("${LISTEN}", listen)
        .replace("${WAITING_ROOM}", waiting_room)
        .replace("${SITE}", site);
    let place = dir.display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {place}/{kind};"))
        .join("\n");
    let filled = filled.replace("http {", &format!("http {{\n{temporary}"));
    let config = dir.join("nginx.conf");
    std::fs::write(&config, filled).unwrap();
    // One process: workers would outlive a master that is killed.
    let globals = format!("daemon off; master_process off; pid {place}/pid; error_log stderr crit;");
    let nginx =
        Command::new("nginx").arg("-p").arg(dir).arg("-c").arg(&config).args(["-g", &globals]).spawn();
    Nginx(nginx.unwrap())
}

/// The answer is the line's address.
fn is_sent_to_the_line(answer: &Response) -> bool {
    let to = answer.headers().get("location").and_then(|v| v.to_str().ok()).unwrap_or_default();
    answer.status() == StatusCode::SEE_OTHER && to.ends_with(&format!("/queue/{ROOM}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_was_admitted_reaches_the_site() {
    let Some(street) = Street::open().await else { return };
    let fan = street.browser();
    assert!(is_sent_to_the_line(&fan.get("/shop").await), "no token");
    assert_eq!(fan.get("/robots.txt").await.text().await.unwrap(), "the site", "a path that needs no place");
    assert_eq!(fan.get(format!("/queue/{ROOM}")).await.status(), StatusCode::OK);
    assert_eq!(fan.join().await.status(), StatusCode::CREATED);
    assert!(is_sent_to_the_line(&fan.get("/shop").await), "in the line, not called yet or not claimed");
    let admission = fan.enter().await;
    let through = fan.get("/shop/seats?row=3").await;
    assert_eq!(through.status(), StatusCode::OK);
    assert_eq!(through.text().await.unwrap(), "the site");
    assert_eq!(
        fan.post("/shop", Some(json!({"seat": 1}))).await.status(),
        StatusCode::OK,
        "a body goes through"
    );

    // The token alone, in a browser that did not stand in the line.
    let token = admission["admission_token"].as_str().unwrap();
    let thief = street.browser();
    let stolen = format!("rushline_admission_{ROOM}={token}");
    for name in ["cookie", "admission-token"] {
        let value = if name == "cookie" { stolen.as_str() } else { token };
        let request = thief.client.get(format!("{}/shop", street.url)).header(name, value);
        assert!(is_sent_to_the_line(&thief.send(request).await), "a foreign browser, by {name}");
    }
    assert_eq!(fan.get("/shop").await.status(), StatusCode::OK, "the fan is still in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admission_ends_at_the_door_when_it_ends_in_the_room() {
    let Some(street) = Street::open().await else { return };
    let [revoked, late] = [street.browser(), street.browser()];
    for fan in [&revoked, &late] {
        fan.join().await;
        fan.enter().await;
        assert_eq!(fan.get("/shop").await.status(), StatusCode::OK);
    }
    let place = place_of(&street, &revoked).await;
    let operator = street.world.operator(Role::Admin);
    let answer =
        operator.post(format!("/api/v1/admin/rooms/{ROOM}/revoke"), Some(json!({"place": place}))).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert!(is_sent_to_the_line(&revoked.get("/shop").await), "revoked");
    assert_eq!(late.get("/shop").await.status(), StatusCode::OK, "nobody else is");
    street.world.advance(601);
    assert!(is_sent_to_the_line(&late.get("/shop").await), "the visit is over");
}

/// Id of an admitted fan's place, from the token's claims.
async fn place_of(street: &Street, fan: &Browser) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let answer: Value = fan.claim().await.json().await.unwrap();
    let token = answer["admission_token"].as_str().unwrap().to_owned();
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["room"], ROOM, "{}", street.url);
    claims["sub"].as_str().unwrap().to_owned()
}
