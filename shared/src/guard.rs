//! A tower layer that puts any axum site behind a waiting room: the admission token is verified offline, by the waiting
//! room's published keys, and must belong to the browser that shows it.
//!
//! ```no_run
//! # use shared::{browser::BrowserCookie, clock::Clock, guard::AdmissionGuard, peer::Peer};
//! # fn site() -> anyhow::Result<axum::Router> {
//! let waiting_room = Peer::http("http://127.0.0.1:8080")?;
//! let guard = AdmissionGuard::new(waiting_room, "rock-night", "https://tickets.example", Clock::system());
//! Ok(axum::Router::new().route("/shop", axum::routing::get(|| async { "come in" })).layer(guard))
//! # }
//! ```
//!
//! What an offline look cannot see is that an admission was ended early, by an operator or by a departure: it is let
//! through until the token runs out. A site that minds asks `GET /api/v1/admission/check` instead.

use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::future::BoxFuture;
use tower::{Layer, Service};

use crate::admission::{self, AdmissionClaims};
use crate::browser::{self, BrowserCookie};
use crate::clock::Clock;
use crate::peer::Peer;
use crate::problem::Problem;
use crate::remote_keys::RemoteKeys;

/// The layer. Cheap to clone. Handlers find the [`AdmissionClaims`] among the request's extensions.
#[derive(Clone)]
pub struct AdmissionGuard(Arc<Door>);

struct Door {
    keys: RemoteKeys,
    cookie: BrowserCookie,
    clock: Clock,
    room: String,
}

impl AdmissionGuard {
    /// Guards the site behind `room`. `waiting_room` is where its keys are fetched, `public_url` the address that
    /// people type, under which the queue page and the site must both be, because browsers keep cookies by host.
    pub fn new(waiting_room: Peer, room: &str, public_url: &str, clock: Clock) -> Self {
        Self(Arc::new(Door {
            keys: RemoteKeys::new(waiting_room, admission::JWKS_PATH),
            cookie: BrowserCookie::new(public_url),
            clock,
            room: room.to_owned(),
        }))
    }
}

impl Door {
    /// The admission that these headers show, if it is good here and now.
    async fn admission(&self, headers: &HeaderMap) -> Option<AdmissionClaims> {
        let token = shown_token(headers, &self.room)?;
        let now = self.clock.now();
        let keys = self.keys.for_token(token, now).await;
        let claims: AdmissionClaims = keys.verify(token, admission::AUDIENCE, now).ok()?;
        let browser = self.cookie.read(headers)?;
        (claims.room == self.room && claims.cnf == browser.hash()).then_some(claims)
    }

    /// People are sent to the line, programs are told where it is.
    fn refusal(&self, request: &Request) -> Response {
        let queue = format!("/queue/{}", self.room);
        let accepted =
            request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if request.method() == Method::GET && accepted.contains("text/html") {
            return ([(header::CACHE_CONTROL, "no-store")], Redirect::to(&queue)).into_response();
        }
        Problem::new(StatusCode::FORBIDDEN, "queue-required", "The line comes first")
            .detail(format!("Join the line at {queue} and come back when it is your turn."))
            .with("queue", serde_json::json!(queue))
            .into_response()
    }
}

/// The admission token that a request shows for `room`: in its own header, or in the cookie that the waiting room sets.
pub fn shown_token<'h>(headers: &'h HeaderMap, room: &str) -> Option<&'h str> {
    let stated = headers.get(admission::HEADER).and_then(|v| v.to_str().ok());
    stated.or_else(|| browser::cookie(headers, &admission::cookie_name(room)))
}

impl<S> Layer<S> for AdmissionGuard {
    type Service = Guarded<S>;
    fn layer(&self, site: S) -> Guarded<S> {
        Guarded { site, door: self.0.clone() }
    }
}

/// A site behind the door.
#[derive(Clone)]
pub struct Guarded<S> {
    site: S,
    door: Arc<Door>,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.site.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        // The instance that was found ready answers; its clone waits for the next call.
        let spare = self.site.clone();
        let mut site = std::mem::replace(&mut self.site, spare);
        let door = self.door.clone();
        Box::pin(async move {
            let Some(claims) = door.admission(request.headers()).await else {
                return Ok(door.refusal(&request));
            };
            request.extensions_mut().insert(claims);
            site.call(request).await
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use axum::{Extension, Router};
    use tower::ServiceExt;
    use uuid::Uuid;

    use super::*;
    use crate::clock::Ts;
    use crate::entropy::Entropy;
    use crate::keys::{KeyRing, Purpose};

    struct Site {
        router: Router,
        keys: KeyRing,
        clock: Clock,
        cookie: String,
        browser_hash: String,
        _dir: tempfile::TempDir,
    }

    fn site() -> Site {
        let (dir, entropy) = (tempfile::tempdir().unwrap(), Entropy::seeded(1));
        let keys = KeyRing::open(dir.path(), Purpose::Admission, &entropy).unwrap();
        let (jwks, waiting_room) = (keys.public().jwks(), Peer::in_process());
        waiting_room.connect(Router::new().route(admission::JWKS_PATH, get(async || axum::Json(jwks))));
        let clock = Clock::manual(Ts::from_seconds(1_800_000_000));
        let guard = AdmissionGuard::new(waiting_room, "rock-night", "http://localhost", clock.clone());
        let shop = async |Extension(claims): Extension<AdmissionClaims>| claims.event;
        let cookies = BrowserCookie::new("http://localhost");
        let browser = cookies.read_or_new(&HeaderMap::new(), &entropy);
        let cookie = cookies.set(&browser).to_str().unwrap().split(';').next().unwrap().to_owned();
        let router = Router::new().route("/shop", get(shop).post(shop)).layer(guard);
        Site { router, keys, clock, cookie, browser_hash: browser.hash(), _dir: dir }
    }

    impl Site {
        fn token(&self, room: &str) -> String {
            let now = self.clock.now().seconds();
            let claims = AdmissionClaims {
                iss: "http://localhost".into(),
                aud: admission::AUDIENCE.into(),
                sub: Uuid::nil(),
                jti: Uuid::nil(),
                room: room.into(),
                event: "17".into(),
                lane: "general".into(),
                iat: now,
                nbf: now,
                exp: now + 60,
                cnf: self.browser_hash.clone(),
            };
            self.keys.sign(&claims).unwrap()
        }

        async fn ask(&self, headers: &[(&str, &str)]) -> Response {
            let mut request = Request::builder().uri("/shop");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
        }
    }

    #[tokio::test]
    async fn whoever_was_admitted_passes_by_header_or_cookie() {
        let site = site();
        let token = site.token("rock-night");
        let answer = site.ask(&[("cookie", &site.cookie), ("admission-token", &token)]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
        assert_eq!(&body[..], b"17", "the site sees the claims");
        let cookies = format!("{}; rushline_admission_rock-night={token}", site.cookie);
        assert_eq!(site.ask(&[("cookie", &cookies)]).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn everybody_else_is_shown_the_line() {
        let site = site();
        let (token, elsewhere) = (site.token("rock-night"), site.token("jazz-night"));
        let with = |token: &str| format!("{}; rushline_admission_rock-night={token}", site.cookie);
        let foreign = format!("rushline=AAAA; rushline_admission_rock-night={token}");
        for cookies in [String::new(), site.cookie.clone(), with("x.y.z"), with(&elsewhere), foreign] {
            let person = site.ask(&[("cookie", &cookies), ("accept", "text/html,*/*")]).await;
            assert_eq!(person.status(), StatusCode::SEE_OTHER, "{cookies}");
            assert_eq!(person.headers()[header::LOCATION], "/queue/rock-night");
            assert_eq!(site.ask(&[("cookie", &cookies)]).await.status(), StatusCode::FORBIDDEN);
        }
        site.clock.advance(time::Duration::seconds(61));
        assert_eq!(site.ask(&[("cookie", &with(&token))]).await.status(), StatusCode::FORBIDDEN, "over");
    }
}
