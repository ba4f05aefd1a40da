//! Telling the waiting room that a booking session has ended, so that the next visitor is called at once.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::departures::{self, Departed, Departure, Departures, Reason, ServiceClaims};
use uuid::Uuid;

use super::{Kind, NewJob};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};

/// Payload: which admission has ended, and how.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ended {
    /// The waiting room.
    pub room: String,
    /// The place, from the admission token's `sub`.
    pub place: Uuid,
    /// The admission, from its `jti`.
    pub jti: Uuid,
    /// How it ended.
    pub reason: Reason,
}

/// Queues the call in the transaction that ends the booking session, once per admission.
pub async fn enqueue(tx: &mut Tx, app: &App, ended: &Ended, now: Ts) -> Result<()> {
    let job = NewJob::now(Kind::Departure, ended, now).once(format!("departure:{}", ended.jti));
    super::enqueue(tx, job, &app.entropy, now).await
}

/// Makes the call; the waiting room takes a repetition for what it is.
pub(super) async fn run(app: &App, ended: Ended) -> Result<()> {
    let token = app.session_keys.sign(&ServiceClaims::new(departures::AUDIENCE, app.now()))?;
    let departure = Departure { place: ended.place, jti: ended.jti, reason: ended.reason };
    let body = Departures { departures: vec![departure] };
    app.waiting_room
        .post_json::<Departed>(&departures::path(&ended.room), &token, &body)
        .await
        .map_err(|error| Error::Internal(format!("departure: {error}")))?;
    Ok(())
}
