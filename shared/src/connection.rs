//! Connections: how many there may be at once, and how long one may be silent before its first word.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Settings;

/// Files left for databases, journals and outgoing calls when sockets are capped by the open-file limit.
const FILES_RESERVED: usize = 200;
/// What an HTTP/2 client with prior knowledge says first (RFC 9113 §3.4).
const HTTP2_PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Between two looks at a first line that comes in pieces.
const LOOK: Duration = Duration::from_millis(20);

/// Places for connections, WebSockets included. Cheap to clone.
#[derive(Clone)]
pub struct Slots {
    free: Arc<Semaphore>,
    all: u32,
}

impl Slots {
    /// As many as the settings ask for, lowered to what the open-file limit allows; said plainly.
    pub fn open(settings: &Settings) -> Self {
        let wanted = settings.server.connections_max;
        let files = files_max();
        let allowed = files.map_or(wanted, |files| wanted.min(files.saturating_sub(FILES_RESERVED).max(1)));
        if allowed < wanted {
            tracing::warn!(
                "only {} files may be open, so at most {allowed} connections instead of {wanted}; raise it with `ulimit -n` or LimitNOFILE=, or run more processes",
                files.unwrap_or_default()
            );
        } else {
            tracing::info!(
                "up to {allowed} connections at once; {} files may be open",
                files.map_or_else(|| "any number of".to_owned(), |files| files.to_string())
            );
        }
        metrics::gauge!("http_connections_max").set(allowed as f64);
        let all = u32::try_from(allowed).unwrap_or(u32::MAX);
        Self { free: Arc::new(Semaphore::new(all as usize)), all }
    }

    /// A place, as soon as one is free; meanwhile newcomers wait in the kernel.
    pub async fn take(&self) -> Slot {
        let permit = self.free.clone().acquire_owned().await.expect("the places are never closed");
        Slot(permit)
    }

    /// A place, if one is free.
    pub fn try_take(&self) -> Option<Slot> {
        self.free.clone().try_acquire_owned().ok().map(Slot)
    }

    /// Ends when no connection is left.
    pub async fn all_free(&self) {
        let _ = self.free.acquire_many(self.all).await;
    }
}

/// The open-file limit of this process; `None` without limit or without `/proc`.
pub(crate) fn files_max() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/limits").ok()?;
    text.lines().find(|l| l.starts_with("Max open files"))?.split_whitespace().nth(3)?.parse().ok()
}

/// A place for one connection.
pub struct Slot(#[allow(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

/// A connection in its place, which becomes free when the last of it is dropped: a WebSocket takes the stream out of
/// HTTP's hands and keeps the place.
pub struct Placed {
    stream: TcpStream,
    _slot: Slot,
}

impl Placed {
    /// Puts a connection into its place.
    pub fn new(stream: TcpStream, slot: Slot) -> Self {
        metrics::gauge!("http_connections").increment(1.0);
        // Without it small answers wait for the next; the connection works all the same.
        let _ = stream.set_nodelay(true);
        Self { stream, _slot: slot }
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

impl Drop for Placed {
    fn drop(&mut self) {
        metrics::gauge!("http_connections").decrement(1.0);
    }
}

impl AsyncRead for Placed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Placed {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
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
        Pin::new(&mut self.stream).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
