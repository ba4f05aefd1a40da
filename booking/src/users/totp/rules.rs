//! The codes: RFC 6238 over RFC 4226, with what every authenticator app does by default (SHA-1, six digits, 30 seconds).

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use shared::clock::Ts;

/// Octets of a secret: as many as RFC 4226 §4 recommends.
pub const SECRET_LENGTH: usize = 20;
/// Recovery codes handed out at once.
pub const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code.
pub const RECOVERY_LETTERS: usize = 12;
/// Seconds a code is shown for.
const STEP_S: i64 = 30;
/// Steps that the clock of a phone may be off, each way.
const SKEW: i64 = 1;
const DIGITS: usize = 6;

/// The number shown in `step` (RFC 4226 §5.3).
fn number(secret: &[u8], step: i64) -> u32 {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0xf);
    let bytes = [digest[offset] & 0x7f, digest[offset + 1], digest[offset + 2], digest[offset + 3]];
    u32::from_be_bytes(bytes) % 10_u32.pow(DIGITS as u32)
}

/// The step whose code `shown` is: now or a step beside it, and after the last one used.
pub fn step_of(secret: &[u8], shown: &str, last_step: i64, now: Ts) -> Option<i64> {
    let shown: u32 = shown.parse().ok()?;
    let current = now.seconds() / STEP_S;
    (current - SKEW..=current + SKEW).find(|step| *step > last_step && number(secret, *step) == shown)
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
