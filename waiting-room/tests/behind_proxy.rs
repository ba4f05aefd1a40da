//! Somebody else's site behind the room: the examples for nginx and Caddy, as they stand in `examples/`, in a real nginx and a real
//! Caddy.
//!
//! Needs both; a test whose proxy is missing is passed over, unless REQUIRE_TOOLS is set (`scripts/test` installs them).
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

/// The examples, to be filled in.
const NGINX: &str = include_str!("../../examples/behind-the-room/nginx/nginx.conf");
const CADDY: &str = include_str!("../../examples/behind-the-room/caddy/Caddyfile");
/// Looks whether the proxy answers, and the pause between two.
const LOOKS_MAX: u32 = 200;
const LOOK: Duration = Duration::from_millis(50);

/// What stands in front of the site.
#[derive(Clone, Copy)]
enum Kind {
    Nginx,
    Caddy,
}

impl Kind {
    /// Whether it can be run here.
    fn is_installed(self) -> bool {
        let (program, ask) = match self {
            Kind::Nginx => ("nginx", "-v"),
            Kind::Caddy => ("caddy", "version"),
        };
        let mut command = Command::new(program);
        let asked = command.arg(ask).stdout(Stdio::null()).stderr(Stdio::null()).status();
        let is_there = asked.is_ok_and(|status| status.success());
        assert!(is_there || std::env::var_os("REQUIRE_TOOLS").is_none(), "install {program}");
        is_there
    }
}

/// A running proxy; ends when dropped.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The room, a site that lets everybody in, and a proxy in front of both.
struct Street {
    world: World,
    url: String,
    _site: TestServer,
    _proxy: Proxy,
    _dir: tempfile::TempDir,
}

impl Street {
    /// `None` where the proxy is not installed.
    async fn open(kind: Kind) -> Option<Self> {
        if !kind.is_installed() {
            return None;
        }
        let world = World::start().await;
        world.put_room(ROOM, json!({"booking_url": "/shop"})).await;
        let dir = tempfile::tempdir().unwrap();
        let site = Router::new().fallback(async || "the site");
        let site = TestServer::start(site, &Settings::for_test(dir.path()));
        let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let waiting_room = world.url.strip_prefix("http://").unwrap();
        let start = match kind {
            Kind::Nginx => start_nginx,
            Kind::Caddy => start_caddy,
        };
        let _proxy = start(dir.path(), &listen, waiting_room, &site.address.to_string());
        let street = Self { world, url: format!("http://{listen}"), _site: site, _proxy, _dir: dir };
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
        panic!("the proxy did not start");
    }

    /// A browser that knows the street by the proxy's address only.
    fn browser(&self) -> Browser {
        Browser { url: self.url.clone(), ..self.world.browser() }
    }
}

/// Starts nginx on the example, with files of its own in `dir`.
fn start_nginx(dir: &Path, listen: &str, waiting_room: &str, site: &str) -> Proxy {
    let filled =
        NGINX.replace("${LISTEN}", listen).replace("${WAITING_ROOM}", waiting_room).replace("${SITE}", site);
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
    Proxy(nginx.unwrap())
}

/// Starts Caddy on the example, without TLS and without its own administration, with files of its own in `dir`.
fn start_caddy(dir: &Path, listen: &str, waiting_room: &str, site: &str) -> Proxy {
    let filled = CADDY
        .replace("tickets.example {", &format!("{{\n\tadmin off\n}}\nhttp://{listen} {{"))
        .replace("127.0.0.1:8080", waiting_room)
        .replace("127.0.0.1:9000", site);
    let config = dir.join("Caddyfile");
    std::fs::write(&config, filled).unwrap();
    let mut caddy = Command::new("caddy");
    caddy.args(["run", "--adapter", "caddyfile", "--config"]).arg(&config).stderr(Stdio::null());
    Proxy(caddy.env("XDG_DATA_HOME", dir).env("XDG_CONFIG_HOME", dir).spawn().unwrap())
}

/// The answer is the line's address.
fn is_sent_to_the_line(answer: &Response) -> bool {
    let to = answer.headers().get("location").and_then(|v| v.to_str().ok()).unwrap_or_default();
    answer.status() == StatusCode::SEE_OTHER && to.ends_with(&format!("/queue/{ROOM}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_was_admitted_reaches_the_site() {
    reach_the_site(Kind::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_was_admitted_reaches_the_site_behind_caddy() {
    reach_the_site(Kind::Caddy).await;
}

async fn reach_the_site(kind: Kind) {
    let Some(street) = Street::open(kind).await else { return };
    let fan = street.browser();
    assert!(is_sent_to_the_line(&fan.get("/shop").await), "no token");
    if let Kind::Nginx = kind {
        let open = fan.get("/robots.txt").await.text().await.unwrap();
        assert_eq!(open, "the site", "a path that its example lets pass");
    }
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
    end_at_the_door(Kind::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admission_ends_at_the_door_of_caddy_when_it_ends_in_the_room() {
    end_at_the_door(Kind::Caddy).await;
}

async fn end_at_the_door(kind: Kind) {
    let Some(street) = Street::open(kind).await else { return };
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
