//! Traces: what a purchase waited for, told to a collector as OTLP, and nothing about who bought.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::buying::CARD;
use common::receiver::Receiver;
use common::{Engine, Shop};
use reqwest::Method;
use serde_json::{Value, json};
use shared::config::Settings;
use shared::peer::Peer;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";
/// Looks for spans, and the pause between two.
const LOOKS: u32 = 200;
const LOOK: Duration = Duration::from_millis(50);

/// The spans that have come, until one of this name is among them.
async fn spans_with(receiver: &Receiver, name: &str) -> Vec<Value> {
    let mut spans = Vec::new();
    for _ in 0..LOOKS {
        for message in receiver.take() {
            let message = message.json();
            assert_eq!(
                message["resourceSpans"][0]["resource"]["attributes"][0]["value"]["stringValue"],
                "rushline"
            );
            spans.extend(message["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap().clone());
        }
        if spans.iter().any(|span| span["name"] == name) {
            return spans;
        }
        tokio::time::sleep(LOOK).await;
    }
    panic!("no span {name} among {spans:#?}");
}

fn span<'s>(spans: &'s [Value], name: &str) -> &'s Value {
    spans.iter().find(|span| span["name"] == name).unwrap_or_else(|| panic!("no span {name} in {spans:#?}"))
}

/// Pays as a part of a caller's trace.
async fn pay_traced(shop: &Shop) {
    let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
    let booking = shop.book(&shop.hold(session, &buyer, 1).await, &buyer).await;
    let path = format!("/api/v1/bookings/{booking}/payment");
    let request = shop.request(Method::POST, &path, &buyer);
    let request = request
        .header("traceparent", format!("00-{TRACE}-{CALLER}-01"))
        .json(&json!({ "card_number": CARD }));
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_purchase_is_told_with_its_parts_and_without_its_buyer() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let dir = tempfile::tempdir().unwrap();
        let receiver = Receiver::start(&Settings::for_test(dir.path()));
        let url = receiver.url.trim_end_matches("/hook").to_owned();
        let traced = |settings: &mut Settings| {
            settings.server.traces_url = url;
            settings.server.traces_percent = 100;
        };
        let Some(shop) = Shop::start_with(engine, Peer::in_process(), traced).await else { return };
        pay_traced(&shop).await;
        let paying = "POST /api/v1/bookings/{booking}/payment";
        let spans = spans_with(&receiver, paying).await;
        let whole = span(&spans, paying);
        assert_eq!(
            (&whole["traceId"], &whole["parentSpanId"], &whole["kind"]),
            (&json!(TRACE), &json!(CALLER), &json!(2))
        );
        let status = json!({ "key": "http.response.status_code", "value": { "intValue": "200" } });
        assert!(whole["attributes"].as_array().unwrap().contains(&status), "{whole}");
        let gateway = span(&spans, "gateway authorise");
        assert_eq!(
            (&gateway["traceId"], &gateway["parentSpanId"], &gateway["kind"]),
            (&json!(TRACE), &whole["spanId"], &json!(3))
        );
        let nanos = |span: &Value, end: &str| span[end].as_str().unwrap().parse::<i64>().unwrap();
        assert!(nanos(gateway, "startTimeUnixNano") >= nanos(whole, "startTimeUnixNano") - 2_000_000);
        assert!(nanos(gateway, "endTimeUnixNano") <= nanos(whole, "endTimeUnixNano") + 2_000_000);
        let all = Value::from(spans).to_string();
        for private in [CARD, "@example.com", "Test Person", "Bearer", "eyJ"] {
            assert!(!all.contains(private), "{private} is in {all}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_gone_holds_nobody_up() {
    let shop = Shop::start_with(Engine::Sqlite, Peer::in_process(), |settings| {
        // Nobody listens there.
        settings.server.traces_url = "http://127.0.0.1:1".into();
        settings.server.traces_percent = 100;
    });
    let shop = shop.await.unwrap();
    pay_traced(&shop).await;
    shop.verify().await;
}
