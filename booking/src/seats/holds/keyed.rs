//! Holds of requests with an Idempotency-Key, of many at a time: seats, keys and answers in one transaction (decision 73).

use axum::http::StatusCode;
use shared::clock::{Clock, Ts};

use super::HeldSeat;
use super::claims::{Claim, hold_seats};
use super::place::{Placed, Request};
use super::store::HoldRow;
use crate::db::{Db, Extent, Gather, Kind, Tx, Work};
use crate::error::Error;
use crate::idempotency::{self, Answer, Attempt};

/// Takes such requests.
pub type KeyedHolds = Gather<KeyedClaim, KeyedHold>;

/// A claim whose answer is kept.
#[derive(Clone)]
pub struct KeyedClaim {
    /// The seats.
    pub claim: Claim,
    /// What they are for.
    pub request: Request,
    /// Whose key it is.
    pub attempt: Attempt,
}

/// What was made.
#[derive(Clone)]
pub struct KeyedHold {
    /// What the request, and each repetition of it, is answered.
    pub answer: Answer,
    /// The hold.
    pub hold: HoldRow,
    /// Its seats.
    pub seats: Vec<HeldSeat>,
}

/// Starts to take requests.
pub fn start_keyed(db: &Db, clock: &Clock) -> KeyedHolds {
    let collide = |one: &KeyedClaim, other: &KeyedClaim| one.claim.collides(&other.claim);
    Gather::start(db, clock, Kind { name: "hold_seats_keyed", extent: Extent::List, run: hold, collide })
}

fn hold<'t>(tx: &'t mut Tx, steps: &'t [KeyedClaim], now: Ts) -> Work<'t, Vec<Option<KeyedHold>>> {
    Box::pin(async move {
        let claims: Vec<Claim> = steps.iter().map(|step| step.claim.clone()).collect();
        let mut made = Vec::with_capacity(steps.len());
        for (step, claimed) in steps.iter().zip(hold_seats(tx, &claims, now).await?) {
            let Some(claimed) = claimed else {
                made.push(None);
                continue;
            };
            let Placed::Held(hold, seats) = step.request.placed(step.claim.wish.clone(), claimed)? else {
                return Err(Error::Internal("seats are held and refused".into()));
            };
            let document = hold.clone().document(tx.ex(), step.request.sale(), seats.clone(), now).await?;
            let answer = Answer::json(StatusCode::CREATED, &document)?;
            made.push(Some(KeyedHold { answer, hold, seats }));
        }
        let answered = steps.iter().zip(&made);
        let answered = answered
            .filter_map(|(step, made)| Some((&step.attempt, made.as_ref().map(|made| &made.answer)?)));
        idempotency::keep_all(tx, answered, now).await?;
        Ok(made)
    })
}
