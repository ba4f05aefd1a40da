//! A visitor's place: joining the line, proving the place, leaving.
//!
//! The browser keeps a signed [`token`] and proves with its cookie that the token is its own ([`visitor`]). A
//! place that the store has lost is put back from the token. [`handover`] moves a place to another device.

pub mod captcha;
pub mod handover;
pub mod mail;
pub mod origin;
pub mod routes;
pub mod token;
pub mod toll;
pub mod visitor;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of places.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::join_line))
        .routes(routes!(mail::ask_for_mail, mail::forget_mail))
        .routes(routes!(mail::look_at_turn))
        .routes(routes!(handover::offer_place))
        .routes(routes!(handover::take_place_over))
        .routes(routes!(routes::my_place, routes::leave_line))
}
