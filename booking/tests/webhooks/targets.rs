//! Addresses that are never called: those inside a network, however they are written or looked up.

use std::net::SocketAddr;

use booking::q;
use serde_json::json;
use shared::access::Role;

use crate::common::buying::slug;
use crate::common::receiver::Receiver;
use crate::common::{Engine, Shop};
use crate::{on_both_engines, register, run_jobs, shop};

on_both_engines! {
    /// Row 78 of the list of bad inputs.
    async fn addresses_inside_a_network_cannot_be_registered(shop) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let register = async |url: &str| {
            shop.post("/api/v1/webhooks", &organizer, json!({ "url": url, "kinds": ["booking.confirmed"] })).await
        };
        for url in [
            "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://0x7f000001/",
            "https://169.254.169.254/latest", "file:///etc/passwd", "https://example.com:25/", "https://localhost/",
            "https://user:secret@example.com/", "http://192.168.0.1/",
        ] {
            let (status, refused) = register(url).await;
            assert_eq!((status, slug(&refused)), (422, "forbidden-target"), "{url}");
            assert_eq!(refused["errors"][0]["pointer"], "/url");
        }
        let (status, made) = register("https://example.com/hooks").await;
        assert_eq!(status, 201);
        let path = format!("/api/v1/webhooks/{}", made["id"].as_str().unwrap());
        let (status, refused) = shop.patch(&path, &organizer, json!({ "url": "https://10.0.0.1/" })).await;
        assert_eq!((status, slug(&refused)), (422, "forbidden-target"));
        let unknown = json!({ "url": "https://example.com/", "kinds": ["user.deleted"] });
        assert_eq!(shop.post("/api/v1/webhooks", &organizer, unknown).await.0, 422);
        let none = json!({ "url": "https://example.com/", "kinds": [] });
        assert_eq!(shop.post("/api/v1/webhooks", &organizer, none).await.0, 422);
    }
}

/// A name that leads home: how often the server there was reached, and how often the name was looked up.
async fn called_by_name(shop: &Shop, receiver: &Receiver, answers: Vec<&str>) -> (usize, usize) {
    let (_, organizer) = shop.user(Role::Organizer).await;
    let port = receiver.port();
    let address = |ip: &str| vec![SocketAddr::new(ip.parse().unwrap(), port)];
    shop.app.webhooks.wire.names().resolve_as("rebind.example", answers.into_iter().map(address).collect());
    let url = format!("http://rebind.example:{port}/hook");
    let (endpoint, _) = register(shop, &organizer, &url, &["booking.confirmed"]).await;
    shop.post(&format!("/api/v1/webhooks/{endpoint}/ping"), &organizer, json!({})).await;
    run_jobs(shop).await;
    (receiver.take().len(), shop.app.webhooks.wire.names().asked())
}

#[tokio::test]
async fn a_name_that_leads_inside_is_never_connected_to() {
    let shop = Shop::start(Engine::Sqlite).await.unwrap();
    let receiver = Receiver::start(&shop.app.settings);
    assert_eq!(called_by_name(&shop, &receiver, vec!["127.0.0.1"]).await, (0, 1));
    let error = q!(shop.app.db.ex(), val String, "SELECT last_error FROM webhook_deliveries").unwrap();
    assert!(error.contains("not on the public internet"), "{error}");
}

/// The first answer is public, and nobody is there; the second, which an attacker gives a moment later, leads here.
#[tokio::test]
async fn a_name_is_looked_up_once_and_what_was_judged_is_what_is_called() {
    let shop = Shop::start(Engine::Sqlite).await.unwrap();
    let receiver = Receiver::start(&shop.app.settings);
    assert_eq!(called_by_name(&shop, &receiver, vec!["1.1.1.1", "127.0.0.1"]).await, (0, 1));
}

#[tokio::test]
async fn judging_one_look_up_and_calling_another_would_reach_inside() {
    let shop = Shop::start(Engine::Sqlite).await.unwrap();
    let receiver = Receiver::start(&shop.app.settings);
    shop.app.webhooks.wire.names().take_guard_away();
    assert_eq!(called_by_name(&shop, &receiver, vec!["1.1.1.1", "127.0.0.1"]).await, (1, 2));
}

#[tokio::test]
async fn a_developer_may_call_names_of_this_machine() {
    let shop = shop(Engine::Sqlite).await.unwrap();
    let receiver = Receiver::start(&shop.app.settings);
    assert_eq!(called_by_name(&shop, &receiver, vec!["127.0.0.1"]).await, (1, 1));
}
