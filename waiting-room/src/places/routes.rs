//! HTTP of places.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::access::{self, AccessClaims};
use shared::browser::Browser;
use shared::clock::Ts;
use shared::json::{Json, OptionalJson};
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument, Result};

use super::origin::same_site_if_stated;
use super::token::{self, PlaceClaims};
use super::toll::{self, Proof};
use super::visitor::Visitor;
use crate::app::App;
use crate::codes;
use crate::live;
use crate::live::document::PlaceDocument;
use crate::pseudonym::pseudonym;
use crate::queue::codes::CodeKey;
use crate::queue::line::REMEMBERED;
use crate::queue::{AccountKey, AccountRefusal, BrowserKey, Ending, Join, Joined, Place};
use crate::rooms::rules::{Room, RoomId, RoomState};

/// Body of a join; may be left out.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinRequest {
    /// Name of the lane to stand in; the room's first lane when absent.
    #[serde(default)]
    pub lane: Option<String>,
    /// The shop's access token, in a room with one place an account.
    #[serde(default)]
    pub account_token: Option<String>,
    /// An access code. It opens the lane it was made for, whatever `lane` says.
    #[serde(default)]
    pub access_code: Option<String>,
    /// Proof of work, where a join was answered with `work-required`.
    #[serde(default)]
    pub proof: Option<Proof>,
    /// What the CAPTCHA's page has handed back, where a join was answered with `captcha-required`.
    #[serde(default)]
    pub captcha: Option<String>,
}

/// Answer to a join.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct JoinAnswer {
    /// The sealed proof of the place; also set as a cookie.
    pub place_token: String,
    /// The place.
    pub place: PlaceDocument<'static>,
}

/// Joins the line, or gives back the place this browser has.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/places", tag = "places",
    params(("room" = String, Path)), request_body(content = JoinRequest, description = "May be empty"),
    responses(
        (status = 201, description = "A new place", body = JoinAnswer),
        (status = 200, description = "The place this browser had", body = JoinAnswer),
        (status = 401, description = "`invalid-token`: that of the account", body = ProblemDocument),
        (status = 403, description = "`code-needed`, `account-needed`", body = ProblemDocument),
        (status = 404, description = "`not-found`", body = ProblemDocument),
        (status = 409, description = "`not-open-yet`, `code-used-up`, `account-has-place`", body = ProblemDocument),
        (status = 410, description = "`sale-ended`, `code-over`", body = ProblemDocument),
        (status = 422, description = "`unknown-lane`, with `lanes`; `unknown-access-code`", body = ProblemDocument),
        (status = 428, description = "`work-required` with `work`, `captcha-required` with `captcha_page`", body = ProblemDocument),
        (status = 429, description = "`slow-down`", body = ProblemDocument)))]
pub async fn join_line(
    State(app): State<App>,
    Path(room): Path<String>,
    client: Client,
    headers: HeaderMap,
    OptionalJson(wish): OptionalJson<JoinRequest>,
) -> Result<Response> {
    same_site_if_stated(&headers, &app.settings)?;
    let room = RoomId::parse(&room).ok_or_else(Problem::not_found)?;
    app.joins.check(client)?;
    let lane = wish.lane(&app, &room).await?;
    let code = codes::tried(&app, &room, wish.access_code.as_deref(), client)?;
    // What few joins need is kept apart, here and below: this future is made and moved for each of them.
    let account = match wish.account_token.as_deref() {
        Some(token) => Some(Box::pin(account_of(&app, &room, token)).await?),
        None => None,
    };
    let browser = app.browser_cookie.read_or_new(&headers, &app.entropy);
    // Whoever shows a place has it, also when the store has lost it: she must not end up behind newcomers.
    let shown = match Visitor::is_shown(&room, &headers) {
        true => Box::pin(Visitor::of(&app, room.as_str(), &headers, None)).await.ok(),
        false => None,
    };
    let shown = shown.filter(|visitor| !visitor.has_moved && !visitor.place.standing.is_over());
    let (place, is_new) = match shown {
        Some(visitor) => (visitor.place, false),
        None => {
            if let Err(refused) = pay(&app, &room, &browser, client, &wish).await {
                // The task is this browser's, which must be known by its cookie when it comes back.
                let known = [(header::SET_COOKIE, app.browser_cookie.set(&browser))];
                return Ok((known, refused).into_response());
            }
            take_place(&app, &room, &browser, Wish { lane, code, account }).await?
        }
    };
    let place_token = issue_token(&app, &room, &place, &browser).await?;
    let place = live::document_of(&app, &room, &place).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let cookies = cookies(&app, &room, &browser, &place_token);
    Ok((status, cookies, Json(JoinAnswer { place_token, place })).into_response())
}

/// The caller's place.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/places/me", tag = "places",
    params(("room" = String, Path), ("place-token" = Option<String>, Header, description = "Or the cookie, or a bearer token")),
    responses(
        (status = 200, description = "With `ETag` and `Retry-After`", body = PlaceDocument),
        (status = 304, description = "Nothing new"),
        (status = 401, description = "`place-invalid`", body = ProblemDocument),
        (status = 403, description = "`place-not-yours`", body = ProblemDocument)))]
pub async fn my_place(
    State(app): State<App>,
    Path(room): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let visitor = Visitor::of(&app, &room, &headers, None).await?;
    let (document, mut json) = (visitor.document(&app).await?, Vec::new());
    let fingerprint = document.write(&mut json).map_err(|error| Problem::internal(&error))?;
    let etag = format!("\"{fingerprint:016x}\"");
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes());
    let about = [
        (header::ETAG, HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"\""))),
        (header::RETRY_AFTER, HeaderValue::from(document.retry_after_s)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ];
    Ok(if known {
        (StatusCode::NOT_MODIFIED, about).into_response()
    } else {
        (about, [(header::CONTENT_TYPE, "application/json")], json).into_response()
    })
}

/// Gives the place up, wherever it stands.
#[utoipa::path(delete, path = "/api/v1/rooms/{room}/places/me", tag = "places",
    params(("room" = String, Path)),
    responses(
        (status = 204, description = "Given up; also when it was over before"),
        (status = 401, description = "`place-invalid`", body = ProblemDocument),
        (status = 403, description = "`place-not-yours`", body = ProblemDocument),
        (status = 410, description = "`place-moved`", body = ProblemDocument)))]
pub async fn leave_line(
    State(app): State<App>,
    Path(room): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    same_site_if_stated(&headers, &app.settings)?;
    let visitor = Visitor::of(&app, &room, &headers, None).await?.holding()?;
    app.store.leave(&visitor.room, visitor.place.id, Ending::Left, app.now()).await?;
    let forget = app.browser_cookie.header(&token::cookie_name(&visitor.room), "", 0);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, forget)]).into_response())
}

impl JoinRequest {
    /// The lane that is asked for.
    async fn lane(&self, app: &App, room: &RoomId) -> Result<u8> {
        let Some(name) = &self.lane else { return Ok(0) };
        let room = app.store.settings(room).await?;
        room.lane_named(name).ok_or_else(|| {
            let names: Vec<&str> = room.lanes.iter().map(|lane| lane.name.as_str()).collect();
            let detail = "This room has no such lane. Choose one of `lanes`, or leave `lane` out.";
            Problem::invalid("/lane", "unknown-lane", detail).with("lanes", serde_json::json!(names))
        })
    }
}

/// Lets a join pass that pays what the room asks.
///
/// # Errors
/// 428 with what is to be paid.
pub async fn pay(
    app: &App,
    room: &RoomId,
    browser: &Browser,
    client: Client,
    wish: &JoinRequest,
) -> Result<()> {
    let room = app.store.settings(room).await?;
    if room.entry.captcha
        && let Some(captcha) = &app.captcha
    {
        Box::pin(captcha.check(wish.captcha.as_deref())).await?;
    }
    toll::collect(app, &room, browser, client, wish.proof.as_ref())
}

/// What a join asks for, checked as far as that needs no store.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish {
    /// Index of the lane, unless the code opens another.
    pub lane: u8,
    /// An access code.
    pub code: Option<CodeKey>,
    /// An account of the shop.
    pub account: Option<AccountKey>,
}

/// What stands for the account whose access token is shown.
async fn account_of(app: &App, room: &RoomId, token: &str) -> Result<AccountKey> {
    let now = app.now();
    let keys = app.booking_keys.for_token(token, now).await;
    let claims: AccessClaims =
        keys.verify(token, access::AUDIENCE, now).map_err(|_| access::invalid_token())?;
    let secret = app.place_keys.derived_secret("accounts");
    Ok(AccountKey(pseudonym(&secret, room, claims.sub.as_bytes())))
}

/// The place of a browser, a new one as wished, and whether it is new.
pub async fn take_place(app: &App, room: &RoomId, browser: &Browser, wish: Wish) -> Result<(Place, bool)> {
    let Wish { lane, code, account } = wish;
    let now = app.now();
    let join = Join {
        place: app.entropy.uuid_v7(now),
        browser: BrowserKey::of_hash(&browser.hash()),
        lane,
        code,
        account,
    };
    match app.store.join(room, vec![join], now).await?.into_iter().next() {
        Some(Joined::New(place)) => {
            app.hub.count_join(room);
            Ok((place, true))
        }
        Some(Joined::Known(place)) => Ok((place, false)),
        Some(Joined::NoEntry(refusal)) => Err(codes::rules::refused(refusal, room)),
        Some(Joined::NoAccount(AccountRefusal::Needed)) => Err(Problem::new(StatusCode::FORBIDDEN, "account-needed", "Entry with an account")
            .detail("In this line an account has one place. Log in to the shop and send its access token as `account_token`.")),
        Some(Joined::NoAccount(AccountRefusal::Taken)) => Err(Problem::new(StatusCode::CONFLICT, "account-has-place", "This account has a place")
            .detail("Your account stands in this line already, in another browser. Go on there, or leave the line there first.")),
        Some(Joined::Refused(state)) => Err(refused(app, room, state, now).await),
        None => Err(Problem::unavailable(1)),
    }
}

/// The sealed proof of a place.
pub async fn issue_token(app: &App, room: &RoomId, place: &Place, browser: &Browser) -> Result<String> {
    let epoch = app.store.epoch(room).await?;
    let lane = lane_name(app, room, place.lane).await?;
    let claims = PlaceClaims::new(room, &lane, epoch, place, &browser.hash(), app.now());
    app.place_keys.seal(&claims).map_err(|e| Problem::internal(&e))
}

/// The name of a lane, also of one that was added since this node last looked at the room.
async fn lane_name(app: &App, room: &RoomId, lane: u8) -> Result<String> {
    let known = |room: &Room| room.lanes.get(usize::from(lane)).map(|lane| lane.name.clone());
    match app.hub.look(room, |view| known(&view.room)).flatten() {
        Some(name) => Ok(name),
        None => Ok(app.store.settings(room).await?.lane_name(lane).to_owned()),
    }
}

/// The cookies that let a browser keep its place.
pub fn cookies(app: &App, room: &RoomId, browser: &Browser, place_token: &str) -> HeaderMap {
    let keep_s = REMEMBERED.whole_seconds() as u32;
    let mut cookies = HeaderMap::new();
    if !browser.known {
        cookies.append(header::SET_COOKIE, app.browser_cookie.set(browser));
    }
    let place = app.browser_cookie.header(&token::cookie_name(room), place_token, keep_s);
    cookies.append(header::SET_COOKIE, place);
    cookies
}

/// Why nobody new joins.
async fn refused(app: &App, room: &RoomId, state: RoomState, now: Ts) -> Problem {
    if state != RoomState::Scheduled {
        return Problem::new(StatusCode::GONE, "sale-ended", "The queue is closed")
            .detail("Nobody can join any more. Look for other events.")
            .with("room_state", serde_json::json!(state));
    }
    let lobby_at = app.store.settings(room).await.ok().and_then(|room| room.lobby_at);
    let wait_s = lobby_at.map_or(60, |at| (at - now).whole_seconds().max(1) as u64);
    Problem::new(StatusCode::CONFLICT, "not-open-yet", "The lobby is not open yet")
        .detail("Come back when the lobby opens; there is no advantage in being early.")
        .with("lobby_at", serde_json::json!(lobby_at))
        .retry_after(wait_s)
}
