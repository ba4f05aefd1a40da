//! Becoming an organiser (A10, A11): one asks, an admin decides, and nothing else leads there.
#![allow(clippy::unwrap_used)]

mod common;

use booking::{jobs, q};
use common::buying::slug;
use common::{Answer, Shop};
use serde_json::{Value, json};
use shared::access::Role;

const MINE: &str = "/api/v1/users/me/organizer-request";
const ALL: &str = "/api/v1/admin/organizer-requests";

async fn ask(shop: &Shop, token: &str) -> Answer {
    shop.post(MINE, token, json!({ "text": "Chamber music in the old mill" })).await
}

async fn role(shop: &Shop, admin: &str, user: uuid::Uuid) -> Value {
    let (_, users) = shop.get("/api/v1/admin/users", admin).await;
    users.as_array().unwrap().iter().find(|one| one["id"] == json!(user)).unwrap()["user_type"].clone()
}

/// Mails of this title.
fn mails(shop: &Shop, title: &str) -> Vec<String> {
    let dir = std::fs::read_dir(shop.app.settings.data_dir.join("mails")).unwrap();
    let pages = dir.map(|f| f.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "html"));
    let pages = pages.map(|path| std::fs::read_to_string(path).unwrap());
    pages.filter(|html| html.contains(&format!("<title>{title}"))).collect()
}

on_both_engines! {
    async fn a_guest_asks_and_an_admin_decides(shop) {
        let ((alice, guest), (_, admin)) = (shop.user(Role::Guest).await, shop.user(Role::Admin).await);
        assert_eq!((shop.get(MINE, &guest).await.0, ask(&shop, "").await.0), (404, 401));
        let (status, asked) = ask(&shop, &guest).await;
        assert_eq!((status, &asked["status"]), (201, &json!("waiting")), "{asked}");
        assert_eq!(slug(&ask(&shop, &guest).await.1), "wrong-state", "it waits");
        assert_eq!(role(&shop, &admin, alice).await, "guest", "asking alone gives nothing");
        let (_, list) = shop.get(&format!("{ALL}?status=waiting"), &admin).await;
        assert_eq!((list.as_array().unwrap().len(), &list[0]["user"], &list[0]["text"], &list[0]["email_verified"]),
            (1, &json!(alice), &json!("Chamber music in the old mill"), &json!(true)));
        for token in [&guest, &shop.user(Role::Organizer).await.1] {
            assert_eq!((shop.get(ALL, token).await.0, shop.post(&format!("{ALL}/{alice}"), token, json!({ "approve": true })).await.0), (403, 403));
        }
        let decision = format!("{ALL}/{alice}");
        assert_eq!(shop.post(&decision, &admin, json!({ "approve": false, "answer": "Where <is> it?" })).await.0, 204);
        assert_eq!((role(&shop, &admin, alice).await, &shop.get(MINE, &guest).await.1["answer"]), (json!("guest"), &json!("Where <is> it?")));
        // Asked again, it is approved.
        assert_eq!(ask(&shop, &guest).await.0, 201);
        assert_eq!(shop.post(&decision, &admin, json!({ "approve": true })).await.0, 204);
        assert_eq!(role(&shop, &admin, alice).await, "organizer");
        let organiser = shop.token(alice, Role::Organizer);
        assert_eq!(slug(&ask(&shop, &organiser).await.1), "wrong-state");
        shop.event(&organiser, 75.0, 10).await;
        jobs::run_due(&shop.app).await.unwrap();
        // The mail of the first decision found that she had asked again.
        assert_eq!((mails(&shop, "You may organise events").len(), mails(&shop, "You may not").len()), (2, 0));
        let (_, audit) = shop.get(&format!("/api/v1/admin/audit?subject=user:{alice}"), &admin).await;
        let acts: Vec<&str> = audit.as_array().unwrap().iter().map(|act| act["action"].as_str().unwrap()).collect();
        assert_eq!(acts, ["organiser.decided", "organiser.requested", "organiser.decided", "organiser.requested"]);
    }

    async fn of_two_admins_one_decides(shop) {
        let ((alice, guest), (_, one), (_, two)) = (shop.user(Role::Guest).await, shop.user(Role::Admin).await, shop.user(Role::Admin).await);
        assert_eq!(ask(&shop, &guest).await.0, 201);
        let path = format!("{ALL}/{alice}");
        let (yes, no) = tokio::join!(shop.post(&path, &one, json!({ "approve": true })), shop.post(&path, &two, json!({ "approve": false })));
        let mut statuses = [yes.0, no.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
        let expected = if yes.0 == 204 { "organizer" } else { "guest" };
        assert_eq!(role(&shop, &one, alice).await, expected);
        assert_eq!(shop.post(&format!("{ALL}/00000000-0000-7000-8000-000000000000"), &one, json!({ "approve": true })).await.0, 404);
    }

    async fn who_says_so_when_registering_has_asked_and_is_a_guest(shop) {
        let body = json!({ "name": "Olga", "email": "olga@example.com", "password": "correct horse battery", "user_type": "organizer" });
        let (status, made) = shop.post("/api/v1/users/register", "", body).await;
        assert_eq!((status, &made["user_type"]), (201, &json!("guest")));
        let (_, admin) = shop.user(Role::Admin).await;
        let (_, list) = shop.get(ALL, &admin).await;
        assert_eq!((&list[0]["user"], &list[0]["email_verified"]), (&made["id"], &json!(false)));
        let path = format!("{ALL}/{}", made["id"].as_str().unwrap());
        let (status, refused) = shop.post(&path, &admin, json!({ "approve": true })).await;
        assert_eq!((status, slug(&refused)), (409, "wrong-state"), "the address could be anybody's");
        // It is part of what is kept of a person, and forgotten with her.
        let token = shop.token(made["id"].as_str().unwrap().parse().unwrap(), Role::Guest);
        assert_eq!(shop.get("/api/v1/users/me/export", &token).await.1["organiser_request"]["status"], "waiting");
        assert_eq!(slug(&ask(&shop, &token).await.1), "email-unverified");
        assert_eq!(shop.delete("/api/v1/users/me", &token).await.0, 204);
        assert_eq!(q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM organiser_requests").unwrap(), 0);
    }
}
