//! A real server in one line, throw-away PostgreSQL and Redis. For tests and benchmarks.

use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::edge;
use crate::entropy::Entropy;
use crate::serve;
use crate::stop::Stop;

mod log;
pub mod mutations;
mod redis;
mod redis_cluster;

pub use log::Log;
pub use redis::Redis;
pub use redis_cluster::RedisCluster;

/// Looks whether a started server is ready, and the pause between two.
const LOOKS: u32 = 200;
const LOOK: Duration = Duration::from_millis(50);

/// A server on a free port of the loopback address; stops when dropped.
pub struct TestServer {
    /// `http://127.0.0.1:port`.
    pub url: String,
    /// The same as an address.
    pub address: SocketAddr,
    stop: CancellationToken,
}

impl TestServer {
    /// Serves `router` hardened as in production.
    pub fn start(router: Router, settings: &Settings) -> Self {
        Self::start_on(serve::bind(settings.listen).expect("a free port"), router, settings)
    }

    /// The same on a listener bound before, for settings that must know the port.
    pub fn start_on(listener: tokio::net::TcpListener, router: Router, settings: &Settings) -> Self {
        let address = listener.local_addr().expect("bound");
        let stop = CancellationToken::new();
        let (settings, token) = (settings.clone(), stop.clone());
        let router = edge::harden(router, &settings, Entropy::system(), Stop::default());
        tokio::spawn(async move { serve::run(listener, router, &settings, token).await });
        Self { url: format!("http://{address}"), address, stop }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A private PostgreSQL server on a unix socket, without fsync; stopped and deleted when dropped.
pub struct Postgres {
    dir: TempDir,
    bin: PathBuf,
    user: Option<(u32, u32)>,
    server: Child,
}

impl Postgres {
    /// The one server of this test process, or `None` where PostgreSQL is not installed
    /// (`scripts/test` installs it; a bare `cargo test` does without).
    pub fn shared() -> Option<&'static Postgres> {
        static SERVER: OnceLock<Option<Postgres>> = OnceLock::new();
        SERVER.get_or_init(start_for_this_process).as_ref()
    }

    /// Starts a server of its own. It ends with the thread that calls this.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with("fsync = off\n")
    }

    /// Starts a server with these lines added to its configuration. It ends with the thread that calls this.
    pub fn start_with(settings: &str) -> anyhow::Result<Self> {
        let bin = postgres_bin().ok_or_else(|| anyhow::anyhow!("PostgreSQL is not installed"))?;
        let dir = tempfile::Builder::new().prefix("rushline-pg").tempdir()?;
        let user = unprivileged();
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(dir.path(), Some(uid), Some(gid))?;
        }
        let made = program(&bin, "initdb", &dir, user)
            .args([
                "--username=postgres",
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "-D",
            ])
            .arg(dir.path().join("data"))
            .status()?;
        anyhow::ensure!(made.success(), "initdb failed");
        let file = dir.path().join("data/postgresql.conf");
        let known = std::fs::read_to_string(&file)?;
        std::fs::write(&file, known + settings)?;
        let server = postgres(&bin, &dir, user)?;
        let this = Self { dir, bin, user, server };
        for _ in 0..LOOKS {
            if this.is_ready() {
                return Ok(this);
            }
            std::thread::sleep(LOOK);
        }
        anyhow::bail!("PostgreSQL did not start")
    }

    /// Where its socket is.
    pub fn socket_dir(&self) -> &Path {
        self.dir.path()
    }

    /// Where its programs are.
    pub fn bin(&self) -> &Path {
        &self.bin
    }

    /// Makes an empty database and returns its address.
    pub fn database(&self, name: &str) -> String {
        let made = self.query(&format!("CREATE DATABASE \"{name}\""));
        assert!(made.is_some(), "database {name} could not be made");
        format!("postgres://postgres@localhost/{name}?host={}", self.dir.path().display())
    }

    /// The unix socket it listens on.
    pub fn socket(&self) -> PathBuf {
        self.dir.path().join(".s.PGSQL.5432")
    }

    /// Ends it as a power cut would (SIGKILL), without restarting it. Its sessions notice and end by themselves.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.server.kill()?;
        self.server.wait()?;
        Ok(())
    }

    /// Stops the whole server in its tracks, every session with it: connections stay open and nothing is answered.
    pub fn freeze(&self) {
        // The parent first: it starts no session any more.
        signal("STOP", &[self.server.id()]);
        signal("STOP", &children_of(self.server.id()));
    }

    /// Lets a frozen server go on.
    pub fn thaw(&self) {
        let mut all = children_of(self.server.id());
        all.push(self.server.id());
        signal("CONT", &all);
    }

    /// Starts it again after [`kill`](Self::kill), and waits until it has recovered.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        for _ in 0..LOOKS {
            // It refuses while sessions of the killed one still hold its shared memory, and ends.
            if self.server.try_wait()?.is_some() {
                self.server = postgres(&self.bin, &self.dir, self.user)?;
            }
            if self.is_ready() {
                return Ok(());
            }
            std::thread::sleep(LOOK);
        }
        anyhow::bail!("PostgreSQL did not start again")
    }

    /// Runs `sql` as the superuser; what it says, one row a line, or `None` when it failed.
    pub fn query(&self, sql: &str) -> Option<String> {
        let said = Command::new(self.bin.join("psql"))
            .args(["-U", "postgres", "-q", "-A", "-t", "-h"])
            .arg(self.dir.path())
            .args(["-c", sql])
            .stderr(Stdio::null())
            .output()
            .ok()?;
        said.status.success().then(|| String::from_utf8_lossy(&said.stdout).into_owned())
    }

    fn is_ready(&self) -> bool {
        self.socket().exists() && self.query("SELECT 1").is_some()
    }
}

/// Starts the server of the data in `dir`.
fn postgres(bin: &Path, dir: &TempDir, user: Option<(u32, u32)>) -> anyhow::Result<Child> {
    let server = program(bin, "postgres", dir, user)
        .arg("-D")
        .arg(dir.path().join("data"))
        .arg("-k")
        .arg(dir.path())
        .args(["-c", "listen_addresses=", "-c", "max_connections=200"])
        .process_group(0)
        .spawn()?;
    Ok(server)
}

/// One of PostgreSQL's programs, as the user it runs as.
fn program(bin: &Path, name: &str, dir: &TempDir, user: Option<(u32, u32)>) -> Command {
    // Ends with the thread that started it, so that a killed test leaves no server behind.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "QUIT", "--"]).arg(bin.join(name));
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command.current_dir(dir.path()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Starts the server on a thread that lives as long as the process: its death signal follows the thread.
fn start_for_this_process() -> Option<Postgres> {
    let (send, receive) = std::sync::mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let _ = send.send(Postgres::start().ok());
        loop {
            std::thread::park();
        }
    });
    receive.recv().ok().flatten()
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // A session that a failed test left frozen would outlive the server.
        let sessions = children_of(self.server.id());
        let _ = self.server.kill();
        signal("CONT", &sessions);
        let _ = self.server.wait();
    }
}

/// Processes whose parent is `pid`.
fn children_of(pid: u32) -> Vec<u32> {
    let parent = |child: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).ok()?;
        // Behind the name in brackets, which may hold spaces: the state, then the parent.
        stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse::<u32>().ok()
    };
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|child| parent(child) == Some(pid)).collect()
}

/// Sends a signal by name to processes; one that has ended meanwhile needs none.
fn signal(name: &str, pids: &[u32]) {
    if !pids.is_empty() {
        let pids = pids.iter().map(u32::to_string);
        let _ = Command::new("kill").arg(format!("-{name}")).args(pids).stderr(Stdio::null()).status();
    }
}

fn postgres_bin() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|e| e.path().join("bin")).collect();
    versions.sort();
    versions.into_iter().rev().find(|bin| bin.join("initdb").exists())
}

/// `initdb` refuses root: the ids of the `postgres` user when we are root, else nothing to change.
fn unprivileged() -> Option<(u32, u32)> {
    let me = std::fs::metadata("/proc/self").ok().map(|m| std::os::unix::fs::MetadataExt::uid(&m))?;
    if me != 0 {
        return None;
    }
    let passwd = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = passwd.lines().find(|l| l.starts_with("postgres:"))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::Postgres;

    #[test]
    fn postgres_starts_and_takes_a_database() {
        // Not installed: nothing to try. `scripts/test` installs it.
        if let Some(server) = Postgres::shared() {
            assert!(server.database("tried").contains("/tried?"));
        }
    }
}
