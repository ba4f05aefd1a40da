//! Accounts: what they answer, and what they keep to themselves.
#![allow(clippy::unwrap_used)]

mod common;

use booking::q;
use common::{Shop, answer};
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use shared::access::Role;
use uuid::Uuid;

const PASSWORD: &str = "plaintext_password";

fn slug(answer: &Value) -> &str {
    answer["type"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default()
}

async fn register(shop: &Shop, email: &str) -> Value {
    let body = json!({ "name": "Alice Buyer", "email": email, "password": PASSWORD, "user_type": "guest" });
    let (status, made) = shop.post("/api/v1/users/register", "", body).await;
    assert_eq!(status, 201, "{made}");
    made
}

async fn login(shop: &Shop, email: &str) -> Value {
    let (status, login) =
        shop.post("/api/v1/users/login", "", json!({ "email": email, "password": PASSWORD })).await;
    assert_eq!(status, 200, "{login}");
    login
}

async fn refresh(shop: &Shop, token: &Value) -> (u16, Value) {
    shop.post("/api/v1/users/refresh", "", json!({ "refresh_token": token })).await
}

/// The secret of the newest mail of this kind.
async fn mailed_token(shop: &Shop, message: &str) -> String {
    let payloads = q!(shop.app.db.ex(), vals sqlx::types::Json<Value>, "SELECT payload FROM jobs WHERE kind = 'mail' ORDER BY id DESC");
    let payloads = payloads.unwrap();
    let mail =
        payloads.iter().find(|p| p["message"] == message).unwrap_or_else(|| panic!("no mail {message}"));
    mail["token"].as_str().unwrap().to_owned()
}

async fn mails(shop: &Shop, message: &str) -> usize {
    let payloads =
        q!(shop.app.db.ex(), vals sqlx::types::Json<Value>, "SELECT payload FROM jobs WHERE kind = 'mail'");
    payloads.unwrap().iter().filter(|p| p["message"] == message).count()
}

on_both_engines! {
    async fn the_seeds_requests_get_the_seeds_answers(shop) {
        let made = register(&shop, "alice@example.com").await;
        let keys: Vec<&String> = made.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["created_at", "email", "id", "name", "user_type"]);
        assert_eq!((&made["name"], &made["user_type"]), (&json!("Alice Buyer"), &json!("guest")));
        assert!(made["id"].as_str().unwrap().parse::<Uuid>().is_ok());
        let login = login(&shop, "Alice@Example.com").await;
        let token = login["token"].as_str().unwrap();
        assert_eq!(login["user"]["id"], made["id"]);
        assert_eq!(login["user"]["user_type"], "guest");
        let (status, me) = shop.get("/api/v1/users/me", token).await;
        assert_eq!((status, &me["email"]), (200, &json!("alice@example.com")));
        let (_, admin) = shop.user(Role::Admin).await;
        let (status, users) = shop.get("/api/v1/admin/users?q=alice", &admin).await;
        assert_eq!(status, 200);
        let row = &users.as_array().unwrap()[0];
        for field in ["id", "name", "email", "user_type"] {
            assert_eq!(row[field], made[field], "{field}");
        }
        assert_eq!(shop.get("/api/v1/admin/users", token).await.0, 403);
        assert_eq!(shop.get("/api/v1/admin/users", "").await.0, 401);
    }

    async fn nobody_registers_as_more_than_a_guest(shop) {
        for wanted in ["admin", "organizer", "gate", "root"] {
            let body = json!({ "name": "Mallory", "email": format!("{wanted}@example.com"), "password": PASSWORD, "user_type": wanted });
            let (status, made) = shop.post("/api/v1/users/register", "", body).await;
            assert_eq!((status, &made["user_type"]), (201, &json!("guest")));
            let login = login(&shop, &format!("{wanted}@example.com")).await;
            let (status, _) = shop.get("/api/v1/admin/users", login["token"].as_str().unwrap()).await;
            assert_eq!(status, 403);
        }
        let body = json!({ "name": "M", "email": "m@example.com", "password": PASSWORD, "role": "admin" });
        let (status, refused) = shop.post("/api/v1/users/register", "", body).await;
        assert_eq!((status, slug(&refused)), (422, "unknown-field"));
    }

    async fn a_known_address_is_not_told_to_strangers(shop) {
        let first = register(&shop, "alice@example.com").await;
        let again = register(&shop, "ALICE@example.com").await;
        assert_ne!(first["id"], again["id"]);
        assert_eq!(first.as_object().unwrap().len(), again.as_object().unwrap().len());
        assert_eq!(mails(&shop, "already-registered").await, 1);
        assert_eq!(login(&shop, "alice@example.com").await["user"]["id"], first["id"]);
        let try_login = |email: &'static str| shop.post("/api/v1/users/login", "", json!({ "email": email, "password": "wrong password" }));
        let (known, unknown) = (try_login("alice@example.com").await, try_login("nobody@example.com").await);
        assert_eq!((known.0, slug(&known.1)), (401, "login-failed"));
        assert_eq!((known.0, &known.1["detail"]), (unknown.0, &unknown.1["detail"]));
        for email in ["alice@example.com", "nobody@example.com"] {
            assert_eq!(shop.post("/api/v1/users/forgot-password", "", json!({ "email": email })).await, (202, Value::Null));
        }
        assert_eq!(mails(&shop, "reset-password").await, 1);
    }

    async fn many_who_register_one_address_at_once_make_one_account(shop) {
        let body = || json!({ "name": "Twin", "email": "twin@example.com", "password": PASSWORD });
        let made = futures_util::future::join_all((0..12).map(|_| shop.post("/api/v1/users/register", "", body()))).await;
        assert!(made.iter().all(|(status, _)| *status == 201), "{made:?}");
        let accounts = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM users WHERE email_key = 'twin@example.com'");
        assert_eq!(accounts.unwrap(), 1);
        assert_eq!(mails(&shop, "already-registered").await, 11);
    }

    async fn what_is_kept_of_a_person_can_be_taken_along(shop) {
        register(&shop, "alice@example.com").await;
        let token = login(&shop, "alice@example.com").await["token"].as_str().unwrap().to_owned();
        let (status, kept) = shop.get("/api/v1/users/me/export", &token).await;
        assert_eq!((status, &kept["email"], &kept["bookings"]), (200, &json!("alice@example.com"), &json!([])));
        assert_eq!(kept["logins"].as_array().unwrap().len(), 1);
        assert_eq!((&kept["logins"][0]["begun_at"], &kept["logins"][0]["ended_at"]), (&json!("2026-06-01T12:00:00Z"), &Value::Null));
        assert!(!kept.to_string().contains("argon2"));
        assert_eq!(shop.get("/api/v1/users/me/export", "").await.0, 401);
    }

    async fn control_characters_never_reach_the_tables(shop) {
        let (_, admin) = shop.user(Role::Admin).await;
        for path in ["/api/v1/admin/users?q=a%00b", "/api/v1/admin/audit?subject=%00", "/api/v1/events?category=%00", "/api/v1/venues?q=%00"] {
            let (status, refused) = shop.get(path, &admin).await;
            assert_eq!((status, slug(&refused)), (422, "control-character"), "{path}");
        }
        let body = json!({ "email": "a\u{0}@example.com", "password": PASSWORD });
        assert_eq!(shop.post("/api/v1/users/login", "", body).await.0, 422);
    }

    async fn bad_registrations_have_their_slugs(shop) {
        for (name, email, password, expected) in [
            ("A", "a@", PASSWORD, "email-invalid"),
            ("A", "a@b.co\r\nBcc: x@y.z", PASSWORD, "email-invalid"),
            ("A", "a@b.co", "1234567", "password-length"),
            ("A", "a@b.co", &"x".repeat(5000), "password-length"),
            ("  ", "a@b.co", PASSWORD, "blank"),
            ("a\u{0}b", "a@b.co", PASSWORD, "control-character"),
            ("a\r\nb", "a@b.co", PASSWORD, "control-character"),
        ] {
            let body = json!({ "name": name, "email": email, "password": password });
            let (status, refused) = shop.post("/api/v1/users/register", "", body).await;
            assert_eq!((status, slug(&refused)), (422, expected), "{refused}");
            assert!(refused["errors"][0]["pointer"].as_str().unwrap().starts_with('/'));
        }
        let body = json!({ "name": "O'Brien 🎫", "email": "o'b+tag@bücher.example", "password": PASSWORD });
        assert_eq!(shop.post("/api/v1/users/register", "", body).await.0, 201);
    }

    async fn a_refresh_token_works_once_and_a_copy_ends_the_login(shop) {
        register(&shop, "alice@example.com").await;
        let first = login(&shop, "alice@example.com").await["refresh_token"].clone();
        let (status, second) = refresh(&shop, &first).await;
        assert_eq!(status, 200);
        shop.advance_s(1);
        let (status, third) = refresh(&shop, &second["refresh_token"]).await;
        assert_eq!(status, 200);
        assert_ne!(second["refresh_token"], third["refresh_token"]);
        let (status, refused) = refresh(&shop, &first).await;
        assert_eq!((status, slug(&refused)), (401, "session-revoked"), "not the direct predecessor");
        let (status, refused) = refresh(&shop, &third["refresh_token"]).await;
        assert_eq!((status, slug(&refused)), (401, "login-required"), "the whole family has ended");
        refresh(&shop, &first).await;
        assert_eq!(mails(&shop, "login-ended").await, 1, "its owner is told, once");
    }

    async fn two_tabs_may_renew_at_once_but_not_later(shop) {
        register(&shop, "alice@example.com").await;
        let first = login(&shop, "alice@example.com").await["refresh_token"].clone();
        let answers = futures_util::future::join_all((0..8).map(|_| refresh(&shop, &first))).await;
        assert!(answers.iter().all(|(status, _)| *status == 200), "{answers:?}");
        shop.advance_s(11);
        assert_eq!(refresh(&shop, &first).await.0, 401);
        for (_, answer) in answers {
            assert_eq!(refresh(&shop, &answer["refresh_token"]).await.0, 401, "a copy ends them all");
        }
    }

    async fn logging_out_everywhere_ends_every_login(shop) {
        register(&shop, "alice@example.com").await;
        register(&shop, "bob@example.com").await;
        let (one, two, other) = (login(&shop, "alice@example.com").await, login(&shop, "alice@example.com").await, login(&shop, "bob@example.com").await);
        assert_eq!(shop.delete("/api/v1/users/me/logins", "").await.0, 401);
        let ended = shop.request(Method::DELETE, "/api/v1/users/me/logins", one["token"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(ended.status(), 204);
        assert!(ended.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
        for gone in [&one, &two] {
            let (status, refused) = refresh(&shop, &gone["refresh_token"]).await;
            assert_eq!((status, slug(&refused)), (401, "login-required"));
        }
        assert_eq!(refresh(&shop, &other["refresh_token"]).await.0, 200, "nobody else's");
        let (_, admin) = shop.user(Role::Admin).await;
        let (_, audit) = shop.get(&format!("/api/v1/admin/audit?subject=user:{}", one["user"]["id"].as_str().unwrap()), &admin).await;
        assert_eq!(audit[0]["action"], "login.ended_everywhere");
    }

    async fn a_refresh_token_ends_with_its_time_and_with_logout(shop) {
        register(&shop, "alice@example.com").await;
        let one = login(&shop, "alice@example.com").await;
        let two = login(&shop, "alice@example.com").await;
        let body = json!({ "refresh_token": one["refresh_token"] });
        assert_eq!(shop.post("/api/v1/users/logout", "", body).await.0, 204);
        assert_eq!(refresh(&shop, &one["refresh_token"]).await.0, 401);
        shop.advance_s(30 * 86_400);
        assert_eq!(refresh(&shop, &two["refresh_token"]).await.0, 401);
        assert_eq!(shop.get("/api/v1/users/me", two["token"].as_str().unwrap()).await.0, 401);
    }

    async fn the_cookie_renews_where_scripts_cannot_read_it(shop) {
        register(&shop, "alice@example.com").await;
        let body = json!({ "email": "alice@example.com", "password": PASSWORD });
        let answered = shop.request(Method::POST, "/api/v1/users/login", "").json(&body).send().await.unwrap();
        let cookie = answered.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/api/v1/users"));
        let pair = cookie.split(';').next().unwrap();
        let renew = shop.request(Method::POST, "/api/v1/users/refresh", "").header("cookie", pair).json(&json!({}));
        assert_eq!(answer(renew).await.0, 200);
    }

    async fn mail_links_work_once(shop) {
        register(&shop, "alice@example.com").await;
        let verify = mailed_token(&shop, "verify-email").await;
        assert_eq!(shop.post("/api/v1/users/verify-email", "", json!({ "token": verify })).await.0, 204);
        let (status, refused) = shop.post("/api/v1/users/verify-email", "", json!({ "token": verify })).await;
        assert_eq!((status, slug(&refused)), (410, "link-expired"));
        let before = login(&shop, "alice@example.com").await;
        assert_eq!(before["user"]["email_verified"], true);
        shop.post("/api/v1/users/forgot-password", "", json!({ "email": "alice@example.com" })).await;
        let reset = mailed_token(&shop, "reset-password").await;
        let new = json!({ "token": reset, "password": "another password" });
        assert_eq!(shop.post("/api/v1/users/reset-password", "", json!({ "token": reset, "password": "short" })).await.0, 422);
        assert_eq!(shop.post("/api/v1/users/reset-password", "", new.clone()).await.0, 204);
        assert_eq!(shop.post("/api/v1/users/reset-password", "", new).await.0, 410);
        assert_eq!(refresh(&shop, &before["refresh_token"]).await.0, 401, "a new password ends old logins");
        let (status, _) = shop.post("/api/v1/users/login", "", json!({ "email": "alice@example.com", "password": PASSWORD })).await;
        assert_eq!(status, 401);
        shop.post("/api/v1/users/forgot-password", "", json!({ "email": "alice@example.com" })).await;
        let reset = mailed_token(&shop, "reset-password").await;
        shop.advance_s(3601);
        assert_eq!(shop.post("/api/v1/users/reset-password", "", json!({ "token": reset, "password": PASSWORD })).await.0, 410);
    }

    async fn one_account_can_be_tried_only_so_often(shop) {
        let body = json!({ "email": "victim@example.com", "password": "guess number x" });
        let mut last = (0, Value::Null);
        for _ in 0..15 {
            last = shop.post("/api/v1/users/login", "", body.clone()).await;
        }
        assert_eq!((last.0, slug(&last.1)), (429, "slow-down"));
    }

    async fn an_account_is_its_owner_s_to_change_and_delete(shop) {
        let made = register(&shop, "alice@example.com").await;
        let signed_in = login(&shop, "alice@example.com").await;
        let token = signed_in["token"].as_str().unwrap();
        let (status, me) = shop.patch("/api/v1/users/me", token, json!({ "name": "Alice B." })).await;
        assert_eq!((status, &me["name"]), (200, &json!("Alice B.")));
        let change = json!({ "password": "new password!", "current_password": "not the one" });
        let (status, refused) = shop.patch("/api/v1/users/me", token, change).await;
        assert_eq!((status, slug(&refused)), (422, "wrong-password"));
        let change = json!({ "password": "new password!", "current_password": PASSWORD });
        assert_eq!(shop.patch("/api/v1/users/me", token, change).await.0, 200);
        assert_eq!(shop.patch("/api/v1/users/me", token, json!({ "user_type": "admin" })).await.0, 422);
        assert_eq!(shop.delete("/api/v1/users/me", token).await.0, 204);
        assert_eq!(refresh(&shop, &signed_in["refresh_token"]).await.0, 401);
        let again = register(&shop, "alice@example.com").await;
        assert_ne!(again["id"], made["id"]);
        assert_eq!(login(&shop, "alice@example.com").await["user"]["id"], again["id"], "the address is free again");
    }

    async fn admins_give_roles_and_the_list_pages(shop) {
        let (admin_id, admin) = shop.user(Role::Admin).await;
        let made = register(&shop, "bob@events.com").await;
        let before = login(&shop, "bob@events.com").await;
        let path = format!("/api/v1/admin/users/{}", made["id"].as_str().unwrap());
        let (status, changed) = shop.patch(&path, &admin, json!({ "user_type": "organizer" })).await;
        assert_eq!((status, &changed["user_type"]), (200, &json!("organizer")));
        assert_eq!(refresh(&shop, &before["refresh_token"]).await.0, 401);
        assert_eq!(login(&shop, "bob@events.com").await["user"]["user_type"], "organizer");
        assert_eq!(shop.patch(&path, &admin, json!({ "user_type": "king" })).await.0, 422);
        let own = format!("/api/v1/admin/users/{admin_id}");
        assert_eq!(shop.patch(&own, &admin, json!({ "user_type": "guest" })).await.0, 409);
        assert_eq!(shop.patch("/api/v1/admin/users/nobody", &admin, json!({ "user_type": "guest" })).await.0, 404);
        for i in 0..4 {
            register(&shop, &format!("guest{i}@example.com")).await;
        }
        let mut path = "/api/v1/admin/users?limit=2&user_type=guest".to_owned();
        let mut seen = Vec::new();
        loop {
            let answered = shop.request(Method::GET, &path, &admin).send().await.unwrap();
            let link = answered.headers().get("link").map(|l| l.to_str().unwrap().to_owned());
            let page: Vec<Value> = answered.json().await.unwrap();
            seen.extend(page.iter().map(|u| u["email"].as_str().unwrap().to_owned()));
            match link {
                Some(link) => path = link.trim_start_matches('<').split('>').next().unwrap().to_owned(),
                None => break,
            }
        }
        let expected: Vec<String> = (0..4).map(|i| format!("guest{i}@example.com")).collect();
        seen.sort();
        assert_eq!(seen, expected);
    }
}

#[tokio::test]
async fn the_first_start_makes_one_admin() {
    let shop = Shop::start(common::Engine::Sqlite).await.unwrap();
    let password = booking::users::ensure_admin(&shop.app).await.unwrap().expect("made up");
    assert_eq!(booking::users::ensure_admin(&shop.app).await.unwrap(), None);
    let body = json!({ "email": "admin@rushline.local", "password": password });
    let (status, login) = shop.post("/api/v1/users/login", "", body).await;
    assert_eq!((status, &login["user"]["user_type"]), (200, &json!("admin")));
    let keys = shop.get("/api/v1/users/jwks.json", "").await.1;
    assert_eq!(keys["keys"][0]["crv"], "Ed25519");
}

#[tokio::test]
async fn a_password_of_the_settings_is_not_printed() {
    let set =
        |settings: &mut shared::config::Settings| settings.admin.password = SecretString::from(PASSWORD);
    let shop = Shop::start_with(common::Engine::Sqlite, shared::peer::Peer::in_process(), set).await.unwrap();
    assert_eq!(booking::users::ensure_admin(&shop.app).await.unwrap(), None);
    let body = json!({ "email": "admin@rushline.local", "password": PASSWORD });
    assert_eq!(shop.post("/api/v1/users/login", "", body).await.0, 200);
}

#[tokio::test]
async fn a_shop_can_insist_on_proven_addresses() {
    let set = |settings: &mut shared::config::Settings| settings.booking.require_verified_email = true;
    let shop = Shop::start_with(common::Engine::Sqlite, shared::peer::Peer::in_process(), set).await.unwrap();
    let (_, bob) = shop.user(Role::Organizer).await;
    let (event, _) = shop.event(&bob, 75.0, 10).await;
    register(&shop, "alice@example.com").await;
    let token = login(&shop, "alice@example.com").await["token"].as_str().unwrap().to_owned();
    let order = || json!({ "event_id": event, "quantity": 1 });
    let (status, refused) = shop.post("/api/v1/orders", &token, order()).await;
    assert_eq!((status, slug(&refused)), (403, "email-unverified"));
    let verify = mailed_token(&shop, "verify-email").await;
    assert_eq!(shop.post("/api/v1/users/verify-email", "", json!({ "token": verify })).await.0, 204);
    assert_eq!(shop.post("/api/v1/orders", &token, order()).await.0, 201);
}
