//! A server before a node that now and then makes an answer up. It exists for one test: a suite that does not call
//! such answers losses would see no real ones either.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::config::Settings;
use shared::testing::TestServer;

use super::Sabotage;
use super::cluster::{Cluster, Fronts};
use crate::api::Api;

/// Every so many-th request that could be lied about is.
const EVERY: u64 = 4;
/// Made-up numbers and ids begin here.
const FIRST: u64 = 1_000_000;

struct Liar {
    truth: Api,
    http: reqwest::Client,
    sabotage: Sabotage,
    asked: AtomicU64,
}

/// Ways to `cluster` that lead through liars, which live as long as what is handed back with them.
///
/// # Errors
/// When their addresses cannot be read.
pub async fn before(cluster: &Cluster, sabotage: Sabotage) -> anyhow::Result<(Fronts, Vec<TestServer>)> {
    let settings = Settings::for_test(&cluster.data_dir());
    let truth = cluster.fronts();
    let (mut fronts, mut servers) = (Fronts::default(), Vec::new());
    for (apis, lying) in [(truth.rooms, &mut fronts.rooms), (truth.shop, &mut fronts.shop)] {
        for truth in apis {
            let liar = Liar { truth, http: reqwest::Client::new(), sabotage, asked: AtomicU64::new(0) };
            let server =
                TestServer::start(Router::new().fallback(answer).with_state(Arc::new(liar)), &settings);
            lying.push(Api::new(&server.url)?);
            servers.push(server);
        }
    }
    Ok((fronts, servers))
}

async fn answer(
    State(liar): State<Arc<Liar>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let is_asked = method == Method::POST && liar.sabotage.is_about(uri.path());
    if is_asked {
        let nth = liar.asked.fetch_add(1, Ordering::SeqCst);
        if nth % EVERY == EVERY - 1 {
            return liar.sabotage.lie(FIRST + nth);
        }
    }
    liar.pass_on(method, &uri, headers, body).await.unwrap_or(StatusCode::BAD_GATEWAY.into_response())
}

impl Liar {
    async fn pass_on(
        &self,
        method: Method,
        uri: &Uri,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Option<Response> {
        for of_this_hop in [header::HOST, header::CONTENT_LENGTH, header::CONNECTION] {
            headers.remove(of_this_hop);
        }
        let url = format!("http://{}{}", self.truth.authority(), uri.path_and_query()?);
        let truth = self.http.request(method, url).headers(headers).body(body).send().await.ok()?;
        let (status, mut headers) = (truth.status(), truth.headers().clone());
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::TRANSFER_ENCODING);
        Some((status, headers, truth.bytes().await.ok()?).into_response())
    }
}

impl Sabotage {
    fn is_about(self, path: &str) -> bool {
        match self {
            Sabotage::FakeJoins => path.ends_with("/places"),
            Sabotage::FakeHolds => path.ends_with("/holds"),
            Sabotage::FakePayments => path.ends_with("/payment"),
        }
    }

    fn lie(self, number: u64) -> Response {
        let (status, body): (_, Value) = match self {
            Sabotage::FakeJoins => {
                let place = json!({ "state": "waiting", "number": number, "position": 1, "serving": 0 });
                (StatusCode::CREATED, json!({ "place_token": "made.up", "place": place }))
            }
            Sabotage::FakeHolds => {
                let id = uuid::Uuid::from_u128(number.into());
                (StatusCode::CREATED, json!({ "id": id, "seats": [{ "id": number }] }))
            }
            Sabotage::FakePayments => {
                let ticket = json!({ "code": format!("TCK-{number}") });
                (StatusCode::OK, json!({ "success": true, "booking": { "tickets": [ticket] } }))
            }
        };
        (status, axum::Json(body)).into_response()
    }
}
