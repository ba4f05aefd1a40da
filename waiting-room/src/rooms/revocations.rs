//! Taking a place away, and with it the admission that it may have become.

use axum::http::StatusCode;
use shared::problem::{Problem, Result};
use shared::revocations::{PATH, Revocations, Revoked};
use uuid::Uuid;

use super::rules::RoomId;
use crate::app::App;
use crate::queue::{Ending, Standing};

/// Ends a place in the line first, so that no new token is made of it, and then in the shop. It may be repeated.
///
/// # Errors
/// 404 for a place that the line does not know; 503 `shop-not-told` when booking could not be told of an admission.
pub async fn revoke(app: &App, room: &RoomId, place: Uuid) -> Result<()> {
    let found = app.store.find(room, vec![place], app.now()).await?.into_iter().next().flatten();
    let before = found.ok_or_else(Problem::not_found)?.standing;
    app.store.leave(room, place, Ending::Revoked, app.now()).await?.ok_or_else(Problem::not_found)?;
    if may_hold_a_token(before) { tell_booking(app, place).await } else { Ok(()) }
}

/// Whether an admission may have been made of a place that stood so a moment ago. One that is revoked already is asked
/// about again because booking could not be told the first time.
fn may_hold_a_token(standing: Standing) -> bool {
    matches!(
        standing,
        Standing::Called { .. } | Standing::Admitted { .. } | Standing::Ended { how: Ending::Revoked, .. }
    )
}

async fn tell_booking(app: &App, place: Uuid) -> Result<()> {
    let told = app.ask_booking::<Revoked>(PATH, &Revocations { places: vec![place] }).await;
    told.map(drop).map_err(|error| {
        tracing::warn!(%error, "the shop could not be told of a revocation");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "shop-not-told", "The shop could not be told")
            .detail("The place is taken away in the line, but an admission may still work in the shop. Repeat the request.")
            .retry_after(1)
    })
}
