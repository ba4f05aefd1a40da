//! The queue page: one self-contained file that does everything by the API, parts of it that are loaded when they are
//! needed, and a rendering of the same place for browsers without JavaScript.

mod code;
mod noscript;
pub mod routes;
pub mod small;
mod theme;

use axum::Router;
use axum::http::{HeaderMap, header};
use axum::routing::get;

pub use self::noscript::escape;
use crate::app::App;
use crate::draw;

/// Languages that a browser asks for, in its order, without their regions: `de` for `de-AT;q=0.9`.
pub fn asked_languages(accept_language: &str) -> impl Iterator<Item = &str> {
    accept_language.split(',').map(|wish| wish.trim().split([';', '-']).next().unwrap_or_default().trim())
}

/// A link whose text is in the visitor's language as far as the browser says it; `texts` has English first.
pub fn link(address: &str, texts: &[(&str, &str)], headers: &HeaderMap) -> String {
    let asked =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|asked| asked.to_str().ok()).unwrap_or_default();
    let known = asked_languages(asked).find_map(|code| texts.iter().find(|(known, _)| *known == code));
    let text = known.or(texts.first()).map_or(address, |(_, text)| *text);
    format!("<p><a href=\"{address}\" target=\"_blank\">{text}</a></p>")
}

/// The page's routes. They are for people, so the API document does not list them.
pub fn router() -> Router<App> {
    Router::new()
        .route("/queue/{room}", get(routes::page).post(routes::join))
        .route("/queue/{room}/code", get(routes::ask_code))
        // “_” is no room's id.
        .route("/queue/_/{file}", get(routes::part))
        .route("/queue/{room}/enter", axum::routing::post(routes::enter))
        .route("/queue/{room}/defer", axum::routing::post(routes::defer))
        .route("/queue/{room}/leave", axum::routing::post(routes::leave))
        .route("/queue/{room}/mail", axum::routing::post(routes::mail))
        .route("/queue/{room}/draw", get(draw::page::check_page))
        .route("/queue/check.js", get(draw::page::check_script))
}
