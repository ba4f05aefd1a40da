//! A second factor: set up, asked for, used once, lost and switched off.
#![allow(clippy::unwrap_used)]

mod common;

use booking::q;
use common::Shop;
use common::buying::slug;
use data_encoding::BASE32_NOPAD;
use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use shared::access::Role;

const PASSWORD: &str = "correct horse battery";

/// What an authenticator app shows for this secret at the shop's time, some steps away.
fn code(shop: &Shop, secret: &str, steps: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(&BASE32_NOPAD.decode(secret.as_bytes()).unwrap()).unwrap();
    mac.update(&(shop.app.now().seconds() / 30 + steps).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

async fn login(shop: &Shop, code: Option<&str>) -> (u16, Value) {
    let mut body = json!({ "email": "olga@example.com", "password": PASSWORD });
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    shop.post("/api/v1/users/login", "", body).await
}

/// An account with a confirmed factor: its token, the secret, and the recovery codes.
async fn enrolled(shop: &Shop) -> (String, String, Vec<String>) {
    let body = json!({ "name": "Olga", "email": "olga@example.com", "password": PASSWORD });
    assert_eq!(shop.post("/api/v1/users/register", "", body).await.0, 201);
    let token = login(shop, None).await.1["token"].as_str().unwrap().to_owned();
    let (status, shown) = shop.post("/api/v1/users/me/totp", &token, json!({})).await;
    assert_eq!(status, 201, "{shown}");
    let secret = shown["secret"].as_str().unwrap().to_owned();
    assert_eq!(
        shown["otpauth_url"],
        format!("otpauth://totp/Rushline:olga@example.com?secret={secret}&issuer=Rushline")
    );
    assert!(shown["qr_svg"].as_str().unwrap().starts_with("<svg"));
    assert_eq!(login(shop, None).await.0, 200, "nothing changes until it is confirmed");
    let confirm = async |code: String| {
        shop.post("/api/v1/users/me/totp/confirm", &token, json!({ "code": code })).await
    };
    assert_eq!(slug(&confirm(code(shop, &secret, 9)).await.1), "totp-wrong");
    let (status, confirmed) = confirm(code(shop, &secret, 0)).await;
    assert_eq!(status, 200, "{confirmed}");
    let codes = confirmed["recovery_codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c.as_str().unwrap().to_owned())
        .collect();
    (token, secret, codes)
}

on_both_engines! {
    async fn a_login_needs_the_code_and_each_code_works_once(shop) {
        let (token, secret, _) = enrolled(&shop).await;
        let (status, refused) = login(&shop, None).await;
        assert_eq!((status, slug(&refused)), (401, "totp-required"));
        assert_eq!(slug(&login(&shop, Some(&code(&shop, &secret, 0))).await.1), "totp-wrong", "it confirmed the factor");
        shop.advance_s(30);
        let now = code(&shop, &secret, 0);
        assert_eq!(login(&shop, Some(&now)).await.0, 200);
        assert_eq!(slug(&login(&shop, Some(&now)).await.1), "totp-wrong", "somebody looked over her shoulder");
        let (_, status) = shop.get("/api/v1/users/me/totp", &token).await;
        assert_eq!(status, json!({ "enabled": true, "recovery_codes_left": 10 }));
        assert_eq!(slug(&shop.post("/api/v1/users/me/totp", &token, json!({})).await.1), "totp-on");
        let wrong = json!({ "email": "olga@example.com", "password": "not the password" });
        assert_eq!(slug(&shop.post("/api/v1/users/login", "", wrong).await.1), "login-failed", "nobody learns of the factor");
    }

    /// Row 69 of the list of bad inputs.
    async fn who_guesses_codes_is_told_to_slow_down(shop) {
        let (_, secret, _) = enrolled(&shop).await;
        let answers = join_all((0..30).map(|_| login(&shop, Some("000000")))).await;
        let of = |status: u16, expected: &str| answers.iter().filter(|(s, body)| *s == status && slug(body) == expected).count();
        let (wrong, slowed) = (of(401, "totp-wrong"), of(429, "slow-down"));
        assert_eq!(wrong + slowed, 30, "{answers:?}");
        assert!(slowed > 0, "ten guesses a minute are enough");
        assert_eq!(login(&shop, Some(&code(&shop, &secret, 1))).await.0, 429, "and then not even the right one helps");
    }

    /// A stolen database shows nobody's codes.
    async fn secrets_are_sealed_and_those_from_before_become_so(shop) {
        let (_, secret, _) = enrolled(&shop).await;
        let raw = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
        let kept = async || q!(shop.app.db.ex(), val Vec<u8>, "SELECT secret FROM totp").unwrap();
        let sealed = kept().await;
        assert!(sealed.len() > raw.len() && !sealed.windows(raw.len()).any(|part| part == raw));
        // As a node of an older version wrote it.
        let plain = raw.clone();
        let write = shop.app.db.write("test_plain", move |tx| {
            let plain = plain.clone();
            Box::pin(async move { Ok(q!(tx.ex(), exec, "UPDATE totp SET secret = $1", plain)?) })
        });
        assert_eq!(write.await.unwrap(), 1);
        shop.advance_s(30);
        assert_eq!(login(&shop, Some(&code(&shop, &secret, 0))).await.0, 200);
        booking::users::seal_old_totp(&shop.app).await.unwrap();
        let sealed = kept().await;
        assert!(sealed.len() > raw.len());
        shop.advance_s(30);
        assert_eq!(login(&shop, Some(&code(&shop, &secret, 0))).await.0, 200);
        booking::users::seal_old_totp(&shop.app).await.unwrap();
        assert_eq!(kept().await, sealed, "what is sealed stays");
        // Moved to another account's row it opens nothing.
        let mallory = shop.user(Role::Guest).await.0;
        let write = shop.app.db.write("test_move", move |tx| {
            Box::pin(async move { Ok(q!(tx.ex(), exec, "UPDATE totp SET user_id = $1", mallory)?) })
        });
        assert_eq!(write.await.unwrap(), 1);
        let path = "/api/v1/users/me/totp/disable";
        let token = shop.token(mallory, Role::Guest);
        assert_eq!(shop.post(path, &token, json!({ "code": code(&shop, &secret, 1) })).await.0, 500);
    }

    async fn a_recovery_code_stands_in_once_and_an_admin_helps_who_has_lost_all(shop) {
        let (token, secret, codes) = enrolled(&shop).await;
        assert_eq!(login(&shop, Some(&codes[0].to_lowercase())).await.0, 200);
        assert_eq!(slug(&login(&shop, Some(&codes[0])).await.1), "totp-wrong");
        shop.advance_s(60);
        let off = async |code: &str| shop.post("/api/v1/users/me/totp/disable", &token, json!({ "code": code })).await;
        assert_eq!(slug(&off("000000").await.1), "totp-wrong");
        assert_eq!(off(&code(&shop, &secret, 0)).await.0, 204);
        assert_eq!((login(&shop, None).await.0, off("000000").await.0), (200, 404));
        // Again, and then phone and paper are gone.
        let (_, shown) = shop.post("/api/v1/users/me/totp", &token, json!({})).await;
        let secret = shown["secret"].as_str().unwrap();
        assert_eq!(shop.post("/api/v1/users/me/totp/confirm", &token, json!({ "code": code(&shop, secret, 0) })).await.0, 200);
        let olga = shop.get("/api/v1/users/me", &token).await.1["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/admin/users/{olga}/totp");
        assert_eq!((shop.delete(&path, &token).await.0, shop.delete(&path, "").await.0), (403, 401));
        let (_, admin) = shop.user(Role::Admin).await;
        assert_eq!((shop.delete(&path, &admin).await.0, shop.delete(&path, &admin).await.0), (204, 404));
        assert_eq!(login(&shop, None).await.0, 200);
        let (_, audit) = shop.get(&format!("/api/v1/admin/audit?subject=user:{olga}"), &admin).await;
        let acts: Vec<&str> = audit.as_array().unwrap().iter().map(|a| a["action"].as_str().unwrap()).collect();
        assert_eq!(acts[..2], ["totp.disabled", "totp.enabled"]);
    }
}
