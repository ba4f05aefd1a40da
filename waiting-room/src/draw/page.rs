//! The page on which a visitor's browser checks the draw, and the link to it.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use shared::problem::{Problem, Result};

use crate::app::App;
use crate::page;
use crate::page::small::Small;
use crate::rooms::rules::RoomId;
use crate::words::{self, Chosen, Words, filled, with};

/// What it says; the results come from its script.
const MAIN: &str = include_str!("check.html");
/// The script, which only this page loads: the queue page stays as small as it is.
const SCRIPT: &str = include_str!("check.js");
/// What is checked without the page, and with what.
const FILES: &str = "<code>draw</code>, <code>draw/list</code>, <code>keys</code>";
const VERIFIERS: [&str; 2] = ["<code>scripts/verify_draw.py</code>", "<code>rushline verify-draw</code>"];

/// The page.
pub async fn check_page(
    State(app): State<App>,
    Path(room): Path<String>,
    address: std::result::Result<Query<Chosen>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response> {
    let id = RoomId::parse(&room).ok_or_else(Problem::not_found)?;
    let room = app.store.room(&id).await?;
    let words = words::chosen(address, &headers);
    let small =
        Small { room: Some(&room), words, title: &words.queue.draw, main: &main(words), is_scripted: true };
    let keep = [(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60")), words::VARY];
    Ok((keep, small.response()).into_response())
}

/// Its `<main>`, with the sentences that its script says.
fn main(words: &Words) -> String {
    let plain = with(&words.draw["plain"], &[FILES, VERIFIERS[0], VERIFIERS[1]]);
    // A catalogue holds no "<", so nothing in it ends the element.
    let said = serde_json::to_string(&words.draw).unwrap_or_default();
    filled(MAIN, |name| match name {
        "title" => Some(&words.queue.draw),
        "plain" => Some(&plain),
        "words" => Some(&said),
        name => words.draw.get(name).map(String::as_str),
    })
}

/// Its script.
pub async fn check_script() -> Response {
    let about: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
    ];
    (about, SCRIPT).into_response()
}

/// The link to the page.
pub fn link(room: &RoomId, words: &Words) -> String {
    page::link(&format!("/queue/{room}/draw"), "draw", &words.queue.draw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tests::{all, asking};

    #[test]
    fn the_link_speaks_the_visitors_language() {
        let room = RoomId::parse("rock-night").unwrap();
        let html = link(&room, Words::asked(&asking("de-AT,de;q=0.9,en;q=0.8")));
        assert!(html.contains("href=\"/queue/rock-night/draw\"") && html.contains(">So wird"), "{html}");
    }

    #[test]
    fn every_hole_is_filled_in_every_language_and_the_script_finds_what_it_says() {
        let said_by_script = |key: &str| SCRIPT.contains(&format!("\"{key}\""));
        for words in all() {
            let html = main(words);
            let (page, rest) = html.split_once("<script type=\"application/json\" id=\"words\">").unwrap();
            assert!(!page.contains(['{', '}']) && page.contains(&words.draw["intro"]), "{page}");
            assert_eq!(page.matches("<code>").count(), 5, "{page}");
            let (json, _) = rest.split_once("</script>").unwrap();
            let said: serde_json::Map<_, _> = serde_json::from_str(json).unwrap();
            assert_eq!(said.len(), words.draw.len());
            for key in said.keys() {
                assert!(said_by_script(key) || MAIN.contains(&format!("{{{key}}}")), "nobody says {key}");
            }
        }
        let keys = SCRIPT.split("say(\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let unknown: Vec<&str> = keys.filter(|key| !Words::english().draw.contains_key(*key)).collect();
        assert_eq!(unknown, [""; 0], "the script says what no catalogue has");
    }
}
