//! What may be asked of a report, and the order of its rows.

use shared::clock::Ts;
use shared::problem::Problem;
use time::{Date, Duration};

use super::figures::Row;

/// What the rows of a report stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The day (UTC) of the sale.
    Day,
    /// Its week, called by its Monday.
    Week,
    /// Its month.
    Month,
    /// The event.
    Event,
    /// The session.
    Session,
    /// The name of the ticket type, whatever its session.
    TicketType,
    /// The kind of event.
    Category,
    /// The venue.
    Venue,
    /// What became of the booking.
    Status,
    /// The currency alone.
    Currency,
}

/// Groupings by the names they are asked for.
const GROUPINGS: [(&str, By); 10] = [
    ("day", By::Day),
    ("week", By::Week),
    ("month", By::Month),
    ("event", By::Event),
    ("session", By::Session),
    ("ticket_type", By::TicketType),
    ("category", By::Category),
    ("venue", By::Venue),
    ("status", By::Status),
    ("currency", By::Currency),
];

impl By {
    /// The name it is asked for, and the statement's word for it.
    pub fn name(self) -> &'static str {
        GROUPINGS.iter().find(|(_, by)| *by == self).map_or("", |(name, _)| name)
    }

    fn is_time(self) -> bool {
        matches!(self, By::Day | By::Week | By::Month)
    }
}

/// What is told of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// What was taken.
    Revenue,
    /// What of it goes back.
    Refunds,
    /// What is kept.
    Net,
    /// Bookings that were paid.
    Bookings,
    /// Those that were cancelled.
    Cancelled,
    /// Tickets that live.
    Tickets,
    /// Places that came in.
    CheckIns,
    /// Places there are to sell.
    Places,
}

/// Measures by the names they are asked for.
const MEASURES: [(&str, Measure); 8] = [
    ("revenue", Measure::Revenue),
    ("refunds", Measure::Refunds),
    ("net", Measure::Net),
    ("bookings", Measure::Bookings),
    ("cancelled", Measure::Cancelled),
    ("tickets", Measure::Tickets),
    ("check_ins", Measure::CheckIns),
    ("places", Measure::Places),
];

impl Measure {
    /// The name it is asked for.
    pub fn name(self) -> &'static str {
        MEASURES.iter().find(|(_, measure)| *measure == self).map_or("", |(name, _)| name)
    }

    /// Whether it is an amount of money.
    pub fn is_money(self) -> bool {
        matches!(self, Measure::Revenue | Measure::Refunds | Measure::Net)
    }

    /// The figure of a row; amounts in minor units.
    pub fn of(self, row: &Row) -> i64 {
        match self {
            Measure::Revenue => row.revenue_minor,
            Measure::Refunds => row.refunds_minor,
            Measure::Net => row.revenue_minor - row.refunds_minor,
            Measure::Bookings => row.bookings,
            Measure::Cancelled => row.cancelled,
            Measure::Tickets => row.tickets,
            Measure::CheckIns => row.check_ins,
            Measure::Places => row.places,
        }
    }

    /// Whether rows of this kind have the figure: a booking is of several ticket types, and a place that nobody bought has no
    /// day and no status.
    fn is_known(self, by: By) -> bool {
        match self {
            Measure::Bookings | Measure::Cancelled => by != By::TicketType,
            Measure::Places => !by.is_time() && by != By::Status,
            _ => true,
        }
    }
}

/// Reads what the rows shall be; 422 `unknown-grouping` that names those there are.
pub fn by(text: Option<&str>) -> Result<By, Problem> {
    let found = GROUPINGS.iter().find(|(name, _)| Some(*name) == text).map(|(_, by)| *by);
    let detail = || format!("Group by one of {}.", listed(GROUPINGS.iter().map(|(name, _)| *name)));
    found.ok_or_else(|| Problem::invalid("/by", "unknown-grouping", detail()))
}

/// Reads what is asked of each row, names with commas between them; 422 `unknown-measure` that names those there are of such
/// rows.
pub fn measures(text: Option<&str>, by: By) -> Result<Vec<Measure>, Problem> {
    let known = || MEASURES.iter().filter(|(_, measure)| measure.is_known(by));
    let find = |word: &str| known().find(|(name, _)| *name == word).map(|(_, measure)| *measure);
    let mut found = Vec::new();
    for word in text.unwrap_or_default().split(',') {
        let measure = find(word).ok_or_else(|| {
            let names = listed(known().map(|(name, _)| *name));
            let detail =
                format!("By {}, ask for one or several of {names}, with commas between them.", by.name());
            Problem::invalid("/measure", "unknown-measure", detail)
        })?;
        if !found.contains(&measure) {
            found.push(measure);
        }
    }
    Ok(found)
}

/// The instants between which a sale lies: from the first moment of a day (UTC) until before the one after the last.
pub fn span(from: Option<Date>, to: Option<Date>) -> Result<(Option<Ts>, Option<Ts>), Problem> {
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Problem::invalid(
            "/to",
            "invalid-date",
            "Write a last day that is not before the first.",
        ));
    }
    let begin = |day: Date| Ts::from(day.midnight().assume_utc());
    Ok((from.map(begin), to.map(|day| begin(day.saturating_add(Duration::DAY)))))
}

/// Puts rows in order: times as they went by, anything else by what was kept of the money, the most first.
pub fn sort(rows: &mut [Row], by: By) {
    rows.sort_by(|a, b| {
        let names = || (&a.name, &a.key, &a.currency).cmp(&(&b.name, &b.key, &b.currency));
        let kept = |row: &Row| Measure::Net.of(row);
        if by.is_time() { names() } else { kept(b).cmp(&kept(a)).then_with(names) }
    });
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn what_is_not_known_is_refused_with_what_is() {
        for (name, found) in GROUPINGS {
            assert_eq!((by(Some(name)).unwrap(), found.name()), (found, name));
        }
        for text in [None, Some(""), Some("hour"), Some("Day"), Some("day,week")] {
            let problem = by(text).unwrap_err();
            assert!(
                problem.slug() == "unknown-grouping" && problem.to_string().contains("ticket_type"),
                "{problem}"
            );
        }
        assert_eq!(measures(Some("net,tickets,net"), By::Day).unwrap(), [Measure::Net, Measure::Tickets]);
        for text in [None, Some(""), Some("net,"), Some("profit"), Some("places")] {
            let problem = measures(text, By::Day).unwrap_err();
            assert!(
                problem.slug() == "unknown-measure" && problem.to_string().contains("check_ins"),
                "{problem}"
            );
        }
        assert!(
            measures(Some("bookings"), By::TicketType).is_err()
                && measures(Some("places"), By::Venue).is_ok()
        );
    }

    #[test]
    fn the_last_day_is_in_the_span() {
        let (day, before) = (Some(date!(2026 - 06 - 30)), Some(date!(2026 - 06 - 29)));
        let (from, to) = span(day, day).unwrap();
        assert_eq!(to.unwrap().seconds() - from.unwrap().seconds(), 86_400);
        assert_eq!(span(None, None).unwrap(), (None, None));
        assert_eq!(span(day, before).unwrap_err().slug(), "invalid-date");
    }
}
