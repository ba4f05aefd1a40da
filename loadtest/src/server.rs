//! The real binary as a child process, to be measured, killed and started again.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::api::Api;
use crate::process::Usage;
use crate::stage::{ADMIN_EMAIL, ADMIN_PASSWORD};

/// Longest start, recovery of a large journal included.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// Pause between two looks whether it answers.
const LOOK: Duration = Duration::from_millis(20);
/// What tests and benchmarks change: one address plays all shoppers, and the gateway answers at once and always.
const SETTINGS: [(&str, &str); 9] = [
    ("RUSHLINE_ADMIN_EMAIL", ADMIN_EMAIL),
    ("RUSHLINE_ADMIN_PASSWORD", ADMIN_PASSWORD),
    ("RUSHLINE_WAITING_ROOM_JOINS_PER_MINUTE", "100000000"),
    ("RUSHLINE_BOOKING_LOGINS_PER_MINUTE", "1000000"),
    ("RUSHLINE_BOOKING_BOOKINGS_PER_MINUTE", "100000000"),
    ("RUSHLINE_BOOKING_ACCESS_TOKEN_MINUTES", "240"),
    ("RUSHLINE_PAYMENTS_SUCCESS_PERCENT", "100"),
    ("RUSHLINE_PAYMENTS_DELAY_MIN_MS", "0"),
    ("RUSHLINE_PAYMENTS_DELAY_MAX_MS", "0"),
];

/// `rushline all` on the embedded default; killed when dropped.
pub struct Server {
    /// Its address, `http://127.0.0.1:port`.
    pub url: String,
    binary: PathBuf,
    data_dir: PathBuf,
    child: Child,
}

impl Server {
    /// Starts `binary` on a free port with its data in `data_dir`, and waits until it is ready.
    ///
    /// # Errors
    /// When it cannot be started or is not ready within a minute.
    pub async fn start(binary: &Path, data_dir: &Path) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = format!("http://127.0.0.1:{port}");
        let child = spawn(binary, data_dir, &url)?;
        let mut server = Self { url, binary: binary.to_owned(), data_dir: data_dir.to_owned(), child };
        server.ready().await?;
        Ok(server)
    }

    /// Ends it as a power cut would (SIGKILL) and starts it again on the same port and data.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn kill_and_restart(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        self.child = spawn(&self.binary, &self.data_dir, &self.url)?;
        self.ready().await
    }

    /// What it has cost up to now.
    pub fn usage(&self) -> Usage {
        Usage::of(self.child.id())
    }

    async fn ready(&mut self) -> anyhow::Result<()> {
        let api = Api::new(&self.url)?;
        let began = Instant::now();
        loop {
            let answer = api.send(api.request(reqwest::Method::GET, "/readyz")).await;
            if answer.is_ok_and(|answer| answer.is_success()) {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                anyhow::bail!("the server ended while starting ({status}); its last words stand above");
            }
            anyhow::ensure!(began.elapsed() < START_TIMEOUT, "the server is not ready after a minute");
            sleep(LOOK).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(binary: &Path, data_dir: &Path, url: &str) -> anyhow::Result<Child> {
    let listen = url.trim_start_matches("http://");
    Command::new(binary)
        .args(["all", "--listen", listen, "--public-url", url, "--data-dir"])
        .arg(data_dir)
        .envs(SETTINGS)
        .env("RUSHLINE_SERVER_LOG", "error")
        .stdin(Stdio::null())
        .spawn()
        .map_err(|e| {
            anyhow::anyhow!("{} cannot be started: {e}. Build it with `cargo build`.", binary.display())
        })
}

/// The binary: `RUSHLINE_BIN`, or `rushline` beside the running test or benchmark.
///
/// # Errors
/// When there is none.
pub fn binary() -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os("RUSHLINE_BIN") {
        return Ok(named.into());
    }
    let own = std::env::current_exe()?;
    // Tests lie in target/<profile>/deps, binaries in target/<profile>.
    let found = own.ancestors().skip(1).take(2).map(|dir| dir.join("rushline")).find(|path| path.is_file());
    found.ok_or_else(|| {
        anyhow::anyhow!("there is no rushline beside {}: run `cargo build` first", own.display())
    })
}
