//! Secrets: how messages are signed with them, and where they never stand.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use booking::q;
use serde_json::json;
use shared::access::Role;
use shared::testing::Log;

use crate::common::Engine;
use crate::common::receiver::Receiver;
use crate::{register, run_jobs, shop, signed_by_openssl};

const DAY_S: i64 = 86_400;

with_a_receiver! {
    async fn after_a_new_secret_both_sign_for_a_day(shop, receiver) {
        let (owner, organizer) = shop.user(Role::Organizer).await;
        let (endpoint, first) = register(&shop, &organizer, &receiver.url, &["booking.confirmed"]).await;
        let path = format!("/api/v1/webhooks/{endpoint}");
        let (status, rotated) = shop.post(&format!("{path}/secret"), &organizer, json!({})).await;
        assert_eq!((status, &rotated["overlap_until"]), (200, &json!("2026-06-02T12:00:00Z")));
        let second = rotated["secret"].as_str().unwrap().to_owned();
        assert_ne!(first, second);
        let ping = async || {
            let token = shop.token(owner, Role::Organizer);
            assert_eq!(shop.post(&format!("{path}/ping"), &token, json!({})).await.0, 202);
            run_jobs(&shop).await;
            receiver.take().remove(0)
        };
        let during = ping().await;
        if let (Some(old), Some(new)) = (signed_by_openssl(&first, &during), signed_by_openssl(&second, &during)) {
            assert_eq!(during.header("webhook-signature"), format!("{new} {old}"));
        }
        shop.advance_s(DAY_S);
        let after = ping().await;
        if let Some(new) = signed_by_openssl(&second, &after) {
            assert_eq!(after.header("webhook-signature"), new);
        }
        // No table has either in the clear, and no answer shows one again.
        let (_, shown) = shop.get(&path, &shop.token(owner, Role::Organizer)).await;
        assert!(shown.get("secret").is_none());
        let kept = q!(shop.app.db.ex(), vals Vec<u8>, "SELECT secret FROM webhook_endpoints").unwrap();
        for secret in [first, second] {
            let raw = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
            assert!(kept.iter().all(|kept| !kept.windows(raw.len()).any(|part| part == raw)));
        }
    }
}

/// On one thread, so that all of it goes to this test's log.
#[tokio::test]
async fn neither_the_secret_nor_the_address_is_logged() {
    let (log, logging) = Log::start();
    let shop = shop(Engine::Sqlite).await.unwrap();
    let receiver = Receiver::start(&shop.app.settings);
    let (_, organizer) = shop.user(Role::Organizer).await;
    let url = format!("{}?key=hush", receiver.url);
    let (endpoint, secret) = register(&shop, &organizer, &url, &["booking.confirmed"]).await;
    for status in [204, 500] {
        receiver.answers(status, "private answer", Vec::new());
        shop.post(&format!("/api/v1/webhooks/{endpoint}/ping"), &organizer, json!({})).await;
        run_jobs(&shop).await;
    }
    // Given up at once: an operator's log says so.
    receiver.answers(410, "private answer", Vec::new());
    let (_, session) = shop.event(&organizer, 10.0, 5).await;
    shop.buy(session, &shop.buyer().await, 1).await;
    run_jobs(&shop).await;
    drop(logging);
    let text = log.text();
    assert!(text.contains("deliver-webhook"), "{text}");
    for hidden in [secret.strip_prefix("whsec_").unwrap(), "hush", "private answer", "Test Person"] {
        assert!(!text.contains(hidden), "{hidden} is in the log");
    }
}
