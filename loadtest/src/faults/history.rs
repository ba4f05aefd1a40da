//! What people were told, and whether it is found again.
//!
//! Only answers of 2xx go in. A request whose outcome is unknown was either settled by its repetition, under the same
//! Idempotency-Key or cookie, or stays an open question that must get an answer in time.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use tokio::time::Instant;

use crate::api::{Answer, Api, Jar};

/// Sentences kept about losses; further ones are counted.
const SENTENCES_MAX: usize = 50;
/// Longest until a payment has an outcome, whatever broke: the reconciler looks after 45 s, on a machine that is busy.
pub const OUTCOME_MAX: Duration = Duration::from_secs(120);

/// A place in the line that was acknowledged.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The browser it belongs to.
    pub jar: Jar,
    /// Its number, as first told.
    pub number: u64,
    /// When the join was first sent.
    pub asked: Instant,
    /// When it was acknowledged.
    pub told: Instant,
}

/// A purchase as its buyer remembers it.
#[derive(Debug, Clone)]
pub struct Purchase {
    /// The buyer's access token.
    pub token: String,
    /// The hold and its seats, once acknowledged.
    pub hold: Option<(String, BTreeSet<i64>)>,
    /// The booking, once acknowledged.
    pub booking: Option<String>,
    /// The request that bought everything in one call, when it was one.
    pub order: Option<Order>,
    /// How the payment ended, as told.
    pub end: End,
    /// Entries at the gate that were acknowledged: id → code of the ticket.
    pub entries: HashMap<String, String>,
}

/// `POST /orders`, to be repeated until it is answered.
#[derive(Debug, Clone)]
pub struct Order {
    /// The body.
    pub body: Value,
    /// The Idempotency-Key.
    pub key: String,
    /// The browser and its admission token.
    pub visit: (Jar, String),
}

impl Order {
    /// The request, the same each time.
    pub fn request(&self, api: &Api, token: &str) -> RequestBuilder {
        let request = api.request(Method::POST, "/api/v1/orders").json(&self.body).bearer_auth(token);
        let request = request.header("Idempotency-Key", &self.key);
        self.visit.0.on(request.header(shared::admission::HEADER, &self.visit.1))
    }
}

impl Purchase {
    /// Takes over what an answer to its order says.
    pub fn ordered(&mut self, answer: &Answer, losses: &mut Losses) {
        let body = answer.json();
        self.booking = body["order_id"].as_str().map(str::to_owned);
        match (answer.status, &self.booking) {
            (201, Some(_)) => {
                self.end =
                    End::Paid(list(&body, "tickets", |ticket| ticket["code"].as_str().map(str::to_owned)));
            }
            (202, Some(_)) => {}
            (402, _) => self.end = End::Declined,
            _ => {
                losses.add(format!("an order was answered {} {}", answer.status, answer.slug()));
                self.end = End::Unpaid;
            }
        }
    }
}

/// How a payment ended, as far as its buyer was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It was not tried.
    Unpaid,
    /// It was refused.
    Declined,
    /// Not known yet, since this instant.
    Open(Instant),
    /// These tickets were given out.
    Paid(BTreeSet<String>),
    /// The money went back.
    Returned,
}

/// Broken promises.
#[derive(Debug, Default)]
pub struct Losses {
    /// How many.
    pub count: u64,
    /// The first sentences about them.
    pub sentences: Vec<String>,
}

impl Losses {
    /// Notes one.
    pub fn add(&mut self, sentence: String) {
        self.count += 1;
        if self.sentences.len() < SENTENCES_MAX {
            self.sentences.push(sentence);
        }
    }

    /// Takes over those of somebody else.
    pub fn append(&mut self, other: Losses) {
        self.count += other.count;
        let room = SENTENCES_MAX - self.sentences.len();
        self.sentences.extend(other.sentences.into_iter().take(room));
    }
}

/// Checks that numbers are unique, and that whoever was told a number before another one asked has the lower one.
pub fn check_order(standings: &[Standing], losses: &mut Losses) {
    let mut by_asked: Vec<&Standing> = standings.iter().collect();
    by_asked.sort_by_key(|standing| standing.asked);
    let mut by_told: Vec<&Standing> = standings.iter().collect();
    by_told.sort_by_key(|standing| standing.told);
    let (mut told, mut highest) = (by_told.into_iter().peekable(), 0);
    for standing in by_asked {
        while let Some(earlier) = told.next_if(|earlier| earlier.told < standing.asked) {
            highest = highest.max(earlier.number);
        }
        if standing.number <= highest {
            let number = standing.number;
            losses.add(format!("number {number} was given after number {highest} had been acknowledged"));
        }
    }
    let mut numbers = BTreeSet::new();
    for standing in standings.iter().filter(|standing| !numbers.insert(standing.number)) {
        losses.add(format!("number {} was given twice", standing.number));
    }
}

/// Compares an acknowledged place with what the server says of it now.
pub fn check_place(standing: &Standing, place: &Value, losses: &mut Losses) {
    if place["number"].as_u64() != Some(standing.number) {
        losses.add(format!("number {} became {}", standing.number, place["number"]));
    }
    if !matches!(place["state"].as_str(), Some("waiting" | "lobby")) {
        losses.add(format!("number {} does not wait any more: it is {}", standing.number, place["state"]));
    }
}

/// Compares a purchase with the booking's document, and takes over what has become known. `seats` is who bought which
/// seat, over all purchases.
pub fn check_booking(
    purchase: &mut Purchase,
    document: &Value,
    seats: &mut HashMap<i64, String>,
    losses: &mut Losses,
) {
    let id = document["id"].as_str().unwrap_or_default().to_owned();
    let (status, paid) = (text(document, "status"), text(&document["payment"], "status"));
    let codes: BTreeSet<String> =
        list(document, "tickets", |ticket| ticket["code"].as_str().map(str::to_owned));
    let sold: BTreeSet<i64> = list(document, "seats", |seat| seat["id"].as_i64());
    if let Some((_, held)) = &purchase.hold
        && *held != sold
    {
        losses.add(format!("booking {id} has other seats than its hold"));
    }
    let is_confirmed = matches!(status, "confirmed" | "completed");
    match purchase.end.clone() {
        End::Paid(told) if is_confirmed && matches!(paid, "authorised" | "captured") && told == codes => {
            own(seats, &sold, &id, losses);
        }
        End::Paid(_) => losses.add(format!(
            "booking {id} was paid and is {status}, its payment {paid}, with {} tickets",
            codes.len()
        )),
        End::Open(_) if is_confirmed && codes.len() == sold.len() => {
            own(seats, &sold, &id, losses);
            purchase.end = End::Paid(codes);
        }
        End::Open(_) if paid == "failed" => purchase.end = End::Declined,
        End::Open(_) if matches!(paid, "voided" | "refunded") && !is_confirmed => {
            purchase.end = End::Returned
        }
        // Nobody is left who could bring the request in: it never arrived, and nothing was set aside.
        End::Open(since) if since.elapsed() > OUTCOME_MAX && paid == "none" => purchase.end = End::Unpaid,
        End::Open(since) if since.elapsed() > OUTCOME_MAX => {
            losses.add(format!("booking {id} has no outcome: it is {status}, its payment {paid}"));
            purchase.end = End::Unpaid;
        }
        End::Open(_) => {}
        End::Unpaid | End::Declined | End::Returned if is_confirmed || !codes.is_empty() => {
            losses.add(format!("booking {id} was not paid and is {status} with {} tickets", codes.len()));
        }
        End::Unpaid | End::Declined | End::Returned => {}
    }
}

fn own(seats: &mut HashMap<i64, String>, sold: &BTreeSet<i64>, booking: &str, losses: &mut Losses) {
    for seat in sold {
        if let Some(other) = seats.insert(*seat, booking.to_owned()).filter(|other| other != booking) {
            losses.add(format!("seat {seat} was sold in bookings {other} and {booking}"));
        }
    }
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or("none")
}

/// The members of an array in a document, as far as they can be read.
pub fn list<T: Ord>(document: &Value, member: &str, read: impl Fn(&Value) -> Option<T>) -> BTreeSet<T> {
    document[member].as_array().into_iter().flatten().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn standing(number: u64, asked_ms: u64, told_ms: u64, start: Instant) -> Standing {
        let at = |ms| start + Duration::from_millis(ms);
        Standing { jar: Jar::default(), number, asked: at(asked_ms), told: at(told_ms) }
    }

    #[test]
    fn only_those_who_were_told_before_another_asked_must_have_the_lower_number() {
        let start = Instant::now();
        let mut losses = Losses::default();
        // Two at the same time may come in any order; a gap is no loss.
        let fair = [standing(2, 0, 10, start), standing(1, 5, 8, start), standing(9, 20, 30, start)];
        check_order(&fair, &mut losses);
        assert_eq!(losses.count, 0, "{losses:?}");
        check_order(&[standing(2, 0, 10, start), standing(1, 11, 12, start)], &mut losses);
        assert_eq!(losses.count, 1, "{losses:?}");
        check_order(&[standing(3, 0, 10, start), standing(3, 5, 12, start)], &mut losses);
        assert_eq!(losses.count, 2, "{losses:?}");
    }

    fn purchase(end: End) -> Purchase {
        Purchase {
            token: String::new(),
            hold: Some(("h".into(), BTreeSet::from([7]))),
            booking: Some("b".into()),
            order: None,
            end,
            entries: HashMap::new(),
        }
    }

    /// The losses that a document with this state, payment and ticket shows after `end` was told; and the end now.
    fn checked(end: End, status: &str, paid: &str, ticket: Option<&str>) -> (u64, End) {
        let tickets: Vec<Value> = ticket.into_iter().map(|code| json!({ "code": code })).collect();
        let document = json!({ "id": "b", "status": status, "payment": { "status": paid },
            "seats": [{ "id": 7 }], "tickets": tickets });
        let (mut purchase, mut losses) = (purchase(end), Losses::default());
        check_booking(&mut purchase, &document, &mut HashMap::new(), &mut losses);
        (losses.count, purchase.end)
    }

    #[test]
    fn a_booking_must_be_as_its_buyer_was_told() {
        let paid = || End::Paid(BTreeSet::from(["TCK-1".to_owned()]));
        let open = || End::Open(Instant::now());
        assert_eq!(checked(paid(), "confirmed", "captured", Some("TCK-1")), (0, paid()));
        assert_eq!(checked(paid(), "confirmed", "captured", Some("TCK-2")).0, 1);
        assert_eq!(checked(paid(), "pending", "started", None).0, 1);
        assert_eq!(checked(End::Declined, "pending", "failed", None).0, 0);
        assert_eq!(checked(End::Declined, "confirmed", "authorised", Some("TCK-1")).0, 1);
        assert_eq!(checked(open(), "confirmed", "authorised", Some("TCK-1")), (0, paid()));
        assert_eq!(checked(open(), "pending", "failed", None), (0, End::Declined));
        assert_eq!(checked(open(), "expired", "voided", None), (0, End::Returned));
        let Some(long_ago) = Instant::now().checked_sub(OUTCOME_MAX * 2) else { return };
        assert_eq!(checked(End::Open(long_ago), "pending", "none", None), (0, End::Unpaid));
        assert_eq!(checked(End::Open(long_ago), "pending", "started", None), (1, End::Unpaid));
    }

    #[test]
    fn a_seat_has_one_owner_and_a_booking_the_seats_of_its_hold() {
        let document = json!({ "id": "b", "status": "confirmed", "payment": { "status": "captured" },
            "seats": [{ "id": 7 }, { "id": 8 }], "tickets": [{ "code": "TCK-1" }] });
        let mut seats = HashMap::from([(8, "another".to_owned())]);
        let mut losses = Losses::default();
        let mut bought = purchase(End::Paid(BTreeSet::from(["TCK-1".to_owned()])));
        check_booking(&mut bought, &document, &mut seats, &mut losses);
        assert_eq!(losses.count, 2, "{losses:?}");
    }
}
