//! Amounts: integer minor units and an ISO 4217 currency. Decimals exist only at the edge of the API.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use shared::problem::Problem;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};

/// Highest price of one ticket in minor units: times the most tickets of a session it stays far below `i64::MAX`.
pub const PRICE_MAX_MINOR: i64 = 10_000_000_000;

/// Currencies whose minor unit is not a hundredth, from ISO 4217's table A.1.
const OTHER_DIGITS: [(&str, u32); 26] = [
    ("BHD", 3),
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("UYI", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
    ("UYW", 4),
    ("CLF", 4),
];

/// Digits behind the decimal point of a currency.
pub fn digits(currency: &str) -> u32 {
    OTHER_DIGITS.iter().find(|(code, _)| *code == currency).map_or(2, |(_, digits)| *digits)
}

/// A currency code as it is stored; 422 `currency` for anything but three capital letters.
pub fn currency(pointer: &str, code: &str) -> Result<String, Problem> {
    if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        Ok(code.to_owned())
    } else {
        Err(Problem::invalid(
            pointer,
            "currency",
            "Use an ISO 4217 code of three capital letters, such as USD.",
        ))
    }
}

/// The amount in major units, as the seeds' decimals show it. For showing only, never for adding up.
pub fn major(minor: i64, currency: &str) -> f64 {
    minor as f64 / 10f64.powi(digits(currency) as i32)
}

/// The amount for people, such as `75.00 USD`.
pub fn display(minor: i64, currency: &str) -> String {
    format!("{} {currency}", plain(minor, currency))
}

/// The amount alone, such as `75.00`, where the currency stands beside it.
pub fn plain(minor: i64, currency: &str) -> String {
    let digits = digits(currency);
    let unit = 10i64.pow(digits);
    match digits {
        0 => minor.to_string(),
        _ => format!("{}.{:0width$}", minor / unit, minor % unit, width = digits as usize),
    }
}

/// A price in major units as it came in: a JSON number, or the same as text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Decimal {
    /// `75.5`
    Number(serde_json::Number),
    /// `"75.50"`
    Text(String),
}

impl Decimal {
    /// Minor units; 422 `money-format` for a sign, an exponent, a comma, or more digits than the currency has.
    pub fn minor(&self, pointer: &str, currency: &str) -> Result<i64, Problem> {
        let text = match self {
            Decimal::Number(number) => Cow::Owned(number.to_string()),
            Decimal::Text(text) => Cow::Borrowed(text.as_str()),
        };
        let digits = digits(currency) as usize;
        let wrong = || {
            let detail = format!("Write an amount of {currency} with at most {digits} decimals, such as 75.");
            Problem::invalid(pointer, "money-format", detail)
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let is_number = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !is_number(whole) || !is_number(fraction) || text.ends_with('.') {
            return Err(wrong());
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > digits {
            return Err(wrong());
        }
        let minor =
            format!("{whole}{fraction:0<digits$}").parse::<i64>().ok().filter(|n| *n <= PRICE_MAX_MINOR);
        minor.ok_or_else(|| {
            let most = display(PRICE_MAX_MINOR, currency);
            Problem::invalid(pointer, "out-of-range", format!("A ticket costs at most {most}."))
        })
    }
}

impl utoipa::PartialSchema for Decimal {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Double)))
            .description(Some("Amount in major units with no more decimals than the currency has."))
            .into()
    }
}

impl utoipa::ToSchema for Decimal {
    fn name() -> Cow<'static, str> {
        "Decimal".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(json: &str, currency: &str) -> Result<i64, &'static str> {
        let decimal: Decimal = serde_json::from_str(json).unwrap();
        decimal.minor("/ticket_price", currency).map_err(|p| p.slug())
    }

    #[test]
    fn decimals_become_minor_units_exactly_or_not_at_all() {
        for (json, currency, expected) in [
            ("75.00", "USD", Ok(7500)),
            ("75", "USD", Ok(7500)),
            ("0.1", "USD", Ok(10)),
            ("19.99", "USD", Ok(1999)),
            ("\"19.990\"", "USD", Ok(1999)),
            ("1500", "JPY", Ok(1500)),
            ("1.5", "JPY", Err("money-format")),
            ("0.001", "EUR", Err("money-format")),
            ("0.001", "KWD", Ok(1)),
            ("-1", "USD", Err("money-format")),
            ("\"1e2\"", "USD", Err("money-format")),
            ("1e30", "USD", Err("money-format")),
            ("\"1,50\"", "USD", Err("money-format")),
            ("\"\"", "USD", Err("money-format")),
            ("\"5.\"", "USD", Err("money-format")),
            ("99999999999", "USD", Err("out-of-range")),
        ] {
            assert_eq!(minor(json, currency), expected, "{json} {currency}");
        }
    }

    #[test]
    fn amounts_are_shown_with_their_currency_s_digits() {
        assert_eq!(display(7505, "USD"), "75.05 USD");
        assert_eq!(display(1500, "JPY"), "1500 JPY");
        assert!((major(7550, "USD") - 75.5).abs() < f64::EPSILON);
    }

    #[test]
    fn mutated_amounts_are_exact_or_refused() {
        shared::testing::mutations::feed_text(&["75.00", "0.1", "10000000000", "1e2"], |text| {
            if let Ok(minor) = Decimal::Text(text.to_owned()).minor("/price", "USD") {
                assert!((0..=PRICE_MAX_MINOR).contains(&minor), "{text}: {minor}");
            }
        });
    }
}
