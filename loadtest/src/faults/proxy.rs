//! A TCP proxy that is steered in process: it delays, slices, throttles, falls silent, cuts and refuses.
//!
//! One stands between clients and a node, and one between a node and each store. Every connection has two pumps with
//! one fixed buffer each, so what a proxy holds is bounded however long it is silent: the kernel's flow control then
//! stops the sender. Weather changes reach open connections at once.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use shared::entropy::Entropy;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Bytes that one direction of a connection holds at most.
const BUFFER: usize = 16 * 1024;
/// Open connections at most; further ones wait in the kernel.
const CONNECTIONS_MAX: usize = 1024;

/// What connections meet on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Everything passes at once.
    Fair,
    /// Connections are reset as soon as they are made; open ones at once.
    Refusing,
    /// Connections stay open and nothing passes: a half-open connection, a dead network.
    Silent,
    /// Each piece comes this much later.
    Late(Duration),
    /// Each write carries this many bytes at most.
    Sliced(usize),
    /// Bytes a second in each direction.
    Thin(u32),
    /// Each connection is reset after a random number of bytes, both directions counted together: 1 to this many.
    Cutting(u32),
}

/// Where a proxy leads.
#[derive(Debug, Clone)]
pub enum Target {
    /// A TCP address.
    Tcp(SocketAddr),
    /// A unix socket.
    Unix(PathBuf),
}

/// A running proxy; its connections end when it is dropped.
pub struct Proxy {
    /// Where it listens: a free port of the loopback address.
    pub address: SocketAddr,
    weather: watch::Sender<Weather>,
    cuts: watch::Sender<u64>,
    _stop: DropGuard,
}

/// What every connection of a proxy shares.
struct Shared {
    target: Target,
    dice: Entropy,
    weather: watch::Receiver<Weather>,
    cuts: watch::Receiver<u64>,
    stop: CancellationToken,
}

impl Proxy {
    /// Starts one that leads to `target`; `dice` draws where connections are cut.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn start(target: Target, dice: Entropy) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (weather, weather_seen) = watch::channel(Weather::Fair);
        let (cuts, cuts_seen) = watch::channel(0);
        let stop = CancellationToken::new();
        let shared = Shared { target, dice, weather: weather_seen, cuts: cuts_seen, stop: stop.clone() };
        tokio::spawn(accept(listener, Arc::new(shared)));
        Ok(Self { address, weather, cuts, _stop: stop.drop_guard() })
    }

    /// Changes what present and future connections meet.
    pub fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
        if weather == Weather::Refusing {
            self.cut();
        }
    }

    /// Resets every open connection.
    pub fn cut(&self) {
        self.cuts.send_modify(|count| *count += 1);
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let client = tokio::select! {
            client = listener.accept() => client,
            () = shared.stop.cancelled() => return,
        };
        if let Ok((client, _)) = client {
            let shared = shared.clone();
            tokio::spawn(async move {
                connection(client, &shared).await;
                drop(place);
            });
        }
    }
}

/// One connection from its beginning to its end.
async fn connection(client: TcpStream, shared: &Shared) {
    let mut client = Side::Tcp(client);
    let mut cuts = shared.cuts.clone();
    cuts.mark_unchanged();
    let is_refused = *shared.weather.borrow() == Weather::Refusing;
    let opened = if is_refused { None } else { shared.target.open().await.ok() };
    let Some(mut server) = opened else { return client.reset() };
    let line = Line {
        weather: shared.weather.clone(),
        // Drawn for every connection, so that the same weather cuts each somewhere else.
        fate: u64::from_le_bytes(shared.dice.bytes()),
        passed: AtomicI64::new(0),
    };
    let is_cut = {
        let ((from_client, to_client), (from_server, to_server)) = (client.split(), server.split());
        let both =
            async { tokio::try_join!(line.pump(from_client, to_server), line.pump(from_server, to_client)) };
        tokio::select! {
            end = both => end.is_err(),
            _ = cuts.changed() => true,
            () = shared.stop.cancelled() => true,
        }
    };
    if is_cut {
        client.reset();
        server.reset();
    }
}

impl Target {
    async fn open(&self) -> std::io::Result<Side> {
        match self {
            Target::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Ok(Side::Tcp(stream))
            }
            Target::Unix(path) => UnixStream::connect(path).await.map(Side::Unix),
        }
    }
}

/// One end of a connection.
enum Side {
    Tcp(TcpStream),
    Unix(UnixStream),
}

type Halves<'s> = (Box<dyn AsyncRead + Send + Unpin + 's>, Box<dyn AsyncWrite + Send + Unpin + 's>);

impl Side {
    fn split(&mut self) -> Halves<'_> {
        match self {
            Side::Tcp(stream) => {
                let (read, write) = stream.split();
                (Box::new(read), Box::new(write))
            }
            Side::Unix(stream) => {
                let (read, write) = stream.split();
                (Box::new(read), Box::new(write))
            }
        }
    }

    /// Closes it with RST instead of FIN, where there is one: what was on its way is lost.
    fn reset(self) {
        if let Side::Tcp(stream) = self {
            // A socket that is closed already needs no more.
            let _ = stream.set_zero_linger();
        }
    }
}

/// The connection has met its end.
struct Cut;

impl From<std::io::Error> for Cut {
    fn from(_: std::io::Error) -> Self {
        Cut
    }
}

/// What both pumps of a connection share.
struct Line {
    weather: watch::Receiver<Weather>,
    fate: u64,
    /// Bytes that passed, in both directions.
    passed: AtomicI64,
}

impl Line {
    /// Carries one direction until its end, which it hands on.
    async fn pump(
        &self,
        mut from: Box<dyn AsyncRead + Send + Unpin + '_>,
        mut to: Box<dyn AsyncWrite + Send + Unpin + '_>,
    ) -> Result<(), Cut> {
        let mut weather = self.weather.clone();
        let mut buffer = vec![0; BUFFER];
        loop {
            let read = from.read(&mut buffer).await?;
            if read == 0 {
                to.shutdown().await?;
                return Ok(());
            }
            self.carry(&buffer[..read], &mut *to, &mut weather).await?;
        }
    }

    /// Carries a piece through whatever the weather is when each part of it leaves.
    async fn carry(
        &self,
        mut piece: &[u8],
        to: &mut (dyn AsyncWrite + Send + Unpin),
        weather: &mut watch::Receiver<Weather>,
    ) -> Result<(), Cut> {
        let mut is_late = false;
        while !piece.is_empty() {
            let now = *weather.borrow_and_update();
            let most = match now {
                Weather::Silent => {
                    weather.changed().await.map_err(|_| Cut)?;
                    continue;
                }
                Weather::Refusing => return Err(Cut),
                Weather::Late(by) if !is_late => {
                    is_late = true;
                    tokio::time::sleep(by).await;
                    continue;
                }
                Weather::Fair | Weather::Late(_) => piece.len(),
                Weather::Sliced(bytes) => bytes.max(1),
                Weather::Thin(bytes_per_s) => (bytes_per_s as usize / 20).max(1),
                Weather::Cutting(bytes) => self.left_until_cut(bytes),
            };
            let (part, rest) = piece.split_at(most.min(piece.len()));
            to.write_all(part).await?;
            to.flush().await?;
            self.passed.fetch_add(part.len() as i64, Ordering::SeqCst);
            piece = rest;
            match now {
                Weather::Cutting(bytes) if self.left_until_cut(bytes) == 0 => return Err(Cut),
                Weather::Sliced(_) => tokio::task::yield_now().await,
                Weather::Thin(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                _ => {}
            }
        }
        Ok(())
    }

    /// Bytes that still pass under [`Weather::Cutting`]. A connection that was open before is counted from where the
    /// last round of as many bytes began.
    fn left_until_cut(&self, bytes: u32) -> usize {
        let bytes = i64::from(bytes.max(1));
        let cut_at = (self.fate % bytes as u64) as i64 + 1;
        let passed = self.passed.load(Ordering::SeqCst) % (bytes + 1);
        (cut_at - passed).max(0) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::timeout;

    /// Longest that anything here may take.
    const SOON: Duration = Duration::from_secs(10);

    /// A server that sends everything back, and a proxy before it.
    async fn echo() -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut read, mut write) = stream.split();
                    // The other end may be cut: that is what is tested.
                    let _ = tokio::io::copy(&mut read, &mut write).await;
                    let _ = write.shutdown().await;
                });
            }
        });
        Proxy::start(Target::Tcp(address), Entropy::seeded(1)).await.unwrap()
    }

    /// Sends `bytes`, ends the direction, and reads what comes back until the end.
    async fn round_trip(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let (mut read, mut write) = stream.split();
        let send = async {
            write.write_all(bytes).await?;
            write.shutdown().await
        };
        let mut back = Vec::new();
        let (_, read) = timeout(SOON, async { tokio::join!(send, read.read_to_end(&mut back)) }).await?;
        read.map(|_| back)
    }

    #[tokio::test]
    async fn bytes_pass_unchanged_in_every_weather_that_does_not_cut() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
        for weather in [
            Weather::Fair,
            Weather::Sliced(777),
            Weather::Late(Duration::from_millis(1)),
            Weather::Thin(10_000_000),
        ] {
            let proxy = echo().await;
            proxy.set(weather);
            let mut stream = TcpStream::connect(proxy.address).await.unwrap();
            assert_eq!(round_trip(&mut stream, &bytes).await.unwrap(), bytes, "{weather:?}");
        }
    }

    #[tokio::test]
    async fn a_cut_comes_after_some_of_the_bytes_and_resets_the_connection() {
        let proxy = echo().await;
        proxy.set(Weather::Cutting(1000));
        let mut lengths = std::collections::BTreeSet::new();
        for _ in 0..20 {
            let mut stream = TcpStream::connect(proxy.address).await.unwrap();
            let (mut passed, mut back) = (0, [0; 20]);
            let end = loop {
                let there = timeout(SOON, stream.write_all(&[7; 20])).await.unwrap();
                let and_back = match there {
                    Ok(()) => timeout(SOON, stream.read_exact(&mut back)).await.unwrap().map(|_| ()),
                    Err(error) => Err(error),
                };
                match and_back {
                    Ok(()) => passed += 2 * back.len(),
                    Err(error) => break error.kind(),
                }
            };
            assert_eq!(end, std::io::ErrorKind::ConnectionReset);
            assert!(passed <= 1000);
            lengths.insert(passed);
        }
        assert!(lengths.len() > 1, "each connection is cut somewhere else: {lengths:?}");
    }

    #[tokio::test]
    async fn silence_keeps_what_was_sent_until_it_ends() {
        let proxy = echo().await;
        let mut stream = TcpStream::connect(proxy.address).await.unwrap();
        proxy.set(Weather::Silent);
        stream.write_all(b"are you there").await.unwrap();
        let mut back = [0; 13];
        let early = timeout(Duration::from_millis(50), stream.read_exact(&mut back)).await;
        assert!(early.is_err(), "nothing passes");
        proxy.set(Weather::Fair);
        timeout(SOON, stream.read_exact(&mut back)).await.unwrap().unwrap();
        assert_eq!(&back, b"are you there");
    }

    #[tokio::test]
    async fn refusing_and_cutting_reset_open_and_new_connections() {
        let proxy = echo().await;
        let mut open = TcpStream::connect(proxy.address).await.unwrap();
        open.write_all(b"x").await.unwrap();
        let mut back = [0; 1];
        timeout(SOON, open.read_exact(&mut back)).await.unwrap().unwrap();
        proxy.set(Weather::Refusing);
        assert!(timeout(SOON, open.read(&mut back)).await.unwrap().is_err());
        let mut fresh = TcpStream::connect(proxy.address).await.unwrap();
        assert!(timeout(SOON, fresh.read(&mut back)).await.unwrap().is_err());
        proxy.set(Weather::Fair);
        let mut later = TcpStream::connect(proxy.address).await.unwrap();
        assert_eq!(round_trip(&mut later, b"again").await.unwrap(), b"again");
    }
}
