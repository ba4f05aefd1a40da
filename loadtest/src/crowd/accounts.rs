//! Shopper accounts that fans share.
//!
//! A real fan has one of her own; making thousands would measure the password hash and nothing else. A person's
//! limit on tickets is obeyed: an account is only lent while it may still buy what the fan wants.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use super::Crowd;
use super::ledger::Step;

/// Longest a fan waits for an account to be opened; then she only looks.
const OPEN_TIMEOUT: Duration = Duration::from_secs(15);
/// A login is renewed at this age, well before the access token ends.
const LOGIN_AGE_MAX: Duration = Duration::from_secs(600);

/// The pool.
pub struct Accounts {
    max: usize,
    slots: Mutex<Vec<Slot>>,
    /// One login at a time: each costs the server a password hash.
    opening: tokio::sync::Mutex<()>,
}

struct Slot {
    token: String,
    since: Instant,
    tickets: i64,
}

/// An account lent to one fan for so many tickets.
#[derive(Debug, Clone)]
pub struct Loan {
    /// Access token.
    pub token: String,
    slot: usize,
    tickets: i64,
}

#[derive(Deserialize)]
struct Login {
    token: String,
}

impl Accounts {
    /// At most `max` accounts.
    pub fn new(max: usize) -> Self {
        Self { max, slots: Mutex::default(), opening: tokio::sync::Mutex::default() }
    }

    /// Lends an account that may still buy `tickets` of `limit`; `None` when all are used up or none can be opened.
    pub async fn lend(&self, crowd: &Crowd, tickets: usize, limit: i64) -> Option<Loan> {
        let tickets = tickets as i64;
        if let Some(loan) = self.lend_known(tickets, limit) {
            return Some(loan);
        }
        let opened = tokio::time::timeout(OPEN_TIMEOUT, async {
            let _one_at_a_time = self.opening.lock().await;
            if let Some(loan) = self.lend_known(tickets, limit) {
                return Some(loan);
            }
            let slot = self.slot_to_open()?;
            let token = log_in(crowd, slot).await?;
            self.opened(slot, token);
            self.lend_known(tickets, limit)
        });
        opened.await.ok().flatten()
    }

    /// Takes an account back that bought nothing.
    pub fn unused(&self, loan: &Loan) {
        self.slots()[loan.slot].tickets -= loan.tickets;
    }

    /// The server says that the account's limit is reached, from an earlier crowd perhaps: never lend it again.
    pub fn used_up(&self, loan: &Loan) {
        self.slots()[loan.slot].tickets = i64::MAX / 2;
    }

    /// Access tokens in hand.
    pub fn open_count(&self) -> usize {
        self.slots().len()
    }

    fn lend_known(&self, tickets: i64, limit: i64) -> Option<Loan> {
        let mut slots = self.slots();
        let fits = |slot: &Slot| slot.tickets + tickets <= limit && slot.since.elapsed() < LOGIN_AGE_MAX;
        let (at, slot) =
            slots.iter_mut().enumerate().filter(|(_, slot)| fits(slot)).min_by_key(|(_, s)| s.tickets)?;
        slot.tickets += tickets;
        Some(Loan { token: slot.token.clone(), slot: at, tickets })
    }

    /// The account to log in next: one whose login is old, else a new one.
    fn slot_to_open(&self) -> Option<usize> {
        let slots = self.slots();
        let old = slots
            .iter()
            .position(|slot| slot.since.elapsed() >= LOGIN_AGE_MAX && slot.tickets < i64::MAX / 4);
        old.or_else(|| (slots.len() < self.max).then_some(slots.len()))
    }

    fn opened(&self, at: usize, token: String) {
        let mut slots = self.slots();
        match slots.get_mut(at) {
            Some(slot) => (slot.token, slot.since) = (token, Instant::now()),
            None => slots.push(Slot { token, since: Instant::now(), tickets: 0 }),
        }
    }

    fn slots(&self) -> MutexGuard<'_, Vec<Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Logs in the account of a slot, registering it when it is not known yet.
async fn log_in(crowd: &Crowd, slot: usize) -> Option<String> {
    let (email, password) =
        (format!("crowd-{slot:03}@crowd.example"), format!("One of the crowd, no. {slot:03}"));
    let credentials = json!({ "email": email, "password": password });
    let login = || crowd.api.request(Method::POST, "/api/v1/users/login").json(&credentials);
    let first = crowd.call(Step::Account, login()).await?;
    if first.is_success() {
        return first.read::<Login>().map(|login| login.token);
    }
    let person = json!({ "name": format!("Crowd Fan {slot:03}"), "email": email, "password": password });
    let registered =
        crowd.call(Step::Account, crowd.api.request(Method::POST, "/api/v1/users/register").json(&person));
    if !registered.await?.is_success() {
        crowd.ledger.refused(Step::Account, "registration refused");
        return None;
    }
    crowd.call(Step::Account, login()).await?.read::<Login>().map(|login| login.token)
}
