//! A private, throw-away Redis.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use super::signal;

/// Databases of one server: tests take one each.
const DATABASES: u32 = 4096;

/// A private Redis server on a unix socket; stopped and deleted when dropped.
pub struct Redis {
    dir: TempDir,
    server: Child,
    is_durable: bool,
    next_database: AtomicU32,
}

impl Redis {
    /// The one server of this test process, or `None` where Redis is not installed (`scripts/test` installs it; a
    /// bare `cargo test` does without).
    pub fn shared() -> Option<&'static Redis> {
        static SERVER: OnceLock<Option<Redis>> = OnceLock::new();
        SERVER.get_or_init(|| on_a_lasting_thread(Self::start)).as_ref()
    }

    /// Starts a server of its own, for tests that freeze, empty or kill it. `None` where Redis is not installed.
    pub fn start() -> Option<Self> {
        Self::launch(false)
    }

    /// The same with the append-only file that a line wants in production, synced every second.
    pub fn start_durable() -> Option<Self> {
        Self::launch(true)
    }

    fn launch(is_durable: bool) -> Option<Self> {
        if !is_installed() {
            return None;
        }
        let dir = tempfile::Builder::new().prefix("rushline-redis").tempdir().ok()?;
        let server = spawn(dir.path(), is_durable);
        let this = Self { dir, server, is_durable, next_database: AtomicU32::new(0) };
        this.wait_until_it_answers();
        Some(this)
    }

    /// Address of an empty database of this server.
    pub fn database(&self) -> String {
        let database = self.next_database.fetch_add(1, Ordering::SeqCst);
        assert!(database < DATABASES, "more tests than databases");
        format!("redis+unix://{}?db={database}", self.socket().display())
    }

    /// Runs `redis-cli` with these words; what it prints.
    pub fn cli(&self, words: &[&str]) -> String {
        let output = Command::new("redis-cli").arg("-s").arg(self.socket()).args(words).output();
        output.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned()).unwrap_or_default()
    }

    /// Runs `redis-benchmark` with these words; what it prints.
    pub fn benchmark(&self, words: &[&str]) -> String {
        let output = Command::new("redis-benchmark").arg("-s").arg(self.socket()).args(words).output();
        output.map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned()).unwrap_or_default()
    }

    /// Stops the server in its tracks: connections stay open and nothing is answered.
    pub fn freeze(&self) {
        signal("STOP", &[self.server.id()]);
    }

    /// Lets a frozen server go on.
    pub fn thaw(&self) {
        signal("CONT", &[self.server.id()]);
    }

    /// kill -9, then a new server in the same folder, after `between` was done to it.
    pub fn restart(&mut self, between: impl FnOnce(&Path)) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        between(self.dir.path());
        self.server = spawn(self.dir.path(), self.is_durable);
        self.wait_until_it_answers();
    }

    /// Where it keeps its data.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The unix socket it listens on.
    pub fn socket(&self) -> PathBuf {
        self.dir.path().join("redis.sock")
    }

    fn wait_until_it_answers(&self) {
        for _ in 0..500 {
            if self.cli(&["PING"]) == "PONG" {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("Redis did not start");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Starts something on a thread that lives as long as the process: the death signal follows the thread.
pub(super) fn on_a_lasting_thread<T: Send + 'static>(start: fn() -> Option<T>) -> Option<T> {
    let (send, receive) = std::sync::mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let _ = send.send(start());
        loop {
            std::thread::park();
        }
    });
    receive.recv().ok().flatten()
}

fn spawn(dir: &Path, is_durable: bool) -> Child {
    // Ends with the thread that started it, so that a killed test leaves no server behind.
    Command::new("setpriv")
        .args(["--pdeathsig", "KILL", "--", "redis-server", "--port", "0", "--unixsocket", "redis.sock"])
        .args([
            "--save",
            "",
            "--appendonly",
            if is_durable { "yes" } else { "no" },
            "--appendfsync",
            "everysec",
        ])
        .args(["--databases", &DATABASES.to_string()])
        .current_dir(dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("redis-server starts")
}

/// Whether there is a Redis to start; where `REQUIRE_TOOLS` asks for one, there must be.
pub(super) fn is_installed() -> bool {
    let is_there =
        ["/usr/bin", "/usr/local/bin", "/bin"].iter().any(|dir| Path::new(dir).join("redis-server").exists());
    assert!(
        is_there || option_env!("REQUIRE_TOOLS").is_none(),
        "redis-server is missing: apt-get install redis-server"
    );
    is_there
}

#[cfg(test)]
mod tests {
    use super::Redis;

    #[test]
    fn redis_starts_and_answers() {
        // Not installed: nothing to try. `scripts/test` installs it.
        if let Some(server) = Redis::shared() {
            assert!(server.database().ends_with("?db=0"));
            assert_eq!(server.cli(&["-n", "7", "DBSIZE"]), "0");
        }
    }
}
