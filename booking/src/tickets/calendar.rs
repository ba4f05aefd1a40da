//! A booking's date as iCalendar (RFC 5545).
//!
//! Instants are written in UTC: every calendar shows them in its reader's own zone, and no daylight-saving rule has to
//! travel with them.

use shared::clock::Ts;
use time::macros::format_description;

use super::model::TicketFacts;
use crate::when::Local;

/// What the file is served and mailed as.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8; method=PUBLISH";
/// Longest line in octets, its end not counted (RFC 5545 §3.1).
const LINE_MAX: usize = 75;

/// One entry for tickets of the same booking (not none).
pub fn of_tickets(tickets: &[TicketFacts], public_url: &str, now: Ts) -> String {
    let mut lines: Vec<String> =
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Rushline//Tickets//EN", "METHOD:PUBLISH"]
            .map(Into::into)
            .into();
    if let Some(ticket) = tickets.first() {
        let host = public_url.split("//").nth(1).unwrap_or("rushline");
        let place = [Some(&ticket.venue_name), Some(&ticket.venue_address), ticket.room_name.as_ref()];
        let place: Vec<&str> =
            place.into_iter().flatten().map(String::as_str).filter(|s| !s.is_empty()).collect();
        let seats: Vec<String> = tickets.iter().map(TicketFacts::place).collect();
        let starts = Local::of(ticket.starts_at, &ticket.time_zone);
        let told = format!("Reference {}\nStarts {starts}\n{}", ticket.reference, seats.join("\n"));
        lines.extend([
            "BEGIN:VEVENT".into(),
            format!("UID:booking-{}@{host}", ticket.booking_id),
            format!("DTSTAMP:{}", utc(now)),
            format!("DTSTART:{}", utc(ticket.starts_at)),
            format!("DTEND:{}", utc(ticket.ends_at)),
            format!("SUMMARY:{}", escape(&ticket.event_name)),
            format!("LOCATION:{}", escape(&place.join(", "))),
            format!("DESCRIPTION:{}", escape(&told)),
            format!("URL:{public_url}/bookings/{}", ticket.booking_id),
            "END:VEVENT".into(),
        ]);
    }
    lines.push("END:VCALENDAR".into());
    lines.iter().map(|line| fold(line)).collect()
}

fn utc(at: Ts) -> String {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    at.datetime().format(format).unwrap_or_else(|_| at.to_string())
}

/// Text as a value (§3.3.11). Other control characters have no place in it.
fn escape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => value.extend(['\\', c]),
            '\n' => value.push_str("\\n"),
            c if c.is_control() => {}
            c => value.push(c),
        }
    }
    value
}

/// Breaks a long line between characters; what follows a break begins with a space.
fn fold(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + 2);
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LINE_MAX {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(c);
        octets += c.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_add_lines_and_long_lines_are_folded() {
        assert_eq!(escape("a;b,c\\d\r\nEND:VEVENT\u{0}"), "a\\;b\\,c\\\\d\\nEND:VEVENT");
        let folded = fold(&"é".repeat(100));
        assert!(folded.lines().all(|line| line.len() <= LINE_MAX));
        assert_eq!(folded.replace("\r\n ", "").trim_end(), "é".repeat(100));
    }
}
