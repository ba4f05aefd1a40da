//! Bookings of requests with an Idempotency-Key, of many at a time: bookings, keys and answers in one transaction
//! (decision 73).

use axum::http::StatusCode;
use shared::clock::{Clock, Ts};

use super::at_once::{self, NewBooking};
use super::documents::Facts;
use crate::app::App;
use crate::db::{Db, Extent, Gather, Kind, Tx, Work};
use crate::events::sale_of;
use crate::idempotency::{self, Answer, Attempt};

/// Takes such requests; what each is answered.
pub type KeyedBookings = Gather<KeyedBooking, Answer>;

/// A booking whose answer is kept.
#[derive(Clone)]
pub struct KeyedBooking {
    /// The booking.
    pub new: NewBooking,
    /// Whose key it is.
    pub attempt: Attempt,
    /// Where its sale is kept.
    pub app: App,
}

/// Starts to take requests.
pub fn start(db: &Db, clock: &Clock) -> KeyedBookings {
    let collide = |one: &KeyedBooking, other: &KeyedBooking| {
        one.new.hold == other.new.hold || one.new.user == other.new.user
    };
    Gather::start(db, clock, Kind { name: "create_booking_keyed", extent: Extent::List, run: book, collide })
}

fn book<'t>(tx: &'t mut Tx, steps: &'t [KeyedBooking], now: Ts) -> Work<'t, Vec<Option<Answer>>> {
    Box::pin(async move {
        let new: Vec<NewBooking> = steps.iter().map(|step| step.new.clone()).collect();
        let mut answers = Vec::with_capacity(steps.len());
        for (step, booked) in steps.iter().zip(at_once::book(tx, &new, now).await?) {
            let Some((row, seats)) = booked.map(at_once::Booked::parts) else {
                answers.push(None);
                continue;
            };
            let sale = sale_of(&step.app, row.session_id).await?;
            let facts = Facts::new(tx.ex(), row, sale, seats).await?;
            let answer = Answer::json(StatusCode::CREATED, &facts.document(Vec::new(), None, now))?;
            answers.push(Some(answer));
        }
        let answered = steps.iter().zip(&answers);
        let answered = answered.filter_map(|(step, answer)| Some((&step.attempt, answer.as_ref()?)));
        idempotency::keep_all(tx, answered, now).await?;
        Ok(answers)
    })
}
