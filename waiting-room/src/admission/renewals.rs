//! A visitor in the shop lengthens her visit.

use axum::http::StatusCode;
use serde::Deserialize;
use shared::clock::Ts;
use shared::problem::{Problem, Result};
use shared::renewals::{self, Renewal};

use super::routes::{AdmissionAnswer, admit, refusal};
use crate::app::App;
use crate::places::visitor::{Visitor, place_moved};
use crate::queue::{Place, Renew, Renewed, Standing};

/// Body of a renewal; may be left out.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewalRequest {
    /// The end of the visit that the caller knows. With it the request may be repeated without using up a second renewal.
    #[serde(default)]
    pub expires_at: Option<Ts>,
}

/// Lengthens a visitor's visit: in the line first, where it is decided, and then in the shop. It may be repeated.
///
/// # Errors
/// As `renew_admission` documents.
pub async fn renew(app: &App, visitor: Visitor, known_end: Option<Ts>) -> Result<AdmissionAnswer> {
    let visitor = visitor.holding()?;
    let present = match visitor.place.standing {
        Standing::Admitted { until, .. } => until,
        _ => app.now(),
    };
    let wish = Renew { place: visitor.place.id, until: known_end.unwrap_or(present) };
    let renewed = app.store.renew(&visitor.room, wish, app.now()).await?;
    let (place, status, slug, title, detail) = match renewed {
        Renewed::Until(place) if place.browser != visitor.place.browser => return Err(place_moved()),
        Renewed::Until(place) => return granted(app, &visitor, &place).await,
        Renewed::Unknown => return Err(Problem::unavailable(1)),
        Renewed::Spent(place) => (
            place,
            StatusCode::CONFLICT,
            "no-renewal",
            "No more time",
            "This visit was lengthened as often as the organiser allows. Finish before it ends.",
        ),
        Renewed::Off(place) => (
            place,
            StatusCode::CONFLICT,
            "no-renewal",
            "Visits are not lengthened here",
            "Finish before the visit ends.",
        ),
        Renewed::NotAdmitted(place) => (
            place,
            StatusCode::CONFLICT,
            "not-admitted",
            "Not in the shop yet",
            "Only a visit that has begun can be lengthened. Claim the turn first.",
        ),
        Renewed::Over(place) => (
            place,
            StatusCode::GONE,
            "admission-over",
            "This visit is over",
            "The visit has ended or the place was given up. Join the line again.",
        ),
        Renewed::Closed(place) => (
            place,
            StatusCode::GONE,
            "sale-ended",
            "The sale is over",
            "Visits are not lengthened after the sale. Finish before this one ends.",
        ),
    };
    Err(refusal(app, &visitor, place, status, slug, title, detail).await)
}

/// The token of the lengthened visit, once the shop knows of it: else its booking session could be swept at the first end,
/// and the visit would end with it.
async fn granted(app: &App, visitor: &Visitor, place: &Place) -> Result<AdmissionAnswer> {
    let room = app.store.room(&visitor.room).await?;
    let answer = admit(app, &room, place, &visitor.browser.hash())?;
    if let Standing::Admitted { jti, .. } = place.standing {
        let renewal = Renewal { jti, until: answer.expires_at };
        if let Err(error) = app.ask_booking::<renewals::Renewed>(renewals::PATH, &renewal).await {
            tracing::warn!(room = %room.id, %error, "the shop could not be told of a renewal");
            let untold =
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "shop-not-told", "The shop could not be told");
            return Err(untold
                .detail("The visit is longer, and the shop does not know it yet. Repeat the request with the same `expires_at`.")
                .retry_after(1));
        }
    }
    metrics::counter!("queue_renewals_total", "room" => room.id.to_string()).increment(1);
    Ok(answer)
}
