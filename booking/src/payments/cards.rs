//! The cards that a simulated payment understands, and how it falls out.

use serde::{Deserialize, Serialize};
use shared::problem::Problem;

use super::gateway::CardNumber;

/// The four documented failures.
pub const FAILURES: [&str; 4] =
    ["Insufficient funds", "Card declined", "Payment gateway timeout", "Invalid card details"];
/// Always succeeds; what an order in one call is paid with when it names no card.
pub const GOOD_CARD: &str = "4242424242424242";

/// Body of `POST /bookings/{id}/payment`.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPayment {
    /// How it is paid.
    #[serde(default)]
    pub method: Method,
    /// The card: digits, spaces and dashes.
    #[schema(example = "4242 4242 4242 4242")]
    pub card_number: String,
}

/// How a booking is paid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// With a card.
    #[default]
    Card,
}

/// How the simulated gateway answers a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plot {
    /// At once, with yes.
    Succeed,
    /// At once, with this failure.
    Fail(&'static str),
    /// With yes, and tells it twice more.
    SucceedAndRepeat,
    /// With yes, but only later and by callback.
    SucceedLate,
    /// By chance.
    Chance,
}

/// The digits of a card number; 422 `card-invalid` when they cannot be those of a card.
pub fn digits(text: &str) -> Result<CardNumber, Problem> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let is_number = (12..=19).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if is_number {
        Ok(CardNumber(digits))
    } else {
        Err(Problem::invalid("/card_number", "card-invalid", "A card number has 12 to 19 digits."))
    }
}

/// What a card makes the simulated gateway do.
pub fn plot(card: &CardNumber) -> Plot {
    match card.0.as_str() {
        GOOD_CARD => Plot::Succeed,
        "4000000000009995" => Plot::Fail(FAILURES[0]),
        "4000000000000002" => Plot::Fail(FAILURES[1]),
        "4000000000000119" => Plot::Fail(FAILURES[2]),
        "4000000000000069" => Plot::Fail(FAILURES[3]),
        "4000000000000259" => Plot::SucceedAndRepeat,
        "4000000000003220" => Plot::SucceedLate,
        _ => Plot::Chance,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_read_with_or_without_spaces_and_never_shown() {
        let card = digits("4000 0000-0000 0002").unwrap();
        assert_eq!(plot(&card), Plot::Fail("Card declined"));
        assert!(!format!("{card:?}").contains('4'));
        for wrong in ["", "4242", "4242424242424242x", "42424242424242424242"] {
            assert_eq!(digits(wrong).unwrap_err().slug(), "card-invalid", "{wrong}");
        }
    }
}
