//! The queue page: one self-contained file that does everything by the API, parts of it that are loaded when they are
//! needed, and a rendering of the same place
//! for browsers without JavaScript.

mod code;
mod noscript;
pub mod routes;
mod theme;

use axum::Router;
use axum::routing::get;

use crate::app::App;
use crate::draw;

/// The page's routes. They are for people, so the API document does not list them.
pub fn router() -> Router<App> {
    Router::new()
        .route("/queue/{room}", get(routes::page).post(routes::join))
        .route("/queue/{room}/code", get(routes::ask_code))
        // “_” is no room's id.
        .route("/queue/_/{file}", get(routes::part))
        .route("/queue/{room}/enter", axum::routing::post(routes::enter))
        .route("/queue/{room}/leave", axum::routing::post(routes::leave))
        .route("/queue/{room}/draw", get(draw::page::check_page))
        .route("/queue/check.js", get(draw::page::check_script))
}
