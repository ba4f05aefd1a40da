//! Access codes: an organiser makes them, a visitor joins with one, and it opens the lane it was made for.
//!
//! A code is shown once, when it is made; what is kept is its keyed hash ([`pseudonym`]). It travels in bodies of POST
//! requests only, never in an address, and no log has it. Using one up and giving the place is one step of the store
//! ([`crate::queue::QueueStore::join`]).

pub mod routes;
pub mod rules;

use shared::limits::Client;
use shared::problem::Result;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::pseudonym::pseudonym;
use crate::queue::codes::CodeKey;
use crate::rooms::rules::RoomId;

/// The routes of access codes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::create_codes, routes::list_codes))
        .routes(routes!(routes::revoke_code))
}

/// The key of a code that a visitor typed, counted against the tries of her network; `None` when she typed none.
pub fn tried(app: &App, room: &RoomId, typed: Option<&str>, client: Client) -> Result<Option<CodeKey>> {
    let Some(typed) = typed.filter(|typed| !typed.trim().is_empty()) else { return Ok(None) };
    app.codes.check(client)?;
    let code = rules::normalised(typed).ok_or_else(rules::unknown)?;
    Ok(Some(key(app, room, &code)))
}

fn key(app: &App, room: &RoomId, code: &str) -> CodeKey {
    CodeKey(pseudonym(&app.place_keys.derived_secret("access codes"), room, code.as_bytes()))
}
