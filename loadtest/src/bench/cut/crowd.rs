//! Sockets that are cut and come back: each remembers its cookies and where it stood.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};
use shared::entropy::Entropy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::farm::Part;
use crate::wire::{self, PONG, Source, frame};

/// Sockets that a process opens at the same time: several processes share a server's cores with it.
const OPENING: usize = 16;
/// Longest that a socket may take until its first frame.
const OPEN_TIMEOUT: Duration = Duration::from_secs(60);
/// Bytes that are read of a socket at a time; no frame is as long.
const BUFFER: usize = 2048;
/// Attempts to come back before a place is given up for lost.
const TRIES_MAX: u32 = 20;
/// Shortest and longest pause between two of them, milliseconds.
const PAUSE_MS: (u32, u32) = (250, 2000);

/// What a place document says of where one stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// Its number.
    pub number: u64,
    /// How many are ahead, and one.
    pub position: u64,
    /// What it is doing.
    pub state: String,
}

/// One who came back, or not.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Return {
    /// Where she stood.
    pub before: Stand,
    /// Where she stands; `None` when she did not come back.
    pub after: Option<Stand>,
    /// Attempts that took.
    pub tries: u32,
    /// From her first attempt to her first frame, milliseconds.
    pub took_ms: u64,
}

/// Sockets of one process.
pub struct Crowd {
    server: SocketAddr,
    from: Arc<Source>,
    room: String,
    seats: Vec<(String, Stand)>,
    holding: Vec<JoinHandle<()>>,
    scissors: CancellationToken,
}

impl Crowd {
    /// Everybody joins and watches; returns once each has seen where she stands. As browsers do, one that is refused tries again.
    ///
    /// # Errors
    /// When one is refused again and again.
    pub async fn open(options: &Part, dice: &Entropy) -> anyhow::Result<Self> {
        let server: SocketAddr = options.url.trim_start_matches("http://").parse()?;
        let from = Arc::new(Source::at(&options.from)?);
        let scissors = CancellationToken::new();
        let (mut seats, mut holding) = (Vec::new(), Vec::new());
        let one = async |_| {
            let (mut cookies, mut pauses) = (String::new(), pauses(dice).into_iter());
            loop {
                match begin(server, &from, &options.room, &mut cookies).await {
                    Ok(watched) => return anyhow::Ok((cookies, watched)),
                    Err(error) => sleep(pauses.next().ok_or(error)?).await,
                }
            }
        };
        let mut opening = stream::iter(0..options.sockets).map(one).buffer_unordered(OPENING);
        while let Some(opened) = timeout(OPEN_TIMEOUT, opening.next()).await? {
            let (cookies, (watched, stand)) = opened?;
            seats.push((cookies, stand));
            holding.push(tokio::spawn(watched.hold(scissors.clone())));
        }
        drop(opening);
        Ok(Self { server, from, room: options.room.clone(), seats, holding, scissors })
    }

    /// Cuts every connection at once, without a word: the server gets a reset. Those that the server has ended are over already.
    pub async fn cut(&mut self) {
        self.scissors.cancel();
        for task in self.holding.drain(..) {
            // Whatever ended it, the socket is closed.
            let _ = task.await;
        }
    }

    /// Everybody comes back at a random moment within `jitter`, and tries again for a while when that fails.
    pub async fn come_back(&mut self, jitter: Duration, dice: &Entropy) -> Vec<Return> {
        self.scissors = CancellationToken::new();
        let mut coming = JoinSet::new();
        for (cookies, before) in self.seats.clone() {
            let after = Duration::from_millis(dice.below(jitter.as_millis().max(1) as u32).into());
            let pauses = pauses(dice);
            let (server, from, room) = (self.server, self.from.clone(), self.room.clone());
            coming.spawn(async move {
                sleep(after).await;
                let began = Instant::now();
                let mut tries = 0;
                let back = loop {
                    let back = again(server, &from, &room, &cookies).await.ok();
                    if back.is_some() || tries as usize == pauses.len() {
                        break back;
                    }
                    sleep(pauses[tries as usize]).await;
                    tries += 1;
                };
                let took_ms = began.elapsed().as_millis() as u64;
                (before, back, tries + 1, took_ms)
            });
        }
        let mut returns = Vec::with_capacity(self.seats.len());
        while let Some(one) = coming.join_next().await {
            let Ok((before, back, tries, took_ms)) = one else { continue };
            let (watched, after) = back.unzip();
            self.holding.extend(watched.map(|watched| tokio::spawn(watched.hold(self.scissors.clone()))));
            returns.push(Return { before, after, tries, took_ms });
        }
        returns
    }
}

/// Opens the sockets, says “open”, cuts them when told “cut” and says so, brings them back when told within how many milliseconds, and
/// prints what became of them, until it is told nothing more.
///
/// # Errors
/// When a socket is refused at the beginning.
pub async fn run(options: Part) -> anyhow::Result<()> {
    let dice = Entropy::seeded(u64::from(options.from.bytes().map(u32::from).sum::<u32>()));
    let mut crowd = Crowd::open(&options, &dice).await?;
    say("open")?;
    loop {
        let told = tokio::task::spawn_blocking(|| std::io::stdin().lines().next()).await?;
        let Some(told) = told.transpose()? else { return Ok(()) };
        if told == "cut" {
            crowd.cut().await;
            say("cut")?;
        } else {
            let returns = crowd.come_back(Duration::from_millis(told.trim().parse()?), &dice).await;
            say(&serde_json::to_string(&returns)?)?;
        }
    }
}

fn say(what: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{what}")?;
    Ok(out.flush()?)
}

/// The pauses between one browser's attempts.
fn pauses(dice: &Entropy) -> Vec<Duration> {
    let pause = |_| Duration::from_millis((PAUSE_MS.0 + dice.below(PAUSE_MS.1 - PAUSE_MS.0)).into());
    (1..TRIES_MAX).map(pause).collect()
}

/// One attempt to join and watch.
async fn begin(
    server: SocketAddr,
    from: &Source,
    room: &str,
    cookies: &mut String,
) -> anyhow::Result<(Watched, Stand)> {
    let mut socket = from.connect(server).await?;
    wire::join(&mut socket, server, room, cookies).await?;
    watch(socket, server, room, cookies).await
}

/// One attempt to come back.
async fn again(
    server: SocketAddr,
    from: &Source,
    room: &str,
    cookies: &str,
) -> anyhow::Result<(Watched, Stand)> {
    let socket = from.connect(server).await?;
    timeout(OPEN_TIMEOUT, watch(socket, server, room, cookies)).await?
}

/// An open socket with what was read of it.
struct Watched {
    socket: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

/// Watches a place on a connection; returns with its first document.
async fn watch(
    mut socket: TcpStream,
    server: SocketAddr,
    room: &str,
    cookies: &str,
) -> anyhow::Result<(Watched, Stand)> {
    let mut buffer = wire::watch(&mut socket, server, room, cookies).await?;
    let filled = buffer.len();
    buffer.resize(BUFFER, 0);
    let mut watched = Watched { socket, buffer, filled };
    loop {
        if let Some(stand) = watched.next().await? {
            return Ok((watched, stand));
        }
    }
}

impl Watched {
    /// Reads until the next frame, and answers a ping as browsers do; the document, if it was one.
    async fn next(&mut self) -> anyhow::Result<Option<Stand>> {
        loop {
            if let Some((kind, payload, whole)) = frame(&self.buffer[..self.filled]) {
                let stand = match kind {
                    0x1 => Some(serde_json::from_slice(&self.buffer[whole - payload..whole])?),
                    _ => None,
                };
                self.buffer.copy_within(whole..self.filled, 0);
                self.filled -= whole;
                if kind == 0x9 {
                    self.socket.write_all(&PONG).await?;
                }
                return Ok(stand);
            }
            anyhow::ensure!(self.filled < self.buffer.len(), "a frame too long");
            let n = self.socket.read(&mut self.buffer[self.filled..]).await?;
            anyhow::ensure!(n > 0, "the server has ended the connection");
            self.filled += n;
        }
    }

    /// Stays until the scissors, or until the server ends it.
    async fn hold(mut self, scissors: CancellationToken) {
        loop {
            tokio::select! {
                () = scissors.cancelled() => break,
                heard = self.next() => if heard.is_err() { return },
            }
        }
        // A reset in place of a goodbye, as when a network is gone.
        let _ = self.socket.set_zero_linger();
    }
}
