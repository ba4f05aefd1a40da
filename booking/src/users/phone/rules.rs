//! Pure decisions about phones.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::problem::Problem;
use time::Duration;
use utoipa::ToSchema;
use uuid::Uuid;

/// How long a code proves a number.
pub const CODE_LASTS: Duration = Duration::minutes(10);
/// Guesses that one code bears.
pub const TRIES: i64 = 5;
/// Codes that an account may ask for, and that a number gets, in [`BUDGET_LASTS`]. With [`TRIES`] guesses each, somebody who
/// does not read the phone proves it once in 40,000 such spans.
pub const CODES: i64 = 5;
/// See [`CODES`].
pub const BUDGET_LASTS: Duration = Duration::DAY;
/// How long after its code a number is kept that was not proven.
pub const UNPROVEN_KEPT: Duration = Duration::DAY;
/// Digits of a number with its country's code (ITU-T E.164 §6.1); the least is what the shortest countries use.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// A language that text messages are written in: those of the fans' pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// Spanish.
    Es,
    /// Arabic.
    Ar,
}

/// A number as it is dialled from anywhere, without the spaces, dashes, dots, slashes and brackets that people write; 422
/// `phone-invalid`.
pub fn number(pointer: &str, text: &str) -> Result<String, Problem> {
    let dialled: String = text.chars().filter(|c| !" \u{a0}-./()".contains(*c)).collect();
    let digits = dialled.strip_prefix('+').unwrap_or_default();
    let fits = DIGITS.contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|digit| digit.is_ascii_digit());
    if fits {
        Ok(dialled)
    } else {
        let detail =
            "Write the number with + and the country's code, without the 0 behind it: +49 151 12345678.";
        Err(Problem::invalid(pointer, "phone-invalid", detail))
    }
}

/// What is kept of a code.
pub fn code_hash(user: Uuid, code: &str) -> Vec<u8> {
    Sha256::digest(format!("{user}:{}", code.trim())).to_vec()
}

/// What the codes to a number are counted under.
pub fn number_key(number: &str) -> Vec<u8> {
    Sha256::digest(format!("number:{number}")).to_vec()
}

/// What the codes of an account are counted under.
pub fn account_key(user: Uuid) -> Vec<u8> {
    Sha256::digest(format!("account:{user}")).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (written, dialled) in [
            ("+4915112345678", "+4915112345678"),
            (" +1 (415) 555-0132 ", "+14155550132"),
            ("+44 20.7946/0958", "+442079460958"),
            ("+2901234", "+2901234"),
        ] {
            assert_eq!(number("/number", written).unwrap(), dialled);
        }
    }

    #[test]
    fn what_cannot_be_dialled_from_anywhere_is_refused() {
        for bad in [
            "",
            "+",
            "0151 12345678",
            "0049 151 12345678",
            "+049151123456",
            "+49 151 CALLME",
            "+123456",
            "+1234567890123456",
            "+٤٩١٥١١٢٣٤٥",
            "++4915112345678",
            "+49\r\n15112345678",
        ] {
            assert_eq!(number("/number", bad).unwrap_err().slug(), "phone-invalid", "{bad}");
        }
    }

    #[test]
    fn mutated_numbers_are_kept_or_refused() {
        shared::testing::mutations::feed_text(&["+49 (151) 12345678", "+1-415-555-0132"], |text| {
            if let Ok(dialled) = number("/number", text) {
                assert!(
                    dialled.len() <= 16 && dialled[1..].bytes().all(|b| b.is_ascii_digit()),
                    "{dialled:?}"
                );
            }
        });
    }
}
