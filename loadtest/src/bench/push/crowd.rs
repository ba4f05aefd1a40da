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
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::Instant;

use crate::histogram::Histogram;

/// Sockets that are being opened at the same time.
const OPENING: usize = 64;
/// Longest that the next socket may take to be open.
const OPEN_TIMEOUT: Duration = Duration::from_secs(60);
/// Longest head of an answer, in bytes.
const HEAD_MAX: usize = 16 * 1024;
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
    let socket = TcpSocket::new_v4()?;
    socket.bind(from)?;
    let mut socket = socket.connect(server).await?;
    let mut cookies = String::new();
    if room != "bare" {
        let join = format!(
            "POST /api/v1/rooms/{room}/places HTTP/1.1\r\nHost: {server}\r\nContent-Length: 0\r\n\r\n"
        );
        socket.write_all(join.as_bytes()).await?;
        let head = head(&mut socket).await?;
        anyhow::ensure!(head.starts_with("HTTP/1.1 201"), "a join was answered {head}");
        let cookie = |line: &str| {
            Some(
                line.split_once(": ")
                    .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))?
                    .1
                    .split(';')
                    .next()?
                    .to_owned(),
            )
        };
        cookies = head.lines().filter_map(cookie).collect::<Vec<_>>().join("; ");
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok()
        });
        socket.read_exact(&mut vec![0; length.unwrap_or(0)]).await?;
    }
    let upgrade = format!(
        "GET /api/v1/rooms/{room}/live HTTP/1.1\r\nHost: {server}\r\nOrigin: http://{server}\r\nCookie: {cookies}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: rushline.v1\r\n\
         Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    );
    socket.write_all(upgrade.as_bytes()).await?;
    let head = head(&mut socket).await?;
    anyhow::ensure!(head.starts_with("HTTP/1.1 101"), "an upgrade was answered {head}");
    Ok(socket)
}

/// The head of an answer. Nothing is read beyond it: frames may follow.
async fn head(socket: &mut TcpStream) -> anyhow::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        anyhow::ensure!(head.len() < HEAD_MAX, "an answer without end");
        head.push(socket.read_u8().await?);
    }
    Ok(String::from_utf8(head)?)
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
                // A pong with an empty payload and a mask of zeros (RFC 6455 §5.5.3).
                0x9 => socket.write_all(&[0x8a, 0x80, 0, 0, 0, 0]).await?,
                _ => {}
            }
            buffer.copy_within(whole..filled, 0);
            filled -= whole;
        }
        anyhow::ensure!(filled < buffer.len(), "a frame longer than {} bytes", buffer.len());
    }
}

/// The first frame, if it is there as a whole: its opcode, the length of its payload and its own.
fn frame(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let [first, second, rest @ ..] = bytes else { return None };
    let (payload, header) = match (second & 0x7f, rest) {
        (126, [high, low, ..]) => (usize::from(u16::from_be_bytes([*high, *low])), 4),
        (126 | 127, _) => return None,
        (short, _) => (usize::from(short), 2),
    };
    (bytes.len() >= header + payload).then_some((first & 0x0f, payload, header + payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_one_after_the_other() {
        assert_eq!(frame(&[0x81]), None);
        assert_eq!(frame(&[0x81, 2, b'a']), None);
        assert_eq!(frame(&[0x81, 2, b'a', b'b', 0x89]), Some((1, 2, 4)));
        let long = [&[0x81, 126, 1, 0][..], &[b'x'; 256]].concat();
        assert_eq!(frame(&long), Some((1, 256, 260)));
        assert_eq!(frame(&long[..259]), None);
    }
}
