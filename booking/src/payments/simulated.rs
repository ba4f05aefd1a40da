//! The simulated gateway: answers after a delay, refuses by chance or by card, and keeps a ledger of its own, so that
//! what we believe about a payment can be checked against what "the bank" knows.
//!
//! It owns the tables `gateway_charges` and `gateway_refunds` and writes them in transactions of its own, as a real
//! provider would. Its callbacks are jobs ([`Kind::GatewayCallback`]).
//!
//! A real provider keeps its ledger on its own disks. This one's stands in our database, where an entry is followed by the
//! shop's own commit that rests on it, and reaches the disk with it: nobody waits for it alone ([`Db::write_soon`]). What a
//! crash takes, it takes from the end: never a charge without also taking what we believe of it.

use std::time::Duration;

use shared::clock::Ts;
use shared::config::Payments;
use shared::entropy::Entropy;
use shared::{clock::Clock, problem::Problem};

use super::cards::{FAILURES, Plot, plot};
use super::gateway::{Answer, Charge, Gateway, NoAnswer, Standing};
use super::ledger::{self, Entry};
use super::ledger_at_once::Ledger;
use crate::db::{Db, Extent};
use crate::error::Error;

/// After how long a late charge is known to have succeeded, in seconds.
pub const LATE_S: i64 = 3;

/// The gateway and what it answers by.
#[derive(Clone)]
pub struct Simulated {
    db: Db,
    ledger: Ledger,
    clock: Clock,
    entropy: Entropy,
    settings: Payments,
}

impl Simulated {
    /// A gateway whose ledger is in `db`.
    pub fn new(db: Db, clock: Clock, entropy: Entropy, settings: Payments) -> Self {
        Self { ledger: Ledger::start(&db, &clock), db, clock, entropy, settings }
    }

    async fn delay(&self) {
        let span = self.settings.delay_max_ms - self.settings.delay_min_ms;
        let extra = self.entropy.below(u32::try_from(span + 1).unwrap_or(u32::MAX));
        let wait_ms = self.settings.delay_min_ms + u64::from(extra);
        if wait_ms > 0 {
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }

    fn decide(&self, charge: &Charge, now: Ts) -> Entry {
        let plot = match plot(&charge.card_number) {
            Plot::Chance if self.entropy.below(100) < self.settings.success_percent => Plot::Succeed,
            Plot::Chance => Plot::Fail(FAILURES[self.entropy.below(FAILURES.len() as u32) as usize]),
            plot => plot,
        };
        let failure = match plot {
            Plot::Fail(text) => Some(text.to_owned()),
            _ => None,
        };
        Entry {
            key: charge.key.clone(),
            // As the seeds write it: txn_1234567890_abc123.
            transaction_id: format!("txn_{}_{}", now.seconds(), self.entropy.code(6).to_lowercase()),
            status: if failure.is_some() { "declined" } else { "authorised" }.into(),
            amount_minor: charge.amount_minor,
            currency: charge.currency.clone(),
            failure,
            settles_at: (plot == Plot::SucceedLate).then(|| now + time::Duration::seconds(LATE_S)),
        }
    }

    async fn authorise_once(&self, charge: &Charge) -> Result<Standing, Error> {
        self.delay().await;
        let now = self.clock.now();
        let entry = self.decide(charge, now);
        let calls_back = match plot(&charge.card_number) {
            Plot::SucceedAndRepeat => 2,
            Plot::SucceedLate => 1,
            _ => 0,
        };
        if calls_back == 0 && self.ledger.charges.one(entry.clone()).await?.is_some() {
            return Ok(entry.standing(now));
        }
        let entropy = self.entropy.clone();
        let entry = self
            .db
            .write("gateway_authorise", move |tx| {
                let (entry, entropy) = (entry.clone(), entropy.clone());
                Box::pin(async move { ledger::open(tx, &entry, calls_back, &entropy, now).await })
            })
            .await?;
        Ok(entry.standing(now))
    }

    async fn capture_once(&self, key: &str) -> Result<Standing, Error> {
        self.delay().await;
        match self.ledger.captures.one(key.to_owned()).await? {
            Some(entry) => Ok(entry.standing(self.clock.now())),
            // It does not stand so that it can be captured, or somebody is at it.
            None => self.change(key, ledger::Change::Capture).await,
        }
    }

    async fn change(&self, key: &str, change: ledger::Change) -> Result<Standing, Error> {
        let (key, now) = (key.to_owned(), self.clock.now());
        let extent = match change {
            ledger::Change::Capture | ledger::Change::Void => Extent::Soon,
            ledger::Change::Refund { .. } => Extent::Statements,
        };
        let entry = self
            .db
            .write_as("gateway_change", extent, move |tx| {
                let (key, change) = (key.clone(), change.clone());
                Box::pin(async move { ledger::change(tx, &key, &change, now).await })
            })
            .await?;
        Ok(entry.map_or(Standing::Unknown, |entry| entry.standing(now)))
    }
}

impl From<Error> for NoAnswer {
    fn from(error: Error) -> Self {
        NoAnswer(Problem::from(error).to_string())
    }
}

impl Gateway for Simulated {
    fn authorise<'a>(&'a self, charge: &'a Charge) -> Answer<'a, Standing> {
        Box::pin(async move { Ok(self.authorise_once(charge).await?) })
    }

    fn capture<'a>(&'a self, key: &'a str) -> Answer<'a, Standing> {
        Box::pin(async move { Ok(self.capture_once(key).await?) })
    }

    fn void<'a>(&'a self, key: &'a str) -> Answer<'a, Standing> {
        Box::pin(async move {
            self.delay().await;
            Ok(self.change(key, ledger::Change::Void).await?)
        })
    }

    fn refund<'a>(&'a self, key: &'a str, refund_key: &'a str, amount_minor: i64) -> Answer<'a, Standing> {
        let refund = ledger::Change::Refund { refund_key: refund_key.to_owned(), amount_minor };
        Box::pin(async move {
            self.delay().await;
            Ok(self.change(key, refund).await?)
        })
    }

    fn lookup<'a>(&'a self, key: &'a str) -> Answer<'a, Standing> {
        Box::pin(async move {
            let entry = ledger::find(&self.db, key).await?;
            Ok(entry.map_or(Standing::Unknown, |entry| entry.standing(self.clock.now())))
        })
    }
}
