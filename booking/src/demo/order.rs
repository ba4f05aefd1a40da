//! Alice's order, bought through the shop's own door: two tickets of Rock Night under the seeds' codes.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use shared::access::{AccessClaims, Role};
use shared::clock::Ts;
use tower::ServiceExt;
use uuid::Uuid;

use crate::app::App;
use crate::db::{Tx, expect_rows};
use crate::error::{Error, Result};
use crate::q;

/// The seeds' ticket codes.
const CODES: [&str; 2] = ["TCK-ABC123", "TCK-ABC124"];
/// Bytes of the answer that are read.
const ANSWER_MAX: usize = 64 * 1024;

/// Buys two tickets of `event` for Alice, unless she has them.
pub async fn alices_order(app: &App, alice: Uuid, event: i64) -> Result<()> {
    if q!(app.db.ex(), val i64, "SELECT count(*) FROM tickets WHERE code = $1", CODES[0])? > 0 {
        return Ok(());
    }
    let answer = place(app, alice, event).await?;
    let codes: Vec<String> = answer["tickets"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|ticket| ticket["ticket_code"].as_str().map(str::to_owned))
        .collect();
    if codes.len() != CODES.len() {
        return Err(Error::Internal(format!("the demo's order was answered with {answer}")));
    }
    app.db
        .write("name_demo_tickets", move |tx| {
            let codes = codes.clone();
            Box::pin(async move {
                for (code, wanted) in codes.iter().zip(CODES) {
                    rename(tx, code, wanted).await?;
                }
                Ok(())
            })
        })
        .await
}

/// `POST /orders` in Alice's name. Its key makes a second try after a broken one the same order.
async fn place(app: &App, alice: Uuid, event: i64) -> Result<Value> {
    let internal = |e: &dyn std::fmt::Display| Error::Internal(format!("the demo's order failed: {e}"));
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/v1/orders")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {}", token(app, alice, app.now())?))
        .header("idempotency-key", "demo-order-of-alice")
        .body(Body::from(json!({ "event_id": event, "quantity": CODES.len() }).to_string()))
        .map_err(|e| internal(&e))?;
    let Ok(answer) = crate::router(app.clone()).oneshot(request).await;
    let status = answer.status();
    let bytes = to_bytes(answer.into_body(), ANSWER_MAX).await.map_err(|e| internal(&e))?;
    if status == StatusCode::CREATED {
        serde_json::from_slice(&bytes).map_err(|e| internal(&e))
    } else {
        Err(internal(&format!("{status} {}", String::from_utf8_lossy(&bytes))))
    }
}

fn token(app: &App, user: Uuid, now: Ts) -> Result<String> {
    let claims =
        AccessClaims::new(&app.settings.public_url(), user, app.entropy.uuid_v7(now), Role::Guest, now, 60);
    Ok(app.session_keys.sign(&claims)?)
}

async fn rename(tx: &mut Tx, code: &str, wanted: &str) -> Result<()> {
    let rows = q!(tx.ex(), exec, "UPDATE tickets SET code = $2 WHERE code = $1", code, wanted)?;
    expect_rows("name demo ticket", 1, rows)
}
