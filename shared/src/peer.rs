//! Calls to the other service: over HTTP, or through its router when both run in one process.
//!
//! The in-process way still goes through routing, extraction and status codes, so the contract between the
//! services is exercised by every test and every small theatre.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use http_body_util::{BodyExt, Limited};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tower::ServiceExt;

use crate::traces;

/// Longest the other service may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Longest answer that is read, in bytes.
const ANSWER_LIMIT: usize = 256 * 1024;

/// The other service.
#[derive(Clone)]
pub enum Peer {
    /// Another process, by its base address without a trailing slash.
    Http(String, reqwest::Client),
    /// This process; connected once both routers exist.
    InProcess(Arc<OnceLock<Router>>),
}

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// No answer: try again later.
    #[error("the other service did not answer: {0}")]
    Unreachable(String),
    /// An answer other than 2xx.
    #[error("the other service answered {0}")]
    Refused(u16),
    /// 2xx with a body that is not what the contract says.
    #[error("the other service's answer could not be read: {0}")]
    Unreadable(String),
}

impl Peer {
    /// A peer in another process.
    pub fn http(base_url: &str) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder().timeout(TIMEOUT).connect_timeout(TIMEOUT).build()?;
        Ok(Peer::Http(base_url.trim_end_matches('/').to_owned(), client))
    }

    /// A peer in this process; call [`connect`](Self::connect) before the first request is served.
    pub fn in_process() -> Self {
        Peer::InProcess(Arc::default())
    }

    /// Gives an in-process peer its router. A second call is ignored.
    pub fn connect(&self, router: Router) {
        if let Peer::InProcess(slot) = self {
            let _ = slot.set(router);
        }
    }

    /// `GET path`, JSON answer.
    pub async fn get_json<T: DeserializeOwned>(&self, path: &str) -> Result<T, PeerError> {
        self.call(Method::GET, path, None, Vec::new()).await
    }

    /// `POST path` with a JSON body and a bearer token, JSON answer.
    pub async fn post_json<T: DeserializeOwned>(
        &self,
        path: &str,
        token: &str,
        body: &impl Serialize,
    ) -> Result<T, PeerError> {
        let body = serde_json::to_vec(body).map_err(|e| PeerError::Unreadable(e.to_string()))?;
        self.call(Method::POST, path, Some(token), body).await
    }

    /// Whether `GET path` of a peer in another process is answered with 2xx.
    pub async fn answers(&self, path: &str) -> bool {
        let Peer::Http(base, client) = self else { return false };
        over_http(client, Method::GET, format!("{base}{path}"), None, Vec::new())
            .await
            .is_ok_and(|(status, _)| (200..300).contains(&status))
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Vec<u8>,
    ) -> Result<T, PeerError> {
        let answer = async {
            match self {
                Peer::Http(base, client) => {
                    over_http(client, method, format!("{base}{path}"), token, body).await
                }
                Peer::InProcess(slot) => {
                    let router =
                        slot.get().ok_or_else(|| PeerError::Unreachable("it has not started".into()))?;
                    in_process(router.clone(), method, path, token, body).await
                }
            }
        };
        let (status, bytes) = traces::part("call of the other service", traces::Kind::Client, answer).await?;
        if !(200..300).contains(&status) {
            return Err(PeerError::Refused(status));
        }
        serde_json::from_slice(&bytes).map_err(|e| PeerError::Unreadable(e.to_string()))
    }
}

async fn over_http(
    client: &reqwest::Client,
    method: Method,
    url: String,
    token: Option<&str>,
    body: Vec<u8>,
) -> Result<(u16, Vec<u8>), PeerError> {
    let unreachable = |e: reqwest::Error| PeerError::Unreachable(e.to_string());
    let mut request = client.request(method, url).header(header::CONTENT_TYPE, "application/json").body(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(trace) = traces::header() {
        request = request.header(traces::TRACEPARENT, trace);
    }
    let mut response = request.send().await.map_err(unreachable)?;
    let status = response.status().as_u16();
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if bytes.len() + chunk.len() > ANSWER_LIMIT {
            return Err(PeerError::Unreadable(format!("longer than {ANSWER_LIMIT} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((status, bytes))
}

async fn in_process(
    router: Router,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: Vec<u8>,
) -> Result<(u16, Vec<u8>), PeerError> {
    let mut request =
        Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::from(body)).map_err(|e| PeerError::Unreadable(e.to_string()))?;
    let answer = tokio::time::timeout(TIMEOUT, router.oneshot(request))
        .await
        .map_err(|_| PeerError::Unreachable("no answer in time".into()))?
        .map_err(|never| match never {})?;
    let status = answer.status().as_u16();
    let bytes = Limited::new(answer.into_body(), ANSWER_LIMIT)
        .collect()
        .await
        .map_err(|e| PeerError::Unreadable(e.to_string()))?
        .to_bytes();
    Ok((status, bytes.to_vec()))
}
