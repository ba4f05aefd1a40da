//! The lightest client that still speaks HTTP properly: one kept-alive connection, no pool, no cookies.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::histogram::Histogram;
use crate::process::Usage;

/// One client's connection.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
    bearer: Option<String>,
}

impl Connection {
    /// Connects to `authority` (`host:port`); `token` is sent with every request if there is one.
    ///
    /// # Errors
    /// When nobody answers there.
    pub async fn open(authority: &str, token: Option<&str>) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // Ends with the sender.
        tokio::spawn(connection);
        Ok(Self { sender, authority: authority.to_owned(), bearer: token.map(|t| format!("Bearer {t}")) })
    }

    /// Posts JSON; status and body.
    ///
    /// # Errors
    /// When the connection broke.
    pub async fn post(
        &mut self,
        path: &str,
        key: Option<&str>,
        body: String,
    ) -> anyhow::Result<(u16, Bytes)> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(HOST, &self.authority)
            .header(CONTENT_TYPE, "application/json");
        if let Some(bearer) = &self.bearer {
            request = request.header(AUTHORIZATION, bearer);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send(request.body(Full::from(body))?).await
    }

    /// Asks for a path; status and body.
    ///
    /// # Errors
    /// When the connection broke.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<(u16, Bytes)> {
        let request = Request::builder().uri(path).header(HOST, &self.authority);
        self.send(request.body(Full::default())?).await
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> anyhow::Result<(u16, Bytes)> {
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status().as_u16();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}

/// What a round of load showed.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// Operations finished a second.
    pub per_s: f64,
    /// Median latency of an operation, milliseconds.
    pub p50_ms: f64,
    /// 99th percentile, milliseconds.
    pub p99_ms: f64,
    /// CPU of the load generator over that of generator and server together, 0 to 1.
    pub generator_share: f64,
    /// CPU of both, in cores.
    pub cores: f64,
}

/// One client's work: an operation that is repeated until time is up.
pub trait Work: Send + 'static {
    /// Does it once.
    fn once(&mut self) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// Runs all clients side by side for `length`; `server` reads what the server has cost so far.
///
/// # Errors
/// The first error of any client: a figure with failures in it says nothing.
pub async fn run<W: Work>(
    clients: Vec<W>,
    length: Duration,
    server: impl Fn() -> Usage,
) -> anyhow::Result<Round> {
    let (seen, done) = (Arc::new(Histogram::default()), Arc::new(AtomicU64::new(0)));
    let (own_before, server_before) = (Usage::own(), server());
    let began = Instant::now();
    let mut running = JoinSet::new();
    for mut client in clients {
        let (seen, done) = (seen.clone(), done.clone());
        running.spawn(async move {
            while began.elapsed() < length {
                let started = Instant::now();
                client.once().await?;
                seen.record(started.elapsed());
                done.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    while let Some(ended) = running.join_next().await {
        ended??;
    }
    let wall_s = began.elapsed().as_secs_f64();
    let own = Usage::own().cpu_s - own_before.cpu_s;
    let both = own + server().cpu_s - server_before.cpu_s;
    Ok(Round {
        per_s: done.load(Ordering::Relaxed) as f64 / wall_s,
        p50_ms: seen.quantile_ms(0.5),
        p99_ms: seen.quantile_ms(0.99),
        generator_share: if both > 0.0 { own / both } else { 0.0 },
        cores: both / wall_s,
    })
}
