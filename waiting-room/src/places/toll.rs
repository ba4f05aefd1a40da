//! What a join costs in work: a task that is cheap to set, cheap to check, and dear to do many times (hashcash; Dwork and
//! Naor 1992, Back 2002).
//!
//! The task is a signed statement of room, browser, price and end, so no node remembers those it has set. The price rises
//! with the joins from one network, as this node has seen them. Whoever cannot or does not want to work waits instead:
//! a device without JavaScript, an old telephone. Waiting costs a machine nothing, so only a few from one network may.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use shared::browser::Browser;
use shared::clock::Ts;
use shared::keys::Claims;
use shared::limits::{Client, Limit, Prefix};
use shared::problem::{Problem, Result};
use shared::skew::BORNE_S;
use time::Duration;
use uuid::Uuid;

use crate::app::App;
use crate::rooms::rules::{Room, RoomId};

/// `aud` of every task.
const AUDIENCE: &str = "waiting-room";
/// How long a task may be paid for.
const LIVES: Duration = Duration::minutes(5);
/// Time in which the memory of a network's joins halves.
const HALF_LIFE: Duration = Duration::minutes(5);
/// Networks, and paid tasks, that are remembered.
const KEYS_MAX: usize = 100_000;
/// Those who wait instead, a minute from one network.
const PATIENT_PER_MINUTE: u32 = 10;
/// The shortest and the longest wait instead of work, seconds.
const WAIT_MIN_S: i64 = 15;
const WAIT_MAX_S: i64 = 120;

/// What this node knows of who has joined and paid.
pub struct Toll {
    joins: Mutex<HashMap<Prefix, Tally>>,
    paid: Mutex<HashMap<Uuid, Ts>>,
    patient: Limit,
}

/// Joins of one network, fading.
#[derive(Debug, Clone, Copy)]
struct Tally {
    joins: f64,
    at: Ts,
}

/// Claims of a task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskClaims {
    aud: String,
    room: RoomId,
    /// Hash of the browser's secret.
    cnf: String,
    jti: Uuid,
    bits: u8,
    /// Whoever comes after this instant need not have worked, seconds.
    waited: i64,
    nbf: i64,
    exp: i64,
}

impl Claims for TaskClaims {
    const TYP: &'static str = "toll+jwt";
    fn audience(&self) -> &str {
        &self.aud
    }
    fn not_before(&self) -> i64 {
        self.nbf
    }
    fn expires(&self) -> i64 {
        self.exp
    }
}

/// What a visitor pays with.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The task as it was set.
    pub challenge: String,
    /// A number that solves it; left out by who has waited instead.
    #[serde(default)]
    pub nonce: Option<u64>,
}

impl Default for Toll {
    fn default() -> Self {
        Self {
            joins: Mutex::default(),
            paid: Mutex::default(),
            patient: Limit::per_minute(PATIENT_PER_MINUTE),
        }
    }
}

/// Lets a join pass that costs nothing or is paid for.
///
/// # Errors
/// 428 `work-required` with the task; 429 `slow-down` when too many from the network wait instead of working.
pub fn collect(
    app: &App,
    room: &Room,
    browser: &Browser,
    client: Client,
    proof: Option<&Proof>,
) -> Result<()> {
    let Some(price) = room.entry.work else { return Ok(()) };
    let now = app.now();
    let bits = price.after(app.toll.joins_of(client, now));
    if bits > 0 {
        match proof {
            Some(proof) => pay(app, room, browser, client, proof, bits, now)?,
            None => return Err(set_task(app, room, browser, bits, now)),
        }
    }
    app.toll.count(client, now);
    Ok(())
}

/// Takes a proof, or answers it with a new task.
fn pay(
    app: &App,
    room: &Room,
    browser: &Browser,
    client: Client,
    proof: &Proof,
    bits: u8,
    now: Ts,
) -> Result<()> {
    let again = || set_task(app, room, browser, bits, now);
    let task: TaskClaims = app.place_keys.verify(&proof.challenge, AUDIENCE, now).map_err(|_| again())?;
    if task.room != room.id || task.cnf != browser.hash() {
        return Err(again());
    }
    match proof.nonce {
        Some(nonce) if zeros(&proof.challenge, nonce) < u32::from(task.bits) => return Err(again()),
        Some(_) => {}
        None if now.seconds() < task.waited => {
            return Err(again().retry_after((task.waited - now.seconds()).unsigned_abs()));
        }
        None => {
            app.toll.patient.check_key(client.0.wide(), "that wait instead of working, from your network")?
        }
    }
    if app.toll.spend(task.jti, Ts::from_seconds(task.exp), now) { Ok(()) } else { Err(again()) }
}

/// Name of the cookie in which a browser without JavaScript keeps its task.
pub fn cookie_name(room: &RoomId) -> String {
    format!("rushline_toll_{room}")
}

/// Seconds that a browser still has to wait instead of working, 0 when it may join; `None` when the task is not its own, or
/// over.
pub fn wait_left_s(app: &App, room: &RoomId, browser: &Browser, challenge: &str) -> Option<u64> {
    let now = app.now();
    let task: TaskClaims = app.place_keys.verify(challenge, AUDIENCE, now).ok()?;
    let is_theirs = task.room == *room && task.cnf == browser.hash();
    is_theirs.then(|| task.waited.saturating_sub(now.seconds()).max(0).unsigned_abs())
}

/// 428: pay first. Carries the task.
fn set_task(app: &App, room: &Room, browser: &Browser, bits: u8, now: Ts) -> Problem {
    let wait_s = (1_i64 << bits.saturating_sub(12).min(20)).clamp(WAIT_MIN_S, WAIT_MAX_S);
    let claims = TaskClaims {
        aud: AUDIENCE.to_owned(),
        room: room.id.clone(),
        cnf: browser.hash(),
        jti: app.entropy.uuid_v7(now),
        bits,
        waited: now.seconds() + wait_s,
        nbf: now.seconds() - BORNE_S,
        exp: (now + LIVES).seconds(),
    };
    let challenge = match app.place_keys.sign(&claims) {
        Ok(challenge) => challenge,
        Err(error) => return Problem::internal(&error),
    };
    Problem::new(StatusCode::PRECONDITION_REQUIRED, "work-required", "Joining costs a little work")
        .detail(format!("Send `proof` with the challenge and a nonce so that the SHA-256 digest of “challenge.nonce” begins with {bits} zero bits; or wait {wait_s} s and send the challenge alone."))
        .with("work", json!({"challenge": challenge, "bits": bits, "wait_s": wait_s}))
}

/// Leading zero bits of the digest of a task and a number.
fn zeros(challenge: &str, nonce: u64) -> u32 {
    let digest = Sha256::digest(format!("{challenge}.{nonce}"));
    let mut head = [0; 16];
    head.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(head).leading_zeros()
}

impl Toll {
    /// Joins of the client's network that are still remembered.
    fn joins_of(&self, client: Client, now: Ts) -> u64 {
        let joins = self.joins.lock().unwrap_or_else(PoisonError::into_inner);
        joins.get(&client.0.wide()).map_or(0, |tally| tally.at(now) as u64)
    }

    /// Remembers a join. Beyond [`KEYS_MAX`] networks those whose joins have faded are forgotten, and then strangers are.
    fn count(&self, client: Client, now: Ts) {
        let mut joins = self.joins.lock().unwrap_or_else(PoisonError::into_inner);
        if joins.len() >= KEYS_MAX {
            joins.retain(|_, tally| tally.at(now) >= 0.5);
        }
        let is_known = joins.contains_key(&client.0.wide());
        if is_known || joins.len() < KEYS_MAX {
            let tally = joins.entry(client.0.wide()).or_insert(Tally { joins: 0.0, at: now });
            *tally = Tally { joins: tally.at(now) + 1.0, at: now };
        }
    }

    /// Whether a task was not paid for before. With too many to remember it counts as paid for, and costs another one.
    fn spend(&self, task: Uuid, until: Ts, now: Ts) -> bool {
        let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        if paid.len() >= KEYS_MAX {
            paid.retain(|_, until| *until > now);
        }
        paid.len() < KEYS_MAX && paid.insert(task, until).is_none()
    }
}

impl Tally {
    fn at(self, now: Ts) -> f64 {
        let age = (now - self.at).max(Duration::ZERO);
        self.joins * 0.5_f64.powf(age.as_seconds_f64() / HALF_LIFE.as_seconds_f64())
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn client(ip: &str) -> Client {
        Client(ip.parse::<IpAddr>().unwrap().into())
    }

    #[test]
    fn a_network_is_remembered_and_forgotten_by_halves() {
        let (toll, start) = (Toll::default(), Ts::from_seconds(1000));
        for n in 0..40 {
            toll.count(client(&format!("203.0.113.{n}")), start);
        }
        let seen = |ip: &str, after_s| toll.joins_of(client(ip), start + Duration::seconds(after_s));
        assert_eq!(
            [seen("203.0.113.200", 0), seen("203.0.113.9", 300), seen("203.0.113.9", 600)],
            [40, 20, 10]
        );
        assert_eq!(seen("203.0.114.1", 0), 0, "the neighbours are strangers");
        toll.count(client("2001:db8:1:1::1"), start);
        assert_eq!([seen("2001:db8:1:ffff::", 0), seen("2001:db8:2::", 0)], [1, 0]);
    }

    #[test]
    fn a_task_pays_once() {
        let (toll, now) = (Toll::default(), Ts::from_seconds(1000));
        assert!(toll.spend(Uuid::nil(), now + LIVES, now));
        assert!(!toll.spend(Uuid::nil(), now + LIVES, now));
    }

    #[test]
    fn zeros_are_counted_as_the_page_counts_them() {
        let solved = (0..).find(|nonce| zeros("of the room", *nonce) >= 10).unwrap();
        assert!((0..solved).all(|nonce| zeros("of the room", nonce) < 10));
        assert_eq!(Sha256::digest(format!("of the room.{solved}"))[0], 0);
    }
}
