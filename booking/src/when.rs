//! Instants as people read them: in the local time of the venue, with the zone named.

use shared::clock::Ts;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time_tz::{Offset, OffsetDateTimeExt, TimeZone, Tz};

const DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday], [day padding:none] [month repr:long] [year]");
const TIME: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");
const SHORT: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]");

/// A local date and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// `Thursday, 10 December 2026`
    pub date: String,
    /// `20:00`
    pub time: String,
    /// `CET, Europe/Berlin`
    pub zone: String,
}

impl Local {
    /// Local time in the IANA zone `zone`; an unknown zone is read as UTC, and says so.
    pub fn of(at: Ts, zone: &str) -> Self {
        let tz = time_tz::timezones::get_by_name(zone).unwrap_or(time_tz::timezones::db::UTC);
        let local = at.datetime().to_timezone(tz);
        let show = |format| local.format(format).unwrap_or_else(|_| at.to_string());
        Self { date: show(DATE), time: show(TIME), zone: zone_name(tz, &at.datetime()) }
    }
}

impl std::fmt::Display for Local {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {} ({})", self.date, self.time, self.zone)
    }
}

/// `2026-12-10 20:00` in the IANA zone `zone`, which every language reads alike.
pub fn short(at: Ts, zone: &str) -> String {
    let tz = time_tz::timezones::get_by_name(zone).unwrap_or(time_tz::timezones::db::UTC);
    at.datetime().to_timezone(tz).format(SHORT).unwrap_or_else(|_| at.to_string())
}

/// The zone's short name at this moment, which tells summer from winter time, and its full one.
fn zone_name(tz: &Tz, at: &OffsetDateTime) -> String {
    let offset = tz.get_offset_utc(at);
    let short = offset.name();
    if short == "UTC" {
        "UTC".to_owned()
    } else if short.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("{short}, {}", tz.name())
    } else {
        // Zones without letters of their own are called by their offset.
        format!("UTC{}, {}", offset.to_utc(), tz.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_and_winter_have_their_own_names() {
        let show = |at: i64, zone| Local::of(Ts::from_seconds(at), zone).to_string();
        let (winter, summer) = (1_796_929_200, 1_783_710_000);
        assert_eq!(show(winter, "Europe/Berlin"), "Thursday, 10 December 2026, 20:00 (CET, Europe/Berlin)");
        assert_eq!(show(summer, "Europe/Berlin"), "Friday, 10 July 2026, 21:00 (CEST, Europe/Berlin)");
        assert_eq!(short(Ts::from_seconds(summer), "Europe/Berlin"), "2026-07-10 21:00");
        assert_eq!(show(winter, "UTC"), "Thursday, 10 December 2026, 19:00 (UTC)");
        assert_eq!(show(winter, "Nowhere/Else"), "Thursday, 10 December 2026, 19:00 (UTC)");
        assert!(
            show(winter, "America/Sao_Paulo").contains("UTC-03:00"),
            "{}",
            show(winter, "America/Sao_Paulo")
        );
    }
}
