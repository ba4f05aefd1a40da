//! Connections: how many there may be at once, and how long one may be silent before its first word.

use std::io;
use std::net::Shutdown;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, Semaphore, SemaphorePermit};

use crate::config::Settings;
use crate::wire::{self, Contradiction, Framing};

/// Files left for databases, journals and outgoing calls when sockets are capped by the open-file limit.
const FILES_RESERVED: usize = 200;
/// What an HTTP/2 client with prior knowledge says first (RFC 9113 §3.4).
const HTTP2_PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Bytes that the kernel keeps for a reader of small messages (it takes twice as many): a few of them.
const TRICKLE_BUFFER: usize = 4096;
/// Longest that a peer may leave bytes unacknowledged.
const UNACKNOWLEDGED_MAX: Duration = Duration::from_secs(30);
/// Between two looks at a first line that comes in pieces.
const LOOK: Duration = Duration::from_millis(20);

/// Places for connections, WebSockets included. Cheap to clone.
#[derive(Clone)]
pub struct Slots {
    free: Arc<Semaphore>,
    all: u32,
}

impl Slots {
    /// As many as [`connections_max`] says.
    pub fn open(settings: &Settings) -> Self {
        let all = u32::try_from(connections_max(settings)).unwrap_or(u32::MAX);
        Self { free: Arc::new(Semaphore::new(all as usize)), all }
    }

    /// A place, as soon as one is free; meanwhile newcomers wait in the kernel.
    pub async fn take(&self) -> Slot {
        let permit = self.free.acquire().await.expect("the places are never closed");
        Slot::of(&self.free, permit)
    }

    /// A place, if one is free.
    pub fn try_take(&self) -> Option<Slot> {
        self.free.try_acquire().ok().map(|permit| Slot::of(&self.free, permit))
    }

    /// Ends when no connection is left.
    pub async fn all_free(&self) {
        let _ = self.free.acquire_many(self.all).await;
    }
}

/// Connections at once: what the settings ask for, lowered to what the open-file limit allows.
pub fn connections_max(settings: &Settings) -> usize {
    let wanted = settings.server.connections_max;
    files_max().map_or(wanted, |files| wanted.min(files.saturating_sub(FILES_RESERVED).max(1)))
}

/// Says at the start how many connections there may be, and why.
pub fn say_how_many(settings: &Settings) {
    let (wanted, allowed) = (settings.server.connections_max, connections_max(settings));
    let files = files_max().map_or_else(|| "any number of".to_owned(), |files| files.to_string());
    if allowed < wanted {
        tracing::warn!(
            "at most {allowed} connections at once instead of {wanted}: only {files} files may be open. Raise it with `ulimit -n` or LimitNOFILE=, or run more processes"
        );
    } else {
        tracing::info!("up to {allowed} connections at once; {files} files may be open");
    }
    metrics::gauge!("http_connections_max").set(allowed as f64);
}

/// The open-file limit of this process; `None` without limit or without `/proc`.
pub(crate) fn files_max() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/limits").ok()?;
    text.lines().find(|l| l.starts_with("Max open files"))?.split_whitespace().nth(3)?.parse().ok()
}

/// Says of a connection, from a handler, that it carries a stream of small messages from now on: whatever a slow reader has
/// not taken then waits where the next message replaces it, instead of piling up stale in the kernel, which grants a
/// socket a hundred kilobytes and more, and in the HTTP library, which puts sixteen messages together.
#[derive(Clone, Default)]
pub struct Trickle(Arc<Tide>);

#[derive(Default)]
struct Tide {
    begins: AtomicBool,
    /// The kernel has refused what was written last.
    is_full: AtomicBool,
    /// It takes something again.
    ebbs: Notify,
}

impl Trickle {
    /// Takes effect before the next byte is sent.
    pub fn begin(&self) {
        self.0.begins.store(true, Ordering::Relaxed);
    }

    /// Ready unless the reader is behind. A message that is written before then waits in the library's hands, with older ones.
    pub async fn taken(&self) {
        loop {
            let ebbs = self.0.ebbs.notified();
            if !self.0.is_full.load(Ordering::SeqCst) {
                return;
            }
            ebbs.await;
        }
    }

    fn take(&self) -> bool {
        self.0.begins.load(Ordering::Relaxed) && self.0.begins.swap(false, Ordering::Relaxed)
    }

    /// What the kernel has said to bytes.
    fn note(&self, written: &Poll<io::Result<usize>>) {
        let is_full = written.is_pending();
        if self.0.is_full.swap(is_full, Ordering::SeqCst) && !is_full {
            self.0.ebbs.notify_waiters();
        }
    }
}

/// A place for one connection, free again when it is dropped.
pub struct Slot(Arc<Semaphore>);

impl Slot {
    /// Without the count that an owned permit keeps, which is always one.
    fn of(free: &Arc<Semaphore>, permit: SemaphorePermit<'_>) -> Self {
        permit.forget();
        Self(free.clone())
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

/// A connection in its place, which becomes free when the last of it is dropped: a WebSocket takes the stream out of
/// HTTP's hands ([`Upgrade`](crate::upgrade::Upgrade)) and keeps the place.
pub struct Placed {
    stream: TcpStream,
    /// Nothing once another protocol has taken over.
    http: Option<Box<Http>>,
    _slot: Slot,
}

/// What is followed of a connection as long as it speaks HTTP.
#[derive(Default)]
struct Http {
    trickle: Trickle,
    trickles: bool,
    framing: Framing,
    /// What is left to be written instead of the library's own words.
    instead: Vec<u8>,
}

impl Placed {
    /// Puts a connection into its place.
    pub fn new(stream: TcpStream, slot: Slot) -> Self {
        metrics::gauge!("http_connections").increment(1.0);
        // Without it small answers wait for the next; the connection works all the same.
        let _ = stream.set_nodelay(true);
        // Whoever acknowledges nothing is gone; without it the kernel goes on trying for a quarter of an hour.
        let _ = SockRef::from(&stream).set_tcp_user_timeout(Some(UNACKNOWLEDGED_MAX));
        Self { stream, http: Some(Box::default()), _slot: slot }
    }

    /// Where it is noted that a request states its length in two ways.
    pub fn contradiction(&self) -> Contradiction {
        self.http.as_ref().map(|http| http.framing.contradiction()).unwrap_or_default()
    }

    /// The switch that makes this connection one for small messages.
    pub fn trickle(&self) -> Trickle {
        self.http.as_ref().map(|http| http.trickle.clone()).unwrap_or_default()
    }

    /// The same connection when it speaks HTTP no more.
    pub(crate) fn without_http(mut self) -> Self {
        self.http = None;
        self
    }

    /// The stream itself, to wait for what comes and to write what it takes at once.
    pub fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Says that nothing more will be written.
    pub fn end_writing(&self) {
        // Whoever has gone meanwhile does not hear it.
        let _ = SockRef::from(&self.stream).shutdown(Shutdown::Write);
    }

    /// Waits for enough of the first line to tell HTTP/1 from HTTP/2; `false` when that is not there within
    /// `longest`. The HTTP library starts its header timeout only then, so a silent client would stay for ever.
    pub async fn has_spoken(&self, longest: Duration) -> bool {
        let first_words = async {
            let mut start = [0; HTTP2_PREFACE.len()];
            loop {
                match self.stream.peek(&mut start).await {
                    Ok(0) | Err(_) => return false,
                    Ok(n) if n == start.len() || !HTTP2_PREFACE.starts_with(&start[..n]) => return true,
                    Ok(_) => tokio::time::sleep(LOOK).await,
                }
            }
        };
        tokio::time::timeout(longest, first_words).await.unwrap_or(false)
    }
}

impl Placed {
    /// Before `bytes` are written: whether they were written in other words, or are being so.
    fn poll_instead(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<bool>> {
        let Self { stream, http: Some(http), .. } = self else { return Poll::Ready(Ok(false)) };
        if http.trickle.take() {
            // With a larger buffer it works too, only less sparingly.
            let _ = SockRef::from(&*stream).set_send_buffer_size(TRICKLE_BUFFER);
            http.trickles = true;
        }
        http.framing.answered();
        if http.instead.is_empty() {
            match wire::in_words(bytes) {
                Some(words) => http.instead = words,
                None => return Poll::Ready(Ok(false)),
            }
        }
        while !http.instead.is_empty() {
            match ready!(Pin::new(&mut *stream).poll_write(cx, &http.instead))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => drop(http.instead.drain(..written)),
            }
        }
        Poll::Ready(Ok(true))
    }

    /// The same answer, noted where messages wait for it.
    fn noted(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Some(http) = self.http.as_ref().filter(|http| http.trickles) {
            http.trickle.note(&written);
        }
        written
    }
}

impl Drop for Placed {
    fn drop(&mut self) {
        if self.http.as_ref().is_some_and(|http| http.framing.is_within_head()) {
            // Whoever has gone meanwhile does not hear it.
            let _ = self.stream.try_write(&wire::too_slow());
        }
        metrics::gauge!("http_connections").decrement(1.0);
    }
}

impl AsyncRead for Placed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let known = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        if let Some(http) = &mut self.http {
            http.framing.hear(&buffer.filled()[known..]);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Placed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if ready!(self.poll_instead(cx, bytes))? {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.noted(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // The library's own refusals come in one piece.
        let mut full = pieces.iter().filter(|piece| !piece.is_empty());
        let only = full.next().filter(|_| full.next().is_none());
        let only: &[u8] = only.map_or(&[], |piece| piece);
        if ready!(self.poll_instead(cx, only))? {
            return Poll::Ready(Ok(only.len()));
        }
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.noted(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(all(test, feature = "testing"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::Router;
    use axum::body::Bytes;
    use axum::routing::{get, post};
    use futures_util::{FutureExt, StreamExt};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::testing::TestServer;

    /// What a client that says `words` and then nothing more gets to read before it is shown out.
    async fn answer_to_a_slow(words: &[u8]) -> Vec<u8> {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = Settings::for_test(dir.path());
        settings.server.header_timeout_s = 1;
        settings.server.body_timeout_s = 1;
        let router = Router::new().route("/", post(|_body: Bytes| async {}));
        let server = TestServer::start(router, &settings);
        let mut client = tokio::net::TcpStream::connect(server.address).await.unwrap();
        client.write_all(words).await.unwrap();
        let mut answer = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(30), client.read_to_end(&mut answer)).await;
        // A reset is a way to be shown out too.
        let _ = closed.expect("the connection is closed by itself");
        answer
    }

    #[tokio::test]
    async fn whoever_keeps_us_waiting_is_shown_out() {
        let body = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 9\r\n\r\nhalf";
        for words in [&b""[..], b"PRI * HTTP"] {
            assert!(answer_to_a_slow(words).await.is_empty(), "nothing was asked yet");
        }
        let half = answer_to_a_slow(b"GET / HTTP/1.1\r\nHost: x\r\nX-Half").await;
        assert!(half.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&half));
        assert!(answer_to_a_slow(body).await.starts_with(b"HTTP/1.1 400"));
    }

    #[tokio::test]
    async fn a_websocket_keeps_its_place_among_the_connections() {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = Settings::for_test(dir.path());
        settings.server.connections_max = 1;
        let upgrade = async |upgrade: axum::extract::ws::WebSocketUpgrade| {
            upgrade.on_upgrade(async |mut socket| while socket.recv().await.is_some() {})
        };
        let server = TestServer::start(Router::new().route("/", get(upgrade)), &settings);
        let hello = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
        let (mut first, mut second) = (connect(&server).await, connect(&server).await);
        first.write_all(hello).await.unwrap();
        assert_eq!(first.read_u8().await.unwrap(), b'H');
        second.write_all(hello).await.unwrap();
        let meanwhile = tokio::time::timeout(Duration::from_millis(100), second.read_u8()).await;
        assert!(meanwhile.is_err(), "answered beside the only place");
        drop(first);
        assert_eq!(second.read_u8().await.unwrap(), b'H', "the place is free again");
    }

    /// Bytes of messages that are put together for a reader who never reads, one by one as they would come, before the server has to wait
    /// for her.
    async fn kept_for_a_stalled_reader(is_trickle: bool) -> usize {
        let dir = tempfile::tempdir().unwrap();
        let sent = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = sent.clone();
        let stream = async move |axum::Extension(trickle): axum::Extension<Trickle>| {
            if is_trickle {
                trickle.begin();
            }
            let pieces = futures_util::stream::repeat(()).then(move |()| {
                let (trickle, counted) = (trickle.clone(), counted.clone());
                async move {
                    tokio::task::yield_now().await;
                    trickle.taken().await;
                    counted.fetch_add(MESSAGE, Ordering::Relaxed);
                    Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b'x'; MESSAGE]))
                }
            });
            axum::body::Body::from_stream(pieces)
        };
        let server =
            TestServer::start(Router::new().route("/", get(stream)), &Settings::for_test(dir.path()));
        let client = tokio::net::TcpSocket::new_v4().unwrap();
        client.set_recv_buffer_size(4096).unwrap();
        let mut client = client.connect(server.address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        // It has stalled once the count stands still.
        let (mut before, mut still) = (0, 0);
        while still < 20 {
            tokio::time::sleep(LOOK).await;
            let now = sent.load(Ordering::Relaxed);
            still = if now == before && now > 0 { still + 1 } else { 0 };
            before = now;
        }
        before
    }

    /// About as long as a visitor's position with a message to the line.
    const MESSAGE: usize = 600;

    #[tokio::test]
    async fn little_is_kept_for_a_reader_who_has_stalled() {
        let (large, small) = (kept_for_a_stalled_reader(false).await, kept_for_a_stalled_reader(true).await);
        assert!(small * 4 < large, "{small} bytes against {large}");
    }

    #[tokio::test]
    async fn whoever_waits_for_a_reader_goes_on_when_she_takes_something() {
        let trickle = Trickle::default();
        let is_ready = || trickle.taken().now_or_never().is_some();
        assert!(is_ready());
        trickle.note(&Poll::Pending);
        assert!(!is_ready());
        let ebbs = async {
            tokio::task::yield_now().await;
            trickle.note(&Poll::Ready(Ok(1)));
        };
        tokio::join!(trickle.taken(), trickle.taken(), ebbs);
        assert!(is_ready());
    }

    /// She answers for her kernel, which has room for nothing more, and so is never silent; whether the kernel lets us wait no longer
    /// than we said is looked at with a shorter patience.
    #[tokio::test]
    async fn a_reader_who_takes_nothing_any_more_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = tokio::net::TcpSocket::new_v4().unwrap();
        client.set_recv_buffer_size(4096).unwrap();
        let client = client.connect(listener.local_addr().unwrap());
        let (_client, accepted) = tokio::join!(client, listener.accept());
        let slot = Slots::open(&Settings::for_test(dir.path())).try_take().unwrap();
        let mut placed = Placed::new(accepted.unwrap().0, slot);
        let socket = SockRef::from(&placed.stream);
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(UNACKNOWLEDGED_MAX));
        socket.set_tcp_user_timeout(Some(Duration::from_millis(500))).unwrap();
        let error = async {
            loop {
                if let Err(error) = placed.write_all(&[b'x'; 4096]).await {
                    return error;
                }
            }
        };
        let error = tokio::time::timeout(Duration::from_secs(20), error).await.expect("she was waited for");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
    }

    async fn connect(server: &TestServer) -> tokio::net::TcpStream {
        tokio::net::TcpStream::connect(server.address).await.unwrap()
    }
}
