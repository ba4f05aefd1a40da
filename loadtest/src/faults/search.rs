//! Looking for everything that people were told, after each round and at the end of a scene.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::PACE;
use super::buyer::{Memories, Scene};
use super::client::Service;
use super::history::{End, Losses, OUTCOME_MAX, Purchase, Standing, check_booking, check_order, check_place};
use crate::api::{Answer, Api};

/// Longest wait for an answer when nothing is broken any more.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bookings asked for at a time.
const PAGE: usize = 100;
/// Places of earlier rounds that each round looks for again; all are looked for at the end.
const EARLIER: usize = 40;

/// Everything remembered of a scene.
pub struct Search {
    scene: Arc<Scene>,
    standings: Vec<Standing>,
    /// Purchases to be looked at: of this round, and those whose payment has no outcome yet.
    open: Vec<Purchase>,
    /// Purchases that were found at least once, for the end.
    closed: Vec<Purchase>,
    /// Who bought which seat.
    seats: HashMap<i64, String>,
    found: u64,
    losses: Losses,
}

impl Search {
    /// Nothing is known yet.
    pub fn new(scene: Arc<Scene>) -> Self {
        Self {
            scene,
            standings: Vec::new(),
            open: Vec::new(),
            closed: Vec::new(),
            seats: HashMap::new(),
            found: 0,
            losses: Losses::default(),
        }
    }

    /// Looks for what people remember of a round; how much was found, and what was not.
    pub async fn look(&mut self, memories: Vec<Memories>) -> (u64, Losses) {
        (self.found, self.losses) = (0, Losses::default());
        let earlier = self.standings.len();
        for memory in memories {
            self.standings.extend(memory.standings);
            self.open.extend(memory.purchases);
            self.losses.append(memory.losses);
        }
        self.places(earlier.saturating_sub(EARLIER)).await;
        self.purchases().await;
        (self.found, std::mem::take(&mut self.losses))
    }

    /// Looks for everything once more, waits for what has no outcome yet, and judges what can only be judged at the
    /// end.
    pub async fn close(mut self) -> Losses {
        self.open.append(&mut self.closed);
        self.places(0).await;
        self.purchases().await;
        while !self.open.is_empty() {
            sleep(Duration::from_millis(500)).await;
            self.purchases().await;
        }
        self.nothing_else_was_bought().await;
        check_order(&self.standings, &mut self.losses);
        self.scene.ledger.close(PACE.rate_per_minute as usize, i64::from(PACE.cap));
        let (count, sentences) = self.scene.ledger.violations();
        self.losses.append(Losses { count, sentences });
        self.losses
    }

    /// Every place from the `first` remembered on stands where it stood.
    async fn places(&mut self, first: usize) {
        let path = format!("/api/v1/rooms/{}/places/me", self.scene.rooms.paused);
        for at in first..self.standings.len() {
            let jar = self.standings[at].jar.clone();
            let number = self.standings[at].number;
            let answer = self.ask(Service::Rooms, |api| jar.on(api.request(Method::GET, &path))).await;
            if let Some(place) = self.expect(answer, || format!("the place of number {number}")) {
                check_place(&self.standings[at], &place, &mut self.losses);
            }
        }
    }

    /// Every purchase is as its buyer was told; those that have an outcome are closed.
    async fn purchases(&mut self) {
        for mut purchase in std::mem::take(&mut self.open) {
            self.purchase(&mut purchase).await;
            let is_open = matches!(purchase.end, End::Open(_));
            if is_open { &mut self.open } else { &mut self.closed }.push(purchase);
        }
    }

    async fn purchase(&mut self, purchase: &mut Purchase) {
        let token = purchase.token.clone();
        if let (None, End::Open(since), Some(order)) =
            (&purchase.booking, &purchase.end, purchase.order.clone())
        {
            let is_late = since.elapsed() > OUTCOME_MAX;
            match self.scene.client.ask(Service::Shop, Duration::ZERO, |api| order.request(api, &token)).await
            {
                Some(answer) => purchase.ordered(&answer, &mut self.losses),
                None if is_late => {
                    self.losses.add(format!("the order with the key {} has no outcome", order.key));
                    purchase.end = End::Unpaid;
                }
                None => {}
            }
        }
        if let Some(id) = purchase.booking.clone() {
            let answer = self.get(&token, &format!("/api/v1/bookings/{id}")).await;
            let Some(document) = self.expect(answer, || format!("booking {id}")) else { return };
            check_booking(purchase, &document, &mut self.seats, &mut self.losses);
        } else if let Some((id, seats)) = purchase.hold.clone() {
            let answer = self.get(&token, &format!("/api/v1/holds/{id}")).await;
            let Some(hold) = self.expect(answer, || format!("hold {id}")) else { return };
            let kept = super::history::list(&hold, "seats", |seat| seat["id"].as_i64());
            if kept != seats || !matches!(hold["status"].as_str(), Some("active" | "booked" | "expired")) {
                self.losses.add(format!("hold {id} is {} with {} seats", hold["status"], kept.len()));
            }
        }
        self.tickets(purchase).await;
    }

    /// Nobody owns a booking that she was never told of: a repeated request had no second effect.
    async fn nothing_else_was_bought(&mut self) {
        let known: HashSet<String> =
            self.closed.iter().filter_map(|purchase| purchase.booking.clone()).collect();
        for token in self.scene.tokens.clone() {
            let mut after = String::new();
            loop {
                let answer = self.get(&token, &format!("/api/v1/bookings?limit={PAGE}{after}")).await;
                let Some(page) = self.expect(answer, || "a list of bookings".to_owned()) else { break };
                let bookings = page.as_array().cloned().unwrap_or_default();
                for booking in bookings.iter().filter(|booking| booking["status"] == "confirmed") {
                    let id = booking["id"].as_str().unwrap_or_default();
                    if !known.contains(id) {
                        self.losses.add(format!("booking {id} is confirmed and nobody was told of it"));
                    }
                }
                let Some(last) = bookings.last().filter(|_| bookings.len() == PAGE) else { break };
                after = format!("&cursor={}", last["id"].as_str().unwrap_or_default());
            }
        }
    }

    /// Every ticket can be shown, and whoever went in is in, once.
    async fn tickets(&mut self, purchase: &Purchase) {
        let End::Paid(codes) = &purchase.end else { return };
        for code in codes {
            let answer = self.get(&purchase.token, &format!("/api/v1/tickets/{code}")).await;
            let Some(ticket) = self.expect(answer, || format!("ticket {code}")) else { continue };
            let is_used = purchase.entries.values().any(|used| used == code);
            let right = if is_used { "used" } else { "valid" };
            if ticket["status"] != right {
                self.losses.add(format!("ticket {code} is {} and not {right}", ticket["status"]));
            }
        }
        for (id, code) in &purchase.entries {
            let again = self.enter(json!({ "id": id, "code": code })).await;
            self.expect(again, || format!("the entry with {code}"));
            let second = self.enter(json!({ "code": code })).await;
            if second.as_ref().is_none_or(|answer| answer.status != 409) {
                self.losses.add(format!("ticket {code} let two people in"));
            }
        }
    }

    async fn enter(&self, shown: Value) -> Option<Answer> {
        let gate = &self.scene.gate;
        let post = |api: &Api| api.request(Method::POST, "/api/v1/checkins").bearer_auth(gate).json(&shown);
        self.ask(Service::Shop, post).await
    }

    async fn get(&self, token: &str, path: &str) -> Option<Answer> {
        self.ask(Service::Shop, |api| api.request(Method::GET, path).bearer_auth(token)).await
    }

    async fn ask(&self, service: Service, make: impl Fn(&Api) -> RequestBuilder) -> Option<Answer> {
        self.scene.client.look(service, PATIENCE, make).await
    }

    /// The document of something that must be there.
    fn expect(&mut self, answer: Option<Answer>, what: impl Fn() -> String) -> Option<Value> {
        match answer {
            Some(answer) if answer.is_success() => {
                self.found += 1;
                return Some(answer.json());
            }
            Some(answer) => {
                self.losses.add(format!("{} is lost: {} {}", what(), answer.status, answer.slug()))
            }
            None => self.losses.add(format!("{} was not answered", what())),
        }
        None
    }
}
