//! A client process: thousands of raw sockets that join, watch, and note how late each frame is.
//!
//! A frame is late by what the time since the one before it exceeds a second: a server that keeps to its slots is never
//! late, whatever slot a socket is in.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::bench::wire::{self, PONG, frame};
use crate::histogram::Histogram;

/// Sockets that are being opened at the same time.
const OPENING: usize = 64;
/// Longest that the next socket may take to be open.
const OPEN_TIMEOUT: Duration = Duration::from_secs(60);
/// From one frame of a socket to the next.
const EVERY: Duration = Duration::from_secs(1);

/// How it is started; by the benchmark itself.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
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

/// What a client process has heard.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Frames while it was measured.
    pub frames: u64,
    /// Bytes of their payloads.
    pub bytes: u64,
    /// Sockets that ended by themselves.
    pub lost: u64,
    /// How late they were: [`Histogram::counts`].
    pub late: Vec<u64>,
}

/// What all sockets share.
#[derive(Default)]
struct Heard {
    measuring: AtomicBool,
    frames: AtomicU64,
    bytes: AtomicU64,
    lost: AtomicU64,
    late: Histogram,
}

/// Opens the sockets, says “open”, waits for a number of seconds on its input, listens so long, and prints a [`Tally`].
///
/// # Errors
/// When a socket is refused.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let heard = Arc::new(Heard::default());
    let server: SocketAddr = options.url.trim_start_matches("http://").parse()?;
    let from: SocketAddr = format!("{}:0", options.from).parse()?;
    let mut opening =
        stream::iter(0..options.sockets).map(|_| open(server, from, &options.room)).buffer_unordered(OPENING);
    while let Some(socket) = tokio::time::timeout(OPEN_TIMEOUT, opening.next()).await? {
        let (socket, heard) = (socket?, heard.clone());
        tokio::spawn(async move {
            let ended = listen(socket, &heard).await;
            if ended.is_err() || heard.measuring.load(Ordering::Relaxed) {
                heard.lost.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    writeln!(std::io::stdout(), "open")?;
    let asked = tokio::task::spawn_blocking(|| std::io::stdin().lines().next()).await?;
    let asked = asked.ok_or_else(|| anyhow::anyhow!("nobody said for how long"))??;
    let seconds: u64 = asked.trim().parse()?;
    heard.measuring.store(true, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    heard.measuring.store(false, Ordering::Relaxed);
    let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let tally = Tally {
        frames: of(&heard.frames),
        bytes: of(&heard.bytes),
        lost: of(&heard.lost),
        late: heard.late.counts(),
    };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&tally)?)?;
    Ok(())
}

/// One socket from the first word to the upgrade, all on one connection.
async fn open(server: SocketAddr, from: SocketAddr, room: &str) -> anyhow::Result<TcpStream> {
    let mut socket = wire::connect(server, from).await?;
    let cookies = if room == "bare" { String::new() } else { wire::join(&mut socket, server, room).await? };
    wire::watch(&mut socket, server, room, &cookies).await?;
    Ok(socket)
}

/// Counts frames until the socket ends; answers pings, as browsers do.
async fn listen(mut socket: TcpStream, heard: &Heard) -> anyhow::Result<()> {
    let (mut buffer, mut filled) = (vec![0; 2048], 0);
    let mut before: Option<Instant> = None;
    loop {
        let n = socket.read(&mut buffer[filled..]).await?;
        if n == 0 {
            return Ok(());
        }
        filled += n;
        while let Some((kind, payload, whole)) = frame(&buffer[..filled]) {
            match kind {
                0x1 => {
                    let now = Instant::now();
                    if let Some(before) =
                        before.replace(now).filter(|_| heard.measuring.load(Ordering::Relaxed))
                    {
                        heard.frames.fetch_add(1, Ordering::Relaxed);
                        heard.bytes.fetch_add(payload as u64, Ordering::Relaxed);
                        heard.late.record((now - before).saturating_sub(EVERY));
                    }
                }
                0x9 => socket.write_all(&PONG).await?,
                _ => {}
            }
            buffer.copy_within(whole..filled, 0);
            filled -= whole;
        }
        anyhow::ensure!(filled < buffer.len(), "a frame longer than {} bytes", buffer.len());
    }
}
