//! Several servers and several clients, each a process of its own, because one may open few files.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use tempfile::TempDir;
use tokio::task::block_in_place;

use crate::server::{self, Launch, Server};

/// Connections that a server is to take; by default it takes 15,000.
const CONNECTIONS_MAX: usize = 1_000_000;

/// By how much servers and clients are nicer than the Redis that they share. On a machine of its own it would have a core to itself;
/// here, one process among fifteen on two cores, it would have an eighth of one and answer nobody in time.
const NICENESS: (u8, u8) = (5, 10);

/// As many servers as wanted; several share their keys, and their lines in the Redis at `lines`.
///
/// # Errors
/// When one cannot be started, and when there are several and no Redis.
pub async fn servers(
    count: usize,
    binary: &Path,
    dir: &TempDir,
    lines: Option<&str>,
) -> anyhow::Result<Vec<Server>> {
    anyhow::ensure!(
        count < 2 || lines.is_some(),
        "several servers keep their lines in one Redis: name an empty one with --redis-url"
    );
    let mut servers: Vec<Server> = Vec::new();
    for n in 0..count.max(1) {
        let mut variables = vec![
            ("RUSHLINE_KEYS_DIR".to_owned(), dir.path().join("keys").display().to_string()),
            // As many as the limit of open files allows.
            ("RUSHLINE_SERVER_CONNECTIONS_MAX".to_owned(), CONNECTIONS_MAX.to_string()),
        ];
        if let Some(lines) = lines {
            variables.push(("RUSHLINE_REDIS_URL".to_owned(), lines.to_owned()));
        }
        if let Some(first) = servers.first() {
            variables.push(("RUSHLINE_WAITING_ROOM_BOOKING_URL".to_owned(), first.url.clone()));
        }
        let role = if n == 0 { "all" } else { "waiting-room" };
        let niceness = if lines.is_some() { NICENESS.0 } else { 0 };
        let launch = Launch { role, variables, niceness, ..Launch::default() };
        let data = dir.path().join(format!("node-{n}"));
        servers.push(Server::launch(binary, &data, &server::free_address()?, launch).await?);
    }
    Ok(servers)
}

/// A process of ours; killed when dropped.
pub struct Own(pub Child);

impl Drop for Own {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The part of a crowd that a client process plays, as [`Client::start`] tells it.
#[derive(Debug, Clone, clap::Args)]
pub struct Part {
    /// The server.
    #[arg(long)]
    pub url: String,
    /// The room; `bare` for the bare sender, where nobody joins.
    #[arg(long)]
    pub room: String,
    /// The address to connect from.
    #[arg(long)]
    pub from: String,
    /// How many.
    #[arg(long)]
    pub sockets: usize,
}

/// A client process.
pub struct Client {
    _child: Own,
    tell: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl Client {
    /// Starts this program with a verb of its own, which may be several words, for `sockets` sockets of the `servers`, which connect from the `number`-th loopback
    /// address: one address has few ports.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(
        verb: &[&str],
        number: usize,
        servers: &[String],
        room: &str,
        sockets: usize,
    ) -> anyhow::Result<Self> {
        let (from, sockets) = (format!("127.0.0.{}", 2 + number % 250), sockets.to_string());
        let url = servers.get(number % servers.len().max(1)).ok_or_else(|| anyhow::anyhow!("no server"))?;
        let niceness = if servers.len() > 1 { NICENESS.1 } else { 0 };
        let mut child = Command::new("nice")
            .args(["-n", &niceness.to_string()])
            .arg(std::env::current_exe()?)
            .args(verb)
            .args(["--url", url, "--room", room, "--from", &from, "--sockets", &sockets])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (tell, said) = pipes.ok_or_else(|| anyhow::anyhow!("a client without pipes"))?;
        Ok(Self { _child: Own(child), tell, said: BufReader::new(said) })
    }

    /// Tells it something, which is a line.
    ///
    /// # Errors
    /// When it has ended.
    pub fn tell(&mut self, what: &str) -> anyhow::Result<()> {
        Ok(writeln!(self.tell, "{what}")?)
    }

    /// The next line that it says; other tasks go on meanwhile.
    ///
    /// # Errors
    /// When it ended instead.
    pub fn hears(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        let read = block_in_place(|| self.said.read_line(&mut line))?;
        anyhow::ensure!(read > 0, "a client ended early; its last words stand above");
        Ok(line.trim_end().to_owned())
    }
}
