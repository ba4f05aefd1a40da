//! The page on which a visitor's browser checks the draw, and the link to it.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use shared::problem::{Problem, Result};

use crate::app::App;
use crate::page;
use crate::page::small::Small;
use crate::rooms::rules::RoomId;

/// What it says; the results come from its script.
const MAIN: &str = include_str!("check.html");
/// The script, which only this page loads: the queue page stays as small as it is.
const SCRIPT: &str = include_str!("check.js");

/// What the link says, by language; English first.
const LINKS: [(&str, &str); 12] = [
    ("en", "How the order is drawn"),
    ("ar", "كيف تُجرى القرعة على الترتيب"),
    ("de", "So wird die Reihenfolge ausgelost"),
    ("es", "Cómo se sortea el orden"),
    ("fr", "Comment l’ordre est tiré au sort"),
    ("it", "Come viene sorteggiato l’ordine"),
    ("ja", "順番の抽選のしくみ"),
    ("nl", "Zo wordt de volgorde geloot"),
    ("pl", "Jak losowana jest kolejność"),
    ("pt", "Como a ordem é sorteada"),
    ("tr", "Sıra nasıl kurayla belirlenir"),
    ("zh", "排队顺序如何抽签决定"),
];

/// The page.
pub async fn check_page(State(app): State<App>, Path(room): Path<String>) -> Result<Response> {
    let id = RoomId::parse(&room).ok_or_else(Problem::not_found)?;
    let room = app.store.room(&id).await?;
    let title = "How the order was drawn";
    let small = Small { room: &room, language: "en", title, main: MAIN, is_scripted: true };
    let keep = [(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"))];
    Ok((keep, small.response()).into_response())
}

/// Its script.
pub async fn check_script() -> Response {
    let about: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
    ];
    (about, SCRIPT).into_response()
}

/// The link to the page, in the visitor's language as far as the browser says it.
pub fn link(room: &RoomId, headers: &HeaderMap) -> String {
    page::link(&format!("/queue/{room}/draw"), &LINKS, headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_speaks_the_visitors_language() {
        let room = RoomId::parse("rock-night").unwrap();
        let link_for = |asked: &'static str| {
            link(&room, &HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(asked))]))
        };
        assert!(link_for("de-AT,de;q=0.9,en;q=0.8").contains(">So wird"));
        assert!(link_for("xx, fr;q=0.5").contains(">Comment"));
        assert!(link_for("").contains("href=\"/queue/rock-night/draw\"") && link_for("tlh").contains(">How"));
    }
}
