//! Medians, ratios, a table, and one line for machines.

use std::io::Write;

use serde_json::json;
use shared::clock::Clock;

use super::Options;
use super::client::Round;
use crate::process::load_average;

/// Names of the measurements; ratios refer to them.
pub mod name {
    #![allow(missing_docs)]
    pub const NOOP: &str = "no-op handler over HTTP";
    pub const EVENTS: &str = "list of events over HTTP";
    pub const EVENTS_BARE: &str = "bare handler with the list's bytes";
    pub const EVENT: &str = "an event over HTTP";
    pub const EVENT_BARE: &str = "bare handler with the event's bytes";
    pub const JOINS: &str = "joins over HTTP";
    pub const JOURNAL_ONE: &str = "journal, one join a sync";
    pub const JOURNAL_BATCH: &str = "journal, a join of each client a sync";
    pub const HOLDS: &str = "holds over HTTP";
    pub const BOOKINGS: &str = "full bookings over HTTP";
    pub const KEYED: &str = "full bookings with Idempotency-Keys";
    pub const CATCH_UP: &str = "mails and tickets caught up after";
    pub const PG_HOLDS: &str = "PostgreSQL: pgbench, a hold's bare statements";
    pub const STORE_HOLDS: &str = "PostgreSQL: holds in the store";
    pub const STORE_HOLDS_TEN: &str = "PostgreSQL: holds in the store, ten ticket types";
    pub const PG_HTTP_HOLDS: &str = "PostgreSQL: holds over HTTP";
    pub const PG_BOOKINGS: &str = "PostgreSQL: pgbench, a booking's bare statements";
    pub const STORE_BOOKINGS: &str = "PostgreSQL: full bookings in the store";
    pub const PG_HTTP_BOOKINGS: &str = "PostgreSQL: full bookings over HTTP";
    pub const PG_KEYED: &str = "PostgreSQL: full bookings with Idempotency-Keys";
    pub const STORE_ORDERS: &str = "PostgreSQL: full bookings as one order, in the store";
    pub const PG_HTTP_ORDERS: &str = "PostgreSQL: full bookings as one order, over HTTP";
    pub const SMALL_HOLDS: &str = "PostgreSQL: holds in a session of 1,000";
    pub const LARGE_HOLDS: &str = "PostgreSQL: holds in a session of 100,000";
    pub const FIRST_PAGE: &str = "first page after the start on an empty folder";
    pub const IDLE: &str = "memory at rest";
    pub const AFTER_LOGINS: &str = "memory after 200 registrations and logins at once";
    pub const PDF: &str = "a ticket's PDF over HTTP";
    pub const LITE_HOLDS: &str = "bare SQLite, one hold a commit";
    pub const LITE_HOLDS_BATCH: &str = "bare SQLite, a hold of each client a commit";
    pub const LITE_BOOKINGS: &str = "bare SQLite, one full booking's commits";
    pub const LITE_BOOKINGS_BATCH: &str = "bare SQLite, full bookings of each client a commit";
}

/// What is said in relation to what.
const RATIOS: [(&str, &str); 20] = [
    (name::EVENTS, name::EVENTS_BARE),
    (name::EVENT, name::EVENT_BARE),
    (name::STORE_HOLDS, name::PG_HOLDS),
    (name::PG_HTTP_HOLDS, name::PG_HOLDS),
    (name::STORE_BOOKINGS, name::PG_BOOKINGS),
    (name::PG_HTTP_BOOKINGS, name::PG_BOOKINGS),
    (name::PG_KEYED, name::PG_HTTP_BOOKINGS),
    (name::STORE_ORDERS, name::PG_BOOKINGS),
    (name::PG_HTTP_ORDERS, name::PG_BOOKINGS),
    (name::STORE_HOLDS, name::STORE_HOLDS_TEN),
    (name::LARGE_HOLDS, name::SMALL_HOLDS),
    (name::JOINS, name::NOOP),
    (name::JOINS, name::JOURNAL_ONE),
    (name::JOINS, name::JOURNAL_BATCH),
    (name::HOLDS, name::LITE_HOLDS),
    (name::HOLDS, name::LITE_HOLDS_BATCH),
    (name::BOOKINGS, name::LITE_BOOKINGS),
    (name::BOOKINGS, name::LITE_BOOKINGS_BATCH),
    (name::KEYED, name::BOOKINGS),
    (name::HOLDS, name::NOOP),
];

/// All rounds of all measurements, in the order of their first round.
pub struct Report {
    rows: Vec<Row>,
    heading: String,
}

struct Row {
    name: &'static str,
    unit: &'static str,
    values: Vec<f64>,
    rounds: Vec<Round>,
}

impl Report {
    /// An empty report.
    pub fn begin(options: &Options) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let heading = format!(
            "{}: {} rounds of {} s, {} clients, {cores} cores, load average {:.1} at the start",
            Clock::system().now(),
            options.rounds,
            options.seconds,
            options.clients,
            load_average()
        );
        Self { rows: Vec::new(), heading }
    }

    /// Adds a round over HTTP.
    pub fn add(&mut self, name: &'static str, unit: &'static str, round: Round) {
        let row = self.row(name, unit);
        row.values.push(round.per_s);
        row.rounds.push(round);
    }

    /// Adds a round without clients.
    pub fn add_bare(&mut self, name: &'static str, unit: &'static str, value: f64) {
        self.row(name, unit).values.push(value);
    }

    fn row(&mut self, name: &'static str, unit: &'static str) -> &mut Row {
        let at = self.rows.iter().position(|row| row.name == name).unwrap_or_else(|| {
            self.rows.push(Row { name, unit, values: Vec::new(), rounds: Vec::new() });
            self.rows.len() - 1
        });
        &mut self.rows[at]
    }

    /// Prints the table and the line.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn print(&self, out: &mut impl Write) -> anyhow::Result<()> {
        writeln!(out, "{}\n", self.heading)?;
        writeln!(
            out,
            "| measured | median | min–max | p50 / p99 ms | load generator's share of CPU | cores in use |"
        )?;
        writeln!(out, "|---|---|---|---|---|---|")?;
        for row in &self.rows {
            let [low, middle, high] = spread(row.values.iter().copied());
            let (name, unit) = (row.name, row.unit);
            write!(out, "| {name} | {} {unit} | {}–{} |", figure(middle), figure(low), figure(high))?;
            if row.rounds.is_empty() {
                writeln!(out, " | | |")?;
                continue;
            }
            let median = |of: fn(&Round) -> f64| spread(row.rounds.iter().map(of))[1];
            writeln!(
                out,
                " {:.1} / {:.1} | {:.0} % | {:.2} |",
                median(|r| r.p50_ms),
                median(|r| r.p99_ms),
                100.0 * median(|r| r.generator_share),
                median(|r| r.cores)
            )?;
        }
        writeln!(out, "\n| ratio of medians | |\n|---|---|")?;
        for (figure, ceiling, ratio) in self.ratios() {
            writeln!(out, "| {figure} : {ceiling} | {ratio:.2} |")?;
        }
        let medians: serde_json::Map<_, _> = self
            .rows
            .iter()
            .map(|row| (row.name.to_owned(), json!(spread(row.values.iter().copied()))))
            .collect();
        let ratios: Vec<_> =
            self.ratios().map(|(figure, ceiling, ratio)| json!([figure, ceiling, ratio])).collect();
        writeln!(
            out,
            "\nBENCH {}",
            json!({ "run": self.heading, "low_median_high": medians, "ratios": ratios })
        )?;
        Ok(())
    }

    fn ratios(&self) -> impl Iterator<Item = (&'static str, &'static str, f64)> {
        let median = |name| {
            self.rows.iter().find(|row| row.name == name).map(|row| spread(row.values.iter().copied())[1])
        };
        RATIOS
            .iter()
            .filter_map(move |&(figure, ceiling)| Some((figure, ceiling, median(figure)? / median(ceiling)?)))
    }
}

/// Lowest, median and highest; the upper one of two medians.
fn spread(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    match sorted.as_slice() {
        [] => [0.0; 3],
        [low, .., high] => [*low, sorted[sorted.len() / 2], *high],
        [only] => [*only; 3],
    }
}

/// As many digits as the figure deserves.
fn figure(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        assert_eq!(spread([5.0, 1.0, 3.0].into_iter()), [1.0, 3.0, 5.0]);
        assert_eq!(spread([2.0].into_iter()), [2.0; 3]);
    }
}
