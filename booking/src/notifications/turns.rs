//! “It is your turn”, to whoever waits in a line with the page closed.
//!
//! A wish is one job, which asks the waiting room after the place as its visitor would, puts itself off while it waits, and
//! ends with the mail or with the place. The address is the job's secret: it leaves the table when the job is done, and
//! no list shows it. A job is leased by one worker and done once, so one mail is sent, whoever asks on how many nodes.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::departures::{AUDIENCE, ServiceClaims};
use shared::json::Json;
use shared::peer::PeerError;
use shared::problem::{Problem, ProblemDocument};
use shared::turns::{self, Asked, Noted, Turn, TurnStanding, Wish};
use time::Duration;
use uuid::Uuid;

use super::letters;
use super::mailer::Mail;
use super::store::Reader;
use crate::app::App;
use crate::error::{Error, Result};
use crate::extract::WaitingRoom;
use crate::jobs::{self, Kind, NewJob};
use crate::users;

/// Between two questions while the waiting room does not answer.
const SILENT_PAUSE: Duration = Duration::seconds(15);
/// A place that has not had its turn by then is not asked after any more.
const WATCHED_MAX: Duration = Duration::DAY;
/// The waiting room does not know the room.
const NOT_FOUND: u16 = 404;

/// Payload: after whom to ask, and where to write.
#[derive(Clone, Serialize, Deserialize)]
pub struct TurnMail {
    room: String,
    place: Uuid,
    asked_at: Ts,
    /// The address. Secrets have this name: it is removed when the job is done, and never shown.
    token: String,
}

/// Keep an address until a place's turn comes, or forget it.
///
/// One mail is sent for a place. Only the waiting room may call, with a service token.
#[utoipa::path(post, path = "/internal/v1/turn-mails", tag = "services", request_body = Wish,
    responses((status = 200, body = Noted), (status = 401, body = ProblemDocument),
        (status = 422, description = "`email-invalid`", body = ProblemDocument), (status = 503, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn keep_turn_mail(
    State(app): State<App>,
    _caller: WaitingRoom,
    Json(wish): Json<Wish>,
) -> Result<Json<Noted>> {
    let email = wish.email.as_deref().map(|text| users::rules::email("/email", text)).transpose()?;
    let (inner, now) = (app.clone(), app.now());
    let is_kept = app
        .db
        .write("keep_turn_mail", move |tx| {
            let (app, wish, email) = (inner.clone(), wish.clone(), email.clone());
            Box::pin(async move {
                let key = format!("turn-mail:{}", wish.place);
                if !jobs::cancel(tx, &key).await? {
                    // It is being asked after this very moment.
                    return Err(Problem::unavailable(1).into());
                }
                let (false, Some(token)) = (jobs::is_done(tx, &key).await?, email) else { return Ok(false) };
                let mail = TurnMail { room: wish.room, place: wish.place, asked_at: now, token };
                jobs::enqueue(tx, NewJob::now(Kind::TurnMail, &mail, now).once(key), &app.entropy, now)
                    .await?;
                Ok(true)
            })
        })
        .await?;
    app.wake_jobs();
    Ok(Json(Noted { is_kept }))
}

/// Asks after the place, and writes to its visitor if it is her turn.
pub async fn look(app: &App, job: Uuid, wish: TurnMail) -> Result<()> {
    let now = app.now();
    let service = app.session_keys.sign(&ServiceClaims::new(AUDIENCE, now))?;
    let asked = Asked { place: wish.place };
    let turn = match app.waiting_room.post_json::<Turn>(&turns::path(&wish.room), &service, &asked).await {
        Ok(turn) => turn,
        Err(PeerError::Refused(NOT_FOUND)) => return Ok(()),
        Err(_) if now - wish.asked_at >= WATCHED_MAX => return Ok(()),
        Err(_) => return Err(Error::NotYet(SILENT_PAUSE)),
    };
    match turn.standing {
        TurnStanding::Over => Ok(()),
        TurnStanding::Waiting if now - wish.asked_at >= WATCHED_MAX => Ok(()),
        TurnStanding::Waiting => Err(Error::NotYet(Duration::seconds(turn.look_again_s.max(1).into()))),
        TurnStanding::Called => {
            let to = Reader { name: None, email: wish.token };
            let kept_for = turn.claim_by.map(|claim_by| claim_by - now);
            let letter = letters::your_turn(&turn.name, kept_for, turn.page);
            app.mailer.send(&Mail { id: job, to, letter, files: Vec::new() }, now).await
        }
    }
}
