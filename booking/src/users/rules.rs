//! Pure decisions about accounts.

use sha2::{Digest, Sha256};
use shared::clock::Ts;
use shared::problem::Problem;
use time::Duration;
use unicode_normalization::UnicodeNormalization;

/// Longest address (RFC 5321 §4.5.3.1.3, without the angle brackets).
const EMAIL_MAX: usize = 254;
/// Longest part before the @ (RFC 5321 §4.5.3.1.1).
const LOCAL_MAX: usize = 64;
/// Shortest and longest password in characters. Longer ones would make hashing a way to tire the server.
const PASSWORD: std::ops::RangeInclusive<usize> = 8..=128;
/// How long the predecessor of a refresh token is still honoured: two tabs may renew at the same moment.
const GRACE: Duration = Duration::seconds(10);

/// An address as it is written and mailed to; 422 `email-invalid` for what cannot be one.
pub fn email(pointer: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@').unwrap_or_default();
    let atom = |c: char| !c.is_control() && !c.is_whitespace() && !"\"(),:;<>@[\\]".contains(c);
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_alphanumeric() || c == '-' || (!c.is_ascii() && atom(c)))
    };
    let local_ok = (1..=LOCAL_MAX).contains(&local.len())
        && local.chars().all(atom)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let domain_ok = domain.split('.').all(label) && domain.contains('.');
    if text.len() <= EMAIL_MAX && local_ok && domain_ok {
        Ok(text.to_owned())
    } else {
        Err(Problem::invalid(pointer, "email-invalid", "Write an e-mail address such as name@example.com."))
    }
}

/// The address as it is compared: composed and in lower case.
pub fn email_key(email: &str) -> String {
    email.trim().nfc().flat_map(char::to_lowercase).collect()
}

/// 422 for a password that is too short or too long, before anything is hashed.
pub fn password(pointer: &str, text: &str) -> Result<(), Problem> {
    // Bytes first: a megabyte is refused without counting its characters.
    let fits = text.len() <= PASSWORD.end() * 4 && PASSWORD.contains(&text.chars().count());
    if fits {
        Ok(())
    } else {
        let detail = format!("Choose a password of {} to {} characters.", PASSWORD.start(), PASSWORD.end());
        Err(Problem::invalid(pointer, "password-length", detail))
    }
}

/// What the tables know of a secret that only its owner has.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// What the tables say of a refresh token that was shown.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// It is dead from here.
    pub expires_at: Ts,
    /// When it was replaced.
    pub replaced_at: Option<Ts>,
    /// When the newest replacement in its login happened.
    pub last_replaced_at: Option<Ts>,
    /// Whether its login was ended.
    pub ended: bool,
}

/// What is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A successor is issued.
    Renew,
    /// It must log in again.
    Refuse,
    /// It was used before: somebody has a copy, and the whole login ends.
    EndLogin,
}

/// Judges a refresh token at `now`.
pub fn judge(shown: &Shown, now: Ts) -> Verdict {
    if shown.ended || shown.expires_at <= now {
        return Verdict::Refuse;
    }
    match shown.replaced_at {
        None => Verdict::Renew,
        Some(at) if shown.last_replaced_at == Some(at) && now - at <= GRACE => Verdict::Renew,
        Some(_) => Verdict::EndLogin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let long = format!("{}@example.com", "a".repeat(65));
        let endless = format!("a@{}.com", "b.".repeat(150));
        for good in [
            "a@example.com",
            "a+tag@example.com",
            "Zoë@bücher.example",
            "o'brien@mail.example.org",
            " a@b.co ",
        ] {
            assert!(email("/email", good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a@",
            "@b.co",
            "a b@c.de",
            "\"a b\"@x.de",
            "a@b",
            "a@b..co",
            "a@-b.co",
            "a@b.co\r\nBcc: x@y.z",
            ".a@b.co",
            "a@b@",
            &long,
            &endless,
            "a@b.co>",
        ] {
            assert_eq!(email("/email", bad).unwrap_err().slug(), "email-invalid", "{bad}");
        }
        assert_eq!(email_key(" ALICE@Example.com"), "alice@example.com");
    }

    #[test]
    fn passwords_are_measured_in_characters() {
        assert!(password("/password", "12345678").is_ok());
        assert!(password("/password", &"é".repeat(128)).is_ok());
        for bad in ["1234567", &"a".repeat(129), &"a".repeat(5000)] {
            assert_eq!(password("/password", bad).unwrap_err().slug(), "password-length");
        }
    }

    #[test]
    fn a_refresh_token_renews_once_and_its_direct_predecessor_for_ten_seconds() {
        let at = Ts::from_seconds;
        let fresh = Shown { expires_at: at(1000), replaced_at: None, last_replaced_at: None, ended: false };
        assert_eq!(judge(&fresh, at(10)), Verdict::Renew);
        assert_eq!(judge(&fresh, at(1000)), Verdict::Refuse);
        assert_eq!(judge(&Shown { ended: true, ..fresh }, at(10)), Verdict::Refuse);
        let replaced = Shown { replaced_at: Some(at(10)), last_replaced_at: Some(at(10)), ..fresh };
        assert_eq!(judge(&replaced, at(20)), Verdict::Renew);
        assert_eq!(judge(&replaced, at(21)), Verdict::EndLogin);
        let older = Shown { last_replaced_at: Some(at(12)), ..replaced };
        assert_eq!(judge(&older, at(13)), Verdict::EndLogin);
    }

    #[test]
    fn mutated_addresses_are_kept_or_refused() {
        shared::testing::mutations::feed_text(&["name+tag@example.com", "bücher@bücher.example"], |text| {
            if let Ok(address) = email("/email", text) {
                assert!(!address.contains(char::is_control) && address.contains('@'), "kept: {address:?}");
            }
        });
    }
}
