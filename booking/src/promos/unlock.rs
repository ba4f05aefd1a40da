//! HTTP of hidden ticket types: what a code unlocks.

use axum::extract::State;
use serde::Serialize;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::ProblemDocument;
use utoipa::ToSchema;

use super::apply;
use super::routes::TypedCode;
use super::rules;
use crate::app::App;
use crate::error::Result;
use crate::events::{self, TicketTypeDetail};
use crate::extract::{CurrentUser, Path};
use crate::seats;

/// What a code unlocks in a session.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Unlocked {
    /// The code.
    code: String,
    /// The ticket types, to be held with the code.
    ticket_types: Vec<UnlockedType>,
}

/// A hidden ticket type, to who has its code.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnlockedType {
    /// The ticket type.
    #[serde(flatten)]
    kind: TicketTypeDetail,
    /// Ids of its free seats, where they have labels: the seat map shows them as blocked.
    seats: Vec<i64>,
}

/// See the hidden ticket types of a session that a code unlocks. Hold them with `promo_code`; nothing is used up before.
#[utoipa::path(post, path = "/api/v1/sessions/{session}/unlock", tag = "buy", request_body = TypedCode,
    params(("session" = i64, Path)),
    responses((status = 200, body = Unlocked), (status = 404, body = ProblemDocument),
        (status = 409, description = "The sale has not begun or is over", body = ProblemDocument),
        (status = 410, description = "`event-cancelled`", body = ProblemDocument), (status = 422, body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn unlock_ticket_types(
    State(app): State<App>,
    user: Option<CurrentUser>,
    client: Client,
    Path(session): Path<i64>,
    Json(body): Json<TypedCode>,
) -> Result<Json<Unlocked>> {
    app.limits.check_code(client, user.map(|user| user.id))?;
    let sale = events::sale_of(&app, session).await?;
    seats::check_on_sale(&sale, app.now())?;
    let promo = apply::look_up(&app, sale.event_id, user.map(|user| user.id), &body.code).await?;
    let mut ticket_types = Vec::new();
    for kind in events::ticket_types(app.db.ex(), session).await? {
        if promo.unlocks.contains(&kind.id) && kind.hidden && !kind.withdrawn {
            let (remaining, seats) = seats::free_of(&app, session, kind.id).await?;
            let kind = events::ticket_type(&kind, remaining, &sale.currency);
            ticket_types.push(UnlockedType { kind, seats });
        }
    }
    if ticket_types.is_empty() {
        return Err(rules::invalid().into());
    }
    Ok(Json(Unlocked { code: promo.code, ticket_types }))
}
