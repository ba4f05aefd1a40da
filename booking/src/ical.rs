//! Dates for calendars: iCalendar (RFC 5545).
//!
//! A date is written in the local time of its venue, with the zone's name and the changes of its clock around the dates
//! (`VTIMEZONE`), so that a calendar keeps the local time even when a parliament changes the rules. Dates in UTC need no
//! zone. The changes are found by asking the zone day by day: no rule has to be understood.

use std::collections::BTreeMap;

use shared::clock::Ts;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, UtcOffset};
use time_tz::{Offset, OffsetDateTimeExt, TimeZone, Tz};

/// What a file is served and mailed as.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8; method=PUBLISH";
/// Longest line in octets, its end not counted (§3.1).
const LINE_MAX: usize = 75;
/// How far around its dates a zone's changes are written: the next winter and summer are in it.
const MARGIN: Duration = Duration::days(370);
const LOCAL: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]");

/// One date.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The same for every version of this date; `@` and the host are added.
    pub uid: String,
    /// Counts how often the date was moved: calendars take the highest.
    pub sequence: i64,
    /// Start.
    pub starts_at: Ts,
    /// End.
    pub ends_at: Ts,
    /// IANA name of the venue's zone.
    pub time_zone: String,
    /// Title.
    pub summary: String,
    /// Venue, address and room, as far as known.
    pub place: Vec<String>,
    /// More about it; several lines.
    pub description: String,
    /// Path of its page on this site.
    pub path: String,
    /// Whether it was called off.
    pub is_cancelled: bool,
    /// When this version of it was made.
    pub stamped_at: Ts,
}

/// A calendar of these dates; `name` is what a calendar program calls it when it is subscribed to.
pub fn document(entries: &[Entry], name: Option<&str>, public_url: &str) -> String {
    let mut lines: Vec<String> =
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Rushline//Tickets//EN", "METHOD:PUBLISH"]
            .map(Into::into)
            .into();
    if let Some(name) = name {
        lines.extend([
            format!("NAME:{}", escape(name)),
            format!("X-WR-CALNAME:{}", escape(name)),
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H".into(),
        ]);
    }
    for (zone, (from, to)) in zones(entries) {
        lines.extend(time_zone(zone, from, to));
    }
    let host = public_url.split("//").nth(1).unwrap_or("rushline");
    for entry in entries {
        lines.extend(event(entry, host, public_url));
    }
    lines.push("END:VCALENDAR".into());
    lines.iter().map(|line| fold(line)).collect()
}

fn event(entry: &Entry, host: &str, public_url: &str) -> Vec<String> {
    let place: Vec<&str> = entry.place.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let mut lines = vec![
        "BEGIN:VEVENT".into(),
        format!("UID:{}@{host}", entry.uid),
        format!("SEQUENCE:{}", entry.sequence),
        format!("DTSTAMP:{}", utc(entry.stamped_at)),
        format!("DTSTART{}", instant(entry.starts_at, &entry.time_zone)),
        format!("DTEND{}", instant(entry.ends_at, &entry.time_zone)),
        format!("SUMMARY:{}", escape(&entry.summary)),
        format!("LOCATION:{}", escape(&place.join(", "))),
        format!("DESCRIPTION:{}", escape(&entry.description)),
        format!("URL:{public_url}{}", entry.path),
    ];
    if entry.is_cancelled {
        lines.push("STATUS:CANCELLED".into());
    }
    lines.push("END:VEVENT".into());
    lines
}

/// The zones that the entries need, each with the first and the last instant it is needed for.
fn zones(entries: &[Entry]) -> BTreeMap<&'static str, (Ts, Ts)> {
    let mut zones = BTreeMap::new();
    for entry in entries {
        if let Some(zone) = zone(&entry.time_zone) {
            let (from, to) = zones.entry(zone.name()).or_insert((entry.starts_at, entry.ends_at));
            *from = entry.starts_at.min(*from);
            *to = entry.ends_at.max(*to);
        }
    }
    zones
}

/// The zone of this name; none for UTC and for names nobody knows, whose dates are written in UTC.
fn zone(name: &str) -> Option<&'static Tz> {
    time_tz::timezones::get_by_name(name).filter(|zone| !["UTC", "Etc/UTC"].contains(&zone.name()))
}

/// `;TZID=Europe/Berlin:20261210T200000`, or `:20261210T190000Z`.
fn instant(at: Ts, time_zone: &str) -> String {
    match zone(time_zone) {
        Some(zone) => format!(";TZID={}:{}", zone.name(), local(at.datetime().to_timezone(zone))),
        None => format!(":{}", utc(at)),
    }
}

/// What the zone's clocks show from `from` to `to`: how they stand at first, then each change.
fn time_zone(name: &str, from: Ts, to: Ts) -> Vec<String> {
    let Some(zone) = zone(name) else { return Vec::new() };
    let mut lines = vec!["BEGIN:VTIMEZONE".to_owned(), format!("TZID:{name}")];
    let (mut at, end) = ((from - MARGIN).datetime(), (to + MARGIN).datetime());
    lines.extend(observance(zone, at, offset(zone, at)));
    while at < end {
        let next = at + Duration::DAY;
        if offset(zone, at) != offset(zone, next) {
            lines.extend(observance(zone, change_between(zone, at, next), offset(zone, at)));
        }
        at = next;
    }
    lines.push("END:VTIMEZONE".into());
    lines
}

/// One period of a zone: from `onset` on, told by the clock that was `before`.
fn observance(zone: &Tz, onset: OffsetDateTime, before: UtcOffset) -> Vec<String> {
    let period = zone.get_offset_utc(&onset);
    let kind = if period.is_dst() { "DAYLIGHT" } else { "STANDARD" };
    vec![
        format!("BEGIN:{kind}"),
        format!("DTSTART:{}", local(onset.to_offset(before))),
        format!("TZOFFSETFROM:{}", hours_and_minutes(before)),
        format!("TZOFFSETTO:{}", hours_and_minutes(period.to_utc())),
        format!("TZNAME:{}", period.name()),
        format!("END:{kind}"),
    ]
}

/// The first second of the new offset, by halving.
fn change_between(zone: &Tz, before: OffsetDateTime, after: OffsetDateTime) -> OffsetDateTime {
    let (mut low, mut high) = (before.unix_timestamp(), after.unix_timestamp());
    let at = |s: i64| Ts::from_seconds(s).datetime();
    let old = offset(zone, before);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if offset(zone, at(middle)) == old { low = middle } else { high = middle }
    }
    at(high)
}

fn offset(zone: &Tz, at: OffsetDateTime) -> UtcOffset {
    zone.get_offset_utc(&at).to_utc()
}

fn hours_and_minutes(offset: UtcOffset) -> String {
    let (hours, minutes, _) = offset.as_hms();
    let sign = if offset.is_negative() { '-' } else { '+' };
    format!("{sign}{:02}{:02}", hours.abs(), minutes.abs())
}

fn local(at: OffsetDateTime) -> String {
    at.format(LOCAL).unwrap_or_else(|_| at.to_string())
}

fn utc(at: Ts) -> String {
    format!("{}Z", local(at.datetime().to_offset(UtcOffset::UTC)))
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

    fn entry(time_zone: &str) -> Entry {
        Entry {
            uid: "session-1".into(),
            sequence: 2,
            starts_at: Ts::from_seconds(1_796_929_200),
            ends_at: Ts::from_seconds(1_796_940_000),
            time_zone: time_zone.into(),
            summary: "Rock Night".into(),
            place: vec!["City Arena".into(), String::new()],
            description: "Loud".into(),
            path: "/events/1".into(),
            is_cancelled: false,
            stamped_at: Ts::from_seconds(0),
        }
    }

    #[test]
    fn a_zone_travels_with_its_dates_and_its_changes_are_exact() {
        let text = document(&[entry("Europe/Berlin")], None, "https://tickets.example");
        for line in [
            "DTSTART;TZID=Europe/Berlin:20261210T200000",
            "DTEND;TZID=Europe/Berlin:20261210T230000",
            "TZID:Europe/Berlin",
            // The last Sundays of March and October, at 1:00 UTC, told by the clock that was.
            "DTSTART:20260329T020000",
            "DTSTART:20261025T030000",
            "TZOFFSETTO:+0200",
            "TZNAME:CEST",
            "SEQUENCE:2",
            "UID:session-1@tickets.example",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} is missing in\n{text}");
        }
        assert_eq!(text.matches("BEGIN:DAYLIGHT").count(), 2, "{text}");
    }

    #[test]
    fn utc_needs_no_zone() {
        let text = document(&[entry("UTC")], Some("Rushline"), "https://tickets.example");
        assert!(text.contains("DTSTART:20261210T190000Z") && !text.contains("VTIMEZONE"), "{text}");
        assert!(text.contains("X-WR-CALNAME:Rushline"));
    }
}
