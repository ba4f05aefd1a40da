//! The shop's pages, built into the binary: one document for every page, and files that browsers keep for a year.

use axum::Router;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use shared::assets::respond;
use shared::problem::Problem;

use crate::app::App;

/// What `npm run build` made; missing in a build without it.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Files;

/// Shown instead of the shop by a build without its pages.
const UNBUILT: &str = "<!doctype html><title>Rushline</title><p>The pages are not in this build. \
    Run <code>scripts/run</code>, or <code>npm ci &amp;&amp; npm run build</code> in booking/web and build again. \
    The API is described at <a href=\"/docs/\">/docs</a>.";

/// The paths the shop routes itself; the list of `web/src/routes.tsx`.
const PAGES: &[&str] = &[
    "/",
    "/events",
    "/events/{id}",
    "/sessions/{id}",
    "/checkout/{id}",
    "/bookings",
    "/bookings/{id}",
    "/tickets/{code}",
    "/login",
    "/register",
    "/guest",
    "/verify-email",
    "/forgot-password",
    "/reset-password",
    "/account",
    "/organise",
    "/organise/new",
    "/organise/events/{id}",
    "/organise/events",
    "/organise/events/{id}/edit",
    "/organise/venues",
    "/organise/venues/{id}/plan",
    "/organise/venues/{id}/import",
    "/organise/reports",
    "/organise/webhooks",
    "/organise/people",
    "/organise/audit",
    "/organise/jobs",
    "/organise/rooms",
    "/organise/rooms/new",
    "/organise/rooms/{room}",
    "/line/{room}",
    "/gate",
    "/transfers/{id}",
];

/// Routes of pages and their files.
pub fn router() -> Router<App> {
    let mut router = Router::new().route("/assets/{*file}", get(file));
    for name in Files::iter().filter(|name| !name.contains('/') && name != "index.html") {
        router = router.route(&format!("/{name}"), get(file));
    }
    for path in PAGES {
        router = router.route(path, get(page));
    }
    router.fallback(lost)
}

/// What leads nowhere: a reader is told so by the shop's page, a program by a problem.
async fn lost(method: Method, uri: Uri, mut headers: HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_reader = method == Method::GET
        && !uri.path().starts_with("/api/")
        && accepted.is_some_and(|accepted| accepted.contains("text/html"));
    if !is_reader {
        return Problem::not_found().into_response();
    }
    headers.remove(header::IF_NONE_MATCH);
    (StatusCode::NOT_FOUND, page(headers).await).into_response()
}

/// The one document of the shop.
async fn page(headers: HeaderMap) -> Response {
    match Files::get("index.html") {
        Some(document) => respond(document, &headers, false),
        None => Html(UNBUILT).into_response(),
    }
}

/// A file by its path; names under `assets` carry a hash and never change.
async fn file(uri: Uri, headers: HeaderMap) -> Response {
    let name = uri.path().trim_start_matches('/');
    match Files::get(name) {
        Some(found) => respond(found, &headers, name.starts_with("assets/")),
        None => Problem::not_found().into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths of the shop's own router, as far as they are whole (children of `/organise` are relative).
    #[test]
    fn every_page_of_the_shop_is_served() {
        let routes = include_str!("../web/src/routes.tsx");
        let paths =
            routes.lines().filter_map(|line| line.trim().strip_prefix("path: \"")?.strip_suffix("\","));
        for path in paths {
            let known = PAGES.iter().any(|page| {
                let page = page.strip_prefix("/organise").filter(|p| !p.is_empty()).unwrap_or(page);
                pattern(page) == pattern(path)
            });
            assert!(known, "{path} is a page of the shop but not in PAGES");
        }
    }

    /// Parameters by position: the two routers name them differently.
    fn pattern(path: &str) -> Vec<&str> {
        path.split('/').map(|part| if part.starts_with(['$', '{']) { "*" } else { part }).collect()
    }
}
