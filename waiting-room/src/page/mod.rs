//! The queue page: one self-contained file that does everything by the API, parts of it that are loaded when they are
//! needed, and a rendering of the same place for browsers without JavaScript.

mod code;
mod noscript;
mod refusal;
pub mod routes;
pub mod small;
mod theme;

use axum::Router;
use axum::routing::get;

pub use self::noscript::escape;
pub use self::refusal::as_page;
use crate::app::App;
use crate::draw;

/// A link to a page about the room. The queue page's script turns its text, by `key`, into the language that is spoken there.
pub fn link(address: &str, key: &str, text: &str) -> String {
    format!("<p><a href=\"{address}\" target=\"_blank\" data-t=\"{key}\">{text}</a></p>")
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
