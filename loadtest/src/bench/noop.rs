//! A server that does nothing: the ceiling of every figure over HTTP. It runs as a process of its own, like the server.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::{get, post};
use bytes::Bytes;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::process::Usage;

/// Path of the handler.
pub const PATH: &str = "/noop";
/// Longest start.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// The running server; killed when dropped.
pub struct Noop {
    /// `host:port`.
    pub authority: String,
    child: Child,
}

impl Noop {
    /// Starts this very program again, with the arguments that make it [`serve`].
    ///
    /// # Errors
    /// When it does not answer within ten seconds.
    pub async fn start() -> anyhow::Result<Self> {
        Self::answering(&[]).await
    }

    /// The same with the content of `files`, each at its [`path`](Self::path).
    ///
    /// # Errors
    /// As [`Noop::start`].
    pub async fn answering(files: &[PathBuf]) -> anyhow::Result<Self> {
        let authority = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let answers = files.iter().flat_map(|file| ["--answer".into(), file.clone().into_os_string()]);
        let child = Command::new(std::env::current_exe()?)
            .args(["noop", "--listen", &authority])
            .args(answers)
            .stdin(Stdio::null())
            .spawn()?;
        let noop = Self { authority, child };
        let began = Instant::now();
        while TcpStream::connect(&noop.authority).await.is_err() {
            anyhow::ensure!(began.elapsed() < START_TIMEOUT, "the no-op server did not start");
            sleep(Duration::from_millis(20)).await;
        }
        Ok(noop)
    }

    /// Where the file with this index is.
    pub fn path(at: usize) -> String {
        format!("/answers/{at}")
    }

    /// What it has cost up to now.
    pub fn usage(&self) -> Usage {
        Usage::of(self.child.id())
    }
}

impl Drop for Noop {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the process is started with.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where to listen.
    #[arg(long)]
    listen: String,
    /// Files whose content is answered as it is.
    #[arg(long)]
    answer: Vec<PathBuf>,
}

/// Serves the handler that does nothing, and the files, through the same accept loop as the product but without its
/// middleware.
///
/// # Errors
/// When the address is taken or a file cannot be read.
pub async fn serve(options: Options) -> anyhow::Result<()> {
    // As long as the answer to a join.
    let answer = format!(r#"{{"place_token":"{}"}}"#, "x".repeat(900));
    let handler =
        move || async move { (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], answer) };
    let mut router = Router::new().route(PATH, post(handler));
    for (at, file) in options.answer.iter().enumerate() {
        let bytes = Bytes::from(std::fs::read(file)?);
        let handler = move || async move { ([(header::CONTENT_TYPE, "application/json")], bytes) };
        router = router.route(&Noop::path(at), get(handler));
    }
    let listener = TcpListener::bind(&options.listen).await?;
    let settings = shared::config::Settings::read(None, [], &[])?;
    shared::serve::run(listener, router, &settings, CancellationToken::new()).await;
    Ok(())
}
