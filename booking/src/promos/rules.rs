//! What a code takes off, and when it works.

use axum::http::StatusCode;
use shared::clock::Ts;
use shared::problem::Problem;

use super::store::PromoCode;

/// Codes of one event at most.
pub const CODES_MAX: i64 = 1000;

/// What a code takes off each ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// So many of a hundred; rounded to the nearest minor unit of each ticket, halves in the shopper's favour.
    Percent(i64),
    /// So much, and never more than the ticket costs.
    Amount(i64),
}

impl Off {
    /// The face price that is left of `full_minor`.
    pub fn price(self, full_minor: i64) -> i64 {
        let off = match self {
            // In wide numbers: nothing overflows.
            Off::Percent(percent) => ((i128::from(full_minor) * i128::from(percent) + 50) / 100) as i64,
            Off::Amount(minor) => minor,
        };
        (full_minor - off).max(0)
    }

    /// What a code takes off; `None` for one that only unlocks.
    pub fn of_code(code: &PromoCode) -> Result<Option<Self>, Problem> {
        let takes_off = code.percent.is_some() || code.amount_minor.is_some();
        takes_off.then(|| Self::of(code.percent, code.amount_minor)).transpose()
    }

    /// From the two members of a request, of which one is given; 422 otherwise.
    pub fn of(percent: Option<i64>, amount_minor: Option<i64>) -> Result<Self, Problem> {
        match (percent, amount_minor) {
            (Some(percent), None) if (1..=100).contains(&percent) => Ok(Off::Percent(percent)),
            (Some(_), None) => {
                Err(Problem::invalid("/percent", "out-of-range", "Take 1 to 100 percent off."))
            }
            (None, Some(minor)) if minor > 0 => Ok(Off::Amount(minor)),
            (None, Some(_)) => Err(Problem::invalid("/amount_minor", "out-of-range", "Take something off.")),
            _ => Err(Problem::invalid("/percent", "validation", "Give `percent` or `amount_minor`.")),
        }
    }
}

/// A code as it is compared: letters and digits in capitals, and dashes; 422 for what cannot be one.
pub fn code(text: &str) -> Result<String, Problem> {
    let code = text.trim().to_ascii_uppercase();
    let fits = (3..=40).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits {
        Ok(code)
    } else {
        Err(Problem::invalid("/code", "bad-code", "A code has 3 to 40 letters, digits and dashes."))
    }
}

/// How often a code is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Uses {
    /// By anybody.
    pub total: i64,
    /// By the shopper.
    pub own: i64,
}

/// Whether a code works now, once more.
pub fn works(promo: &PromoCode, uses: Uses, now: Ts) -> bool {
    !promo.withdrawn
        && promo.valid_from.is_none_or(|from| from <= now)
        && promo.valid_until.is_none_or(|until| now < until)
        && promo.uses_max.is_none_or(|max| uses.total < max)
        && promo.uses_per_person.is_none_or(|max| uses.own < max)
}

/// 422 for every code that does not work: who guesses learns nothing from the answer.
pub fn invalid() -> Problem {
    Problem::invalid(
        "/code",
        "promo-invalid",
        "This code does not work for these tickets. Check it, or go on without.",
    )
}

/// 409 for taking off the code that the hold's seats were unlocked with.
pub fn needed() -> Problem {
    Problem::new(StatusCode::CONFLICT, "promo-needed", "These tickets need the code")
        .detail("These tickets are sold with this code only. Give them back instead: DELETE …/holds/{id}.")
}

/// 409 when another code is on the hold.
pub fn applied() -> Problem {
    Problem::new(StatusCode::CONFLICT, "promo-applied", "There is a code already")
        .detail("Another code lowers the price of these tickets. Take it away first: DELETE …/promo.")
}

#[cfg(test)]
mod tests {
    use sqlx::types::Json;

    use super::*;

    #[test]
    fn each_ticket_is_rounded_by_itself_and_costs_nothing_at_least() {
        for (off, full, left) in [
            (Off::Percent(10), 7500, 6750),
            (Off::Percent(15), 3333, 2833),
            (Off::Percent(50), 101, 50),
            (Off::Percent(1), 1, 1),
            (Off::Percent(100), 999, 0),
            (Off::Percent(100), i64::MAX, 0),
            (Off::Amount(500), 7500, 7000),
            (Off::Amount(500), 499, 0),
        ] {
            assert_eq!(off.price(full), left, "{off:?} of {full}");
        }
        assert!(
            Off::of(Some(0), None).is_err()
                && Off::of(Some(101), None).is_err()
                && Off::of(None, Some(0)).is_err()
        );
        assert!(Off::of(None, None).is_err() && Off::of(Some(1), Some(1)).is_err());
    }

    #[test]
    fn a_code_works_in_its_time_and_as_often_as_it_may() {
        let promo = PromoCode {
            id: 1,
            code: "EARLY".into(),
            percent: Some(10),
            amount_minor: None,
            ticket_types: Json(Vec::new()),
            unlocks: Json(Vec::new()),
            valid_from: Some(Ts::from_seconds(100)),
            valid_until: Some(Ts::from_seconds(200)),
            uses_max: Some(5),
            uses_per_person: Some(2),
            withdrawn: false,
        };
        let works = |total, own, at| works(&promo, Uses { total, own }, Ts::from_seconds(at));
        assert!(works(4, 1, 100) && works(0, 0, 199));
        assert!(!works(5, 0, 150) && !works(4, 2, 150) && !works(0, 0, 99) && !works(0, 0, 200));
        assert!(!super::works(
            &PromoCode { withdrawn: true, ..promo.clone() },
            Uses { total: 0, own: 0 },
            Ts::from_seconds(150)
        ));
        assert_eq!(code(" early-bird ").unwrap(), "EARLY-BIRD");
        assert!(["ab", "a b c", "ä-ö-ü", ""].into_iter().all(|text| code(text).is_err()));
    }
}
