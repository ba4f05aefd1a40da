//! Placing a hold, or an order, together with others in one statement (decisions 58 and 73).

use super::HeldSeat;
use super::any;
use super::choice::Choice;
use super::claims::{Claim, Claimed, NewOrder, Wish};
use super::keyed::{KeyedClaim, KeyedHold};
use super::place::{Placed, Request};
use super::store::HoldRow;
use crate::app::App;
use crate::error::{Error, Result};
use crate::idempotency::{self, Attempt, StepKey};

/// Choices that are tried before the hold is placed in a transaction.
const CHOICES_AT_ONCE: usize = 2;

/// Places the hold with one statement, or with a second one if somebody was faster at the first choice: when nobody else
/// places one for the same shopper, and no code is to be applied to it. Otherwise [`super::place()`] it.
pub async fn place_at_once(app: &App, request: &Request) -> Result<Option<Placed>> {
    #[cfg(feature = "testing")]
    if request.looked.were_free {
        return Ok(None);
    }
    if !request.goes_together(app) {
        return Ok(None);
    }
    for choice in request.choices.iter().take(CHOICES_AT_ONCE) {
        let (wish, claimed) = match choice {
            Choice::Seats(seats) => {
                let claim = claim(app, request, seats).await;
                (claim.wish.clone(), app.steps.holds.one(claim).await?)
            }
            // That statement does not look at booking sessions.
            Choice::Any(_) if request.booking_session.is_some() => return Ok(None),
            Choice::Any(kind) => {
                let wish = request.wish(app, app.now());
                (wish.clone(), any_at_once(app, request, wish, *kind).await?)
            }
        };
        if let Some(claimed) = claimed {
            return request.placed(wish, claimed).map(Some);
        }
    }
    Ok(None)
}

/// The same for a request with a key, whose answer is kept; on SQLite always `None`.
pub async fn place_keyed(app: &App, request: &Request, attempt: &Attempt) -> Result<Option<KeyedHold>> {
    #[cfg(feature = "testing")]
    if request.looked.were_free {
        return Ok(None);
    }
    let (true, Some(Choice::Seats(seats))) =
        (app.db.is_postgres() && request.goes_together(app), request.choices.first())
    else {
        return Ok(None);
    };
    let claim = Claim { key: attempt.step_key(None), ..claim(app, request, seats).await };
    let step = KeyedClaim { claim, request: request.clone(), attempt: attempt.clone() };
    match app.steps.keyed_holds.one(step).await {
        // A twin was faster, or nobody knows: the key does.
        Err(error) if idempotency::was_taken(&error) || matches!(error, Error::InDoubt(_)) => Ok(None),
        placed => placed,
    }
}

/// The claim of these seats, to be made together with others.
async fn claim(app: &App, request: &Request, seats: &[i64]) -> Claim {
    let claim = Claim::of(request.wish(app, app.now()), seats);
    #[cfg(feature = "testing")]
    if app.guards.is_off(crate::guards::Guard::VisitTogether) {
        // It was open when we looked; what the test does between the two comes in between.
        app.guards.meet().await;
        app.guards.meet().await;
        return Claim { wish: Wish { while_open: false, ..claim.wish }, ..claim };
    }
    claim
}

/// What an order has made with one statement.
pub struct Ordered {
    /// The hold.
    pub hold: HoldRow,
    /// Its seats.
    pub seats: Vec<HeldSeat>,
    /// The shopper's name.
    pub holder_name: String,
}

/// The same for an order, whose booking and payment are made with the hold; `None` when it is to be done in steps.
pub async fn order_at_once(
    app: &App,
    request: &Request,
    order: NewOrder,
    key: Option<StepKey>,
) -> Result<Option<Ordered>> {
    let (true, Some(Choice::Seats(seats))) = (request.goes_together(app), request.choices.first()) else {
        return Ok(None);
    };
    let claim = Claim { order: Some(order), key, ..claim(app, request, seats).await };
    let wish = claim.wish.clone();
    let Some(mut claimed) = app.steps.holds.one(claim).await? else { return Ok(None) };
    let name = claimed.first_mut().and_then(|seat| seat.holder_name.take());
    let holder_name = name.ok_or_else(|| Error::Internal("an order has no shopper".into()))?;
    match request.placed(wish, claimed)? {
        Placed::Held(hold, seats) => Ok(Some(Ordered { hold, seats, holder_name })),
        Placed::Refused(problem) => Err(problem.into()),
    }
}

async fn any_at_once(
    app: &App,
    request: &Request,
    wish: Wish,
    ticket_type: i64,
) -> Result<Option<Vec<Claimed>>> {
    let (clock, quantity) = (app.clock.clone(), request.quantity);
    app.db
        .write_one("hold_any_at_once", move |tx| {
            let (wish, now) = (wish.clone(), clock.now());
            Box::pin(async move { any::hold_any(tx, &wish, ticket_type, quantity, now).await })
        })
        .await
}
