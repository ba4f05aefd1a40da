//! A fan in the shop: look, pick, hold, pay, or go.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Crowd;
use super::accounts::Loan;
use super::ledger::{Presence, Step};
use super::rules::{self, Plan, Seats, Wish};
use crate::api::{Answer, Jar};

/// How often a fan picks again after others were quicker.
const PICKS_MAX: usize = 5;
/// Tickets a person may buy when the event does not say.
const LIMIT_DEFAULT: i64 = 6;

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// With tickets; the shop itself reports the departure.
    Bought,
    /// Without.
    Left,
}

/// One admitted fan's visit to the shop.
pub struct Visitor<'c> {
    crowd: &'c Crowd,
    fan: u64,
    plan: &'c Plan,
    jar: &'c Jar,
    admission: &'c str,
}

#[derive(Deserialize)]
struct Event {
    per_person_limit: Option<i64>,
    sessions: Vec<Session>,
}

#[derive(Deserialize)]
struct Session {
    id: i64,
    remaining_tickets: i64,
    ticket_types: Vec<TicketType>,
}

#[derive(Deserialize)]
struct TicketType {
    id: i64,
    seated: bool,
}

/// What is left at this moment; the event's own figures may be a few seconds old.
#[derive(Deserialize)]
struct Availability {
    ticket_types: Vec<Left>,
}

#[derive(Deserialize)]
struct Left {
    id: i64,
    remaining: i64,
}

#[derive(Deserialize)]
struct SeatMap {
    seats: Seats,
}

#[derive(Deserialize)]
struct Hold {
    id: String,
    seats: Vec<HeldSeat>,
}

#[derive(Deserialize)]
struct HeldSeat {
    id: i64,
}

#[derive(Deserialize)]
struct Booking {
    id: String,
}

impl<'c> Visitor<'c> {
    /// A fan that holds an admission token and the cookies it was made for.
    pub fn new(crowd: &'c Crowd, fan: u64, plan: &'c Plan, jar: &'c Jar, admission: &'c str) -> Self {
        Self { crowd, fan, plan, jar, admission }
    }

    /// The whole visit, up to the moment before the fan says good-bye; `presence` ends no later than that.
    pub async fn visit(&self, event: &str, presence: Presence<'c>) -> Visit {
        let request = self.crowd.api.request(Method::GET, &format!("/api/v1/events/{event}"));
        let Some(event) = self.read::<Event>(Step::Look, request).await else { return Visit::Left };
        self.think(1.0, 4.0).await;
        let limit = event.per_person_limit.unwrap_or(LIMIT_DEFAULT);
        let tickets = self.plan.tickets.min(usize::try_from(limit).unwrap_or(1));
        let session = event.sessions.iter().max_by_key(|session| session.remaining_tickets);
        let Some(session) = session.filter(|session| session.remaining_tickets > 0) else {
            return Visit::Left;
        };
        if self.plan.wish != Wish::Buyer {
            self.seat_map(session.id).await;
            self.think(2.0, 8.0).await;
            return Visit::Left;
        }
        let Some(loan) = self.crowd.accounts.lend(self.crowd, tickets, limit).await else {
            return Visit::Left;
        };
        let visit = self.buy(session, tickets, &loan, presence).await;
        if visit == Visit::Left {
            self.crowd.accounts.unused(&loan);
        }
        visit
    }

    async fn buy(&self, session: &Session, tickets: usize, loan: &Loan, presence: Presence<'c>) -> Visit {
        let Some(hold) = self.hold(session, tickets, loan).await else { return Visit::Left };
        self.think(2.0, 6.0).await;
        let booked = self.post(Step::Book, "/api/v1/bookings", loan, &json!({ "hold_id": hold.id })).await;
        let Some(booking) = booked.and_then(|answer| answer.read::<Booking>()) else {
            self.release(&hold, loan).await;
            return Visit::Left;
        };
        let path = format!("/api/v1/bookings/{}/payment", booking.id);
        // A payment that succeeds ends the admission before its answer arrives.
        drop(presence);
        // A failing card is followed by a good one, and a payment that failed by chance is tried once more.
        for card in [self.plan.card, rules::GOOD_CARD, rules::GOOD_CARD] {
            self.think(1.0, 5.0).await;
            let payment = json!({ "method": "card", "card_number": card });
            match self.post(Step::Pay, &path, loan, &payment).await {
                Some(answer) if answer.is_success() => {
                    let seats: Vec<i64> = hold.seats.iter().map(|seat| seat.id).collect();
                    self.crowd.ledger.bought(self.fan, &seats);
                    return Visit::Bought;
                }
                Some(answer) if answer.status == 402 => {}
                _ => break,
            }
        }
        Visit::Left
    }

    /// Picks and holds, again and with fewer tickets when others were quicker. `None` when the fan gives up.
    async fn hold(&self, session: &Session, tickets: usize, loan: &Loan) -> Option<Hold> {
        let path = format!("/api/v1/sessions/{}/holds", session.id);
        for pick in 0..PICKS_MAX {
            let wanted = self.choose(session, (tickets >> pick).max(1)).await?;
            self.think(1.0, 3.0).await;
            let answer = self.post(Step::Hold, &path, loan, &wanted).await?;
            match (answer.status, answer.slug().as_str()) {
                (200..300, _) => return answer.read(),
                (409, "seat-taken" | "not-enough-tickets") => {}
                (409, "limit-reached") => {
                    self.crowd.accounts.used_up(loan);
                    return None;
                }
                _ => return None,
            }
        }
        None
    }

    /// The body of a hold: seats from the map, or places without numbers, by how many are left of each. `None` when
    /// nothing is left.
    async fn choose(&self, session: &Session, tickets: usize) -> Option<Value> {
        let request =
            self.crowd.api.request(Method::GET, &format!("/api/v1/sessions/{}/availability", session.id));
        let left = self.read::<Availability>(Step::Look, request).await?.ticket_types;
        let is_seated = |id: i64| session.ticket_types.iter().any(|t| t.id == id && t.seated);
        let all: i64 = left.iter().map(|t| t.remaining).sum();
        let dice = &self.crowd.dice;
        let mut at = i64::from(dice.below(u32::try_from(all).ok().filter(|all| *all > 0)?));
        let kind = left.iter().find(|kind| {
            at -= kind.remaining;
            at < 0
        })?;
        if !is_seated(kind.id) {
            return Some(json!({ "ticket_type": kind.id, "quantity": tickets, "best_available": true }));
        }
        let seats = self.seat_map(session.id).await?.seats;
        let picked = rules::pick(&seats, tickets, dice);
        (!picked.is_empty()).then(|| json!({ "seats": picked }))
    }

    async fn seat_map(&self, session: i64) -> Option<SeatMap> {
        let request = self.crowd.api.request(Method::GET, &format!("/api/v1/sessions/{session}/seats"));
        self.read(Step::Look, request).await
    }

    async fn release(&self, hold: &Hold, loan: &Loan) {
        let request = self.crowd.api.request(Method::DELETE, &format!("/api/v1/holds/{}", hold.id));
        self.crowd.call(Step::Leave, self.jar.on(request.bearer_auth(&loan.token))).await;
    }

    async fn read<T: serde::de::DeserializeOwned>(
        &self,
        step: Step,
        request: reqwest::RequestBuilder,
    ) -> Option<T> {
        let answer = self.crowd.call(step, self.jar.on(request)).await?;
        let read = answer.read();
        if answer.is_success() && read.is_none() {
            self.crowd.ledger.refused(step, "the answer could not be read");
        }
        read
    }

    /// A POST with everything that costs or locks: who, from which browser, by which admission, once.
    async fn post(&self, step: Step, path: &str, loan: &Loan, body: &Value) -> Option<Answer> {
        let request = self.crowd.api.request(Method::POST, path).json(body).bearer_auth(&loan.token);
        let request = request
            .header(shared::admission::HEADER, self.admission)
            .header("Idempotency-Key", self.crowd.keys.code(24));
        self.crowd.call(step, self.jar.on(request)).await
    }

    async fn think(&self, low_s: f64, high_s: f64) {
        tokio::time::sleep(rules::pause(&self.crowd.options, &self.crowd.dice, low_s, high_s)).await;
    }
}
