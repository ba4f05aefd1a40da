//! A light client of the public API: what a browser sends, without a browser's weight.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{COOKIE, HeaderMap, RETRY_AFTER, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Url};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

/// Requests under way at the same time; more would only measure their own queue.
const IN_FLIGHT_MAX: usize = 64;
/// Longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Longest that [`Api::insist`] comes back for.
const INSISTENCE_MAX: Duration = Duration::from_secs(60);

/// The server as all fans of one process talk to it. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    base: Arc<Url>,
    http: reqwest::Client,
    in_flight: Arc<Semaphore>,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body as it came.
    pub bytes: Bytes,
    /// `Retry-After`, seconds.
    pub retry_after_s: Option<u64>,
    headers: HeaderMap,
}

impl Answer {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// Last part of the problem's type, or the bare status.
    pub fn slug(&self) -> String {
        let body = self.json();
        let slug = body["type"].as_str().and_then(|t| t.rsplit('/').next());
        slug.map_or_else(|| self.status.to_string(), str::to_owned)
    }

    /// The body as a `T`, if it is a success and one.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        if self.is_success() { serde_json::from_slice(&self.bytes).ok() } else { None }
    }
}

impl Api {
    /// A client of the server at `url` (`http://host:port`).
    ///
    /// # Errors
    /// When `url` is not a plain http address: the live socket is spoken without TLS.
    pub fn new(url: &str) -> anyhow::Result<Self> {
        Self::with_timeout(url, TIMEOUT)
    }

    /// The same for one who waits `timeout` at most for an answer.
    ///
    /// # Errors
    /// As [`Api::new`].
    pub fn with_timeout(url: &str, timeout: Duration) -> anyhow::Result<Self> {
        let base: Url = url.parse().map_err(|e| anyhow::anyhow!("--url {url}: {e}"))?;
        anyhow::ensure!(
            base.scheme() == "http" && base.host_str().is_some(),
            "--url {url}: the crowd speaks http://host:port only; point it behind the TLS end."
        );
        let http = reqwest::Client::builder().timeout(timeout).tcp_nodelay(true).build()?;
        Ok(Self { base: Arc::new(base), http, in_flight: Arc::new(Semaphore::new(IN_FLIGHT_MAX)) })
    }

    /// Host and port to connect to.
    pub fn authority(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        format!("{host}:{}", self.base.port_or_known_default().unwrap_or(80))
    }

    /// The server's origin, as pages served by it send it.
    pub fn origin(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    /// A request to be completed by the caller; `path` begins with a slash.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let base = self.base.as_str().trim_end_matches('/');
        self.http.request(method, format!("{base}{path}"))
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// When there was no answer.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, reqwest::Error> {
        let _turn = self.in_flight.acquire().await;
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await?;
        let retry_after = headers.get(RETRY_AFTER).and_then(|v| v.to_str().ok()?.parse().ok());
        Ok(Answer { status, bytes, retry_after_s: retry_after, headers })
    }

    /// The same for one who has time: comes back when a 503 says so, for a minute at most. A server whose store had no
    /// time to answer refuses for a moment, and on a busy machine that may be any moment.
    ///
    /// # Errors
    /// When there was no answer.
    pub async fn insist(&self, request: RequestBuilder) -> Result<Answer, reqwest::Error> {
        let began = Instant::now();
        loop {
            // A body that streams cannot be sent twice.
            let Some(now) = request.try_clone() else { return self.send(request).await };
            let answer = self.send(now).await?;
            let pause = answer.retry_after_s.filter(|_| answer.status == 503).map(Duration::from_secs);
            match pause.filter(|pause| began.elapsed() + *pause < INSISTENCE_MAX) {
                Some(pause) => sleep(pause).await,
                None => return Ok(answer),
            }
        }
    }
}

/// One fan's cookies: the browser's secret and the place, nothing else.
#[derive(Debug, Clone, Default)]
pub struct Jar(Vec<(String, String)>);

impl Jar {
    /// A browser that has been here before: it shows its secret from the first request on.
    pub fn of_browser(secret: String) -> Self {
        Self(vec![("rushline".to_owned(), secret)])
    }

    /// Takes over what an answer sets.
    pub fn keep(&mut self, answer: &Answer) {
        let set = answer.headers.get_all(SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
        for (name, value) in set.filter_map(|text| text.split(';').next()?.split_once('=')) {
            self.0.retain(|(known, _)| known != name);
            if is_ours(name) && !value.is_empty() {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// The `Cookie` header.
    pub fn header(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    /// The request with these cookies.
    pub fn on(&self, request: RequestBuilder) -> RequestBuilder {
        if self.0.is_empty() { request } else { request.header(COOKIE, self.header()) }
    }
}

fn is_ours(name: &str) -> bool {
    matches!(name, "rushline" | "__Host-rushline") || name.starts_with("rushline_place_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn a_jar_keeps_two_cookies_and_the_newest_value_of_each() {
        let mut headers = HeaderMap::new();
        let set = ["rushline=a; Path=/; HttpOnly", "rushline_place_hot=b; Path=/", "rushline_refresh=secret"];
        for cookie in set {
            headers.append(SET_COOKIE, HeaderValue::from_static(cookie));
        }
        let mut jar = Jar::default();
        let answer = |headers| Answer { status: 200, bytes: Bytes::new(), retry_after_s: None, headers };
        jar.keep(&answer(headers));
        assert_eq!(jar.header(), "rushline=a; rushline_place_hot=b");
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, HeaderValue::from_static("rushline_place_hot=c"));
        jar.keep(&answer(headers));
        assert_eq!(jar.header(), "rushline=a; rushline_place_hot=c");
    }

    #[test]
    fn only_plain_http_is_spoken() {
        assert!(Api::new("https://tickets.example").is_err());
        assert_eq!(Api::new("http://localhost:8080/").unwrap().authority(), "localhost:8080");
    }
}
