//! HTTP of feedback.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;

use super::rules;
use super::store::{self, Feedback};
use crate::app::App;
use crate::error::Result;
use crate::extract::{CurrentUser, Organizer, Path};
use crate::{events, text};

/// Answers in a report at most.
const ANSWERS_MAX: i64 = 200;

/// Body of `PUT /events/{id}/feedback`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFeedback {
    /// 1 (bad) to 5 (great).
    rating: i64,
    /// At most 2,000 characters; plain text.
    #[serde(default)]
    text: String,
}

/// What was said of an event, without names.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FeedbackReport {
    /// People who said something.
    count: i64,
    /// Of their ratings; null when there are none.
    average: Option<f64>,
    /// How many gave 1, 2, 3, 4 and 5.
    ratings: [i64; 5],
    /// The newest 200.
    answers: Vec<Feedback>,
}

/// Say how an event was, once its session is over; again to say it otherwise.
#[utoipa::path(put, path = "/api/v1/events/{id}/feedback", tag = "events", request_body = NewFeedback,
    params(("id" = i64, Path)),
    responses((status = 200, body = Feedback), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn give_feedback(
    State(app): State<App>,
    user: CurrentUser,
    Path(event): Path<i64>,
    Json(body): Json<NewFeedback>,
) -> Result<Json<Feedback>> {
    let now = app.now();
    let said = Feedback {
        rating: rules::rating(body.rating)?,
        text: text::paragraphs("/text", &body.text, 2000)?,
        at: now,
    };
    rules::may_say(&store::ends(&app, event, user.id).await?, now)?;
    let written = said.clone();
    app.db
        .write("give_feedback", move |tx| {
            let said = written.clone();
            Box::pin(async move { store::write(tx, event, user.id, &said).await })
        })
        .await?;
    Ok(Json(said))
}

/// What you said of an event.
#[utoipa::path(get, path = "/api/v1/events/{id}/feedback/mine", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, body = Feedback), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn get_my_feedback(
    State(app): State<App>,
    user: CurrentUser,
    Path(event): Path<i64>,
) -> Result<Json<Feedback>> {
    Ok(Json(store::of_user(&app, event, user.id).await?.ok_or_else(Problem::not_found)?))
}

/// What those who had tickets say, for those who run the event.
#[utoipa::path(get, path = "/api/v1/events/{id}/feedback", tag = "events", params(("id" = i64, Path)),
    responses((status = 200, body = FeedbackReport), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn get_feedback(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(event): Path<i64>,
) -> Result<Json<FeedbackReport>> {
    events::own(&app, event, user).await?;
    let mut ratings = [0; 5];
    let (mut count, mut sum) = (0, 0);
    for (rating, times) in store::ratings(&app, event).await? {
        ratings[(rating.clamp(1, 5) - 1) as usize] = times;
        count += times;
        sum += rating * times;
    }
    let average = (count > 0).then(|| sum as f64 / count as f64);
    let answers = store::newest(&app, event, ANSWERS_MAX).await?;
    Ok(Json(FeedbackReport { count, average, ratings, answers }))
}
