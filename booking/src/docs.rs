//! The API's description: an OpenAPI document made from the handlers, and a page that shows it without the internet.

use axum::Router;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_swagger_ui::SwaggerUi;

/// Where the document is.
const DOCUMENT: &str = "/api/v1/openapi.json";

/// What the document says before the handlers have their say.
pub fn head() -> OpenApi {
    let mut components = Components::new();
    components.add_security_scheme(
        "bearer",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build()),
    );
    let description = "Everything Rushline's shop, console and gate do goes through this API. Errors are problem \
        documents (RFC 9457) with a stable `type`; lists are arrays whose next page is in the `Link` header; instants are \
        RFC 3339 in UTC; money is an integer of minor units beside its ISO 4217 currency, and, where named so by older \
        clients, a decimal of major units. What costs or locks takes an `Idempotency-Key`.";
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Rushline booking")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(description))
                .build(),
        )
        .components(Some(components))
        .build()
}

/// The document and its page at `/docs/`.
pub fn router(document: OpenApi) -> Router {
    SwaggerUi::new("/docs").url(DOCUMENT, document).into()
}
