//! Who may say something, and when.

use axum::http::StatusCode;
use shared::clock::Ts;
use shared::problem::Problem;

/// Whether somebody may rate an event whose tickets of theirs are for sessions that end at these instants: one of them
/// must be over. 403 `no-ticket`, 409 `too-early`.
pub fn may_say(ends: &[Ts], now: Ts) -> Result<(), Problem> {
    let Some(first) = ends.iter().min() else {
        return Err(Problem::new(StatusCode::FORBIDDEN, "no-ticket", "No ticket of this event")
            .detail("Only those who hold a ticket of an event can say how it was."));
    };
    if *first > now {
        return Err(Problem::new(StatusCode::CONFLICT, "too-early", "It is not over yet")
            .detail(format!("Come back after the session has ended, at {first}."))
            .with("ends_at", first.to_string()));
    }
    Ok(())
}

/// 422 outside of 1 to 5.
pub fn rating(n: i64) -> Result<i64, Problem> {
    if (1..=5).contains(&n) {
        Ok(n)
    } else {
        Err(Problem::invalid("/rating", "out-of-range", "Rate from 1 (bad) to 5 (great)."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_session_that_was_seen_is_enough() {
        let at = |s: &[i64]| s.iter().map(|s| Ts::from_seconds(*s)).collect::<Vec<_>>();
        let may = |ends: &[i64]| may_say(&at(ends), Ts::from_seconds(100)).map_err(|p| p.slug());
        assert_eq!(
            [may(&[]), may(&[101]), may(&[100]), may(&[300, 50])],
            [Err("no-ticket"), Err("too-early"), Ok(()), Ok(())]
        );
        assert!(
            [1, 5].map(rating).iter().all(Result::is_ok) && [0, 6].map(rating).iter().all(Result::is_err)
        );
    }
}
