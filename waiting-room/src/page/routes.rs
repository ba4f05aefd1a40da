//! HTTP of the queue page, and of its forms, which work without JavaScript.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use rust_embed::RustEmbed;
use shared::browser::{Browser, cookie};
use shared::limits::Client;
use shared::problem::{Problem, Result};

use super::small::Small;
use super::{code, noscript, theme};
use crate::admission::routes::{admission_cookie, claim};
use crate::app::App;
use crate::codes;
use crate::draw;
use crate::places::mail::wish_mail;
use crate::places::origin::same_site_if_stated;
use crate::places::routes::{JoinRequest, Wish, cookies, issue_token, pay, take_place};
use crate::places::token::cookie_name;
use crate::places::toll::{self, Proof};
use crate::places::visitor::Visitor;
use crate::queue::{Ending, StoreError};
use crate::report;
use crate::rooms::rules::{Room, RoomId};
use crate::words::{VARY, Words};

/// How long a browser keeps a task, seconds: as long as one lives.
const TASK_KEPT_S: u32 = 300;

/// The built page; see `waiting-room/web`.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Built;

/// The page. Makes the browser known, so that everything after it has its cookie.
pub async fn page(State(app): State<App>, Path(room): Path<String>, headers: HeaderMap) -> Result<Response> {
    let id = RoomId::parse(&room).ok_or_else(Problem::not_found)?;
    let room = match app.store.room(&id).await {
        Ok(room) => Some(room),
        Err(StoreError::NoRoom) => None,
        // While the store does not answer, the page is served from what this node last saw of the room.
        Err(error) => Some(app.hub.look(&id, |view| view.room.clone()).ok_or(error)?),
    };
    let place = match &room {
        Some(_) => Visitor::of(&app, id.as_str(), &headers, None).await.ok(),
        None => None,
    };
    if let Some(room) = room.as_ref().filter(|room| place.is_none() && is_behind_a_code(room)) {
        return Ok(code_page(&app, room, &headers, StatusCode::OK));
    }
    let document = match place {
        Some(visitor) => visitor.document(&app).await.ok(),
        None => None,
    };
    let browser = app.browser_cookie.read_or_new(&headers, &app.entropy);
    let task = cookie(&headers, &toll::cookie_name(&id));
    let wait_s = task.and_then(|task| toll::wait_left_s(&app, &id, &browser, task));
    let words = Words::asked(&headers);
    let block = noscript::block(words, room.as_ref(), document.as_ref(), wait_s, app.now());
    let parts = room.as_ref().map(|room| theme::parts(&room.theme)).unwrap_or_default();
    let (mut html, policy) = noscript::fill(theme::dress(built_page(), &parts), words, room.as_ref(), &block);
    let policy = theme::allow(&policy, &parts.allowed);
    if let Some(room) = &room {
        let draw = if room.draw { draw::page::link(&id, words) } else { String::new() };
        html = html.replacen("</main>", &(draw + &report::page::link(&id, words) + "</main>"), 1);
    }
    let status = if room.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let mut response = (status, Html(html)).into_response();
    let about = response.headers_mut();
    about.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // With "no-referrer" browsers send forms with the origin "null", which is refused as another site's.
    about.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    let policy = noscript::policy_header(&policy, room.as_ref().map(|room| room.booking_url.as_str()));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        about.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if !browser.known {
        about.append(header::SET_COOKIE, app.browser_cookie.set(&browser));
    }
    Ok(response)
}

/// A part of the page that it loads when it needs it. Its name changes with its content, so browsers keep it.
pub async fn part(Path(file): Path<String>) -> Result<Response> {
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let name = file.strip_suffix(".js").filter(|name| is_name(name)).ok_or_else(Problem::not_found)?;
    let part = Built::get(&format!("_/{name}.js")).ok_or_else(Problem::not_found)?;
    let about = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((about, part.data).into_response())
}

/// The page that asks for an access code; for rooms where some lanes take one, its address is given out with the code.
pub async fn ask_code(
    State(app): State<App>,
    Path(room): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let id = RoomId::parse(&room).ok_or_else(Problem::not_found)?;
    Ok(code_page(&app, &app.store.room(&id).await?, &headers, StatusCode::OK))
}

/// What the form that joins holds.
#[derive(Debug, Default, serde::Deserialize)]
pub struct JoinForm {
    /// An access code.
    #[serde(default)]
    code: String,
}

/// The form that joins.
pub async fn join(
    State(app): State<App>,
    Path(room): Path<String>,
    client: Client,
    headers: HeaderMap,
    form: std::result::Result<Form<JoinForm>, FormRejection>,
) -> Result<Response> {
    same_site_if_stated(&headers, &app.settings)?;
    let room = RoomId::parse(&room).ok_or_else(Problem::not_found)?;
    app.joins.check(client)?;
    let browser = app.browser_cookie.read_or_new(&headers, &app.entropy);
    let back = Redirect::to(&format!("/queue/{room}"));
    match pay_by_waiting(&app, &room, &browser, client, &headers).await? {
        Paid::Now => {}
        Paid::Later(task) => {
            let known = app.browser_cookie.set(&browser);
            let kept = task.map(|task| (header::SET_COOKIE, task)).into_iter();
            return Ok((AppendHeaders(kept.chain([(header::SET_COOKIE, known)]).collect::<Vec<_>>()), back)
                .into_response());
        }
    }
    let Form(JoinForm { code }) = form.unwrap_or_else(|_| Form(JoinForm::default()));
    let place = match codes::tried(&app, &room, Some(&code), client) {
        Ok(key) => take_place(&app, &room, &browser, Wish { code: key, ..Wish::default() }).await,
        Err(refusal) => Err(refusal),
    };
    let place = match place {
        Ok((place, _)) => place,
        // Somebody with the form before her gets it again.
        Err(refusal) if is_about_the_code(&refusal) => {
            let room = app.store.room(&room).await?;
            return Ok(code_page(&app, &room, &headers, refusal.status()));
        }
        Err(refusal) => return Err(refusal),
    };
    let token = issue_token(&app, &room, &place, &browser).await?;
    Ok((cookies(&app, &room, &browser, &token), back).into_response())
}

/// Whether a join without JavaScript is paid for.
enum Paid {
    Now,
    /// Wait, and keep this task meanwhile if it is a new one.
    Later(Option<HeaderValue>),
}

/// Lets a join pass that costs nothing or was waited for; without JavaScript the task is kept in a cookie.
async fn pay_by_waiting(
    app: &App,
    room: &RoomId,
    browser: &Browser,
    client: Client,
    headers: &HeaderMap,
) -> Result<Paid> {
    let task = cookie(headers, &toll::cookie_name(room));
    let is_early = |task| toll::wait_left_s(app, room, browser, task).is_some_and(|left_s| left_s > 0);
    if task.is_some_and(is_early) {
        return Ok(Paid::Later(None));
    }
    let proof = task.map(|task| Proof { challenge: task.to_owned(), nonce: None });
    let wish = JoinRequest { proof, ..JoinRequest::default() };
    let Err(refused) = pay(app, room, browser, client, &wish).await else { return Ok(Paid::Now) };
    let document = refused.document();
    let challenge = document["work"]["challenge"].as_str().ok_or(refused)?;
    let kept = app.browser_cookie.header(&toll::cookie_name(room), challenge, TASK_KEPT_S);
    Ok(Paid::Later(Some(kept)))
}

/// The form that claims the turn: on to the shop, or back to the line.
pub async fn enter(State(app): State<App>, Path(room): Path<String>, headers: HeaderMap) -> Result<Response> {
    same_site_if_stated(&headers, &app.settings)?;
    let visitor = Visitor::of(&app, &room, &headers, None).await?;
    let back = format!("/queue/{}", visitor.room);
    let room = visitor.room.clone();
    let mut about = HeaderMap::new();
    about.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let to = match claim(&app, visitor).await {
        Ok(answer) => {
            about.insert(header::SET_COOKIE, admission_cookie(&app, &room, &answer));
            answer.booking_url
        }
        Err(_) => back,
    };
    Ok((about, Redirect::to(&to)).into_response())
}

/// The form that puts the turn off. Where that is no longer possible the page says how things stand.
pub async fn defer(State(app): State<App>, Path(room): Path<String>, headers: HeaderMap) -> Result<Redirect> {
    same_site_if_stated(&headers, &app.settings)?;
    let visitor = Visitor::of(&app, &room, &headers, None).await?.holding()?;
    app.store.defer(&visitor.room, visitor.place.id, app.now()).await?;
    Ok(Redirect::to(&format!("/queue/{}", visitor.room)))
}

/// What the form that asks for a mail holds.
#[derive(Debug, serde::Deserialize)]
pub struct MailForm {
    /// An address.
    email: String,
}

/// The form that asks for a mail when the turn comes. Where there is nothing to wait for any more the page says how things stand.
pub async fn mail(
    State(app): State<App>,
    Path(room): Path<String>,
    client: Client,
    headers: HeaderMap,
    Form(MailForm { email }): Form<MailForm>,
) -> Result<Redirect> {
    let back = Redirect::to(&format!("/queue/{}", RoomId::parse(&room).ok_or_else(Problem::not_found)?));
    match wish_mail(&app, &room, client, &headers, email).await {
        Err(refused) if refused.slug() != "not-waiting" => Err(refused),
        _ => Ok(back),
    }
}

/// The form that gives the place up.
pub async fn leave(State(app): State<App>, Path(room): Path<String>, headers: HeaderMap) -> Result<Response> {
    same_site_if_stated(&headers, &app.settings)?;
    let visitor = Visitor::of(&app, &room, &headers, None).await?.holding()?;
    app.store.leave(&visitor.room, visitor.place.id, Ending::Left, app.now()).await?;
    let forget = app.browser_cookie.header(&cookie_name(&visitor.room), "", 0);
    Ok(([(header::SET_COOKIE, forget)], Redirect::to(&format!("/queue/{}", visitor.room))).into_response())
}

/// Whether nobody joins through the page without a code.
fn is_behind_a_code(room: &Room) -> bool {
    room.lanes.first().is_some_and(|lane| lane.needs_code)
}

fn is_about_the_code(refusal: &Problem) -> bool {
    matches!(refusal.slug(), "code-needed" | "code-used-up" | "code-over" | "unknown-access-code")
}

/// The form for a code, and the browser's cookie, which the answer to it needs.
fn code_page(app: &App, room: &Room, headers: &HeaderMap, status: StatusCode) -> Response {
    let words = Words::asked(headers);
    let main = code::main(words, room, status != StatusCode::OK);
    let small = Small { room: Some(room), words, title: &room.name, main: &main, is_scripted: false };
    let mut response = (status, small.response()).into_response();
    let about = response.headers_mut();
    about.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    about.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    about.insert(VARY.0, VARY.1);
    let browser = app.browser_cookie.read_or_new(headers, &app.entropy);
    if !browser.known {
        about.append(header::SET_COOKIE, app.browser_cookie.set(&browser));
    }
    response
}

/// The built page, or one that says how to build it and works all the same.
fn built_page() -> String {
    match Built::get("index.html") {
        Some(file) => String::from_utf8_lossy(&file.data).into_owned(),
        None => noscript::UNBUILT.to_owned(),
    }
}
