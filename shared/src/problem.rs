//! Errors as the caller sees them: RFC 9457 problem documents.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// Prefix of every `type`; the slug behind it is stable and documented in `docs/problems.md`.
pub const TYPE_PREFIX: &str = "https://rushline.dev/problems/";

/// One `application/problem+json` answer. Built where the refusal is decided, sent as it is.
///
/// `detail` is a sentence for people and says what to do next; `slug` is for programs and never changes.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    slug: &'static str,
    title: &'static str,
    detail: Option<String>,
    retry_after_s: Option<u64>,
    extra: Map<String, Value>,
}

/// What most handlers return.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

impl Problem {
    /// A problem with its HTTP status, stable slug and short title.
    pub fn new(status: StatusCode, slug: &'static str, title: &'static str) -> Self {
        Self { status, slug, title, detail: None, retry_after_s: None, extra: Map::new() }
    }

    /// 404. The same bytes whether the thing never existed, is gone, or belongs to somebody else.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found").detail("There is nothing at this address.")
    }

    /// 422 for one field; `pointer` is an RFC 6901 JSON pointer into the body.
    pub fn invalid(pointer: &str, slug: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, slug, "The request is not valid")
            .with("errors", json!([{ "pointer": pointer, "code": slug, "detail": detail }]))
            .detail(detail)
    }

    /// 401 asking for a login.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "login-required", "Please log in")
            .detail("Log in and send the access token as “Authorization: Bearer …”.")
    }

    /// 403 for a role that may not do this.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "not-allowed", "Not allowed")
            .detail("Your account's role does not allow this. Ask an administrator.")
    }

    /// 503 with a time to come back.
    pub fn unavailable(retry_after_s: u64) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not available right now")
            .detail("This part of the service is busy or being restored. Nothing was lost; please try again.")
            .retry_after(retry_after_s)
    }

    /// 500. The cause goes to the log, never to the caller.
    pub fn internal(cause: &(impl std::fmt::Display + ?Sized)) -> Self {
        tracing::error!(%cause, "a request failed inside");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side")
            .detail("It has been recorded. Repeating the request with the same Idempotency-Key is safe.")
    }

    /// Sets the sentence for people.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds a member to the document.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(key.to_owned(), value.into());
        self
    }

    /// Adds `Retry-After` and the member `retry_after_s`.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self.with("retry_after_s", seconds)
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable slug.
    pub fn slug(&self) -> &'static str {
        self.slug
    }

    /// The document without its `request_id`, which the server adds on the way out.
    pub fn document(&self) -> Value {
        let mut doc = self.extra.clone();
        doc.insert("type".into(), format!("{TYPE_PREFIX}{}", self.slug).into());
        doc.insert("title".into(), self.title.into());
        doc.insert("status".into(), self.status.as_u16().into());
        if let Some(detail) = &self.detail {
            doc.insert("detail".into(), detail.clone().into());
        }
        Value::Object(doc)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.slug, self.detail.as_deref().unwrap_or(self.title))
    }
}

impl std::error::Error for Problem {}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.document().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// The shape of a problem document in the OpenAPI file.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(title = "Problem")]
pub struct ProblemDocument {
    /// Stable address of the kind of problem; its last part is the slug.
    pub r#type: String,
    /// A few words, the same for every problem of this type.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// A sentence for people.
    pub detail: Option<String>,
    /// What is wrong with which field.
    pub errors: Option<Vec<FieldError>>,
    /// Quote it when asking for help.
    pub request_id: Option<String>,
}

/// One wrong field.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// RFC 6901 JSON pointer into the request body.
    pub pointer: String,
    /// Stable code.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
}
