//! The accept loop.
//!
//! Our own loop because `axum::serve` has no timeout for headers: half a request would hold a connection
//! for ever. Connections are capped, slow ones are closed, and who stops finishes what is open ([`crate::stop`]).

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;

use crate::config::Settings;
use crate::connection::{Placed, Slots};

/// Connections the kernel keeps for us while we accept: an on-sale opens thousands at once.
const BACKLOG: u32 = 4096;
/// Bytes of one request's header section at most; also hyper's read buffer.
const HEADER_BYTES_MAX: usize = 16 * 1024;
/// Given to connections that were opened just before the end for saying what they want.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Binds with a backlog fit for an on-sale (`TcpListener::bind` passes only 128).
pub fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address).map_err(|e| {
        anyhow::anyhow!("cannot listen on {address}: {e}. Choose another address with --listen.")
    })?;
    Ok(socket.listen(BACKLOG)?)
}

/// Serves `router` until `stop` is cancelled, then gives open requests and WebSockets the grace of the settings.
pub async fn run(listener: TcpListener, router: Router, settings: &Settings, stop: CancellationToken) {
    let slots = Slots::open(settings);
    let mut builder = Builder::new(TokioExecutor::new());
    let header_timeout = Duration::from_secs(settings.server.header_timeout_s);
    // More than 100 header fields are refused unasked; asked for the same number, the library would keep room for them on the heap.
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_buf_size(HEADER_BYTES_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(100)
        .max_header_list_size(HEADER_BYTES_MAX as u32)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20));
    let greet = |builder: &Builder<TokioExecutor>, stream: Placed, peer: SocketAddr, router: &Router| {
        let (builder, router, stop) = (builder.clone(), router.clone(), stop.clone());
        tokio::spawn(async move {
            let spoken = tokio::select! {
                spoken = stream.has_spoken(header_timeout) => spoken,
                () = async { stop.cancelled().await; tokio::time::sleep(LAST_WORDS).await } => false,
            };
            if !spoken {
                return;
            }
            let heard = CancellationToken::new();
            let mut connection = pin!(connection(&builder, stream, peer, router, heard.clone()));
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                // Told to finish before it has read what the client said, it would close instead, with a reset.
                () = async { stop.cancelled().await; heard.cancelled().await } => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    };
    loop {
        let accept = async { (slots.take().await, listener.accept().await) };
        let (slot, accepted) = tokio::select! {
            accepted = accept => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => greet(&builder, Placed::new(stream, slot), peer, &router),
            Err(error) => {
                // Out of files, most likely: the kernel keeps the rest in its backlog while some close.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    // Those who had reached the kernel before us are served: closing the listener would reset them.
    for (stream, peer) in already_there(listener) {
        let Some(slot) = slots.try_take() else { break };
        greet(&builder, Placed::new(stream, slot), peer, &router);
    }
    let grace = Duration::from_secs(settings.server.stop_grace_s);
    if tokio::time::timeout(grace, slots.all_free()).await.is_err() {
        tracing::warn!("some connections were still open after the grace period and were dropped");
    }
}

/// Closes the listener; the connections that were waiting to be accepted. The kernel is asked and not the runtime, which on a
/// busy machine has not heard of them yet.
fn already_there(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else { return Vec::new() };
    let accepted = std::iter::from_fn(|| listener.accept().ok());
    let streams = accepted.filter_map(|(stream, peer)| {
        stream.set_nonblocking(true).ok()?;
        Some((TcpStream::from_std(stream).ok()?, peer))
    });
    streams.take(BACKLOG as usize).collect()
}

/// Serves one connection; `heard` is cancelled at its first request.
fn connection(
    builder: &Builder<TokioExecutor>,
    stream: Placed,
    peer: SocketAddr,
    router: Router,
    heard: CancellationToken,
) -> hyper_util::server::conn::auto::UpgradeableConnection<
    'static,
    TokioIo<Placed>,
    TowerToHyperService<
        impl tower::Service<
            hyper::Request<hyper::body::Incoming>,
            Response = Response,
            Error = std::convert::Infallible,
            Future: Send,
        > + Clone
        + Send
        + 'static,
    >,
    TokioExecutor,
> {
    let (trickle, contradiction) = (stream.trickle(), stream.contradiction());
    let service = ServiceBuilder::new()
        .map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
            heard.cancel();
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(trickle.clone());
            request.extensions_mut().insert(contradiction.clone());
            request.map(Body::new)
        })
        .service(router);
    builder
        .serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service))
        .into_owned()
}
