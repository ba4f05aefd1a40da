//! The real binary as a child process, to be measured, killed and started again.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::api::Api;
use crate::process::{self, Usage};
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

/// A role of the binary as a process of its own; killed when dropped.
pub struct Server {
    /// Its address, `http://127.0.0.1:port`.
    pub url: String,
    binary: PathBuf,
    data_dir: PathBuf,
    launch: Launch,
    child: Child,
}

/// What a process is started as.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The verb.
    pub role: &'static str,
    /// The address people type, when it is not where the process listens.
    pub public_url: Option<String>,
    /// Further variables, for settings that differ from those of every test.
    pub variables: Vec<(String, String)>,
    /// By how much it is nicer to other processes than this one, as `nice` counts.
    pub niceness: u8,
}

impl Default for Launch {
    /// `rushline all` on the embedded default.
    fn default() -> Self {
        Self { role: "all", public_url: None, variables: Vec::new(), niceness: 0 }
    }
}

impl Server {
    /// Starts `binary` on a free port with its data in `data_dir`, and waits until it is ready.
    ///
    /// # Errors
    /// When it cannot be started or is not ready within a minute.
    pub async fn start(binary: &Path, data_dir: &Path) -> anyhow::Result<Self> {
        Self::launch(binary, data_dir, &free_address()?, Launch::default()).await
    }

    /// Starts `binary` on `listen` (`127.0.0.1:port`) as `launch` says, and waits until it is ready.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn launch(
        binary: &Path,
        data_dir: &Path,
        listen: &str,
        launch: Launch,
    ) -> anyhow::Result<Self> {
        let url = format!("http://{listen}");
        let child = spawn(binary, data_dir, &url, &launch)?;
        let mut server =
            Self { url, binary: binary.to_owned(), data_dir: data_dir.to_owned(), launch, child };
        server.ready().await?;
        Ok(server)
    }

    /// Ends it as a power cut would (SIGKILL).
    ///
    /// # Errors
    /// When it cannot be signalled.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Sends a signal by name, such as `STOP`.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub fn signal(&self, name: &str) -> anyhow::Result<()> {
        process::signal(self.child.id(), name)
    }

    /// Waits at most `patience` for it to end by itself; whether it did.
    ///
    /// # Errors
    /// When its state cannot be read.
    pub async fn ended(&mut self, patience: Duration) -> anyhow::Result<bool> {
        let began = Instant::now();
        while self.child.try_wait()?.is_none() {
            if began.elapsed() > patience {
                return Ok(false);
            }
            sleep(LOOK).await;
        }
        Ok(true)
    }

    /// Starts it again, on the same port and data and with `more` variables, after it has ended.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_again(&mut self, more: &[(String, String)]) -> anyhow::Result<()> {
        let mut launch = self.launch.clone();
        launch.variables.extend_from_slice(more);
        self.child = spawn(&self.binary, &self.data_dir, &self.url, &launch)?;
        self.ready().await
    }

    /// Ends it as a power cut would (SIGKILL) and starts it again on the same port and data.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn kill_and_restart(&mut self) -> anyhow::Result<()> {
        self.kill()?;
        self.start_again(&[]).await
    }

    /// What `rushline verify` says beside it.
    ///
    /// # Errors
    /// When a promise is broken, with everything it said; or when it cannot be run.
    pub fn verify(&self) -> anyhow::Result<String> {
        let said = Command::new(&self.binary).arg("verify").arg("--data-dir").arg(&self.data_dir).output()?;
        let text = [said.stdout, said.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        anyhow::ensure!(said.status.success(), "{text}");
        Ok(text)
    }

    /// What it has cost up to now.
    pub fn usage(&self) -> Usage {
        Usage::of(self.child.id())
    }

    /// Waits until it can do its work.
    ///
    /// # Errors
    /// When it ends instead, or is not ready within a minute.
    pub async fn ready(&mut self) -> anyhow::Result<()> {
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

fn spawn(binary: &Path, data_dir: &Path, url: &str, launch: &Launch) -> anyhow::Result<Child> {
    let listen = url.trim_start_matches("http://");
    let public_url = launch.public_url.as_deref().unwrap_or(url);
    // Ends with the thread that started it, so that a killed run leaves no server behind.
    Command::new("nice")
        .args(["-n", &launch.niceness.to_string(), "setpriv", "--pdeathsig", "KILL", "--"])
        .arg(binary)
        .args([launch.role, "--listen", listen, "--public-url", public_url, "--data-dir"])
        .arg(data_dir)
        .envs(SETTINGS)
        .env("RUSHLINE_SERVER_LOG", "error")
        .envs(launch.variables.iter().cloned())
        .stdin(Stdio::null())
        .spawn()
        .map_err(|e| {
            anyhow::anyhow!("{} cannot be started: {e}. Build it with `cargo build`.", binary.display())
        })
}

/// A free port of the loopback address, as `127.0.0.1:port`.
///
/// # Errors
/// When there is none.
pub fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
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
