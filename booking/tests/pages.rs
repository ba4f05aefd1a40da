//! The shop's pages as the server gives them out.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Engine, Shop};
use reqwest::Method;
use shared::peer::Peer;

#[tokio::test]
async fn what_leads_nowhere_is_a_page_for_readers_and_a_problem_for_programs() {
    let shop = Shop::start_with(Engine::Sqlite, Peer::in_process(), |_| {}).await.unwrap();
    let reader = "text/html,application/xhtml+xml,*/*;q=0.8";
    for (method, path, accept, kind) in [
        (Method::GET, "/no/such/page", reader, "text/html"),
        (Method::GET, "/no/such/page", "application/json", "application/problem+json"),
        (Method::GET, "/api/v1/nothing", reader, "application/problem+json"),
        (Method::POST, "/no/such/page", reader, "application/problem+json"),
    ] {
        let answer = shop.request(method.clone(), path, "").header("Accept", accept).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{method} {path}");
        let told = answer.headers()["content-type"].to_str().unwrap();
        assert!(told.starts_with(kind), "{method} {path} for {accept}: {told}");
    }
}
