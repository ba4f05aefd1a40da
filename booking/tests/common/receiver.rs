//! A real HTTP server that webhooks are sent to: it keeps what comes, and answers as a test says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use shared::config::Settings;
use shared::testing::TestServer;

/// A message as it arrived.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub headers: HeaderMap,
    pub body: String,
}

impl Arrived {
    /// A header's text.
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// The body.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What it answers: status, body, and headers.
type Answer = (StatusCode, String, Vec<(header::HeaderName, &'static str)>);

/// The server, until it is dropped.
pub struct Receiver {
    pub url: String,
    server: TestServer,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    answer: Arc<Mutex<Answer>>,
}

impl Receiver {
    /// Starts one that answers 204.
    pub fn start(settings: &Settings) -> Self {
        let arrived = Arc::<Mutex<Vec<Arrived>>>::default();
        let answer =
            Arc::<Mutex<Answer>>::new(Mutex::new((StatusCode::NO_CONTENT, String::new(), Vec::new())));
        let (keeps, answers) = (arrived.clone(), answer.clone());
        let router = Router::new().fallback(async move |headers: HeaderMap, body: Bytes| {
            keeps.lock().unwrap().push(Arrived { headers, body: String::from_utf8(body.to_vec()).unwrap() });
            let (status, body, more) = answers.lock().unwrap().clone();
            let html = [(header::CONTENT_TYPE, "text/html")];
            let mut response: Response = (status, html, body).into_response();
            for (name, value) in more {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        });
        let server = TestServer::start(router, settings);
        Self { url: format!("{}/hook", server.url), server, arrived, answer }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.server.address.port()
    }

    /// Answers so from now on.
    pub fn answers(&self, status: u16, body: &str, headers: Vec<(header::HeaderName, &'static str)>) {
        *self.answer.lock().unwrap() = (StatusCode::from_u16(status).unwrap(), body.to_owned(), headers);
    }

    /// What has come since this was asked last.
    pub fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut *self.arrived.lock().unwrap())
    }

    /// The kinds of what has come since this was asked last.
    pub fn kinds(&self) -> Vec<String> {
        self.take().iter().map(|one| one.json()["type"].as_str().unwrap().to_owned()).collect()
    }
}
