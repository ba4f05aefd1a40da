//! Which pages may act for a visitor.

use axum::http::{HeaderMap, StatusCode, header};
use shared::config::Settings;
use shared::problem::Problem;

/// Refuses a request that another site's page makes. A missing `Origin` is refused too: for WebSockets, which
/// browsers always send with one.
pub fn same_site(headers: &HeaderMap, settings: &Settings) -> Result<(), Problem> {
    let origin = headers.get(header::ORIGIN).and_then(|v| v.to_str().ok());
    if origin.is_some_and(|origin| is_ours(origin, headers, settings)) { Ok(()) } else { Err(refused()) }
}

/// The same, but a request without `Origin` passes: it does not come from a page.
pub fn same_site_if_stated(headers: &HeaderMap, settings: &Settings) -> Result<(), Problem> {
    if headers.contains_key(header::ORIGIN) { same_site(headers, settings) } else { Ok(()) }
}

/// Our public address, a listed origin, or, in development, the host the request itself names.
fn is_ours(origin: &str, headers: &HeaderMap, settings: &Settings) -> bool {
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok());
    let asked = || host.is_some_and(|host| origin.split_once("://").is_some_and(|(_, of)| of == host));
    origin == settings.public_url()
        || settings.server.cors_origins.iter().any(|listed| listed == origin)
        || (!settings.is_production() && asked())
}

fn refused() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "origin-refused", "Not from this page")
        .detail("This address only answers pages of this site. An operator can list other origins in server.cors_origins.")
}
