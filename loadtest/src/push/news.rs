//! What the line hears while it is measured.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::interval;
use waiting_room::live::document::RETRY_UNKNOWN_S;

use super::Options;
use crate::api::{Api, Jar};
use crate::stage::{Pace, ROOMS, Show, Stage};

/// From one piece of news for everybody to the next. Each is told to all within half a second, so each socket gets one frame of each.
const EVERY: Duration = Duration::from_secs(1);
/// One visit at a time: the wait of all but the first few is longer than can be told.
const PACE: Pace = Pace { cap: 1, rate_per_minute: 1 };
/// Those who may be called before the others have opened their sockets.
const CALLED_MAX: u64 = 30;

/// A line, and why there are news in it.
pub struct News {
    room: String,
    why: Why,
}

enum Why {
    /// The message to the line changes, of which everybody is told soon.
    Messages(Stage, Show),
    /// One a second of these leaves the front of the line, which those who are far back are told as rarely as anything.
    Departures(Api, Vec<Jar>),
}

impl News {
    /// Seconds from one frame of a socket to the next.
    pub fn every_s(far: bool) -> u64 {
        if far { RETRY_UNKNOWN_S } else { 1 }
    }

    /// Opens the room, with those in it who are to leave.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn prepare(options: &Options, room: &str, url: &str) -> anyhow::Result<Self> {
        let api = Api::new(url)?;
        let stage = Stage::open(api.clone()).await?;
        let show = stage.general_admission("Everybody", 10, None).await?;
        stage.room(room, show, PACE).await?;
        if !options.far {
            // Nobody is called while it is measured; what everybody hears of is the message.
            stage.post::<Value>(&format!("{ROOMS}/{room}/pause"), &json!({})).await?;
            return Ok(Self { room: room.to_owned(), why: Why::Messages(stage, show) });
        }
        let mut front = Vec::new();
        for _ in 0..options.listening().as_secs() + CALLED_MAX {
            let mut jar = Jar::default();
            let join = api.request(Method::POST, &format!("/api/v1/rooms/{room}/places")).json(&json!({}));
            let answer = api.insist(join).await?;
            anyhow::ensure!(answer.is_success(), "a join was answered {}", answer.status);
            jar.keep(&answer);
            front.push(jar);
        }
        Ok(Self { room: room.to_owned(), why: Why::Departures(api, front) })
    }

    /// Makes news until it is stopped, or the server refuses some, of which the measurement will tell.
    pub async fn tell(self) {
        let Self { room, why } = self;
        match why {
            Why::Messages(stage, show) => {
                let mut news = interval(EVERY);
                for count in 0_u64.. {
                    news.tick().await;
                    let message = format!("News, number {count:09}");
                    if stage.put_room(&room, show, PACE, Some(&message)).await.is_err() {
                        return;
                    }
                }
            }
            Why::Departures(api, front) => {
                let mut news = interval(EVERY);
                // The last first: those before them may have been called.
                for jar in front.iter().rev() {
                    news.tick().await;
                    let leave = api.request(Method::DELETE, &format!("/api/v1/rooms/{room}/places/me"));
                    if api.insist(jar.on(leave)).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}
