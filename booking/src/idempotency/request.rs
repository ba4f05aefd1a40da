//! Reading a request together with its key, and running it once.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use shared::edge::RequestId;
use shared::problem::Problem;
use time::Duration;
use uuid::Uuid;

use super::{Answer, Claim, KEY_MAX, PAYMENT_LOCK_S, claim, in_progress, keep, store};
use crate::app::App;
use crate::db::{Tx, Work};
use crate::error::{Error, Result};

/// Request header.
const HEADER: &str = "idempotency-key";

/// A body of any kind and the attempt it is part of: `Keyed(Json(new), attempt): Keyed<Json<New>>`.
pub struct Keyed<E>(pub E, pub Attempt);

/// One arrival of a request that must have its effect once. Cheap enough to clone.
#[derive(Debug, Clone)]
pub struct Attempt {
    key: Option<Key>,
    request_id: Option<String>,
}

/// How the first half of a request ended.
pub enum Begun<T> {
    /// It was made.
    First(T),
    /// The request repeats one that died after it had [noted](super::note) this.
    Resumed(Uuid),
    /// The request repeats one that was answered.
    Answered(Answer),
}

/// A key as the table knows it.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub scope: String,
    pub key: String,
    pub request_hash: Vec<u8>,
}

impl<E> FromRequest<App> for Keyed<E>
where
    E: FromRequest<App>,
{
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let key = header(request.headers()).map_err(IntoResponse::into_response)?;
        let request_id = request.extensions().get::<RequestId>().map(|id| id.as_str().to_owned());
        let Some(key) = key else {
            let body = E::from_request(request, app).await.map_err(IntoResponse::into_response)?;
            return Ok(Self(body, Attempt { key: None, request_id }));
        };
        let mut hash = Sha256::new();
        hash.update(request.method().as_str());
        hash.update(request.uri().path());
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(whole, app).await.map_err(IntoResponse::into_response)?;
        hash.update([0]);
        hash.update(&bytes);
        let again = Request::from_parts(parts, Body::from(bytes));
        let body = E::from_request(again, app).await.map_err(IntoResponse::into_response)?;
        let key = Key { scope: String::new(), key, request_hash: hash.finalize().to_vec() };
        Ok(Self(body, Attempt { key: Some(key), request_id }))
    }
}

/// An attempt whose body, if any, says nothing.
impl FromRequest<App> for Attempt {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        Keyed::<Bytes>::from_request(request, app).await.map(|Keyed(_, attempt)| attempt)
    }
}

fn header(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let is_visible = |key: &&str| key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    let key = value.to_str().ok().filter(|key| (1..=KEY_MAX).contains(&key.len())).filter(is_visible);
    key.map(|key| Some(key.to_owned())).ok_or_else(|| {
        Problem::new(StatusCode::BAD_REQUEST, "key-invalid", "The Idempotency-Key is not valid")
            .detail(format!("Use 1 to {KEY_MAX} visible characters, such as a UUID."))
    })
}

impl Attempt {
    /// The same attempt as `user`'s: two people's keys never meet.
    pub fn of(mut self, user: Uuid) -> Self {
        if let Some(key) = &mut self.key {
            key.scope = format!("user:{user}");
        }
        self
    }

    /// Whether the request came with a key, so that its answer must be kept with its fact.
    pub fn is_keyed(&self) -> bool {
        self.key.is_some()
    }

    /// An attempt without a key.
    pub fn unkeyed() -> Self {
        Self { key: None, request_id: None }
    }

    pub(super) fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    /// A refusal as bytes. It carries the first request's id, also when it is repeated.
    pub fn refusal(&self, problem: &Problem) -> Result<Answer> {
        let mut document = problem.document();
        if let (Some(id), Some(members)) = (&self.request_id, document.as_object_mut()) {
            members.insert("request_id".into(), id.clone().into());
        }
        let mut answer = Answer::json(problem.status(), &document)?;
        answer.content_type = "application/problem+json".into();
        Ok(answer)
    }

    /// Runs `work` in one transaction called `name`, once for this attempt's key: takes the key, makes the fact, keeps
    /// the answer. A refusal (`Err(Refused)`) undoes the work; its answer is kept afterwards. When the connection breaks
    /// during the commit, the key says on another one whether it happened.
    pub async fn once<F>(&self, app: &App, name: &'static str, work: F) -> Result<Answer>
    where
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, Answer> + Send + Sync + 'static,
    {
        if self.key.is_none() {
            return app.db.write(name, work).await;
        }
        let work = Arc::new(work);
        #[cfg(feature = "testing")]
        if app.guards.is_off(crate::guards::Guard::KeyOnce) {
            return self.once_unguarded(app, name, work).await;
        }
        let outcome = match self.once_in(app, name, work.clone()).await {
            Err(Error::InDoubt(_)) => self.once_in(app, name, work).await,
            outcome => outcome,
        };
        match outcome {
            Err(Error::Refused(problem)) if !is_about_the_key(&problem) => {
                self.keep_refusal(app, &problem).await
            }
            outcome => outcome,
        }
    }

    async fn once_in<F>(&self, app: &App, name: &'static str, work: Arc<F>) -> Result<Answer>
    where
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, Answer> + Send + Sync + 'static,
    {
        let (attempt, now) = (self.clone(), app.now());
        app.db
            .write(name, move |tx| {
                let (attempt, work) = (attempt.clone(), work.clone());
                Box::pin(async move {
                    if let Claim::Answered(answer) = claim(tx, &attempt, None, now).await? {
                        return Ok(answer);
                    }
                    let answer = work(tx).await?;
                    keep(tx, &attempt, &answer).await?;
                    Ok(answer)
                })
            })
            .await
    }

    /// What a shop would do that looks first, acts then, and remembers afterwards.
    #[cfg(feature = "testing")]
    async fn once_unguarded<F>(&self, app: &App, name: &'static str, work: Arc<F>) -> Result<Answer>
    where
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, Answer> + Send + Sync + 'static,
    {
        if let Some(Begun::Answered(answer)) = self.earlier(app).await? {
            return Ok(answer);
        }
        app.guards.meet().await;
        app.db.write(name, move |tx| work(tx)).await
    }

    /// Runs the first of two transactions of one request: takes the key, locks it for `locked_s`, makes the first half,
    /// which [notes](super::note) what it has begun. The second half ends with [`keep`]. A refusal undoes the work and
    /// is kept at once.
    pub async fn begin<T, F>(&self, app: &App, name: &'static str, locked_s: i64, work: F) -> Result<Begun<T>>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync + 'static,
    {
        let (attempt, now) = (self.clone(), app.now());
        let work = Arc::new(work);
        let outcome = app
            .db
            .write(name, move |tx| {
                let (attempt, work) = (attempt.clone(), work.clone());
                Box::pin(async move {
                    match claim(tx, &attempt, Some(locked_s), now).await? {
                        Claim::Answered(answer) => Ok(Begun::Answered(answer)),
                        Claim::Resumed(Some(fact)) => Ok(Begun::Resumed(fact)),
                        Claim::First | Claim::Resumed(None) => work(tx).await.map(Begun::First),
                    }
                })
            })
            .await;
        match outcome {
            Err(Error::Refused(problem)) if self.key.is_some() && !is_about_the_key(&problem) => {
                self.keep_refusal(app, &problem).await.map(Begun::Answered)
            }
            outcome => outcome,
        }
    }

    /// What an earlier request with this key has come to, for a repetition that would be refused before its key is
    /// looked at: because the sale is over by now, or the booking session was used up by the first.
    ///
    /// # Errors
    /// 409 `in-progress` while the first may be at work.
    pub async fn earlier(&self, app: &App) -> Result<Option<Begun<Infallible>>> {
        let (Some(key), now) = (self.key.clone(), app.now()) else { return Ok(None) };
        app.db
            .write("look_up_key", move |tx| {
                let key = key.clone();
                Box::pin(async move {
                    let known = store::find(tx, &key).await?;
                    let Some(known) = known.filter(|known| known.request_hash == key.request_hash) else {
                        return Ok(None);
                    };
                    if let Some(answer) = known.answer() {
                        return Ok(Some(Begun::Answered(answer)));
                    }
                    let locked_until = now + Duration::seconds(PAYMENT_LOCK_S);
                    match store::take_over(tx, &key, locked_until, now).await? {
                        Some(fact) => Ok(fact.map(Begun::Resumed)),
                        None => Err(in_progress().into()),
                    }
                })
            })
            .await
    }

    /// The answer that an earlier request with this key was given; without one, `refused`.
    pub async fn or_answered(&self, app: &App, refused: Error) -> Result<Answer> {
        match self.earlier(app).await? {
            Some(Begun::Answered(answer)) => Ok(answer),
            _ => Err(refused),
        }
    }

    /// Keeps the answer to a request that [`begin`](Self::begin) began and that made nothing more.
    pub async fn end(&self, app: &App, answer: Answer) -> Result<Answer> {
        let attempt = self.clone();
        app.db
            .write("keep_answer", move |tx| {
                let (attempt, answer) = (attempt.clone(), answer.clone());
                Box::pin(async move {
                    keep(tx, &attempt, &answer).await?;
                    Ok(answer)
                })
            })
            .await
    }

    /// Keeps a refusal whose work was undone. If a twin was answered meanwhile, its answer is the one.
    async fn keep_refusal(&self, app: &App, problem: &Problem) -> Result<Answer> {
        let answer = self.refusal(problem)?;
        if !answer.is_final() {
            return Err(problem.clone().into());
        }
        let (attempt, now) = (self.clone(), app.now());
        app.db
            .write("keep_refusal", move |tx| {
                let (attempt, answer) = (attempt.clone(), answer.clone());
                Box::pin(async move {
                    if let Claim::Answered(first) = claim(tx, &attempt, None, now).await? {
                        return Ok(first);
                    }
                    keep(tx, &attempt, &answer).await?;
                    Ok(answer)
                })
            })
            .await
    }
}

fn is_about_the_key(problem: &Problem) -> bool {
    matches!(problem.slug(), "key-reused" | "in-progress")
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn mutated_keys_are_kept_or_refused() {
        let good: [&[u8]; 2] = [b"01a20118-f82d-7e69-93f3-b9ad5406aceb", &[b'x'; 255]];
        shared::testing::mutations::feed(&good, |input| {
            let Ok(value) = HeaderValue::from_bytes(input) else { return };
            if let Ok(Some(key)) = header(&HeaderMap::from_iter([(HeaderName::from_static(HEADER), value)])) {
                assert!(key.len() <= KEY_MAX && !key.contains(char::is_control), "kept: {key:?}");
            }
        });
    }
}
