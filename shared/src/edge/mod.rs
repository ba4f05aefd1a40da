//! What every answer of Rushline has in common: request id, client address, panic and framing guards, limits of time and
//! size, security headers, CORS, compression, and problem documents for what the framework itself refuses.
//!
//! One layer of our own instead of a stack of ready ones: those copy themselves, with all they hold, several times for each
//! request, which cost a kept page more than everything else. Whatever a request does not need, most often CORS,
//! compression and a limit for a body, costs it nothing here.

mod complete;
mod cors;
pub(crate) mod refusals;

use std::any::Any;
use std::convert::Infallible;
use std::future::{Future, ready};
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::Route;
use futures_util::FutureExt;
use futures_util::future::Either;
use serde_json::json;
use tower::layer::layer_fn;
use tower::{Service, ServiceExt, service_fn};
use tower_http::compression::Compression;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use tower_http::timeout::TimeoutBody;

use self::cors::Cors;
use self::refusals::Accepted;
use crate::clock::Clock;
use crate::config::Settings;
use crate::entropy::Entropy;
use crate::json::BODY_LIMIT;
use crate::limits::{Client, client_ip};
use crate::problem::Problem;
use crate::stop::Stop;
use crate::telemetry::Operations;
use crate::traces::{self, Trace, Tracer};

/// The request's id, made here and sent back; the log carries the same.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Headers that an answer gets here, at most as a rule.
const HEADERS_ADDED: usize = 8;

/// Id of a request, as an extension.
#[derive(Clone, Debug)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The client's own, if it is fit to be one, or a new one.
    fn of(request: &Request, entropy: &Entropy) -> Self {
        let is_fit = |id: &&HeaderValue| {
            (8..=64).contains(&id.len())
                && id.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
        };
        let own = request.headers().get(&REQUEST_ID).filter(is_fit);
        Self(own.cloned().unwrap_or_else(|| {
            HeaderValue::try_from(entropy.code(20)).unwrap_or(HeaderValue::from_static("none"))
        }))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// What the edge knows.
struct Edge {
    operations: Operations,
    trusted: Vec<crate::limits::Block>,
    hosts: Option<Vec<String>>,
    hsts: bool,
    cors: Cors,
    answer_timeout: Duration,
    body_timeout: Duration,
    entropy: Entropy,
    tracer: Tracer,
    stop: Stop,
    is_worth_compressing: DefaultPredicate,
}

/// What is kept of a request for its answer.
struct Visit {
    id: RequestId,
    method: Method,
    /// Only when it is logged.
    path: Option<String>,
    route: Option<MatchedPath>,
    accepted: Accepted,
    /// `Accept-Encoding`, header by header.
    encodings: Vec<HeaderValue>,
    began: Instant,
    /// When it is traced.
    trace: Option<Trace>,
}

/// Wraps the whole router. Once `stop` drains, every answer says that its connection ends: clients and load balancers then
/// hold none that could close under a request when the end comes.
pub fn harden(router: Router, settings: &Settings, entropy: Entropy, stop: Stop) -> Router {
    let edge = Arc::new(Edge {
        operations: Operations::default(),
        trusted: settings.trusted_proxies(),
        hosts: allowed_hosts(settings),
        hsts: settings.public_url().starts_with("https://"),
        cors: Cors::of(&settings.server.cors_origins),
        answer_timeout: Duration::from_secs(settings.server.answer_timeout_s),
        body_timeout: Duration::from_secs(settings.server.body_timeout_s),
        tracer: Tracer::new(settings, Clock::system(), entropy.clone()),
        entropy,
        stop,
        is_worth_compressing: DefaultPredicate::new(),
    });
    router.layer(layer_fn(move |mut site: Route| {
        let edge = edge.clone();
        service_fn(move |request: Request| edge.clone().answer(&mut site, request))
    }))
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

impl Edge {
    /// The site is asked before this returns, so that it need not be kept for later.
    fn answer(
        self: Arc<Self>,
        site: &mut Route,
        mut request: Request,
    ) -> impl Future<Output = Result<Response, Infallible>> + Send + use<> {
        let visit = self.receive(&mut request);
        let answer = match refusals::refusal(&request, self.hosts.as_deref()) {
            Some(refused) => Either::Left(ready(refused)),
            None => {
                let answer = self.clone().served(site, request);
                Either::Right(match &visit.trace {
                    Some(trace) => Either::Left(trace.around(answer)),
                    None => Either::Right(answer),
                })
            }
        };
        async move {
            let response = answer.await;
            Ok(self.finish(in_accepted_type(response, &visit.accepted), visit).await)
        }
    }

    fn receive(&self, request: &mut Request) -> Visit {
        let id = RequestId::of(request, &self.entropy);
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().copied();
        if let Some(ConnectInfo(peer)) = peer {
            let client = client_ip(peer.ip(), request.headers(), &self.trusted);
            request.extensions_mut().insert(Client(client.into()));
        }
        request.extensions_mut().insert(id.clone());
        let trace = self.tracer.begin(request.headers());
        let is_logged = tracing::enabled!(tracing::Level::DEBUG);
        Visit {
            id,
            method: request.method().clone(),
            path: is_logged.then(|| request.uri().path().to_owned()),
            route: request.extensions().get().cloned(),
            accepted: Accepted::by(request.headers()),
            encodings: request.headers().get_all(header::ACCEPT_ENCODING).iter().cloned().collect(),
            began: Instant::now(),
            trace,
        }
    }

    /// What the site answers, with what pages of other origins may know of it.
    fn served(self: Arc<Self>, site: &mut Route, request: Request) -> impl Future<Output = Response> + use<> {
        let origin = request.headers().get(header::ORIGIN).cloned();
        if request.method() == Method::OPTIONS {
            return Either::Left(ready(self.cors.before(origin)));
        }
        let answer = self.in_time(site, request);
        Either::Right(async move {
            let mut response = answer.await;
            self.cors.allow(origin, response.headers_mut());
            response
        })
    }

    /// What the site answers in time, whatever happens in there.
    fn in_time(&self, site: &mut Route, mut request: Request) -> impl Future<Output = Response> + use<> {
        if !request.body().is_end_stream() {
            DefaultBodyLimit::max(BODY_LIMIT).apply(&mut request);
            let body_timeout = self.body_timeout;
            request = request.map(|body| Body::new(TimeoutBody::new(body_timeout, body)));
        }
        let answer = AssertUnwindSafe(site.call(request)).catch_unwind();
        let answer_timeout = self.answer_timeout;
        async move {
            match tokio::time::timeout(answer_timeout, answer).await {
                Ok(Ok(Ok(response))) => response,
                Ok(Ok(Err(never))) => match never {},
                Ok(Err(cause)) => panicked(cause),
                Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            }
        }
    }

    async fn finish(&self, response: Response, mut visit: Visit) -> Response {
        let status = response.status();
        if let Some(path) = &visit.path {
            let (method, id) = (&visit.method, visit.id.as_str());
            tracing::debug!(%method, %path, status = status.as_u16(), request = %id, "answered");
        }
        let route = visit.route.as_ref().map(MatchedPath::as_str);
        let took = visit.began.elapsed();
        self.operations.record(&visit.method, route, status, took);
        if let Some(trace) = visit.trace.take() {
            let (method, route) = (visit.method.as_str(), route.unwrap_or_default());
            let attributes = [
                ("http.request.method", json!(method)),
                ("http.route", json!(route)),
                ("http.response.status_code", json!(status.as_u16())),
                ("rushline.request_id", json!(visit.id.as_str())),
            ];
            let name = format!("{method} {route}");
            trace.end(name.trim_end(), traces::Kind::Server, took, status.is_server_error(), &attributes);
        }
        let mut response = complete::with_request_id(response, &visit.id).await;
        let headers = response.headers_mut();
        headers.reserve(HEADERS_ADDED);
        headers.insert(REQUEST_ID, visit.id.0);
        complete::secure(headers, self.hsts);
        let mut response = self.compress(response, visit.encodings).await;
        // What is left of a body that was refused is not waited for.
        let is_cut = matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE);
        if is_cut || (self.stop.is_draining() && status != StatusCode::SWITCHING_PROTOCOLS) {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// The answer as the client wants it packed.
    async fn compress(&self, mut response: Response, encodings: Vec<HeaderValue>) -> Response {
        if encodings.is_empty() {
            if self.would_be_compressed(&response) {
                let vary = HeaderValue::from(header::ACCEPT_ENCODING);
                response.headers_mut().append(header::VARY, vary);
            }
            return response;
        }
        let mut asked = Request::new(Body::empty());
        encodings.into_iter().for_each(|coding| {
            asked.headers_mut().append(header::ACCEPT_ENCODING, coding);
        });
        let mut response = Some(response);
        let answer = service_fn(move |_: Request| ready(Ok(response.take().unwrap_or_default())));
        match Compression::new(answer).oneshot(asked).await {
            Ok(packed) => packed.map(Body::new),
            Err(never) => {
                let never: Infallible = never;
                match never {}
            }
        }
    }

    /// Whether another client would be sent other bytes.
    fn would_be_compressed(&self, response: &Response) -> bool {
        let headers = response.headers();
        !headers.contains_key(header::CONTENT_ENCODING)
            && !headers.contains_key(header::CONTENT_RANGE)
            && self.is_worth_compressing.should_compress(response)
    }
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

fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str).or(cause.downcast_ref::<&str>().copied());
    Problem::internal(text.unwrap_or("a handler panicked")).into_response()
}

#[cfg(all(test, feature = "testing"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use axum::routing::post;
    use http_body_util::BodyExt;
    use serde_json::Value;

    use crate::testing::Log;

    async fn answer(request: Request<Body>) -> (StatusCode, Value, axum::http::HeaderMap) {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings::for_test(dir.path());
        let router = Router::new()
            .route("/broken", post(|| async { panic!("on purpose") as () }))
            .route("/bare", post(|| async { StatusCode::CONFLICT }));
        let response =
            harden(router, &settings, Entropy::seeded(1), Stop::default()).oneshot(request).await.unwrap();
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
