//! The report as a page to read, without scripts.

use std::collections::BTreeMap;

use axum::response::Response;
use shared::clock::Ts;

use super::rules::{BandReport, PublicReport};
use crate::page::small::Small;
use crate::rooms::rules::{Room, RoomId};
use crate::words::{Words, filled, with};

/// What stands in the page: texts by their key in the catalogue, figures by their name behind a `#`.
const MAIN: &str = include_str!("report.html");

/// The link to the page.
pub fn link(room: &RoomId, words: &Words) -> String {
    crate::page::link(&format!("/queue/{room}/report"), "report", &words.queue.report)
}

/// The page of a room's report.
pub fn page(words: &Words, room: &Room, report: &PublicReport) -> Response {
    let main = main(words, report);
    Small { room: Some(room), words, title: &words.queue.report, main: &main, is_scripted: false }.response()
}

fn main(words: &Words, report: &PublicReport) -> String {
    let figures = figures(words, report);
    filled(MAIN, |name| match name.strip_prefix('#') {
        Some(figure) => figures.get(figure).map(String::as_str),
        None if name == "title" => Some(&words.queue.report),
        None => words.report.get(name).map(String::as_str),
    })
}

fn figures(words: &Words, report: &PublicReport) -> BTreeMap<&'static str, String> {
    let length =
        |length_s: Option<u64>| length_s.map_or_else(|| "–".to_owned(), |length_s| words.length(length_s));
    let draw = report.draw_page.as_ref().map_or_else(String::new, |address| {
        format!("<li><a href=\"{address}\">{}</a></li>", words.queue.draw)
    });
    BTreeMap::from([
        ("room", report.room.clone()),
        ("joined", words.count(report.joined)),
        ("called", words.count(report.called)),
        ("admitted", words.count(report.admitted)),
        ("missed", words.count(report.missed)),
        ("left", words.count(report.left)),
        ("followed", words.count(report.waits.followed)),
        ("median", length(report.waits.median_s)),
        ("nine", length(report.waits.nine_in_ten_s)),
        ("longest", length(report.waits.longest_s)),
        ("order", order(words, report)),
        ("rows", report.eta.bands.iter().map(|band| row(words, band)).collect()),
        ("draw", draw),
        ("size", words.count(report.journal.size)),
        ("root", report.journal.root.to_string()),
        ("time", report.server_time.to_string()),
        ("clock", clock(report.server_time)),
    ])
}

fn order(words: &Words, report: &PublicReport) -> String {
    let texts = &words.report;
    let Some(distance) = report.order.distance else { return format!("<p>{}</p>", texts["order_none"]) };
    let facts = [
        ("pairs", words.count(report.order.pairs)),
        ("inverted", words.count(report.order.inverted)),
        ("distance", words.fraction(distance)),
    ];
    let facts =
        facts.iter().map(|(key, value)| format!("<div><dt>{}</dt><dd>{value}</dd></div>", texts[*key]));
    format!("<dl>{}</dl>", facts.collect::<String>())
}

fn row(words: &Words, band: &BandReport) -> String {
    let ahead = match band.to {
        Some(to) => words.range(band.from, to),
        None => with(&words.report["from_on"], &[&words.count(band.from)]),
    };
    let disturbed = match band.disturbed {
        0 => "–".to_owned(),
        all => format!("{} / {}", words.count(band.disturbed_right), words.count(all)),
    };
    let cells = [
        words.count(band.compared),
        words.percent(band.right, band.compared),
        words.percent(band.sooner, band.compared),
        words.percent(band.later, band.compared),
        disturbed,
    ];
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr><th scope=\"row\">{ahead}</th>{cells}</tr>")
}

/// An instant to the minute, which reads the same in all languages.
fn clock(at: Ts) -> String {
    let text = at.to_string();
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::document::{Hex, Signature};
    use crate::eta::tally::Tally;
    use crate::log::head::Head;
    use crate::queue::Totals;
    use crate::report::rules;
    use crate::rooms::rules::tests::open_room;
    use crate::words::tests::{all, asking};

    fn report() -> PublicReport {
        let band = |from, to, compared| BandReport {
            from,
            to,
            compared,
            right: compared / 10 * 8,
            sooner: compared / 10,
            later: compared / 10,
            right_share: None,
            width: None,
            disturbed: 12_345,
            disturbed_right: 1234,
        };
        let (room, at) = (open_room(), Ts::from_seconds(0));
        let signed = Signature { kid: String::new(), signature: String::new() };
        let head = Head { room: room.id.clone(), size: 0, root: Hex([0; 32]), at, signed };
        let mut report = rules::report(&room, &Totals::default(), &Tally::default(), head, at);
        report.joined = 12_345;
        report.waits.median_s = Some(180);
        report.eta.bands = vec![band(0, Some(9), 20), band(10_000, None, 0)];
        report.draw_page = Some("/queue/rock-night/draw".into());
        report
    }

    #[test]
    fn every_hole_is_filled_in_every_language_and_no_text_is_left_over() {
        let mut counted = report();
        counted.order.distance = Some(0.000_25);
        for words in all() {
            let pages = [main(words, &report()), main(words, &counted)];
            assert!(!pages.concat().contains(['{', '}']), "{}", words.code);
            for (key, text) in &words.report {
                let known = text.split("{0}").all(|part| pages.concat().contains(part.trim()));
                assert!(known, "{} {key}: nobody says it", words.code);
            }
        }
    }

    #[test]
    fn figures_are_written_as_in_the_language() {
        let html = main(Words::asked(&asking("de")), &report());
        assert!(html.contains("<dd>12.345</dd>") && html.contains("<dd>3 Minuten</dd>"), "{html}");
        assert!(html.contains("<th scope=\"row\">0–9</th><td>20</td><td>80\u{a0}%</td>"), "{html}");
        assert!(html.contains("10.000 oder mehr") && html.contains("<td>1.234 / 12.345</td>"), "{html}");
        assert!(main(Words::asked(&asking("ar")), &report()).contains("<dd>3 دقائق</dd>"));
        assert_eq!(clock(Ts::from_seconds(0)), "1970-01-01 00:00 UTC");
    }
}
