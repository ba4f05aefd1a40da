//! HTTP of access codes, for operators.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument, Result};
use uuid::Uuid;

use super::rules;
use crate::app::App;
use crate::extract::Operator;
use crate::log;
use crate::queue::codes::{ADDED_MAX, CODES_MAX, Code, CodeKey};
use crate::rooms::operated;
use crate::rooms::rules::Room;

/// Longest label, in bytes.
const LABEL_LEN_MAX: usize = 64;
/// Places that one code may give.
const USES_MAX: u32 = 1_000_000;
/// Codes of one page of the list.
const PAGE: usize = 100;

/// Codes to be made: either `count` or `codes`.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodesRequest {
    /// How many to make up, 1 to 1000.
    #[serde(default)]
    pub count: Option<usize>,
    /// The codes themselves, at most 1000: 4 to 64 letters and digits each; case, blanks and hyphens do not count.
    #[serde(default)]
    pub codes: Option<Vec<String>>,
    /// The lane they open; the room's first when absent.
    #[serde(default)]
    pub lane: Option<String>,
    /// How many places each gives, 1 when absent.
    #[serde(default)]
    pub uses_max: Option<u32>,
    /// Until when they can be used, if not always.
    #[serde(default)]
    pub expires_at: Option<Ts>,
    /// A note for the list, at most 64 bytes.
    #[serde(default)]
    pub label: String,
}

/// Codes that were made. They are not shown again.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CodesAnswer {
    /// The codes, as they can be handed out.
    pub codes: Vec<String>,
    /// How many of them are new; those that the room had already stay as they were.
    pub added: usize,
}

/// A code in the list: all but the code.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CodeDocument {
    /// Its id.
    pub id: String,
    /// The organiser's note.
    pub label: String,
    /// The lane it opens.
    pub lane: String,
    /// How many places it gives.
    pub uses_max: u32,
    /// How many it has given.
    pub uses: u32,
    /// Until when it can be used, if not always.
    pub expires_at: Option<Ts>,
    /// Whether it was taken back.
    pub revoked: bool,
}

/// Which page of the list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Id of the last code of the page before.
    pub after: Option<Uuid>,
}

/// Makes access codes. The answer is the only place where they can be read.
#[utoipa::path(post, path = "/api/v1/admin/rooms/{room}/codes", tag = "rooms admin", params(("room" = String, Path)), security(("bearer" = [])),
    request_body = CodesRequest,
    responses(
        (status = 201, body = CodesAnswer),
        (status = 403, description = "`not-allowed`", body = ProblemDocument),
        (status = 404, description = "`not-found`", body = ProblemDocument),
        (status = 409, description = "`too-many-codes`", body = ProblemDocument),
        (status = 422, description = "`bad-code`, `unknown-lane`, `out-of-range`, `bad-text`", body = ProblemDocument)))]
pub async fn create_codes(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
    Json(wish): Json<CodesRequest>,
) -> Result<Response> {
    let room = operated(&app, operator, &room).await?;
    let (lane, shown) = (wish.lane(&room)?, wish.codes(&app)?);
    let mut codes = Vec::with_capacity(shown.len());
    for (n, shown) in shown.iter().enumerate() {
        let code = rules::normalised(shown).ok_or_else(|| bad_code(n))?;
        codes.push(Code {
            key: super::key(&app, &room.id, &code),
            lane,
            uses_max: wish.uses_max()?,
            uses: 0,
            expires_at: wish.expires_at,
            revoked: false,
            label: wish.label()?,
        });
    }
    codes.sort_by_key(|code| code.key);
    codes.dedup_by_key(|code| code.key);
    log::act(&app, &room.id, "make-codes", operator.user).await?;
    let added = app.store.put_codes(&room.id, codes, app.now()).await?.ok_or_else(too_many)?;
    tracing::info!(room = %room.id, user = %operator.user, added, lane = room.lane_name(lane), "an operator made access codes");
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::CREATED, no_store, Json(CodesAnswer { codes: shown, added })).into_response())
}

/// The access codes of a room, without the codes, a hundred a page; `Link` leads to the next one.
#[utoipa::path(get, path = "/api/v1/admin/rooms/{room}/codes", tag = "rooms admin", params(("room" = String, Path), ListQuery), security(("bearer" = [])),
    responses(
        (status = 200, body = Vec<CodeDocument>),
        (status = 403, description = "`not-allowed`", body = ProblemDocument),
        (status = 404, description = "`not-found`", body = ProblemDocument),
        (status = 422, description = "`bad-query`", body = ProblemDocument)))]
pub async fn list_codes(
    State(app): State<App>,
    operator: Operator,
    Path(room): Path<String>,
    query: std::result::Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response> {
    let Query(query) = query.map_err(|_| {
        Problem::invalid(
            "",
            "bad-query",
            "The only query is `after`, the id of the last code of the page before.",
        )
    })?;
    let room = operated(&app, operator, &room).await?;
    let mut codes = app.store.codes(&room.id).await?;
    codes.retain(|code| query.after.is_none_or(|after| code.key.0 > after));
    let more = codes.len() > PAGE;
    codes.truncate(PAGE);
    let last = codes.last().map(|code| code.key.0.simple());
    let next = last
        .filter(|_| more)
        .map(|id| format!("</api/v1/admin/rooms/{}/codes?after={id}>; rel=\"next\"", room.id));
    let documents: Vec<CodeDocument> = codes.into_iter().map(|code| document(&room, code)).collect();
    let mut response = Json(documents).into_response();
    if let Some(Ok(next)) = next.map(|next| HeaderValue::from_str(&next)) {
        response.headers_mut().insert(header::LINK, next);
    }
    Ok(response)
}

/// Takes an access code back. Places that it gave stay.
#[utoipa::path(delete, path = "/api/v1/admin/rooms/{room}/codes/{code}", tag = "rooms admin",
    params(("room" = String, Path), ("code" = String, Path, description = "Its id in the list")), security(("bearer" = [])),
    responses(
        (status = 204, description = "Taken back; also when it was before"),
        (status = 403, description = "`not-allowed`", body = ProblemDocument),
        (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn revoke_code(
    State(app): State<App>,
    operator: Operator,
    Path((room, id)): Path<(String, String)>,
) -> Result<StatusCode> {
    let room = operated(&app, operator, &room).await?;
    let key = Uuid::try_parse(&id).map(CodeKey).map_err(|_| Problem::not_found())?;
    let code = app.store.codes(&room.id).await?.into_iter().find(|code| code.key == key);
    let code = code.ok_or_else(Problem::not_found)?;
    log::act(&app, &room.id, "revoke-code", operator.user).await?;
    app.store.put_codes(&room.id, vec![Code { revoked: true, ..code }], app.now()).await?;
    tracing::info!(room = %room.id, user = %operator.user, code = %id, "an operator took an access code back");
    Ok(StatusCode::NO_CONTENT)
}

impl CodesRequest {
    fn lane(&self, room: &Room) -> Result<u8> {
        let Some(name) = &self.lane else { return Ok(0) };
        let unknown = || {
            Problem::invalid("/lane", "unknown-lane", "The room has no such lane. Add it to the room first.")
        };
        room.lane_named(name).ok_or_else(unknown)
    }

    /// The codes as they are handed out.
    fn codes(&self, app: &App) -> Result<Vec<String>> {
        let wrong = |pointer, detail: String| Err(Problem::invalid(pointer, "out-of-range", detail));
        match (&self.codes, self.count) {
            (Some(codes), None) if (1..=ADDED_MAX).contains(&codes.len()) => Ok(codes.clone()),
            (None, Some(count)) if (1..=ADDED_MAX).contains(&count) => {
                Ok((0..count).map(|_| rules::random(&app.entropy)).collect())
            }
            (Some(_), None) => wrong("/codes", format!("Send 1 to {ADDED_MAX} codes at a time.")),
            (None, Some(_)) => wrong("/count", format!("`count` must be between 1 and {ADDED_MAX}.")),
            _ => wrong("", "Send either `count`, to have codes made up, or `codes`.".to_owned()),
        }
    }

    fn uses_max(&self) -> Result<u32> {
        let uses_max = self.uses_max.unwrap_or(1);
        let detail = format!("`uses_max` must be between 1 and {USES_MAX}.");
        (1..=USES_MAX)
            .contains(&uses_max)
            .then_some(uses_max)
            .ok_or_else(|| Problem::invalid("/uses_max", "out-of-range", detail))
    }

    fn label(&self) -> Result<String> {
        let fits = self.label.len() <= LABEL_LEN_MAX && !self.label.chars().any(char::is_control);
        let detail = format!("`label` must have at most {LABEL_LEN_MAX} bytes and no control characters.");
        fits.then(|| self.label.clone()).ok_or_else(|| Problem::invalid("/label", "bad-text", detail))
    }
}

fn document(room: &Room, code: Code) -> CodeDocument {
    CodeDocument {
        id: code.key.0.simple().to_string(),
        label: code.label,
        lane: room.lane_name(code.lane).to_owned(),
        uses_max: code.uses_max,
        uses: code.uses,
        expires_at: code.expires_at,
        revoked: code.revoked,
    }
}

fn bad_code(n: usize) -> Problem {
    let (low, high) = (rules::LEN.start(), rules::LEN.end());
    let detail =
        format!("A code has {low} to {high} letters (A-Z) and digits; blanks and hyphens do not count.");
    Problem::invalid(&format!("/codes/{n}"), "bad-code", detail)
}

fn too_many() -> Problem {
    Problem::new(StatusCode::CONFLICT, "too-many-codes", "Too many access codes").detail(format!(
        "A room has at most {CODES_MAX} access codes. Give codes several uses, or make another room."
    ))
}
