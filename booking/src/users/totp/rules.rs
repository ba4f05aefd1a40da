//! The codes: RFC 6238, with what every authenticator app does by default (SHA-1, six digits, 30 seconds, one step of skew
//! each way).

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};
use shared::clock::Ts;
use totp_rs::Builder;

/// Octets of a secret: as many as RFC 4226 §4 recommends.
pub const SECRET_LENGTH: usize = 20;
/// Recovery codes handed out at once.
pub const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code.
pub const RECOVERY_LETTERS: usize = 12;
const DIGITS: usize = 6;

/// A secret shared with an app.
pub type Secret = [u8; SECRET_LENGTH];

/// The step whose code `shown` is: now or a step beside it, and after the last one used.
pub fn step_of(secret: &Secret, shown: &str, last_step: i64, now: Ts) -> Option<i64> {
    let app = Builder::new().with_secret(*secret).build().ok()?;
    let step = i64::try_from(app.check(shown, u64::try_from(now.seconds()).ok()?)?).ok()?;
    (step > last_step).then_some(step)
}

/// Whether this is six digits; anything else may be a recovery code.
pub fn is_code(shown: &str) -> bool {
    shown.len() == DIGITS && shown.bytes().all(|b| b.is_ascii_digit())
}

/// A secret as people type it.
pub fn written(secret: &[u8]) -> String {
    BASE32_NOPAD.encode(secret)
}

/// What an app reads from the QR code.
pub fn address(secret: &[u8], email: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || b"-._~@".contains(&b);
    let label: String =
        email.bytes().map(|b| if keep(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect();
    format!("otpauth://totp/Rushline:{label}?secret={}&issuer=Rushline", written(secret))
}

/// What is kept of a recovery code: letters count, not their size nor dashes and spaces.
pub fn recovery_hash(shown: &str) -> Vec<u8> {
    let letters: String = shown.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(letters.to_ascii_uppercase()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Ts::from_seconds(at);
            assert_eq!(step_of(secret, code, -1, now), Some(at / 30), "{at}");
            assert_eq!(step_of(secret, code, at / 30, now), None, "a code works once");
            assert_eq!(step_of(secret, code, -1, Ts::from_seconds(at + 30)), Some(at / 30), "a slow phone");
            assert_eq!(step_of(secret, code, -1, Ts::from_seconds(at + 90)), None);
        }
    }

    #[test]
    fn what_is_typed_is_read_kindly() {
        assert_eq!(recovery_hash("abcd-EFGH 2345"), recovery_hash("ABCDEFGH2345"));
        assert!(is_code("012345") && !is_code("12345") && !is_code("+12345") && !is_code("ABCDEF"));
        assert_eq!(
            address(&[0; 20], "a b@example.com"),
            format!("otpauth://totp/Rushline:a%20b@example.com?secret={}&issuer=Rushline", "A".repeat(32))
        );
    }
}
