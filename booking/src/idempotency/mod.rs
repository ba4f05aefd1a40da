//! `Idempotency-Key`: a request that costs or locks something has its effect once, and its repetition gets the same
//! bytes.
//!
//! The key's row is taken, the fact is made and the answer is kept in **one transaction**, so a crash leaves either
//! all three or none. A repetition that arrives meanwhile waits for that transaction (PostgreSQL: at the unique index;
//! SQLite: behind the one writer) and then gets the same bytes. A payment spans two transactions with the gateway
//! between them; its key is locked for [`PAYMENT_LOCK_S`] meanwhile and a repetition is told 409 `in-progress`. When the
//! first request died between the two, its repetition finds the payment that it had begun in the key's row, and answers
//! with what became of it.
//!
//! Keys belong to one account, are 1 to 255 characters long and are forgotten after [`KEPT_H`] hours. Answers that ask
//! to come back later or with other credentials (401, 403, 429, 5xx) are not kept: a repetition tries again.

mod request;
mod store;
mod together;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use shared::clock::Ts;
use shared::problem::Problem;
use time::Duration;
use uuid::Uuid;

pub use request::{Attempt, Begun, Keyed};
pub use together::{KeptAnswer, StepKey, keep_all, was_taken};

use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};

/// Seconds a payment's key stays locked when its request never ends; then a repetition takes over.
pub const PAYMENT_LOCK_S: i64 = 60;
/// Hours an answer is kept.
pub const KEPT_H: i64 = 48;
/// Longest key in characters.
const KEY_MAX: usize = 255;

/// An answer as bytes, so that it can be kept and sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    content_type: String,
    body: Vec<u8>,
}

impl Answer {
    /// A JSON answer.
    pub fn json(status: StatusCode, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(body).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(Self { status: status.as_u16(), content_type: "application/json".into(), body })
    }

    /// An empty answer.
    pub fn empty(status: StatusCode) -> Self {
        Self { status: status.as_u16(), content_type: String::new(), body: Vec::new() }
    }

    /// Whether a repetition should get these bytes rather than another try.
    fn is_final(&self) -> bool {
        !matches!(self.status, 401 | 403 | 408 | 429) && self.status < 500
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Body::from(self.body)).into_response();
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(&self.content_type)
            && !self.content_type.is_empty()
        {
            headers.insert(header::CONTENT_TYPE, value);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Whether a request with a key is the first.
pub enum Claim {
    /// It is: make the fact and keep the answer.
    First,
    /// It repeats one that died before its answer: find out how far the fact came that it had [noted](note).
    Resumed(Option<Uuid>),
    /// It repeats one that was answered.
    Answered(Answer),
}

/// Takes the attempt's key in `tx`. `locked_s` is given by requests that end in a later transaction.
///
/// # Errors
/// 422 `key-reused` when the key came with another request, 409 `in-progress` while the first is at work.
pub async fn claim(tx: &mut Tx, attempt: &Attempt, locked_s: Option<i64>, now: Ts) -> Result<Claim> {
    let Some(key) = attempt.key() else { return Ok(Claim::First) };
    let locked_until = now + Duration::seconds(locked_s.unwrap_or(0));
    if store::insert(tx, key, locked_until, now).await? {
        return Ok(Claim::First);
    }
    // None: given back just now.
    let Some(known) = store::find(tx, key).await? else { return Err(in_progress().into()) };
    if known.request_hash != key.request_hash {
        return Err(reused().into());
    }
    if let Some(answer) = known.answer() {
        return Ok(Claim::Answered(answer));
    }
    // The first request has no answer: it is at work, or it died.
    match store::take_over(tx, key, locked_until, now).await? {
        Some(fact) => Ok(Claim::Resumed(fact)),
        None => Err(in_progress().into()),
    }
}

/// Notes what the first of a request's two transactions has begun, so that a repetition never begins another.
pub async fn note(tx: &mut Tx, attempt: &Attempt, fact: Uuid) -> Result<()> {
    match attempt.key() {
        None => Ok(()),
        Some(key) => store::note(tx, key, fact).await,
    }
}

/// Keeps the answer in the fact's transaction; one that is not final gives the key back instead. When a repetition has
/// taken the key over and answered meanwhile, its answer stands.
pub async fn keep(tx: &mut Tx, attempt: &Attempt, answer: &Answer) -> Result<()> {
    match attempt.key() {
        None => Ok(()),
        Some(key) if answer.is_final() => store::answer(tx, key, answer).await,
        Some(key) => store::forget(tx, key).await,
    }
}

/// Forgets keys older than [`KEPT_H`] hours, a bounded number at a time; how many.
pub async fn sweep(app: &App) -> Result<u64> {
    let before = app.now() - Duration::hours(KEPT_H);
    app.db
        .write("forget_keys", move |tx| Box::pin(async move { store::delete_older(tx, before).await }))
        .await
}

fn reused() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key-reused", "The key belongs to another request")
        .detail("This Idempotency-Key was sent with another request. Use a new key for a new request.")
}

/// 409 while the first request with the same key, or the same payment, is at work.
pub fn in_progress() -> Problem {
    Problem::new(StatusCode::CONFLICT, "in-progress", "Still at work")
        .detail("The same request is still at work. Repeat it in a moment to get its answer.")
        .retry_after(1)
}
