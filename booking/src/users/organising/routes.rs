//! HTTP of requests to organise.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use shared::access::Role;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::store::{self, OrganiserApplicant, OrganiserRequest, Status};
use crate::app::App;
use crate::error::Result;
use crate::extract::{Admin, CurrentUser, Params, Path};
use crate::notifications::{self, Message};
use crate::users::{rules, store as accounts};
use crate::{audit, text};

/// Characters of a request, and of the answer to it, at most.
const TEXT_CHARS: usize = 2_000;
/// Requests on one page at most, and when nobody says.
const LIMIT_MAX: i64 = 500;
const LIMIT: i64 = 100;

/// Why somebody wants to organise.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganiserWish {
    /// For the admin who decides: what will be on, and where; at most 2,000 characters.
    text: String,
}

/// Asks to become an organiser. An admin decides; after a refusal one may ask again.
#[utoipa::path(post, path = "/api/v1/users/me/organizer-request", tag = "users", request_body = OrganiserWish,
    responses((status = 201, body = OrganiserRequest),
        (status = 403, description = "`email-unverified`, or a guest without an account", body = ProblemDocument),
        (status = 409, description = "`wrong-state`: it waits already, or there is nothing to ask for", body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn ask_to_organise(
    State(app): State<App>,
    user: CurrentUser,
    Json(body): Json<OrganiserWish>,
) -> Result<(StatusCode, Json<OrganiserRequest>)> {
    let text = text::paragraphs("/text", &body.text, TEXT_CHARS)?;
    app.limits.accounts.check_key(rules::token_hash(&user.id.to_string()), "for this account")?;
    let account = accounts::by_id(app.db.ex(), user.id).await?.ok_or_else(Problem::unauthorized)?;
    if account.role != Role::Guest {
        return Err(wrong_state("This account has a role already; nobody needs to ask for it.").into());
    }
    if account.is_guest || account.email_verified_at.is_none() {
        return Err(Problem::new(StatusCode::FORBIDDEN, "email-unverified", "Please confirm your address")
            .detail("Have an account whose address is proven by the link of a mail; then ask.")
            .into());
    }
    let (now, asked) = (app.now(), text.clone());
    app.db
        .write("ask_to_organise", move |tx| {
            let text = asked.clone();
            Box::pin(async move {
                if !store::ask(tx, user.id, &text, now).await? {
                    return Err(wrong_state("Your request waits already; an admin will decide.").into());
                }
                audit::append(tx, Some(user.id), "organiser.requested", format!("user:{}", user.id), (), now)
                    .await
            })
        })
        .await?;
    let made = OrganiserRequest {
        text,
        status: Status::Waiting,
        answer: String::new(),
        asked_at: now,
        decided_at: None,
    };
    Ok((StatusCode::CREATED, Json(made)))
}

/// One's own request to organise, and what was said to it.
#[utoipa::path(get, path = "/api/v1/users/me/organizer-request", tag = "users",
    responses((status = 200, body = OrganiserRequest), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn get_organiser_request(
    State(app): State<App>,
    user: CurrentUser,
) -> Result<Json<OrganiserRequest>> {
    Ok(Json(store::of(&app.db, user.id).await?.ok_or_else(Problem::not_found)?))
}

/// Requests to organise, in the order the accounts were made. The next page is in the `Link` header.
#[utoipa::path(get, path = "/api/v1/admin/organizer-requests", tag = "admin", params(
        ("status" = Option<Status>, Query),
        ("cursor" = Option<String>, Query, description = "From the Link header."),
        ("limit" = Option<i64>, Query, description = "1 to 500."),
    ),
    responses((status = 200, body = [OrganiserApplicant]), (status = 403, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn list_organiser_requests(State(app): State<App>, _admin: Admin, uri: Uri) -> Result<Response> {
    let params = Params::of(&uri, &["status", "cursor", "limit"])?;
    let limit = params.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT);
    let status = params.get("status").map(status).transpose()?;
    let after = params.cursor::<Uuid>("cursor")?;
    let mut rows = store::list(&app.db, status, after, limit + 1).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let mut headers = HeaderMap::new();
    if let Some(last) = rows.last().filter(|_| more) {
        let query = params.with("cursor", &last.user.to_string());
        let link = format!("</api/v1/admin/organizer-requests?{query}>; rel=\"next\"");
        headers.extend(HeaderValue::from_str(&link).map(|link| (header::LINK, link)));
    }
    Ok((headers, Json(rows)).into_response())
}

/// What becomes of a request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganiserDecision {
    /// Whether she may organise.
    approve: bool,
    /// Why, for who asked; at most 2,000 characters.
    #[serde(default)]
    answer: String,
}

/// Decides a request to organise; `id` is the account's. Who asked is told by mail, and logs in anew to use the new role.
#[utoipa::path(post, path = "/api/v1/admin/organizer-requests/{id}", tag = "admin", request_body = OrganiserDecision,
    params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, description = "`wrong-state`: it is decided, or the address is not proven", body = ProblemDocument),
        (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn decide_organiser_request(
    State(app): State<App>,
    Admin(admin): Admin,
    Path(id): Path<Uuid>,
    Json(body): Json<OrganiserDecision>,
) -> Result<StatusCode> {
    let answer = text::paragraphs("/answer", &body.answer, TEXT_CHARS)?;
    store::of(&app.db, id).await?.ok_or_else(Problem::not_found)?;
    let status = if body.approve { Status::Approved } else { Status::Declined };
    let (now, inner) = (app.now(), app.clone());
    app.db
        .write("decide_organiser_request", move |tx| {
            let (app, answer) = (inner.clone(), answer.clone());
            Box::pin(async move {
                if !store::decide(tx, id, status, &answer, admin.id, now).await? {
                    return Err(wrong_state("Somebody has decided it already; look again.").into());
                }
                if status == Status::Approved {
                    let account = accounts::by_id(tx.ex(), id).await?.ok_or_else(Problem::not_found)?;
                    if account.email_verified_at.is_none() {
                        return Err(wrong_state("Its address is not proven yet; decide when it is.").into());
                    }
                    if account.role == Role::Guest {
                        accounts::set_role(tx, id, Role::Organizer, now).await?;
                        accounts::end_logins(tx, id, None, now).await?;
                    }
                }
                let detail = json!({ "status": status });
                audit::append(tx, Some(admin.id), "organiser.decided", format!("user:{id}"), detail, now)
                    .await?;
                notifications::enqueue(tx, &app, &Message::OrganiserDecided { user: id }, now).await
            })
        })
        .await?;
    app.wake_jobs();
    Ok(StatusCode::NO_CONTENT)
}

fn status(name: &str) -> Result<Status, Problem> {
    serde_json::from_value(json!(name))
        .map_err(|_| Problem::invalid("/status", "validation", "Choose waiting, approved or declined."))
}

fn wrong_state(detail: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "wrong-state", "Not possible in this state").detail(detail)
}
