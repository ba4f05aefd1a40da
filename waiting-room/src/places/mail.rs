//! A mail when the turn comes, for whoever closes the page.
//!
//! The address goes straight on to booking, which sends mails and keeps it until the mail is sent or the place is over
//! ([`shared::turns`]); nothing of it stays here, in the lines, their journals or the logs.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use shared::json::Json;
use shared::limits::Client;
use shared::peer::PeerError;
use shared::problem::{Problem, ProblemDocument, Result};
use shared::turns::{Asked, Noted, PATH, Turn, TurnStanding, Wish};

use super::origin::same_site_if_stated;
use super::visitor::Visitor;
use crate::app::App;
use crate::extract::BookingService;
use crate::live;
use crate::queue::{Place, Standing};
use crate::rooms::rules::RoomId;

/// Booking asks again after between so many seconds …
const LOOK_AGAIN_MIN_S: u64 = 2;
/// … and so many, also when nobody knows how long it takes.
const LOOK_AGAIN_MAX_S: u64 = 60;

/// Where the mail goes.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailRequest {
    /// An address.
    pub email: String,
}

/// Asks for one mail when the caller's turn comes. Asked again, the newer address counts.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/places/me/mail", tag = "places",
    params(("room" = String, Path)), request_body = MailRequest,
    responses(
        (status = 204, description = "The address is kept until the mail is sent or the place is over"),
        (status = 401, description = "`place-invalid`", body = ProblemDocument),
        (status = 403, description = "`place-not-yours`", body = ProblemDocument),
        (status = 409, description = "`not-waiting`: it is the caller's turn, or the mail was sent", body = ProblemDocument),
        (status = 410, description = "`place-moved`", body = ProblemDocument),
        (status = 422, description = "`email-invalid`", body = ProblemDocument),
        (status = 429, description = "`slow-down`", body = ProblemDocument),
        (status = 503, description = "`shop-not-told`: repeat it", body = ProblemDocument)))]
pub async fn ask_for_mail(
    State(app): State<App>,
    Path(room): Path<String>,
    client: Client,
    headers: HeaderMap,
    Json(body): Json<MailRequest>,
) -> Result<StatusCode> {
    wish_mail(&app, &room, client, &headers, body.email).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The same, however it was asked for.
///
/// # Errors
/// Those of [`ask_for_mail`].
pub async fn wish_mail(
    app: &App,
    room: &str,
    client: Client,
    headers: &HeaderMap,
    email: String,
) -> Result<()> {
    same_site_if_stated(headers, &app.settings)?;
    app.mails.check(client)?;
    let visitor = Visitor::of(app, room, headers, None).await?.holding()?;
    if !is_waiting(app, &visitor.place) {
        return Err(not_waiting());
    }
    match tell(app, &visitor, Some(email)).await? {
        Noted { is_kept: true } => Ok(()),
        Noted { is_kept: false } => Err(not_waiting()),
    }
}

/// Takes the wish for a mail back; the address is forgotten.
#[utoipa::path(delete, path = "/api/v1/rooms/{room}/places/me/mail", tag = "places",
    params(("room" = String, Path)),
    responses(
        (status = 204, description = "Forgotten; also when there was none"),
        (status = 401, description = "`place-invalid`", body = ProblemDocument),
        (status = 403, description = "`place-not-yours`", body = ProblemDocument),
        (status = 410, description = "`place-moved`", body = ProblemDocument),
        (status = 503, description = "`shop-not-told`: repeat it", body = ProblemDocument)))]
pub async fn forget_mail(
    State(app): State<App>,
    Path(room): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode> {
    same_site_if_stated(&headers, &app.settings)?;
    let visitor = Visitor::of(&app, &room, &headers, None).await?.holding()?;
    tell(&app, &visitor, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Booking asks after a place whose visitor wants a mail.
#[utoipa::path(post, path = "/internal/v1/rooms/{room}/turns", tag = "services",
    params(("room" = String, Path)), request_body = Asked,
    responses(
        (status = 200, body = Turn),
        (status = 401, description = "`invalid-token`", body = ProblemDocument),
        (status = 404, description = "`not-found`", body = ProblemDocument)))]
pub async fn look_at_turn(
    State(app): State<App>,
    _booking: BookingService,
    Path(room): Path<String>,
    Json(asked): Json<Asked>,
) -> Result<Json<Turn>> {
    let room = app.store.room(&RoomId::parse(&room).ok_or_else(Problem::not_found)?).await?;
    let place = app.store.find(&room.id, vec![asked.place], app.now()).await?.into_iter().next().flatten();
    let (standing, claim_by) = match place.as_ref().map(|place| place.standing) {
        // A line that was lost: her page puts the place back.
        None => (TurnStanding::Waiting, None),
        Some(Standing::Waiting) => (TurnStanding::Waiting, None),
        Some(Standing::Called { called_at, .. }) if called_at > app.now() => (TurnStanding::Waiting, None),
        Some(Standing::Called { claim_by, .. }) => (TurnStanding::Called, Some(claim_by)),
        Some(Standing::Admitted { .. } | Standing::Ended { .. }) => (TurnStanding::Over, None),
    };
    let look_again_s = match (standing, &place) {
        (TurnStanding::Waiting, Some(place)) => look_again_s(&app, &room.id, place).await?,
        _ => LOOK_AGAIN_MAX_S as u32,
    };
    let page = format!("{}/queue/{}", app.settings.public_url(), room.id);
    Ok(Json(Turn { standing, look_again_s, claim_by, name: room.name, page }))
}

/// A quarter of the wait that is expected at least.
async fn look_again_s(app: &App, room: &RoomId, place: &Place) -> Result<u32> {
    let eta = live::document_of(app, room, place).await?.eta;
    let seconds = eta.map_or(LOOK_AGAIN_MAX_S / 4, |eta| eta.low_s / 4);
    Ok(seconds.clamp(LOOK_AGAIN_MIN_S, LOOK_AGAIN_MAX_S) as u32)
}

fn is_waiting(app: &App, place: &Place) -> bool {
    match place.standing {
        Standing::Waiting => true,
        Standing::Called { called_at, knock, .. } => knock.is_none() && called_at > app.now(),
        Standing::Admitted { .. } | Standing::Ended { .. } => false,
    }
}

async fn tell(app: &App, visitor: &Visitor, email: Option<String>) -> Result<Noted> {
    let wish = Wish { room: visitor.room.to_string(), place: visitor.place.id, email };
    app.ask_booking(PATH, &wish).await.map_err(|error| match error {
        PeerError::Refused(422) => {
            Problem::invalid("/email", "email-invalid", "Write an e-mail address such as name@example.com.")
        }
        error => {
            tracing::warn!(room = %visitor.room, %error, "the shop could not be told who wants a mail");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "shop-not-told", "The shop could not be told")
                .detail("Mails are sent by the shop, which does not answer. Repeat the request.")
                .retry_after(1)
        }
    })
}

fn not_waiting() -> Problem {
    Problem::new(StatusCode::CONFLICT, "not-waiting", "There is nothing to wait for")
        .detail("It is your turn, or it was; a place has one mail.")
}
