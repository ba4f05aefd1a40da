//! Instants as people write them: with an offset, or as the local time of a venue.

use shared::clock::Ts;
use shared::problem::Problem;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime};
use time_tz::{OffsetResult, PrimitiveDateTimeExt, Tz};

/// Years that make sense for an event; beyond them a typing mistake is likelier.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2200;
const LOCAL: &[&[BorrowedFormatItem<'_>]] = &[
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]"),
    format_description!("[year]-[month]-[day]T[hour]:[minute]"),
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]"),
    format_description!("[year]-[month]-[day] [hour]:[minute]"),
];
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Reads `2026-12-10T20:00:00Z` (any offset), or `2026-12-10T20:00` as the local time of `zone`. A local time that the
/// clock skips or shows twice is refused, and the offset asked for.
pub fn instant(pointer: &str, text: &str, zone: &Tz) -> Result<Ts, Problem> {
    if let Ok(at) = OffsetDateTime::parse(text, &Rfc3339) {
        return within_years(pointer, at);
    }
    let local = LOCAL.iter().find_map(|format| PrimitiveDateTime::parse(text, format).ok());
    let local = local.ok_or_else(|| invalid_date(pointer))?;
    match local.assume_timezone(zone) {
        OffsetResult::Some(at) => within_years(pointer, at),
        OffsetResult::Ambiguous(..) => Err(Problem::invalid(
            pointer,
            "ambiguous-time",
            "The clocks show this local time twice. Add the offset, such as +02:00.",
        )),
        OffsetResult::None => Err(Problem::invalid(
            pointer,
            "nonexistent-time",
            "The clocks skip this local time. Add the offset, such as +02:00.",
        )),
    }
}

/// Reads the bound of a search: an instant, or a day (UTC) from its first moment on.
pub fn bound(pointer: &str, text: &str) -> Result<Ts, Problem> {
    match Date::parse(text, DAY) {
        Ok(day) => within_years(pointer, day.midnight().assume_utc()),
        Err(_) => instant(pointer, text, time_tz::timezones::db::UTC),
    }
}

/// Reads a day such as `2026-12-10`.
pub fn day(pointer: &str, text: &str) -> Result<Date, Problem> {
    let day = Date::parse(text, DAY).ok().filter(|day| YEARS.contains(&day.year()));
    day.ok_or_else(|| Problem::invalid(pointer, "invalid-date", "Write a day such as 2026-12-10."))
}

/// Reads a month such as `2027-05`: its first day.
pub fn month(pointer: &str, text: &str) -> Result<Date, Problem> {
    let day = Date::parse(&format!("{text}-01"), DAY).ok().filter(|day| YEARS.contains(&day.year()));
    day.ok_or_else(|| Problem::invalid(pointer, "invalid-date", "Write a month such as 2027-05."))
}

/// The first day of the month that is `months` later.
pub fn months_later(first: Date, months: i32) -> Date {
    let count = first.year() * 12 + i32::from(u8::from(first.month())) - 1 + months;
    let month = Month::try_from(count.rem_euclid(12) as u8 + 1).unwrap_or(first.month());
    Date::from_calendar_date(count.div_euclid(12), month, 1).unwrap_or(first)
}

fn within_years(pointer: &str, at: OffsetDateTime) -> Result<Ts, Problem> {
    if YEARS.contains(&at.year()) { Ok(at.into()) } else { Err(invalid_date(pointer)) }
}

fn invalid_date(pointer: &str) -> Problem {
    let detail = "Write an instant such as 2026-12-10T20:00:00Z, or the venue's local time without the Z.";
    Problem::invalid(pointer, "invalid-date", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin(text: &str) -> Result<String, &'static str> {
        let zone = time_tz::timezones::get_by_name("Europe/Berlin").unwrap();
        instant("/event_date", text, zone).map(|t| t.to_string()).map_err(|p| p.slug())
    }

    #[test]
    fn local_times_follow_the_venue_s_clock() {
        assert_eq!(berlin("2026-12-10T20:00:00Z").unwrap(), "2026-12-10T20:00:00Z");
        assert_eq!(berlin("2026-12-10T20:00").unwrap(), "2026-12-10T19:00:00Z");
        assert_eq!(berlin("2026-07-10 20:00").unwrap(), "2026-07-10T18:00:00Z");
        assert_eq!(berlin("2026-03-29T02:30"), Err("nonexistent-time"));
        assert_eq!(berlin("2026-10-25T02:30"), Err("ambiguous-time"));
        assert_eq!(berlin("2026-10-25T02:30:00+01:00").unwrap(), "2026-10-25T01:30:00Z");
    }

    #[test]
    fn months_follow_one_another_over_the_year() {
        let month = |text| month("/month", text).map_err(|p| p.slug());
        let (may, december) = (month("2027-05").unwrap(), month("2027-12").unwrap());
        assert_eq!(months_later(december, 1).to_string(), "2028-01-01");
        assert_eq!(months_later(may, -5), month("2026-12").unwrap());
        for text in ["2027-13", "2027-00", "2027", "05-2027", "1027-05", "2027-05-01", ""] {
            assert_eq!(month(text), Err("invalid-date"), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "2026-02-30T10:00:00Z",
            "0000-01-01T00:00:00Z",
            "99999-01-01T00:00:00Z",
            "1764000000",
            "soon",
            "",
        ] {
            assert_eq!(berlin(text), Err("invalid-date"), "{text}");
        }
        assert_eq!(bound("/from", "2026-12-10").unwrap().to_string(), "2026-12-10T00:00:00Z");
    }

    #[test]
    fn mutated_instants_are_read_or_refused() {
        let good = ["2026-12-10T20:00:00Z", "2027-03-28T02:30", "2026-12-10T20:00:00+02:00", "2026-12"];
        shared::testing::mutations::feed_text(&good, |text| {
            let _ = (berlin(text), bound("/from", text), month("/month", text));
        });
    }
}
