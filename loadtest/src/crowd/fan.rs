//! The life of one fan: arrive, join, wait, claim, visit the shop, go home.

use std::sync::atomic::Ordering;
use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use shared::clock::Ts;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error;

use super::Crowd;
use super::ledger::{Presence, Stage, Step};
use super::live::{Live, PlaceDoc, PlaceState};
use super::rules::{Plan, Wish, pause};
use super::shop::{Visit, Visitor};
use crate::api::Jar;

/// Attempts to open the live connection before a fan goes home.
const OPENINGS_MAX: u32 = 12;
/// Longest pause between two of them.
const OPENING_PAUSE_MAX_S: f64 = 15.0;
/// A turn claimed at least this long before its deadline must not be lost.
const MARGIN: time::Duration = time::Duration::seconds(2);
/// Pause between two claims at the door.
const DOOR_PAUSE: Duration = Duration::from_secs(1);
/// A visit ends this long before the server would end it.
const LAST_CALL: time::Duration = time::Duration::seconds(1);

/// One fan and her browser.
pub struct Fan<'c> {
    crowd: &'c Crowd,
    id: u64,
    plan: &'c Plan,
    jar: Jar,
    stage: Option<Stage>,
    position: Option<u64>,
    /// Whether the last document already showed higher numbers called while this one waits.
    was_passed: bool,
    has_place: bool,
}

#[derive(Deserialize)]
struct Joined {
    place: PlaceDoc,
}

#[derive(Deserialize)]
struct Admission {
    admission_token: String,
    expires_at: Ts,
}

/// What a claim brought.
enum Claimed<'c> {
    In(Admission, Presence<'c>),
    NotYet(Duration),
    Over(Stage),
}

impl<'c> Fan<'c> {
    /// A fan with an empty jar.
    pub fn new(crowd: &'c Crowd, id: u64, plan: &'c Plan) -> Self {
        Self {
            crowd,
            id,
            plan,
            jar: Jar::default(),
            stage: None,
            position: None,
            was_passed: false,
            has_place: false,
        }
    }

    /// Everything from joining to home; the crowd's stop sends the fan home at once, politely.
    pub async fn live(mut self) {
        let crowd = self.crowd;
        let home = tokio::select! {
            home = self.come_and_go() => Some(home),
            () = crowd.stop.cancelled() => None,
        };
        if home.is_none() && self.has_place {
            self.leave().await;
        }
        self.enter(home.unwrap_or(Stage::Left));
    }

    async fn come_and_go(&mut self) -> Stage {
        self.crowd.ledger.arrived.fetch_add(1, Ordering::Relaxed);
        if !self.join().await {
            return Stage::Failed;
        }
        self.enter(Stage::Waiting);
        let patience = match self.plan.wish {
            Wish::Ghost | Wish::Leaver => self.plan.patience,
            Wish::Looker | Wish::Buyer => Duration::MAX,
        };
        match (timeout(patience, self.wait_for_turn()).await, self.plan.wish) {
            // The tab is closed: no word to the server.
            (_, Wish::Ghost) => Stage::Vanished,
            (Err(_), _) | (_, Wish::Leaver) => {
                self.leave().await;
                Stage::Left
            }
            (Ok(Ok((admission, presence))), _) => {
                self.enter(Stage::Shopping);
                Box::pin(self.shop(admission, presence)).await
            }
            (Ok(Err(end)), _) => end,
        }
    }

    async fn join(&mut self) -> bool {
        let path = format!("/api/v1/rooms/{}/places", self.crowd.options.room);
        let request = self.crowd.api.request(Method::POST, &path).json(&serde_json::json!({}));
        let Some(answer) = self.crowd.call(Step::Join, request).await else { return false };
        self.jar.keep(&answer);
        let Some(joined) = answer.read::<Joined>() else { return false };
        self.has_place = true;
        self.crowd.ledger.placed(self.id, joined.place.number);
        self.hear(&joined.place);
        true
    }

    /// Stays connected until the place is over or the fan is in. A ghost is never asked to claim: she is called
    /// while she still watches, and lets it pass.
    async fn wait_for_turn(&mut self) -> Result<(Admission, Presence<'c>), Stage> {
        for opening in 0..OPENINGS_MAX {
            if opening > 0 {
                let most = (f64::from(opening) * 1.5).min(OPENING_PAUSE_MAX_S);
                tokio::time::sleep(pause(&self.crowd.options, &self.crowd.dice, 0.2, most)).await;
                self.crowd.ledger.reconnects.fetch_add(1, Ordering::Relaxed);
            }
            match Live::open(&self.crowd.api, &self.crowd.options.room, &self.jar).await {
                Ok(live) => {
                    if let Some(end) = self.watch(live).await {
                        return end;
                    }
                }
                Err(error) => {
                    self.crowd.ledger.refused(Step::Join, &format!("live connection: {error}"));
                    // A refusal will not change; an outage will.
                    if matches!(&error, Error::Http(answer) if answer.status().is_client_error()) {
                        return Err(Stage::Failed);
                    }
                }
            }
        }
        Err(Stage::Failed)
    }

    /// Reads one connection to its end; `None` when it was lost.
    async fn watch(&mut self, mut live: Live) -> Option<Result<(Admission, Presence<'c>), Stage>> {
        while let Some(place) = live.next().await {
            self.crowd.ledger.frames.fetch_add(1, Ordering::Relaxed);
            self.hear(&place);
            match place.state {
                PlaceState::Lobby | PlaceState::Waiting => {}
                PlaceState::Called | PlaceState::Admitted if self.plan.wish == Wish::Ghost => {}
                PlaceState::Called | PlaceState::Admitted => match self.claim(&place).await {
                    Claimed::In(admission, presence) => return Some(Ok((admission, presence))),
                    Claimed::Over(end) => return Some(Err(end)),
                    // At the door: the next document, or the next second, brings the answer.
                    Claimed::NotYet(wait) => tokio::time::sleep(wait).await,
                },
                PlaceState::Left | PlaceState::Expired => return Some(Err(Stage::Failed)),
            }
        }
        None
    }

    /// Reads a place document as the fan sees it, and checks what she was promised.
    fn hear(&mut self, place: &PlaceDoc) {
        let (ledger, number) = (&self.crowd.ledger, place.number);
        if matches!(place.state, PlaceState::Lobby | PlaceState::Waiting) {
            if let Some(before) = self.position.filter(|before| place.position > *before) {
                ledger.violated(format!(
                    "the position of number {number} grew from {before} to {}",
                    place.position
                ));
            }
            // Once may be a call that happened while the document was put together; twice is being overtaken.
            let is_passed = place.serving > number;
            let was_passed = std::mem::replace(&mut self.was_passed, is_passed);
            if is_passed && was_passed {
                ledger.violated(format!("number {number} waits although {} was called", place.serving));
            }
            self.position = Some(place.position);
        }
        if let (PlaceState::Called, Some(claim_by), false) = (place.state, place.claim_by, place.at_door) {
            ledger.called(number, claim_by);
        }
    }

    async fn claim(&mut self, place: &PlaceDoc) -> Claimed<'c> {
        if self.stage != Some(Stage::Called) {
            self.enter(Stage::Called);
            tokio::time::sleep(pause(&self.crowd.options, &self.crowd.dice, 0.3, 3.0)).await;
        }
        let in_time = place.claim_by.is_none_or(|by| self.crowd.clock.now() + MARGIN < by);
        let path = format!("/api/v1/rooms/{}/places/me/admission", self.crowd.options.room);
        let request = self.jar.on(self.crowd.api.request(Method::POST, &path));
        let Some(answer) = self.crowd.call(Step::Claim, request).await else {
            return Claimed::Over(Stage::Failed);
        };
        match answer.status {
            200 => answer.read().map_or(Claimed::Over(Stage::Failed), |admission: Admission| {
                let presence = self.crowd.ledger.admitted(admission.expires_at);
                Claimed::In(admission, presence)
            }),
            202 | 409 => {
                Claimed::NotYet(answer.retry_after_s.map_or(DOOR_PAUSE, |s| Duration::from_secs(s.min(5))))
            }
            410 => {
                if in_time && answer.slug() == "turn-missed" {
                    self.crowd
                        .ledger
                        .violated(format!("number {} claimed in time and lost the turn", place.number));
                }
                Claimed::Over(Stage::Failed)
            }
            _ => Claimed::Over(Stage::Failed),
        }
    }

    async fn shop(&mut self, admission: Admission, presence: Presence<'c>) -> Stage {
        let left = admission.expires_at - LAST_CALL - self.crowd.clock.now();
        let visitor = Visitor::new(self.crowd, self.id, self.plan, &self.jar, &admission.admission_token);
        let visit =
            timeout(left.try_into().unwrap_or_default(), visitor.visit(&self.crowd.room.event, presence))
                .await;
        match visit {
            Ok(Visit::Bought) => {
                self.has_place = false;
                Stage::Bought
            }
            Ok(Visit::Left) | Err(_) => {
                self.leave().await;
                Stage::Left
            }
        }
    }

    async fn leave(&mut self) {
        let path = format!("/api/v1/rooms/{}/places/me", self.crowd.options.room);
        self.has_place = false;
        let request = self.jar.on(self.crowd.api.request(Method::DELETE, &path));
        self.crowd.call(Step::Leave, request).await;
    }

    fn enter(&mut self, stage: Stage) {
        self.crowd.ledger.moved(self.stage, stage);
        self.stage = Some(stage);
    }
}
