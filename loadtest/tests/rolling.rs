//! A rolling restart under load: two nodes of each role behind nginx as deployed, each told to stop and started again
//! while fans stand in line and buy. Nobody notices.
//!
//! Needs the binary (`cargo build`, or `RUSHLINE_BIN`), PostgreSQL, Redis and nginx; without them it is passed over, unless
//! `REQUIRE_TOOLS` says that they must be there.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use loadtest::api::Api;
use loadtest::crowd::{Options, Outcome, simulate};
use loadtest::server::{Launch, Server, binary, free_address};
use loadtest::stage::{Pace, Stage};
use shared::testing::{Postgres, Redis};
use tokio_util::sync::CancellationToken;

/// The load balancer's configuration as it is deployed.
const TEMPLATE: &str = include_str!("../../deploy/nginx.conf");
/// Seconds of step one: well more than nginx keeps idle connections to a node (2 s), also where nginx gets to it late.
const DRAIN_S: u64 = 6;
/// Step one, what is open, and what a busy machine adds.
const PATIENCE: Duration = Duration::from_secs(60);
/// Attempts at starting a node on a machine that is busy with other tests.
const STARTS_MAX: usize = 10;
/// Fans who come, one after another and again.
const FANS: u32 = 40;

/// nginx on a template filled in; ends when dropped.
struct Balancer(Child);

impl Balancer {
    fn start(dir: &Path, nodes: &[String], public: &str, internal: &str) -> Self {
        let mut text = TEMPLATE.to_owned();
        let dir_name = dir.display().to_string();
        let names = ["WAITING_ROOM_1", "WAITING_ROOM_2", "BOOKING_1", "BOOKING_2"];
        let places = [("LISTEN", public), ("INTERNAL_LISTEN", internal), ("NGINX_DIR", &dir_name)];
        for (name, value) in names.into_iter().zip(nodes.iter().map(String::as_str)).chain(places) {
            text = text.replace(&format!("${{{name}}}"), value);
        }
        assert!(!text.contains("${"), "a name was not filled in");
        let config = dir.join("nginx.conf");
        std::fs::write(&config, text).unwrap();
        let mut command = Command::new("setpriv");
        command.args([
            "--pdeathsig",
            "TERM",
            "--",
            "nginx",
            "-e",
            "stderr",
            "-g",
            "daemon off; user root;",
            "-c",
        ]);
        Self(command.arg(config).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to stop.
        let _ = loadtest::process::signal(self.0.id(), "TERM");
        let _ = self.0.wait();
    }
}

/// Whether everything outside of this repository is installed.
fn has_tools() -> bool {
    let nginx = Command::new("nginx").arg("-v").stderr(Stdio::null()).status().is_ok_and(|s| s.success());
    let all = nginx && Postgres::shared().is_some() && Redis::shared().is_some();
    assert!(all || option_env!("REQUIRE_TOOLS").is_none(), "nginx, PostgreSQL or Redis is missing");
    all
}

/// What all nodes of the cluster are told.
struct Plan<'a> {
    dir: &'a Path,
    database: String,
    redis: String,
    public: &'a str,
    internal: &'a str,
}

impl Plan<'_> {
    /// Starts a node of `role`; nodes of a role share their keys.
    async fn node(&self, role: &'static str, listen: &str) -> Server {
        let settings = [
            ("KEYS_DIR", self.dir.join("keys").join(role).display().to_string()),
            ("DATABASE_URL", self.database.clone()),
            ("REDIS_URL", self.redis.clone()),
            ("SERVER_TRUSTED_PROXIES", "127.0.0.1".to_owned()),
            ("SERVER_DRAIN_S", DRAIN_S.to_string()),
            // A machine busy with other tests is slow, not broken.
            ("BOOKING_CONNECTION_WAIT_MS", "20000".to_owned()),
            ("BOOKING_DATABASE_ANSWER_MS", "20000".to_owned()),
            ("WAITING_ROOM_REDIS_ANSWER_MS", "5000".to_owned()),
            ("WAITING_ROOM_BOOKING_URL", format!("http://{}", self.internal)),
            ("BOOKING_WAITING_ROOM_URL", format!("http://{}", self.internal)),
        ];
        let variables = settings.into_iter().map(|(name, value)| (format!("RUSHLINE_{name}"), value));
        let public_url = Some(format!("http://{}", self.public));
        let variables = variables.collect();
        let launch = Launch { role, public_url, variables, ..Launch::default() };
        let data = self.dir.join(listen.replace(':', "-"));
        Server::launch(&binary().unwrap(), &data, listen, launch).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_notices_that_every_node_was_restarted() {
    if !has_tools() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let addresses: Vec<String> = (0..6).map(|_| free_address().unwrap()).collect();
    let (listens, public, internal) = (&addresses[..4], &addresses[4], &addresses[5]);
    let _balancer = Balancer::start(dir.path(), listens, public, internal);
    let plan = Plan {
        dir: dir.path(),
        database: Postgres::shared().unwrap().database("rolling"),
        redis: Redis::shared().unwrap().database(),
        public,
        internal,
    };
    let mut nodes = Vec::new();
    for (role, listen) in ["waiting-room", "waiting-room", "booking", "booking"].into_iter().zip(listens) {
        nodes.push(plan.node(role, listen).await);
    }
    let api = Api::new(&format!("http://{public}")).unwrap();
    let stage = Stage::open(api).await.unwrap();
    let show = stage.general_admission("Rolling", 5000, Some("rolling")).await.unwrap();
    stage.room("rolling", show, Pace { cap: 20, rate_per_minute: 1200 }).await.unwrap();

    let stop = CancellationToken::new();
    let crowd = tokio::spawn(crowd(format!("http://{public}"), stop.clone()));
    for node in &mut nodes {
        node.signal("TERM").unwrap();
        assert!(node.ended(PATIENCE).await.unwrap(), "a node that was told to stop runs on");
        start_again(node).await;
    }
    stop.cancel();
    let (outcome, report) = crowd.await.unwrap();
    assert!(outcome.bought > 0 && outcome.violations == 0 && outcome.failed == 0, "{report}");
}

/// Starts a node as a supervisor does: again when it gives up, because the machine kept Redis from answering in time.
async fn start_again(node: &mut Server) {
    for _ in 1..STARTS_MAX {
        if node.start_again(&[]).await.is_ok() {
            return;
        }
    }
    node.start_again(&[]).await.unwrap();
}

/// Fans who come back for as long as it takes, and what they have seen.
async fn crowd(url: String, stop: CancellationToken) -> (Outcome, String) {
    let options = Options {
        arrive_s: 4.0,
        think: 0.2,
        buyers: 0.7,
        accounts: 400,
        endless: true,
        ..Options::for_test(&url, "rolling", FANS)
    };
    let mut report = Vec::new();
    let outcome = simulate(options, stop, &mut report).await.unwrap();
    (outcome, String::from_utf8_lossy(&report).into_owned())
}
