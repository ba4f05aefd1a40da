//! A client process: thousands of raw sockets that join, watch, and note how late each frame is ([`Rhythm`]).

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use futures_util::stream::{self, Stream, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::rhythm::Rhythm;
use crate::farm::Part;
use crate::histogram::Histogram;
use crate::wire::{self, PONG, Source, frame};

/// Sockets that are being opened at the same time.
const OPENING: usize = 64;
/// Longest time in which nobody gets any further: of so many somebody always does, unless the server takes no more.
const STUCK_AFTER: Duration = Duration::from_secs(60);
/// Bytes that are read of a socket at a time; no frame is as long.
const BUFFER: usize = 2048;

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
    /// Seconds from one piece of news to the next, about.
    every_s: AtomicU64,
    frames: AtomicU64,
    bytes: AtomicU64,
    lost: AtomicU64,
    late: Histogram,
}

/// Joins with everybody and says “joined”, opens the sockets when told to and says “open”, waits for two numbers on its input, listens
/// for as many seconds as the first one to news that come every so many seconds as the second, and prints a [`Tally`].
///
/// # Errors
/// When a join or a socket is refused, or none of them gets any further.
pub async fn run(options: Part) -> anyhow::Result<()> {
    let heard = Arc::new(Heard::default());
    let server: SocketAddr = options.url.trim_start_matches("http://").parse()?;
    let from = &Source::at(&options.from)?;
    let room = options.room.as_str();
    let mut cookies = Vec::new();
    let joins = stream::iter(0..options.sockets).map(|_| join(server, from, room));
    each("places", options.sockets, joins, |place| cookies.push(place)).await?;
    told("joined").await?;
    let sockets = cookies.into_iter().map(async |cookies| {
        let mut socket = from.connect(server).await?;
        let begun = wire::watch(&mut socket, server, room, &cookies).await?;
        Ok((socket, begun))
    });
    let attend = |(socket, begun)| {
        let heard = heard.clone();
        tokio::spawn(async move {
            let ended = listen(socket, begun, &heard).await;
            if ended.is_err() || heard.measuring.load(Ordering::Relaxed) {
                heard.lost.fetch_add(1, Ordering::Relaxed);
            }
        });
    };
    each("sockets", options.sockets, stream::iter(sockets), attend).await?;
    let told = told("open").await?;
    let (seconds, every_s) = told.trim().split_once(' ').context("two numbers")?;
    let seconds = seconds.parse()?;
    heard.every_s.store(every_s.parse()?, Ordering::Relaxed);
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

/// Does all of this, some at a time, and gives what comes of it to `take`.
async fn each<T>(
    what: &str,
    count: usize,
    work: impl Stream<Item = impl Future<Output = anyhow::Result<T>>>,
    mut take: impl FnMut(T),
) -> anyhow::Result<()> {
    let mut under_way = std::pin::pin!(work.buffer_unordered(OPENING));
    for done in 0..count {
        let next = tokio::time::timeout(STUCK_AFTER, under_way.next()).await;
        let next = next.map_err(|_| {
            anyhow::anyhow!(
                "{done} of {count} {what} are open, and for {} s no other would: how many connections and files may the server have?",
                STUCK_AFTER.as_secs()
            )
        })?;
        let Some(one) = next else { return Ok(()) };
        take(one.with_context(|| format!("after {done} of {count} {what}"))?);
    }
    Ok(())
}

/// Says a word and waits for what is said to it.
async fn told(word: &str) -> anyhow::Result<String> {
    writeln!(std::io::stdout(), "{word}")?;
    let line = tokio::task::spawn_blocking(|| std::io::stdin().lines().next()).await?;
    Ok(line.ok_or_else(|| anyhow::anyhow!("nobody said how to go on"))??)
}

/// One place; its cookies. The connection is not kept, so that what a place costs can be told from what a socket does.
async fn join(server: SocketAddr, from: &Source, room: &str) -> anyhow::Result<String> {
    if room == super::BARE {
        return Ok(String::new());
    }
    let mut socket = from.connect(server).await?;
    let mut cookies = String::new();
    wire::join(&mut socket, server, room, &mut cookies).await?;
    Ok(cookies)
}

/// Counts frames until the socket ends; answers pings, as browsers do.
async fn listen(mut socket: TcpStream, mut buffer: Vec<u8>, heard: &Heard) -> anyhow::Result<()> {
    let mut filled = buffer.len();
    buffer.resize(BUFFER, 0);
    let mut rhythm: Option<Rhythm> = None;
    loop {
        while let Some((kind, payload, whole)) = frame(&buffer[..filled]) {
            match kind {
                0x1 => {
                    let (now, every) = (Instant::now(), heard.every_s.load(Ordering::Relaxed));
                    let late = match &mut rhythm {
                        Some(rhythm) => Some(rhythm.late(now, Duration::from_secs(every))),
                        none => {
                            *none = Some(Rhythm::begin(now));
                            None
                        }
                    };
                    if let Some(late) = late.filter(|_| heard.measuring.load(Ordering::Relaxed)) {
                        heard.frames.fetch_add(1, Ordering::Relaxed);
                        heard.bytes.fetch_add(payload as u64, Ordering::Relaxed);
                        heard.late.record(late);
                    }
                }
                0x9 => socket.write_all(&PONG).await?,
                _ => {}
            }
            buffer.copy_within(whole..filled, 0);
            filled -= whole;
        }
        anyhow::ensure!(filled < buffer.len(), "a frame longer than {} bytes", buffer.len());
        let n = socket.read(&mut buffer[filled..]).await?;
        if n == 0 {
            return Ok(());
        }
        filled += n;
    }
}
