//! A private, throw-away Redis Cluster.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use tempfile::TempDir;

use super::redis::{is_installed, on_a_lasting_thread};

/// Nodes; each keeps a part of the slots, and nobody follows them.
const NODES: u16 = 3;
/// Slots of every Redis Cluster.
const SLOTS: u16 = 16_384;

/// Three Redis servers that share the slots; stopped and deleted when dropped.
pub struct RedisCluster {
    nodes: Vec<Node>,
}

struct Node {
    _dir: TempDir,
    server: Child,
    port: u16,
}

impl RedisCluster {
    /// The one cluster of this test process, or `None` where Redis is not installed.
    pub fn shared() -> Option<&'static RedisCluster> {
        static CLUSTER: OnceLock<Option<RedisCluster>> = OnceLock::new();
        CLUSTER.get_or_init(|| on_a_lasting_thread(Self::start)).as_ref()
    }

    fn start() -> Option<Self> {
        if !is_installed() {
            return None;
        }
        let nodes: Vec<Node> = (0..NODES).map(|_| Node::start()).collect();
        let first = &nodes[0];
        for (at, node) in (0..).zip(&nodes) {
            node.wait_for("PING", "PONG");
            let (from, to) = (at * (SLOTS / NODES), (at + 1) * (SLOTS / NODES) - 1);
            let to = if at + 1 == NODES { SLOTS - 1 } else { to };
            node.cli(&["CLUSTER", "ADDSLOTSRANGE", &from.to_string(), &to.to_string()]);
            let (port, bus) = (first.port.to_string(), first.bus().to_string());
            node.cli(&["CLUSTER", "MEET", "127.0.0.1", &port, &bus]);
        }
        for node in &nodes {
            node.wait_for("CLUSTER INFO", "cluster_state:ok");
            node.wait_for("CLUSTER INFO", &format!("cluster_known_nodes:{NODES}"));
        }
        Some(Self { nodes })
    }

    /// Its address: two of its nodes, who know the third.
    pub fn url(&self) -> String {
        let [first, second, ..] = &self.nodes[..] else { unreachable!("a cluster has three nodes") };
        format!("redis+cluster://127.0.0.1:{},127.0.0.1:{}", first.port, second.port)
    }

    /// Forgets everything.
    pub fn flush(&self) {
        for node in &self.nodes {
            node.cli(&["FLUSHALL"]);
        }
    }

    /// How many keys each node keeps.
    pub fn sizes(&self) -> Vec<u64> {
        self.nodes.iter().map(|node| node.cli(&["DBSIZE"]).parse().unwrap_or(0)).collect()
    }
}

impl Node {
    fn start() -> Self {
        let dir = tempfile::Builder::new().prefix("rushline-redis").tempdir().expect("a folder");
        let port = free_port();
        let server = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--", "redis-server", "--bind", "127.0.0.1", "--save", ""])
            .args(["--port", &port.to_string(), "--cluster-enabled", "yes"])
            .args(["--cluster-port", &bus_of(port).to_string()])
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("redis-server starts");
        Self { _dir: dir, server, port }
    }

    /// Where the nodes talk to each other.
    fn bus(&self) -> u16 {
        bus_of(self.port)
    }

    fn cli(&self, words: &[&str]) -> String {
        let output = Command::new("redis-cli").args(["-p", &self.port.to_string()]).args(words).output();
        output.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned()).unwrap_or_default()
    }

    fn wait_for(&self, question: &str, answer: &str) {
        let words: Vec<&str> = question.split(' ').collect();
        for _ in 0..1000 {
            if self.cli(&words).contains(answer) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the Redis Cluster did not start: {}", self.cli(&words));
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A port that is free, and whose bus port is.
fn free_port() -> u16 {
    let bind = |port| TcpListener::bind(("127.0.0.1", port));
    std::iter::repeat_with(|| bind(0).and_then(|one| one.local_addr()).expect("a free port").port())
        .take(100)
        .find(|port| bind(*port).is_ok() && bind(bus_of(*port)).is_ok())
        .expect("a free port beside a free port")
}

/// The bus port that belongs to a port: its neighbour in a pair, so that it stays a port whatever the port is.
fn bus_of(port: u16) -> u16 {
    port ^ 1
}
