//! A whole site behind the room “rock-night”. Run it with `cargo run -p shared --example behind_the_room`.

use axum::routing::get;
use axum::{Extension, Router};
use shared::admission::AdmissionClaims;
use shared::clock::Clock;
use shared::guard::AdmissionGuard;
use shared::peer::Peer;

#[tokio::main]
#[allow(
    clippy::disallowed_methods,
    reason = "the load balancer in front has the time-outs that axum::serve lacks"
)]
async fn main() -> anyhow::Result<()> {
    let waiting_room = Peer::http("http://127.0.0.1:8080")?;
    let guard = AdmissionGuard::new(waiting_room, "rock-night", "http://127.0.0.1:8000", Clock::system());
    let site = Router::new().route("/shop", get(shop)).layer(guard);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:9000").await?;
    Ok(axum::serve(listener, site).await?)
}

async fn shop(Extension(admission): Extension<AdmissionClaims>) -> String {
    format!("Come in, event {} is yours until {}.", admission.event, admission.expires_at())
}
