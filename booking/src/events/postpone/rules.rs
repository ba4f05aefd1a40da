//! Which sessions may move, and for how long everything is paid back.

use shared::clock::Ts;
use shared::problem::Problem;
use time::Duration;
use time_tz::Tz;

use super::routes::{NewDate, Postponement};
use crate::events::rules::LENGTH_MAX;
use crate::events::store::SessionRow;
use crate::events::times;

/// How long everything is paid back when nobody says.
const REFUND_DAYS: Duration = Duration::days(14);

/// Where a session goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The session.
    pub session: i64,
    /// Where it was.
    pub from: Ts,
    /// New start.
    pub starts_at: Ts,
    /// New end.
    pub ends_at: Ts,
    /// New opening of the doors.
    pub doors_at: Ts,
    /// Until when those who had booked are paid back in full.
    pub refund_until: Ts,
}

/// The moves that a request asks for; 422 at the place of the mistake.
pub fn moves(body: &Postponement, sessions: &[SessionRow], zone: &Tz, now: Ts) -> Result<Vec<Move>, Problem> {
    let moves = match (&body.event_date, &body.sessions) {
        (Some(date), None) => all_by_the_same(date, sessions, zone, now)?,
        (None, Some(dates)) if !dates.is_empty() => {
            let moved = dates.iter().enumerate().map(|(i, date)| one(i, date, sessions, zone));
            moved.collect::<Result<Vec<_>, _>>()?
        }
        _ => {
            let detail = "Give `event_date` to move all sessions, or `sessions` with the new start of each.";
            return Err(Problem::invalid("/sessions", "validation", detail));
        }
    };
    let until =
        body.refund_until.as_deref().map(|text| times::instant("/refund_until", text, zone)).transpose()?;
    if until.is_some_and(|until| until <= now) {
        return Err(inconsistent(
            "/refund_until",
            "Money is paid back until an instant that is still to come.",
        ));
    }
    moves.into_iter().map(|m| check(m, until, now)).collect()
}

fn all_by_the_same(date: &str, sessions: &[SessionRow], zone: &Tz, now: Ts) -> Result<Vec<Move>, Problem> {
    let left: Vec<&SessionRow> = sessions.iter().filter(|session| session.ends_at > now).collect();
    let Some(first) = left.first() else {
        return Err(inconsistent("/event_date", "Every session of this event is over."));
    };
    let by = times::instant("/event_date", date, zone)? - first.starts_at;
    let shifted = |s: &&SessionRow| at(s, s.starts_at + by, s.ends_at + by, s.doors_at + by);
    Ok(left.iter().map(shifted).collect())
}

fn one(i: usize, new: &NewDate, sessions: &[SessionRow], zone: &Tz) -> Result<Move, Problem> {
    let pointer = |field: &str| format!("/sessions/{i}/{field}");
    let session = sessions
        .iter()
        .find(|session| session.id == new.id)
        .ok_or_else(|| Problem::invalid(&pointer("id"), "validation", "This event has no such session."))?;
    let starts_at = times::instant(&pointer("starts_at"), &new.starts_at, zone)?;
    let by = starts_at - session.starts_at;
    let other = |field: &str, text: &Option<String>, old: Ts| match text {
        Some(text) => times::instant(&pointer(field), text, zone),
        None => Ok(old + by),
    };
    let ends_at = other("ends_at", &new.ends_at, session.ends_at)?;
    let doors_at = other("doors_at", &new.doors_at, session.doors_at)?;
    if ends_at <= starts_at || ends_at - starts_at > LENGTH_MAX {
        let detail = "A session ends after it starts, and lasts 31 days at most.";
        return Err(inconsistent(&pointer("ends_at"), detail));
    }
    if doors_at > starts_at {
        return Err(inconsistent(&pointer("doors_at"), "Doors open before the session starts."));
    }
    Ok(at(session, starts_at, ends_at, doors_at))
}

fn at(session: &SessionRow, starts_at: Ts, ends_at: Ts, doors_at: Ts) -> Move {
    Move {
        session: session.id,
        from: session.starts_at,
        starts_at,
        ends_at,
        doors_at,
        refund_until: starts_at,
    }
}

/// A session that has not begun moves to a later date that is still to come; money is paid back until its new start at
/// the latest.
fn check(m: Move, until: Option<Ts>, now: Ts) -> Result<Move, Problem> {
    if m.from <= now {
        return Err(inconsistent("/sessions", "A session that has begun cannot be postponed."));
    }
    if m.starts_at <= m.from {
        return Err(inconsistent("/sessions", "A postponed session starts later than it would have."));
    }
    Ok(Move { refund_until: until.unwrap_or(now + REFUND_DAYS).min(m.starts_at), ..m })
}

fn inconsistent(pointer: &str, detail: &str) -> Problem {
    Problem::invalid(pointer, "inconsistent-dates", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(id: i64, starts_s: i64) -> SessionRow {
        let starts_at = Ts::from_seconds(starts_s);
        SessionRow {
            id,
            starts_at,
            ends_at: starts_at + Duration::hours(3),
            doors_at: starts_at - Duration::hours(1),
            room_name: None,
            layout_id: None,
            postponed_from: None,
            refund_until: None,
            has_waiting: false,
        }
    }

    /// 2026-12-10T20:00:00Z and a day later.
    fn sessions() -> Vec<SessionRow> {
        vec![session(1, 1_796_932_800), session(2, 1_797_019_200)]
    }

    fn ask(body: &str, now_s: i64) -> Result<Vec<Move>, &'static str> {
        let body: Postponement = serde_json::from_str(body).unwrap();
        let zone = time_tz::timezones::get_by_name("Europe/Berlin").unwrap();
        moves(&body, &sessions(), zone, Ts::from_seconds(now_s)).map_err(|p| p.slug())
    }

    #[test]
    fn sessions_keep_their_distance_and_their_length() {
        let moved = ask(r#"{ "event_date": "2027-01-10T21:00" }"#, 1_780_000_000).unwrap();
        let hours =
            |m: &Move| [(m.starts_at - m.from).whole_hours(), (m.ends_at - m.starts_at).whole_hours()];
        assert_eq!(moved.iter().map(hours).collect::<Vec<_>>(), [[744, 3], [744, 3]]);
        assert_eq!(moved[0].refund_until, Ts::from_seconds(1_780_000_000) + REFUND_DAYS);
        // Nothing is paid back once the new date has begun.
        let soon =
            ask(r#"{ "sessions": [{ "id": 1, "starts_at": "2026-12-11T20:00:00Z" }] }"#, 1_796_932_000);
        assert_eq!(soon.unwrap()[0].refund_until, Ts::from_seconds(1_797_019_200));
    }

    #[test]
    fn what_is_no_postponement_is_refused() {
        for (body, slug) in [
            ("{}", "validation"),
            (r#"{ "sessions": [] }"#, "validation"),
            (r#"{ "event_date": "2026-12-10T20:00:00Z" }"#, "inconsistent-dates"),
            (r#"{ "event_date": "2026-11-10T20:00:00Z" }"#, "inconsistent-dates"),
            (r#"{ "sessions": [{ "id": 3, "starts_at": "2027-12-11T20:00:00Z" }] }"#, "validation"),
            (
                r#"{ "sessions": [{ "id": 1, "starts_at": "2027-01-11T20:00", "ends_at": "2027-01-11T20:00" }] }"#,
                "inconsistent-dates",
            ),
            (
                r#"{ "sessions": [{ "id": 1, "starts_at": "2027-01-11T20:00", "doors_at": "2027-01-12T20:00" }] }"#,
                "inconsistent-dates",
            ),
            (
                r#"{ "event_date": "2027-01-10T20:00:00Z", "refund_until": "2020-01-01T00:00:00Z" }"#,
                "inconsistent-dates",
            ),
        ] {
            assert_eq!(ask(body, 1_780_000_000), Err(slug), "{body}");
        }
        let late =
            ask(r#"{ "sessions": [{ "id": 1, "starts_at": "2027-12-11T20:00:00Z" }] }"#, 1_796_932_800);
        assert_eq!(late, Err("inconsistent-dates"), "it has begun");
    }
}
