//! The accept loop, and what every answer of Rushline has in common.
//!
//! Our own loop because `axum::serve` has no timeout for headers: half a request would hold a connection
//! for ever. Connections are capped, slow ones are closed, and who stops finishes what is open ([`crate::stop`]).

use std::any::Any;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use http_body_util::BodyExt;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

use crate::config::Settings;
use crate::connection::{Placed, Slots};
use crate::entropy::Entropy;
use crate::json::BODY_LIMIT;
use crate::limits::{Client, client_ip};
use crate::problem::Problem;
use crate::refusals::{self, Accepted};
use crate::stop::Stop;
use crate::telemetry::Operations;

/// Connections the kernel keeps for us while we accept: an on-sale opens thousands at once.
const BACKLOG: u32 = 4096;
/// Header fields of one request at most.
const HEADERS_MAX: usize = 100;
/// Bytes of one request's header section at most; also hyper's read buffer.
const HEADER_BYTES_MAX: usize = 16 * 1024;
/// Given to connections that were opened just before the end for saying what they want.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// Problem documents are small; anything longer is passed on without a request id.
const PROBLEM_MAX: usize = 64 * 1024;
/// The request's id, made here and sent back; the log carries the same.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Id of a request, as an extension.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

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
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_headers(HEADERS_MAX)
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

/// Wraps the whole router in what every answer has in common: request id, client address, panic and framing
/// guards, body limits, security headers, CORS, compression, and problem documents for what the framework
/// itself refuses.
pub fn harden(router: Router, settings: &Settings, entropy: Entropy) -> Router {
    let edge = Arc::new(Edge {
        operations: Operations::default(),
        trusted: settings.trusted_proxies(),
        hosts: allowed_hosts(settings),
        hsts: settings.public_url().starts_with("https://"),
        entropy,
    });
    let answer_timeout = Duration::from_secs(settings.server.answer_timeout_s);
    router.layer(
        ServiceBuilder::new()
            // Outermost: what is compressed can be completed no more.
            .layer(CompressionLayer::new())
            .layer(middleware::from_fn_with_state(edge, at_the_edge))
            .layer(cors(settings))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, answer_timeout))
            .layer(RequestBodyTimeoutLayer::new(Duration::from_secs(settings.server.body_timeout_s)))
            .layer(DefaultBodyLimit::max(BODY_LIMIT)),
    )
}

/// While draining, says on every answer that the connection ends: clients and load balancers then hold none that
/// could close under a request when the end comes.
pub fn let_go_while_draining(router: Router, stop: Stop) -> Router {
    router.layer(middleware::map_response_with_state(
        stop,
        async |State(stop): State<Stop>, mut response: Response| {
            if stop.is_draining() && response.status() != StatusCode::SWITCHING_PROTOCOLS {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            response
        },
    ))
}

struct Edge {
    operations: Operations,
    trusted: Vec<crate::limits::Block>,
    hosts: Option<Vec<String>>,
    hsts: bool,
    entropy: Entropy,
}

/// Hosts that are answered; `None` for any.
fn allowed_hosts(settings: &Settings) -> Option<Vec<String>> {
    if !settings.is_production() && settings.server.allowed_hosts.is_empty() {
        return None;
    }
    let own = settings.public_url();
    let own = own.split("://").nth(1).unwrap_or_default().to_owned();
    Some(settings.server.allowed_hosts.iter().cloned().chain([own]).collect())
}

async fn at_the_edge(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|v| v.to_str().ok())
        .filter(|v| (8..=64).contains(&v.len()) && v.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        .map_or_else(|| edge.entropy.code(20), str::to_owned);
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        let client = client_ip(peer.ip(), request.headers(), &edge.trusted);
        request.extensions_mut().insert(Client(client.into()));
    }
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let (route, began) = (request.extensions().get::<MatchedPath>().cloned(), Instant::now());
    let accepted = Accepted::by(request.headers());
    let mut response = match refusals::refusal(&request, edge.hosts.as_deref()) {
        Some(refused) => refused,
        None => in_accepted_type(next.run(request).await, &accepted),
    };
    tracing::debug!(%method, %path, status = response.status().as_u16(), request = %id, "answered");
    let route = route.as_ref().map(MatchedPath::as_str);
    edge.operations.record(&method, route, response.status(), began.elapsed());
    response = with_request_id(response, &id).await;
    if matches!(response.status(), StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE) {
        // What is left of the body is not waited for.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    secure(&mut response, edge.hsts);
    response
}

/// The answer, unless it is a success of a type that the client does not take.
fn in_accepted_type(response: Response, accepted: &Accepted) -> Response {
    let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    match media_type.filter(|_| response.status().is_success()) {
        Some(media_type) if !accepted.takes(media_type) => {
            refusals::not_acceptable(media_type).into_response()
        }
        _ => response,
    }
}

/// Puts the request id into the header of every answer and into the body of problem documents, and turns the
/// few plain-text refusals of the framework into problem documents.
async fn with_request_id(response: Response, id: &str) -> Response {
    let (mut parts, body) = response.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let body = if kind == "application/problem+json" {
        match body.collect().await.map(http_body_util::Collected::to_bytes) {
            Ok(bytes) if bytes.len() <= PROBLEM_MAX => {
                parts.headers.remove(header::CONTENT_LENGTH);
                Body::from(add_member(&bytes, id))
            }
            Ok(bytes) => Body::from(bytes),
            Err(_) => Body::empty(),
        }
    } else if is_bare_refusal(parts.status, kind) {
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        Body::from(add_member(refused(parts.status).document().to_string().as_bytes(), id))
    } else {
        body
    };
    if let Ok(value) = HeaderValue::from_str(id) {
        parts.headers.insert(REQUEST_ID, value);
    }
    Response::from_parts(parts, body)
}

/// What the framework itself refuses carries no body or a line of plain text.
fn is_bare_refusal(status: StatusCode, content_type: &str) -> bool {
    (status.is_client_error() || status.is_server_error())
        && (content_type.is_empty() || content_type.starts_with("text/plain"))
}

fn refused(status: StatusCode) -> Problem {
    let (slug, title, detail) = match status {
        StatusCode::NOT_FOUND => return Problem::not_found(),
        StatusCode::SERVICE_UNAVAILABLE => return Problem::unavailable(1),
        StatusCode::METHOD_NOT_ALLOWED => (
            "method-not-allowed",
            "Method not allowed",
            "This address answers other methods; see the Allow header.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "Too large", "Send less than this route's limit."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("media-type", "Not this media type", "Send JSON."),
        StatusCode::REQUEST_TIMEOUT => {
            ("timeout", "Too slow", "The request took too long to arrive. Send it again.")
        }
        status if status.is_server_error() => return Problem::internal("a bare error status was answered"),
        _ => (
            "bad-request",
            "The request could not be read",
            "Check the address and its parameters against the API documentation.",
        ),
    };
    Problem::new(status, slug, title).detail(detail)
}

fn add_member(document: &[u8], id: &str) -> Bytes {
    match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(document) {
        Ok(mut map) => {
            // A repeated answer keeps the id of the request it was first given to.
            map.entry("request_id").or_insert_with(|| id.into());
            serde_json::to_vec(&map).unwrap_or_default().into()
        }
        Err(_) => Bytes::copy_from_slice(document),
    }
}

fn secure(response: &mut Response, hsts: bool) {
    let headers = response.headers_mut();
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::REFERRER_POLICY, "no-referrer");
    default(header::X_FRAME_OPTIONS, "DENY");
    default(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
    if hsts {
        default(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
}

fn cors(settings: &Settings) -> CorsLayer {
    let origins: Vec<HeaderValue> =
        settings.server.cors_origins.iter().filter_map(|o| HeaderValue::from_str(o).ok()).collect();
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([
            axum::http::Method::GET,
            axum::http::Method::POST,
            axum::http::Method::PUT,
            axum::http::Method::PATCH,
            axum::http::Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("place-token"),
            HeaderName::from_static(crate::admission::HEADER),
        ])
        .max_age(Duration::from_secs(600))
}

fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str).or(cause.downcast_ref::<&str>().copied());
    Problem::internal(text.unwrap_or("a handler panicked")).into_response()
}

#[cfg(all(test, feature = "testing"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use axum::routing::post;
    use serde_json::Value;
    use tower::ServiceExt;

    use crate::testing::Log;

    async fn answer(request: Request<Body>) -> (StatusCode, Value, axum::http::HeaderMap) {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings::for_test(dir.path());
        let router = Router::new()
            .route("/broken", post(|| async { panic!("on purpose") as () }))
            .route("/bare", post(|| async { StatusCode::CONFLICT }));
        let response = harden(router, &settings, Entropy::seeded(1)).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (parts.status, serde_json::from_slice(&bytes).unwrap(), parts.headers)
    }

    #[tokio::test]
    async fn whatever_goes_wrong_is_a_problem_document_with_a_request_id() {
        for (method, path, status, slug) in [
            ("GET", "/nowhere", 404, "not-found"),
            ("GET", "/bare", 405, "method-not-allowed"),
            ("POST", "/bare", 409, "bad-request"),
            ("POST", "/broken", 500, "internal"),
            ("GET", "/a%00b", 400, "bad-request"),
        ] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let (got, document, headers) = answer(request).await;
            assert_eq!(got.as_u16(), status, "{method} {path}");
            assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
            assert!(document["type"].as_str().unwrap().ends_with(&format!("/{slug}")), "{document}");
            assert_eq!(document["request_id"].as_str(), headers[&REQUEST_ID].to_str().ok());
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
    }

    #[tokio::test]
    async fn each_answer_is_logged_with_its_id_and_without_its_query() {
        let (log, logging) = Log::start();
        let request = Request::builder().uri("/nowhere?token=secret").body(Body::empty()).unwrap();
        let (_, _, headers) = answer(request).await;
        drop(logging);
        let text = log.text();
        let line = text.lines().find(|line| line.contains("answered")).unwrap_or_else(|| panic!("{text}"));
        for part in ["method=GET", "path=/nowhere", "status=404", headers[&REQUEST_ID].to_str().unwrap()] {
            assert!(line.contains(part), "{part} is not in {line}");
        }
        assert!(!text.contains("secret"), "{text}");
    }
}
