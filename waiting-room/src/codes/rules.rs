//! What an access code looks like, and what a visitor is told whose code opens nothing. Pure.

use axum::http::StatusCode;
use shared::entropy::Entropy;
use shared::problem::Problem;

use crate::queue::codes::CodeRefusal;
use crate::rooms::rules::RoomId;

/// Shortest and longest code, without what separates its groups.
pub const LEN: std::ops::RangeInclusive<usize> = 4..=64;
/// Letters of a made-up code: 57 bits, in groups of four.
const RANDOM_LEN: usize = 12;

/// A code as it is compared: capitals and digits; blanks, hyphens and dots do not count. `None` when it cannot be one.
pub fn normalised(typed: &str) -> Option<String> {
    let kept = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '_' | '.') && !c.is_control());
    let code: String = kept.map(|c| c.to_ascii_uppercase()).take(LEN.end() + 1).collect();
    (LEN.contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(code)
}

/// A code that nobody guesses, as it is shown.
pub fn random(entropy: &Entropy) -> String {
    let code = entropy.code(RANDOM_LEN);
    format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..])
}

/// 422 for what is no code of this room.
pub fn unknown() -> Problem {
    Problem::invalid(
        "/access_code",
        "unknown-access-code",
        "This room does not know the access code. Check it letter by letter, and whether it is for this sale.",
    )
}

/// What a visitor is told whose code, or lack of one, opens nothing.
pub fn refused(refusal: CodeRefusal, room: &RoomId) -> Problem {
    let needed = format!(
        "Joining takes an access code. Send the one you were given as `access_code`, or type it at /queue/{room}/code."
    );
    let (status, slug, title, detail) = match refusal {
        CodeRefusal::Unknown => return unknown(),
        CodeRefusal::Restoring => return Problem::unavailable(5),
        CodeRefusal::Needed => {
            (StatusCode::FORBIDDEN, "code-needed", "Entry with an access code", needed.as_str())
        }
        CodeRefusal::UsedUp => (
            StatusCode::CONFLICT,
            "code-used-up",
            "This access code has been used",
            "This access code has given all its places. If you joined with it, come back with the same browser; else ask whoever gave it to you for another.",
        ),
        CodeRefusal::Expired => (
            StatusCode::GONE,
            "code-over",
            "This access code has expired",
            "The time to use this access code is over. Ask whoever gave it to you for another.",
        ),
        CodeRefusal::Revoked => (
            StatusCode::GONE,
            "code-over",
            "This access code was taken back",
            "The organiser took this access code back. Ask whoever gave it to you for another.",
        ),
    };
    Problem::new(status, slug, title).detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_in_any_way() {
        let entropy = Entropy::seeded(1);
        let code = random(&entropy);
        assert_eq!(code.len(), RANDOM_LEN + 2);
        let typed = code.to_lowercase().replace('-', " ");
        assert_eq!(normalised(&typed), normalised(&code));
        assert_eq!(normalised(" fan-club_2026 ").as_deref(), Some("FANCLUB2026"));
        for bad in ["", "abc", "a-b-c", "früh2026", "code!", &"x".repeat(65)] {
            assert_eq!(normalised(bad), None, "{bad}");
        }
    }
}
