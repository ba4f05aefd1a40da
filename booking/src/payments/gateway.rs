//! The port to whoever moves the money. Booking knows only this trait; a real provider is one more file beside
//! [`simulated`](super::simulated).

use futures_util::future::BoxFuture;

/// A payment as a gateway is asked for it.
#[derive(Debug, Clone)]
pub struct Charge {
    /// Our name for it: the gateway does the same key once, however often it is asked.
    pub key: String,
    /// Minor units.
    pub amount_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Digits of the card; never stored, never logged.
    pub card_number: CardNumber,
}

/// Digits of a card that do not show up in logs.
#[derive(Clone)]
pub struct CardNumber(pub String);

impl std::fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardNumber(…)")
    }
}

/// What the gateway says about a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The money is set aside: it can be captured or voided.
    Authorised {
        /// The gateway's name for it.
        transaction_id: String,
    },
    /// The money is ours.
    Captured {
        /// The gateway's name for it.
        transaction_id: String,
    },
    /// No money, and none to come; the text is for the shopper.
    Declined {
        /// One of the documented texts, such as `Card declined`.
        failure: String,
    },
    /// Set aside no longer.
    Voided,
    /// The gateway does not know yet and will call back.
    Pending,
    /// The gateway has never heard of it.
    Unknown,
}

impl Standing {
    /// Name in metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Standing::Authorised { .. } => "authorised",
            Standing::Captured { .. } => "captured",
            Standing::Declined { .. } => "declined",
            Standing::Voided => "voided",
            Standing::Pending => "pending",
            Standing::Unknown => "unknown",
        }
    }
}

/// The gateway gave no answer that can be relied on: ask again with the same key.
#[derive(Debug, thiserror::Error)]
#[error("the payment gateway did not answer: {0}")]
pub struct NoAnswer(pub String);

/// What a call brings.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, NoAnswer>>;

/// A payment gateway. Every call is idempotent by its key.
pub trait Gateway: Send + Sync {
    /// Sets money aside.
    fn authorise<'a>(&'a self, charge: &'a Charge) -> Answer<'a, Standing>;
    /// Takes money that was set aside.
    fn capture<'a>(&'a self, key: &'a str) -> Answer<'a, Standing>;
    /// Lets go of money that was set aside and not taken.
    fn void<'a>(&'a self, key: &'a str) -> Answer<'a, Standing>;
    /// Pays back a part of what was taken, once for each `refund_key`.
    fn refund<'a>(&'a self, key: &'a str, refund_key: &'a str, amount_minor: i64) -> Answer<'a, Standing>;
    /// How a charge stands.
    fn lookup<'a>(&'a self, key: &'a str) -> Answer<'a, Standing>;
}
