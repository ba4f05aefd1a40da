//! Bad input and the answer it gets: the table of `docs/bad-input.md`, each row under its number. Framing is tried over raw
//! sockets, everything else with a client, on both databases where they might differ.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod framing;
mod http2;
mod json;
mod lists;
mod organising;
mod people;
mod raw;
mod sale;

use common::Shop;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

/// Words that would tell a stranger how the server is made.
const INNARDS: [&str; 7] = ["sqlx", "SELECT ", "INSERT ", "panicked", "src/", "struct ", "stack backtrace"];

/// One line of the table: what is sent, and the answer it must get.
pub struct Case {
    /// The row it belongs to.
    pub row: u8,
    /// What is wrong with it.
    pub what: String,
    /// What is sent.
    pub request: RequestBuilder,
    /// Status, and the slug of a refusal; empty for a success.
    pub answer: (u16, &'static str),
    /// Where the mistake must be said to be.
    pub pointer: Option<&'static str>,
}

impl Case {
    /// A case whose answer need not name a place.
    pub fn new(
        row: u8,
        what: impl Into<String>,
        request: RequestBuilder,
        status: u16,
        slug: &'static str,
    ) -> Self {
        Self { row, what: what.into(), request, answer: (status, slug), pointer: None }
    }

    /// The answer must say that this place is wrong.
    pub fn at(mut self, pointer: &'static str) -> Self {
        self.pointer = Some(pointer);
        self
    }
}

/// A `POST` of any text as JSON.
pub fn post_text(shop: &Shop, path: &str, token: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
    shop.request(Method::POST, path, token).header("content-type", "application/json").body(body)
}

/// Sends every case and panics with all that were answered otherwise.
pub async fn check(cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for Case { row, what, request, answer, pointer } in cases {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let complaint = if (status, slug_of(&text).as_str()) != answer {
            Some(format!("{status} {text}"))
        } else if answer.1.is_empty() {
            None
        } else {
            unfit(&text, pointer, header("content-type"), header("retry-after"))
        };
        wrong.extend(
            complaint.map(|complaint| format!("row {row}, {what}: wanted {answer:?}, got {complaint}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Last part of a problem's type; empty for what is none.
fn slug_of(text: &str) -> String {
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let kind = document["type"].as_str().unwrap_or_default();
    kind.strip_prefix("https://rushline.dev/problems/").unwrap_or_default().to_owned()
}

/// What every refusal must have, and must not have.
fn unfit(text: &str, pointer: Option<&str>, content_type: &str, retry_after: &str) -> Option<String> {
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let has_text = |member: &str| document[member].as_str().is_some_and(|text| !text.is_empty());
    let named = document["errors"][0]["pointer"].as_str();
    let is_fit = content_type == "application/problem+json"
        && ["title", "detail", "request_id"].iter().all(|member| has_text(member))
        && INNARDS.iter().all(|word| !text.contains(word))
        && pointer.is_none_or(|wanted| named == Some(wanted))
        && (!matches!(document["status"].as_u64(), Some(429 | 503)) || !retry_after.is_empty());
    (!is_fit).then(|| format!("{content_type}, at {named:?}: {text}"))
}
