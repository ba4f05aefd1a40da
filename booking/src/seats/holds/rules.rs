//! What a hold may ask for, and what is refused.

use axum::http::StatusCode;
use serde_json::json;
use shared::problem::Problem;

use super::NewHold;

/// Seats in one request at most, whatever the personal limit.
pub const SEATS_MAX: usize = 100;

/// What a valid request wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// These seats, in id order, each once.
    Seats(Vec<i64>),
    /// The best so many of a ticket type, or of the cheapest type that has enough.
    Best {
        /// How many.
        quantity: usize,
        /// Of which type.
        ticket_type: Option<i64>,
    },
}

impl Wanted {
    /// How many seats.
    pub fn quantity(&self) -> usize {
        match self {
            Wanted::Seats(seats) => seats.len(),
            Wanted::Best { quantity, .. } => *quantity,
        }
    }
}

/// Reads a request: 422 `no-seats`, `duplicate-seat`, `too-many-seats` or `validation`.
pub fn wanted(new: &NewHold) -> Result<Wanted, Problem> {
    let invalid = |pointer: &str, slug, detail: &str| Problem::invalid(pointer, slug, detail);
    let too_many =
        |pointer| Problem::invalid(pointer, "too-many-seats", format!("Ask for at most {SEATS_MAX} seats."));
    match (&new.seats, new.quantity) {
        (Some(_), Some(_)) => Err(invalid("", "validation", "Send either “seats” or “quantity”, not both.")),
        (None, None) => Err(invalid("", "no-seats", "Send “seats” with seat ids, or “quantity”.")),
        (Some(seats), None) if seats.is_empty() => {
            Err(invalid("/seats", "no-seats", "Choose at least one seat."))
        }
        (Some(seats), None) if seats.len() > SEATS_MAX => Err(too_many("/seats")),
        (Some(seats), None) => {
            let mut sorted = seats.clone();
            sorted.sort_unstable();
            match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
                Some(pair) => {
                    Err(invalid("/seats", "duplicate-seat", &format!("Seat {} stands there twice.", pair[0])))
                }
                None => Ok(Wanted::Seats(sorted)),
            }
        }
        (None, Some(quantity)) => match usize::try_from(quantity) {
            Ok(0) | Err(_) => Err(invalid("/quantity", "no-seats", "Ask for at least one ticket.")),
            Ok(quantity) if quantity > SEATS_MAX => Err(too_many("/quantity")),
            Ok(quantity) => Ok(Wanted::Best { quantity, ticket_type: new.ticket_type }),
        },
    }
}

/// 409 when somebody holds or owns some of the seats.
pub fn seat_taken(taken: &[i64], alternatives: &[i64], version: i64) -> Problem {
    Problem::new(StatusCode::CONFLICT, "seat-taken", "Somebody was faster")
        .detail("One or more of these seats have just been taken; none was held for you. Choose again.")
        .with("taken", json!(taken))
        .with("alternatives", json!(alternatives))
        .with("version", version)
}

/// 422 for ids that are not sellable seats of the session.
pub fn unknown_seat(unknown: &[i64]) -> Problem {
    let ids: Vec<String> = unknown.iter().map(i64::to_string).collect();
    Problem::invalid("/seats", "unknown-seat", format!("Not for sale in this session: {}.", ids.join(", ")))
        .with("unknown", json!(unknown))
}

/// 409 when there are not so many left.
pub fn not_enough() -> Problem {
    Problem::new(StatusCode::CONFLICT, "not-enough-tickets", "Not enough tickets")
        .detail("Not enough tickets available")
}

/// 409 when the account would hold or own more than the event allows.
pub fn limit_reached(limit: i64, have: i64) -> Problem {
    let left = (limit - have).max(0);
    Problem::new(StatusCode::CONFLICT, "limit-reached", "The personal limit is reached")
        .detail(format!(
            "One account may hold or own {limit} tickets of this event. You have {have}, so {left} more."
        ))
        .with("limit", limit)
        .with("have", have)
}

/// 410 for a hold whose deadline has passed.
pub fn expired() -> Problem {
    Problem::new(StatusCode::GONE, "hold-expired", "The hold has expired")
        .detail("The time to buy these seats is over and they are free again. Choose seats anew.")
}

/// 409 for a hold that is not in the state the request needs.
pub fn wrong_state(status: &str, next: &[&str]) -> Problem {
    Problem::new(StatusCode::CONFLICT, "wrong-state", "Not possible in this state")
        .detail(format!("It is “{status}”. What can be done now: {}.", steps(next)))
        .with("state", status)
        .with("allowed", json!(next))
}

fn steps(next: &[&str]) -> String {
    if next.is_empty() { "nothing".to_owned() } else { next.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(new: NewHold) -> &'static str {
        wanted(&new).unwrap_err().slug()
    }

    #[test]
    fn each_wrong_request_is_told_what_is_wrong() {
        let seats = |seats: &[i64]| NewHold { seats: Some(seats.to_vec()), ..NewHold::default() };
        let best = |quantity| NewHold { quantity: Some(quantity), ..NewHold::default() };
        assert_eq!(slug(NewHold::default()), "no-seats");
        assert_eq!(slug(seats(&[])), "no-seats");
        assert_eq!(slug(seats(&[3, 1, 3])), "duplicate-seat");
        assert_eq!(slug(seats(&[1; 101])), "too-many-seats");
        assert_eq!(slug(best(0)), "no-seats");
        assert_eq!(slug(best(-1)), "no-seats");
        assert_eq!(slug(best(101)), "too-many-seats");
        assert_eq!(slug(NewHold { quantity: Some(1), ..seats(&[1]) }), "validation");
        assert_eq!(wanted(&seats(&[9, 2])).unwrap(), Wanted::Seats(vec![2, 9]));
    }
}
