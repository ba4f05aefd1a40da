//! Logging in with an account elsewhere: OpenID Connect Core 1.0, authorization code with PKCE (RFC 7636), off by default.
//!
//! What ties the answer to the browser that asked is a sealed cookie: state, nonce and verifier are in it and nowhere else,
//! so there is no table to fill and nothing to steal. The provider's word opens the account it was linked to; it is linked
//! to an account of ours by a mail address that the provider has verified, and by nothing less (decision 67). Tokens never
//! travel with a redirect: the page fetches its login with [`routes::finish_oidc`], which asks for the second factor like
//! any other.

mod link;
mod provider;
mod routes;
mod rules;
mod store;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use provider::Provider;
pub use store::forget;

/// Routes of this part.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::get_oidc))
        .routes(routes!(routes::start_oidc))
        .routes(routes!(routes::oidc_callback))
        .routes(routes!(routes::finish_oidc))
}
