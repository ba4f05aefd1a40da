//! Webhooks out: who is told of what, signed how, how often, and never inside somebody's network.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use booking::jobs;
use common::receiver::Arrived;
use common::{Engine, Shop};
use serde_json::{Value, json};
use shared::peer::Peer;

/// A shop whose endpoints may be on this machine.
async fn shop(engine: Engine) -> Option<Shop> {
    Shop::start_with(engine, Peer::in_process(), |settings| settings.webhooks.allow_private = true).await
}

/// Stamps each test for both engines, with a shop that may call this machine and a server that listens there.
macro_rules! with_a_receiver {
    ($($(#[$meta:meta])* async fn $name:ident($shop:ident, $receiver:ident) $body:block)+) => {
        $(mod $name {
            use super::*;
            $(#[$meta])*
            async fn run($shop: $crate::common::Shop, $receiver: $crate::common::receiver::Receiver) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let shop = $crate::shop($crate::common::Engine::Sqlite).await.unwrap();
                run(shop.clone(), $crate::common::receiver::Receiver::start(&shop.app.settings)).await;
                shop.verify().await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(shop) = $crate::shop($crate::common::Engine::Postgres).await {
                    run(shop.clone(), $crate::common::receiver::Receiver::start(&shop.app.settings)).await;
                    shop.verify().await;
                }
            }
        })+
    };
}

mod delivering;
mod messages;
mod secrets;
mod targets;

/// Registers an endpoint; its id and its secret.
async fn register(shop: &Shop, owner: &str, url: &str, kinds: &[&str]) -> (String, String) {
    let (status, made) = shop.post("/api/v1/webhooks", owner, json!({ "url": url, "kinds": kinds })).await;
    assert_eq!(status, 201, "{made}");
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    assert!(text("secret").starts_with("whsec_"));
    (text("id"), text("secret"))
}

async fn log(shop: &Shop, owner: &str, endpoint: &str) -> Vec<Value> {
    let (status, log) = shop.get(&format!("/api/v1/webhooks/{endpoint}/deliveries"), owner).await;
    assert_eq!(status, 200, "{log}");
    log.as_array().unwrap().clone()
}

async fn run_jobs(shop: &Shop) {
    jobs::run_due(&shop.app).await.unwrap();
}

/// What OpenSSL signs a message with, from its headers, its bytes and the secret alone.
fn signed_by_openssl(secret: &str, message: &Arrived) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let hex: String = key.iter().map(|octet| format!("{octet:02x}")).collect();
    let signed =
        format!("{}.{}.{}", message.header("webhook-id"), message.header("webhook-timestamp"), message.body);
    let mut openssl = Command::new("openssl");
    openssl.args(["dgst", "-sha256", "-mac", "HMAC", "-macopt", &format!("hexkey:{hex}"), "-binary"]);
    let Ok(mut child) = openssl.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
        assert!(option_env!("REQUIRE_TOOLS").is_none(), "openssl is missing: apt-get install openssl");
        return None;
    };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), signed.as_bytes()).unwrap();
    Some(format!("v1,{}", STANDARD.encode(child.wait_with_output().unwrap().stdout)))
}
