//! A place on another device: its holder shows a code, whoever scans it has the place, and the old browser is told.
//!
//! The code is a signed offer that names the place and the browser that holds it, lives two minutes and works once;
//! the queue sees to that in one step ([`crate::queue::QueueStore::hand_over`]). It travels in the address's fragment,
//! which no server logs, and the picture of it is made here, so that the page stays small.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::json::Json;
use shared::keys::Claims;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument, Result};
use shared::skew::BORNE_S;
use time::Duration;
use uuid::Uuid;

use super::origin::same_site_if_stated;
use super::routes::{JoinAnswer, cookies, issue_token};
use super::visitor::Visitor;
use crate::app::App;
use crate::live;
use crate::queue::{BrowserKey, HandedOver, Handover, Standing};
use crate::rooms::rules::RoomId;

/// `aud` of every offer.
const AUDIENCE: &str = "waiting-room";
/// How long an offer lives: enough to take another device out of a pocket.
const LIVES: Duration = Duration::minutes(2);
/// Width of the code in the units of its picture.
const CODE_WIDTH: u32 = 280;

/// Claims of an offer. Short, because it has to fit into a code that a telephone reads off a screen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OfferClaims {
    /// [`AUDIENCE`].
    aud: String,
    /// The room.
    room: RoomId,
    /// The place.
    sub: Uuid,
    /// Id of the offer.
    jti: Uuid,
    /// Who held the place when it was offered.
    from: BrowserKey,
    /// Valid from, seconds.
    nbf: i64,
    /// Dead from, seconds.
    exp: i64,
}

impl Claims for OfferClaims {
    const TYP: &'static str = "handover+jwt";
    fn audience(&self) -> &str {
        &self.aud
    }
    fn not_before(&self) -> i64 {
        self.nbf
    }
    fn expires(&self) -> i64 {
        self.exp
    }
}

/// A place on offer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Offer {
    /// Address that takes the place over in the browser that opens it.
    pub url: String,
    /// The same as a QR code: a `data:` address of an SVG.
    pub qr: String,
    /// When the offer ends.
    pub expires_at: Ts,
}

/// What another device brings.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeOver {
    /// What stands behind `#move=` in the offer's address.
    pub token: String,
}

/// Offers the caller's place to another device.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/places/me/handover", tag = "places",
    params(("room" = String, Path)),
    responses(
        (status = 201, description = "An offer that works once, for two minutes", body = Offer),
        (status = 401, description = "`place-invalid`", body = ProblemDocument),
        (status = 403, description = "`place-not-yours`", body = ProblemDocument),
        (status = 410, description = "`handover-over`, `place-moved`", body = ProblemDocument)))]
pub async fn offer_place(
    State(app): State<App>,
    Path(room): Path<String>,
    client: Client,
    headers: HeaderMap,
) -> Result<Response> {
    same_site_if_stated(&headers, &app.settings)?;
    app.joins.check(client)?;
    let visitor = Visitor::of(&app, &room, &headers, None).await?.holding()?;
    if !matches!(visitor.place.standing, Standing::Waiting | Standing::Called { .. }) {
        return Err(handover_over());
    }
    let now = app.now();
    let claims = OfferClaims {
        aud: AUDIENCE.to_owned(),
        room: visitor.room.clone(),
        sub: visitor.place.id,
        jti: app.entropy.uuid_v7(now),
        from: visitor.place.browser,
        nbf: now.seconds() - BORNE_S,
        exp: (now + LIVES).seconds(),
    };
    let token = app.place_keys.sign(&claims).map_err(|e| Problem::internal(&e))?;
    let url = format!("{}/queue/{}#move={token}", app.settings.public_url(), visitor.room);
    let offer = Offer { qr: picture(&url)?, url, expires_at: Ts::from_seconds(claims.exp) };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(offer)).into_response())
}

/// Takes over the place that another device offers. That device is told at once; its token opens nothing any more.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/handovers", tag = "places",
    params(("room" = String, Path)), request_body = TakeOver,
    responses(
        (status = 200, description = "The place is this browser's; or the better one it had", body = JoinAnswer),
        (status = 410, description = "`handover-over`", body = ProblemDocument),
        (status = 429, description = "`slow-down`", body = ProblemDocument)))]
pub async fn take_place_over(
    State(app): State<App>,
    Path(room): Path<String>,
    client: Client,
    headers: HeaderMap,
    Json(body): Json<TakeOver>,
) -> Result<Response> {
    same_site_if_stated(&headers, &app.settings)?;
    let room = RoomId::parse(&room).ok_or_else(Problem::not_found)?;
    app.joins.check(client)?;
    let now = app.now();
    let verified = app.place_keys.verify(&body.token, AUDIENCE, now);
    let offer: OfferClaims = verified.map_err(|_| handover_over())?;
    if offer.room != room {
        return Err(handover_over());
    }
    let browser = app.browser_cookie.read_or_new(&headers, &app.entropy);
    let wish = Handover {
        offer: offer.jti,
        until: Ts::from_seconds(offer.exp),
        place: offer.sub,
        from: offer.from,
        to: BrowserKey::of_hash(&browser.hash()),
    };
    let place = match app.store.hand_over(&room, wish, now).await? {
        HandedOver::Moved(place) | HandedOver::Better(place) => place,
        HandedOver::Refused => return Err(handover_over()),
    };
    let place_token = issue_token(&app, &room, &place, &browser).await?;
    let place = live::document_of(&app, &room, &place).await?;
    Ok((cookies(&app, &room, &browser, &place_token), Json(JoinAnswer { place_token, place }))
        .into_response())
}

/// An address as a QR code.
fn picture(url: &str) -> Result<String> {
    let code = QrCode::with_error_correction_level(url, EcLevel::L).map_err(|e| Problem::internal(&e))?;
    let drawn = code.render::<svg::Color>().min_dimensions(CODE_WIDTH, CODE_WIDTH).build();
    Ok(format!("data:image/svg+xml;base64,{}", STANDARD.encode(drawn)))
}

/// 410: nothing is offered any more.
fn handover_over() -> Problem {
    Problem::new(StatusCode::GONE, "handover-over", "This place is not on offer")
        .detail("An offer works once, for two minutes, and only while the place is in the line. Show a new one on the device that holds the place.")
}
