//! HTTP of admission.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use shared::admission::{self, AdmissionClaims};
use shared::clock::Ts;
use shared::departures::{BATCH_MAX, Departed, Departures, Reason};
use shared::guard::shown_token;
use shared::json::{Json, OptionalJson};
use shared::keys::TokenError;
use shared::problem::{Problem, ProblemDocument, Result};
use shared::skew::BORNE_S;

use super::renewals::{self, RenewalRequest};
use crate::app::App;
use crate::extract::BookingService;
use crate::live;
use crate::live::document::PlaceDocument;
use crate::places::origin::same_site_if_stated;
use crate::places::visitor::{Visitor, place_moved};
use crate::queue::{Claim, Claimed, Deferred, Depart, Ending, Place, Standing};
use crate::rooms::rules::{Room, RoomId};

/// Answer to a claimed turn.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdmissionAnswer {
    /// The admission token for booking, bound to this browser.
    pub admission_token: String,
    /// When the visit to the shop ends.
    pub expires_at: Ts,
    /// Where to go, with the token in the fragment.
    pub booking_url: String,
}

/// Claims the caller's turn. While admitted, the same admission again.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/places/me/admission", tag = "admission",
    params(("room" = String, Path)),
    responses(
        (status = 200, description = "In", body = AdmissionAnswer),
        (status = 401, description = "`place-invalid`", body = ProblemDocument),
        (status = 403, description = "`place-not-yours`", body = ProblemDocument),
        (status = 409, description = "`not-your-turn`, with `place`", body = ProblemDocument),
        (status = 410, description = "`turn-missed`, `admission-over` or `sale-ended`, with `place`; `place-moved`", body = ProblemDocument)))]
pub async fn claim_admission(
    State(app): State<App>,
    Path(room): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    same_site_if_stated(&headers, &app.settings)?;
    let visitor = Visitor::of(&app, &room, &headers, None).await?;
    let room = visitor.room.clone();
    let answer = claim(&app, visitor).await?;
    Ok(with_cookie(&app, &room, answer))
}

fn with_cookie(app: &App, room: &RoomId, answer: AdmissionAnswer) -> Response {
    let about = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::SET_COOKIE, admission_cookie(app, room, &answer)),
    ];
    (about, Json(answer)).into_response()
}

/// Lengthens the caller's visit to the shop by the room's `renewal_s`, at most `renewals_max` times. The answer holds a new
/// token of the same admission, to be used instead of the one before.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/places/me/admission/renewal", tag = "admission",
    params(("room" = String, Path)), request_body(content = RenewalRequest, description = "May be empty"),
    responses(
        (status = 200, description = "The visit ends later", body = AdmissionAnswer),
        (status = 401, description = "`place-invalid`", body = ProblemDocument),
        (status = 403, description = "`place-not-yours`", body = ProblemDocument),
        (status = 409, description = "`no-renewal` or `not-admitted`, with `place`", body = ProblemDocument),
        (status = 410, description = "`admission-over` or `sale-ended`, with `place`; `place-moved`", body = ProblemDocument),
        (status = 503, description = "`shop-not-told`: repeat it with the same `expires_at`", body = ProblemDocument)))]
pub async fn renew_admission(
    State(app): State<App>,
    Path(room): Path<String>,
    headers: HeaderMap,
    OptionalJson(wish): OptionalJson<RenewalRequest>,
) -> Result<Response> {
    same_site_if_stated(&headers, &app.settings)?;
    let visitor = Visitor::of(&app, &room, &headers, None).await?;
    let room = visitor.room.clone();
    let answer = renewals::renew(&app, visitor, wish.expires_at).await?;
    Ok(with_cookie(&app, &room, answer))
}

/// The cookie by which sites behind the room on the same host know the visitor, for as long as she may stay.
pub fn admission_cookie(app: &App, room: &RoomId, answer: &AdmissionAnswer) -> HeaderValue {
    let lasts_s = (answer.expires_at - app.now()).whole_seconds().max(0) as u32;
    app.browser_cookie.header(&admission::cookie_name(room.as_str()), &answer.admission_token, lasts_s)
}

/// Claims a visitor's turn.
pub async fn claim(app: &App, visitor: Visitor) -> Result<AdmissionAnswer> {
    let visitor = visitor.holding()?;
    let now = app.now();
    let asked_as = app.entropy.uuid_v7(now);
    let claim = Claim { place: visitor.place.id, jti: asked_as };
    let claimed = app.store.claim(&visitor.room, vec![claim], now).await?.into_iter().next();
    match claimed.unwrap_or(Claimed::Unknown) {
        // It has moved between our two looks at it: the turn is the other device's.
        Claimed::Admitted(place) if place.browser != visitor.place.browser => Err(place_moved()),
        Claimed::Admitted(place) => {
            let room = app.store.room(&visitor.room).await?;
            if matches!(place.standing, Standing::Admitted { jti, .. } if jti == asked_as) {
                let waited = (now - place.joined_at).as_seconds_f64();
                metrics::histogram!("queue_wait_seconds", "room" => room.id.to_string()).record(waited);
            }
            admit(app, &room, &place, &visitor.browser.hash())
        }
        Claimed::AtDoor(place) => Err(refusal(app, &visitor, place, StatusCode::CONFLICT, "not-your-turn", "At the door",
            "It is your turn and the shop is full this very moment. You go in as soon as somebody leaves; your turn is safe as long as this page stays open.").await.retry_after(1)),
        Claimed::Waiting(place) => Err(refusal(app, &visitor, place, StatusCode::CONFLICT, "not-your-turn", "Not your turn yet",
            "Stay in the line; the page tells you when it is your turn.").await),
        Claimed::Closed(place) => Err(refusal(app, &visitor, place, StatusCode::GONE, "sale-ended", "The queue is closed",
            "The sale is over. Look for other events.").await),
        Claimed::Over(place) if matches!(place.standing, Standing::Ended { how: Ending::Missed, .. }) => {
            Err(refusal(app, &visitor, place, StatusCode::GONE, "turn-missed", "Your turn has passed",
                "The time to enter has passed. Join the line again.").await)
        }
        Claimed::Over(place) => Err(refusal(app, &visitor, place, StatusCode::GONE, "admission-over", "This place is over",
            "The visit has ended or the place was given up. Join the line again.").await),
        Claimed::Unknown => Err(Problem::unavailable(1)),
    }
}

/// Puts the caller's turn off, once: “not now”. She keeps her number, and it is her turn again after `deferral_s`.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/places/me/deferral", tag = "admission",
    params(("room" = String, Path)),
    responses(
        (status = 200, description = "Put off", body = PlaceDocument),
        (status = 401, description = "`place-invalid`", body = ProblemDocument),
        (status = 403, description = "`place-not-yours`", body = ProblemDocument),
        (status = 409, description = "`not-your-turn` or `no-deferral`, with `place`", body = ProblemDocument)))]
pub async fn defer_turn(
    State(app): State<App>,
    Path(room): Path<String>,
    headers: HeaderMap,
) -> Result<Json<PlaceDocument<'static>>> {
    same_site_if_stated(&headers, &app.settings)?;
    let visitor = Visitor::of(&app, &room, &headers, None).await?.holding()?;
    let (place, slug, title, detail) =
        match app.store.defer(&visitor.room, visitor.place.id, app.now()).await? {
            Deferred::Until(place) => return Ok(Json(live::document_of(&app, &visitor.room, &place).await?)),
            Deferred::Unknown => return Err(Problem::unavailable(1)),
            Deferred::Spent(place) => (
                place,
                "no-deferral",
                "Put off before",
                "A turn can be put off once. Claim it, or leave the line.",
            ),
            Deferred::Off(place) => {
                (place, "no-deferral", "Turns are not put off here", "Claim the turn, or leave the line.")
            }
            Deferred::NotCalled(place) => (
                place,
                "not-your-turn",
                "Not your turn",
                "Only a turn that was called and not claimed can be put off.",
            ),
        };
    Err(refusal(&app, &visitor, place, StatusCode::CONFLICT, slug, title, detail).await)
}

/// The public keys that verify admission tokens.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "admission",
    responses((status = 200, description = "RFC 7517 key set", body = Object)))]
pub async fn admission_keys(State(app): State<App>) -> Response {
    let keep = [(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"))];
    (keep, Json(app.admission_keys.public().jwks())).into_response()
}

/// What a proxy asks about.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The room whose admissions open the site.
    room: Option<String>,
}

/// Whether the request may pass, for the `auth_request` of a proxy in front of any site. The token is that of the header
/// or, with `room`, of the cookie that the claim has set.
#[utoipa::path(get, path = "/api/v1/admission/check", tag = "admission",
    params(("room" = Option<String>, Query, description = "Only admissions of this room pass"),
        ("admission-token" = Option<String>, Header)),
    responses(
        (status = 204, description = "May pass"),
        (status = 401, description = "`invalid-token`, `admission-expired`, `admission-revoked`", body = ProblemDocument),
        (status = 403, description = "`admission-not-yours`", body = ProblemDocument)))]
pub async fn check_admission(
    State(app): State<App>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<StatusCode> {
    check(&app, asked.room.as_deref(), &headers).await.map(|()| StatusCode::NO_CONTENT)
}

/// The same for proxies that hand the answer on to the browser and know only 200 as a yes (Envoy, Traefik): 200, or 303 to
/// the line. Whatever they append to the path is not looked at.
pub async fn gate(
    State(app): State<App>,
    Path(path): Path<GatePath>,
    headers: HeaderMap,
) -> Result<Response> {
    let room = RoomId::parse(&path.room).ok_or_else(Problem::not_found)?;
    match check(&app, Some(room.as_str()), &headers).await {
        Ok(()) => Ok(StatusCode::OK.into_response()),
        Err(refused) if refused.status().is_client_error() => {
            let to_the_line = Redirect::to(&format!("/queue/{room}"));
            Ok(([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], to_the_line).into_response())
        }
        Err(sick) => Err(sick),
    }
}

/// The path of a gate.
#[derive(Debug, Deserialize)]
pub struct GatePath {
    room: String,
}

async fn check(app: &App, room: Option<&str>, headers: &HeaderMap) -> Result<()> {
    let now = app.now();
    let invalid = || unauthorized("invalid-token", "No valid admission token");
    let token = shown_token(headers, room.unwrap_or_default()).unwrap_or_default();
    let claims: AdmissionClaims =
        app.admission_keys.verify(token, admission::AUDIENCE, now).map_err(|error| match error {
            TokenError::Expired => unauthorized("admission-expired", "The visit is over"),
            TokenError::Invalid | TokenError::NotYet => invalid(),
        })?;
    if room.is_some_and(|room| room != claims.room) {
        return Err(invalid());
    }
    let browser = app.browser_cookie.read(headers);
    if browser.is_none_or(|browser| browser.hash() != claims.cnf) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "admission-not-yours",
            "This admission belongs to another browser",
        )
        .detail("Use the browser that stood in the line."));
    }
    let room = RoomId::parse(&claims.room).ok_or_else(invalid)?;
    let place = app.store.find(&room, vec![claims.sub], now).await?.into_iter().next().flatten();
    match place.map(|place| place.standing) {
        Some(Standing::Admitted { jti, .. }) if jti == claims.jti => Ok(()),
        _ => Err(unauthorized("admission-revoked", "This admission was ended")),
    }
}

/// Booking reports admissions that have ended, so that their places in the shop are refilled at once.
#[utoipa::path(post, path = "/internal/v1/rooms/{room}/departures", tag = "admission",
    params(("room" = String, Path)), request_body = Departures,
    responses(
        (status = 200, description = "How many this call ended", body = Departed),
        (status = 401, description = "`invalid-token`", body = ProblemDocument),
        (status = 422, description = "`too-many`", body = ProblemDocument)))]
pub async fn report_departures(
    State(app): State<App>,
    _booking: BookingService,
    Path(room): Path<String>,
    Json(body): Json<Departures>,
) -> Result<Json<Departed>> {
    let room = RoomId::parse(&room).ok_or_else(Problem::not_found)?;
    if body.departures.len() > BATCH_MAX {
        let detail = format!("Send at most {BATCH_MAX} departures at a time.");
        return Err(Problem::invalid("/departures", "too-many", detail));
    }
    let ended = |reason| match reason {
        Reason::Finished => Ending::Finished,
        Reason::Abandoned => Ending::Abandoned,
    };
    let departures: Vec<Depart> =
        body.departures.iter().map(|d| Depart { place: d.place, jti: d.jti, how: ended(d.reason) }).collect();
    let departed = app.store.depart(&room, departures, app.now()).await?;
    Ok(Json(Departed { departed }))
}

/// The answer to whoever is in the shop: her admission token.
pub(super) fn admit(app: &App, room: &Room, place: &Place, browser_hash: &str) -> Result<AdmissionAnswer> {
    let Standing::Admitted { jti, at, until, .. } = place.standing else {
        return Err(Problem::internal("an admitted place is not admitted"));
    };
    let claims = AdmissionClaims {
        iss: app.settings.public_url(),
        aud: admission::AUDIENCE.to_owned(),
        sub: place.id,
        jti,
        room: room.id.to_string(),
        event: room.event.clone(),
        lane: room.lane_name(place.lane).to_owned(),
        iat: at.seconds(),
        nbf: at.seconds() - BORNE_S,
        exp: until.seconds(),
        cnf: browser_hash.to_owned(),
    };
    let admission_token = app.admission_keys.sign(&claims).map_err(|e| Problem::internal(&e))?;
    let booking_url = format!("{}#admission={admission_token}&room={}", room.booking_url, room.id);
    Ok(AdmissionAnswer { admission_token, expires_at: claims.expires_at(), booking_url })
}

/// A refusal that shows where the place stands.
pub(super) async fn refusal(
    app: &App,
    visitor: &Visitor,
    place: Place,
    status: StatusCode,
    slug: &'static str,
    title: &'static str,
    detail: &str,
) -> Problem {
    let document = crate::live::document_of(app, &visitor.room, &place).await;
    let place = document.ok().and_then(|document| serde_json::to_value(document).ok());
    Problem::new(status, slug, title).detail(detail).with("place", place.unwrap_or_default())
}

fn unauthorized(slug: &'static str, title: &'static str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, slug, title).detail("Go through the waiting room to get in.")
}
