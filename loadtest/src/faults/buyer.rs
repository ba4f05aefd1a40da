//! People who join, wait, claim, hold, book, pay and enter without a pause, and remember every answer of 2xx.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use shared::clock::Ts;
use tokio::time::{Instant, sleep};

use super::client::{Client, Service};
use super::history::{End, Losses, Order, Purchase, Standing, list};
use crate::api::{Answer, Api, Jar};
use crate::crowd::ledger::Ledger;
use crate::crowd::live::{PlaceDoc, PlaceState};
use crate::stage::Show;

/// Longest that anything may stay without an answer: faults last seconds, and a start of a node some more.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a payment is repeated before its outcome is left to the reconciler.
const PAYMENT_PATIENCE: Duration = Duration::from_secs(6);
/// Pause between two looks at the line.
const LOOK: Duration = Duration::from_millis(50);
/// Seats from which two are chosen: few, so that people do get in each other's way.
const WINDOW: usize = 24;

/// Where people go, for some rounds.
pub struct Scene {
    /// The way there.
    pub client: Client,
    /// A sale behind the room [`SALE_ROOM`].
    pub queued: Show,
    /// A sale of numbered seats without a room.
    pub seated: Show,
    /// The numbered seats.
    pub seats: Vec<i64>,
    /// Seats sold so far, about.
    pub sold: AtomicUsize,
    /// Access tokens of shoppers.
    pub tokens: Vec<String>,
    /// Access token of the staff at the gate.
    pub gate: String,
    /// What the room said to everybody.
    pub ledger: Ledger,
    /// The people of this round go home.
    pub stop: AtomicBool,
    /// The room with a sale behind it, and the one in which nobody is ever called.
    pub rooms: Rooms,
}

/// Ids of the rooms of a scene.
pub struct Rooms {
    /// People are called.
    pub sale: String,
    /// Nobody is called; everybody keeps the place.
    pub paused: String,
}

/// What one person remembers of a round.
#[derive(Default)]
pub struct Memories {
    /// Places in the paused room.
    pub standings: Vec<Standing>,
    /// Purchases, in whatever state.
    pub purchases: Vec<Purchase>,
    /// Promises that were broken before her eyes.
    pub losses: Losses,
}

/// One person.
pub struct Buyer {
    scene: Arc<Scene>,
    token: String,
    memories: Memories,
}

/// Goes no further: why was noted.
struct Stuck;

type Step<T> = Result<T, Stuck>;

impl Buyer {
    /// The shopper with the account `at`.
    pub fn new(scene: Arc<Scene>, at: usize) -> Self {
        let token = scene.tokens[at].clone();
        Self { scene, token, memories: Memories::default() }
    }

    /// Buys again and again until the scene stops; ends what she has begun.
    pub async fn live(mut self) -> Memories {
        while !self.scene.stop.load(Ordering::SeqCst) {
            // What stopped her was noted where it happened.
            let _ = match self.scene.client.dice.below(10) {
                0..3 => self.stand().await,
                3..7 => self.buy_seats().await,
                _ => self.buy_behind_the_room().await,
            };
        }
        self.memories
    }

    /// Joins the paused room and stays.
    async fn stand(&mut self) -> Step<()> {
        let room = self.scene.rooms.paused.clone();
        let (standing, _) = self.join(&room).await?;
        self.memories.standings.push(standing);
        Ok(())
    }

    async fn join(&mut self, room: &str) -> Step<(Standing, PlaceDoc)> {
        let mut jar = Jar::of_browser(URL_SAFE_NO_PAD.encode(self.scene.client.dice.bytes::<32>()));
        let (asked, path) = (Instant::now(), format!("/api/v1/rooms/{room}/places"));
        let joined =
            self.ask(Service::Rooms, "join", |api| jar.on(api.request(Method::POST, &path)).json(&json!({})));
        let answer = joined.await?;
        jar.keep(&answer);
        let place: PlaceDoc =
            self.read(&answer, "join", |body| serde_json::from_value(body["place"].clone()).ok())?;
        Ok((Standing { jar, number: place.number, asked, told: Instant::now() }, place))
    }

    /// Joins, waits, claims, buys with the admission, and goes home.
    async fn buy_behind_the_room(&mut self) -> Step<()> {
        let scene = self.scene.clone();
        let room = &scene.rooms.sale;
        let (standing, place) = self.join(room).await?;
        scene.ledger.placed(u64::from_le_bytes(scene.client.dice.bytes()), place.number);
        let (admission, until) = self.wait_and_claim(room, &standing).await?;
        let presence = scene.ledger.admitted(until);
        let visit = (standing.jar.clone(), admission);
        // From the payment on, which ends the visit, another one may be inside.
        let bought = if scene.client.dice.below(3) == 0 {
            drop(presence);
            self.order(visit).await
        } else {
            let held = self.hold_any(&visit).await;
            drop(presence);
            match held {
                Ok(purchase) => self.book_and_pay(purchase).await,
                Err(stuck) => Err(stuck),
            }
        };
        let path = format!("/api/v1/rooms/{room}/places/me");
        self.ask(Service::Rooms, "leave", |api| standing.jar.on(api.request(Method::DELETE, &path))).await?;
        bought
    }

    async fn hold_any(&mut self, visit: &(Jar, String)) -> Step<usize> {
        let (session, ticket_type) = (self.scene.queued.session, self.scene.queued.ticket_type);
        let quantity = 1 + self.scene.client.dice.below(2);
        let wanted = json!({ "ticket_type": ticket_type, "quantity": quantity, "best_available": true });
        self.hold(session, wanted, Some(visit)).await
    }

    /// Holds, books and pays in one call.
    async fn order(&mut self, visit: (Jar, String)) -> Step<()> {
        let scene = self.scene.clone();
        let quantity = 1 + scene.client.dice.below(2);
        let body =
            json!({ "event_id": scene.queued.event, "quantity": quantity, "card_number": self.card() });
        let order = Order { body, key: scene.client.dice.code(24), visit };
        let mut purchase = Purchase {
            token: self.token.clone(),
            hold: None,
            booking: None,
            order: Some(order.clone()),
            end: End::Open(Instant::now()),
            entries: HashMap::new(),
        };
        let send = |api: &Api| order.request(api, &self.token);
        if let Some(answer) = scene.client.ask(Service::Shop, PAYMENT_PATIENCE, send).await {
            purchase.ordered(&answer, &mut self.memories.losses);
        }
        self.memories.purchases.push(purchase);
        Ok(())
    }

    /// Whatever card comes to hand: one in ten is declined, two are told of twice, one late.
    fn card(&self) -> &'static str {
        match self.scene.client.dice.below(10) {
            0 => "4000000000000002",
            1 | 2 => "4000000000000259",
            3 => "4000000000003220",
            _ => "4242424242424242",
        }
    }

    /// Watches the line until it is her turn and claims it; the admission token, and the end of the visit.
    async fn wait_and_claim(&mut self, room: &str, standing: &Standing) -> Step<(String, Ts)> {
        let (look, claim) =
            (format!("/api/v1/rooms/{room}/places/me"), format!("/api/v1/rooms/{room}/places/me/admission"));
        let began = Instant::now();
        loop {
            let ask = |api: &Api| standing.jar.on(api.request(Method::GET, &look));
            let Some(answer) = self.scene.client.look(Service::Rooms, PATIENCE, ask).await else {
                return self.lost(format!("number {} was not answered", standing.number));
            };
            let place: PlaceDoc =
                self.read(&answer, "look", |body| serde_json::from_value(body.clone()).ok())?;
            if place.number != standing.number {
                return self.lost(format!("number {} became {}", standing.number, place.number));
            }
            match place.state {
                PlaceState::Called | PlaceState::Admitted => {
                    if let (PlaceState::Called, Some(claim_by), false) =
                        (place.state, place.claim_by, place.at_door)
                    {
                        self.scene.ledger.called(place.number, claim_by);
                    }
                    let answer = self.ask(Service::Rooms, "claim", |api| {
                        standing.jar.on(api.request(Method::POST, &claim))
                    });
                    let answer = answer.await?;
                    if answer.status != 409 {
                        return self.read(&answer, "claim", admission);
                    }
                }
                PlaceState::Waiting | PlaceState::Lobby => {}
                PlaceState::Left | PlaceState::Expired => {
                    return self.lost(format!("number {} is over: {:?}", place.number, place.state));
                }
            }
            if began.elapsed() > PATIENCE * 2 {
                return self
                    .lost(format!("number {} waits although there is room in the shop", place.number));
            }
            sleep(LOOK).await;
        }
    }

    /// Two numbered seats that others may want too.
    async fn buy_seats(&mut self) -> Step<()> {
        let scene = self.scene.clone();
        let dice = &scene.client.dice;
        let first = scene.sold.load(Ordering::Relaxed).min(scene.seats.len() - WINDOW);
        let seats: BTreeSet<i64> =
            (0..2).map(|_| scene.seats[first + dice.below(WINDOW as u32) as usize]).collect();
        let purchase = self.hold(scene.seated.session, json!({ "seats": seats }), None).await?;
        scene.sold.fetch_add(seats.len(), Ordering::Relaxed);
        self.book_and_pay(purchase).await
    }

    /// A hold; `Stuck` without a loss when somebody else was faster.
    async fn hold(&mut self, session: i64, wanted: Value, visit: Option<&(Jar, String)>) -> Step<usize> {
        let path = format!("/api/v1/sessions/{session}/holds");
        let answer = self.post("hold", PATIENCE, &path, &wanted, visit).await?;
        if matches!(answer.slug().as_str(), "seat-taken" | "not-enough-tickets" | "limit-reached") {
            // Others were faster; look at the next seats.
            self.scene.sold.fetch_add(1, Ordering::Relaxed);
            return Err(Stuck);
        }
        let hold = self.read(&answer, "hold", |body| {
            let seats = list(body, "seats", |seat| seat["id"].as_i64());
            Some((body["id"].as_str()?.to_owned(), seats))
        })?;
        self.memories.purchases.push(Purchase {
            token: self.token.clone(),
            hold: Some(hold),
            booking: None,
            order: None,
            end: End::Unpaid,
            entries: HashMap::new(),
        });
        Ok(self.memories.purchases.len() - 1)
    }

    /// Makes the hold a booking, pays it with whatever card comes to hand, and sometimes enters at once.
    async fn book_and_pay(&mut self, at: usize) -> Step<()> {
        let hold = self.memories.purchases[at].hold.clone().map(|(id, _)| id);
        let answer =
            self.post("book", PATIENCE, "/api/v1/bookings", &json!({ "hold_id": hold }), None).await?;
        let id = self.read(&answer, "book", |body| body["id"].as_str().map(str::to_owned))?;
        self.memories.purchases[at].booking = Some(id.clone());
        let path = format!("/api/v1/bookings/{id}/payment");
        let body = json!({ "method": "card", "card_number": self.card() });
        self.memories.purchases[at].end = End::Open(Instant::now());
        let Some(answer) = self.try_post(PAYMENT_PATIENCE, &path, &body, None).await? else { return Ok(()) };
        self.memories.purchases[at].end = match answer.status {
            200 => End::Paid(list(&answer.json()["booking"], "tickets", |ticket| {
                ticket["code"].as_str().map(str::to_owned)
            })),
            402 => End::Declined,
            _ => End::Open(Instant::now()),
        };
        if !matches!(answer.status, 200 | 202 | 402) {
            return self.lost(format!(
                "the payment of booking {id} was answered {} {}",
                answer.status,
                answer.slug()
            ));
        }
        if self.scene.client.dice.below(4) == 0 {
            self.enter(at).await?;
        }
        Ok(())
    }

    /// Shows one of the tickets at the gate.
    async fn enter(&mut self, at: usize) -> Step<()> {
        let End::Paid(codes) = &self.memories.purchases[at].end else { return Ok(()) };
        let Some(code) = codes.first().cloned() else { return Ok(()) };
        let id = uuid::Builder::from_random_bytes(self.scene.client.dice.bytes()).into_uuid().to_string();
        let shown = json!({ "id": id, "code": code });
        let gate = self.scene.gate.clone();
        let answer = self.ask(Service::Shop, "enter", |api| {
            api.request(Method::POST, "/api/v1/checkins").bearer_auth(&gate).json(&shown)
        });
        let answer = answer.await?;
        self.read(&answer, "enter", |body| (body["result"] == "admitted").then_some(()))?;
        self.memories.purchases[at].entries.insert(id, code);
        Ok(())
    }

    /// A POST under a key of its own that must be settled.
    async fn post(
        &mut self,
        what: &str,
        patience: Duration,
        path: &str,
        body: &Value,
        visit: Option<&(Jar, String)>,
    ) -> Step<Answer> {
        match self.try_post(patience, path, body, visit).await? {
            Some(answer) => Ok(answer),
            None => self.lost(format!("{what} was not answered within {} s", patience.as_secs())),
        }
    }

    /// A POST under a key of its own, repeated with the same key while its outcome is unknown. Now and then it is sent
    /// once more after it was acknowledged: the same bytes must come back.
    async fn try_post(
        &mut self,
        patience: Duration,
        path: &str,
        body: &Value,
        visit: Option<&(Jar, String)>,
    ) -> Step<Option<Answer>> {
        let scene = self.scene.clone();
        let key = scene.client.dice.code(24);
        let make = |api: &Api| -> RequestBuilder {
            let request = api.request(Method::POST, path).json(body).bearer_auth(&self.token);
            let request = request.header("Idempotency-Key", &key);
            match visit {
                None => request,
                Some((jar, admission)) => {
                    jar.on(request.header(shared::admission::HEADER, admission.as_str()))
                }
            }
        };
        let Some(first) = scene.client.ask(Service::Shop, patience, make).await else { return Ok(None) };
        if first.is_success() && scene.client.dice.below(8) == 0 {
            let again = scene.client.ask(Service::Shop, PATIENCE, make).await;
            if again.as_ref().is_some_and(|again| again.bytes != first.bytes) {
                return self.lost(format!("POST {path} was repeated with its key and answered differently"));
            }
        }
        Ok(Some(first))
    }

    /// Asks until it is settled.
    async fn ask(
        &mut self,
        service: Service,
        what: &str,
        make: impl Fn(&Api) -> RequestBuilder,
    ) -> Step<Answer> {
        match self.scene.client.ask(service, PATIENCE, make).await {
            Some(answer) => Ok(answer),
            None => self.lost(format!("{what} was not answered within {} s", PATIENCE.as_secs())),
        }
    }

    /// What must be in an answer that must be a success.
    fn read<T>(&mut self, answer: &Answer, what: &str, read: impl Fn(&Value) -> Option<T>) -> Step<T> {
        let body = answer.json();
        match read(&body).filter(|_| answer.is_success()) {
            Some(value) => Ok(value),
            None => self.lost(format!("{what} was answered {} {}", answer.status, answer.slug())),
        }
    }

    fn lost<T>(&mut self, sentence: String) -> Step<T> {
        self.memories.losses.add(sentence);
        Err(Stuck)
    }
}

fn admission(body: &Value) -> Option<(String, Ts)> {
    let until = serde_json::from_value(body["expires_at"].clone()).ok()?;
    Some((body["admission_token"].as_str()?.to_owned(), until))
}
