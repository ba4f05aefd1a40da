//! The report as a page to read, without scripts.

use axum::http::HeaderMap;
use axum::response::Response;

use super::rules::{BandReport, PublicReport};
use crate::page::small::Small;
use crate::rooms::rules::{Room, RoomId};

/// What stands in the page.
const MAIN: &str = include_str!("report.html");

/// What the link says, by language; English first.
const LINKS: [(&str, &str); 12] = [
    ("en", "Report of the line"),
    ("ar", "تقرير الطابور"),
    ("de", "Bericht über die Schlange"),
    ("es", "Informe de la cola"),
    ("fr", "Rapport de la file d’attente"),
    ("it", "Rapporto della coda"),
    ("ja", "待ち列のレポート"),
    ("nl", "Verslag van de wachtrij"),
    ("pl", "Raport o kolejce"),
    ("pt", "Relatório da fila"),
    ("tr", "Sıra raporu"),
    ("zh", "排队报告"),
];

/// The link to the page, in the visitor's language as far as the browser says it.
pub fn link(room: &RoomId, headers: &HeaderMap) -> String {
    crate::page::link(&format!("/queue/{room}/report"), &LINKS, headers)
}

/// The page of a room's report.
pub fn page(room: &Room, report: &PublicReport) -> Response {
    let small =
        Small { room, language: "en", title: "Report of the line", main: &said(report), is_scripted: false };
    small.response()
}

fn said(report: &PublicReport) -> String {
    let rows: String = report.eta.bands.iter().map(row).collect();
    let draw = report.draw_page.as_ref().map_or_else(String::new, |address| {
        format!("<li><a href=\"{address}\">How the order was drawn, to check yourself</a></li>")
    });
    let head = &report.journal;
    let said = [
        ("room", report.room.clone()),
        ("joined", report.joined.to_string()),
        ("called", report.called.to_string()),
        ("admitted", report.admitted.to_string()),
        ("missed", report.missed.to_string()),
        ("left", report.left.to_string()),
        ("followed", report.waits.followed.to_string()),
        ("median", length(report.waits.median_s)),
        ("nine", length(report.waits.nine_in_ten_s)),
        ("longest", length(report.waits.longest_s)),
        ("order", order(report)),
        ("rows", rows),
        ("draw", draw),
        ("size", head.size.to_string()),
        ("root", head.root.to_string()),
        ("time", report.server_time.to_string()),
    ];
    said.into_iter().fold(MAIN.to_owned(), |page, (name, text)| page.replace(&format!("{{{name}}}"), &text))
}

fn order(report: &PublicReport) -> String {
    match (report.order.distance, report.order.pairs, report.order.inverted) {
        (None, ..) => "Fewer than two have been called so far.".to_owned(),
        (Some(_), pairs, 0) => {
            format!("In the order of their numbers: none of {pairs} pairs the other way round.")
        }
        (Some(distance), pairs, inverted) => {
            format!("{inverted} of {pairs} pairs the other way round (Kendall’s distance {distance:.6}).")
        }
    }
}

fn row(band: &BandReport) -> String {
    let ahead = match band.to {
        Some(to) => format!("{} to {to}", band.from),
        None => format!("{} or more", band.from),
    };
    let percent = |of: u64| match band.compared {
        0 => "–".to_owned(),
        all => format!("{:.0} %", of as f64 * 100.0 / all as f64),
    };
    let disturbed = match band.disturbed {
        0 => "–".to_owned(),
        all => format!("{} of {all}", band.disturbed_right),
    };
    let cells = [
        band.compared.to_string(),
        percent(band.right),
        percent(band.sooner),
        percent(band.later),
        disturbed,
    ];
    let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
    format!("<tr><th scope=\"row\">{ahead}</th>{cells}</tr>")
}

/// A length of time in words.
fn length(seconds: Option<u64>) -> String {
    match seconds {
        None => "–".to_owned(),
        Some(seconds @ ..120) => format!("{seconds} s"),
        Some(seconds @ ..7200) => format!("{} min", (seconds + 30) / 60),
        Some(seconds) => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_words() {
        let lengths = [None, Some(0), Some(119), Some(600), Some(7260)].map(length);
        assert_eq!(lengths, ["–", "0 s", "119 s", "10 min", "2 h 1 min"]);
    }
}
