//! Rows 39, 40, 49, 65 to 70 and 81: who people say they are.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};
use shared::access::Role;
use shared::departures::{self, ServiceClaims};

use crate::common::Shop;
use crate::{Case, check, on_both_engines};

const PASSWORD: &str = "correct horse battery";

fn register(shop: &Shop, name: &str, email: &str, password: &str) -> reqwest::RequestBuilder {
    let body = json!({ "name": name, "email": email, "password": password });
    shop.request(Method::POST, "/api/v1/users/register", "").json(&body)
}

fn login(shop: &Shop, email: &str, password: &str) -> reqwest::RequestBuilder {
    let body = json!({ "email": email, "password": password });
    shop.request(Method::POST, "/api/v1/users/login", "").json(&body)
}

/// A token whose header or claims were changed after it was signed.
fn edited(token: &str, part: usize, change: impl FnOnce(&mut Value)) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let mut json = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&parts[part]).unwrap()).unwrap();
    change(&mut json);
    parts[part] = URL_SAFE_NO_PAD.encode(json.to_string());
    parts.join(".")
}

on_both_engines! {
    async fn names_and_addresses_of_real_people_pass(shop) {
        let mut cases = Vec::new();
        let long = format!("{}@example.com", "x".repeat(300));
        for bad in ["", "a@", "@example.com", "a@@example.com", "a@b", "a b@example.com", "\"a b\"@x", "\"a b\"@example.com",
            "a@example..com", "a@[127.0.0.1]", "a@example.com, b@example.com", "a@example.com\r\nBcc: b@example.com", &long] {
            cases.push(Case::new(39, bad, register(&shop, "A", bad, PASSWORD), 422, "email-invalid").at("/email"));
        }
        for good in ["a+tag@example.com", "bücher@example.com", "a@bücher.example", "o'brien@example.com"] {
            cases.push(Case::new(39, good, register(&shop, "A", good, PASSWORD), 201, ""));
        }
        for (n, name) in ["👩‍👩‍👧", "محمد", "Q", "O'Brien", "Ж", "{{7*7}}"].into_iter().enumerate() {
            cases.push(Case::new(40, name, register(&shop, name, &format!("n{n}@example.com"), PASSWORD), 201, ""));
        }
        for (bad, slug) in [("  ", "blank"), ("\u{202e}evil", "control-character"), ("a\r\nb", "control-character")] {
            cases.push(Case::new(21, bad, register(&shop, bad, "x@example.com", PASSWORD), 422, slug).at("/name"));
        }
        for (characters, status, slug) in [(7, 422, "password-length"), (5000, 422, "password-length"), (64, 201, ""), (128, 201, ""), (129, 422, "password-length")] {
            let email = format!("p{characters}@example.com");
            cases.push(Case::new(66, characters.to_string(), register(&shop, "A", &email, &"x".repeat(characters)), status, slug));
        }
        cases.push(Case::new(66, "5000 at the login", login(&shop, "p64@example.com", &"x".repeat(5000)), 422, "password-length"));
        check(cases).await;
    }

    async fn nobody_learns_who_has_an_account(shop) {
        check(vec![
            Case::new(70, "new", register(&shop, "A", "a@example.com", PASSWORD), 201, ""),
            Case::new(70, "known", register(&shop, "A", "a@example.com", PASSWORD), 201, ""),
            Case::new(65, "wrong password", login(&shop, "a@example.com", "wrong horse"), 401, "login-failed"),
            Case::new(65, "unknown", login(&shop, "nobody@example.com", "wrong horse"), 401, "login-failed"),
            Case::new(67, "a link that never was", shop.request(Method::POST, "/api/v1/users/verify-email", "").json(&json!({ "token": "x".repeat(43) })), 410, "link-expired"),
            Case::new(67, "an edited one", shop.request(Method::POST, "/api/v1/users/reset-password", "").json(&json!({ "token": "y", "password": PASSWORD })), 410, "link-expired"),
            Case::new(68, "a refresh token that never was", shop.request(Method::POST, "/api/v1/users/refresh", "").json(&json!({ "refresh_token": "junk" })), 401, "login-required"),
        ])
        .await;
        let (_, wrong) = shop.post("/api/v1/users/login", "", json!({ "email": "a@example.com", "password": "wrong horse" })).await;
        let (_, unknown) = shop.post("/api/v1/users/login", "", json!({ "email": "b@example.com", "password": "wrong horse" })).await;
        assert_eq!(wrong["detail"], unknown["detail"], "row 65, one text");
    }

    async fn a_token_is_ours_whole_and_for_this(shop) {
        let (_, good) = shop.user(Role::Guest).await;
        let signature_of = |token: &str| token.rsplit('.').next().unwrap().to_owned();
        let service = shop.app.session_keys.sign(&ServiceClaims::new(departures::AUDIENCE, shop.app.now())).unwrap();
        let unsigned = edited(&good, 0, |header| header["alg"] = json!("none"));
        let bare = unsigned.strip_suffix(&signature_of(&unsigned)).unwrap().to_owned();
        let mut cases = Vec::new();
        for (what, token) in [
            ("alg none", unsigned),
            ("alg none, unsigned", bare),
            ("alg HS256", edited(&good, 0, |header| header["alg"] = json!("HS256"))),
            ("unknown kid", edited(&good, 0, |header| header["kid"] = json!("nobody"))),
            ("kid as a path", edited(&good, 0, |header| header["kid"] = json!("../../etc/passwd"))),
            ("jku", edited(&good, 0, |header| header["jku"] = json!("https://evil.example/jwks.json"))),
            ("typ", edited(&good, 0, |header| header["typ"] = json!("admission+jwt"))),
            ("more power", edited(&good, 1, |claims| claims["role"] = json!("admin"))),
            ("later end", edited(&good, 1, |claims| claims["exp"] = json!(9_999_999_999_i64))),
            ("end as text", edited(&good, 1, |claims| claims["exp"] = json!("9999999999"))),
            ("no end", edited(&good, 1, |claims| drop(claims.as_object_mut().unwrap().remove("exp")))),
            ("cut", good[..good.len() - 3].to_owned()),
            ("a service's", service),
            ("12 KiB", "a".repeat(12_000)),
            ("dots", "..".to_owned()),
        ] {
            cases.push(Case::new(49, what, shop.request(Method::GET, "/api/v1/users/me", &token), 401, "invalid-token"));
        }
        cases.push(Case::new(49, "the good one", shop.request(Method::GET, "/api/v1/users/me", &good), 200, ""));
        check(cases).await;
        shop.advance_s(2 * 86_400);
        check(vec![Case::new(49, "over", shop.request(Method::GET, "/api/v1/users/me", &good), 401, "invalid-token")]).await;
    }

    async fn other_origins_are_given_nothing(shop) {
        let host = shop.url.trim_start_matches("http://").to_owned();
        for origin in ["http://evil.example".to_owned(), "null".to_owned(), format!("http://{host}.evil.example")] {
            let answer = shop.request(Method::GET, "/api/v1/events", "").header("origin", &origin).send().await.unwrap();
            assert!(answer.headers().get("access-control-allow-origin").is_none(), "row 81: {origin}");
        }
    }
}
